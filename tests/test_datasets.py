"""Data sets against their definitions and scikit-learn; splits against scikit-learn's scaler and by counting."""

import dataclasses
import subprocess
import sys
from fractions import Fraction

import numpy as np
import pytest
import sklearn.datasets
from hypothesis import example, given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from sklearn.linear_model import LinearRegression
from sklearn.preprocessing import StandardScaler

from mlpbook import datasets
from mlpbook.datasets import Data

TARGETS = {"rotation": datasets.rotation, "three_clusters": datasets.three_clusters, "practice_curve": datasets.practice_curve}
SHAPES = {"xor": datasets.xor, "moons": datasets.moons, "circles": datasets.circles, "blobs": datasets.blobs,
          "spirals": datasets.spirals}
TOYS = TARGETS | SHAPES
REAL = {"digits": datasets.digits, "diabetes": datasets.diabetes, "iris": datasets.iris, "wine": datasets.wine,
        "breast_cancer": datasets.breast_cancer}


def turned(x, degrees):
    """The plane as complex numbers: a second way to rotate."""
    z = (x[:, 0] + 1j * x[:, 1]) * np.exp(1j * np.pi * degrees / 180)
    return np.column_stack([z.real, z.imag])


# --- toy data


@pytest.mark.parametrize("make", TOYS.values(), ids=TOYS)
def test_the_seed_decides(make):
    a, b, c = (make(40, noise=0.1, seed=seed) for seed in (3, 3, 4))
    np.testing.assert_array_equal(a.x, b.x)
    np.testing.assert_array_equal(a.y, b.y)
    assert not (np.array_equal(a.x, c.x) and np.array_equal(a.y, c.y))


def test_global_randomness_is_neither_used_nor_moved():
    np.random.seed(5)
    expected = np.random.RandomState(5).rand()
    for make in TOYS.values():
        make(40, noise=0.1)
    datasets.split(datasets.moons())
    assert np.random.rand() == expected


def test_rotation_is_found_by_least_squares():
    data = datasets.rotation(100, angle=30, shift=(5, -2), noise=0.0)
    line = LinearRegression().fit(data.x, data.y)
    np.testing.assert_allclose(line.coef_, [[3**0.5 / 2, -0.5], [0.5, 3**0.5 / 2]], atol=1e-12)
    np.testing.assert_allclose(line.intercept_, [5, -2], atol=1e-12)
    np.testing.assert_allclose(data.y, turned(data.x, 30) + np.array([5, -2]), atol=1e-12)


def test_rotation_has_the_spread_and_noise_asked_for():
    data = datasets.rotation(20_000, spread=5, noise=0.3)
    assert data.x.std(axis=0) == pytest.approx([5, 5], rel=0.03)
    assert (data.y - turned(data.x, 30) - np.array([5, 5])).std(axis=0) == pytest.approx([0.3, 0.3], rel=0.03)


def test_each_cluster_has_its_own_map():
    data = datasets.three_clusters(2000, spread=0.4, noise=0.2)
    first, second, third = (slice(i * 2000, (i + 1) * 2000) for i in range(3))
    for rows, centre in [(first, [3, -3]), (second, [0, 0]), (third, [3, 3])]:
        np.testing.assert_allclose(data.x[rows].mean(axis=0), centre, atol=0.05)
        assert data.x[rows].std(axis=0) == pytest.approx([0.4, 0.4], rel=0.06)
    x = data.x
    expected = np.concatenate([3 * x[first], turned(x[second], 150) + np.array([-3, 3]), -5 * x[third]])
    assert (data.y - expected).std() == pytest.approx(0.2, rel=0.05)
    exact = datasets.three_clusters(noise=0.0)
    best = LinearRegression().fit(exact.x, exact.y).predict(exact.x)
    assert ((best - exact.y) ** 2).mean() > 1  # without any noise, no one linear map comes near


