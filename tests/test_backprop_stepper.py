"""BackpropStepper: every number of its pass is `MLP`'s, its arithmetic comes out, its words are the same in Python and the page."""

import json
import math
import re

import numpy as np
import pytest
import traitlets
from hypothesis import given, settings
from hypothesis import strategies as st

import mlpbook as mb
from mlpbook.activations import ACTIVATIONS, sigmoid
from mlpbook.widgets import BackpropStepper
from mlpbook.widgets.backprop import three

SIZES = [[2, 2, 1], [1, 1], [3, 2], [2, 3, 2], [1, 4, 1], [4, 4, 4, 4], [2, 1, 3, 1]]
NAN = math.nan


def some(activation, loss, sizes, seed, **arguments):
    """A stepper of a random network, biases included, and a random sample."""
    rng = np.random.default_rng(seed)
    mlp = mb.MLP(sizes, activation, seed=seed)
    for linear in mlp.linear_layers:
        linear.b[...] = rng.normal(size=linear.b.shape)
    x = rng.normal(size=sizes[0])
    y = rng.random(sizes[-1])
    return BackpropStepper(mlp, x, y / y.sum() if loss == "cross_entropy" else y, loss=loss, **arguments)


def problem(widget):
    return {**widget.mlp.state(), "W": [W.W.tolist() for W in widget.mlp.linear_layers], "b": [W.b.tolist() for W in widget.mlp.linear_layers],
            "loss": widget.loss, "x": widget.x, "y": widget.y}


def told(widget):
    return {"network": widget.network, "x": widget.x, "y": widget.y, "loss": widget.loss, "step": widget.step, "applied": widget.applied,
            "lr": widget.lr, **widget.facts()}


ALL = [(activation, loss, SIZES[k % len(SIZES)]) for k, (activation, loss) in
       enumerate((activation, loss) for loss in mb.LOSSES for activation in ACTIVATIONS)]
ALL += [("tanh", loss, sizes) for loss in mb.LOSSES for sizes in SIZES if sizes[-1] > 1 or loss != "cross_entropy"]


def test_every_number_of_the_pass_is_the_networks(js):
    """Each operation by its key against the arrays that `MLP.backprop` leaves behind; none is missing, none comes twice."""
    made = [some(activation, loss, sizes, seed) for seed, (activation, loss, sizes) in enumerate(ALL)]
    for widget, got in zip(made, js("backprop_steps.js", [["operations", problem(widget)] for widget in made]), strict=True):
        mlp, x, y = widget.mlp, np.array([widget.x]), np.array([widget.y])
        value = mlp.backprop(x, y, widget.loss)
        _, dy_hat = mb.LOSSES[widget.loss].f(mlp(x), y)
        mlp.backprop(x, y, widget.loss)
        dout, truth = dy_hat, {"L": np.array(value)}
        where = len(mlp.linear_layers)
        truth[f"z.{where}"], truth[f"dz.{where}"] = mlp(x)[0], dy_hat[0]
        for layer in reversed(mlp.layers):
            dout = layer.backward(dout)
            if layer in mlp.linear_layers:
                truth[f"dW.{where}"], truth[f"db.{where}"] = layer.dW.copy(), layer.db.copy()
                where -= 1
                truth |= {f"da.{where}": dout[0]} if where else {}
            else:
                truth |= {f"dz.{where}": dout[0], f"z.{where}": layer.z[0], f"a.{where}": layer.a[0]}
                truth |= {f"dalpha.{where}": layer.dalpha[0]} if layer.learned else {}
        if widget.loss == "binary_cross_entropy":
            truth["p"] = sigmoid(mlp(x)[0])
        if widget.loss == "cross_entropy":
            truth["p"] = np.exp(mlp(x)[0]) / np.exp(mlp(x)[0]).sum()
        expected = {".".join([stem, *map(str, at)]): v for stem, array in truth.items() for at, v in np.ndenumerate(array)}
        numbers = {op["key"]: op["number"] for op in got["ops"]}
        assert len(numbers) == len(got["ops"]) and set(numbers) == set(expected), widget
        for key, number in numbers.items():
            assert number == pytest.approx(expected[key], rel=1e-12, abs=1e-14), (key, widget)
        assert [(op["phase"], op["name"]) for op in got["ops"]] == widget._all()
        assert [v for _, v in widget.operations()] == pytest.approx([op["number"] for op in got["ops"]], rel=1e-12, abs=1e-14)


