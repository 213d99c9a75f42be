"""ApproximationBuilder in an open page: curves and scores against the package, and drawing by mouse, finger and keyboard."""

import re

import numpy as np
import pytest
from explorable import numbers

import mlpbook as mb

NAME = "ApproximationBuilder-1"
GRAPH = ".mb-graph"


def drawn_line(it, selector):
    to_x, to_y = it.axes(GRAPH)
    d = it.root.locator(selector).get_attribute("d")
    return np.array([[to_x(float(x)), to_y(float(y))] for x, y in re.findall(r"(-?\d+\.?\d*) (-?\d+\.?\d*)", d)])


def spot(it, x, y):
    """Where (x, y) lies in the window."""
    to_x, to_y = it.axes(GRAPH)
    return it.window_point(GRAPH, (x - to_x(0)) / (to_x(1) - to_x(0)), (y - to_y(0)) / (to_y(1) - to_y(0)))


STATES = [{}, {"target": "chirp", "best_heights": True, "knots": [0.3, 0.5, 0.8]}, {"target": "wave", "units": "steps"},
          {"target": "cliff", "units": "steps", "best_heights": True, "knots": [0.5, 0.6, 0.7]}, {"target": "roof", "knots": [0.37]}]


@pytest.mark.parametrize("state", STATES)
def test_curves_and_scores_are_the_packages(state, hold):
    it = hold(state)
    widget = it.widget()
    target, line = drawn_line(it, ".mb-target-curve"), drawn_line(it, ".mb-curve")
    np.testing.assert_allclose(target[:, 1], widget.f(target[:, 0]), atol=0.02)
    x = np.linspace(0, 1, 997)
    x = x[(abs(x[:, None] - widget.knots) > 0.01).all(axis=1)]
    np.testing.assert_allclose(np.interp(x, *line.T), widget.mlp()(x[:, None])[:, 0], atol=0.02)
    score = widget.score()
    chart = it.root.locator(".mb-score").get_attribute("aria-label")
    shown = [numbers(part)[-1] for part in chart.split(";")]
    assert shown == pytest.approx([score["bound"], score["error"], score["even"], score["best"]], abs=0.51e-4)
    assert it.words() == widget.describe()
    assert it.root.locator(".mb-ray").count() == widget.mlp().sizes[1]


def test_the_best_knots_are_as_good_as_the_best(hold):
    for state in [{"target": "wave"}, {"target": "drawn by hand"}, {"target": "bump and slope", "units": "steps"}]:
        it = hold(state)
        before = it.seen()
        it.root.get_by_role("button", name="Best knots").click()
        it.wait_until_seen_changes(before)
        assert "as small as the best" in it.words()
        score = it.widget().score()
        assert score["error"] == pytest.approx(score["best"], rel=5e-3)
        it.root.get_by_role("button", name="Spread evenly").click()
        assert it.state()["knots"] == pytest.approx([0.2, 0.4, 0.6, 0.8])


def test_the_slider_counts_units(hold):
    for units, low, high in [("hinges", 2, 13), ("steps", 1, 12)]:
        it = hold({"units": units})
        slider = it.root.get_by_role("slider", name="units n")
        assert [int(slider.get_attribute(name)) for name in ("min", "max")] == [low, high]
        for key, n in [("End", high), ("Home", low), ("ArrowRight", low + 1)]:
            slider.press(key)
            assert it.widget().mlp().sizes == [1, n, 1]
            assert it.state()["knots"] == pytest.approx(np.linspace(0, 1, n + 1 + (units == "steps"))[1:-1], abs=1e-4)


def test_a_knot_stops_before_its_neighbour(hold):
    it = hold()
    slider = it.root.locator("label", has_text="knot 2").locator("input")
    slider.press("End")
    assert it.state()["knots"] == pytest.approx([0.12, 0.71, 0.72, 0.86])
    assert float(slider.input_value()) == 0.71
    it.tab_to("Knot 2")
    it.page.keyboard.press("ArrowRight")
    assert it.state()["knots"][1] == 0.71
    it.tab_to("Knot 2")
    it.page.keyboard.press("Home")
    assert it.state()["knots"][1] == 0.13


def test_a_curve_is_drawn_by_mouse(hold):
    it = hold({"target": "drawn by hand", "drawn": [0.0] * 33})
    it.page.mouse.move(*spot(it, 0.25, 0.8))
    it.page.mouse.down()
    it.page.mouse.move(*spot(it, 0.75, -0.4))  # one quick stroke: all between follows
    it.page.mouse.up()
    state = it.state()
    expected = np.zeros(33)
    expected[8:25] = np.linspace(0.8, -0.4, 17)
    np.testing.assert_allclose(state["drawn"], expected, atol=0.021)
    assert state["x"] == 0.75
    it.page.mouse.move(*spot(it, 0.9, 0.9))
    assert it.state() == state  # let go


def test_a_curve_is_drawn_by_finger_and_a_named_one_lets_it_pass(hold):
    phone = {"viewport": {"width": 390, "height": 800}, "has_touch": True, "is_mobile": True}
    for target, draws in [("drawn by hand", True), ("wave", False)]:
        it = hold({"target": target}, **phone)
        touch = it.page.context.new_cdp_session(it.page)
        (x, y), (x2, y2) = spot(it, 0.2, -0.9), spot(it, 0.4, 0.9)
        was, scrolled = it.state(), it.page.evaluate("scrollY")
        touch.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]})
        for k in range(1, 7):
            at = {"x": x + (x2 - x) * k / 6, "y": y + (y2 - y) * k / 6}
            touch.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [at]})
        touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
        if draws:
            it.page.wait_for_function("from => scrollY === from", arg=scrolled)
            assert it.state()["drawn"][13] == pytest.approx(0.9, abs=0.06) and it.state()["drawn"][6] == pytest.approx(-0.9, abs=0.06)
        else:
            it.page.wait_for_function("from => scrollY > from", arg=scrolled)
            assert it.state() == was


