"""Regions against brute force (patterns on a dense grid), the network itself, SciPy's half-space intersection and the theorems."""

import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components
from scipy.spatial import HalfspaceIntersection

import mlpbook as mb
from mlpbook import approximation, regions

BOX = (-2.0, -1.5), (2.0, 2.5)


def network(sizes, activation="relu", seed=0):
    """Random weights and biases (never 0, or all lines would meet in one point)."""
    state = mb.MLP(sizes, activation, seed=seed).state()
    rng = np.random.default_rng(seed)
    state["b"] = [rng.normal(size=b.shape) for b in state["b"]]
    return mb.MLP.from_state(state)


def built(activation, *layers, **more):
    """The network with these (W, b)."""
    W, b = zip(*((np.array(W, float), np.array(b, float)) for W, b in layers), strict=True)
    return mb.MLP.from_state({"sizes": [len(W[0]), *(w.shape[1] for w in W)], "activation": activation, "W": list(W), "b": list(b), **more})


def signs(mlp, x):
    """(n, all hidden units): is z > 0? Computed layer by layer, without the code under test."""
    state, out, a = mlp.state(), [], x
    for i, (W, b) in enumerate(zip(state["W"][:-1], state["b"][:-1], strict=True)):
        z = a @ W + b
        out.append(z > 0)
        a = np.where(z > 0, z, (state["alpha"][i] if "alpha" in state else 0) * z)
    return np.hstack(out)


def flat(region):
    return tuple(itertools.chain(*region.pattern))


def check_everything(mlp, a, b, samples=20_000):
    """What must hold of any cut, by brute force."""
    found = regions.cut(mlp, a, b)
    low, high = np.atleast_1d(a), np.atleast_1d(b)
    patterns = [flat(region) for region in found]
    assert len(set(patterns)) == len(patterns)
    # together they fill the box, and each has an inside
    areas = np.array([region.area for region in found])
    assert areas.sum() == pytest.approx(np.prod(high - low), rel=1e-12)
    assert (areas > 0).all()
    # every pattern that sampling meets was found, and nearly every point lies where its pattern says
    x = np.random.default_rng(7).uniform(low, high, (samples, len(low)))
    seen = signs(mlp, x)
    assert {tuple(row) for row in np.unique(seen, axis=0).tolist()} <= set(patterns)
    # inside each: its pattern, and its map
    inside = np.array([region.inside for region in found])
    np.testing.assert_array_equal(signs(mlp, inside), patterns)
    rng, scale = np.random.default_rng(8), max(1, abs(mlp(x)).max())
    for region in found:
        mixed = rng.dirichlet(np.ones(len(region.vertices)), size=5) @ region.vertices
        np.testing.assert_allclose(mlp(mixed), mixed @ region.A + region.c, atol=1e-9 * scale)
    # areas are those that sampling measures: binomial, so five standard deviations
    at = {pattern: i for i, pattern in enumerate(patterns)}
    share = np.bincount([at[tuple(row)] for row in seen.tolist()], minlength=len(found)) / samples
    p = areas / areas.sum()
    assert (abs(share - p) <= 5 * np.sqrt(p * (1 - p) / samples) + 2 / samples).all()
    return found


# ------------------------------------------------------------------------------------------------------------ brute force

@pytest.mark.parametrize("sizes", [[2, 1, 1], [2, 16, 1], [2, 6, 5, 1], [2, 16, 16, 1], [2, 3, 8, 4, 3], [2, 4, 4, 4, 4, 1], [1, 9, 1], [1, 5, 6, 7, 2]])
@pytest.mark.parametrize("activation", ["relu", "leaky_relu", "prelu"])
def test_a_random_network(sizes, activation):
    box = BOX if sizes[0] == 2 else (-2, 3)
    for seed in range(2):
        found = check_everything(network(sizes, activation, seed), *box)
        if sizes[0] == 1:
            ends = np.array([region.vertices[:, 0] for region in found])
            np.testing.assert_array_equal(ends[1:, 0], ends[:-1, 1])
            assert (ends[0, 0], ends[-1, 1]) == box


@pytest.mark.parametrize("alpha", [[-0.5, 0.3], [2.0, -1.0], [0.0, 1.0]])
def test_any_slope_of_prelu_layer_by_layer(alpha):
    state = network([2, 5, 4, 1], "prelu").state()
    state["alpha"] = alpha
    check_everything(mb.MLP.from_state(state), *BOX)


