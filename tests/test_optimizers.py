"""Every optimizer against torch's, step for step."""

import numpy as np
import pytest
import torch

import mlpbook as mb

rng = np.random.default_rng(0)
START, GRADIENTS = rng.normal(size=7), rng.normal(size=(100, 7)) * np.logspace(-3, 2, 100)[:, None]

# ours, torch's, and what torch calls its settings; torch's SGD couples weight decay to the gradient, its AdamW does not
PAIRS = [
    (mb.SGD(lr=0.05), torch.optim.SGD, dict(lr=0.05)),
    (mb.SGD(lr=0.05, weight_decay=0.1), torch.optim.SGD, dict(lr=0.05, weight_decay=0.1)),  # the same thing without momentum
    (mb.Momentum(lr=0.02, momentum=0.8), torch.optim.SGD, dict(lr=0.02, momentum=0.8)),
    (mb.Adam(lr=0.03), torch.optim.Adam, dict(lr=0.03)),
    (mb.Adam(lr=0.03, beta1=0.5, beta2=0.9, eps=1e-4), torch.optim.Adam, dict(lr=0.03, betas=(0.5, 0.9), eps=1e-4)),
    (mb.Adam(lr=0.03, weight_decay=0.2), torch.optim.AdamW, dict(lr=0.03, weight_decay=0.2)),
]


@pytest.mark.parametrize("ours, kind, settings", PAIRS, ids=lambda v: repr(v) if isinstance(v, mb.optimizers.Optimizer) else "")
def test_a_hundred_steps_equal_torchs(ours, kind, settings):
    theta, parameter = START.copy(), torch.nn.Parameter(torch.tensor(START))
    theirs = kind([parameter], **settings)
    for dtheta in GRADIENTS:
        before = dtheta.copy()
        ours.step(theta, dtheta)
        np.testing.assert_array_equal(dtheta, before)
        parameter.grad = torch.tensor(dtheta)
        theirs.step()
        np.testing.assert_allclose(theta, parameter.detach().numpy(), rtol=1e-10, atol=1e-10)


def test_decoupled_decay_of_momentum_is_torchs_after_shrinking():
    ours, theta = mb.Momentum(lr=0.02, weight_decay=0.3), START.copy()
    parameter = torch.nn.Parameter(torch.tensor(START))
    theirs = torch.optim.SGD([parameter], lr=0.02, momentum=0.9)
    for dtheta in GRADIENTS:
        ours.step(theta, dtheta)
        parameter.data *= 1 - 0.02 * 0.3
        parameter.grad = torch.tensor(dtheta)
        theirs.step()
    np.testing.assert_allclose(theta, parameter.detach().numpy(), rtol=1e-10)


@pytest.mark.parametrize("kind", [mb.SGD, mb.Momentum, mb.Adam])
def test_torch_tensors_move_as_arrays_do(kind):
    theta, tensor = START.copy(), torch.tensor(START)
    ours, same = kind(lr=0.01), kind(lr=0.01)
    for dtheta in GRADIENTS[:10]:
        ours.step(theta, dtheta)
        same.step(tensor, torch.tensor(dtheta))
    np.testing.assert_allclose(tensor.numpy(), theta, rtol=1e-12)


def test_a_rate_for_each_member():
    theta = np.stack([START, START])
    together = mb.Adam(lr=[0.1, 0.001])
    alone = [mb.Adam(lr=0.1), mb.Adam(lr=0.001)]
    apart = theta.copy()
    for dtheta in GRADIENTS[:10]:
        together.step(theta, np.stack([dtheta, dtheta]))
        for row, optimizer in zip(apart, alone, strict=True):
            optimizer.step(row, dtheta)
    np.testing.assert_allclose(theta, apart, rtol=1e-14)


def test_the_first_step_of_adam_is_lr_long_whatever_the_gradient():
    theta = np.zeros(3)
    mb.Adam(lr=0.25).step(theta, np.array([1e-3, -1.0, 1e5]))
    np.testing.assert_allclose(theta, [-0.25, 0.25, -0.25], rtol=1e-4)


def test_repr_can_be_read_and_run():
    adam = mb.Adam(lr=0.01, weight_decay=0.1)
    assert repr(adam) == "Adam(lr=0.01, beta1=0.9, beta2=0.999, eps=1e-08, weight_decay=0.1)"
    assert repr(eval(repr(adam), {"Adam": mb.Adam})) == repr(adam)


def test_another_network_is_refused():
    adam = mb.Adam()
    adam.step(np.zeros(3), np.ones(3))
    theta = np.zeros(4)
    with pytest.raises(ValueError, match="remembers another network of 3 parameters, and this one has 4"):
        adam.step(theta, np.ones(4))
    assert not theta.any()
    with pytest.raises(ValueError, match="network of 3 parameters, and this one has 2 x 3:"):
        adam.step(np.zeros((2, 3)), np.ones((2, 3)))
    theirs = torch.zeros(3)
    with pytest.raises(ValueError, match="remembers parameters of type ndarray, and these are of type Tensor"):
        adam.step(theirs, torch.ones(3))
    assert not theirs.any() and adam.steps == 1
    with pytest.raises(ValueError, match="2 learning rates"):
        mb.SGD(lr=[0.1, 0.2]).step(np.zeros(3), np.ones(3))


BAD = [(dict(lr=0), "lr must be a number above 0"), (dict(lr=-1.0), "lr"), (dict(lr="fast"), "lr must be numbers"), (dict(lr=np.nan), "finite"),
       (dict(lr=[0.1, -0.1]), "lr"), (dict(lr=[]), "empty"), (dict(lr=[[0.1]]), "lr"), (dict(lr=None), "lr"), (dict(weight_decay=-0.1), r"weight_decay.*\[0, inf\]"),
       (dict(weight_decay="a"), "weight_decay must be a number"), (dict(weight_decay=np.inf), "weight_decay")]


@pytest.mark.parametrize("kind", [mb.SGD, mb.Momentum, mb.Adam])
@pytest.mark.parametrize("settings, words", BAD)
def test_bad_settings(kind, settings, words):
    with pytest.raises(ValueError, match=words):
        kind(**settings)


@pytest.mark.parametrize("kind, settings, words", [
    (mb.Momentum, dict(momentum=1.5), r"momentum must be a finite number in \[0, 1\]"), (mb.Momentum, dict(momentum=True), "momentum"),
    (mb.Adam, dict(beta1=1.0), "beta1"), (mb.Adam, dict(beta2=-0.1), "beta2"), (mb.Adam, dict(eps=-1e-8), "eps"), (mb.Adam, dict(eps=None), "eps")])
def test_bad_settings_of_its_own(kind, settings, words):
    with pytest.raises(ValueError, match=words):
        kind(**settings)
