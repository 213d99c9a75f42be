"""Exercises of the chapter on the artificial neuron."""

import numpy as np

from .exercise import exercise

_DAYS = [[3.0, 1.0], [2.0, 1.5], [1.0, 0.0], [2.0, 1.0]]  # the chapter's forecasts: hours of sun, mm of rain
_WASHING = {"w": [1.5, -2.0], "b": -1.0}


def _sigmoid(z):
    e = np.exp(-np.abs(z))
    return np.where(z >= 0, 1, e) / (1 + e)


@exercise(
    inputs=[
        {"X": [[1.0]], "w": [1.0], "b": 0.0}, {"X": [[3.0, 1.0]], **_WASHING}, {"X": _DAYS, **_WASHING},
        {"X": [[1, 2], [0, -3]], "w": [2, 1], "b": -3},
        {"X": [[1.0, 2.0, 3.0], [0.5, 0.0, -1.0]], "w": [1.0, -1.0, 0.5], "b": 0.25},
        {"X": [[-40.0]], "w": [1.0], "b": 0.0}, {"X": [[1000.0]], "w": [1.0], "b": 0.0},
        {"X": [[1000.0], [-1000.0], [0.0]], "w": [1.0], "b": 0.0}],
    rows=["X"], atol=0.0,
    why="each row of X gets its own weighted sum X w + b and its own sigmoid, as a vector of shape (n,), and sums of 1000 and "
        "-1000 pass in silence.",
    hints=[
        "First the n weighted sums at once: which product of X, of shape (n, d), and w, of shape (d,), has shape (n,)?",
        "X @ w + b. Then the sigmoid of each sum: which of its two textbook forms is safe for z >= 0, and which for z < 0?",
        "With e = np.exp(-np.abs(z)), which never exceeds 1, both forms have the denominator 1 + e. np.where chooses the "
        "numerator."],
    mistakes=[
        (lambda X, w, b: X @ w + b,
         "These are the weighted sums. The neuron's output is the sigmoid of them."),
        (lambda X, w, b: _sigmoid(X @ w),
         "The bias is missing."),
        (lambda X, w, b: _sigmoid(X @ w - b),
         "The bias is subtracted; it should be added."),
        (lambda X, w, b: _sigmoid(-(X @ w + b)),
         "This is 1 minus the output: look at the sign of the exponent."),
        (lambda X, w, b: np.where(X @ w + b >= 0, 1.0, 0.0),
         "This is the verdict of the step. The sigmoid says how much yes."),
        (lambda X, w, b: 1 / (1 + np.exp(-(X @ w + b))),
         "The formula is right, and so are its values here; but for a sum of -1000 it computes e^1000, which overflows to "
         "infinity on the way."),
        (lambda X, w, b: np.exp(X @ w + b) / (1 + np.exp(X @ w + b)),
         "For a sum of 1000 this is infinity divided by infinity, which is not a number."),
        (lambda X, w, b: np.where(X @ w + b >= 0, 1 / (1 + np.exp(-(X @ w + b))), np.exp(X @ w + b) / (1 + np.exp(X @ w + b))),
         "The idea is right. But np.where computes both forms for every sample, and each overflows on its bad side. Use "
         "e^-|z| in both."),
        (lambda X, w, b: _sigmoid(X * w + b),
         "X * w multiplies entry by entry and adds nothing up. The sum over the inputs is X @ w.")])
def neuron_outputs(X, w, b):
    """The sigmoid outputs, shape (n,), for the rows of X (n, d) of a neuron with weights w (d,) and bias b.

    Right, and without a warning, for sums from -1000 to 1000.
    """
    return _sigmoid(X @ w + b)


