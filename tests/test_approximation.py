"""Networks built by hand: against their proven bounds, closed forms, interpolation by SciPy and best fits by linear programming."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.interpolate import LinearNDInterpolator
from scipy.optimize import linprog

import mlpbook as mb
from mlpbook import approximation

# name: f, a, b, max |f'|, max |f''| on [a, b]
TARGETS = {
    "sine": (np.sin, 0, 6, 1, 1),
    "square": (np.square, -1, 2, 4, 2),
    "fast sine": (lambda x: np.sin(9 * x), -2, 1.5, 9, 81),
    "far away": (lambda x: np.cos(x), 1000, 1004, 1, 1),
    "straight": (lambda x: 3 - 2 * x, -1, 1, 2, 0),
}
BUILDERS = {
    "staircase": lambda f, a, b, n: approximation.staircase(f, a, b, n),
    "relu_interpolant": lambda f, a, b, n: approximation.relu_interpolant(f, a, b, n),
    "best_staircase": lambda f, a, b, n: approximation.best_staircase(f, a, b, n),
    "best_hinges": lambda f, a, b, n: approximation.best_hinges(f, a, b, n),
}


def dense_error(mlp, f, a, b, n=200_001):
    """The largest error on an even grid: the referee of sup_error, which looks elsewhere too."""
    x = np.linspace(a, b, n)
    return max(abs(mlp(part[:, None])[:, 0] - f(part)).max() for part in np.array_split(x, 50))


def plain(x, y):
    return np.sin(2 * x) * np.cos(y) + x * y


# ----------------------------------------------------------------------------------------------------- in one dimension

def test_the_call_site_of_the_design():
    steps = approximation.staircase(np.sin, 0, 6, n=40)
    assert approximation.sup_error(steps, np.sin, 0, 6) <= 6 / (2 * 40)
    assert repr(steps) == "MLP 1 -> 40 -> 1, sigmoid, 121 parameters"


@pytest.mark.parametrize("n", [1, 2, 3, 10, 100])
@pytest.mark.parametrize("name", TARGETS)
def test_staircase_keeps_its_bound(name, n):
    f, a, b, lipschitz, _ = TARGETS[name]
    mlp, bound = approximation.staircase(f, a, b, n), approximation.staircase_bound(lipschitz, a, b, n)
    assert bound == pytest.approx(lipschitz * (b - a) / (2 * n))
    assert max(approximation.sup_error(mlp, f, a, b), dense_error(mlp, f, a, b)) <= bound
    assert mlp.sizes == [1, n, 1]


def test_the_staircase_bound_cannot_be_much_smaller():
    straight = approximation.staircase(lambda x: 5 * x, 0, 1, 30)
    assert approximation.sup_error(straight, lambda x: 5 * x, 0, 1) == pytest.approx(5 / (2 * 31), rel=1e-6)


@pytest.mark.parametrize("steepness", [np.log(5), np.log(4 * 3 + 1), 4, 40])
@pytest.mark.parametrize("n", [1, 2, 3, 9])
def test_the_proof_of_the_staircase_bound_line_by_line(n, steepness, monkeypatch):
    """E, the mean distance of x from the steps' middles, and its bound h/2 + 2h/(e^{sh} - 1), at every x."""
    h = 1 / (n + 1)
    middles, x = (np.arange(n + 1) + 0.5) * h, np.linspace(0, 1, 4001)[:, None]
    above = mb.sigmoid.f(steepness / h * (x - h * np.arange(1, n + 1)))
    p = np.diff(np.hstack([np.zeros_like(x), 1 - above, np.ones_like(x)]), axis=1)
    assert (p >= 0).all() and np.allclose(p.sum(axis=1), 1)
    E = (p * abs(x - middles)).sum(axis=1).max()
    assert E <= h * (1 / 2 + 2 / np.expm1(steepness)) + 1e-12
    # and the network is that average, at any steepness
    monkeypatch.setattr(approximation, "STEEPNESS", steepness)
    np.testing.assert_allclose(approximation.staircase(np.cos, 0, 1, n)(x)[:, 0], p @ np.cos(middles), atol=1e-12)


