"""The loop: it learns what torch and scikit-learn learn, keeps what was asked for, and stops without losing anything."""

import copy
import pickle
import warnings
from itertools import pairwise

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from sklearn.neural_network import MLPRegressor

import mlpbook as mb
from mlpbook.progress import Progress

torch.set_num_threads(1)  # the networks are small and the tests run side by side
rng = np.random.default_rng(0)
X, Y = rng.normal(size=(30, 2)), rng.normal(size=(30, 2))


def quick(model=None, data=(X, Y), **arguments):
    return mb.train(model or mb.MLP([2, 4, 2]), data, **{"epochs": 6, "optimizer": mb.Adam(lr=0.05), **arguments})


# --- It learns what others learn

def test_a_linear_layer_finds_the_least_squares_solution():
    mlp = mb.MLP([2, 2], seed=1)
    quick(mlp, epochs=3000, optimizer=mb.Momentum(lr=0.2))
    solution = np.linalg.lstsq(np.column_stack([np.ones(30), X]), Y, rcond=None)[0]
    np.testing.assert_allclose(mlp.linear_layers[0].W, solution[1:], atol=1e-9)
    np.testing.assert_allclose(mlp.linear_layers[0].b, solution[0], atol=1e-9)


def test_losses_equal_scikit_learns():
    # scikit-learn starts from its own random weights and takes half the squared error, whose gradient is half of ours per output
    theirs = MLPRegressor(hidden_layer_sizes=(5,), activation="tanh", solver="sgd", batch_size=30, learning_rate_init=0.1, momentum=0.0, alpha=0,
                          max_iter=1, tol=0, n_iter_no_change=1000, random_state=0, warm_start=True, shuffle=False)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs.fit(X, Y)
        state = {"sizes": [2, 5, 2], "activation": "tanh", "W": [W.copy() for W in theirs.coefs_], "b": [b.copy() for b in theirs.intercepts_]}
        theirs.set_params(max_iter=20).fit(X, Y)
    # its gradient is that of the sum over outputs of (1/2)(error)^2, averaged over samples: ours times the number of outputs / 2
    run = mb.train(mb.MLP.from_state(state), (X, Y), optimizer=mb.SGD(lr=0.1), epochs=20)
    np.testing.assert_allclose(run.losses / 2, theirs.loss_curve_[-20:], rtol=1e-10)


def test_minibatches_are_shuffled_samples():
    """The steps of an epoch see every sample once, with its own target, in an order that changes and that the seed decides."""
    class Recorder:
        def __init__(self):
            self.seen = []

        def __call__(self, x):
            return x

        def array(self, values):
            return np.asarray(values)

        def step(self, x, y, loss, optimizer):
            self.seen.append((x[:, 0].copy(), y[:, 0].copy()))
            return 1.0

        def state(self):
            return {"W": [np.zeros((1, 1))]}

    x = np.arange(10.0)[:, None]
    orders = []
    for seed in (0, 0, 1):
        recorder = Recorder()
        mb.train(recorder, (x, 2 * x), epochs=2, batch_size=4, seed=seed)
        assert [len(a) for a, _ in recorder.seen] == [4, 4, 2] * 2
        for a, b in recorder.seen:
            np.testing.assert_array_equal(b, 2 * a)
        epochs = [np.concatenate([a for a, _ in recorder.seen[i:i + 3]]) for i in (0, 3)]
        assert all(sorted(epoch) == list(range(10)) for epoch in epochs)
        assert list(epochs[0]) != list(epochs[1])
        orders.append(list(epochs[0]))
    assert orders[0] == orders[1] != orders[2]


def test_the_loss_of_an_epoch_is_the_mean_over_samples():
    mlp = mb.MLP([2, 2], seed=1)
    twin = mb.MLP([2, 2], seed=1)
    run = quick(mlp, epochs=1, batch_size=20, optimizer=mb.SGD(lr=1e-12), seed=3)
    assert run.losses[0] == pytest.approx(mb.mse(twin(X), Y)[0], rel=1e-6)


@pytest.mark.parametrize("loss, labels", [("cross_entropy", [0, 1]), ("binary_cross_entropy", [0, 1]), ("mse", [0, 1])])
def test_classes_train_every_loss(loss, labels):
    data = mb.datasets.moons(60, noise=0.1, seed=0)
    model = mb.MLP([2, 8, 2 if loss == "cross_entropy" else 1])
    run = mb.train(model, data, loss=loss, optimizer=mb.Adam(lr=0.05), epochs=300)
    z = model(data.x)
    predicted = z.argmax(axis=1) if loss == "cross_entropy" else (z[:, 0] > (0.5 if loss == "mse" else 0)).astype(int)
    assert (predicted == data.y).mean() > 0.95
    assert run.losses[-1] < run.losses[0] / 3


