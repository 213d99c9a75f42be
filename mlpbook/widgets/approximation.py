"""A network that nobody trains: its knots are placed by hand, and judged by the largest error that remains."""

import functools
import itertools

import numpy as np
import traitlets

from .. import approximation, validate
from ..mlp import MLP
from . import bundle
from .base import Choice, Explorable, Number, Point, Switch
from .heights import best_heights
from .text import num

_DRAWN = "drawn by hand"
_MOST, _GAP = 12, 0.001  # knots, and how far apart they must stand
_SAMPLES, _PLACES = 801, 33  # points at which a target is known, and those that a hand can move
_GRAIN = 1e6  # named targets are sent in whole millionths
_NOTHING = 0.5e-4  # an error that four decimals do not show
_GRID = np.linspace(0, 1, _SAMPLES)

# name: f on [0, 1], max |f'|, max |f''| (None: f has a corner). Where no formula is at hand the maxima are rounded up.
_TARGETS = {
    "bump and slope": (lambda x: 1.2 * np.exp(-(((x - 0.32) / 0.12) ** 2)) + 0.9 * x - 0.75, 9.478, 500 / 3),
    "wave": (lambda x: 0.9 * np.sin(2 * np.pi * x), 1.8 * np.pi, 3.6 * np.pi**2),
    "chirp": (lambda x: 0.9 * np.sin(3 * np.pi * x**2), 5.4 * np.pi, 271.3),
    "cliff": (lambda x: 0.9 * np.tanh(15 * (x - 0.6)), 13.5, 0.9 * 225 * 4 / 27**0.5),
    "parabola": (lambda x: 1.6 * (2 * x - 1) ** 2 - 0.8, 6.4, 12.8),
    "roof": (lambda x: 0.8 - 2.6 * abs(x - 0.37), 2.6, None),
}
_HILLS = [-0.6, -0.55, -0.5, -0.4, -0.3, -0.15, 0, 0.2, 0.4, 0.6, 0.75, 0.8, 0.75, 0.6, 0.4, 0.2, 0.05, 0, 0, 0.05, 0.1,
          0.15, 0.2, 0.2, 0.15, 0.05, -0.1, -0.3, -0.5, -0.65, -0.7, -0.7, -0.65]


class Knots(traitlets.TraitType):
    """One to twelve increasing numbers between 0 and 1, at least 0.001 apart and from the ends; arrays are taken too."""

    def __init__(self, default):
        super().__init__(default)
        self.limit = {"low": _GAP, "high": 1 - _GAP, "gap": _GAP, "least": 1, "most": _MOST}
        self.tag(sync=True, state=True)

    def validate(self, obj, value):
        try:
            t = validate.array(self.name, value, ndim=1)
            fits = len(t) <= _MOST and (np.diff([0, *t, 1]) >= _GAP - 1e-9).all()
        except ValueError:
            fits = False
        if not fits:
            raise traitlets.TraitError(f"{self.name} must be 1 to {_MOST} increasing numbers between 0 and 1, at least "
                                       f"{_GAP:g} apart and from the ends, for example [0.25, 0.5, 0.75]; got {value!r}")
        return t.astype(float).tolist()


