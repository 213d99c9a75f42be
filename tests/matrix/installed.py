"""What tools/matrix.py tests is what it says: the built package, among the versions asked for."""

import subprocess
import sys
from importlib.metadata import distributions
from pathlib import Path

from packaging.version import Version
from shared import ROOT, pin_name, pins

import mlpbook as mb

ENVIRONMENT = Path(sys.prefix)
WANTED = pins(ENVIRONMENT.name.removeprefix(".venv-"))


def test_the_package_is_the_installed_one_here_and_in_a_process_of_its_own():
    assert Path(mb.__file__).is_relative_to(ENVIRONMENT)
    done = subprocess.run([sys.executable, "-c", "import mlpbook; print(mlpbook.__file__)"], cwd=ROOT, capture_output=True, text=True)
    assert Path(done.stdout.strip()) == Path(mb.__file__)


def test_what_is_installed_has_the_version_asked_for():
    found = {pin_name(each.name): Version(Version(each.version).public) for each in distributions()}
    assert not WANTED or WANTED.keys() & found.keys() >= {"numpy", "ipywidgets", "torch"}  # newest pins nothing
    assert not {name: (str(found[name]), wanted) for name, wanted in WANTED.items() if found.get(name, Version(wanted)) != Version(wanted)}
