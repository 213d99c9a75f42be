"""Many networks of one architecture, trained as one: what one seed does may be luck, what a hundred do is a finding.

All matrices are stacked and multiplied together. Inside, features come before samples, (K, d, n): the long axis last is
what keeps a hundred small products quick.
"""

import numbers

import numpy as np

from . import validate
from .flat import Flat
from .layers import Elementwise, Linear, Residual
from .mlp import MLP, describe
from .normalisation import BatchNorm, LayerNorm
from .state import NORMS, arrays


class StackedLinear(Linear):
    """(K, d_in, n), or (d_in, n) shared by all, -> (K, d_out, n), with W (K, d_out, d_in) and b (K, d_out, 1)."""

    def forward(self, x):
        self.x = x
        z = self.W @ x
        z += self.b
        return z

    def backward(self, dz):
        np.matmul(dz, self.x.swapaxes(-1, -2), out=self.dW)
        np.sum(dz, axis=-1, keepdims=True, out=self.db)
        return self.W.swapaxes(-1, -2) @ dz


class Ensemble(MLP):
    """x (n, sizes[0]) -> y_hat (K, n, sizes[-1]): K networks side by side.

    >>> Ensemble([2, 2, 2], activation="relu", seeds=100)
    100 x MLP 2 -> 2 -> 2, relu, 12 parameters

    seeds: how many (those from 0 on) or which. Member k starts as `MLP(sizes, ..., seed=seeds[k])` and, trained by `train`,
    stays equal to that network trained alone. An optimizer with K learning rates gives each member its own. Losses have
    a last axis of length K, gradient norms a first. The other arguments and the errors are those of MLP; prelu is refused.
    """

    _value = np.asarray

    def __init__(self, sizes, activation="tanh", seeds=20, residual=False, normalization=None, init=None, dtype="float64"):
        self._stack([MLP(sizes, activation, seed, residual, normalization, init, dtype) for seed in _checked_seeds(seeds)])

    def _stack(self, members):
        for name in ("sizes", "activation", "residual", "normalization", "dtype"):
            setattr(self, name, getattr(members[0], name))
        if self.activation.df_dalpha is not None:
            raise ValueError(f"an ensemble cannot learn the alpha of {self.activation.name}; take leaky_relu")
        self.layers = [_stacked(layers) for layers in zip(*(member.layers for member in members), strict=True)]
        self.batch_norms = [layer for layer in self.leaves if isinstance(layer, BatchNorm)]
        self._flat = Flat(self.layers, (len(members),))

    def array(self, values):
        """Numbers in the form in which this model computes: column after column, so that the turned array is in one piece."""
        return np.asfortranarray(values, self.dtype)

    def forward(self, x):
        return super().forward(x.T).swapaxes(-1, -2)

    def backward(self, dy_hat):
        """dL/dy_hat (K, n, sizes[-1]) -> dL/dx (K, n, sizes[0])."""
        return super().backward(dy_hat.swapaxes(-1, -2)).swapaxes(-1, -2)

    def gradient_norms(self):
        """The length of each member's (dW, db) in each linear layer: (K, number of linear layers)."""
        return np.sqrt([(layer.dW**2).sum((-2, -1)) + (layer.db**2).sum((-2, -1)) for layer in self.linear_layers]).T

    def state(self):
        """The members' states in one: as MLP.state(), each array with a first axis of length K."""
        turned = {"W": lambda W: W.swapaxes(-1, -2).copy()}
        return {key: [turned.get(key, lambda b: b[..., 0])(a) for a in value] if key in ("W", "b", *NORMS) else value
                for key, value in super().state().items()}

    @classmethod
    def from_state(cls, described):
        """The ensemble that `state()` described. ValueError as for MLP, or arrays that are not those of K members."""
        members = {a.shape[:1] for values in arrays(described).values() for a in values}
        if len(members) > 1 or members == {()}:
            raise ValueError("the arrays of an ensemble's state begin with an axis of K members, the same K in all; got W of "
                             f"shapes {[np.shape(W) for W in described['W']]} and b of {[np.shape(b) for b in described['b']]}")
        (K,) = members.pop() if members else (1,)
        ensemble = cls.__new__(cls)
        ensemble._stack([MLP.from_state(_member(described, k)) for k in range(K)])
        return ensemble

    def member(self, k):
        """Member k by itself, an MLP. ValueError: there is none."""
        return MLP.from_state(_member(self.state(), validate.integer("k", k, high=len(self) - 1)))

    def __len__(self):
        """K, the number of members."""
        return len(self.linear_layers[0].W)

    def __repr__(self):
        return f"{len(self)} x {describe(self, self._flat.theta.shape[-1])}"


def _member(described, k):
    return {key: [a[k] for a in value] if key in ("W", "b", *NORMS) else value for key, value in described.items()}


def _stacked(layers):
    """One layer that does the work of K of a kind."""
    first = layers[0]
    if isinstance(first, Residual):
        return Residual([_stacked(inner) for inner in zip(*(layer.layers for layer in layers), strict=True)])
    if isinstance(first, Elementwise):
        return first
    stack = {name: np.stack([vars(layer)[name] for layer in layers]) for name in ("W", "b", *NORMS) if name in vars(first)}
    if isinstance(first, Linear):
        return StackedLinear(stack["W"].swapaxes(-1, -2).copy(), stack["b"][..., None])
    column = {name: values[..., None] for name, values in stack.items()}
    if isinstance(first, LayerNorm):
        return LayerNorm(column["gamma"], column["beta"], samples=-1, features=-2)
    norm = BatchNorm(column["gamma"], column["beta"], samples=-1)
    norm.running_mean, norm.running_var = column["running_mean"], column["running_var"]
    return norm


def _checked_seeds(seeds):
    if isinstance(seeds, numbers.Integral):
        return range(validate.integer("seeds", seeds, low=1))
    if isinstance(seeds, (str, dict)) or not hasattr(seeds, "__len__") or len(seeds) == 0:
        raise ValueError(f"seeds must be how many, or a list of them, for example 100 or [3, 5]; got {validate.shown(seeds)}")
    return [validate.integer(f"seeds[{i}]", seed) for i, seed in enumerate(seeds)]
