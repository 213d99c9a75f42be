"""DescentExplorer against torch, scipy and closed forms: its surfaces, its three paths, what it says of them, and its map."""

import math
import re

import numpy as np
import pytest
import traitlets
from scipy.optimize import minimize

import mlpbook as mb
from mlpbook.widgets import DescentExplorer
from mlpbook.widgets.descent import _SURFACES as SURFACES

QUADRATICS = [name for name, each in SURFACES.items() if each.along]
STATES = [{}, dict(surface="bowl", lr=2.0, step=7), dict(surface="bowl", lr=10.0, step=3), dict(step=0), dict(step=1, lr=0.01, momentum=0.0),
          dict(surface="tilted valley", lr=0.25, step=100), dict(surface="saddle", step=30, lr=0.05), dict(surface="saddle", start=[-1.0, 0.0], step=100),
          dict(surface="two minima", momentum=0.99, step=77), dict(surface="two minima", lr=10.0, step=100), dict(surface="saddle", lr=3.98, step=99),
          dict(surface="bowl", start=[0, 0]), dict(surface="narrow valley", lr=0.2, step=99), dict(start=[3.0, -3.0], lr=1.23, momentum=0.5, step=12)]


def formula(name):
    """The loss as the reader is told it, as a function of floats or tensors."""
    text = SURFACES[name].formula.replace("−", "-").replace("θ₁", "*x").replace("θ₂", "*y")
    for digit, power in zip("²³⁴", "234", strict=True):
        text = text.replace(digit, f"**{power}")
    text = re.sub(r"(^|[-+] )\*", r"\g<1>1*", text)
    return lambda x, y: eval(text, {"x": x, "y": y})


@pytest.mark.parametrize("name", SURFACES)
def test_value_slope_and_curvature_are_those_of_the_formula(name, js):
    import torch

    surface, L = SURFACES[name], formula(name)
    for at in np.random.default_rng(0).uniform(-3, 3, (20, 2)):
        theta = torch.tensor(at, requires_grad=True)
        loss = L(*theta)
        dtheta, = torch.autograd.grad(loss, theta)
        H = torch.autograd.functional.hessian(lambda v: L(*v), theta.detach())
        assert surface(at) == pytest.approx(loss.item(), abs=1e-9)
        np.testing.assert_allclose(surface.gradient(at), dtheta.numpy(), atol=1e-9)
        np.testing.assert_allclose(surface.curvatures(at), torch.linalg.eigvalsh(H).numpy()[::-1], atol=1e-9)
        assert js("surfaces.js", [["value", surface.terms, at.tolist()], ["gradient", surface.terms, at.tolist()]]) == [
            surface(at), surface.gradient(at).tolist()]


@pytest.mark.parametrize("name", SURFACES)
def test_the_minima_are_all_there_are(name):
    surface, L = SURFACES[name], formula(name)
    found = set()
    for start in np.random.default_rng(1).uniform(-3, 3, (40, 2)):
        at = minimize(lambda v: L(*v), start, method="BFGS", options={"gtol": 1e-9}).x
        nearest = min(surface.minima, key=lambda v: math.dist(v, at))
        assert math.dist(nearest, at) < 1e-4
        found.add(nearest)
    assert found == set(surface.minima) and min(L(*at) for at in surface.minima) == pytest.approx(0, abs=1e-12)
    for at in surface.saddles:
        assert surface.gradient(at) == pytest.approx([0, 0]) and surface.curvatures(at)[0] > 0 > surface.curvatures(at)[1]


@pytest.mark.parametrize("state", STATES, ids=str)
def test_the_paths_are_torchs(state):
    import torch

    widget = DescentExplorer(**state)
    L = formula(widget.surface)
    for name, make in {"SGD": lambda p: torch.optim.SGD(p, lr=widget.lr), "Momentum": lambda p: torch.optim.SGD(p, lr=widget.lr, momentum=widget.momentum),
                       "Adam": lambda p: torch.optim.Adam(p, lr=widget.lr)}.items():
        path = widget.paths()[name]
        theta = torch.tensor(widget.start, dtype=torch.float64, requires_grad=True)
        optimizer = make([theta])
        for at in path[:40]:
            np.testing.assert_allclose(at, theta.detach().numpy(), rtol=1e-6, atol=1e-8)
            optimizer.zero_grad()
            L(*theta).backward()
            optimizer.step()
        diverged = abs(path[-1]).max() > 1000
        assert np.isfinite(path).all() and (diverged or len(path) == 101) and (abs(path[:-1]) <= 1000).all()


