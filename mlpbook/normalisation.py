"""Normalisation layers: centre and scale what passes through, then let the network learn another centre and scale.

Both learn gamma and beta, shape (d,), in  out = gamma * x_hat + beta  with  x_hat = (x - mean) / sqrt(var + 1e-5).
They differ in what the mean and the variance run over.
"""

import numpy as np

from .layers import Layer

EPS = 1e-5  # torch's, and the one of the papers' code
MOMENTUM = 0.1  # weight of the newest batch in the running averages


class _Normalisation(Layer):
    """(n, d) -> (n, d). `axis` is the axis that mean and variance run over; `samples` the axis of the samples."""

    learned = ("gamma", "beta")

    def __init__(self, gamma, beta, axis, samples):
        self.gamma, self.beta, self.axis, self.samples = gamma, beta, axis, samples
        self.dgamma, self.dbeta = np.zeros_like(gamma), np.zeros_like(beta)

    def normalise(self, x):
        self.mean = x.mean(self.axis, keepdims=True)
        self.x_hat = x - self.mean
        self.var = np.square(self.x_hat).mean(self.axis, keepdims=True)
        self.x_hat /= np.sqrt(self.var + EPS)
        out = self.gamma * self.x_hat
        out += self.beta
        return out

    def backward(self, dout):
        """dL/dout -> dL/dx. The mean and the variance depend on x too: hence the two terms after the first."""
        self.learn(dout)
        dx_hat = dout * self.gamma
        return (dx_hat - dx_hat.mean(self.axis, keepdims=True)
                - self.x_hat * (dx_hat * self.x_hat).mean(self.axis, keepdims=True)) / np.sqrt(self.var + EPS)

    def learn(self, dout):
        """dL/dgamma and dL/dbeta."""
        self.dgamma[...] = (dout * self.x_hat).sum(self.samples).reshape(self.gamma.shape)
        self.dbeta[...] = dout.sum(self.samples).reshape(self.beta.shape)


class LayerNorm(_Normalisation):
    """(n, d) -> (n, d): each sample by itself, over its d features (Ba, Kiros and Hinton 2016)."""

    def __init__(self, gamma, beta, samples=-2, features=-1):
        super().__init__(gamma, beta, features, samples)

    def forward(self, x):
        return self.normalise(x)


class BatchNorm(_Normalisation):
    """(n, d) -> (n, d): each feature by itself, over the samples of the batch (Ioffe and Szegedy 2015).

    So a sample's output depends on its neighbours in the batch. Only while `learning`: else the layer uses running averages,
    into which `remember` folds each batch it has learned from.
    """

    learning = False

    def __init__(self, gamma, beta, samples=-2):
        super().__init__(gamma, beta, samples, samples)
        self.running_mean, self.running_var = np.zeros_like(beta), np.ones_like(gamma)

    def forward(self, x):
        if self.learning:
            return self.normalise(x)
        self.x_hat, self.var = (x - self.running_mean) / np.sqrt(self.running_var + EPS), None
        return self.gamma * self.x_hat + self.beta

    def backward(self, dout):
        """dL/dout -> dL/dx. Both means of the general case are sums that gamma and beta have learned from already."""
        self.learn(dout)
        if self.var is None:  # the last forward took running averages, which do not depend on x
            return dout * (self.gamma / np.sqrt(self.running_var + EPS))
        n = self.x_hat.shape[self.samples]
        dx = self.x_hat * (self.dgamma / -n)
        dx += dout
        dx -= self.dbeta / n
        dx *= self.gamma / np.sqrt(self.var.reshape(self.gamma.shape) + EPS)
        return dx

    def remember(self):
        n = self.x_hat.shape[self.samples]
        var = self.var.reshape(self.gamma.shape) * (n / max(n - 1, 1))  # the unbiased estimate, as in the paper
        self.running_mean += MOMENTUM * (self.mean.reshape(self.beta.shape) - self.running_mean)
        self.running_var += MOMENTUM * (var - self.running_var)


NORMALISATIONS = {"batch": BatchNorm, "layer": LayerNorm}