def test_practice_curve_follows_the_book():
    data = datasets.practice_curve(500, noise=0.0)
    np.testing.assert_array_equal(data.x[:, 0], np.linspace(-1, 1, 500))
    np.testing.assert_array_equal(data.x[:, 1], np.linspace(1, -1, 500))
    np.testing.assert_allclose(data.y, (data.x + 1) ** 2 - 0.5, atol=1e-12)
    assert (datasets.practice_curve().y - data.y).std() == pytest.approx(0.1, rel=0.1)


def test_xor_is_the_truth_table():
    data = datasets.xor()
    assert [(*map(int, x), int(y)) for x, y in zip(data.x, data.y, strict=True)] == [
        (a, b, int(a != b)) for a in (0, 1) for b in (0, 1)]
    cloud = datasets.xor(400, noise=0.05, seed=1)
    nearest = np.round(cloud.x).astype(int)
    np.testing.assert_array_equal(cloud.y, nearest[:, 0] != nearest[:, 1])
    assert (cloud.x - nearest).std() == pytest.approx(0.05, rel=0.1)
    assert np.unique(nearest, axis=0, return_counts=True)[1].tolist() == [100] * 4


@pytest.mark.parametrize("name, options", [("moons", {}), ("circles", dict(factor=0.5))])
def test_moons_and_circles_are_scikit_learns(name, options):
    x, y = getattr(sklearn.datasets, f"make_{name}")(101, noise=0.2, random_state=7, **options)
    data = getattr(datasets, name)(101, noise=0.2, seed=7)
    np.testing.assert_array_equal(data.x, x)
    np.testing.assert_array_equal(data.y, y)


@pytest.mark.parametrize("k", [2, 3, 5])
def test_blobs_sit_evenly_on_the_unit_circle(k):
    data = datasets.blobs(300 * k, k=k, noise=0.1)
    z = np.array([data.x[data.y == c].mean(axis=0) for c in range(k)]) @ [1, 1j]
    np.testing.assert_allclose(z, np.exp(2j * np.pi * np.arange(k) / k), atol=0.03)
    assert data.x[data.y == 0].std(axis=0) == pytest.approx([0.1, 0.1], rel=0.15)


@pytest.mark.parametrize("arms", [2, 3, 5])
def test_spirals_are_one_arm_turned(arms):
    data = datasets.spirals(40 * arms, arms=arms, noise=0.0)
    first = data.x[data.y == 0]
    for arm in range(arms):
        np.testing.assert_allclose(data.x[data.y == arm], turned(first, 360 * arm / arms), atol=1e-12)
    radius = np.hypot(*first.T)
    np.testing.assert_allclose(radius, np.linspace(0.1, 1, 40))
    turns = np.unwrap(np.arctan2(first[:, 1], first[:, 0]))
    np.testing.assert_allclose(turns, 2 * np.pi * (radius - 0.1) / 0.9, atol=1e-9)


@given(n=st.integers(5, 60), seed=st.integers(0, 2**32 - 1))
def test_classes_are_of_equal_size(n, seed):
    for make, k in [(datasets.xor, 2), (datasets.moons, 2), (datasets.circles, 2), (datasets.blobs, 3), (datasets.spirals, 2)]:
        data = make(n, seed=seed)
        assert len(data) == n
        counts = np.bincount(data.y)
        assert len(counts) == k and counts.max() - counts.min() <= 1


# --- real data


@pytest.mark.parametrize("name", REAL)
def test_real_data_are_scikit_learns(name):
    bunch = getattr(sklearn.datasets, f"load_{name}")(**({"scaled": False} if name == "diabetes" else {}))
    data = REAL[name]()
    np.testing.assert_array_equal(data.x, bunch.data / (16 if name == "digits" else 1))
    np.testing.assert_array_equal(data.y, bunch.target[:, None] if name == "diabetes" else bunch.target)
    assert data.features == tuple(bunch.feature_names)
    assert data.classes == tuple(map(str, bunch.get("target_names", ())))


