"""The exercises of the chapter on training, animated: other right answers pass, and readers' wrong ones are told why."""

import re

import numpy as np
import pytest
import torch

import mlpbook as mb
from mlpbook import check
from mlpbook.normalisation import BatchNorm


def unit_by_unit(X, W, b):
    return np.array([sum(1 for x in X if x @ W[:, u] + b[u] <= 0) / len(X) for u in range(len(b))])


def by_outputs(X, W, b):
    return 1 - np.count_nonzero(mb.relu(X @ W + b), axis=0) / len(X)


def by_torch_relu(X, W, b):
    layer = torch.nn.Linear(*W.shape).double()
    with torch.no_grad():
        layer.weight.copy_(torch.tensor(W.T))
        layer.bias.copy_(torch.tensor(b))
        return (torch.relu(layer(torch.tensor(X, dtype=torch.float64))) == 0).double().mean(dim=0).numpy()


def torch_norm(X, gamma, beta):
    X, gamma, beta = (torch.tensor(a, dtype=torch.float64) for a in (X, gamma, beta))
    if len(X) == 1:  # which torch refuses
        return beta[None].numpy()
    return torch.nn.functional.batch_norm(X, None, None, gamma, beta, training=True).numpy()


def by_the_package(X, gamma, beta):
    layer = BatchNorm(np.asarray(gamma, float), np.asarray(beta, float))
    layer.learning = True
    return layer.forward(X)


def column_by_column(X, gamma, beta):
    columns = []
    for column, g, b in zip(X.T, gamma, beta, strict=True):
        off = column - sum(column) / len(column)
        columns.append(g * off / (sum(off**2) / len(off) + 1e-5) ** 0.5 + b)
    return np.array(columns).T


@pytest.mark.parametrize(("exercise", "solution"), [
    (check.silent_shares, unit_by_unit), (check.silent_shares, by_outputs), (check.silent_shares, by_torch_relu),
    (check.batch_norm, torch_norm), (check.batch_norm, by_the_package), (check.batch_norm, column_by_column)])
def test_another_correct_solution_is_correct(exercise, solution):
    mark = exercise.mark(solution)
    assert mark.right, mark.text


def in_place(X, gamma, beta):
    X -= X.mean(axis=0)
    return gamma * X / np.sqrt((X**2).mean(axis=0) + 1e-5) + beta


@pytest.mark.parametrize(("exercise", "function", "words"), [
    (check.silent_shares, lambda X, W, b: np.maximum(0, X @ W + b), "shape|values"),
    (check.silent_shares, lambda X, W, b: [0.0] * len(b), "Python list"),
    (check.silent_shares, lambda X, W, b: (X @ W.T + b <= 0).mean(axis=0), "matmul|broadcast|shape"),
    (check.silent_shares, lambda X, W, b: None, "None|return"),
    (check.batch_norm, in_place, "overwrites|int"),
    (check.batch_norm, lambda X, gamma, beta: gamma * (X - X.mean(axis=1)) / X.std(axis=1) + beta, "broadcast|shape|values"),
    (check.batch_norm, lambda X, gamma, beta: (gamma * X + beta).mean(axis=0), "shape")])
def test_a_wrong_function_is_told(exercise, function, words):
    mark = exercise.mark(function)
    assert not mark.right
    assert re.search(words, " ".join(mark.text.split())), mark.text


def test_the_attempts_of_the_chapter_are_told_what_is_missing():
    strict = check.silent_shares.mark(lambda X, W, b: (X @ W + b < 0).mean(axis=0))
    assert "At z = 0 the output is 0 as well" in " ".join(strict.text.split())
    layer = check.batch_norm.mark(lambda X, gamma, beta: gamma * (X - X.mean(axis=1, keepdims=True))
                                  / np.sqrt(X.var(axis=1, keepdims=True) + 1e-5) + beta)
    assert "That is layer normalisation" in " ".join(layer.text.split())