def test_nothing_is_used_before_it_is_made(js):
    made = [some(activation, loss, sizes, 3) for activation, loss, sizes in ALL]
    for got in js("backprop_steps.js", [["operations", problem(widget)] for widget in made]):
        known = set()
        for op in got["ops"]:
            needed = {key for key in op["uses"] if not re.match(r"W\.|b\.|y\.|a\.0\.", key)}
            assert op["uses"] and needed <= known, op
            known.add(op["key"])


def evaluated(text, name):
    """What a line of arithmetic gives, with the activation at hand; None for names instead of numbers."""
    f = ACTIVATIONS[name]
    code = text.replace("−", "-").replace("·", "*").replace("²", "**2").replace(f"{name.replace('_', ' ')}′(", "slope(")
    code = re.sub(r"ln ", "ln*", code.replace(f"{name.replace('_', ' ')}(", "phi(").replace("σ(", "sigmoid("))
    code = re.sub(r"ln\*([\d.e-]+)", r"ln(\1)", code)
    code = re.sub(r"^(2(?:/\d)?) \(", r"\1 * (", code)
    return eval(code, {"phi": f, "slope": f.derivative, "exp": math.exp, "min": min, "sigmoid": sigmoid, "ln": math.log})


@pytest.mark.parametrize("loss", mb.LOSSES)
def test_the_arithmetic_comes_out(loss, js):
    """Every line of numbers, computed as it stands, gives the result up to the rounding of its three digits."""
    made = [some(activation, loss, sizes, 5) for activation, each, sizes in ALL if each == loss]
    lines = 0
    for widget, got in zip(made, js("backprop_steps.js", [["operations", problem(widget)] for widget in made]), strict=True):
        for op in got["ops"]:
            for text in op["lines"][1:]:
                if op["number"] and abs(op["number"]) < 1e-3 and op["kind"] not in ("dW", "db"):
                    continue  # what is left of numbers that cancel
                got_number = evaluated(text, widget.network["activation"])
                assert got_number == pytest.approx(op["number"], rel=0.02, abs=0.015), (op, text)
                lines += 1
    assert lines > 300


def test_the_first_line_names_what_is_used(js):
    """x₁ w₁₁⁽¹⁾ + ...: as many names on the right as numbers are used."""
    widget = BackpropStepper()
    ops = {op["key"]: op for op in js("backprop_steps.js", [["operations", problem(widget)]])[0]["ops"]}
    assert ops["z.1.1"]["lines"] == ["x₁ w₁₂⁽¹⁾ + x₂ w₂₂⁽¹⁾ + b₂⁽¹⁾", "1 · (−1) + 0.5 · 0.5 + (−0.1)", "−1 + 0.25 − 0.1"]
    assert ops["dW.1.1.0"]["lines"][0] == "x₂ · ∂L/∂z₁⁽¹⁾" and ops["da.1.1"]["lines"][0] == "∂L/∂ŷ · w₂₁⁽²⁾"
    assert ops["dz.1.0"]["lines"][0] == "∂L/∂a₁⁽¹⁾ · tanh′(z₁⁽¹⁾)"


def test_by_hand():
    """The chapter's network on paper: z = (1.2, -0.85), and the chain rule written out."""
    a1, a2 = math.tanh(1.2), math.tanh(-0.85)
    y_hat = 0.8 * a1 - 0.6 * a2 + 0.1
    e = 2 * (y_hat - 0.5)
    got = dict(BackpropStepper().operations())
    assert got["∂L/∂w₂₁⁽¹⁾"] == pytest.approx(e * 0.8 * (1 - a1**2) * 0.5, rel=1e-14)
    assert got["∂L/∂b₂⁽¹⁾"] == pytest.approx(e * -0.6 * (1 - a2**2), rel=1e-14)
    assert got["∂L/∂w₂₁⁽²⁾"] == pytest.approx(e * a2, rel=1e-14)


