"""Exercises of the chapter on backpropagation: the slope of hidden weights, and the steps of momentum."""

import numpy as np

from .exercise import exercise

_NET = {"W1": [[0.5, -1.0], [1.0, 0.5]], "b1": [0.2, -0.1], "W2": [[0.8], [-0.6]], "b2": [0.1]}


def _parts(X, Y, W1, b1, W2, b2):
    """The outputs of the hidden units, and what comes back to the outputs."""
    A = np.tanh(X @ W1 + b1)
    return A, 2 * (A @ W2 + b2 - Y) / Y.size


def _hidden(change):
    """A wrong solution: `change` of (X, A, dY, W2), otherwise right up to there."""
    return lambda X, Y, W1, b1, W2, b2: change(X, *_parts(X, Y, W1, b1, W2, b2), W2)


def _scaled(factor):
    """The right gradient, multiplied by factor(Y)."""
    return lambda X, Y, W1, b1, W2, b2: factor(Y) * hidden_gradient.reference(X, Y, W1, b1, W2, b2)


@exercise(
    inputs=[
        {"X": [[1.0, 0.0]], "Y": [[0.0]], "W1": [[0.5, 0.0, -0.5], [1.0, 0.5, 0.0]], "b1": [0.0, 0.25, 0.0],
         "W2": [[2.0], [1.0], [-1.0]], "b2": [-0.5]},
        {"X": [[1.0, 0.5]], "Y": [[0.5]], **_NET},
        {"X": [[1.0, 0.5], [-2.0, 1.0], [0.0, 3.0]], "Y": [[0.5], [1.0], [-1.0]], **_NET},
        {"X": [[1.0, -1.0], [0.5, 2.0]], "Y": [[1.0, 0.0], [0.0, 2.0]], "W1": [[0.5, -1.0], [1.0, 0.5]], "b1": [0.1, 0.2],
         "W2": [[1.0, -0.5], [0.25, 2.0]], "b2": [0.0, 1.0]},
        {"X": [[1, 2, 0], [0, -1, 1]], "Y": [[1, 0], [2, 1]], "W1": [[1, 0, -1, 0], [0, 1, 1, -1], [1, 1, 0, 0]],
         "b1": [0, 1, 0, -1], "W2": [[1, 0], [0, 1], [-1, 1], [1, 1]], "b2": [0, 1]}],
    rows=["X", "Y"],
    why="each hidden weight is reached through its unit by every sample and every output: multiply along the ways, with the "
        "slope 1 - A² of tanh among the factors, and add.",
    hints=[
        "Go back from the loss, one operation at a time, and write down at each what has come back: first to Y_hat, then to A, "
        "then to Z, and only then to W1. What shape has each?",
        "The loss is a mean over Y.size numbers, so dY_hat = 2 (Y_hat - Y) / Y.size. From there to A is backward through a "
        "linear layer.",
        "dA = dY_hat @ W2.T, dZ = dA * (1 - A**2), and W1 gets X.T @ dZ."],
    mistakes=[
        (_hidden(lambda X, A, dY, W2: X.T @ (dY @ W2.T)),
         "You have come back to A, the outputs of the hidden units. Between them and W1 lies the tanh: its slope is missing."),
        (_hidden(lambda X, A, dY, W2: X.T @ (dY @ W2.T * (1 - np.tanh(A)**2))),
         "The slope of tanh is 1 - tanh(Z)². A is tanh(Z) already; here tanh is taken twice."),
        (_hidden(lambda X, A, dY, W2: X.T @ (dY @ W2.T * A)),
         "The slope of tanh is not tanh itself: it is 1 - A²."),
        (_hidden(lambda X, A, dY, W2: X.T @ (dY @ W2.T * (1 - A))),
         "Nearly: that is 1 - A. The slope of tanh is 1 - A²."),
        (_hidden(lambda X, A, dY, W2: X.T @ (dY @ W2.T * A * (1 - A))),
         "A (1 - A) is the slope of the sigmoid. These units are tanh: 1 - A²."),
        (_hidden(lambda X, A, dY, W2: (dY @ W2.T * (1 - A**2)).T @ X),
         "The right numbers, but lying on their side: a gradient has the shape of what it is taken by."),
        (_hidden(lambda X, A, dY, W2: A.T @ dY),
         "This is the gradient of W2, the output's weights. One layer further back."),
        (_hidden(lambda X, A, dY, W2: X.T @ (dY @ W2.T * (1 - A**2)) / len(X)),
         "The mean over the samples is taken twice: once in dY_hat, once more at the end."),
        (_scaled(lambda Y: Y.size),
         "The loss is a mean over all entries of Y. This is the gradient of their sum."),
        (_scaled(lambda Y: Y.shape[1]),
         "You divided by the number of samples. The loss is a mean over samples and outputs: Y.size numbers."),
        (_scaled(lambda Y: 0.5),
         "Half of it: the derivative of the square has a factor 2."),
        (_scaled(lambda Y: -1.0),
         "The sign is turned: the derivative of (Y_hat - Y)² by Y_hat is 2 (Y_hat - Y). The minus comes only with the step."),
        (lambda X, Y, W1, b1, W2, b2: hidden_gradient.reference(X, Y, W1, 0 * b1, W2, b2),
         "The hidden biases are missing on the way forward."),
        (lambda X, Y, W1, b1, W2, b2: hidden_gradient.reference(X, Y, W1, b1, W2, 0 * b2),
         "The output's bias is missing on the way forward.")])
