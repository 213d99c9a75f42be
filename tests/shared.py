"""What every test file may import: where things are, and the rule that CI skips nothing."""

import os
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
FRONTEND = ROOT / "mlpbook" / "frontend"


def require(found, reason):
    """`found`, where it is there; else a skip on a contributor's machine, and in CI, which should have brought it, a failure."""
    if not found:
        (pytest.fail if os.environ.get("CI") else pytest.skip)(reason)
    return found


def pin_name(package):
    """A package's name as pip compares names."""
    return re.sub(r"[-_.]+", "-", package).lower()


def pins(name):
    """The versions that constraints/NAME.txt asks for -> {package: version}."""
    lines = (ROOT / "constraints" / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    wanted = [line.split("==") for line in lines if line and not line.startswith("#")]
    return {pin_name(package): version for package, version in wanted}