def test_the_page_takes_the_same_steps(js):
    widgets = [DescentExplorer(**state) for state in STATES]
    calls = [["descend", {**w._spec, "terms": w._spec["surfaces"][w.surface]["terms"], "start": w.start, "lr": w.lr, "momentum": w.momentum}] for w in widgets]
    for widget, found in zip(widgets, js("surfaces.js", calls), strict=True):
        for (name, path), got in zip(widget.paths().items(), found, strict=True):
            if name == "Adam":  # beta^t differs in its last bit
                np.testing.assert_allclose(got["path"], path, rtol=1e-9, atol=1e-9)
            else:
                assert got["path"] == path.tolist()
            assert got["diverged"] == (abs(path[-1]).max() > 1000)


@pytest.mark.parametrize("name", QUADRATICS)
def test_the_critical_rates_are_where_the_steps_begin_to_grow(name):
    curvature = SURFACES[name].curvatures((0, 0))[0]
    start = [0.5, -0.4]  # along no axis
    for beta in (0.0, 0.5, 0.9):
        edge = 2 * (1 + beta) / curvature
        for lr, grows in ((0.98 * edge, False), (1.02 * edge, True)):
            path = DescentExplorer(name, lr=lr, momentum=beta, start=start).paths()["Momentum"]
            size = [SURFACES[name](theta) for theta in path]
            assert (max(size[-20:]) > size[0]) == grows, (beta, lr)
    text = DescentExplorer(name).describe()
    assert f"critical rate 2/{curvature:g} = {2 / curvature:.3f}, momentum below 2(1 + β)/{curvature:g} = {3.8 / curvature:.3f}." in text


def test_words_by_hand():
    """0.05 * 2.5² + 5 * 1.5² = 11.5625; a step of 0.19 leaves 0.981 of -2.5 and -0.9 of 1.5."""
    widget = DescentExplorer(step=1)
    assert "multiplies the distance from the minimum by 1 − 0.190 × 10 = −0.90 across and by 1 − 0.190 × 0.1 = 0.98 along." in widget._text
    assert "After 1 step: SGD is at (−2.45, −1.35) with loss 9.4; momentum is at (−2.45, −1.35) with loss 9.4; Adam is at (−2.31, 1.31) with loss 8.8." in widget._text
    widget.momentum = 0
    assert "momentum has β = 0.00 and is SGD then." in widget._text
    widget.lr, widget.step = 1.0, 100  # 1 - 10 = -9: 1.5 * 9³ = 1093.5
    assert "SGD has diverged, in step 3 it got more than 1000 from 0;" in widget._text
    widget.step = 2
    assert "diverged" not in widget._text
    widget.step = 0
    assert widget._text.endswith("Nobody has moved yet.")


def test_it_begins_with_three_ways_to_go():
    paths = DescentExplorer().paths()
    side = np.sign(paths["SGD"][:, 1])
    assert (side[1:] == -side[:-1]).all()  # SGD changes sides at every step,
    assert paths["Momentum"][:, 0].max() > 0.5 and (paths["SGD"][:, 0] < 0).all()  # momentum overshoots, SGD never arrives,
    assert np.diff(paths["Adam"], axis=0)[0] == pytest.approx([0.19, -0.19])  # and Adam takes both directions alike


def test_what_the_surfaces_are_there_for():
    saddle = DescentExplorer("saddle", start=[-1, 0]).paths()
    assert all(path[-1] == pytest.approx([0, 0], abs=0.02) for path in saddle.values())  # on the ridge all end on the saddle,
    saddle = DescentExplorer("saddle", lr=0.05).paths()
    assert saddle["SGD"][30, 1] < 0.3 and saddle["Adam"][30, 1] > 1.5  # and beside it SGD waits longest
    two = DescentExplorer("two minima").paths()
    assert [round(two[name][-1, 0], 1) for name in ("SGD", "Momentum", "Adam")] == [-1.5, 2.0, -1.5]
    straight, tilted = DescentExplorer(start=[-2.0, 1.0]), DescentExplorer("tilted valley", start=[-2.0, 1.0])
    turn = np.array([[1, 1], [-1, 1]]) / 2**0.5
    tilted.start = (straight.start @ turn).tolist()
    for name, same in (("SGD", True), ("Momentum", True), ("Adam", False)):  # only Adam cares how the axes lie
        assert np.allclose(straight.paths()[name] @ turn, tilted.paths()[name], atol=1e-6) == same