def test_digits_use_the_whole_range():
    x = datasets.digits().x
    assert x.shape == (1797, 64) and (x.min(), x.max()) == (0, 1)


def test_two_digits_are_those_two():
    everything, data = datasets.digits(), datasets.two_digits(8, 3)
    assert data.classes == ("8", "3")
    for label, digit in enumerate((8, 3)):
        np.testing.assert_array_equal(data.x[data.y == label], everything.x[everything.y == digit])
    assert len(data) == np.isin(everything.y, (3, 8)).sum()


# --- Data


def test_data_keeps_copies():
    for y in (np.array([0, 1]), np.array([[0.0], [1.0]])):
        x = np.array([[1.0], [2.0]])
        data = Data(x, y)
        x[0], y[0] = 9, 9
        assert data.x[0] == 1 and data.y[0] == 0
    with pytest.raises(dataclasses.FrozenInstanceError):
        data.x = x


def test_data_knows_classes_from_targets():
    assert Data([[1.0], [2.0]], [False, True]).y.tolist() == [0, 1]
    assert Data([[1], [2]], [0, 3]).y.dtype.kind == "i"
    targets = Data([[1], [2]], [[0], [3]])
    assert targets.y.dtype == targets.x.dtype == float and targets.y.shape == (2, 1)


@pytest.mark.parametrize("data, text", [
    (Data(np.zeros((3, 2)), [0, 1, 1]), "Data: x (3, 2), classes 0 (1), 1 (2)"),
    (Data(np.zeros((3, 2)), [0, 1, 1], "pets", ("cat", "dog")), "Data pets: x (3, 2), classes cat (1), dog (2)"),
    (Data(np.zeros((3, 2)), np.zeros((3, 1))), "Data: x (3, 2), targets (3, 1)"),
    (Data(np.zeros((12, 1)), np.arange(12)), "Data: x (12, 1), classes 0 (1), 1 (1), 2 (1), ..., 11 (1)"),
])
def test_repr(data, text):
    assert repr(data) == text


X = [[1.0, 2.0], [3.0, 4.0]]


@pytest.mark.parametrize("arguments, words", [
    (dict(x=[1.0, 2.0], y=[0, 1]), "x must have 2 dimensions"),
    (dict(x=[[1.0], [np.nan]], y=[0, 1]), r"x must be finite, got nan at index \(1, 0\)"),
    (dict(x=[["a"], ["b"]], y=[0, 1]), "x must be numbers"),
    (dict(x=None, y=[0, 1]), "x must be numbers"),
    (dict(x=np.ma.masked_array([[1.0], [2.0]], [[False], [True]]), y=[0, 1]), "x must hold a number everywhere.*masked"),
    (dict(x=[[1.0], [2.0, 3.0]], y=[0, 1]), "rows differ"),
    (dict(x=np.zeros((0, 2)), y=np.zeros(0, int)), "x is empty"),
    (dict(x=X, y=[0, 1, 1]), "one class for each of the 2 samples, got 3"),
    (dict(x=X, y=[0.0, 1.0]), r"ints, got float64; use y.astype\(int\) for classes, y\[:, None\] for the targets"),
    (dict(x=X, y=np.array([0.0, 0.9], dtype=object)), "classes, which are ints, got object"), (dict(x=X, y=[Fraction(1, 2), 0]), "which are ints"),
    (dict(x=X, y=[0, -1]), "y must hold classes 0, 1, 2, ..., got -1 to 0"),
    (dict(x=X, y=np.array([0, 2**63], dtype=np.uint64)), "y must hold classes 0, 1, 2"),
    (dict(x=X, y=[[1.0], [np.inf]]), "y must be finite"),
    (dict(x=X, y=[[1.0], [2.0], [3.0]]), r"shape \(2, k\) or 2 classes.*got shape \(3, 1\)"),
    (dict(x=X, y=np.zeros((2, 1, 1))), r"got shape \(2, 1, 1\)"),
    (dict(x=X, y=1), r"got shape \(\)"),
    (dict(x=X, y=["a", "b"]), "y must be numbers"),
    (dict(x=X, y=[0, 2], classes=("a", "b")), "2 names for classes up to 2"),
    (dict(x=X, y=[[0], [2]], classes=("a", "b")), "2 names for targets"),
    (dict(x=X, y=[0, 1], classes="ab"), "classes must list names"),
    (dict(x=X, y=[0, 1], classes=(0, 1)), "classes must list names"),
    (dict(x=X, y=[0, 1], features=("a",)), "each of the 2 columns of x, got 1 name"),
    (dict(x=X, y=[0, 1], features=None), "features must list names"),
    (dict(x=X, y=[0, 1], name=3), "name must be a string"),
])
def test_bad_data(arguments, words):
    with pytest.raises(ValueError, match=words):
        Data(**arguments)


