"""Training: the loop, once, for every model.

A model promises `model(x)`, `model.step(x, y, loss, optimizer) -> float`, `model.state()`, and `model.array(values)`, the form
in which it wants its data. The NumPy network, an ensemble of them and the torch twin all do.
"""

import copy
import math
import warnings

import numpy as np

from . import losses, validate
from .optimizers import Adam, Optimizer
from .progress import Progress
from .run import Run


class DivergenceWarning(RuntimeWarning):
    """The loss was no longer a finite number, so the training stopped."""


def train(model, data, loss="mse", optimizer=None, epochs=100, batch_size=None, frames=None, spacing="even", watch=None,
          validation=None, gradient_norms=False, progress=None, seed=0):
    """Train `model` in place and return the Run.

    data: what has x (n, d) and y, or the pair (x, y), with y as the loss takes it. loss: a name or a Loss. optimizer: None
    is Adam(lr=0.01); what is given is copied, with what it remembers, and not changed. epochs: passes over the data, 1 or
    more. batch_size: samples in a step, 1 to n (None: all n); every epoch shuffles the samples anew, by `seed`.

    frames: 0 to `epochs` snapshots after that of the start (None: 50 if there are as many epochs), the last of them at the
    end, with spacing "even", or "log" for most of them early. watch: {name: function of the model}, called at each
    snapshot. validation: like data; its loss is taken after every epoch. gradient_norms: keep each layer's at the last step
    of every epoch. progress: whether to show a bar (None: after 2 s, but never under pytest).

    Ctrl-C ends the training and returns the Run so far. So does a loss that is not finite, with a DivergenceWarning.
    ValueError: an argument is not as said here; then nothing has been changed.
    """
    if not (callable(model) and all(hasattr(model, name) for name in ("step", "state", "array"))):
        raise ValueError(f"model must be a network, for example mb.MLP([2, 8, 1]); got {validate.shown(model)}")
    loss = losses.get(loss)
    x, y = _checked_data("data", data, model, loss)
    validation = None if validation is None else _checked_data("validation", validation, model, loss)
    epochs = validate.integer("epochs", epochs, low=1)
    batch_size = validate.integer("batch_size", len(x) if batch_size is None else batch_size, low=1, high=len(x))
    if getattr(model, "normalization", None) == "batch" and 1 in (batch_size, len(x) % batch_size):
        raise ValueError(f"batch normalisation cannot learn from a batch of 1 sample, and {len(x)} samples in batches of "
                         f"{batch_size} leave one; choose another batch_size")
    due = set(frame_epochs(min(50, epochs) if frames is None else frames, epochs, spacing))
    watch = _checked_watch(watch)
    gradient_norms = validate.flag("gradient_norms", gradient_norms)
    show = None if progress is None else validate.flag("progress", progress)
    rng = np.random.default_rng(validate.integer("seed", seed))
    optimizer = _checked_optimizer(optimizer)

    run = Run(model, loss, optimizer, epochs, (x, y), watch, validation, gradient_norms)
    run.keep_frame(model, 0)
    x, y = model.array(x), model.array(y)
    np.empty(30_000_000, np.uint8)  # freed at once: from then on glibc keeps what each step frees for the next (mallopt(3))
    bar = Progress(epochs, show)
    try:
        with np.errstate(all="ignore"):  # a run that diverges is reported once, below, instead of at every overflow
            for epoch in range(1, epochs + 1):
                value = _epoch(model, x, y, loss, optimizer, batch_size, rng)
                finite = math.isfinite(value) if isinstance(value, float) else np.isfinite(value).any()
                if finite:
                    run.keep_epoch(model, value)
                if not finite or (epoch in due and not run.keep_frame(model, epoch)):
                    run.stopped = (f"Diverged in epoch {epoch} of {epochs}: the loss or a weight is no longer finite; "
                                   "try a smaller lr")
                    break
                bar.update(value)
    except KeyboardInterrupt:
        run.stopped = f"Interrupted after {len(run.losses)} of {epochs} epochs"
    run.close(bar.close())
    if run.stopped.startswith("Diverged"):
        warnings.warn(run.stopped, DivergenceWarning, stacklevel=2)
    return run


def _epoch(model, x, y, loss, optimizer, batch_size, rng):
    """One pass over the data -> its mean loss."""
    n = len(x)
    if batch_size == n:
        return model.step(x, y, loss, optimizer)  # the order makes no difference
    order = rng.permutation(n)
    x, y = x[order], y[order]
    batches = [slice(start, min(start + batch_size, n)) for start in range(0, n, batch_size)]
    return sum(model.step(x[here], y[here], loss, optimizer) * (here.stop - here.start) for here in batches) / n


def frame_epochs(frames, epochs, spacing="even"):
    """The epochs after which to keep a snapshot: `frames` of them from 1 to `epochs`, the last being `epochs`.

    spacing: "even", or "log" (equal ratios, except where that would fall between two epochs).
    ValueError: frames not from 0 to epochs.
    """
    epochs = validate.integer("epochs", epochs, low=1)
    frames = validate.integer("frames", frames, high=epochs)
    if validate.key("spacing", spacing, ("even", "log")) == "even":
        return [round(epochs * i / frames) for i in range(1, frames + 1)]
    due = [1 if frames > 1 else epochs][:frames]
    for left in range(frames - 1, 0, -1):  # those still to place share what ratio is left
        due.append(max(due[-1] + 1, round(due[-1] * (epochs / due[-1]) ** (1 / left))))
    return due


def _checked_data(name, data, model, loss):
    x, y = pair(name, data)
    x = validate.array(f"{name}.x", x, ndim=2)
    outputs = np.shape(model(x[:1]))[-1]  # asks the model, which also says whether it takes rows of this width
    return x, loss.targets((len(x), outputs), y)


def pair(name, data):
    """(x, y) of what has them, or is such a pair; ValueError otherwise."""
    if hasattr(data, "x") and hasattr(data, "y"):
        return data.x, data.y
    if not isinstance(data, (tuple, list)) or len(data) != 2:
        raise ValueError(f"{name} must have x and y, like those in mlpbook.datasets, or be a pair (x, y); "
                         f"got {validate.shown(data)}")
    return data


def _checked_watch(watch):
    watch = {} if watch is None else watch
    if not isinstance(watch, dict) or not all(isinstance(name, str) and callable(f) for name, f in watch.items()):
        raise ValueError(f'watch must map names to functions of the model, for example {{"w": lambda m: m.state()["W"][0]}}; '
                         f"got {validate.shown(watch)}")
    return dict(watch)


def _checked_optimizer(optimizer):
    if optimizer is None:
        return Adam(lr=0.01)
    if not isinstance(optimizer, Optimizer):
        raise ValueError(f"optimizer must be an SGD, a Momentum or an Adam, for example mb.Adam(lr=0.01); "
                         f"got {validate.shown(optimizer)}")
    return copy.deepcopy(optimizer)
