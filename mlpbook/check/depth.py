"""Exercises of the chapter on depth and linear regions: the slope of a ReLU network, and the patterns that points show."""

import numpy as np

from .exercise import exercise

_LAYER = {"W": [[1.0, -1.0, 0.5], [0.0, 2.0, -1.0]], "b": [0.0, 1.0, -0.25]}  # two inputs, three units


@exercise(
    inputs=[
        {"X": [[1.0]], "W": [[2.0]], "b": [-1.0], "w": [3.0]}, {"X": [[0.0]], "W": [[2.0]], "b": [-1.0], "w": [3.0]},
        {"X": [[1.0], [3.0]], "W": [[1.0, 1.0]], "b": [0.0, -2.0], "w": [2.0, -4.0]},
        {"X": [[2.0]], "W": [[1.0, 1.0]], "b": [0.0, -2.0], "w": [2.0, -4.0]},
        {"X": [[1.0, 0.5], [-2.0, 0.0], [0.5, -1.5]], **_LAYER, "w": [1.0, 0.5, -2.0]},
        {"X": [[1, 2], [0, -1]], "W": [[1, -1], [2, 1]], "b": [0, 1], "w": [3, -2]}],
    rows=["X"],
    why="a unit that is on passes its weights on, times its output weight, a unit that is off passes nothing, and the slope of "
        "a region is what those that are on add up to.",
    hints=[
        "Which units are on? X @ W + b > 0 is a table of shape (n, k), one row for each x.",
        "A unit that is on adds relu(z) w_j = (x . column j of W + b_j) w_j to the output. What is its slope by x?",
        "The slope at x is the sum over the units that are on of w_j times column j of W. (on * w) has shape (n, k); which "
        "product with W, of shape (d, k), has shape (n, d)?"],
    mistakes=[
        (lambda X, W, b, w: np.tile(W @ w, (len(X), 1)),
         "This is the slope with every unit on. A unit with z <= 0 is flat and adds nothing."),
        (lambda X, W, b, w: ((X @ W > 0) * w) @ W.T,
         "The bias is missing when you ask which units are on."),
        (lambda X, W, b, w: ((X @ W + b >= 0) * w) @ W.T,
         "A unit with z = 0 counts as off here, as in all of the book's code: relu'(0) = 0."),
        (lambda X, W, b, w: (np.maximum(X @ W + b, 0) * w) @ W.T,
         "A unit that is on has slope 1, however large its z. Take whether it is on, not how much."),
        (lambda X, W, b, w: (X @ W + b > 0) @ W.T,
         "The output weights w are missing: unit j's share is multiplied by w_j."),
        (lambda X, W, b, w: np.maximum(X @ W + b, 0) @ w,
         "This is the network's output. Asked for is its slope, one number for each input."),
        (lambda X, W, b, w: ((X @ W + b <= 0) * w) @ W.T,
         "These are the units that are off. Those with z > 0 count.")])
def local_slopes(X, W, b, w):
    """The slope of the network relu(X W + b) w at each row of X, shape (n, d): X (n, d), W (d, k), b (k,), w (k,). A unit
    with z = 0 is off."""
    return ((X @ W + b > 0) * w) @ W.T


@exercise(
    inputs=[
        {"X": [[1.0], [2.0]], "W": [[1.0]], "b": [0.0]}, {"X": [[1.0], [-1.0]], "W": [[1.0]], "b": [0.0]},
        {"X": [[-1.0], [0.5], [3.0]], "W": [[1.0, 1.0]], "b": [0.0, -2.0]},
        {"X": [[1.0], [-1.0], [0.5]], "W": [[1.0, -1.0]], "b": [0.0, 0.0]},
        {"X": [[0.0], [1.0]], "W": [[1.0]], "b": [0.0]},
        {"X": [[1.0, 0.5], [-2.0, 0.0], [0.5, -1.5], [1.0, 1.0], [-2.0, 3.0], [3.0, 0.0]], **_LAYER},
        {"X": [[1, 2], [0, -1], [2, 2], [-3, 1]], "W": [[1, -1], [2, 1]], "b": [0, 1]}],
    rows=["X"],
    why="two points lie in the same region exactly if every unit agrees on them, so the different rows of the table of on and "
        "off are what to count.",
    hints=[
        "X @ W + b > 0 is a table of shape (n, k): row i is the pattern at point i.",
        "How many of its rows are different? Rows, not entries.",
        "np.unique(table, axis=0) keeps each different row once."],
    mistakes=[
        (lambda X, W, b: len(np.unique((X @ W + b > 0).sum(axis=1))),
         "This counts how many *numbers* of units are on. Unit 1 alone and unit 2 alone are two patterns."),
        (lambda X, W, b: len(np.unique(X @ W > 0, axis=0)),
         "The bias is missing."),
        (lambda X, W, b: len(np.unique(X @ W + b, axis=0)),
         "This counts different sums z. Only whether z > 0 matters for the pattern."),
        (lambda X, W, b: len(np.unique(X @ W + b > 0)),
         "Without an axis NumPy looks at the entries one by one, and there are only two kinds of them."),
        (lambda X, W, b: len(np.unique(X @ W + b >= 0, axis=0)),
         "A unit with z = 0 is off: > and not >=."),
        (lambda X, W, b: int((X @ W + b > 0).any(axis=0).sum()),
         "This counts the units that are on somewhere, not the patterns."),
        (lambda X, W, b: 2 ** W.shape[1],
         "So many patterns can be written down, but the points show only some of them.")])
def patterns_seen(X, W, b):
    """How many different patterns of units on (z > 0) and off the layer X W + b shows at the n rows of X: a whole number.
    X (n, d), W (d, k), b (k,)."""
    return len(np.unique(X @ W + b > 0, axis=0))
