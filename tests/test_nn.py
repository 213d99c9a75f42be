"""The page's network against the package's: outputs, losses and every gradient, on numbers made here and now."""

import json
import subprocess
from functools import partial

import numpy as np
import pytest
from shared import FRONTEND

import mlpbook as mb

SIZES = [[3, 2], [1, 1, 1], [2, 5, 3], [4, 7, 6, 5, 2], [3] * 13]


@pytest.fixture(scope="module")
def paged(scripted):
    """paged(cases) -> what nn.js makes of them; see tests/frontend/nn.mjs."""
    return partial(scripted, "nn.mjs")


def targets(loss, rng, n, k):
    if loss == "cross_entropy":
        return rng.dirichlet(np.ones(k), n) if rng.random() < 0.5 else np.eye(k)[rng.integers(k, size=n)]
    return rng.uniform(size=(n, k)) if loss == "binary_cross_entropy" else rng.normal(size=(n, k))


def networks(activation, seed, scale=1.0):
    """Networks of several shapes with nothing left at 0, their data, and a loss for each."""
    rng = np.random.default_rng(seed)
    for i, sizes in enumerate(SIZES):
        mlp = mb.MLP(sizes, activation, seed=seed)
        for p in mlp.parameters:
            p += rng.normal(scale=0.3 * scale, size=p.shape)
        loss = list(mb.LOSSES)[(i + seed) % len(mb.LOSSES)]
        n = int(rng.integers(1, 30))
        yield mlp, scale * rng.normal(size=(n, sizes[0])), targets(loss, rng, n, sizes[-1]), loss


def close(got, want):
    want = np.asarray(want)
    np.testing.assert_allclose(np.reshape(got, want.shape), want, rtol=1e-12, atol=1e-12 * max(1, np.abs(want).max()))


@pytest.mark.parametrize("activation", mb.ACTIVATIONS)
def test_outputs_losses_and_all_gradients_equal_numpys(paged, activation):
    made = [case for seed in range(3) for case in networks(activation, seed)]
    results = paged([{"state": mlp.state(), "x": x, "y": y, "loss": loss} for mlp, x, y, loss in made])
    for (mlp, x, y, loss), got in zip(made, results, strict=True):
        close(got["yHat"], mlp(x))
        close(got["value"], mlp.backprop(x, y, loss))
        close(got["dx"], mlp.backward(mb.LOSSES[loss](mlp.forward(x), y)[1]))
        assert len(got["gradients"]) == len(mlp.gradients)
        for one, two, parameter, gradient in zip(got["gradients"], got["parameters"], mlp.parameters, mlp.gradients, strict=True):
            close(one, gradient)
            close(two, parameter)  # in the same order, and left as they were
        assert got["again"] == got["gradients"]  # a second backward replaces, and adds nothing


@pytest.mark.parametrize("loss", mb.LOSSES)
def test_losses_stay_finite_for_any_logit(paged, loss):
    rng = np.random.default_rng(0)
    mlp = mb.MLP([3, 3], seed=0)
    mlp.layers[0].W[...] = np.eye(3)
    x = rng.normal(size=(20, 3)) * 10.0 ** rng.integers(-3, 4, size=(20, 1))
    y = targets(loss, rng, 20, 3)
    got, = paged([{"state": mlp.state(), "x": x, "y": y, "loss": loss}])
    value, gradient = mb.LOSSES[loss](mlp(x), y)
    assert np.isfinite(got["value"])
    close(got["value"], value)
    close(got["dx"], gradient @ np.eye(3))


def test_many_units_and_samples(paged):
    """More than four of everything: the matrix product takes four rows at a time, and what is left over."""
    rng = np.random.default_rng(5)
    made = []
    for sizes in ([33, 34, 35, 36], [9, 31, 2]):
        mlp = mb.MLP(sizes, "tanh", seed=1)
        made.append((mlp, rng.normal(size=(65, sizes[0])), rng.normal(size=(65, sizes[-1]))))
    for (mlp, x, y), got in zip(made, paged([{"state": m.state(), "x": x, "y": y, "loss": "mse"} for m, x, y in made]), strict=True):
        close(got["value"], mlp.backprop(x, y))
        for one, gradient in zip(got["gradients"], mlp.gradients, strict=True):
            close(one, gradient)


def test_normalisation_has_to_be_brought_along(node):
    """A page without it does not load it; a network that needs it says so."""
    code = f"""import {{ MLP }} from {json.dumps(FRONTEND.joinpath("nn.js").as_uri())};
        try {{ new MLP({{ sizes: [1, 1], activation: "tanh", W: [[[1]]], b: [[0]], normalization: "batch" }}); }}
        catch (error) {{ console.log(error.message); }}"""
    done = subprocess.run([node, "--input-type=module", "-e", code], capture_output=True, text=True)
    assert done.stdout.strip() == "no normalisation is called batch here", done.stderr