def test_a_trained_network_is_straight_in_each_region():
    """The size that must be cut in less than a second (it takes about 10 ms), and after training."""
    mlp = network([2, 16, 16, 1], seed=3)
    x = np.random.default_rng(0).uniform(-2, 2, (200, 2))
    for _ in range(300):
        mlp.backprop(x, np.sin(2 * x[:, :1]) * x[:, 1:], "mse")
        for p, g in zip(mlp.parameters, mlp.gradients, strict=True):
            p -= 0.05 * g
    assert len(check_everything(mlp, (-2, -2), (2, 2))) <= regions.serra(mlp.sizes)


@pytest.mark.parametrize("seed", range(3))
def test_polygons_are_scipys(seed):
    """Each polygon is the intersection of the half-planes its own pattern names (one layer: the rows of W)."""
    mlp = network([2, 7, 1], seed=seed)
    W, b = mlp.linear_layers[0].W, mlp.linear_layers[0].b
    (x0, y0), (x1, y1) = BOX
    walls = [[-1, 0, x0], [1, 0, -x1], [0, -1, y0], [0, 1, -y1]]
    for region in regions.cut(mlp, *BOX):
        sign = np.where(region.pattern[0], -1.0, 1.0)
        halfspaces = np.vstack([walls, np.column_stack([sign[:, None] * W.T, sign * b])])
        theirs = HalfspaceIntersection(halfspaces, region.inside).intersections
        theirs = np.unique(theirs.round(9), axis=0)
        np.testing.assert_allclose(np.unique(region.vertices.round(9), axis=0), theirs, atol=1e-8)


def test_corners_run_counter_clockwise_and_are_convex():
    for region in regions.cut(network([2, 8, 8, 1], seed=5), *BOX):
        edges = np.roll(region.vertices, -1, axis=0) - region.vertices
        following = np.roll(edges, -1, axis=0)
        assert (edges[:, 0] * following[:, 1] - edges[:, 1] * following[:, 0] > -1e-9).all()


def test_pieces_in_one_dimension_against_second_differences():
    """Bends of the network, seen from outside: where the second difference on a fine grid is not 0."""
    for seed in range(5):
        mlp = network([1, 6, 5, 1], seed=seed)
        found = regions.cut(mlp, -3, 3)
        label = regions.affine_pieces(found)
        bends = [b.vertices[0, 0] for (b, i), (_, j) in zip(zip(found[1:], label[1:], strict=True), zip(found[:-1], label[:-1], strict=True), strict=True) if i != j]
        x = np.linspace(-3, 3, 300_001)
        h = x[1] - x[0]
        at = x[1:-1][abs(np.diff(mlp(x[:, None])[:, 0], 2)) / h > 1e-6]
        groups = np.split(at, np.flatnonzero(np.diff(at) > 2 * h) + 1)
        assert len(groups) == len(bends)
        np.testing.assert_allclose([g.mean() for g in groups], bends, atol=2 * h)


# --------------------------------------------------------------------------------------------------------- the theorems

@pytest.mark.parametrize("n", [1, 2, 3, 5, 8, 13])
def test_lines_in_general_position_reach_zaslavsky(n):
    """Tangents of a circle, no two parallel, no three through a point: every crossing lies in a big enough box."""
    angle = np.arange(n) * 2.4 + 0.1
    mlp = built("relu", (np.array([np.cos(angle), np.sin(angle)]), -np.ones(n)), (np.ones((n, 1)), [0]))
    assert len(regions.cut(mlp, (-1e4, -1e4), (1e4, 1e4))) == regions.zaslavsky(n, 2) == 1 + n + n * (n - 1) // 2
    assert regions.serra([2, n, 1]) == regions.zaslavsky(n, 2)


@pytest.mark.parametrize("n, d", list(itertools.product(range(7), range(5))))
def test_zaslavsky_by_its_recursion(n, d):
    """A new plane is itself cut by the old ones, into r(n - 1, d - 1) parts, each of which cuts a region in two."""
    def r(n, d):
        return 1 if n == 0 or d == 0 else r(n - 1, d) + r(n - 1, d - 1)

    assert regions.zaslavsky(n, d) == r(n, d)


def serra_by_the_formula(sizes):
    n = sizes[:-1]
    total = 0
    for j in itertools.product(*(range(width + 1) for width in n[1:])):
        if all(j[i] <= min([n[0], n[i + 1], *(n[k + 1] - j[k] for k in range(i))]) for i in range(len(j))):
            total += math.prod(math.comb(n[i + 1], j[i]) for i in range(len(j)))
    return total


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 4), st.lists(st.integers(1, 7), min_size=1, max_size=4))
def test_serra_is_its_formula_and_lies_above_montufar(n_0, hidden):
    sizes = [n_0, *hidden, 1]
    assert regions.serra(sizes) == serra_by_the_formula(sizes)
    assert regions.serra(sizes) <= 2 ** sum(hidden)
    if min(hidden) >= n_0:
        assert regions.montufar(sizes) <= regions.serra(sizes)


