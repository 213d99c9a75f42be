"""Exercises of the chapter on training in practice: scaling by the training part, and stopping with patience."""

import numpy as np

from .exercise import exercise

_TRAIN = [[2.0, 5.0], [4.0, 5.0], [6.0, 5.0], [8.0, 5.0]]


def _by(mean, scale):
    """A wrong solution: (new - mean) / scale, of functions of (train, new)."""
    return lambda train, new: (new - mean(train, new)) / scale(train, new)


def _mean(train, new):
    return train.mean(axis=0)


def _varies(train):
    """Which columns are not constant. Their standard deviation cannot tell: np.std([0.1, 0.1, 0.1]) is 1.4e-17, by rounding."""
    return train.min(axis=0) < train.max(axis=0)


def _spreads(train):
    return train.std(axis=0) > 0


def _scale(train, new, varies=_varies):
    return np.where(varies(train), train.std(axis=0), 1)


def _both(train, new):
    return np.vstack([train, new])


def _mistakes(varies):
    """Wrong solutions that tell the constant columns from the others by `varies`."""
    return [
        (_by(lambda train, new: new.mean(axis=0), lambda train, new: _scale(new, train, varies)),
         "The new rows are scaled by themselves. They must be put on the scale of the training part, on which the weights were "
         "learned; a single new row would always become 0."),
        (lambda train, new: (new - train.mean(axis=0)) / _scale(train, new, varies) * varies(train),
         "A column that is constant in the training part is to be shifted, not set to 0: a new row may differ there."),
        (_by(_mean, lambda train, new: np.where(varies(train), train.std(axis=0, ddof=1), 1)),
         "You divided by n - 1 under the root. Then the training part itself would not get standard deviation 1; the book, and "
         "scikit-learn, divide by n."),
        (_by(_mean, lambda train, new: np.where(varies(train), train.var(axis=0), 1)),
         "You divided by the variance. Its root has the units of the column."),
        (_by(lambda train, new: 0, lambda train, new: _scale(train, new, varies)),
         "The columns are divided, but their means have not been taken off."),
        (_by(lambda train, new: train.min(axis=0), lambda train, new: np.where(varies(train), np.ptp(train, axis=0), 1)),
         "That maps smallest to 0 and largest to 1. It can be done, but here mean 0 and standard deviation 1 are asked for."),
        (lambda train, new: (train - train.mean(axis=0)) / _scale(train, new, varies),
         "This is the training part, standardised. Asked for are the new rows, on its scale."),
        (lambda train, new: new / _scale(train, new, varies) - train.mean(axis=0),
         "First take the mean off, then divide: the mean is in the column's own units.")]


@exercise(
    inputs=[
        {"train": [[0.0], [2.0]], "new": [[3.0]]},
        {"train": [[0.0, 1.0], [4.0, 3.0]], "new": [[6.0, 2.0]]},
        {"train": [[1.0, 100.0], [2.0, 300.0], [6.0, 200.0]], "new": [[1.0, 150.0], [4.0, 250.0], [3.0, 500.0], [-2.0, 0.0]]},
        {"train": [[1, 10], [3, 20], [5, 60]], "new": [[1, 10], [2, 30]]},
        {"train": _TRAIN, "new": [[9.0, 7.0]]},
        {"train": _TRAIN, "new": [[5.0, 5.0], [1.0, 4.0], [3.0, 6.5]]},
        {"train": [[0.1, 1.0], [0.1, 2.0], [0.1, 6.0]], "new": [[0.1, 3.0], [0.4, 2.0]]}],
    rows=["new"],
    why="mean and standard deviation are learned from the training part alone, column by column, and a column that never "
        "varied there is only shifted.",
    hints=[
        "Which of the two arrays may the means and the standard deviations come from?",
        "train.mean(axis=0) has one entry for each column and goes with every row of new. So does train.std(axis=0).",
        "Where a column of train is constant, divide by 1. (Its standard deviation may be 1e-17 instead of 0, by rounding: ask "
        "whether its smallest and its largest entry differ.)"],
    mistakes=[
        (_by(lambda train, new: new.mean(axis=0), lambda train, new: new.std(axis=0)),
         "The new rows are scaled by themselves. They must be put on the scale of the training part, on which the weights were "
         "learned; a single new row would always become 0."),
        (_by(lambda train, new: _both(train, new).mean(axis=0), lambda train, new: _both(train, new).std(axis=0)),
         "Here the new rows help to decide the scale. That is the leak: what is fitted is fitted on the training part only."),
        (_by(_mean, lambda train, new: train.std(axis=0)),
         "A column that is constant in the training part has standard deviation 0, and you divide by it."),
        (_by(_mean, lambda train, new: train.std(axis=0) + 1e-8),
         "A small number under the fraction keeps it finite, but the constant column becomes hundreds of millions as soon as a "
         "new row differs. Only shift it."),
        (_by(lambda train, new: train.mean(), lambda train, new: train.std()),
         "That is one mean and one scale for the whole table. Each column has units of its own."),
        (_by(_mean, lambda train, new: 1),
         "The columns are shifted, but not divided by their standard deviation."),
        (_by(_mean, lambda train, new: _scale(train, new, _spreads)),
         "Rounding can leave a constant column a standard deviation that is not exactly 0: of three times 0.1 it is 1.4e-17, "
         "and you divide by that. Ask whether the column's smallest and its largest entry differ."),
        *_mistakes(_varies), *_mistakes(_spreads)])
