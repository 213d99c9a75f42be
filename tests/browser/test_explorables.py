"""Every explorable, driven as a reader drives it: by keyboard alone, by mouse, by finger; its numbers checked by NumPy."""

import re

import numpy as np
import playground
import pytest
import referee
from explorable import CENTRE, KEYS, Explorable, address, numbers

NAMES = sorted(playground.EXAMPLES)
# states from which every control is tried: the start, and one that brings out controls and corners the start hides
STATES = [*((name, {}) for name in NAMES),
          ("ActivationExplorer", {"activation": "elu", "alpha": 0.5}),
          ("ApproximationBuilder", {"target": "chirp", "best_heights": True, "knots": [0.2, 0.4, 0.6, 0.8]}),
          ("DescentExplorer", {"surface": "saddle", "start": [-2.5, 0.05], "lr": 0.05, "momentum": 0.5, "step": 20}),
          ("BackpropStepper", {"step": 17, "applied": 5, "lr": 0.5}),
          ("GradientFlowExplorer", {"activation": "prelu", "init": "lecun", "depth": 20, "k": 3.0, "layer": 12}),
          ("LayerExplorer", {"W1": [[0.0, 1.0], [-1.0, 0.5]], "activation": "tanh", "two_layers": False, "stage": 2.5}),
          ("NeuronExplorer", {"w": [-2.0, 3.0], "activation": "leaky_relu", "probe": [-1.0, 2.0]}),
          ("TrainingPlayground", {"preset": "moons", "batch_size": 50, "lr": 0.1, "optimizer": "Momentum", "residual": True}),
          ("PerceptronExplorer", {"points": [[0, 1, 2], [2, -1, 1], [-2, -2, 0], [1, 2, 1]], "step": 3, "seed": 1}),
          ("SoftmaxExplorer", {"logits": [3.0, -2.5, 0.5, 9.5], "label": 1, "temperature": 0.1, "shift": 710, "precision": "float64"}),
          ("RegionExplorer", {"unit": "2.4", "shade": True, "probe": [-1.0, 1.0]})]
PLANE, GRAPH = ".mb-plane", ".mb-graph"


@pytest.fixture
def hold(play, open_page):
    """hold(name, state): the explorable, open in a page of its own."""
    def hold(name, state=None, **context):
        uri = (play / "explorables.html").as_uri()
        return Explorable(open_page(address(uri, f"{name}-1", state) if state else uri, **context), f"{name}-1")
    return hold


@pytest.mark.parametrize("name", NAMES)
def test_tab_reaches_every_control_in_order_and_leaves_again(name, hold):
    it = hold(name)
    order = [each for each, _ in it.controls()]
    assert len(order) >= 6
    it.before()
    reached = []
    for _ in range(len(order) + 1):
        it.page.keyboard.press("Tab")
        reached.append(it.focused())
    assert reached == [*order, None]


@pytest.mark.parametrize(("name", "state"), STATES)
def test_every_control_by_keyboard_and_back_by_reset(name, state, hold):
    start = hold(name)
    untouched, start_state = start.seen(), start.state()
    it = hold(name, state)
    # menus and boxes last: another activation takes its parameter's slider with it, a layer its weights
    for control, kind in sorted(it.controls(), key=lambda pair: pair[1] in {"select-one", "checkbox"}):
        if kind in {"button", "submit"}:
            continue
        keys = ["ArrowRight", "ArrowUp", "Shift+ArrowLeft"] if kind == "handle" else [KEYS[kind]]
        for key in keys:
            before, was = it.seen(), it.state()
            it.tab_to(control)
            it.page.keyboard.press(key)
            it.wait_until_seen_changes(before)
            now = it.state()
            changed = {trait for trait in now if now[trait] != was[trait]}
            assert changed and (len(changed) == 1 or changed in ({"activation", "alpha"}, {"points", "step"}, {"target", "drawn"}, {"surface", "start"})), (control, key, was, now)
    it.tab_to("Reset")
    it.page.keyboard.press("Enter")
    it.page.wait_for_function("([id, seen]) => mbtest.seen(document.getElementById(id)) === seen", arg=[it.mount, untouched])
    assert it.state() == start_state