@pytest.mark.parametrize("n", [1, 2, 3, 10, 100])
@pytest.mark.parametrize("name", TARGETS)
def test_interpolant_keeps_its_bound_and_is_numpys(name, n):
    f, a, b, _, curvature = TARGETS[name]
    mlp, bound = approximation.relu_interpolant(f, a, b, n), approximation.interpolant_bound(curvature, a, b, n)
    assert bound == pytest.approx(curvature * ((b - a) / n) ** 2 / 8)
    assert approximation.sup_error(mlp, f, a, b) <= bound + 1e-10
    x, t = np.linspace(a, b, 501), np.linspace(a, b, n + 1)
    np.testing.assert_allclose(mlp(x[:, None])[:, 0], np.interp(x, t, f(t)), atol=1e-10)
    assert mlp.sizes == [1, n, 1]


def test_rates():
    """Errors fall like 1/n and 1/n^2: slopes -1 and -2 on logarithmic axes."""
    n = np.array([20, 80, 320])
    for build, slope in [(approximation.staircase, -1), (approximation.relu_interpolant, -2)]:
        errors = [approximation.sup_error(build(np.sin, 0, 6, k), np.sin, 0, 6) for k in n]
        assert np.polyfit(np.log(n), np.log(errors), 1)[0] == pytest.approx(slope, abs=0.03)


@settings(max_examples=15, deadline=None)
@given(st.lists(st.integers(1, 99), min_size=1, max_size=12, unique=True).map(sorted))
def test_given_knots(percent):
    knots = np.array(percent) * 0.06
    t = np.array([0, *knots, 6])
    steps, line = (build(np.sin, 0, 6, knots=knots) for build in (approximation.staircase, approximation.relu_interpolant))
    assert steps.sizes[1] == len(knots) and line.sizes[1] == len(knots) + 1
    assert approximation.sup_error(steps, np.sin, 0, 6) <= approximation.staircase_bound(1, 0, 6, knots=knots)
    assert approximation.staircase_bound(1, 0, 6, knots=knots) == pytest.approx(np.diff(t).max() / 2)
    assert approximation.sup_error(line, np.sin, 0, 6) <= approximation.interpolant_bound(1, 0, 6, knots=knots) + 1e-12
    x = np.linspace(0, 6, 301)
    np.testing.assert_allclose(line(x[:, None])[:, 0], np.interp(x, t, np.sin(t)), atol=1e-11)


# ----------------------------------------------------------------------------------------------------------- the optimum

@pytest.mark.parametrize("n", [1, 2, 3, 8])
def test_optima_known_in_closed_form(n):
    """A line or a parabola, where by symmetry every piece is as long as the next."""
    steps = approximation.best_staircase(lambda x: 3 * x, 0, 2, n)
    assert approximation.sup_error(steps, lambda x: 3 * x, 0, 2) == pytest.approx(6 / (2 * (n + 1)), rel=0.01)
    hinges = approximation.best_hinges(np.square, -1, 1, n)
    assert approximation.sup_error(hinges, np.square, -1, 1) == pytest.approx(4 / (8 * n**2), rel=1e-3)


def test_optimal_steps_against_all_choices_of_knots():
    def f(x):
        return np.sin(3 * x) + x / 2

    x = np.linspace(0, 3, 61)
    y = f(x)
    width = [[np.ptp(y[i:j]) / 2 if j > i else 0 for j in range(62)] for i in range(62)]
    for n in (1, 2, 3):
        brute = min(max(width[i][j] for i, j in itertools.pairwise([0, *cuts, 61])) for cuts in itertools.combinations(range(1, 61), n))
        ours = approximation.sup_error(approximation.best_staircase(f, 0, 3, n), f, 0, 3)
        assert abs(ours - brute) < 0.05 * 3.5 / 2 + 1e-3  # the coarse grid's spacing times max |f'|, halved
        assert ours <= approximation.sup_error(approximation.staircase(f, 0, 3, n), f, 0, 3)


