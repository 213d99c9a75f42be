"""The perceptron's exercises: what learners write besides the listed mistakes, and what they are told."""

import re

import numpy as np
import pytest

from mlpbook import Perceptron, check


def told(exercise, function):
    mark = exercise.mark(function)
    assert not mark.right
    return " ".join(mark.text.split())


def in_place(X, y, w_tilde):
    for x, s in zip(np.column_stack([np.ones(len(X)), X]), 2 * y - 1, strict=True):
        if s * (w_tilde @ x) <= 0:
            w_tilde += s * x
    return w_tilde


def until_clean(X, y, w_tilde):
    """Rosenblatt's rule to the end, or for ten passes, where one pass is asked for."""
    for _ in range(10):
        w_tilde = check.perceptron_pass.reference(X, y, w_tilde)
    return w_tilde


def first_mistake_only(X, y, w_tilde):
    for x, label in zip(X, y, strict=True):
        after = Perceptron.correct(w_tilde, np.append(1.0, x), label)
        if after is not w_tilde:
            return after
    return np.array(w_tilde, float)


def counts(X, y, w_tilde):
    return sum(2 * label - 1 for label in y)


@pytest.mark.parametrize("exercise, function, words", [
    (check.perceptron_pass, in_place, r"overwrites its input w_tilde|ufunc|Cannot cast"),
    (check.perceptron_pass, until_clean, r"values are wrong"),
    (check.perceptron_pass, first_mistake_only, r"values are wrong"),
    (check.perceptron_pass, lambda X, y, w_tilde: check.perceptron_pass.reference(X, y, w_tilde)[1:], r"shape is \(2,\), expected is \(3,\)"),
    (check.perceptron_pass, lambda X, y, w_tilde: check.perceptron_pass.reference(X, y, w_tilde)[None], r"table with one row"),
    (check.perceptron_pass, counts, r"shape is \(\)"),
    (check.perceptron_pass, lambda X, y, w_tilde: w_tilde * 1.0, r"values are wrong"),
    (check.perceptron_pass, lambda X, y, w_tilde: w_tilde + y @ np.column_stack([np.ones(len(X)), X]), "values are wrong"),
    (check.perceptron_pass, lambda X, y, w_tilde: w_tilde @ X, "matmul"),
    (check.perceptron_pass, lambda X, y: X, r"but your function takes \(X, y\)"),
    (check.margins, lambda X, y, w_tilde: check.margins.reference(X, y, w_tilde)[:, None], r"table with one column"),
    (check.margins, lambda X, y, w_tilde: -check.margins.reference(X, y, w_tilde), "sign is wrong"),
    (check.margins, lambda X, y, w_tilde: 2 * check.margins.reference(X, y, w_tilde), "2 times"),
    (check.margins, lambda X, y, w_tilde: (2 * y - 1) * (X @ w_tilde) / np.linalg.norm(w_tilde), "matmul"),
    (check.margins, lambda X, y, w_tilde: check.margins.reference(X, y, w_tilde) > 0, "True and False"),
])
def test_a_wrong_function_is_told(exercise, function, words):
    assert re.search(words, told(exercise, function))


def test_a_tie_is_what_catches_the_step():
    """The first attempt that the chapter shows goes wrong on the smallest input, with the advice it needs."""
    def attempt(X, y, w_tilde):
        for x, label in zip(np.column_stack([np.ones(len(X)), X]), y, strict=True):
            if (w_tilde @ x >= 0) != label:
                w_tilde = w_tilde + (2 * label - 1) * x
        return w_tilde
    assert "As the step says yes" in told(check.perceptron_pass, attempt).replace("as the", "As the")
    assert "X = [[2]]" in told(check.perceptron_pass, attempt)


def test_weights_left_alone_are_wrong_on_most_inputs_and_right_on_a_clean_pass():
    changed = [not np.array_equal(check.perceptron_pass.reference(**given), given["w_tilde"]) for given in check.perceptron_pass.inputs]
    assert 1 <= changed.count(False) < changed.count(True)
