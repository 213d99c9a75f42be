"""Exercises that mark themselves: every reference solution passes, every wrong answer is told what it must be told."""

import itertools
import math
import re
import subprocess
import sys

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import expit, logsumexp, softmax

from mlpbook import check

EXERCISES = [value for value in vars(check).values() if isinstance(value, check.Exercise)]
NAMED = {"ids": lambda e: getattr(e, "name", None)}
MISTAKES = [(e, wrong, words) for e in EXERCISES for wrong, words in e.mistakes]


def told(exercise, function):
    """What a learner who wrote this wrong function reads, on one line."""
    mark = exercise.mark(function)
    assert not mark.right
    assert max(map(len, mark.text.splitlines())) <= 100  # fits a page without a scroll bar
    assert not re.search(r"\([\w]+,$", mark.text, re.MULTILINE)  # and no line breaks inside a shape
    assert mark.text.startswith("Not yet: ") and mark.text.endswith(f"mb.check.{exercise.name}.hint()")
    return " ".join(mark.text.split())


# --- the exercises themselves

@pytest.mark.parametrize("exercise", EXERCISES, **NAMED)
def test_the_reference_solution_is_correct(exercise):
    mark = exercise.mark(exercise.reference)
    assert mark.right and mark.text.startswith("Correct, because ")
    assert "\x00" not in mark.text


def right_relu(z):
    t = torch.tensor(z, dtype=torch.float64, requires_grad=True)
    torch.relu(t).sum().backward()
    return t.grad.numpy()


def torch_gradient(X, y, w, b):
    X, y = torch.tensor(X, dtype=torch.float64), torch.tensor(y, dtype=torch.float64)
    w = torch.tensor(w, dtype=torch.float64, requires_grad=True)
    torch.nn.functional.binary_cross_entropy_with_logits(X @ w + b, y).backward()
    return w.grad.numpy()


def foot_distances(X, w, b):
    """By projecting each point onto the line, and asking which way the point lies from its foot."""
    feet = X - np.outer((X @ w + b) / (w @ w), w)
    return np.linalg.norm(X - feet, axis=1) * np.sign((X - feet) @ w)


def itertools_pairs(X):
    return np.column_stack([*X.T, *(a * b for a, b in itertools.combinations(X.T, 2))])


def polynomial_pairs(X):
    from sklearn.preprocessing import PolynomialFeatures

    return PolynomialFeatures(2, interaction_only=True, include_bias=False).fit_transform(X)


def bends_of_a_solved_line(t, y):
    """Not from slopes: the weights with which the hinges meet the points, as a system of linear equations."""
    return np.linalg.solve(np.maximum(np.subtract.outer(t[1:], t[:-1]), 0), y[1:] - y[0])


def scikit_pass(X, y, w_tilde):
    from sklearn.linear_model import Perceptron

    one_pass = Perceptron(eta0=1, tol=None, shuffle=False, max_iter=1)
    both = np.vstack([X, X]), np.append(y, 1 - y)  # scikit-learn wants both classes; the second half has weight 0
    one_pass.fit(*both, coef_init=np.array(w_tilde[None, 1:], float), intercept_init=np.array([w_tilde[0]], float),
                 sample_weight=np.repeat([1.0, 0.0], len(X)))
    return np.append(one_pass.intercept_, one_pass.coef_)


def the_packages_pass(X, y, w_tilde):
    from mlpbook import Perceptron

    for x, label in zip(X, y, strict=True):
        w_tilde = Perceptron.correct(w_tilde, np.append(1, x), label)
    return np.asarray(w_tilde, float)


def angles_margins(X, y, w_tilde):
    """||x~|| times the cosine of the angle between w~ and s x~, from the law of cosines."""
    u = np.column_stack([np.ones(len(X)), X]) * np.where(y == 1, 1.0, -1.0)[:, None]
    sides = np.linalg.norm(w_tilde), np.linalg.norm(u, axis=1), np.linalg.norm(u - w_tilde, axis=1)
    return (sides[0]**2 + sides[1]**2 - sides[2]**2) / (2 * sides[0])


def torch_slopes(X, W, b, w):
    X, W, b, w = (torch.tensor(v, dtype=torch.float64) for v in (X, W, b, w))
    X.requires_grad_(True)
    (torch.relu(X @ W + b) @ w).sum().backward()
    return X.grad.numpy()


