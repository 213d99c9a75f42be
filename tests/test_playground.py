"""TrainingPlayground without a browser: the page's own session against mb.train, words and code in both languages, and what is refused."""

import json
import subprocess

import numpy as np
import pytest
import traitlets
from shared import ROOT

import mlpbook as mb
from mlpbook.widgets import TrainingPlayground, presets

MOONS, TEST = mb.datasets.moons(250, seed=3), mb.datasets.moons(60, seed=4)
BLOBS = mb.datasets.blobs(90, k=3)
CLUSTERS = mb.datasets.three_clusters(30)


def traits(widget):
    """What the page is given, as it gets it."""
    state = widget.get_state()
    return json.loads(json.dumps({k: v for k, v in state.items() if not k.startswith("_") and k not in ("layout", "tabbable", "tooltip")}, allow_nan=False))


@pytest.fixture(scope="module")
def paged(node):
    """paged([(widget, what to do), ...]) -> what the page's own playground makes of each."""
    def paged(cases):
        cases = [{"spec": json.loads(json.dumps(widget._spec, allow_nan=False)), "traits": traits(widget), **do} for widget, do in cases]
        done = subprocess.run([node, ROOT / "tests/frontend/playground.mjs"], capture_output=True, text=True, encoding="utf-8", input=json.dumps(cases))
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)
    return paged


# (mlp, data, what train is told): every optimizer, loss, kind of network and of data at least once
RUNS = [
    (dict(sizes=[2, 8, 8, 1], seed=0), MOONS, dict(loss="binary_cross_entropy", optimizer=mb.Adam(lr=0.01))),
    (dict(sizes=[2, 8, 8, 1], seed=0), MOONS, dict(loss="mse", optimizer=mb.SGD(lr=0.05))),
    (dict(sizes=[2, 6, 6, 1], seed=5, activation="relu", residual=True, init="he"), MOONS,
     dict(loss="binary_cross_entropy", optimizer=mb.Momentum(lr=0.05, weight_decay=0.01), batch_size=32, seed=7)),
    (dict(sizes=[2, 5, 3], seed=3, activation="prelu", normalization="batch"), BLOBS, dict(loss="cross_entropy", optimizer=mb.Adam(lr=0.02), batch_size=20, seed=1)),
    (dict(sizes=[2, 5, 2], seed=3, activation="gelu", normalization="layer"), MOONS, dict(loss="cross_entropy", optimizer=mb.Adam(lr=0.02), batch_size=64)),
    (dict(sizes=[2, 2, 2, 2], seed=0, activation="relu", residual=True, normalization="batch", init="identity"), CLUSTERS,
     dict(loss="mse", optimizer=mb.Adam(lr=0.01))),
    (dict(sizes=[2, 1], seed=12), MOONS, dict(loss="binary_cross_entropy", optimizer=mb.SGD(lr=1.0), batch_size=100)),
]


@pytest.mark.parametrize("case", range(len(RUNS)))
def test_fifty_epochs_are_those_of_train(paged, case):
    network, data, told = RUNS[case]
    mlp = mb.MLP(**network)
    settings = {k: v for k, v in told.items() if k != "loss"}
    play = TrainingPlayground(mlp, data, validation=data, loss=told["loss"], **settings)
    got, = paged([(play, {"epochs": 50})])
    run = mb.train(mlp, data, epochs=50, validation=data, frames=0, gradient_norms=True, **told)
    np.testing.assert_allclose(got["losses"], run.losses, rtol=0, atol=1e-6)
    np.testing.assert_allclose(got["losses"], run.losses, rtol=1e-9)
    assert got["progress"]["epoch"] == 50 and got["progress"]["stopped"] == ""
    assert got["progress"]["loss"] == pytest.approx(run.losses[-1])
    assert got["progress"]["test_loss"] == pytest.approx(run.validation_losses[-1])
    np.testing.assert_allclose(got["progress"]["gradient_norms"], run.gradient_norms[-1], rtol=1e-6)
    play.progress = got["progress"]
    for ours, theirs in zip(play.mlp.parameters, mlp.parameters, strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-6, atol=1e-6)
    assert got["words"] == play.describe()
