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


@pytest.mark.parametrize("case", range(len(RUNS)))
def test_step_by_step_too(paged, case):
    """Fifty single steps: batches in the order of train's permutations, each loss the one train's step gives."""
    network, data, told = RUNS[case]
    mlp = mb.MLP(**network)
    got, = paged([(TrainingPlayground(mlp, data, **told), {"steps": 50})])
    size = told.get("batch_size") or len(data)
    order = np.random.default_rng(told.get("seed", 0))
    loss, optimizer, each = mb.LOSSES[told["loss"]], told["optimizer"], []
    y = loss.targets((len(data), mlp.sizes[-1]), data.y)
    optimizer = type(optimizer)(**{name: getattr(optimizer, name) for name in optimizer.settings})
    while len(each) < 50:
        rows = order.permutation(len(data)) if size < len(data) else np.arange(len(data))
        total = 0
        for start in range(0, len(data), size):
            here = rows[start:start + size]
            total += mlp.step(data.x[here], y[here], loss, optimizer) * len(here)
            each.append(total / min(start + size, len(data)))
    np.testing.assert_allclose(got["each"], each[:50], rtol=0, atol=1e-6)


@pytest.mark.parametrize("name", presets.PRESETS)
def test_presets_are_the_packages_data_and_train_alike(paged, name):
    play = TrainingPlayground(preset=name, batch_size=30)
    got, = paged([(play, {"epochs": 50})])
    scope = {"mb": mb}
    exec(play.to_python(train=True).replace("epochs=100", "epochs=50, frames=0"), scope)
    assert scope["data"].name == presets.preset(name).name
    np.testing.assert_allclose(got["losses"], scope["run"].losses, atol=1e-6, rtol=1e-6)
    assert got["progress"]["test_loss"] == pytest.approx(scope["run"].validation_losses[-1], rel=1e-5)


DRAWN = [[0.5, 0.5, 0], [-1, 0.25, 1], [2.5, -2.5, 0], [0.1, 1.7, 3]]
GIVEN = mb.MLP([2, 4, 4, 1], "elu", seed=77, residual=True, normalization="batch")  # of no seed that is looked for
STATES = [
    {}, dict(mlp=GIVEN), dict(mlp=GIVEN, data=MOONS, validation=TEST), dict(mlp=GIVEN, activation="relu"), dict(data=(MOONS.x, MOONS.x[:, :1])),
    dict(data=BLOBS, widths=[]), dict(preset="drawn by hand"), dict(preset="drawn by hand", drawn=DRAWN, batch_size=3, normalization="batch"),
    dict(preset="drawn by hand", drawn=DRAWN[:1]), dict(preset="rotation", init="identity", widths=[2, 2], residual=True), dict(widths=[3, 4], residual=True),
    dict(init="identity"), dict(preset="5 blobs", normalization="layer", lr=1e6, weight_decay=0.001), dict(preset="3 spirals", lr=1e-6, optimizer="SGD"),
    dict(activation="leaky_relu", loss="cross_entropy", batch_size=7, seed=9, mlp_seed=4321), dict(loss="mse", hidden=["lr"], locked=["run", "preset"]),
    dict(preset="practice curve", probe=[-100, 100], activation="identity"), dict(data=(MOONS.x[:5], np.zeros(5, int)), optimizer=mb.Momentum(lr=0.3)),
]


@pytest.mark.parametrize("epochs", [0, 3])
def test_words_and_code_are_alike_on_both_sides(paged, epochs):
    plays = [TrainingPlayground(**arguments) for arguments in STATES]
    for play, got in zip(plays, paged([(play, {"epochs": epochs}) for play in plays]), strict=True):
        play.progress = got["progress"]
        assert got["words"] == play.describe()
        for text in (play.to_python(), got["code"]):
            again = eval(text, {"mb": mb})
            for name in (*play._spec["limits"], "network", "hidden", "locked"):
                assert getattr(again, name) == getattr(play, name), name
            assert (again.data is None) == (play.data is None)
            if play.data is not None:
                np.testing.assert_array_equal(again.data.x, play.data.x)
                np.testing.assert_array_equal(again.data.y, play.data.y)
        if play._task().data is None:
            with pytest.raises(ValueError, match="no samples to train on"):
                play.to_python(train=True)
            continue
        for text in (play.to_python(train=True), got["train"]):
            scope = {"mb": mb}
            exec(text.split("\nrun = ")[0], scope)
            for ours, theirs in zip(scope["mlp"].parameters, play.mlp.parameters, strict=True):
                np.testing.assert_allclose(ours, theirs, rtol=1e-12, atol=1e-15)
            np.testing.assert_array_equal(scope["data"].y, play._task().data.y)
            assert "run = mb.train(mlp, data, loss=" in text
            assert ("test = " in text) == (play._task().test is not None)


