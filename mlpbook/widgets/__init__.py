"""Explorables: pictures to play with, in a notebook and, without a kernel, in the built book."""

from .activation import ActivationExplorer
from .layer import LayerExplorer
from .neuron import NeuronExplorer
from .quiz import Quiz

__all__ = ["ActivationExplorer", "LayerExplorer", "NeuronExplorer", "Quiz"]
