"""Each explorable on a model that knows only what anywidget promises, and that throws at whatever no kernel could take."""

import json
from itertools import pairwise
from pathlib import Path

import playground
import pytest
from explorable import KEYS, Explorable

import mlpbook as mb

NAMES = sorted(playground.EXAMPLES)
BY_BUTTON = {"TrainingPlayground": {"widths", "drawn"}}  # traits that no other control moves
STRICT = (Path(__file__).parent / "strict_model.js").read_text(encoding="utf-8")
MOUNT = """async ([strict, esm, css, state]) => {
  const load = (text) => import(URL.createObjectURL(new Blob([text], {type: 'text/javascript'})));
  document.head.append(Object.assign(document.createElement('style'), {textContent: css}));
  self.strict = (await load(strict)).strictModel(state);
  const el = document.querySelector('#here');
  const exported = (await load(esm)).default;
  const widget = typeof exported === 'function' ? await exported() : exported;
  await widget.initialize?.(self.strict.context(el));
  self.cleanUp = await widget.render(self.strict.context(el));
  el.dataset.state = 'ready';
}"""


class Strict(Explorable):
    """An explorable that stands on the strict model; its state is read from there."""

    def state(self):
        traits = self.page.evaluate("strict.state()")
        return {key: traits[key] for key in traits["_spec"]["limits"]}


@pytest.fixture
def hold(open_page, tmp_path):
    """hold(widget): the widget's own module, mounted on a strict model in an empty page from disk."""
    def hold(widget):
        empty = tmp_path / "empty.html"
        empty.write_text("<!doctype html><meta charset='utf-8'><title>empty</title><body><div id='here'></div></body>", encoding="utf-8")
        page = open_page(empty.as_uri())
        state = {key: value for key, value in widget.get_state().items()
                 if key in {"_spec", "_text"} or (not key.startswith("_") and key not in {"layout", "tabbable", "tooltip"})}
        page.evaluate(MOUNT, [STRICT, widget._esm, widget._css, json.loads(json.dumps(state, allow_nan=False))])
        return Strict(page, "here")
    return hold


def drive(it):
    """Every key on every control, and every handle dragged about; each trait must stay within its limits."""
    for control, kind in sorted(it.controls(), key=lambda pair: pair[1] in {"select-one", "checkbox"}):
        if kind in {"button", "submit"}:
            continue
        if (control, kind) not in it.controls():
            continue  # taking a line in hand brings the sliders of its own unit
        keys = ["ArrowLeft", "ArrowUp", "Shift+ArrowRight"] if kind == "handle" else [KEYS[kind], *(["End", "Home"] * (kind == "range"))]
        for key in keys:
            it.tab_to(control)
            it.page.keyboard.press(key)
        if kind == "handle":
            x, y = it.grip(control)
            it.page.mouse.move(x, y)
            it.page.mouse.down()
            for dx, dy in [(20, 10), (-700, 5), (5, -700), (4000, 4000), (-30, 20), (0, 0)]:
                it.page.mouse.move(x + dx, y + dy)
            it.page.mouse.up()


def within(limit, value):
    if value is None:
        return None in limit.get("options", ()) or limit.get("none", False)
    if "list" in limit:
        return len(value) <= limit["most"] and all(within(limit["list"], each) for each in value)
    return len(value) <= 5 * limit["code"] if "code" in limit else _within(limit, value)


