"""The exercises of the chapter on PyTorch: loops written in torch pass, and those with a line missing or misplaced are told."""

import re

import numpy as np
import pytest
import torch
from torch import nn

from mlpbook import check


def loop(dtype=torch.float32, layer=True, clear="first", loss=nn.functional.cross_entropy, after=False, learn=slice(None),
         make=torch.optim.SGD):
    """A learner's training loop, right but for what the arguments say."""
    def training_losses(X, y, W, b, lr, steps):
        X, y = torch.tensor(X, dtype=dtype), torch.tensor(y)
        net = nn.Linear(*W.shape).to(dtype)
        with torch.no_grad():
            net.weight.copy_(torch.tensor(W.T))
            net.bias.copy_(torch.tensor(b))
        optimizer, losses = make(list(net.parameters())[learn], lr=lr), []
        for _ in range(steps):
            if clear == "first":
                optimizer.zero_grad()
            value = loss(net(X), y)
            value.backward()
            if clear == "between":
                optimizer.zero_grad()
            optimizer.step()
            losses.append(loss(net(X), y).item() if after else value.item())
        return np.array(losses)
    return training_losses


def in_raw_tensors(X, y, W, b, lr, steps):
    X, W, b = (torch.tensor(v, dtype=torch.float64) for v in (X, W, b))
    losses = []
    for _ in range(steps):
        W, b = W.detach().requires_grad_(), b.detach().requires_grad_()
        losses.append(-torch.log_softmax(X @ W + b, dim=1)[range(len(y)), y].mean())
        losses[-1].backward()
        W, b = W - lr * W.grad, b - lr * b.grad
    return np.array([v.item() for v in losses])


@pytest.mark.parametrize("solution", [loop(), loop(torch.float64), in_raw_tensors])
def test_a_loop_in_torch_is_correct_in_either_precision(solution):
    mark = check.training_losses.mark(solution)
    assert mark.right, mark.text


def twice(z, y):
    return nn.functional.cross_entropy(torch.softmax(z, dim=1), y)


def summed(z, y):
    return nn.functional.cross_entropy(z, y, reduction="sum")


@pytest.mark.parametrize("solution, words", [
    (loop(clear=None), "Who clears them"), (loop(clear="between"), "nothing moves"), (loop(loss=twice), "Softmax has been taken twice"),
    (loop(after=True), "the losses after each step"), (loop(loss=summed), "are summed"), (loop(learn=slice(1)), "not the bias"),
    (loop(make=torch.optim.Adam), "value"),
    (lambda X, y, W, b, lr, steps: torch.tensor(in_raw_tensors(X, y, W, b, lr, steps)), "of type Tensor, not a NumPy array"),
    (lambda X, y, W, b, lr, steps: list(loop()(X, y, W, b, lr, steps)), "Python list"),
    (lambda X, y, W, b, lr, steps: loop()(X, y, W, b, lr, steps)[-1], "shape"),
    (lambda X, y, W, b, lr, steps: loop()(X, y, W.T, b, lr, steps), "value|Error"),
])
def test_a_loop_with_a_slip_is_told(solution, words):
    mark = check.training_losses.mark(solution)
    assert not mark.right
    assert re.search(words, " ".join(mark.text.split())), mark.text


@pytest.mark.parametrize("solution", [
    lambda gradients, counts: np.average(gradients, axis=0, weights=counts),
    lambda gradients, counts: np.repeat(gradients, counts, axis=0).mean(axis=0)])
def test_another_correct_average_is_correct(solution):
    mark = check.averaged_gradient.mark(solution)
    assert mark.right, mark.text


@pytest.mark.parametrize("solution, words", [
    (lambda gradients, counts: gradients * counts / counts.sum(), "shape|broadcast"),
    (lambda gradients, counts: np.average(gradients, axis=1), "shape"),
    (lambda gradients, counts: gradients.mean(axis=0), "counts alike")])
def test_a_wrong_average_is_told(solution, words):
    mark = check.averaged_gradient.mark(solution)
    assert not mark.right
    assert re.search(words, " ".join(mark.text.split())), mark.text