@pytest.mark.parametrize("sizes, expected", [
    ([2, 4, 4, 1], (2 * 2) * (1 + 4 + 6)), ([2, 5, 4, 1], (2 * 2) * 11), ([1, 3, 3, 3, 1], 3 * 3 * 4), ([3, 7, 6, 5, 2], 8 * 8 * (1 + 5 + 10 + 10)),
])
def test_montufar_by_hand(sizes, expected):
    assert regions.montufar(sizes) == expected


def test_no_network_has_more_regions_than_serra_allows():
    for seed in range(20):
        rng = np.random.default_rng(seed)
        sizes = [int(rng.integers(1, 3)), *(int(n) for n in rng.integers(1, 6, size=rng.integers(1, 4))), 1]
        box = (np.full(sizes[0], -50.0), np.full(sizes[0], 50.0))
        assert len(regions.cut(network(sizes, seed=seed), *box)) <= regions.serra(sizes)


def test_one_input_reaches_serra():
    """Layer 1 zigzags up, down, up, down; each unit of layer 2 bends on all four legs: (3 + 1)^2 pieces."""
    zigzag = [-1.0, -2.0, 1.5]
    mlp = built("relu", ([[-1, 1, 1]], [2, 0, -1]), (np.transpose([zigzag] * 3), [2.6, 2.7, 2.8]), (np.ones((3, 1)), [0]))
    assert len(regions.cut(mlp, -5, 10)) == regions.serra([1, 3, 3, 1]) == 16


@pytest.mark.parametrize("depth", [1, 2, 5, 9])
def test_the_sawtooth_has_two_to_the_depth_pieces(depth):
    found = regions.cut(approximation.sawtooth(depth), 0, 1)
    assert len(found) == len(set(regions.affine_pieces(found).tolist())) == 2**depth
    np.testing.assert_array_equal([region.vertices[0, 0] for region in found], np.arange(2**depth) / 2**depth)
    np.testing.assert_array_equal([region.A.item() for region in found], [2**depth, -(2**depth)] * 2 ** (depth - 1))


def test_bumps_have_the_triangles_they_were_built_from():
    n = 4
    found = regions.cut(approximation.bumps(lambda x, y: np.sin(3 * x + y * y), (0, 0), (2, 3), n), (0, 0), (2, 3))
    assert len(found) == 2 * n * n
    assert all(len(region.vertices) == 3 for region in found)
    np.testing.assert_allclose([region.area for region in found], 6 / (2 * n * n))


# ------------------------------------------------------------------------------------------------------ degenerate cases

DEGENERATE = {  # first layer (W, b) on the box (-1, -1), (1, 1), and the number of its regions
    "through two corners": ([[1], [-1]], [0], 2),
    "through one corner": ([[2], [1]], [-3], 1),
    "on an edge": ([[1], [0]], [1], 1),
    "outside": ([[1], [0]], [5], 1),
    "the same line twice": ([[1, 1], [2, 2]], [0.3, 0.3], 2),
    "the same line, other side": ([[1, -3], [2, -6]], [0.3, -0.9], 2),
    "parallel": ([[1, 1], [2, 2]], [0.3, -0.3], 3),
    "three through a point": ([[1, 0, 1], [0, 1, 1]], [-0.1, -0.2, -0.3], 6),
    "through the corner others made": ([[1, 0, 1], [0, 1, -1]], [0, 0, 0], 6),
    "zero weights": ([[0, 0, 1], [0, 0, 0]], [1, -1, 0], 2),
    "nothing at all": ([[0], [0]], [0], 1),
    "nearly the same line": ([[1, 1], [1, 1]], [0, 1e-11], 2),
    "two lines after all": ([[1, 1], [1, 1]], [0, 1e-8], 3),
    "tiny weights": ([[1e-12, 1e-30], [1e-12, 0]], [0, 0], 4),
    "huge weights": ([[1e12, 1e12], [1e12, -1e12]], [0, 0], 4),
}


@pytest.mark.parametrize("name", DEGENERATE)
def test_degenerate_lines(name):
    W, b, expected = DEGENERATE[name]
    found = regions.cut(built("relu", (W, b), (np.ones((len(b), 1)), [0])), (-1, -1), (1, 1))
    assert len(found) == expected
    assert sum(region.area for region in found) == pytest.approx(4, rel=1e-9)
    assert min(region.area for region in found) > 1e-10