def test_what_it_is_given_is_where_it_starts(paged):
    for mlp in (GIVEN, mb.MLP([2, 7, 1], "prelu", seed=3), mb.MLP([2, 2, 2, 2], init="identity")):
        data = MOONS if mlp.sizes[-1] == 1 else CLUSTERS
        play = TrainingPlayground(mlp, data)
        assert (play.mlp_seed is None) == (mlp is GIVEN)
        got, = paged([(play, {})])
        for ours, page, theirs in zip(play.mlp.parameters, mb.MLP.from_state(got["state"]).parameters, mlp.parameters, strict=True):
            np.testing.assert_array_equal(ours, theirs)
            np.testing.assert_allclose(page, theirs, rtol=1e-12)


@pytest.mark.parametrize("change, anew", [
    ({"lr": 0.5}, False), ({"optimizer": "SGD"}, False), ({"weight_decay": 0.1}, False), ({"batch_size": 20}, False), ({"seed": 4}, False), ({"loss": "mse"}, False),
    ({"probe": [0, 0]}, False), ({"mlp_seed": 5}, True), ({"widths": [8]}, True), ({"activation": "relu"}, True), ({"preset": "circles"}, True),
    ({"init": "he"}, True), ({"residual": True}, True), ({"normalization": "layer"}, True), ({"loss": "cross_entropy"}, True)])
def test_which_settings_begin_anew(paged, change, anew):
    play = TrainingPlayground()
    got, after = paged([(play, {"epochs": 5, "change": change}), (play, {"epochs": 5, "change": change, "then": 5})])
    assert got["anew"] == anew
    assert (got["progress"] is None) == anew
    assert len(after["losses"]) == (5 if anew else 10)
    assert np.isfinite(after["losses"]).all()
    play.progress = paged([(play, {"epochs": 5})])[0]["progress"]
    assert play._current()
    for name, value in change.items():
        setattr(play, name, value)
    assert (play._current() is None) == anew  # and Python knows which weights are no longer those of the settings


@pytest.mark.parametrize("change", [{"lr": 0.002}, {"weight_decay": 0.5}, {"batch_size": 30}, {"loss": "mse"}, {"optimizer": "SGD"}])
def test_a_setting_turned_while_it_trains_is_a_second_train_that_goes_on(paged, change):
    """The optimizer keeps what it remembers, unless it is another."""
    mlp = mb.MLP([2, 6, 1], seed=4)
    got, = paged([(TrainingPlayground(mlp, MOONS, batch_size=50, seed=2), {"epochs": 5, "change": change, "then": 5})])
    told = {"loss": "binary_cross_entropy", "batch_size": 50, "seed": 2, "frames": 0, "epochs": 5}
    first = mb.train(mlp, MOONS, optimizer=mb.Adam(lr=0.01), **told)
    optimizer = mb.SGD(lr=0.01) if "optimizer" in change else first.optimizer
    for name in {"lr", "weight_decay"} & set(change):
        setattr(optimizer, name, change[name])
    if set(change) & {"batch_size", "loss"}:  # the batches begin anew with these; else they go on, which a second train cannot
        second = mb.train(mlp, MOONS, optimizer=optimizer, **told | change)
        np.testing.assert_allclose(got["losses"], [*first.losses, *second.losses], atol=1e-9)
    else:
        order, y = np.random.default_rng(2), MOONS.y[:, None].astype(float)
        orders = [order.permutation(250) for _ in range(10)][5:]
        second = [np.mean([mlp.step(MOONS.x[rows[k:k + 50]], y[rows[k:k + 50]], mb.binary_cross_entropy, optimizer) for k in range(0, 250, 50)]) for rows in orders]
        np.testing.assert_allclose(got["losses"], [*first.losses, *second], atol=1e-9)


