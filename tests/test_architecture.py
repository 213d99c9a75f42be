"""The shape of the package: imports point one way, light things load light, and there is no dead weight."""

import ast
import subprocess
import sys

import pytest
from shared import ROOT

PACKAGE = ROOT / "mlpbook"
# each module may import those in the lines above its own
ORDER = [
    ["validate"],
    ["activations", "datasets", "perceptron", "progress"],
    ["distributed", "losses", "initialisation", "optimizers", "layers"], ["normalisation", "flat"], ["state"],
    ["mlp"],
    ["gradcheck", "ensemble", "torch_mlp", "run", "approximation", "regions"], ["training"],
    ["check.attempt"], ["check.diagnose"], ["check.exercise"], ["check.activations", "check.neuron", "check.linear", "check.layers", "check.approximation", "check.depth", "check.loss", "check.perceptron", "check.practice", "check.backpropagation", "check.pytorch", "check.training"], ["check"],
    ["theme"], ["widgets.bundle"],
    ["plots", "diagrams"],
    ["animation.film", "animation.snapshots", "animation.stills"], ["animation.clouds", "animation.curves", "animation.surfaces"],
    ["animation.panels", "animation.saving"], ["animation"],
    ["widgets.text", "widgets.street", "widgets.morph", "widgets.margin", "widgets.heights", "widgets.presets"], ["widgets.knobs"], ["widgets.experiment"], ["widgets.base", "widgets.points"],
    ["widgets.neuron", "widgets.playground_words", "widgets.playground_traits"], ["widgets.playground", "widgets.perceptron", "widgets.activation", "widgets.layer", "widgets.backprop", "widgets.gradient_flow", "widgets.region", "widgets.softmax", "widgets.approximation", "widgets.descent"],
    ["widgets.quiz"], ["widgets"],
    ["sphinxext.render", "sphinxext.plain", "sphinxext.preview"], ["sphinxext.edition", "sphinxext.execution"], ["sphinxext.assets"], ["sphinxext"],
]
RANK = {name: rank for rank, names in enumerate(ORDER) for name in names}


def modules():
    for path in sorted(PACKAGE.rglob("*.py")):
        name = ".".join(path.relative_to(PACKAGE).with_suffix("").parts).removesuffix(".__init__")
        if name != "__init__":
            yield name, path


def imported(name, path):
    """The package's own modules that a file imports, wherever in the file."""
    package = name if path.name == "__init__.py" else name.rpartition(".")[0]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.level:
            base = package.split(".") if package else []
            base = base[:len(base) - node.level + 1]
            if node.module:
                yield ".".join([*base, node.module])
            else:
                yield from (".".join([*base, alias.name]) for alias in node.names)


def test_every_module_has_a_place():
    assert {name for name, _ in modules()} == set(RANK)


@pytest.mark.parametrize("name, path", list(modules()), ids=lambda v: v if isinstance(v, str) else "")
def test_imports_point_one_way(name, path):
    for other in imported(name, path):
        if other == "__version__":
            continue
        assert RANK[other] < RANK[name], f"{name} imports {other}, which stands below it"


@pytest.mark.parametrize("name, path", list(modules()), ids=lambda v: v if isinstance(v, str) else "")
def test_every_module_opens_with_a_sentence(name, path):
    assert ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))


COMPUTING = [name for names in ORDER[:ORDER.index(["theme"])] for name in names]


def test_computing_never_draws():
    assert {"mlp", "training", "regions"} <= set(COMPUTING)
    for name in COMPUTING:
        roots = set()
        for node in ast.walk(ast.parse(dict(modules())[name].read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                roots |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and not node.level:
                roots.add(node.module.split(".")[0])
        assert not roots & {"matplotlib", "plotly", "anywidget", "ipywidgets", "IPython"}, name


def run(code):
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()


def test_import_loads_nothing_heavy():
    loaded = set(run("import mlpbook, sys; print(*{m.split('.')[0] for m in sys.modules})"))
    assert not loaded & {"torch", "plotly", "anywidget", "ipywidgets", "matplotlib", "scipy", "sklearn", "IPython"}


def test_parts_load_on_first_touch():
    assert run("import mlpbook as mb, sys; mb.plots.figure(); print('matplotlib' in sys.modules, 'anywidget' in sys.modules, "
               "'matplotlib.pyplot' in sys.modules); mb.widgets; print('anywidget' in sys.modules)") == ["True", "False", "False", "True"]


def test_a_misspelt_name_is_answered_with_the_names():
    import mlpbook as mb

    with pytest.raises(AttributeError, match="mlpbook has no 'wdigets'; it has ACTIVATIONS"):
        _ = mb.wdigets
    assert {"widgets", "plots", "MLP"} <= set(dir(mb))
    for name in mb.__all__:
        assert getattr(mb, name) is not None
