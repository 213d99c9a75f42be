"""Exercises that mark themselves. `mb.check.relu_derivative(my_function)` says what is wrong with it, and where.

    mb.check.relu_derivative                    what to write
    mb.check.relu_derivative(my_function)       what is wrong, or "Correct, because ..."
    mb.check.relu_derivative.hint()             the first hint; asked again, the next

To add an exercise, write its reference solution in the module of its chapter and decorate it; then name it below:

    @exercise(
        inputs=[{"z": [2.0]}, {"z": [0.0]}, {"z": [-2, 3]}, {"z": [[1.0, -2.0], [0.0, 4.0]]}],   # simplest first
        why="squaring makes every entry positive and leaves the shape alone.",
        hints=["What is a number times itself?", "NumPy's ** works entry by entry."],            # from a nudge to nearly all
        mistakes=[(lambda z: 2 * z, "This doubles. The square of 3 is 9, not 6.")])               # known slips
    def square(z):
        '''The square of every entry of z, an array of any shape.'''                             # what to write
        return z ** 2

Shape, dtype, sign, a factor n, overflow, an overwritten input, a printed result and the like are recognised without being
listed, and the smallest failing input is looked for: by cutting down `rows`, the arguments that hold one row for each
sample (z unless said otherwise). tests/test_check.py runs every reference solution and every listed mistake; add
there the wrong answers your readers give.
"""

from .activations import relu_derivative, softplus, softplus_slope
from .approximation import bends, staircase_output
from .backpropagation import hidden_gradient, momentum_steps
from .depth import local_slopes, patterns_seen
from .exercise import Exercise, Mark, exercise
from .layers import layer_outputs, two_into_one
from .linear import pair_features, power_features
from .loss import cross_entropy_gradient, log_softmax
from .neuron import logistic_gradient, neuron_outputs, signed_distances
from .perceptron import margins, perceptron_pass
from .practice import early_stop, scaled_like
from .pytorch import averaged_gradient, training_losses
from .training import batch_norm, silent_shares

__all__ = ["Exercise", "Mark", "averaged_gradient", "batch_norm", "bends", "cross_entropy_gradient", "early_stop",
           "exercise", "hidden_gradient", "layer_outputs", "local_slopes", "log_softmax", "logistic_gradient", "margins",
           "momentum_steps", "neuron_outputs", "pair_features", "patterns_seen", "perceptron_pass", "power_features",
           "relu_derivative", "scaled_like", "signed_distances", "silent_shares", "softplus", "softplus_slope",
           "staircase_output", "training_losses", "two_into_one"]