def test_points_drawn_while_it_trains_keep_the_weights(paged):
    play = TrainingPlayground(preset="drawn by hand", drawn=DRAWN[:3])
    more = TrainingPlayground(preset="drawn by hand", drawn=[*DRAWN[:3], [1, 1, 1]]).drawn
    got, = paged([(play, {"epochs": 5, "change": {"drawn": more}})])
    assert not got["anew"] and got["progress"]["epoch"] == 5
    got, = paged([(play, {"epochs": 5, "change": {"drawn": TrainingPlayground(drawn=DRAWN).drawn}})])
    assert got["anew"]  # a fourth class asks for other outputs


def test_a_run_that_diverges_says_so_and_stops(paged):
    # a linear network under mse: the error is multiplied by the same factor in every step
    play = TrainingPlayground(mb.MLP([2, 1], seed=0), (MOONS.x, MOONS.x[:, :1]), optimizer=mb.SGD(lr=1e6))
    got, = paged([(play, {"epochs": 500})])
    assert got["progress"]["stopped"].startswith("Diverged in epoch ") and "try a smaller lr" in got["progress"]["stopped"]
    assert 1 < got["progress"]["epoch"] < 500
    assert all(np.isfinite(W).all() for W in got["progress"]["weights"]["W"])
    with pytest.warns(mb.DivergenceWarning):
        run = mb.train(mb.MLP([2, 1], seed=0), (MOONS.x, MOONS.x[:, :1]), optimizer=mb.SGD(lr=1e6), epochs=500, frames=0)
    assert len(run.losses) == got["progress"]["epoch"]
    play.progress = got["progress"]
    assert got["words"] == play.describe() and "Diverged" in play.describe()


def test_extremes_stay_finite(paged):
    many = mb.datasets.moons(10_000, seed=1)
    plays = [TrainingPlayground(mb.MLP([2, 8, 8, 1]), many), TrainingPlayground(lr=1e6, optimizer="SGD", loss="mse"), TrainingPlayground(preset="drawn by hand"),
             TrainingPlayground(data=(MOONS.x, np.ones(250, int))), TrainingPlayground(widths=[16] * 6, lr=1e6, activation="relu", preset="5 blobs"),
             TrainingPlayground(preset="drawn by hand", drawn=[[0, 0, 0]], normalization="batch"), TrainingPlayground(data=([[1.0, 1.0]] * 3, [0, 1, 1]))]
    got = paged([(play, {"epochs": 20}) for play in plays])  # a NaN would have ended the run
    assert [each["blocked"] for each in got] == [False, False, True, False, False, True, False]
    assert got[2]["progress"] is None and "No points yet" in got[2]["words"]
    assert "All are of one class." in got[3]["words"]
    assert "Batch normalisation cannot learn from a batch of 1 sample" in got[5]["words"]


def test_drawn_points_are_kept_as_text_and_come_back(js):
    rng = np.random.default_rng(0)
    rows = np.column_stack([rng.uniform(-2.5, 2.5, (200, 2)).round(4), rng.integers(0, 5, 200)])
    play = TrainingPlayground(drawn=rows, preset="drawn by hand")
    assert len(play.drawn) == 1000
    data = play._task().data
    np.testing.assert_allclose(data.x, rows[:, :2], atol=1 / 1600 + 1e-12)
    np.testing.assert_array_equal(data.y, rows[:, 2])
    page = js("playground_data.js", [["encode", rows.tolist()], ["decode", play.drawn]])
    assert page[0] == play.drawn
    np.testing.assert_array_equal(page[1], np.column_stack([data.x, data.y]))
    assert TrainingPlayground(drawn=play.drawn).drawn == play.drawn


