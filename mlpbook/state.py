"""A network as a dict, and back: the one form in which networks are kept, sent to a widget, and read by torch.

Always `sizes`, `activation`, `W` and `b` (a list of arrays each); where the network has them also `alpha` (a number for each
hidden layer), `residual`, `normalization`, and `gamma`, `beta`, `running_mean`, `running_var` (a list of arrays each).
"""

import numpy as np

from . import validate
from .layers import Elementwise

NORMS = ("gamma", "beta", "running_mean", "running_var")


def take(mlp):
    """A copy of all that defines the network."""
    state = {"sizes": list(mlp.sizes), "activation": mlp.activation.name}
    if mlp.activation.alpha is not None:
        state["alpha"] = [float(getattr(bend, "alpha", [bend.activation.alpha])[0]) for bend in _bends(mlp)]
    if mlp.residual:
        state["residual"] = True
    if mlp.normalization:
        state["normalization"] = mlp.normalization
    return state | {key: [getattr(layer, key).copy() for layer in layers] for key, layers in _arrays(mlp).items()}


def arrays(state):
    """{key: [array, ...]} of a state, each array checked. ValueError: no dict, a key missing or unknown, no list of arrays."""
    if not isinstance(state, dict):
        raise ValueError(f"a state is a dict with sizes, activation, W and b; got {type(state).__name__}")
    missing = {"sizes", "activation", "W", "b"} - set(state)
    if missing:
        raise ValueError(f"a state needs sizes, activation, W and b; missing: {', '.join(sorted(missing))}")
    unknown = set(state) - {"sizes", "activation", "W", "b", "alpha", "residual", "normalization", *NORMS}
    if unknown:
        raise ValueError(f"a state has no {', '.join(sorted(unknown))}")
    for key in ("W", "b", "alpha", *NORMS):
        if key in state and (isinstance(state[key], (str, dict)) or not hasattr(state[key], "__len__")):
            raise ValueError(f"{key} must be a list with an entry for each layer, got {validate.shown(state[key])}")
    return {key: [validate.array(f"{key}[{i}]", a) for i, a in enumerate(state[key])]
            for key in ("W", "b", *NORMS) if key in state}


def build(kind, state):
    """The network of class `kind` that a state describes. ValueError: a key is missing or unknown, or a shape does not fit."""
    new = arrays(state)
    single = all(a.dtype == np.float32 for a in new["W"])
    mlp = kind(state["sizes"], state["activation"], residual=state.get("residual", False),
               normalization=state.get("normalization"), dtype="float32" if single else "float64")
    own = _arrays(mlp)
    surplus = [key for key in new if key not in own]
    if surplus:
        raise ValueError(f"a state of {mlp!r} has no {', '.join(surplus)}")
    for key, layers in own.items():
        want, got = [getattr(layer, key).shape for layer in layers], [a.shape for a in new.get(key, [])]
        if want != got:
            raise ValueError(f"for sizes {mlp.sizes} {key} must have shapes {want}, got {got}")
        for layer, values in zip(layers, new[key], strict=True):
            getattr(layer, key)[...] = values
    if "alpha" in state:
        bends = _bends(mlp)
        if len(state["alpha"]) != len(bends):
            raise ValueError(f"alpha must hold one number for each of the {len(bends)} hidden layers, got {state['alpha']}")
        for bend, alpha in zip(bends, state["alpha"], strict=True):
            bend.__init__(mlp.activation.with_alpha(alpha), mlp.dtype)
        if bends and mlp.activation.df_dalpha is None:  # not learned: as MLP makes it, one for all layers
            mlp.activation = bends[0].activation
    return mlp


def _bends(mlp):
    return [layer for layer in mlp.leaves if isinstance(layer, Elementwise)]


def _arrays(mlp):
    """The layers that have an array of each name."""
    has = {key: [layer for layer in mlp.leaves if hasattr(layer, key)] for key in ("W", "b", *NORMS)}
    return {key: layers for key, layers in has.items() if layers}
