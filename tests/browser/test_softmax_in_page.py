"""SoftmaxExplorer in an open page: bars, arrows and both ways to compute, against NumPy; a shift that moves all and changes nothing."""

import re

import numpy as np
import pytest
from explorable import numbers

import mlpbook as mb

NAME = "SoftmaxExplorer-1"
STATES = [{}, {"logits": [3.0, -2.5, 0.5, 9.5, 1.2], "label": 4, "shift": 710}, {"logits": [9.0, -9.0], "temperature": 0.1, "label": 1, "precision": "float32"},
          {"shift": -1000}, {"temperature": 10}, {"logits": [9.5, 9.4, -1.0], "shift": 700}, {"shift": 90, "precision": "float32"}]


def table(it):
    return it.root.locator(".mb-matrix tbody tr").evaluate_all("rows => rows.map((row) => [...row.children].map((cell) => cell.textContent))")


def bars(it):
    """The drawn probabilities, as parts of the way from the base to the stroke of the true class."""
    return np.array(it.root.locator("svg.mb-chances rect").evaluate_all(
        "all => all.map((n) => Number(n.getAttribute('width')))")) / 184


def dots(it):
    """The drawn logits, by the ticks beneath them."""
    ticks = it.root.locator("svg.mb-logits .mb-ticks text").evaluate_all("all => all.map((t) => [t.x.baseVal[0].value, t.textContent])")
    (at, first), (to, last) = [(x, numbers(text)[0]) for x, text in (ticks[0], ticks[-1])]
    places = it.root.locator("svg.mb-logits [data-handle]").evaluate_all("all => all.map((n) => n.getAttribute('transform'))")
    x = np.array([float(re.match(r"translate\((\S+) ", place)[1]) for place in places])
    return first + (x - at) * (last - first) / (to - at)


@pytest.mark.parametrize("state", STATES, ids=str)
def test_numbers_bars_and_words_are_pythons(state, hold):
    it, widget = hold(state), mb.widgets.SoftmaxExplorer(**state)
    p, y = widget.probabilities(), np.eye(len(widget.logits))[widget.label]
    assert it.words() == widget.describe()
    assert bars(it) == pytest.approx(p, abs=1e-6)
    assert dots(it) == pytest.approx(np.array(widget.logits) + widget.shift, abs=0.02)
    differences = [text for text in it.root.locator("svg.mb-chances text").all_text_contents() if "=" in text]
    assert [numbers(text)[-1] for text in differences] == pytest.approx(p - y, abs=0.00051)
    powers, naive = widget.naive()
    for row, exponent, power, chance, exact in zip(table(it), widget.exponents, powers, naive, p, strict=True):
        value = float(row[1].replace("−", "-"))
        assert value == pytest.approx(exponent, abs=0.051)
        for text, truth in ((row[2], power), (row[3], chance), (row[5], exact)):
            got = float(text.replace("∞", "inf"))
            assert got == pytest.approx(float(truth), rel=0.051, abs=1e-44, nan_ok=True) or (truth < 1e-38 and widget.precision == "float32")


def test_a_shift_moves_every_dot_and_no_bar(hold):
    it = hold()
    z, p, loss = dots(it), bars(it), it.readout("nats")
    it.tab_to("shift all")
    for moved in (1, 2, 3, 5, 8, 20, 50):
        it.page.keyboard.press("ArrowRight")
        it.page.wait_for_function(f"document.querySelector('#{NAME} .mb-matrix tbody td').textContent === '{z[0] + moved:.1f}'")
        assert dots(it) == pytest.approx(z + moved, abs=0.02)
        assert bars(it) == pytest.approx(p, abs=1e-9)
        assert it.readout("nats") == loss
    it.page.keyboard.press("End")
    it.page.wait_for_function(f"document.querySelector('#{NAME} .mb-verdict').textContent.includes('not a number')")
    assert [row[3] for row in table(it)] == ["nan"] * 3
    assert it.root.get_by_label("Precision").locator("option").all_text_contents() == ["float64 ≤ e^709.8", "float32 ≤ e^88.7"]
    assert [row[5] for row in table(it)] == ["0.18", "0.79", "0.039"]
    assert bars(it) == pytest.approx(p, abs=1e-9)


def test_arrows_point_where_training_pushes_and_are_as_long_as_the_difference(hold):
    it = hold()
    p, y = mb.widgets.SoftmaxExplorer().probabilities(), np.array([1, 0, 0])
    drawn = it.root.locator("svg.mb-logits .mb-update").evaluate_all("all => all.map((n) => n.getAttribute('d'))")
    lengths = np.array([float(d.split("h")[1]) for d in drawn if d])
    assert len(lengths) == 2  # the push of the third is too small to be drawn
    assert lengths == pytest.approx(46 * (y - p)[:2] + 4 * np.sign(y - p)[:2])


@pytest.mark.parametrize("touch", [False, True])
def test_a_dot_is_dragged_and_the_probability_follows(touch, hold):
    it = hold(**({"viewport": {"width": 390, "height": 800}, "has_touch": True, "is_mobile": True} if touch else {}))
    x, y = it.grip("Logit of class 0")
    mouse = it.page.mouse
    mouse.move(x, y)
    mouse.down()
    mouse.move(x + 60, y, steps=5)
    mouse.up()
    logits = it.state()["logits"]
    assert 4 < logits[0] < 9 and logits[1:] == [2.5, -0.5]
    assert bars(it)[0] > 0.8
    for far in (4000, -4000):
        x, y = it.grip("Logit of class 0")
        mouse.move(x, y)
        mouse.down()
        mouse.move(x + far, y)
        mouse.up()
        assert it.state()["logits"][0] == np.sign(far) * 10


def test_fewer_classes_take_their_controls_and_the_true_class_along(hold):
    it = hold({"logits": [1.0, 2.0, 3.0, 4.0], "label": 3})
    assert [name for name, kind in it.controls() if kind == "handle"] == [f"Logit of class {c}" for c in range(4)]
    it.root.get_by_label("Classes").select_option("2")
    it.page.wait_for_function(f"document.querySelectorAll('#{NAME} .mb-matrix tbody tr').length === 2")
    state = it.state()
    assert (state["logits"], state["label"]) == ([1, 2], 1)
    assert [name for name, kind in it.controls() if kind in ("handle", "range")] == [
        "Logit of class 0", "Logit of class 1", "z₀", "z₁", "temp. T", "shift all"]
    assert it.root.get_by_label("True class").locator("option:not([hidden])").count() == 2
    assert it.words() == it.widget().describe()


def test_a_link_to_a_class_that_is_not_there_shows_the_last(hold):
    it = hold({"label": 4})
    assert "The true class is 2" in it.words()
    assert it.widget().label == 2 and it.widget().describe() == it.words()  # nor is another one copied
