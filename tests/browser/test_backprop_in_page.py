"""BackpropStepper in an open page: every operation as Python has it, buttons that stay in place, and a loss that falls."""

import re

import numpy as np
import pytest
from explorable import CENTRE

import mlpbook as mb
from mlpbook.widgets.backprop import three

NAME = "BackpropStepper-1"
PHONE = {"viewport": {"width": 390, "height": 800}}


def button(it, name):
    return it.root.get_by_role("button", name=name, exact=True)


def result(it):
    return it.root.locator(".mb-equation strong").text_content()


def at(it):
    return int(it.root.locator(".mb-equation .mb-status").text_content().split(" ")[0])


@pytest.mark.parametrize("applied", [0, 3])
def test_next_walks_through_every_operation_and_back_to_the_start(applied, hold):
    """Name, result, matrices, edges: at each step those of Python; what comes later is not told yet."""
    it, widget = hold({"step": 0, "applied": applied}), mb.widgets.BackpropStepper(applied=applied)
    operations = widget.operations()
    svg = it.root.locator("svg.mb-pass")
    assert svg.locator(".mb-made, .mb-used").count() == 0 and button(it, "Previous").get_attribute("aria-disabled") == "true"
    for step, (name, value) in enumerate(operations, 1):
        button(it, "Next").click()
        it.page.wait_for_function(f"document.querySelector('#{NAME} .mb-equation .mb-status').textContent.startsWith('{step} of 20')")
        assert it.root.locator(".mb-arithmetic").first.text_content().startswith(f"{name} = ") and result(it) == three(value)
        made = it.root.locator(".mb-arrays .mb-made")
        assert made.count() == 1 and float(made.text_content().replace("−", "-")) == pytest.approx(value, abs=0.0051 * max(1, abs(value)))
        assert svg.locator(".mb-made").count() == 1 and svg.locator(".mb-used").count() >= 1
        later = [each for each, _ in operations[step:] if re.sub("[₁₂]", "", each) == re.sub("[₁₂]", "", name)]
        assert it.root.locator(".mb-arrays .mb-cell").all_text_contents().count("·") == len(later)  # the rest of the same matrix
        weights = sum("∂L/∂w" in each for each, _ in operations[:step])
        assert svg.locator(".mb-back").count() == weights  # one orange edge for each gradient that is known
        assert it.root.locator("svg.mb-timeline .mb-op:not(.mb-to-do)").count() == step
    assert "All gradients are known." in it.words()
    button(it, "Forward again").click()
    it.page.wait_for_function(f"document.querySelector('#{NAME} .mb-equation .mb-status').textContent.startsWith('0 of 20')")
    assert svg.locator(".mb-back").count() == 0


def test_the_numbers_on_the_edges_are_the_gradients(hold):
    it, widget = hold({"step": 20}), mb.widgets.BackpropStepper(step=20)
    shown = it.root.locator("svg.mb-pass text.mb-halo").all_text_contents()
    gradients = [g for layer in widget.mlp.linear_layers for g in layer.dW.ravel()]
    assert [float(text.replace("−", "-").split()[1]) for text in shown if text.startswith("∂")] == pytest.approx(gradients, abs=0.0051)
    weights = [w for layer in widget.mlp.linear_layers for w in layer.W.ravel()]
    assert [float(text.replace("−", "-")) for text in shown if not text.startswith("∂")] == pytest.approx(weights, abs=0.0051)


def test_one_jumps_anywhere(hold):
    it = hold()
    it.root.get_by_label("Go to").select_option("17")
    assert at(it) == it.state()["step"] == 17
    it.tab_to("Timeline")
    for key, step in [("ArrowLeft", 16), ("Home", 0), ("End", 20), ("PageDown", 10), ("ArrowUp", 11)]:
        it.page.keyboard.press(key)
        it.page.wait_for_function(f"document.querySelector('#{NAME} .mb-equation .mb-status').textContent.startsWith('{step} of')")
    assert it.root.get_by_role("slider", name="Timeline").get_attribute("aria-valuetext").startswith(
        "11 of 20, backward, layer 2: ∂L/∂a₁⁽¹⁾ = ∂L/∂ŷ · w₁₁⁽²⁾ = 1.36 · 0.8 = 1.09")


