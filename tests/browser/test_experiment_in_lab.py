"""A kernel experiment in a real JupyterLab: a knob turned trains anew, the figure changes, Stop is heard while it trains."""

import pytest
from lab import Notebook, server

SOURCE = """import mlpbook as mb
calls = []
def fit(width=4, epochs=5, activation="tanh"):
    calls.append((width, epochs, activation))
    data = mb.datasets.moons(60, noise=0.1, seed=0)
    model = mb.torch_mlp.MLP([2, width, 1], activation, seed=0)
    run = mb.train(model, data, loss="binary_cross_entropy", epochs=epochs, frames=0)
    fig, ax = mb.plots.figure()
    ax.plot(run.losses)
    ax.set_title(f"width {width}, {activation}, {len(run.losses)} epochs")
    return fig
it = mb.widgets.experiment(fit, width=(2, 64, 2), epochs=[5, 20, 10**9], activation=["tanh", "relu", "oops"])
it"""


@pytest.fixture(scope="module")
def notebook(chromium, tmp_path_factory):
    folder = tmp_path_factory.mktemp("experiment")
    with server(folder) as address:
        context = chromium.new_context(viewport={"width": 1280, "height": 1000})
        page = context.new_page()
        page.set_default_timeout(20_000)
        yield Notebook(page, address, folder)
        context.close()


@pytest.fixture(scope="module")
def shown(notebook):
    """The output of the cell that ends with an experiment: its panel, and below it the figure."""
    output = notebook.show(SOURCE)
    output.locator(".jupyter-widgets").first.wait_for()
    output.locator(".jp-RenderedSVG").wait_for()
    return output


DRAWN = "(root) => root.querySelector('.jp-RenderedSVG').innerHTML"


def changed(shown, before):
    shown.page.wait_for_function(f"([root, before]) => ({DRAWN})(root) !== before", arg=[shown.element_handle(), before])


def test_a_knob_turned_trains_anew_and_the_figure_changes(notebook, shown):
    before = shown.evaluate(DRAWN)
    assert notebook.value("calls") == [[4, 5, "tanh"]]
    shown.get_by_role("slider").first.focus()
    notebook.page.keyboard.press("ArrowRight")
    changed(shown, before)
    shown.get_by_text("Done in").wait_for()
    assert notebook.value("calls") == [[4, 5, "tanh"], [6, 5, "tanh"]]
    assert len(shown.locator(".jp-RenderedSVG").all()) == 1  # in the place of the first


def test_stop_is_heard_while_it_trains_and_cells_can_be_run(notebook, shown):
    shown.get_by_label("epochs").select_option("1000000000")
    shown.get_by_text("Training: epoch").wait_for()
    before = shown.evaluate(DRAWN)
    assert notebook.value("1 + 1") == 2  # the kernel listens meanwhile
    shown.get_by_role("button", name="Stop").click()
    shown.get_by_text("Stopped after").wait_for()
    changed(shown, before)
    shown.get_by_role("button", name="Run again").wait_for()
    assert not notebook.value("it._running")
    shown.get_by_label("epochs").select_option("5")
    shown.get_by_text("Done in").wait_for()


def test_an_error_is_shown_and_the_figure_before_it_stands(notebook, shown):
    before = shown.evaluate(DRAWN)
    shown.get_by_label("activation").select_option("oops")
    shown.get_by_text("ValueError: activation must be one of").wait_for()
    assert shown.evaluate(DRAWN) == before
    shown.get_by_label("activation").select_option("relu")
    changed(shown, before)


def test_a_plotly_figure_changes_in_its_place(notebook, shown):
    """Which JupyterLab's renderer for it would not do by itself."""
    output = notebook.show("import plotly.graph_objects as go\nimport mlpbook as mb\n"
                           "def line(k=1):\n    return go.Figure(go.Scatter(y=[0, k]), dict(title=f'k = {k}'))\n"
                           "mb.widgets.experiment(line, k=[1, 2])")
    output.locator(".js-plotly-plot .gtitle", has_text="k = 1").wait_for()
    output.get_by_label("k", exact=True).select_option("2")
    output.locator(".js-plotly-plot .gtitle", has_text="k = 2").wait_for()
    assert output.locator(".js-plotly-plot").count() == 1
