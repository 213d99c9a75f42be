"""Explorables from Python's side: traits that refuse what is wrong, words, and the code that rebuilds them."""

import gzip
import json
import math

import numpy as np
import pytest
import traitlets

import mlpbook as mb
from mlpbook.widgets import (
    ActivationExplorer,
    DescentExplorer,
    GradientFlowExplorer,
    LayerExplorer,
    NeuronExplorer,
    PerceptronExplorer,
    SoftmaxExplorer,
)
from mlpbook.widgets.base import Number, Whole

ALL = [getattr(mb.widgets, name) for name in mb.widgets.__all__ if name not in {"Quiz", "experiment"}]  # which have tests of their own
NAN, INF = math.nan, math.inf


@pytest.mark.parametrize("kind", ALL)
def test_state_is_json_without_nan(kind):
    state = kind().get_state()
    json.dumps({k: v for k, v in state.items() if k != "layout"}, allow_nan=False)
    assert {"_esm", "_css", "_spec", "_text"} <= set(state)


@pytest.mark.parametrize("kind", ALL)
def test_its_own_script_is_small(kind):
    """With its style sheet, gzipped, in bytes. A page may need 100 kB of ours; only the playground trains every kind of network."""
    most = 45_000 if kind is mb.widgets.TrainingPlayground else 30_000
    assert 10_000 < len(gzip.compress((kind()._esm + kind()._css).encode())) < most


