"""PerceptronExplorer in an open page: the picture against the package, placing and removing points, running and stopping."""

import re

import numpy as np
import pytest

from mlpbook.perceptron import MulticlassPerceptron, Perceptron
from mlpbook.widgets import PerceptronExplorer

NAME = "PerceptronExplorer-1"
PLANE = ".mb-plane:not(.mb-strip)"
PRESETS = dict(PerceptronExplorer()._spec["presets"])
XOR, THREE = ({"points": PRESETS[name], "step": 0} for name in ("XOR", "three groups"))


def press(it, button):
    it.root.get_by_role("button", name=button).evaluate("button => button.click()")


def mistakes(points, seed=None):
    rows = np.array(points)
    return (MulticlassPerceptron if rows[:, 2].max() > 1 else Perceptron).learn(rows[:, :2], rows[:, 2].astype(int), seed=seed).mistakes


def ends(it, selector, to_x, to_y, which=0):
    """The points of a drawn path, read off the axes."""
    d = it.root.locator(selector).nth(which).get_attribute("d")
    return np.array([[to_x(float(x)), to_y(float(y))] for x, y in re.findall(r"(-?\d+\.?\d*) (-?\d+\.?\d*)", d)])


# --- the picture

@pytest.mark.parametrize("seed", [None, 5])
def test_next_mistake_goes_through_the_packages_mistakes(seed, hold):
    """Line, line before, arrows and table after each, until it has converged; then nothing is left to press."""
    points = PRESETS["two groups"]
    it = hold({"points": points, "step": 0, "seed": seed})
    to_x, to_y = it.axes(PLANE)
    assert it.root.locator(".mb-arrows > *").count() == 0
    for count, mistake in enumerate(mistakes(points, seed), 1):
        press(it, "Next mistake")
        assert f"the rule has made {count} mistake" in it.words()
        assert f"point {mistake.index + 1} of class {points[mistake.index][2]}" in it.words()
        after, before = mistake.after, mistake.before
        if np.any(after[1:]) and len(line := ends(it, ".mb-line:not(.mb-before)", to_x, to_y)):
            assert line @ after[1:] + after[0] == pytest.approx([0, 0], abs=0.03 * np.linalg.norm(after[1:]))
        if np.any(before[1:]) and len(line := ends(it, ".mb-before", to_x, to_y)):
            assert line @ before[1:] + before[0] == pytest.approx([0, 0], abs=0.03 * np.linalg.norm(before[1:]))
        note = re.search(r"drawn at 1/(\d+)", it.readout("Thin ring"))
        update = ends(it, ".mb-update", to_x, to_y) * (int(note[1]) if note else 1)
        np.testing.assert_allclose(update, [before[1:], after[1:]], atol=0.1)
        cells = it.root.locator("tbody td").all_text_contents()
        assert [float(cell.replace("−", "-")) for cell in cells] == pytest.approx([*before, *(after - before), *after])
    press(it, "Next mistake")
    assert "has converged" in it.words()
    assert it.root.locator("button[aria-disabled]").all_text_contents() == ["Next mistake", "Next sample", "Run"]
    still = it.seen()
    for button in ("Next mistake", "Next sample", "Run"):
        press(it, button)
    assert it.seen() == still
    press(it, "Start again")
    assert it.state()["step"] == 0


def test_three_classes_have_three_arrows_and_two_updates(hold):
    it = hold(THREE)
    to_x, to_y = it.axes(PLANE)
    for mistake in mistakes(THREE["points"]):
        press(it, "Next mistake")
        drawn = [ends(it, ".mb-update", to_x, to_y, k) for k in range(it.root.locator(".mb-update").count())]
        changed = [c for c in range(3) if np.any(mistake.after[1:, c] != mistake.before[1:, c])]
        note = re.search(r"drawn at 1/(\d+)", it.readout("Thin ring"))
        scale = int(note[1]) if note else 1
        truth = sorted([mistake.before[1:, c].tolist(), mistake.after[1:, c].tolist()] for c in changed)
        np.testing.assert_allclose(sorted((scale * each).tolist() for each in drawn), truth, atol=0.2)
    press(it, "Next sample")
    assert it.root.locator(".mb-update").count() == 0


def test_rings_mark_the_wrong_points(hold):
    points = PRESETS["two groups"]
    it = hold()
    before = mistakes(points)[2].after  # three mistakes made
    x, s = np.array(points)[:, :2], 2 * np.array(points)[:, 2] - 1
    wrong = s * (x @ before[1:] + before[0]) <= 0
    shown = it.root.locator(".mb-wrong").evaluate_all("all => all.map((ring) => ring.getAttribute('visibility'))")
    assert [value == "visible" for value in shown] == wrong.tolist()
    assert it.root.locator(".mb-mistaken").count() == 1


