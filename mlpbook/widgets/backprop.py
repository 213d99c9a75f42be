"""Backpropagation by hand: one small network, one sample, forward and backward, one operation at a time."""

from decimal import ROUND_HALF_UP, Decimal

import numpy as np
import traitlets

from .. import losses, validate
from ..activations import sigmoid
from ..layers import Elementwise
from ..mlp import MLP
from ..optimizers import SGD
from . import bundle
from .base import Explorable, Number, Whole

_COLUMNS, _UNITS = 4, 4  # what a phone has room for: inputs, up to two hidden layers, outputs, of four units each
_LARGEST = 100.0  # no weight, bias, input or target beyond
_CEILING = 1000  # nor any parameter beyond this after a step: gradient descent has run away
_STEPS = 30
_START = {"sizes": [2, 2, 1], "activation": "tanh",
          "W": [[[0.5, -1.0], [1.0, 0.5]], [[0.8], [-0.6]]], "b": [[0.2, -0.1], [0.1]]}
_SUB, _SUP = "₀₁₂₃₄", "⁰¹²³⁴"


class BackpropStepper(Explorable):
    """One forward and backward pass of a small network for one sample, operation by operation, and gradient descent with it.

    network: an `MLP` of at most 4 layers of units (inputs and outputs included), each of at most 4, or its `state()`;
    x (d,), y (k,): the sample, a row of `Data` will do (for cross_entropy y may be a class); loss: a name of LOSSES.
    step: operations done, from 0 on; at first up to the first weight's gradient. applied: steps of gradient descent taken
    before this pass, 0 to 30, with learning rate lr in [0.01, 1]. `stepper.mlp` is the network after them.

    >>> BackpropStepper(mlp, data.x[0], data.y[0], loss="mse")
    """

    title = "Backpropagation, step by step"
    _esm = bundle.join("backprop.js")
    _css = Explorable._css + bundle.read("backprop.css")

    network = traitlets.Any(_START).tag(sync=True, given=True)
    x = traitlets.Any([1.0, 0.5]).tag(sync=True, given=True)
    y = traitlets.Any([0.5]).tag(sync=True, given=True)
    loss = traitlets.Any("mse").tag(sync=True, given=True)
    step = Whole(8, 0, 200)
    applied = Whole(0, 0, _STEPS)
    lr = Number(0.05, 0.01, 1.0)

    def __init__(self, network=_START, x=(1.0, 0.5), y=(0.5,), loss="mse", **arguments):
        network = _network(network)
        x, y, loss = _sample(network, x, y, loss)
        arguments = {"network": network, "x": x, "y": y, "loss": loss, **arguments}
        names = _names(network["sizes"], network["activation"], loss)
        # the first product of the backward pass
        arguments.setdefault("step", 1 + next(k for k, (_, name) in enumerate(names) if name.startswith("∂L/∂w")))
        super().__init__(**arguments)

    @traitlets.validate("network")
    def _check_network(self, proposal):
        network = _network(proposal["value"])
        _sample(network, self.x, self.y, self.loss)
        return network

    @traitlets.validate("x")
    def _check_x(self, proposal):
        return _sample(self.network, proposal["value"], self.y, self.loss)[0]

    @traitlets.validate("y")
    def _check_y(self, proposal):
        return _sample(self.network, self.x, proposal["value"], self.loss)[1]

    @traitlets.validate("loss")
    def _check_loss(self, proposal):
        return _sample(self.network, self.x, self.y, proposal["value"])[2]

    @traitlets.validate("step")
    def _check_step(self, proposal):
        if proposal["value"] > len(self._all()):
            raise traitlets.TraitError(f"step must be a whole number from 0 to {len(self._all())}, as many as the pass has "
                                       f"operations; got {proposal['value']}")
        return proposal["value"]

    @traitlets.observe("network", "loss")
    def _on_other_pass(self, change):
        if self._spec:
            most = len(self._all())
            self.step = min(self.step, most)
            self._start = self._start | {"step": min(self._start["step"], most)}

    def _all(self):
        return _names(self.network["sizes"], self.network["activation"], self.loss)

    def narrowed(self):
        return {"step": {"low": 0, "high": len(self._all()), "whole": True}}

    def facts(self):
        return {"ceiling": _CEILING}

    def descent(self):
        """(mlp, losses, stopped): the network after the steps, the loss before the first and after each, and whether the
        steps end early because the next would take a parameter beyond 1000.
        """
        mlp, sgd = MLP.from_state(self.network), SGD(self.lr)
        x, y = np.array([self.x]), np.array([self.y])
        values = [mlp.backprop(x, y, self.loss)]
        for _ in range(self.applied):
            if not all((np.abs(p - self.lr * g) <= _CEILING).all() for p, g in zip(mlp.parameters, mlp.gradients, strict=True)):
                return mlp, values, True
            mlp.step(x, y, losses.get(self.loss), sgd)
            values.append(mlp.backprop(x, y, self.loss))
        return mlp, values, False

    @property
    def mlp(self):
        """A new `MLP` with the parameters after the steps that were applied; its `gradients` are those of the pass."""
        return self.descent()[0]

    def operations(self):
        """[(name, value), ...]: each operation of the pass, in order, by the name of the number that it gives."""
        mlp, values, _ = self.descent()
        bends = [layer for layer in mlp.layers if isinstance(layer, Elementwise)]
        linears = mlp.linear_layers
        y_hat = mlp(np.array([self.x]))
        dz = [layer.db for layer in linears]  # of one sample: a bias has the gradient of its sum
        numbers = [v for bend in bends for row in (bend.z, bend.a) for v in row[0]] + list(y_hat[0])
        if self.loss == "binary_cross_entropy":
            numbers += list(sigmoid(y_hat[0]))
        if self.loss == "cross_entropy":
            e = np.exp(y_hat[0] - y_hat.max())
            numbers += list(e / e.sum())
        numbers += [values[-1], *dz[-1]]
        for k in reversed(range(len(linears))):
            numbers += [*linears[k].dW.ravel(), *linears[k].db]
            if k:
                numbers += [*(dz[k] @ linears[k].W.T), *getattr(bends[k - 1], "dalpha", []), *dz[k - 1]]
        return [(name, float(v)) for (_, name), v in zip(self._all(), numbers, strict=True)]

    def describe(self):
        _, values, stopped = self.descent()
        taken, done = len(values) - 1, self.operations()
        said = [f"Backpropagation through a network {'-'.join(map(str, self.network['sizes']))}, activation "
                f"{self.network['activation']}, loss {self.loss}, one sample: x = ({_list(self.x)}), y = ({_list(self.y)})."]
        if taken:
            said.append(f"After {taken} step{'s' * (taken != 1)} of gradient descent with lr = {three(self.lr)} the loss is "
                        f"{three(values[-1])}; at the start it was {three(values[0])}.")
        else:
            said.append(f"Before the first step of gradient descent the loss is {three(values[0])}.")
        if stopped:
            said.append(f"Here it stops: the next step would take a parameter beyond {_CEILING}.")
        if self.step:
            name, value = done[self.step - 1]
            said.append(f"Operation {self.step} of {len(done)}, {self._all()[self.step - 1][0]}: {name} = {three(value)}.")
        else:
            said.append(f"None of the {len(done)} operations of a pass is done yet.")
        if self.step == len(done):
            said.append("All gradients are known.")
        return " ".join(said)


