"""TrainingPlayground in an open page: it trains as mb.train does, by button and by key, and stops when nobody looks."""

import json
import re

import numpy as np
import pytest
from explorable import Explorable
from test_strict import MOUNT, STRICT

import mlpbook as mb

NAME = "TrainingPlayground-1"
MOONS = {"preset": "moons"}
PLANE = ".mb-field svg"
PROGRESS = "strict.state().progress"


@pytest.fixture
def strict(open_page, tmp_path):
    """strict(widget, **context): the widget on a model whose traits can be read, as Python would."""
    def strict(widget, **context):
        empty = tmp_path / "empty.html"
        empty.write_text("<!doctype html><meta charset='utf-8'><title>empty</title><body><div id='here'></div></body>", encoding="utf-8")
        page = open_page(empty.as_uri(), **context)
        state = {key: value for key, value in widget.get_state().items()
                 if key in {"_spec", "_text"} or (not key.startswith("_") and key not in {"layout", "tabbable", "tooltip"})}
        page.evaluate(MOUNT, [STRICT, widget._esm, widget._css, json.loads(json.dumps(state, allow_nan=False))])
        return Explorable(page, "here")
    return strict


def press(it, name):
    it.root.get_by_role("button", name=name, exact=True).click()


def epoch(it):
    return int(re.search(r"epoch (\d+)", it.root.locator(".mb-status").text_content())[1])


def ten_frames(it):
    """It trains a little before each frame: time enough to be caught."""
    it.page.evaluate("async () => { for (let k = 0; k < 10; k++) await new Promise(requestAnimationFrame); }")


def pixels(it, canvas):
    return it.root.locator(canvas).evaluate("c => [...c.getContext('2d').getImageData(0, 0, c.width, c.height).data]")


def test_fifty_epochs_by_button_are_those_of_train(strict):
    mlp, data, test = mb.MLP([2, 8, 8, 1], seed=2), mb.datasets.moons(250, seed=5), mb.datasets.moons(50, seed=6)
    it = strict(mb.widgets.TrainingPlayground(mlp, data, validation=test, optimizer=mb.Adam(lr=0.01), batch_size=64, seed=9))
    run = mb.train(mlp, data, loss="binary_cross_entropy", optimizer=mb.Adam(lr=0.01), epochs=50, batch_size=64, seed=9, frames=0, validation=test)
    for done in range(5):
        press(it, "10 epochs")
        now = it.page.evaluate(PROGRESS)
        assert now["epoch"] == 10 * (done + 1)
        assert now["loss"] == pytest.approx(run.losses[10 * done + 9], abs=1e-6)
        assert now["test_loss"] == pytest.approx(run.validation_losses[10 * done + 9], abs=1e-6)
    np.testing.assert_allclose(np.concatenate([np.ravel(W) for W in now["weights"]["W"]]), np.concatenate([layer.W.ravel() for layer in mlp.linear_layers]), atol=1e-6)
    right = ((mlp(data.x)[:, 0] > 0) == data.y).sum()
    assert f"{right} of 250 points are right" in it.words()
    for _ in range(4):
        press(it, "Step")  # 64 + 64 + 64 + 58 samples
    assert it.page.evaluate(PROGRESS)["epoch"] == 51


def test_run_pause_step_and_restart(hold):
    it = hold(MOONS)
    before, plane = it.seen(), pixels(it, ".mb-field canvas >> nth=0")
    it.tab_to("Run")
    it.page.keyboard.press("Enter")
    assert it.focused() == "Pause"
    it.page.wait_for_function("/epoch ([3-9]|\\d\\d)/.test(mbtest.seen(document.getElementById('TrainingPlayground-1')))")
    it.page.keyboard.press("Enter")
    at = epoch(it)
    assert at >= 3 and it.focused() == "Run"
    assert pixels(it, ".mb-field canvas >> nth=0") != plane
    ten_frames(it)
    assert epoch(it) == at
    assert f"Epoch {at}: loss " in it.words()
    press(it, "Step")
    assert epoch(it) == at + 1
    press(it, "Restart")
    assert it.seen() == before
    press(it, "10 epochs")
    assert epoch(it) == 10
    it.root.get_by_role("button", name="Reset").click()
    assert "Before training" in it.words()


