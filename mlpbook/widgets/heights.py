"""Where the knots of a broken line stand is one question; how high to hold it there, so that it errs least, another."""

import itertools

import numpy as np

_NEAR = 1e-12  # a line counts as inside the tube up to rounding


def best_heights(t, y):
    """The heights at the knots t (n + 1,), from 0 to 1, of the broken line nearest to f; nearest in the largest error.

    f is known by its values y at len(y) even points of [0, 1], and straight between. For a given error every piece has
    a convex polygon of (height at its left knot, height at its right knot) with which it stays in the tube around f,
    and must start where the piece before may end; the error is found by bisection, to 1e-7 of it. Where that leaves a
    choice, a height stays as near to f as it can.
    """
    x = np.linspace(0, 1, len(y))
    at = np.interp(t, x, y)
    pieces = []
    for left, right in itertools.pairwise(t):
        inside = (x > left) & (x < right)
        pieces.append(((x[inside] - left) / (right - left), y[inside]))
    low, high = 0.0, max((abs(a + s * (b - a) - f).max(initial=0) for a, b, (s, f) in zip(at, at[1:], pieces, strict=False)))
    found = None
    while found is None or high - low > 1e-7 * high:
        error = high * (1 + 1e-9) + _NEAR if found is None else (low + high) / 2
        polygons = _polygons(at, pieces, error)
        if polygons is None:
            low = error
        else:
            high, found = error, polygons
    heights = [_nearest(at[-1], [v for _, v in found[-1]])]
    for height, polygon in zip(at[-2::-1], reversed(found), strict=True):
        heights.insert(0, _nearest(height, _across(polygon, heights[0])))
    return np.array(heights)


def _polygons(at, pieces, error):
    """For each piece the corners (left height, right height) of what keeps it in the tube; None where one has none."""
    polygons, low, high = [], at[0] - error, at[0] + error
    for end, (s, f) in zip(at[1:], pieces, strict=True):
        polygon = [(low, end - error), (high, end - error), (high, end + error), (low, end + error)]
        for way in (1, -1):  # not below the tube, not above it
            while len(s):
                u, v = np.array(polygon).T
                room = (way * (np.outer(1 - s, u) + np.outer(s, v) - (f - way * error)[:, None])).min(axis=1)
                k = int(room.argmin())
                if room[k] >= -_NEAR:
                    break
                polygon = _clip(polygon, s[k], f[k] - way * error, way)
                if not polygon:
                    return None
        ends = [v for _, v in polygon]
        low, high = min(ends), max(ends)
        polygons.append(polygon)
    return polygons


def _clip(polygon, s, y, way):
    """The part of a polygon of (u, v) whose lines pass at or above (way = 1) or below (-1) y, at the share s of the way."""
    gap = [way * ((1 - s) * u + s * v - y) for u, v in polygon]
    kept = []
    for i, corner in enumerate(polygon):
        if gap[i - 1] * gap[i] < 0:
            share = gap[i - 1] / (gap[i - 1] - gap[i])
            kept.append(tuple(p + share * (q - p) for p, q in zip(polygon[i - 1], corner, strict=True)))
        if gap[i] >= 0:
            kept.append(corner)
    return kept


def _across(polygon, v):
    """Where the edges of a polygon of (u, v) meet the level v, as values of u."""
    found = []
    for (p, r), (q, s) in zip([polygon[-1], *polygon], polygon, strict=False):
        if (r - v) * (s - v) <= 0:
            found += [p, q] if r == s else [p + (v - r) / (s - r) * (q - p)]
    return found or [min(polygon, key=lambda corner: abs(corner[1] - v))[0]]


def _nearest(value, ends):
    """The number between the ends that is nearest to value."""
    return min(max(value, min(ends)), max(ends))