@pytest.mark.parametrize("loss", mb.LOSSES)
def test_steps_are_those_of_training(loss, js):
    """The losses and the network after some steps, in Python and in the page, are those of MLP.step with SGD."""
    made = [some(activation, loss, SIZES[seed % len(SIZES)], seed, applied=12, lr=0.01) for seed, activation in enumerate(ACTIVATIONS)]
    pages = js("backprop_steps.js", [["descend", {**widget.network, **told(widget)}] for widget in made])
    assert sum(len(page["losses"]) == 13 for page in pages) >= len(pages) - 1
    for widget, page in zip(made, pages, strict=True):
        mlp, sgd, losses = mb.MLP.from_state(widget.network), mb.SGD(0.01), []
        x, y = np.array([widget.x]), np.array([widget.y])
        for _ in range(len(page["losses"]) - 1):  # one of them runs away
            losses.append(mlp.step(x, y, mb.LOSSES[loss], sgd))
        losses.append(mlp.backprop(x, y, loss))
        for got in (page["losses"], widget.descent()[1]):
            np.testing.assert_allclose(got, losses, rtol=1e-10, atol=1e-14)
        for twin in (mb.MLP.from_state(page["network"]), widget.mlp):
            for p, q in zip(twin.parameters, mlp.parameters, strict=True):
                np.testing.assert_allclose(p, q, rtol=1e-10, atol=1e-14)
        start = some(widget.network["activation"], loss, widget.network["sizes"], made.index(widget))
        assert widget.network == start.network  # the given network is kept: it is where Reset goes


def test_it_stops_before_the_numbers_run_away(js):
    mlp = mb.MLP([2, 4, 4, 1], "leaky_relu", seed=0)
    widget = BackpropStepper(mlp, [90.0, -80.0], 0.5, applied=30, lr=1.0)
    _, losses, stopped = widget.descent()
    assert stopped and len(losses) < 31 and np.isfinite(losses).all()
    assert all(np.abs(p).max() <= 1000 for p in widget.mlp.parameters)
    assert "Here it stops: the next step would take a parameter beyond 1000." in widget.describe()
    page, = js("backprop_steps.js", [["descend", {**widget.network, **told(widget)}]])
    assert page["stopped"] and len(page["losses"]) == len(losses)


def test_any_state_is_described_alike(js):
    rng = np.random.default_rng(0)
    made = [BackpropStepper(), BackpropStepper(step=0), BackpropStepper(step=20, applied=1)]
    for k, (activation, loss, sizes) in enumerate(ALL):
        widget = some(activation, loss, sizes, k, applied=int(rng.integers(0, 9)), lr=round(rng.uniform(0.01, 0.3), 2))
        widget.step = int(rng.integers(0, len(widget.operations()) + 1))
        made.append(widget)
    for widget, words in zip(made, js("backprop_steps.js", [["describe", told(widget)] for widget in made]), strict=True):
        assert words == widget.describe() == widget._text, widget


@settings(max_examples=8, deadline=None)
@given(st.lists(st.floats(-1e12, 1e12), min_size=10, max_size=30))
def test_numbers_read_alike_and_have_three_digits(js, values):
    values += [0.0, 0.5, -1.0, 0.1235, 9.999, -99.96, 999.6, 9996.0, 0.00099999, 1e-3, 0.0999, 1e-200, -2.5e30]
    texts = [three(v) for v in values]
    assert js("backprop_steps.js", [["three", v] for v in values]) == texts
    for text, value in zip(texts, values, strict=True):
        assert float(text.replace("−", "-")) == pytest.approx(value, rel=0.0051)
        assert "." not in text.split("e")[0] or text.split("e")[0][-1] != "0"
    assert texts[-12] == "0.5" and texts[-11] == "−1"


# --- what may come in

TWO = mb.MLP([2, 2], seed=0)


@pytest.mark.parametrize("arguments, words", [
    (dict(network=mb.MLP([2, 5, 1])), r"network must have at most 4 sizes of at most 4, .* got \[2, 5, 1\]"),
    (dict(network=mb.MLP([2, 2, 2, 2, 1])), "at most 4 sizes"), (dict(network=5), "network: a state is a dict"),
    (dict(network={"sizes": [2, 1]}), "network: a state needs"), (dict(network=None), "network: a state is a dict"),
    (dict(network=mb.MLP([2, 2, 1], residual=True)), "without residual or normalization"),
    (dict(network=mb.MLP([2, 2, 1], normalization="batch")), "without residual or normalization"),
    (dict(network={"sizes": [2, 1], "activation": "tanh", "W": [[[101.0], [0]]], "b": [[0]]}), "network must hold no number beyond 100, got 101"),
    (dict(x=[1, 2, 3]), r"x must be one sample of 2 numbers for a network \[2, 2, 1\], got shape \(3,\)"),
    (dict(x=np.ones((2, 2))), "x must be one sample"), (dict(x=5), "x must be one sample"), (dict(x=[1, NAN]), "x must be finite"),
    (dict(x="ab"), "x must be numbers"), (dict(x=None), "x must be numbers"), (dict(x=[1, 101]), "x must hold no number beyond 100"),
    (dict(y=[1, 2]), "y must be the target of one sample, 1 number; got shape"), (dict(y=[[1], [2]]), "y must be the target"),
    (dict(y=NAN), "y must be finite"), (dict(y="a"), "y must be numbers"), (dict(y=200), "y must hold no number beyond 100"),
    (dict(loss="hinge"), "loss must be one of mse"), (dict(loss=3), "loss must be"), (dict(loss="binary_cross_entropy", y=2), "y must lie in"),
    (dict(network=TWO, loss="cross_entropy", y=2), "y must hold classes 0 to 1"), (dict(network=TWO, loss="cross_entropy", y=0.5), "classes"),
    (dict(network=TWO, loss="cross_entropy", y=[0.5, 0.6]), "sum to 1"), (dict(network=TWO, y=3), "y must"),
    (dict(step=21), "step must be a whole number from 0 to 20, .* got 21"), (dict(step=-1), "step must be"), (dict(step=1.5), "step must be"),
    (dict(applied=31), "applied must be a whole number from 0 to 30"), (dict(lr=0), "lr must be a number from 0.01 to 1"),
    (dict(lr=NAN), "lr must be"), (dict(lr="fast"), "lr must be"),
])
def test_bad_arguments(arguments, words):
    with pytest.raises(traitlets.TraitError, match=words):
        BackpropStepper(**arguments)


