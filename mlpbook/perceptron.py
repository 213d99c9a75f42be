"""The perceptron: predict, compare, and on a mistake add the sample to the weights or subtract it.

    neuron = Perceptron.learn(data.x, data.y)      # Perceptron 2 -> 1, converged in 3 epochs with 5 mistakes
    neuron(data.x)                                 # classes
    for mistake in neuron.mistakes: ...            # every step of the way, to be drawn

The bias is a weight like the others, on a constant 1 in front of every sample: x~ = (1, x), w~ = (b, w).
"""

from dataclasses import dataclass

import numpy as np

from . import validate


@dataclass(frozen=True, eq=False)
class Mistake:
    """One step of learning: `epoch` counts passes from 1, `index` is the sample's row, before and after are w~ around the step.

    Shapes as the perceptron's `w_tilde`. Both arrays are read-only, as one step's `after` is the next one's `before`.
    """

    epoch: int
    index: int
    before: np.ndarray
    after: np.ndarray


@dataclass(frozen=True, repr=False, eq=False)
class Perceptron:
    """x (n, d) -> classes (n,): 1 where z = w~ . x~ >= 0, else 0, with w_tilde (d + 1,), the bias in front.

    >>> Perceptron([-1.5, 1, 1])([[0, 0], [0, 1], [1, 0], [1, 1]])
    array([0, 0, 0, 1])

    `mistakes`, `epochs` (passes made) and `converged` (the last pass had no mistake) tell how `learn` went.
    ValueError: w_tilde is not finite numbers of shape (d + 1,).
    """

    w_tilde: np.ndarray
    mistakes: tuple[Mistake, ...] = ()
    epochs: int = 0
    converged: bool = False

    ndim = 1  # of w_tilde

    def __post_init__(self):
        w_tilde = validate.array("w_tilde", self.w_tilde, ndim=self.ndim).copy()
        if len(w_tilde) < 2:
            raise ValueError(f"w_tilde must hold the bias and at least one weight, got shape {w_tilde.shape}")
        object.__setattr__(self, "w_tilde", _read_only(w_tilde))

    b = property(lambda self: self.w_tilde[0])
    w = property(lambda self: self.w_tilde[1:])

    def scores(self, x):
        """z = w~ . x~ for the rows of x, of shape (n,). ValueError: x is not finite numbers of shape (n, d)."""
        return _with_one(validate.array("x", x, ndim=2, columns=len(self.w))) @ self.w_tilde

    def __call__(self, x):
        return (self.scores(x) >= 0).astype(int)

    @classmethod
    def learn(cls, x, y, max_epochs=100, seed=None):
        """The perceptron that Rosenblatt's rule finds from w~ = 0: it stops after a pass without a mistake, or max_epochs.

        x (n, d); y (n,), classes 0 and 1. seed=None visits the rows in order, a seed in a fresh random order each pass.
        Where some perceptron separates the classes, `novikoff_bound` bounds the mistakes; otherwise they never end.
        Source: Rosenblatt 1958; Novikoff 1962. ValueError: bad x, y or seed, max_epochs below 1.
        """
        x, y = _samples(x, y, k=2)
        return cls(*_learn(cls.correct, np.zeros(1 + x.shape[1]), x, y, max_epochs, seed))

    @staticmethod
    def correct(w_tilde, x_tilde, y):
        """The weights after meeting one sample of class y: the same ones where it was right, w~ +- x~ where it was not.

        With s = +1 for class 1 and -1 for class 0, it is right where s (w~ . x~) > 0: on the line itself is a mistake.
        """
        s = 2 * y - 1
        return w_tilde if s * (w_tilde @ x_tilde) > 0 else w_tilde + s * x_tilde

    def __repr__(self):
        shape = f"{len(self.w)} -> {1 if self.ndim == 1 else self.w_tilde.shape[1]}"
        mistakes, epochs = (f"{count} {word}{'s' * (count != 1)}" for count, word in
                            [(len(self.mistakes), "mistake"), (self.epochs, "epoch")])
        learned = (f", converged in {epochs} with {mistakes}" if self.converged else
                   f", not converged in {epochs} with {mistakes}" if self.epochs else "")
        return f"{type(self).__name__} {shape}{learned}"


