"""The page's training engine against the package's: the same draws, the same first weights, the same losses step for step."""

import json
import subprocess
import warnings
from functools import partial
from itertools import product

import numpy as np
import pytest
from shared import ROOT

import mlpbook as mb


@pytest.fixture(scope="module")
def engine(scripted):
    """engine([{"what": ..., ...}]) -> what the page makes of each case; see tests/frontend/engine.mjs."""
    return partial(scripted, "engine.mjs")


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


# --- training

# rates at which no run swings about: there, rounding would soon show
CASES = list(product([mb.SGD(lr=0.02), mb.Momentum(lr=0.01, weight_decay=0.01), mb.Adam(lr=0.02)], mb.LOSSES, [False, True],
                     [None, "batch", "layer"], [None, 7]))
N, EPOCHS = 18, {None: 50, 7: 17}  # 7 of 18 samples: three batches an epoch, the last of 4


def both(activation, optimizer, loss, residual, normalization, batch_size, seed, epochs=None, scale=1.0, frames=0):
    """(what the page is given, the Run and the losses of its steps, the trained network)."""
    rng = np.random.default_rng(seed)
    mlp = mb.MLP([2, 6, 6, 3], activation, seed=seed, residual=residual, normalization=normalization)
    x, others = scale * rng.normal(size=(2, N, 2))
    y = {"mse": rng.normal(size=(2, N, 3)), "binary_cross_entropy": rng.integers(2, size=(2, N, 3)).astype(float),
         "cross_entropy": rng.integers(3, size=(2, N))}[loss]
    epochs = epochs or EPOCHS[batch_size]
    given = {"what": "train", "state": mlp.state(), "x": x, "y": y[0], "loss": loss, "optimizer": described(optimizer), "seed": seed,
             "batchSize": batch_size, "validation": {"x": others, "y": y[1]}, "epochs": epochs}
    steps, step = [], mlp.step
    mlp.step = lambda *arguments: steps.append(step(*arguments)) or steps[-1]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", mb.DivergenceWarning)
        run = mb.train(mlp, (x, y[0]), loss=loss, optimizer=optimizer, epochs=epochs, batch_size=batch_size, seed=seed, frames=frames,
                       validation=(others, y[1]), gradient_norms=True, progress=False)
    return given, run, steps, mlp


@pytest.mark.parametrize("activation", mb.ACTIVATIONS)
def test_losses_and_weights_equal_those_of_train(engine, activation):
    made = [both(activation, *case, seed) for seed, case in enumerate(CASES)]
    for (optimizer, *_, normalization, _), (_, run, steps, mlp), got in zip(CASES, made, engine([given for given, *_ in made]), strict=True):
        # The gradient of b before a batch normalisation is 0 but for rounding, of which Adam makes steps of up to lr: the
        # batches do not see them, the running averages do.
        loose = 1e-6 if normalization == "batch" and isinstance(optimizer, mb.Adam) else 1e-10
        assert len(steps) >= 50
        close(got["steps"], steps, 1e-10)
        close(got["losses"], run.losses, 1e-10)
        close(got["norms"], run.gradient_norms, 1e-10)
        close(got["validation"], run.validation_losses, loose)
        same_state(got["state"], mlp.state(), loose)
        assert got["stopped"] == ""


def test_epochs_may_be_taken_whole(engine):
    """`epoch` takes the steps that `step` takes one by one, also when a part of them has been taken already."""
    given, run, steps, mlp = both("tanh", mb.Adam(lr=0.02), "mse", False, "batch", 7, seed=3)
    got, = engine([given | {"byEpoch": True}])
    close(got["steps"], run.losses, 1e-10)
    same_state(got["state"], mlp.state(), 1e-6)
    mixed, = engine([{"what": "mixed", **{key: given[key] for key in given if key not in ("what", "epochs")}}])
    close(mixed, [steps[0], steps[1], run.losses[0], steps[3], run.losses[1], run.losses[2]], 1e-10)


