"""The exercises of the chapter on layers: other people's right answers pass, and readers' wrong ones are told why."""

import re

import numpy as np
import pytest
import torch

from mlpbook import check


def torch_layer(X, W, b):
    linear = torch.nn.Linear(*W.shape, dtype=torch.float64)
    with torch.no_grad():
        linear.weight[...], linear.bias[...] = torch.tensor(W.T), torch.tensor(b)
        return torch.relu(linear(torch.tensor(X, dtype=torch.float64))).numpy()


def unit_by_unit(X, W, b):
    return np.array([[max(0.0, float(x @ w) + c) for w, c in zip(W.T, b, strict=True)] for x in X])


def probed(W1, b1, W2, b2):
    """By what the two layers do to 0 and to the unit vectors."""
    def chain(x):
        return (x @ W1 + b1) @ W2 + b2

    at_0 = chain(np.zeros(len(W1)))
    return np.vstack([at_0, chain(np.eye(len(W1))) - at_0])


def with_constant(W1, b1, W2, b2):
    """As a product of two square-cornered matrices that carry a constant 1 along."""
    first = np.block([[np.ones((1, 1)), b1[None]], [np.zeros((len(W1), 1)), W1]])
    return first @ np.vstack([b2, W2])


@pytest.mark.parametrize(("exercise", "solution"), [
    (check.layer_outputs, torch_layer), (check.layer_outputs, unit_by_unit),
    (check.layer_outputs, lambda X, W, b: (X @ W + b).clip(min=0)),
    (check.layer_outputs, lambda X, W, b: (np.einsum("ni,ij->nj", X, W) + b) * (X @ W + b > 0)),
    (check.two_into_one, probed), (check.two_into_one, with_constant)])
def test_another_correct_solution_is_correct(exercise, solution):
    mark = exercise.mark(solution)
    assert mark.right, mark.text


@pytest.mark.parametrize(("exercise", "function", "words"), [
    (check.layer_outputs, lambda X, W, b: np.maximum(0, X * W + b), "broadcast|shape"),
    (check.layer_outputs, lambda X, W, b: np.maximum(0, X @ W + b).sum(axis=1), r"shape is \(2,\), expected is \(2, 3\)"),
    (check.layer_outputs, lambda X, W, b: np.maximum(0, X[0] @ W + b), r"shape is \(1,\), expected is \(1, 1\)|shape is \(3,\)"),
    (check.layer_outputs, lambda X, W, b: [np.maximum(0, x @ W + b) for x in X], "Python list"),
    (check.layer_outputs, lambda X, W, b: np.maximum(0, X @ W + b, out=X), "overwrites|shape|ValueError"),
    (check.layer_outputs, lambda X, W, b: np.maximum(0.01 * (X @ W + b), X @ W + b), "values|value"),
    (check.two_into_one, lambda W1, b1, W2, b2: (W1 @ W2, b1 @ W2 + b2), "tuple"),
    (check.two_into_one, lambda W1, b1, W2, b2: np.column_stack([b1 @ W2 + b2, W1 @ W2]), "ValueError|shape"),
    (check.two_into_one, lambda W1, b1, W2, b2: b1 @ W2 + b2, "shape")])
def test_a_wrong_function_is_told(exercise, function, words):
    mark = exercise.mark(function)
    assert not mark.right
    assert re.search(words, " ".join(mark.text.split())), mark.text


def test_the_order_of_the_layers_is_seen():
    """Where both products exist they differ, on some input; else swapping the layers would pass."""
    squares = [given for given in check.two_into_one.inputs if given["W1"].shape == given["W2"].shape]
    assert any(not np.allclose(g["W1"] @ g["W2"], g["W2"] @ g["W1"]) for g in squares)
