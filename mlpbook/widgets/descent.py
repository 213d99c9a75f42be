"""Three optimizers on one loss of two parameters: where each goes, and how fast its loss falls."""

from dataclasses import dataclass

import numpy as np

from .. import optimizers
from . import bundle
from .base import Choice, Explorable, Number, Point, Whole
from .text import magnitude, num

_EXTENT = 3.0  # the picture shows |theta1|, |theta2| <= 3
_STEPS = 100
_FAR = 1000.0  # who gets so far from 0 has diverged, and is followed no further
_NOTHING = 1e-6  # smaller losses are told as "below" this; the axis of the losses ends there
_BETA = 0.9


@dataclass(frozen=True)
class Surface:
    """A polynomial loss L(theta1, theta2) = sum of c theta1^p theta2^q, whose least value is 0.

    terms: rows (c, p, q); minima: rows (theta1, theta2); saddles: the same; start: where a path is worth watching;
    along: for a quadratic, what its two curvatures, the larger first, belong to ("" where they are the same).
    """

    terms: tuple
    minima: tuple
    saddles: tuple = ()
    start: tuple = (-2.5, 1.5)
    along: tuple = ()

    def __call__(self, theta):
        """L at one point (2,)."""
        x, y = theta
        total = 0.0
        for c, p, q in self.terms:
            total += c * _power(x, p) * _power(y, q)
        return total

    def gradient(self, theta):
        """(dL/dtheta1, dL/dtheta2) at one point; (2,)."""
        (x, y), dx, dy = theta, 0.0, 0.0
        for c, p, q in self.terms:
            if p:
                dx += c * p * _power(x, p - 1) * _power(y, q)
            if q:
                dy += c * q * _power(x, p) * _power(y, q - 1)
        return np.array([dx, dy])

    def curvatures(self, theta):
        """The eigenvalues of the second derivatives at one point, the larger first."""
        (x, y), H = theta, np.zeros((2, 2))
        for c, p, q in self.terms:
            H[0, 0] += c * p * (p - 1) * x ** max(p - 2, 0) * y**q
            H[1, 1] += c * q * (q - 1) * x**p * y ** max(q - 2, 0)
            H[0, 1] += c * p * q * x ** max(p - 1, 0) * y ** max(q - 1, 0)
        H[1, 0] = H[0, 1]
        return [round(float(v), 12) for v in np.linalg.eigvalsh(H)[::-1]]

    @property
    def formula(self):
        parts = []
        for c, p, q in self.terms:
            factor = "" if abs(c) == 1 and p + q else f"{abs(c):g}"
            parts.append(("− " if c < 0 else "+ ") + factor + "".join(
                f"θ{name}{'' if power == 1 else '⁰¹²³⁴⁵'[power]}" for name, power in (("₁", p), ("₂", q)) if power))
        return " ".join(parts).removeprefix("+ ")


def _power(x, n):
    """x^n for a whole n, by multiplying: NumPy and JavaScript then agree to the last bit."""
    result = 1.0
    for _ in range(n):
        result *= x
    return result


_SURFACES = {
    "bowl": Surface(((0.5, 2, 0), (0.5, 0, 2)), ((0, 0),), along=("", "")),
    "narrow valley": Surface(((0.05, 2, 0), (5, 0, 2)), ((0, 0),), along=("across the valley", "along it")),
    "tilted valley": Surface(((2.525, 2, 0), (-4.95, 1, 1), (2.525, 0, 2)), ((0, 0),), start=(-2.75, -0.75),
                             along=("across the valley", "along it")),
    "saddle": Surface(((0.5, 2, 0), (-0.5, 0, 2), (0.0625, 0, 4), (1, 0, 0)), ((0, 2), (0, -2)), ((0, 0),), start=(-2.5, 0.05)),
    "two minima": Surface(((0.075, 4, 0), (-0.05, 3, 0), (-0.45, 2, 0), (0.5, 0, 2), (1, 0, 0)), ((2, 0), (-1.5, 0)), ((0, 0),),
                          start=(-2.75, 1.5)),
}
_ADAM = optimizers.Adam()
_OPTIMIZERS = {  # name: (what it is called on the picture, its settings besides lr and momentum)
    "SGD": ("SGD", {}), "Momentum": ("momentum", {}),
    "Adam": ("Adam", {name: getattr(_ADAM, name) for name in ("beta1", "beta2", "eps")}),
}


