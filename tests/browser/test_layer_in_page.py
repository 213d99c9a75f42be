"""LayerExplorer in an open page: what is drawn against NumPy, playing and stopping, and sixty frames a second."""

import re

import numpy as np
import pytest
import referee
from explorable import numbers

NAME = "LayerExplorer-1"
PLANE = ".mb-plane:not(.mb-strip)"
XOR = np.array([[1, 1], [-1, -1], [1, -1], [-1, 1]])
STAGE = "document.querySelector('#LayerExplorer-1 .mb-scrub input')"


def places(it, selector, to_x, to_y):
    """The numbers at which marks are drawn, read off the axes."""
    found = it.root.locator(selector).evaluate_all("all => all.map((node) => node.getAttribute('transform'))")
    return np.array([[to_x(float(x)), to_y(float(y))] for x, y in (re.findall(r"-?\d+\.?\d*", each) for each in found)])


@pytest.mark.parametrize("activation", ["relu", "tanh", "step", "leaky_relu"])
def test_points_folds_and_the_line_are_where_numpy_has_them(activation, hold):
    it = hold()
    to_x, to_y = it.axes(PLANE)
    random = np.random.default_rng(3)
    W1, W2 = random.uniform(-1.5, 1.5, (2, 2, 2)).round(2)
    b1, b2 = random.uniform(-1, 1, (2, 2)).round(2)
    state = {"W1": W1.tolist(), "b1": b1.tolist(), "W2": W2.tolist(), "b2": b2.tolist(), "activation": activation, "two_layers": True}
    stages = [XOR]
    for W, b in ((W1, b1), (W2, b2)):
        stages += [stages[-1] @ W, stages[-1] @ W + b]
        stages.append(referee.phi(activation, stages[-1]))
    for stage in [0, 1, 2, 3, 4, 5, 6, 1.5, 2.25, 5.75]:
        it.follow({**state, "stage": stage})
        low, part = int(stage), stage - int(stage)
        truth = stages[low] + part * (stages[low + 1] - stages[low]) if part else stages[low]
        drawn = np.concatenate([places(it, ".mb-zero", to_x, to_y), places(it, ".mb-one", to_x, to_y)])
        np.testing.assert_allclose(drawn, truth, atol=0.01)

        line = it.root.locator(".mb-line").get_attribute("d")
        said = "in this picture yes" in it.words()
        if line:
            assert said
            (p, q) = np.array([[to_x(float(x)), to_y(float(y))] for x, y in re.findall(r"(-?\d+\.?\d*) (-?\d+\.?\d*)", line)])
            sides = [np.sign(np.linalg.det([q - p, x - p])) for x in truth]
            assert sides[0] == sides[1] == -sides[2] == -sides[3] != 0
            gap = min(abs(np.linalg.det([q - p, x - p])) for x in truth) / np.linalg.norm(q - p)
            assert numbers(it.words().rsplit("yes, with", 1)[1])[0] == pytest.approx(gap, abs=0.02)

    it.follow({**state, "stage": 2})  # before phi a unit's fold lies where that unit's sum is 0: on an axis
    dots = [np.array([[to_x(float(x)), to_y(float(y))] for x, y in re.findall(r"M(-?\d+\.?\d*) (-?\d+\.?\d*)h0", fold.get_attribute("d"))])
            for fold in it.root.locator(".mb-fold").all()]
    if activation == "tanh":
        assert [len(each) for each in dots] == [0, 0]
    else:
        assert [np.abs(each[:, j]).max() < 0.01 and len(each) > 20 for j, each in enumerate(dots)] == [True, True]


