"""RegionExplorer in an open page: what is drawn against NumPy and mlpbook.regions, and each way to point, drag and walk."""

import json
import re

import numpy as np
import pytest
from explorable import Explorable, numbers
from test_strict import MOUNT, STRICT

import mlpbook as mb
from mlpbook import regions

NAME = "RegionExplorer-1"
PLANE = ".mb-cover svg"
START = mb.widgets.RegionExplorer()


def random_network(sizes, seed):
    rng = np.random.default_rng(seed)
    return {"sizes": sizes, "activation": "relu", "W": [rng.uniform(-1.5, 1.5, pair).round(2).tolist() for pair in zip(sizes, sizes[1:], strict=False)],
            "b": [rng.uniform(-1, 1, n).round(2).tolist() for n in sizes[1:]]}


def drawn(it, selector):
    """[(tint, corners (k, 2)), ...]: each piece of each path, in the numbers of the axes."""
    to_x, to_y = it.axes(PLANE)
    found = []
    for tint, d in enumerate(it.root.locator(selector).evaluate_all("all => all.map((path) => path.getAttribute('d'))")):
        for piece in d.split("M")[1:]:
            found.append((tint, np.array([(to_x(float(x)), to_y(float(y))) for x, y in re.findall(r"(-?\d+\.?\d*) (-?\d+\.?\d*)", piece)])))
    return found


def area(corners):
    x, y = corners.T
    return abs(x @ np.roll(y, -1) - y @ np.roll(x, -1)) / 2


def sums(network, x):
    """z of every hidden layer, by NumPy."""
    out, a = [], x
    for W, b in zip(network["W"][:-1], network["b"][:-1], strict=True):
        out.append(a @ np.array(W) + b)
        a = np.maximum(out[-1], 0)
    return out


def holds(corners, x):
    """Does the counter-clockwise polygon hold the point?"""
    step = np.roll(corners, -1, axis=0) - corners
    return (step[:, 0] * (x[1] - corners[:, 1]) - step[:, 1] * (x[0] - corners[:, 0]) > 0).all()


@pytest.mark.parametrize("seed", range(3))
def test_polygons_and_bends_are_where_python_has_them(seed, hold):
    network = random_network([2, 4, 4, 1], seed)
    it = hold({"network": network})
    truth = regions.cut(mb.MLP.from_state(network), (-2, -2), (2, 2))
    tiles = drawn(it, ".mb-tile")
    assert sorted(area(corners) for _, corners in tiles) == pytest.approx(sorted(region.area for region in truth), abs=0.01)
    assert sum(area(corners) for _, corners in tiles) == pytest.approx(16, abs=0.05)
    edges = drawn(it, ".mb-cut")
    assert {above for above, _ in edges} == {0, 1}
    for above, ends in edges:
        z = sums(network, ends)[1 - above]  # layer 1 is drawn last, over the others
        assert np.abs(z).max(axis=0).min() < 0.02  # both ends on the line of one and the same unit
        # and what touches there differs in colour
        along = ends[1] - ends[0]
        if np.linalg.norm(along) > 0.1:
            aside = 0.01 * np.array([-along[1], along[0]]) / np.linalg.norm(along)
            tints = [{tint for tint, corners in tiles if holds(corners, ends.mean(axis=0) + sign * aside)} for sign in (1, -1)]
            assert all(tints) and not tints[0] & tints[1]


def test_its_words_and_its_table_follow_layer_by_layer(hold):
    network = random_network([2, 4, 4, 1], 1)
    it = hold({"network": network, "layers": 1})
    counts = [len(mb.widgets.RegionExplorer(network).regions(k)) for k in (1, 2)]
    assert len(drawn(it, ".mb-tile")) == counts[0]
    assert it.root.locator("tbody tr td:nth-of-type(1)").all_text_contents() == [str(n) for n in counts]
    assert it.root.locator("tbody tr:last-child td").all_text_contents()[1:] == [str(regions.montufar([2, 4, 4, 1])), str(regions.serra([2, 4, 4, 1]))]
    assert "The picture shows the cuts of layer 1." in it.words()
    it.root.get_by_label("Cuts of").select_option(label="all 2 layers")
    assert len(drawn(it, ".mb-tile")) == counts[1]
    assert it.state()["layers"] == 2