def test_rounding_makes_no_regions():
    """3 x 0.1 and 0.3 differ in the last digit: layer 2's z should be 0, comes out as 5.5e-17 (x_1 + x_2), and must not cut."""
    mlp = built("relu", ([[0.1, 0.3], [0.1, 0.3]], [1, 3]), ([[3.0], [-1.0]], [0.0]), ([[1.0]], [0.0]))
    assert len(regions.cut(mlp, (-3, -3), (4, 4))) == 1


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.sampled_from([1, 2]), st.lists(st.integers(1, 5), min_size=1, max_size=3))
def test_small_whole_weights(seed, d, hidden):
    """Lines through corners, parallel lines, equal units and zeros everywhere: still a partition with right maps.

    Points are multiples of 2^-40, for which the referee's z is exact: where it is 0 it must not be 4e-16.
    """
    def exact(x):
        return np.round(x * 2.0**40) / 2.0**40

    rng = np.random.default_rng(seed)
    sizes = [d, *hidden, 1]
    layers = [(rng.integers(-1, 2, (m, n)), rng.integers(-1, 2, n)) for m, n in itertools.pairwise(sizes)]
    mlp = built("relu", *layers)
    a, b = np.full(d, -2.0), np.full(d, 2.0)
    found = regions.cut(mlp, a, b)
    assert sum(region.area for region in found) == pytest.approx(4.0**d, rel=1e-9)
    x = exact(rng.uniform(-2, 2, (2000, d)))
    assert {tuple(row) for row in signs(mlp, x).tolist()} <= {flat(region) for region in found}
    for region in found:
        np.testing.assert_array_equal(signs(mlp, exact(region.inside[None]))[0], flat(region))
        np.testing.assert_allclose(mlp(region.vertices), region.vertices @ region.A + region.c, atol=1e-9)


# --------------------------------------------------------------------------------------------------------- affine pieces

def pieces_by_walking(mlp, a, b, n=600):
    """The referee of affine_pieces: on a fine grid, step from cell (pattern) to cell wherever the slope (by backward) stays."""
    axes = [np.linspace(lo, hi, n) for lo, hi in zip(a, b, strict=True)]
    x = np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1).reshape(-1, 2)
    cell = np.unique(signs(mlp, x), axis=0, return_inverse=True)[1].reshape(n, n)
    mlp(x)
    slope = np.unique(mlp.backward(np.ones((len(x), 1))).round(9) + 0.0, axis=0, return_inverse=True)[1].reshape(n, n)
    steps = []
    for one, other in (np.s_[1:, :], np.s_[:-1, :]), (np.s_[:, 1:], np.s_[:, :-1]):
        same = slope[one] == slope[other]
        steps.append(np.stack([cell[one][same], cell[other][same]]))
    i, j = np.hstack(steps)
    count = cell.max() + 1
    return connected_components(coo_matrix((np.ones(len(i)), (i, j)), shape=(count, count)))[0]


PIECES = {  # what bends the plane and what of it is left
    "all outputs dead": (([[1, 0, 1], [0, 1, 1]], [0.1, 0.2, 0.5]), (np.zeros((3, 1)), [1]), 1),
    "one unit dead": (([[1, 0], [0, 1]], [0.1, 0.2]), ([[1], [0]], [0]), 2),
    "none": (([[1, 0], [0, 1]], [0.1, 0.2]), ([[1], [2]], [0]), 4),
    "a relu taken away again": (([[1, 1, 0], [0, 0, 1]], [0.1, 0.1, 0]), ([[1], [-1], [1]], [0]), 2),
    "both halves of a line": (([[1, -1], [2, -2]], [0.3, -0.3]), ([[1], [-1]], [0]), 1),
}


@pytest.mark.parametrize("name", PIECES)
def test_affine_pieces(name):
    hidden, out, expected = PIECES[name]
    mlp = built("relu", hidden, out)
    found = regions.cut(mlp, (-1, -1), (1, 1))
    assert len(set(regions.affine_pieces(found).tolist())) == expected == pieces_by_walking(mlp, (-1, -1), (1, 1))


def test_two_far_pieces_with_one_map_stay_two():
    """relu(x - 1/2) + relu(-x - 1/2) is 0 in the middle only; a hat is 0 on both sides, which do not touch."""
    hat = built("relu", ([[1, 1, 1], [0, 0, 0]], [0.5, 0, -0.5]), ([[1], [-2], [1]], [0]))
    found = regions.cut(hat, (-1, -1), (1, 1))
    assert regions.affine_pieces(found).max() + 1 == 4
    assert len({(region.A.tobytes(), region.c.tobytes()) for region in found}) == 3
    around = built("relu", ([[1, -1, 0, 0], [0, 0, 1, -1]], [-0.5] * 4), (np.ones((4, 1)), [-0.2]), ([[1]], [0]))
    found = regions.cut(around, (-1, -1), (1, 1))
    assert regions.affine_pieces(found).max() + 1 == pieces_by_walking(around, (-1, -1), (1, 1))


