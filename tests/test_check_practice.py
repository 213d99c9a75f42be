"""The exercises on training in practice: what learners write besides the listed mistakes."""

import re

import numpy as np
import pytest

from mlpbook import check


def forgets_the_break(losses, patience):
    best = 0
    for epoch, loss in enumerate(losses):
        if loss < losses[best]:
            best = epoch
    return best


def minds_only_a_scale_of_0(train, new, ddof=0):
    """Lets rounding decide whether a column is constant: np.std([0.1, 0.1, 0.1]) is 1.4e-17."""
    scale = train.std(axis=0, ddof=ddof)
    return (new - train.mean(axis=0)) / np.where(scale == 0, 1, scale)


@pytest.mark.parametrize("exercise, function, words", [
    (check.scaled_like, minds_only_a_scale_of_0, "smallest and its largest entry"),
    (check.scaled_like, lambda train, new: minds_only_a_scale_of_0(train, new, ddof=1), "n - 1 under the root"),
    (check.scaled_like, lambda train, new: -check.scaled_like.reference(train, new), "sign is wrong"),
    (check.scaled_like, lambda train, new: (new - train.mean(axis=1)) / train.std(axis=1), "shape|broadcast|ValueError|value|finite"),
    (check.scaled_like, lambda train, new: np.zeros(new.shape), "value"),
    (check.scaled_like, lambda train, new: check.scaled_like.reference(train, new)[0], "shape"),
    (check.scaled_like, lambda train, new: check.scaled_like.reference(train, new).T, "shape"),
    (check.scaled_like, lambda train, new: print(check.scaled_like.reference(train, new)), "return|None|print"),
    (check.early_stop, forgets_the_break, "nobody would have seen it"),
    (check.early_stop, lambda losses, patience: len(losses) - 1, "expected"),
    (check.early_stop, lambda losses, patience: patience, "expected"),
    (check.early_stop, lambda losses, patience: [check.early_stop.reference(losses, patience)], "list"),
])
def test_a_wrong_function_is_told(exercise, function, words):
    mark = exercise.mark(function)
    assert not mark.right
    assert re.search(words, " ".join(mark.text.split())), mark.text


@pytest.mark.parametrize("varies", [
    lambda train: np.ptp(train, axis=0) > 0,
    lambda train: (train != train[0]).any(axis=0),
    lambda train: ~np.isclose(train.std(axis=0), 0),
])
def test_a_constant_column_may_be_found_in_more_than_one_way(varies):
    def right(train, new):
        return (new - train.mean(axis=0)) / np.where(varies(train), train.std(axis=0), 1)

    assert check.scaled_like.mark(right).right, check.scaled_like.mark(right).text
