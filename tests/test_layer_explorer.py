"""LayerExplorer's geometry and words: against NumPy and SciPy, against scikit-learn's separating lines, and JS against Python."""

import json
import subprocess

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.linalg import expm, logm, polar
from scipy.optimize import linprog
from shared import ROOT

import mlpbook as mb
from mlpbook.widgets import LayerExplorer, layer, morph
from mlpbook.widgets.street import hull, street

CORNERS = LayerExplorer()._spec["corner"]
weights = st.lists(st.integers(-80, 80).map(lambda v: v / 20), min_size=4, max_size=4).map(lambda v: [v[:2], v[2:]])
spots = st.lists(st.tuples(*[st.integers(-8, 8).map(lambda v: v / 4)] * 2), min_size=1, max_size=8)


@pytest.fixture(scope="module")
def morphed(node):
    """morphed(cases) -> what morph.js makes of them; see tests/frontend/morph.mjs."""
    def morphed(cases):
        done = subprocess.run([node, ROOT / "tests/frontend/morph.mjs"], capture_output=True, text=True, encoding="utf-8",
                              input=json.dumps(cases, allow_nan=False))
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)
    return morphed


def case(rng, activation, stages, two=True, lines=()):
    """A random network of one or two layers of two units, and points."""
    layers = [{"W": rng.uniform(-2, 2, (2, 2)).tolist(), "b": rng.uniform(-1, 1, 2).tolist()} for _ in range(1 + two)]
    return {"X": rng.uniform(-4, 4, (50, 2)).tolist(), "layers": layers, "activation": activation, "corner": CORNERS[activation],
            "alpha": mb.ACTIVATIONS[activation].alpha, "stages": stages, "lines": [list(map(list, line)) for line in lines]}


def stages_by_numpy(x, layers, phi):
    """[x, x W, x W + b, phi(x W + b), and so on for each layer]"""
    out = [np.asarray(x)]
    for each in layers:
        out += [out[-1] @ each["W"], out[-1] @ each["W"] + each["b"]]
        out.append(phi(out[-1]))
    return out


# --- the way through a layer