def test_the_live_region_speaks_of_epoch_and_loss_and_no_oftener_than_once_a_second(hold):
    it = hold(MOONS)
    it.page.evaluate("""() => { self.said = []; const node = document.querySelector('#TrainingPlayground-1 [aria-live]');
        new MutationObserver(() => said.push([performance.now(), node.textContent])).observe(node, {childList: true, characterData: true, subtree: true}); }""")
    press(it, "Run")
    it.page.wait_for_function("said.length >= 3", timeout=30_000)
    press(it, "Pause")
    said = it.page.evaluate("said")
    assert min(b[0] - a[0] for a, b in zip(said, said[1:], strict=False)) > 950
    assert all(re.fullmatch(r"epoch \d+, loss \d[\d.e-]* \(test \d[\d.e-]*\)", text) for _, text in said)


def test_python_hears_ten_times_a_second_at_most_and_always_the_end(strict):
    it = strict(mb.widgets.TrainingPlayground())
    press(it, "Run")
    it.page.wait_for_function(f"{PROGRESS}?.epoch > 30", timeout=30_000)
    assert it.page.evaluate("strict.state().running") is True
    press(it, "Pause")
    at = epoch(it)
    it.page.wait_for_timeout(200)
    saves, now = it.page.evaluate(f"[strict.log.saves, {PROGRESS}]")
    assert min(b - a for a, b in zip(saves, saves[1:], strict=False)) > 95
    assert now["epoch"] == at and it.page.evaluate("strict.state().running") is False
    play = mb.widgets.TrainingPlayground()
    play.progress = now
    assert it.words() == play.describe()
    # and Python may run and pause it
    it.page.evaluate("strict.fromPython({running: true})")
    it.page.wait_for_function(f"{PROGRESS}.epoch > {at}")
    it.page.evaluate("strict.fromPython({running: false})")
    assert it.root.get_by_role("button", name="Run", exact=True).is_visible()


def test_it_pauses_when_it_is_scrolled_away(hold):
    it = hold(MOONS)
    press(it, "Run")
    it.page.evaluate("() => { document.querySelector('#TrainingPlayground-1').insertAdjacentHTML('beforebegin', '<div style=\"height: 5000px\"></div>'); scrollTo(0, 0); }")
    it.root.get_by_role("button", name="Run", exact=True).wait_for(state="attached")
    at = epoch(it)
    ten_frames(it)
    assert epoch(it) == at


def test_it_pauses_when_the_tab_is_hidden(hold):
    it = hold(MOONS)
    press(it, "Run")
    it.page.evaluate("() => { Object.defineProperty(document, 'hidden', {value: true, configurable: true}); document.dispatchEvent(new Event('visibilitychange')); }")
    assert it.root.get_by_role("button", name="Run", exact=True).is_visible()


def test_however_quickly_run_and_pause_follow_one_another_it_trains_once_a_frame(hold):
    it = hold(MOONS)
    asked = it.page.evaluate("""async () => {
        const run = [...document.querySelectorAll('#TrainingPlayground-1 button')].find((node) => node.textContent === 'Run');
        const real = requestAnimationFrame, begun = performance.now();
        for (let k = 0; k < 9; k++) run.click();
        await new Promise(real);
        let asked = 0;
        window.requestAnimationFrame = (f) => (asked++, real(f));
        for (let k = 0; k < 10; k++) await new Promise(real);
        window.requestAnimationFrame = real;
        return asked;
    }""")
    assert 8 <= asked <= 12


def test_a_seed_is_typed_while_it_trains(hold):
    it = hold({**MOONS, "seed": 3})
    field = it.root.get_by_label("Batch seed")
    press(it, "Run")
    field.fill("")
    at = epoch(it)
    it.page.wait_for_function("at => Number(/epoch (\\d+)/.exec(document.querySelector('#TrainingPlayground-1 .mb-status').textContent)[1]) > at + 150", arg=at)
    assert field.input_value() == ""  # it has spoken twice since, and left it alone
    field.press_sequentially("12345")  # 9999 is the most
    assert it.state()["seed"] == 1234
    field.blur()
    assert field.input_value() == "1234"