class ApproximationBuilder(Explorable):
    """A network 1 -> n -> 1 built by hand, never trained, that follows a target on [0, 1]; scored by its largest error.

    target: the name of a curve, or "drawn by hand": then `drawn` is the target, its heights in [-1, 1] at 0, 1/32, ..., 1,
    straight between. units: "hinges" (relu) or "steps" (steep sigmoids). knots: up to 12 places in (0, 1); hinges have one
    unit more than knots. best_heights: whether the heights between or at the knots are those that err least, instead of the
    target's own (steps then jump: step units). x: in [0, 1], where values are shown and the pen stands; show_weights: print
    the network as Python. Named targets are known at 801 points, to six decimals, and straight between.

    >>> ApproximationBuilder(target="wave", units="steps", knots=[0.2, 0.4, 0.6, 0.8])
    """

    title = "Approximation builder"
    _esm = bundle.join("builder.js")

    target = Choice([_DRAWN, *_TARGETS], "bump and slope")
    units = Choice(["hinges", "steps"], "hinges")
    knots = Knots([0.12, 0.32, 0.72, 0.86])
    best_heights = Switch(False)
    drawn = Point(_HILLS, -1.0, 1.0)
    x = Number(0.25, 0.0, 1.0)
    show_weights = Switch(False)

    def facts(self):
        return {"targets": {name: {"deltas": np.diff(np.rint(_samples(name, ()) * _GRAIN), prepend=0).astype(int).tolist(),
                                   "lipschitz": lipschitz, "curvature": curvature}
                            for name, (_, lipschitz, curvature) in _TARGETS.items()},
                "grain": _GRAIN, "samples": _SAMPLES, "steepness": approximation.STEEPNESS, "nothing": _NOTHING,
                "by_hand": _DRAWN}

    @property
    def _key(self):
        """What the target is made of."""
        return (self.target, tuple(self.drawn) if self.target == _DRAWN else ())

    def f(self, x):
        """The target at x, an array of numbers in [0, 1]."""
        return np.interp(x, _GRID, _samples(*self._key))

    def mlp(self):
        """The network that is shown, an `MLP`."""
        return _build(self._key, self.units, tuple(self.knots), self.best_heights)

    def score(self):
        """{"error", "even", "best", "bound"}: the largest error of this network; of the one with as many knots evenly
        spread; of the best one with as many units; and what the theorem promises for these knots."""
        n, even = len(self.knots), tuple(np.linspace(0, 1, len(self.knots) + 2)[1:-1])
        return {"error": approximation.sup_error(self.mlp(), self.f, 0, 1),
                "even": approximation.sup_error(_build(self._key, self.units, even, self.best_heights), self.f, 0, 1),
                "best": _best(self._key, self.units, n + (self.units == "hinges")), "bound": self._bound()[0]}

    def _bound(self):
        """(bound, how it came about)"""
        gap = float(np.diff([0, *self.knots, 1]).max())
        lipschitz, curvature = _steepest(*self._key)
        if self.units == "hinges" and curvature is not None:
            bound = approximation.interpolant_bound(curvature, 0, 1, knots=self.knots)
            return bound, f"max |f″| h² / 8 = {num(curvature)} × {num(gap, 3)}² / 8"
        # A line between two points of f errs by at most (1 - s) L s h + s L (1 - s) h, at the share s of the way: L h / 2.
        return lipschitz * gap / 2, f"L h / 2 = {num(lipschitz)} × {num(gap, 3)} / 2"

    def describe(self):
        score, mlp = self.score(), self.mlp()
        n = mlp.sizes[1]
        many = f"{n} {self.units if n > 1 else self.units[:-1]}"
        what = "the curve drawn by hand" if self.target == _DRAWN else f"the target “{self.target}”"
        if not self.best_heights:
            heights = "on the target at every knot" if self.units == "hinges" else "on the target in the middle of every step"
        else:
            heights = "at the heights that err least"
        y, y_hat = float(self.f(self.x)), float(mlp(np.array([[self.x]]))[0, 0])
        return (f"A network of {many} ({mlp.activation.name} units) follows {what} on [0, 1], with "
                f"{'knots' if self.units == 'hinges' else 'jumps'} at {_listed([num(t) for t in self.knots])}, {heights}. "
                f"{self._verdict(score, many)} {self._promise()} With its knots evenly spread it would err by "
                f"{num(score['even'], 4)}. At x = {num(self.x)} the target is {num(y, 3)} and the network {num(y_hat, 3)}.")

    def _verdict(self, score, many):
        error, best = score["error"], score["best"]
        if error < _NOTHING:
            return "It follows the target exactly, to four decimals."
        x = np.linspace(0, 1, 4001)
        away = abs(self.mlp()(x[:, None])[:, 0] - self.f(x))
        said = f"Its largest error is {num(error, 4)}, near x = {num(x[(away >= away.max() - 1e-6).argmax()])}"
        if best < _NOTHING:
            return f"{said}; the best {many} follow the target exactly, to four decimals."
        if error <= 1.005 * best:
            return f"{said}, as small as the best {many} can make it."
        return f"{said}: {num(error / best)} times that of the best {many}, {num(best, 4)}."

    def _promise(self):
        bound, how = self._bound()
        cornered = self.units == "hinges" and _steepest(*self._key)[1] is None
        whose = ("The target has corners, where f″ does not exist; with its steepest slope L the bound" if cornered
                 else "The theorem’s bound")
        return f"{whose} for these knots is {how} = {num(bound, 4)}, where h is the widest gap."


def _listed(parts):
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


@functools.lru_cache(64)
def _samples(target, drawn):
    """The target's values at 801 points."""
    if target == _DRAWN:
        return np.interp(_GRID, np.linspace(0, 1, _PLACES), drawn)
    return np.rint(_TARGETS[target][0](_GRID) * _GRAIN) / _GRAIN


def _steepest(target, drawn):
    """(max |f'|, max |f''| or None)"""
    if target == _DRAWN:
        return float(abs(np.diff(drawn)).max() * (_PLACES - 1)), None
    return _TARGETS[target][1:]


@functools.lru_cache(256)
def _build(key, units, knots, least):
    y = _samples(*key)
    t = np.array([0, *knots, 1])
    if units == "hinges":
        heights = best_heights(t, y) if least else np.interp(t, _GRID, y)
        return approximation.relu_interpolant(lambda x: np.interp(x, t, heights), 0, 1, knots=knots)
    if not least:
        return approximation.staircase(lambda x: np.interp(x, _GRID, y), 0, 1, knots=knots)
    levels = []
    for left, right in itertools.pairwise(t):
        step = np.concatenate([np.interp([left, right], _GRID, y), y[(_GRID > left) & (_GRID < right)]])
        levels.append((step.max() + step.min()) / 2)
    return MLP.from_state({"sizes": [1, len(knots), 1], "activation": "step",
                           "W": [np.ones((1, len(knots))), np.diff(levels)[:, None]], "b": [-t[1:-1], levels[:1]]})


@functools.lru_cache(256)
def _best(key, units, n):
    """The least error that n units can reach."""
    y = _samples(*key)

    def f(x):
        return np.interp(x, _GRID, y)

    best = approximation.best_hinges if units == "hinges" else approximation.best_staircase
    return approximation.sup_error(best(f, 0, 1, n), f, 0, 1)
