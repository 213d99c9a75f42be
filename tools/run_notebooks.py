"""Executes the chapters and writes back what is committed: text outputs, and nothing else.

    python tools/run_notebooks.py [book/neuron.ipynb ...]      (all of book/ unless named)

Pictures, plotly and widget outputs are replaced by words for those who read a chapter in a preview, where nothing is run
(the build makes them anew), and a cell that showed one is tagged nbval-ignore-output. A cell therefore either prints or
draws. Stops with the file and the cell that failed.
"""

import os
import re
import sys
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

from mlpbook.sphinxext.preview import words

BOOK = Path(__file__).parent.parent / "book"
KERNEL = {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
          "language_info": {"name": "python"}}


def run(path):
    os.environ["TQDM_DISABLE"] = "1"  # no progress bars among the outputs
    notebook = nbformat.read(path, as_version=4)
    client = NotebookClient(notebook, timeout=300, kernel_name="python3", coalesce_streams=True,
                            resources={"metadata": {"path": str(path.parent)}})
    try:
        client.execute()
    except CellExecutionError as error:
        failed = [number for number, cell in enumerate(notebook.cells, 1) if _failed(cell)]
        raise SystemExit(f"{path}, cell {failed[-1]}: {error}") from None
    notebook.metadata = nbformat.from_dict(KERNEL)
    title = re.search(r"^# +(.+)", "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown"), re.M)[1]
    count = 0
    for number, cell in enumerate(notebook.cells, 1):
        cell.id = f"{path.stem}-{number}"
        if cell.cell_type != "code":
            continue
        cell.execution_count = count = count + 1  # nbval takes a cell with outputs and no number for one never run
        cell.metadata.pop("execution", None)
        told = [_told(path, number, cell, output, title) for output in cell.outputs]
        if any(told):
            if not all(told):
                raise SystemExit(f"{path}, cell {number}: prints and draws; split it, so that what it prints can be compared")
            cell.metadata["tags"] = sorted({*cell.metadata.get("tags", []), "nbval-ignore-output"})
            cell.outputs = [nbformat.v4.new_output("display_data", {"text/plain": text}) for text in told]
        for output in cell.outputs:
            if output.output_type == "execute_result":
                output.execution_count = count
    nbformat.write(notebook, path)
    print(f"{path.name}: {len(notebook.cells)} cells")


def _failed(cell):
    return any(output.output_type == "error" for output in cell.get("outputs", []))


def _told(path, number, cell, output, title):
    """The words that stand for an output; None where it is text and stays."""
    alt = cell.metadata.get("mystnb", {}).get("image", {}).get("alt", "")
    try:
        return words(output, alt, f"on the page “{title}” of the built book")
    except ValueError as error:
        raise SystemExit(f"{path}, cell {number}: {error}") from None


if __name__ == "__main__":
    for name in sys.argv[1:] or sorted(BOOK.glob("*.ipynb")):
        run(Path(name))
