"""The exercises of the chapter on backpropagation: other people's right answers pass, and readers' wrong ones are told why."""

import re

import numpy as np
import pytest
import torch

import mlpbook as mb
from mlpbook import check


def by_torch(X, Y, W1, b1, W2, b2):
    W = torch.tensor(W1, dtype=torch.float64, requires_grad=True)
    X, Y, b1, W2, b2 = (torch.tensor(p, dtype=torch.float64) for p in (X, Y, b1, W2, b2))
    ((torch.tanh(X @ W + b1) @ W2 + b2 - Y) ** 2).mean().backward()
    return W.grad.numpy()


def by_the_package(X, Y, W1, b1, W2, b2):
    mlp = mb.MLP.from_state({"sizes": [*W1.shape, len(b2)], "activation": "tanh", "W": [W1, W2], "b": [b1, b2]})
    mlp.backprop(X, Y, "mse")
    return mlp.linear_layers[0].dW


def way_by_way(X, Y, W1, b1, W2, b2):
    """Every way by itself: from weight (i, u) by each sample s to each output c."""
    A = np.tanh(X @ W1 + b1)
    E = A @ W2 + b2 - Y
    return np.array([[sum(2 * E[s, c] / Y.size * W2[u, c] * (1 - A[s, u] ** 2) * X[s, i] for s in range(len(X)) for c in range(len(b2)))
                      for u in range(len(b1))] for i in range(len(W1))])


def torch_momentum(theta, gradients, lr, beta):
    parameter = torch.tensor(theta, dtype=torch.float64, requires_grad=True)
    optimizer = torch.optim.SGD([parameter], lr=lr, momentum=beta)
    for g in gradients:
        parameter.grad = torch.tensor(g, dtype=torch.float64)
        optimizer.step()
    return parameter.detach().numpy()


def summed_up(theta, gradients, lr, beta):
    """Each gradient acts in its own step and, faded, in all that follow."""
    T = len(gradients)
    return theta - lr * sum(g * sum(beta**k for k in range(T - t)) for t, g in enumerate(gradients))


def rate_inside(theta, gradients, lr, beta):
    v = 0 * theta
    for g in gradients:
        v = beta * v - lr * g
        theta = theta + v
    return theta


@pytest.mark.parametrize(("exercise", "solution"), [
    (check.hidden_gradient, by_torch), (check.hidden_gradient, by_the_package), (check.hidden_gradient, way_by_way),
    (check.momentum_steps, torch_momentum), (check.momentum_steps, summed_up), (check.momentum_steps, rate_inside)])
def test_another_correct_solution_is_correct(exercise, solution):
    mark = exercise.mark(solution)
    assert mark.right, mark.text


def in_place(theta, gradients, lr, beta):
    v = 0
    for g in gradients:
        v = beta * v + g
        theta -= lr * v
    return theta


@pytest.mark.parametrize(("exercise", "function", "words"), [
    (check.hidden_gradient, lambda X, Y, W1, b1, W2, b2: X @ W1, "shape"),
    (check.hidden_gradient, lambda X, Y, W1, b1, W2, b2: (X.T @ Y).tolist(), "Python list|shape"),
    (check.hidden_gradient, lambda X, Y, W1, b1, W2, b2: None, "None|return"),
    (check.hidden_gradient, lambda X, Y, W1, b1, W2, b2: X.T @ (2 * (np.tanh(X @ W1 + b1) @ W2 + b2 - Y) @ W2), "ValueError|shape"),
    (check.momentum_steps, in_place, "overwrites"),
    (check.momentum_steps, lambda theta, gradients, lr, beta: [theta - lr * g for g in gradients], "Python list|shape"),
    (check.momentum_steps, lambda theta, gradients, lr, beta: theta - lr * gradients, r"shape is \(\d, \d\)")])
def test_a_wrong_function_is_told(exercise, function, words):
    mark = exercise.mark(function)
    assert not mark.right
    assert re.search(words, " ".join(mark.text.split())), mark.text


def test_the_attempts_of_the_chapter_are_told_what_is_missing():
    def no_slope(X, Y, W1, b1, W2, b2):
        return X.T @ (2 * (np.tanh(X @ W1 + b1) @ W2 + b2 - Y) / Y.size @ W2.T)

    assert "its slope is missing" in " ".join(check.hidden_gradient.mark(no_slope).text.split())
    forgetful = check.momentum_steps.mark(lambda theta, gradients, lr, beta: theta - lr * gradients.sum(axis=0))
    assert "every step forgets" in " ".join(forgetful.text.split())