def torch_by_logits(Z, y):
    Z = torch.tensor(Z, dtype=torch.float64, requires_grad=True)
    torch.nn.functional.cross_entropy(Z, torch.tensor(y)).backward()
    return Z.grad.numpy()


def torch_losses(X, y, W, b, lr, steps):
    X, y, losses = torch.tensor(X, dtype=torch.float64), torch.tensor(y), []
    learned = [torch.tensor(p, dtype=torch.float64, requires_grad=True) for p in (W, b)]
    for _ in range(steps):
        losses.append(torch.nn.functional.cross_entropy(X @ learned[0] + learned[1], y))
        slopes = torch.autograd.grad(losses[-1], learned)
        learned = [(p - lr * g).detach().requires_grad_() for p, g in zip(learned, slopes, strict=True)]
    return np.array([loss.item() for loss in losses])


def scikit_scaled(train, new):
    from sklearn.preprocessing import StandardScaler

    return StandardScaler().fit(train).transform(new)


def patterns_in_a_set(X, W, b):
    return len({tuple(sum(v * u for v, u in zip(x, column, strict=True)) + bias > 0
                      for column, bias in zip(W.T, b, strict=True)) for x in X})


# Other people's ways to the same result: SciPy, torch, NumPy's own functions, a loop.
REFEREES = {
    "relu_derivative": [right_relu, lambda z: (z > 0) * 1.0, lambda z: np.heaviside(z, 0), lambda z: np.where(z > 0, 1, 0)],
    "softplus": [lambda z: np.logaddexp(0, z), lambda z: np.logaddexp(z, np.zeros(z.shape)),
                 lambda z: np.vectorize(lambda v: v + math.log1p(math.exp(-v)) if v > 0 else math.log1p(math.exp(v)))(z)],
    "softplus_slope": [expit, lambda z: np.exp(-np.logaddexp(0, -z))],
    "neuron_outputs": [lambda X, w, b: expit(X @ w + b), lambda X, w, b: np.array([expit(x @ w + b) for x in X])],
    "signed_distances": [foot_distances],
    "power_features": [lambda x, k: np.vander(x, k + 1, increasing=True), lambda x, k: np.column_stack([x**j for j in range(k + 1)]),
                       lambda x, k: np.array([[v**j for j in range(k + 1)] for v in x])],
    "pair_features": [itertools_pairs, polynomial_pairs],
    "bends": [bends_of_a_solved_line, lambda t, y: np.append(0, np.diff(y) / np.diff(t))[1:] - np.append(0, np.diff(y) / np.diff(t))[:-1]],
    "staircase_output": [lambda x, jumps, levels: levels[np.searchsorted(jumps, x, side="right")],
                         lambda x, jumps, levels: np.array([levels[sum(t <= v for t in jumps)] for v in x])],
    "perceptron_pass": [scikit_pass, the_packages_pass],
    "margins": [angles_margins, lambda X, y, w_tilde: np.where(y == 1, 1, -1) * np.array(
        [w_tilde[0] + sum(a * b for a, b in zip(w_tilde[1:], x, strict=True)) for x in X]) / math.sqrt(sum(v * v for v in w_tilde))],
    "layer_outputs": [lambda X, W, b: np.clip(X @ W + b, 0, None),
                      lambda X, W, b: np.array([[max(0.0, float(x @ w) + c) for w, c in zip(W.T, b, strict=True)] for x in X])],
    "two_into_one": [lambda W1, b1, W2, b2: np.vstack([b1, W1]) @ W2 + np.vstack([b2, 0 * (W1 @ W2)])],
    "local_slopes": [torch_slopes, lambda X, W, b, w: np.einsum("nk,dk,k->nd", np.heaviside(X @ W + b, 0), W, w)],
    "patterns_seen": [patterns_in_a_set, lambda X, W, b: len({(x @ W + b > 0).tobytes() for x in X})],
    "log_softmax": [lambda Z: Z - logsumexp(Z, axis=1, keepdims=True), lambda Z: torch.log_softmax(torch.tensor(Z, dtype=torch.float64), 1).numpy(),
                    lambda Z: np.array([-np.logaddexp.reduce(row - row[:, None], axis=1) for row in Z])],
    "cross_entropy_gradient": [torch_by_logits, lambda Z, y: (softmax(Z, axis=1) - (np.arange(Z.shape[1]) == y[:, None])) / len(Z)],
    "hidden_gradient": [lambda X, Y, W1, b1, W2, b2: np.einsum("sc,uc,su,si->iu", 2 / Y.size * (np.tanh(X @ W1 + b1) @ W2 + b2 - Y), W2,
                                                              np.cosh(X @ W1 + b1) ** -2.0, X)],
    "momentum_steps": [lambda theta, gradients, lr, beta: theta - lr * sum(
        g * (1 - beta ** (len(gradients) - t)) / (1 - beta) for t, g in enumerate(gradients))],
    "training_losses": [torch_losses],
    "silent_shares": [lambda X, W, b: np.array([sum(x @ W[:, u] + b[u] <= 0 for x in X) / len(X) for u in range(len(b))])],
    "batch_norm": [lambda X, gamma, beta: np.array([
        g * (x - sum(x) / len(x)) / (sum((x - sum(x) / len(x)) ** 2) / len(x) + 1e-5) ** 0.5 + b
        for x, g, b in zip(X.T, gamma, beta, strict=True)]).T],
    "averaged_gradient": [lambda gradients, counts: np.average(gradients, axis=0, weights=counts)],
    "scaled_like": [scikit_scaled, lambda train, new: np.array([
        [(v - t.mean()) / (t.std() if np.ptp(t) else 1) for v, t in zip(row, train.T, strict=True)] for row in new])],
    "early_stop": [lambda losses, patience: min(range(next((t for t in range(patience, len(losses)) if losses[t - patience + 1:t + 1].min() >= losses[
                       :t - patience + 1].min()), len(losses) - 1) + 1), key=lambda t: losses[t])],
    "logistic_gradient": [torch_gradient, lambda X, y, w, b: np.mean((expit(X @ w + b) - y)[:, None] * X, axis=0)],
}


