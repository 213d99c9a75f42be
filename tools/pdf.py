"""Prints the built book as one PDF, with Chromium:  python tools/pdf.py [SITE TARGET]

Every page is opened as a reader would, until its formulas and pictures stand; what it shows then becomes a part of one
long page (pdf.js). When that is printed, it is known on which page everything is, and the table of contents is told.
"""

import html
import re
import shutil
import sys
import tempfile
import time
from pathlib import Path

import pikepdf
import yaml

ROOT = Path(__file__).parent.parent
BUILD = ROOT / "_build"
SCRIPT = Path(__file__).with_name("pdf.js").read_text(encoding="utf-8")
LEFT_OUT = {"status"}  # how the last build went: nothing for paper
SCALE = 0.85  # CSS pixels on paper
MARGINS = 24, 20, 24, 22  # mm: left, top, right, bottom
PAPER = "@page {{ size: A4; margin: {1}mm {2}mm {3}mm {0}mm; }}\n".format(*MARGINS)
FOOT = """#{name} {{ page: {name}; }}
@page {name} {{ @bottom-left {{ content: "{title}"; }} @bottom-right {{ content: counter(page); }} }}
"""
PATIENCE = 600_000  # milliseconds for one step; on a busy machine the long page takes minutes
WIDTH = round((210 - MARGINS[0] - MARGINS[2]) / 25.4 * 96 / SCALE)  # CSS pixels between the margins


def contents(site):
    """-> the names of the book's pages in their order, and {name: the part that begins there}, as the sidebar has them."""
    page = (site / "book" / "intro.html").read_text(encoding="utf-8")
    sidebar = re.search(r'<nav class="bd-links.*?</nav>', page, re.DOTALL)[0]
    names, parts, part = ["intro"], {}, None
    for caption, name in re.findall(r'"caption-text">(.*?)</span>|"reference internal" href="([\w-]+)\.html"', sidebar):
        if caption:
            part = caption
        elif name not in LEFT_OUT:
            names.append(name)
            if part:
                parts[name], part = part, None
    return names, parts


def take(browser, site, names, say):
    """Opens every page and -> {name: {"html", "styles", "headings"}} as pdf.js makes them."""
    address = live(site)
    taken = {}
    for name in names:
        page = browser.new_page(viewport={"width": WIDTH, "height": 1000}, device_scale_factor=2, color_scheme="light",
                                reduced_motion="reduce")
        page.set_default_timeout(PATIENCE)
        page.emulate_media(media="print")
        page.goto((site / "book" / f"{name}.html").as_uri())
        page.evaluate(SCRIPT)
        taken[name] = page.evaluate("([name, pages, address]) => mbpdf.settle(name, pages, address)", [name, names, address])
        page.close()
        say(name)
    return taken


def live(site):
    """The address of the book on the web, where the build knew it; else ""."""
    page = (site / "book" / "intro.html").read_text(encoding="utf-8")
    found = re.search(r'<link rel="canonical" href="([^"]+)/book/intro\.html"', page)
    return found[1] if found else ""


def bind(site, taken, parts):
    """The whole book as one page of HTML, with <!--page of id--> where that number is to stand."""
    config = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))
    title, address = config["title"], live(site)
    glyphs = {name: path for page in taken.values() for name, path in page["glyphs"].items()}
    letters = "".join(f'<path id="{name}" d="{path}"/>' for name, path in glyphs.items())
    articles = "".join(f'<article class="bd-article" id="{name}">{_part(name, parts)}{page["html"]}</article>'
                       for name, page in taken.items())
    return f"""<!doctype html>
<html lang="en" data-theme="light" data-mode="light"><meta charset="utf-8"><title>{title}</title>{_styles(site, taken)}
<body class="mb-book"><svg width="0" height="0" style="position: absolute"><defs>{letters}</defs></svg>
<header class="mb-book-title"><h1>{title}</h1><p>{config["author"]}</p>
<p>{f'<a href="{address}">{address}</a>' if address else ""}</p><p>{config["copyright"]}</p></header>
<nav class="mb-book-contents"><h1>Contents</h1>{_table(taken, parts)}</nav>
<main>{articles}</main>"""