def test_the_start_is_not_separable_and_the_end_is(hold):
    it = hold()
    assert it.root.locator(".mb-line").get_attribute("d") == ""
    assert [band for band in it.root.locator(".mb-band").all() if band.is_visible()] == []  # for the reader to find
    assert "after layer 1" not in it.words() and "yes" not in it.words()
    it.tab_to("Stage")
    it.page.keyboard.press("PageUp")
    assert it.state()["stage"] == 1
    it.tab_to("Stage")
    for _ in range(2):
        it.page.keyboard.press("PageUp")
    assert it.state()["stage"] == 3
    assert it.root.locator(".mb-line").get_attribute("d") != ""
    assert it.root.locator(".mb-band").is_visible() and "after layer 1 yes" in it.words()
    assert "separates the classes at stages from" in it.root.locator(".mb-strip").get_attribute("aria-label")
    it.tab_to("Stage")
    it.page.keyboard.press("PageDown")
    it.page.keyboard.press("ArrowRight")
    assert it.state()["stage"] == pytest.approx(2.1)
    it.tab_to("Stage")
    it.page.keyboard.press("PageDown")
    assert it.state()["stage"] == 2
    it.tab_to("Stage")
    it.page.keyboard.press("End")
    assert it.state()["stage"] == 6
    it.tab_to("Stage")
    it.page.keyboard.press("PageUp")
    it.page.keyboard.press("Home")
    assert it.state()["stage"] == 0


def test_a_second_layer_shown_or_not_ends_the_way(hold):
    it = hold({"stage": 5, "two_layers": False})
    scrubber = it.root.locator(".mb-scrub input")
    assert scrubber.evaluate("input => [input.max, input.value]") == ["3", "3"]
    assert "the outputs of layer 1" in it.words()
    assert it.root.locator("label:has-text('W₂')").first.is_hidden()
    it.root.get_by_label("a second layer").check()
    assert scrubber.evaluate("input => [input.max, input.value]") == ["6", "5"]
    assert "a W₂ + b₂" in it.words().replace("\u00a0", " ")
    assert [name for name, kind in it.controls() if kind == "handle"] == ["Image of e₁ under W₂", "Image of e₂ under W₂", "Shift b₂"]


def overlap(one, other):
    return (min(one["x"] + one["width"], other["x"] + other["width"]) - max(one["x"], other["x"]) > 0
            and min(one["y"] + one["height"], other["y"] + other["height"]) - max(one["y"], other["y"]) > 4)  # a line of text has room above


@pytest.mark.parametrize("state", [{"activation": "tanh", "stage": 3}, {}, {"stage": 2.9}, {"stage": 6}, {"activation": "tanh", "stage": 6},
                                   {"stage": 3, "two_layers": False, "b1": [1.9, 0.3]}])
def test_no_name_hides_a_point(state, hold):
    it = hold({"two_layers": state.get("stage", 0) > 3, **state})
    names = [text.bounding_box() for text in it.root.locator(f"{PLANE} text.mb-purple").all() if text.is_visible()]
    points = [mark.bounding_box() for mark in it.root.locator(f"{PLANE} :is(.mb-zero, .mb-one)").all()]
    assert len(names) == 3 and len(points) == 4
    assert [pair for pair in ((name, point) for name in names for point in points) if overlap(*pair)] == []


def test_it_is_large_enough_to_read_and_focus_rings_touch_nothing(hold):
    for width, least in [(1280, 380), (390, 320)]:
        it = hold({"stage": 3}, viewport={"width": width, "height": 900})
        assert it.root.locator(PLANE).bounding_box()["width"] >= least
        assert it.root.locator("svg").evaluate_all("""all => Math.min(...all.flatMap((svg) => [...svg.querySelectorAll("text")]
            .map((text) => parseFloat(getComputedStyle(text).fontSize) * svg.getScreenCTM().a)))""") >= 11
        scrub, play = (it.root.locator(f".mb-player {name}").bounding_box() for name in ("input", "button"))
        assert play["y"] - scrub["y"] - scrub["height"] >= 5  # px: 3 of outline, 2 away from what it is about


