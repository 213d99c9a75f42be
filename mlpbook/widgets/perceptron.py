"""The perceptron at work on points one places oneself: each mistake, what it adds to the weights, and how the line moves."""

import math
import numbers

import numpy as np
import traitlets

from ..perceptron import MulticlassPerceptron, Perceptron
from ..validate import fits
from . import bundle
from .base import Explorable, Switch, Whole
from .margin import updates, widest
from .text import num

_EXTENT = 4.0  # the picture shows |x1|, |x2| <= 4
_MOST_POINTS, _MOST_STEPS, _SEEDS, _CLASSES = 24, 5000, 10, 3
_GRAIN = 1024
_TWO = [[-0.5, 3.5, 1], [1.5, -2, 0], [0.5, 1.5, 1], [2.5, 2, 1], [0.5, 3, 1], [-3, 3, 0], [-2.5, -2.5, 0], [-2.5, 0, 0],
        [-1, 2, 0]]
_PRESETS = {
    "two groups": _TWO,
    "a narrow gap": [[1.5, 0.5, 0], [-2, 0.5, 0], [-1, 2, 0], [2.5, -1.5, 0], [-1.5, -0.5, 1], [2, -3.5, 1], [3, -2.5, 1],
                     [-3, 0.5, 0], [0, -3, 1], [1, -2, 1]],
    "one out of place": [*_TWO, [1, 2.5, 0]],
    "XOR": [[-2, -2, 0], [-2, 2, 1], [2, -2, 1], [2, 2, 0]],
    "three groups": [[0, -1.5, 2], [2, -1, 1], [-0.5, 2, 2], [-2.5, -3, 0], [3, -2.5, 1], [0.5, 1.5, 2], [-2, -0.5, 0],
                     [3, -1, 1], [-2, -2, 0]],
    "an empty plane": [],
}


class Points(traitlets.TraitType):
    """Rows (x1, x2, class): a list of lists; arrays and tuples are taken too."""

    def __init__(self, default):
        super().__init__(default)
        coordinate = {"low": -_EXTENT, "high": _EXTENT}
        self.limit = {"row": [coordinate, coordinate, {"low": 0, "high": _CLASSES - 1, "whole": True}], "most": _MOST_POINTS}
        self.tag(sync=True, state=True)

    def validate(self, obj, value):
        rows = value.tolist() if hasattr(value, "tolist") else value
        if not isinstance(rows, (list, tuple)) or len(rows) > _MOST_POINTS or not all(map(_is_point, rows)):
            raise traitlets.TraitError(
                f"{self.name} must be at most {_MOST_POINTS} rows (x1, x2, class) with |x1|, |x2| <= {_EXTENT:g} and class "
                f"0, 1 or 2, for example [[1.5, 2, 1], [-1, 0, 0]]; got {value!r}")
        return [[float(p), float(q), int(label)] for p, q, label in rows]


class Seed(traitlets.TraitType):
    """None, or a whole number below `count`."""

    def __init__(self, default, count):
        super().__init__(default)
        self.limit = {"options": [None, *range(count)]}
        self.tag(sync=True, state=True)

    def validate(self, obj, value):
        known = value is None or (isinstance(value, numbers.Integral) and not isinstance(value, bool))
        if not known or value not in self.limit["options"]:
            raise traitlets.TraitError(f"{self.name} must be None or a whole number from 0 to {self.limit['options'][-1]}, "
                                       f"got {value!r}")
        return None if value is None else int(value)


class PerceptronExplorer(Explorable):
    """Rosenblatt's rule on points in the plane |x1|, |x2| <= 4, stopped after any number of samples.

    points: up to 24 rows (x1, x2, class) with classes 0, 1 and perhaps 2; with a third class it is the `MulticlassPerceptron`.
    step: how many samples the rule has met, from weights 0, up to 5000 (it stops sooner once it has converged); seed: None
    for the order of the rows, or 0 to 9 for a fresh random order each pass, as in `Perceptron.learn`. best: whether to show
    the separator with the widest margin gamma, which gives the best of Novikoff's bounds. For the rule coordinates are
    rounded to 1/1024, so that all sums are exact.

    >>> PerceptronExplorer(points=[[-2, -2, 0], [-2, 2, 1], [2, -2, 1], [2, 2, 0]], step=12)
    """

    title = "Perceptron explorer"
    _esm = bundle.join("perceptron.js")

    points = Points(_TWO)
    step = Whole(11, 0, _MOST_STEPS)
    seed = Seed(None, _SEEDS)
    best = Switch(False)

    def facts(self):
        return {"extent": _EXTENT, "presets": list(_PRESETS.items())}  # pairs: saving a notebook sorts the keys

    def describe(self):
        if not self.points:
            return "A perceptron without points: there is nothing to learn yet."
        x_tilde, y, k = _samples(self.points)
        n, many = len(y), k > 2
        visits, converged = replay(self.points, self.seed, self.step)
        mistakes = sum(visit["before"] is not visit["after"] for visit in visits)
        weights = visits[-1]["after"] if visits else _start(k)
        order = "in their order" if self.seed is None else f"in a new random order each pass (seed {self.seed})"
        said = [f"A perceptron learns {_count(n, 'point')} of {'three' if many else 'two'} classes, met {order}."]
        if not visits:
            said.append("The rule has met no sample yet, and all weights are 0.")
        elif converged:
            said.append(f"After {_count(len(visits), 'sample')}, {_count(visits[-1]['pass'], 'pass', 'passes')} and "
                        f"{_count(mistakes, 'mistake')} the rule has converged: the last pass was without a mistake.")
        else:
            said.append(f"After {_count(len(visits), 'sample')}, in pass {visits[-1]['pass']}, the rule has made "
                        f"{_count(mistakes, 'mistake')}." + " The picture goes no further." * (len(visits) == _MOST_STEPS))
        said += [_last(visits[-1], x_tilde, y)] if visits else []
        said.append(_weights(weights))
        right = sum(_rule(k).correct(weights, x, label) is weights for x, label in zip(x_tilde, y, strict=True))
        where = "score highest in their own class" if many else "are on their own side of the line"
        said.append(f"{right} of {_count(n, 'point')} {where}.")
        said.append(_bound(widest(updates(x_tilde, y, k)), many))
        return " ".join(said)


