"""RegionExplorer: the page's regions against the package's, its words in both languages, and what its traits refuse."""

import itertools
import json
import math

import numpy as np
import pytest
import traitlets

import mlpbook as mb
from mlpbook import regions
from mlpbook.widgets import RegionExplorer
from mlpbook.widgets.region import _at

BOX = [-2.0, -1.5], [2.0, 2.5]


def network(sizes, seed=0, activation="relu"):
    """Random weights and biases (never 0, or all lines would meet in one point)."""
    state = mb.MLP(sizes, activation, seed=seed).state()
    rng = np.random.default_rng(seed)
    state["b"] = [rng.normal(size=b.shape) for b in state["b"]]
    return mb.MLP.from_state(state)


def whole_weights(sizes, seed):
    """Lines through corners, parallel lines, equal units and zeros everywhere."""
    rng = np.random.default_rng(seed)
    layers = [(rng.integers(-1, 2, (m, n)).astype(float), rng.integers(-1, 2, n).astype(float)) for m, n in itertools.pairwise(sizes)]
    return mb.MLP.from_state({"sizes": sizes, "activation": "relu", "W": [W for W, _ in layers], "b": [b for _, b in layers]})


def tenths(sizes, seed):
    """Weights of one decimal: what is shown to two decimals is often half-way between."""
    mlp = network(sizes, seed)
    for p in mlp.parameters:
        p[...] = p.round(1)
    return mlp


NETWORKS = ([network(sizes, seed) for seed in range(3) for sizes in ([2, 1, 1], [2, 16, 1], [2, 4, 4, 1], [2, 16, 16, 1], [2, 8, 8, 8, 8, 1])]
            + [whole_weights([2, 5, 4, 3, 1], seed) for seed in range(8)] + [mb.MLP([2, 6, 6, 1], "relu", seed=4)])


def as_json(mlp):
    state = mlp.state()
    return {"sizes": state["sizes"], "W": [W.tolist() for W in state["W"]], "b": [b.tolist() for b in state["b"]]}


def shortened(mlp, k):
    """The first k hidden layers, under an output that adds their units."""
    state = mlp.state()
    n = mlp.sizes[k]
    return mb.MLP.from_state({"sizes": [*mlp.sizes[:k + 1], 1], "activation": "relu", "W": [*state["W"][:k], np.ones((n, 1))],
                              "b": [*state["b"][:k], np.zeros(1)]})


# --- the page cuts as Python does

def test_the_page_finds_the_same_regions_with_the_same_polygons_and_maps(js):
    for mlp, got in zip(NETWORKS, js("regions.js", [["cut", as_json(mlp), *BOX] for mlp in NETWORKS]), strict=True):
        truth = {region.pattern: region for region in regions.cut(mlp, *BOX)}
        assert len(got) == len(truth)
        scale = max(1.0, *(np.abs(p).max() for p in mlp.parameters)) ** len(mlp.sizes)
        for region in got:
            twin = truth.pop(tuple(map(tuple, region["pattern"])))
            np.testing.assert_allclose(region["vertices"], twin.vertices, atol=1e-9)
            np.testing.assert_allclose(region["A"], twin.A, atol=1e-9 * scale)
            np.testing.assert_allclose(region["c"], twin.c, atol=1e-9 * scale)
        assert not truth


def test_layer_by_layer_each_stage_is_the_shorter_networks(js):
    """Counts and patterns after each layer; each part knows of which region it is one, and what comes out there."""
    for mlp, stages in zip(NETWORKS, js("regions.js", [["cutByLayers", as_json(mlp), *BOX] for mlp in NETWORKS]), strict=True):
        before = None
        for k, stage in enumerate(stages, 1):
            assert {tuple(map(tuple, r["pattern"])) for r in stage} == {r.pattern for r in regions.cut(shortened(mlp, k), *BOX)}
            middles = np.array([np.mean(r["vertices"], axis=0) for r in stage])
            out = middles
            for W, b in zip(mlp.state()["W"][:k], mlp.state()["b"][:k], strict=True):
                out = np.maximum(out @ W + b, 0)
            there = [x @ np.array(r["A"]) + r["c"] for x, r in zip(middles, stage, strict=True)]
            np.testing.assert_allclose(there, out, atol=1e-8)
            for r in stage if before else []:
                assert before[r["parent"]]["pattern"] == r["pattern"][:-1]
            before = stage


