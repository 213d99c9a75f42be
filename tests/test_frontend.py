"""The page's code against Python's: activations, geometry, words, links, and the host's promises."""

import json
import subprocess

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shared import FRONTEND, ROOT

import mlpbook as mb
from mlpbook.widgets import bundle
from mlpbook.widgets.text import num


@pytest.mark.parametrize("activation", list(mb.ACTIVATIONS.values()), ids=lambda a: a.name)
def test_activations_equal_python(js, activation):
    rng = np.random.default_rng(0)
    z = np.concatenate([rng.normal(scale=3, size=300), [0.0, -0.0, 8.0, -8.0, 40.0, -40.0, 800.0, -800.0]])
    for alpha in [activation.alpha] if activation.alpha is None else [activation.alpha, 0.0, 0.7]:
        twin = activation if alpha is None else activation.with_alpha(alpha)
        got = js("nn.js", [[f"ACTIVATIONS.{activation.name}.{part}", v, alpha] for part in ("f", "df") for v in z.tolist()])
        np.testing.assert_allclose(got[:len(z)], twin(z), rtol=1e-12, atol=1e-12)
        np.testing.assert_allclose(got[len(z):], twin.derivative(z), rtol=1e-12, atol=1e-12)


def test_the_tail_of_gelu_is_small_and_not_lost(js):
    z = np.array([-2.9, -3.1, -5.0, -7.0, -8.5, -12.0, -20.0])
    got = js("nn.js", [[f"ACTIVATIONS.gelu.{part}", v] for part in ("f", "df") for v in z.tolist()])
    np.testing.assert_allclose(got, [*mb.gelu(z), *mb.gelu.derivative(z)], rtol=1e-12, atol=0)  # 16 decimals would be none of it


def test_the_page_knows_every_activation_and_no_other(js):
    source = FRONTEND.joinpath("nn.js").as_uri()
    assert js("nn.js", [["ACTIVATIONS.step.f", 1.0]]) == [1]
    out = subprocess.run(["node", "--input-type=module", "-e",
                          f"import {{ACTIVATIONS}} from {json.dumps(source)}; console.log(JSON.stringify(Object.keys(ACTIVATIONS)))"],
                         capture_output=True, text=True, check=True).stdout
    assert json.loads(out) == list(mb.ACTIVATIONS)


@pytest.mark.parametrize("name, alpha, expected", [
    ("step", None, [(-6, 6, True)]),
    ("relu", None, [(-6, 0, True)]),
    ("identity", None, []),
    ("leaky_relu", 0.01, [(-6, 0, False)]),
    ("leaky_relu", 0.2, []),
    # sigma' = 0.05 where s(1 - s) = 0.05; tanh' = 0.05 where tanh^2 = 0.95
    ("sigmoid", None, [(-6, np.log((1 - np.sqrt(0.8)) / (1 + np.sqrt(0.8))), False),
                       (np.log((1 + np.sqrt(0.8)) / (1 - np.sqrt(0.8))), 6, False)]),
    ("tanh", None, [(-6, -np.arctanh(np.sqrt(0.95)), False), (np.arctanh(np.sqrt(0.95)), 6, False)]),
])
def test_flat_zones_equal_the_closed_form(js, name, alpha, expected):
    zones = js("nn.js", [["flatZones", name, alpha, 0.05, -6, 6]])[0]
    assert [zone["dead"] for zone in zones] == [dead for _, _, dead in expected]
    for zone, (low, high, _) in zip(zones, expected, strict=True):
        assert (zone["from"], zone["to"]) == (pytest.approx(low, abs=0.011), pytest.approx(high, abs=0.011))


