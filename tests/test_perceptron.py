"""The perceptron against scikit-learn's, against its own record, and against Novikoff's theorem."""

import itertools

import numpy as np
import pytest
import sklearn.linear_model
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from mlpbook import datasets
from mlpbook.perceptron import MulticlassPerceptron, Perceptron, novikoff_bound

# whole numbers, so that no sum is rounded and a tie is a tie for everybody
POINTS = arrays(float, st.tuples(st.integers(2, 25), st.integers(1, 4)), elements=st.integers(-5, 5))


def tilde(x):
    return np.column_stack([np.ones(len(x)), x])


def scikit(x, y, epochs):
    model = sklearn.linear_model.Perceptron(eta0=1, tol=None, shuffle=False, max_iter=epochs).fit(x, y)
    return np.concatenate([model.intercept_, model.coef_[0]])


# --- the two-class rule


@given(x=POINTS, data=st.data(), epochs=st.integers(1, 20))
def test_weights_equal_scikit_learns(x, data, epochs):
    y = np.array(data.draw(st.lists(st.integers(0, 1), min_size=len(x), max_size=len(x))))
    assume(0 < y.sum() < len(y))
    np.testing.assert_array_equal(Perceptron.learn(x, y, epochs).w_tilde, scikit(x, y, epochs))


@pytest.mark.parametrize("a, b", [(3, 8), (4, 9), (0, 1)])
def test_digits_equal_scikit_learns(a, b):
    data = datasets.two_digits(a, b)
    neuron = Perceptron.learn(data.x, data.y, max_epochs=50)
    np.testing.assert_array_equal(neuron.w_tilde, scikit(data.x, data.y, 50))
    assert neuron.converged
    np.testing.assert_array_equal(neuron(data.x), data.y)


@given(x=POINTS, data=st.data(), seed=st.none() | st.integers(0, 9))
def test_the_record_retells_the_learning(x, data, seed):
    y = np.array(data.draw(st.lists(st.integers(0, 1), min_size=len(x), max_size=len(x))))
    neuron = Perceptron.learn(x, y, max_epochs=10, seed=seed)
    w, visits = np.zeros(1 + x.shape[1]), set()
    for mistake in neuron.mistakes:
        np.testing.assert_array_equal(mistake.before, w)
        s, x_tilde = 2 * y[mistake.index] - 1, np.concatenate([[1], x[mistake.index]])
        assert s * (w @ x_tilde) <= 0
        w = w + s * x_tilde
        np.testing.assert_array_equal(mistake.after, w)
        assert (mistake.epoch, mistake.index) not in visits  # a pass meets every sample once
        visits.add((mistake.epoch, mistake.index))
    np.testing.assert_array_equal(neuron.w_tilde, w)
    assert (neuron.b, *neuron.w) == tuple(w)
    epochs = [mistake.epoch for mistake in neuron.mistakes]
    assert sorted(epochs) == epochs
    if neuron.converged:
        np.testing.assert_array_equal(neuron(x), y)
        assert set(epochs) == set(range(1, neuron.epochs))  # all passes but the last had a mistake
    else:
        assert set(epochs) == set(range(1, 11)) and neuron.epochs == 10


def test_rows_in_order_or_shuffled_anew_each_pass():
    data = datasets.xor()
    ordered = [m.index for m in Perceptron.learn(data.x, data.y, 1).mistakes]
    assert ordered == sorted(ordered)
    a, b, c = (Perceptron.learn(data.x, data.y, 60, seed=seed).mistakes for seed in (1, 1, 2))
    assert [m.index for m in a] == [m.index for m in b] != [m.index for m in c]
    passes = {tuple(m.index for m in group) for _, group in itertools.groupby(a, key=lambda m: m.epoch)}
    assert len(passes) > 5


def test_the_record_cannot_be_spoilt():
    x, y = np.array([[2.0], [-1.0]]), np.array([1, 0])
    neuron = Perceptron.learn(x, y)
    for array in (neuron.w_tilde, neuron.mistakes[0].before, neuron.mistakes[-1].after):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 7
    assert x.tolist() == [[2], [-1]] and y.tolist() == [1, 0]
    x[0] = y[0] = 5  # and what came in may still be changed


def test_weights_set_by_hand():
    corners = [[0, 0], [0, 1], [1, 0], [1, 1]]
    w = np.array([-1.5, 1.0, 1.0])
    gate = Perceptron(w)
    w[0] = 9
    np.testing.assert_array_equal(gate(corners), [0, 0, 0, 1])
    np.testing.assert_array_equal(gate.scores(corners), [-1.5, -0.5, -0.5, 0.5])
    np.testing.assert_array_equal(Perceptron([0.0, 1.0])([[-1.0], [0.0], [1.0]]), [0, 1, 1])  # the step fires at z = 0


