"""The book as one PDF: printed once by the tool, and read with another library than those that wrote it."""

import re
import runpy
import shutil
import subprocess
import sys
from html import unescape

import pikepdf
import pypdfium2
import pytest
from shared import ROOT

TOOL = ROOT / "tools" / "pdf.py"
tool = runpy.run_path(str(TOOL))


@pytest.fixture(scope="module")
def pages(site):
    """{name: HTML of the article} of the pages that the book on paper is made of."""
    names, _ = tool["contents"](site)
    return {name: (site / "book" / f"{name}.html").read_text(encoding="utf-8").split("<article")[1] for name in names}


@pytest.fixture(scope="module")
def printed(site, chromium, tmp_path_factory):
    """The file that the tool made, and what it said meanwhile. (In a process of its own: it drives a browser of its own.)"""
    target = tmp_path_factory.mktemp("pdf") / "mlpbook.pdf"
    done = subprocess.run([sys.executable, TOOL, site, target], capture_output=True, text=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr
    return target, done.stdout


@pytest.fixture(scope="module")
def book(printed):
    with pypdfium2.PdfDocument(printed[0]) as book:
        yield book


@pytest.fixture(scope="module")
def lines(book):
    """The lines of every page."""
    return [page.get_textpage().get_text_bounded().splitlines() for page in book]


@pytest.fixture(scope="module")
def outline(book):
    """[(level, title, number of the page)]"""
    return [(entry.level + 1, squeezed(entry.get_title()), entry.get_dest().get_index() + 1) for entry in book.get_toc()]


def squeezed(text):
    """Without white space: where that stands is the printer's affair."""
    return re.sub(r"\s|\u00ad|\ufffe", "", text)


def words(html):
    """A bit of HTML without tags and formulas, squeezed."""
    html = re.sub(r'<(span|div) class="math.*?</\1>|<a class="headerlink".*?</a>', "", html, flags=re.DOTALL)
    return squeezed(unescape(re.sub(r"<[^>]+>", "", html)))


def test_it_says_how_far_it_is(printed, pages):
    target, said = printed
    assert re.findall(r"^ *[\d.]+ s  ([\w-]+)$", said, re.MULTILINE)[:len(pages)] == list(pages)
    assert said.splitlines()[-1].startswith(f"{target}: ")


def test_it_is_of_a_sane_size(printed, book):
    assert printed[0].stat().st_size < 20e6
    assert 200 < len(book) < 600
    assert {tuple(map(round, page.get_size())) for page in book} == {(595, 842)}


def test_every_chapter_and_section_is_in_the_outline(outline, pages):
    chapters = [(title, page) for level, title, page in outline if level == 1]
    assert [title for title, _ in chapters[2:]] == [words(re.search("<h1>(.*?)</h1>", html, re.DOTALL)[1]) for html in pages.values()]
    begun = [page for _, page in chapters]
    assert begun == sorted(set(begun)), "each begins on a page of its own"
    sections = [words(title) for html in pages.values() for title in re.findall("<h2>(.*?)</h2>", html, re.DOTALL)]
    found = [title for level, title, _ in outline if level == 2 and title != "Solutions"]
    assert all(there.startswith(title) for there, title in zip(found, sections, strict=True))  # a formula may follow


def test_the_table_of_contents_says_on_which_page(printed, book, outline):
    entries = {}  # {id: [page of the contents, left, bottom, right, top]}: a link with code in it comes in parts
    with pikepdf.open(printed[0]) as raw:
        numbers = {page.objgen: i for i, page in enumerate(raw.pages, 1)}
        begin = {name: numbers[place[0].objgen] for name, place in raw.Root.Dests.items()}
        for i in range(1, outline[2][2] - 1):
            for link in raw.pages[i].Annots:
                left, low, right, high = map(float, link.Rect)
                _, a, b, c, d = entries.get(str(link.Dest), [i, left, low, right, high])
                entries[str(link.Dest)] = [i, min(a, left), min(b, low), max(c, right), max(d, high)]
    assert [begin[name] for name in entries] == [page for level, _, page in outline[2:] if level <= 2]
    for name, (i, left, low, right, high) in entries.items():
        said, line = (squeezed(book[i].get_textpage().get_text_bounded(left - 1, low + 1, end, high - 1))
                      for end in (right + 1, 297 if left < 297 else 595))
        assert line == f"{said}{begin[name]}", name


def test_every_page_but_the_first_ones_bears_its_number(lines, outline):
    begin = outline[2][2]
    for number, page in enumerate(lines[begin - 1:], begin):
        assert any(line.endswith(f" {number}") or line == str(number) for line in page[:2] + page[-2:]), number


def test_every_numbered_figure_is_there_with_its_caption(lines, pages):
    everything = squeezed(" ".join(line for page in lines for line in page))
    captions = [found for html in pages.values() for found in re.findall(
        r'"caption-number">(Fig[^<]*)</span><span class="caption-text">(.*?)(?=[.,:(<\\])', html, re.DOTALL)]
    assert len(captions) > 30
    missing = [caption for caption in captions if words("".join(caption)) not in everything]
    assert not missing


def test_explorables_and_films_are_there_as_pictures(lines, pages):
    said = [line for page in lines for line in page]
    mounts = sum(html.count('class="mb-mount"') for html in pages.values())
    assert sum("To be played with on" in line for line in said) == mounts > 20
    # four frames of each film, each with its label
    prefixes = [prefix for html in pages.values() for prefix in re.findall(r'"currentvalue":{[^}]*?"prefix":"(.*?)"', html)]
    assert prefixes
    for prefix in set(prefixes):
        assert sum(line.startswith(prefix) for line in said) >= 4 * prefixes.count(prefix)


def test_no_page_is_blank_and_none_overflows(book):
    left, top, right, bottom = tool["MARGINS"]  # mm
    for number, page in enumerate(book, 1):
        ink = page.render(scale=0.5, grayscale=True).to_numpy() < 200
        mm = ink.shape[1] / 210
        body = ink[round(top * mm) - 1:-round(bottom * mm) + 1]
        assert body.sum() > 20, f"page {number} is blank"
        assert not body[:, :round(left * mm) - 2].any() and not body[:, -round(right * mm) + 2:].any(), f"page {number} overflows"
        assert not ink[:round(top * mm) - 2].any(), f"page {number} overflows above"


def test_nothing_in_it_comes_from_elsewhere_or_leads_to_this_machine(printed, outline):
    with pikepdf.open(printed[0]) as book:
        assert str(book.Root.Lang) == "en" and book.Root.MarkInfo.Marked
        assert "/OpenAction" not in book.Root and "/JavaScript" not in book.Root.get("/Names", {})
        places = set(book.Root.Dests.keys())
        kinds = {"web": 0, "inside": 0}
        for link in (link for page in book.pages for link in page.get("/Annots", [])):
            if "/A" in link:
                assert str(link.A.URI).startswith(("https://", "http://"))
                kinds["web"] += 1
            else:
                assert str(link.Dest) in places
                kinds["inside"] += 1
        assert kinds["inside"] > 500 and kinds["web"] > 20
        assert {str(name)[1:].partition(".")[0] for name in places} > {"neuron", "references"}


@pytest.mark.parametrize("address", ["https://o.github.io/r", ""])
def test_links_lead_into_the_book_or_to_the_live_one(address, open_page, tmp_path):
    (tmp_path / "book").mkdir()
    (tmp_path / "book/intro.html").write_text(
        (f'<link rel="canonical" href="{address}/book/intro.html" />' if address else "") +
        '<article><p id="own"></p><a href="neuron.html#fig-1"></a><a href="layers.html"></a><a href="#own"></a>'
        '<a href="https://a.org/layers.html"></a><a href="status.html"></a><a href="../notebooks/neuron.ipynb"></a></article>')
    page = open_page((tmp_path / "book/intro.html").as_uri())
    page.evaluate(tool["SCRIPT"])
    found = page.evaluate("""(address) => {
      const article = document.querySelector("article");
      mbpdf.rename(article, "intro", ["intro", "neuron", "layers"], address);
      return [article.querySelector("p").id, ...[...article.querySelectorAll("a")].map((link) => link.getAttribute("href"))];
    }""", tool["live"](tmp_path))
    outside = [f"{address}/book/status.html", f"{address}/notebooks/neuron.ipynb"] if address else [None, None]
    assert found == ["intro.own", "#neuron.fig-1", "#layers", "#intro.own", "https://a.org/layers.html", *outside]


def test_what_is_wider_than_the_page_stops_it(open_page, tmp_path):
    (tmp_path / "book.html").write_text('<article id="neuron"><pre style="width: 3000px">x</pre></article>')
    page = open_page((tmp_path / "book.html").as_uri())
    with pytest.raises(SystemExit, match="neuron: <pre"):
        tool["narrow"](page)


@pytest.mark.parametrize("missing, said", [("the site", "make book"), ("Chromium", "apt install chromium")])
def test_it_says_what_is_missing(missing, said, tmp_path, monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda name: None)
    if missing == "Chromium":
        (tmp_path / "index.html").touch()
    with pytest.raises(SystemExit, match=said):
        tool["make"](tmp_path, tmp_path / "x.pdf")