def test_two_views_show_one_training(strict):
    widget = mb.widgets.TrainingPlayground()
    it = strict(widget)
    it.page.evaluate("""async (esm) => {
        const there = Object.assign(document.createElement('div'), {id: 'there'});
        document.body.append(there);
        const widget = (await import(URL.createObjectURL(new Blob([esm], {type: 'text/javascript'})))).default;
        self.second = widget;
    }""", widget._esm)
    # the same module, as both our page and Jupyter give to two views of one model
    it.page.evaluate("""async () => { const here = document.querySelector('#here'); here.replaceChildren(); cleanUp();
        for (const id of ['here', 'there']) await second.render(strict.context(document.getElementById(id)));
        document.querySelector('#there').dataset.state = 'ready'; }""")
    other = Explorable(it.page, "there")
    press(it, "10 epochs")
    it.page.wait_for_function("document.querySelector('#there .mb-status').textContent.startsWith('epoch 10')")
    press(other, "Step")
    assert epoch(it) == epoch(other) == 11
    press(it, "Run")
    other.root.get_by_role("button", name="Pause", exact=True).click()
    assert it.root.get_by_role("button", name="Run", exact=True).is_visible()
    assert epoch(it) == epoch(other) and it.words() == other.words()


def test_points_are_drawn_by_tap_and_by_key(hold):
    it = hold({"preset": "drawn by hand", "drawn": ""}, viewport={"width": 390, "height": 900}, has_touch=True, is_mobile=True)
    assert "No points yet" in it.root.locator(".mb-status").text_content()
    assert it.root.get_by_role("button", name="Run").get_attribute("aria-disabled") is not None
    to_x, to_y = it.axes(PLANE)
    for label, at in [(1, (1, -1)), (0, (-2, 2)), (4, (0.5, 0.5))]:
        it.root.get_by_role("button", name=f"Draw points of class {label}").tap()
        x, y = it.window_point(PLANE, *((value - to(0)) / (to(1) - to(0)) for to, value in zip((to_x, to_y), at, strict=True)))
        it.page.touchscreen.tap(x, y)
        it.page.wait_for_function(f"document.querySelector('#{NAME} .mb-status').textContent.startsWith('epoch 0')")
    data = it.widget()._task().data
    np.testing.assert_allclose(data.x, [(1, -1), (-2, 2), (0.5, 0.5)], atol=0.03)
    assert data.y.tolist() == [1, 0, 4]
    it.tab_to("Probe")
    it.page.keyboard.press("Enter")  # a cross where the probe stands
    data = it.widget()._task().data
    np.testing.assert_allclose(data.x[-1], it.state()["probe"], atol=0.001)
    assert data.y[-1] == 4
    it.root.get_by_role("button", name="Take the last point away").tap()
    assert len(it.widget()._task().data) == 3
    press(it, "10 epochs")
    assert epoch(it) == 10
    it.root.get_by_role("button", name="Take all points away").tap()
    assert it.state()["drawn"] == "" and "No points yet" in it.words()


def test_a_pen_on_ready_made_points_goes_on_from_them(hold):
    it = hold(MOONS)
    it.root.get_by_role("button", name="Draw points of class 2").click()
    it.root.get_by_role("button", name="Add a point where the probe stands").click()
    data = it.widget()._task().data
    assert len(data) == 201 and it.state()["preset"] == "drawn by hand"
    np.testing.assert_allclose(data.x[:200], mb.widgets.presets.preset("moons").x, atol=0.001)
    assert "of 3 classes" in it.words()


def test_layers_and_units_by_button(hold):
    it = hold(MOONS)
    for name, widths in [("One hidden layer more", [8, 8, 8]), ("One unit fewer in layer 2", [8, 7, 8]), ("One unit more in layer 1", [9, 7, 8]),
                         ("One hidden layer fewer", [9, 7]), ("One hidden layer fewer", [9]), ("One hidden layer fewer", [])]:
        it.root.get_by_role("button", name=name).click()
        assert it.state()["widths"] == widths
        assert f"Network {'-'.join(map(str, [2, *widths, 1]))}," in it.words()
        press(it, "Step")
        assert epoch(it) == 1
    assert it.root.get_by_role("button", name="One hidden layer fewer").is_disabled()


