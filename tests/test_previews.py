"""What a reader of a chapter sees where nothing is run: on GitHub, in nbviewer, in an editor's preview."""

import re
import subprocess
import sys

import nbformat
import pytest
from shared import ROOT

from mlpbook.sphinxext.preview import words
from mlpbook.widgets.base import ALIVE
from mlpbook.widgets.experiment import KNOBS, PLOTLY, VIEW

CHAPTERS = sorted((ROOT / "book").glob("*.ipynb"))
MACHINES = re.compile(r"<[\w.]+( object)? at 0x|<(Figure|figure|IPython|Axes)\b|\b(\w+Explorer|Quiz|TrainingPlayground|Figure)\(")
HERE = "on the page “P” of the built book"


@pytest.fixture(params=CHAPTERS, ids=lambda path: path.stem)
def chapter(request):
    notebook = nbformat.read(request.param, as_version=4)
    title = re.search(r"^# (.+)", "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown"), re.M)[1]
    return title, [cell for cell in notebook.cells if cell.cell_type == "code"]


def said(cell):
    return ["".join(output.data["text/plain"]) for output in cell.outputs if "data" in output]


def test_text_is_all_that_is_committed(chapter):
    for cell in chapter[1]:
        for output in cell.outputs:
            assert output.output_type == "stream" or set(output.data) == {"text/plain"}, cell.source


def test_every_figure_and_explorable_says_what_is_to_be_seen_and_where(chapter):
    title, cells = chapter
    for cell in cells:
        if "nbval-ignore-output" not in cell.metadata.get("tags", []):
            assert not {"figure", "image"} & set(cell.metadata.get("mystnb", {})), cell.source
            continue
        assert cell.outputs, cell.source
        if re.search(r"\blisting\(|getsource", cell.source):
            continue
        for text in said(cell):
            assert max(map(len, text.splitlines())) <= 100
            line = " ".join(text.split())
            assert "run this cell" in line and (f"on the page “{title}”" in line or line.startswith("An experiment")), text
            assert len(line.split(").", 1)[1]) > 20, text


def test_a_listing_is_the_package_as_it_is(chapter):
    package = {line.strip() for path in (ROOT / "mlpbook").rglob("*.py") for line in path.read_text(encoding="utf-8").splitlines()}
    for cell in chapter[1]:
        if re.search(r"\blisting\(|getsource", cell.source):
            assert {line.strip() for text in said(cell) for line in text.splitlines()} <= package, "make run writes it anew"


def test_no_machine_speaks(chapter):
    for cell in chapter[1]:
        for text in said(cell):
            assert not MACHINES.search(text), text


@pytest.mark.parametrize("data, metadata, alt, expected", [
    ({VIEW: {}, "text/plain": f"Quiz ({ALIVE}). Two questions."}, {}, "",
     f"Quiz (alive {HERE}; to have it here, run this cell). Two questions."),
    ({VIEW: {}, "text/plain": "experiment: k 1"}, {KNOBS: [("k", "1", "1 to 3"), ("phi", "relu", "relu, tanh")]}, "",
     "An experiment with knobs (to turn them, run this cell). What follows was recorded with k 1, phi relu."),
    ({"image/svg+xml": "<svg></svg>", "text/plain": "<figure: loss>"}, {}, "A line\nfalls.",
     f"A figure (drawn {HERE}; to draw it here, run this cell). A line falls."),
    ({"image/svg+xml": '<svg role="img" aria-label="a &amp; b"></svg>'}, {}, "",
     f"A figure (drawn {HERE}; to draw it here, run this cell). a & b"),
    ({PLOTLY: {"frames": []}}, {}, "A bowl.", f"A figure (drawn {HERE}; to draw it here, run this cell). A bowl."),
    ({PLOTLY: {"frames": [1]}}, {}, "A cloud.", f"An animation (it plays {HERE}; to play it here, run this cell). A cloud."),
    ({"text/markdown": "```python\ndef f():\n    return 1\n```", "text/plain": "<Markdown object>"}, {}, "", "def f(): return 1"),
])
def test_words_for_an_output(data, metadata, alt, expected):
    text = words(nbformat.v4.new_output("display_data", data, metadata=metadata), alt, HERE)
    assert " ".join(text.split()) == expected
    assert max(map(len, text.splitlines())) <= 88


def test_what_is_text_stays():
    assert words(nbformat.v4.new_output("stream", text="1\n"), "", HERE) is None
    assert words(nbformat.v4.new_output("execute_result", {"text/plain": "1"}), "", HERE) is None


@pytest.mark.parametrize("output, message", [
    (nbformat.v4.new_output("display_data", {"image/png": "", "text/plain": "<Figure size 640x480 with 1 Axes>"}), "description"),
    (nbformat.v4.new_output("display_data", {VIEW: {}, "text/plain": "VBox(children=())"}), "what this widget shows: VBox"),
    (nbformat.v4.new_output("error", ename="E", evalue="", traceback=[]), "catch it"),
])
def test_what_nothing_describes_is_refused(output, message):
    with pytest.raises(ValueError, match=message):
        words(output, "", HERE)


def run(folder, *sources):
    path = folder / "a.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("# P"), *map(nbformat.v4.new_code_cell, sources)]), path)
    done = subprocess.run([sys.executable, ROOT / "tools/run_notebooks.py", path], capture_output=True, text=True)
    return done, nbformat.read(path, as_version=4).cells[1:]


def test_a_notebook_that_is_run_keeps_its_text_and_words_for_the_rest(tmp_path):
    done, (prints, plays) = run(tmp_path, "print(1)\n2", "import mlpbook as mb\nmb.widgets.NeuronExplorer()")
    assert done.returncode == 0, done.stderr
    assert [output.output_type for output in prints.outputs] == ["stream", "execute_result"]
    assert "nbval-ignore-output" not in prints.metadata.get("tags", []) and "nbval-ignore-output" in plays.metadata.tags
    (text,) = said(plays)
    assert " ".join(text.split()).startswith(f"NeuronExplorer (alive {HERE}; to have it here, run this cell). A neuron with weights")


def test_a_cell_that_prints_and_draws_is_refused(tmp_path):
    done, _ = run(tmp_path, "import mlpbook as mb\nprint(1)\nmb.diagrams.network([1, 1])")
    assert done.returncode != 0 and "a.ipynb, cell 2: prints and draws" in done.stderr


def test_a_cell_that_fails_is_named_with_its_file(tmp_path):
    done, (fine, _) = run(tmp_path, "print(1)", "1 / 0")
    assert done.returncode == 1 and fine.outputs == []  # nothing is written
    assert re.search(r"\.ipynb, cell 3:.*ZeroDivisionError", done.stderr, re.DOTALL) and "Traceback" not in done.stderr.split("ipynb")[0]