# --- It keeps what was asked for

def test_snapshots_are_the_network_of_that_epoch():
    run = quick(frames=3, watch={"outputs": lambda m: m(X), "W": lambda m: m.linear_layers[0].W})
    assert list(run.frames) == [0, 2, 4, 6]
    assert run.watched["outputs"].shape == (4, 30, 2)
    for i, epochs in enumerate(run.frames):
        again = mb.MLP([2, 4, 2])
        if epochs:
            quick(again, epochs=int(epochs))
        np.testing.assert_array_equal(run.model(i)(X), again(X))
        np.testing.assert_array_equal(run.watched["outputs"][i], again(X))
        np.testing.assert_array_equal(run.watched["W"][i], again.linear_layers[0].W)


@given(st.integers(1, 300), st.data(), st.sampled_from(["even", "log"]))
def test_frames_rise_to_the_end(epochs, data, spacing):
    frames = data.draw(st.integers(0, epochs))
    due = mb.training.frame_epochs(frames, epochs, spacing)
    assert len(due) == frames
    assert all(a < b for a, b in pairwise([0, *due]))
    if frames:
        assert due[-1] == epochs
        steps = np.diff([0, *due])
        if spacing == "even":
            assert max(steps) - min(steps) <= 1
        else:
            assert all(a <= b + 1 for a, b in pairwise(steps[1:]))  # ever longer, up to rounding


def test_one_epoch_and_one_frame():
    run = quick(epochs=1, frames=1)
    assert list(run.frames) == [0, 1] and len(run) == 2 and run.losses.shape == (1,)
    assert list(quick(epochs=1).frames) == [0, 1]
    assert list(quick(frames=0).frames) == [0]


def test_losses_are_those_before_each_step():
    run = quick(frames=6)
    for epoch, state in enumerate(run.states[:-1]):
        assert run.losses[epoch] == pytest.approx(mb.mse(mb.MLP.from_state(state)(X), Y)[0], rel=1e-12)


def test_validation_is_the_loss_after_each_epoch():
    held_out = rng.normal(size=(5, 2)), rng.normal(size=(5, 2))
    run = quick(frames=6, validation=held_out)
    for loss, state in zip(run.validation_losses, run.states[1:], strict=True):
        assert loss == pytest.approx(mb.mse(mb.MLP.from_state(state)(held_out[0]), held_out[1])[0], rel=1e-12)


def test_gradient_norms_are_those_of_the_last_step():
    run = quick(frames=6, gradient_norms=True)
    assert run.gradient_norms.shape == (6, 2)
    for norms, state in zip(run.gradient_norms, run.states[:-1], strict=True):
        mlp = mb.MLP.from_state(state)
        mlp.backprop(X, Y)
        dW1, db1, dW2, db2 = mlp.gradients
        np.testing.assert_allclose(norms, [np.sqrt((dW1**2).sum() + (db1**2).sum()), np.sqrt((dW2**2).sum() + (db2**2).sum())], rtol=1e-12)


def test_what_was_not_asked_for_is_none():
    run = quick()
    assert run.validation_losses is None and run.gradient_norms is None and run.watched == {} and run.stopped == ""


def test_the_optimizer_is_copied_and_goes_on_from_the_run():
    adam = mb.Adam(lr=0.05)
    whole, halves = mb.MLP([2, 4, 2]), mb.MLP([2, 4, 2])
    quick(whole, epochs=12, optimizer=adam)
    assert adam.steps == 0
    first = quick(halves, epochs=6, optimizer=adam)
    quick(halves, epochs=6, optimizer=first.optimizer)
    np.testing.assert_array_equal(halves(X), whole(X))


def test_repr():
    assert repr(quick()).startswith("Run: 6 epochs in ") and "7 snapshots" in repr(quick())
    assert "1 epoch in" in repr(quick(epochs=1))


@pytest.mark.parametrize("again", [copy.deepcopy, lambda m: pickle.loads(pickle.dumps(m))], ids=["copied", "pickled"])
@pytest.mark.parametrize("kind", ["numpy", "torch"])
def test_copies_train_apart(kind, again):
    model = mb.MLP([2, 4, 2]) if kind == "numpy" else mb.torch_mlp.MLP([2, 4, 2], dtype="float64")
    quick(model)
    before = model(X)
    other = again(model)
    quick(other), quick(model)
    np.testing.assert_allclose(other(X), model(X), rtol=1e-12)
    assert abs(model(X) - before).max() > 1e-3


def test_arrays_put_into_a_layer_are_trained():
    mlp, usual = mb.MLP([2, 4, 2], seed=1), mb.MLP([2, 4, 2], seed=2)
    quick(mlp)
    for layer, other in zip(mlp.linear_layers, usual.linear_layers, strict=True):
        layer.W, layer.b = other.W.copy(), other.b.copy()
    quick(mlp), quick(usual)
    np.testing.assert_array_equal(mlp(X), usual(X))


