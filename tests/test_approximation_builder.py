"""ApproximationBuilder: its networks and errors against the package, its heights against linear programs, JS against Python."""

import math
import re

import numpy as np
import pytest
import traitlets
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

import mlpbook as mb
from mlpbook import approximation
from mlpbook.widgets import ApproximationBuilder
from mlpbook.widgets.approximation import _TARGETS
from mlpbook.widgets.heights import best_heights

BY_HAND = "drawn by hand"
GRID = np.linspace(0, 1, 801)
KNOTS = {"one": [0.3], "start": [0.12, 0.32, 0.72, 0.86], "off the grid": [1 / 3, 0.5, 0.501, 0.9], "twelve": np.linspace(0, 1, 14)[1:-1].tolist()}
EVERY = [dict(target=target, units=units, best_heights=least, knots=knots) for target in [BY_HAND, *_TARGETS]
         for units in ("hinges", "steps") for least in (False, True) for knots in KNOTS.values()]
placed = st.lists(st.integers(1, 99), min_size=1, max_size=12, unique=True).map(lambda whole: [k / 100 for k in sorted(whole)])
curves = st.lists(st.integers(-20, 20).map(lambda k: k / 20), min_size=33, max_size=33)


def target_of(widget):
    return np.interp(GRID, np.linspace(0, 1, 33), widget.drawn) if widget.target == BY_HAND else _TARGETS[widget.target][0](GRID)


def page_state(widget):
    return {name: getattr(widget, name) for name in widget._spec["arguments"]} | widget._spec


def dense(widget):
    """The largest error on a grid five times as fine as the package's, and at both sides of every knot."""
    t = np.array(widget.knots)
    x = np.concatenate([np.linspace(0, 1, 20_001), t, np.nextafter(t, 0), np.nextafter(t, 1)])
    return abs(widget.mlp()(x[:, None])[:, 0] - np.interp(x, GRID, target_of(widget))).max()


# --- what a target is

@pytest.mark.parametrize("name", _TARGETS)
def test_slopes_and_curvatures_are_the_targets_own(name):
    """By differences on a fine grid: never above what is stated, and hardly below."""
    f, lipschitz, curvature = _TARGETS[name]
    x = np.linspace(0, 1, 400_001)
    assert 0.9995 * lipschitz < abs(np.diff(f(x)) * 400_000).max() <= lipschitz * (1 + 1e-9)
    if curvature is not None:
        rough = abs(np.diff(f(x[::100]), 2) * 4000**2).max()
        assert 0.9995 * curvature < rough <= curvature * (1 + 1e-6)
    else:
        assert abs(np.diff(f(x[::100]), 2) * 4000**2).max() > 1e4  # a corner
    assert abs(f(x)).max() <= 1  # it fits the picture, and a hand could draw it


@pytest.mark.parametrize("name", [BY_HAND, *_TARGETS])
def test_f_is_the_target_to_six_decimals(name):
    widget = ApproximationBuilder(target=name)
    np.testing.assert_allclose(widget.f(GRID), target_of(widget), atol=0.51e-6)
    if name != BY_HAND:  # what the page is sent
        np.testing.assert_allclose(np.cumsum(widget._spec["targets"][name]["deltas"]) / widget._spec["grain"], widget.f(GRID), atol=1e-12)


# --- the networks and their errors

@pytest.mark.parametrize("knots", KNOTS.values(), ids=KNOTS)
def test_on_the_target_the_networks_are_the_packages(js, knots):
    widgets = [ApproximationBuilder(target=name, knots=knots) for name in [BY_HAND, *_TARGETS]]
    found = js("approximation.js", [call for widget in widgets for y in [widget.f(GRID).tolist()]
                                    for call in (["reluInterpolant", y, knots], ["staircase", y, knots, approximation.STEEPNESS])])
    for widget, line, steps in zip(widgets, found[::2], found[1::2], strict=True):
        truth = [build(widget.f, 0, 1, knots=knots).state() for build in (approximation.relu_interpolant, approximation.staircase)]
        for got, expected in zip((line, steps), truth, strict=True):
            assert (got["sizes"], got["activation"]) == (expected["sizes"], expected["activation"])
            for key in ("W", "b"):
                for mine, its in zip(got[key], expected[key], strict=True):
                    np.testing.assert_allclose(mine, its, rtol=1e-9, atol=1e-9)


