"""Networks that nobody trained: weights written down, with errors one can prove before running them.

Everywhere f is the function to follow, on [a, b] or on the box between the corners a = (a_1, a_2) and
b = (b_1, b_2). It takes one array per input and returns an array of the same shape: `np.sin`, `np.hypot`,
`lambda x1, x2: x1 * np.exp(x2)`. What a builder returns is an ordinary `MLP`.
"""

import math
from bisect import bisect_left, bisect_right

import numpy as np

from . import validate
from .mlp import MLP, is_one

STEEPNESS = 40.0  # of a staircase's sigmoids, times the width of its narrowest step


def staircase(f, a, b, n=None, knots=None):
    """n steep sigmoids, n + 1 levels: 1 -> n -> 1. f at the middle of every step, and a jump between two steps.

    The jumps are spread evenly or stand at the given `knots`, n increasing numbers between a and b.
    `staircase_bound` is proved below it. ValueError: a >= b, not exactly one of n and knots, f not finite.
    """
    t = _breaks(a, b, n, knots, pieces_per_unit=1)
    return _stairs(_values(f, (t[:-1] + t[1:]) / 2), t, "sigmoid")


def staircase_bound(lipschitz, a, b, n=None, knots=None):
    """What sup |f - staircase| cannot exceed where |f(x) - f(x')| <= lipschitz |x - x'|: L (b - a) / (2 n).

    Proof. Let p_i = sigma(s(x - t_i)) - sigma(s(x - t_{i+1})), with 1 before the first jump and 0 after the last.
    They are positive and add to 1, and the network is sum p_i f(m_i), m_i the middle of step i: an average of
    values of f. So its error is at most L E, with E = sum p_i |x - m_i|.
    At distance u from the nearest jump between steps of width h,
        E = h/2 - u tanh(s u / 2) + h sum_{k>=1} [sigma(-s(k h - u)) + sigma(-s(k h + u))].
    The smeared jump itself helps (the minus sign): f is near both levels there. Only the tails of the other jumps
    cost; with sigma(-z) <= e^-z they are at most 2 h cosh(s u) / (e^{sh} - 1), and for e^{sh} >= 4 and u <= h/2
    what they gain over their value at u = 0 is less than u tanh(s u / 2). So E <= h/2 + 2 h / (e^{sh} - 1); the two
    half steps at a and b, where u > h/2, obey the same. With n + 1 steps, h = (b - a) / (n + 1), that is at most
    (b - a) / (2 n) as soon as e^{sh} >= 4 n + 1; here s h = 40.
    For given knots the same sum gives L/2 times the widest step, and a factor 1 + 1e-8 for the tails.
    """
    lipschitz = validate.number("lipschitz", lipschitz, low=0)
    t = _breaks(a, b, n, knots, pieces_per_unit=1)
    return lipschitz * ((t[-1] - t[0]) / (2 * n) if knots is None else np.diff(t).max() / 2 * (1 + 1e-8))


def relu_interpolant(f, a, b, n=None, knots=None):
    """n hinges, n straight pieces: 1 -> n -> 1. Equal to f at n + 1 points: a, b and the knots between.

    The knots are spread evenly or given: n - 1 increasing numbers between a and b. Errors as `staircase`.
    """
    t = _breaks(a, b, n, knots, pieces_per_unit=0)
    return _hinges(t, _values(f, t))


def interpolant_bound(curvature, a, b, n=None, knots=None):
    """What sup |f - relu_interpolant| cannot exceed where |f''| <= curvature: h^2/8 times it, h the widest gap.

    Proof: between knots t and t + h, f(x) - line(x) = f''(xi) (x - t)(x - t - h) / 2 (Rolle, twice),
    and |(x - t)(x - t - h)| is largest in the middle: h^2 / 4.
    """
    curvature = validate.number("curvature", curvature, low=0)
    return curvature * np.diff(_breaks(a, b, n, knots, pieces_per_unit=0)).max() ** 2 / 8