class MulticlassPerceptron(Perceptron):
    """x (n, d) -> classes (n,): the class whose score is highest, with w_tilde (d + 1, k), one column for each class.

    The first of equal scores wins; all else as for `Perceptron`, of which this is, for two classes, another way to write it:
    column 1 is its w~ and column 0 is -w~.
    """

    ndim = 2

    def __call__(self, x):
        return self.scores(x).argmax(axis=1)

    @classmethod
    def learn(cls, x, y, max_epochs=100, seed=None):
        """As `Perceptron.learn`, with y (n,) of classes 0 to k - 1, where k >= 2 is one more than the largest of them."""
        x, y = _samples(x, y)
        k = int(y.max()) + 1
        if not 2 <= k <= max(2, len(y)):
            raise ValueError(f"y must hold classes 0 to k - 1 with k at least 2 and no more classes than samples; "
                             f"got classes up to {k - 1} for {len(y)} samples")
        return cls(*_learn(cls.correct, np.zeros((1 + x.shape[1], k)), x, y, max_epochs, seed))

    @staticmethod
    def correct(w_tilde, x_tilde, y):
        """The weights after meeting one sample: on a mistake x~ is added to column y and subtracted from the strongest rival's.

        It is right where class y's score is above every other; a tie is a mistake.
        """
        scores = x_tilde @ w_tilde
        own, scores[y] = scores[y], -np.inf
        rival = scores.argmax()
        if own > scores[rival]:
            return w_tilde
        w_tilde = w_tilde.copy()
        w_tilde[:, y] += x_tilde
        w_tilde[:, rival] -= x_tilde
        return w_tilde


def novikoff_bound(X, y, w_star):
    """(R / gamma)^2: how many mistakes `Perceptron.learn` can make on X (n, d) with classes y (n,), in whatever order.

    w_star (d + 1,) separates the classes, bias in front; R is the largest ||x~|| and gamma the margin of w_star,
    the least s (w* . x~) / ||w*||, where s = +1 for class 1 and -1 for class 0. Any separator gives a true bound, the one with
    the widest margin the best.
    Source: Novikoff 1962. ValueError: bad X or y, w_star of another length, or one that does not separate.
    """
    X, y = _samples(X, y, k=2, name="X")
    w_star = validate.array("w_star", w_star, ndim=1)
    if len(w_star) != 1 + X.shape[1]:
        raise ValueError(f"w_star must hold the bias and {X.shape[1]} weights, got shape {w_star.shape}")
    X = _with_one(X)
    margins = (2 * y - 1) * (X @ w_star)
    worst = margins.argmin()
    if margins[worst] <= 0:
        raise ValueError(f"w_star must separate the classes; sample {worst} of class {y[worst]} has w_star . x~ = "
                         f"{X[worst] @ w_star:g}")
    gamma = margins[worst] / np.linalg.norm(w_star)
    return float((np.linalg.norm(X, axis=1).max() / gamma) ** 2)


def _learn(correct, w_tilde, x, y, max_epochs, seed):
    """(w~, mistakes, epochs, converged) of passes over the rows of x with one rule."""
    max_epochs = validate.integer("max_epochs", max_epochs, 1)
    rng = None if seed is None else np.random.default_rng(validate.integer("seed", seed))
    x, mistakes, epoch, converged = _with_one(x), [], 0, False
    w_tilde = _read_only(w_tilde)
    while epoch < max_epochs and not converged:
        epoch, converged = epoch + 1, True
        for i in range(len(x)) if rng is None else rng.permutation(len(x)):
            after = correct(w_tilde, x[i], y[i])
            if after is not w_tilde:
                mistakes.append(Mistake(epoch, int(i), w_tilde, _read_only(after)))
                w_tilde, converged = after, False
    return w_tilde, tuple(mistakes), epoch, converged


def _samples(x, y, k=None, name="x"):
    x = validate.array(name, x, ndim=2)
    return x, validate.classes("y", y, len(x), k)


def _with_one(x):
    """x (n, d) -> x~ (n, d + 1): a constant 1 in front of every row."""
    return np.hstack([np.ones((len(x), 1)), x])


def _read_only(a):
    a.flags.writeable = False
    return a