@exercise(
    inputs=[
        {"X": [[2.0]], "w": [1.0], "b": -1.0}, {"X": [[3.0, 1.0]], **_WASHING}, {"X": [[2.0, 1.5]], **_WASHING},
        {"X": _DAYS, **_WASHING}, {"X": [[1, 2], [0, -3]], "w": [3, 4], "b": -5},
        {"X": [[0.0, 0.0, 0.0], [1.0, 2.0, 2.0]], "w": [1.0, 2.0, 2.0], "b": 3.0}],
    rows=["X"],
    why="the weighted sum is a ruler whose unit is 1/|w|: divided by the length of w it is the distance from the line, "
        "positive on the side into which w points.",
    hints=[
        "What does the weighted sum of a point say about the side it lies on? And about how far away it is?",
        "Double w and b: the line stays, the sums double. By what must a sum be divided to undo that?",
        "The length of w is np.linalg.norm(w). The bias has no part in it."],
    mistakes=[
        (lambda X, w, b: X @ w + b,
         "These are the weighted sums. Double w and b, and they double, though the line has not moved."),
        (lambda X, w, b: np.abs(X @ w + b) / np.linalg.norm(w),
         "These are distances without a sign. The sign tells on which side of the line a point lies."),
        (lambda X, w, b: (X @ w + b) / (w @ w),
         "This is divided by |w| squared. With that factor w leads to the foot of the perpendicular; the way there is |w| "
         "times as long."),
        (lambda X, w, b: (X @ w + b) / np.linalg.norm([b, *w]),
         "The length has the bias in it. Only w counts: b shifts the line and scales nothing."),
        (lambda X, w, b: X @ w / np.linalg.norm(w),
         "The bias is missing: these are the distances from the parallel line through the origin."),
        (lambda X, w, b: X @ w / np.linalg.norm(w) + b,
         "The bias must be divided by the length of w as well."),
        (lambda X, w, b: (X @ w + b) / np.abs(w).sum(),
         "This is divided by the sum of the sizes of the weights. The length is the root of the sum of their squares.")])
def signed_distances(X, w, b):
    """The signed distances, shape (n,), of the rows of X (n, d) from the line w.x + b = 0, positive on the side of w (d,)."""
    return (X @ w + b) / np.linalg.norm(w)


@exercise(
    inputs=[
        {"X": [[2.0]], "y": [0.0], "w": [0.0], "b": 0.0}, {"X": [[3.0, 1.0]], "y": [1.0], **_WASHING},
        {"X": _DAYS, "y": [1.0, 0.0, 1.0, 0.0], **_WASHING}, {"X": [[1, 2], [0, -3]], "y": [1, 0], "w": [2, 1], "b": -3},
        {"X": [[1.0, 2.0, 3.0], [0.5, 0.0, -1.0]], "y": [0.0, 1.0], "w": [1.0, -1.0, 0.5], "b": 0.25}],
    rows=["X", "y"],
    why="the gradient is the mean over the samples of error times input, (p - y) x: one sum over the samples for each weight, "
        "divided by n, so that the size of a step does not depend on how many samples there are.",
    hints=[
        "Start with one sample: the gradient is (p - y) x, error times input. Which two arrays hold the errors and the inputs "
        "of all samples?",
        "p = sigmoid(X @ w + b) and p - y have shape (n,). The result has shape (d,), one number for each weight. Which "
        "product takes (n,) to (d,)?",
        "X.T @ error sums over the samples. The loss is a mean: what is still missing?"],
    mistakes=[
        (lambda X, y, w, b: X.T @ (X @ w + b - y) / len(y),
         "The error is taken of the weighted sums. It is p - y, with p the sigmoid of the sum."),
        (lambda X, y, w, b: X.T @ (_sigmoid(X @ w) - y) / len(y),
         "The bias is missing in the weighted sum."),
        (lambda X, y, w, b: X.T @ (y - _sigmoid(X @ w + b)) / len(y),
         "The sign is wrong: the error is p - y, not y - p. The gradient points uphill, and the loop subtracts it."),
        (lambda X, y, w, b: X.T @ (_sigmoid(X @ w + b) - y),
         "It is n times too large: a sum over the samples. The loss is a mean, so divide by their number."),
        (lambda X, y, w, b: X.T @ ((_sigmoid(X @ w + b) - y) * _sigmoid(X @ w + b) * _sigmoid(-X @ w - b)) / len(y),
         "There is a factor p (1 - p) too many. It belongs to the squared error; in the cross-entropy it cancels.")])
def logistic_gradient(X, y, w, b):
    """The gradient by w, shape (d,), of the mean cross-entropy of a sigmoid neuron: X (n, d), labels y (n,), w (d,), b."""
    return X.T @ (_sigmoid(X @ w + b) - y) / len(y)