@pytest.mark.parametrize("touch", [False, True])
@pytest.mark.parametrize("operation", [1, 6, 14, 20])
def test_a_tap_on_the_timeline_does_the_operation_under_it(operation, touch, hold):
    it = hold({"step": 9}, **({**PHONE, "has_touch": True, "is_mobile": True} if touch else {}))
    svg = it.root.locator("svg.mb-timeline")
    svg.evaluate(f"svg => svg.{CENTRE}")
    box = svg.locator(".mb-op").nth(operation - 1).bounding_box()
    (it.page.touchscreen.tap if touch else it.page.mouse.click)(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    it.page.wait_for_function(f"document.querySelector('#{NAME} .mb-equation .mb-status').textContent.startsWith('{operation} of')")


def test_apply_step_lowers_the_loss_as_python_does(hold):
    it = hold({"step": 20})
    truth = mb.widgets.BackpropStepper(applied=4).descent()[1]
    for taken in range(1, 5):
        button(it, "Apply step").click()
        it.page.wait_for_function(f"document.querySelectorAll('#{NAME} .mb-descent circle').length === {taken + 1}")
        assert it.readout("L went from").startswith(f"L went from {three(truth[0])} to {three(truth[taken])} in {taken} step")
    heights = it.root.locator(".mb-descent circle").evaluate_all("all => all.map((c) => c.cy.baseVal.value)")
    ticks = dict(it.root.locator(".mb-descent .mb-ticks text[text-anchor=end]").evaluate_all("all => all.map((t) => [t.textContent, t.y.baseVal[0].value])"))
    assert heights[0] == pytest.approx(ticks[three(truth[0])] - 5)
    bottom = ticks["0"] - 4
    assert (bottom - np.array(heights)) / (bottom - heights[0]) == pytest.approx(np.array(truth) / truth[0], abs=0.001)
    assert it.state()["applied"] == 4 and it.words() == it.widget().describe()


def test_the_update_written_out_is_the_one_taken(hold):
    it = hold({"step": 20, "lr": 0.2})
    promised = re.search(r"= (\S+)$", it.readout("θ ←"))[1]
    button(it, "Apply step").click()
    it.page.wait_for_function(f"document.querySelectorAll('#{NAME} .mb-descent circle').length === 2")
    assert f"w₁₁⁽²⁾ ← {promised} − 0.2 · " in it.readout("θ ←")


def test_in_the_middle_of_a_pass_it_is_finished_first(hold):
    it = hold({"step": 3})
    assert "what the backward pass will say" in it.readout("θ ←")
    button(it, "Apply step").click()
    it.page.wait_for_function(f"document.querySelector('#{NAME} .mb-equation .mb-status').textContent.startsWith('20 of')")
    assert it.state() == {"step": 20, "applied": 1, "lr": 0.05}


def test_after_the_last_step_there_is_no_more(hold):
    it = hold({"step": 20, "applied": 30})
    assert button(it, "Apply step").get_attribute("aria-disabled") == "true"
    before = it.seen()
    button(it, "Apply step").click(force=True)  # which says that it cannot
    it.page.evaluate("() => new Promise(requestAnimationFrame)")
    assert it.seen() == before


@pytest.mark.parametrize("width", [1280, 390])
def test_no_button_moves_under_the_thumb(width, hold):
    """From the first operation to the last the two buttons stay where they are, and nothing runs out of the picture."""
    it = hold({"step": 0}, viewport={"width": width, "height": 900})
    it.page.wait_for_function(f"document.querySelector('#{NAME} .mb-equation').style.minHeight !== ''")
    places = set()
    for _ in range(20):
        button(it, "Next").click()
        place, beyond = it.root.evaluate("""(root) => {
            const box = (node) => node.getBoundingClientRect(), most = box(root.querySelector(".mb-equation")).right + 1;
            return [Math.round(box(root.querySelector(".mb-walk")).y - box(root).y),
                [...root.querySelectorAll(".mb-array, .mb-arithmetic span")].filter((node) => box(node).right > most).map((node) => node.textContent)];
        }""")
        places.add(place)
        assert beyond == [] and it.page.evaluate("mbtest.overflow()") == 0
    assert len(places) == 1


def test_on_a_phone_every_number_can_be_read(hold):
    it = hold({"step": 20}, **PHONE)
    sizes = it.root.locator("svg").evaluate_all("""all => all.flatMap((svg) => [...svg.querySelectorAll('text')]
        .map((text) => parseFloat(getComputedStyle(text).fontSize) * svg.getScreenCTM().a))""")
    assert len(sizes) > 40 and min(sizes) >= 11