@pytest.mark.parametrize("kind, arguments, words", [
    (NeuronExplorer, dict(w=[NAN, 0]), "w must be 2 numbers from -4 to 4, got"),
    (NeuronExplorer, dict(w=[1]), "w must be 2 numbers"), (NeuronExplorer, dict(w=5), "w must be 2 numbers"),
    (NeuronExplorer, dict(w="12"), "w must be 2 numbers"), (NeuronExplorer, dict(w=[True, 1]), "w must be 2 numbers"),
    (NeuronExplorer, dict(w=[0, 4.01]), "w must be 2 numbers"),
    (NeuronExplorer, dict(b=10**400), "b must be a number"), (NeuronExplorer, dict(w=[0, -(10**400)]), "w must be 2 numbers"), (LayerExplorer, dict(W1=[[10**400, 0], [0, 0]]), "W1 must be"),
    (DescentExplorer, dict(step=10**400), "step must be a whole number"), (PerceptronExplorer, dict(points=[[10**400, 0, 1]]), "points must be"),
    (NeuronExplorer, dict(b=6.1), "b must be a number from -6 to 6, got 6.1"), (NeuronExplorer, dict(b=INF), "b must be"),
    (NeuronExplorer, dict(b=None), "b must be"), (NeuronExplorer, dict(activation="swish"), "activation must be one of step, .*'swish'"),
    (NeuronExplorer, dict(activation=None), "activation must be one of"), (NeuronExplorer, dict(probe=[5, 0]), "probe must be"),
    (NeuronExplorer, dict(points=[[1, 2]]), "1 points and 0 labels"), (NeuronExplorer, dict(labels=[1]), "0 points and 1 labels"),
    (NeuronExplorer, dict(points=[[1, 2, 3]], labels=[1]), "2 columns"), (NeuronExplorer, dict(points=[1, 2], labels=[1, 0]), "2 dim"),
    (NeuronExplorer, dict(points=[[1, NAN]], labels=[1]), "finite"), (NeuronExplorer, dict(points=[["a", "b"]], labels=[1]), "numbers"),
    (NeuronExplorer, dict(points=[[1, 4.5]], labels=[1]), "within 4"), (NeuronExplorer, dict(points=[[1, 2]], labels=[2]), "0 or 1"),
    (NeuronExplorer, dict(points=[[1, 2]], labels=["a"]), "labels must be numbers"), (NeuronExplorer, dict(inputs=["a"]), "inputs"),
    (NeuronExplorer, dict(inputs=[1, 2]), "inputs"),
    (ActivationExplorer, dict(names=[]), "names"), (ActivationExplorer, dict(names=["swish"]), "names must be among .*'swish'"),
    (ActivationExplorer, dict(names=["relu"], activation="tanh"), "tanh"), (ActivationExplorer, dict(names="relu"), "names"),
    (ActivationExplorer, dict(z=6.1), "z must be a number from -6 to 6"), (ActivationExplorer, dict(z=NAN), "z must be"),
    (ActivationExplorer, dict(alpha=-0.1), "alpha must be a number from 0 to 1"), (ActivationExplorer, dict(alpha="a"), "alpha must be"),
    (ActivationExplorer, dict(flat_below=0), "flat_below"), (ActivationExplorer, dict(compare="yes"), "compare"),
    (ActivationExplorer, dict(activation="swish"), "activation must be one of"), (ActivationExplorer, dict(activation=3), "activation must be"),
    (ActivationExplorer, dict(names=[["relu"]]), "names"),
    (LayerExplorer, dict(W1=[1, 2, 3, 4]), "W1 must be 2 rows of 2 numbers from -4 to 4, got"), (LayerExplorer, dict(W1=5), "W1 must be"),
    (LayerExplorer, dict(W1=[[1, 2], [3]]), "W1 must be"), (LayerExplorer, dict(W2=[[1, 2], [3, NAN]]), "W2 must be"),
    (LayerExplorer, dict(W2=[[1, 2], [3, 4.5]]), "W2 must be"), (LayerExplorer, dict(W1=["12", "34"]), "W1 must be"),
    (LayerExplorer, dict(W1=np.eye(3)), "W1 must be"), (LayerExplorer, dict(b1=[0]), "b1 must be 2 numbers"),
    (LayerExplorer, dict(b2=[0, 5]), "b2 must be 2 numbers"), (LayerExplorer, dict(stage=6.5), "stage must be a number from 0 to 6"),
    (LayerExplorer, dict(stage=-1), "stage"), (LayerExplorer, dict(two_layers=2), "two_layers"), (LayerExplorer, dict(activation="x"), "activation"),
    (LayerExplorer, dict(points=[[1, 2]]), "1 points and 4 labels"), (LayerExplorer, dict(labels=[0, 1, 2, 0]), "0 or 1"),
    (GradientFlowExplorer, dict(depth=31), "depth must be a whole number from 1 to 30, got 31"), (GradientFlowExplorer, dict(depth=0), "depth"),
    (GradientFlowExplorer, dict(depth=2.5), "depth must be"), (GradientFlowExplorer, dict(depth=True), "depth must be"),
    (GradientFlowExplorer, dict(width=33), "width must be a whole number from 1 to 32"), (GradientFlowExplorer, dict(width="8"), "width"),
    (GradientFlowExplorer, dict(init="friendly"), "init must be one of zeros, .*'friendly'"), (GradientFlowExplorer, dict(init=1), "init must be"),
    (GradientFlowExplorer, dict(k=0), "k must be a number from 0.1 to 12"), (GradientFlowExplorer, dict(k=NAN), "k must be"),
    (GradientFlowExplorer, dict(layer=0), "layer must be"), (GradientFlowExplorer, dict(layer=None), "layer must be"),
    (GradientFlowExplorer, dict(seed=-1), "seed must be a whole number"), (GradientFlowExplorer, dict(seed=0.5), "seed must be"),
    (GradientFlowExplorer, dict(seed=None), "seed must be"), (GradientFlowExplorer, dict(activation="x"), "activation must be one of"),
    (LayerExplorer, dict(points=[[1, 5]], labels=[1]), "within 4"), (LayerExplorer, dict(points=[["a", "b"]], labels=[1]), "numbers"),
    *[(SoftmaxExplorer, dict(logits=logits), "logits must be 2 to 5 numbers from -10 to 10, .* got") for logits in (
        5, "12", [1], [], [1] * 6, [1, NAN], [1, INF], [1, 10.1], [1, "2"], [1, True], [[1, 2], [3, 4]], [1, None], None, np.ones((2, 2)))],
    (SoftmaxExplorer, dict(label=3), "label must be a class of the 3 logits, .* 0 to 2; got label 3"), (SoftmaxExplorer, dict(label=5), "label must be"),
    (SoftmaxExplorer, dict(label=0.5), "label must be a whole number"), (SoftmaxExplorer, dict(label=True), "label must be"),
    (SoftmaxExplorer, dict(logits=[1, 2], label=2), "class of the 2 logits"), (SoftmaxExplorer, dict(temperature=0), "temperature must be a number from 0.1 to 10"),
    (SoftmaxExplorer, dict(temperature=NAN), "temperature must be"), (SoftmaxExplorer, dict(shift=1001), "shift must be a number from -1000 to 1000"),
    (SoftmaxExplorer, dict(shift=-INF), "shift must be"), (SoftmaxExplorer, dict(precision="float16"), "precision must be one of float64, float32"),
    *[(PerceptronExplorer, dict(points=points), "points must be at most 24 rows .* got") for points in (
        5, "12", [1, 2, 1], [[1, 2]], [[1, 2, 3]], [[1, 2, 0.5]], [[1, 2, -1]], [[4.1, 0, 1]], [[0, NAN, 1]], [[0, True, 1]],
        [["1", 2, 1]], [[0, 0, None]], [[0, 0, True]], [[0, 0, 0]] * 25, np.ones((2, 2, 3)), None)],
    (DescentExplorer, dict(lr=0.009), "lr must be a number from 0.01 to 10, got 0.009"), (DescentExplorer, dict(lr=INF), "lr must be"),
    (DescentExplorer, dict(momentum=1.0), "momentum must be a number from 0 to 0.99"), (DescentExplorer, dict(start=[0, 3.1]), "start must be 2 numbers"),
    (DescentExplorer, dict(start=[NAN, 0]), "start must be"), (DescentExplorer, dict(step=101), "step must be a whole number from 0 to 100"),
    (DescentExplorer, dict(step=1.0), "step must be"), (DescentExplorer, dict(surface="plain"), "surface must be one of bowl, .*'plain'"),
    (DescentExplorer, dict(surface=3), "surface must be one of"),
    (PerceptronExplorer, dict(step=5001), "step must be a whole number from 0 to 5000"), (PerceptronExplorer, dict(step=-1), "step must be"),
    (PerceptronExplorer, dict(step=1.5), "step must be"), (PerceptronExplorer, dict(seed=10), "seed must be None or a whole number from 0 to 9"),
    (PerceptronExplorer, dict(seed="1"), "seed must be"), (PerceptronExplorer, dict(seed=True), "seed must be"),
    (PerceptronExplorer, dict(seed=1.5), "seed must be"), (PerceptronExplorer, dict(best="yes"), "best"),
])
def test_bad_arguments(kind, arguments, words):
    with pytest.raises(traitlets.TraitError, match=words):
        kind(**arguments)


