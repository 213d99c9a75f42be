"""The versions of constraints/ are those we promise, and tools/matrix.py picks the tests that can run among them."""

import re
import runpy

import pytest
import tomllib
from packaging.requirements import Requirement
from packaging.version import Version
from shared import ROOT, pin_name, pins

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
NEEDED = [Requirement(line) for line in PROJECT["dependencies"]]
NAMES = sorted(path.stem for path in (ROOT / "constraints").glob("*.txt") if pins(path.stem))  # newest pins nothing
MATRIX = runpy.run_path(str(ROOT / "tools/matrix.py"))


def test_oldest_is_the_low_end_of_every_range():
    lowest = {pin_name(each.name): [s.version for s in each.specifier if s.operator == ">="] for each in NEEDED}
    oldest = pins("oldest")
    assert {name: [oldest.get(name)] for name in lowest} == lowest


def test_torch_is_everywhere_the_build_of_the_book():
    # its low end would be gigabytes on a machine without a wheel for its processor alone
    locked = re.search(r"^torch==(\S+)$", (ROOT / "requirements.txt").read_text(encoding="utf-8"), re.MULTILINE)[1]
    assert {name: pins(name)["torch"] for name in NAMES} == dict.fromkeys(NAMES, locked)


@pytest.mark.parametrize("name", NAMES)
def test_a_pin_is_exact_single_and_allowed(name):
    lines = (ROOT / f"constraints/{name}.txt").read_text(encoding="utf-8").splitlines()
    given = [line for line in lines if line and not line.startswith("#")]
    assert all(re.fullmatch(r"[\w.-]+==[\w.]+", line) for line in given)  # no address, no range
    assert len(pins(name)) == len(given)
    assert {each.name for each in NEEDED if not each.specifier.contains(Version(pins(name)[pin_name(each.name)]))} == set()


@pytest.mark.parametrize("source, why", [
    ("import numpy\nimport mlpbook as mb", ""),
    ("def test():\n    from mlpbook.widgets import Quiz\n    import json, torch", ""),
    ("import numpy", "does not import the package"),
    ("import mlpbook\nfrom mlpbook.sphinxext import plain", "imports mlpbook.sphinxext.plain"),
    ("from mlpbook import sphinxext", "imports mlpbook.sphinxext"),
    ("import mlpbook\ndef test():\n    import playwright.sync_api, yaml", "imports playwright, yaml"),
])
def test_a_test_of_the_package_alone_is_told_by_its_imports(tmp_path, source, why):
    (tmp_path / "test_it.py").write_text(source, encoding="utf-8")
    assert MATRIX["why_not"](tmp_path / "test_it.py") == why


@pytest.mark.parametrize("name", NAMES)
def test_most_tests_run_everywhere_and_those_of_the_book_do_not(name):
    files, left = MATRIX["chosen"](name)
    assert all(path.is_file() for path in files)
    assert {"chapters.py", "test_mlp.py", "test_widgets.py", "test_animation.py", "test_torch_mlp.py"} <= {path.name for path in files}
    assert {"test_sphinxext.py", "test_wheel.py"} <= {path.name for path in left}
    assert ("untouched.py" in {path.name for path in files}) == (name == "colab")
    assert len(left) < len(files) / 4
