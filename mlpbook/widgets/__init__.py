"""Explorables: pictures to play with, in a notebook and, without a kernel, in the built book."""

from .activation import ActivationExplorer
from .approximation import ApproximationBuilder
from .backprop import BackpropStepper
from .descent import DescentExplorer
from .experiment import experiment
from .gradient_flow import GradientFlowExplorer
from .layer import LayerExplorer
from .neuron import NeuronExplorer
from .perceptron import PerceptronExplorer
from .playground import TrainingPlayground
from .quiz import Quiz
from .region import RegionExplorer
from .softmax import SoftmaxExplorer

__all__ = [
    "ActivationExplorer",
    "ApproximationBuilder",
    "BackpropStepper",
    "DescentExplorer",
    "GradientFlowExplorer",
    "LayerExplorer",
    "NeuronExplorer",
    "PerceptronExplorer",
    "Quiz",
    "RegionExplorer",
    "SoftmaxExplorer",
    "TrainingPlayground",
    "experiment",
]
