"""The explorables in a real JupyterLab: what a hand does in the browser Python reads, what Python sets the eye sees."""

import playground
import pytest
from checks import IN_PAGE, REPO
from lab import Notebook, server

CONFORMANCE = REPO / "tests" / "frontend" / "conformance.js"
SEEN = "root => mbtest.seen(root)"


@pytest.fixture(scope="module")
def notebook(chromium, tmp_path_factory):
    """One Lab and one notebook for all tests here; whatever goes wrong in the page fails the last of them."""
    folder = tmp_path_factory.mktemp("lab")
    trouble = []
    with server(folder) as address:
        context = chromium.new_context(viewport={"width": 1280, "height": 1000})
        page = context.new_page()
        page.set_default_timeout(20_000)
        page.on("pageerror", lambda error: trouble.append(f"page error: {error}"))
        here = (address, address.replace("http", "ws"), "blob:", "data:")
        page.on("request", lambda request: request.url.startswith(here) or trouble.append(f"not local: {request.url}"))
        yield Notebook(page, address, folder)
        context.close()
    assert trouble == []


@pytest.fixture
def shown(notebook):
    """shown(code): the explorable that a cell ends with, as a locator."""
    def shown(code):
        root = notebook.show("import mlpbook as mb\n" + code).locator("[data-explorable]")
        root.wait_for()
        root.scroll_into_view_if_needed()
        notebook.page.evaluate(IN_PAGE)
        return root
    return shown


def changed(root, before):
    """Waits until the picture is another."""
    root.page.wait_for_function("([root, before]) => mbtest.seen(root) !== before", arg=[root.element_handle(), before])


def eventually(notebook, expression, expected):
    """Python reads the value once the message from the page has come: asks until it does."""
    for _ in range(50):
        if notebook.value(expression) == expected:
            return
        notebook.page.wait_for_timeout(40)  # between two questions
    assert notebook.value(expression) == expected


@pytest.mark.parametrize(("name", "control", "trait", "after", "set_to"), [
    ("NeuronExplorer", "w₁", "w", [1.05, -0.5], [-2.0, 1.0]),
    ("ActivationExplorer", "z", "z", 1.05, -3.0),
    ("ApproximationBuilder", "knot 1", "knots", [0.13, 0.32, 0.72, 0.86], [0.2, 0.5]),
    ("DescentExplorer", "Step", "step", 41, 12),
    ("BackpropStepper", "Timeline", "step", 9, 2),
    ("GradientFlowExplorer", "Depth", "depth", 11, 30),
    ("LayerExplorer", "W₁ 1 → 1", "W1", [[1.45, -0.8], [-0.8, 1.4]], [[0.0, 1.0], [-1.0, 0.5]]),
    ("PerceptronExplorer", "Samples met", "step", 12, 5),
    ("SoftmaxExplorer", "z₀", "logits", [1.1, 2.5, -0.5], [0.5, 0.5]),
    ("TrainingPlayground", "Learning rate", "lr", 0.011, 0.5),
    ("RegionExplorer", "probe x₁", "probe", [1.25, -1.2], [-1.0, 0.5]),
])
def test_hand_to_python_and_back(name, control, trait, after, set_to, notebook, shown):
    root = shown(f"it = mb.widgets.{name}()\nit")
    before = root.evaluate(SEEN)
    root.get_by_role("slider", name=control).first.focus()
    notebook.page.keyboard.press("ArrowRight")
    changed(root, before)
    eventually(notebook, f"it.{trait}", after)
    moved = root.evaluate(SEEN)
    notebook.python(f"it.{trait} = {set_to}")
    changed(root, moved)
    assert root.locator("p.mb-hidden:not([aria-live])").text_content() == notebook.python("print(it.describe())").strip()
    root.get_by_role("button", name="Reset").click()
    root.page.wait_for_function("([root, seen]) => mbtest.seen(root) === seen", arg=[root.element_handle(), before])


def test_what_is_wrong_stays_out_and_the_picture_stands(notebook, shown):
    root = shown("it = mb.widgets.NeuronExplorer()\nit")
    before = root.evaluate(SEEN)
    notebook.python("try:\n    it.w = [9, 9]\nexcept Exception as error:\n    assert type(error).__name__ == 'TraitError'\n"
                    "else:\n    raise AssertionError('taken')")
    assert root.evaluate(SEEN) == before




def test_new_data_are_drawn(notebook, shown):
    root = shown("it = mb.widgets.NeuronExplorer()\nit")
    notebook.python("it.set_data([[1, 1], [-1, -1]], [1, 0])")
    root.locator(".mb-zero").wait_for(state="attached", timeout=3000)
    assert root.locator(".mb-one, .mb-zero").count() == 2


def test_new_names_are_written(notebook, shown):
    root = shown("it = mb.widgets.NeuronExplorer()\nit")
    notebook.python("it.inputs = ['left', 'right']")
    root.get_by_text("left", exact=True).wait_for(timeout=3000)


def test_new_choices_are_offered(notebook, shown):
    root = shown("it = mb.widgets.ActivationExplorer()\nit")
    notebook.python("it.names = ['sigmoid', 'relu']")
    root.page.wait_for_function("root => root.querySelectorAll('option').length === 2", arg=root.element_handle())


