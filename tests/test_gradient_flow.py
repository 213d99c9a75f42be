"""GradientFlowExplorer: its numbers are chapter 5's and those of `MLP`, in Python and in the page; its words are the same."""

import json
import re
import subprocess

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shared import ROOT

import mlpbook as mb
from mlpbook.widgets import GradientFlowExplorer
from mlpbook.widgets.text import magnitude

INITS = [None, *mb.initialisation.INITIALISATIONS]
CHAPTER = [cell for cell in json.loads((ROOT / "book/activations.ipynb").read_text(encoding="utf-8"))["cells"]
           if cell["cell_type"] == "code"]


@pytest.fixture(scope="module")
def paged(node):
    """paged(widgets) -> [{rows, words}, ...], computed by the page's code from what Python sends."""
    def paged(widgets):
        cases = {}
        for widget in widgets:
            case = cases.setdefault(widget.seed, {"facts": widget._spec, "states": []})
            case["states"].append({name: getattr(widget, name) for name in widget._spec["arguments"]})
        done = subprocess.run([node, ROOT / "tests/frontend/flow.mjs"], capture_output=True, text=True, encoding="utf-8",
                              input=json.dumps(list(cases.values()), allow_nan=False))
        assert done.returncode == 0, done.stderr
        answers = dict(zip(cases, map(iter, json.loads(done.stdout)), strict=True))
        return [next(answers[widget.seed]) for widget in widgets]
    return paged


@pytest.fixture(scope="module")
def chapter():
    """The chapter's own functions, from its cells."""
    names = {"np": np, "mb": mb}
    for start in ("def fresh(", "def look_inside("):
        source, = ("".join(cell["source"]) for cell in CHAPTER if "".join(cell["source"]).startswith(start))
        exec(source, names)
    return names


# --- chapter 5

@pytest.mark.parametrize("seed", [0, 11])
def test_every_number_of_the_chapter_for_a_seed(paged, chapter, seed):
    """The page prints the digits that the chapter's functions print, at every depth of its table, for both kinds of weights."""
    cases = [(name, depth, plain) for name in ("sigmoid", "tanh", "relu") for depth in (2, 5, 10, 20, 30) for plain in (False, True)]
    made = [GradientFlowExplorer(activation=name, depth=depth, init="lecun" if plain else None, seed=seed) for name, depth, plain in cases]
    for (name, depth, plain), got, widget in zip(cases, paged(made), made, strict=True):
        truth = chapter["gradient_sizes"](name, depth, seed, plain)
        for rows in (np.array(got["rows"], float), widget.flow()):
            assert [f"{v:.1e}" for v in rows[:, 3]] == [f"{v:.1e}" for v in truth]
            np.testing.assert_allclose(rows[:, 3], truth, rtol=1e-8)
    for name, plain in [("relu", True), ("sigmoid", False)]:
        got = paged([GradientFlowExplorer(activation=name, depth=30, init="lecun" if plain else None, seed=seed)])[0]["rows"]
        np.testing.assert_allclose(got, chapter["look_inside"](name, plain, seed), rtol=1e-8, atol=1e-16)


def test_twenty_seeds_give_the_printed_table(paged):
    """Medians and quartiles of the page's own numbers are what stands printed in the chapter."""
    cell, = (cell for cell in CHAPTER if "print(\"first layer" in "".join(cell["source"]))
    printed = "".join("".join(out.get("text", "")) for out in cell["outputs"]).splitlines()
    for name in ("sigmoid", "tanh", "relu"):
        made = [GradientFlowExplorer(activation=name, depth=10, init=init, seed=seed) for seed in range(20) for init in (None, "lecun")]
        first = np.array([got["rows"][0][3] for got in paged(made)]).reshape(20, 2)
        expected = [*np.quantile(first[:, 0], [0.25, 0.5, 0.75]), np.median(first[:, 1])]
        line, = (line for line in printed if re.match(rf"{name} +10 ", line))
        assert line.split()[2:] == [f"{v:.1e}" for v in expected]