def least_error_with_knots(f, a, b, knots):
    """The best continuous line with these knots, by linear programming over its heights."""
    x, t = np.union1d(np.linspace(a, b, 91), knots), np.array([a, *knots, b])
    hat = np.stack([np.interp(x, t, e) for e in np.eye(len(t))], axis=1)
    one = np.ones((len(x), 1))
    done = linprog([0] * len(t) + [1], A_ub=np.block([[hat, -one], [-hat, -one]]), b_ub=np.concatenate([f(x), -f(x)]),
                   bounds=[(None, None)] * len(t) + [(0, None)])
    return done.fun


@pytest.mark.parametrize("f, b", [(np.sin, 6), (lambda x: np.sin(3 * x) + x / 2, 3), (lambda x: abs(x - 1) + np.exp(-x), 3)])
def test_optimal_hinges_against_linear_programs(f, b):
    grid = np.linspace(0, b, 25)[1:-1]
    for n, choices in [(1, [()]), (2, itertools.combinations(grid, 1)), (3, itertools.combinations(grid[::2], 2))]:
        brute = min(least_error_with_knots(f, 0, b, knots) for knots in choices)
        best = approximation.best_hinges(f, 0, b, n)
        ours = approximation.sup_error(best, f, 0, b)
        own_knots = np.sort(-best.linear_layers[0].b)[1:]
        assert ours <= brute + 2e-3  # the program sees f at some 91 points
        assert ours == pytest.approx(least_error_with_knots(f, 0, b, own_knots), abs=3e-3)
        assert ours <= approximation.sup_error(approximation.relu_interpolant(f, 0, b, n), f, 0, b)


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("n", [2, 4, 10])
def test_a_zigzag_of_n_pieces_is_met_exactly(n, seed):
    """Its knots are among the points the search looks at, so the least error with n hinges is 0."""
    t, heights = np.linspace(0, 1, n + 1), np.random.default_rng(seed).integers(-9, 10, n + 1)
    best = approximation.best_hinges(lambda x: np.interp(x, t, heights), 0, 1, n)
    assert best.sizes == [1, n, 1]
    assert approximation.sup_error(best, lambda x: np.interp(x, t, heights), 0, 1) <= 1e-6


def test_more_units_than_needed_do_no_harm():
    for build in (approximation.best_staircase, approximation.best_hinges):
        flat = build(lambda x: np.full_like(x, 7.0), 0, 1, 5)
        assert flat.sizes == [1, 5, 1]
        assert approximation.sup_error(flat, lambda x: np.full_like(x, 7.0), 0, 1) <= 1e-8


# ---------------------------------------------------------------------------------------------------- in two dimensions

@pytest.mark.parametrize("n", [1, 2, 5, 12])
def test_bumps_interpolate_on_triangles(n):
    """SciPy interpolates on the same triangles, one at a time."""
    a, b = (-1, 0), (1, 3)
    mlp = approximation.bumps(plain, a, b, n)
    assert mlp.sizes == [2, 4 * n + 3, (n + 1) ** 2, 1]
    x1, x2 = np.meshgrid(np.linspace(-1, 1, n + 1), np.linspace(0, 3, n + 1), indexing="ij")
    corners = np.column_stack([x1.ravel(), x2.ravel()])
    np.testing.assert_allclose(mlp(corners)[:, 0], plain(*corners.T), atol=1e-12)
    rng = np.random.default_rng(n)
    for i, j in rng.integers(0, n, (4, 2)):
        corner = {(di, dj): corners[(i + di) * (n + 1) + j + dj] for di in (0, 1) for dj in (0, 1)}
        for third in ((1, 0), (0, 1)):
            triangle = np.array([corner[0, 0], corner[1, 1], corner[third]])
            inside = rng.dirichlet([1, 1, 1], size=20) @ triangle
            expected = LinearNDInterpolator(triangle, plain(*triangle.T))(inside)
            seen = ~np.isnan(expected)
            np.testing.assert_allclose(mlp(inside)[seen, 0], expected[seen], atol=1e-11)


