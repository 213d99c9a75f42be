PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN = .venv/bin
WORKERS ?= 2

.PHONY: help book test test-colab test-oldest test-newest links bench lint lab notebooks offline pdf run clean

help:  ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 13

book: $(BIN)/ready  ## execute the chapters and build the HTML into _build/html
	$(BIN)/jupyter-book build . -W -n --keep-going
	@echo "The book is in $(CURDIR)/_build/html/index.html (open it from disk; it needs no network)."

# a worker for each core: numerical libraries that each start as many threads again would wait for one another
test test-colab test-oldest test-newest: export OMP_NUM_THREADS ?= 1

test: book tests/node_modules/ready  ## every test: package, page code, notebooks, browsers, JupyterLab
	$(BIN)/ruff check .
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder  # the browsers first: they take longest
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile --nbval book

# the wheel alone, in an environment of its own, with the versions of constraints/NAME.txt
MATRIX = $(<D)/bin/python -m pip install --quiet --no-deps --force-reinstall _build/html/notebooks/mlpbook-*.whl \
	&& $(<D)/bin/python tools/matrix.py -n $(WORKERS) --dist worksteal

test-colab: .venv-colab/ready  ## the package and the plain edition of every chapter, with the versions Colab has
	$(MATRIX)

test-oldest: .venv-oldest/ready  ## the same with the oldest versions that pyproject.toml allows
	$(MATRIX)

test-newest: .venv-newest/ready  ## the same with the newest that there are today
	$(MATRIX)

# tools/lab: light or dark as the system is, names for references, and nothing that asks the network (news, updates, extensions)
lab: $(BIN)/ready  ## the chapters in JupyterLab, to be read, run and changed
	JUPYTER_CONFIG_PATH="$(CURDIR)/tools/lab" $(BIN)/jupyter lab book/intro.ipynb

notebooks: book  ## the chapters for Colab and download, with the package's wheel, into _build/html/notebooks
	$(BIN)/python tools/wheel.py _build/html/notebooks

offline: notebooks  ## the whole site as one zip to be read from disk, with its checksum, into _build
	$(BIN)/python tools/offline.py

pdf: book  ## the whole book as one PDF, printed by Chromium, into _build
	$(BIN)/python tools/pdf.py

links: book  ## is every outside address in the book still there? (asks the network)
	$(BIN)/python tools/links.py

run: $(BIN)/ready  ## execute the chapters and write back their text outputs, after a change
	$(BIN)/python tools/run_notebooks.py

lint: $(BIN)/ready  ## style of package, tests and notebooks
	$(BIN)/ruff check .

bench: $(BIN)/ready  ## how quick it is: ratios against scikit-learn and torch, and how soon a page answers
	$(BIN)/python benchmarks/run.py

clean:  ## remove what was built (not the environment)
	rm -rf _build

$(BIN)/ready: requirements.txt pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet -r requirements.txt
	touch $@

# an environment for the wheel; $(1): what limits the versions in it
define ENVIRONMENT
	$(PYTHON) -m venv --clear $(@D)
	$(@D)/bin/python -m pip install --quiet --upgrade pip
	wheel=$$(echo _build/html/notebooks/mlpbook-*.whl); $(@D)/bin/python -m pip install --quiet \
		$(1) "$$wheel[torch]" ipykernel nbclient pytest pytest-xdist hypothesis
	touch $@
endef

.venv-%/ready: constraints/%.txt pyproject.toml | notebooks
	$(call ENVIRONMENT,-c constraints/$*.txt)

.PHONY: .venv-newest/ready  # what is newest changes without us
.venv-newest/ready: pyproject.toml | notebooks
	$(call ENVIRONMENT)

# The browser tests drive Firefox and look for accessibility faults with two packages from npm. Without Node they are
# skipped, with the reason, and everything else runs.
tests/node_modules/ready: tests/package.json tests/package-lock.json
	if command -v npm > /dev/null; then npm ci --prefix tests --no-audit --no-fund --silent; else mkdir -p tests/node_modules; fi
	touch $@