@pytest.mark.parametrize("kind", ALL)
def test_unknown_arguments_are_named(kind):
    with pytest.raises(TypeError, match=f"{kind.__name__} takes .*; got 'wieght'"):
        kind(wieght=1)


@pytest.mark.parametrize("name, bad", [("w", [NAN, 0]), ("b", 7), ("activation", "x"), ("probe", [0]), ("points", [[0, 0]]),
                                       ("labels", [0]), ("inputs", ["a"])])
def test_a_refused_value_changes_nothing(name, bad):
    widget = NeuronExplorer(points=[[1, 1], [0, 2]], labels=[0, 1])
    before = widget.get_state()
    with pytest.raises(traitlets.TraitError):
        setattr(widget, name, bad)
    assert widget.get_state() == before


def test_set_data_is_all_or_nothing():
    widget = NeuronExplorer(points=[[1, 1], [0, 2]], labels=[0, 1])
    for points, labels in ([[[0, 0]], [0, 1]], [[[0, 0]], [3]], [[[9, 9]], [1]]):
        with pytest.raises(traitlets.TraitError):
            widget.set_data(points, labels)
        assert (widget.points, widget.labels) == ([[1, 1], [0, 2]], [0, 1])
    widget.set_data(np.array([[0.5, 1.0]]), np.array([True]))
    assert (widget.points, widget.labels) == ([[0.5, 1.0]], [1])
    assert "1 of 1 points" in widget.describe()