def test_errors_bounds_and_optima_equal_the_packages(js):
    widgets = [ApproximationBuilder(**arguments) for arguments in EVERY[::9]]
    nets = js("builder.js", [["study", page_state(widget)] for widget in widgets])
    for widget, got in zip(widgets, nets, strict=True):
        score, n = widget.score(), widget.mlp().sizes[1]
        error = approximation.sup_error(widget.mlp(), widget.f, 0, 1)
        assert got["error"] == pytest.approx(error, abs=1e-9) == score["error"]
        assert error == pytest.approx(dense(widget), abs=2e-4)  # an even grid sees peaks between its points less well
        best = (approximation.best_hinges if widget.units == "hinges" else approximation.best_staircase)(widget.f, 0, 1, n)
        assert got["best"]["error"] == pytest.approx(approximation.sup_error(best, widget.f, 0, 1), abs=1e-9) == score["best"]
        knots = -best.state()["b"][0][0 if widget.units == "steps" else 1:]
        np.testing.assert_allclose(got["best"]["knots"], knots, atol=1e-6)
        if widget.units == "hinges" and _TARGETS.get(widget.target, (0, 0, None))[2]:
            bound = approximation.interpolant_bound(_TARGETS[widget.target][2], 0, 1, knots=widget.knots)
        else:
            slope = abs(np.diff(widget.drawn)).max() * 32 if widget.target == BY_HAND else _TARGETS[widget.target][1]
            bound = approximation.staircase_bound(slope, 0, 1, knots=widget.knots)  # with room for the sigmoids' tails, 1e-8 of it
        assert got["bound"] == pytest.approx(bound, rel=2e-8)
        assert got["bound"] == pytest.approx(score["bound"], rel=1e-12)
        assert got["even"] == pytest.approx(score["even"], abs=1e-9)
        even = np.linspace(0, 1, len(widget.knots) + 2)[1:-1]
        widget.knots = even
        assert score["even"] == pytest.approx(approximation.sup_error(widget.mlp(), widget.f, 0, 1), abs=1e-9)


@settings(max_examples=25, deadline=None)
@given(curves, placed, st.sampled_from([BY_HAND, *_TARGETS]), st.sampled_from(["hinges", "steps"]), st.booleans())
def test_no_error_exceeds_its_bound_nor_beats_the_best(drawn, knots, target, units, least):
    widget = ApproximationBuilder(drawn=drawn, knots=knots, target=target, units=units, best_heights=least)
    score = widget.score()
    assert dense(widget) - 2e-6 <= score["error"] <= score["bound"] * (1 + 1e-8) + 2e-6  # targets are rounded to a millionth
    if units == "hinges" or least:  # smooth steps are no jumps: they may be a little better at one
        assert score["best"] <= score["error"] * (1 + 2e-6) + 1e-8


@settings(max_examples=40, deadline=None)
@given(curves, placed)
def test_the_best_heights_are_a_linear_programs(drawn, knots):
    """min e with |line - f| <= e at every corner of the two, over all heights: SciPy's optimum."""
    t = np.array([0, *knots, 1])
    y = np.interp(GRID, np.linspace(0, 1, 33), drawn)
    x = np.union1d(t, np.linspace(0, 1, 33))
    hats = np.array([np.interp(x, t, row) for row in np.eye(len(t))]).T
    f = np.interp(x, GRID, y)
    ones = np.ones((len(x), 1))
    found = linprog([0] * len(t) + [1], np.block([[hats, -ones], [-hats, -ones]]), np.concatenate([f, -f]), bounds=[(None, None)] * (len(t) + 1))
    heights = best_heights(t, y)
    error = abs(np.interp(x, t, heights) - f).max()
    assert error == pytest.approx(found.fun, abs=2e-7)
    assert abs(heights - np.interp(t, GRID, y)).max() <= error + 1e-9  # not wilder than they need be


