"""Where a ReLU network is straight: its linear regions, cut unit by unit, and how many there can be.

A unit bends the plane along the line where its z is 0. Inside a region of the layers before it that line is straight,
so a layer cuts every region it finds with straight lines, and each piece keeps one affine map: y_hat = x A + c.
"""

import math
from dataclasses import dataclass

import numpy as np

from . import validate
from .mlp import is_one

SAME_LINE = 1e-10  # points nearer to a unit's line than this, in diagonals of the box, are on it
ROUNDING = 1e-12  # and so is a z this small beside the terms it was added up from


@dataclass(frozen=True, eq=False)
class Region:
    """A part of the box on which every unit stays on one side of its bend, and the affine map of the network there.

    vertices: (k, 2), the corners of a convex polygon in counter-clockwise order; for one input the two ends (2, 1).
    pattern: one tuple of booleans a hidden layer: is the unit's z > 0? A (d, d_out), c (d_out,): y_hat = x A + c.
    """

    vertices: np.ndarray
    pattern: tuple
    A: np.ndarray
    c: np.ndarray

    @property
    def area(self):
        """The polygon's area (shoelace formula), or the length of the piece."""
        if len(self.vertices[0]) == 1:
            return float(self.vertices[1, 0] - self.vertices[0, 0])
        (x, y), (x_next, y_next) = (self.vertices - self.vertices[0]).T, (_next(self.vertices) - self.vertices[0]).T
        return float((x * y_next - x_next * y).sum() / 2)

    @property
    def inside(self):
        """A point (d,) in the interior: the mean of the corners."""
        return self.vertices.mean(axis=0)

    def __repr__(self):
        on = ", ".join("".join("01"[unit] for unit in layer) for layer in self.pattern)
        return f"<region with {len(self.vertices)} corners, area {self.area:.3g}, units on: {on}>"


def cut(mlp, a, b):
    """The regions of mlp on [a, b] (1 input, from left to right) or on the box with corners a and b (2 inputs).

    A list of Region, one for each pattern of units on and off that has an interior; together they fill the box.
    Two neighbours can still have one map, where the bend between them is lost later (a dead unit, a weight 0):
    `affine_pieces` joins those. Parts thinner than 1e-10 of the box's diagonal are not told from their neighbours.
    ValueError: not 1 or 2 inputs, an activation other than relu, leaky_relu, prelu, residual or normalised layers, a >= b,
    wrong number of corners.
    """
    if not is_one(mlp):
        raise ValueError(f"mlp must be an MLP, for example MLP([2, 8, 1], activation='relu'); got {mlp!r}")
    state = mlp.state()
    if state["activation"] not in ("relu", "leaky_relu", "prelu"):
        raise ValueError(f"regions are those of relu, leaky_relu or prelu networks, got {state['activation']}: "
                         "only their activation is two straight lines")
    if mlp.residual or mlp.normalization:
        raise ValueError(f"regions are cut for plain networks, without residual or normalisation; got {mlp!r}")
    d, hidden = state["sizes"][0], len(state["sizes"]) - 2
    low, high = (validate.array(name, np.atleast_1d(v), ndim=1) for name, v in (("a", a), ("b", b)))
    if d > 2 or not low.shape == high.shape == (d,) or not (low < high).all():
        raise ValueError("regions can be cut for 1 input between numbers a < b, or 2 inputs between corners such as "
                         f"(-1, -1) and (1, 1); got {d} inputs, a = {a}, b = {b}")
    slopes = state.get("alpha", [0.0] * hidden)
    near = SAME_LINE * np.linalg.norm(high - low)
    box = np.array([low, high]) if d == 1 else np.array([low, [high[0], low[1]], high, [low[0], high[1]]])
    cells = [(box, (), np.eye(d), np.zeros(d))]  # polygon, pattern, and x A + c: what the next layer is given
    for W, bias, slope in zip(state["W"][:-1], state["b"][:-1], slopes, strict=True):
        cells = [cell for given in cells for cell in _cut_by_layer(*given, W, bias, slope, near)]
    W, bias = state["W"][-1], state["b"][-1]
    found = [Region(vertices, pattern, A @ W, c @ W + bias) for vertices, pattern, A, c in cells]
    return sorted(found, key=lambda region: region.vertices[0, 0]) if d == 1 else found


def affine_pieces(regions):
    """Which of `regions` (from `cut`) are one piece: an integer (n,) for each, 0 to the number of pieces - 1.

    Regions get the same integer where one can walk from one to the other across edges without meeting a bend.
    """
    if not (isinstance(regions, list) and regions and all(isinstance(r, Region) for r in regions)):
        raise ValueError(f"regions must be the list that cut(mlp, a, b) returned, got {type(regions).__name__}")
    n = len(regions)
    ends = np.concatenate([np.concatenate([r.vertices, _next(r.vertices)], axis=1) for r in regions])
    owner = np.repeat(np.arange(n), [len(r.vertices) for r in regions])
    d = regions[0].vertices.shape[1]
    # Later bends pass from region to region without a break, so neighbours share whole edges (points, for 1 input):
    # an edge's middle names it. Rounded in two ways, or two copies of one number could round apart.
    middle = (ends[:, :d] + ends[:, d:]) / 2 if d == 2 else ends[:, :1]
    middle = middle - ends[:, :d].min(axis=0)
    size = np.ptp(ends[:, :d], axis=0).max()
    scale = max(max(abs(r.A).max() * size, abs(r.c).max()) for r in regions)
    root = list(range(n))

    def find(i):
        while root[i] != i:
            i = root[i]
        return i

    for shift in (0, 0.5):
        edges = {}
        for i, key in zip(owner, map(tuple, np.floor(middle / (1e-8 * size) + shift)), strict=True):
            j = edges.setdefault(key, i)
            same = max(abs(regions[i].A - regions[j].A).max() * size, abs(regions[i].c - regions[j].c).max())
            if same <= 1e-9 * scale:
                root[find(i)] = find(j)
    return np.unique([find(i) for i in range(n)], return_inverse=True)[1]