@pytest.mark.parametrize("batch_size", [None, 7])
@pytest.mark.parametrize("scale, optimizer", [(1, mb.SGD(lr=1e6)), (1, mb.Momentum(lr=50)), (1e200, mb.SGD(lr=0.1)), (1, mb.Adam(lr=1e308))], ids=repr)
def test_a_run_that_diverges_stops_where_pythons_does_and_lets_nothing_out(engine, scale, optimizer, batch_size):
    given, run, *_ = both("identity", optimizer, "mse", False, None, batch_size, seed=1, epochs=200, scale=scale, frames=200)
    got, = engine([given])  # which itself accepts no number that is not finite
    assert run.stopped.startswith("Diverged")
    assert got["stopped"] == run.stopped.replace(" of 200", "")
    np.testing.assert_allclose(got["losses"], run.losses, rtol=1e-6)
    assert got["after"] == [None, None, got["state"], len(run.losses)]
    assert all(np.isfinite(np.array(array, float)).all() for key in ("W", "b") for array in got["state"][key])


def test_what_cannot_be_learned_from_is_said(engine):
    one = {"sizes": [2, 3, 1], "activation": "tanh", "W": [np.ones((2, 3)), np.ones((3, 1))], "b": [np.ones(3), np.ones(1)]}
    normed = mb.MLP([2, 3, 1], normalization="batch").state()
    usual = {"what": "train", "optimizer": described(mb.SGD()), "epochs": 2, "batchSize": None}
    none, single, alone = engine([{**usual, "state": one, "x": [], "y": []},
                                  {**usual, "state": normed, "x": np.ones((5, 2)), "y": np.ones((5, 1)), "batchSize": 2},
                                  {**usual, "state": one, "x": np.ones((1, 2)), "y": np.ones((1, 1)), "batchSize": 100}])
    assert none["stopped"] == "There are no samples to learn from"
    with pytest.raises(ValueError) as refused:
        mb.train(mb.MLP([2, 3, 1], normalization="batch"), (np.ones((5, 2)), np.ones((5, 1))), batch_size=2)
    assert single["stopped"].casefold().replace("batch size", "batch_size") == str(refused.value).casefold()
    for got in (none, single):
        assert got["losses"] == got["steps"] == [] and got["after"][:2] == [None, None]
    assert len(alone["losses"]) == 2 and alone["validation"] == [None, None]


@pytest.mark.parametrize("change, words", [(dict(loss="hinge"), "no loss is called hinge"), (dict(x=[[1, 2, 3]]), "rows of 2 numbers, got 3"),
                                           (dict(y=[[1, 2]]), "y must hold 1 x 1 numbers, got 2")], ids=str)
def test_data_that_does_not_fit_is_refused(node, change, words):
    given = {"what": "train", "state": mb.MLP([2, 1]).state(), "x": [[1, 2]], "y": [[1]], "optimizer": described(mb.SGD()), "epochs": 1}
    done = subprocess.run([node, ROOT / "tests/frontend/engine.mjs"], capture_output=True, text=True,
                          input=json.dumps([given | change], default=np.ndarray.tolist))
    assert done.returncode and words in done.stderr


def test_a_state_goes_in_and_comes_out_again(engine):
    made = [mb.MLP(**settings) for settings in STARTS]
    rng = np.random.default_rng(0)
    for mlp in made:
        for p in mlp.parameters:
            p += rng.normal(size=p.shape)
        mlp.normalization and mlp.backprop(rng.normal(size=(9, mlp.sizes[0])), np.zeros((9, mlp.sizes[-1])))
        for norm in mlp.batch_norms:
            norm.remember()
    x = [rng.normal(size=(5, mlp.sizes[0])) for mlp in made]
    cases = [{"what": "state", "state": mlp.state(), "x": rows} for mlp, rows in zip(made, x, strict=True)]
    for mlp, rows, got in zip(made, x, engine(cases), strict=True):
        same_state(got["state"], mlp.state(), 0)
        close(got["yHat"], mlp(rows))  # with the running averages, where there are any
