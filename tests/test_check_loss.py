"""The exercises on losses: what learners write besides the listed mistakes."""

import re

import numpy as np
import pytest
import scipy.special

import mlpbook as mb
from mlpbook import check


@pytest.mark.parametrize("exercise, function, words", [
    (check.log_softmax, lambda Z: -scipy.special.log_softmax(Z, axis=1), "sign is wrong"),
    (check.log_softmax, lambda Z: scipy.special.log_softmax(Z), "value"), (check.log_softmax, lambda Z: scipy.special.log_softmax(Z, axis=0), "value"),
    (check.log_softmax, lambda Z: scipy.special.log_softmax(Z, axis=1) / np.log(2), "1.443 times"),
    (check.log_softmax, lambda Z: scipy.special.log_softmax(Z, axis=1)[0], "shape"),
    (check.log_softmax, lambda Z: Z - Z.max(axis=1) - np.log(np.exp(Z - Z.max(axis=1)).sum(axis=1)), "shape|broadcast|ValueError"),
    (check.log_softmax, lambda Z: np.log(np.maximum(scipy.special.softmax(Z, axis=1), 1e-12)), "value"),
    (check.cross_entropy_gradient, lambda Z, y: mb.cross_entropy(Z, y)[1].mean(axis=0), "shape"),
    (check.cross_entropy_gradient, lambda Z, y: mb.cross_entropy(Z, y)[1] * 2, "2 times"),
    (check.cross_entropy_gradient, lambda Z, y: scipy.special.softmax(Z, axis=1) - y, "shape|broadcast|value"),
    (check.cross_entropy_gradient, lambda Z, y: mb.cross_entropy(Z, y)[0], "shape"),
    (check.cross_entropy_gradient, lambda Z, y: mb.cross_entropy(Z, y), "tuple|list|error|ValueError"),
])
def test_a_wrong_function_is_told(exercise, function, words):
    mark = exercise.mark(function)
    assert not mark.right
    assert re.search(words, " ".join(mark.text.split())), mark.text
