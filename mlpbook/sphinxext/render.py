"""Notebook outputs as parts of a page: live explorables, figures that follow the theme, lazy plotly figures.

What would be dead or unreadable in a page without a kernel (other widgets, a picture nobody described) stops the
build with the file and the cell.
"""

import hashlib
import json
import re
from html import escape

from docutils import nodes
from myst_nb.core.render import NbElementRenderer
from sphinx.errors import ExtensionError

from .. import theme
from ..widgets.experiment import KNOBS, PLOTLY, VIEW

STATE = "application/vnd.jupyter.widget-state+json"
NOTEBOOKS = "notebooks"  # where on the site the chapters lie as notebooks
_CHECKED = re.compile("^(?:Correct, because|Not yet:) ", re.MULTILINE)
MOST_BYTES, MOST_FRAMES = 300_000, 61  # the start, and 60 after it


class Renderer(NbElementRenderer):
    """myst-nb's renderer without the widget state and html-manager it would load from a CDN."""

    def render_nb_finalise(self, metadata):
        pass

    def render_stdout(self, output, *place):
        """What a check says is prose: on a phone it wraps (book.css), where a table keeps its lines and scrolls."""
        found = super().render_stdout(output, *place)
        if _CHECKED.search(output["text"]):
            for node in found:
                node["classes"].append("mb-checked")
        return found


class Outputs:
    """The plugin myst-nb asks for every output."""

    mime_priority_overrides = (("*", VIEW, 1), ("*", PLOTLY, 2), ("*", "image/svg+xml", 3))

    @staticmethod
    def handle_mime(renderer, data, inline):
        handler = {VIEW: _widget, PLOTLY: _plotly, "image/svg+xml": _svg, "image/png": _needs_alt,
                   "image/jpeg": _needs_alt}.get(data.mime_type)
        html = handler(renderer, data) if handler else None
        return None if html is None else [nodes.raw("", html, format="html")]


def _refuse(renderer, data, message):
    where = "" if data.cell_index is None else f", cell {data.cell_index + 1}"
    raise ExtensionError(f"{renderer.source}{where}: {message}")


