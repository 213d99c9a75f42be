"""Losses against torch and finite differences, and finite for any logit."""

import numpy as np
import pytest
import torch
from torch.nn import functional

import mlpbook as mb

rng = np.random.default_rng(0)
Y_HAT = rng.normal(size=(6, 3)) * 3
CASES = {
    "mse": (rng.normal(size=(6, 3)), lambda z, y: functional.mse_loss(z, torch.tensor(y))),
    "binary_cross_entropy": (rng.integers(0, 2, size=(6, 3)).astype(float),
                             lambda z, y: functional.binary_cross_entropy_with_logits(z, torch.tensor(y))),
    "cross_entropy": (np.array([0, 2, 1, 1, 0, 2]), lambda z, y: functional.cross_entropy(z, torch.tensor(y))),
}


def test_every_loss_has_a_referee():
    assert set(CASES) == set(mb.LOSSES)


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("scale", [1, 300])
def test_value_and_gradient_equal_torch(name, scale):
    y, torch_loss = CASES[name]
    z = torch.tensor(Y_HAT * scale, requires_grad=True)
    expected = torch_loss(z, y)
    expected.backward()
    value, gradient = mb.LOSSES[name](Y_HAT * scale, y)
    assert value == pytest.approx(expected.item(), rel=1e-12)
    np.testing.assert_allclose(gradient, z.grad.numpy(), rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("name", CASES)
def test_gradient_equals_finite_differences(name):
    y, _ = CASES[name]
    loss = mb.LOSSES[name]
    gradient = loss(Y_HAT, y)[1]
    for i in np.ndindex(Y_HAT.shape):
        nudge = np.zeros_like(Y_HAT)
        nudge[i] = 1e-5
        slope = (loss(Y_HAT + nudge, y)[0] - loss(Y_HAT - nudge, y)[0]) / 2e-5
        assert gradient[i] == pytest.approx(slope, abs=1e-9)


@pytest.mark.parametrize("name", ["binary_cross_entropy", "cross_entropy"])
def test_logits_of_a_thousand_stay_finite(name):
    logits = np.array([[1000.0, -1000.0], [-1000.0, 1000.0]])
    wrong = np.array([[0.0, 1.0], [1.0, 0.0]])
    value, gradient = mb.LOSSES[name](logits, wrong)
    assert value == pytest.approx(1000 if name == "binary_cross_entropy" else 2000)
    assert np.isfinite(gradient).all()


def test_one_hot_and_classes_agree():
    classes = CASES["cross_entropy"][0]
    a, b = (mb.cross_entropy(Y_HAT, y) for y in (classes, np.eye(3)[classes]))
    assert a[0] == b[0]
    np.testing.assert_array_equal(a[1], b[1])


@pytest.mark.parametrize("name", ["mse", "binary_cross_entropy"])
def test_labels_of_one_output_need_no_column(name):
    labels = np.array([0, 1, 1])
    value, gradient = mb.LOSSES[name](Y_HAT[:3, :1], labels)
    same, column = mb.LOSSES[name](Y_HAT[:3, :1], labels[:, None].astype(float))
    assert value == same and (gradient == column).all()
    with pytest.raises(ValueError, match="shape of y_hat"):
        mb.LOSSES[name](Y_HAT[:3, :1], labels.astype(float))


@pytest.mark.parametrize("name", CASES)
def test_stacks_have_a_value_each(name):
    y, _ = CASES[name]
    loss, stack = mb.LOSSES[name], np.stack([Y_HAT, -Y_HAT])
    values, gradients = loss.f(stack, loss.targets(Y_HAT.shape, y))
    for value, gradient, y_hat in zip(values, gradients, stack, strict=True):
        alone = loss(y_hat, y)
        assert value == pytest.approx(alone[0], rel=1e-14)
        np.testing.assert_allclose(gradient, alone[1], rtol=1e-14)


def test_arguments_are_not_changed():
    for name, (y, _) in CASES.items():
        z, kept = Y_HAT.copy(), y.copy()
        mb.LOSSES[name](z, y)
        np.testing.assert_array_equal(z, Y_HAT)
        np.testing.assert_array_equal(y, kept)


@pytest.mark.parametrize("name, y_hat, y, words", [
    ("mse", [[1.0], [2.0]], [1.0, 2.0], r"shape of y_hat, \(2, 1\)"),
    ("mse", [1.0, 2.0], [1.0, 2.0], "2 dimensions"),
    ("mse", [[np.nan]], [[1.0]], "finite, got nan"),
    ("mse", [["a"]], [[1.0]], "must be numbers"),
    ("mse", np.zeros((0, 1)), np.zeros((0, 1)), "empty"),
    ("binary_cross_entropy", [[1.0]], [[2.0]], r"\[0, 1\]"),
    ("mse", [[1.0, 2.0]], [1], r"shape of y_hat, \(1, 2\).*cross_entropy takes classes for 2 outputs"),
    ("cross_entropy", [[1.0], [2.0]], [0, 1], "an output for each class; got 1 output and classes 0 to 1.*binary_cross_entropy"),
    ("cross_entropy", [[1.0, 2.0]], [2], "classes 0 to 1"),
    ("cross_entropy", [[1.0, 2.0]], [-1], "classes 0 to 1"),
    ("cross_entropy", [[1.0, 2.0]], [0.5], "classes, which are ints"),
    ("cross_entropy", [[1.0, 2.0]], [0, 1], "one class for each of the 1 samples"),
    ("cross_entropy", [[1.0, 2.0]], [[0.5, 0.2]], "sum to 1"),
])
def test_bad_input(name, y_hat, y, words):
    with pytest.raises(ValueError, match=words):
        mb.LOSSES[name](y_hat, y)
