"""What the pages load: our style sheet, the host, the first explorable's module, MathJax and plotly, all served by us."""

import json
import shutil
from importlib.metadata import distribution
from pathlib import Path

from docutils import nodes
from sphinx.errors import ExtensionError

from .. import __version__, theme
from ..widgets import bundle
from . import edition, execution

FOLDER = "mlpbook"  # below _static
_WHEN_LOADED = 'addEventListener("DOMContentLoaded", () => module.{}(document, self.mlpbookModules ??= {{}}));'


def setup(app):
    app.connect("config-inited", _configure)
    app.add_node(nodes.citation, override=True, html=(_open_citation, _close_citation))
    app.connect("builder-inited", _write_static)
    app.connect("env-purge-doc", _forget)
    app.connect("env-merge-info", _merge)
    app.connect("html-page-context", _page_assets, priority=999)
    app.connect("build-finished", _sweep)
    execution.setup(app)
    edition.setup(app)
    return {"version": __version__, "parallel_read_safe": True, "parallel_write_safe": True}


def _configure(app, config):
    config.mathjax_path = "mlpbook/tex-svg.js"
    config.nb_render_plugin = "mlpbook"
    config.nb_ipywidgets_js = {}
    config.templates_path.append(str(Path(__file__).with_name("templates")))


# docutils gives bibliographies roles that accessibility rules have since withdrawn; a plain list says the same.

def _open_citation(writer, node):
    if not isinstance(node.previous_sibling(), nodes.citation):
        writer.body.append('<div role="list" class="citation-list">\n')
    writer.body.append(writer.starttag(node, "div", classes=["citation"], role="listitem"))


def _close_citation(writer, node):
    writer.body.append("</div>\n")
    if not isinstance(node.next_node(descend=False, siblings=True), nodes.citation):
        writer.body.append("</div>\n")


def _write_static(app):
    if app.builder.format != "html":
        return
    # Not below the source folder: Jupyter Book would load every script there on every page.
    static = Path(app.doctreedir) / "mlpbook_static"
    ours = static / FOLDER
    ours.mkdir(parents=True, exist_ok=True)
    sheets = [theme.css(".mb, .mb-mount"), *map(bundle.read, ("book.css", "film.css", "print.css"))]
    (ours / "book.css").write_text("".join(sheets), encoding="utf-8")
    (ours / "page.js").write_text(bundle.classic("page.js", _WHEN_LOADED.format("open")), encoding="utf-8")
    (ours / "figures.js").write_text(bundle.classic("figures.js", _WHEN_LOADED.format("start")), encoding="utf-8")
    shutil.copyfile(_mathjax(), ours / "tex-svg.js")
    app.config.html_static_path.append(str(static))
    app.add_css_file(f"{FOLDER}/book.css")
    app.add_js_file(f"{FOLDER}/page.js", loading_method="defer")


def _mathjax():
    found = distribution("sphinx-mathjax-offline").locate_file("sphinx-mathjax-offline/static/mathjax/tex-svg.js")
    if not Path(found).is_file():
        raise ExtensionError("MathJax is missing: pip install sphinx-mathjax-offline")
    return found


def _page_assets(app, pagename, templatename, context, doctree):
    # in place: what add_js_file adds for this page below lands in the same list
    context["script_files"][:] = [script for script in context["script_files"] if not _is_thebe(script)]
    # myst-nb names every fold "Toggle hidden content", which hides what the fold itself says
    if "body" in context:
        context["body"] = context["body"].replace('<summary aria-label="Toggle hidden content">', "<summary>")
    needs = getattr(app.env, "mlpbook_pages", {}).get(pagename)
    if not needs:
        return
    out = Path(app.outdir) / "_static" / FOLDER
    out.mkdir(parents=True, exist_ok=True)
    for module_id, module in needs["modules"].items():
        (out / f"{module_id}.js").write_text(
            f"(self.mlpbookModules ??= {{}})[{json.dumps(module_id)}] = {json.dumps(module)};\n", encoding="utf-8")
    # The first explorable's module comes with the page; host.js fetches the others when a reader comes near.
    for module_id in list(needs["modules"])[:1]:
        app.add_js_file(f"{FOLDER}/{module_id}.js", loading_method="defer")
    if needs["plotly"]:
        import plotly

        shutil.copyfile(Path(plotly.__file__).parent / "package_data" / "plotly.min.js", out / "plotly.min.js")
        app.add_js_file(f"{FOLDER}/figures.js", loading_method="defer")


def _sweep(app, problem):
    """Removes modules that an earlier build wrote and no page loads any more."""
    if problem is None:
        used = {f"{name}.js" for page in getattr(app.env, "mlpbook_pages", {}).values() for name in page["modules"]}
        for path in (Path(app.outdir) / "_static" / FOLDER).glob("*-*.js"):
            if path.name not in used | {"tex-svg.js"}:
                path.unlink()


def _is_thebe(script):
    """sphinx-thebe's scripts: they reach for a CDN, and declare the same names twice (a page error)."""
    return "thebe" in f"{getattr(script, 'filename', script)} {getattr(script, 'attributes', {}).get('body', '')}".lower()


def _forget(app, env, docname):
    getattr(env, "mlpbook_pages", {}).pop(docname, None)


def _merge(app, env, docnames, other):
    found = getattr(other, "mlpbook_pages", {})
    env.mlpbook_pages = {**getattr(env, "mlpbook_pages", {}), **{name: found[name] for name in docnames if name in found}}
