"""PerceptronExplorer: the page's rule against the package's mistake for mistake, its margin against proofs and scikit-learn."""

import json
import subprocess

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog, nnls
from shared import ROOT

import mlpbook as mb
from mlpbook import datasets
from mlpbook.perceptron import MulticlassPerceptron, Perceptron, novikoff_bound
from mlpbook.widgets import PerceptronExplorer
from mlpbook.widgets.margin import updates, widest
from mlpbook.widgets.perceptron import replay

PRESETS = dict(PerceptronExplorer()._spec["presets"])
quarters = st.integers(-16, 16).map(lambda v: v / 4)


def clouds(k, least=1, most=12):
    return st.lists(st.tuples(quarters, quarters, st.integers(0, k - 1)).map(list), min_size=least, max_size=most)


def random_points(rng, k, separable):
    """Up to 20 points of k classes with any decimals; classes by where they lie, or by chance."""
    x = rng.uniform(-4, 4, (rng.integers(2 * k, 21), 2)).round(rng.integers(1, 17))
    W = rng.normal(size=(3, k))
    y = np.column_stack([np.ones(len(x)), x]) @ W
    return [[*point, int(c)] for point, c in zip(x.tolist(), y.argmax(axis=1) if separable else rng.integers(0, k, len(x)), strict=True)]


def rounded(points):
    """What the rule sees: x to 1/1024, and the classes."""
    rows = np.array(points)
    return np.floor(rows[:, :2] * 1024 + 0.5) / 1024, rows[:, 2].astype(int)


CASES = [(points, seed) for rng in [np.random.default_rng(0)] for k in (2, 3) for separable in (True, False) for _ in range(20)
         for points, seed in [(random_points(rng, k, separable), [None, *range(10)][rng.integers(11)])]]
CASES += [(points, seed) for points in PRESETS.values() if points for seed in (None, 0, 7)]


@pytest.fixture(scope="module")
def page(node):
    """page(runs=..., orders=...) -> what the page makes of them; see tests/frontend/rosenblatt.mjs."""
    def page(**cases):
        done = subprocess.run([node, ROOT / "tests/frontend/rosenblatt.mjs"], capture_output=True, text=True, encoding="utf-8",
                              input=json.dumps(cases, allow_nan=False))
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)
    return page


# --- the rule

def test_the_page_makes_the_packages_mistakes(page):
    """All the mistakes of 40 passes: pass, sample, weights before and after, and whether and when it converged."""
    passes = 40
    runs = page(runs=[[points, seed, passes * len(points)] for points, seed in CASES])["runs"]
    ended = 0
    for (points, seed), run in zip(CASES, runs, strict=True):
        x, y = rounded(points)
        learner = MulticlassPerceptron if y.max() > 1 else Perceptron
        truth = learner.learn(x, y, max_epochs=passes, seed=seed)
        wrong = [visit for visit in run["visits"] if visit["changes"]]
        assert [(v["pass"], v["index"]) for v in wrong] == [(m.epoch, m.index) for m in truth.mistakes]
        for visit, mistake in zip(wrong, truth.mistakes, strict=True):  # exactly: no sum is rounded
            np.testing.assert_array_equal(np.squeeze(np.transpose(visit["before"])), np.squeeze(mistake.before))
            np.testing.assert_array_equal(np.squeeze(np.transpose(visit["after"])), np.squeeze(mistake.after))
        assert run["converged"] == truth.converged and len(run["visits"]) == truth.epochs * len(points)
        assert [v["mistakes"] for v in run["visits"]] == np.cumsum([bool(v["changes"]) for v in run["visits"]]).tolist()
        ended += truth.converged
    assert 20 < ended < len(CASES) - 20


@pytest.mark.parametrize("points, seed", CASES[::5])
def test_python_stops_anywhere_on_the_packages_way(points, seed):
    x, y = rounded(points)
    truth = (MulticlassPerceptron if y.max() > 1 else Perceptron).learn(x, y, max_epochs=20, seed=seed)
    visits, converged = replay(points, seed, 20 * len(points))
    assert [(v["pass"], v["index"]) for v in visits if v["before"] is not v["after"]] == [(m.epoch, m.index) for m in truth.mistakes]
    assert converged == truth.converged and len(visits) == truth.epochs * len(points)
    np.testing.assert_array_equal(visits[-1]["after"], truth.w_tilde)
    for steps in (0, 1, len(points) + 2):
        part, _ = replay(points, seed, steps)
        assert [(v["pass"], v["index"]) for v in part] == [(v["pass"], v["index"]) for v in visits[:steps]]