def three(value):
    """A number to three digits, no trailing zeros: 0.5 -> "0.5", -1.23456 -> "−1.23", 0.000123 -> "1.23e−4"; the twin of
    `three` in backprop_steps.js.
    """
    if value == 0:
        return "0"
    exact = Decimal(float(f"{value:.11e}"))  # first to where NumPy and JavaScript agree, so that both round alike
    power = exact.adjusted()
    digits = exact.scaleb(-power).quantize(Decimal("0.01"), ROUND_HALF_UP)
    if abs(digits) == 10:
        digits, power = digits / 10, power + 1
    text = f"{digits.scaleb(power):f}" if -3 <= power <= 3 else f"{digits:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return (text if -3 <= power <= 3 else f"{text}e{power}").replace("-", "−")


def _list(values):
    return ", ".join(map(three, values))


def _names(sizes, activation, loss):
    """[(phase, name), ...]: what the operations of a pass are, in order."""
    last = len(sizes) - 1
    sup = ["", *(f"⁽{_SUP[k]}⁾" if last > 1 else "" for k in range(1, last + 1))]

    def entries(symbol, k):
        return [symbol + (_SUB[j + 1] if sizes[k] > 1 else "") + ("" if symbol in "ŷp" else sup[k]) for j in range(sizes[k])]

    names = []
    for k in range(1, last):
        names += [(f"forward, layer {k}", name) for symbol in "za" for name in entries(symbol, k)]
    names += [(f"forward, layer {last}", name) for name in entries("ŷ", last)]
    names += [("loss", name) for name in ([] if loss == "mse" else entries("p", last)) + ["L"]]
    names += [("backward, loss", f"∂L/∂{name}") for name in entries("ŷ", last)]
    for k in range(last, 0, -1):
        back, below = f"backward, layer {k}", f"backward, layer {k - 1}"
        weights = [f"w{_SUB[i + 1]}{_SUB[j + 1]}{sup[k]}" for i in range(sizes[k - 1]) for j in range(sizes[k])]
        names += [(back, f"∂L/∂{name}") for name in weights + entries("b", k)]
        if k > 1:
            alpha = [f"α{sup[k - 1]}"] if activation == "prelu" else []
            names += [(back, f"∂L/∂{name}") for name in entries("a", k - 1)]
            names += [(below, f"∂L/∂{name}") for name in alpha + entries("z", k - 1)]
    return names


