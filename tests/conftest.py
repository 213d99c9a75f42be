"""What several test files share: Node, and the page's own code to call."""

import json
import shutil
import subprocess

import numpy as np
import pytest
from shared import FRONTEND, ROOT, require


@pytest.fixture(scope="session")
def node():
    """The path of Node.js 20 or later."""
    return require(shutil.which("node"), "no Node.js on the PATH: the page's code cannot be compared with the package")


@pytest.fixture(scope="session")
def js(node):
    """js("nn.js", [["ACTIVATIONS.relu.f", -1.0], ...]) -> the results, computed by the page's own code."""

    def call(module, calls):
        done = subprocess.run([node, ROOT / "tests/frontend/call.mjs"], capture_output=True, text=True, encoding="utf-8",
                              input=json.dumps({"module": str(FRONTEND / module), "calls": calls}, allow_nan=False))
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    return call


@pytest.fixture(scope="session")
def scripted(node):
    """scripted("nn.mjs", cases) -> what that script of tests/frontend makes of the cases, which may hold arrays."""

    def scripted(script, cases):
        done = subprocess.run([node, ROOT / "tests/frontend" / script], capture_output=True, text=True, encoding="utf-8",
                              input=json.dumps(cases, allow_nan=False, default=np.ndarray.tolist))
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    return scripted
