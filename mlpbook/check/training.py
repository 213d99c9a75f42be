"""Exercises of the chapter on training, animated: which units are silent, and what batch normalisation does to a batch."""

import numpy as np

from .exercise import exercise


def _silent(change):
    """A wrong solution: `change` of the weighted sums z."""
    return lambda X, W, b: change(X @ W + b)


@exercise(
    inputs=[
        {"X": [[1.0, 0.0]], "W": [[1.0, -1.0, 2.0], [0.0, 2.0, 1.0]], "b": [0.0, 0.0, 1.0]},
        {"X": [[1.0, 0.0], [-1.0, 2.0]], "W": [[1.0, 1.0, -1.0], [0.5, -1.0, 0.0]], "b": [0.5, 0.5, -0.5]},
        {"X": [[1, 0], [-1, 0], [0, 1]], "W": [[1], [0]], "b": [0]},
        {"X": [[3.0, 1.0], [-2.0, 1.0], [0.5, -4.0], [1.0, 1.0]], "W": [[1.0, -2.0, 0.5, 0.0], [0.5, 1.0, 1.0, -1.0]],
         "b": [-5.0, 3.0, 0.25, 1.0]},
        {"X": [[1.0], [2.0], [-1.0], [0.5], [4.0]], "W": [[1.0, -1.0]], "b": [-1.0, 5.0]}],
    rows=["X"],
    why="a unit gives 0 wherever its weighted sum is 0 or less, and the mean of ones and zeros down a column is a share.",
    hints=[
        "For which weighted sums z is max(0, z) equal to 0?",
        "Z = X @ W + b has a row for each sample and a column for each unit. A comparison makes True and False of it.",
        "The mean of True and False is the share of True. Along which axis do the samples run?"],
    mistakes=[
        (_silent(lambda z: (z < 0).mean(axis=0)),
         "At z = 0 the output is 0 as well, and so is the slope that we use there."),
        (_silent(lambda z: (z > 0).mean(axis=0)),
         "These are the shares of samples on which a unit speaks. Asked for are those on which it is silent."),
        (_silent(lambda z: (z <= 0).mean(axis=1)),
         "This says for each sample how many units are silent. Asked for is a number for each unit: its column."),
        (_silent(lambda z: (z <= 0).mean()),
         "One number for all units together. Each unit has its own share."),
        (_silent(lambda z: (z <= 0).sum(axis=0)),
         "You count samples. A share is the count divided by the number of samples."),
        (_silent(lambda z: 1.0 * (z <= 0).all(axis=0)),
         "This asks which units are dead, silent on every sample. Asked for is on what share of the samples each is silent."),
        (_silent(lambda z: 1.0 * (z.mean(axis=0) <= 0)),
         "The mean is taken before the question. Ask each sample first whether the unit is silent on it, then take the mean."),
        (lambda X, W, b: (X @ W <= 0).mean(axis=0),
         "The bias is missing.")])
def silent_shares(X, W, b):
    """The share of the samples on which each ReLU unit gives 0: numbers from 0 to 1, shape (d_out,).

    The units are relu(X W + b), with X (n, d_in), W (d_in, d_out) and b (d_out,).
    """
    return (X @ W + b <= 0).mean(axis=0)


def _normalised(axis=0, ddof=0, eps=1e-5, power=0.5):
    """A wrong solution: normalised otherwise."""
    def run(X, gamma, beta):
        centred = X - X.mean(axis=axis, keepdims=True)
        return gamma * centred / (X.var(axis=axis, ddof=ddof, keepdims=True) + eps) ** power + beta
    return run


@exercise(
    inputs=[
        {"X": [[1.0, 0.0], [3.0, 4.0]], "gamma": [1.0, 1.0], "beta": [0.0, 0.0]},
        {"X": [[1.0, 0.0], [3.0, 4.0]], "gamma": [2.0, 0.5], "beta": [1.0, -3.0]},
        {"X": [[0.01, 5.0, 1.0], [0.02, -5.0, 2.0], [0.03, 0.0, 4.0]], "gamma": [1.0, 2.0, -1.0], "beta": [0.0, 0.5, 1.0]},
        {"X": [[2, 1], [2, 5], [2, -3], [2, 0]], "gamma": [1, 3], "beta": [4, 0]},
        {"X": [[1.0, 2.0, 6.0], [0.0, -1.0, 2.5], [3.0, 3.0, 0.0], [-2.0, 1.0, 1.0]], "gamma": [0.5, 1.5, 1.0],
         "beta": [0.0, 0.0, 2.0]}],
    rows=["X"],
    why="each column is centred and scaled by its own mean and variance over the batch, and then gets the centre and the "
        "scale that the network has learned.",
    hints=[
        "A feature is a column, a sample is a row. Over which axis is a feature's mean taken?",
        "x_hat = (X - mean) / sqrt(variance + 1e-5). What do gamma and beta, one number for each column, do to it?",
        "X.mean(axis=0) and X.var(axis=0) have shape (d,), which goes with X, row by row."],
    mistakes=[
        (_normalised(axis=1),
         "That is layer normalisation: each sample by itself, over its features. Batch normalisation takes each feature by "
         "itself, over the samples."),
        (_normalised(axis=None),
         "One mean for the whole matrix. Each feature has its own."),
        (_normalised(ddof=1),
         "The variance is divided by n - 1 here. While it learns, batch normalisation divides by n; n - 1 is for what it "
         "remembers."),
        (_normalised(eps=0.0),
         "The 1e-5 is missing under the root. A feature that is the same in the whole batch divides by 0."),
        (_normalised(power=1),
         "Divided by the variance. The root of it, the standard deviation, brings the scale to 1."),
        (_normalised(eps=0.0, power=0),
         "Centred, but not scaled."),
        (lambda X, gamma, beta: gamma * (X - X.mean(axis=0)) / (X.std(axis=0) + 1e-5) + beta,
         "The 1e-5 is added to the standard deviation. It belongs to the variance, under the root."),
        (lambda X, gamma, beta: (X - X.mean(axis=0)) / np.sqrt(X.var(axis=0) + 1e-5),
         "Centred and scaled; but what the network has learned, gamma and beta, has not entered."),
        (lambda X, gamma, beta: gamma * ((X - X.mean(axis=0)) / np.sqrt(X.var(axis=0) + 1e-5) + beta),
         "gamma multiplies beta too. First scale, then shift."),
        (lambda X, gamma, beta: gamma * (X - X.mean(axis=0) / np.sqrt(X.var(axis=0) + 1e-5)) + beta,
         "A bracket is missing: only the mean is divided.")])
def batch_norm(X, gamma, beta):
    """What batch normalisation makes of a batch X (n, d) while it learns; gamma and beta are (d,). Shape (n, d).

    Each feature is centred and scaled by its mean and variance over the batch, the variance with 1e-5 added; then it is
    multiplied by gamma and shifted by beta.
    """
    return gamma * (X - X.mean(axis=0)) / np.sqrt(X.var(axis=0) + 1e-5) + beta
