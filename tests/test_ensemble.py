"""An ensemble: K networks in one, each equal to itself trained alone."""

import numpy as np
import pytest

import mlpbook as mb

rng = np.random.default_rng(0)
X, Y = rng.normal(size=(20, 2)), rng.normal(size=(20, 2))
KINDS = [{}, dict(residual=True), dict(normalization="batch"), dict(normalization="layer"), dict(residual=True, normalization="batch")]


@pytest.mark.parametrize("batch_size", [None, 6])
@pytest.mark.parametrize("kind", KINDS, ids=str)
@pytest.mark.parametrize("activation", ["tanh", "relu", "leaky_relu", "gelu"])
def test_each_member_equals_its_solo_run(activation, kind, batch_size):
    arguments = dict(optimizer=mb.Adam(lr=0.01), epochs=30, batch_size=batch_size, gradient_norms=True, validation=(X, Y), frames=3)
    ensemble = mb.Ensemble([2, 4, 4, 2], activation, seeds=[3, 0, 5], **kind)
    run = mb.train(ensemble, (X, Y), **arguments)
    assert run.losses.shape == (30, 3) and run.gradient_norms.shape == (30, 3, 3)
    for k, seed in enumerate([3, 0, 5]):
        mlp = mb.MLP([2, 4, 4, 2], activation, seed=seed, **kind)
        solo = mb.train(mlp, (X, Y), **arguments)
        np.testing.assert_allclose(run.losses[:, k], solo.losses, rtol=1e-9)
        np.testing.assert_allclose(run.validation_losses[:, k], solo.validation_losses, rtol=1e-5)
        np.testing.assert_allclose(run.gradient_norms[:, k], solo.gradient_norms, rtol=1e-6, atol=1e-10)
        np.testing.assert_allclose(ensemble.member(k)(X), mlp(X), atol=1e-6)
        np.testing.assert_array_equal(ensemble(X)[k], ensemble.member(k)(X))
        assert set(ensemble.member(k).state()) == set(mlp.state())


@pytest.mark.parametrize("loss, y", [("cross_entropy", rng.integers(0, 2, size=20)), ("binary_cross_entropy", rng.integers(0, 2, size=(20, 2)))])
def test_every_loss(loss, y):
    run = mb.train(mb.Ensemble([2, 3, 2], seeds=2), (X, y), loss=loss, epochs=10)
    for k in range(2):
        np.testing.assert_allclose(run.losses[:, k], mb.train(mb.MLP([2, 3, 2], seed=k), (X, y), loss=loss, epochs=10).losses, rtol=1e-12)


def test_a_learning_rate_for_each_member():
    rates = np.array([0.001, 0.03, 0.3])
    run = mb.train(mb.Ensemble([2, 3, 2], seeds=[1, 1, 1]), (X, Y), optimizer=mb.Adam(lr=rates), epochs=40)
    for k, lr in enumerate(rates):
        np.testing.assert_allclose(run.losses[:, k], mb.train(mb.MLP([2, 3, 2], seed=1), (X, Y), optimizer=mb.Adam(lr=lr), epochs=40).losses, rtol=1e-9)


def test_one_member_that_diverges_does_not_stop_the_others():
    run = mb.train(mb.Ensemble([2, 3, 2], "relu", seeds=[1, 1]), (X, Y), optimizer=mb.SGD(lr=[0.01, 1e6]), epochs=60)
    assert run.stopped == "" and len(run.losses) == 60
    assert np.isfinite(run.losses[:, 0]).all() and not np.isfinite(run.losses[-1, 1])
    with pytest.warns(mb.DivergenceWarning):
        mb.train(mb.Ensemble([2, 3, 2], "relu", seeds=[1, 1]), (X, Y), optimizer=mb.SGD(lr=[1e6, 1e6]), epochs=60)


def test_backprop_gives_every_gradient():
    ensemble = mb.Ensemble([2, 3, 2], seeds=2)
    values = ensemble.backprop(X, Y)
    for k in range(2):
        mlp = mb.MLP([2, 3, 2], seed=k)
        assert values[k] == pytest.approx(mlp.backprop(X, Y), rel=1e-12)
        for stacked, alone in zip(ensemble.gradients, mlp.gradients, strict=True):
            np.testing.assert_allclose(stacked[k].T.reshape(alone.shape), alone, atol=1e-12)


