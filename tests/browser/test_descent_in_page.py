"""DescentExplorer in an open page: the paths it draws, the rate that it marks, what diverges, and Play."""

import re

import numpy as np
import pytest

from mlpbook.widgets import DescentExplorer

NAME = "DescentExplorer-1"
MAP, CHART = "svg.mb-plane:not(.mb-losses)", "svg.mb-losses"
WILD = [{"surface": "two minima", "lr": 10.0, "momentum": 0.99, "step": 100}, {"surface": "bowl", "lr": 10.0, "step": 100},
        {"surface": "saddle", "lr": 4.0, "start": [3, 3], "step": 50}]


def points(d):
    return np.array([(float(x), float(y)) for x, y in re.findall(r"(-?\d+\.?\d*) (-?\d+\.?\d*)", d)])


def rows(it):
    return it.root.locator(".mb-matrix tbody tr").evaluate_all("rows => rows.map((row) => [...row.children].map((cell) => cell.textContent.trim()))")


def way(it, svg, k):
    return it.root.locator(f"{svg} .mb-way-{k}").get_attribute("d")


@pytest.mark.parametrize("state", [{}, {"surface": "two minima", "start": [-2.75, 1.5], "step": 25}, {"surface": "saddle", "lr": 0.05, "start": [-2.5, 0.05], "step": 60}], ids=str)
def test_the_paths_and_losses_drawn_are_pythons(state, hold):
    it, widget = hold(state), DescentExplorer(**state)
    to_x, to_y = it.axes(MAP)
    ticks = it.root.locator(CHART).evaluate("""svg => [...svg.querySelectorAll('.mb-ticks text')].filter((t) => t.getAttribute('text-anchor') === 'end')
        .map((t) => [t.textContent, t.y.baseVal[0].value - 4])""")
    power = {"10²": 2, "1": 0, "10⁻²": -2, "10⁻⁴": -4, "10⁻⁶": -6}
    slope, offset = np.polyfit([y for _, y in ticks], [power[text] for text, _ in ticks], 1)
    for k, path in enumerate(widget.paths().values()):
        drawn = points(way(it, MAP, k))
        assert np.column_stack([to_x(drawn[:, 0]), to_y(drawn[:, 1])]) == pytest.approx(path[:widget.step + 1], abs=0.011)
        loss = [_loss(widget, theta) for theta in path[:widget.step + 1]]
        assert slope * points(way(it, CHART, k))[:, 1] + offset == pytest.approx(np.log10(loss).clip(-6, 2), abs=0.02)
    assert it.words() == widget.describe()


def _loss(widget, theta):
    terms = widget._spec["surfaces"][widget.surface]["terms"]
    return max(sum(c * theta[0]**p * theta[1]**q for c, p, q in terms), 1e-99)


@pytest.mark.parametrize(("surface", "rate"), [("bowl", 2.0), ("narrow valley", 0.2), ("tilted valley", 0.2), ("saddle", None)])
def test_the_mark_stands_where_the_knob_would(surface, rate, hold):
    it = hold({"surface": surface})
    mark = it.root.locator(".mb-edge-mark")
    assert mark.is_visible() == (rate is not None)
    if rate:
        assert mark.text_content() == f"SGD diverges beyond {rate:.3f}"
        track = it.root.locator(".mb-track input").bounding_box()
        share = (mark.bounding_box()["x"] + 1 - track["x"] - 8) / (track["width"] - 16)
        assert share == pytest.approx((np.log10(rate) + 2) / 3, abs=0.01)


def test_two_keys_from_the_start_it_diverges_and_says_so(hold):
    it = hold({"step": 100})
    it.tab_to("Learning rate")
    it.page.keyboard.press("ArrowRight")
    assert it.state()["lr"] == 0.2  # the critical rate itself: SGD swings for ever
    assert rows(it)[0][0] == "SGD" and float(rows(it)[0][2]) == pytest.approx(1.5)
    it.tab_to("Learning rate")
    for _ in range(3):
        it.page.keyboard.press("ArrowRight")
    path = DescentExplorer(**it.state()).paths()["SGD"]
    assert rows(it)[0] == ["SGD", f"diverged in step {len(path) - 1}"]
    assert it.root.locator(f"{MAP} .mb-way-now").first.get_attribute("visibility") == "hidden"


@pytest.mark.parametrize("state", WILD, ids=str)
def test_nothing_infinite_is_ever_drawn(state, hold):
    it = hold(state)
    assert not re.search("NaN|Infinity|undefined", it.root.inner_html())
    assert it.words() == it.widget().describe() and it.page.evaluate("mbtest.overflow()") == 0


def test_another_surface_brings_its_own_start(hold):
    it = hold()
    it.root.get_by_label("Surface").select_option("saddle")
    assert it.state() == {"surface": "saddle", "start": [-2.5, 0.05], "lr": 0.19, "momentum": 0.9, "step": 40}
    assert "Its saddle: (0.00, 0.00)" in it.readout("saddle")


def test_the_start_goes_where_the_finger_is(hold):
    it = hold(viewport={"width": 390, "height": 900})
    to_x, to_y = it.axes(MAP)
    x, y = it.grip("Start")
    target = it.window_point(MAP, *[(value - to(0)) / (to(1) - to(0)) for to, value in ((to_x, 1), (to_y, -2))])
    it.page.mouse.move(x, y)
    it.page.mouse.down()
    it.page.mouse.move(*target, steps=4)
    it.page.mouse.up()
    assert it.state()["start"] == pytest.approx([1, -2], abs=0.051)


STEP = f"Number(document.querySelector('#{NAME} .mb-scrub input').value)"


def test_play_runs_to_the_end_step_by_step_and_stops_where_nobody_looks(hold):
    it = hold({"step": 95})
    play = it.root.get_by_role("button", name="Play")
    play.click()
    it.page.wait_for_function(f"{STEP} === 100")
    it.root.get_by_role("button", name="Play").click()  # from the end anew
    it.page.wait_for_function(f"{STEP} >= 2 && {STEP} < 90")
    seen = it.page.evaluate(f"""async () => {{ const seen = []; for (let k = 0; k < 20; k++) {{ await new Promise(requestAnimationFrame); seen.push({STEP}); }} return seen; }}""")
    assert all(step == int(step) for step in seen)
    it.page.evaluate("scrollTo({top: document.body.scrollHeight, behavior: 'instant'})")
    it.page.wait_for_function(f"[...document.querySelectorAll('#{NAME} .mb-player button')].some((b) => b.textContent === 'Play')")


def test_after_a_pause_of_the_page_it_goes_on_from_where_it_stood(hold):
    it = hold({"step": 0})
    it.root.get_by_role("button", name="Play").click()
    it.page.wait_for_function(f"{STEP} >= 1")
    before, after = it.page.evaluate(f"""async () => {{
        const frames = async () => {{ for (let k = 0; k < 3; k++) await new Promise(requestAnimationFrame); return {STEP}; }};
        const before = {STEP}, end = performance.now() + 3000;
        while (performance.now() < end); // as in a hidden tab, no frame comes for long
        return [before, await frames()];
    }}""")
    assert before < after < before + 12  # not 36 steps


def test_where_motion_is_unwelcome_it_goes_step_by_step(hold):
    it = hold({"step": 4}, reduced_motion="reduce")
    for step in (5, 6):
        it.root.get_by_role("button", name="Next step").click()
        assert it.state()["step"] == step