def test_the_plane_shows_what_the_network_answers(strict):
    """Pixels of the map, read back, against the network's own probabilities."""
    mlp, data = mb.MLP([2, 8, 8, 1], seed=0), mb.datasets.moons(200)
    mb.train(mlp, data, loss="binary_cross_entropy", epochs=200, frames=0)
    it = strict(mb.widgets.TrainingPlayground(mlp, data))
    to_x, to_y = it.axes(PLANE)
    image = np.array(pixels(it, ".mb-field canvas >> nth=0")).reshape(680, 680, 4)
    blue, orange = (np.array([int(mb.theme.colour(name)[i:i + 2], 16) for i in (1, 3, 5)]) for name in ("blue", "orange"))
    seen = 0
    for row in range(40, 680, 75):
        for column in range(40, 680, 75):
            x = to_x(38 + column / 2), to_y(8 + row / 2)
            p = 1 / (1 + np.exp(-mlp(np.array([x]))[0, 0]))
            if abs(p - 0.5) > 0.4:
                closer = np.linalg.norm(image[row, column, :3] - blue) < np.linalg.norm(image[row, column, :3] - orange)
                assert closer == (p > 0.5)
                seen += 1
    assert seen > 40
    ends = re.findall(r"(-?\d+\.\d+) (-?\d+\.\d+)", it.root.locator(".mb-border").get_attribute("d"))
    border = np.array([(to_x(float(x)), to_y(float(y))) for x, y in ends])
    slope = np.abs(mlp(border + np.array([0.03, 0]))[:, 0] - mlp(border)[:, 0]) + np.abs(mlp(border + np.array([0, 0.03]))[:, 0] - mlp(border)[:, 0])
    assert len(border) > 50 and (np.abs(mlp(border)[:, 0]) <= slope + 0.05).all()


def frame(it):
    """[x1 low, x1 high, x2 low, x2 high] of the plane, read off its ticks."""
    to_x, to_y = it.axes(PLANE)
    return [to_x(38), to_x(378), to_y(348), to_y(8)]


def test_the_frame_holds_where_the_cloud_begins_and_where_it_should_go_and_does_not_jump(strict):
    data, mlp = mb.datasets.rotation(seed=0), mb.MLP([2, 8, 2], seed=1)
    mlp.linear_layers[-1].b[:] = [30, -25]
    it = strict(mb.widgets.TrainingPlayground(mlp, data, optimizer=mb.SGD(lr=0.01)))
    corners = np.concatenate([data.x, data.y, mlp(data.x)])
    for point in (corners.min(axis=0), corners.max(axis=0)):
        left, right, bottom, top = frame(it)
        assert left < point[0] < right and bottom < point[1] < top
    before = frame(it)
    for name in ("10 epochs", "Step", "Run", "Pause"):
        press(it, name)
        assert frame(it) == before
    # another start may have another frame, and one that lies too far out is cut off: the targets stay large enough to be seen
    it.page.evaluate("strict.fromPython({mlp_seed: 3})")
    it.page.wait_for_function("/epoch 0/.test(document.querySelector('.mb-status').textContent)")
    left, right, *_ = frame(it)
    assert right - left < before[1] - before[0]
    mlp.linear_layers[-1].b[:] = [1e4, 0]
    far = frame(strict(mb.widgets.TrainingPlayground(mlp, data)))
    span = np.ptp(np.concatenate([data.x, data.y]), axis=0).max()
    assert far[0] < data.x[:, 0].min() and far[1] - far[0] < 4 * span


@pytest.mark.parametrize("state, words", [
    ({"preset": "moons", "lr": 1e6, "optimizer": "SGD", "loss": "mse", "widths": [], "batch_size": 50}, "Diverged in epoch"),
    ({"preset": "drawn by hand", "drawn": ""}, "No points yet"),
    ({"preset": "drawn by hand", "drawn": "hQAw1_Qsg1"}, "All are of one class"),
    ({"preset": "drawn by hand", "drawn": "hQAw1_Qsg0", "normalization": "batch", "batch_size": 1}, "cannot learn from a batch of 1"),
    ({"preset": "moons", "widths": [4, 3], "residual": True, "init": "identity"}, "Nothing is residual")])
