"""Every activation against finite differences, torch and its own promises."""

import copy

import numpy as np
import pytest
import torch

import mlpbook as mb

ALL = list(mb.ACTIVATIONS.values())
SMOOTH = np.linspace(-8, 8, 401) + 0.0137  # no kink and no jump lies on it
REFEREES = {
    "step": lambda z, a: torch.heaviside(z, torch.tensor(1.0, dtype=z.dtype)),
    "softplus": lambda z, a: torch.nn.functional.softplus(z, threshold=100),  # torch cuts it to z above 20 by default
}


def referee(activation, z):
    """What torch makes of z, and the gradient its autograd finds."""
    z = torch.tensor(z, dtype=torch.float64, requires_grad=True)
    if activation.name in REFEREES:
        out = REFEREES[activation.name](z, activation.alpha)
    else:
        arguments = () if activation.alpha is None else (activation.alpha,)
        out = getattr(torch.nn, activation.torch)(*([1, *arguments] if activation.name == "prelu" else arguments)).double()(z)
    if activation.name == "step":
        return out.detach().numpy(), np.zeros(z.shape)  # torch defines no gradient for it
    out.sum().backward()
    return out.detach().numpy(), z.grad.numpy()


@pytest.mark.parametrize("activation", ALL, ids=lambda a: a.name)
def test_value_and_derivative_equal_torch(activation):
    z = np.concatenate([SMOOTH, [-1000.0, -40.0, 0.0, 40.0, 1000.0]])
    value, slope = referee(activation, z)
    np.testing.assert_allclose(activation(z), value, rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(activation.derivative(z), slope, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("activation", ALL, ids=lambda a: a.name)
def test_derivative_equals_finite_differences(activation):
    # five-point stencil: its own error is of order h^4
    h = 1e-3
    f = activation
    slope = (8 * (f(SMOOTH + h) - f(SMOOTH - h)) - (f(SMOOTH + 2 * h) - f(SMOOTH - 2 * h))) / (12 * h)
    np.testing.assert_allclose(f.derivative(SMOOTH), slope, atol=1e-9)


@pytest.mark.parametrize("activation", [mb.leaky_relu, mb.prelu, mb.elu], ids=lambda a: a.name)
@pytest.mark.parametrize("alpha", [-0.2, 0.0, 0.3, 1.0])
def test_every_alpha_equals_torch(activation, alpha):
    other = activation.with_alpha(alpha)
    assert (other.name, other.alpha) == (activation.name, alpha)
    value, slope = referee(other, SMOOTH)
    np.testing.assert_allclose(other(SMOOTH), value, atol=1e-9)
    np.testing.assert_allclose(other.derivative(SMOOTH), slope, atol=1e-9)


def test_published_defaults():
    assert mb.leaky_relu.alpha == 0.01 == torch.nn.LeakyReLU().negative_slope
    assert mb.prelu.alpha == 0.25 == torch.nn.PReLU().weight.item()
    assert mb.elu.alpha == 1.0 == torch.nn.ELU().alpha


def test_sigmoid_is_stable_where_the_naive_one_overflows():
    assert mb.sigmoid(-1000.0) == 0.0 and mb.sigmoid(1000.0) == 1.0  # an overflow warning would be an error here
    assert mb.sigmoid(-700.0) == pytest.approx(np.exp(-700.0), rel=1e-12)


@pytest.mark.parametrize("activation", ALL, ids=lambda a: a.name)
def test_values_stay_in_the_stated_range_and_come_near_its_ends(activation):
    low, high = activation.range
    value = activation(np.linspace(-30, 30, 60001))
    assert low <= value.min() and value.max() <= high
    assert value.min() == pytest.approx(low, abs=1e-6) if np.isfinite(low) else value.min() < -0.2
    assert value.max() == pytest.approx(high, abs=1e-6) if np.isfinite(high) else value.max() > 20


@pytest.mark.parametrize("activation", ALL, ids=lambda a: a.name)
def test_gain_keeps_the_mean_square(activation):
    u = np.random.default_rng(0).normal(size=1_000_000)
    assert np.mean((activation.gain * activation(u)) ** 2) == pytest.approx(1, rel=0.02)


def test_gain_of_relu_is_he_and_of_leaky_relu_is_torchs():
    assert mb.relu.gain == pytest.approx(torch.nn.init.calculate_gain("relu"))
    assert mb.leaky_relu.gain == pytest.approx(torch.nn.init.calculate_gain("leaky_relu", 0.01))


def test_identity_between_tanh_and_sigmoid():
    np.testing.assert_allclose(mb.tanh(SMOOTH) + 1, 2 * mb.sigmoid(2 * SMOOTH), atol=1e-12)


@pytest.mark.parametrize("activation", ALL, ids=lambda a: a.name)
def test_shape_dtype_and_argument_are_kept(activation):
    z = np.linspace(-2, 2, 6, dtype=np.float32).reshape(2, 3)
    before = z.copy()
    for out in (activation(z), activation.derivative(z)):
        assert out.shape == z.shape and out.dtype == np.float32
    np.testing.assert_array_equal(z, before)
    assert np.shares_memory(activation(z), z) is False
    assert np.ndim(activation(3)) == 0


def test_repr_says_the_formula():
    assert repr(mb.elu) == "<activation elu: z if z > 0, else α (eᶻ − 1), alpha = 1>"


@pytest.mark.parametrize("bad, words", [("a", "numbers"), ([[1], [1, 2]], "rows differ"), ([], "empty"), (None, "numbers"),
                                        (1j, "numbers"), (float("nan"), "finite"), ([0.0, -np.inf], r"finite, got -inf at index \(1,\)")])
def test_bad_z(bad, words):
    with pytest.raises(ValueError, match=words):
        mb.relu(bad)


@pytest.mark.parametrize("bad", [float("inf"), float("nan"), "0.1", None, True])
def test_bad_alpha(bad):
    with pytest.raises(ValueError, match="alpha must be a"):
        mb.leaky_relu.with_alpha(bad)


def test_no_alpha_to_change():
    with pytest.raises(ValueError, match="tanh has no alpha"):
        mb.tanh.with_alpha(0.1)


def test_an_activation_of_ones_own_can_be_copied():
    own = mb.Activation("half", lambda z: z / 2, lambda z, a: np.full_like(z, 0.5), "z / 2", "1/2", (-np.inf, np.inf))
    mlp = copy.deepcopy(mb.MLP([2, 3, 1], own))
    assert mlp.activation is own and copy.copy(own) is own
    like_tanh = mb.Activation("tanh", own.f, own.df, "z / 2", "1/2", own.range)
    assert copy.deepcopy(like_tanh)(2.0) == 1.0
