"""An activation and its slope on one axis, with a point to move along it."""

import traitlets

from ..activations import ACTIVATIONS
from . import bundle
from .base import Choice, Explorable, Number, Switch
from .neuron import finite_range
from .text import num

_NEAR = 1e-6  # how close two points on either side of a kink or a jump are
_FAMILIES = {name: a.alpha for name, a in ACTIVATIONS.items() if a.alpha is not None}


class ActivationExplorer(Explorable):
    """phi and phi' over |z| <= 6, the tangent at a point, and the zones where phi is flat.

    names: the activations in the menu; activation: the one shown (the first of names unless given); z: the point, in
    [-6, 6]; alpha: in [0, 1], for leaky_relu, prelu and elu (their own unless given); compare: show the others faintly;
    flat_below: slopes smaller than this, in (0, 1], count as flat.

    >>> ActivationExplorer(names=["sigmoid", "tanh", "relu"])
    """

    title = "Activation explorer"
    _esm = bundle.join("activation.js")

    names = traitlets.List(traitlets.Unicode(), list(ACTIVATIONS), minlen=1).tag(sync=True, given=True)
    activation = Choice(ACTIVATIONS, "sigmoid")
    z = Number(1.0, -6.0, 6.0)
    alpha = Number(0.01, 0.0, 1.0)
    compare = Switch(False)
    flat_below = Number(0.05, 1e-6, 1.0).tag(state=False, given=True)

    def __init__(self, **arguments):
        names = arguments.get("names")
        if isinstance(names, (list, tuple)) and names and isinstance(names[0], str) and names[0] in ACTIVATIONS:
            arguments.setdefault("activation", names[0])
        shown = arguments.get("activation", "sigmoid")
        arguments.setdefault("alpha", _FAMILIES.get(shown, 0.01) if isinstance(shown, str) else 0.01)
        super().__init__(**arguments)

    @traitlets.validate("names")
    def _check_names(self, proposal):
        unknown = [name for name in proposal["value"] if name not in ACTIVATIONS]
        if unknown:
            raise traitlets.TraitError(f"names must be among {', '.join(ACTIVATIONS)}; got {unknown[0]!r}")
        if self.activation not in proposal["value"]:
            raise traitlets.TraitError(f"names must contain the activation shown, {self.activation!r}; got {proposal['value']}")
        return proposal["value"]

    @traitlets.validate("activation")
    def _check_activation(self, proposal):
        if proposal["value"] not in self.names:
            raise traitlets.TraitError(f"activation must be one of the names {', '.join(self.names)}; "
                                       f"got {proposal['value']!r}")
        return proposal["value"]

    def narrowed(self):
        return {"activation": {"options": list(self.names)}}

    def facts(self):
        return {"alpha": _FAMILIES,
                "range": {name: finite_range(ACTIVATIONS[name]) for name in self.names},
                "formula": {name: ACTIVATIONS[name].formula for name in self.names},
                "slope": {name: ACTIVATIONS[name].slope for name in self.names}}

    def describe(self):
        f, parameter = ACTIVATIONS[self.activation], ""
        if f.alpha is not None:
            f, parameter = f.with_alpha(self.alpha), f" with alpha {num(self.alpha)}"
        value, slope = float(f(self.z)), float(f.derivative(self.z))
        corner = ""
        if abs(f(self.z + _NEAR) - f(self.z - _NEAR)) > 0.5:
            corner = f"The function jumps here and has no slope; software takes {num(slope)}. "
        elif abs(f.derivative(self.z + _NEAR) - f.derivative(self.z - _NEAR)) > 1e-3:
            corner = f"The slope changes suddenly here; software takes {num(slope)}. "
        if slope == 0:
            state = "The slope is exactly 0: no gradient passes here."
        elif abs(slope) < self.flat_below:
            state = f"The slope is within {self.flat_below:g} of 0: hardly any gradient passes here."
        else:
            state = f"A gradient arriving here is multiplied by {num(slope, 3)}."
        return (f"The activation {self.activation}{parameter} and its derivative. At z = {num(self.z)} the value is "
                f"{num(value, 3)} and the slope {num(slope, 3)}. {corner}{state}")
