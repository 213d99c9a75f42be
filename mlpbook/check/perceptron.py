"""Exercises of the chapter on the perceptron."""

from functools import reduce

import numpy as np

from .exercise import exercise

_CARDS = {"X": [[2.0, 3.0], [3.0, 0.0], [3.0, 4.0], [2.0, 1.0]], "y": [1, 0, 1, 0]}  # the chapter's: marks left, marks right


def _with_one(X, place=0):
    return np.insert(np.asarray(X, float), place, 1, axis=1)


def _corrected(w, sample):
    x, s = sample
    return w + s * x if s * (w @ x) <= 0 else w


def _passed(X, y, w_tilde, wrong=lambda z, y: (2 * y - 1) * z <= 0, by=lambda z, y: 2 * y - 1, one=0, at_once=False):
    """A pass with slips to choose: which samples count as mistakes, the multiple of x~ to add, the place of the constant 1."""
    old = w = np.array(w_tilde, float)
    for x, label in zip(_with_one(X, one * X.shape[1]), y, strict=True):
        z = x @ (old if at_once else w)
        if wrong(z, label):
            w = w + by(z, label) * x
    return w


def _without_constant(X, y, w_tilde):
    w = np.array(w_tilde, float)
    for x, s in zip(X, 2 * y - 1, strict=True):
        if s * (w[1:] @ x + w[0]) <= 0:
            w[1:] += s * x
    return w


def _signed(X, y, w_tilde):
    return (2 * y - 1) * (X @ w_tilde[1:] + w_tilde[0])


@exercise(
    inputs=[
        {"X": [[2.0]], "y": [1], "w_tilde": [0.0, 0.0]}, {"X": [[2.0]], "y": [0], "w_tilde": [1.0, 0.5]},
        {"X": [[3.0, 1.0]], "y": [0], "w_tilde": [0.5, -2.0, 1.0]},
        {**_CARDS, "w_tilde": [0.0, 0.0, 0.0]}, {**_CARDS, "w_tilde": [-1.0, -3.0, 2.0]},
        {**_CARDS, "w_tilde": [-1.0, -3.0, 4.0]},
        {"X": [[0, 0], [0, 1], [1, 0], [1, 1]], "y": [0, 1, 1, 0], "w_tilde": [0, 0, 0]},
        {"X": [[1.0, 2.0], [2.0, 2.0], [-1.0, 0.5], [0.5, -2.0], [1.0, 1.0]], "y": [0, 0, 1, 0, 1],
         "w_tilde": [0.5, 1.0, 0.25]},
        {"X": [[0.5, -1.0, 2.0], [1.0, 0.0, -1.0], [0.0, 2.0, 1.0]], "y": [1, 1, 0], "w_tilde": [0.0, 0.5, 0.0, -0.5]}],
    rows=["X", "y"],
    why="each sample is judged by the weights as they stand when it comes, a sum of 0 counts as a mistake, and a mistake adds "
        "(1, x) for class 1 and subtracts it for class 0.",
    hints=[
        "Go through the samples one by one, in a loop, and keep the weights in a variable of your own. What exactly is a "
        "mistake for class 1, and what for class 0?",
        "With s = 2 * y - 1, which is +1 for class 1 and -1 for class 0, both cases read the same: s times the sum is not "
        "above 0.",
        "x_tilde = np.array([1, *x]). On a mistake w = w + s * x_tilde; without a mistake nothing. Return w after the last "
        "sample."],
    mistakes=[
        (lambda X, y, w_tilde: _passed(X, y, w_tilde, wrong=lambda z, y: (2 * y - 1) * z < 0),
         "A sum of exactly 0 should count as a mistake too. From weights 0 every sum is 0, and nothing would ever be learned."),
        (lambda X, y, w_tilde: _passed(X, y, w_tilde, wrong=lambda z, y: (z >= 0) != y),
         "A sum of exactly 0 is taken for right in class 1, as the step says yes to it. While learning, a sum of 0 is a "
         "mistake for either class."),
        (lambda X, y, w_tilde: _passed(X, y, w_tilde, wrong=lambda z, y: (z > 0) != y),
         "A sum of exactly 0 is taken for right in class 0. While learning, a sum of 0 is a mistake for either class."),
        (lambda X, y, w_tilde: _passed(X, y, w_tilde, by=lambda z, y: y),
         "For class 0 nothing is ever subtracted: y itself is 0 there. The sign wanted is -1."),
        (lambda X, y, w_tilde: _passed(X, y, w_tilde, by=lambda z, y: 1 - 2 * y),
         "The sign is the wrong way round: on a mistake a sample of class 1 is added, one of class 0 subtracted."),
        (lambda X, y, w_tilde: _passed(X, y, w_tilde, by=lambda z, y: 1),
         "Every mistake adds its sample here. One of class 0 must be subtracted."),
        (lambda X, y, w_tilde: _passed(X, y, w_tilde, wrong=lambda z, y: True),
         "Every sample changes the weights here, right or wrong. Only mistakes should."),
        (lambda X, y, w_tilde: _passed(X, y, w_tilde, by=lambda z, y: y - z),
         "This adds (y - z) times the sample. The rule adds or subtracts the sample itself, whatever the size of the sum."),
        (lambda X, y, w_tilde: _passed(X, y, w_tilde, at_once=True),
         "All samples are judged by the weights at the start of the pass. Each should be judged by the weights as they stand "
         "when it comes, corrections included."),
        (lambda X, y, w_tilde: _passed(X, y, w_tilde, one=1),
         "The constant 1 stands at the end of the sample. It belongs in front, where w_tilde has the bias."),
        (_without_constant,
         "The bias is used but never corrected: a mistake adds (1, x) to (b, w), so the bias changes by 1.")])