def test_orders_are_numpys(page):
    seeds, sizes = [0, 1, 9, 12345, 2**32 - 1], [1, 2, 3, 9, 24, 9, 100]
    found = page(orders=[[seed, sizes] for seed in seeds])["orders"]
    for seed, orders in zip(seeds, found, strict=True):
        rng = np.random.default_rng(seed)
        assert orders == [rng.permutation(n).tolist() for n in sizes]


@pytest.mark.parametrize("name, seeds", [("XOR", [None, *range(10)]), ("one out of place", [None, 3])])
def test_without_a_separator_the_mistakes_never_end(name, seeds):
    for seed in seeds:
        widget = PerceptronExplorer(points=PRESETS[name], seed=seed, step=5000)
        assert "No bound: no line separates these points" in widget.describe() and "in pass" in widget.describe()
        visits, converged = replay(widget.points, seed, 5000)
        assert len(visits) == 5000 and not converged
        ends = [v["after"].tobytes() for v in visits[len(widget.points) - 1::len(widget.points)]]
        assert len(set(ends)) < len(ends)  # weights come back; in a fixed order, that is a circle for ever


def test_xor_is_the_books():
    data = datasets.xor()
    assert {(*point, int(label)) for point, label in zip((4 * data.x - 2).tolist(), data.y, strict=True)} == {tuple(p) for p in PRESETS["XOR"]}


# --- the widest margin

def kesler(points):
    x, y = rounded(points)
    return updates(np.column_stack([np.ones(len(x)), x]), y, max(2, y.max() + 1))


def separates(u):
    """Is there v with v . u >= 1 for all u? (Any strict separation can be scaled to that.)"""
    return linprog(np.zeros(u.shape[1]), -u, -np.ones(len(u)), bounds=[(None, None)] * u.shape[1]).status == 0


@settings(max_examples=150, deadline=None)
@given(st.integers(2, 3).flatmap(clouds))
def test_a_margin_is_found_where_weights_separate_and_is_the_widest(points):
    u = kesler(points)
    found = widest(u)
    assert (found is not None) == separates(u)
    if found is None:
        return
    v, gamma, longest = found
    assert longest == pytest.approx(np.linalg.norm(u, axis=1).max()) and np.linalg.norm(v) == pytest.approx(gamma)
    assert (u @ v).min() / gamma >= gamma * (1 - 1e-6)  # v has this margin,
    # and no unit vector a wider one: v is a mean of some u, so for every unit e the least e . u is at most e . v <= gamma
    rows = np.vstack([u.T, np.full((1, len(u)), 10.0)])
    _, rest = nnls(rows, np.append(v, 10.0))
    assert rest < 1e-5


def test_the_page_finds_the_same_margin(js):
    sets = [kesler(points).tolist() for points, _ in CASES]
    for u, found in zip(sets, js("margin.js", [["widest", u] for u in sets]), strict=True):
        truth = widest(np.array(u))
        assert (found is None) == (truth is None)
        if truth:
            np.testing.assert_allclose(found["v"], truth[0], atol=1e-7)
            assert (found["gamma"], found["longest"]) == (pytest.approx(truth[1], rel=1e-6), pytest.approx(truth[2]))
    points = [[0.5, 1, 2], [2, -1, 1], [-2, -2, 0]]
    x = [[1, p, q] for p, q, _ in points]
    assert js("margin.js", [["updates", x, [2, 1, 0], 3]]) == [kesler(points).tolist()]


def test_the_margin_is_scikit_learns_through_the_origin():
    from sklearn.svm import SVC

    rng = np.random.default_rng(2)
    for _ in range(10):
        u = kesler(random_points(rng, 2, True))
        machine = SVC(kernel="linear", C=1e10, tol=1e-9).fit(np.vstack([u, -u]), np.repeat([1, 0], len(u)))  # symmetric: no bias
        assert widest(u)[1] == pytest.approx(1 / np.linalg.norm(machine.coef_), rel=1e-3)


@settings(max_examples=100, deadline=None)
@given(clouds(2), st.none() | st.integers(0, 9))
def test_the_bound_is_novikoffs_and_holds(points, seed):
    found = widest(kesler(points))
    assume(found)
    v, gamma, longest = found
    x, y = rounded(points)
    assert (longest / gamma)**2 == pytest.approx(novikoff_bound(x, y, v), rel=1e-6)
    visits, _ = replay(points, seed, 3000)
    assert sum(v["before"] is not v["after"] for v in visits) <= (longest / gamma)**2 * (1 + 1e-9)