def as_json(value):
    """JSON that is safe inside a script element; NaN and Infinity are errors."""
    return json.dumps(value, allow_nan=False, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")


def _content(data):
    return json.loads(data.content) if isinstance(data.content, str) else data.content


# --- explorables

def _widget(renderer, data):
    if KNOBS in data.output_metadata:
        return _experiment(renderer, data)
    widgets = renderer.renderer.nb_client.nb_metadata.get("widgets", {}).get(STATE, {}).get("state", {})
    model_id = _content(data)["model_id"]
    if model_id not in widgets:
        _refuse(renderer, data, "a widget is shown, but its state was not recorded. Execute the notebook in the build "
                "(execute_notebooks: cache, auto or force), and display the widget in the cell that makes it")
    record = widgets[model_id]
    state = dict(record["state"])
    if "_esm" not in state or "_text" not in state:
        _refuse(renderer, data, f"the widget {record.get('model_name', '')} needs a running kernel and would be dead in "
                "the page. Show an explorable (mb.widgets), or keep the widget out of the output")
    name = state["_anywidget_id"].rsplit(".", 1)[-1]
    module = {"esm": state.pop("_esm"), "css": state.pop("_css", "")}
    module_id = f"{name}-{hashlib.sha256(as_json(module).encode()).hexdigest()[:10]}"
    page = _page(renderer)
    page["modules"][module_id] = module
    page["mounts"][name] = page["mounts"].get(name, 0) + 1
    public = {key: value for key, value in state.items()
              if key in ("_spec", "_text") or (not key.startswith("_") and key not in ("layout", "tabbable", "tooltip"))}
    mount = {"model": model_id, "module": module_id, "state": public, "links": _links(widgets, model_id)}
    try:
        text = as_json(mount)
    except ValueError as error:
        _refuse(renderer, data, f"{name} holds a number that JSON has no word for: {error}")
    return (f'<div class="mb-mount" id="{name}-{page["mounts"][name]}"><script type="application/json">{text}</script>'
            f'<p class="mb-fallback"><em>{escape(name)}</em>: {escape(state["_text"])}</p></div>')


def _links(widgets, source_id):
    """The jslinks and jsdlinks that start at this model."""
    found = []
    for record in widgets.values():
        if record.get("model_name") in ("LinkModel", "DirectionalLinkModel"):
            ends = [[model.removeprefix("IPY_MODEL_"), trait] for model, trait in
                    (record["state"]["source"], record["state"]["target"])]
            if ends[0][0] == source_id:
                found.append({"source": ends[0], "target": ends[1], "both": record["model_name"] == "LinkModel"})
    return found


def _experiment(renderer, data):
    """What its controls said when the result below them was recorded, and where they can be turned: dead ones are not drawn."""
    if data.cell_metadata.get("mystnb", {}).get("figure"):
        _refuse(renderer, data, "an experiment shows its controls and its result, and both would be the figure of this name "
                'and caption. Take "figure" out of the cell\'s metadata, and say in the text what is to be seen')
    docname = renderer.renderer.sphinx_env.docname
    notebook = f"{'../' * docname.count('/')}{NOTEBOOKS}/{docname.rpartition('/')[2]}.ipynb"
    knobs = "".join(f"<li>{name}: <strong>{value}</strong>, of {span}</li>"
                    for name, value, span in (map(escape, knob) for knob in data.output_metadata[KNOBS]))
    return ('<div class="mb mb-experiment" role="group" aria-label="Kernel experiment">'
            f"<p>An experiment. The result below was recorded with</p><ul>{knobs}</ul>"
            "<p>In a notebook these are knobs, and at each turn Python trains anew. "
            f'<a href="{escape(notebook)}" download>Download this chapter as a notebook</a> and open it in Jupyter or Colab '
            "to turn them.</p></div>")


def _page(renderer):
    """What this page needs, kept in Sphinx's environment so that an incremental build knows it too."""
    env = renderer.renderer.sphinx_env
    if not hasattr(env, "mlpbook_pages"):
        env.mlpbook_pages = {}
    return env.mlpbook_pages.setdefault(env.docname, {"modules": {}, "mounts": {}, "plotly": False})


# --- figures

def _alt(renderer, data):
    options = renderer.renderer.get_cell_level_config("render_image_options", data.cell_metadata, line=data.line)
    return options.get("alt", "").strip()


def _needs_alt(renderer, data):
    if not _alt(renderer, data):
        _refuse(renderer, data, 'a figure without a description. Say what is to be seen in the cell\'s metadata: '
                '{"mystnb": {"image": {"alt": "..."}}}')
    # myst-nb knows how to show it


def _svg(renderer, data):
    svg = data.string if isinstance(data.string, str) else "".join(data.string)
    own = re.search(r'<svg\b[^>]*\baria-label="([^"]+)"', svg)
    if not own:
        _needs_alt(renderer, data)
    return f'<div class="mb mb-figure">{inline_svg(svg, _alt(renderer, data) or None, data)}</div>'


def inline_svg(svg, alt, data=None):
    """`svg` as part of a page: described, its ids its own, palette colours as variables, no larger than the column."""
    svg = svg[svg.index("<svg"):]
    svg = re.sub(r"<metadata>.*?</metadata>", "", svg, flags=re.DOTALL)
    place = f"{getattr(data, 'cell_index', None)}.{getattr(data, 'output_index', None)}"
    prefix = "f" + hashlib.sha256((svg + place).encode()).hexdigest()[:8]
    ids = set(re.findall(r'\bid="([^"]+)"', svg))
    svg = re.sub(r'\b(id="|href="#|url\(#)([^")]+)', lambda m: f"{m[1]}{prefix}-{m[2]}" if m[2] in ids else m[0], svg)
    for name, (light, _) in theme.PALETTE.items():
        # only whole colours of a style or attribute, never the fallback of a variable that is there already
        svg = re.sub(rf"(?<!, )(?<!&){light}\b", f"var(--mb-{name}, {light})", svg)
    head, rest = svg.split(">", 1)
    if alt:
        head = re.sub(r'\s(role|aria-label)="[^"]*"', "", head) + f' role="img" aria-label="{escape(alt)}"'
    return f"{head}>{rest}".strip()


# --- plotly

def _plotly(renderer, data):
    figure = _content(data)
    alt = _alt(renderer, data)
    if not alt:
        _needs_alt(renderer, data)
    frames = len(figure.get("frames") or [])
    text = as_json(figure)
    size = len(text.encode())
    if frames > MOST_FRAMES or size > MOST_BYTES:
        _refuse(renderer, data, f"a plotly figure of {frames} frames and {size // 1000} kB; at most {MOST_FRAMES} frames (the "
                f"start and {MOST_FRAMES - 1} more) and {MOST_BYTES // 1000} kB keep the page quick. Keep only what changes in "
                "the frames, as float32")
    _page(renderer)["plotly"] = True
    height = figure.get("layout", {}).get("height", 420)
    return (f'<div class="mb mb-plotly" role="group" aria-label="{escape(alt)}" style="min-height:{int(height)}px">'
            f'<script type="application/json">{text}</script><p class="mb-fallback">{escape(alt)}</p></div>')
