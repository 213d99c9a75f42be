"""Normalisation and residual layers against torch and finite differences."""

import numpy as np
import pytest

import mlpbook as mb
from mlpbook.normalisation import BatchNorm, LayerNorm

rng = np.random.default_rng(0)
X, Y = rng.normal(size=(12, 2)), rng.normal(size=(12, 2))


@pytest.mark.parametrize("residual", [False, True])
@pytest.mark.parametrize("normalization", [None, "batch", "layer"])
def test_gradients_equal_finite_differences(normalization, residual):
    mlp = mb.MLP([2, 4, 4, 2], "tanh", seed=1, residual=residual, normalization=normalization)
    for p in mlp.parameters:
        p += rng.normal(scale=0.3, size=p.shape)
    state = mlp.state()
    assert mb.gradcheck(mlp, X, Y) < 1e-7
    for key in ("W", "gamma", "running_mean", "running_var"):
        for before, after in zip(state.get(key, []), mlp.state().get(key, []), strict=True):
            np.testing.assert_array_equal(before, after)


@pytest.mark.parametrize("make, axis", [(lambda: BatchNorm(np.ones(4), np.zeros(4)), 0), (lambda: LayerNorm(np.ones(4), np.zeros(4)), 1)], ids=["batch", "layer"])
def test_what_comes_out_is_centred_and_of_variance_one(make, axis):
    layer = make()
    layer.learning = True
    out = layer.forward(rng.normal(3, 5, size=(50, 4)))
    np.testing.assert_allclose(out.mean(axis), 0, atol=1e-12)
    np.testing.assert_allclose(out.var(axis), 1, atol=1e-3)


def test_batch_normalization_mixes_rows_and_layer_normalization_does_not():
    for kind, mixes in [("batch", True), ("layer", False)]:
        mlp = mb.MLP([2, 4, 2], normalization=kind, seed=1)
        mlp.backprop(X, Y)
        first = mlp.layers[1].x_hat[0].copy()
        mlp.backprop(np.vstack([X[:1], 10 * X[1:]]), Y)
        assert (abs(mlp.layers[1].x_hat[0] - first).max() > 0.1) == mixes
        np.testing.assert_allclose(mlp(X[:1]), mlp(X)[:1], atol=1e-12)  # afterwards, no network looks at the neighbours


def test_only_a_step_is_remembered():
    mlp = mb.MLP([2, 4, 2], normalization="batch")
    norm = mlp.batch_norms[0]
    mlp.backprop(X, Y), mlp(X)
    assert not norm.running_mean.any() and (norm.running_var == 1).all()
    z = X @ mlp.linear_layers[0].W
    mlp.step(X, Y, mb.mse, mb.SGD(lr=0.1))
    np.testing.assert_allclose(norm.running_mean, 0.1 * z.mean(axis=0), atol=1e-12)
    np.testing.assert_allclose(norm.running_var, 0.9 + 0.1 * z.var(axis=0, ddof=1), atol=1e-12)


def test_repr_tells():
    assert repr(mb.MLP([2, 2, 2], "relu", residual=True, normalization="batch")) == "MLP 2 -> 2 -> 2, relu, residual, batch normalisation, 16 parameters"


@pytest.mark.parametrize("change, words", [
    (lambda s: s.pop("gamma"), "gamma must have shapes"), (lambda s: s.pop("running_var"), "running_var must have shapes"), (lambda s: s.update(normalization="layer"), None),
    (lambda s: s.update(gama=s["gamma"]), "a state has no gama"), (lambda s: s.update(residual="no"), "residual must be True or False")])
def test_bad_states(change, words):
    state = mb.MLP([2, 2, 2], normalization="batch").state()
    change(state)
    if words is None:  # more than is needed: a layer normalisation has no running averages
        words = "a state of .* has no running_mean"
    with pytest.raises(ValueError, match=words):
        mb.MLP.from_state(state)
    with pytest.raises(ValueError, match="a state is a dict"):
        mb.MLP.from_state([1, 2])


@pytest.mark.parametrize("kind", [mb.MLP, lambda *arguments, **more: mb.Ensemble(*arguments, seeds=2, **more)], ids=["MLP", "Ensemble"])
def test_backward_is_that_of_the_last_forward_even_if_no_batch_was_learned_from(kind):
    mlp = kind([2, 4, 2], "tanh", normalization="batch")
    fresh = kind([2, 4, 2], "tanh", normalization="batch")
    mb.train(mlp, (X, Y), epochs=3)
    for net in (fresh, mlp):
        if net is mlp:
            net.backprop(10 * X, Y)  # and what another batch left behind does not enter
        out = net.forward(net.array(X))
        slope = net.backward(np.ones_like(out))
        nudge = np.zeros_like(X)
        nudge[3, 1] = 1e-6
        seen = (net(X + nudge) - net(X - nudge)).sum(axis=(-2, -1)) / 2e-6
        np.testing.assert_allclose(slope[..., 3, 1], seen, rtol=1e-6)