def test_changes_in_one_go_make_one_drawing(hold):
    assert hold("NeuronExplorer").root.evaluate("""async (root) => {
        const slider = root.querySelector("[type=range]"), words = root.querySelector("p.mb-hidden:not([aria-live])");
        let drawings = 0; // each writes the words anew
        new MutationObserver((records) => (drawings += records.length)).observe(words, {childList: true});
        for (let k = 0; k < 5; k++) {
            slider.stepUp();
            slider.dispatchEvent(new Event("input", {bubbles: true}));
        }
        await new Promise(requestAnimationFrame);
        return drawings;
    }""") == 1


def test_shift_makes_ten_steps_and_the_ends_hold(hold):
    it = hold("NeuronExplorer")
    for handle, trait, index in [("Weight vector", "w", 0), ("Probe", "probe", 0)]:
        was = it.state()[trait][index]
        it.tab_to(handle)
        it.page.keyboard.press("Shift+ArrowLeft")
        assert it.state()[trait][index] == pytest.approx(was - 0.5)
        it.tab_to(handle)
        for _ in range(20):
            it.page.keyboard.press("Shift+ArrowLeft")
        assert it.state()[trait][index] == -4


def test_the_neurons_numbers_and_its_picture(hold):
    """Equation, line, contours and count of a random state for each activation, against NumPy."""
    it = hold("NeuronExplorer")
    random = np.random.default_rng(0)
    for activation in referee.PHI:
        w, probe = random.uniform(-3, 3, 2).round(2), random.uniform(-4, 4, 2).round(2)
        b = round(random.uniform(-1, 1), 2)
        it.follow({"w": w.tolist(), "b": b, "probe": probe.tolist(), "activation": activation})
        z = w @ probe + b
        equation, tally = it.readout(" = "), it.readout("of 3 points")
        assert equation.startswith(activation.replace("_", " "))
        assert numbers(equation.rsplit("=", 2)[1]) == pytest.approx([z], abs=0.0051)
        assert numbers(equation.rsplit("=", 1)[1]) == pytest.approx([referee.phi(activation, z)], abs=0.0051)
        right = (np.array([[1, 1], [-1, -2], [2, -2]]) @ w + b > 0) == [1, 0, 0]
        assert numbers(tally)[:2] == [right.sum(), 3]
        assert it.root.locator(".mb-wrong").count() == 3 - right.sum()

        to_x, to_y = it.axes(PLANE)
        ends = [(to_x(x), to_y(y)) for x, y in points(it.root.locator(".mb-line").get_attribute("d"))]
        assert len(ends) == 2
        assert np.array(ends) @ w + b == pytest.approx([0, 0], abs=0.01)  # both ends lie on the line ...
        assert np.abs(ends).max(axis=1) == pytest.approx([4, 4], abs=0.01)  # ... and on the edge of the picture
        drawn = it.root.locator(".mb-contours > *").evaluate_all("all => all.map((n) => n.getAttribute('d') ?? n.textContent)")
        named = [(line, text) for line, text in zip(drawn, drawn[1:], strict=False) if line[0] == "M" != text[0]]
        assert named  # a step has one value on each side, and says each once
        for line, text in named:
            middle = np.mean([(to_x(x), to_y(y)) for x, y in points(line)], axis=0)
            assert numbers(text) == pytest.approx([referee.phi(activation, w @ middle + b)], abs=0.02)