def test_every_ring_is_named(hold):
    it = hold()
    chosen = it.root.locator(".mb-spot[data-chosen=true] .mb-ring")
    assert chosen.count() == 1 and chosen.evaluate("ring => getComputedStyle(ring).strokeDasharray") == "2px, 2px"
    legend = it.readout("Thin ring")
    assert "Violet dotted ring: the point chosen below." in legend and "Thick ring: met last, a mistake." in legend
    it = hold({"points": []})
    assert "Violet dotted ring" not in it.readout("Thin ring")  # where there is none


def test_the_widest_margin_is_shown_only_when_asked_for(hold):
    it = hold()
    assert it.root.locator(".mb-widest").get_attribute("d") == ""
    it.root.get_by_label("show the widest margin").check()
    to_x, to_y = it.axes(PLANE)
    (p, q) = ends(it, ".mb-widest", to_x, to_y)
    sides = [np.sign(np.linalg.det([q - p, np.array(point[:2]) - p])) for point in PRESETS["two groups"]]
    assert len({side * (2 * point[2] - 1) for side, point in zip(sides, PRESETS["two groups"], strict=True)}) == 1
    it.follow({**XOR, "best": True})
    assert it.root.locator(".mb-widest").get_attribute("d") == ""
    assert it.readout("No bound") and it.root.locator(".mb-network").is_hidden()


# --- points by hand

def click(it, x, y):
    to_x, to_y = it.axes(PLANE)
    at = [(value - to(0)) / (to(1) - to(0)) for to, value in ((to_x, x), (to_y, y))]
    it.page.mouse.click(*it.window_point(PLANE, *at))


def test_a_click_places_a_point_of_the_class_that_is_chosen(hold):
    it = hold({"points": [], "step": 11})
    assert it.words().startswith("A perceptron without points")
    for c, (x, y) in enumerate([(-2, 1), (1.5, 2.25), (0, -3)]):
        press(it, f"Place points of class {c}")
        click(it, x + 0.06, y - 0.06)
        assert it.focused() == f"Point {c + 1}"
        assert it.state()["points"][c:] == [[x, y, c]]
    assert "3 points of three classes" in it.words()
    click(it, 1.5, 2.25)  # on a point: chosen, not doubled
    assert it.focused() == "Point 2" and len(it.state()["points"]) == 3


def test_points_by_keyboard_alone(hold):
    it = hold({"points": [[1, 1, 1]], "step": 5})
    it.tab_to("Add a point")
    it.page.keyboard.press("Enter")
    assert it.focused() == "Point 2" and it.state()["points"] == [[1, 1, 1], [0, 0, 1]]
    it.tab_to("Point 2")
    for key in ["0", "ArrowLeft", "Shift+ArrowUp", "ArrowUp"]:
        it.page.keyboard.press(key)
    assert it.state()["points"][1] == [-0.25, 2.75, 0]
    it.tab_to("Point 1")
    it.page.keyboard.press("2")
    assert it.state()["points"][0] == [1, 1, 2]
    it.tab_to("Point 1")
    it.page.keyboard.press("Delete")
    assert it.state()["points"] == [[-0.25, 2.75, 0]]
    it.tab_to("Point 1")
    it.page.keyboard.press("Backspace")
    it.page.evaluate("() => new Promise(requestAnimationFrame)")
    assert it.focused() == "Add a point"
    assert it.words().startswith("A perceptron without points")
    it.page.keyboard.press("Enter")
    assert it.state()["points"] == [[0, 0, 1]]


def test_the_buttons_reach_every_point_and_stop_at_the_most(hold):
    it = hold({"points": [[-3, -3, 0], [3, 3, 1]], "step": 2})
    press(it, "Next point")
    it.root.locator(".mb-own select").select_option("2")
    assert it.state()["points"] == [[-3, -3, 0], [3, 3, 2]]
    press(it, "Next point")
    press(it, "Remove point")
    assert it.state()["points"] == [[3, 3, 2]]
    for _ in range(30):
        press(it, "Add a point")
    points = it.state()["points"]
    assert len(points) == 24 == len({tuple(point[:2]) for point in points})
    assert "as many as there can be" in it.readout("Point 24 of 24")