def test_every_edge_names_the_unit_that_made_it(js):
    """On an edge its unit's z is 0, whatever units made the edges around it; an edge that nobody made is the box's."""
    for mlp, stages in zip(NETWORKS, js("regions.js", [["cutByLayers", as_json(mlp), *BOX] for mlp in NETWORKS]), strict=True):
        (x0, y0), (x1, y1) = BOX
        for region in stages[-1]:
            corners = np.array(region["vertices"])
            for p, q, maker in zip(corners, np.roll(corners, -1, axis=0), region["by"], strict=True):
                if maker is None:
                    assert any(abs(p[axis] - end) < 1e-12 and abs(q[axis] - end) < 1e-12 for axis, end in [(0, x0), (0, x1), (1, y0), (1, y1)])
                    continue
                layer, unit = maker
                a = np.array([p, q])
                for here, (W, b) in enumerate(zip(mlp.state()["W"], mlp.state()["b"], strict=True)):
                    z = a @ W + b
                    if here == layer:
                        break
                    a = np.maximum(z, 0)
                np.testing.assert_allclose(z[:, unit], 0, atol=1e-8)


def test_a_point_lies_in_the_region_of_its_pattern(js):
    mlp = network([2, 8, 6, 1], seed=1)
    stages, = js("regions.js", [["cutByLayers", as_json(mlp), *BOX]])
    x = np.random.default_rng(0).uniform(*BOX, (60, 2))
    found = js("regions.js", [["find", [{"vertices": r["vertices"]} for r in stages[-1]], point.tolist()] for point in x])
    hidden = [x @ mlp.linear_layers[0].W + mlp.linear_layers[0].b]
    hidden.append(np.maximum(hidden[0], 0) @ mlp.linear_layers[1].W + mlp.linear_layers[1].b)
    for i, point in enumerate(found):
        assert stages[-1][point]["pattern"] == [(z[i] > 0).tolist() for z in hidden]


def test_a_point_on_an_edge_lies_in_the_first_region_that_has_it(js):
    """Middles of edges, which rounding puts on either side: both languages name the same region."""
    cells = [region.vertices for region in regions.cut(network([2, 12, 1], seed=3), *BOX)]
    corners = np.concatenate(cells)
    owner = np.repeat(np.arange(len(cells)), [len(cell) for cell in cells])
    middles = (corners + np.concatenate([np.roll(cell, -1, axis=0) for cell in cells])) / 2
    first = [owner[np.linalg.norm(middles - middle, axis=1) < 1e-9].min() for middle in middles]
    assert (first != owner).sum() > 20  # edges that two regions share
    assert js("regions.js", [["find", [{"vertices": cell.tolist()} for cell in cells], middle.tolist()] for middle in middles]) == first
    assert [_at(cells, middle) for middle in middles] == first


@pytest.mark.parametrize("step", [0.1, 0.5, 3.0])
def test_slices_fill_each_region_and_keep_to_their_levels(js, step):
    mlp = network([2, 6, 5, 1], seed=2)
    cells, = js("regions.js", [["cut", as_json(mlp), *BOX]])
    for cell, slices in zip(cells, js("regions.js", [["slices", cell, step] for cell in cells]), strict=True):
        assert [k for k, _ in slices] == list(range(slices[0][0], slices[0][0] + len(slices)))
        for k, corners in slices:
            y = mlp(np.array(corners))[:, 0]
            assert k * step - 1e-8 <= y.min() and y.max() <= (k + 1) * step + 1e-8
        areas = js("regions.js", [["area", corners] for _, corners in [(0, cell["vertices"]), *slices]])
        assert min(areas) > 0
        assert sum(areas[1:]) == pytest.approx(areas[0], rel=1e-9)