@pytest.mark.parametrize(("exercise", "solution"), [(e, f) for e in EXERCISES for f in REFEREES[e.name]], **NAMED)
def test_another_correct_solution_is_correct(exercise, solution):
    mark = exercise.mark(solution)
    assert mark.right, mark.text


@pytest.mark.parametrize(("exercise", "wrong", "words"), MISTAKES, **NAMED)
def test_a_known_mistake_is_named(exercise, wrong, words):
    assert " ".join(words.split()) in told(exercise, wrong)


@pytest.mark.parametrize("exercise", EXERCISES, **NAMED)
def test_nothing_gives_the_answer_away(exercise):
    """Neither a wrong mark nor the first hint holds the expression that the reference returns."""
    import inspect

    returned = inspect.getsource(exercise.reference).rsplit("return ", 1)[1].strip()
    for _, wrong, _ in [case for case in MISTAKES if case[0] is exercise]:
        assert returned not in told(exercise, wrong)
    assert returned not in exercise.hints[0] and len(exercise.hints) >= 2


# --- what is recognised without being listed

E = check.relu_derivative


def step(z):
    return np.where(z > 0, 1.0, 0.0)


def overwrites(z):
    z[z <= 0] = 0
    z[z > 0] = 1
    return z


def prints(z):
    print(step(z))


def forgets(z):
    step(z)


def branches(z):
    if z > 0:
        return 1.0
    return 0.0


def truncates(z):
    out = np.zeros_like(z)
    out[...] = expit(z)
    return out


def in_place(z):
    z = z.copy()
    z *= 0.5
    return z


def refers_to_nothing(z):
    return np.where(z > 0, one, 0.0)  # noqa: F821