@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_state_and_snapshots(kind):
    ensemble = mb.Ensemble([2, 3, 3, 2], seeds=2, **kind)
    run = mb.train(ensemble, (X, Y), epochs=4, frames=2)
    np.testing.assert_array_equal(mb.Ensemble.from_state(ensemble.state())(X), ensemble(X))
    np.testing.assert_array_equal(run.model()(X), ensemble(X))
    assert ensemble.state()["W"][0].shape == (2, 2, 3) and ensemble.state()["b"][0].shape == (2, 3)


def test_repr():
    assert repr(mb.Ensemble([2, 2, 2], "relu", seeds=100)) == "100 x MLP 2 -> 2 -> 2, relu, 12 parameters"
    assert "median of 2 members" in repr(mb.train(mb.Ensemble([2, 2], seeds=2), (X, Y), epochs=2))
    assert len(mb.Ensemble([2, 2], seeds=[7])) == 1


@pytest.mark.parametrize("arguments, words", [
    (dict(seeds=0), "seeds must be a whole number of at least 1"), (dict(seeds=-3), "seeds"), (dict(seeds=2.0), "seeds must be how many"), (dict(seeds=[]), "seeds must be how many"),
    (dict(seeds="12"), "seeds must be how many"), (dict(seeds=[1, -1]), r"seeds\[1\]"), (dict(seeds=None), "seeds"), (dict(activation="prelu"), "cannot learn the alpha of prelu"),
    (dict(sizes=[2, 0]), r"sizes\[1\]"), (dict(residual=1), "residual must be True or False")])
def test_bad_arguments(arguments, words):
    with pytest.raises(ValueError, match=words):
        mb.Ensemble(**{"sizes": [2, 3, 1], **arguments})


def test_bad_members_and_data():
    ensemble = mb.Ensemble([2, 3, 1], seeds=2)
    for k in (2, -1, 0.0, None):
        with pytest.raises(ValueError, match="k must be a whole number from 0 to 1"):
            ensemble.member(k)
    with pytest.raises(ValueError, match="x must have 2 columns"):
        ensemble([[1.0]])
    with pytest.raises(ValueError, match="3 learning rates train an ensemble of 3 members; this has 2"):
        mb.train(ensemble, (X, Y[:, :1]), optimizer=mb.Adam(lr=[0.1, 0.1, 0.1]))


@pytest.mark.parametrize("change, words", [
    (lambda s: s.clear(), "missing: W, activation, b, sizes"), (lambda s: s.update(W=[]), "W must have shapes"), (lambda s: s.update(W=[[1.0], [[1.0]]]), "begin with an axis"),
    (lambda s: s.update(b=[b[:1] for b in s["b"]]), "begin with an axis"), (lambda s: s.update(mb.MLP([2, 3, 1]).state()), "begin with an axis"), (lambda s: s.update(W=3), "W must be a list")])
def test_bad_states(change, words):
    state = mb.Ensemble([2, 3, 1], seeds=2).state()
    change(state)
    with pytest.raises(ValueError, match=words):
        mb.Ensemble.from_state(state)
    with pytest.raises(ValueError, match="a state is a dict"):
        mb.Ensemble.from_state(3)


def test_a_member_that_diverged_counts_as_the_worst():
    run = mb.train(mb.Ensemble([2, 3, 2], "relu", seeds=[1, 1, 1]), (X, Y), optimizer=mb.SGD(lr=[0.01, 0.01, 1e6]), epochs=60)
    assert np.isnan(run.losses[-1, 2]) and f"-> {run.losses[-1, 0]:.3g} (median of 3 members)" in repr(run)


@pytest.mark.parametrize("door", [
    lambda e: mb.regions.cut(e, (-1, -1), (1, 1)), lambda e: mb.approximation.sup_error(e, np.hypot, (0, 0), (1, 1)), lambda e: mb.diagrams.network(e)])
def test_where_one_network_is_wanted_an_ensemble_is_refused(door):
    with pytest.raises(ValueError, match="must be .*MLP.*got 2 x MLP 2 -> 3 -> 1"):
        door(mb.Ensemble([2, 3, 1], "relu", seeds=2))
