"""The activations once more, from their textbook formulas in NumPy and SciPy alone; slopes by finite differences."""

import numpy as np
from scipy.special import expit, ndtr

PHI = {
    "step": lambda z, _: np.where(z >= 0, 1.0, 0.0),
    "identity": lambda z, _: z,
    "sigmoid": lambda z, _: expit(z),
    "tanh": lambda z, _: np.tanh(z),
    "relu": lambda z, _: np.where(z > 0, z, 0.0),
    "leaky_relu": lambda z, alpha: np.where(z > 0, z, alpha * z),
    "prelu": lambda z, alpha: np.where(z > 0, z, alpha * z),
    "elu": lambda z, alpha: np.where(z > 0, z, alpha * (np.exp(np.minimum(z, 0)) - 1)),
    "softplus": lambda z, _: np.logaddexp(0, z),
    "gelu": lambda z, _: z * ndtr(z),
    "silu": lambda z, _: z * expit(z),
}
# where the book gives no other alpha: the papers' and torch's own
ALPHA = {"leaky_relu": 0.01, "prelu": 0.25, "elu": 1.0}


def phi(name, z, alpha=None):
    return PHI[name](np.asarray(z, float), ALPHA.get(name) if alpha is None else alpha)[()]


def slope(name, z, alpha=None, h=1e-6):
    return (phi(name, np.asarray(z) + h, alpha) - phi(name, np.asarray(z) - h, alpha)) / (2 * h)