@pytest.mark.parametrize("activation", mb.ACTIVATIONS)
def test_whole_stages_are_the_layers_own_numbers(morphed, activation):
    rng = np.random.default_rng(0)
    cases = [case(rng, activation, list(range(7))), case(rng, activation, list(range(4)), two=False)]
    for each, got in zip(cases, morphed(cases), strict=True):
        truth = stages_by_numpy(each["X"], each["layers"], mb.ACTIVATIONS[activation])
        np.testing.assert_allclose(got["placed"], truth, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("activation", ["relu", "tanh", "step", "elu"])
def test_between_stages_the_page_and_python_place_alike(morphed, activation):
    rng = np.random.default_rng(1)
    cases = [case(rng, activation, rng.uniform(0, 6, 20).tolist()) for _ in range(10)]
    for each, got in zip(cases, morphed(cases), strict=True):
        layers = [(one["W"], one["b"]) for one in each["layers"]]
        truth = [morph.place(np.array(each["X"]), s, layers, mb.ACTIVATIONS[activation]) for s in each["stages"]]
        np.testing.assert_allclose(got["placed"], truth, rtol=1e-12, atol=1e-12)


def test_shift_and_bend_go_straight_and_nothing_jumps(morphed):
    stages = np.linspace(0, 6, 601)
    each = case(np.random.default_rng(2), "relu", stages.tolist())
    got = np.array(morphed([each])[0]["placed"])
    assert np.abs(np.diff(got, axis=0)).max() < 0.5  # 601 steps: nothing is torn from its way
    for whole in (1, 2, 4, 5):
        part = got[100 * whole:100 * whole + 101]
        assert np.abs(np.diff(part, 2, axis=0)).max() < 1e-12


@settings(max_examples=200, deadline=None)
@given(weights, st.floats(0, 1))
def test_a_part_of_w_is_a_part_of_its_turn_and_of_its_stretch(W, s):
    det = np.linalg.det(W)
    assume(det > 1e-3)
    turn, stretch = polar(W, side="left")  # W = stretch @ turn, SciPy's own
    assume(turn[0, 0] > -0.999)  # half a turn has no single logarithm
    part = ((1 - s) * np.eye(2) + s * stretch) @ expm(s * logm(turn))
    np.testing.assert_allclose(morph.part_of(W, s), part, atol=1e-6)
    assert np.linalg.det(morph.part_of(W, s)) > 0  # never flat on the way


@settings(max_examples=200, deadline=None)
@given(weights)
def test_the_way_to_w_starts_at_rest_and_ends_at_w(W):
    np.testing.assert_allclose(morph.part_of(W, 0), np.eye(2), atol=1e-12)
    np.testing.assert_allclose(morph.part_of(W, 1), W, atol=1e-12)
    if np.linalg.det(W) < -1e-3:  # turned over: through flat once, and only once
        signs = np.sign([np.linalg.det(morph.part_of(W, s)) for s in np.linspace(0, 1, 400)])
        assert (np.diff(signs) != 0).sum() in {1, 2} and (signs[0], signs[-1]) == (1, -1)


# --- where lines fold

def grid(points):
    ends = np.linspace(-4, 4, 41)
    t = np.linspace(-4, 4, points)
    return [np.stack([t, np.full_like(t, e)], 1).tolist() for e in ends] + [np.stack([np.full_like(t, e), t], 1).tolist() for e in ends]


@pytest.mark.parametrize("activation", ["relu", "leaky_relu", "prelu", "identity"])
def test_a_grid_of_creased_lines_is_exact(morphed, activation):
    """Only ends and creases are kept of each line, and still every point of it is where NumPy puts it, at every stage."""
    rng = np.random.default_rng(3)
    stages = [0.5, 2.4, 3, 4.3, 5.5, 6]
    each = case(rng, activation, stages, lines=grid(2))
    net = morphed([each])[0]["net"]
    layers = [(one["W"], one["b"]) for one in each["layers"]]
    X, dense = np.array(net["X"]), np.linspace(-4, 4, 401)
    assert len(net["starts"]) == 83
    for line in range(82):
        mine = slice(*net["starts"][line:line + 2])
        axis = 0 if line < 41 else 1
        along = X[mine, axis]
        assert (np.diff(along) >= 0).all() and (along[0], along[-1]) == (-4, 4)
        assert np.ptp(X[mine, 1 - axis]) < 1e-12
        inputs = np.empty((401, 2))
        inputs[:, axis], inputs[:, 1 - axis] = dense, X[mine, 1 - axis][0]
        for stage, placed in zip(stages, net["placed"], strict=True):
            truth = morph.place(inputs, stage, layers, mb.ACTIVATIONS[activation])
            drawn = np.stack([np.interp(dense, along, np.array(placed)[mine, j]) for j in (0, 1)], 1)
            np.testing.assert_allclose(drawn, truth, atol=1e-8)


@pytest.mark.parametrize("activation", ["relu", "prelu", "step"])
def test_folds_are_where_a_sum_is_zero_and_none_is_missed(morphed, activation):
    each = case(np.random.default_rng(4), activation, [6], lines=grid(2))
    net = morphed([each])[0]["net"]
    X, starts = np.array(net["X"]), np.array(net["starts"])
    sums = stages_by_numpy(X, each["layers"], mb.ACTIVATIONS[activation])[2::3]
    for k in (0, 1) if activation != "step" else (0,):  # step's second layer has sums that jump over 0
        for j in (0, 1):
            assert np.abs(sums[k][net["folds"][k][j], j]).max(initial=0) < 1e-6
            line_of = np.searchsorted(starts, net["folds"][k][j], side="right") - 1
            for line in range(82):
                ends = X[starts[line]], X[starts[line + 1] - 1]
                dense = ends[0] + np.linspace(0, 1, 4001)[:, None] * (ends[1] - ends[0])
                z = stages_by_numpy(dense, each["layers"], mb.ACTIVATIONS[activation])[3 * k + 2][:, j]
                crossings = (z[:-1] * z[1:] < 0).sum()
                found = (line_of == line).sum() / (2 if activation == "step" else 1)  # a tear has two ends
                assert found == crossings
    assert sum(len(unit) for layer in net["folds"] for unit in layer) > 100


def test_torn_lines_are_drawn_only_where_they_are_whole(morphed):
    each = case(np.random.default_rng(5), "step", [3, 6], lines=grid(2))
    net = morphed([each])[0]["net"]
    for k, placed in enumerate(net["placed"]):
        torn = set(net["tears"][0]) | (set(net["tears"][1]) if k else set())
        at = np.array(placed)
        for i in set(range(1, len(at))) - set(net["starts"]) - torn:
            assert (at[i] == at[i - 1]).all()  # on one side of a tear step is constant
        assert torn


def test_a_line_that_starts_or_passes_on_a_fold(morphed):
    """Sums that are exactly 0 at a given point: one fold where the line crosses there, none where it only ends or runs along."""
    layers = [{"W": [[1, 0], [0, 1]], "b": [0, 0]}]
    lines = [[[-1, 2], [0, 2], [1, 2]], [[0, 3], [1, 3]], [[0, -1], [0, 1]]]
    net = morphed([{"X": [], "layers": layers, "activation": "relu", "corner": "fold", "alpha": None, "stages": [], "lines": lines}])[0]["net"]
    assert [[net["X"][i] for i in unit] for unit in net["folds"][0]] == [[[0, 2]], [[0, 0]]]
    assert net["starts"] == [0, 3, 5, 8]


@pytest.mark.parametrize("name, kind", [("relu", "fold"), ("leaky_relu", "fold"), ("prelu", "fold"), ("step", "tear"),
                                        ("identity", "straight"), *[(n, "smooth") for n in ("sigmoid", "tanh", "elu", "softplus", "gelu", "silu")]])
def test_what_each_activation_does_to_lines(name, kind):
    assert CORNERS[name] == kind
    # a straight line through 0, bent by phi: second differences tell folds (one place) from smooth (everywhere)
    z = np.linspace(-3, 3, 600)
    bend = np.abs(np.diff(mb.ACTIVATIONS[name](z), 2)) > 1e-12
    assert {"straight": bend.sum() == 0, "fold": 1 <= bend.sum() <= 2, "tear": bend.sum() == 2, "smooth": bend.sum() > 100}[kind]


# --- determinant, rank, and the two classes

@settings(max_examples=200, deadline=None)
@given(weights)
def test_determinant_and_rank_equal_numpys(W):
    det, rank = morph.determinant(W)
    assert det == pytest.approx(np.linalg.det(W), abs=1e-12)
    assert rank == np.linalg.matrix_rank(W)


def test_a_rank_that_only_rounding_hides():
    W = [[0.05, 0.15], [0.15, 0.45]]
    assert W[0][0] * W[1][1] - W[0][1] * W[1][0] != 0
    assert morph.determinant(W) == (0.0, 1)
    assert "pressed onto one line" in LayerExplorer(W1=W).describe()
    assert "pressed into one point" in LayerExplorer(W1=[[0, 0], [0, 0]]).describe()
    assert "within 0.0001 of 0, but its rank is 2" in LayerExplorer(W1=[[1e-3, 0], [0, 1e-3]]).describe()
    assert "determinant of W₁ is −1.00" in (text := LayerExplorer(W1=[[0, 1], [1, 0]]).describe()) and "is turned over" in text


def separable_by_linprog(one, other, margin=1):
    """Is there w, b with w.x + b >= 1 on one group and <= -1 on the other? (Any strict separation can be scaled to that.)"""
    signs = np.repeat([1, -1], [len(one), len(other)])
    rows = -signs[:, None] * np.column_stack([np.vstack([one, other]), np.ones(len(signs))])
    return linprog(np.zeros(3), rows, -np.full(len(signs), margin), bounds=[(None, None)] * 3).status == 0


@settings(max_examples=300, deadline=None)
@given(spots, spots)
def test_a_street_is_found_exactly_where_a_line_separates(one, other):
    found = street(one, other)
    assert (found is not None) == separable_by_linprog(one, other)
    if found:
        p, q = np.array(found)
        u = (q - p) / np.linalg.norm(q - p)
        assert max(np.array(one) @ u) == pytest.approx(p @ u) and min(np.array(other) @ u) == pytest.approx(q @ u)


def test_the_street_is_as_wide_as_scikit_learns_widest():
    from sklearn.svm import SVC

    rng = np.random.default_rng(6)
    for _ in range(20):
        one, other = rng.normal(size=(12, 2)), rng.normal(size=(9, 2)) + np.array([5, 4])
        machine = SVC(kernel="linear", C=1e8, tol=1e-8).fit(np.vstack([one, other]), [0] * 12 + [1] * 9)
        p, q = np.array(street(one.tolist(), other.tolist()))
        assert np.linalg.norm(q - p) == pytest.approx(2 / np.linalg.norm(machine.coef_), rel=1e-4)
        assert machine.decision_function([(p + q) / 2]) == pytest.approx([0], abs=1e-3)


def test_the_page_finds_the_same_streets(js):
    rng = np.random.default_rng(9)
    groups = [[(rng.integers(-8, 9, (rng.integers(1, 9), 2)) / 4 + shift).tolist() for shift in (0, rng.uniform(0, 3))] for _ in range(500)]
    found = [street(*each) for each in groups]
    assert js("street.js", [["street", *each] for each in groups]) == [ends and [list(end) for end in ends] for ends in found]
    assert 100 < sum(ends is None for ends in found) < 400


def test_hulls_equal_scipys():
    from scipy.spatial import ConvexHull

    rng = np.random.default_rng(7)
    for n in (3, 10, 200):
        points = rng.normal(size=(n, 2))
        mine = hull(points.tolist())
        truth = points[ConvexHull(points).vertices]  # counter-clockwise too, from somewhere else
        start = truth.tolist().index(list(mine[0]))
        np.testing.assert_array_equal(mine, np.roll(truth, -start, axis=0))
    assert hull([(1, 1)] * 5) == [(1, 1)] and hull([(0, 0), (2, 2), (1, 1), (2, 2)]) == [(0, 0), (2, 2)]


STATES = [dict(), dict(stage=3), dict(stage=2.35), dict(stage=0.005), dict(stage=5), dict(two_layers=True, stage=4.5),
          dict(two_layers=True, stage=6, activation="identity", W2=[[1, 2], [0.5, 1]]), dict(activation="step", stage=2.999),
          dict(two_layers=True, activation="elu", stage=3.0), dict(W1=[[0, 0], [0, 0]], stage=1), dict(W1=[[0, 1], [1, 0]], stage=1.07),
          dict(W1=[[1e-3, 0], [0, 1e-3]]), dict(W1=[[0.05, 0.15], [0.15, 0.45]]), dict(W1=[[0.1, 0.3], [0.2, 0.1]], activation="leaky_relu"),
          dict(points=[], labels=[]), dict(points=[[1, 2]], labels=[1]), dict(points=[[1, 2], [0, 0], [1, 2]], labels=[1, 0, 0]),
          dict(activation="tanh", two_layers=True, stage=5.8, W1=[[-2, 1.5], [1, 1]], points=[[1, 2], [0, 0], [-1, 3]], labels=[1, 0, 0])]


def page_state(widget):
    state = {name: getattr(widget, name) for name in widget._spec["arguments"]}
    return state | {key: widget._spec[key] for key in ("corner", "does")} | {"alpha": widget._spec["alpha"].get(widget.activation)}


def test_it_is_described_alike(js):
    widgets = [LayerExplorer(**arguments) for arguments in STATES]
    assert js("layer.js", [["describe", page_state(widget)] for widget in widgets]) == [widget.describe() for widget in widgets]


@pytest.mark.parametrize("stage, words", [
    (0, "The picture shows the inputs x."), (0.5, "50 % of the way from x to x W₁."), (1, "The picture shows x W₁."),
    (1.25, "25 % of the way from x W₁ to x W₁ + b₁."), (2, "The picture shows x W₁ + b₁."), (3, "shows φ(x W₁ + b₁), the outputs of layer 1."),
    (3.5, "50 % of the way from a to a W₂."), (5, "The picture shows a W₂ + b₂."), (6, "the outputs of layer 2.")])
def test_a_stage_has_a_name(stage, words):
    assert words in LayerExplorer(two_layers=True, stage=stage).describe().replace("\u00a0", " ")


def test_xor_becomes_separable():
    """By hand: the start sends class 0 to (0.3, 0.3) and (0, 0), class 1 to (1.9, 0) and (0, 1.9); half the street is
    (1.9 - 0.6) / 2 / sqrt(2)."""
    text = LayerExplorer(stage=3).describe()
    assert "Among the inputs no, after layer 1 yes; in this picture yes, with 0.46 to the nearest points." in text
    assert 0.46 == pytest.approx(1.3 / 2 / np.sqrt(2), abs=0.005)
    for stage in (0, 2):  # what comes is for the reader to find
        text = LayerExplorer(stage=stage).describe()
        assert "Among the inputs no; in this picture no" in text and "after layer 1" not in text
    assert "after layer 1 yes; in" in (text := LayerExplorer(stage=4.5, two_layers=True).describe()) and "after layer 2" not in text


def test_stages_of_separability_equal_a_linear_programs(js):
    rng = np.random.default_rng(8)
    widgets = [LayerExplorer(two_layers=True)]
    for activation in ("relu", "tanh", "relu", "leaky_relu", "sigmoid", "relu"):
        points = rng.uniform(-2, 2, (8, 2))
        widgets.append(LayerExplorer(W1=rng.uniform(-2, 2, (2, 2)), b1=rng.uniform(-1, 1, 2), W2=rng.uniform(-2, 2, (2, 2)), two_layers=True,
                                     activation=activation, points=points, labels=(points[:, 0] * points[:, 1] > 0).astype(int)))
    widgets.append(LayerExplorer(W1=[[1, 0], [0, 0]], points=[[0, -1], [0, 1]], labels=[0, 1]))  # separable until it is flat
    seen = set()
    for widget, bands in zip(widgets, js("layer.js", [["separable", page_state(widget)] for widget in widgets]), strict=True):
        layers = widget._layers
        for stage in np.arange(0.02, 3 * len(layers), 0.0625):
            inside = any(low <= stage <= high for low, high in bands)
            X = morph.place(np.array(widget.points), stage, layers, mb.ACTIVATIONS[widget.activation])
            groups = [X[np.equal(widget.labels, k)] for k in (0, 1)]
            if min([1.0, *[abs(stage - end) for band in bands for end in band]]) > 0.06:  # within a step of phi all is told
                assert inside == separable_by_linprog(*groups, margin=1e-3)
                seen.add(inside)
    assert seen == {True, False}


def test_layers_without_a_bend_are_one(js):
    W1, W2 = [[1.0, -1.0], [0.5, 2.0]], [[2.0, 0.5], [-1.0, 1.0]]
    assert morph.product(W1, W2) == js("morph.js", [["product", W1, W2]])[0] == (np.array(W1) @ W2).tolist()
    det = np.linalg.det(W1) * np.linalg.det(W2)
    assert f"The determinant of W₁W₂ is {det:.2f}" in LayerExplorer(W1=W1, W2=W2, activation="identity", two_layers=True).describe()


@pytest.mark.parametrize("arguments", [dict(W1=np.eye(2), stage=3), dict(points=[[0.1 + 0.2, -1e-7]], labels=[1]), dict(two_layers=True)])
def test_python_text_rebuilds_it(js, arguments):
    widget = LayerExplorer(**arguments)
    state = {name: getattr(widget, name) for name in widget._spec["arguments"]}
    for text in (widget.to_python(), js("state.js", [["toPython", "LayerExplorer", state]])[0]):
        again = eval(text, {"mb": mb})
        assert {name: getattr(again, name) for name in state} == state


def test_matrices_come_in_as_arrays_and_stay_as_they_were():
    W = np.array([[1, 2], [3, 4]])
    widget = LayerExplorer(W1=W)
    assert widget.W1 == [[1.0, 2.0], [3.0, 4.0]] and isinstance(widget.W1[0][0], float)
    widget.W1 = [[0, 0], [0, 0]]
    assert W.tolist() == [[1, 2], [3, 4]]
    other = LayerExplorer()
    other.set_data([[0.5, 1.0]], [1])
    assert other.points == [[0.5, 1.0]] and "Does a straight line" not in other.describe()
    assert layer.LayerExplorer().points != other.points


@pytest.mark.parametrize("wanted, kept", [({"W1": [[1, 2], [3, 4]]}, True), ({"W1": [[1, 2], [3]]}, False), ({"W1": [1, 2, 3, 4]}, False),
                                          ({"W1": [[1, 2], [3, 4.01]]}, False), ({"W1": [["1", 2], [3, 4]]}, False), ({"W1": [[1, 2]]}, False),
                                          ({"W1": "1234"}, False), ({"W1": None}, False), ({"W1": [[None, 0], [0, 0]]}, False), ({"stage": 7}, False)])
def test_a_link_sets_only_a_matrix_of_the_right_shape(js, wanted, kept):
    assert js("state.js", [["accept", LayerExplorer()._spec["limits"], wanted]]) == [wanted if kept else {}]
