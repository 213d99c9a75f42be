"""SoftmaxExplorer: its numbers are torch's and NumPy's, in Python and in the page, overflow included; its words are the same."""

import math
import re
import warnings

import numpy as np
import pytest
import torch
import traitlets
from hypothesis import given, settings
from hypothesis import strategies as st

from mlpbook.widgets import SoftmaxExplorer
from mlpbook.widgets.softmax import chance


def states(widget):
    return {**widget._spec, **{name: getattr(widget, name) for name in widget._spec["arguments"]}}


def some(count, seed):
    rng = np.random.default_rng(seed)
    for _ in range(count):
        m = int(rng.integers(2, 6))
        yield SoftmaxExplorer(
            logits=rng.uniform(-10, 10, m).round(1), label=int(rng.integers(m)), temperature=float(rng.choice([1.0, 0.1, 0.5, 2.51, 10.0])),
            shift=float(rng.choice([0.0, 0.0, 80.0, 90.0, 700.0, 710.0, -100.0, -740.0, -1000.0, 33.3])), precision=str(rng.choice(["float32", "float64"])))


# --- the softmax, its price and its gradient

@pytest.mark.parametrize("widget", list(some(30, seed=0)), ids=repr)
def test_probabilities_loss_and_gradient_are_torchs(js, widget):
    z = torch.tensor(widget.logits, dtype=torch.float64, requires_grad=True)
    u = (z + widget.shift) / widget.temperature
    loss = torch.nn.functional.cross_entropy(u[None], torch.tensor([widget.label]))
    loss.backward()
    p = torch.softmax(u, 0).detach().numpy()
    np.testing.assert_allclose(widget.probabilities(), p, rtol=1e-10, atol=1e-300)
    value, gradient = widget.loss()
    assert value == pytest.approx(loss.item(), rel=1e-10, abs=1e-12)
    np.testing.assert_allclose(gradient, z.grad.numpy(), rtol=1e-9, atol=1e-12)
    exponents = widget.exponents.tolist()
    paged = js("log_sum_exp.js", [["softmax", exponents], ["surprise", exponents, widget.label]])
    np.testing.assert_allclose(paged[0], p, rtol=1e-10, atol=1e-300)
    assert paged[1] == pytest.approx(loss.item(), rel=1e-10, abs=1e-12)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.floats(-10, 10), min_size=2, max_size=5), st.floats(-1000, 1000), st.floats(0.1, 10))
def test_a_shift_changes_no_probability(logits, shift, temperature):
    still, moved = (SoftmaxExplorer(logits=logits, temperature=temperature, shift=by) for by in (0, shift))
    np.testing.assert_allclose(moved.probabilities(), still.probabilities(), rtol=1e-9)
    assert moved.probabilities().sum() == pytest.approx(1)
    assert moved.loss()[1].sum() == pytest.approx(0, abs=1e-12)


# --- what the formula gives as it stands

def as_numpy_has_it(widget):
    kind = np.dtype(widget.precision).type
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        powers = np.exp(widget.exponents.astype(kind))
        return powers, powers / powers.sum()


@pytest.mark.parametrize("widget", list(some(40, seed=1)), ids=repr)
def test_the_naive_formula_fails_as_numpy_does(js, widget):
    powers, p = as_numpy_has_it(widget)
    got = widget.naive()
    near = 1e-3 if widget.precision == "float32" and powers[np.isfinite(powers)].min(initial=1) < 1e-36 else 1e-5  # few digits are left
    np.testing.assert_allclose(got[0], powers, rtol=near, atol=1e-42)
    assert (np.isnan(got[1]) == np.isnan(p)).all()
    if np.isnan(p).any():
        assert "not a number" in widget.describe()
    # JSON holds no infinity: the page's own are compared by the words, below


@pytest.mark.parametrize("precision", ["float32", "float64"])
def test_the_thresholds_are_those_of_numpy(precision):
    kind, facts = np.dtype(precision).type, SoftmaxExplorer()._spec
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        step = 1e-3
        assert np.isfinite(np.exp(kind(facts["largest"][precision] - step))) and np.isinf(np.exp(kind(facts["largest"][precision] + step)))
        assert np.exp(kind(facts["smallest"][precision] + step)) > 0 and np.exp(kind(facts["smallest"][precision] - step)) == 0
    assert f"{facts['largest'][precision]:.1f}" == {"float32": "88.7", "float64": "709.8"}[precision]