def scaled_like(train, new):
    """The rows of new (m, d), standardised as train (n, d) would be: mean 0, standard deviation 1 for each column of train.

    A column that is constant in train is only shifted.
    """
    return (new - train.mean(axis=0)) / _scale(train, new)


def _rises(losses, patience):
    """Compares each loss with the one before instead of with the record."""
    best = waited = 0
    for epoch in range(1, len(losses)):
        waited = 0 if losses[epoch] < losses[epoch - 1] else waited + 1
        best = epoch if losses[epoch] < losses[best] else best
        if waited == patience:
            break
    return best


def _in_all(losses, patience):
    """Never forgets an epoch without a record."""
    best = waited = 0
    for epoch in range(1, len(losses)):
        best, waited = (epoch, waited) if losses[epoch] < losses[best] else (best, waited + 1)
        if waited == patience:
            break
    return best


def _watched(losses, patience, ties=False):
    """(the record, the epoch after which training stopped)."""
    best = epoch = 0
    for epoch, loss in enumerate(losses):
        if loss < losses[best] or (ties and loss == losses[best]):
            best = epoch
        if epoch - best >= patience:
            break
    return best, epoch


@exercise(
    inputs=[
        {"losses": [3.0, 2.0, 1.0], "patience": 1},
        {"losses": [1.0, 2.0, 3.0], "patience": 1},
        {"losses": [5.0, 4.0, 4.5, 3.0, 3.5, 3.6, 2.0], "patience": 1},
        {"losses": [5.0, 4.0, 4.5, 3.0, 3.5, 3.6, 2.0], "patience": 2},
        {"losses": [5.0, 4.0, 4.5, 3.0, 3.5, 3.6, 2.0], "patience": 3},
        {"losses": [4.0, 6.0, 5.5, 5.0, 3.5, 7.0], "patience": 3},
        {"losses": [2.0, 2.0, 2.0, 1.0], "patience": 2},
        {"losses": [3, 1, 1, 2, 2], "patience": 2},
        {"losses": [0.5, 0.4, 0.6, 0.3, 0.7, 0.2, 0.8, 0.9, 0.1], "patience": 2},
        {"losses": [0.7], "patience": 5}],
    rows=["losses"],
    why="every loss is compared with the record, the count of epochs without one begins anew at each record, and what comes "
        "after the patience has run out is never seen.",
    hints=[
        "What do you have to remember from epoch to epoch? One number is enough.",
        "Remember the epoch of the record. How many epochs have passed since then, and when is that too many?",
        "In a loop: if this loss is lower than that of the record, this epoch is the record; if epoch - record has reached "
        "patience, break."],
    mistakes=[
        (lambda losses, patience: int(np.argmin(losses)),
         "This is the lowest loss of all. If the patience had run out before, training would have stopped, and nobody would "
         "have seen it."),
        (_rises,
         "You count epochs that are worse than the one before. Asked for is no new record: a loss that falls a little but "
         "stays above the record does not end the waiting."),
        (_in_all,
         "You count all epochs without a record. Asked for are epochs in a row: each record begins the count anew."),
        (lambda losses, patience: _watched(losses, patience)[1],
         "This is the epoch at which training stops. The weights to keep are those of the record before."),
        (lambda losses, patience: _watched(losses, patience + 1)[0],
         "One epoch too patient: with patience 1, the first epoch without a record is the end."),
        (lambda losses, patience: _watched(losses, patience, ties=True)[0],
         "A loss equal to the record is no new record: only a lower one is."),
        (lambda losses, patience: _watched(losses, patience)[0] + 1,
         "One too many: epochs are counted from 0 here."),
        (lambda losses, patience: losses[_watched(losses, patience)[0]],
         "This is the record loss. Asked for is its epoch."),
        (lambda losses, patience: max(_watched(losses, patience)[1] - patience, 0),
         "You step back from the end by the patience. That is right only if it has run out; the losses may also end before.")])
def early_stop(losses, patience):
    """The epoch, counted from 0, whose weights early stopping keeps: the record when it stops, or else the last record.

    losses (T,): the validation loss after each epoch. Training stops as soon as `patience` epochs in a row, 1 or more, have set
    no record, that is, no loss lower than all before.
    """
    record = [0]
    for epoch, loss in enumerate(losses):
        if loss < losses[record[-1]]:
            record.append(epoch)
        elif epoch - record[-1] == patience:
            break
    return record[-1]
