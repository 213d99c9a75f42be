"""Can a straight line keep two groups of points apart? The widest street between them; twin of street.js.

A line separates two groups exactly when their convex hulls do not meet. The widest street between them then crosses
the shortest way from one hull to the other at right angles, and the line is its middle (Bennett and Bredensteiner,
"Duality and geometry in SVM classifiers", ICML 2000). Plain floats, in the order of the JavaScript, so that both sides
say the same.
"""

import math

_TOUCHING = 1e-9  # hulls nearer than this count as meeting


def street(one, other):
    """The nearest points (p, q) of the hulls of two groups of points (x, y); None where no line separates them."""
    a, b = hull(one), hull(other)
    best, p, q = math.inf, None, None
    for corners, walls, mine in ((a, b, True), (b, a, False)):
        for corner in corners:
            for s, t in zip(walls, walls[1:] + walls[:1], strict=True):
                foot = _nearest(corner, s, t)
                distance = gap(corner, foot)
                if distance < best:
                    best, (p, q) = distance, (corner, foot) if mine else (foot, corner)
    if best < _TOUCHING:
        return None
    u = ((q[0] - p[0]) / best, (q[1] - p[1]) / best)
    # the nearest corner and wall of hulls that overlap do not have one hull on each side
    if max(_along(u, p, x) for x in a) > _TOUCHING or min(_along(u, q, x) for x in b) < -_TOUCHING:
        return None
    return p, q


def gap(p, q):
    """The distance of two points. (Not hypot, which rounds differently in JavaScript.)"""
    d = (q[0] - p[0], q[1] - p[1])
    return math.sqrt(d[0] * d[0] + d[1] * d[1])


def hull(points):
    """The corners of the convex hull, counter-clockwise (Andrew 1979); of one or two points, these. No point twice."""
    points = sorted({(x, y) for x, y in points})
    if len(points) < 3:
        return points
    return _chain(points) + _chain(points[::-1])


def _chain(points):
    chain = []
    for p in points:
        while len(chain) > 1 and _turn(chain[-2], chain[-1], p) <= 0:
            chain.pop()
        chain.append(p)
    return chain[:-1]


def _turn(o, p, q):
    return (p[0] - o[0]) * (q[1] - o[1]) - (p[1] - o[1]) * (q[0] - o[0])


def _nearest(p, s, t):
    """The point of the segment from s to t that is nearest to p."""
    d = (t[0] - s[0], t[1] - s[1])
    square = d[0] * d[0] + d[1] * d[1]
    at = min(1, max(0, ((p[0] - s[0]) * d[0] + (p[1] - s[1]) * d[1]) / square)) if square > 0 else 0
    return (s[0] + at * d[0], s[1] + at * d[1])


def _along(u, p, x):
    return u[0] * (x[0] - p[0]) + u[1] * (x[1] - p[1])