@pytest.mark.parametrize("output, bands", [([[0.0]], [0]), ([[0.5]], [0, 1])])
def test_slices_of_a_flat_region_and_on_a_level(js, output, bands):
    """A constant output is one slice; one that ends exactly on a level has none beyond it."""
    mlp = mb.MLP.from_state({"sizes": [2, 1, 1], "activation": "relu", "W": [[[1.0], [0.0]], output], "b": [[2.0], [0.0]]})
    cells, = js("regions.js", [["cut", as_json(mlp), [-2, -2], [2, 2]]])  # y = 0, or from 0 to 2
    assert [k for k, _ in js("regions.js", [["slices", cells[0], 1.0]])[0]] == bands


# --- its words

def told(widget):
    spec = widget._spec
    return {name: getattr(widget, name) for name in spec["arguments"]} | {"bounds": spec["bounds"]}


STATES = [dict(), dict(layers=1), dict(shade=True, unit="3.1"), dict(points=[[1, 1], [-1, 0.5]], labels=[1, 0]),
          dict(network=network([2, 16, 16, 1], 1), extent=3.5, probe=[-3.1, 2.2]), dict(network=network([2, 5, 1], 2)),
          dict(network=network([2, 1, 1], 3), points=[[0.5, 0.5]], labels=[0]), dict(network=network([2, 6, 5, 4, 1], 1), layers=2),
          dict(network=network([2, 6, 5, 4, 1], 5), layers=1, probe=[0, 0]), dict(network=mb.MLP([2, 4, 3, 1], "relu", init="zeros"))]


@pytest.mark.parametrize("arguments", STATES)
def test_it_is_described_alike(js, arguments):
    widget = RegionExplorer(**arguments)
    assert js("region.js", [["describe", told(widget)]]) == [widget.describe()]


def test_any_state_is_described_alike(js):
    rng = np.random.default_rng(0)
    widgets = []
    for seed in range(45):
        hidden = rng.integers(1, 7, rng.integers(1, 4)).tolist()
        mlp = (whole_weights, network, tenths)[seed % 3]([2, *hidden, 1], seed)
        # on whole weights the probe, on a grid, often lies on an edge
        widgets.append(RegionExplorer(mlp, layers=int(rng.integers(1, len(hidden) + 1)), probe=rng.integers(-8, 9, 2) / 4))
    for widget, words in zip(widgets, js("region.js", [["describe", told(widget)] for widget in widgets]), strict=True):
        assert words == widget.describe()


def test_the_words_by_hand():
    """Two lines cross in the origin: four regions; a second layer of one unit, z = x₁ − 1 where x₁ > 0, cuts two of them."""
    widget = RegionExplorer({"sizes": [2, 2, 1, 1], "activation": "relu", "W": [[[1, 0], [0, 1]], [[1], [0]], [[2]]], "b": [[0, 0], [-1], [0.5]]},
                            probe=[1.5, -1])
    assert widget.describe() == (
        "A ReLU network 2-2-1-1 on the square |x₁|, |x₂| ≤ 2.00. Regions in the square: 4 after layer 1, 6 after layer 2. On the whole "
        "plane networks of these sizes have at most 7; 3 units in one layer have at most 7. The output goes from 0.50 to 2.50. "
        "The probe x₁ = 1.50, x₂ = −1.00 lies in a region of 4 corners and area 2.00. Units on: layer 1: 1; layer 2: 1. "
        "On it y = 2.00 x₁ + 0.00 x₂ − 1.50; at the probe y = 1.50.")
    widget.layers = 1
    assert "The picture shows the cuts of layer 1." in widget._text and widget._text.endswith("Units on: layer 1: 1. Layer 2 cuts it into 2 parts.")
    widget.probe = [-1, -1]
    assert widget._text.endswith("Units on: layer 1: none. Layer 2 does not cut it.")


# --- its traits

NAN = math.nan
FINE = RegionExplorer().network


