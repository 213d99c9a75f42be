"""The check itself: small where backward is right, large where we break it, and it leaves no trace."""

import numpy as np
import pytest

import mlpbook as mb

rng = np.random.default_rng(0)
X, Y = rng.normal(size=(8, 2)), rng.normal(size=(8, 1))


@pytest.mark.parametrize("activation", [name for name in mb.ACTIVATIONS if name != "step"])
def test_right_gradients_pass(activation):
    mlp = mb.MLP([2, 5, 4, 1], activation, seed=3)
    for layer in mlp.linear_layers:
        layer.b[...] = rng.normal(size=layer.b.shape)
    assert mb.gradcheck(mlp, X, Y) < 1e-8


@pytest.mark.parametrize("part", ["dW", "db", "dx"])
def test_broken_gradients_are_seen(part, monkeypatch):
    right = mb.mlp.Linear.backward

    def wrong(self, dz):
        dx = right(self, dz)
        if part == "dx":
            return -dx
        getattr(self, part)[...] *= 1.01
        return dx

    monkeypatch.setattr(mb.mlp.Linear, "backward", wrong)
    assert mb.gradcheck(mb.MLP([2, 5, 1], seed=3), 3 * X, 9 * Y) > 1e-3


@pytest.mark.filterwarnings("ignore:invalid value:RuntimeWarning")
@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_a_gradient_that_is_no_number_does_not_pass(value, monkeypatch):
    right = mb.mlp.Linear.backward

    def wrong(self, dz):
        dx = right(self, dz)
        self.dW[0, 0] = value
        return dx

    monkeypatch.setattr(mb.mlp.Linear, "backward", wrong)
    assert not mb.gradcheck(mb.MLP([2, 5, 1], seed=3), X, Y) < 1e-3


@pytest.mark.filterwarnings("ignore:overflow:RuntimeWarning", "ignore:invalid value:RuntimeWarning")
def test_a_loss_that_is_no_number_does_not_pass():
    assert not mb.gradcheck(mb.MLP([2, 5, 1], "identity"), 1e200 * X, Y) < 1e-3


def test_parameters_end_as_they_were():
    mlp = mb.MLP([2, 5, 1])
    before = [p.copy() for p in mlp.parameters]
    mb.gradcheck(mlp, X, Y)
    for p, kept in zip(mlp.parameters, before, strict=True):
        np.testing.assert_array_equal(p, kept)


def test_zero_biases_sit_on_the_kink_of_relu():
    # a sample at 0 has z = 0 in every unit: the quotient sees half a slope, backward takes 0
    mlp = mb.MLP([2, 5, 1], "relu", seed=0)
    x = np.vstack([X, [[0.0, 0.0]]])
    y = np.vstack([Y, [[9.0]]])
    assert mb.gradcheck(mlp, x, y) > 1e-2
    for layer in mlp.linear_layers:
        layer.b[...] = rng.normal(size=layer.b.shape)
    assert mb.gradcheck(mlp, x, y) < 1e-8


@pytest.mark.parametrize("arguments, words", [
    (dict(loss="hinge"), "loss must be one of mse"), (dict(eps=0), "eps must be"), (dict(eps="a"), "eps must be a number"),
])
def test_bad_input(arguments, words):
    with pytest.raises(ValueError, match=words):
        mb.gradcheck(mb.MLP([2, 1]), X, Y, **arguments)


@pytest.mark.parametrize("mlp, words", [
    (mb.Ensemble([2, 3, 1], seeds=2), "mlp must be an MLP.*got 2 x MLP"), (mb.MLP([2, 3, 1], dtype="float32"), "float64.*got float32"), ("mlp", "mlp must be an MLP")])
def test_networks_that_it_cannot_check(mlp, words):
    with pytest.raises(ValueError, match=words):
        mb.gradcheck(mlp, X, Y)