@pytest.mark.parametrize(("exercise", "function", "words"), [
    (E, 5, "of type int, not a function"), (E, step(np.ones(3)), "of type ndarray, not a function. Pass the function itself"),
    (E, lambda: 1, r"called as relu_derivative\(z\), but your function takes \(\)"),
    (E, lambda z, alpha: z, r"but your function takes \(z, alpha\)"),
    (E, forgets, "returns None. Is the return statement missing"), (E, prints, r"prints its result .* It printed '\[1\.\]'"),
    (E, lambda z: ..., "the three dots are still there"), (E, lambda z: [float(v > 0) for v in z], "returns a Python list"),
    (E, lambda z: "1", "something of type str"), (E, lambda z: z > 0, "True and False, not numbers.* will not subtract"),
    (E, lambda z: True, "True and False"), (E, lambda z: step(z) + 0j, "dtype complex128"), (E, lambda z: step(z).astype(object), "dtype object"),
    (E, lambda z: (v for v in z), "type generator"),
    (E, overwrites, r"overwrites its input z\. After the call z holds \[1\]"),
    (E, lambda z: step(z)[..., None], r"the shape is \(4, 1\), expected is \(4,\)\. It is a table with one column, .* shape \(4, 4\)"),
    (E, lambda z: step(z)[None], r"shape is \(1, 4\), expected is \(4,\)\. It is a table with one row"),
    (E, lambda z: step(z).T, r"shape is \(3, 2\), expected is \(2, 3\)\. Rows and columns are exchanged"),
    (E, lambda z: step(z).mean(), r"shape is \(\), .* It is a single number"),
    (E, branches, r'ValueError: The truth value .* line 2, "if z > 0:"\. An if needs one True or False'),
    (E, refers_to_nothing, r"NameError: name 'one' is not defined\. It happened in line 2"),
    (E, lambda z: 1 / 0, r"ZeroDivisionError: division by zero\. for z = \[2\] expected \[1\]"),
    (E, lambda z: -step(z), "the sign is wrong"), (E, lambda z: 3 * step(z), "3 times what it should be"),
    (E, lambda z: step(z) + 0.25, "every value is 0.25 too large"),
    (E, lambda z: step(z) * (1 + 1e-6), r"the values are nearly right\. .* you gave \[1\.000001\]"),
    (E, lambda z: np.where(np.abs(z) == 3.0, 7, step(z)), r"2 of 4 values are wrong|the value is wrong\. for z = \[-3\] expected \[0\] you gave \[7\]"),
    (check.softplus, lambda z: math.log1p(math.exp(z)), "TypeError.*np.exp for math.exp"),
    (check.softplus, lambda z: np.logaddexp(0, z).astype(np.float32), "precision is that of float32"),
    (check.softplus_slope, truncates, r"whole numbers only\. .* for z = \[-2\] \(whole numbers\)"),
    (check.softplus_slope, in_place, "0.88"),
    (check.softplus_slope, lambda z: 1 - expit(-z), "rounded away to 0. A difference of nearly equal numbers"),
    (check.softplus, lambda z: np.where(z > 30, z, np.log(1 + np.exp(z)) + 0 * z), "rounded away to 0"),
    (check.softplus, lambda z: np.where(z > 30, z, np.log1p(np.exp(z))), r"not without a warning\. NumPy warned: overflow .* both its branches"),
    (check.softplus, lambda z: z + np.log1p(np.exp(-z)), "rounded away to 0"),
    (check.signed_distances, lambda X, w, b: (X @ w + b) / np.zeros(len(X)), "the result is infinite.*NumPy warned: divide by zero"),
    (check.neuron_outputs, lambda X, w, b: expit(X @ w[:, None] + b), r"shape is \(4, 1\), expected is \(4,\)"),
    (check.neuron_outputs, lambda X, w, b: expit(X.T @ w + b), r"matmul.* The inputs had shapes X \(1, 2\), w \(2,\), b \(\)"),
    (check.neuron_outputs, lambda X, w, b: expit(X @ w + b).mean(), "a single number"),
    (check.neuron_outputs, lambda X, w, b: expit((X @ w + b)[:, None] - np.zeros(len(X))), r"shape is \(4, 4\).* an axis too many"),
    (check.logistic_gradient, lambda X, y, w, b: X.T @ (expit(X @ w + b) - y) / len(y) ** 2, "n times too small"),
    (check.logistic_gradient, lambda X, y, w, b: -X.T @ (expit(X @ w + b) - y), "n times too large, and of the wrong sign"),
    (check.logistic_gradient, lambda X, y, w, b: 2 * X.T @ (expit(X @ w + b) - y) / len(y), "every value is 2 times"),
    (check.logistic_gradient, lambda X, y, w, b: X.T @ (expit(X @ w[:, None] + b) - y) / len(y), r"shape is \(2, 4\).* table of all pairs"),
    (check.power_features, lambda x, k: x**np.arange(k + 1), "broadcast|shape"),
    (check.power_features, lambda x, k: [x**j for j in range(k + 1)], "Python list"),
    (check.power_features, lambda x, k: np.cumsum(x[:, None] ** np.arange(k + 1), axis=1), "values"),
    (check.pair_features, lambda X: np.hstack([X, (X[:, :, None] * X[:, None, :])[:, 0, 1:]]), "shape"),
    (check.pair_features, lambda X: np.hstack([X, *[X[:, [i]] + X[:, i + 1:] for i in range(X.shape[1])]]), "values"),
    (check.pair_features, lambda X: np.hstack([X, *[X[:, [j]] * X[:, :j] for j in range(X.shape[1])]]), r"for X = \[\[2, 3, 5, 7\]\]"),
    (check.logistic_gradient, lambda X, y, w, b: list(X.T @ (expit(X @ w + b) - y) / len(y)), "Python list"),
], ids=lambda v: v if isinstance(v, str) else getattr(v, "name", None))
def test_a_wrong_function_is_told(exercise, function, words):
    assert re.search(words, told(exercise, function))


