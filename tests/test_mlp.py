"""The network against torch: outputs, every gradient, and the state it is rebuilt from."""

import json

import numpy as np
import pytest
import torch

import mlpbook as mb

LEARNABLE = [name for name, a in mb.ACTIVATIONS.items() if a.torch]


def twin(mlp):
    """The same network in torch, built here from nothing but the state."""
    state = mlp.state()
    parts = []
    for i, (W, b) in enumerate(zip(state["W"], state["b"], strict=True)):
        linear = torch.nn.Linear(*W.shape).double()
        linear.weight.data, linear.bias.data = torch.tensor(W.T), torch.tensor(b)
        parts.append(linear)
        if i < len(state["W"]) - 1:
            kind = getattr(torch.nn, mlp.activation.torch)
            alpha = [state["alpha"][i]] if "alpha" in state else []
            parts.append((kind(1, *alpha) if kind is torch.nn.PReLU else kind(*alpha)).double())
    return torch.nn.Sequential(*parts)


def randomised(sizes, activation):
    mlp = mb.MLP(sizes, activation, seed=1)
    rng = np.random.default_rng(2)
    for layer in mlp.linear_layers:
        layer.b[...] = rng.normal(size=layer.b.shape)
    return mlp


@pytest.mark.parametrize("activation", LEARNABLE)
@pytest.mark.parametrize("sizes", [[3, 5, 4, 2], [3, 2], [3, 1, 2]])
def test_outputs_and_gradients_equal_torch(activation, sizes):
    mlp = randomised(sizes, activation)
    rng = np.random.default_rng(3)
    x, y = rng.normal(size=(7, 3)), rng.normal(size=(7, 2))
    value = mlp.backprop(x, y, "mse")
    model = twin(mlp)
    inputs = torch.tensor(x, requires_grad=True)
    loss = torch.nn.functional.mse_loss(model(inputs), torch.tensor(y))
    loss.backward()
    assert value == pytest.approx(loss.item(), rel=1e-12)
    np.testing.assert_allclose(mlp(x), model(inputs).detach().numpy(), atol=1e-12)
    for ours, theirs in zip(mlp.gradients, model.parameters(), strict=True):
        np.testing.assert_allclose(ours, theirs.grad.numpy().T.reshape(ours.shape), atol=1e-12)
    dx = mlp.backward(mb.mse(mlp(x), y)[1])
    np.testing.assert_allclose(dx, inputs.grad.numpy(), atol=1e-12)


@pytest.mark.parametrize("loss, y", [("binary_cross_entropy", np.array([[0.0], [1.0]])), ("cross_entropy", np.array([0, 1]))])
def test_backprop_takes_every_loss(loss, y):
    mlp = randomised([2, 4, 1 if loss == "binary_cross_entropy" else 2], "tanh")
    assert mb.gradcheck(mlp, np.array([[0.3, -1.0], [2.0, 0.7]]), y, loss) < 1e-8


@pytest.mark.parametrize("activation", mb.ACTIVATIONS)
def test_state_round_trip(activation):
    mlp = randomised([2, 4, 3, 1], activation)
    if activation == "prelu":
        mlp.layers[1].parameters[0][...] = 0.7
    x = np.random.default_rng(4).normal(size=(5, 2))
    again = mb.MLP.from_state(mlp.state())
    np.testing.assert_array_equal(again(x), mlp(x))
    assert repr(again) == repr(mlp)


def test_state_is_a_copy():
    mlp = mb.MLP([2, 3, 1])
    state = mlp.state()
    state["W"][0][...] = 99
    assert abs(mlp.linear_layers[0].W).max() < 99
    kept = mlp.state()
    mlp.linear_layers[0].W[...] = 0
    assert abs(kept["W"][0]).min() > 0


def test_another_alpha_is_kept():
    mlp = mb.MLP([2, 3, 1], mb.leaky_relu.with_alpha(0.3))
    assert mlp.state()["alpha"] == [0.3]
    assert mb.MLP.from_state(mlp.state()).layers[1].activation.alpha == 0.3


