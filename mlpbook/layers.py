"""The kinds of layer. `forward` keeps what `backward` will need; `backward` leaves the gradients behind.

Rows are samples. A layer names the arrays it learns in `learned`: the gradient of `W` is `dW`, and has W's shape.
"""

import numpy as np


class Layer:
    """(n, d_in) -> (n, d_out). Lists its `parameters` and, in the same order and shapes, its `gradients`."""

    learned = ()
    parameters = property(lambda self: [getattr(self, name) for name in self.learned])
    gradients = property(lambda self: [getattr(self, "d" + name) for name in self.learned])


class Linear(Layer):
    """(n, d_in) -> (n, d_out):  z = x W + b,  with W (d_in, d_out) and b (d_out,)."""

    learned = ("W", "b")

    def __init__(self, W, b):
        self.W, self.b = W, b
        self.dW, self.db = np.zeros_like(W), np.zeros_like(b)

    def forward(self, x):
        self.x = x
        return x @ self.W + self.b

    def backward(self, dz):
        """dL/dz (n, d_out) -> dL/dx (n, d_in); leaves dL/dW and dL/db."""
        np.matmul(self.x.T, dz, out=self.dW)
        ones = np.ones(len(dz), dz.dtype)
        np.matmul(ones, dz, out=self.db)  # dz.sum(axis=0) takes three times as long
        return dz @ self.W.T


class Elementwise(Layer):
    """(n, d) -> (n, d):  a = phi(z). Nothing to learn, except PReLU's slope alpha (one for the layer)."""

    def __init__(self, activation, dtype=float):
        self.activation = activation
        if activation.df_dalpha is not None:
            self.learned = ("alpha",)
            self.alpha, self.dalpha = np.array([activation.alpha], dtype), np.zeros(1, dtype)

    def forward(self, z):
        if self.learned:  # alpha may have moved since the last call
            self.activation = self.activation.with_alpha(float(self.alpha[0]))
        self.z, self.a = z, self.activation.f(z)
        return self.a

    def backward(self, da):
        """dL/da (n, d) -> dL/dz (n, d)."""
        if self.learned:
            self.dalpha[...] = (da * self.activation.df_dalpha(self.z)).sum()
        dz = self.activation.df(self.z, self.a)
        dz *= da
        return dz


class Residual(Layer):
    """(n, d) -> (n, d):  x + g(x), where g is a chain of layers that keeps the width (He et al. 2016)."""

    def __init__(self, layers):
        self.layers = layers

    def forward(self, x):
        out = x
        for layer in self.layers:
            out = layer.forward(out)
        return x + out

    def backward(self, dout):
        """dL/d(x + g(x)) -> dL/dx: one part past the chain, one part through it."""
        dx = dout
        for layer in reversed(self.layers):
            dx = layer.backward(dx)
        return dout + dx


def leaves(layers):
    """The layers in the order of `forward`, those inside a residual block each by itself."""
    return [leaf for layer in layers for leaf in getattr(layer, "layers", (layer,))]