def test_the_example_is_as_small_as_it_can_be():
    """One sample where one shows it, two where it takes two."""
    one = told(check.softplus_slope, lambda z: np.where(z == 0.5, 9, expit(z)))
    assert "for z = [0.5] expected [0.622459] you gave [9]" in one
    for power in (0, 2):  # a known mistake, and one that only the pattern gives away
        two = told(check.logistic_gradient, lambda X, y, w, b, k=power: X.T @ (expit(X @ w + b) - y) / len(y) ** k)
        assert "X = [[3, 1], [2, 1.5]] y = [1, 0]" in two


def test_what_was_printed_on_the_way_is_shown_with_the_failing_example(capsys):
    def talks(z):
        print("half way", z.sum())
        return 2 * z
    assert "printed half way 2.0" in told(E, talks)
    assert capsys.readouterr().out == ""


def test_no_input_of_the_exercise_can_be_spoilt():
    before = [{k: np.array(v) for k, v in given.items()} for given in E.inputs]
    for _ in range(2):
        assert "overwrites" in told(E, overwrites)
    for was, now in zip(before, E.inputs, strict=True):
        assert all(np.array_equal(was[k], now[k]) for k in was)
    assert E.mark(step).right


@settings(max_examples=60, deadline=None)
@given(st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=3), st.lists(st.floats(), max_size=3),
                 st.sampled_from([np.array(5.0), np.array([]), np.zeros((2, 0, 3)), np.array(["a"]), np.array([None]), {}, {1}, object(), Exception]),
                 st.tuples(st.floats(), st.floats())))
def test_whatever_a_function_returns_marking_it_raises_nothing(value):
    for exercise in EXERCISES:
        assert not exercise.mark(lambda *args: value).right


@pytest.mark.parametrize("error", [RecursionError, AssertionError("no"), KeyError("k"), NotImplementedError, StopIteration, UnicodeError(), SystemExit(1)])
def test_whatever_a_function_raises_is_told(error):
    def fails(z):
        raise error
    assert (error if isinstance(error, type) else type(error)).__name__ in told(E, fails)


def test_control_c_still_stops():
    def endless(z):
        raise KeyboardInterrupt
    with pytest.raises(KeyboardInterrupt):
        E.mark(endless)


# --- how it is used

def test_calling_prints_the_mark(capsys):
    assert E(step) is None
    assert capsys.readouterr().out == E.mark(step).text + "\n"


def test_hints_come_one_by_one_and_only_when_asked(capsys):
    @check.exercise(inputs=[{"z": [1.0]}], why="it is.", hints=["first", "second"])
    def same(z):
        """z itself."""
        return z
    assert "first" not in told(same, lambda z: 2 * z)
    for _ in range(3):
        same.hint()
    assert capsys.readouterr().out.splitlines() == ["Hint 1 of 2: first", "Hint 2 of 2: second", "That was the last hint. Hint 2 of 2: second"]


def test_an_exercise_says_what_to_write():
    assert repr(E).startswith("Exercise relu_derivative(z)\nThe slope of ReLU at every entry of z")
    assert "mb.check.relu_derivative.hint()" in repr(E)


def test_the_worked_example_of_the_docstring():
    """The code that the module shows to whoever adds an exercise, run as it stands."""
    example = check.__doc__.split("then name it below:\n\n")[1].split("\n\nShape,")[0]
    space = {"exercise": check.exercise}
    exec("\n".join(line[4:] for line in example.splitlines()), space)
    assert space["square"].mark(np.square).right
    assert "This doubles" in told(space["square"], lambda z: z + z)


def test_checks_are_light():
    code = "import mlpbook.check, sys; print(*{m.split('.')[0] for m in sys.modules})"
    loaded = set(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split())
    assert not loaded & {"torch", "scipy", "sklearn", "matplotlib", "anywidget", "IPython"}
