"""The linear regions of a ReLU network of the plane: which there are, where they bend, and what the network does on each."""

import math

import numpy as np
import traitlets

from .. import regions, validate
from ..mlp import MLP
from . import bundle
from .base import Choice, Explorable, Number, Point, Switch, Whole
from .points import LabelledPoints, numbers
from .text import num

_LAYERS, _UNITS = 6, 64  # hidden layers and hidden units that a page redraws while one drags
_LARGEST = 1000.0  # no weight or bias beyond
_START = {"sizes": [2, 4, 4, 1], "activation": "relu",
          "W": [[[0.6, 1.3, 0.0, 0.7], [-0.7, -0.3, 1.4, 0.8]],
                [[0.2, 0.2, 1.5, -0.7], [-0.5, 0.0, -1.1, 1.3], [0.6, -0.2, -0.3, -1.2], [-1.0, 0.4, -0.6, -0.1]],
                [[-0.3], [0.1], [-1.2], [2.2]]],
          "b": [[1.0, -0.4, -0.1, -0.8], [0.7, 0.2, -0.4, 0.4], [-0.3]]}


class Network(traitlets.TraitType):
    """A network as `mlp.state()` gives it, in lists; an `MLP` is taken too."""

    def __init__(self, default):
        super().__init__(default)
        self.limit = {}  # depends on the sizes: see RegionExplorer.narrowed
        self.tag(sync=True, state=True)

    def validate(self, obj, value):
        try:
            mlp = value if isinstance(value, MLP) else MLP.from_state(value)
        except ValueError as error:
            raise traitlets.TraitError(f"{self.name}: {error}") from None
        state, hidden = mlp.state(), mlp.sizes[1:-1]
        if set(state) != {"sizes", "activation", "W", "b"} or state["activation"] != "relu":
            raise traitlets.TraitError(f"{self.name} must be a relu network without residual or normalisation, got {mlp!r}")
        if mlp.sizes[0] != 2 or mlp.sizes[-1] != 1 or not 1 <= len(hidden) <= _LAYERS or sum(hidden) > _UNITS:
            raise traitlets.TraitError(f"{self.name} must have 2 inputs, 1 to {_LAYERS} hidden layers of together at most "
                                       f"{_UNITS} units, and 1 output, for example [2, 16, 16, 1]; got {mlp.sizes}")
        if _largest(state) > _LARGEST:
            raise traitlets.TraitError(f"{self.name} must have no weight or bias beyond {_LARGEST:g}, got {_largest(state):g}")
        return state | {key: [array.tolist() for array in state[key]] for key in ("W", "b")}


