"""The page's training engine against the package's: the same draws, the same first weights, the same losses step for step."""

import json
import subprocess

import numpy as np
import pytest
from shared import ROOT

import mlpbook as mb


@pytest.fixture(scope="module")
def engine(node):
    """engine([{"what": ..., ...}]) -> what the page makes of each case; see tests/frontend/engine.mjs."""
    def engine(cases):
        done = subprocess.run([node, ROOT / "tests/frontend/engine.mjs"], capture_output=True, text=True, encoding="utf-8",
                              input=json.dumps(cases, allow_nan=False, default=np.ndarray.tolist))
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)
    return engine


def described(optimizer):
    """An optimizer as the page takes it."""
    return {"name": type(optimizer).__name__} | {name: getattr(optimizer, name) for name in optimizer.settings}


def close(got, want, tolerance=1e-12):
    want = np.asarray(want)
    np.testing.assert_allclose(np.reshape(got, want.shape), want, rtol=tolerance, atol=tolerance)


# --- draws

@pytest.mark.parametrize("seed", [0, 1, 7, 2**31, 2**32 - 1])
def test_draws_equal_numpys(engine, seed):
    """Enough of them to meet every way through the ziggurat: about 1 draw in 4000 comes from the tail."""
    n, every, rng = 20_000, 50, np.random.default_rng(seed)
    got, = engine([{"what": "draws", "seed": seed, "n": n, "every": every}])
    normals, orders = [], []
    for i in range(n):
        if i % every == every - 1:
            orders.append(rng.permutation(i % 7).tolist())
        normals.append(rng.normal())
    assert got["orders"] == orders
    np.testing.assert_allclose(got["normals"], normals, rtol=2e-14)
    assert {1, -1} == set(np.sign([z for z in normals if abs(z) > 3.6542]))  # the tail was met, on both sides


# --- first weights

STARTS = [dict(sizes=sizes, activation=activation, seed=seed, init=init, residual=residual, normalization=normalization)
          for seed, (sizes, activation, init, residual, normalization) in enumerate([
              ([2, 8, 8, 1], "tanh", None, False, None), ([2, 8, 8, 1], "relu", "he", True, "batch"), ([3, 1], "prelu", "xavier", False, None),
              ([2, 2, 2, 2], "identity", "identity", True, "layer"), ([64, 40, 10], "gelu", "lecun", False, "layer"),
              ([1, 5, 2], "leaky_relu", "zeros", False, "batch"), ([2, 30, 30, 30, 4], "sigmoid", None, True, "batch"),
              ([5, 7, 7, 3], "elu", None, True, None), ([2, 4, 2], "softplus", None, False, None)])]


def page_start(settings):
    """The settings of a network as the page takes them: with what it must be told about the activation."""
    record = mb.ACTIVATIONS[settings["activation"]]
    return settings | {"gain": record.gain, "alpha": record.alpha}


def same_state(got, want, tolerance):
    assert set(got) == set(want)
    for key, value in want.items():
        if key in ("W", "b", "gamma", "beta", "running_mean", "running_var"):
            for one, two in zip(got[key], value, strict=True):
                close(one, two, tolerance)
        elif key == "alpha":
            close(got[key], value, tolerance)
        else:
            assert got[key] == value


def test_first_weights_equal_pythons(engine):
    for settings, got in zip(STARTS, engine([{"what": "initial", "settings": page_start(s)} for s in STARTS]), strict=True):
        same_state(got, mb.MLP(**settings).state(), 1e-13)


@pytest.mark.parametrize("settings", [dict(sizes=[2, 3, 2], activation="tanh", init="identity"),
                                      dict(sizes=[2, 3, 2], activation="tanh", residual=True), dict(sizes=[2, 2], activation="tanh", residual=True)])
def test_what_python_refuses_the_page_refuses_in_its_words(engine, node, settings):
    with pytest.raises(ValueError) as refused:
        mb.MLP(**settings)
    done = subprocess.run([node, ROOT / "tests/frontend/engine.mjs"], capture_output=True, text=True,
                          input=json.dumps([{"what": "initial", "settings": page_start(settings)}]))
    assert done.returncode and str(refused.value).split(";")[0] in done.stderr


# --- optimizers

OPTIMIZERS = [mb.SGD(lr=0.05), mb.SGD(lr=0.05, weight_decay=0.1), mb.Momentum(lr=0.02, momentum=0.8),
              mb.Momentum(lr=0.02, weight_decay=0.3), mb.Adam(lr=0.03), mb.Adam(lr=0.03, beta1=0.5, beta2=0.9, eps=1e-4, weight_decay=0.2)]


@pytest.mark.parametrize("optimizer", OPTIMIZERS, ids=repr)
def test_a_hundred_steps_equal_pythons(engine, optimizer):
    rng = np.random.default_rng(0)
    theta, gradients = rng.normal(size=7), rng.normal(size=(100, 7)) * np.logspace(-3, 2, 100)[:, None]
    paths, = engine([{"what": "optimizer", "described": described(optimizer), "theta": theta, "gradients": gradients}])
    for got, dtheta in zip(paths, gradients, strict=True):
        optimizer.step(theta, dtheta)
        close(got, theta)


def test_a_missing_setting_is_named(node):
    for given, words in (({"name": "Momentum", "lr": 1}, "Momentum needs a number for momentum"), ({"name": "AdaGrad"}, "no optimizer is called AdaGrad")):
        done = subprocess.run([node, ROOT / "tests/frontend/engine.mjs"], capture_output=True, text=True,
                              input=json.dumps([{"what": "optimizer", "described": given, "theta": [1], "gradients": [[1]]}]))
        assert done.returncode and words in done.stderr
