"""Losses: how wrong a prediction is, and in which direction it should move.

Each returns its value and its gradient together: the second is what backward starts from.
Cross-entropies take logits (scores before softmax or sigmoid), which keeps them finite for any logit.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from . import validate
from .activations import sigmoid


@dataclass(frozen=True, repr=False)
class Loss:
    """y_hat (n, k), y -> (value, gradient): a float, and dL/dy_hat of shape (n, k).

    The value is a mean, so neither the number of samples nor (for mse) of outputs changes its scale.
    `f` computes without checks, also for stacks (..., n, k), each of which has a value of its own; `targets` turns y into what
    f takes, or says what is wrong with it; `torch` is its name in `torch.nn.functional`.
    """

    name: str
    f: Callable
    targets: Callable
    formula: str
    torch: str

    def __call__(self, y_hat, y):
        """Both checked first; ValueError says what came and what is allowed."""
        y_hat = validate.array("y_hat", y_hat, ndim=2)
        value, gradient = self.f(y_hat, self.targets(y_hat.shape, y))
        return float(value), gradient

    def __repr__(self):
        return f"<loss {self.name}: {self.formula}>"


def _mse(y_hat, y):
    error = y_hat - y
    count = error.shape[-2] * error.shape[-1]
    squares = np.einsum("...nk,...nk->...", error, error)  # their sum
    return squares / count, (2 / count) * error


def _binary_cross_entropy(logits, y):
    # -y ln p - (1 - y) ln(1 - p) with p = sigma(z) is ln(1 + e^z) - y z, and its derivative is p - y.
    count = logits.shape[-2] * logits.shape[-1]
    return (np.logaddexp(0, logits) - y * logits).mean(axis=(-2, -1)), (sigmoid.f(logits) - y) / count


def _cross_entropy(logits, y):
    # log-sum-exp: subtracting each row's maximum changes no probability and keeps e^z from overflowing.
    shifted = logits - logits.max(axis=-1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))
    n = logits.shape[-2]
    return -(y * log_p).sum(axis=(-2, -1)) / n, (np.exp(log_p) - y) / n


def _same_shape(shape, y):
    labels = np.ndim(y) == 1 and np.asarray(y).dtype.kind in "iub"
    y = validate.array("y", y)
    if labels and shape == (len(y), 1):
        return y[:, None]  # whole numbers, one for each sample: the labels of one output
    if y.shape != shape:
        advice = (f"Of the losses, cross_entropy takes classes for {shape[1]} outputs" if labels and shape[1] > 1 else
                  "A vector of n targets for one output is y[:, None]")
        raise ValueError(f"y must have the shape of y_hat, {shape}; got {y.shape}. {advice}")
    return y


def _between_0_and_1(shape, y):
    y = _same_shape(shape, y)
    if y.min() < 0 or y.max() > 1:
        raise ValueError(f"y must lie in [0, 1] (0 and 1 for the two classes), got {y.min():g} to {y.max():g}")
    return y


def _classes(shape, y):
    n, k = shape
    if np.ndim(y) == 1:
        y = validate.classes("y", y, n, None if k == 1 else k)
        if y.max() >= k:
            raise ValueError(f"cross_entropy needs an output for each class; got 1 output and classes 0 to {y.max()}. "
                             "For two classes with 1 output take binary_cross_entropy")
        return np.eye(k)[y]
    y = validate.array("y", y)
    if y.shape != shape or y.min() < 0 or not np.allclose(y.sum(axis=1), 1):
        raise ValueError(f"y must be {n} classes, or probabilities of shape {shape} whose rows sum to 1; got shape {y.shape}")
    return y


mse = Loss("mse", _mse, _same_shape, formula="mean of (ŷ − y)²", torch="mse_loss")
binary_cross_entropy = Loss("binary_cross_entropy", _binary_cross_entropy, _between_0_and_1,
                            formula="mean of ln(1 + eᶻ) − y z", torch="binary_cross_entropy_with_logits")
cross_entropy = Loss("cross_entropy", _cross_entropy, _classes, formula="mean over samples of −ln softmax(z)_y",
                     torch="cross_entropy")

LOSSES = {loss.name: loss for loss in (mse, binary_cross_entropy, cross_entropy)}


def get(loss):
    """The Loss called `loss`; a Loss passes. ValueError lists the names."""
    return validate.one_of("loss", loss, LOSSES)