def test_two_views_and_a_link_share_their_state(notebook, shown):
    one = shown("import ipywidgets\nit = mb.widgets.NeuronExplorer()\nother = mb.widgets.NeuronExplorer(b=-2)\n"
                "tie = ipywidgets.jslink((it, 'b'), (other, 'b'))\nit")
    two, third = shown("it"), shown("other")
    before = [view.evaluate(SEEN) for view in (one, two, third)]
    two.locator("label:has(span:text-is('b')) input").focus()
    notebook.page.keyboard.press("ArrowRight")
    for view, was in zip((one, two, third), before, strict=True):
        changed(view, was)
    eventually(notebook, "[it.b, other.b]", [0.25, 0.25])


@pytest.mark.parametrize("name", sorted(playground.EXAMPLES))
def test_keys_pressed_inside_do_not_command_the_notebook(name, notebook, shown):
    """In command mode b adds a cell, dd deletes one, arrows move on: not while one plays."""
    root = shown(f"mb.widgets.{name}()")
    state = "() => { const {content} = jupyterapp.shell.currentWidget; return [content.widgets.length, content.activeCellIndex, content.mode]; }"
    for control in (root.locator("[data-handle]").first, root.locator("[type=range]").first, root.locator("select").first, root.locator("button").first):
        control.focus()
        before = notebook.page.evaluate(state)
        for key in ["b", "d", "d", "a", "m", "ArrowUp", "ArrowDown", "ArrowLeft", "x", "0", "0"]:
            notebook.page.keyboard.press(key)
        assert notebook.page.evaluate(state) == before
        assert notebook.page.evaluate("document.querySelector('dialog[open], .jp-Dialog')") is None


def test_a_quiz_is_answered_by_hand_and_read_by_python(notebook, shown):
    root = shown(f"it = {playground.QUIZ}\nit")
    root.locator("[type=text]").fill("5/5")
    root.locator("[type=text]").press("Enter")
    root.get_by_label("relu").check()
    root.get_by_role("button", name="Check answer 2").click()
    eventually(notebook, "[it.answers, it.score]", [[1, 0], 1])
    notebook.python("it.answers = [None, 1]")
    root.get_by_text("✓ Right. Yes.").wait_for(timeout=3000)
    assert root.locator("[type=text]").input_value() == ""
    root.get_by_role("button", name="Check answer 2").focus()
    before = notebook.page.evaluate("jupyterapp.shell.currentWidget.content.widgets.length")
    for key in ["b", "d", "d", "Enter"]:
        notebook.page.keyboard.press(key)
    assert notebook.page.evaluate("jupyterapp.shell.currentWidget.content.widgets.length") == before


def test_a_training_is_read_by_python_while_it_runs(notebook, shown):
    root = shown("it = mb.widgets.TrainingPlayground(mb.MLP([2, 4, 1], seed=0), mb.datasets.moons(100))\nit")
    root.get_by_role("button", name="Run", exact=True).click()
    for _ in range(100):
        if notebook.value("(it.progress or {}).get('epoch', 0) > 5"):
            break
        notebook.page.wait_for_timeout(50)
    assert notebook.value("[it.running, it.progress['loss'] > 0, it.mlp.sizes]") == [True, True, [2, 4, 1]]
    notebook.python("it.running = False")
    root.get_by_role("button", name="Run", exact=True).wait_for()
    epoch = root.evaluate("root => Number(root.querySelector('.mb-status').textContent.match(/epoch (\\d+)/)[1])")
    eventually(notebook, "it.progress['epoch']", epoch)
    assert root.locator("p.mb-hidden:not([aria-live])").text_content() == notebook.python("print(it.describe())").strip()
    losses = "[mb.train(mb.MLP([2, 4, 1], seed=0), mb.datasets.moons(100), loss='binary_cross_entropy', epochs=it.progress['epoch'], frames=0).losses[-1], it.progress['loss']]"
    there, here = notebook.value(losses)
    assert here == pytest.approx(there, abs=1e-6)


def test_it_follows_both_themes(notebook, shown):
    root = shown("mb.widgets.NeuronExplorer()")
    read = """root => [getComputedStyle(root).backgroundColor, getComputedStyle(root).color,
        getComputedStyle(root.querySelector('svg text')).fill].map((css) => css.match(/\\d+/g).slice(0, 3)
        .reduce((sum, part) => sum + Number(part), 0) / 3)"""
    assert notebook.page.evaluate("document.body.dataset.jpThemeLight") == "true"
    paper, *ink = root.evaluate(read)
    assert paper > 200 and max(ink) < 100
    # there and not back again: Lab itself throws a removeChild error when themes follow each other fast
    notebook.page.emulate_media(color_scheme="dark")
    notebook.page.wait_for_function("document.body.dataset.jpThemeLight === 'false'")
    paper, *ink = root.evaluate(read)
    assert paper < 50 and min(ink) > 150


def test_a_module_run_here_meets_jupyters_own_model(notebook):
    """The helper itself: a module's default({model}) runs on anywidget's model, and its changes reach Python."""
    value, traits = notebook.run_module("""export default async function ({ model }) {
        const heard = [];
        model.on("change:x", () => heard.push(model.get("x")));
        model.set("x", 2);
        model.set("x", 2);
        return heard;
    }""", {"x": 1})
    assert value == [2]
    assert traits == {"x": 2}
    with pytest.raises(AssertionError, match="out of tune"):
        notebook.run_module("export default () => { throw new Error('out of tune'); }", {"x": 1})


def test_jupyters_model_keeps_every_promise_that_ours_keeps(notebook):
    """tests/frontend/conformance.js, which also runs on the book's host, on anywidget's own model."""
    results, _ = notebook.run_module(CONFORMANCE.read_text(encoding="utf-8"), {"number": 1, "list": [1, 2], "text": "a"})
    assert len(results) > 5
    assert [result for result in results if result["problem"]] == []