class RegionExplorer(LabelledPoints, Explorable):
    """The linear regions of a ReLU network with two inputs and one output, on the square |x1|, |x2| <= extent.

    network: an `MLP`, or its `state()`; `explorer.mlp` is the network as it stands. layers: after how many hidden layers the
    cuts are shown, all unless given; unit: whose weights the sliders are, "2.3" for unit 3 of layer 2 (the output counts as one
    layer more); probe: the point whose region is told about; shade: colour by output instead of by region. extent: 0.5 to
    10; points (n, 2), labels (n,) of 0 and 1: data to show, label 1 belonging where the output is positive.

    >>> RegionExplorer(mlp, probe=[0.5, -1])
    """

    title = "Region explorer"
    _esm = bundle.join("region.js")

    network = Network(_START)
    layers = Whole(2, 1, _LAYERS)
    unit = Choice([f"{layer}.{unit}" for layer in range(1, _LAYERS + 2) for unit in range(1, _UNITS + 1)], "1.1")
    probe = Point([1.2, -1.2], -10.0, 10.0)
    shade = Switch(False)
    extent = Number(2.0, 0.5, 10.0).tag(state=False, given=True)
    points = traitlets.Any([]).tag(sync=True, given=True)
    labels = traitlets.Any([]).tag(sync=True, given=True)

    def __init__(self, network=None, **arguments):
        if network is not None:
            arguments["network"] = self.traits()["network"].validate(self, network)
        depth = len(arguments.get("network", _START)["sizes"]) - 2
        arguments.setdefault("layers", depth)
        arguments.setdefault("unit", "2.1" if depth > 1 else "1.1")  # the first whose line is bent
        super().__init__(**arguments)

    @property
    def mlp(self):
        """A new `MLP` with the weights as they stand."""
        return MLP.from_state(self.network)

    @traitlets.validate("layers")
    def _check_layers(self, proposal):
        return self._one_of("layers", proposal["value"], self._depths())

    @traitlets.validate("unit")
    def _check_unit(self, proposal):
        return self._one_of("unit", proposal["value"], self._unit_names())

    @traitlets.validate("probe")
    def _check_probe(self, proposal):
        if max(map(abs, proposal["value"])) > self.extent:
            raise traitlets.TraitError(f"probe must lie in the picture, within {self.extent:g} of 0; got {proposal['value']}")
        return proposal["value"]

    @traitlets.validate("extent")
    def _check_extent(self, proposal):
        points = numbers("points", self.points, ndim=2, columns=2)  # which may still be as they were given, an array
        if points and np.abs(points).max() > proposal["value"]:
            raise traitlets.TraitError(f"extent must reach the points, {np.abs(points).max():g} from 0; "
                                       f"got {proposal['value']:g}")
        return proposal["value"]

    @traitlets.observe("extent")
    def _on_other_extent(self, change):
        self.probe = [max(-self.extent, min(self.extent, v)) for v in self.probe]

    def _one_of(self, name, value, allowed):
        if value not in allowed:
            raise traitlets.TraitError(f"{name} must be one of {', '.join(map(str, allowed))} for sizes "
                                       f"{self.network['sizes']}; got {value!r}")
        return value

    @traitlets.observe("network")
    def _on_other_sizes(self, change):
        if not self._spec or self._spec["limits"]["network"] == self.narrowed()["network"]:
            return
        if change["old"]["sizes"] != change["new"]["sizes"]:
            self.layers, self.unit = self._depths()[-1], "1.1"
            self._start = {name: getattr(self, name) for name in self._start}  # the old network does not fit any more
        self._spec = self._make_spec()

    def _depths(self):
        return range(1, len(self.network["sizes"]) - 1)

    def _unit_names(self):
        return [f"{layer}.{unit + 1}" for layer, n in enumerate(self.network["sizes"][1:], 1) for unit in range(n)]

    def narrowed(self):
        before = self._spec["limits"]["network"]["high"] if self._spec else 4  # sliders never shrink under a hand
        reach = max(before, math.ceil(_largest(self.network)))
        return {"network": {"sizes": self.network["sizes"], "activation": "relu", "low": -reach, "high": reach},
                "layers": {"low": 1, "high": len(self._depths()), "whole": True}, "unit": {"options": self._unit_names()},
                "probe": {"low": -self.extent, "high": self.extent, "size": 2}}

    def facts(self):
        sizes = self.network["sizes"]
        upto = [[*sizes[:k + 1], 1] for k in self._depths()]
        return {"bounds": {"most": [regions.serra(each) for each in upto],
                           "reached": [regions.montufar(each) if min(each[1:-1]) >= 2 else None for each in upto],
                           "flat": regions.zaslavsky(sum(sizes[1:-1]), 2)}}

    def regions(self, layers=None):
        """The regions as `regions.cut` gives them, after so many hidden layers (unless given, all); their maps are then those
        of the sum of these layers' last units.
        """
        state, depth = self.network, len(self._depths())
        k = depth if layers is None else validate.integer("layers", layers, 1, depth)
        if k < depth:
            n = state["sizes"][k]
            state = {"sizes": [*state["sizes"][:k + 1], 1], "activation": "relu",
                     "W": [*state["W"][:k], np.ones((n, 1))], "b": [*state["b"][:k], [0.0]]}
        return regions.cut(MLP.from_state(state), [-self.extent] * 2, [self.extent] * 2)

    def describe(self):
        sizes, (x1, x2), bounds = self.network["sizes"], self.probe, self.facts()["bounds"]
        found = [self.regions(k) for k in self._depths()]
        counts = ", ".join(f"{len(each)} after layer {k}" for k, each in enumerate(found, 1))
        said = [f"A ReLU network {'-'.join(map(str, sizes))} on the square |x₁|, |x₂| ≤ {num(self.extent)}.",
                f"Regions in the square: {counts}.", _bounds(sizes, bounds)]
        y = np.concatenate([r.vertices @ r.A + r.c for r in found[-1]])
        said.append(f"The output goes from {_num(y.min())} to {_num(y.max())}.")
        if self.points:
            right = ((self.mlp(self.points)[:, 0] > 0) == self.labels).sum()
            said.append(f"{right} of {_count(len(self.points), 'point')} lie on their own side of output 0.")
        k = self.layers
        if k < len(found):
            said.append(f"The picture shows the cuts of {f'layers 1 to {k}' if k > 1 else 'layer 1'}.")
        here = found[k - 1][_at([r.vertices for r in found[k - 1]], self.probe)]
        said.append(f"The probe x₁ = {num(x1)}, x₂ = {num(x2)} lies in a region of {_count(len(here.vertices), 'corner')} "
                    f"and area {_num(here.area)}. Units on: {_on(here.pattern)}.")
        if k == len(found):
            (a1,), (a2,) = here.A
            c = here.c[0]
            said.append(f"On it y = {_num(a1)} x₁ {_term(a2)} x₂ {_term(c)}; at the probe y = {_num(a1 * x1 + a2 * x2 + c)}.")
        else:
            parts = sum(r.pattern[:k] == here.pattern for r in found[k])
            said.append(f"Layer {k + 1} cuts it into {parts} parts." if parts > 1 else f"Layer {k + 1} does not cut it.")
        return " ".join(said)


def _largest(state):
    return max(float(np.abs(values).max()) for key in ("W", "b") for values in state[key])


def _at(polygons, probe):
    """The index of the polygon in which a point lies deepest; on an edge, of the first of those that share it."""
    depth = []
    for corners in polygons:
        (x, y), (dx, dy) = corners.T, (np.roll(corners, -1, axis=0) - corners).T
        depth.append(((dx * (probe[1] - y) - dy * (probe[0] - x)) / np.hypot(dx, dy)).min())
    return int(np.argmax(np.array(depth) >= max(depth) - 1e-9))


def _bounds(sizes, bounds):
    most, reached, flat = bounds["most"][-1], bounds["reached"][-1], bounds["flat"]
    if len(sizes) == 3:
        return f"On the whole plane {_count(sizes[1], 'unit')} in one layer have at most {most}."
    some = "" if reached is None else f", and some have at least {reached}"
    return (f"On the whole plane networks of these sizes have at most {most}{some}; {_count(sum(sizes[1:-1]), 'unit')} in one "
            f"layer have at most {flat}.")


def _on(pattern):
    return "; ".join(f"layer {k}: {', '.join(str(i) for i, on in enumerate(layer, 1) if on) or 'none'}"
                     for k, layer in enumerate(pattern, 1))


def _num(value):
    """Rounded first where NumPy and JavaScript still agree, so that both round half up alike."""
    return num(round(float(value), 9))


def _term(value):
    text = _num(value)
    return f"− {text[1:]}" if text.startswith("−") else f"+ {text}"


def _count(n, word):
    return f"{n} {word}{'s' * (n != 1)}"