@pytest.mark.parametrize("arguments, words", [
    (dict(network=5), "network: a state is a dict"), (dict(network={"sizes": [2, 2, 1]}), "missing: W, activation, b"),
    (dict(network=mb.MLP([2, 4, 1], "tanh")), "network must be a relu network .*got MLP 2 -> 4 -> 1, tanh"),
    (dict(network=mb.MLP([2, 4, 1], "leaky_relu")), "relu network"), (dict(network=mb.MLP([2, 2, 2, 1], "relu", residual=True)), "without residual"),
    (dict(network=mb.MLP([2, 4, 1], "relu", normalization="batch")), "or normalisation"),
    (dict(network=mb.MLP([3, 4, 1], "relu")), r"2 inputs.*got \[3, 4, 1\]"), (dict(network=mb.MLP([2, 4, 2], "relu")), "1 output"),
    (dict(network=mb.MLP([2, 1], "relu")), "hidden layers"), (dict(network=mb.MLP([2, 33, 32, 1], "relu")), "at most 64 units"),
    (dict(network=mb.MLP([2, 1, 1, 1, 1, 1, 1, 1, 1], "relu")), "1 to 6 hidden layers"),
    (dict(network=FINE | {"b": [[0, 0, 0, NAN], [0] * 4, [0]]}), "finite"), (dict(network=FINE | {"b": [[0, 0, 0, 1001], [0] * 4, [0]]}), "beyond 1000"),
    (dict(layers=0), "layers must be"), (dict(layers=3), r"layers must be one of 1, 2 for sizes \[2, 4, 4, 1\]; got 3"), (dict(layers=1.5), "layers"),
    (dict(unit="2.5"), "unit must be one of 1.1, .*'2.5'"), (dict(unit="0.1"), "unit"), (dict(unit=1.1), "unit"), (dict(unit="4.1"), "unit"),
    (dict(probe=[2.1, 0]), "probe must lie in the picture, within 2 of 0"), (dict(probe=[NAN, 0]), "probe"), (dict(probe=[1]), "probe"),
    (dict(shade="yes"), "shade"), (dict(extent=0.4), "extent must be a number from 0.5 to 10"), (dict(extent=None), "extent"),
    (dict(points=[[1, 2.5]], labels=[1]), "within 2"), (dict(points=[[1, 2]]), "1 points and 0 labels"), (dict(points=[[1, 2]], labels=[2]), "0 or 1"),
])
def test_bad_arguments(arguments, words):
    with pytest.raises(traitlets.TraitError, match=words):
        RegionExplorer(**arguments)


def test_unknown_arguments_are_named():
    with pytest.raises(TypeError, match="RegionExplorer takes network, .*; got 'mlp'"):
        RegionExplorer(mlp=1)


@pytest.mark.parametrize("name, bad", [("network", mb.MLP([2, 3, 1], "tanh")), ("layers", 3), ("unit", "9.9"), ("probe", [3, 0]), ("extent", 0.7),
                                       ("points", [[0, 0]]), ("labels", [0])])
def test_a_refused_value_changes_nothing(name, bad):
    widget = RegionExplorer(points=[[1, 1], [0, 1]], labels=[0, 1])
    before = widget.get_state()
    with pytest.raises(traitlets.TraitError):
        setattr(widget, name, bad)
    assert widget.get_state() == before


def test_a_network_goes_in_and_comes_out_and_is_not_touched():
    mlp = network([2, 5, 3, 1])
    before = [p.copy() for p in mlp.parameters]
    widget = RegionExplorer(mlp)
    x = np.random.default_rng(0).normal(size=(20, 2))
    np.testing.assert_array_equal(widget.mlp(x), mlp(x))
    assert widget.layers == 2 and len(widget.regions()) == len(regions.cut(mlp, (-2, -2), (2, 2)))
    changed = json.loads(json.dumps(widget.network))
    changed["W"][0][0][0] = 0.25
    widget.network = changed
    assert widget.mlp.linear_layers[0].W[0, 0] == 0.25 and f"{len(widget.regions())} after layer 2" in widget._text
    for p, kept in zip(mlp.parameters, before, strict=True):
        np.testing.assert_array_equal(p, kept)
    assert RegionExplorer().network == FINE  # and other explorables are not touched