def _within(limit, value):
    if "sizes" in limit:
        range_ = {"low": limit["low"], "high": limit["high"]}
        shapes = [{"shape": list(pair)} for pair in pairwise(limit["sizes"])]
        return (value["sizes"], value["activation"]) == (limit["sizes"], limit["activation"]) and all(
            within(range_ | shape, W) and within(range_ | {"size": shape["shape"][1]}, b)
            for shape, W, b in zip(shapes, value["W"], value["b"], strict=True))
    if "gap" in limit:
        return limit["least"] <= len(value) <= limit["most"] and min(q - p for p, q in pairwise([0, *value, 1])) >= limit["gap"] - 1e-9
    if "options" in limit or "boolean" in limit:
        return value in limit.get("options", [True, False])
    if "row" in limit:
        return len(value) <= limit["most"] and all(len(row) == len(limit["row"]) and all(map(within, limit["row"], row)) for row in value)
    if "shape" in limit:
        rows, columns = limit["shape"]
        return len(value) == rows and all(within({"low": limit["low"], "high": limit["high"], "size": columns}, row) for row in value)
    values = value if "size" in limit or "least" in limit else [value]
    return limit.get("least", limit.get("size", 1)) <= len(values) <= limit.get("most", limit.get("size", 1)) and all(limit["low"] <= v <= limit["high"] for v in values)


@pytest.mark.parametrize("name", NAMES)
def test_it_lives_on_what_anywidget_promises(name, hold):
    """Driven through and through, it sets known traits to clean values within their limits, and leaves nothing behind."""
    widget = eval(playground.EXAMPLES[name], {"mb": mb})
    it = hold(widget)
    assert it.root.locator(".mb-toolbar button").all_text_contents()[:2] == ["Reset", "Copy as Python"]  # no address here: no link
    start, untouched = it.state(), it.seen()
    drive(it)
    limits = widget._spec["limits"]
    sets = it.page.evaluate("strict.log.sets")
    assert {key for key, _ in sets} | BY_BUTTON.get(name, set()) == set(limits)  # everything can be moved
    assert [(key, value) for key, value in sets if not within(limits[key], value)] == []
    for key, value in it.state().items():
        setattr(widget, key, value)  # and Python takes it all
    it.root.get_by_role("button", name="Reset").click()
    assert it.state() == start and it.seen() == untouched

    waiting = it.root.locator("[type=range]").first.evaluate("""input => {
        input.stepUp();
        input.dispatchEvent(new Event('input', {bubbles: true}));
        const before = strict.log.saves.length;
        cleanUp();
        return strict.log.saves.length - before;
    }""")
    assert waiting == 1  # what had not been sent yet is sent
    assert it.page.evaluate("strict.listening()") == []
    assert it.root.locator("> *").count() == 0
    it.page.evaluate("strict.fromPython({_text: 'gone'})")  # nobody hears it any more


def another(limit, value):
    """A simple trait's value within its limits that is not this one."""
    allowed = limit["options"] if "options" in limit else [not value] if "boolean" in limit else [limit["low"], limit["high"]]
    return next(each for each in allowed if each != value)


@pytest.mark.parametrize("name", NAMES)
def test_it_follows_python(name, hold):
    """Each trait set by the kernel changes what is seen; set back, everything is as it was."""
    widget = eval(playground.EXAMPLES[name], {"mb": mb})
    it, limits = hold(widget), widget._spec["limits"]
    untouched, start = it.seen(), it.state()
    other = {"w": [-2.0, 1.0], "b": 2.0, "activation": "elu", "probe": [-1.0, 0.0], "z": -2.0, "compare": True,
             "W1": [[0.0, 1.0], [-1.0, 0.5]], "b1": [0.5, 0.0], "two_layers": False, "W2": [[1.0, 0.0], [0.0, -1.0]], "b2": [0.5, 0.5],
             "points": [[1.0, 2.0, 0], [-1.0, 1.0, 1]], "step": 4, "seed": 0, "best": True,
             "network": {"sizes": [2, 4, 4, 1], "activation": "relu", "W": [[[1, 2, 0, -1], [1, -1, 1, 0]], [[1, 0, 0, 0]] * 4, [[1]] * 4],
                         "b": [[0.5] * 4, [0] * 4, [0]]}, "layers": 1, "unit": "1.2", "shade": True,
             "target": "wave", "units": "steps", "knots": [0.2, 0.5, 0.8], "best_heights": True, "drawn": [0.5] * 33, "x": 0.75,
             "show_weights": True, "applied": 3, "stage": 2.5, "logits": [0.5, 1.5, 3.0], "label": 1, "temperature": 2.0, "shift": 710.0, "precision": "float32",
             "depth": 20, "width": 8, "init": "he", "k": 2.0, "layer": 3,
             "surface": "saddle", "start": [1.0, 2.0], "lr": 0.5, "momentum": 0.5}
    if name == "TrainingPlayground":
        other |= {"preset": "circles", "drawn": "hQAw1_Qsg0", "widths": [3], "residual": True, "normalization": "layer", "mlp_seed": 5, "seed": 5,
                  "loss": "mse", "optimizer": "SGD", "weight_decay": 0.1, "batch_size": 2}
    for key in set(start) - {"alpha"}:
        value = other[key] if key in other else another(limits[key], start[key])
        it.page.evaluate("patch => strict.fromPython(patch)", {key: value})
        it.wait_until_seen_changes(untouched)
        it.page.evaluate("patch => strict.fromPython(patch)", {key: start[key]})
        it.page.wait_for_function("seen => mbtest.seen(document.querySelector('#here')) === seen", arg=untouched)
    assert it.page.evaluate("strict.log") == {"sets": [], "saves": []}  # listening is not answering