def replay(points, seed, steps):
    """(visits, converged): the first `steps` samples that the rule meets, each {"pass", "index", "before", "after"}.

    It goes as `Perceptron.learn` or `MulticlassPerceptron.learn` does, but can stop within a pass. Where the rule was right,
    before is after.
    """
    visits, clean = [], 0
    if not points:
        return visits, False
    x_tilde, y, k = _samples(points)
    n, weights, rng = len(y), _start(k), None if seed is None else np.random.default_rng(seed)
    while len(visits) < steps:
        at = len(visits) % n
        if at == 0:
            order, clean = range(n) if rng is None else rng.permutation(n), 0
        index = int(order[at])
        after = _rule(k).correct(weights, x_tilde[index], y[index])
        visits.append({"pass": len(visits) // n + 1, "index": index, "before": weights, "after": after})
        clean += after is weights
        weights = after
        if clean == n:
            return visits, True
    return visits, False


def _samples(points):
    """x~ (n, 3), classes (n,), and how many classes."""
    rows = np.array(points, float)
    x = np.floor(rows[:, :2] * _GRAIN + 0.5) / _GRAIN
    y = rows[:, 2].astype(int)
    return np.column_stack([np.ones(len(x)), x]), y, max(2, int(y.max()) + 1)


def _rule(k):
    return Perceptron if k == 2 else MulticlassPerceptron


def _start(k):
    return np.zeros(3) if k == 2 else np.zeros((3, k))


def _last(visit, x_tilde, y):
    i, before = visit["index"], visit["before"]
    x, label = x_tilde[i], y[i]
    scores = x @ before
    met = f"Last it met point {i + 1} of class {label} at ({num(x[1])}, {num(x[2])}): "
    if before.ndim == 1:
        tie, told = scores == 0, f"z = {num(scores)}"
        done = f"(1, x) was {'added to' if label else 'subtracted from'} (b, w)"
    else:
        rivals = np.where(np.arange(len(scores)) == label, -np.inf, scores)
        rival = int(rivals.argmax())
        tie, told = scores[label] == scores[rival], "scores " + ", ".join(map(num, scores))
        done = f"(1, x) was added to class {label}'s weights and subtracted from class {rival}'s"
    if visit["after"] is before:
        return f"{met}{told}, which is right, so nothing changed."
    return f"{met}{told}, {'a tie, which counts as a mistake' if tie else 'a mistake'}, so {done}."


def _weights(weights):
    if weights.ndim == 1:
        return f"Now b = {num(weights[0])} and w = ({num(weights[1])}, {num(weights[2])})."
    return "Now " + "; ".join(f"class {c} has b = {num(b)} and w = ({num(w1)}, {num(w2)})"
                              for c, (b, w1, w2) in enumerate(weights.T)) + "."


def _bound(found, many):
    if found is None:
        what = "weights separate these classes" if many else "line separates these points"
        return f"No bound: no {what}, so the mistakes never end."
    _, gamma, longest = found
    bound = (longest / gamma) ** 2
    R, ratio = (longest / math.sqrt(2), "(√2 R/γ)²") if many else (longest, "(R/γ)²")
    return (f"No order of the samples can lead to more than {_count(math.floor(bound * (1 + 1e-9)), 'mistake')}: {ratio} = "
            f"{num(bound, 1)}, with R = {num(R)} and the widest margin γ = {num(gamma, 3)}.")


def _count(n, word, words=None):
    return f"{n} {word if n == 1 else words or word + 's'}"


def _is_point(row):
    return (isinstance(row, (list, tuple)) and len(row) == 3 and all(fits(v, -_EXTENT, _EXTENT) for v in row)
            and row[2] in range(_CLASSES))
