"""Whatever is put in: it works, or a ValueError says what came and what is allowed, and nobody's arrays are changed.

One row for each public function with arguments that work. Hypothesis then spoils them, one at a time.
"""

import copy
import inspect
import tempfile

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import mlpbook as mb

rng = np.random.default_rng(0)
X, Y = rng.normal(size=(8, 2)), rng.normal(size=(8, 1))
LABELS = np.array([0, 1] * 4)
APART = X + 5 * LABELS[:, None]  # two classes that a line separates
MOONS = mb.datasets.moons(20)
RELU = mb.MLP([2, 3, 1], "relu", seed=1)
STATE = mb.MLP([2, 3, 1], "leaky_relu").state()
MEMBERS = mb.Ensemble([2, 3, 1], "leaky_relu", seeds=2, normalization="batch").state()


def wave(x):
    return np.sin(x)


def hill(x1, x2):
    return np.exp(-(x1**2) - x2**2)


def nothing(*arguments):
    return None


def told(width, name, bent):
    return f"{width} {name} {bent}"


def trained(kind):
    return lambda **arguments: mb.train(kind([2, 3, 1]), **arguments)


TRAIN = dict(data=(X, Y), loss="mse", optimizer=mb.Adam(lr=0.01), epochs=2, batch_size=4, frames=1, spacing="log", watch={"w": lambda m: m(X)},
             validation=(X, Y), gradient_norms=True, progress=False, seed=0)
NETWORK = dict(sizes=[2, 3, 3, 1], activation="relu", residual=True, normalization="layer", init="he", dtype="float32")

LINE = (X[:, :1], Y)
CLOUD, FLAT, BEND = (mb.train(mb.MLP(sizes), data, epochs=2) for sizes, data in (([2, 2], (X, X)), ([2, 1], MOONS), ([1, 3, 1], LINE)))


def saved(**arguments):
    with tempfile.TemporaryDirectory() as folder:
        return mb.animation.save(**{"path": f"{folder}/a.gif", **arguments})