def test_an_activations_numbers_and_its_curves(hold):
    """Value, slope, both curves and the point on them for each activation, against NumPy and finite differences."""
    it = hold("ActivationExplorer")
    random = np.random.default_rng(0)
    to_x, to_y = it.axes(GRAPH)
    for activation in referee.PHI:
        z, alpha = round(random.uniform(-1.5, 1.5), 2), round(random.uniform(0.1, 0.9), 2)
        it.follow({"activation": activation, "z": z, "alpha": alpha})
        formula, readout = it.readout("φ(z)"), it.readout(", φ′(")
        assert (f"α = {alpha:.2f}" in formula) == (activation in referee.ALPHA)
        shown_z, value, shown_again, slope = numbers(readout)[:4]
        assert shown_z == shown_again == pytest.approx(z)
        assert value == pytest.approx(referee.phi(activation, z, alpha), abs=0.00051)
        assert slope == pytest.approx(referee.slope(activation, z, alpha), abs=0.00051)

        for curve, truth in [(".mb-curve", referee.phi), (".mb-slope", referee.slope)]:
            drawn = np.array([(to_x(x), to_y(y)) for x, y in points(it.root.locator(curve).get_attribute("d"))])
            away = drawn[np.abs(drawn[:, 0]) > 0.02]  # from the one place where an activation may jump or bend
            assert len(away) > 900
            assert away[:, 1] == pytest.approx(truth(activation, away[:, 0], alpha), abs=0.005)
        (x, y), = points(it.root.locator("[data-handle]").get_attribute("transform"))
        assert [to_x(x), to_y(y)] == pytest.approx([z, referee.phi(activation, z, alpha)], abs=0.01)


def points(d):
    """The points in a path's d, or a transform."""
    return [(float(x), float(y)) for x, y in re.findall(r"(-?\d+\.?\d*) (-?\d+\.?\d*)", d)]


@pytest.mark.parametrize(("name", "state"), STATES)
def test_copied_python_builds_the_same_widget_and_it_says_the_same(name, state, hold):
    it = hold(name, state)
    before = it.seen()
    handle = next(control for control, kind in it.controls() if kind == "handle")
    it.tab_to(handle)
    it.page.keyboard.press("ArrowRight")
    it.wait_until_seen_changes(before)
    widget, shared = it.widget(), it.state()
    assert type(widget).__name__ == name
    places = [re.search(rf"\b{trait}=", it.offered("Copy as Python")).start() for trait in shared]
    assert [*shared] == widget._arguments("state") and places == sorted(places)
    assert {trait: getattr(widget, trait) for trait in shared} == shared
    start = eval(playground.EXAMPLES[name], {"mb": __import__("mlpbook")})
    for trait in type(widget)._arguments("given"):
        assert getattr(widget, trait) == getattr(start, trait)
    assert it.words() == widget.describe()


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("name", NAMES)
def test_every_handle_follows_the_mouse_until_it_is_let_go(name, width, hold):
    it = hold(name, viewport={"width": width, "height": 900})
    mouse = it.page.mouse
    for handle in [control for control, kind in it.controls() if kind == "handle"]:
        x, y = it.grip(handle)
        before = it.seen()
        mouse.move(x, y)
        mouse.down()
        mouse.move(x + 20, y - 25, steps=4)
        it.wait_until_seen_changes(before)
        assert it.focused() == handle
        mouse.up()
        let_go = it.seen()
        mouse.move(x - 60, y + 40, steps=3)
        it.page.evaluate("() => new Promise(requestAnimationFrame)")
        assert it.seen() == let_go


@pytest.mark.parametrize("width", [1280, 390])
def test_a_dragged_handle_lies_under_the_pointer(width, hold):
    """Probe, weight vector, line and point on the curve, each dragged to a given number on the axes."""
    it = hold("NeuronExplorer", viewport={"width": width, "height": 900})
    to_x, to_y = it.axes(PLANE)
    for handle, aim, value in [
            ("Probe", (-2, 3), lambda s: s["probe"]), ("Weight vector", (1.5, 2), lambda s: s["w"])]:
        drag(it, handle, PLANE, to_x, to_y, aim)
        assert value(it.state()) == pytest.approx(aim, abs=0.051)
    drag(it, "Decision line", PLANE, to_x, to_y, (-1, -1))
    now = it.state()
    assert now["w"] @ np.array([-1, -1]) + now["b"] == pytest.approx(0, abs=0.1)  # b moves in steps, and so does w

    it = hold("ActivationExplorer", viewport={"width": width, "height": 900})
    drag(it, "Point on the curve", GRAPH, *it.axes(GRAPH), (-3, 1))
    assert it.state()["z"] == pytest.approx(-3, abs=0.051)


def drag(it, handle, svg, to_x, to_y, aim):
    """By mouse, to the place that the axes call `aim`."""
    x, y = it.grip(handle)
    target = it.window_point(svg, *(inverse(to, at) for to, at in zip((to_x, to_y), aim, strict=True)))
    before = it.seen()
    it.page.mouse.move(x, y)
    it.page.mouse.down()
    it.page.mouse.move(*target, steps=5)
    it.page.mouse.up()
    it.wait_until_seen_changes(before)


