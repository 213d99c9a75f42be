"""The two twins: equal outputs, equal gradients, equal losses, and one state for both."""

import numpy as np
import pytest
import torch

import mlpbook as mb

torch.set_num_threads(1)  # the networks are small and the tests run side by side
TWIN = mb.torch_mlp.MLP
rng = np.random.default_rng(0)
X, Y = rng.normal(size=(24, 2)), rng.normal(size=(24, 2))
KINDS = [{}, dict(residual=True), dict(normalization="batch"), dict(normalization="layer"), dict(residual=True, normalization="batch"),
         dict(residual=True, normalization="layer")]
LEARNABLE = [name for name, a in mb.ACTIVATIONS.items() if a.torch]


def pair(activation="tanh", **kind):
    """An MLP whose every array is random, and its twin."""
    mlp = mb.MLP([2, 5, 5, 2], activation, seed=3, **kind)
    for p in mlp.parameters:
        p += np.random.default_rng(4).normal(scale=0.3, size=p.shape)
    return mlp, TWIN.from_state(mlp.state())


@pytest.mark.parametrize("kind", KINDS, ids=str)
@pytest.mark.parametrize("activation", LEARNABLE)
def test_outputs_and_gradients(activation, kind):
    mlp, twin = pair(activation, **kind)
    np.testing.assert_allclose(twin(X), mlp(X), atol=1e-10)
    value = mlp.backprop(X, Y)
    twin.train()
    loss = torch.nn.functional.mse_loss(twin(torch.tensor(X)), torch.tensor(Y))
    loss.backward()
    assert loss.item() == pytest.approx(value, rel=1e-12)
    names = ["linear.weight", "linear.bias", "norm.weight", "norm.bias", "bend.weight"]
    theirs = [p.grad for layer in twin.layers for name in names for n, p in layer.named_parameters() if n == name]
    assert len(theirs) == len(mlp.gradients)
    for ours, grad in zip(mlp.gradients, theirs, strict=True):
        np.testing.assert_allclose(ours, grad.numpy().T, atol=1e-10)


@pytest.mark.parametrize("kind", KINDS, ids=str)
@pytest.mark.parametrize("activation", LEARNABLE)
def test_equal_losses_over_200_steps_of_adam(activation, kind):
    a, b = mb.MLP([2, 5, 5, 2], activation, seed=3, **kind), TWIN([2, 5, 5, 2], activation, seed=3, dtype="float64", **kind)
    ours, theirs = (mb.train(m, (X, Y), optimizer=mb.Adam(lr=0.01), epochs=200, gradient_norms=True) for m in (a, b))
    np.testing.assert_allclose(ours.losses, theirs.losses, atol=1e-8)
    np.testing.assert_allclose(ours.gradient_norms[:50], theirs.gradient_norms[:50], atol=1e-8)
    # normalisation divides by small numbers and enlarges rounding errors; besides, torch rounds the momentum of its running averages
    np.testing.assert_allclose(a(X), b(X), atol=1e-4 if kind.get("normalization") else 1e-8)


@pytest.mark.parametrize("loss, y", [("cross_entropy", rng.integers(0, 2, size=24)), ("binary_cross_entropy", rng.integers(0, 2, size=(24, 2)))])
def test_equal_losses_in_minibatches(loss, y):
    a, b = mb.MLP([2, 5, 2], seed=3), TWIN([2, 5, 2], seed=3, dtype="float64")
    ours, theirs = (mb.train(m, (X, y), loss=loss, optimizer=mb.Momentum(lr=0.1), epochs=20, batch_size=7, validation=(X, y)) for m in (a, b))
    np.testing.assert_allclose(ours.losses, theirs.losses, atol=1e-10)
    np.testing.assert_allclose(ours.validation_losses, theirs.validation_losses, atol=1e-10)


@pytest.mark.parametrize("kind", KINDS, ids=str)
@pytest.mark.parametrize("activation", ["tanh", "prelu", "elu"])
def test_state_there_and_back(activation, kind):
    mlp, twin = pair(activation, **kind)
    mb.train(mlp, (X, Y), epochs=3)
    there = TWIN.from_state(mlp.state())
    back = mb.MLP.from_state(there.state())
    np.testing.assert_allclose(there(X), mlp(X), atol=1e-12)
    np.testing.assert_array_equal(back(X), mlp(X))
    assert set(there.state()) == set(mlp.state())
    mb.train(twin, (X, Y), epochs=3, frames=1)
    assert repr(twin).startswith("torch MLP 2 -> 5 -> 5 -> 2, ") and repr(twin).endswith("parameters, float64")


def test_the_same_seed_is_the_same_start():
    for init in (None, *mb.INITIALISATIONS):
        ours, theirs = (kind([3, 3, 3], seed=5, init=init, dtype="float64").state() for kind in (mb.MLP, TWIN))
        for key in ("W", "b"):
            for a, b in zip(ours[key], theirs[key], strict=True):
                np.testing.assert_array_equal(a, b)


def test_arrays_are_answered_without_a_gradient_and_tensors_with_one():
    twin = TWIN([2, 3, 1], normalization="batch")
    twin.train()
    alone, together = twin(X[:1]), twin(X)[:1]
    np.testing.assert_allclose(alone, together, rtol=1e-6)  # evaluation mode: the neighbours make no difference
    assert isinstance(alone, np.ndarray) and alone.dtype == np.float32
    assert twin.training
    assert twin(torch.tensor(X, dtype=torch.float32)).requires_grad


def test_it_is_an_ordinary_module():
    """A loop of torch's own, with torch's optimizer, before and after our train."""
    twin = TWIN([2, 3, 2], dtype="float64")
    mb.train(twin, (X, Y), epochs=3)
    adam = torch.optim.Adam(twin.parameters(), lr=0.05)
    losses = []
    for _ in range(20):
        adam.zero_grad()
        loss = torch.nn.functional.mse_loss(twin(torch.tensor(X)), torch.tensor(Y))
        loss.backward()
        adam.step()
        losses.append(loss.item())
    assert losses[-1] < losses[0]
    run = mb.train(twin, (X, Y), epochs=3)
    assert run.losses[0] < losses[-1]
    twin.float()
    assert mb.train(twin, (X, Y), epochs=3).losses[-1] < run.losses[-1] + 1e-6
    assert twin.state()["W"][0].dtype == np.float32


def test_bad_arguments():
    for arguments, words in [(dict(sizes=[2, 0]), r"sizes\[1\]"), (dict(sizes=[2, 3, 1], activation="step"), "step is not for torch"),
                             (dict(sizes=[2, 3, 1], residual=True), "residual needs"), (dict(sizes=[2, 1], dtype="half"), "dtype must be one of"),
                             (dict(sizes=[2, 1], normalization="group"), "normalization must be one of batch, layer"), (dict(sizes=[2, 3, 1], init="identity"), "equal widths")]:
        with pytest.raises(ValueError, match=words):
            TWIN(**arguments)
    with pytest.raises(ValueError, match="missing: W"):
        TWIN.from_state({"sizes": [2, 1], "activation": "tanh", "b": []})
    with pytest.raises(ValueError, match="x must have 2 columns"):
        TWIN([2, 1])([[1.0]])


def test_float32_is_the_usual_dtype_with_every_activation():
    for activation in [a.name for a in mb.ACTIVATIONS.values() if a.torch]:
        assert repr(TWIN([2, 3, 1], activation)).endswith(", float32"), activation