# --- It stops without losing anything

@pytest.mark.parametrize("model", [mb.MLP([2, 4, 2], "relu"), mb.torch_mlp.MLP([2, 4, 2], "relu")], ids=["numpy", "torch"])
def test_divergence_is_said_and_keeps_the_run(model):
    with pytest.warns(mb.DivergenceWarning, match=r"Diverged in epoch \d+ of 1000.*smaller lr"):
        run = quick(model, optimizer=mb.SGD(lr=50.0), epochs=1000, frames=1000)
    assert 0 < len(run.losses) < 1000 and np.isfinite(run.losses).all()
    assert len(run.states) == len(run.frames) and all(np.isfinite(W).all() for state in run.states for W in state["W"])
    assert run.stopped in repr(run)


def test_weights_that_overflow_in_the_last_step_are_noticed():
    mlp = mb.MLP([2, 2])
    with pytest.warns(mb.DivergenceWarning):
        run = quick(mlp, (X * 1e100, Y * 1e100), optimizer=mb.SGD(lr=1e300), epochs=1)
    assert len(run.losses) == 1 and len(run) == 1


@pytest.mark.parametrize("make", [lambda: mb.MLP([2, 4, 2]), lambda: mb.torch_mlp.MLP([2, 4, 2]), lambda: mb.Ensemble([2, 4, 2], seeds=2)], ids=["numpy", "torch", "ensemble"])
def test_ctrl_c_returns_the_run_so_far(make):
    calls = []

    def watch(model):
        calls.append(1)
        if len(calls) == 5:
            raise KeyboardInterrupt
        return 0.0

    run = quick(make(), epochs=100, frames=100, watch={"calls": watch})
    assert len(run.losses) == 4 and run.stopped == "Interrupted after 4 of 100 epochs"
    assert len(run.states) == len(run.frames) == len(run.watched["calls"]) == 4
    assert run.stopped in repr(run)


def test_a_run_can_be_saved_whatever_was_watched():
    run = quick(watch={"w": lambda m: m(X[:2])}, validation=(X, Y))
    again = pickle.loads(pickle.dumps(run))
    np.testing.assert_array_equal(again.watched["w"], run.watched["w"])
    np.testing.assert_array_equal(again.model()(X), run.model()(X))


