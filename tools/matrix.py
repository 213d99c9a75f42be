"""Runs what must hold wherever the package is installed: its tests, and every chapter's plain edition.

    .venv-colab/bin/python tools/matrix.py [arguments for pytest]

with the Python of an environment that holds the package's wheel and the versions of constraints/colab.txt, and neither
Jupyter Book nor a browser. Tests that need those are not collected there, so that none is skipped; which ones, it says.
"""

import ast
import os
import subprocess
import sys
from pathlib import Path

TESTS = Path(__file__).parent.parent / "tests"
READERS = {"PIL", "anywidget", "ipywidgets", "matplotlib", "mlpbook", "nbformat", "numpy", "plotly", "scipy", "sklearn",
           "torch", "tqdm", "traitlets"}
TESTERS = {"hypothesis", "pytest", "shared"}
# Our tests take every warning for an error. These are between others: ipywidgets 7 and traitlets 5, matplotlib and pyparsing.
THEIRS = ["ignore:Deprecated in traitlets 4.1:DeprecationWarning:ipywidgets.widgets.widget",
          "ignore::DeprecationWarning:matplotlib._fontconfig_pattern", "ignore::DeprecationWarning:matplotlib._mathtext",
          "ignore::DeprecationWarning:pyparsing.util"]


def why_not(path):
    """Why a test file is not one of the package alone; "" if it is one."""
    imported = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            imported |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            imported |= {f"{node.module}.{alias.name}" for alias in node.names}
    roots = {name.partition(".")[0] for name in imported}
    if "mlpbook" not in roots:
        return "does not import the package"
    foreign = roots - READERS - TESTERS - sys.stdlib_module_names
    foreign |= {name for name in imported if name.startswith("mlpbook.sphinxext")}
    return f"imports {', '.join(sorted(foreign))}" if foreign else ""


def chosen(name, tests=TESTS):
    """What to run in the environment called `name` -> (files, {file left out: why})."""
    reasons = {path: why_not(path) for path in sorted(tests.glob("test_*.py"))}
    # the chapters first: they take longest, and a worker who has nothing left takes over what another has not begun
    files = [tests / "matrix/chapters.py", tests / "matrix/installed.py"]
    files += [tests / "matrix/untouched.py"] if name == "colab" else []
    return files + [path for path, why in reasons.items() if not why], {path: why for path, why in reasons.items() if why}


def main(arguments):
    files, left = chosen(Path(sys.prefix).name.removeprefix(".venv-"))
    for path, why in left.items():
        print(f"not for this environment: {path.name} {why}")
    # -P in every process: the package that is found is the installed one, not the checkout's
    command = [sys.executable, "-P", "-m", "pytest", *(f"-W{warning}" for warning in THEIRS), *arguments, *files]
    return subprocess.run(command, check=False, cwd=TESTS.parent, env=os.environ | {"PYTHONSAFEPATH": "1"}).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