def inverse(line, value):
    """The x at which a straight line has this value."""
    return (value - line(0)) / (line(1) - line(0))


def test_a_tap_on_the_plane_brings_the_probe(hold):
    it = hold("NeuronExplorer", viewport={"width": 390, "height": 800}, has_touch=True, is_mobile=True)
    to_x, to_y = it.axes(PLANE)
    before = it.seen()
    x, y = it.window_point(PLANE, inverse(to_x, -3), inverse(to_y, 2))
    it.page.touchscreen.tap(x, y)
    it.wait_until_seen_changes(before)
    assert it.state()["probe"] == pytest.approx([-3, 2], abs=0.051)


@pytest.mark.parametrize("name", NAMES)
def test_a_finger_drags_every_handle_and_scrolls_beside_it(name, hold):
    it = hold(name, viewport={"width": 390, "height": 800}, has_touch=True, is_mobile=True)
    touch = it.page.context.new_cdp_session(it.page)

    def swipe(x, y, dx, dy):
        touch.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]})
        for k in range(1, 7):
            touch.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [{"x": x + dx * k / 6, "y": y + dy * k / 6}]})
        touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})

    for handle in [control for control, kind in it.controls() if kind == "handle"]:
        x, y = it.grip(handle)
        before, scrolled = it.seen(), it.page.evaluate("scrollY")
        swipe(x, y, -25, -25)  # not along the line
        it.wait_until_seen_changes(before)
        assert it.page.evaluate("scrollY") == scrolled
    text = it.root.locator(".mb-readout").first
    text.evaluate(f"text => text.{CENTRE}")
    box, scrolled = text.bounding_box(), it.page.evaluate("scrollY")
    swipe(box["x"] + 20, box["y"] + 5, 0, 150)
    it.page.wait_for_function("from => scrollY < from", arg=scrolled)


@pytest.mark.parametrize("name", NAMES)
def test_it_fits_a_narrow_window_and_works_there(name, hold):
    it = hold(name)
    it.page.set_viewport_size({"width": 390, "height": 800})
    assert it.page.evaluate("mbtest.overflow()") == 0
    for size in it.root.locator("button, select, input[type=range], label:has([type=checkbox])").evaluate_all(
            "all => all.filter((n) => n.checkVisibility()).map((n) => [n.offsetWidth, n.offsetHeight])"):
        assert min(size) >= 24  # px: WCAG's least target size
    before = it.seen()
    it.tab_to(next(control for control, kind in it.controls() if kind == "range"))
    it.page.keyboard.press("ArrowRight")
    it.wait_until_seen_changes(before)


@pytest.mark.parametrize("name", NAMES)
def test_nothing_moves_by_itself_where_motion_is_unwelcome(name, hold):
    it = hold(name, reduced_motion="reduce")
    before = it.seen()
    it.tab_to(next(control for control, kind in it.controls() if kind == "range"))
    it.page.keyboard.press("ArrowRight")
    it.wait_until_seen_changes(before)
    assert it.root.evaluate("root => root.getAnimations({subtree: true}).length") == 0
    still = it.seen()
    it.page.evaluate("async () => { for (let k = 0; k < 10; k++) await new Promise(requestAnimationFrame); }")
    assert it.seen() == still


@pytest.mark.parametrize("name", NAMES)
def test_keys_pressed_inside_stay_inside(name, hold):
    """Sphinx listens for keys too (/ searches, arrows turn pages), and so do Jupyter's front-ends."""
    it = hold(name)
    for control, _ in it.controls():
        if control not in dict(it.controls()):
            continue  # a letter has chosen other data, which are not drawn by hand
        it.tab_to(control)
        it.page.evaluate("self.heard = []; addEventListener('keydown', (event) => heard.push(event.key))")
        for key in ["ArrowLeft", "ArrowRight", "/", "s", "Escape"]:
            it.page.keyboard.press(key)
        assert it.page.evaluate("heard") == []
        assert it.focused() == control