@pytest.mark.parametrize("make", TOYS.values(), ids=TOYS)
@pytest.mark.parametrize("arguments, words", [
    (dict(n=0), "n must be a whole number of at least"), (dict(n=-3), "n must be"), (dict(n=2.5), "n must be"),
    (dict(n="9"), "n must be"), (dict(n=None), "n must be"), (dict(n=True), "n must be"),
    (dict(noise=-0.1), "noise must be"), (dict(noise=np.nan), "noise must be"), (dict(noise=np.inf), "noise must be"),
    (dict(noise="a"), "noise must be"), (dict(noise=None), "noise must be"),
    (dict(seed=-1), "seed must be"), (dict(seed=0.5), "seed must be"), (dict(seed=None), "seed must be"),
])
def test_bad_toys(make, arguments, words):
    with pytest.raises(ValueError, match=words):
        make(**arguments)


@pytest.mark.parametrize("make, arguments, words", [
    (datasets.rotation, dict(angle=np.nan), "angle must be"),
    (datasets.rotation, dict(angle="30"), "angle must be"),
    (datasets.rotation, dict(shift=5), "shift must have 1 dimension"),
    (datasets.rotation, dict(shift=(1, 2, 3)), "shift must have 2 columns"),
    (datasets.rotation, dict(spread=-1), "spread must be"),
    (datasets.three_clusters, dict(spread=-1), "spread must be"),
    (datasets.xor, dict(n=3), "n must be a whole number of at least 4"),
    (datasets.blobs, dict(k=1), "k must be a whole number of at least 2"),
    (datasets.blobs, dict(n=4, k=5), "n must be a whole number of at least 5"),
    (datasets.spirals, dict(arms=1), "arms must be a whole number of at least 2"),
    (datasets.spirals, dict(n=2, arms=3), "n must be a whole number of at least 3"),
    (datasets.moons, dict(seed=2**32), r"seed must be below 2\*\*32"),
    (datasets.two_digits, dict(a=3, b=3), "two different digits from 0 to 9, got 3 and 3"),
    (datasets.two_digits, dict(a=3, b=10), "two different digits"),
    (datasets.two_digits, dict(a=-1, b=3), "a must be"),
    (datasets.two_digits, dict(a=1.5, b=3), "a must be"),
    (datasets.grid, dict(data=Data([[1.0], [2.0]], [0, 1])), r"in the plane, x of shape \(n, 2\); got \(2, 1\)"),
    (datasets.grid, dict(data=X), "data must be a Data"),
    (datasets.grid, dict(data=Data(X, [0, 1]), n=1), "n must be a whole number of at least 2"),
    (datasets.split, dict(data=X), "data must be a Data"),
    (datasets.split, dict(data=Data(X, [0, 1]), test=0.2), "no part may be empty: of 2 samples"),
    (datasets.split, dict(data=Data(X, [0, 1]), test=1), "no part may be empty"),
    (datasets.split, dict(data=Data(X, [0, 1]), test=0), "no part may be empty"),
    (datasets.split, dict(data=datasets.moons(), test=0.5, validation=0.5), "leave 0 for training"),
    (datasets.split, dict(data=datasets.moons(), test=0.9, validation=0.9), "no part may be empty"),
    (datasets.split, dict(data=datasets.moons(), validation=0.001), "no part may be empty"),
    (datasets.split, dict(data=datasets.moons(), test=-0.1), "test must be"),
    (datasets.split, dict(data=datasets.moons(), test=50), "test must be"),
    (datasets.split, dict(data=datasets.moons(), validation=None), "validation must be"),
    (datasets.split, dict(data=datasets.moons(), seed=-1), "seed must be"),
    (datasets.split, dict(data=datasets.moons(), standardise="no"), "standardise must be True or False"),
])
def test_bad_arguments(make, arguments, words):
    with pytest.raises(ValueError, match=words):
        make(**arguments)