def _network(value):
    """A network as its `state()`, in lists, which a picture has room for; TraitError otherwise."""
    try:
        mlp = value if isinstance(value, MLP) else MLP.from_state(value)
    except ValueError as error:
        raise traitlets.TraitError(f"network: {error}") from None
    if mlp.residual or mlp.normalization:
        raise traitlets.TraitError(f"network must be one without residual or normalization, got {mlp!r}")
    if len(mlp.sizes) > _COLUMNS or max(mlp.sizes) > _UNITS:
        raise traitlets.TraitError(f"network must have at most {_COLUMNS} sizes of at most {_UNITS}, for example [2, 2, 1], so "
                                   f"that every number can be shown; got {mlp.sizes}")
    state = mlp.state()
    for key in ("W", "b"):
        state[key] = [array.tolist() for array in state[key]]
    _small("network", max(float(np.abs(p).max()) for p in mlp.parameters))
    return state


def _sample(network, x, y, loss):
    """(x, y, loss) as two lists and a name that fit the network; TraitError otherwise."""
    d, k = network["sizes"][0], network["sizes"][-1]
    try:
        x, y, found = validate.array("x", x), validate.array("y", y), losses.get(loss)
        if x.shape not in ((d,), (1, d)):
            raise ValueError(f"x must be one sample of {d} numbers for a network {network['sizes']}, got shape {x.shape}")
        row = y.reshape(1, k) if y.size == k else y.reshape(-1)
        if row.shape[0] != 1:
            raise ValueError(f"y must be the target of one sample, {k} number{'s' * (k > 1)}; got shape {y.shape}")
        if row.ndim == 1:
            row = row.astype(int) if row == row.round() else row
        y = found.targets((1, k), row)
    except ValueError as error:
        raise traitlets.TraitError(str(error)) from None
    _small("x", np.abs(x).max())
    _small("y", np.abs(y).max())
    return x.reshape(-1).tolist(), np.asarray(y, float).reshape(-1).tolist(), found.name


def _small(name, largest):
    if largest > _LARGEST:
        raise traitlets.TraitError(f"{name} must hold no number beyond {_LARGEST:g}, got {largest:g}")