# what is called, with arguments that work; the values are made anew for each call
CALLS = {
    "activation": (mb.relu, dict(z=X)),
    "activation.derivative": (mb.gelu.derivative, dict(z=X)),
    "activation.with_alpha": (mb.elu.with_alpha, dict(alpha=0.5)),
    **{f"losses.{loss.name}": (loss, dict(y_hat=X, y=LABELS if loss is mb.cross_entropy else np.abs(X) / 9)) for loss in mb.LOSSES.values()},
    "MLP": (mb.MLP, NETWORK | {"seed": 0}),
    "MLP()": (mb.MLP([2, 3, 1]), dict(x=X)),
    "MLP.backprop": (mb.MLP([2, 3, 1]).backprop, dict(x=X, y=Y, loss="mse")),
    "MLP.from_state": (mb.MLP.from_state, dict(described=STATE)),
    "MLP.from_state(...)": (lambda **state: mb.MLP.from_state(state), STATE),
    "torch_mlp.MLP": (mb.torch_mlp.MLP, NETWORK | {"seed": 0}),
    "torch_mlp.MLP()": (mb.torch_mlp.MLP([2, 3, 1]), dict(x=X)),
    "torch_mlp.MLP.from_state": (mb.torch_mlp.MLP.from_state, dict(state=STATE)),
    "Ensemble": (mb.Ensemble, NETWORK | {"seeds": [0, 3]}),
    "Ensemble()": (mb.Ensemble([2, 3, 1], seeds=2), dict(x=X)),
    "Ensemble.member": (mb.Ensemble([2, 3, 1], seeds=2).member, dict(k=1)),
    "Ensemble.from_state": (mb.Ensemble.from_state, dict(described=MEMBERS)),
    "Ensemble.from_state(...)": (lambda **state: mb.Ensemble.from_state(state), MEMBERS),
    "gradcheck": (mb.gradcheck, dict(mlp=mb.MLP([2, 3, 1]), x=X, y=Y, loss="mse", eps=1e-5)),
    "SGD": (mb.SGD, dict(lr=0.1, weight_decay=0.1)),
    "Momentum": (mb.Momentum, dict(lr=0.1, momentum=0.5, weight_decay=0.1)),
    "Adam": (mb.Adam, dict(lr=0.1, beta1=0.5, beta2=0.9, eps=1e-8, weight_decay=0.1)),
    "train MLP": (trained(mb.MLP), TRAIN),
    "train torch": (trained(mb.torch_mlp.MLP), TRAIN),
    "train ensemble": (trained(lambda sizes: mb.Ensemble(sizes, seeds=2)), TRAIN),
    "train": (mb.train, dict(model=mb.MLP([2, 3, 1]), data=(X, Y), epochs=1)),
    "frame_epochs": (mb.training.frame_epochs, dict(frames=3, epochs=9, spacing="log")),
    "Data": (mb.datasets.Data, dict(x=X, y=LABELS, name="a", classes=("no", "yes"), features=("p", "q"))),
    **{f"datasets.{f.__name__}": (f, {name: p.default for name, p in inspect.signature(f).parameters.items() if name not in ("n", "seed")} | {"seed": 0, "n": 12})
       for f in (mb.datasets.rotation, mb.datasets.three_clusters, mb.datasets.moons, mb.datasets.circles, mb.datasets.blobs, mb.datasets.spirals)},
    "datasets.practice_curve": (mb.datasets.practice_curve, dict(n=12, noise=0.1, seed=0)),
    "datasets.two_digits": (mb.datasets.two_digits, dict(a=3, b=8)),
    "datasets.split": (mb.datasets.split, dict(data=MOONS, test=0.25, validation=0.25, seed=0, standardise=True)),
    "datasets.grid": (mb.datasets.grid, dict(data=MOONS, n=5)),
    "Perceptron.learn": (mb.Perceptron.learn, dict(x=APART, y=LABELS, max_epochs=50, seed=0)),
    "MulticlassPerceptron.learn": (mb.MulticlassPerceptron.learn, dict(x=APART, y=LABELS, max_epochs=50, seed=0)),
    "novikoff_bound": (mb.novikoff_bound, dict(X=APART, y=LABELS, w_star=mb.Perceptron.learn(APART, LABELS, max_epochs=1000).w_tilde)),
    "staircase": (mb.approximation.staircase, dict(f=wave, a=0.0, b=6.0, n=4)),
    "staircase_bound": (mb.approximation.staircase_bound, dict(lipschitz=1.0, a=0.0, b=6.0, n=4)),
    "relu_interpolant": (mb.approximation.relu_interpolant, dict(f=wave, a=0.0, b=6.0, n=4)),
    "relu_interpolant(knots)": (mb.approximation.relu_interpolant, dict(f=wave, a=0.0, b=6.0, knots=[1.0, 2.0])),
    "interpolant_bound": (mb.approximation.interpolant_bound, dict(curvature=1.0, a=0.0, b=6.0, n=4)),
    "best_staircase": (mb.approximation.best_staircase, dict(f=wave, a=0.0, b=6.0, n=3)),
    "best_hinges": (mb.approximation.best_hinges, dict(f=wave, a=0.0, b=6.0, n=3)),
    "bumps": (mb.approximation.bumps, dict(f=hill, a=(-1.0, -1.0), b=(1.0, 1.0), n=3)),
    "bumps_bound": (mb.approximation.bumps_bound, dict(curvature=1.0, a=(-1.0, -1.0), b=(1.0, 1.0), n=3)),
    "ridge_sum": (mb.approximation.ridge_sum, dict(f=hill, a=(-1.0, -1.0), b=(1.0, 1.0), n=5, seed=0)),
    "sawtooth": (mb.approximation.sawtooth, dict(depth=3)),
    "sup_error": (mb.approximation.sup_error, dict(mlp=mb.approximation.sawtooth(2), f=wave, a=0.0, b=1.0)),
    "regions.cut": (mb.regions.cut, dict(mlp=RELU, a=(-1.0, -1.0), b=(1.0, 1.0))),
    "regions.affine_pieces": (mb.regions.affine_pieces, dict(regions=mb.regions.cut(RELU, (-1.0, -1.0), (1.0, 1.0)))),
    "datasets.xor": (mb.datasets.xor, dict(n=12, noise=0.1, seed=0)),
    "regions.zaslavsky": (mb.regions.zaslavsky, dict(n=4, d=2)),
    "regions.montufar": (mb.regions.montufar, dict(sizes=[2, 4, 4, 1])),
    "regions.serra": (mb.regions.serra, dict(sizes=[2, 4, 4, 1])),
    "animation.predictions": (mb.animation.predictions, dict(run=CLOUD, data=(X, X))),
    "animation.surface": (mb.animation.surface, dict(run=FLAT, grid=mb.datasets.grid(MOONS, n=8), data=MOONS)),
    "animation.fit": (mb.animation.fit, dict(run=BEND, data=LINE)),
    "animation.losses": (mb.animation.losses, dict(runs={"a": CLOUD})),
    "animation.side_by_side": (mb.animation.side_by_side, dict(runs={"a": CLOUD, "b": CLOUD}, data=(X, X))),
    "animation.save": (saved, dict(figure=mb.animation.losses(BEND), progress=False)),
    "animation.save(path)": (lambda path: None if isinstance(path, str) and path == "works" else mb.animation.save(BEND, path), dict(path="works")),
    "widgets.experiment": (lambda function, **controls: mb.widgets.experiment(function, **controls),
                           dict(function=told, width=(1, 9, 2), name=["a", "b"], bent=True)),
}