# --- the page and Python

def some(count, seed):
    rng = np.random.default_rng(seed)
    for _ in range(count):
        yield GradientFlowExplorer(
            depth=int(rng.integers(1, 31)), width=int(rng.integers(1, 33)), activation=str(rng.choice(list(mb.ACTIVATIONS))),
            init=INITS[rng.integers(len(INITS))], k=float(rng.choice([1, 1, round(rng.uniform(0.1, 12), 1)])), layer=int(rng.integers(1, 31)),
            seed=int(rng.integers(3)))


def test_the_page_computes_and_says_what_python_does(paged):
    corners = [GradientFlowExplorer(activation=name, init=init, depth=30) for name in mb.ACTIVATIONS for init in INITS]
    corners += [GradientFlowExplorer(depth=1, width=1), GradientFlowExplorer(depth=1, init="zeros"), GradientFlowExplorer(depth=30, width=1, k=12.0),
                GradientFlowExplorer(depth=2, width=1, activation="relu"), GradientFlowExplorer(activation="tanh", depth=30, k=3.0),
                GradientFlowExplorer(depth=30, k=0.1), GradientFlowExplorer(activation="identity", init="he", depth=30, k=12.0),
                GradientFlowExplorer(activation="softplus", depth=30, k=12.0, init="he"), GradientFlowExplorer(depth=30, k=12.0),
                GradientFlowExplorer(depth=30, k=9.0, width=2)]
    made = [*corners, *some(60, seed=0)]
    kinds = set()
    for widget, got in zip(made, paged(made), strict=True):
        kinds.add(re.search(r"before training\. ([^:]+):", got["words"])[1])
        if "Chaotic" in got["words"]:  # rounding errors decide, and no two programs agree
            assert "Chaotic" in widget.describe()
            continue
        truth, rows = widget.flow(), np.array(got["rows"], float)
        np.testing.assert_allclose(np.delete(rows, 1, 1), np.delete(truth, 1, 1), rtol=1e-4, err_msg=repr(widget))
        # differences of nearly equal numbers: to the last digit that floats have
        np.testing.assert_allclose(rows[:, 1], truth[:, 1], rtol=1e-4, atol=1e-16 * truth[:, 0].max(), err_msg=repr(widget))
        assert got["words"] == widget.describe()
    assert {"Vanishing", "Exploding", "Healthy", "Faded", "Cut off", "No gradient"} <= kinds


@settings(max_examples=20, deadline=None)
@given(st.lists(st.floats(1e-100, 1e100), min_size=10, max_size=30))
def test_magnitudes_read_alike_and_have_two_digits(js, values):
    values += [0.0, 0.125, 1.25, 9.96, 99.6, 999.4, 0.00996, 0.0099, 0.01, 1e3, 995.0, 1e-100]
    texts = [magnitude(v) for v in values]
    assert js("dom.js", [["magnitude", v] for v in values]) == texts
    for text, value in zip(texts, values, strict=True):
        assert float(text) == pytest.approx(value, rel=0.0501)
        assert len(re.sub(r"e.*|\.|^0\.?0*", "", text)) == (2 if (value and value < 99.5) or "e" in text else 3 if value else 0)


def test_links_hold_whole_numbers_only(js):
    limits = GradientFlowExplorer()._spec["limits"]
    wanted = {"depth": 2.5, "width": 8, "layer": 31, "init": None, "k": 2.5}
    assert js("state.js", [["accept", limits, wanted]]) == [{"width": 8, "init": None, "k": 2.5}]


# --- against closed forms

@pytest.mark.parametrize("k", [1.0, 2.0, 0.5])
def test_without_bends_and_turns_everything_is_a_power_of_k(k):
    """y_hat = k^depth x: signal k^(l - 1), error and gradient by the chain rule."""
    depth = 7
    widget = GradientFlowExplorer(activation="identity", init="identity", depth=depth, k=k, seed=3)
    x, y = np.random.default_rng(1003).normal(size=(2, 128, 32))
    error = 2 / x.size * (k**depth * x - y)
    for layer, row in enumerate(widget.flow(), 1):
        signal, back = k ** (layer - 1), k ** (depth - layer)
        truth = [signal * np.sqrt((x**2).mean()), signal * np.sqrt(x.var(axis=0).mean()), back * np.linalg.norm(error),
                 signal * back * np.linalg.norm(x.T @ error)]
        np.testing.assert_allclose(row, truth, rtol=1e-12)


