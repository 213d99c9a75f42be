"""A deep network before training: what reaches each layer going forward, and what comes back to it."""

import numpy as np
import traitlets

from .. import validate
from ..activations import ACTIVATIONS
from ..initialisation import INITIALISATIONS, get
from ..losses import mse
from ..mlp import MLP
from . import bundle
from .base import Choice, Explorable, Number, Whole
from .text import magnitude, num

_DEPTH, _WIDTH, _SAMPLES = 30, 32, 128
_DATA_SEED = 1000  # the data are drawn from seed 1000 + seed, as in chapter 5
_ORDINARY = (0.01, 100.0)  # gradients in between count as healthy: inputs, targets and errors here have size 1
_NOTHING = 1e-100  # what is smaller is told as 0: its square would soon leave the range of floats
_NOISE = 1e-13  # differences below this share of the signal are told as 0: they are rounding errors soon
_LEVEL = 10.0  # gradients within this factor of one another count as level,
_ALIKE = 0.01  # and samples whose differences are below this share of the signal as nearly the same
_CHAOTIC = 1e6  # from this growth of small changes on, rounding errors may reach the digits that are shown
_INITS = {  # name: (in the menu, in a sentence); d is the width, so that Xavier's rule is LeCun's here
    None: ("friendly: g/√d", "of the friendly size g/√d"), "zeros": ("zeros", "all 0"),
    "lecun": ("LeCun, plain: 1/√d", "of the plain size 1/√d"), "xavier": ("Xavier: 1/√d here", "of Xavier's size, here 1/√d"),
    "he": ("He: √2/√d", "of He's size √2/√d"), "identity": ("identity matrix", "set to the identity matrix")}


class _Init(Choice):
    """The name of an initialisation, or None as in MLP."""

    def __init__(self):
        super().__init__(INITIALISATIONS, None)
        self.allow_none = True
        self.limit = {"options": [None, *INITIALISATIONS]}


class GradientFlowExplorer(Explorable):
    """Signal, error and gradient in each layer of MLP([width] * (depth + 1), activation, init=init, seed=seed), untrained.

    depth: linear layers, 1 to 30; width: 1 to 32; activation and init: names from the registries (init=None: the rule made
    for the activation); k: what all first weights are multiplied by, in [0.1, 12]; layer: the one whose numbers are shown.
    128 inputs and targets, normal random numbers from seed 1000 + seed; the error is the mean square.

    >>> GradientFlowExplorer(activation="sigmoid", depth=10)
    """

    title = "Gradient flow explorer"
    _esm = bundle.join("gradient_flow.js")

    depth = Whole(10, 1, _DEPTH)
    width = Whole(_WIDTH, 1, _WIDTH)
    activation = Choice(ACTIVATIONS, "sigmoid")
    init = _Init()
    k = Number(1.0, 0.1, 12.0)
    layer = Whole(5, 1, _DEPTH)
    seed = traitlets.Any(0).tag(sync=True, given=True)

    @traitlets.validate("seed")
    def _check_seed(self, proposal):
        try:
            return validate.integer("seed", proposal["value"], high=2**31)
        except ValueError as error:
            raise traitlets.TraitError(str(error)) from None

    def network(self):
        """(mlp, x, y): the network that is shown, and its data of shape (128, width)."""
        mlp = MLP([self.width] * (self.depth + 1), self.activation, init=self.init, seed=self.seed)
        for linear in mlp.linear_layers:
            linear.W *= self.k
        x, y = np.random.default_rng(_DATA_SEED + self.seed).normal(size=(2, _SAMPLES, self.width))
        return mlp, x, y

    def flow(self):
        """For each layer: signal, differences, error, gradient; (depth, 4). Signal: the root mean square of what enters the
        layer; differences: the same after taking off the mean over the samples; error: the length of dL/dz; gradient: of dL/dW.
        0 stands for what floats cannot tell from it, too: less than 1e-100, or differences below 1e-13 of the signal.
        """
        mlp, x, y = self.network()
        _, error = mse.f(mlp.forward(x), y)
        rows = []
        for layer in reversed(mlp.layers):
            sent, error = error, layer.backward(error)
            if layer in mlp.linear_layers:
                centred = layer.x - layer.x.mean(axis=0)
                rows.append([np.sqrt((layer.x**2).mean()), np.sqrt((centred**2).mean()),
                             np.linalg.norm(sent), np.linalg.norm(layer.dW)])
        rows = np.array(rows[::-1])
        rows[rows[:, 1] < _NOISE * rows[:, 0], 1] = 0
        rows[rows < _NOTHING] = 0
        return rows

    def facts(self):
        return {"dataSeed": _DATA_SEED, "samples": _SAMPLES, "ordinary": _ORDINARY, "nothing": _NOTHING,
                "noise": _NOISE, "level": _LEVEL, "alike": _ALIKE, "chaotic": _CHAOTIC,
                "inits": [{"init": init, "name": name, "words": words} for init, (name, words) in _INITS.items()],
                "deviation": {name: [_deviation(init, f) for init in _INITS] for name, f in ACTIVATIONS.items()},
                "alpha": {name: f.alpha for name, f in ACTIVATIONS.items() if f.alpha is not None}}

    def describe(self):
        rows = self.flow()
        layer = min(self.layer, self.depth)
        times = "" if self.k == 1 else f" times {magnitude(self.k)}"
        signal, differ, error, gradient = map(magnitude, rows[layer - 1])
        return (f"A network of {_count(self.depth, 'layer')}, {_count(self.width, 'unit')} wide, activation {self.activation}, "
                f"weights {_INITS[self.init][1]}{times}, seed {self.seed}, before training. {_verdict(rows)} {_remark(rows)}"
                f"Layer {layer}: signal {signal}, differences {differ}, error {error}, gradient {gradient}.")