@pytest.mark.parametrize("n", [1, 3, 10])
def test_bumps_keep_their_bound(n):
    a, b = (-1, 0), (1, 3)
    g = np.linspace(0, 1, 101)
    x, y = np.meshgrid(-1 + 2 * g, 3 * g)
    xx, xy, yy = -4 * np.sin(2 * x) * np.cos(y), 1 - 2 * np.cos(2 * x) * np.sin(y), -np.sin(2 * x) * np.cos(y)
    curvature = abs(np.linalg.eigvalsh(np.stack([xx, xy, xy, yy], axis=-1).reshape(-1, 2, 2))).max()
    error = approximation.sup_error(approximation.bumps(plain, a, b, n), plain, a, b)
    assert error <= approximation.bumps_bound(curvature, a, b, n)
    bowl = approximation.bumps(lambda x, y: (x * x + y * y) / 2, a, b, n)  # the bound is reached
    worst = approximation.sup_error(bowl, lambda x, y: (x * x + y * y) / 2, a, b)
    assert worst == pytest.approx(approximation.bumps_bound(1, a, b, n), rel=1e-9)


def test_one_bump_is_a_pyramid():
    def peak(x, y):
        return np.where((x == 0) & (y == 0), 1.0, 0.0)

    mlp = approximation.bumps(peak, (-2, -2), (2, 2), 4)
    u, v = np.random.default_rng(0).uniform(-2, 2, (2, 500))
    np.testing.assert_allclose(mlp(np.column_stack([u, v]))[:, 0],
                               np.maximum(0, 1 - np.max([abs(u), abs(v), abs(u - v)], axis=0)), atol=1e-12)


def test_ridge_sum():
    a, b = (-1, 0), (1, 3)
    errors = [np.mean([approximation.sup_error(approximation.ridge_sum(plain, a, b, n, seed=seed), plain, a, b) for seed in range(5)])
              for n in (10, 40, 160)]
    assert errors[0] > 2 * errors[1] > 4 * errors[2]
    first, again, other = (approximation.ridge_sum(plain, a, b, 10, seed=seed).state()["W"][0] for seed in (0, 0, 1))
    assert (first == again).all() and (first != other).all()
    # no other output weights fit the grid better: the residual is orthogonal to every ridge
    mlp = approximation.ridge_sum(plain, a, b, 12)
    x = np.stack(np.meshgrid(np.linspace(-1, 1, 41), np.linspace(0, 3, 41), indexing="ij"), axis=-1).reshape(-1, 2)
    ridges = np.maximum(x @ mlp.linear_layers[0].W + mlp.linear_layers[0].b, 0)
    residual = mlp(x)[:, 0] - plain(*x.T)
    assert abs(ridges.T @ residual).max() < 1e-8 and abs(residual.sum()) < 1e-8  # nor to the constant


# ------------------------------------------------------------------------------------------------ sawtooth and sup_error

@pytest.mark.parametrize("depth", [1, 2, 3, 8])
def test_sawtooth_is_the_tent_map_composed(depth):
    mlp = approximation.sawtooth(depth)
    x = np.arange(4 * 2**depth + 1) / (4 * 2**depth)  # floats hold these exactly
    y = x
    for _ in range(depth):
        y = np.where(y < 0.5, 2 * y, 2 - 2 * y)
    np.testing.assert_array_equal(mlp(x[:, None])[:, 0], y)
    bends = np.diff(y, 2) != 0
    assert bends.sum() + 1 == 2**depth
    assert mlp.sizes == [1, *[2] * depth, 1]