def test_gradients_are_slopes_of_the_loss():
    """Finite differences, in the direction of the gradient itself: the loss falls by its length."""
    widget = GradientFlowExplorer(activation="tanh", depth=4, width=6, k=1.5)
    rows = widget.flow()
    mlp, x, y = widget.network()
    mlp.backprop(x, y)
    for linear, row in zip(mlp.linear_layers, rows, strict=True):
        start, direction = linear.W.copy(), linear.dW / np.linalg.norm(linear.dW)
        losses = []
        for h in (1e-5, -1e-5):
            linear.W[...] = start + h * direction
            losses.append(np.mean((mlp(x) - y) ** 2))
        linear.W[...] = start
        assert (losses[0] - losses[1]) / 2e-5 == pytest.approx(row[3], rel=1e-6)


@pytest.mark.parametrize("init", [init for init in INITS if init != "identity"])
def test_the_page_scales_the_draws_as_mlp_does(init):
    widget = GradientFlowExplorer()
    at = [each["init"] for each in widget._spec["inits"]].index(init)
    for name in mb.ACTIVATIONS:
        for width in (3, 32):
            draws = np.random.default_rng(0).normal(size=(width, width))
            W = mb.MLP([width, width], name, init=init, seed=0).layers[0].W
            np.testing.assert_allclose(draws * widget._spec["deviation"][name][at] / np.sqrt(width), W, rtol=1e-12)


@pytest.mark.parametrize("activation", ["tanh", "relu", "sigmoid", "gelu"])
@pytest.mark.parametrize("k", [1.0, 2.5, 4.0, 12.0])
def test_chaos_is_told_where_small_changes_grow(activation, k):
    """The inputs moved by 1e-10 of their size: how much more of its size does what enters the last layer move?"""
    widget = GradientFlowExplorer(activation=activation, depth=20, k=k)
    mlp, x, _ = widget.network()
    before, after = [], []
    for inputs, kept in ((x, before), (x + 1e-10 * np.random.default_rng(0).normal(size=x.shape), after)):
        mlp(inputs)
        kept.append(mlp.linear_layers[-1].x)
    growth = np.linalg.norm(after[0] - before[0]) / np.linalg.norm(before[0]) / 1e-10
    if growth > 1e7 or growth < 1e5:
        assert ("Chaotic" in widget.describe()) == (growth > 1e6)
    assert ("Chaotic" in widget.describe()) == ((activation, k) == ("tanh", 12))


# --- what is sent

def test_it_starts_with_a_gradient_that_visibly_vanishes():
    rows = GradientFlowExplorer().flow()
    assert rows[0, 3] < 1e-3 * rows[-1, 3]
    assert "Vanishing" in GradientFlowExplorer()._text


def test_the_page_stays_light():
    """Weights and data are not sent: the page draws them itself."""
    assert len(json.dumps(GradientFlowExplorer()._spec)) < 6_000


@pytest.mark.parametrize("seed", [0, 7, 2**31])
def test_weights_and_data_of_a_seed_are_pythons(paged, seed):
    made = [GradientFlowExplorer(activation="tanh", depth=depth, width=width, seed=seed) for depth, width in ((30, 32), (2, 5), (4, 32))]
    for widget, got in zip(made, paged(made), strict=True):
        np.testing.assert_allclose(got["rows"], widget.flow(), rtol=1e-12)


def test_a_new_seed_has_new_words():
    widget = GradientFlowExplorer()
    words = widget._text
    widget.seed = np.int64(5)
    assert widget._text != words and "seed 5" in widget._text and widget.get_state()["seed"] == 5
