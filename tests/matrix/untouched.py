"""`pip install mlpbook` in Colab changes nothing that Colab has: asked of pip, which here may choose freely."""

import json
import subprocess
import sys

import pytest
from shared import ROOT, pin_name

WHEEL, = (ROOT / "_build/html/notebooks").glob("mlpbook-*.whl")


def would_install(*requirements):
    """What pip would install for them here, without constraints -> {package: version}."""
    command = [sys.executable, "-m", "pip", "install", "--dry-run", "--quiet", "--report", "-", *requirements]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8")
    assert done.returncode == 0, done.stderr
    chosen = [entry["metadata"] for entry in json.loads(done.stdout)["install"]]
    return {pin_name(each["name"]): each["version"] for each in chosen}


@pytest.mark.parametrize("wanted", [f"{WHEEL}", f"{WHEEL}[torch]"], ids=["mlpbook", "mlpbook[torch]"])
def test_the_package_brings_nothing_and_changes_nothing(wanted):
    assert not would_install(wanted).keys() - {"mlpbook"}


def test_the_report_would_tell():
    assert "ipywidgets" in would_install("ipywidgets>=8")
