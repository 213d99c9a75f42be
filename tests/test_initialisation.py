"""First weights: the variances their papers ask for, in NumPy and torch alike."""

import numpy as np
import pytest
import torch

import mlpbook as mb

# name -> (torch's initialiser, the variance of its weights for d_in = 300, d_out = 500)
REFEREES = {
    "xavier": torch.nn.init.xavier_normal_,
    "he": lambda w: torch.nn.init.kaiming_normal_(w, nonlinearity="relu"),
    "lecun": lambda w: torch.nn.init.kaiming_normal_(w, nonlinearity="linear"),
    "zeros": torch.nn.init.zeros_,
}


@pytest.mark.parametrize("init", REFEREES)
def test_variance_is_that_of_torchs_initialiser(init):
    torch.manual_seed(0)
    theirs = REFEREES[init](torch.empty(500, 300)).std().item()
    W = mb.MLP([300, 500, 1], init=init, seed=0).linear_layers[0].W
    assert W.shape == (300, 500)
    assert W.std() == pytest.approx(theirs, rel=0.01)
    assert abs(W.mean()) <= 4 * W.std() / np.sqrt(W.size)


def test_identity():
    mlp = mb.MLP([3, 3, 3], "relu", init="identity")
    x = np.array([[1.0, 2.0, 0.5]])
    np.testing.assert_array_equal(mlp(x), x)


def test_none_is_he_for_relu_and_lecun_for_the_identity():
    for activation, init in [("relu", "he"), ("identity", "lecun")]:
        np.testing.assert_allclose(mb.MLP([7, 5, 1], activation).linear_layers[0].W, mb.MLP([7, 5, 1], activation, init=init).linear_layers[0].W, rtol=1e-12)


@pytest.mark.parametrize("activation", ["tanh", "sigmoid", "relu", "gelu"])
def test_none_keeps_the_mean_square_through_a_layer(activation):
    """E phi(z)^2 = 1 for z ~ N(0, gain^2) is not what gain promises; that phi of standard normal sums times gain has mean square 1 is."""
    u = np.random.default_rng(0).normal(size=400_000)
    a = mb.ACTIVATIONS[activation]
    assert np.mean((a.gain * a(u)) ** 2) == pytest.approx(1, abs=0.01)


def test_every_name_is_tested():
    assert set(mb.INITIALISATIONS) == {*REFEREES, "identity"}


@pytest.mark.parametrize("arguments, words", [
    (dict(init="uniform"), "init must be one of zeros, lecun, xavier, he, identity; got 'uniform'"), (dict(init=0), "init must be one of"),
    (dict(init="identity"), "equal widths, for example .* got 2 -> 4"), (dict(dtype="float16"), "dtype must be one of float64, float32"), (dict(dtype=3), "dtype"),
    (dict(normalization="group"), "normalization must be one of batch, layer"), (dict(normalization=True), "normalization"),
    (dict(residual=True), r"residual needs a hidden layer as wide as the one before it.*\[2, 4, 1\]"), (dict(residual="yes"), "residual must be True or False")])
def test_bad_arguments(arguments, words):
    with pytest.raises(ValueError, match=words):
        mb.MLP([2, 4, 1], **arguments)