# --- split


def test_true_is_true_also_as_numpy_has_it():
    ours, theirs = (datasets.split(datasets.moons(), standardise=yes)[0].x for yes in (True, np.array([1, 2]).all()))
    np.testing.assert_array_equal(ours, theirs)


@given(labels=st.lists(st.integers(0, 4), min_size=4, max_size=60), test=st.floats(0.05, 0.6), validation=st.floats(0.05, 0.3),
       seed=st.integers(0, 100))
def test_parts_are_a_stratified_partition(labels, test, validation, seed):
    n = len(labels)
    sizes = [n - round(test * n) - round(validation * n), round(validation * n), round(test * n)]
    data = Data(np.arange(n)[:, None], labels)
    if min(sizes) < 1:
        with pytest.raises(ValueError, match="no part may be empty"):
            datasets.split(data, test, validation, seed)
        return
    parts = datasets.split(data, test, validation, seed, standardise=False)
    assert [len(part) for part in parts] == sizes
    rows = np.concatenate([part.x[:, 0] for part in parts]).astype(int)
    assert sorted(rows) == list(range(n))
    np.testing.assert_array_equal(np.concatenate([part.y for part in parts]), data.y[rows])
    for c, count in zip(*np.unique(labels, return_counts=True), strict=True):
        assert abs((parts[2].y == c).sum() - count * sizes[2] / n) < 1
        assert abs((parts[1].y == c).sum() - count * sizes[1] / n) < 2


def drawn_together(labels, test, seeds=2000):
    """How often rows i and j were both in the test part; on the diagonal, how often row i was."""
    data = Data(np.arange(12)[:, None], labels)
    together = np.zeros((12, 12))
    for seed in range(seeds):
        chosen = datasets.split(data, test, seed=seed, standardise=False)[1].x[:, 0].astype(int)
        together[np.ix_(chosen, chosen)] += 1
    return together


def test_every_sample_is_as_likely_to_be_tested():
    # the share of 7 and of 5 in a test part of 3 is not a whole number: 500 each all the same, with a deviation of 19
    drawn = np.diag(drawn_together([0] * 7 + [1] * 5, test=0.25))
    assert np.abs(drawn - 500).max() < 5 * 19


def test_every_pair_of_a_class_is_as_likely_to_be_tested():
    # 2 of 6 in each class: a pair has a chance of 1 / 15, so comes 133 times, with a deviation of 11
    together = drawn_together([0] * 6 + [1] * 6, test=1 / 3)
    pairs = np.concatenate([block[np.triu_indices(6, 1)] for block in (together[:6, :6], together[6:, 6:])])
    assert np.abs(pairs - 2000 / 15).max() < 5 * 11


def test_parts_come_mixed():
    train, test = datasets.split(datasets.iris(), seed=1)
    for part in (train, test):
        assert (np.diff(part.y) != 0).mean() > 0.4  # 2/3 for an order without any pattern, under 0.06 class after class
    curve = datasets.split(datasets.practice_curve(), seed=1, standardise=False)[0].x[:, 0]
    assert abs(np.corrcoef(curve[:-1], curve[1:])[0, 1]) < 0.2