def test_arrays_come_in_and_stay_as_they_were():
    w, points, labels = np.array([1, 2]), np.array([[1.0, 2.0]]), np.array([1])
    widget = NeuronExplorer(w=w, points=points, labels=labels)
    assert widget.w == [1.0, 2.0] and isinstance(widget.w[0], float)
    widget.w = [0, 0]
    assert w.tolist() == [1, 2] and points.tolist() == [[1, 2]]


def test_two_explorables_share_nothing():
    a, b = NeuronExplorer(), NeuronExplorer()
    a.w = [2.0, 2.0]
    assert b.w == [1.0, -0.5]


def test_words_follow_the_state():
    widget = NeuronExplorer(w=[3, 4], b=-5, probe=[1, 0.5])
    # by hand: 3*1 + 4*0.5 - 5 = 0; |b| / |w| = 1
    assert "the weighted sum is 0.00 and the output 0.50" in widget._text and "lies 1.00 from the origin" in widget._text
    widget.w = [0, 0]
    assert "no line" in widget._text
    assert "outside the picture" in NeuronExplorer(w=[0.1, 0.1], b=6).describe()


def test_worked_dead_relu():
    text = NeuronExplorer(w=[1, 1], b=-5, probe=[1, 1], activation="relu").describe()
    assert "the weighted sum is −3.00 and the output 0.00" in text


def test_activation_starts_from_the_first_name_and_its_own_alpha():
    assert ActivationExplorer(names=["tanh", "relu"]).activation == "tanh"
    assert ActivationExplorer(names=["elu", "relu"]).alpha == mb.elu.alpha
    assert ActivationExplorer(activation="prelu").alpha == mb.prelu.alpha
    assert ActivationExplorer(activation="prelu", alpha=0.5).alpha == 0.5


def test_a_new_menu_reaches_the_page():
    widget = ActivationExplorer(names=["tanh", "relu"])
    widget.names = ["tanh", "elu"]
    assert widget._spec["limits"]["activation"]["options"] == ["tanh", "elu"]
    with pytest.raises(traitlets.TraitError, match="must contain the activation shown"):
        widget.names = ["relu"]
    with pytest.raises(traitlets.TraitError, match="one of the names tanh, elu"):
        widget.activation = "relu"


@pytest.mark.parametrize("kind", ALL)
def test_observe_and_link(kind):
    a, b = kind(), kind()
    name, trait = next((name, a.traits()[name]) for name in kind._arguments("state") if isinstance(a.traits()[name], Number))
    start, low = getattr(a, name), trait.limit["low"]
    value = low if start != low else low + 1 if isinstance(trait, Whole) else (low + trait.limit["high"]) / 2
    seen = []
    a.observe(lambda change: seen.append(change["new"]), names=name)
    link = traitlets.link((a, name), (b, name))
    b.set_trait(name, value)
    link.unlink()
    b.set_trait(name, start)
    assert seen == [value] and getattr(a, name) == value


@pytest.mark.parametrize("kind", ALL)
def test_repr_and_text_fallback(kind):
    widget = kind()
    assert repr(widget).startswith(f"{kind.__name__}(")
    data, _ = widget._repr_mimebundle_()
    assert data["text/plain"].startswith(f"{kind.__name__} (interactive in a running notebook and in the book).")
    assert "application/vnd.jupyter.widget-view+json" in data
