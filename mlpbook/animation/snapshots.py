"""What a Run can show: its snapshots as networks again, and what they answer. Here an unfit Run is refused."""

import numpy as np

from .. import training, validate
from ..mlp import MLP
from ..run import Run

DOTS = 1500  # that stand still, in one figure
MOST = 60  # frames after the start; more make a page slow and show no more


def checked(run, name="run"):
    """`run`, or a ValueError: no Run, an ensemble's, one without frames or with more than MOST."""
    if not isinstance(run, Run):
        raise ValueError(f"{name} must be what mb.train returned; got {validate.shown(run)}")
    if np.ndim(run.losses) > 1 or any(np.ndim(W) > 2 for state in run.states for W in state["W"]):
        raise ValueError(f"{name} is of an ensemble; an animation shows one network: train a member, or an mb.MLP, by itself")
    if len(run) < 2 or len(run.losses) == 0:
        why = f" ({run.stopped})" if run.stopped else ""
        raise ValueError(f"{name} has no frames after its start{why}; keep some with mb.train(..., frames=50)")
    if len(run) > MOST + 1:
        raise ValueError(f"{name} has {len(run) - 1} frames after its start, and an animation at most {MOST}; "
                         f"train with frames={MOST}, which spreads them over all epochs")
    return run


def networks(run, data):
    """(networks, x, y): the snapshots as NumPy networks, and `data` (Data, or a pair) checked against them and the loss."""
    found = []
    for epoch, state in zip(run.frames, run.states, strict=True):
        try:
            found.append(MLP.from_state(state))
        except ValueError as error:
            raise ValueError(f"the snapshot after epoch {epoch} cannot be drawn: {error}. Train with a smaller lr") from None
    x, y = training.pair("data", data)
    x = validate.array("data.x", x, ndim=2, columns=found[0].sizes[0])
    return found, x, run.loss.targets((len(x), found[0].sizes[-1]), y)


def answers(run, models, x):
    """What each network says about the rows of x, (f, n, k) in float32. ValueError where that is not finite."""
    with np.errstate(all="ignore"):
        y_hat = np.stack([model(x) for model in models]).astype(np.float32)
    finite = np.isfinite(y_hat).all(axis=(1, 2))
    if not finite.all():
        raise ValueError(f"the snapshot after epoch {run.frames[np.argmin(finite)]} gives outputs that are not finite; "
                         "train with a smaller lr")
    return y_hat


def some(n, most, name):
    """(which of n dots to show, their name): where they are not all, the name says so."""
    shown = thin(n, most)
    return shown, name if len(shown) == n else f"{name} ({len(shown)} of {n} shown)"


def thin(n, most):
    """Which of n things to show where there is room for `most`: an even choice of indices."""
    return np.unique(np.linspace(0, n - 1, min(n, max(2, most))).round().astype(int))
