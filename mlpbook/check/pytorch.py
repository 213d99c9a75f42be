"""Exercises of the chapter on PyTorch: a training loop of one's own, and gradients from shares of different sizes."""

import numpy as np

from .exercise import exercise


def _softmax(Z):
    e = np.exp(Z - Z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def _cross_entropy(Z, y):
    """(loss, its gradient by Z)."""
    p, rows = _softmax(Z), np.arange(len(y))
    return -np.log(p[rows, y]).mean(), (p - np.eye(Z.shape[1])[y]) / len(y)


def _softmax_twice(Z, y):
    p = _softmax(Z)
    value, dp = _cross_entropy(p, y)
    return value, p * (dp - (dp * p).sum(axis=1, keepdims=True))


def _summed(Z, y):
    value, dZ = _cross_entropy(Z, y)
    return len(y) * value, len(y) * dZ


def _descend(X, y, W, b, lr, steps, loss=_cross_entropy, kept=0.0, bias_learns=True):
    """The losses before each step, and after the last. kept: how much of the gradient before is still there."""
    losses, gW, gb = [], 0.0, 0.0
    for _ in range(steps + 1):
        value, dZ = loss(X @ W + b, y)
        losses.append(value)
        gW, gb = kept * gW + X.T @ dZ, kept * gb + dZ.sum(axis=0)
        W, b = W - lr * gW, b - lr * gb * bias_learns
    return np.array(losses)


def _loop(**slip):
    """A wrong solution: the right one but for a slip."""
    return lambda X, y, W, b, lr, steps: _descend(X, y, W, b, lr, steps, **slip)[:-1]


_TWO = {"X": [[1.0, -0.5], [0.5, 2.0], [-1.0, 1.5]], "y": [0, 1, 1]}


@exercise(
    inputs=[
        {"X": [[1.0]], "y": [0], "W": [[0.5, -0.5]], "b": [0.0, 0.25], "lr": 0.5, "steps": 1},
        {"X": [[1.0]], "y": [1], "W": [[0.5, -0.5]], "b": [0.0, 0.25], "lr": 0.5, "steps": 3},
        {**_TWO, "W": [[0.5, 0.0], [-1.0, 0.5]], "b": [0.1, -0.2], "lr": 0.5, "steps": 4},
        {**_TWO, "W": [[0.2, -0.3, 0.4], [0.1, 0.6, -0.5]], "b": [0.5, 0.0, -0.5], "lr": 1.0, "steps": 5},
        {"X": [[0.5, 1.0, -1.5], [2.0, 0.0, 1.0]], "y": [1, 0], "W": [[0.3, -0.2], [0.5, 0.1], [-0.4, 0.7]], "b": [0.2, 0.4],
         "lr": 0.25, "steps": 6}],
    rows=["X", "y"], rtol=2e-4, atol=2e-5,  # so that float32 will do
    why="each step clears the gradients, goes forward to the logits, takes their cross-entropy, goes backward, and moves.",
    hints=[
        "Five lines make one step. In which order: backward, forward, step, the loss, zero_grad?",
        "nn.Linear keeps its weight as (d_out, d_in). Either turn W round on the way in, or take W and b themselves as tensors "
        "with requires_grad=True and write X @ W + b.",
        "optimizer = torch.optim.SGD([W, b], lr=lr); in the loop: zero_grad, loss = cross_entropy(X @ W + b, y), "
        "losses.append(loss.item()), backward, step."],
    mistakes=[
        (_loop(kept=1.0),
         "The first two losses are right, then it goes wrong: every backward adds to the gradients that are there. Who clears "
         "them?"),
        (_loop(loss=_softmax_twice),
         "Softmax has been taken twice: cross_entropy wants logits and takes the softmax itself."),
        (lambda X, y, W, b, lr, steps: np.full(steps, _cross_entropy(X @ W + b, y)[0]),
         "All the losses are the first: nothing moves. Is step() called, after backward(), with no zero_grad() in between? And "
         "does the optimizer hold the tensors that the loss is computed from?"),
        (lambda X, y, W, b, lr, steps: _descend(X, y, W, b, lr, steps)[1:],
         "These are the losses after each step. Asked for is the loss before each: the first is that of the given W and b."),
        (_loop(loss=_summed),
         "The losses of the samples are summed. Their mean is wanted, which is what cross_entropy does unless told otherwise."),
        (_loop(bias_learns=False),
         "The first loss is right, and the weights learn, but not the bias. Does the optimizer know of it?"),
        (lambda X, y, W, b, lr, steps: _descend(X, y, W, 0 * b, lr, steps)[:-1],
         "The bias starts at 0, and not at the given b."),
        (lambda X, y, W, b, lr, steps: _descend(X, y, W, b, -lr, steps)[:-1],
         "The first loss is right, and then it rises: the step goes up the hill."),
        (lambda X, y, W, b, lr, steps: _descend(X, y, 0 * W, 0 * b, lr, steps)[:-1],
         "This starts from zeros, and not from the given W and b.")])
def training_losses(X, y, W, b, lr, steps):
    """The losses before each of `steps` full-batch steps of plain gradient descent, as an array (steps,).

    The network is one linear layer, from the start W (d, m), b (m,); the loss is the mean cross-entropy of its logits
    X W + b, with X (n, d) and classes y (n,) from 0. lr is the learning rate.
    """
    return _descend(X, y, W, b, lr, steps)[:-1]


@exercise(
    inputs=[
        {"gradients": [[2.0], [4.0]], "counts": [1, 1]}, {"gradients": [[2.0], [4.0]], "counts": [3, 1]},
        {"gradients": [[1.0, -2.0], [0.0, 3.0], [5.0, 1.0]], "counts": [2, 5, 1]},
        {"gradients": [[1.0, 2.0, 3.0]], "counts": [7]},
        {"gradients": [[0.5, -1.0], [2.0, 0.25], [1.5, 1.0], [-3.0, 0.0]], "counts": [32, 32, 32, 4]},
        {"gradients": [[1, 2], [3, 4]], "counts": [10, 30]}],
    rows=["gradients", "counts"],
    why="the mean over all samples weighs each process by its share of them.",
    hints=[
        "Process k knows a mean over its counts[k] samples. What is the sum over its samples?",
        "The sum over all samples is the sum over k of counts[k] times gradients[k]. By what must it be divided?",
        "counts @ gradients is that sum."],
    mistakes=[
        (lambda gradients, counts: gradients.mean(axis=0),
         "Each process counts alike here, so a sample in a small share weighs more than one in a large share."),
        (lambda gradients, counts: gradients.sum(axis=0),
         "This is the sum of the means. What is the mean over all samples?"),
        (lambda gradients, counts: counts @ gradients,
         "This is the sum over all samples; the loss is their mean."),
        (lambda gradients, counts: counts @ gradients / len(counts),
         "This divides by the number of processes. How many samples are there?"),
        (lambda gradients, counts: counts[:, None] * gradients / counts.sum(),
         "Right, but for the last thing: the contributions of the processes have still to be added."),
        (lambda gradients, counts: (1 / counts) @ gradients / (1 / counts).sum(),
         "The wrong way round: here a small share weighs more."),
        (lambda gradients, counts: (counts @ gradients / counts.sum()).mean(),
         "That is one number. A gradient has an entry for each parameter.")])
def averaged_gradient(gradients, counts):
    """The gradient of the mean loss over all samples, shape (p,), from those of K processes.

    gradients (K, p): row k is the gradient of the mean loss over the samples of process k; counts (K,): how many it has.
    """
    return counts @ gradients / counts.sum()