def test_geometry_equals_numpy(js):
    rng = np.random.default_rng(1)
    calls, checks = [], []
    for _ in range(50):
        w, b, p, z = rng.normal(size=2) * 2, float(rng.normal() * 3), rng.normal(size=2) * 2, float(rng.normal())
        calls += [["signedDistance", w.tolist(), b, p.tolist()], ["foot", w.tolist(), b, p.tolist(), z],
                  ["clipLine", w.tolist(), b, 4, z]]
        checks.append((w, b, p, z))
    results = js("plane.js", calls)
    for (w, b, p, z), (distance, foot, ends) in zip(checks, np.array(results, dtype=object).reshape(-1, 3), strict=True):
        assert distance == pytest.approx((w @ p + b) / np.linalg.norm(w))
        assert w @ foot + b == pytest.approx(z, abs=1e-9)  # on the line,
        assert np.cross(np.append(np.subtract(p, foot), 0), np.append(w, 0)) == pytest.approx(0, abs=1e-9)  # straight below p
        t = np.linspace(-12, 12, 4001)[:, None]
        on_line = (z - b) * w / (w @ w) + t * np.array([-w[1], w[0]]) / np.linalg.norm(w)
        inside = on_line[(np.abs(on_line) <= 4).all(axis=1)]
        assert (ends is None) == (len(inside) < 2)
        if ends is not None:
            for end in ends:
                assert w @ end + b == pytest.approx(z, abs=1e-9) and max(map(abs, end)) == pytest.approx(4)
            reached = [np.abs(np.subtract(inside, end)).sum(axis=1).min() for end in ends]
            assert max(reached) < 0.02


def test_no_line_without_weights(js):
    assert js("plane.js", [["signedDistance", [0, 0], 1, [1, 1]], ["clipLine", [0, 0], 1, 4], ["contourLevels", [0, 0], 1, 4, 1]]
              ) == [None, None, []]


@settings(max_examples=15, deadline=None)
@given(st.lists(st.one_of(st.floats(-1e6, 1e6), st.sampled_from([0.125, -0.125, 0.005, -0.004, 2.675, -0.0])), min_size=20, max_size=40))
def test_numbers_read_alike(js, values):
    assert js("dom.js", [["num", v, 2] for v in values]) == [num(v) for v in values]


NEURONS = [dict(), dict(w=[0, 0], b=-1.25), dict(w=[0.1, 0.0], b=5), dict(w=[-4, 4], b=-6, probe=[-4, -4], activation="relu"),
           dict(activation="leaky_relu", w=[1, 1], b=-5, probe=[1, 1]), dict(activation="elu", b=-2),
           dict(points=[[1, 2], [0, 0], [-1, 3]], labels=[1, 0, 0], inputs=["length", "width"])]


@pytest.mark.parametrize("arguments", NEURONS)
def test_neuron_is_described_alike(js, arguments):
    widget = mb.widgets.NeuronExplorer(**arguments)
    state = {name: getattr(widget, name) for name in widget._spec["arguments"]}
    state |= {"alpha": widget._spec["alpha"].get(widget.activation), "extent": widget._spec["extent"]}
    assert js("neuron.js", [["describe", state]]) == [widget.describe()]


def test_a_probe_on_the_line_is_on_neither_side(js):
    widget = mb.widgets.NeuronExplorer(w=[0.1, 0.2], b=-0.3, probe=[1, 1])  # a sum of 0, but for rounding
    state = {name: getattr(widget, name) for name in widget._spec["arguments"]} | {"extent": widget._spec["extent"]}
    assert "from the origin, and the probe on it." in widget.describe()
    assert js("neuron.js", [["describe", state]]) == [widget.describe()]


@pytest.mark.parametrize("activation", mb.ACTIVATIONS)
def test_activation_is_described_alike(js, activation):
    for z in (-5.55, 0.0, 1.0, 3.2):
        widget = mb.widgets.ActivationExplorer(names=[activation], z=z)
        alpha = widget.alpha if mb.ACTIVATIONS[activation].alpha is not None else None
        state = {"activation": activation, "z": z, "below": widget.flat_below} | ({} if alpha is None else {"alpha": alpha})
        assert js("activation.js", [["describe", state]]) == [widget.describe()]


@pytest.mark.parametrize("make", [lambda: mb.widgets.NeuronExplorer(w=[0.1 + 0.2, -1e-7], points=[[1, 2]], labels=[1]),
                                  lambda: mb.widgets.NeuronExplorer(inputs=['a "quoted" \\ name', "</script><b>"]),
                                  lambda: mb.widgets.ActivationExplorer(names=["relu", "elu"], activation="elu", compare=True)])
def test_python_text_rebuilds_the_explorable_on_both_sides(js, make):
    widget = make()
    state = {name: getattr(widget, name) for name in widget._spec["arguments"]}
    for text in (widget.to_python(), js("state.js", [["toPython", widget._spec["name"], state]])[0]):
        again = eval(text, {"mb": mb})
        assert {name: getattr(again, name) for name in state} == state


