"""What several test files share: Node, and the rule that CI skips nothing."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
FRONTEND = ROOT / "mlpbook" / "frontend"


def require(found, what):
    """Skip where `what` is missing on a contributor's machine; fail where CI should have brought it."""
    if found:
        return found
    if os.environ.get("CI"):
        pytest.fail(f"{what} is missing, and CI skips nothing")
    pytest.skip(f"{what} is missing")


@pytest.fixture(scope="session")
def node():
    """The path of Node.js 20 or later."""
    return require(shutil.which("node"), "Node.js (for the parity of page and package)")


@pytest.fixture(scope="session")
def js(node):
    """js("nn.js", [["ACTIVATIONS.relu.f", -1.0], ...]) -> the results, computed by the page's own code."""

    def call(module, calls):
        done = subprocess.run([node, ROOT / "tests/frontend/call.mjs"], capture_output=True, text=True, encoding="utf-8",
                              input=json.dumps({"module": str(FRONTEND / module), "calls": calls}, allow_nan=False))
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    return call
