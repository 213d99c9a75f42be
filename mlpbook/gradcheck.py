"""Is backward right? Nudge every parameter both ways and see what the loss really does."""

import numpy as np

from . import losses, validate
from .mlp import is_one


def gradcheck(mlp, x, y, loss="mse", eps=1e-5):
    """The largest error of mlp's gradients: |backward - central difference| / max(1, both magnitudes).

    About 1e-10 when backward is right; 1e-4 or more when it is not, unless all slopes are tiny. ReLU with zero biases
    can bring it as high (5e-4 and above were met) with nothing wrong: a sample sits exactly on the kink, where the
    difference quotient sees half of each side. Randomise the biases first.
    nan where a gradient or a loss is not a finite number.
    x (n, d_in), y as the loss takes it, eps the nudge. The parameters end exactly as they were.
    ValueError: not one MLP of dtype float64, bad x, y or loss, or eps not in [1e-8, 1e-2].
    """
    if not is_one(mlp):
        raise ValueError(f"mlp must be an MLP, for example mb.MLP([2, 8, 1]); got {validate.shown(mlp)}")
    if mlp.dtype != "float64":
        raise ValueError(f"mlp must be of dtype float64, as rounding would hide what a nudge does; got {mlp.dtype}")
    loss = losses.get(loss)
    eps = validate.number("eps", eps, 1e-8, 1e-2)
    mlp.backprop(x, y, loss)
    backward = [g.copy() for g in mlp.gradients]
    worst = 0.0
    for parameter, gradient in zip(mlp.parameters, backward, strict=True):
        for i in np.ndindex(parameter.shape):
            kept = parameter[i]
            parameter[i] = kept + eps
            above = mlp.backprop(x, y, loss)
            parameter[i] = kept - eps
            below = mlp.backprop(x, y, loss)
            parameter[i] = kept
            slope = (above - below) / (2 * eps)
            error = abs(slope - gradient[i]) / max(1, abs(slope), abs(gradient[i]))
            worst = np.maximum(worst, error)  # nan, once there, stays, where max() would pass it over
    return float(worst)