def test_shades_and_the_zero_line_are_the_networks_output(hold):
    it = hold({"shade": True})
    mlp = START.mlp
    width = numbers(it.readout("a shade for each").rsplit("each", 1)[1])[0]
    bands = drawn(it, ".mb-tile")
    half = it.root.locator(".mb-tile.mb-orange").count() - 2  # two of the orange ones are for regions without shade
    first = it.root.locator(".mb-tile").count() - 2 * half
    assert len(bands) > len(regions.cut(mlp, (-2, -2), (2, 2)))
    for tint, corners in bands:
        if area(corners) > 0.01:
            middle = mlp(corners.mean(axis=0)[None])[0, 0]
            assert np.floor(middle / width) == tint - first - half
    zero = drawn(it, ".mb-nil")
    assert zero
    for _, ends in zero:
        np.testing.assert_allclose(mlp(ends), 0, atol=0.02)


def test_a_dragged_line_lies_under_the_pointer_and_brings_its_sliders(hold):
    it = hold()
    to_x, to_y = it.axes(PLANE)
    was = it.state()
    at = it.grip("Line of unit 2")
    aim = (-0.6, 0.4)
    target = it.window_point(PLANE, *((value - to(0)) / (to(1) - to(0)) for to, value in zip((to_x, to_y), aim, strict=True)))
    it.page.mouse.move(*at)
    it.page.mouse.down()
    it.page.mouse.move(*target, steps=6)
    it.page.mouse.up()
    now = it.state()
    assert now["unit"] == "1.2" != was["unit"]
    assert [name for name, kind in it.controls() if re.fullmatch("w.|b", name)] == ["w₁", "w₂", "b"]
    w = np.array(now["network"]["W"][0])[:, 1]
    assert w @ aim + now["network"]["b"][0][1] == pytest.approx(0, abs=0.02)
    now["network"]["b"][0][1] = was["network"]["b"][0][1]
    assert now["network"] == was["network"]  # nothing else moved


def test_a_line_cannot_be_dragged_out_of_reach(hold):
    it = hold()
    corners = [(-3000, -3000), (3000, 3000), (-3000, 3000), (3000, -3000)]
    for there in (1, -1):
        for unit, (dx, dy) in enumerate(corners, 1):
            x, y = it.grip(f"Line of unit {unit}")
            it.page.mouse.move(x, y)
            it.page.mouse.down()
            it.page.mouse.move(x + there * dx, y + there * dy)
            it.page.mouse.up()
    assert [name for name, kind in it.controls() if kind == "handle"] == [*(f"Line of unit {k}" for k in range(1, 5)), "Probe"]


def region_at(x):
    return next(r for r in START.regions() if holds(r.vertices, np.array(x)))


def to_window(it, x):
    to_x, to_y = it.axes(PLANE)
    return it.window_point(PLANE, *((value - to(0)) / (to(1) - to(0)) for to, value in zip((to_x, to_y), x, strict=True)))


def test_under_the_pointer_a_region_lights_up_and_tells_its_map(hold):
    it = hold()
    glow, text = it.root.locator(".mb-glow"), it.root.locator(".mb-pointed")
    hint, state = text.text_content(), it.state()
    for x in [(-1.5, 1.5), (-0.5, -1.5), (1.75, 1.5)]:
        it.page.mouse.move(*to_window(it, x))
        glow.wait_for()
        region = region_at(x)
        (p,), (q,) = region.A
        assert [abs(v) for v in numbers(text.text_content().split(". Units")[0])] == pytest.approx(np.abs([p, q, region.c[0]]), abs=0.0051)
        on = [[i for i, unit in enumerate(layer, 1) if unit] for layer in region.pattern]
        assert [[int(v) for v in re.findall(r"\d+", part)] for part in re.findall(r"layer \d: ([^;.]*)", text.text_content())] == on
        outline = re.findall(r"([\d.]+)% ([\d.]+)%", glow.evaluate("node => node.style.clipPath"))
        to_x, to_y = it.axes(PLANE)
        corners = [[to_x(3.86 * float(u)), to_y(3.84 * float(v))] for u, v in outline]
        np.testing.assert_allclose(corners, region.vertices, atol=0.01)
    it.page.mouse.move(2, 2)
    glow.wait_for(state="hidden")
    assert text.text_content() == hint and it.state() == state  # pointing changes nothing


