"""The torch twin: the same network, with autograd in place of our backward.

torch keeps a weight matrix as (d_out, d_in). It is turned round here, on the way in and on the way out, and nowhere else.
"""

from itertools import pairwise

import numpy as np
import torch

from . import activations, mlp, validate
from .normalisation import EPS, MOMENTUM

# our name of an array -> the part of a Layer that has it, and its name there
NAMES = {"W": ("linear", "weight"), "b": ("linear", "bias"), "gamma": ("norm", "weight"), "beta": ("norm", "bias"),
         "running_mean": ("norm", "running_mean"), "running_var": ("norm", "running_var")}


class Layer(torch.nn.Module):
    """(n, d_in) -> (n, d_out): linear, then normalisation and activation, and the way past them if residual."""

    def __init__(self, d_in, d_out, activation=activations.identity, residual=False, normalization=None):
        super().__init__()
        self.linear = torch.nn.Linear(d_in, d_out)
        self.norm = {None: torch.nn.Identity, "layer": lambda: torch.nn.LayerNorm(d_out, EPS),
                     "batch": lambda: torch.nn.BatchNorm1d(d_out, EPS, MOMENTUM)}[normalization]()
        self.residual = residual and d_in == d_out
        self.bend_by(activation)

    def bend_by(self, activation):
        if activation.torch is None:
            raise ValueError(f"{activation.name} is not for torch: it has no gradient to train by")
        alpha = [] if activation.alpha is None else [activation.alpha]
        self.activation = activation
        self.bend = getattr(torch.nn, activation.torch)(*([1, *alpha] if activation.name == "prelu" else alpha))
        if activation.name == "softplus":
            self.bend.threshold = 40  # torch rounds softplus(z) to z from 20 on, where it is still 2e-9 more

    @property
    def alpha(self):
        return self.bend.weight.item() if self.activation.name == "prelu" else self.activation.alpha

    def forward(self, x):
        a = self.bend(self.norm(self.linear(x)))
        return x + a if self.residual else a  # not x += a: autograd may still need the old x


class MLP(torch.nn.Module):
    """x (n, sizes[0]) -> y_hat (n, sizes[-1]): a tensor for a tensor, an array for an array.

    >>> MLP([2, 8, 1], activation="tanh", seed=0)
    torch MLP 2 -> 8 -> 1, tanh, 33 parameters, float32

    Arguments, first weights and errors are those of `mlpbook.MLP`, with `dtype` "float32" as is usual in torch.
    `mlpbook.MLP.from_state(model.state())` is the same network in NumPy, and `from_state` brings it back.
    """

    def __init__(self, sizes, activation="tanh", seed=0, residual=False, normalization=None, init=None, dtype="float32"):
        super().__init__()
        twin = mlp.MLP(sizes, activation, seed, residual, normalization, init, dtype)
        self.sizes, self.activation, self.residual, self.normalization = twin.sizes, twin.activation, residual, normalization
        *hidden, last = pairwise(twin.sizes)
        self.layers = torch.nn.Sequential(*(Layer(*widths, twin.activation, residual, normalization) for widths in hidden),
                                          Layer(*last))
        self._places = None  # where the parameters lie in memory, once they are gathered
        self._load(twin.state())

    def forward(self, x):
        return self.layers(x)

    def __call__(self, x):
        """An array is checked, as by `mlpbook.MLP`, and answered in evaluation mode and without a gradient."""
        if isinstance(x, torch.Tensor):
            return super().__call__(x)
        x = self.array(validate.array("x", x, ndim=2, columns=self.sizes[0]))
        learning = self.training
        with torch.no_grad():
            y_hat = self.eval().forward(x)
        self.train(learning)
        return y_hat.cpu().numpy()

    def array(self, values):
        """Numbers as a tensor of this model's dtype, on its device."""
        weight = self.layers[0].linear.weight
        return torch.as_tensor(np.asarray(values)).to(weight.device, weight.dtype)

    def step(self, x, y, loss, optimizer):
        """One step of `optimizer`, one of `mlpbook.optimizers`, on one batch of tensors -> the loss before it."""
        if not self.training:
            self.train()
        theta, dtheta = self._flattened()
        dtheta.zero_()
        value = getattr(torch.nn.functional, loss.torch)(self.forward(x), y)
        value.backward()
        with torch.no_grad():
            optimizer.step(theta, dtheta)
        return value.item()

    def _flattened(self):
        """All parameters and all gradients, a tensor of each, of which torch's own become views: see flat.py."""
        if self._places is None or self._places != self._look():
            own = list(self.parameters())
            self._theta = torch.cat([p.detach().ravel() for p in own])
            self._dtheta = torch.zeros_like(self._theta)
            start = 0
            for p in own:
                here = slice(start, start + p.numel())
                p.data, p.grad = self._theta[here].view(p.shape), self._dtheta[here].view(p.shape)
                start += p.numel()
            self._own, self._places = own, None
            self._places = self._look()
        return self._theta, self._dtheta

    def _look(self):
        return [(p.data_ptr(), None if p.grad is None else p.grad.data_ptr()) for p in self._own]

    def gradient_norms(self):
        """The length of each linear layer's gradient as the last step left it: (number of linear layers,)."""
        return np.array([sum(p.grad.pow(2).sum().item() for p in layer.linear.parameters()) ** 0.5 for layer in self.layers])

    def state(self):
        """A copy in the form of `mlpbook.MLP.state()`: NumPy arrays, W as (d_in, d_out)."""
        hidden = self.layers[:-1]
        state = {"sizes": list(self.sizes), "activation": self.activation.name}
        if self.activation.alpha is not None:
            state["alpha"] = [layer.alpha for layer in hidden]
        if self.residual:
            state["residual"] = True
        if self.normalization:
            state["normalization"] = self.normalization
        return state | {key: [a.detach().cpu().numpy().T.copy() for a in arrays] for key, arrays in self._arrays().items()}

    @classmethod
    def from_state(cls, state):
        """The torch twin of the network that a state describes, in the state's dtype. ValueError as for `mlpbook.MLP`."""
        twin = mlp.MLP.from_state(state)
        model = cls(twin.sizes, twin.activation, 0, twin.residual, twin.normalization, dtype=twin.dtype)
        model._load(twin.state())
        return model

    def _load(self, state):
        self.to(torch.from_numpy(state["W"][0]).dtype)
        with torch.no_grad():
            for layer, alpha in zip(self.layers, state.get("alpha", []), strict=False):  # the last layer has none
                layer.bend_by(self.activation.with_alpha(alpha))
                if self.activation.name == "prelu":
                    layer.bend.weight.data = torch.full_like(layer.linear.bias[:1], alpha)  # not rounded to float32 on the way
            for key, arrays in self._arrays().items():
                for array, values in zip(arrays, state[key], strict=True):
                    array.copy_(torch.from_numpy(values.T))

    def _arrays(self):
        """Our name of each kind of array -> torch's tensors."""
        found = {key: [getattr(getattr(layer, part), name, None) for layer in self.layers]
                 for key, (part, name) in NAMES.items()}
        return {key: kept for key, tensors in found.items() if (kept := [t for t in tensors if t is not None])}

    def __repr__(self):
        count = sum(p.numel() for p in self.parameters())
        return f"torch {mlp.describe(self, count)}, {str(self.layers[0].linear.weight.dtype).removeprefix('torch.')}"
