"""Exercises of the chapter on what a weighted sum can and cannot do."""

import numpy as np

from .exercise import exercise


def _pairs(X, diagonal, above=True):
    """The products of the columns i <= j, or i < j, and with above=False of j <= i as well."""
    d = X.shape[1]
    i, j = np.triu_indices(d, diagonal) if above else np.indices((d, d)).reshape(2, -1)
    return X[:, i] * X[:, j]


@exercise(
    inputs=[
        {"x": [2.0], "k": 1}, {"x": [2.0, -1.0], "k": 1}, {"x": [3.0], "k": 2}, {"x": [2.0, 3.0, -1.0], "k": 2},
        {"x": [0.0, 1.0], "k": 2}, {"x": [1, 2, -3], "k": 3}, {"x": [0.5, -2.0], "k": 0}, {"x": [1.5, -0.5, 0.0, 2.0], "k": 5}],
    rows=["x"],
    why="each row holds the powers of one number, from the constant 1 up to the k-th; k + 1 columns, for k + 1 weights.",
    hints=[
        "Write down the table for x = (2, 3) and k = 2 on paper. How many rows has it, how many columns, and what is in the "
        "first column?",
        "One power of all numbers at once is x**j. Which j come first and last? And np.column_stack makes columns of a list.",
        "range(k + 1) runs from 0 to k. In one stroke: a column, x[:, None], to the power of a row, np.arange(k + 1)."],
    mistakes=[
        (lambda x, k: np.array([x**j for j in range(1, k + 1)]),
         "Two things are amiss: there is a row for each power, where samples should be the rows; and the powers begin with "
         "x itself, where the constant 1 should come first, the feature whose weight is the bias."),
        (lambda x, k: np.array([x**j for j in range(k + 1)]),
         "These are the right numbers, lying on their side: a row for each power. Rows are samples."),
        (lambda x, k: x[:, None] ** np.arange(1, k + 1),
         "The constant 1 is missing, the feature whose weight is the bias."),
        (lambda x, k: x[:, None] ** np.arange(k),
         "The highest power is missing: range(k) ends at k - 1."),
        (lambda x, k: x[:, None] ** np.arange(1, k + 2),
         "There are k + 1 columns, but they run from x to the power k + 1. They should run from 1 to the power k."),
        (lambda x, k: x[:, None] ** np.arange(k, -1, -1),
         "The powers run downwards. Here the constant comes first, so that weight j belongs to the j-th power."),
        (lambda x, k: x[:, None] * np.arange(k + 1),
         "These are multiples of x: x times j. Powers are x to the j.")])
def power_features(x, k):
    """The table, shape (n, k + 1), with the columns 1, x, x^2, ..., x^k, for numbers x of shape (n,)."""
    return x[:, None] ** np.arange(k + 1)


@exercise(
    inputs=[
        {"X": [[2.0, 3.0]]}, {"X": [[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]}, {"X": [[2.0, 3.0, 5.0]]},
        {"X": [[1, 2, -3], [4, 0, 2]]}, {"X": [[2.0, 3.0, 5.0, 7.0], [1.0, -1.0, 0.5, 2.0]]}, {"X": [[4.0], [-1.0]]},
        {"X": [[2.0, 3.0, 5.0, 7.0, 11.0]]}],
    rows=["X"],
    why="the d inputs are followed by d (d - 1)/2 products, each pair of different inputs once; with a weight for each, the "
        "effect of one input may depend on another.",
    hints=[
        "For three inputs write the six columns down: which pairs are there, and in which order?",
        "Column i times column j, for all samples at once, is X[:, i] * X[:, j]. For which j does i still need a partner?",
        "np.triu_indices(d, 1) gives the i and the j of all pairs i < j in that order; np.hstack puts tables side by side."],
    mistakes=[
        (lambda X: _pairs(X, 1), "These are the products. The inputs themselves should stand before them."),
        (lambda X: _pairs(X, 0, above=False),
         "Each pair comes twice, as i j and as j i, and the squares are there as well; and the inputs themselves should "
         "stand before the products."),
        (lambda X: np.hstack([X, _pairs(X, 0)]),
         "The squares are there too. Only products of two different inputs are wanted."),
        (lambda X: np.hstack([X, _pairs(X, 0, above=False)]),
         "Each pair comes twice, as i j and as j i, and the squares are there as well."),
        (lambda X: np.hstack([np.ones((len(X), 1)), X, _pairs(X, 1)]),
         "There is a column of ones in front. It was not asked for: here the bias is kept apart."),
        (lambda X: np.hstack([X, X[:, :-1] * X[:, 1:]]),
         "Only neighbours are multiplied. With three inputs the first and the third make a pair as well."),
        (lambda X: np.hstack([_pairs(X, 1), X]),
         "The columns are right, but the products come first. The inputs should."),
        (lambda X: np.hstack([X, X.prod(axis=1, keepdims=True)]),
         "This is one product of all the inputs. With three inputs there are three pairs.")])
def pair_features(X):
    """The columns of X (n, d), then the products of every two different ones: x1 x2, x1 x3, ..., x2 x3, ...; each pair once."""
    i, j = np.triu_indices(X.shape[1], 1)
    return np.hstack([X, X[:, i] * X[:, j]])