@settings(max_examples=50, deadline=None)
@given(clouds(3), st.none() | st.integers(0, 9))
def test_the_bound_of_three_classes_holds(points, seed):
    found = widest(kesler(points))
    assume(found)
    visits, _ = replay(points, seed, 3000)
    assert sum(v["before"] is not v["after"] for v in visits) <= (found[2] / found[1])**2 * (1 + 1e-9)


def test_a_bound_that_rounding_must_not_lower():
    """By hand: +-(1, 2, 0) stand sqrt(5) from 0, and the hull of both u is a segment whose middle is (0, 2, 0): 5 / 4 = 1.25.
    One point at the origin: u = (1, 0, 0), so one mistake."""
    assert "more than 1 mistake: (R/γ)² = 1.3, with R = 2.24 and the widest margin γ = 2.000" in PerceptronExplorer(
        points=[[2, 0, 1], [-2, 0, 0]]).describe()
    assert "more than 1 mistake: (R/γ)² = 1.0, with R = 1.00 and the widest margin γ = 1.000" in PerceptronExplorer(
        points=[[0, 0, 1]]).describe()
    # the corners of a square, one class on each side: R² = 3 and γ = 1, and 3 must not become 2
    assert "more than 3 mistakes" in PerceptronExplorer(points=[[1, 1, 1], [1, -1, 1], [-1, 1, 0], [-1, -1, 0]]).describe()


# --- regions and borders

def some_weights():
    """Quarters by chance, among them ties, classes that win nowhere, and weights that draw no line."""
    rng = np.random.default_rng(3)
    yield from ([[0, 0, 0]], [[2, 0, 0]], [[-2, 0, 0]], [[0, 0, 0]] * 3, [[1, 2, 0], [1, 2, 0], [0, 0, 1]], [[9, 0, 0], [0, 1, 0], [0, 0, 1]])
    for _ in range(100):
        yield (rng.integers(-8, 9, (rng.choice([1, 3]), 3)) / 4).tolist()


def test_regions_are_where_the_model_says_so(js):
    some = list(some_weights())
    found = js("rosenblatt.js", [[name, weights, 4] for weights in some for name in ("regions", "borders")])
    for weights, parts, lines in zip(some, found[::2], found[1::2], strict=True):
        check_regions(weights, parts, lines)


def check_regions(weights, parts, lines):
    w_tilde = np.array(weights, float).T
    model = Perceptron(w_tilde[:, 0]) if len(weights) == 1 else MulticlassPerceptron(w_tilde)
    x = np.random.default_rng(0).uniform(-4, 4, (300, 2))
    columns = np.column_stack([np.zeros(3), w_tilde]) if len(weights) == 1 else w_tilde
    scores = np.column_stack([np.ones(300), x]) @ columns
    top = np.sort(scores, axis=1)
    clear = (top[:, -1] - top[:, -2] > 1e-6) | (np.ptp(scores, axis=1) == 0)
    for point, answer in zip(x[clear], model(x[clear]), strict=True):
        assert [inside(part, point) for part in parts] == [c == answer for c in range(len(parts))]
    for ends in lines:
        for t in (0.001, 0.5, 0.999):
            at = (1 - t) * np.array(ends[0]) + t * np.array(ends[1])
            here = np.sort(np.append(1, at) @ columns)
            assert here[-1] - here[-2] < 1e-6 and np.abs(at).max() <= 4 + 1e-9
    if len(weights) == 1 and parts[0] and parts[1] and area(parts[0]) > 0.01 < area(parts[1]):
        assert len(lines) == 1


def inside(polygon, point):
    """Of a convex polygon, its corners counter-clockwise."""
    p = np.array(polygon)
    if len(p) < 3 or area(polygon) < 1e-9:
        return False
    d, r = np.roll(p, -1, axis=0) - p, point - p
    return bool((d[:, 0] * r[:, 1] - d[:, 1] * r[:, 0] >= -1e-9).all())


def area(polygon):
    x, y = np.array(polygon).T
    return abs(x @ np.roll(y, 1) - y @ np.roll(x, 1)) / 2


# --- words, and the way in and out

