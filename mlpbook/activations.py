"""Activation functions: the bend in every neuron.

Each is one record that keeps a function and its derivative together. From the record come the network's
layer, the scale of its first weights, the plot, the table in chapter 5, the menu of every widget and the tests.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from . import validate

INF = math.inf


@dataclass(frozen=True, repr=False)
class Activation:
    """phi: any shape in, the same shape out, applied to each entry on its own.

    >>> relu([-3.0, 2.0]), relu.derivative([-3.0, 2.0])
    (array([0., 2.]), array([0., 1.]))

    Fields: `name`; `f(z)` and `df(z, a)`, phi and phi' on float arrays, unchecked (df is also handed a = phi(z), which whoever
    needs phi' has at hand and which often gives it at once); `formula` and `slope`, both as text;
    `range`, the (infimum, supremum) of phi; `torch`, its class in `torch.nn`, or None;
    `alpha` and `family`, its parameter and what builds the same function for another alpha;
    `df_dalpha`, the derivative with respect to alpha where training learns it (PReLU).
    """

    name: str
    f: Callable
    df: Callable
    formula: str
    slope: str
    range: tuple[float, float]
    torch: str | None = None
    alpha: float | None = None
    family: Callable | None = None
    df_dalpha: Callable | None = None

    def __call__(self, z):
        """phi(z). ValueError where z is not finite numbers."""
        return self.f(validate.array("z", z))[()]

    def derivative(self, z):
        """phi'(z); at a kink the value every framework takes (0 for relu at 0)."""
        z = validate.array("z", z)
        return self.df(z, self.f(z))[()]

    def with_alpha(self, alpha):
        """The same activation with another alpha, any finite number; ValueError where it has none."""
        if self.family is None:
            raise ValueError(f"{self.name} has no alpha; leaky_relu, prelu and elu have one")
        return self.family(validate.number("alpha", alpha))

    @cached_property
    def gain(self):
        """1 / sqrt(E phi(u)^2) for standard normal u: weights of standard deviation gain / sqrt(n_in) keep the
        mean square of a layer's outputs at that of its inputs (for relu this is sqrt(2); He et al. 2015, section 2.2).
        """
        u, weight = np.polynomial.hermite_e.hermegauss(100)
        return float(1 / np.sqrt(weight @ self.f(u) ** 2 / weight.sum()))

    def __reduce__(self):
        return _again, (self.name, self.alpha)  # pickled by name: functions without one cannot be

    def __copy__(self):
        return self  # it never changes

    def __deepcopy__(self, memo):
        return self

    def __repr__(self):
        alpha = "" if self.alpha is None else f", alpha = {self.alpha:g}"
        return f"<activation {self.name}: {self.formula}{alpha}>"


def _sigmoid(z):
    # e^-|z| never overflows: for z < 0 numerator and denominator are both multiplied by e^z.
    e = np.exp(-np.abs(z))
    return np.where(z >= 0, 1, e) / (1 + e)


def _normal_cdf(z):
    from scipy.special import ndtr  # loaded on first use: scipy.special would double the import time of the package

    return ndtr(z)


def _normal_pdf(z):
    return np.exp(-z * z / 2) / math.sqrt(math.tau)


step = Activation(
    "step", lambda z: np.where(z >= 0, 1, 0).astype(z.dtype), lambda z, a: np.zeros_like(z),
    formula="1 if z ≥ 0, else 0", slope="0 (and none at z = 0)", range=(0, 1))

identity = Activation(
    "identity", lambda z: z.copy(), lambda z, a: np.ones_like(z),
    formula="z", slope="1", range=(-INF, INF), torch="Identity")

sigmoid = Activation(
    "sigmoid", _sigmoid, lambda z, a: a * _sigmoid(-z),  # sigma(-z) = 1 - a, without the cancellation
    formula="1 / (1 + e⁻ᶻ)", slope="σ(z) (1 − σ(z))", range=(0, 1), torch="Sigmoid")

tanh = Activation(
    "tanh", np.tanh, lambda z, a: 1 - a**2,
    formula="(eᶻ − e⁻ᶻ) / (eᶻ + e⁻ᶻ)", slope="1 − tanh²(z)", range=(-1, 1), torch="Tanh")

relu = Activation(
    "relu", lambda z: np.maximum(z, 0), lambda z, a: (z > 0).astype(z.dtype),
    formula="max(0, z)", slope="1 if z > 0, else 0", range=(0, INF), torch="ReLU")


def _leaky(name, alpha, torch, **learned):
    return Activation(
        name, lambda z: np.where(z > 0, z, alpha * z), lambda z, a: np.where(z > 0, 1, alpha).astype(z.dtype),
        formula="z if z > 0, else α z", slope="1 if z > 0, else α", range=(-INF if alpha > 0 else 0, INF), torch=torch,
        alpha=alpha, family=lambda alpha: _leaky(name, alpha, torch, **learned), **learned)


leaky_relu = _leaky("leaky_relu", 0.01, "LeakyReLU")
prelu = _leaky("prelu", 0.25, "PReLU", df_dalpha=lambda z: np.minimum(z, 0))


def _elu(alpha):
    return Activation(
        "elu", lambda z: np.where(z > 0, z, alpha * np.expm1(np.minimum(z, 0))),
        lambda z, a: np.where(z > 0, 1, alpha * np.exp(np.minimum(z, 0))),
        formula="z if z > 0, else α (eᶻ − 1)", slope="1 if z > 0, else α eᶻ", range=(min(-alpha, 0), INF), torch="ELU",
        alpha=alpha, family=_elu)


elu = _elu(1.0)

softplus = Activation(
    "softplus", lambda z: np.logaddexp(0, z), lambda z, a: _sigmoid(z),
    formula="ln(1 + eᶻ)", slope="σ(z)", range=(0, INF), torch="Softplus")

gelu = Activation(
    "gelu", lambda z: z * _normal_cdf(z), lambda z, a: _normal_cdf(z) + z * _normal_pdf(z),
    formula="z Φ(z)", slope="Φ(z) + z Φ′(z)", range=(-0.16997120747990369, INF), torch="GELU")

silu = Activation(
    "silu", lambda z: z * _sigmoid(z), lambda z, a: _sigmoid(z) * (1 + z * _sigmoid(-z)),
    formula="z σ(z)", slope="σ(z) (1 + z (1 − σ(z)))", range=(-0.27846454276107380, INF), torch="SiLU")

ACTIVATIONS = {a.name: a for a in
               (step, identity, sigmoid, tanh, relu, leaky_relu, prelu, elu, softplus, gelu, silu)}


def get(activation):
    """The Activation called `activation`; an Activation passes. ValueError lists the names."""
    return validate.one_of("activation", activation, ACTIVATIONS)


def _again(name, alpha):
    return ACTIVATIONS[name] if alpha == ACTIVATIONS[name].alpha else ACTIVATIONS[name].with_alpha(alpha)