@pytest.mark.parametrize("arguments, words", [
    (dict(mlp=3), "mlp must be a network, for example"), (dict(mlp=mb.MLP([3, 4, 1])), "mlp must have 2 inputs and up to 6 hidden layers"), (dict(mlp=mb.MLP([2, 17, 1])), "at most 16 units"),
    (dict(mlp=mb.MLP([2] * 9)), "up to 6 hidden layers"), (dict(mlp=mb.MLP([2, 4, 3]), data=MOONS), "mlp must have 1 output for these data .*got 3"),
    (dict(mlp=mb.MLP([2, 4, 1]), data=BLOBS), "mlp must have 3 outputs"), (dict(mlp=mb.MLP([2, 4, 1]), data=CLUSTERS), "mlp must have 2 outputs"),
    (dict(data=3), "data must be a Data"), (dict(data="ab"), "data must be a Data"), (dict(data=(np.zeros((0, 2)), [])), "x is empty"), (dict(data=([[1, 2, 3]], [0])), "2 columns"),
    (dict(data=([[1, np.nan]], [0])), "finite"), (dict(data=([[1, 2]], [5])), "classes 0 to 4"), (dict(data=(np.zeros((10_001, 2)), np.zeros(10_001, int))), "at most 10000"),
    (dict(data=(MOONS.x, np.zeros((250, 3)))), "1 or 2 columns"), (dict(data=(MOONS.x, [0.5] * 250)), "classes, which are ints"), (dict(validation=MOONS), "validation must have targets or classes"),
    (dict(data=MOONS, validation=CLUSTERS), "validation must have targets or classes"),
    (dict(preset="given"), "only where data are given"), (dict(preset="circle"), "preset must be one of"), (dict(drawn=[[3, 0, 0]]), "drawn must be at most 1000 rows"),
    (dict(drawn=[[0, 0, 5]]), "drawn must be"), (dict(drawn=[[0, 0, 0]] * 1001), "drawn must be"), (dict(drawn="abc"), "drawn must be"), (dict(drawn=None), "drawn must be"),
    (dict(drawn=[[0, 0, 0.5]]), "drawn must be"), (dict(widths=[17]), "widths must list up to 6 widths from 1 to 16"), (dict(widths=[0]), "widths must"), (dict(widths=[4] * 7), "widths"),
    (dict(widths=8), "widths must"), (dict(widths="88"), "widths must"), (dict(widths=[2.5]), "widths must"), (dict(widths=None), "widths must"),
    (dict(lr=0), "lr must be a number from 1e-06 to 1e[+]06"), (dict(lr=np.inf), "lr must"), (dict(lr="1"), "lr must"), (dict(batch_size=0), "batch_size must be None or a whole number"),
    (dict(batch_size=2.5), "batch_size must be None or"), (dict(mlp_seed=-1), "mlp_seed must be None or"), (dict(seed=None), "seed must be a whole number"), (dict(weight_decay=-1), "weight_decay"),
    (dict(optimizer="RMSprop"), "optimizer must be one of"), (dict(optimizer=3), "optimizer must be one of .*mb.Adam"), (dict(optimizer=mb.Adam(lr=0.1, beta1=0.5)), "may set lr and weight_decay"),
    (dict(loss="hinge"), "loss must be one of"), (dict(init="orthogonal"), "init must be one of"), (dict(normalization="group"), "normalization must be one of"), (dict(residual="yes"), "residual"),
    (dict(hidden=["learning rate"]), "hidden must list names of controls, from preset, drawn"), (dict(locked="lr"), "locked must list"), (dict(locked=[["lr"]]), "locked must list"), (dict(probe=[0]), "probe must be"),
])
def test_what_is_wrong_is_refused_in_words(arguments, words):
    with pytest.raises(traitlets.TraitError, match=words):
        TrainingPlayground(**arguments)


def test_nothing_given_is_changed():
    x, y, mlp = MOONS.x.copy(), MOONS.y.copy(), mb.MLP([2, 3, 1], seed=0)
    before = mlp.state()
    play = TrainingPlayground(mlp, (x, y), optimizer=mb.Adam(lr=0.5, weight_decay=0.25))
    play.mlp.linear_layers[0].W[...] = 0
    assert (play.optimizer, play.lr, play.weight_decay) == ("Adam", 0.5, 0.25)
    np.testing.assert_equal(mlp.state(), before)
    np.testing.assert_array_equal(x, MOONS.x)
    np.testing.assert_array_equal(y, MOONS.y)
