"""Exercises of the chapter on losses: logarithms of probabilities that survive any logit, and the gradient p - y."""

import numpy as np

from .exercise import exercise

_LOGITS = [
    {"Z": [[0.0, 0.0]]}, {"Z": [[1.0, 2.0, 0.5]]}, {"Z": [[1.0, 2.0, 0.5], [0.0, -1.0, 3.0]]}, {"Z": [[2, -1, 0], [1, 1, 4]]},
    {"Z": [[100.0, 0.0]]}, {"Z": [[0.0, 0.0], [-5.0, 60.0], [3.0, 3.5]]}, {"Z": [[800.0, 801.0, 799.5]]},
    {"Z": [[-800.0, -801.0, -799.5]]}, {"Z": [[1000.0, -1000.0], [0.5, 2.0]]}]


def _softmax(Z):
    e = np.exp(Z - Z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


@exercise(
    inputs=_LOGITS, rows=["Z"],
    why="ln p_c = z_c - max - ln(sum of e^(z - max)), row by row: no exponent is above 0, and no probability has to be formed "
        "whose logarithm could be lost.",
    hints=[
        "Take the logarithm of the quotient before you compute anything. Which of the two exponentials disappears?",
        "ln p_c = z_c - ln(sum of e^z). Taking the largest z of the row off every z of the row changes nothing. What does it "
        "do to the exponents?",
        "Z.max(axis=1, keepdims=True) has shape (n, 1) and goes with Z. So does a sum with axis=1, keepdims=True."],
    mistakes=[
        (lambda Z: np.log(_softmax(Z)),
         "The softmax is a safe one. But a probability below about 1e-323 becomes 0, and its logarithm infinite. Take the "
         "logarithm on paper first."),
        (lambda Z: np.log(np.exp(Z) / np.exp(Z).sum(axis=1, keepdims=True)),
         "At z = 800 this computes e^800, which is too large for a float, and at z = -800 only zeros. What can be taken off "
         "every logit of a row without changing a probability?"),
        (lambda Z: Z - Z.max(axis=1, keepdims=True) - np.log(np.exp(Z - Z.max()).sum()),
         "The sum runs over all samples. Each row has probabilities of its own, which sum to 1."),
        (lambda Z: (shifted := Z - Z.max()) - np.log(np.exp(shifted).sum(axis=1, keepdims=True)),
         "One maximum for all rows is not enough: a row far below it has nothing but zeros left. Each row needs its own."),
        (lambda Z: (shifted := Z - Z.max(axis=0)) - np.log(np.exp(shifted).sum(axis=1, keepdims=True)),
         "Z.max(axis=0) is the largest logit of each class. Taken off are different amounts in one row, and that changes the "
         "probabilities."),
        (_softmax,
         "These are the probabilities. Asked for are their logarithms.")])
def log_softmax(Z):
    """The logarithms of the softmax of each row of Z, shape (n, m): n samples, m classes. Right from -1000 to 1000."""
    shifted = Z - Z.max(axis=1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))


@exercise(
    inputs=[
        {"Z": [[0.0, 0.0]], "y": [0]}, {"Z": [[0.0, 0.0]], "y": [1]}, {"Z": [[1.0, 2.0, 0.5]], "y": [2]},
        {"Z": [[1.0, 2.0, 0.5], [0.0, -1.0, 3.0]], "y": [2, 0]}, {"Z": [[2, -1, 0], [1, 1, 4]], "y": [0, 0]},
        {"Z": [[1.0, 0.0], [0.0, 0.0], [-3.0, 2.0]], "y": [0, 1, 1]}, {"Z": [[800.0, 801.0, 799.5]], "y": [1]}],
    rows=["Z", "y"],
    why="each sample's gradient is p - y, with a 1 taken off at its true class, and the mean over n samples divides by n.",
    hints=[
        "What is the gradient of one sample's loss by its logits? The chapter derives it; it has three letters.",
        "Start from the probabilities, shape (n, m). From which n entries must 1 be taken off?",
        "P[np.arange(len(y)), y] picks entry y_i of each row i. And the loss is a mean, not a sum."],
    mistakes=[
        (lambda Z, y: _softmax(Z) - np.eye(Z.shape[1])[y],
         "This is p - y for each sample. The loss is their mean, so each counts for one part in n."),
        (lambda Z, y: (np.eye(Z.shape[1])[y] - _softmax(Z)) / len(y),
         "This is y - p: the way the logits should move. The gradient points the other way, uphill."),
        (lambda Z, y: _softmax(Z) / len(y),
         "These are the probabilities. What the answer should have been, y, has not entered."),
        (lambda Z, y: (_softmax(Z) - y[:, None]) / len(y),
         "The label itself has been subtracted. Class 2 is a name, not an amount: turn it into (0, 0, 1) first."),
        (lambda Z, y: -np.eye(Z.shape[1])[y] / _softmax(Z) / len(y),
         "This is the gradient by the probabilities, -y / p. Asked for is that by the logits, one step further back."),
        (lambda Z, y: (np.exp(Z) / np.exp(Z).sum(axis=1, keepdims=True) - np.eye(Z.shape[1])[y]) / len(y),
         "The gradient is right. Only e^801 is too large for a float: take each row's largest logit off first."),
        (lambda Z, y: (_softmax(Z) - np.eye(Z.shape[1])[y]) / Z.size,
         "The mean runs over the n samples, not over all n m entries.")])
def cross_entropy_gradient(Z, y):
    """The gradient of the mean cross-entropy of softmax(Z) by Z, shape (n, m): Z (n, m) logits, y (n,) classes from 0."""
    e = np.exp(Z - Z.max(axis=1, keepdims=True))
    p = e / e.sum(axis=1, keepdims=True)
    p[np.arange(len(y)), y] -= 1
    return p / len(y)