CASES = {
    "right": {}, "infinite": {"shift": 710}, "the sum is infinite": {"logits": [9.5, 9.4], "shift": 700}, "all 0": {"shift": -1000},
    "hardly a digit": {"shift": -744}, "the true class is 0": {"logits": [-10, 10], "temperature": 0.1, "precision": "float32", "shift": -5},
    "float32 overflows": {"shift": 90, "precision": "float32"}, "float64 does not": {"shift": 90}, "T brings it there": {"logits": [10, 0], "temperature": 0.1, "precision": "float32"},
}
WORDS = {"right": "come out right", "infinite": "infinite divided by infinite is not a number", "the sum is infinite": "every probability 0",
         "all 0": "0 divided by 0 is not a number", "hardly a digit": "come out wrong", "the true class is 0": "−ln 0 is infinite",
         "float32 overflows": "about e to the 88.7", "float64 does not": "come out right", "T brings it there": "e to the 100.0 is beyond"}


@pytest.mark.parametrize("case", CASES)
def test_each_failure_is_told(case):
    text = SoftmaxExplorer(**CASES[case]).describe()
    assert WORDS[case] in text
    assert ("the loss is right" in text) == (not WORDS[case].endswith("right"))
    _, p = as_numpy_has_it(SoftmaxExplorer(**CASES[case]))
    truth = SoftmaxExplorer(**CASES[case]).probabilities()
    bad = not (np.allclose(p, truth, atol=5e-4) and p[0] > 0)
    assert bad == ("the loss is right" in text)


def test_the_page_says_what_python_says(js):
    made = [*[SoftmaxExplorer(**case) for case in CASES.values()], *some(120, seed=2)]
    for widget, got in zip(made, js("softmax.js", [["describe", states(widget)] for widget in made]), strict=True):
        assert got == widget.describe()


def test_worked_by_hand():
    """Logits ln 1, ln 2, ln 5: probabilities 1/8, 2/8, 5/8; a surprise of 3 bits; the gradient p - y."""
    widget = SoftmaxExplorer(logits=[math.log(1), math.log(2), math.log(5)], label=0)
    np.testing.assert_allclose(widget.probabilities(), [1 / 8, 2 / 8, 5 / 8])
    np.testing.assert_allclose(widget.loss()[1], [-7 / 8, 2 / 8, 5 / 8])
    assert "2.079 nats, or 3.000 bits. The gradient, p − y, is −0.875, 0.250 and 0.625" in widget.describe()


# --- as a widget

def test_it_starts_where_the_true_class_is_not_the_first():
    widget = SoftmaxExplorer()
    assert len(widget.logits) == 3 and widget.probabilities().argmax() != widget.label


def test_label_and_logits_change_together_or_not_at_all():
    widget = SoftmaxExplorer(logits=[1, 2, 3], label=2)
    for name, value in (("logits", [1, 2]), ("label", 3)):
        before = widget.get_state()
        with pytest.raises(traitlets.TraitError, match="label must be a class of the"):
            setattr(widget, name, value)
        assert widget.get_state() == before
    widget.set_state({"logits": [5.0, 0.0], "label": 1})  # as the page sends them
    assert (widget.logits, widget.label) == ([5.0, 0.0], 1)


def test_small_chances_are_not_rounded_to_nothing():
    assert [chance(p) for p in (0.0, 2e-7, 0.0004, 0.0005, 0.25, 1.0)] == ["0.000", "2.0e-7", "4.0e-4", "0.001", "0.250", "1.000"]
    assert re.search(r"probability 4\.2e-9 is a surprise of 19\.300", SoftmaxExplorer(logits=[-10, 9.3], label=0).describe())


def test_links_hold_two_to_five_logits(js):
    limits = SoftmaxExplorer()._spec["limits"]
    for bad in ([1], [1] * 6, [1, 10.5], [1, None], "12", [1, "2"], 3, {"0": 1, "1": 2, "length": 2}):
        assert js("state.js", [["accept", limits, {"logits": bad}]]) == [{}]
    assert js("state.js", [["accept", limits, {"logits": [3, -3, 0]}]]) == [{"logits": [3, -3, 0]}]
