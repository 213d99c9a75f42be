"""What layers of two units do to the plane, stopped anywhere between the inputs and the outputs; twin of morph.js.

A layer here is a pair (W, b) of lists. A stage is a number: 0 the inputs, 1 after W, 2 after b, 3 after phi, and three
more for a second layer. Sums are written out, so that they are rounded as in JavaScript.
"""

import math

import numpy as np


def determinant(W):
    """(det W, rank of W), both as elimination finds them, but for rounding."""
    (p, q), (r, s) = W
    det = p * s - q * r
    if abs(det) > 1e-12 * (abs(p * s) + abs(q * r)):
        return det, 2
    return 0.0, int(any([p, q, r, s]))


def product(W, V):
    """The matrix product W V."""
    return [[row[0] * V[0][j] + row[1] * V[1][j] for j in (0, 1)] for row in W]


def part_of(W, s):
    """The part s in [0, 1] of W: of a stretch along two perpendicular directions and of the turn after it.

    W = P R with P symmetric and R a rotation, the polar decomposition where det W > 0. On the straight way from x to x W
    half a turn would press the plane into a point.
    """
    (p, q), (r, t) = W
    angle = math.atan2(q - r, p + t)
    c, d = math.cos(angle), math.sin(angle)
    stretch = [[p * c + q * d, q * c - p * d], [r * c + t * d, t * c - r * d]]  # W R^T
    some = [[s * v + (1 - s if i == j else 0) for j, v in enumerate(row)] for i, row in enumerate(stretch)]
    c, d = math.cos(s * angle), math.sin(s * angle)
    return [[u * c - v * d, u * d + v * c] for u, v in some]


def within(stage, layers):
    """(index of the layer, how far into it from 0 to 3): a whole layer counts as its end, not as the start of the next."""
    index = min(layers - 1, max(0, math.ceil(stage / 3) - 1))
    return index, min(3, stage - 3 * index)


def place(X, stage, layers, phi):
    """X (n, 2) -> where its rows are at `stage`, (n, 2); phi is an Activation."""
    index, s = within(stage, len(layers))
    for W, b in layers[:index]:
        X = phi.f(_sums(X, W, b))
    W, b = layers[index]
    if s < 1:
        return _sums(X, part_of(W, s), (0, 0))
    if s < 2:
        return _sums(X, W, [(s - 1) * v for v in b])
    Z = _sums(X, W, b)
    return Z + (s - 2) * (phi.f(Z) - Z)


def _sums(X, W, b):
    return np.stack([X[:, 0] * W[0][j] + X[:, 1] * W[1][j] + b[j] for j in (0, 1)], axis=1)