JUNK = st.one_of(
    st.none(), st.booleans(), st.integers(-3, 12), st.floats(width=16), st.sampled_from([np.nan, np.inf, -np.inf, 1e400, 1j]), st.text(max_size=4),
    st.just([]), st.just({}), st.just(()), st.just(object()), st.just(nothing), st.just(np.zeros((0, 2))), st.just([[1.0, 2.0], [3.0]]), st.just([["a", "b"]]),
    st.just(np.full((8, 2), np.nan)), st.just(np.zeros((8, 3))), st.just(np.zeros((8, 2, 2))), st.just(np.arange(8)), st.just(-np.arange(8)), st.just(np.zeros(8)),
    st.just(np.array([None] * 8)), st.just(np.ma.masked_array(X, X > 0)), st.just({"W": 3}), st.just([np.zeros((2, 3)), np.zeros((3, 1))]), st.just((X, None)))


def frozen(arguments):
    return copy.deepcopy({k: v for k, v in arguments.items() if isinstance(v, (np.ndarray, list, dict)) and k not in ("watch", "regions", "runs")})


@pytest.mark.parametrize("name", CALLS)
def test_the_row_works(name):
    function, arguments = CALLS[name]
    before = frozen(arguments)
    function(**arguments)
    np.testing.assert_equal(frozen(arguments), before)


@pytest.mark.filterwarnings("ignore::RuntimeWarning")  # an overflow is an honest answer to a huge number
@pytest.mark.parametrize("name", CALLS)
@given(st.data())
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_spoilt_arguments_are_refused_or_work(name, data):
    function, arguments = CALLS[name]
    spoilt = data.draw(st.sampled_from(sorted(arguments)))
    junk = data.draw(JUNK)
    if isinstance(junk, (bool, int)) and spoilt == "progress":
        junk = False  # no bars in the report
    given_now = {**copy.deepcopy({k: v for k, v in arguments.items() if k != "watch"}), **{k: v for k, v in arguments.items() if k == "watch"}, spoilt: junk}
    before = frozen(given_now)
    try:
        function(**given_now)
    except ValueError as error:
        assert len(str(error)) > 15, error
    np.testing.assert_equal(frozen(given_now), before)


def test_every_public_function_has_a_row():
    missing = [name for name in mb.__all__ if callable(getattr(mb, name)) and not name.startswith(("Activation", "Loss", "Run", "Divergence"))
               and not isinstance(getattr(mb, name), (mb.Activation, mb.Loss)) and not any(row.startswith(name) for row in CALLS)]
    assert missing == []
    assert [name for name in mb.animation.__all__ if f"animation.{name}" not in CALLS] == []
    for module in (mb.approximation, mb.regions, mb.datasets):
        for name, function in vars(module).items():
            if inspect.isfunction(function) and function.__module__ == module.__name__ and not name.startswith("_") and inspect.signature(function).parameters:
                assert any(row.endswith(name) or row.startswith(name + "(") for row in CALLS), f"{module.__name__}.{name} has no row"
