"""What every test file may import: where things are, and the rule that CI skips nothing."""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
FRONTEND = ROOT / "mlpbook" / "frontend"


def require(found, reason):
    """`found`, where it is there; else a skip on a contributor's machine, and in CI, which should have brought it, a failure."""
    if not found:
        (pytest.fail if os.environ.get("CI") else pytest.skip)(reason)
    return found
