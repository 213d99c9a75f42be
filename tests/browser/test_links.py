"""A link carries the state of an explorable, from disk to disk; a mangled or hostile one opens the page as it is."""

import json

import playground
import pytest
from explorable import Explorable, address

STATES = {
    "ActivationExplorer": {"activation": "elu", "z": -2.35, "alpha": 0.7, "compare": True},
    "ApproximationBuilder": {"target": "drawn by hand", "units": "steps", "knots": [0.111, 0.5, 0.9], "best_heights": True,
                             "drawn": [round(0.7 - 0.04 * k, 2) for k in range(33)], "x": 0.25, "show_weights": True},
    "DescentExplorer": {"surface": "two minima", "start": [-1.05, 2.5], "lr": 0.33, "momentum": 0.75, "step": 17},
    "BackpropStepper": {"step": 13, "applied": 4, "lr": 0.25},
    "GradientFlowExplorer": {"depth": 7, "width": 9, "activation": "gelu", "init": "he", "k": 2.5, "layer": 3},
    "LayerExplorer": {"W1": [[0.0, 2.5], [-1.0, 0.05]], "b1": [1.5, -4.0], "activation": "tanh", "two_layers": False,
                      "W2": [[1.0, 0.0], [0.0, -1.0]], "b2": [0.0, 0.5], "stage": 2.35},
    "NeuronExplorer": {"w": [-1.5, 3.25], "b": -2.5, "activation": "tanh", "probe": [-3.0, 0.05]},
    "TrainingPlayground": {"preset": "drawn by hand", "drawn": "hQAw4_Qsg0", "widths": [5, 3, 3], "activation": "relu", "init": "he", "residual": True,
                           "normalization": "layer", "mlp_seed": 12, "loss": "cross_entropy", "optimizer": "SGD", "lr": 0.3, "weight_decay": 0.01,
                           "batch_size": 7, "seed": 3, "probe": [-1.25, 0.5]},
    "PerceptronExplorer": {"points": [[1.0, 2.25, 0], [-1.5, 0.5, 1], [2.0, -3.0, 2]], "step": 4, "seed": 3, "best": True},
    "SoftmaxExplorer": {"logits": [1.5, -2.3, 0.0, 4.0], "label": 3, "temperature": 2.5, "shift": -50, "precision": "float32"},
    "RegionExplorer": {"network": {"sizes": [2, 4, 4, 1], "activation": "relu",
                                   "W": [[[0.5, 1.0, 0.0, 0.25], [-0.5, 1.5, 1.0, 0.75]], [[0.1 * k + j for j in range(4)] for k in (-3, 2, 5, -8)],
                                         [[-0.5], [0.25], [1.0], [2.0]]], "b": [[1.0, -0.5, 0.0, -0.75], [0.5, 0.25, -0.5, 1.0], [0.125]]},
                       "layers": 1, "unit": "1.3", "probe": [-1.25, 0.5], "shade": True},
}
assert set(STATES) == set(playground.EXAMPLES)

# what a link may hold: (what is wrong with it, what stands behind the "=")
HOSTILE = {
    "bad JSON": "{w:",
    "bad escapes": None,  # made below: quoting would mend it
    "null": "null",
    "a number": "7",
    "a list": '[{"w": [1, 2]}]',
    "unknown keys": '{"evil": 1, "constructor": {"x": 1}, "toString": "x", "_spec": {"limits": {}}}',
    "given keys": '{"points": [[0, 0]], "labels": [1], "inputs": ["<b>", "x"], "names": ["relu"], "flat_below": 0.5}',
    "a prototype": '{"__proto__": {"w": [3, 3], "z": 3}, "constructor": {"prototype": {"z": 3}}}',
    "out of range": '{"w": [4.001, 0], "b": 1e9, "z": -6.5, "alpha": 2, "probe": [0, -400], "W1": [[0, 5], [0, 0]], "stage": 6.01}',
    "infinite": '{"w": [1e999, 0], "b": -1e999, "z": 1e999, "alpha": 1e999}',
    "wrong types": '{"w": "12", "b": "1", "z": [1], "alpha": true, "activation": ["relu"], "compare": 1, "probe": {"0": 1, "1": 1, "length": 2}}',
    "wrong sizes": '{"w": [1], "W1": [[1, 2], [3]], "W2": [1, 2, 3, 4], "probe": [1, 2, 3]}',
    "nothings": '{"w": [null, null], "b": null, "z": null, "activation": null, "compare": null}',
    "names that are no activation": '{"activation": "constructor"}',
    "markup": '{"activation": "<img src=x onerror=alert(1)>", "z": "<script>alert(1)</script>"}',
    "a megabyte": json.dumps({"w": [1] * 100_000}),
}