def perceptron_pass(X, y, w_tilde):
    """The weights (b, w), shape (d + 1,), after one pass of Rosenblatt's rule over the rows of X (n, d), in their order.

    y (n,) holds classes 0 and 1; w_tilde (d + 1,) are the weights before the pass, the bias in front.
    """
    return reduce(_corrected, zip(_with_one(X), 2 * y - 1, strict=True), np.array(w_tilde, float))


@exercise(
    inputs=[
        {"X": [[2.0]], "y": [1], "w_tilde": [3.0, 4.0]}, {"X": [[2.0]], "y": [0], "w_tilde": [3.0, -4.0]},
        {"X": [[2.0], [0.0]], "y": [1, 1], "w_tilde": [3.0, 4.0]}, {**_CARDS, "w_tilde": [0.0, -1.0, 1.0]},
        {**_CARDS, "w_tilde": [-1.0, -3.0, 4.0]}, {**_CARDS, "w_tilde": [1.0, 2.0, 3.0]},
        {"X": [[0, 0], [0, 1], [1, 0], [1, 1]], "y": [0, 1, 1, 1], "w_tilde": [-1, 2, 2]},
        {"X": [[0.5, -1.0, 2.0], [1.0, 0.0, -1.0]], "y": [1, 0], "w_tilde": [0.25, 1.0, 0.0, 2.0]}],
    rows=["X", "y"],
    why="each signed sum s (w~ . x~) is measured in lengths of w~: positive on the sample's own side, negative on the other. "
        "The least of them is the margin of the theorem.",
    hints=[
        "First one signed sum for each sample: positive where the sample is on its own side. What makes the sums of class 0 "
        "change sign?",
        "Double w~ and the line stays, so nothing here should change. By what must the sums be divided?",
        "s = 2 * y - 1 gives the signs, np.linalg.norm(w_tilde) the length; the bias is part of it."],
    mistakes=[
        (lambda X, y, w_tilde: y * (X @ w_tilde[1:] + w_tilde[0]) / np.linalg.norm(w_tilde[1:]),
         "Two things are amiss: y is 0 for one of the classes, where a sign of -1 is wanted; and the length leaves the bias "
         "out, which in this book's theorem belongs to the weights."),
        (_signed,
         "These sums double when w~ does, though the line stays. Divide by the length of w~."),
        (lambda X, y, w_tilde: _signed(X, y, w_tilde) / np.linalg.norm(w_tilde[1:]),
         "This is divided by the length of w alone: the distance from the line among the x. In the theorem samples and "
         "weights have the constant 1 and the bias in them, and so has the length."),
        (lambda X, y, w_tilde: _signed(X, y, w_tilde) / (w_tilde @ w_tilde),
         "This is divided by the length squared. Once is enough: doubling w~ should change nothing."),
        (lambda X, y, w_tilde: np.abs(_signed(X, y, w_tilde)) / np.linalg.norm(w_tilde),
         "Without its sign, the sum of a sample on the wrong side looks like a good one. It should be negative there."),
        (lambda X, y, w_tilde: (X @ w_tilde[1:] + w_tilde[0]) / np.linalg.norm(w_tilde),
         "The classes play no part here. For class 0 a negative sum is the right one, so its sign must be turned."),
        (lambda X, y, w_tilde: y * (X @ w_tilde[1:] + w_tilde[0]) / np.linalg.norm(w_tilde),
         "The sums are multiplied by y, which wipes out class 0. Its sign should be -1."),
        (lambda X, y, w_tilde: _signed(X, y, w_tilde) / np.linalg.norm(_with_one(X), axis=1),
         "This is divided by the length of the sample. The unit here is the length of w~, the same for all samples."),
        (lambda X, y, w_tilde: (2 * y - 1) * (X @ w_tilde[1:]) / np.linalg.norm(w_tilde),
         "The bias is missing in the sums.")])
def margins(X, y, w_tilde):
    """The margins, shape (n,), of weights w_tilde (d + 1,), bias in front, on the rows of X (n, d) with classes y (n,), 0 or 1.

    For each sample s (w~ . x~) / ||w~||, with s = +1 for class 1 and -1 for class 0: negative where it is on the wrong side.
    """
    return (2 * y - 1) * (_with_one(X) @ w_tilde) / np.linalg.norm(w_tilde)