def state_of(widget):
    return {**widget._spec, **{name: getattr(widget, name) for name in widget._spec["arguments"]}}


def test_it_is_described_alike(js):
    rng = np.random.default_rng(2)
    some = [dict(surface=str(rng.choice(list(SURFACES))), start=rng.uniform(-3, 3, 2).round(2), lr=float(10 ** rng.uniform(-2, 1)),
                 momentum=float(rng.uniform(0, 0.99)), step=int(rng.integers(0, 101))) for _ in range(60)]
    widgets = [DescentExplorer(**state) for state in STATES + some]
    assert js("descent.js", [["describe", state_of(w)] for w in widgets]) == [w.describe() for w in widgets]


@pytest.mark.parametrize("name", SURFACES)
def test_the_lines_of_the_map_lie_on_their_levels(name, js):
    surface = SURFACES[name]
    levels, = js("surfaces.js", [["levels", surface.terms, 3]])
    lines, = js("surfaces.js", [["contours", surface.terms, 3, levels, 72]])
    assert len(levels) >= 8 and all(lines)
    for level, segments in zip(levels, lines, strict=True):
        ends = np.array(segments).reshape(-1, 2)
        steep = np.array([np.hypot(*surface.gradient(at)) for at in ends])
        off = abs(np.array([surface(at) for at in ends]) - level)
        assert (off <= 0.01 * steep + 0.02).all() and abs(ends).max() <= 3
    if name == "bowl":  # circles, whole ones as far as they fit into the square
        for level, segments in zip(levels, lines, strict=True):
            if level < 4.5:
                length = sum(math.dist(p, q) for p, q in segments)
                assert length == pytest.approx(2 * math.pi * math.sqrt(2 * level), rel=0.06)


def test_names_keep_apart_and_inside(js):
    rng = np.random.default_rng(3)
    random = [[rng.uniform(0, 300, (n, 2)).tolist() for _ in range(3)] for n in (1, 5, 100)]
    for trails in [*random, [[[40 + 5 * k, 150] for k in range(40)]] * 3]:  # and three that lie upon each other
        found, = js("surfaces.js", [["places", trails, [0, 0, 300, 300], [70, 15]]])
        for i, place in enumerate(found):
            x, y = place["middle"]
            assert 35 <= x <= 265 and 7 <= y <= 293
            for other in found[:i]:
                assert abs(other["middle"][0] - x) > 70 or abs(other["middle"][1] - y) > 15
    assert js("surfaces.js", [["places", [[], [[150, 150]]], [0, 0, 300, 300], [70, 15]]])[0][0] is None


@pytest.mark.parametrize("arguments", [dict(), dict(surface="saddle", start=[0.1 + 0.2, -1e-7], lr=0.0123, momentum=0.0, step=0)])
def test_python_text_rebuilds_it(js, arguments):
    widget = DescentExplorer(**arguments)
    state = {name: getattr(widget, name) for name in widget._spec["arguments"]}
    for text in (widget.to_python(), js("state.js", [["toPython", "DescentExplorer", state]])[0]):
        again = eval(text, {"mb": mb})
        assert {name: getattr(again, name) for name in state} == state


def test_a_surface_brings_its_start_unless_one_is_given():
    assert DescentExplorer("saddle").start == [-2.5, 0.05] and DescentExplorer("saddle", start=[1, 1]).start == [1.0, 1.0]
    with pytest.raises(traitlets.TraitError, match="surface must be one of bowl, .*'plain'"):
        DescentExplorer("plain")


@pytest.mark.parametrize("wanted, kept", [({"lr": 0.02}, True), ({"lr": 0.001}, False), ({"lr": "1"}, False), ({"step": 2.5}, False), ({"step": 100}, True),
                                          ({"start": [3, -3]}, True), ({"start": [3.1, 0]}, False), ({"momentum": 1}, False), ({"surface": "toString"}, False)])
def test_a_link_sets_only_what_is_allowed(js, wanted, kept):
    assert js("state.js", [["accept", DescentExplorer()._spec["limits"], wanted]]) == [wanted if kept else {}]
