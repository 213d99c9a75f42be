"""A layer of two units as a motion of the plane: turned and stretched by W, shifted by b, folded by phi."""

import math

import numpy as np
import traitlets

from ..activations import ACTIVATIONS
from . import bundle
from .base import Choice, Explorable, Matrix, Number, Point, Switch
from .morph import determinant, place, product, within
from .points import LabelledPoints
from .street import gap, street
from .text import num

_EXTENT = 4.0  # the picture shows |x1|, |x2| <= 4
_SUB = "₁₂"
_DOES = {"fold": "folds each grid line where it crosses a dotted line, on which the sum of a unit is 0",
         "tear": "tears each grid line where it crosses a dotted line, on which the sum of a unit is 0",
         "smooth": "bends the grid lines smoothly and folds none",
         "straight": "bends nothing: straight lines stay straight"}


class LayerExplorer(LabelledPoints, Explorable):
    """x -> phi(x W1 + b1), and phi(... W2 + b2) after it, over the plane |x1|, |x2| <= 4, stopped at any stage.

    W1, W2 (2, 2): weights in [-4, 4], row i the image of the unit vector e_i; b1, b2 (2,): biases in [-4, 4]; activation:
    a name from the registry; two_layers: whether the second layer acts; stage: 0 the inputs, 1 after W1, 2 after b1,
    3 after phi, 4 to 6 the same of the second layer, and anything between. points (n, 2), labels (n,) of 0 and 1: data to
    carry along, XOR unless given.

    >>> LayerExplorer(W1=[[1, -1], [-1, 1]], b1=[0, 0], activation="relu", stage=3)
    """

    title = "Layer explorer"
    _esm = bundle.join("layer.js")
    extent = _EXTENT

    W1 = Matrix([[1.4, -0.8], [-0.8, 1.4]], -_EXTENT, _EXTENT)
    b1 = Point([-0.3, -0.3], -_EXTENT, _EXTENT)
    activation = Choice(ACTIVATIONS, "relu")
    two_layers = Switch(False)
    W2 = Matrix([[1.0, -1.0], [1.0, 1.0]], -_EXTENT, _EXTENT)
    b2 = Point([-1.1, 0.0], -_EXTENT, _EXTENT)
    stage = Number(0.0, 0.0, 6.0)
    points = traitlets.Any([[1.0, 1.0], [-1.0, -1.0], [1.0, -1.0], [-1.0, 1.0]]).tag(sync=True, given=True)
    labels = traitlets.Any([0, 0, 1, 1]).tag(sync=True, given=True)

    @property
    def _layers(self):
        return [(self.W1, self.b1), (self.W2, self.b2)][:1 + self.two_layers]

    def facts(self):
        return {"extent": _EXTENT, "does": _DOES,
                "corner": {name: _corner(a) for name, a in ACTIVATIONS.items()},
                "alpha": {name: a.alpha for name, a in ACTIVATIONS.items() if a.alpha is not None}}

    def describe(self):
        layers, stage = self._layers, min(self.stage, 3.0 * len(self._layers))
        said = [f"{'Two layers' if self.two_layers else 'A layer'} of two units, activation {self.activation}."]
        for k, (W, b) in enumerate(layers):
            said.append(f"W{_SUB[k]} takes e₁ to {_pair(W[0])} and e₂ to {_pair(W[1])}, b{_SUB[k]} shifts by {_pair(b)}.")
            said.append(_area(f"W{_SUB[k]}", W))
        said.append(f"{self.activation} {_DOES[_corner(ACTIVATIONS[self.activation])]}.")
        if self.two_layers and self.activation == "identity":
            said.append("Without a bend between them the two layers are one, with the weights W₁W₂. "
                        + _area("W₁W₂", product(self.W1, self.W2)))
        said.append(f"The picture shows {_where(stage)}.")
        said.append(self._classes(stage))
        return " ".join(filter(None, said))

    def _classes(self, stage):
        if len(set(self.labels)) < 2:
            return ""
        answers = [("among the inputs", 0)]  # and what has been reached: the rest is for the reader to find
        answers += [(f"after layer {k + 1}", 3 * k + 3) for k in range(len(self._layers)) if stage >= 3 * k + 3]
        before = ", ".join(f"{when} {'yes' if self._width(at) else 'no'}" for when, at in answers)
        width = self._width(stage)
        here = f"yes, with {num(width / 2)} to the nearest points" if width else "no"
        return f"Does a straight line separate the two classes? {before.capitalize()}; in this picture {here}."

    def _width(self, stage):
        """The width of the widest street between the classes at a stage; 0 where no line separates them."""
        X = place(np.array(self.points), stage, self._layers, ACTIVATIONS[self.activation])
        ends = street(*(X[np.equal(self.labels, k)].tolist() for k in (0, 1)))
        return gap(*ends) if ends else 0.0


def _corner(activation):
    """What phi does to straight lines: "fold", "tear", "smooth" (it bends them everywhere) or leave them "straight"."""
    near = 1e-6
    slopes = [float(activation.derivative(z)) for z in (-3, -1, -near, near, 1, 3)]
    if abs(activation(near) - activation(-near)) > 0.5:
        return "tear"
    if len(set(slopes[:3])) > 1 or len(set(slopes[3:])) > 1:
        return "smooth"
    return "straight" if slopes[0] == slopes[-1] else "fold"


def _area(name, W):
    """Determinant and rank in words."""
    det, rank = determinant(W)
    if rank == 0:
        return f"{name} is 0: its rank is 0, and the whole plane is pressed into one point."
    if rank == 1:
        return f"The determinant of {name} is 0 and its rank 1: the whole plane is pressed onto one line."
    side = "turned over" if det < 0 else "not turned over"
    if abs(det) < 1e-4:
        return (f"The determinant of {name} is within 0.0001 of 0, but its rank is 2: the plane is pressed nearly flat and "
                f"{side}.")
    digits = 4 if abs(det) < 0.1 else 2
    return (f"The determinant of {name} is {num(det, digits)} and its rank 2: areas are multiplied by "
            f"{num(abs(det), digits)}, and the plane is {side}.")


def _pair(v):
    return f"({num(v[0])}, {num(v[1])})"


def _where(stage):
    k, s = within(stage, 2)
    x, sub = "xa"[k], _SUB[k]
    total = f"{x} W{sub} + b{sub}"
    names = [name.replace(" ", "\u00a0") for name in (x, f"{x} W{sub}", total, f"φ({total})")]  # kept on one line
    if stage == 0:
        return "the inputs x"
    if s == 3:
        return f"{names[3]}, the outputs of layer {k + 1}"
    whole = math.floor(s)
    done = s - whole
    return f"{num(100 * done, 0)} % of the way from {names[whole]} to {names[whole + 1]}" if done else names[whole]
