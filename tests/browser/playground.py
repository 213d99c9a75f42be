"""A small book for the tests: each explorable as a reader first meets it, and the corners a chapter stays out of."""

import subprocess
import sys
from pathlib import Path

import nbformat
import yaml

import mlpbook as mb

HOSTILE = ["</script><b>x</b>", "<img src=x onerror=alert(1)>"]

# One of each. An explorable without an entry here is an error, so that none goes undriven.
EXAMPLES = {
    "ActivationExplorer": "mb.widgets.ActivationExplorer()",
    "ApproximationBuilder": "mb.widgets.ApproximationBuilder(target='drawn by hand')",
    "BackpropStepper": "mb.widgets.BackpropStepper()",
    "DescentExplorer": "mb.widgets.DescentExplorer()",
    "GradientFlowExplorer": "mb.widgets.GradientFlowExplorer(width=16)",
    "LayerExplorer": "mb.widgets.LayerExplorer(two_layers=True)",
    "NeuronExplorer": "mb.widgets.NeuronExplorer(points=[[1, 1], [-1, -2], [2, -2]], labels=[1, 0, 0])",
    "PerceptronExplorer": "mb.widgets.PerceptronExplorer()",
    "SoftmaxExplorer": "mb.widgets.SoftmaxExplorer()",
    "RegionExplorer": "mb.widgets.RegionExplorer(points=[[1, 1], [-1, -1], [1, -1], [-1, 1]], labels=[0, 0, 1, 1])",
    "TrainingPlayground": "mb.widgets.TrainingPlayground(preset='drawn by hand', drawn=[[1, 1, 1], [-1, -1, 1], [1, -1, 0], [-1, 1, 0]])",
}
# The one that is no picture has tests of its own, and so have kernel experiments, which live in notebooks only.
QUIZ = """mb.widgets.Quiz(questions=[
    {"ask": "w = (3, 4) and b = −5. How far from the line is the origin?", "within": 0.005, "otherwise": "It is |b| / |w|.",
     "numbers": [(1, True, "|w| = 5."), (5, False, "That is |b|."), (-1, False, "A distance has no sign.")]},
    {"ask": "Which <b>one</b>?", "choices": [("relu", False, "No: it is 0."), ("</script><img src=x>", True, "Yes."), ("12", False, "No.")]}])"""
assert {*EXAMPLES, "Quiz", "experiment"} == set(mb.widgets.__all__), "every explorable needs an example in playground.py"

TWO_VIEWS = ["n = mb.widgets.NeuronExplorer(w=[2.0, 1.0], b=0.5)\nn", "n"]  # NeuronExplorer-1 and -2
LINKED = [  # -3 and -4: what -3 does to b, -4 does, and the other way round
    "import ipywidgets\np = mb.widgets.NeuronExplorer(b=1.0)\nq = mb.widgets.NeuronExplorer(b=-2.0)\n"
    "tie = ipywidgets.jslink((p, 'b'), (q, 'b'))\np", "q"]
INERT = f"mb.widgets.NeuronExplorer(inputs={HOSTILE!r})"  # -5

FIGURE = """import plotly.graph_objects as go
frames = [go.Frame(name=str(k), data=[go.Scatter(x=[0, 1, 2], y=[0, k, 2 * k])]) for k in range(4)]
steps = [dict(label=str(k), method="animate",
              args=[[str(k)], dict(mode="immediate", frame=dict(duration=0, redraw=False), transition=dict(duration=0))])
         for k in range(4)]
play = dict(label="Play", method="animate", args=[None, dict(frame=dict(duration=30, redraw=False), transition=dict(duration=0))])
go.Figure([go.Scatter(x=[0, 1, 2], y=[0, 0, 0])], dict(sliders=[dict(steps=steps)], yaxis=dict(range=[0, 8]),
          updatemenus=[dict(type="buttons", buttons=[play])]), frames)"""

ANIMATIONS = ["data = mb.datasets.three_clusters(20)\n"
              "run = mb.train(mb.MLP([2, 2, 2], 'relu'), data, epochs=40, frames=20)\nmb.animation.predictions(run, data)",
              "moons = mb.datasets.moons(60)\n"
              "bent = mb.train(mb.MLP([2, 8, 1]), moons, loss='binary_cross_entropy', epochs=100, frames=10)\n"
              "mb.animation.surface(bent, mb.datasets.grid(moons), moons)",
              "mb.animation.side_by_side({'one': run, 'two': run}, data)"]


def _notebook(title, cells, formulas=0, alt=None):
    """A notebook of `cells` under a title, and as many formulas before them."""
    notebook = nbformat.v4.new_notebook(metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}})
    formula = r"$$ \sum_{k=1}^{n} \frac{w_k x_k}{1 + e^{-z_k}} = \prod_{k=1}^{n} a_k $$"
    notebook.cells = [nbformat.v4.new_markdown_cell("\n\n".join([f"# {title}", *[formula] * formulas])),
                      nbformat.v4.new_code_cell("import mlpbook as mb")]
    for source in cells:
        cell = nbformat.v4.new_code_cell(source)
        if alt:
            cell.metadata["mystnb"] = {"image": {"alt": alt}}
        notebook.cells.append(cell)
    return notebook


def build(folder, config):
    """Builds the small book below `folder` with the real one's configuration; its html folder."""
    settings = yaml.safe_load(Path(config).read_text(encoding="utf-8"))
    settings["bibtex_bibfiles"] = ["none.bib"]
    for setting in (settings, settings["html"]):  # pictures of the real book stay there
        setting.pop("logo", None), setting.pop("favicon", None)
    source = folder / "source"
    source.mkdir()
    (source / "none.bib").touch()
    (source / "_config.yml").write_text(yaml.safe_dump(settings), encoding="utf-8")
    pages = {"explorables": _notebook("Explorables", EXAMPLES.values()),
             "far": _notebook("Far down the page", EXAMPLES.values(), formulas=30),
             "quiz": _notebook("Quiz", [f"quiz = {QUIZ}\nquiz", "quiz"]),
             "corners": _notebook("Corners", [*TWO_VIEWS, *LINKED, INERT]),
             "moving": _notebook("Moving", [FIGURE], formulas=12, alt="A line that rises from frame to frame"),
             "animated": _notebook("Animated", ANIMATIONS, alt="A network learning")}
    for name, notebook in pages.items():
        nbformat.write(notebook, source / f"{name}.ipynb")
    first, *rest = pages
    toc = {"format": "jb-book", "root": first, "chapters": [{"file": name} for name in rest]}
    (source / "_toc.yml").write_text(yaml.safe_dump(toc), encoding="utf-8")
    done = subprocess.run(
        [Path(sys.executable).parent / "jupyter-book", "build", str(source), "-W", "-n", "--keep-going"],
        capture_output=True, text=True, check=False, timeout=240)
    assert done.returncode == 0, f"the small book did not build:\n{done.stderr[-2000:]}"
    return source / "_build" / "html"