@pytest.mark.parametrize("f, a, b, expected", [
    (np.square, -1, 3, 9.0), (lambda x: np.exp(-((x - 0.123) ** 2) * 50), 0, 1, 1.0), (lambda x: -x, 0, 7, 7.0),
    (np.hypot, (-1, -2), (3, 1), np.hypot(3, 2)), (lambda x, y: np.sin(x) * np.sin(y), (0, 0), (3, 3), 1.0),
])
def test_sup_error_of_the_zero_network_is_the_largest_value(f, a, b, expected):
    d = np.size(a)
    zero = mb.MLP.from_state({"sizes": [d, 1, 1], "activation": "relu", "W": [np.zeros((d, 1)), [[0.0]]], "b": [[0.0], [0.0]]})
    assert approximation.sup_error(zero, f, a, b) == pytest.approx(expected, rel=1e-9)


def test_sup_error_finds_what_hides_between_grid_points():
    """A spike between two jumps, a jump's other side, and the peaks of a line that is nearly right."""
    spike = mb.MLP.from_state({"sizes": [1, 2, 1], "activation": "step", "W": [[[1.0, 1.0]], [[1.0], [-1.0]]],
                               "b": [[-1 / 3, -1 / 3 - 1e-9], [0.0]]})
    assert approximation.sup_error(spike, np.zeros_like, 0, 1) == 1
    jump = mb.MLP.from_state({"sizes": [1, 1, 1], "activation": "step", "W": [[[1.0]], [[1.0]]], "b": [[-1 / 3], [0.0]]})
    assert approximation.sup_error(jump, lambda x: 3 * x, 0, 0.6) == pytest.approx(1, abs=1e-12)  # just left of 1/3
    assert approximation.sup_error(jump, lambda x: 3 * x - 1, 0, 0.6) == pytest.approx(1, abs=1e-12)  # at 0 and at 1/3
    line = approximation.relu_interpolant(np.square, 0, 1, 1001)
    assert approximation.sup_error(line, np.square, 0, 1) == pytest.approx(1 / (4 * 1001**2), rel=1e-6)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 1000))
def test_sup_error_is_at_least_what_a_denser_grid_sees(seed):
    mlp = mb.MLP([1, 12, 1], "relu", seed=seed)
    state = mlp.state()
    state["b"] = [np.random.default_rng(seed).normal(size=b.shape) for b in state["b"]]
    mlp = mb.MLP.from_state(state)
    assert approximation.sup_error(mlp, np.sin, -3, 3) >= dense_error(mlp, np.sin, -3, 3, 20_001) - 1e-12


# --------------------------------------------------------------------------------------------------------------- bad input

@pytest.mark.parametrize("build", BUILDERS.values(), ids=BUILDERS)
@pytest.mark.parametrize("change, words", [
    (dict(a=1, b=1), "a must lie below b"), (dict(a=2, b=1), "a must lie below b"), (dict(a=np.nan), "a must be finite"),
    (dict(b=np.inf), "b must be finite"), (dict(a="0"), "a must be numbers"), (dict(a=(0, 0), b=(1, 1)), "two numbers"),
    (dict(n=0), "n must be a whole number of at least 1"), (dict(n=2.5), "n must be"), (dict(n="3"), "n must be"),
    (dict(f=None), "f must be a function"), (dict(f=lambda x: 1.0), r"f must return one number for each point.*shape \(\)"),
    (dict(f=lambda x: x[:-1]), "f must return one number"), (dict(f=lambda x: x[:, None]), "f must return one number"),
    (dict(f=lambda x: np.full(x.shape, np.nan)), r"f\(x\) must be finite"), (dict(f=lambda x: ["a"] * len(x)), r"f\(x\) must be numbers"),
])
def test_bad_intervals_and_functions(build, change, words):
    with pytest.raises(ValueError, match=words):
        build(**{**dict(f=np.sin, a=0, b=1, n=3), **change})


@pytest.mark.parametrize("change, words", [
    (dict(n=3, knots=[0.5]), "either n or knots"), (dict(), "either n or knots"), (dict(knots=[0.5, 0.5]), "knots must increase"),
    (dict(knots=[0.7, 0.5]), "knots must increase"), (dict(knots=[0.0, 0.5]), "strictly between"), (dict(knots=[0.5, 1.0]), "strictly between"),
    (dict(knots=[]), "knots is empty"), (dict(knots=[[0.5]]), "1 dimension"), (dict(knots=[np.nan]), "finite"),
])
@pytest.mark.parametrize("build", [approximation.staircase, approximation.relu_interpolant])
def test_bad_knots(build, change, words):
    with pytest.raises(ValueError, match=words):
        build(np.sin, 0, 1, **change)