def test_a_finger_places_and_a_swipe_does_not(hold):
    it = hold({"points": [[-3, -3, 0], [3, 3, 1]], "step": 2}, viewport={"width": 390, "height": 800}, has_touch=True, is_mobile=True)
    to_x, to_y = it.axes(PLANE)
    x, y = it.window_point(PLANE, *[(value - to(0)) / (to(1) - to(0)) for to, value in ((to_x, -1), (to_y, 2))])
    it.page.touchscreen.tap(x, y)
    it.page.wait_for_function("document.querySelectorAll('#PerceptronExplorer-1 .mb-spot').length === 3")
    assert it.state()["points"][2] == [-1, 2, 1]
    x, y = it.window_point(PLANE, *[(value - to(0)) / (to(1) - to(0)) for to, value in ((to_x, -2.5), (to_y, 1))])
    scrolled = it.page.evaluate("scrollY")
    touch = it.page.context.new_cdp_session(it.page)
    touch.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]})
    for k in range(1, 7):
        touch.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [{"x": x, "y": y - 20 * k}]})
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    it.page.wait_for_function("from => scrollY > from", arg=scrolled)
    assert len(it.state()["points"]) == 3


# --- running

STEP = "document.querySelector('#PerceptronExplorer-1 .mb-scrub input').value"
RUNS = "[...document.querySelectorAll('#PerceptronExplorer-1 .mb-player button')].some((b) => b.textContent === 'Run')"


def test_run_stops_where_it_has_converged(hold):
    it = hold({"points": [[2, 1, 1], [-2, -1, 0]], "step": 0})
    press(it, "Run")
    it.page.wait_for_function(f"{STEP} === '4' && {RUNS}")
    assert "has converged" in it.words()


@pytest.mark.parametrize("how", ["Pause", "Next sample", "Start again", "Reset", "slider", "scrolling away"])
def test_xor_runs_until_somebody_stops_it(how, hold):
    it = hold(XOR, viewport={"width": 1280, "height": 500})
    press(it, "Run")
    it.page.wait_for_function(f"{STEP} > 3")
    if how == "slider":
        it.tab_to("Samples met")
        it.page.keyboard.press("Home")
    elif how == "scrolling away":
        it.page.evaluate("scrollTo({top: document.body.scrollHeight, behavior: 'instant'})")
    else:
        press(it, how)
    it.page.wait_for_function(RUNS)
    if how in {"Reset", "Start again", "slider"}:
        assert it.page.evaluate(STEP) == {"Reset": "11"}.get(how, "0")
    still = it.seen()
    it.page.evaluate("async () => { for (let k = 0; k < 30; k++) await new Promise(requestAnimationFrame); }")
    assert it.seen() == still


def test_a_run_without_end_has_a_slider_that_grows(hold):
    it = hold(XOR)
    for least in (31, 63, 127):
        it.tab_to("Samples met")
        it.page.keyboard.press("End")
        it.page.wait_for_function(f"{STEP} > {least}")
    it.follow({**XOR, "step": 5000})
    assert it.page.evaluate(STEP) == "5000" and "The picture goes no further." in it.words()


def test_where_motion_is_unwelcome_it_goes_from_pass_to_pass(hold):
    it = hold({"points": PRESETS["two groups"], "step": 5}, reduced_motion="reduce")
    reached = []
    for _ in range(3):
        press(it, "One pass")
        reached.append(it.state()["step"])
    assert reached == [9, 18, 27]


# --- what nobody should be able to break

@pytest.mark.parametrize("state", [{"points": [[1, 1, 0], [1, 1, 1]], "step": 77}, {"points": [[0, 0, 2]], "step": 3},
                                   {"points": [[4, 4, 0]] * 24, "step": 5000, "seed": 9, "best": True}, {"points": [[1, 2, 7]], "step": 2.5},
                                   {"points": [[1 / 3, -1e-300, 1], [0.1, 0.2, 0]], "step": 5000}, '{"points": [[]], "seed": "x"}'])
def test_odd_states_open_and_say_what_python_says(state, hold):
    it = hold(state)
    for button in ("Next mistake", "Next sample", "Next point", "Add a point", "Remove point", "Remove point", "Next mistake"):
        press(it, button)
    assert it.words() == it.widget().describe()


def test_without_points_there_is_nowhere_to_go(hold):
    it = hold({"points": [], "step": 7})
    slider = it.root.locator(".mb-scrub input")
    assert (slider.get_attribute("max"), slider.input_value()) == ("1", "0")
    assert "NaN" not in it.root.locator(".mb-strip").inner_html()