def test_the_page_finds_the_same_heights(js):
    rng = np.random.default_rng(0)
    curves = [np.interp(GRID, np.linspace(0, 1, 33), rng.integers(-20, 21, 33) / 20) for _ in range(10)]
    curves += [f(GRID) for f, _, _ in _TARGETS.values()]
    knots = [np.sort(rng.choice(np.arange(1, 100), rng.integers(1, 13), replace=False)) / 100 for _ in curves]
    got = js("approximation.js", [["bestHeights", y.tolist(), t.tolist()] for y, t in zip(curves, knots, strict=True)])
    for heights, y, t in zip(got, curves, knots, strict=True):
        np.testing.assert_allclose(heights, best_heights(np.array([0, *t, 1]), y), atol=1e-6)


@settings(max_examples=20, deadline=None)
@given(curves, placed)
def test_the_best_levels_are_midway(drawn, knots):
    widget = ApproximationBuilder(target=BY_HAND, drawn=drawn, knots=knots, units="steps", best_heights=True)
    t = [0, *knots, 1]
    for left, right in zip(t, t[1:], strict=False):
        inside = np.linspace(left, right, 4001)
        level = widget.mlp()([[(left + right) / 2]])[0, 0]
        away = np.interp(inside, np.linspace(0, 1, 33), drawn) - level
        assert away.max() == pytest.approx(-away.min(), abs=0.01 * (right - left) + 1e-9)  # slopes reach 64: a grid of 4001 sees 0.01


def test_a_roof_is_a_network():
    """Two hinges are enough for one corner, and even the best of them cannot be better than exact."""
    widget = ApproximationBuilder(target="roof", knots=[0.37])
    assert widget.score()["error"] < 1e-12 and "It follows the target exactly" in widget.describe()
    widget.knots = [0.3]
    # by hand: the line from (0.3, 0.618) to (1, -0.838) passes 0.37 at 0.4724, the target is 0.8 there
    assert "Its largest error is 0.3276, near x = 0.37; the best 2 hinges follow the target exactly" in widget.describe()


def test_the_parabola_reaches_its_bound():
    score = ApproximationBuilder(target="parabola", knots=[0.2, 0.4, 0.6, 0.8]).score()
    assert score["error"] == pytest.approx(score["bound"], abs=1e-6) == pytest.approx(12.8 / 25 / 8, abs=1e-6)
    assert score["best"] == pytest.approx(score["bound"] / 2, rel=1e-4)  # half the error, lowered by half the error


# --- words, code and links

def test_it_is_described_alike(js):
    rng = np.random.default_rng(1)
    widgets = [ApproximationBuilder(**arguments, x=k / 32) for k, arguments in zip(rng.integers(0, 33, 38).tolist(), EVERY[::3], strict=True)]
    widgets += [ApproximationBuilder(target=BY_HAND, drawn=drawn) for drawn in ([0.25] * 33, (rng.integers(-20, 21, 33) / 20).tolist())]
    assert js("builder.js", [["describe", page_state(widget)] for widget in widgets]) == [widget.describe() for widget in widgets]


def test_the_shown_python_builds_the_network_to_six_digits(js):
    widgets = [ApproximationBuilder(**arguments) for arguments in EVERY[::3]]
    nets = [found["net"] for found in js("builder.js", [["study", page_state(widget)] for widget in widgets])]
    for widget, code in zip(widgets, js("builder.js", [["snippet", net] for net in nets]), strict=True):
        for number in re.findall(r"-?\d+\.?\d*(?:e-?\d+)?", code):
            assert len(re.sub(r"e.*|[-.]", "", number).lstrip("0")) <= 6, number
        names = {"mb": mb}
        exec(code, names)
        shown, truth = names["mlp"].state(), widget.mlp().state()
        assert (shown["sizes"], shown["activation"]) == (truth["sizes"], truth["activation"])
        for printed, exact in zip(shown["W"] + shown["b"], truth["W"] + truth["b"], strict=True):
            np.testing.assert_allclose(printed, exact, rtol=5.1e-6, atol=1e-6)  # targets are known to a millionth
        x = np.linspace(0, 1, 101)[:, None] + 1e-4  # not on a jump
        np.testing.assert_allclose(names["mlp"](x), widget.mlp()(x), atol=3e-4)  # a steep sigmoid makes much of a sixth digit


