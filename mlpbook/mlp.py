"""The multilayer perceptron: linear layers with a bend between them. This is THE page of the book."""

from itertools import pairwise

import numpy as np

from . import activations, losses, validate
from .layers import Elementwise, Linear


class MLP:
    """x (n, sizes[0]) -> y_hat (n, sizes[-1]): linear, phi, linear, phi, ..., linear.

    >>> MLP([2, 8, 1], activation="tanh", seed=0)
    MLP 2 -> 8 -> 1, tanh, 33 parameters

    The last layer has no activation: what the outputs mean (a quantity, logits) is the loss's business.
    `MLP([2, 1])` is therefore a single linear layer. Weights start normal with standard deviation
    gain / sqrt(d_in), biases at 0, both drawn from `seed`.
    ValueError: fewer than two sizes, a size below 1, an unknown activation.
    """

    def __init__(self, sizes, activation="tanh", seed=0):
        self.sizes = _checked(sizes)
        self.activation = activations.get(activation)
        rng = np.random.default_rng(validate.integer("seed", seed))
        self.layers = []
        for d_in, d_out in pairwise(self.sizes):
            W = rng.normal(scale=self.activation.gain / np.sqrt(d_in), size=(d_in, d_out))
            self.layers += [Linear(W, np.zeros(d_out)), Elementwise(self.activation)]
        self.layers.pop()

    def forward(self, x):
        for layer in self.layers:
            x = layer.forward(x)
        return x

    def backward(self, dy_hat):
        """dL/dy_hat (n, sizes[-1]) -> dL/dx (n, sizes[0]), for the x of the last forward."""
        for layer in reversed(self.layers):
            dy_hat = layer.backward(dy_hat)
        return dy_hat

    def __call__(self, x):
        """The outputs for the rows of x. ValueError: x is not finite numbers of shape (n, sizes[0])."""
        return self.forward(validate.array("x", x, ndim=2, columns=self.sizes[0]))

    def backprop(self, x, y, loss="mse"):
        """The loss on (x, y) as a float; leaves its gradient in `gradients`. ValueError as for x and the loss."""
        value, dy_hat = losses.get(loss)(self(x), y)
        self.backward(dy_hat)
        return value

    @property
    def parameters(self):
        """Every array that training changes, in order: W, b of the first layer, then of the next."""
        return [p for layer in self.layers for p in layer.parameters]

    @property
    def gradients(self):
        """dL/dp for each of `parameters`, as the last backward left them."""
        return [g for layer in self.layers for g in layer.gradients]

    @property
    def linear_layers(self):
        return [layer for layer in self.layers if isinstance(layer, Linear)]

    def state(self):
        """A copy of all that defines the network: sizes, activation, W and b (a list of arrays each),
        and, where the activation has one, alpha (a number for each hidden layer).
        """
        state = {"sizes": list(self.sizes), "activation": self.activation.name,
                 "W": [layer.W.copy() for layer in self.linear_layers],
                 "b": [layer.b.copy() for layer in self.linear_layers]}
        if self.activation.alpha is not None:
            state["alpha"] = [float((layer.parameters or [[layer.activation.alpha]])[0][0])
                              for layer in self.layers if isinstance(layer, Elementwise)]
        return state

    @classmethod
    def from_state(cls, state):
        """The network that `state()` described. ValueError: a key is missing or a shape does not fit `sizes`."""
        missing = {"sizes", "activation", "W", "b"} - set(state)
        if missing:
            raise ValueError(f"a state needs sizes, activation, W and b; missing: {', '.join(sorted(missing))}")
        mlp = cls(state["sizes"], state["activation"])
        new = [[validate.array(f"{key}[{i}]", a) for i, a in enumerate(state[key])] for key in "Wb"]
        want = [[getattr(layer, key).shape for layer in mlp.linear_layers] for key in "Wb"]
        if [[a.shape for a in arrays] for arrays in new] != want:
            raise ValueError(f"for sizes {mlp.sizes} W and b must have shapes {want[0]} and {want[1]}, "
                             f"got {[a.shape for a in new[0]]} and {[a.shape for a in new[1]]}")
        for layer, W, b in zip(mlp.linear_layers, *new, strict=True):
            layer.W[...], layer.b[...] = W, b
        if "alpha" in state:
            if len(state["alpha"]) != len(mlp.layers[1::2]):
                raise ValueError(f"alpha must hold one number for each of the {len(mlp.layers[1::2])} hidden layers, "
                                 f"got {state['alpha']}")
            mlp.layers[1::2] = [Elementwise(mlp.activation.with_alpha(alpha)) for alpha in state["alpha"]]
        return mlp

    def __repr__(self):
        count = sum(p.size for p in self.parameters)
        return f"MLP {' -> '.join(map(str, self.sizes))}, {self.activation.name}, {count} parameters"


def _checked(sizes):
    if isinstance(sizes, str) or not hasattr(sizes, "__len__") or len(sizes) < 2:
        raise ValueError(f"sizes must list at least an input and an output width, for example [2, 8, 1]; got {sizes!r}")
    return [validate.integer(f"sizes[{i}]", size, low=1) for i, size in enumerate(sizes)]