def best_staircase(f, a, b, n):
    """The staircase of n + 1 levels with the smallest largest error, jumps where they serve best: n step units.

    A step's best level is midway between f's extremes on it, and of all its stairs the one that makes every step as
    long as the error allows needs the fewest; the error is found by bisection. Exact for f known at 4001 points: in
    between f may be off by L (b - a) / 8000 more. (An error smooth units reach only in the limit.) As `staircase`.
    """
    (a,), (b,) = _corners(a, b, d=1)
    n = validate.integer("n", n, low=1)
    x = np.linspace(a, b, max(4001, 4 * n + 1))
    y = _values(f, x)
    starts = np.array(_bisect(lambda error: _fewest_steps(y.tolist(), error, n + 1), 0.0, np.ptp(y) / 2))[1:]
    t = _with_breaks(np.array([a, *(x[starts - 1] + x[starts]) / 2, b]), n + 1)
    owner = np.searchsorted(t[1:-1], x, side="right")
    levels = [(y[owner == i].max() + y[owner == i].min()) / 2 for i in range(n + 1)]
    return _stairs(np.array(levels), t, "step")


def best_hinges(f, a, b, n):
    """The continuous line of n straight pieces with the smallest largest error, knots and heights free: n hinges.

    For a given error the line must stay in a tube around f. Its first piece may as well be the straight line that
    gets furthest, the second the line that gets furthest from some point of the first, and so on (Imai & Iri 1986,
    "An optimal algorithm for approximating a piecewise linear function"); the error is found by bisection.
    Exact for f known at 801 points and straight between, so within max |f''| (b - a)^2 / 5e6 otherwise. As `staircase`.
    """
    (a,), (b,) = _corners(a, b, d=1)
    n = validate.integer("n", n, low=1)
    x = np.linspace(0, 1, 801)
    y = _values(f, a + (b - a) * x)
    base, size = y.min(), np.ptp(y) or 1.0
    points = x.tolist(), ((y - base) / size).tolist()
    slope, height = np.array(_bisect(lambda error: _fewest_lines(*points, error, n), 1e-9, 0.5 + 1e-9)).T
    meet = -np.diff(height) / np.diff(slope)
    t = _with_breaks(np.array([0.0, *meet, 1.0]), n)
    line = np.searchsorted(meet, t)
    return _hinges(a + (b - a) * t, base + size * (slope[line] * t + height[line]))


def bumps(f, a, b, n):
    """One six-sided pyramid of height f on each point of a grid of n by n cells: 2 -> 4n + 3 -> (n + 1)^2 -> 1.

    On cells scaled to 1 the pyramid at (i, j) is relu(1 - (|u| + |v| + |u - v|) / 2), u = x_1 - i, v = x_2 - j. Each
    cell is cut along its diagonal; on a triangle the three pyramids that are not 0 are the weights of the point in
    the triangle's corners. So the sum is continuous, equals f at the corners and is straight between them.
    a, b: two corners; n: cells a side. `bumps_bound` is its error. ValueError as `staircase`.
    """
    low, high = _corners(a, b, d=2)
    n = validate.integer("n", n, low=1)
    h = (high - low) / n
    # First layer: relu(x_1 - i), relu(x_2 - j), relu(x_1 - x_2 - k). Inside the box relu(x_1 - 0) is x_1 itself,
    # and (|u| + |v| + |u - v|) / 2 = relu(u) + relu(v) + relu(u - v) - u.
    i, k = np.arange(n + 1), np.arange(-n, n + 1)
    lines = np.repeat(np.array([[1.0, 0], [0, 1], [1, -1]]), [n + 1, n + 1, 2 * n + 1], axis=0).T / h[:, None]
    offsets = -np.concatenate([i, i, k]) - low @ lines
    column, row = (index.ravel() for index in np.meshgrid(i, i, indexing="ij"))
    pyramids, each = np.zeros((4 * n + 3, (n + 1) ** 2)), np.arange((n + 1) ** 2)
    pyramids[0] = 1
    for line in (column, n + 1 + row, 3 * n + 2 + column - row):
        pyramids[line, each] -= 1
    heights = _values(f, low[0] + h[0] * column, low[1] + h[1] * row)
    return _network("relu", [lines, pyramids, heights[:, None]], [offsets, 1.0 - column, [0.0]])