def test_a_start_that_invites():
    """One knot stands badly: alone, moved to a better place, it takes away more than two thirds of the error."""
    widget = ApproximationBuilder()
    before = widget.score()["error"]
    after = []
    for t in np.arange(0.33, 0.86, 0.01):
        widget.knots = [0.12, 0.32, float(t), 0.86]
        after.append(widget.score()["error"])
    assert min(after) < before / 3 and widget.mlp().sizes == [1, 5, 1]


@pytest.mark.parametrize("change, words", [
    (dict(knots=[]), "knots must be 1 to 12 increasing numbers between 0 and 1"), (dict(knots=[0.5, 0.5]), "0.001 apart"),
    (dict(knots=[0.5, 0.4]), "increasing"), (dict(knots=[0.0, 0.4]), "from the ends"), (dict(knots=[0.5, 1]), "got"), (dict(knots=0.5), "knots"),
    (dict(knots="0.5"), "knots"), (dict(knots=[math.nan]), "knots"), (dict(knots=[[0.5]]), "knots"), (dict(knots=[True]), "knots"),
    (dict(knots=[k / 20 for k in range(1, 14)]), "1 to 12"), (dict(knots=["a"]), "knots"), (dict(knots=None), "knots"),
    (dict(drawn=[0.0] * 32), "drawn must be 33 numbers from -1 to 1"), (dict(drawn=[0.0] * 32 + [1.5]), "drawn"), (dict(drawn=[math.inf] * 33), "drawn"),
    (dict(target="cosine"), "target must be one of drawn by hand, bump and slope"), (dict(units="bumps"), "units must be one of hinges, steps"),
    (dict(best_heights='yes'), "best_heights"), (dict(show_weights="no"), "show_weights"), (dict(x=1.1), "x must be a number from 0 to 1"),
])
def test_bad_arguments(change, words):
    widget = ApproximationBuilder()
    before = widget.get_state()
    with pytest.raises(traitlets.TraitError, match=words):
        ApproximationBuilder(**change)
    (name, value), = change.items()
    with pytest.raises(traitlets.TraitError):
        setattr(widget, name, value)
    assert widget.get_state() == before


@pytest.mark.parametrize("knots", [[0.5], [0.001, 0.002], [0.2, 0.2009], [0.2, 0.201], [0.999], [0.9995], [], [0.3] * 2, [0.4, 0.3],
                                   [k / 13 for k in range(1, 13)], [k / 14 for k in range(1, 14)]])
def test_a_link_may_hold_what_python_takes(js, knots):
    try:
        taken = {"knots": ApproximationBuilder(knots=knots).knots}
    except traitlets.TraitError:
        taken = {}
    assert js("state.js", [["accept", ApproximationBuilder()._spec["limits"], {"knots": knots}]]) == [taken]


def test_arrays_come_in_and_stay_as_they_were():
    knots, drawn = np.array([0.25, 0.5]), np.linspace(-1, 1, 33)
    widget = ApproximationBuilder(knots=knots, drawn=drawn, target=BY_HAND)
    widget.knots = [0.1]
    widget.drawn = np.zeros(33)
    assert knots.tolist() == [0.25, 0.5] and drawn[0] == -1
    again = eval(widget.to_python(), {"mb": mb})
    assert again.describe() == widget.describe() and again.score() == widget.score()


def test_a_straight_drawing_needs_one_bend_at_most():
    flat = ApproximationBuilder(target=BY_HAND, drawn=[0.25] * 33, units="steps")
    assert flat.score() == {"error": 0, "even": 0, "best": 0, "bound": 0}