def test_two_parts_or_three():
    assert len(datasets.split(datasets.moons(), 0.2)) == 2
    train, validation, test = datasets.split(datasets.moons(), 0.2, 0.1, seed=2)
    assert [d.name for d in (train, validation, test)] == ["moons (training)", "moons (validation)", "moons (test)"]


@pytest.mark.parametrize("name", REAL)
def test_standardisation_is_scikit_learns_fitted_on_the_training_part(name):
    data = REAL[name]()
    raw = datasets.split(data, 0.2, 0.1, seed=4, standardise=False)
    parts = datasets.split(data, 0.2, 0.1, seed=4)
    scaler, y_scaler = StandardScaler().fit(raw[0].x), StandardScaler().fit(raw[0].y.reshape(len(raw[0]), -1))
    for before, after in zip(raw, parts, strict=True):
        np.testing.assert_allclose(after.x, scaler.transform(before.x), atol=1e-10)
        np.testing.assert_allclose(after.y, y_scaler.transform(before.y) if data.y.ndim == 2 else before.y, atol=1e-10)
        assert (after.features, after.classes) == (data.features, data.classes)
    if data.y.ndim == 2:
        assert np.mean(parts[0].y ** 2) == pytest.approx(1)


def test_a_constant_column_is_only_shifted():
    # 0.1 is not a binary fraction: the mean of many is not quite 0.1, and their standard deviation not quite 0
    x = np.column_stack([np.full(50, 0.1), np.arange(50.0), np.full(50, 1e-200) * np.arange(50)])
    for part in datasets.split(Data(x, [[2.0]] * 50)):
        assert np.abs(part.x[:, [0, 2]]).max() < 1e-15 and np.abs(part.y).max() < 1e-15
        assert np.abs(part.x[:, 1]).max() > 1
    train, test = datasets.split(datasets.digits())
    assert (np.ptp(train.x, axis=0) == 0).any()
    assert np.isfinite(test.x).all()


def test_nothing_is_changed_by_a_split():
    data = datasets.diabetes()
    x, y = data.x.copy(), data.y.copy()
    datasets.split(data)
    np.testing.assert_array_equal(data.x, x)
    np.testing.assert_array_equal(data.y, y)


# --- grid


@given(x=arrays(float, (4, 2), elements=st.floats(-1e6, 1e6)), n=st.integers(2, 9))
@example(x=np.array([[5e-324, 0.0], [0, 0], [0, 0], [0, 0]]), n=2)
@example(x=np.array([[3.0, 1e20], [3 + 1e-15, 1e20], [3, 1e20], [3, 1e20]]), n=5)
def test_grid_covers_the_data(x, n):
    grid = datasets.grid(Data(x, [0, 1, 0, 1]), n)
    assert grid.x.shape == (n * n, 2) and grid.shape == (n, n)
    for axis, column in [(grid.x1, x[:, 0]), (grid.x2, x[:, 1])]:
        assert len(axis) == n and (np.diff(axis) > 0).all() and axis[0] < column.min() and axis[-1] > column.max()
    surface = (2 * grid.x[:, 0] - 3 * grid.x[:, 1]).reshape(grid.shape)
    i, j = n - 1, n // 2
    assert surface[i, j] == 2 * grid.x1[j] - 3 * grid.x2[i]


def test_grid_has_even_steps_and_a_margin():
    grid = datasets.grid(Data([[0.0, 5.0], [10.0, 5.0]], [0, 1]), 7)
    np.testing.assert_allclose(grid.x1, [-1, 1, 3, 5, 7, 9, 11], atol=1e-12)
    np.testing.assert_allclose(grid.x2, np.linspace(4.5, 5.5, 7))
    assert repr(grid) == "Grid 7 x 7 on [-1, 11] x [4.5, 5.5]"


def test_toys_that_need_no_scikit_learn_do_not_load_it():
    code = ("import sys; from mlpbook import datasets as d; d.split(d.xor()); d.grid(d.spirals()); d.rotation(); "
            "print('sklearn' in sys.modules, 'scipy' in sys.modules)")
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "False"]