def test_xor_cycles_forever_with_bounded_weights():
    data = datasets.xor()
    neuron = Perceptron.learn(data.x, data.y, max_epochs=2000)
    assert not neuron.converged and len(neuron.mistakes) >= 2000
    lengths = [np.linalg.norm(mistake.after) for mistake in neuron.mistakes]
    assert max(lengths) == max(lengths[:50])  # the perceptron cycling theorem: it comes no further however long it runs
    by_epoch = [tuple(m.after) for m in neuron.mistakes]
    assert len(set(by_epoch)) < 50  # whole-number weights in a bounded region must repeat


# --- Novikoff's theorem


@given(w_star=arrays(float, st.integers(2, 5), elements=st.integers(-4, 4)), seed=st.integers(0, 10_000),
       order=st.none() | st.integers(0, 3))
def test_no_more_mistakes_than_the_bound(w_star, seed, order):
    assume(w_star[1:].any())
    x = np.random.default_rng(seed).integers(-3, 4, size=(20, len(w_star) - 1)).astype(float)
    z = tilde(x) @ w_star
    x, y = x[z != 0], (z[z != 0] > 0).astype(int)
    assume(len(x))
    bound = novikoff_bound(x, y, w_star)
    neuron = Perceptron.learn(x, y, max_epochs=int(bound) + 2, seed=order)
    assert neuron.converged and len(neuron.mistakes) <= bound


def test_the_bound_is_r_over_gamma_squared():
    # x~ = (1, 3) and (1, -3); w* = (0, 2) leaves them 3 away from its plane; R = sqrt(10)
    assert novikoff_bound([[3.0], [-3.0]], [1, 0], [0.0, 2.0]) == pytest.approx(10 / 9)
    # brute force: the angle between w* and each s x~
    rng = np.random.default_rng(0)
    x, w_star = rng.normal(size=(30, 2)), np.array([0.3, -1.0, 2.0])
    y = (tilde(x) @ w_star > 0).astype(int)
    gamma = min(np.linalg.norm(v) * np.cos(np.arccos(v @ w_star / np.linalg.norm(v) / np.linalg.norm(w_star)))
                for v in (tilde(x).T * (2 * y - 1)).T)
    assert novikoff_bound(x, y, w_star) == pytest.approx((np.linalg.norm(tilde(x), axis=1).max() / gamma) ** 2)
    assert novikoff_bound(x, y, 1000 * w_star) == pytest.approx(novikoff_bound(x, y, w_star))


# --- many classes


@given(x=POINTS, data=st.data(), seed=st.none() | st.integers(0, 5))
def test_with_two_classes_it_is_the_two_class_rule(x, data, seed):
    y = np.array(data.draw(st.lists(st.integers(0, 1), min_size=len(x), max_size=len(x))))
    assume(y.any())
    one, two = (kind.learn(x, y, 12, seed) for kind in (Perceptron, MulticlassPerceptron))
    assert [(m.epoch, m.index) for m in one.mistakes] == [(m.epoch, m.index) for m in two.mistakes]
    np.testing.assert_array_equal(two.w_tilde, np.column_stack([-one.w_tilde, one.w_tilde]))
    assert (one.epochs, one.converged) == (two.epochs, two.converged)
    off_the_line = one.scores(x) != 0
    np.testing.assert_array_equal(one(x)[off_the_line], two(x)[off_the_line])


@given(x=POINTS, data=st.data())
def test_it_is_the_two_class_rule_on_stacked_samples(x, data):
    """Kesler's construction: x~ in block y and -x~ in the rival's block, one long weight vector, all positive."""
    y = np.array(data.draw(st.lists(st.integers(0, 3), min_size=len(x), max_size=len(x))))
    k = y.max() + 1
    assume(2 <= k <= len(y))
    model = MulticlassPerceptron.learn(x, y, max_epochs=5)
    long, mistakes = np.zeros((k, 1 + x.shape[1])), []
    for epoch in range(1, 6):
        for i, x_tilde in enumerate(tilde(x)):
            margins = []
            for rival in set(range(k)) - {y[i]}:
                stacked = np.zeros_like(long)
                stacked[y[i]], stacked[rival] = x_tilde, -x_tilde
                margins.append(((stacked * long).sum(), rival, stacked))
            margin, _, stacked = min(margins, key=lambda m: m[:2])
            if margin <= 0:
                mistakes.append((epoch, i))
                long = long + stacked
        if not any(m[0] == epoch for m in mistakes):
            break
    np.testing.assert_array_equal(model.w_tilde, long.T)
    assert [(m.epoch, m.index) for m in model.mistakes] == mistakes
    assert model.epochs == epoch


def test_all_ten_digits():
    train, test = datasets.split(datasets.digits(), standardise=False)
    model = MulticlassPerceptron.learn(train.x, train.y, max_epochs=300)
    assert model.converged
    np.testing.assert_array_equal(model(train.x), train.y)
    assert (model(test.x) == test.y).mean() > 0.9
    assert model.w.shape == (64, 10) and model.b.shape == (10,)
    for before, mistake in zip([np.zeros((65, 10)), *(m.after for m in model.mistakes)], model.mistakes, strict=False):
        assert mistake.before is before or not before.any()
        step = mistake.after - mistake.before
        assert (step != 0).any(axis=0).sum() == 2 and np.abs(step.sum(axis=1)).max() < 1e-12