def test_a_network_of_other_sizes_brings_its_own_controls():
    widget = RegionExplorer(layers=1, unit="2.4")
    spec = widget._spec
    widget.network = network([2, 3, 1])
    assert widget._spec is not spec
    limits = widget._spec["limits"]
    assert (widget.layers, widget.unit) == (1, "1.1") and limits["layers"]["high"] == 1
    assert limits["unit"]["options"] == ["1.1", "1.2", "1.3", "2.1"] and limits["network"]["sizes"] == [2, 3, 1]
    assert widget._spec["start"]["network"] == widget.network
    assert widget._spec["bounds"] == {"most": [7], "reached": [7], "flat": 7}


def test_sliders_reach_the_largest_weight_and_never_shrink():
    mlp = network([2, 3, 1])
    mlp.linear_layers[0].W[0, 0] = 6.2
    widget = RegionExplorer(mlp)
    assert widget._spec["limits"]["network"]["high"] == 7 == -widget._spec["limits"]["network"]["low"]
    spec = widget._spec
    mlp.linear_layers[0].W[0, 0] = 1.0
    widget.network = mlp
    assert widget._spec is spec  # nothing is built anew while one drags
    mlp.linear_layers[0].W[0, 0] = 8.5
    widget.network = mlp
    assert widget._spec["limits"]["network"]["high"] == 9


def test_a_smaller_picture_takes_the_probe_along():
    assert RegionExplorer(extent=0.5).probe == [0.5, -0.5]
    widget = RegionExplorer(probe=[2, 1])
    widget.extent = 1.5
    assert widget.probe == [1.5, 1.0] and widget._spec["limits"]["probe"]["high"] == 1.5


@pytest.mark.parametrize("arguments", STATES)
def test_python_text_rebuilds_it_on_both_sides(js, arguments):
    widget = RegionExplorer(**arguments)
    state = {name: getattr(widget, name) for name in widget._spec["arguments"]}
    for text in (widget.to_python(), js("state.js", [["toPython", "RegionExplorer", state]])[0]):
        again = eval(text, {"mb": mb})
        assert {name: getattr(again, name) for name in state} == state


def spoilt(**parts):
    return {"network": FINE | parts}


@pytest.mark.parametrize("wanted, kept", [
    ({"network": FINE}, {"network": FINE}), (spoilt(sizes=[2, 4, 1]), {}), (spoilt(activation="tanh"), {}), (spoilt(alpha=[0, 0]), {}),
    (spoilt(b=[[0, 0, 0, 5], [0] * 4, [0]]), {}), (spoilt(b=[[0, 0, 0], [0] * 4, [0]]), {}), (spoilt(b=[[0] * 4, [0] * 4]), {}),
    (spoilt(b=[[0] * 4, [0] * 4, None]), {}), (spoilt(W=FINE["W"][:2]), {}), (spoilt(W=[FINE["W"][1], *FINE["W"][1:]]), {}), (spoilt(W=None), {}),
    ({"network": None}, {}), ({"network": [1]}, {}), ({"layers": 3}, {}), ({"layers": 1.5}, {}), ({"layers": 1}, {"layers": 1}),
    ({"unit": "2.5"}, {}), ({"unit": "3.1"}, {"unit": "3.1"}), ({"probe": [2.5, 0]}, {}), ({"points": []}, {}), ({"extent": 3}, {}),
])
def test_a_link_sets_only_what_is_allowed(js, wanted, kept):
    assert js("state.js", [["accept", RegionExplorer()._spec["limits"], wanted]]) == [kept]


def test_two_explorables_linked_by_their_network():
    a, b = RegionExplorer(), RegionExplorer(network([2, 4, 4, 1]))
    link = traitlets.link((a, "network"), (b, "network"))
    assert b.network == a.network
    link.unlink()


def test_points_may_be_an_array_whatever_is_set_first():
    data = mb.datasets.spirals(40)
    for _ in range(5):
        explorer = mb.widgets.RegionExplorer(mb.MLP([2, 3, 1], "relu"), points=2 * data.x, labels=data.y, extent=3.0)
        assert len(explorer.points) == 40
    with pytest.raises(traitlets.TraitError, match="points"):
        mb.widgets.RegionExplorer(mb.MLP([2, 3, 1], "relu"), points="ab", extent=3.0)