def test_prelu_learns_its_alpha():
    mlp = randomised([2, 3, 1], "prelu")
    x, y = np.random.default_rng(5).normal(size=(9, 2)), np.ones((9, 1))
    before, start = mlp.backprop(x, y), mlp.layers[1].activation.alpha
    for _ in range(20):
        mlp.backprop(x, y)
        for p, g in zip(mlp.parameters, mlp.gradients, strict=True):
            p -= 0.05 * g
    assert mlp.backprop(x, y) < before
    assert mlp.state()["alpha"][0] != start


def test_seed_decides_the_weights():
    a, b, c = (mb.MLP([2, 3, 1], seed=s).state()["W"][0] for s in (0, 0, 1))
    assert (a == b).all() and (a != c).all()


def test_starting_scale():
    mlp = mb.MLP([400, 300, 1], "relu", seed=0)
    assert mlp.linear_layers[0].W.std() == pytest.approx(np.sqrt(2 / 400), rel=0.02)
    assert not any(layer.b.any() for layer in mlp.linear_layers)


def test_repr():
    assert repr(mb.MLP([2, 8, 1], activation="tanh", seed=0)) == "MLP 2 -> 8 -> 1, tanh, 33 parameters"
    assert repr(mb.MLP([2, 1])) == "MLP 2 -> 1, tanh, 3 parameters"


@pytest.mark.parametrize("arguments, words", [
    (dict(sizes=[2, 0, 1]), r"sizes\[1\] must be a whole number of at least 1, got 0"),
    (dict(sizes=[2, -3, 1]), r"sizes\[1\].*got -3"),
    (dict(sizes=[2, 1.5]), r"sizes\[1\]"),
    (dict(sizes=[True, 1]), r"sizes\[0\]"),
    (dict(sizes=[2]), "at least an input and an output"),
    (dict(sizes="21"), "at least an input and an output"),
    (dict(sizes=3), "at least an input and an output"),
    (dict(sizes=[2, 1], activation="swish"), "activation must be one of step, identity.*got 'swish'"),
    (dict(sizes=[2, 1], activation=None), "activation must be one of"),
    (dict(sizes=[2, 1], seed=-1), "seed must be a whole number"),
    (dict(sizes=[2, 1], seed="a"), "seed must be a whole number"),
])
def test_bad_networks(arguments, words):
    with pytest.raises(ValueError, match=words):
        mb.MLP(**arguments)


@pytest.mark.parametrize("x, words", [
    ([[1.0]], "x must have 2 columns"), ([1.0, 2.0], "2 dimensions"), ([[np.nan, 1.0]], r"finite, got nan at index \(0, 0\)"),
    ([[1.0, np.inf]], "finite, got inf"), ([["a", "b"]], "numbers"), ("ab", "numbers"), (None, "numbers"),
    (np.zeros((0, 2)), "empty"), ([[1.0, 2.0], [3.0]], "rows differ"),
])
def test_bad_x(x, words):
    mlp = mb.MLP([2, 1])
    with pytest.raises(ValueError, match=words):
        mlp(x)
    with pytest.raises(ValueError, match=words):
        mlp.backprop(x, [[1.0]])


def test_bad_backprop_leaves_the_gradients():
    mlp = mb.MLP([2, 3, 1])
    mlp.backprop([[1.0, 2.0]], [[1.0]])
    before = [g.copy() for g in mlp.gradients]
    for y, loss in [([[1.0, 2.0]], "mse"), ([[np.nan]], "mse"), ([[1.0]], "hinge")]:
        with pytest.raises(ValueError):
            mlp.backprop([[5.0, 6.0]], y, loss)
    for g, kept in zip(mlp.gradients, before, strict=True):
        np.testing.assert_array_equal(g, kept)


