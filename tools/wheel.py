"""Builds the package's wheel into a folder:  python tools/wheel.py FOLDER

From a copy of the checkout: setuptools also packs what a former build's lists name, and would hide what is missing now.
"""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parent.parent


def build(folder):
    """-> the wheel's path. SystemExit says why it cannot be built."""
    with tempfile.TemporaryDirectory() as temporary:
        copy = Path(temporary) / "mlpbook"
        shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns(
            ".*", "_build", "build", "*.egg-info", "tests", "book", "node_modules", "__pycache__"))
        done = subprocess.run([sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", folder, copy],
                              check=False, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        if done.returncode:
            raise SystemExit(f"the wheel cannot be built:\n{done.stderr}")
    return next(Path(folder).glob("mlpbook-*.whl"))


if __name__ == "__main__":
    print(build(Path(sys.argv[1])))