@pytest.mark.parametrize("name, value", [("network", TWO), ("network", 3), ("x", [1]), ("y", [1, 2]), ("loss", "cross entropy"), ("step", 21)])
def test_a_refused_value_changes_nothing(name, value):
    widget = BackpropStepper()
    before = widget.get_state()
    with pytest.raises(traitlets.TraitError):
        setattr(widget, name, value)
    assert widget.get_state() == before


@pytest.mark.parametrize("x, y, loss, kept", [
    (np.array([1, 2]), 1, "mse", [1.0]), ([[1, 2]], [[1]], "mse", [1.0]), ((1, 2), np.float32(0.5), "binary_cross_entropy", [0.5]),
    ([1, 2], np.array([True]), "binary_cross_entropy", [1.0])])
def test_samples_come_in_every_usual_form(x, y, loss, kept):
    widget = BackpropStepper(x=x, y=y, loss=loss)
    assert (widget.x, widget.y) == ([1.0, 2.0], kept)


@pytest.mark.parametrize("y, kept", [(1, [0.0, 1.0]), ([0], [1.0, 0.0]), (np.int64(1), [0.0, 1.0]), ([0.25, 0.75], [0.25, 0.75]), ([[0, 1]], [0, 1])])
def test_a_class_or_probabilities_for_cross_entropy(y, kept):
    assert BackpropStepper(TWO, [1, 2], y, loss="cross_entropy").y == kept


def test_the_network_given_stays_as_it_was():
    mlp = mb.MLP([2, 3, 1], seed=4)
    before = [p.copy() for p in mlp.parameters]
    widget = BackpropStepper(mlp, [1, 2], 3, applied=5)
    for p, q in zip(mlp.parameters, before, strict=True):
        np.testing.assert_array_equal(p, q)
    assert not np.allclose(widget.mlp.parameters[0], before[0])


def test_another_network_keeps_the_step_within_its_pass():
    widget = BackpropStepper(mb.MLP([2, 4, 4, 1], seed=0), step=60)
    widget.network = mb.MLP([2, 1], seed=0)
    most = len(widget.operations())
    assert widget.step == most == widget._spec["limits"]["step"]["high"] and widget._spec["start"]["step"] == most
    assert f"Operation {most} of {most}" in widget._text


@pytest.mark.parametrize("activation", ["tanh", "prelu", "elu"])
def test_python_text_rebuilds_it_on_both_sides(activation, js):
    widget = some(activation, "cross_entropy", [2, 3, 2], 1, applied=3, lr=0.5)
    state = {name: getattr(widget, name) for name in widget._spec["arguments"]}
    for text in (widget.to_python(), js("state.js", [["toPython", widget._spec["name"], state]])[0]):
        again = eval(text, {"mb": mb})
        assert {name: getattr(again, name) for name in state} == state


def test_it_starts_with_the_first_product_of_the_backward_pass_and_a_loss_to_lower():
    for widget in (BackpropStepper(), some("relu", "cross_entropy", [2, 3, 2], 0)):
        assert widget.operations()[widget.step - 1][0] == "∂L/∂w₁₁⁽²⁾"
    losses = BackpropStepper(applied=1).descent()[1]
    assert losses[1] < 0.7 * losses[0]


def test_the_page_stays_light():
    assert len(json.dumps(BackpropStepper()._spec)) < 2000