@pytest.mark.parametrize("change, words", [
    (lambda s: s.pop("b"), "missing: b"),
    (lambda s: s.update(W=s["W"][:1]), "must have shapes"),
    (lambda s: s["W"].__setitem__(0, s["W"][0].T), "must have shapes"),
    (lambda s: s["b"].__setitem__(0, [np.nan] * 3), r"b\[0\] must be finite"),
    (lambda s: s.update(sizes=[2, 0, 1]), r"sizes\[1\]"),
    (lambda s: s.update(alpha=[0.1, 0.2]), "one number for each of the 1 hidden layers"),
])
def test_bad_state(change, words):
    state = mb.MLP([2, 3, 1], "leaky_relu").state()
    change(state)
    with pytest.raises(ValueError, match=words):
        mb.MLP.from_state(state)


@pytest.mark.parametrize("large", [2**63, -(2**63) - 1, 2**64 + 2**20, -(10**20), 10**308], ids=lambda n: f"{n:.0e}")
def test_a_state_may_spell_large_floats_as_whole_numbers(large):
    """As JSON does: what a training that diverges leaves behind."""
    state = json.loads(json.dumps({"sizes": [2, 2, 1], "activation": "leaky_relu", "W": [[[large, 0.5], [1, 2]], [[1], [-1]]],
                                   "b": [[0, large], [0]], "alpha": [0.25]}))
    mlp = mb.MLP.from_state(state)
    np.testing.assert_array_equal(mlp.linear_layers[0].W, [[float(large), 0.5], [1, 2]])
    np.testing.assert_array_equal(mlp.linear_layers[0].b, [0, float(large)])
    assert type(mb.validate.number("k", large)) is float


@pytest.mark.parametrize("huge", [10**400, -(10**400)], ids=["above", "below"])
def test_a_whole_number_beyond_all_floats_is_not_finite(huge):
    with pytest.raises(ValueError, match=r"W\[0\] must be finite, got -?inf at index \(0, 1\)"):
        mb.MLP.from_state({"sizes": [1, 2], "activation": "tanh", "W": [[[1, huge]]], "b": [[0, 0]]})
    with pytest.raises(ValueError, match="k must be a finite number, got -?10000"):
        mb.validate.number("k", huge)


def test_float32_is_float32_with_every_activation():
    """PReLU learns an alpha: of another dtype it would turn all the parameters, which lie in one array, to its own."""
    x, y = np.random.default_rng(5).normal(size=(9, 2)), np.ones((9, 1))
    for activation in mb.ACTIVATIONS:
        mlp = mb.MLP([2, 3, 1], activation, dtype="float32")
        for net in (mlp, mb.MLP.from_state(mlp.state())):
            assert {p.dtype for p in net.parameters} == {np.dtype("float32")} and net.dtype == "float32"
            mb.train(net, (x, y), epochs=2)
            assert {p.dtype for p in net.parameters} == {np.dtype("float32")} and net(x).dtype == np.float32


@pytest.mark.parametrize("sizes", [{2, 3, 1}, b"ab", mb.Ensemble([2, 3], seeds=2)])
def test_sizes_come_in_an_order(sizes):
    with pytest.raises(ValueError, match="sizes must list"):
        mb.MLP(sizes)


@pytest.mark.parametrize("kind", [mb.MLP, mb.torch_mlp.MLP, lambda *arguments: mb.Ensemble(*arguments, seeds=2)], ids=["MLP", "torch", "Ensemble"])
@pytest.mark.parametrize("activation", [mb.leaky_relu.with_alpha(0.3), mb.elu.with_alpha(0.5), mb.tanh], ids=str)
def test_a_network_made_again_names_the_activation_it_has(kind, activation):
    mlp = kind([2, 3, 3, 1], activation)
    again = (type(mlp)).from_state(mlp.state())
    assert repr(again.activation) == repr(activation)
    np.testing.assert_array_equal(again([[-1.0, 2.0]]), mlp([[-1.0, 2.0]]))