@pytest.mark.parametrize(("stage", "words"), [(0, None), (2, "shifted; the arrows show W₁ alone"), (3, "shifted and bent; the arrows show W₁ alone"),
                                              (6, "through layer 1 and shifted and bent; the arrows show W₂ alone")])
def test_it_says_what_thin_arrows_and_thick_edges_are(stage, words, hold):
    text = hold({"stage": stage}).readout("Drag the thin arrows")
    assert "thick edges as e₁ and e₂" in text
    assert ("The square has gone on" in text) == (words is not None) and (words or "") in text


def press_play(it):
    it.root.locator(".mb-player button").evaluate("button => button.click()")


def test_play_goes_to_the_end_and_stops_there(hold):
    it = hold({"stage": 4.5})
    assert it.root.locator(".mb-player button").text_content() == "Play"
    press_play(it)
    assert it.root.locator(".mb-player button").text_content() == "Pause"
    it.page.wait_for_function(f"{STAGE}.value > 4.8 && {STAGE}.value < 6")
    it.page.wait_for_function(f"{STAGE}.value === '6'")
    it.page.wait_for_function("document.querySelector('#LayerExplorer-1 .mb-player button').textContent === 'Play'")
    press_play(it)  # at the end it begins anew
    it.page.wait_for_function(f"{STAGE}.value < 1")


STOPS = {"Pause": press_play, "the keyboard": lambda it: (it.tab_to("Stage"), it.page.keyboard.press("ArrowLeft")),
         "Reset": lambda it: it.root.get_by_role("button", name="Reset").evaluate("button => button.click()"),
         "scrolling away": lambda it: it.page.evaluate("scrollTo({top: document.body.scrollHeight, behavior: 'instant'})")}


@pytest.mark.parametrize("how", STOPS)
def test_it_stops_when_asked_and_when_nobody_looks(how, hold):
    it = hold({"stage": 1.5}, viewport={"width": 1280, "height": 500})
    # the explorables above it may have grown since the link brought it into view
    it.root.locator(".mb-player").evaluate("node => node.scrollIntoView({block: 'center', behavior: 'instant'})")
    press_play(it)
    it.page.wait_for_function(f"{STAGE}.value > 1.6")
    STOPS[how](it)
    it.page.wait_for_function("document.querySelector('#LayerExplorer-1 .mb-player button').textContent === 'Play'")
    still = it.seen()
    it.page.evaluate("async () => { for (let k = 0; k < 10; k++) await new Promise(requestAnimationFrame); }")
    assert it.seen() == still
    assert it.state()["stage"] < 3


def test_where_motion_is_unwelcome_play_goes_from_stage_to_stage(hold):
    it = hold({"stage": 3.5}, reduced_motion="reduce")
    button = it.root.locator(".mb-player button")
    assert button.text_content() == "Next stage"
    reached = []
    for _ in range(4):
        press_play(it)
        reached.append(it.state()["stage"])
    assert reached == [4, 5, 6, 0]


def test_a_dragged_row_lies_under_the_pointer_and_moves_its_own_matrix(hold):
    it = hold({"stage": 3.01})
    to_x, to_y = it.axes(PLANE)
    for handle, key, row, (x, y) in [("Image of e₁ under W₂", "W2", 0, (2, 1)), ("Image of e₂ under W₂", "W2", 1, (-2, -3)), ("Shift b₂", "b2", None, (1, -2))]:
        was = it.state()
        at = it.grip(handle)
        inverse = [(value - to(0)) / (to(1) - to(0)) for to, value in ((to_x, x), (to_y, y))]
        target = it.window_point(PLANE, *inverse)
        it.page.mouse.move(*at)
        it.page.mouse.down()
        it.page.mouse.move(*target, steps=4)
        it.page.mouse.up()
        now = it.state()
        assert {trait for trait in now if now[trait] != was[trait]} == {key}
        assert (now[key] if row is None else now[key][row]) == pytest.approx([x, y], abs=0.051)