def test_a_tap_brings_the_probe(hold):
    it = hold(viewport={"width": 390, "height": 800}, has_touch=True, is_mobile=True)
    before = it.seen()
    it.page.touchscreen.tap(*to_window(it, (-0.5, -1.5)))
    it.wait_until_seen_changes(before)
    assert it.state()["probe"] == pytest.approx([-0.5, -1.5], abs=0.02)
    region = region_at((-0.5, -1.5))
    assert f"a region of {len(region.vertices)} corners and area {region.area:.2f}" in it.words()


def test_the_region_slider_visits_them_all_in_pythons_order(hold):
    it = hold()
    truth = START.regions()
    it.tab_to("Region")
    it.page.keyboard.press("Home")
    for region in truth:
        probe = np.array(it.state()["probe"])
        it.tab_to("Region")
        assert holds(region.vertices, probe)
        it.page.keyboard.press("ArrowRight")
    assert it.root.get_by_role("slider", name="Region").get_attribute("aria-valuetext").startswith(f"{len(truth)} of {len(truth)}, Units on: layer 1: ")


def test_the_diagram_shows_which_units_are_on_and_chooses_one(hold):
    it = hold({"probe": [-0.5, -1.5]})
    pattern = region_at((-0.5, -1.5)).pattern
    lit = it.root.locator(".mb-circuit circle").evaluate_all("all => all.map((node) => node.classList.contains('mb-lit'))")
    assert lit == [True, True, *(on for layer in pattern for on in layer), True]
    it.root.locator(".mb-circuit circle").nth(2 + 4 + 2).click()
    assert it.state()["unit"] == "2.3"
    bend = drawn(it, ".mb-whole")
    assert bend
    for _, ends in bend:
        np.testing.assert_allclose(sums(START.network, ends)[1][:, 2], 0, atol=0.02)


def test_a_link_that_holds_no_network_opens_the_start(hold):
    it = hold({"network": {"sizes": [2, 4, 4, 1], "activation": "relu", "W": [[[1]]], "b": []}, "unit": "7.7", "layers": 9})
    assert it.state()["network"] == START.network and it.state()["layers"] == 2


@pytest.mark.parametrize("arguments", [dict(network=mb.MLP([2, 3, 1], "relu", seed=1)), dict(network=mb.MLP([2, 3, 4, 2, 1], "relu", seed=1))])
def test_python_gives_a_network_of_other_sizes(arguments, open_page, tmp_path):
    empty = tmp_path / "empty.html"
    empty.write_text("<!doctype html><meta charset='utf-8'><title>empty</title><body><div id='here'></div></body>", encoding="utf-8")
    page = open_page(empty.as_uri())
    widget = mb.widgets.RegionExplorer()

    def traits():
        state = {key: value for key, value in widget.get_state().items()
                 if key in {"_spec", "_text"} or (not key.startswith("_") and key not in {"layout", "tabbable", "tooltip"})}
        return json.loads(json.dumps(state, allow_nan=False))

    page.evaluate(MOUNT, [STRICT, widget._esm, widget._css, traits()])
    it = Explorable(page, "here")
    widget.network = arguments["network"]
    page.evaluate("patch => strict.fromPython(patch)", traits())
    page.wait_for_function("words => document.querySelector('p.mb-hidden:not([aria-live])')?.textContent === words", arg=widget.describe())
    sizes = widget.network["sizes"]
    assert it.root.locator(".mb-circuit circle").count() == sum(sizes)
    assert len([name for name, _ in it.controls() if name.startswith("Line")]) <= 3
    assert it.root.get_by_label("Cuts of").is_visible() == (len(sizes) > 3)
    it.tab_to("w₂")
    page.keyboard.press("ArrowRight")
    assert page.evaluate("strict.state().network.W[0][1][0]") != widget.network["W"][0][1][0]