def test_what_cannot_be_is_said(state, words, hold):
    it = hold(state)
    it.root.get_by_role("button", name="full").click()
    it.root.get_by_role("button", name="Run", exact=True).evaluate("button => button.click()")  # though it may say that it cannot
    it.page.wait_for_function("([id, words]) => document.getElementById(id).textContent.includes(words)", arg=[NAME, words], timeout=20_000)
    if words == "Diverged in epoch":
        it.root.get_by_role("button", name="Run", exact=True).wait_for()  # it has stopped
        at = epoch(it)
        it.follow(state | {"lr": 0.01})
        press(it, "Run")  # begins anew, now that something has changed
        it.page.wait_for_function("([id, at]) => Number(document.getElementById(id).querySelector('.mb-status').textContent.match(/epoch (\\d+)/)[1]) > at",
                                  arg=[NAME, at], timeout=20_000)
        press(it, "Pause")
        assert "Diverged" not in it.words()
    it.root.get_by_role("button", name="Restart").click()
    assert it.words() == it.widget().describe()


def test_ten_thousand_points_leave_the_page_responsive(strict):
    it = strict(mb.widgets.TrainingPlayground(mb.MLP([2, 8, 8, 1]), mb.datasets.moons(10_000)))
    press(it, "Run")
    it.page.wait_for_function("/epoch [1-9]/.test(document.querySelector('.mb-status').textContent)", timeout=20_000)
    press(it, "Pause")
    assert it.root.get_by_role("button", name="Run", exact=True).is_visible()
    assert "of 10000 points are right" in it.words()


def test_a_teacher_hides_and_locks(strict):
    it = strict(mb.widgets.TrainingPlayground(hidden=["lr", "drawn", "speed", "loss", "restart"], locked=["activation", "widths", "probe", "mlp_seed"]))
    names = [name for name, _ in it.controls()]
    assert not {"Learning rate", "Loss", "Restart", "Probe", "full"} & set(names)
    assert not [name for name in names if name.startswith("Draw")]
    for name in ("Activation", "Weight seed"):
        assert it.root.get_by_label(name).is_disabled()
    for button in it.root.locator(".mb-head button, .mb-layers button").all():
        assert button.is_disabled()
    assert it.root.get_by_label("Optimizer").is_enabled() and it.root.get_by_label("First weights").is_enabled()
    press(it, "10 epochs")
    assert epoch(it) == 10


def test_all_can_be_hidden_and_all_can_be_locked(strict):
    every = list(mb.widgets.playground_traits.CONTROLS)
    toolbar = ["Reset", "Copy as Python", "Copy mb.train"]
    it = strict(mb.widgets.TrainingPlayground(hidden=every))
    assert [name for name, _ in it.controls()] == toolbar
    it = strict(mb.widgets.TrainingPlayground(locked=every))
    assert it.root.evaluate("root => mbtest.controls(root).filter((node) => !node.disabled).map((node) => node.textContent)") == toolbar
    assert len(it.controls()) > 25


def test_the_copied_train_call_goes_on_from_here(hold):
    it = hold({"preset": "circles"})
    press(it, "10 epochs")
    scope = {"mb": mb}
    text = it.offered("Copy mb.train")
    exec(text.replace("epochs=100", "epochs=3, frames=0"), scope)
    first = scope["run"].losses[0]
    press(it, "Step")
    shown = float(re.search(r"loss ([\d.e-]+)", it.root.locator(".mb-status").text_content())[1])
    assert first == pytest.approx(shown, rel=0.06)  # shown to two digits


def test_where_motion_is_unwelcome_it_runs_and_draws_now_and_then(hold):
    it = hold(MOONS, reduced_motion="reduce")
    it.page.evaluate("""() => { self.drawn = 0; const old = CanvasRenderingContext2D.prototype.putImageData;
        CanvasRenderingContext2D.prototype.putImageData = function (...all) { if (all[0].width >= 36) drawn++; return old.apply(this, all); }; }""")
    press(it, "Run")
    it.page.wait_for_timeout(2000)
    press(it, "Pause")
    assert epoch(it) > 5 and it.page.evaluate("drawn") <= 9
