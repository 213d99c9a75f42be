"""Every chapter's plain edition, run from its first cell to its last as a reader who has installed the package would.

For tools/matrix.py, which names this file. With Colab's versions every number printed must be the page's. With others the
last digits may differ, and a training that diverges, as some here are meant to, makes much of a last digit.
"""

import re
import sys
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient
from shared import ROOT

EDITION = ROOT / "_build/html/notebooks"
COMPARED = Path(sys.prefix).name == ".venv-colab"
CHAPTERS = {path.stem for path in (ROOT / "book").glob("*.ipynb")} - {"status"}
DIFFERS = "nbval-ignore-output"  # the tag of a cell of book/ that draws, or says something else each time
LONGEST = sorted(EDITION.glob("*.ipynb"), key=lambda path: path.stat().st_size, reverse=True)  # about so


def test_every_chapter_has_its_plain_edition():
    assert {path.stem for path in LONGEST} == CHAPTERS


@pytest.mark.parametrize("path", LONGEST, ids=lambda path: path.stem)
def test_a_chapter_runs(path, tmp_path):
    notebook = nbformat.read(path, as_version=4)
    shown = [printed(cell) for cell in notebook.cells]
    NotebookClient(notebook, timeout=300, kernel_name="python3", coalesce_streams=True,
                   resources={"metadata": {"path": str(tmp_path)}}).execute()  # an error in a cell is raised
    assert notebook.cells[0].outputs == [], "the package is there, and yet something was installed"
    differ = {cell.source for cell in nbformat.read(ROOT / "book" / path.name, as_version=4).cells
              if DIFFERS in cell.metadata.get("tags", [])}
    for number, (cell, expected) in enumerate(zip(notebook.cells, shown, strict=True), 1):
        if cell.cell_type == "code":
            assert not complaints(cell), f"cell {number}"
            same = COMPARED and re.sub(r"^# @title .*\n", "", cell.source) not in differ
            if same and all(map(is_text, cell.outputs)):
                assert printed(cell) == expected, f"cell {number}"


def is_text(output):
    return output.output_type == "stream" or set(output.get("data", ())) == {"text/plain"}


def printed(cell):
    """The words of a cell's text outputs, without what was written to stderr."""
    outputs = [output for output in cell.get("outputs", ()) if is_text(output) and output.get("name") != "stderr"]
    return " ".join(output.get("text") or output.data["text/plain"] for output in outputs).split()


def complaints(cell):
    """What a cell wrote to stderr, without what other packages warn of in their own lines."""
    said = "".join(output.text for output in cell.outputs if output.get("name") == "stderr")
    return re.sub(r"^\S*site-packages/(?!mlpbook/)\S+:\d+: \w+Warning: .*\n(  .*\n)?", "", said, flags=re.MULTILINE)