@pytest.mark.parametrize("seed", range(3))
def test_dead_parts_of_a_random_network_are_one_piece(seed):
    """On these seeds no region is smaller than the walker's stride."""
    state = network([2, 6, 3, 1], seed=seed).state()
    state["W"][1][:, 0], state["b"][1][0], state["W"][2][2] = -1, -1, 0  # a unit that is never on, one that is not heard
    mlp = mb.MLP.from_state(state)
    found = regions.cut(mlp, *BOX)
    number = regions.affine_pieces(found).max() + 1
    assert number < len(found)
    assert number == pieces_by_walking(mlp, *BOX)
    assert number == regions.affine_pieces(found[::-1]).max() + 1


# --------------------------------------------------------------------------------------------------------------- bad input

@pytest.mark.parametrize("call, words", [
    (lambda: regions.cut(mb.MLP([2, 2, 1], "relu", residual=True), (-1, -1), (1, 1)), "plain networks, without residual"),
    (lambda: regions.cut(mb.MLP([2, 2, 1], "relu", normalization="layer"), (-1, -1), (1, 1)), "plain networks"),
    (lambda: regions.cut(mb.MLP([2, 3, 1], "tanh"), *BOX), "relu, leaky_relu or prelu networks, got tanh"),
    (lambda: regions.cut(mb.MLP([2, 3, 1], "step"), *BOX), "got step"), (lambda: regions.cut(mb.MLP([3, 3, 1], "relu"), (0, 0, 0), (1, 1, 1)), "1 input .* or 2 inputs"),
    (lambda: regions.cut(network([2, 3, 1]), 0, 1), "2 inputs between corners"), (lambda: regions.cut(network([1, 3, 1]), *BOX), "1 input between"),
    (lambda: regions.cut(network([2, 3, 1]), (0, 0), (1, 0)), "corners such as"), (lambda: regions.cut(network([2, 3, 1]), (0, 0), (-1, 1)), "corners such as"),
    (lambda: regions.cut(network([1, 3, 1]), 1, 1), "a < b"), (lambda: regions.cut(network([1, 3, 1]), np.nan, 1), "a must be finite"),
    (lambda: regions.cut(network([1, 3, 1]), 0, "1"), "b must be numbers"), (lambda: regions.cut(network([1, 3, 1]), 0, None), "b must be numbers"),
    (lambda: regions.cut("mlp", 0, 1), "mlp must be an MLP"), (lambda: regions.affine_pieces([]), "list that cut"), (lambda: regions.affine_pieces([1]), "list that cut"),
    (lambda: regions.zaslavsky(-1, 2), "n must be"), (lambda: regions.zaslavsky(3, 1.5), "d must be"), (lambda: regions.montufar([2, 1]), "at least one hidden layer"),
    (lambda: regions.montufar([3, 2, 4, 1]), "as wide as the input"), (lambda: regions.serra("2-16-1"), "sizes must list"), (lambda: regions.serra([2, 0, 1]), r"sizes\[1\]"),
    (lambda: regions.serra(16), "sizes must list"), (lambda: regions.serra([2, 2.5, 1]), r"sizes\[1\]"),
])
def test_bad_arguments(call, words):
    with pytest.raises(ValueError, match=words):
        call()


def test_a_network_without_hidden_layers_is_one_region():
    mlp = network([2, 3])
    (whole,) = regions.cut(mlp, *BOX)
    np.testing.assert_array_equal(whole.A, mlp.linear_layers[0].W)
    assert whole.pattern == () and whole.area == 16


def test_nothing_given_is_changed():
    mlp, a, b = network([2, 5, 4, 1]), np.array([-1.0, -1.0]), np.array([1.0, 1.0])
    before = [p.copy() for p in mlp.parameters]
    found = regions.cut(mlp, a, b)
    found[0].vertices[...] = 99
    np.testing.assert_array_equal([a, b], [[-1, -1], [1, 1]])
    for p, kept in zip(mlp.parameters, before, strict=True):
        np.testing.assert_array_equal(p, kept)


def test_repr():
    (left, right) = regions.cut(built("relu", ([[1], [0]], [0]), ([[1]], [0])), (-1, -1), (1, 1))
    assert {repr(left), repr(right)} == {"<region with 4 corners, area 2, units on: 0>", "<region with 4 corners, area 2, units on: 1>"}
