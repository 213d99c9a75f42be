"""Chapters in JupyterLab as `make lab` opens them: run from top to bottom, played with by hand, read and tied together by Python."""

import re
import shutil

import pytest
from checks import IN_PAGE
from lab import Notebook, server
from shared import ROOT

NOTEBOOKS = {  # one of each part of the book: (chapter, what the cell of its explorable holds)
    "From one neuron to a network": ("neuron", 'inputs=["sun (h)", "rain (mm)"]'),
    "What networks can represent": ("universal-approximation", "mb.widgets.ApproximationBuilder("),
    "Learning": ("loss-and-softmax", "mb.widgets.SoftmaxExplorer("),
    "To play with": ("lab", "mb.widgets.ActivationExplorer("),
}
SEEN = "root => mbtest.seen(root)"
LIGHT = """node => { const css = getComputedStyle(node); return [css.color, css.fill].map((colour) => {
    const [r, g, b] = colour.match(/\\d+/g).map(Number); return (r + g + b) / 3; }); }"""
PAPER = "node => { const [r, g, b] = getComputedStyle(node).backgroundColor.match(/\\d+/g).map(Number); return (r + g + b) / 3; }"
NOT_OURS = "/lab/extensions/jupyterlab-myst/"  # it writes to the console which labels are not in this notebook


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    folder = tmp_path_factory.mktemp("chapters")
    with server(folder) as address:
        for path in [*(ROOT / "book").glob("*.ipynb"), *(ROOT / "book").glob("*.md"), ROOT / "book/references.bib"]:
            shutil.copy(path, folder / "notebooks")
        yield address, folder


class Chapter(Notebook):
    """A chapter that has been run; `it` is its explorable in Python, `root` on screen."""

    def __init__(self, page, address, folder, name, cell):
        super().__init__(page, address, folder, name, ROOT / "book" / f"{name}.ipynb")
        page.evaluate("() => { jupyterapp.shell.collapseLeft(); return jupyterapp.commands.execute('notebook:run-all-cells'); }")
        self.cells = page.evaluate("""() => jupyterapp.shell.currentWidget.content.widgets.map(({model}) => ({
            type: model.type, figure: model.getMetadata("mystnb")?.figure?.name ?? null, source: model.sharedModel.getSource(), count: model.executionCount ?? null,
            outputs: model.type === "code" ? model.outputs.toJSON() : []}))""")
        index = next(i for i, each in enumerate(self.cells) if cell in each["source"])
        self.python(f"it = Out[{self.cells[index]['count']}]")
        self.root = page.locator(".jp-Notebook-cell").nth(index).locator("[data-explorable]")
        self.root.wait_for()
        page.evaluate(IN_PAGE)

    def state(self):
        return self.value("{name: getattr(it, name) for name in it._arguments('state')}")

    def changed(self, root, before):
        self.page.wait_for_function("([root, before]) => mbtest.seen(root) !== before", arg=[root.element_handle(), before])

    def heard(self, before):
        """The state in Python once it is another."""
        for _ in range(100):
            if (state := self.state()) != before:
                return state
            self.page.wait_for_timeout(40)  # between two questions
        raise AssertionError(f"Python still reads {before}")


@pytest.fixture(scope="module", params=NOTEBOOKS)
def chapter(chromium, lab, request):
    """Each is opened and run once for all tests; whatever goes wrong in its page fails the last of them."""
    address, folder = lab
    trouble = []
    context = chromium.new_context(viewport={"width": 1280, "height": 1000}, color_scheme="light")
    page = context.new_page()
    page.set_default_timeout(60_000)
    page.on("pageerror", lambda error: trouble.append(f"page error: {error}"))
    page.on("console", lambda message: message.type == "error" and NOT_OURS not in message.location["url"]
            and trouble.append(f"console error: {message.text} {message.location['url']}"))
    here = (address, address.replace("http", "ws"), "blob:", "data:")
    page.on("request", lambda request: request.url.startswith(here) or trouble.append(f"not local: {request.url}"))
    yield Chapter(page, address, folder, *NOTEBOOKS[request.param])
    page.evaluate("jupyterapp.shell.currentWidget.sessionContext.shutdown()")
    context.close()
    assert trouble == []


def test_it_runs_from_top_to_bottom(chapter):
    code = [cell for cell in chapter.cells if cell["type"] == "code" and cell["source"]]
    assert [cell["count"] for cell in code] == list(range(1, len(code) + 1))
    assert [output for cell in code for output in cell["outputs"] if output["output_type"] == "error"] == []


def test_myst_is_shown_and_not_spelt_out(chapter):
    """Boxes, definitions and exercises are drawn, no fence and no role is left to be read, and nothing is unknown."""
    shown = chapter.page.locator(".jp-MarkdownOutput.myst, .jp-MarkdownCell .myst").count()
    words = chapter.page.locator(".jp-MarkdownCell .jp-RenderedMarkdown, .jp-MarkdownCell .myst").all_inner_texts()
    assert shown and words
    for text in words:
        assert ":::" not in text and "{prf:ref}" not in text and "{admonition}" not in text and "unknown directive" not in text.lower()


