"""Exercises of the chapter on layers."""

import numpy as np

from .exercise import exercise

_FORECAST = {"W": [[1.5, -0.5, 1.0], [-2.0, 2.0, -1.0]], "b": [-1.0, -0.5, -3.0]}  # the chapter's three questions


@exercise(
    inputs=[
        {"X": [[2.0]], "W": [[3.0]], "b": [-1.0]}, {"X": [[1.0]], "W": [[1.0]], "b": [-2.0]},
        {"X": [[3.0, 1.0]], **_FORECAST}, {"X": [[3.0, 1.0], [2.0, 1.5]], **_FORECAST},
        {"X": [[1, 1], [-1, 2], [2, -2]], "W": [[1, 0, -1], [2, 1, 1]], "b": [0, -1, 1]},
        {"X": [[1.0, 2.0], [-3.0, 0.5], [0.0, 1.0]], "W": [[1.0, 2.0], [-1.0, 0.5]], "b": [0.25, -4.0]},
        {"X": [[1.0, 0.0, -2.0, 3.0]], "W": [[1.0, -1.0], [2.0, 0.5], [0.0, 1.0], [-0.5, 2.0]], "b": [1.0, 0.5]}],
    rows=["X"],
    why="each sample, a row of X, meets each unit, a column of W; b is added to every row, and the bend comes last, entry by "
        "entry.",
    hints=[
        "First the sums: which product of X, of shape (n, d_in), and W, of shape (d_in, d_out), has shape (n, d_out)?",
        "NumPy adds a b of shape (d_out,) to every row. ReLU comes after that: which function takes the larger of 0 and an "
        "entry, for every entry of a table?",
        "The sums are X @ W + b, and np.maximum compares entry by entry."],
    mistakes=[
        (lambda X, W, b: X @ W + b,
         "These are the sums. The activation is missing: negative ones should become 0."),
        (lambda X, W, b: np.maximum(0, X @ W),
         "The biases are missing."),
        (lambda X, W, b: np.maximum(0, X @ W) + b,
         "The biases are added after the bend. They belong into the sums, before it."),
        (lambda X, W, b: max(0, X @ W) + b,
         "Two things: Python's max wants to know whether a whole table is larger than 0, which a table cannot say; and the "
         "biases belong into the sums, before the bend."),
        (lambda X, W, b: max(0, X @ W + b),
         "Python's max wants to know whether a whole table is larger than 0, which a table cannot say. NumPy has a function "
         "that compares entry by entry."),
        (lambda X, W, b: np.max([0, X @ W + b]),
         "np.max looks for the largest entry of one array. You want the larger of two numbers, for every entry."),
        (lambda X, W, b: np.minimum(0, X @ W + b),
         "This keeps the negative sums. ReLU keeps the positive ones."),
        (lambda X, W, b: np.abs(X @ W + b),
         "Negative sums are turned over. ReLU makes them 0."),
        (lambda X, W, b: np.maximum(0, X @ W - b),
         "The biases are subtracted; they should be added."),
        (lambda X, W, b: np.maximum(0, X @ W + b[:, None]),
         "b is turned into a column, so that each sample gets a bias of its own, if it fits at all. A bias belongs to a unit."),
        (lambda X, W, b: np.maximum(0, X @ W.T + b),
         "W is transposed. Here its columns are the units, and X @ W is the product that fits."),
        (lambda X, W, b: np.maximum(0, W @ X + b),
         "W stands on the left, as in books where a sample is a column. Here samples are rows, and the weights come from the "
         "right."),
        (lambda X, W, b: np.maximum(0, X @ W + b).T,
         "The result lies on its side: a row for each unit. Rows are samples."),
        (lambda X, W, b: np.where(X @ W + b > 0, 1.0, 0.0),
         "This says which units are on. A ReLU unit that is on puts out its sum.")])
def layer_outputs(X, W, b):
    """The outputs, shape (n, d_out), of a ReLU layer W (d_in, d_out), b (d_out,) for the rows of X (n, d_in)."""
    return np.maximum(0, X @ W + b)


@exercise(
    inputs=[
        {"W1": [[2.0]], "b1": [1.0], "W2": [[3.0]], "b2": [-4.0]},
        {"W1": [[1.0, 2.0], [0.0, 1.0]], "b1": [1.0, -1.0], "W2": [[3.0], [-1.0]], "b2": [2.0]},
        {"W1": [[1.0, 2.0], [0.0, 1.0]], "b1": [1.0, -1.0], "W2": [[0.0, 1.0], [-1.0, 1.0]], "b2": [2.0, 0.5]},
        {"W1": [[1, 0, -1], [2, 1, 1]], "b1": [0, -1, 1], "W2": [[1, 2], [0, 1], [-1, 3]], "b2": [1, 2]},
        {"W1": [[1.0], [2.0], [-1.0]], "b1": [0.5], "W2": [[1.0, -2.0, 0.5, 3.0]], "b2": [0.0, 1.0, 0.0, -1.0]}],
    rows=["W1"],
    why="the weights multiply in the order in which the data pass them, and the first bias, too, has to pass the second "
        "layer.",
    hints=[
        "Write the two layers down one after the other, (x W1 + b1) W2 + b2, and multiply out. What stands next to x?",
        "Three terms: x W1 W2, b1 W2 and b2. Two of them do not depend on x.",
        "The bias is b1 @ W2 + b2, of shape (d_out,); np.vstack puts it above the matrix."],
    mistakes=[
        (lambda W1, b1, W2, b2: np.vstack([b1 + b2, W1 @ W2]),
         "The weights are right. But the two biases are simply added: what has the second layer done to the first one's?"),
        (lambda W1, b1, W2, b2: np.vstack([b2, W1 @ W2]),
         "The weights are right. The first layer's biases are missing."),
        (lambda W1, b1, W2, b2: np.vstack([b1 @ W2, W1 @ W2]),
         "The weights are right. The second layer's biases are missing."),
        (lambda W1, b1, W2, b2: np.vstack([b1 @ W1 + b2, W1 @ W2]),
         "The weights are right. The first layer's biases come after its weights: they never pass W1."),
        (lambda W1, b1, W2, b2: np.vstack([(b1 + b2) @ W2, W1 @ W2]),
         "The weights are right. The second layer's biases are added at the very end; nothing multiplies them."),
        (lambda W1, b1, W2, b2: np.vstack([b2 @ W1 + b1, W2 @ W1]),
         "The order is the wrong way round: the data pass W1 first, so W1 stands on the left."),
        (lambda W1, b1, W2, b2: np.vstack([b1 @ W2 + b2, W2 @ W1]),
         "The biases are right. The weights stand in the wrong order: the data pass W1 first."),
        (lambda W1, b1, W2, b2: np.vstack([b1 @ W2 + b2, W1 * W2]),
         "The biases are right. W1 * W2 multiplies entry by entry; the product of matrices is @."),
        (lambda W1, b1, W2, b2: np.vstack([W1 @ W2, b1 @ W2 + b2]),
         "The right numbers, but the bias should be the first row: it is the weight of a constant 1 in front."),
        (lambda W1, b1, W2, b2: W1 @ W2,
         "These are the weights. The bias is missing, which should stand in a row above them.")])
def two_into_one(W1, b1, W2, b2):
    """The single layer that does the work of two without activation, as one table of shape (d_in + 1, d_out).

    W1 (d_in, m), b1 (m,) come first, W2 (m, d_out), b2 (d_out,) second. The bias is the table's first row, the weights follow.
    """
    return np.vstack([b1 @ W2 + b2, W1 @ W2])