def test_what_is_watched_keeps_its_shape():
    """Said at the snapshot where it changes, not when hours of training are to be put into one array."""
    calls = []
    with pytest.raises(ValueError, match=r"what watch\['n'\] returns must keep its shape, \(0,\) at the start; got \(2,\) after epoch 2"):
        quick(epochs=9, frames=9, watch={"n": lambda m: calls.append(1) or np.zeros(len(calls) // 3 * 2)})


def test_the_example_that_the_refusal_of_watch_gives_works():
    with pytest.raises(ValueError, match="for example") as refused:
        quick(watch=3)
    example = eval(str(refused.value).split("for example ")[1].split("; got")[0])
    for kind in (mb.MLP, mb.torch_mlp.MLP, mb.Ensemble):
        assert len(quick(kind([2, 4, 2]), watch=example).watched["w"]) > 1


def test_progress(capsys, monkeypatch):
    quick(progress=None), quick(progress=False)
    assert capsys.readouterr().err == ""
    monkeypatch.delenv("TQDM_DISABLE", raising=False)
    quick(progress=True)
    assert "training: " in capsys.readouterr().err
    quick(mb.Ensemble([2, 2], seeds=3), progress=True, epochs=40)
    assert "training: " in capsys.readouterr().err


def test_no_bar_of_its_own_where_the_environment_says_so(monkeypatch):
    monkeypatch.delenv("PYTEST_VERSION", raising=False)
    monkeypatch.delenv("TQDM_DISABLE", raising=False)
    assert Progress(5, None).due < float("inf")
    monkeypatch.setenv("TQDM_DISABLE", "1")
    assert Progress(5, None).due == float("inf")


# --- Bad input: said, and nothing changed

BAD = [
    (dict(model=None), "model must"), (dict(data=X), "pair"), (dict(data=(X,)), "pair"), (dict(data=None), "pair"), (dict(data=(X, Y, Y)), "pair"),
    (dict(data=(X[:, :1], Y)), "x must have 2 columns"), (dict(data=(X[:5], Y)), r"\(5, 2\)"), (dict(data=(X, Y[:, 0])), "shape of y_hat"),
    (dict(data=(X[:0], Y[:0])), "empty"), (dict(data=(np.full((3, 2), np.nan), Y[:3])), "finite"), (dict(data=(X, np.full((30, 2), np.inf))), "finite"),
    (dict(data=("ab", Y)), "numbers"), (dict(data=(X[0], Y)), "2 dimensions"),
    (dict(data=(X, np.arange(30)), loss="cross_entropy"), "classes 0 to 1"), (dict(data=(X, np.full(30, -1)), loss="cross_entropy"), "classes 0 to 1"),
    (dict(data=(X, np.full(30, 0.5)), loss="cross_entropy"), "classes"), (dict(data=(X, np.full((30, 2), 2.0)), loss="binary_cross_entropy"), r"\[0, 1\]"),
    (dict(loss="hinge"), "loss must be one of mse"), (dict(loss=3), "loss must be one of"),
    (dict(optimizer="adam"), "optimizer must be"), (dict(optimizer=mb.Adam), "optimizer must be"), (dict(optimizer=0.1), "optimizer must be"),
    (dict(optimizer=mb.Adam(lr=[0.1, 0.2])), "2 learning rates"),
    (dict(epochs=0), "epochs must be a whole number of at least 1"), (dict(epochs=1.5), "epochs"), (dict(epochs=-1), "epochs"), (dict(epochs=True), "epochs"), (dict(epochs="9"), "epochs"),
    (dict(batch_size=0), "batch_size must be a whole number from 1 to 30"), (dict(batch_size=31), "batch_size.*31"), (dict(batch_size=2.0), "batch_size"), (dict(batch_size="all"), "batch_size"),
    (dict(frames=7), "frames must be a whole number from 0 to 6"), (dict(frames=-1), "frames"), (dict(frames=1.0), "frames"), (dict(frames=[1, 2]), "frames"),
    (dict(spacing="linear"), "spacing must be one of even, log"), (dict(spacing=None), "spacing"),
    (dict(watch=lambda m: 0), "watch must map"), (dict(watch={"a": 1}), "watch must map"), (dict(watch={1: len}), "watch must map"),
    (dict(watch={"w": lambda m: m.state()["W"]}), r"what watch\['w'\] returns must be one array or number, .*for example"),
    (dict(validation=(X, Y[:3])), "y must have"), (dict(validation=X), "validation must"), (dict(validation=(X[:, :1], Y)), "x must have 2 columns"),
    (dict(gradient_norms=1), "gradient_norms must be True or False"), (dict(progress="yes"), "progress must be True or False"),
    (dict(seed=-1), "seed"), (dict(seed=None), "seed"), (dict(seed=0.5), "seed"),
]


@pytest.mark.parametrize("arguments, words", BAD)
def test_bad_arguments(arguments, words):
    mlp = mb.MLP([2, 4, 2])
    before = mlp(X)
    with pytest.raises(ValueError, match=words):
        mb.train(**{"model": mlp, "data": (X, Y), "epochs": 6, **arguments})
    np.testing.assert_array_equal(mlp(X), before)


ANYTHING = st.one_of(st.none(), st.booleans(), st.integers(-3, 40), st.floats(allow_nan=True), st.text(max_size=3), st.lists(st.integers(-1, 3), max_size=3))


@given(st.sampled_from(["epochs", "batch_size", "frames", "spacing", "seed", "gradient_norms", "progress", "loss", "optimizer", "watch", "validation"]), ANYTHING)
def test_any_argument_works_or_is_refused(name, value):
    mlp = mb.MLP([2, 2])
    try:
        run = mb.train(mlp, (X, Y), **{"epochs": 3, name: value if name != "progress" or value is not True else False})
    except ValueError as error:
        assert name in str(error)
        np.testing.assert_array_equal(mlp(X), mb.MLP([2, 2])(X))
    else:
        assert len(run.losses) == run.epochs


@pytest.mark.parametrize("kind", [mb.MLP, mb.torch_mlp.MLP, mb.Ensemble])
def test_batch_normalization_needs_two(kind):
    for batch_size in (1, 29):
        with pytest.raises(ValueError, match=f"30 samples in batches of {batch_size} leave one"):
            quick(kind([2, 4, 2], normalization="batch"), batch_size=batch_size)
    quick(kind([2, 4, 2], normalization="batch"), batch_size=28)


def test_nothing_given_is_changed():
    x, y, watch = X.copy(), Y.copy(), {"a": lambda m: m(X)}
    for model in (mb.MLP([2, 2, 2], residual=True), mb.torch_mlp.MLP([2, 4, 2], dtype="float64", normalization="batch"), mb.Ensemble([2, 2, 2], residual=True, normalization="layer")):
        for batch_size in (None, 7):
            quick(model, (x, y), watch=watch, validation=(x, y), batch_size=batch_size)
    np.testing.assert_array_equal(x, X)
    np.testing.assert_array_equal(y, Y)
    assert list(watch) == ["a"]


