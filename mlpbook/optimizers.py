"""Optimizers: what to do with a gradient. Each is its settings, and what it remembers of the steps so far."""

import numpy as np

from . import validate


class Optimizer:
    """`step` moves theta against dtheta, in place; both are flat arrays (number of parameters,), or torch tensors.

    lr > 0 is the learning rate, for an ensemble also an array with a rate for each member. weight_decay >= 0 shrinks theta
    by the factor 1 - lr * weight_decay before each step, apart from the gradient (Loshchilov and Hutter 2019).
    ValueError: a setting out of range; a step on another network than the steps before.
    """

    memory = ()  # names of the arrays it keeps, each of theta's shape
    settings = ("lr", "weight_decay")

    def __init__(self, lr, weight_decay):
        rates = validate.array("lr", lr)
        if rates.ndim > 1 or rates.min() <= 0:
            raise ValueError(f"lr must be a number above 0, or one for each member of an ensemble; got {lr}")
        self.lr = rates[:, None] if rates.ndim else float(rates)
        self.weight_decay = validate.number("weight_decay", weight_decay, 0)
        self.steps = 0

    def step(self, theta, dtheta):
        if np.ndim(self.lr) and (theta.ndim == 1 or len(theta) != len(self.lr)):
            raise ValueError(f"{len(self.lr)} learning rates train an ensemble of {len(self.lr)} members; "
                             f"this {'is one network' if theta.ndim == 1 else f'has {len(theta)}'}")
        if self.steps == 0:
            for name in self.memory:
                setattr(self, name, theta * 0)  # zeros of its kind, be it NumPy's or torch's
        elif self.memory:
            self._check(theta)
        self.steps += 1
        if self.weight_decay:
            theta *= 1 - self.lr * self.weight_decay
        self.move(theta, dtheta)

    def _check(self, theta):
        """Is this the network that the memory is of?"""
        kept, name = getattr(self, self.memory[0]), type(self).__name__
        if kept.shape != theta.shape:
            before, now = (" x ".join(map(str, a.shape)) for a in (kept, theta))
            raise ValueError(f"this {name} remembers another network of {before} parameters, and this one has {now}: "
                             f"make a new {name}")
        if isinstance(kept, np.ndarray) != isinstance(theta, np.ndarray):
            raise ValueError(f"this {name} remembers parameters of type {type(kept).__name__}, and these are of type "
                             f"{type(theta).__name__}: make a new {name}")

    def __repr__(self):
        given = {name: np.ravel(getattr(self, name)) for name in self.settings}
        shown = [f"{name}={value[0]:g}" if len(value) == 1 else f"{name}={value}" for name, value in given.items()]
        return f"{type(self).__name__}({', '.join(shown)})"


class SGD(Optimizer):
    """theta <- theta - lr * dtheta."""

    def __init__(self, lr=0.1, weight_decay=0.0):
        super().__init__(lr, weight_decay)

    def move(self, theta, dtheta):
        theta -= self.lr * dtheta


class Momentum(Optimizer):
    """v <- momentum * v + dtheta;  theta <- theta - lr * v  (Polyak 1964, in the form torch uses)."""

    memory = ("v",)
    settings = ("lr", "momentum", "weight_decay")

    def __init__(self, lr=0.1, momentum=0.9, weight_decay=0.0):
        super().__init__(lr, weight_decay)
        self.momentum = validate.number("momentum", momentum, 0, 1)

    def move(self, theta, dtheta):
        self.v *= self.momentum
        self.v += dtheta
        theta -= self.lr * self.v


class Adam(Optimizer):
    """m and v are running means of the gradient and of its square; theta <- theta - lr * m_hat / (sqrt(v_hat) + eps).

    Both begin at 0, and dividing by 1 - beta^t corrects that (Kingma and Ba 2015, algorithm 1). With weight_decay: AdamW.
    """

    memory = ("m", "v")
    settings = ("lr", "beta1", "beta2", "eps", "weight_decay")

    def __init__(self, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=0.0):
        super().__init__(lr, weight_decay)
        self.beta1, self.beta2 = (validate.number(name, beta, 0, np.nextafter(1, 0))
                                  for name, beta in (("beta1", beta1), ("beta2", beta2)))
        self.eps = validate.number("eps", eps, 0)

    def move(self, theta, dtheta):
        self.m += (1 - self.beta1) * (dtheta - self.m)
        self.v += (1 - self.beta2) * (dtheta * dtheta - self.v)
        v_hat = self.v / (1 - self.beta2**self.steps)
        lr = self.lr / (1 - self.beta1**self.steps)  # m_hat = m / (1 - beta1^t)
        theta -= lr * self.m / (v_hat**0.5 + self.eps)