def _cut_by_layer(vertices, pattern, A, c, W, bias, slope, near):
    """One region of the layers before -> its parts by this layer's units, as (vertices, pattern, A, c)."""
    inputs = vertices @ A + c
    A, c = A @ W, c @ W + bias  # now of z
    tolerance = np.maximum(near * np.linalg.norm(A, axis=0), ROUNDING * (abs(inputs).max(axis=0) @ abs(W) + abs(bias)))
    d = vertices.shape[1]
    parts, uncut = [], [np.concatenate([vertices, vertices @ A + c], axis=1)]  # each corner with the z of every unit
    while uncut:
        rows = uncut.pop()
        z = rows[:, d:]
        above, below = z.max(axis=0), z.min(axis=0)
        crossing = np.flatnonzero((above > tolerance) & (below < -tolerance))
        if len(crossing):
            uncut += _halves(rows, z[:, crossing[0]], tolerance[crossing[0]])
        else:
            on = above > tolerance
            gain = np.where(on, 1.0, slope)
            parts.append((rows[:, :d], (*pattern, tuple(on.tolist())), A * gain, c * gain))
    return parts


def _halves(rows, z, tolerance):
    """A convex polygon (or an interval), its corners as rows, cut where z = 0: the part above and the part below."""
    side = [0 if abs(value) <= tolerance else 1 if value > 0 else -1 for value in z.tolist()]
    above, below = [], []
    for i, row in enumerate(rows):
        if side[i] >= 0:
            above.append(row)
        if side[i] <= 0:
            below.append(row)
        j = (i + 1) % len(rows)
        if side[i] * side[j] < 0 and (j or len(rows) > 2):  # an interval has one edge, from its first row to its second
            new = row + z[i] / (z[i] - z[j]) * (rows[j] - row)
            above.append(new)
            below.append(new)
    return [np.array(above), np.array(below)]


def _next(vertices):
    return np.roll(vertices, -1, axis=0)


def zaslavsky(n, d):
    """The most regions n hyperplanes cut R^d into: sum_{j<=d} C(n, j), reached in general position.

    For d = 2, n lines: 1 + n + n (n - 1) / 2. (Zaslavsky 1975, Facing up to Arrangements; long known in the plane.)
    """
    n, d = validate.integer("n", n), validate.integer("d", d)
    return sum(math.comb(n, j) for j in range(min(n, d) + 1))


def montufar(sizes):
    """Some relu network of these `sizes` has at least so many regions on all of R^n_0. A bound on the *maximum*:

        (prod_{l<L} floor(n_l / n_0)^n_0) sum_{j<=n_0} C(n_L, j)

    sizes as `mlp.sizes`: n_0 inputs, hidden n_1 ... n_L (each >= n_0, or ValueError), outputs (which do not matter).
    (Montufar, Pascanu, Cho & Bengio 2014, "On the number of linear regions of deep neural networks", NIPS.)
    """
    n_0, *hidden = _layers(sizes)
    if min(hidden) < n_0:
        raise ValueError(f"the bound needs hidden layers at least as wide as the input, got sizes {sizes}")
    return math.prod((n // n_0) ** n_0 for n in hidden[:-1]) * zaslavsky(hidden[-1], n_0)


def serra(sizes):
    """No relu network of these `sizes` has more regions on R^n_0 than

        sum over (j_1, ..., j_L) of prod_l C(n_l, j_l),   0 <= j_l <= min(n_0, n_1 - j_1, ..., n_{l-1} - j_{l-1}, n_l)

    (Serra, Tjandraatmadja & Ramalingam 2018, "Bounding and counting linear regions of deep neural networks", ICML,
    theorem 1.) With one hidden layer this is `zaslavsky`. A region in which only k units are on is squeezed into k
    dimensions and stays so: that is n_l - j_l, and it fails for leaky_relu and prelu, whose units are never off.
    sizes as `mlp.sizes`.
    """
    n_0, *hidden = _layers(sizes)
    count = {n_0: 1}  # regions so far, by the dimensions they may still fill
    for n in hidden:
        now = {}
        for d, regions in count.items():
            for j in range(min(d, n) + 1):
                now[min(d, n - j)] = now.get(min(d, n - j), 0) + regions * math.comb(n, j)
        count = now
    return sum(count.values())


def _layers(sizes):
    """n_0, n_1, ..., n_L of `mlp.sizes`."""
    if isinstance(sizes, str) or not hasattr(sizes, "__len__") or len(sizes) < 3:
        raise ValueError(f"sizes must list inputs, at least one hidden layer and outputs, like [2, 16, 1]; got {sizes!r}")
    return [validate.integer(f"sizes[{i}]", n, low=1) for i, n in enumerate(sizes)][:-1]