class DescentExplorer(Explorable):
    """SGD, momentum and Adam from one start on a loss of two parameters, side by side.

    surface: "bowl", "narrow valley", "tilted valley" (the same, turned by 45 degrees), "saddle" or "two minima"; start: where
    all three begin, in the square |theta1|, |theta2| <= 3, unless given a place worth seeing; lr: the learning rate of all,
    0.01 to 10; momentum: its coefficient, 0 to 0.99; step: how many of 100 steps are shown. Every step sees the whole loss,
    so that SGD is plain gradient descent here. `paths()` gives all of it as arrays.

    >>> DescentExplorer("saddle", lr=0.05)
    """

    title = "Descent explorer"
    _esm = bundle.join("descent.js")

    surface = Choice(_SURFACES, "narrow valley")
    start = Point(_SURFACES["narrow valley"].start, -_EXTENT, _EXTENT)
    lr = Number(0.19, 0.01, 10.0)
    momentum = Number(_BETA, 0.0, 0.99)
    step = Whole(40, 0, _STEPS)

    def __init__(self, surface=None, **arguments):
        if surface is not None:
            arguments["surface"] = self.traits()["surface"].validate(self, surface)
        if "surface" in arguments:
            arguments.setdefault("start", _SURFACES[arguments["surface"]].start)
        super().__init__(**arguments)

    def paths(self):
        """{"SGD": thetas (steps + 1, 2), "Momentum": ..., "Adam": ...} over 100 steps. A path that gets further than 1000 from
        0 in either parameter has diverged and ends with that point.
        """
        found = {}
        for name, (_, settings) in _OPTIMIZERS.items():
            given = {"momentum": self.momentum} if name == "Momentum" else settings
            optimizer, theta = getattr(optimizers, name)(lr=self.lr, **given), np.array(self.start)
            path = [theta.copy()]
            while len(path) <= _STEPS and not _is_far(theta):
                optimizer.step(theta, _SURFACES[self.surface].gradient(theta))
                path.append(theta.copy())
            found[name] = np.array(path)
        return found

    def facts(self):
        return {"extent": _EXTENT, "steps": _STEPS, "far": _FAR, "nothing": _NOTHING,
                "surfaces": {name: {"terms": each.terms, "formula": each.formula, "start": each.start, "along": each.along,
                                    "minima": [[*at, *each.curvatures(at)] for at in each.minima],
                                    "saddles": [[*at, each(at)] for at in each.saddles]}
                             for name, each in _SURFACES.items()},
                "optimizers": [{"name": name, "label": label, "settings": settings}
                               for name, (label, settings) in _OPTIMIZERS.items()]}

    def describe(self):
        surface = _SURFACES[self.surface]
        now = "Nobody has moved yet."
        if self.step:
            places = "; ".join(self._place(name, path) for name, path in self.paths().items())
            now = f"After {self.step} step{'s' * (self.step > 1)}: {places}."
        return " ".join([f"Three optimizers on the loss called {self.surface}: L = {surface.formula}.", self._rates(surface),
                         f"All start at {_pair(self.start)} with learning rate {_rate(self.lr)}; momentum has "
                         f"β = {num(self.momentum)}{' and is SGD then' if self.momentum == 0 else ''}.", now])

    def _rates(self, surface):
        """What the curvature says about the learning rate."""
        (most, least), lr = surface.curvatures(surface.minima[0]), self.lr
        if surface.along:
            across, along = surface.along
            if most == least:
                where, factors = "in every direction", _factor(lr, most)
            else:
                where = f"{across} and {least:g} {along}"
                factors = f"{_factor(lr, most)} {across.split()[0]} and by {_factor(lr, least)} {along.split()[0]}"
            return (f"Its curvature is {most:g} {where}: an SGD step multiplies the distance from the minimum by {factors}. "
                    f"SGD converges below the critical rate 2/{most:g} = {_rate(2 / most)}, momentum below "
                    f"2(1 + β)/{most:g} = {_rate(2 * (1 + self.momentum) / most)}.")
        minima = "; ".join(f"{_pair(at)} with loss {num(surface(at))} and curvature up to {num(surface.curvatures(at)[0])}"
                           for at in surface.minima)
        saddles = "; ".join(f"{_pair(at)} with loss {num(surface(at))}" for at in surface.saddles)
        return f"Its minima: {minima}. Its saddle: {saddles}."

    def _place(self, name, path):
        label, last = _OPTIMIZERS[name][0], len(path) - 1
        if last <= self.step and _is_far(path[-1]):
            return f"{label} has diverged, in step {last} it got more than {_FAR:g} from 0"
        theta = path[self.step]
        loss = max(0.0, _SURFACES[self.surface](theta))
        return f"{label} is at {_pair(theta)} with loss {magnitude(loss) if loss >= _NOTHING else 'below 0.000001'}"


def _is_far(theta):
    return max(abs(theta[0]), abs(theta[1])) > _FAR


def _pair(theta):
    return f"({num(float(theta[0]))}, {num(float(theta[1]))})"


def _rate(lr):
    return num(lr, 3 if lr >= 0.1 else 4)


def _factor(lr, curvature):
    return f"1 − {_rate(lr)} × {curvature:g} = {num(1 - lr * curvature)}"