def _verdict(rows):
    """What the gradients of the layers have in common: healthy, vanishing, exploding ..., in words."""
    g = rows[:, 3].tolist()
    n, (low, high) = len(g), _ORDINARY
    small, large = sum(v < low for v in g), sum(v > high for v in g)
    if not any(g):
        return "No gradient: it is 0 in every layer, and nothing can be learned."
    if not all(g):
        kind = f"Cut off: the gradient is 0 in {g.count(0)} of {n} layers, and nothing can be learned there"
    elif small and large:
        kind = f"Vanishing and exploding: the gradient is below {low:g} in {small} and above {high:g} in {large} of {n} layers"
    elif small == n > 1 and max(g) <= _LEVEL * min(g):
        kind = f"Faded: the gradient is below {low:g} in every layer, all within a factor of {_LEVEL:g}"
    elif small:
        kind = f"{'Vanishing' if g[0] < g[-1] else 'Small'}: the gradient is below {low:g} in {small} of {_count(n, 'layer')}"
    elif large:
        kind = f"Exploding: the gradient is above {high:g} in {large} of {_count(n, 'layer')}"
    else:
        kind = f"Healthy: the gradient lies between {low:g} and {high:g} in every layer"
    last = f" and {magnitude(g[-1])} in layer {n}" if n > 1 else ""
    factor = ""
    if n > 1 and g[0] and g[-1]:
        f = (g[0] / g[-1]) ** (1 / (n - 1))
        factor = f" One layer further back multiplies it by {num(f) if f >= 0.1 else magnitude(f)} on average."
    return f"{kind}. It is {magnitude(g[0])} in layer 1{last}.{factor}"


def _remark(rows):
    """What the gradients do not tell: a signal that says nothing any more, or in which the smallest change tells."""
    n, (signal, differ, error, _) = len(rows), rows[-1]
    if n == 1 or signal == 0:
        return ""
    if differ < _ALIKE * signal:
        return f"What enters layer {n} is {'nearly ' if differ else ''}the same for every sample. "
    # A change grows on its way forward as an error does on its way back: both are multiplied by the same matrices.
    if rows[0, 2] * rows[0, 0] > _CHAOTIC * error * signal:
        return ("Chaotic: small changes of the inputs grow more than a million times on their way, so that these numbers hang "
                "on the last digits of the weights. ")
    return ""


def _count(n, word):
    return f"{n} {word}{'s' * (n != 1)}"


def _deviation(init, activation):
    """The standard deviation of a weight of one input and one output, which 1/√d scales; None for the identity."""
    if init == "identity":
        return None
    W, draw = get(init, activation)(np.random.default_rng(0), 1, 1), np.random.default_rng(0).normal()
    return float(W[0, 0] / draw)
