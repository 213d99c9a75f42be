"""The plain edition: every chapter as a notebook that needs no MyST, written beside the pages and offered on each of them.

It begins with a cell that installs the package where it is missing, and with a link back to the page. Numbers of theorems,
figures and equations are those of the page, since both are asked of Sphinx.
"""

import functools
import os
import re
from pathlib import Path

import nbformat

from .. import __version__
from . import plain, preview
from .render import NOTEBOOKS, VIEW

FOLDER = NOTEBOOKS  # below the site
WHEEL = f"mlpbook-{__version__}-py3-none-any.whl"
INSTALL = """\
# The book's package, and what it needs and is missing here. In Colab this takes some seconds.
import importlib.util

if importlib.util.find_spec("mlpbook") is None:
    %pip install --quiet "{package}"
"""
_LEFT_OUT = {"status"}  # Sphinx fills it


class Book:
    """What the whole book calls its parts and its sources."""

    def __init__(self, env):
        self.found = {}  # label: (docname, kind, number)
        for page, kinds in env.toc_fignumbers.items():
            for kind, numbers in kinds.items():
                for label, number in numbers.items():
                    self.found[label.removeprefix("equation-")] = (page, kind, ".".join(map(str, number)))
        self.labels = env.get_domain("std").labels
        self.cited = {citation.key: citation.entry for citation in env.get_domain("cite").citations}


_book = functools.lru_cache(maxsize=1)(Book)  # once for a build: pages are written when all have been read


class Names:
    """What the text of one page refers to, by the numbers and at the addresses that the page uses."""

    def __init__(self, env, docname, site):
        self.env, self.docname, self.site = env, docname, site
        book = _book(env)
        self.found, self.labels, self.cited = book.found, book.labels, book.cited

    def number(self, label):
        return self.found[label][2]

    def name(self, label):
        if label not in self.found:
            raise ValueError(f"nothing numbered is called {label!r}")
        _, kind, number = self.found[label]
        return f"{kind.capitalize()} {number}"

    def page(self, file):
        """Where another page of the book is: on the web if it has an address, else beside this notebook."""
        name = Path(file).stem
        if self.site:
            return f"{self.site}/book/{name}.html"
        return f"{name}.ipynb" if str(self.env.doc2path(f"book/{name}")).endswith(".ipynb") else None

    def here(self):
        """Where the page of this notebook is."""
        if self.site:
            return f"at {self.site}/{self.docname}.html"
        return f"on the page “{self.env.titles[self.docname].astext()}” of the built book"

    def role(self, role, target, title):
        if role.startswith("cite"):
            return self._cite(role, target)
        if role == "eq":
            return f"({self.number(target)})"
        if role == "ref":
            docname, anchor, heading = self.labels[target]
            return self._link(docname, anchor, title or heading)
        if role in ("numref", "prf:ref"):
            return self._link(self.found[target][0], target, title or self.name(target))
        raise ValueError(f"no plain form of the role {{{role}}} is known")

    def _link(self, docname, anchor, text):
        if docname == self.docname:
            return f"[{text}](#{anchor})"
        page = self.page(Path(docname).name)
        return f"[{text}]({page}#{anchor})" if page else text

    def _cite(self, role, keys):
        found = [self.cited[key.strip()] for key in keys.split(",")]
        if role == "cite:t":
            return ", ".join(_to(entry, f"{_authors(entry)} ({entry.fields['year']})") for entry in found)
        said = "; ".join(_to(entry, f"{_authors(entry)}, {entry.fields['year']}") for entry in found)
        return f"({said})"


def _authors(entry):
    names = [" ".join([*person.prelast_names, *person.last_names]) for person in entry.persons.get("author", [])]
    names = [re.sub(r"[{}]", "", name) for name in names]
    return names[0] if len(names) == 1 else " and ".join(names) if len(names) == 2 else f"{names[0]} et al."


def _to(entry, text):
    where = f"https://doi.org/{entry.fields['doi']}" if "doi" in entry.fields else entry.fields.get("url")
    return f"[{text}]({where})" if where else text


def setup(app):
    app.connect("config-inited", _follow_github)
    app.connect("html-page-context", _offer, priority=999)


def _follow_github(app, config):
    """On GitHub Actions the repository is known, so that a fork needs no edit."""
    if (address := _address(config)) and not config.html_baseurl:
        owner, name = address
        root = f"https://{owner.lower()}.github.io"
        config.html_baseurl = root if name.lower() == f"{owner.lower()}.github.io" else f"{root}/{name}"


def _address(config):
    """(owner, name) of the repository on GitHub, from which Colab opens notebooks: as configured or as Actions say; or None."""
    if configured := config.html_theme_options.get("repository_url"):
        found = re.fullmatch(r"https://github\.com/([\w.-]+)/([\w.-]+?)/?", configured)
        return found and found.groups()
    return os.environ["GITHUB_REPOSITORY"].split("/") if os.environ.get("GITHUB_REPOSITORY") else None