def bumps_bound(curvature, a, b, n):
    """What sup |f - bumps| cannot exceed where |second derivative| <= curvature in every direction:
    curvature (h_1^2 + h_2^2) / 8, h_1 by h_2 one cell: the 1-d bound with the diagonal of a cell for h.

    Proof: the network at x is the average, with weights p_k, of f at three corners v_k, and sum p_k (v_k - x) = 0.
    By Taylor at x its error is at most curvature / 2 times sum p_k |v_k - x|^2 = R^2 - |x - o|^2 <= R^2, where o is the
    triangle's circumcentre and R, its radius, half the diagonal. (If f is only L-Lipschitz, L R bounds it likewise.)
    """
    curvature = validate.number("curvature", curvature, low=0)
    low, high = _corners(a, b, d=2)
    return float(curvature * (((high - low) / validate.integer("n", n, low=1)) ** 2).sum() / 8)


def ridge_sum(f, a, b, n, seed=0):
    """n ridges in random directions, fitted: 2 -> n -> 1 with relu. W and b of the hidden layer are drawn from `seed`,
    every kink through a uniform point of the box; the output weights are least squares on a fine grid.

    There is no bound to assert: Barron (1993, IEEE Trans. Inf. Theory 39, theorem 1) proves a mean square error of
    order 1/n for the *best* n sigmoid ridges, says nothing of the largest error, and draws none of them at random.
    """
    low, high = _corners(a, b, d=2)
    n = validate.integer("n", n, low=1)
    rng = np.random.default_rng(validate.integer("seed", seed))
    angle, through = rng.uniform(0, 2 * np.pi, n), rng.uniform(low, high, (n, 2))
    W = np.array([np.cos(angle), np.sin(angle)]) * (2 / (high - low))[:, None]
    bias = -(through * W.T).sum(axis=1)
    x = _grid(low, high, max(41, math.isqrt(8 * n)))
    features = np.column_stack([np.maximum(x @ W + bias, 0), np.ones(len(x))])
    weights = np.linalg.lstsq(features, _values(f, *x.T), rcond=None)[0]
    return _network("relu", [W, weights[:-1, None]], [bias, weights[-1:]])


def sawtooth(depth):
    """The tent map 2x, then 2 - 2x, on [0, 1], composed `depth` times: 1 -> 2 -> 2 -> ... -> 1, relu.

    It has exactly 2^depth straight pieces, of slope +-2^depth, from 2 depth units; one hidden layer would need
    2^depth - 1 units or more. (Telgarsky 2016, "Benefits of depth in neural networks".) Floats hold depth <= 52.
    """
    depth = validate.integer("depth", depth, low=1)
    tent = np.array([[2.0], [-4.0]])  # 2 relu(t) - 4 relu(t - 1/2), for 0 <= t <= 1
    W = [np.ones((1, 2)), *[tent @ np.ones((1, 2))] * (depth - 1), tent]
    return _network("relu", W, [[0.0, -0.5]] * depth + [[0.0]])


def sup_error(mlp, f, a, b):
    """max |f - mlp| over [a, b], or over a box: on a grid, next to each kink (1-d), then ever finer around the peaks.

    The largest error *seen*: never above the true one, and below it only where a peak falls between grid points
    (4001 of them in 1-d, 129 x 129 in 2-d). ValueError: mlp has not one output and 1 or 2 inputs, one a corner entry.
    """
    low, high = _corners(a, b)
    d = len(low)
    if not is_one(mlp) or (mlp.sizes[0], mlp.sizes[-1]) != (d, 1):
        raise ValueError(f"mlp must be an MLP with {d} input{'s' * (d - 1)} and 1 output, to go with a = {a}; got {mlp!r}")

    def error(x):
        y_hat = [mlp(x[i:i + 4096])[:, 0] for i in range(0, len(x), 4096)]
        return abs(np.concatenate(y_hat) - _values(f, *x.T))

    n = (4001, 129)[d - 1]
    x = _grid(low, high, n)
    on_grid = error(x)
    worst = on_grid.max()
    if d == 1:
        W, bias = mlp.linear_layers[0].W[0], mlp.linear_layers[0].b
        kinks = -bias[W != 0] / W[W != 0]
        beside = np.concatenate([np.nextafter(kinks, -np.inf), kinks, np.nextafter(kinks, np.inf)])
        worst = max(worst, error(np.clip(beside, low, high)[:, None]).max()) if len(kinks) else worst
    peaks, radius = x[_peaks(on_grid.reshape((n,) * d), 48)], (high - low) / (n - 1)
    around = _grid(-np.ones(d), np.ones(d), 9)
    for _ in range(12):
        near = np.clip(peaks[:, None] + around * radius, low, high)
        here = error(near.reshape(-1, d)).reshape(len(peaks), -1)
        peaks, radius = near[np.arange(len(peaks)), here.argmax(axis=1)], radius / 4
        worst = max(worst, here.max())
    return float(worst)