def test_it_is_built_anew_when_python_changes_what_it_is_made_of(hold):
    widget = mb.widgets.ActivationExplorer(names=["tanh", "relu"])
    it = hold(widget)
    before = it.page.evaluate("strict.listening().length")
    widget.names = ["tanh", "elu", "gelu"]
    it.page.evaluate("patch => strict.fromPython(patch)", {"names": widget.names, "_spec": widget._spec, "_text": widget._text})
    assert it.root.locator("option").all_text_contents() == ["tanh", "elu", "gelu"]
    assert it.root.locator("[data-explorable]").count() == 1
    assert it.page.evaluate("strict.listening().length") == before
    assert it.page.evaluate("() => { cleanUp(); return strict.listening(); }") == []


def test_a_drag_tells_python_ten_times_a_second_at_most_and_its_end_for_sure(hold):
    it = hold(mb.widgets.NeuronExplorer())
    x, y = it.grip("Probe")
    it.page.mouse.move(x, y)
    it.page.mouse.down()
    for k in range(80):
        it.page.mouse.move(x + k / 2, y - k / 2)
    it.page.mouse.up()
    last_set = it.page.evaluate("() => { self.lastSet = performance.now(); return lastSet; }")
    it.page.wait_for_function("strict.log.saves.at(-1) >= lastSet - 20")
    saves, sets = it.page.evaluate("[strict.log.saves, strict.log.sets.length]")
    assert sets > 10 and len(saves) >= 2
    assert min(b - a for a, b in zip(saves, saves[1:], strict=False)) > 95  # ms
    assert saves[-1] - last_set < 400


def test_the_strict_model_is_strict(open_page, tmp_path):
    """The referee itself: each misuse throws."""
    empty = tmp_path / "empty.html"
    empty.write_text("<!doctype html><title>empty</title>", encoding="utf-8")
    page = open_page(empty.as_uri())
    page.evaluate("""async (text) => {
      const {strictModel} = await import(URL.createObjectURL(new Blob([text], {type: 'text/javascript'})));
      self.strict = strictModel({w: [1, 2], b: 0, _spec: {}}); }""", STRICT)
    for misuse in ["model.widget_manager", "model.send({})", "model.get('nope')", "model.set('nope', 1)", "model.set({b: 1})",
                   "model.set('b', NaN)", "model.set('w', [1, Infinity])", "model.set('b', undefined)", "model.set('w', new Float64Array(2))",
                   "model.get('w').push(3)", "(() => { 'use strict'; model.get('w')[0] = 3; })()", "model.off('change:b', () => 0)",
                   "model.off()", "model.on('change:nope', () => 0)", "model.share = 1", "'widget_manager' in model",
                   "strict.context(null).experimental", "model.set('_spec', {})"]:
        threw = page.evaluate(f"() => {{ const model = strict.model; try {{ {misuse}; }} catch (error) {{ return String(error); }} return ''; }}")
        assert threw, misuse
    assert page.evaluate("'share' in strict.model") is False
