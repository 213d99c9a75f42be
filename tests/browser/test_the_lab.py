"""The lab: every explorable there is, each with a way to its chapter, and a page that opens lightly all the same."""

import gzip
import json
import re

import pytest
import yaml
from checks import wake
from shared import ROOT

import mlpbook as mb

NAMES = {name for name in mb.widgets.__all__ if isinstance(getattr(mb.widgets, name), type)} - {"Quiz"}  # no picture
MOUNT = re.compile(r'class="mb-mount" id="(\w+)-\d+"><script type="application/json">(.*?)</script>')
CHAPTERS = [f"{chapter['file']}.html" for part in yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8"))["parts"]
            for chapter in part["chapters"] if part.get("numbered")]


def read(site, page):
    return (site / page).read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def lab(site):
    """[(id of its section, the page it links to, name, state)] for each explorable, in the order of the page."""
    found = []
    for section in read(site, "book/lab.html").split("<section ")[2:]:
        label, = re.findall(r'<span id="(lab-[\w-]+)">', section)
        chapter = re.search(r'<p>From <a class="reference internal" href="([\w-]+\.html)">', section)[1]
        (name, mount), = MOUNT.findall(section)
        found.append((label, f"book/{chapter}", name, json.loads(mount)["state"]))
    return found


def test_every_explorable_is_there_once(lab):
    assert sorted(name for *_, name, _ in lab) == sorted(NAMES)


def test_each_links_to_a_chapter_that_holds_it_in_the_order_of_the_book(lab, site):
    pages = {page: {name for name, _ in MOUNT.findall(read(site, page))} for page in CHAPTERS}
    for _, page, name, _ in lab:
        assert name in pages[page], f"{name} is not in {page}"
    order = [CHAPTERS.index(page) for _, page, _, _ in lab]
    assert order == sorted(order)


def test_none_starts_as_in_a_chapter(lab, site):
    starts = [state["_spec"]["start"] for page in CHAPTERS for _, state in
              ((name, json.loads(mount)["state"]) for name, mount in MOUNT.findall(read(site, page))) if "_spec" in state]
    assert len(starts) >= len(NAMES)
    assert [name for *_, name, state in lab if state["_spec"]["start"] in starts] == []


def test_the_contents_lead_to_each(lab, site):
    contents = read(site, "book/lab.html").split("<section ")[1]
    links = re.findall(r'<li><p><a class="reference internal" href="#([\w-]+)">', contents)
    assert links == [label for label, *_ in lab]


def test_it_opens_with_one_or_two_and_brings_the_others_when_they_come_near(lab, site, open_page):
    page, fetched = open_page(), []
    page.on("request", lambda request: fetched.append(request.url.split("?")[0]))
    page.goto((site / "book/lab.html").as_uri())
    page.wait_for_function("document.documentElement.dataset.mlpbook === 'ready'")

    def ours():
        return {url.rpartition("/")[2] for url in fetched if "/_static/mlpbook/" in url and url.endswith(".js")} - {"tex-svg.js"}

    assert sum(len(gzip.compress((site / "_static/mlpbook" / name).read_bytes())) for name in ours()) < 60_000
    assert 2 <= len(ours()) <= 3
    assert {state for _, state in wake(page)} == {"ready"}
    assert {name.split("-")[0] for name in ours()} - {"page.js"} == NAMES
    for button in ("Reset", "Link to this", "Copy as Python"):
        assert page.get_by_role("button", name=button, exact=True).count() == len(NAMES)


def test_the_last_can_be_reached_without_the_others(lab, site, open_page):
    label, *_ = lab[-1]
    page = open_page(f"{(site / 'book/lab.html').as_uri()}#{label}")
    page.wait_for_function("[...document.querySelectorAll('.mb-mount')].at(-1).dataset.state === 'ready'")
    page.wait_for_function("document.documentElement.dataset.mlpbook === 'ready'")
    states = page.evaluate("[...document.querySelectorAll('.mb-mount')].map((mount) => mount.dataset.state ?? '')")
    assert states.count("") >= len(states) - 4
    heading = page.locator(f"section:has(> #{label}) > h2, #{label} > h2").first.bounding_box()
    assert 0 <= heading["y"] < 900


def test_pictures_are_larger_than_in_their_chapters(lab, site, open_page):
    """On a screen; on a phone there is no more room to give. Three stand for all: the measures are shared."""
    def width(page, name):
        tab = open_page((site / page).as_uri())
        tab.locator(f"#{name}-1").scroll_into_view_if_needed()
        return tab.locator(f"#{name}-1 svg").first.bounding_box()["width"]

    for _, page, name, _ in (lab[0], lab[3], lab[-3]):
        assert width("book/lab.html", name) > 1.2 * width(page, name)


def test_a_module_that_does_not_come_leaves_the_words(site, chromium):
    """The others are none the worse, and the page's errors say what is missing."""
    context, errors = chromium.new_context(), []
    page = context.new_page()
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.route("**/SoftmaxExplorer-*.js", lambda route: route.abort())
    page.goto((site / "book/lab.html").as_uri())
    states = dict(wake(page))
    told = page.locator("#SoftmaxExplorer-1 .mb-fallback").is_visible()
    context.close()
    assert states.pop("SoftmaxExplorer-1") == "failed" and told
    assert set(states.values()) == {"ready"}
    assert len(errors) == 1 and "is missing beside the page's scripts" in errors[0]