def _offer(app, pagename, templatename, context, doctree):
    """Writes the plain edition of this page and puts it behind the page's download button."""
    source = Path(app.env.doc2path(pagename)) if doctree is not None else Path()
    if source.suffix != ".ipynb" or source.stem in _LEFT_OUT:
        return
    executed = Path(app.outdir).parent / "jupyter_execute" / f"{pagename}.ipynb"
    made = make(nbformat.read(executed, as_version=4), app.env, pagename, app.config.html_baseurl.rstrip("/"))
    out = Path(app.outdir) / FOLDER / source.name
    out.parent.mkdir(exist_ok=True)
    nbformat.write(made, out)
    group = next(each for each in context["header_buttons"] if each["label"] == "download-buttons")
    for button in group["buttons"]:
        if button["label"] == "download-source-button":
            button |= {"url": f"{context['pathto'](FOLDER, 1)}/{source.name}", "text": "Notebook",
                       "tooltip": "Download this chapter as a notebook", "icon": "fas fa-book-open"}
    if address := _address(app.config):
        context["header_buttons"].insert(0, {
            "type": "link", "icon": "fas fa-rocket", "text": "Colab", "tooltip": "Open this chapter in Colab",
            "label": "launch-colab-button",
            "url": f"https://colab.research.google.com/github/{'/'.join(address)}/blob/gh-pages/{FOLDER}/{source.name}"})


def make(notebook, env, docname, site=""):
    """An executed notebook of the book -> its plain edition, with the outputs that any reader can show."""
    names = Names(env, docname, site)
    chapter, cells = plain.Plain(names), []
    for number, cell in enumerate(notebook.cells, 1):
        try:
            cells += _text_cell(cell, chapter) if cell.cell_type == "markdown" else _code_cell(cell, chapter, names)
        except (ValueError, KeyError) as error:
            raise ValueError(f"{docname}, cell {number}: {error}") from error
    first = nbformat.v4.new_code_cell(INSTALL.format(package=f"{site}/{FOLDER}/{WHEEL}" if site else f"./{WHEEL}"))
    made = nbformat.v4.new_notebook(cells=[first, nbformat.v4.new_markdown_cell(_banner(env, docname, site)), *cells])
    for i, cell in enumerate(made.cells, 1):
        cell.id = f"cell-{i}"  # the same at every build
    made.metadata = {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
                     "language_info": {"name": "python"}}
    return made


def _banner(env, docname, site):
    number = env.toc_secnumbers.get(docname, {}).get("")
    chapter = f"Chapter {number[0]}" if number else "A page"
    page = f"[its page]({site}/{docname}.html)" if site else "its page"
    return (f"> {chapter} of **Multilayer perceptrons**, a book with a package, `mlpbook`. On {page} every picture to play "
            "with is alive without any installation; here you can change the code as well. Run the cell above first.")


def _text_cell(cell, chapter):
    text = chapter.text(cell.source)
    return [nbformat.v4.new_markdown_cell(text)] if text else []


def _code_cell(cell, chapter, names):
    tags = cell.metadata.get("tags", [])
    figure = cell.metadata.get("mystnb", {}).get("figure", {})
    title = names.name(figure["name"]) if "name" in figure else chapter.folded or "Code"
    made = nbformat.v4.new_code_cell(cell.source)
    made.execution_count = cell.execution_count
    alt = cell.metadata.get("mystnb", {}).get("image", {}).get("alt", "")
    made.outputs = [_output(output, alt, names.here()) for output in _once(cell.outputs)]
    if chapter.folded or {"hide-input", "remove-input"} & set(tags) or cell.metadata.get("cellView"):
        # Jupyter folds by the first, Colab by the second, which wants a title
        made.metadata = {"jupyter": {"source_hidden": True}, "cellView": "form"}
        if not cell.source.startswith("# @title"):
            made.source = f"# @title {title}\n{cell.source}"
    if not figure:
        return [made]
    caption = chapter.text(figure.get("caption", ""))
    return [made, nbformat.v4.new_markdown_cell(f'<a id="{figure["name"]}"></a>**{names.name(figure["name"])}** {caption}')]


def _once(outputs):
    """The outputs without the parts of a stream that the page has joined into the first of its name, and left beside it."""
    seen, kept = set(), []
    for output in outputs:
        if output.get("name") not in seen:
            kept.append(output)
        if output.output_type == "stream":
            seen.add(output.name)
    return kept


def _output(output, alt, place):
    """What any reader shows: words for an explorable, and beside a figure, for readers that cannot draw it."""
    text = preview.words(output, alt, place)
    if "data" not in output:
        return output
    output = nbformat.from_dict(dict(output))
    if text is not None:
        output.data = {"text/plain": text} if VIEW in output.data else {**output.data, "text/plain": text}
    output.metadata = {}
    return output
