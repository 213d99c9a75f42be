"""A network's parameters in one piece of memory, so that an optimizer moves all of them with a few operations.

The arrays of the layers become views: parts of the one array, in their own shapes. Whoever reads or changes `layer.W`
notices nothing, and whoever gives a layer an array of its own has it gathered anew before the next step.
"""

import math

import numpy as np

from .layers import leaves


class Flat:
    """theta and dtheta, shape (*stack, number of parameters): what `layers` learn, and the gradients of it.

    stack is () for one network and (K,) for an ensemble, whose arrays all begin with that axis.
    """

    def __init__(self, layers, stack=()):
        self.layers, self.stack = list(layers), stack
        self._named = [(leaf, name, "d" + name) for leaf in leaves(layers) for name in leaf.learned]
        self.theta = _gather([(leaf, name) for leaf, name, _ in self._named], stack)
        self.dtheta = _gather([(leaf, dname) for leaf, _, dname in self._named], stack)

    def of(self, layers):
        """This, if it still holds these layers' arrays; else them gathered anew."""
        theta, dtheta = self.theta, self.dtheta
        if self.layers == layers and all(
                getattr(leaf, name).base is theta and getattr(leaf, dname).base is dtheta for leaf, name, dname in self._named):
            return self
        return Flat(layers, self.stack)


def _gather(arrays, stack):
    whole = np.concatenate([getattr(layer, name).reshape(*stack, -1) for layer, name in arrays], axis=-1)
    start = 0
    for layer, name in arrays:
        shape = getattr(layer, name).shape
        end = start + math.prod(shape[len(stack):])
        setattr(layer, name, whole[..., start:end].reshape(shape))
        start = end
    return whole