def _peaks(values, most):
    """Flat indices of the highest `most` entries that no neighbour along an axis exceeds."""
    padded = np.pad(values, 1, constant_values=-np.inf)
    inside = (slice(1, -1),) * values.ndim
    is_peak = np.ones(values.shape, dtype=bool)
    for axis in range(values.ndim):
        for shift in (-1, 1):
            is_peak &= values >= np.roll(padded, shift, axis)[inside]
    found = np.flatnonzero(is_peak)
    return found[np.argsort(values.ravel()[found])[-most:]]


def _stairs(levels, t, activation):
    """The network with `levels` between the breaks t (one more of these), whatever lies outside."""
    steepness = STEEPNESS / np.diff(t).min() if activation == "sigmoid" else 1.0
    W = np.full((1, len(levels) - 1), steepness)
    return _network(activation, [W, np.diff(levels)[:, None]], [-steepness * t[1:-1], levels[:1]])


def _hinges(t, y):
    """The network that joins the points (t, y) by straight lines: every hinge adds the change of slope."""
    bends = np.diff(np.diff(y) / np.diff(t), prepend=0)
    return _network("relu", [np.ones((1, len(bends))), bends[:, None]], [-t[:-1], y[:1]])


def _network(activation, W, b):
    sizes = [W[0].shape[0], *(w.shape[1] for w in W)]
    return MLP.from_state({"sizes": sizes, "activation": activation, "W": W, "b": b})


def _values(f, *x):
    """f at the points whose coordinates are the arrays x, as finite floats of their shape."""
    if not callable(f):
        raise ValueError(f"f must be a function of {len(x)} array{'s' * (len(x) - 1)}, for example "
                         f"{('np.sin', 'np.hypot')[len(x) - 1]}; got {f!r}")
    y = validate.array("f(x)", f(*(v.copy() for v in x)))
    if y.shape != x[0].shape:
        raise ValueError(f"f must return one number for each point: arrays of shape {x[0].shape} went in, "
                         f"shape {y.shape} came out")
    return y


def _grid(low, high, n):
    """n points a side, ends included, as rows (n^d, d)."""
    axes = [np.linspace(*ends, n) for ends in zip(low, high, strict=True)]
    return np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1).reshape(-1, len(axes))


def _corners(a, b, d=None):
    low, high = (np.atleast_1d(validate.array(name, value)).astype(float) for name, value in (("a", a), ("b", b)))
    if low.shape != high.shape or low.shape not in ([(1,), (2,)] if d is None else [(d,)]):
        allowed = {None: "two numbers or two corners", 1: "two numbers", 2: "two corners"}[d]
        raise ValueError(f"a and b must be {allowed}, for example {'0 and 1' if d == 1 else '(-1, -1) and (1, 1)'}; "
                         f"got a = {a}, b = {b}")
    if not (low < high).all():
        raise ValueError(f"a must lie below b, got a = {a}, b = {b}")
    return low, high


