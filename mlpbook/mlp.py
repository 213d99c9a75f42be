"""The multilayer perceptron: linear layers with a bend between them. This is THE page of the book."""

from itertools import pairwise

import numpy as np

from . import activations, initialisation, losses, state, validate
from .flat import Flat
from .layers import Elementwise, Linear, Residual, leaves
from .normalisation import NORMALISATIONS, BatchNorm


class MLP:
    """x (n, sizes[0]) -> y_hat (n, sizes[-1]): linear, phi, linear, phi, ..., linear.

    >>> MLP([2, 8, 1], activation="tanh", seed=0)
    MLP 2 -> 8 -> 1, tanh, 33 parameters

    The last layer has no activation: what the outputs mean (a quantity, logits) is the loss's business.
    `MLP([2, 1])` is therefore a single linear layer. Weights are drawn from `seed` by the rule `init` (a name of
    INITIALISATIONS; None: normal with standard deviation gain / sqrt(d_in)); biases are 0. `normalization`, "batch" or
    "layer", comes between each hidden linear layer and its activation. `residual` adds to the output of each hidden layer
    that keeps the width its input. `dtype` is "float64" or "float32".
    ValueError: fewer than two sizes, a size below 1, an unknown name, widths that `init` or `residual` cannot use.
    """

    _value = float  # what a loss is given back as

    def __init__(self, sizes, activation="tanh", seed=0, residual=False, normalization=None, init=None, dtype="float64"):
        self.sizes = validate.sizes("sizes", sizes)
        self.activation = activations.get(activation)
        self.residual = validate.flag("residual", residual)
        self.normalization = None if normalization is None else validate.key("normalization", normalization, NORMALISATIONS)
        self.dtype = validate.key("dtype", dtype, ("float64", "float32"))
        rng = np.random.default_rng(validate.integer("seed", seed))
        rule = initialisation.get(init, self.activation)
        *hidden, last = [Linear(rule(rng, d_in, d_out).astype(self.dtype), np.zeros(d_out, self.dtype))
                         for d_in, d_out in pairwise(self.sizes)]
        if self.residual and all(linear.W.shape[0] != linear.W.shape[1] for linear in hidden):
            raise ValueError("residual needs a hidden layer as wide as the one before it, for example [2, 2, 2]; "
                             f"got sizes {self.sizes}")
        self.layers = [layer for linear in hidden for layer in self._around(linear)] + [last]
        self.batch_norms = [layer for layer in self.leaves if isinstance(layer, BatchNorm)]
        self._flat = Flat(self.layers)

    def _around(self, linear):
        """A hidden layer: the linear one with its normalisation, its activation and the way past them."""
        d_in, d_out = linear.W.shape
        chain = [linear, Elementwise(self.activation, self.dtype)]
        if self.normalization:
            kind = NORMALISATIONS[self.normalization]
            chain.insert(1, kind(np.ones(d_out, self.dtype), np.zeros(d_out, self.dtype)))
        return [Residual(chain)] if self.residual and d_in == d_out else chain

    def forward(self, x):
        for layer in self.layers:
            x = layer.forward(x)
        return x

    def backward(self, dy_hat):
        """dL/dy_hat (n, sizes[-1]) -> dL/dx (n, sizes[0]), x of the last forward."""
        for layer in reversed(self.layers):
            dy_hat = layer.backward(dy_hat)
        return dy_hat

    def __call__(self, x):
        """The outputs for the rows of x. ValueError: x is not finite numbers of shape (n, sizes[0])."""
        return self.forward(self.array(validate.array("x", x, ndim=2, columns=self.sizes[0])))

    def array(self, values):
        """Numbers in the form in which this model computes."""
        return np.asarray(values, self.dtype)

    def backprop(self, x, y, loss="mse"):
        """The loss on (x, y) as a float; leaves its gradient in `gradients`. ValueError as for x and the loss."""
        x, loss = validate.array("x", x, ndim=2, columns=self.sizes[0]), losses.get(loss)
        y = loss.targets((len(x), self.sizes[-1]), y)
        return self._value(self._learn(self.array(x), self.array(y), loss))

    def step(self, x, y, loss, optimizer):
        """One step of `optimizer` on one batch -> the loss before it.

        This is the inside of the loop: x, y and loss are as `train` hands them on,
        and nothing is checked any more.
        """
        flat = self._flat = self._flat.of(self.layers)
        value = self._learn(x, y, loss)
        optimizer.step(flat.theta, flat.dtheta)
        for layer in self.batch_norms:
            layer.remember()
        return self._value(value)

    def _learn(self, x, y, loss):
        """Forward and backward; batch normalisation, if any, looks at this batch."""
        for layer in self.batch_norms:
            layer.learning = True
        value, dy_hat = loss.f(self.forward(x), y)
        for layer in self.batch_norms:
            layer.learning = False
        self.backward(dy_hat)
        return value

    @property
    def leaves(self):
        """Every layer in the order of `forward`, those inside a residual block too."""
        return leaves(self.layers)

    @property
    def linear_layers(self):
        return [layer for layer in self.leaves if isinstance(layer, Linear)]

    @property
    def parameters(self):
        """Every array that training changes, in order: W, b of the first layer, then of the next."""
        return [p for layer in self.leaves for p in layer.parameters]

    @property
    def gradients(self):
        """dL/dp for each of `parameters`, as the last backward left them."""
        return [g for layer in self.leaves for g in layer.gradients]

    def gradient_norms(self):
        """The length of (dW, db) of each linear layer as the last backward left them: (number of linear layers,)."""
        return np.array([np.sqrt((layer.dW**2).sum() + (layer.db**2).sum()) for layer in self.linear_layers])

    def state(self):
        """A copy of all that defines the network, as a dict: see state.py."""
        return state.take(self)

    @classmethod
    def from_state(cls, described):
        """The network that `state()` described. ValueError: a key is missing or unknown, or a shape does not fit `sizes`."""
        return state.build(cls, described)

    def __repr__(self):
        return describe(self, sum(p.size for p in self.parameters))


def is_one(value):
    """Is it an MLP, and one network? (An Ensemble is an MLP too, but its arrays have an axis more.)"""
    return isinstance(value, MLP) and value.linear_layers[0].W.ndim == 2


def describe(mlp, parameters):
    """One line about a network, NumPy's or torch's."""
    extras = ["residual"] * mlp.residual + [f"{mlp.normalization} normalisation"] * bool(mlp.normalization)
    return ", ".join([f"MLP {' -> '.join(map(str, mlp.sizes))}", mlp.activation.name, *extras, f"{parameters} parameters"])