def test_a_second_finger_neither_draws_nor_drags(hold):
    it = hold({"target": "drawn by hand", "drawn": [0.0] * 33, "knots": [0.3, 0.7]}, viewport={"width": 1280, "height": 900}, has_touch=True)
    touch = it.page.context.new_cdp_session(it.page)

    def send(kind, *places):
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y, "id": k} for k, (x, y) in enumerate(places)]})

    first, second = spot(it, 0.125, 0.5), spot(it, 0.875, -0.5)
    send("touchStart", first)
    send("touchStart", first, second)
    send("touchMove", spot(it, 0.25, 0.5), second)
    send("touchEnd")
    drawn = it.state()["drawn"]
    np.testing.assert_allclose(drawn[4:9], 0.5, atol=0.021)
    assert not any(drawn[:4] + drawn[9:])
    x, y = it.grip("Knot 1")
    send("touchStart", (x, y))
    send("touchStart", (x, y), (x + 3, y))
    send("touchMove", (x, y), (x + 60, y))
    send("touchEnd")
    assert it.state()["knots"] == [0.3, 0.7]


def test_a_curve_is_drawn_by_keyboard_from_one_with_a_name(hold):
    it = hold({"target": "roof", "x": 0.5})
    roof = np.round(0.8 - 2.6 * abs(np.arange(33) / 32 - 0.37), 2)
    it.tab_to("Point on the target")
    it.page.keyboard.press("ArrowUp")
    it.page.keyboard.press("ArrowRight")
    it.page.keyboard.press("Shift+ArrowUp")
    state = it.state()
    assert (state["target"], state["x"]) == ("drawn by hand", 17 / 32)
    expected = roof.copy()
    expected[16:18] += [0.05, 0.5]
    np.testing.assert_allclose(state["drawn"], expected, atol=0.011)
    assert len(it.offered("Link to this").split("#")[1]) < 700  # a drawing fits in an address


def test_the_weights_are_shown_as_python(hold):
    it = hold({"show_weights": True})
    names = {"mb": mb}
    exec(it.root.locator("pre").text_content(), names)
    x = np.linspace(0, 1, 50)[:, None]
    np.testing.assert_allclose(names["mlp"](x), it.widget().mlp()(x), atol=1e-4)
    assert len(re.findall("relu", it.readout("ŷ = "))) == 5


BOXES = """(root, [text, line]) => {
  const box = (node) => { const b = node.getBBox(); return [b.x, b.y, b.x + b.width, b.y + b.height]; };
  const way = root.querySelector(line), label = root.querySelector(text);
  const ends = Array.from({length: 2001}, (_, i) => way.getPointAtLength(way.getTotalLength() * i / 2000));
  return [box(label), ends.map((p) => [p.x, p.y])];
}"""
LABELLED = [*STATES[:4], {"units": "steps", "x": 0.25, "knots": [0.2, 0.4, 0.6, 0.8]}, {"target": "chirp", "knots": [0.1, 0.9]}, {"knots": [0.9]},
            {"target": "wave", "knots": [0.97, 0.98]}]


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("state", LABELLED)
def test_the_number_of_the_largest_error_stands_clear_of_both_curves(state, width, hold):
    it = hold(state, viewport={"width": width, "height": 900})
    for line in (".mb-curve", ".mb-target-curve", ".mb-worst"):
        (left, top, right, bottom), points = it.root.evaluate(BOXES, [".mb-graph text.mb-orange", line])
        x, y = np.array(points).T
        assert right - left > 20 and not ((x > left) & (x < right) & (y > top + 2) & (y < bottom - 2)).any(), line
        frame = it.root.locator(".mb-graph .mb-frame").evaluate("node => { const b = node.getBBox(); return [b.x, b.y, b.x + b.width, b.y + b.height]; }")
        assert left >= frame[0] and right <= frame[2] and top >= frame[1] - 2 and bottom <= frame[3]


@pytest.mark.parametrize("units", ["hinges", "steps"])
def test_the_line_about_the_units_is_crossed_by_none_of_them(units, hold):
    it = hold({"units": units, "knots": [0.2, 0.4, 0.6, 0.8]}, viewport={"width": 390, "height": 900})
    text, frame = (it.root.locator(f".mb-units {name}").bounding_box() for name in (".mb-small", ".mb-frame"))
    assert text["y"] + text["height"] <= frame["y"] + 1 and text["x"] + text["width"] <= frame["x"] + frame["width"]


def test_it_says_why_the_same_knots_are_a_unit_less(hold):
    it = hold({"knots": [0.2, 0.4, 0.6, 0.8]})
    count = it.root.get_by_role("slider", name="units n")
    assert count.input_value() == "5" and "the same 4 knots make 5 hinges or 4 steps" in it.readout("Grey, dashed")
    it.root.get_by_label("Built from").select_option("steps")
    assert count.input_value() == "4" and "the same 4 knots make 5 hinges or 4 steps" in it.readout("Grey, dashed")
    assert it.state()["knots"] == [0.2, 0.4, 0.6, 0.8]  # nothing was moved


def test_the_held_knots_unit_stands_out(hold):
    it = hold()
    assert it.root.locator(".mb-held").count() == 0
    it.tab_to("Knot 2")
    held = it.root.locator(".mb-ray").evaluate_all("all => all.map((ray) => ray.classList.contains('mb-held'))")
    assert held == [False, False, True, False, False]  # the first hinge stands at 0, without a handle