def _breaks(a, b, n, knots, pieces_per_unit):
    """a, the knots, b. Evenly spread there are n - 1 + pieces_per_unit knots between."""
    (a,), (b,) = _corners(a, b, d=1)
    if (n is None) == (knots is None):
        raise ValueError(f"give either n or knots; got n = {n}, knots = {knots}")
    if knots is None:
        return np.linspace(a, b, validate.integer("n", n, low=1) + 1 + pieces_per_unit)
    t = np.concatenate([[a], validate.array("knots", knots, ndim=1), [b]])
    if not (np.diff(t) > 0).all():
        raise ValueError(f"knots must increase and lie strictly between a = {a:g} and b = {b:g}, got {knots}")
    return t


def _bisect(attempt, low, high):
    """What attempt(error) returns for the smallest error in (low, high] at which it is not None, to 1e-6 of it."""
    found = attempt(high)
    while high - low > 1e-6 * high:
        middle = (low + high) / 2
        result = attempt(middle)
        low, high, found = (middle, high, found) if result is None else (low, middle, result)
    return found


def _with_breaks(t, pieces):
    """t with the longest pieces halved until there are so many."""
    while len(t) < pieces + 1:
        i = np.diff(t).argmax()
        t = np.insert(t, i + 1, (t[i] + t[i + 1]) / 2)
    return t


def _fewest_steps(y, error, most):
    """The indices at which the steps of a longest-step staircase begin, or None where it needs more than `most`."""
    starts, low, high = [0], y[0], y[0]
    for i, value in enumerate(y):
        low, high = min(low, value), max(high, value)
        if high - low > 2 * error:
            if len(starts) == most:
                return None
            starts.append(i)
            low = high = value
    return starts


def _fewest_lines(x, y, error, most):
    """The (slope, height) of each piece of a furthest-reaching line within `error` of (x, y), or None as above.

    All lines that pass so far are a convex polygon in the plane of (slope, height); every point of f cuts it twice.
    """
    room = 10.0 * len(x)  # no line through the tube is steeper
    everything = [(-room, -room), (room, -room), (room, 2 * room), (-room, 2 * room)]
    lines, polygon, i, p = [], everything, 0, 0.0
    while i < len(x):
        heights = [slope * x[i] + height for slope, height in polygon]
        passing = polygon
        if min(heights) < y[i] - error:
            passing = _clip(passing, x[i], y[i] - error, 1)
        if max(heights) > y[i] + error:
            passing = _clip(passing, x[i], y[i] + error, -1)
        if passing:
            polygon, i = passing, i + 1
            continue
        if len(lines) == most - 1:
            return None
        # Every line has left the tube before x[i]: through its top (way = 1) or through its bottom (way = -1).
        way = 1 if heights[0] > y[i] else -1
        slope, height = min(polygon, key=lambda line: way * (line[0] * x[i] + line[1]))
        lines.append((slope, height))
        # It leaves at q, having last touched the other side at p. The next piece crosses it between, to that side.
        touched = [x[k] for k in range(bisect_left(x, p), i) if way * (slope * x[k] + height - y[k]) + error <= 1e-9]
        p = max([p, *touched])
        rise = (y[i] - y[i - 1]) / (x[i] - x[i - 1])
        q = x[i - 1] + (y[i - 1] + way * error - slope * x[i - 1] - height) / (slope - rise)
        polygon = _clip(_clip(everything, p, slope * p + height, way), q, slope * q + height, -way)
        for k in range(bisect_right(x, p), i):
            polygon = _clip(polygon, x[k], y[k] - way * error, way)
    return [*lines, polygon[0]]


def _clip(polygon, x, y, way):
    """The part of a polygon of (slope, height) whose lines pass at or above (way = 1) or below (-1) the point (x, y)."""
    gap = [way * (slope * x + height - y) for slope, height in polygon]
    if not gap or min(gap) >= 0:
        return polygon
    kept = []
    for i, corner in enumerate(polygon):
        if gap[i - 1] * gap[i] < 0:
            share = gap[i - 1] / (gap[i - 1] - gap[i])
            kept.append(tuple(u + share * (v - u) for u, v in zip(polygon[i - 1], corner, strict=True)))
        if gap[i] >= 0:
            kept.append(corner)
    return kept