def test_references_have_names_and_figures_captions(chapter):
    """tools/lab/labextensions: what jupyterlab-myst does not find in a notebook it marks as missing."""
    page = chapter.page
    page.wait_for_function("!document.querySelector(\".myst [title$='Not Found']\")")
    figures = [cell["figure"] for cell in chapter.cells if cell["figure"]]
    page.wait_for_function("n => document.querySelectorAll('.mlpbook-caption strong').length === n", arg=len(figures))
    captions = page.locator(".mlpbook-caption").all_inner_texts()
    assert [caption.split()[:2] for caption in captions] == [["Figure", str(i)] for i in range(1, len(figures) + 1)]
    assert page.evaluate("(({scrollWidth, clientWidth}) => scrollWidth - clientWidth)(document.querySelector('.jp-WindowedPanel-outer'))") == 0
    text = " ".join(page.locator(".jp-MarkdownCell .myst").all_inner_texts())
    for cell in chapter.cells:
        for key in re.findall(r"\{cite:[tp]\}`([\w-]+)`", cell["source"]):
            assert key not in text and key[-4:] in text


def test_keys_move_it_and_python_reads_it(chapter):
    before, seen = chapter.state(), chapter.root.evaluate(SEEN)
    chapter.root.locator("[type=range]").first.focus()
    chapter.page.keyboard.press("ArrowRight")
    chapter.changed(chapter.root, seen)
    chapter.heard(before)
    assert chapter.root.locator("p.mb-hidden:not([aria-live])").text_content() == chapter.python("print(it.describe())").strip()


def test_a_pointer_drags_it_and_python_reads_it(chapter):
    before, seen = chapter.state(), chapter.root.evaluate(SEEN)
    handle = chapter.root.locator("[data-handle]").first
    handle.evaluate("node => node.scrollIntoView({block: 'center', behavior: 'instant'})")
    x, y = handle.evaluate("node => mbtest.grip(node)")
    chapter.page.mouse.move(x, y)
    chapter.page.mouse.down()
    for step in range(1, 5):
        chapter.page.mouse.move(x - 8 * step, y - 8 * step)
    chapter.page.mouse.up()
    chapter.changed(chapter.root, seen)
    chapter.heard(before)


def test_two_more_are_tied_to_it_by_python_and_by_the_page(chapter):
    """traitlets.link goes through the kernel, jslink does not; a key pressed in the first moves all three."""
    slider = chapter.root.locator("[type=range]").first
    before, seen = chapter.state(), chapter.root.evaluate(SEEN)
    slider.focus()
    chapter.page.keyboard.press("ArrowRight")
    chapter.changed(chapter.root, seen)
    after = chapter.heard(before)
    trait = next(name for name in after if after[name] != before[name])  # the one that the first slider holds
    chapter.python("import ipywidgets, traitlets\nsecond, third = (type(it)(**{name: getattr(it, name) for name in it._arguments()}) "
                   f"for _ in range(2))\nlink = traitlets.link((it, '{trait}'), (second, '{trait}'))\n"
                   f"jslink = ipywidgets.jslink((it, '{trait}'), (third, '{trait}'))")
    others = [chapter.show(name).locator("[data-explorable]") for name in ("second", "third")]
    for other in others:
        other.wait_for()
    pictures = [root.evaluate(SEEN) for root in (chapter.root, *others)]
    slider.focus()
    chapter.page.keyboard.press("ArrowRight")
    for root, was in zip((chapter.root, *others), pictures, strict=True):
        chapter.changed(root, was)
    now = chapter.heard(after)[trait]
    for _ in range(100):
        if chapter.value(f"[second.{trait}, third.{trait}]") == [now, now]:
            break
        chapter.page.wait_for_timeout(40)
    assert chapter.value(f"[second.{trait}, third.{trait}]") == [now, now]


def test_lab_and_explorable_follow_the_system_into_the_dark(chapter):
    root, page = chapter.root, chapter.page
    text, label = page.locator(".jp-MarkdownCell p").first, root.locator("svg text").first
    assert page.evaluate("document.body.dataset.jpThemeLight") == "true"
    assert root.evaluate(PAPER) > 200 and text.evaluate(LIGHT)[0] < 100 and label.evaluate(LIGHT)[1] < 120
    page.emulate_media(color_scheme="dark")
    page.wait_for_function("document.body.dataset.jpThemeLight === 'false'")
    page.wait_for_function(f"node => ({LIGHT})(node)[0] > 150", arg=text.element_handle())
    assert root.evaluate(PAPER) < 50 and label.evaluate(LIGHT)[1] > 130


def test_a_link_to_another_page_opens_in_lab(chapter):
    link = chapter.page.locator(".myst a[href*='/files/']").first
    name = re.search(r"/files/([\w.-]+)", link.get_attribute("href"))[1]
    chapter.page.evaluate("""name => { jupyterapp.commands.execute = ((execute) => function (id, args) {
        return id === 'docmanager:open' ? (self.opened = args.path) : execute.call(this, id, args); })(jupyterapp.commands.execute); }""", name)
    link.click()  # seen where it ends: to open a chapter takes long
    chapter.page.wait_for_function("name => self.opened === name", arg=name)
    assert "/lab/" in chapter.page.url
