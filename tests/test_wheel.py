"""What is installed is the whole: the wheel, alone in a bare environment, renders a widget."""

import runpy
import subprocess
import sys
import venv
import zipfile

import pytest
from shared import ROOT


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    return runpy.run_path(str(ROOT / "tools" / "wheel.py"))["build"](tmp_path_factory.mktemp("wheel"))


def test_every_front_end_file_is_in_the_wheel(wheel):
    names = set(zipfile.ZipFile(wheel).namelist())
    files = {str(path.relative_to(ROOT)) for path in (ROOT / "mlpbook").rglob("*.*") if path.suffix in {".js", ".css", ".html"}}
    assert len(files) >= 13
    assert files <= names
    assert {f"mlpbook/{p.relative_to(ROOT / 'mlpbook')}" for p in (ROOT / "mlpbook").rglob("*.py")} <= names
    assert not [name for name in names if name.startswith(("tests/", "book/"))]


def test_installed_alone_it_renders_a_widget(wheel, tmp_path):
    # The libraries are those of this environment; the package itself can only come from the wheel, since neither the
    # checkout nor its editable install is on the path.
    venv.create(tmp_path / "env", with_pip=False)
    site = tmp_path / "site"
    subprocess.run([sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", "--target", site, wheel], check=True)
    libraries = next(path for path in sys.path if path.endswith("site-packages"))
    code = ("import sys; sys.path[:0] = [{site!r}, {libraries!r}]\n"
            "import mlpbook as mb\n"
            "assert mb.__file__.startswith({site!r}), mb.__file__\n"
            "data, _ = mb.widgets.NeuronExplorer()._repr_mimebundle_()\n"
            "print(data['text/plain'][:14], len(mb.widgets.ActivationExplorer()._esm) > 10_000)")
    done = subprocess.run([tmp_path / "env/bin/python", "-c", code.format(site=str(site), libraries=libraries)],
                          capture_output=True, text=True, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == ["NeuronExplorer", "True"]


def test_why_a_wheel_cannot_be_built_is_said(tmp_path, monkeypatch):
    tool = runpy.run_path(str(ROOT / "tools" / "wheel.py"))
    (tmp_path / "pyproject.toml").write_text("what is this?", encoding="utf-8")
    monkeypatch.setitem(tool["build"].__globals__, "ROOT", tmp_path)
    with pytest.raises(SystemExit, match="pyproject.toml"):
        tool["build"](tmp_path / "out")