@pytest.mark.parametrize("call, words", [
    (lambda: approximation.staircase_bound(-1, 0, 1, 3), "lipschitz"), (lambda: approximation.staircase_bound("L", 0, 1, 3), "lipschitz"),
    (lambda: approximation.staircase_bound(1, 0, 1), "either n or knots"), (lambda: approximation.interpolant_bound(np.inf, 0, 1, 3), "curvature"),
    (lambda: approximation.bumps_bound(None, (0, 0), (1, 1), 3), "curvature"), (lambda: approximation.bumps_bound(1, (0, 0), (1, 1), 0), "n must be"),
    (lambda: approximation.bumps(np.hypot, 0, 1, 3), "two corners"), (lambda: approximation.bumps(np.hypot, (0, 0), (1, 0), 3), "below"),
    (lambda: approximation.bumps(np.hypot, (0, 0, 0), (1, 1, 1), 3), "two corners"), (lambda: approximation.bumps(None, (0, 0), (1, 1), 3), "np.hypot"),
    (lambda: approximation.bumps(np.hypot, (0, 0), (1, 1), -3), "n must be"), (lambda: approximation.ridge_sum(np.hypot, (0, 0), (1, 1), 3, seed=-1), "seed"),
    (lambda: approximation.ridge_sum(np.hypot, (0, 0), (1, 1), 0), "n must be"), (lambda: approximation.sawtooth(0), "depth"),
    (lambda: approximation.sawtooth(1.5), "depth"), (lambda: approximation.sup_error(mb.MLP([1, 2]), np.sin, 0, 1), "1 input and 1 output"),
    (lambda: approximation.sup_error(mb.MLP([2, 1]), np.sin, 0, 1), "1 input and 1 output"),
    (lambda: approximation.sup_error(mb.MLP([1, 1]), np.hypot, (0, 0), (1, 1)), "2 inputs and 1 output"),
    (lambda: approximation.sup_error(np.sin, np.sin, 0, 1), "mlp must be an MLP"), (lambda: approximation.sup_error(mb.MLP([1, 1]), 3, 0, 1), "f must be"),
    (lambda: approximation.sup_error(mb.MLP([1, 1]), np.sin, 0, (1, 2)), "two numbers or two corners"),
])
def test_bad_arguments(call, words):
    with pytest.raises(ValueError, match=words):
        call()


def test_nothing_given_is_changed():
    """Not the knots, not the corners, and f may even write into what it is given."""
    def greedy(x):
        x += 1
        return np.sin(x - 1)

    knots, a, b = np.array([0.2, 0.5]), np.array([0.0, 0.0]), np.array([1.0, 1.0])
    steps = approximation.staircase(greedy, 0, 1, knots=knots)
    assert approximation.sup_error(steps, greedy, 0, 1) == approximation.sup_error(steps, np.sin, 0, 1)
    approximation.bumps(np.hypot, a, b, 2)
    np.testing.assert_array_equal(knots, [0.2, 0.5])
    np.testing.assert_array_equal([a, b], [[0, 0], [1, 1]])


@pytest.mark.parametrize("mlp", [approximation.staircase(np.sin, 0, 1, 3), approximation.bumps(np.hypot, (0, 0), (1, 1), 2), approximation.sawtooth(3)],
                         ids=repr)
def test_each_is_a_genuine_network(mlp):
    """It is told by its state, and it can be trained on from there."""
    x = np.random.default_rng(0).uniform(size=(9, mlp.sizes[0]))
    np.testing.assert_array_equal(mb.MLP.from_state(mlp.state())(x), mlp(x))
    mlp.backprop(x, np.zeros((9, 1)))
    assert all(np.isfinite(g).all() for g in mlp.gradients) and any(g.any() for g in mlp.gradients)
