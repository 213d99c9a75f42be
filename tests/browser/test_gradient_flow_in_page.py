"""GradientFlowExplorer in an open page: its table, curves and cursor against Python, and an answer within 50 ms."""

import re

import numpy as np
import pytest

import mlpbook as mb
from mlpbook.widgets.text import magnitude

NAME = "GradientFlowExplorer-1"
STATES = [{}, {"activation": "relu", "init": "lecun", "depth": 30, "width": 32, "layer": 12}, {"init": "zeros", "depth": 4},
          {"activation": "identity", "init": "he", "k": 3.0, "depth": 25}, {"depth": 1, "width": 1}, {"depth": 3, "layer": 30, "k": 0.4}]
SUPER = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")


def twin(state):
    return mb.widgets.GradientFlowExplorer(**{"width": 16, **state})


def table(it):
    return it.root.locator(".mb-matrix tbody tr").evaluate_all("rows => rows.map((row) => [...row.children].map((cell) => cell.textContent))")


def height_to_value(svg):
    """From a height in the picture to the number there, by the ticks of its logarithmic axis."""
    ticks = svg.evaluate("""svg => [...svg.querySelectorAll('.mb-ticks text')].filter((t) => t.getAttribute('text-anchor') === 'end')
        .map((t) => [t.textContent, t.y.baseVal[0].value - 4])""")
    at = {y: 0 if text == "1" else int(text[2:].translate(SUPER)) for text, y in ticks if text != "0"}
    slope, offset = np.polyfit(list(at), list(at.values()), 1)
    zero = [y for text, y in ticks if text == "0"]
    return lambda y: 0 if zero and y > zero[0] - 1 else 10 ** (slope * y + offset)


@pytest.mark.parametrize("state", STATES, ids=str)
def test_table_curves_and_words_are_pythons(state, hold):
    it, widget = hold(state), twin(state)
    rows, layer = widget.flow(), min(widget.layer, widget.depth)
    shown = sorted({1, layer, widget.depth})
    assert table(it) == [[str(at), *map(magnitude, rows[at - 1])] for at in shown]
    assert it.words() == widget.describe()
    for k, columns in enumerate([(0, 1), (3, 2)]):
        svg = it.root.locator("svg.mb-graph").nth(k)
        value = height_to_value(svg)
        for at, column in enumerate(columns):
            d = svg.locator(".mb-flows .mb-flow-marks").nth(at).get_attribute("d")
            marks = re.findall(r"M[-\d.]+ ([-\d.]+)(a3|h5)", d)
            heights = [float(y) + (2.8 if kind == "h5" else 0) for y, kind in marks]
            assert len(heights) == widget.depth
            for y, truth in zip(heights, rows[:, column], strict=True):
                assert (value(y) == truth == 0) or np.log10(value(y)) == pytest.approx(np.log10(truth), abs=0.3)


def test_the_first_move_answers_at_once(hold):
    it = hold()
    assert it.readout("gradient is").startswith("Vanishing: the gradient is below 0.01 in ")
    for label, choice, words in [("Activation", "tanh", "Healthy:"), ("Weights", "zeros", "No gradient:"), ("Activation", "sigmoid", "Cut off:")]:
        it.root.get_by_label(label).select_option(choice)
        it.page.wait_for_function("([id, words]) => document.querySelector(`#${id} .mb-verdict`).textContent.startsWith(words)", arg=[NAME, words])


@pytest.mark.parametrize("touch", [False, True])
def test_a_tap_on_either_picture_chooses_the_layer(touch, hold):
    it = hold({"depth": 10}, **({"viewport": {"width": 390, "height": 800}, "has_touch": True, "is_mobile": True} if touch else {}))
    for k, layer in [(0, 8), (1, 3)]:
        svg = it.root.locator("svg.mb-graph").nth(k)
        svg.evaluate("svg => svg.scrollIntoView({block: 'center', behavior: 'instant'})")
        x, y = svg.evaluate("""(svg, layer) => {
            const tick = [...svg.querySelectorAll('.mb-ticks text')].find((t) => t.textContent === String(layer));
            const p = new DOMPoint(tick.x.baseVal[0].value, 60).matrixTransform(svg.getScreenCTM());
            return [p.x, p.y]; }""", layer)
        (it.page.touchscreen.tap if touch else it.page.mouse.click)(x, y)
        assert it.state()["layer"] == layer
        assert table(it)[1][0] == str(layer)


def test_a_shallower_network_keeps_the_cursor_inside(hold):
    it = hold({"depth": 12, "layer": 12})
    slider = it.root.locator("label.mb-slider:has-text('Layer') input")
    assert slider.get_attribute("max") == "12"
    it.tab_to("Depth")
    it.page.keyboard.press("ArrowLeft")
    it.page.wait_for_function(f"document.querySelector('#{NAME} .mb-matrix tbody tr:last-child th').textContent === '11'")
    assert (slider.get_attribute("max"), slider.input_value()) == ("11", "11")
    it.tab_to("Layer shown")
    it.page.keyboard.press("ArrowLeft")
    assert it.state()["layer"] == 10
    it.tab_to("Layer shown")
    it.page.keyboard.press("Shift+ArrowRight")
    assert it.state()["layer"] == 11


def test_reading_a_layer_does_not_compute_the_network_again(hold):
    """Counted by the lengths of vectors that are worked out: every layer of a network needs some."""
    it = hold({"depth": 30, "width": 32})
    it.page.evaluate("""() => {
        const reduce = Float64Array.prototype.reduce;
        self.sums = 0;
        Float64Array.prototype.reduce = function (...all) { sums++; return reduce.apply(this, all); };
    }""")
    for control, computed in (("Layer", False), ("Times k", True)):
        before = it.seen()
        it.tab_to(control)
        it.page.keyboard.press("ArrowRight")
        it.wait_until_seen_changes(before)
        assert (it.page.evaluate("self.sums") >= 30) == computed