@pytest.fixture
def uri(play):
    return (play / "explorables.html").as_uri()


@pytest.mark.parametrize("name", STATES)
def test_a_link_opens_the_state_it_was_made_from(name, uri, open_page):
    first = Explorable(open_page(uri), f"{name}-1")
    first.follow(STATES[name])
    assert first.state() == STATES[name]
    link = first.offered("Link to this")
    assert first.page.url == link  # the address bar holds it too, so that a bookmark does
    second = Explorable(open_page(link), f"{name}-1")
    assert second.state() == STATES[name]
    assert second.seen() == first.seen()
    second.root.get_by_role("button", name="Reset").click()
    start = Explorable(open_page(uri), f"{name}-1")
    assert second.state() == start.state()  # back to the book's own start


def test_a_link_brings_what_it_is_about_into_view(play, open_page):
    page = open_page(address((play / "far.html").as_uri(), "NeuronExplorer-1", STATES["NeuronExplorer"]))
    page.evaluate("() => MathJax.startup.promise")
    page.wait_for_function("document.getElementById('NeuronExplorer-1').dataset.state === 'ready'")
    page.evaluate("() => new Promise(requestAnimationFrame)")
    box = page.locator("#NeuronExplorer-1").bounding_box()
    assert box["y"] < 900 and box["y"] + box["height"] > 0


@pytest.fixture(scope="module")
def starts():
    """What each explorable shows at its start, as the first test of a hostile link found it."""
    return {}


@pytest.mark.parametrize("what", HOSTILE)
def test_a_hostile_link_changes_nothing(what, uri, starts, open_page):
    """Opened from outside, and followed on the open page."""
    if not starts:
        page = open_page(uri)
        starts.update({name: (it.seen(), it.state()) for name in STATES for it in [Explorable(page, f"{name}-1")]})
    link = f"{uri}#NeuronExplorer-1=%E0%A4%A" if HOSTILE[what] is None else address(uri, "NeuronExplorer-1", HOSTILE[what])
    page = open_page(link)
    for name in STATES:
        opened = Explorable(page, f"{name}-1")
        assert opened.seen() == starts[name][0]
        opened.page.evaluate("hash => { location.hash = hash; }", link.split("#")[1].replace("NeuronExplorer", name))
        assert opened.state() == starts[name][1]
        assert opened.seen() == starts[name][0]
    assert page.evaluate("[{}.w, {}.z, {}.b, [].w].every((value) => value === undefined)")


@pytest.mark.parametrize("fragment", ["NeuronExplorer-9={}", "=", "#", "NeuronExplorer-1", "NeuronExplorer-1=", "__proto__={}",
                                      "main-content={}", "a b", "<img src=x onerror=alert(1)>={}", "%"])
def test_a_link_to_nothing_opens_the_page(fragment, uri, open_page):
    opened = Explorable(open_page(f"{uri}#{fragment}"), "NeuronExplorer-1")
    assert opened.state()["w"] == [1, -0.5]


def test_the_sound_part_of_a_link_is_used(uri, open_page):
    state = {"w": [9, 9], "b": 1.5, "activation": "relu", "probe": "here"}
    opened = Explorable(open_page(address(uri, "NeuronExplorer-1", state)), "NeuronExplorer-1")
    assert opened.state() == {"w": [1, -0.5], "b": 1.5, "activation": "relu", "probe": [1.5, 1]}