def _styles(site, taken):
    """The sheets that the pages link to, what their scripts added, and the foot of each chapter's pages."""
    page = (site / "book" / "intro.html").read_text(encoding="utf-8")
    links = "".join(re.findall(r'<link [^>]*rel="stylesheet"[^>]*>', page))
    added = dict.fromkeys(style for page in taken.values() for style in page["styles"])
    feet = [FOOT.format(name=name, title=_plain(page["headings"][0][2])) for name, page in taken.items()]
    return (links.replace("../_static/", f"{site.as_uri()}/_static/")
            + "".join(f"<style>{style}</style>" for style in [*added, PAPER, *feet]))


def _plain(text):
    return html.unescape(re.sub(r"<[^>]+>", "", text)).replace('"', '\\"')


def _part(name, parts):
    return f'<p class="mb-book-part">{parts[name]}</p>' if name in parts else ""


def _table(taken, parts):
    lines = []
    for name, page in taken.items():
        lines.append(_part(name, parts))
        lines += [f'<p class="mb-book-{tag.lower()}"><a href="#{anchor}">{text}</a><span><!--page of {anchor}--></span></p>'
                  for tag, anchor, text in page["headings"]]
    return "".join(lines)


def print_(browser, text, target):
    """Prints a page of HTML."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "book.html"
        source.write_text(text, encoding="utf-8")
        page = browser.new_page(viewport={"width": WIDTH, "height": 1000}, color_scheme="light")
        page.set_default_timeout(PATIENCE)
        page.emulate_media(media="print")
        page.goto(source.as_uri())
        narrow(page)
        page.pdf(path=target, prefer_css_page_size=True, print_background=True, scale=SCALE, outline=True, tagged=True)
        page.close()


def narrow(page):
    """SystemExit if something is wider than the page: Chromium would print everything smaller."""
    page.evaluate(SCRIPT)
    if wide := page.evaluate("mbpdf.wide()"):
        raise SystemExit("wider than the page:\n" + "\n".join(wide))


def numbered(browser, text, target):
    """Prints the book, and then on its table of contents the numbers of the pages, which are known only now."""
    contents = re.sub(r"<main>.*</main>", "", text, flags=re.DOTALL).replace('class="mb-book"', 'class="mb-book mb-book-stamp"')
    with tempfile.TemporaryDirectory() as folder:
        bare, stamp = Path(folder) / "bare.pdf", Path(folder) / "stamp.pdf"
        print_(browser, text, bare)
        with pikepdf.open(bare) as book:
            place = {page.objgen: str(i) for i, page in enumerate(book.pages, 1)}
            pages = {name[1:]: place[to[0].objgen] for name, to in book.Root.Dests.items()}
            print_(browser, re.sub("<!--page of (.*?)-->", lambda found: pages[found[1]], contents), stamp)
            with pikepdf.open(stamp) as numbers:
                for page, over in zip(book.pages, numbers.pages, strict=False):
                    page.add_overlay(over)
            book.save(target, object_stream_mode=pikepdf.ObjectStreamMode.generate)
            return len(book.pages)


def make(site, target, say=print):
    """Writes `target` from the site -> the number of its pages."""
    from playwright.sync_api import sync_playwright

    if not (site / "index.html").is_file():
        raise SystemExit(f"no built book at {site}: run make book")
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if not chromium:
        raise SystemExit("Chromium prints the book, and there is none on the PATH (on Debian: apt install chromium)")
    names, parts = contents(site)
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        taken = take(browser, site, names, say)
        say("printing")
        return numbered(browser, bind(site, taken, parts), target)


if __name__ == "__main__":
    begin = time.monotonic()
    site, to = map(Path, sys.argv[1:] or (BUILD / "html", BUILD / "mlpbook.pdf"))
    count = make(site.resolve(), to,
                 lambda text: print(f"{time.monotonic() - begin:6.1f} s  {text}", flush=True))
    print(f"{to}: {count} pages, {to.stat().st_size / 1e6:.1f} MB")
