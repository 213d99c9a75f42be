"""The book's side: what a page is given, and what stops the build with the file and the cell."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import nbformat
import pytest
from myst_nb.core.utils import coalesce_streams
from shared import ROOT

import mlpbook as mb
from mlpbook.sphinxext import assets, edition, execution, render

JUPYTER_BOOK = Path(sys.executable).with_name("jupyter-book")
ALT = {"mystnb": {"image": {"alt": "a line that rises"}}}

EXPERIMENT = """def drawn(function, note="<b>"):
    return mb.plots.activation(function)
mb.widgets.experiment(drawn, function=["tanh", "relu"], note=["<b>", "c"])"""


def build(folder, cells, mode="force", name="page", outputs=(), toc=None):
    """Builds a book of one page from (source, metadata) cells with the real configuration; returns (process, html)."""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("# Page")] + [
        nbformat.v4.new_code_cell(source, metadata=metadata, outputs=list(outputs)) for source, metadata in cells])
    notebook.metadata = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    nbformat.write(notebook, folder / f"{name}.ipynb")
    config = (ROOT / "_config.yml").read_text(encoding="utf-8")
    config = config.replace("execute_notebooks: cache", f"execute_notebooks: '{mode}'")
    (folder / "_config.yml").write_text(config, encoding="utf-8")
    shutil.copytree(ROOT / "book/_static", folder / "book/_static")
    (folder / "book/references.bib").touch()
    (folder / "_toc.yml").write_text(toc or f"format: jb-book\nroot: {name}\n", encoding="utf-8")
    done = subprocess.run([JUPYTER_BOOK, "build", folder, "-W", "-n", "--keep-going"],
                          capture_output=True, text=True)
    page = folder / "_build/html" / f"{name}.html"
    return done, page.read_text(encoding="utf-8") if page.exists() else ""


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    """A page with a widget twice, a link, both kinds of SVG and a plotly figure; (folder, html)."""
    folder = tmp_path_factory.mktemp("page")
    done, html = build(folder, [
        ("import mlpbook as mb\na = mb.widgets.NeuronExplorer(inputs=['</script><b>x</b>', 'y'])\na", {}),
        ("a", {}),
        ("import ipywidgets\nb = mb.widgets.NeuronExplorer(b=1.5)\nlink = ipywidgets.jslink((a, 'b'), (b, 'b'))\nb", {}),
        ("mb.plots.activation('tanh')", ALT),
        ("mb.plots.activation('tanh')", ALT),
        ("mb.diagrams.network([2, 1])", {}),
        ("import plotly.graph_objects as go\ngo.Figure(go.Scatter(y=[1, 2]), frames=[go.Frame(data=[go.Scatter(y=[2, 1])])])", ALT),
        (EXPERIMENT, ALT),
        ("print('Not yet: a shape is (2,).')", {}),
        ("print('layer  units')", {}),
    ])
    assert done.returncode == 0, done.stdout + done.stderr
    return folder, html


def test_an_experiment_shows_its_recorded_result_and_where_to_turn_the_knobs(page):
    """No dead control: what they said, a link that leads somewhere, and the figure as it would be without them."""
    folder, html = page
    block = re.search(r'<div class="mb mb-experiment".*?</div>', html, re.DOTALL)[0]
    assert "<li>function: <strong>tanh</strong>, of tanh, relu</li><li>note: <strong>&lt;b&gt;</strong>, of &lt;b&gt;, c</li>" in block
    link = re.search(r'href="([^"]+)" download', block)[1]
    notebook = json.loads((folder / "_build/html" / link).read_text(encoding="utf-8"))
    assert not re.search("<(input|select|button)", block)
    assert html.index("mb-experiment") < html.rindex('class="mb mb-figure"')
    outputs = next(cell for cell in notebook["cells"] if "mb.widgets.experiment" in "".join(cell["source"]))["outputs"]
    assert "".join(outputs[0]["data"].pop("text/plain")).startswith("An experiment with knobs") and not outputs[0]["data"]
    assert "image/svg+xml" in outputs[1]["data"]
    assert " ".join("".join(outputs[1]["data"]["text/plain"]).split()).endswith("a line that rises")


def test_what_a_check_says_may_wrap_and_a_table_may_not(page):
    said = re.findall(r'<div class="output stream([^"]*)"><div class="highlight"><pre><span></span>(Not yet|layer)', page[1])
    assert [(word, "mb-checked" in classes) for classes, word in said] == [("Not yet", True), ("layer", False)]


def mounts(html):
    return [json.loads(text) for text in re.findall(r'class="mb-mount"[^>]*><script type="application/json">(.*?)</script>', html)]


def test_every_widget_is_mounted_with_its_state_and_words(page):
    a, again, b = mounts(page[1])
    assert a["model"] == again["model"] != b["model"] and a["module"] == b["module"]
    assert a["state"]["inputs"] == ["</script><b>x</b>", "y"] and b["state"]["b"] == 1.5
    assert not {"_esm", "_css", "layout"} & set(a["state"])
    assert re.findall(r'id="(NeuronExplorer-\d)"', page[1]) == ["NeuronExplorer-1", "NeuronExplorer-2", "NeuronExplorer-3"]
    assert page[1].count('class="mb-fallback"><em>NeuronExplorer</em>: A neuron with weights 1.00') == 3
    assert "<b>x</b>" not in page[1]


def test_links_travel_with_their_source(page):
    a, _, b = mounts(page[1])
    assert a["links"] == [{"source": [a["model"], "b"], "target": [b["model"], "b"], "both": True}] and b["links"] == []


def test_each_module_is_one_classic_script_loaded_where_it_is_used(page):
    folder, html = page
    scripts = re.findall(r'src="(_static/mlpbook/[^"?]+)', html)
    module = mounts(html)[0]["module"]
    assert sorted(scripts) == sorted(f"_static/mlpbook/{name}.js" for name in ("page", "figures", module))  # and no maths here
    for script in scripts:
        assert (folder / "_build/html" / script).is_file()
    assert mb.widgets.NeuronExplorer._esm in json.loads(
        (folder / f"_build/html/_static/mlpbook/{module}.js").read_text(encoding="utf-8").split(" = ", 1)[1].rstrip(";\n"))["esm"]
    search = (folder / "_build/html/search.html").read_text(encoding="utf-8")
    assert "mlpbook/page.js" in search and module not in search
    for text in (search, html):
        assert not [tag for tag in re.findall(r"<script[^>]*>[^<]*", text) if "thebe" in tag.lower() and "x-thebe-config" not in tag]


def test_nothing_in_the_page_points_outside(page):
    addresses = re.findall(r'(?:src|href)="(https?:[^"]+)"', page[1])
    assert [a for a in addresses if a not in re.findall(r'<a [^>]*href="(https?:[^"]+)"', page[1])] == []
    assert "html-manager" not in page[1] and "require.js" not in page[1]


def test_figures_are_inlined_in_the_pages_colours_with_ids_of_their_own(page):
    figures = re.findall(r'<div class="mb mb-figure">(<svg.*?</svg>)</div>', page[1], flags=re.DOTALL)
    assert len(figures) == 4  # two activations, a diagram, and what the experiment has recorded
    for svg in [*figures[:2], figures[3]]:
        assert 'role="img" aria-label="a line that rises"' in svg
        assert "var(--mb-blue, #1d5fa6)" in svg and "<metadata>" not in svg
        colours = set(re.findall(r"(?<!, )#[0-9a-f]{6}\b", svg))
        assert colours == set(), f"not of the palette: {colours}"
    ids = [set(re.findall(r'\bid="([^"]+)"', svg)) for svg in figures]
    assert ids[0] and not ids[0] & ids[1]
    for svg, own in zip(figures, ids, strict=True):
        assert set(re.findall(r'(?:href="#|url\(#)([^")]+)', svg)) <= own


def test_plotly_waits_in_the_page_and_its_script_beside_it(page):
    folder, html = page
    figure = json.loads(re.search(r'class="mb mb-plotly"[^>]*><script type="application/json">(.*?)</script>', html)[1])
    assert len(figure["frames"]) == 1
    assert (folder / "_build/html/_static/mlpbook/plotly.min.js").stat().st_size > 1_000_000
    assert "plotly.min.js" not in html  # loaded when the first figure comes near


@pytest.mark.parametrize("cells, mode, words", [
    ([("import ipywidgets\nipywidgets.IntSlider()", {})], "force", "cell 2: the widget IntSliderModel needs a running kernel"),
    ([("1", {}), ("import ipywidgets\nipywidgets.HBox([ipywidgets.Text()])", {})], "force", "cell 3: the widget HBoxModel needs a running kernel"),
    ([("import mlpbook as mb\nmb.plots.activation('tanh')", {})], "force", "cell 2: a figure without a description"),
    ([("import mlpbook as mb\nmb.plots.activation('tanh')", {"mystnb": {"image": {"alt": "  "}}})], "force", "cell 2: a figure without"),
    ([("import matplotlib.pyplot as plt\nplt.plot([1, 2]);", {})], "force", "cell 2: a figure without a description"),
    ([("import plotly.graph_objects as go\ngo.Figure(go.Scatter(y=[1]))", {})], "force", "cell 2: a figure without a description"),
    ([("import plotly.graph_objects as go\ngo.Figure(frames=[go.Frame(name=str(i)) for i in range(62)])", ALT)], "force",
     "cell 2: a plotly figure of 62 frames"),
    ([("import plotly.graph_objects as go\ngo.Figure(go.Scatter(y=list(range(100_000))))", ALT)], "force", "at most 61 frames (the start and 60 more) and 300 kB"),
    ([("1 / 0", {})], "force", "ZeroDivisionError"),
    ([("import mlpbook as mb", {}), (EXPERIMENT, {"mystnb": ALT["mystnb"] | {"figure": {"name": "fig-a", "caption": "A curve"}}})], "force",
     "cell 3: an experiment shows its controls and its result, and both would be the figure"),
])
def test_what_stops_the_build(tmp_path, cells, mode, words):
    done, _ = build(tmp_path, cells, mode, name="stopped")
    output = done.stdout + done.stderr
    assert done.returncode != 0
    assert words in output and "stopped.ipynb" in output.replace("stopped.err", "")


def test_a_widget_without_recorded_state_stops_the_build(tmp_path):
    view = nbformat.v4.new_output("display_data", {"application/vnd.jupyter.widget-view+json": {
        "model_id": "abc", "version_major": 2, "version_minor": 0}})
    done, _ = build(tmp_path, [("w", {})], mode="off", name="forgotten", outputs=[view])
    assert done.returncode != 0
    assert re.search(r"forgotten\.ipynb, cell 2: a widget is shown, but its state was not recorded", done.stdout + done.stderr)


def test_a_changed_package_makes_every_page_anew(tmp_path, monkeypatch):
    env, app = SimpleNamespace(found_docs={"a", "b"}), SimpleNamespace(outdir=tmp_path / "html")
    for fingerprint, outdated in [("one", ["a", "b"]), ("one", []), ("two", ["a", "b"])]:
        monkeypatch.setattr(execution, "_fingerprint", lambda fingerprint=fingerprint: fingerprint)
        config = SimpleNamespace()
        execution._configure(app, config)
        assert config.nb_execution_cache_path == str(tmp_path / ".executed" / fingerprint)
        (tmp_path / ".executed" / fingerprint).mkdir(parents=True, exist_ok=True)
        assert execution._outdated(app, env, set(), set(), set()) == outdated
    assert [path.name for path in (tmp_path / ".executed").iterdir()] == ["two"]


@pytest.mark.parametrize("name", ["layers.py", "frontend/nn.js", "frontend/explorable.css"])
def test_the_fingerprint_sees_every_file_of_the_package(tmp_path, name):
    same, changed = (shutil.copytree(ROOT / "mlpbook", tmp_path / copy) for copy in ("same", "changed"))
    (changed / name).write_text((changed / name).read_text(encoding="utf-8") + "\n", encoding="utf-8")
    assert execution._fingerprint(same) == execution._fingerprint() != execution._fingerprint(changed)


def build_two(folder, first, second):
    """A book of two pages, `a` and `b`, each with one cell, executed by way of the cache."""
    other = nbformat.v4.new_notebook(metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}}, cells=[
        nbformat.v4.new_markdown_cell("# Two"), nbformat.v4.new_code_cell(second)])
    nbformat.write(other, folder / "b.ipynb")
    return build(folder, [(first, {})], "cache", "a", toc="format: jb-book\nroot: a\nchapters:\n- file: b\n")


MEETING = """import pathlib, time
pathlib.Path("{me}").open("a").write("x")
for _ in range(600):
    if pathlib.Path("{other}").exists():
        break
    time.sleep(0.1)