# --- what it says


@pytest.mark.parametrize("model, text", [
    (Perceptron([0, 1, 2]), "Perceptron 2 -> 1"),
    (Perceptron.learn([[1.0]], [1]), "Perceptron 1 -> 1, converged in 2 epochs with 1 mistake"),
    (Perceptron.learn([[0.0], [0.0]], [1, 0], 1), "Perceptron 1 -> 1, not converged in 1 epoch with 2 mistakes"),
    (MulticlassPerceptron(np.zeros((3, 4))), "MulticlassPerceptron 2 -> 4"),
])
def test_repr(model, text):
    assert repr(model) == text


BAD_SAMPLES = [
    (dict(x=[1.0, 2.0]), "x must have 2 dimensions"),
    (dict(x=[["a"], ["b"]]), "x must be numbers"),
    (dict(x=[[1.0], [np.inf]]), "x must be finite"),
    (dict(x=np.zeros((0, 1)), y=np.zeros(0, int)), "x is empty"),
    (dict(y=[0, 1, 1]), "one class for each of the 2 samples, got 3"),
    (dict(y=[[0], [1]]), "y must have 1 dimension"),
    (dict(y=[0.0, 1.0]), "which are ints, got float64"),
    (dict(y=[-1, 1]), "got -1 to 1"),
    (dict(y=None), "y must be numbers"),
]
BAD_LEARNING = [
    *BAD_SAMPLES,
    (dict(max_epochs=0), "max_epochs must be a whole number of at least 1, got 0"),
    (dict(max_epochs=2.5), "max_epochs must be"),
    (dict(max_epochs=None), "max_epochs must be"),
    (dict(seed=-1), "seed must be"),
    (dict(seed="a"), "seed must be"),
]


@pytest.mark.parametrize("kind, arguments, words", [
    *((Perceptron, *case) for case in BAD_LEARNING), *((MulticlassPerceptron, *case) for case in BAD_LEARNING),
    (Perceptron, dict(y=[0, 2]), "y must hold classes 0 to 1, got 0 to 2"),
    (MulticlassPerceptron, dict(y=[0, 0]), "k at least 2"),
    (MulticlassPerceptron, dict(y=[0, 10**9]), "no more classes than samples; got classes up to 1000000000 for 2 samples"),
])
def test_bad_learning(kind, arguments, words):
    with pytest.raises(ValueError, match=words):
        kind.learn(**dict(x=[[1.0], [2.0]], y=[0, 1]) | arguments)


@pytest.mark.parametrize("arguments, words", [
    *(({"X" if key == "x" else key: value for key, value in case.items()}, words.replace("x ", "X ")) for case, words in BAD_SAMPLES),
    (dict(y=[0, 2]), "classes 0 to 1"),
    (dict(w_star=[1.0]), r"w_star must hold the bias and 1 weights, got shape \(1,\)"),
    (dict(w_star=[[1.0, 2.0]]), "w_star must have 1 dimension"),
    (dict(w_star=[np.nan, 1.0]), "w_star must be finite"),
    (dict(w_star=[0.0, 0.0]), "w_star must separate the classes; sample 0 of class 0 has w_star . x~ = 0"),
    (dict(w_star=[0.0, 1.0]), "sample 0 of class 0 has w_star . x~ = 1"),
    (dict(w_star=[-1.0, 1.0]), "sample 0 of class 0 has w_star . x~ = 0"),
])
def test_bad_bounds(arguments, words):
    with pytest.raises(ValueError, match=words):
        novikoff_bound(**dict(X=[[1.0], [2.0]], y=[0, 1], w_star=[-1.5, 1.0]) | arguments)


@pytest.mark.parametrize("kind, w_tilde, words", [
    (Perceptron, [1.0], "the bias and at least one weight"), (Perceptron, [[1.0, 2.0]], "w_tilde must have 1 dimension"),
    (Perceptron, [np.nan, 1.0], "finite"), (Perceptron, "ab", "numbers"),
    (MulticlassPerceptron, [1.0, 2.0], "w_tilde must have 2 dimensions"),
    (MulticlassPerceptron, [[1.0, 2.0]], "the bias and at least one weight"),
])
def test_bad_weights(kind, w_tilde, words):
    with pytest.raises(ValueError, match=words):
        kind(w_tilde)


@pytest.mark.parametrize("x, words", [([[1.0]], "x must have 2 columns"), ([1.0, 2.0], "2 dimensions"), ([[np.nan, 1.0]], "finite"),
                                      (None, "numbers")])
def test_bad_x(x, words):
    for model in (Perceptron([0.0, 1.0, 1.0]), MulticlassPerceptron(np.ones((3, 3)))):
        with pytest.raises(ValueError, match=words):
            model(x)
