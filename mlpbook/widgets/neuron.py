"""One neuron with two inputs: a line in the plane, and a network with the numbers flowing through it."""

import math

import traitlets

from ..activations import ACTIVATIONS
from . import bundle
from .base import Choice, Explorable, Number, Point
from .points import LabelledPoints
from .text import num

_EXTENT = 4.0  # the picture shows |x1|, |x2| <= 4
_ROUNDING = 1e-9  # a sum nearer to 0 than this is 0


class NeuronExplorer(LabelledPoints, Explorable):
    """phi(w.x + b) over the plane |x1|, |x2| <= 4.

    w: two weights in [-4, 4]; b: the bias in [-6, 6]; activation: a name from the registry; probe: the point whose
    numbers are shown. points (n, 2), labels (n,) of 0 and 1: data to separate, drawn and counted. inputs: the axes' names.

    >>> NeuronExplorer(w=[1.0, -0.5], b=0.2, activation="sigmoid")
    """

    title = "Neuron explorer"
    _esm = bundle.join("neuron.js")

    w = Point([1.0, -0.5], -_EXTENT, _EXTENT)
    b = Number(0.2, -6.0, 6.0)
    activation = Choice(ACTIVATIONS, "sigmoid")
    probe = Point([1.5, 1.0], -_EXTENT, _EXTENT)
    points = traitlets.Any([]).tag(sync=True, given=True)
    labels = traitlets.Any([]).tag(sync=True, given=True)
    inputs = traitlets.List(traitlets.Unicode(), ["x₁", "x₂"], minlen=2, maxlen=2).tag(sync=True, given=True)

    def facts(self):
        return {"extent": _EXTENT,
                "alpha": {name: a.alpha for name, a in ACTIVATIONS.items() if a.alpha is not None},
                "range": {name: finite_range(a) for name, a in ACTIVATIONS.items()}}

    def describe(self):
        (w1, w2), b, (x1, x2) = self.w, self.b, self.probe
        z = w1 * x1 + w2 * x2 + b
        out = float(ACTIVATIONS[self.activation](z))
        length = math.hypot(w1, w2)
        if length == 0:
            line = "Both weights are 0, so there is no line and the output is the same everywhere."
        elif abs(b) >= _EXTENT * (abs(w1) + abs(w2)):
            line = "The line where the sum is 0 lies outside the picture."
        else:
            place = "on it" if abs(z) < _ROUNDING else (
                f"{num(abs(z / length))} from the line, on the side where the sum is {'positive' if z > 0 else 'negative'}")
            line = f"The line where the sum is 0 lies {num(abs(b) / length)} from the origin, and the probe {place}."
        count = ""
        if self.points:
            right = sum((w1 * p + w2 * q + b > 0) == label for (p, q), label in zip(self.points, self.labels, strict=True))
            count = f" {right} of {len(self.points)} points are on their own side of the line."
        return (f"A neuron with weights {num(w1)} and {num(w2)}, bias {num(b)} and activation {self.activation}. "
                f"At the probe {self.inputs[0]} = {num(x1)}, {self.inputs[1]} = {num(x2)} the weighted sum is {num(z)} "
                f"and the output {num(out)}. {line}{count}")


def finite_range(activation):
    """The activation's range as JSON: None stands for infinity."""
    return [end if math.isfinite(end) else None for end in activation.range]