print("{me} met {other}:", pathlib.Path("{other}").exists())"""


def test_notebooks_are_executed_at_the_same_time_and_once(tmp_path):
    """Each waits until the other has begun; one after the other, neither would meet anybody."""
    done, html = build_two(tmp_path, MEETING.format(me="one", other="two"), MEETING.format(me="two", other="one"))
    assert done.returncode == 0, done.stdout + done.stderr
    assert "one met two: True" in html
    assert "two met one: True" in (tmp_path / "_build/html/b.html").read_text(encoding="utf-8")
    assert (tmp_path / "one").read_text() == (tmp_path / "two").read_text() == "x"


def test_what_a_kernel_sends_in_two_pieces_is_one_print(tmp_path):
    done, html = build(tmp_path, [("import time\nprint('one', end='', flush=True)\ntime.sleep(1)\nprint('\\ntwo')", {})], mode="cache")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "one\ntwo\n" in html


def test_a_notebook_that_fails_beside_another_stops_the_build(tmp_path):
    done, _ = build_two(tmp_path, "print(1)", "1 / 0")
    assert done.returncode != 0
    assert "b.ipynb" in done.stdout + done.stderr and "ZeroDivisionError" in done.stdout + done.stderr


def test_json_in_a_page_is_inert_and_finite():
    assert render.as_json({"a": "</script>"}) == '{"a":"\\u003c/script>"}'
    with pytest.raises(ValueError):
        render.as_json([float("nan")])


def test_modules_that_no_page_loads_are_swept_away(tmp_path):
    static = tmp_path / "_static" / assets.FOLDER
    static.mkdir(parents=True)
    names = ["A-1.js", "A-2.js", "tex-svg.js", "page.js", "plotly.min.js"]
    for name in names:
        (static / name).touch()
    env = SimpleNamespace(mlpbook_pages={"page": {"modules": {"A-2": {}}}})
    assets._sweep(SimpleNamespace(outdir=tmp_path, env=env), RuntimeError("a build that failed keeps everything"))
    assert {path.name for path in static.iterdir()} == set(names)
    assets._sweep(SimpleNamespace(outdir=tmp_path, env=env), None)
    assert {path.name for path in static.iterdir()} == set(names) - {"A-1.js"}


def test_the_names_of_a_book_are_collected_once_for_a_build():
    """However many pages refer to them; another build has its own."""
    class Environment:
        def __init__(self, number):
            self.toc_fignumbers, self.asked = {"a": {"theorem": {"thm-one": (3, number)}}}, []

        def get_domain(self, name):
            self.asked.append(name)
            return SimpleNamespace(labels={}, citations=[])

    for number in (1, 2):
        env = Environment(number)
        assert {edition.Names(env, page, "").name("thm-one") for page in "abc"} == {f"Theorem 3.{number}"}
        assert sorted(env.asked) == ["cite", "std"]


def test_the_plain_edition_repeats_no_line_that_came_in_two_pieces():
    stream, picture = nbformat.v4.new_output, nbformat.v4.new_output("display_data", {"image/png": ""})
    outputs = [stream("stream", name=name, text=f"{text}\n") for name, text in [("stdout", "a"), ("stderr", "x"), ("stdout", "b")]]
    outputs.insert(2, picture)
    coalesce_streams(outputs)  # as the page does, in place, before the edition is written
    kept = edition._once(outputs)
    assert [output.get("text") for output in kept] == ["a\nb\n", "x\n", None] and kept[2] is picture
