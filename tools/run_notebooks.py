"""Executes the chapters and writes back what is committed: text outputs, and nothing else.

    python tools/run_notebooks.py [book/neuron.ipynb ...]      (all of book/ unless named)

Pictures, plotly and widget outputs are dropped (the build makes them anew), and a cell that showed one is tagged
nbval-ignore-output. A cell therefore either prints or draws. Stops with the file and the cell that failed.
"""

import os
import sys
from pathlib import Path

import nbformat
from nbclient import NotebookClient

BOOK = Path(__file__).parent.parent / "book"
KERNEL = {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
          "language_info": {"name": "python"}}


def run(path):
    os.environ["TQDM_DISABLE"] = "1"  # no progress bars among the outputs
    notebook = nbformat.read(path, as_version=4)
    NotebookClient(notebook, timeout=300, kernel_name="python3", coalesce_streams=True,
                   resources={"metadata": {"path": str(path.parent)}}).execute()
    notebook.metadata = nbformat.from_dict(KERNEL)
    count = 0
    for number, cell in enumerate(notebook.cells, 1):
        cell.id = f"{path.stem}-{number}"
        if cell.cell_type != "code":
            continue
        cell.execution_count = count = count + 1  # nbval takes a cell with outputs and no number for one never run
        cell.metadata.pop("execution", None)
        kept = [output for output in cell.outputs if _is_text(output)]
        for output in kept:
            if output.output_type == "execute_result":
                output.execution_count = count
        if len(kept) < len(cell.outputs):
            if kept:
                raise SystemExit(f"{path}, cell {number}: prints and draws; split it, so that what it prints can be compared")
            cell.metadata["tags"] = sorted({*cell.metadata.get("tags", []), "nbval-ignore-output"})
        cell.outputs = kept
    nbformat.write(notebook, path)
    print(f"{path.name}: {len(notebook.cells)} cells")


def _is_text(output):
    return output.output_type == "stream" or set(output.get("data", {"": 0})) == {"text/plain"}


if __name__ == "__main__":
    for name in sys.argv[1:] or sorted(BOOK.glob("*.ipynb")):
        run(Path(name))
