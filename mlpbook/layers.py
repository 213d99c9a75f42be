"""The two kinds of layer. `forward` keeps what `backward` will need; `backward` leaves the gradients behind.

Rows are samples. Each layer lists its `parameters` and, in the same order and shapes, its `gradients`.
"""

import numpy as np


class Linear:
    """(n, d_in) -> (n, d_out):  z = x W + b,  with W (d_in, d_out) and b (d_out,)."""

    def __init__(self, W, b):
        self.W, self.b = W, b
        self.dW, self.db = np.zeros_like(W), np.zeros_like(b)

    parameters = property(lambda self: [self.W, self.b])
    gradients = property(lambda self: [self.dW, self.db])

    def forward(self, x):
        self.x = x
        return x @ self.W + self.b

    def backward(self, dz):
        """dL/dz (n, d_out) -> dL/dx (n, d_in); leaves dL/dW and dL/db."""
        self.dW[...] = self.x.T @ dz
        self.db[...] = dz.sum(axis=0)
        return dz @ self.W.T


class Elementwise:
    """(n, d) -> (n, d):  a = phi(z). Nothing to learn, except PReLU's slope alpha (one for the layer)."""

    def __init__(self, activation):
        self.activation = activation
        learns = activation.df_dalpha is not None
        self.parameters = [np.array([activation.alpha])] if learns else []
        self.gradients = [np.zeros(1)] if learns else []

    def forward(self, z):
        if self.parameters:  # the learned alpha may have moved since the last call
            self.activation = self.activation.with_alpha(float(self.parameters[0][0]))
        self.z = z
        return self.activation.f(z)

    def backward(self, da):
        """dL/da (n, d) -> dL/dz (n, d)."""
        if self.parameters:
            self.gradients[0][...] = (da * self.activation.df_dalpha(self.z)).sum()
        return da * self.activation.df(self.z)