def hidden_gradient(X, Y, W1, b1, W2, b2):
    """dL/dW1, of W1's shape, for Y_hat = tanh(X W1 + b1) W2 + b2 and L = ((Y_hat - Y)**2).mean().

    X (n, d_in), Y (n, k), W1 (d_in, m), b1 (m,), W2 (m, k), b2 (k,).
    """
    A, dY = _parts(X, Y, W1, b1, W2, b2)
    return X.T @ (dY @ W2.T * (1 - A**2))


def _steps(rule):
    """A solution that carries (theta, v) from gradient to gradient by a rule."""
    def run(theta, gradients, lr, beta):
        v = np.zeros(len(theta))
        for g in gradients:
            theta, v = rule(theta, v, g, lr, beta)
        return theta
    return run


@exercise(
    inputs=[
        {"theta": [1.0], "gradients": [[2.0]], "lr": 0.1, "beta": 0.5},
        {"theta": [0.0], "gradients": [[1.0], [1.0]], "lr": 1.0, "beta": 0.5},
        {"theta": [1.0, -2.0], "gradients": [[1.0, 0.0], [0.0, 2.0], [-1.0, 1.0]], "lr": 0.25, "beta": 0.8},
        {"theta": [0.5, 0.0, 3.0], "gradients": [[1, -1, 0], [2, 0, 1], [1, 1, 1], [0, 3, -2]], "lr": 0.1, "beta": 0.9},
        {"theta": [1.0, 1.0], "gradients": [[3.0, -1.0], [1.0, 2.0]], "lr": 0.2, "beta": 0.0}],
    rows=["gradients"],
    why="each gradient is added to a velocity that has faded by beta, and theta moves against the velocity, not against the "
        "gradient.",
    hints=[
        "Two things change from step to step. Which is the one that remembers, and what is it before the first gradient?",
        "First v becomes beta * v + g, then theta becomes theta - lr * v, with the new v.",
        "v = np.zeros(len(theta)) before the loop; a line for v and a line for theta in it."],
    mistakes=[
        (_steps(lambda theta, v, g, lr, beta: (theta - lr * g, g)),
         "Here every step forgets the ones before: that is plain gradient descent. v has to survive the loop."),
        (_steps(lambda theta, v, g, lr, beta: (theta - lr * (beta * v + (1 - beta) * g), beta * v + (1 - beta) * g)),
         "You average, with a factor 1 - beta for the new gradient. There are such versions; in this one, and in PyTorch's, "
         "the gradient is added in full."),
        (_steps(lambda theta, v, g, lr, beta: (theta - lr * v, beta * v + g)),
         "theta moves by the old velocity, before the new gradient has been added: it is always a step late."),
        (_steps(lambda theta, v, g, lr, beta: (theta - lr * beta * (v + g), beta * (v + g))),
         "beta fades the new gradient too. Only what is remembered should fade."),
        (_steps(lambda theta, v, g, lr, beta: (theta + lr * (beta * v + g), beta * v + g)),
         "The sign: theta goes against the velocity, downhill."),
        (_steps(lambda theta, v, g, lr, beta: (theta - lr * (g + beta * (beta * v + g)), beta * v + g)),
         "That is Nesterov's version, which looks one step ahead. Here theta moves by v itself."),
        (_steps(lambda theta, v, g, lr, beta: (theta - lr * (v + g), v + g)),
         "beta is missing: nothing fades, and v grows for ever."),
        (_steps(lambda theta, v, g, lr, beta: (theta - (beta * v + g), beta * v + g)),
         "The learning rate is missing."),
        (_steps(lambda theta, v, g, lr, beta: (theta - lr * (g - beta * v), g - beta * v)),
         "The velocity is subtracted from the gradient; what is remembered should be added."),
        (lambda theta, gradients, lr, beta: theta - lr * (gradients[-1] + beta * gradients[:-1].sum(axis=0)),
         "One step with all gradients at once. theta moves after every gradient, and each one goes on acting, fading."),
        (lambda theta, gradients, lr, beta: theta - lr * beta ** np.arange(len(gradients))[::-1] @ gradients,
         "This is the last step only: lr times the last velocity. The steps before have moved theta as well.")])
def momentum_steps(theta, gradients, lr, beta):
    """theta (d,) after momentum has met the rows of gradients (T, d), one after the other, from velocity 0.

    lr is the learning rate, beta what is kept of the velocity in each step.
    """
    position, v = theta, np.zeros(len(theta))
    for g in gradients:
        v = beta * v + g
        position = position - lr * v
    return position
