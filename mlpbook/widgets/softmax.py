"""From scores to probabilities, to the price of a wrong one, and to the push that each score gets in return."""

import math

import numpy as np
import traitlets

from ..losses import cross_entropy
from ..validate import fits
from . import bundle
from .base import Choice, Explorable, Number, Whole
from .text import magnitude, num

_REACH, _FEWEST, _MOST = 10.0, 2, 5
_SHIFTS = [0, 1, 2, 3, 5, 8, 20, 50, 80, 90, 100, 300, 500, 700, 710, 800, 1000]  # where the slider stops, on either side
_TYPES = {"float64": np.float64, "float32": np.float32}
# the exponents between which e^z is neither infinite nor 0 in each of them
_LARGEST = {name: math.log(float(np.finfo(kind).max)) for name, kind in _TYPES.items()}
_SMALLEST = {name: math.log(float(np.finfo(kind).smallest_subnormal)) - math.log(2) for name, kind in _TYPES.items()}
_SEEN = 0.0005  # probabilities that differ by less read alike


class Logits(traitlets.TraitType):
    """Two to five finite numbers in [-10, 10]; arrays and tuples are taken too."""

    def __init__(self, default):
        super().__init__(default)
        self.limit = {"low": -_REACH, "high": _REACH, "least": _FEWEST, "most": _MOST}
        self.tag(sync=True, state=True)

    def validate(self, obj, value):
        values = value.tolist() if hasattr(value, "tolist") else value
        if not (isinstance(values, (list, tuple)) and _FEWEST <= len(values) <= _MOST
                and all(fits(v, -_REACH, _REACH) for v in values)):
            raise traitlets.TraitError(f"{self.name} must be {_FEWEST} to {_MOST} numbers from {-_REACH:g} to {_REACH:g}, for "
                                       f"example [1, 2.5, -0.5]; got {value!r}")
        return [float(v) for v in values]


class SoftmaxExplorer(Explorable):
    """p = softmax((logits + shift) / temperature), the cross-entropy -ln p_label, and its gradient.

    logits: two to five numbers in [-10, 10], one for each class; label: the true class, counted from 0; temperature: in
    [0.1, 10]; shift: in [-1000, 1000], added to all logits; precision: "float64" or "float32", in which the page shows what
    the formula gives as it stands, and with the largest exponent taken off first.

    >>> SoftmaxExplorer(logits=[2.0, 1.0, 0.0], label=1, shift=710)
    """

    title = "Softmax explorer"
    _esm = bundle.join("softmax.js")

    logits = Logits([1.0, 2.5, -0.5])
    label = Whole(0, 0, _MOST - 1)
    temperature = Number(1.0, 0.1, 10.0)
    shift = Number(0.0, -1000.0, 1000.0)
    precision = Choice(_TYPES, "float64")

    @traitlets.validate("label", "logits")
    def _check_label(self, proposal):
        now = {"label": self.label, "logits": self.logits} | {proposal["trait"].name: proposal["value"]}
        label, logits = now["label"], now["logits"]
        if label >= len(logits):
            raise traitlets.TraitError(f"label must be a class of the {len(logits)} logits, a whole number from 0 to "
                                       f"{len(logits) - 1}; got label {label} with logits {logits}")
        return proposal["value"]

    @property
    def exponents(self):
        """(logits + shift) / temperature: what the softmax raises e to."""
        return (np.array(self.logits) + self.shift) / self.temperature

    def probabilities(self):
        """The softmax, (number of classes,), computed with the largest exponent taken off first."""
        e = np.exp(self.exponents - self.exponents.max())
        return e / e.sum()

    def loss(self):
        """(loss, gradient): -ln p_label in nats, and its derivative by each logit."""
        value, gradient = cross_entropy(self.exponents[None], [self.label])
        return value, gradient[0] / self.temperature

    def naive(self):
        """(powers, probabilities): e^z and e^z / sum as `precision` has them, infinite or not a number where it must."""
        rounded = _TYPES[self.precision]
        with np.errstate(all="ignore"):
            powers = rounded(np.exp(np.float64(rounded(self.exponents))))
            total = rounded(0)
            for power in powers:
                total += power
            return powers, powers / total

    def facts(self):
        return {"shifts": _SHIFTS, "largest": _LARGEST, "smallest": _SMALLEST, "seen": _SEEN}

    def describe(self):
        p, (loss, gradient), T = self.probabilities(), self.loss(), self.temperature
        shifted = f", all shifted by {num(self.shift, 1)}," if self.shift else ""
        cooled = f", divided by the temperature {num(T)}," if T != 1 else ""
        by = f"(p − y) / {num(T)}" if T != 1 else "p − y"
        return (f"The logits {_listed(np.array(self.logits) + self.shift, 1)}{shifted}{cooled} have the softmax "
                f"{_listed(p, 3)}. The true class is {self.label}: its probability {chance(p[self.label])} is a surprise of "
                f"{num(loss, 3)} nats, or {num(loss / math.log(2), 3)} bits. The gradient, {by}, is {_listed(gradient, 3)}: "
                f"training raises logit {self.label} and lowers the others. {_verdict(self, p)}")


def chance(p):
    """A probability to three decimals, or, where these are 0, to two digits."""
    return magnitude(p) if 0 < p < _SEEN else num(p, 3)


def _listed(values, digits):
    texts = [num(float(v), digits) for v in values]
    return f"{', '.join(texts[:-1])} and {texts[-1]}"


def _verdict(widget, p):
    """What e^z / sum gives as it stands, in words."""
    powers, naive = widget.naive()
    start, fault = f"In {widget.precision}, as the formula stands,", _fault(widget, p, powers, naive)
    if fault:
        return f"{start} {fault}. With the largest exponent taken off first, nothing overflows and the loss is right."
    return f"{start} the largest power of e is {magnitude(float(powers.max()))}, and the probabilities come out right."


def _fault(widget, p, powers, naive):
    """What goes wrong on the way, or nothing."""
    most, least = (num(limits[widget.precision], 1) for limits in (_LARGEST, _SMALLEST))
    if np.isinf(powers).any():
        return (f"e to the {num(widget.exponents.max(), 1)} is beyond the largest number, about e to the {most}. It becomes "
                "infinite, and infinite divided by infinite is not a number (nan)")
    if not powers.any():
        return (f"every power of e is below the smallest number, about e to the {least}. All become 0, and 0 divided by 0 is "
                "not a number (nan)")
    if not naive.any():
        return (f"every power of e is finite, but their sum is beyond the largest number, about e to the {most}. It becomes "
                "infinite, and every probability 0")
    if (abs(naive - p) >= _SEEN).any():
        return "the powers of e are so small that hardly a digit of them is left, and the probabilities come out wrong"
    if naive[widget.label] == 0:
        return "the power of e of the true class is too small and becomes 0, and −ln 0 is infinite"
    return ""
