"""How wide a margin can a perceptron's classes have? Exactly, in one way for two classes and for more; twin of margin.js.

On each mistake the rule adds one vector u to all its weights in a row: for two classes +x~ or -x~, for more x~ in the
place of the right class and -x~ in its rival's (known as Kesler's construction). Weights v make no mistake
where v . u > 0 for every u. The unit v with the largest such margin points at the place of the hull of all u that is
nearest to 0, and that distance is the margin gamma; where it is 0, no weights separate the classes. Novikoff's proof
reads the same for any u: at most (longest u / gamma)^2 mistakes.
"""

import numpy as np

_TINY = 1e-14  # of the longest u squared


def updates(x_tilde, y, k):
    """The vectors the rule may add: x_tilde (n, d), classes y (n,) -> (n, d) for k = 2, else (n (k - 1), k d)."""
    if k == 2:
        return x_tilde * (2 * y - 1)[:, None]
    units = np.eye(k)
    return np.array([np.kron(units[own] - units[rival], x) for x, own in zip(x_tilde, y, strict=True)
                     for rival in range(k) if rival != own])


def widest(u):
    """(v, gamma, longest) for vectors u (m, d): gamma is the widest margin, v (d,) gamma times the unit vector that has it.

    None where no v separates. Source: Wolfe, "Finding the nearest point in a polytope", Mathematical Programming 11, 1976.
    """
    squares = (u * u).sum(axis=1)
    tiny = _TINY * squares.max()
    corral, shares = [int(squares.argmin())], np.ones(1)  # v is the mean of u[corral], weighted by the shares
    v = u[corral[0]]
    while True:
        inner = u @ v
        nearest = int(inner.argmin())
        if inner[nearest] >= v @ v - tiny or nearest in corral:
            break
        corral.append(nearest)
        shares = np.append(shares, 0.0)
        while True:
            target = _nearest_of_flat(u[corral])
            if target.min() > 1e-12:
                shares = target
                break
            out = target <= 1e-12  # walk towards the target until the first share is used up, and drop that vector
            reach = np.min(shares[out] / np.maximum(shares[out] - target[out], 1e-300))
            shares = np.maximum(0, shares + min(1.0, reach) * (target - shares))
            keep = shares > 1e-12
            corral, shares = [i for i, kept in zip(corral, keep, strict=True) if kept], shares[keep] / shares[keep].sum()
        closer = shares @ u[corral]
        if closer @ closer >= v @ v:  # rounding: as near as numbers get
            break
        v = closer
    gamma = float(np.sqrt(v @ v))
    return (v, gamma, float(np.sqrt(squares.max()))) if gamma**2 > 10 * tiny else None


def _nearest_of_flat(points):
    """The shares, of sum 1 and any sign, of the point nearest to 0 in the flat through the points (m, d)."""
    shares = np.linalg.solve(points @ points.T + 1, np.ones(len(points)))
    return shares / shares.sum()