@pytest.mark.parametrize("wanted, kept", [
    ({"w": [1, 2], "b": 3}, {"w": [1, 2], "b": 3}), ({"w": [1, 99]}, {}), ({"w": [1]}, {}), ({"w": "12"}, {}), ({"b": None}, {}),
    ({"b": "1"}, {}), ({"activation": "relu", "b": 99}, {"activation": "relu"}), ({"activation": "nope"}, {}), ({"points": [[1, 1]]}, {}),
    ({"_esm": "alert(1)"}, {}), ({"constructor": 1, "__proto__": {"b": 1}}, {}), ("text", {}), (None, {}), ([1], {}), (7, {}),
])
def test_a_link_sets_only_what_is_allowed(js, wanted, kept):
    limits = mb.widgets.NeuronExplorer()._spec["limits"]
    assert js("state.js", [["accept", limits, wanted]]) == [kept]


@pytest.mark.parametrize("text, expected", [
    ("#NeuronExplorer-1=%7B%22b%22%3A1%7D", ["NeuronExplorer-1", {"b": 1}]), ("", None), ("#section", None), ("#a=b", None),
    ("#a=%", None), ("#a={", None), ("#a b=1", None)])
def test_the_hash_is_read_or_ignored(js, text, expected):
    assert js("host.js", [["readHash", text]]) == [expected]


@pytest.mark.parametrize("model, promises", [("host", 14), ("strict", 12)])
def test_models_keep_their_promises(node, model, promises):
    done = subprocess.run([node, ROOT / "tests/frontend/conform.mjs", model], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    results = json.loads(done.stdout)
    assert len(results) == promises
    assert [r for r in results if r["problem"]] == []


def test_links_between_models(node):
    script = f"""
      import {{ Model, link }} from {json.dumps((FRONTEND / 'host.js').as_uri())};
      const [a, b, c] = [1, 2, 3].map((v) => new Model({{ v }}));
      link([a, "v"], [b, "v"], true); link([b, "v"], [c, "v"], false);
      const seen = [[b.get("v"), c.get("v")]];
      b.set("v", 7); seen.push([a.get("v"), c.get("v")]);
      c.set("v", 9); seen.push([a.get("v"), b.get("v")]);
      console.log(JSON.stringify(seen));"""
    out = subprocess.run([node, "--input-type=module", "-e", script], capture_output=True, text=True, check=True).stdout
    assert json.loads(out) == [[1, 1], [7, 7], [7, 7]]


@pytest.mark.parametrize("kind", [kind for kind in mb.widgets.__all__ if kind != "experiment"])
def test_the_joined_module_parses_and_exports_a_widget(node, kind, tmp_path):
    joined = tmp_path / "joined.mjs"
    joined.write_text(getattr(mb.widgets, kind)._esm, encoding="utf-8")
    script = f"const m = await import({json.dumps(joined.as_uri())}); console.log(Object.keys(m.default), Object.keys(m))"
    out = subprocess.run([node, "--input-type=module", "-e", script], capture_output=True, text=True, check=True).stdout
    assert out.strip() == "[ 'render' ] [ 'default' ]"


def test_classic_scripts_of_one_page_do_not_get_in_each_others_way(node, tmp_path):
    pages = {"page.js": "open", "figures.js": "start"}
    for entry, name in pages.items():
        (tmp_path / entry).write_text(bundle.classic(entry, f"said.push(typeof module.{name});"), encoding="utf-8")
    program = """const vm = require("vm"), { readFileSync } = require("fs"), page = vm.createContext({
            said: [], URL, location: {}, document: { currentScript: { src: "file:///page.js" } } });
        for (const path of process.argv.slice(1)) vm.runInContext(readFileSync(path, "utf8"), page);
        console.log(...page.said);"""
    ran = subprocess.run([node, "-e", program, *(str(tmp_path / entry) for entry in pages)], capture_output=True, text=True)
    assert ran.stdout.split() == ["function", "function"], ran.stderr


def test_the_joiner_refuses_what_it_does_not_know(tmp_path, monkeypatch):
    monkeypatch.setattr(bundle, "FRONTEND", tmp_path)
    for source in ('import x from "./y.js";', 'import * as y from "./y.js";', "export let a = 1;", 'export { a } from "./y.js";'):
        (tmp_path / "x.js").write_text(source, encoding="utf-8")
        with pytest.raises(ValueError, match=r"x\.js has an import or export that the joiner does not know"):
            bundle.join("x.js")
