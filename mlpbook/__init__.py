"""mlpbook: multilayer perceptrons to read, run and play with; the companion of the book.

    import mlpbook as mb
    mlp = mb.MLP([2, 8, 1], activation="tanh", seed=0)
    run = mb.train(mlp, mb.datasets.moons(200), loss="mse", epochs=300)
    mb.plots.activation(mb.tanh)
    mb.widgets.NeuronExplorer(w=[1.0, -0.5], b=0.2, activation="sigmoid")

Importing it loads NumPy and nothing heavier: figures and widgets load their libraries when first touched.
"""

import importlib

from . import datasets
from .activations import (
    ACTIVATIONS,
    Activation,
    elu,
    gelu,
    identity,
    leaky_relu,
    prelu,
    relu,
    sigmoid,
    silu,
    softplus,
    step,
    tanh,
)
from .ensemble import Ensemble
from .gradcheck import gradcheck
from .initialisation import INITIALISATIONS
from .losses import LOSSES, Loss, binary_cross_entropy, cross_entropy, mse
from .mlp import MLP
from .optimizers import SGD, Adam, Momentum
from .perceptron import MulticlassPerceptron, Perceptron, novikoff_bound
from .run import Run
from .training import DivergenceWarning, train

__version__ = "0.1.0"

_LAZY = ("animation", "approximation", "check", "diagrams", "plots", "regions", "theme", "torch_mlp", "widgets")

__all__ = [
    "ACTIVATIONS",
    "INITIALISATIONS",
    "LOSSES",
    "MLP",
    "SGD",
    "Activation",
    "Adam",
    "DivergenceWarning",
    "Ensemble",
    "Loss",
    "Momentum",
    "MulticlassPerceptron",
    "Perceptron",
    "Run",
    "animation",
    "approximation",
    "binary_cross_entropy",
    "check",
    "cross_entropy",
    "datasets",
    "diagrams",
    "elu",
    "gelu",
    "gradcheck",
    "identity",
    "leaky_relu",
    "mse",
    "novikoff_bound",
    "plots",
    "prelu",
    "regions",
    "relu",
    "sigmoid",
    "silu",
    "softplus",
    "step",
    "tanh",
    "theme",
    "torch_mlp",
    "train",
    "widgets",
]


def __getattr__(name):
    if name in _LAZY:
        return importlib.import_module(f".{name}", __name__)
    raise AttributeError(f"mlpbook has no {name!r}; it has {', '.join(__all__)}")


def __dir__():
    return sorted([*globals(), *_LAZY])