STATES = [dict(points=points, step=step, seed=seed, best=bool(step % 2)) for points in PRESETS.values()
          for step, seed in [(0, None), (1, 0), (2, 3), (7, None), (23, 9), (5000, None)]]
STATES += [dict(points=points, step=step, seed=seed) for points, seed in CASES[::6] for step in (1, 6, 40)]
STATES += [dict(points=[[0.1 + 0.2, 1 / 3, 2]], step=3), dict(points=[[1, 1, 0], [1, 1, 1]], step=9), dict(points=[[1, 1, 0]] * 2, step=4)]

STATES += [dict(points=[[p, p, 1], [p, -p, 1], [-p, p, 0], [-p, -p, 0]]) for p in (1, 1.5, 2, 2.5, 3, 3.5)]  # whole bounds, but for rounding


def test_it_is_described_alike(js):
    widgets = [PerceptronExplorer(**arguments) for arguments in STATES]
    calls = [["describe", {"points": w.points, "step": w.step, "seed": w.seed, "most": 5000}] for w in widgets]
    assert js("perceptron_words.js", calls) == [widget.describe() for widget in widgets]


def test_words_by_hand():
    """From 0 the first sample is on the line: a mistake, and (1, 2, 1) is added; z of the second is 1 - 2 * 2 - 1 = -4."""
    widget = PerceptronExplorer(points=[[2, 1, 1], [-2, -1, 0]], step=1)
    assert "z = 0.00, a tie, which counts as a mistake, so (1, x) was added to (b, w). Now b = 1.00 and w = (2.00, 1.00)" in widget._text
    widget.step = 2
    assert "point 2 of class 0 at (−2.00, −1.00): z = −4.00, which is right, so nothing changed" in widget._text
    widget.step = 5000
    assert "After 4 samples, 2 passes and 1 mistake the rule has converged" in widget._text
    three = PerceptronExplorer(points=[[2, 1, 2], [-2, -1, 0]], step=1)
    assert "scores 0.00, 0.00, 0.00, a tie, which counts as a mistake, so (1, x) was added to class 2's weights and subtracted from class 0's" in three._text


def test_it_begins_in_the_middle_with_a_mistake():
    text = PerceptronExplorer().describe()
    assert "has made 3 mistakes" in text and "a mistake, so" in text and "No order of the samples" in text


@pytest.mark.parametrize("arguments", [dict(), dict(points=[[0.1 + 0.2, -1e-7, 2]], seed=3), dict(points=[], best=True)])
def test_python_text_rebuilds_it(js, arguments):
    widget = PerceptronExplorer(**arguments)
    state = {name: getattr(widget, name) for name in widget._spec["arguments"]}
    for text in (widget.to_python(), js("state.js", [["toPython", "PerceptronExplorer", state]])[0]):
        again = eval(text, {"mb": mb})
        assert {name: getattr(again, name) for name in state} == state


def test_arrays_come_in_and_stay_as_they_were():
    data = datasets.xor()
    rows = np.column_stack([data.x, data.y])
    widget = PerceptronExplorer(points=rows)
    assert widget.points == [[0.0, 0.0, 0], [0.0, 1.0, 1], [1.0, 0.0, 1], [1.0, 1.0, 0]] and isinstance(widget.points[0][2], int)
    widget.points = [[0, 0, 0]]
    assert rows.shape == (4, 3) and PerceptronExplorer().points == PRESETS["two groups"]


@pytest.mark.parametrize("wanted, kept", [
    ({"points": [[1, 2, 0]]}, True), ({"points": []}, True), ({"points": [[1, 2, 0]] * 24}, True), ({"points": [[1, 2, 0]] * 25}, False),
    ({"points": [[1, 2]]}, False), ({"points": [[1, 2, 3]]}, False), ({"points": [[1, 2, 0.5]]}, False), ({"points": [[5, 2, 0]]}, False),
    ({"points": [["1", 2, 0]]}, False), ({"points": "12"}, False), ({"points": [None]}, False), ({"points": {"length": 1}}, False),
    ({"step": 3}, True), ({"step": 3.5}, False), ({"step": -1}, False), ({"step": 5001}, False), ({"step": "3"}, False),
    ({"seed": None}, True), ({"seed": 4}, True), ({"seed": 10}, False), ({"seed": "4"}, False), ({"seed": 1.5}, False)])
def test_a_link_sets_only_what_is_allowed(js, wanted, kept):
    assert js("state.js", [["accept", PerceptronExplorer()._spec["limits"], wanted]]) == [wanted if kept else {}]
