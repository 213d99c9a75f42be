"""The same pages in Firefox, from disk and under its strict rules for files; each explorable moved there by keyboard."""

import json
import subprocess

import playground
import pytest
from checks import HERE, IN_PAGE, LOCAL, THEMES_OWN, site_pages
from explorable import address, shared
from test_links import HOSTILE, STATES

# Sliders that forget: spreading the knots evenly, or going to a region's middle, cannot be undone by going back.
ONE_WAY = ["units n", "Region"]
# all of them on one page, one after the other
MOVED = [(name, test) for name in sorted(playground.EXAMPLES)
         for test in (f"node.type === 'range' && !{ONE_WAY}.includes(mbtest.nameOf(node))", "node.dataset.handle")]
FOCUS = """(() => {
  const root = document.getElementById(%r);
  root.scrollIntoView({block: "center", behavior: "instant"});
  self.target = mbtest.controls(root).find((node) => %s);
  target.focus();
  return [mbtest.nameOf(target), mbtest.seen(root)];
})()"""
SEEN = "(async () => { await new Promise(requestAnimationFrame); return [document.activeElement === target, mbtest.seen(document.getElementById(%r))]; })()"
LINK = """(() => {
  const root = document.getElementById(%r);
  [...root.querySelectorAll("button")].find((button) => button.textContent === "Link to this").click();
  return [root.querySelector("textarea").value, location.href];
})()"""


def visit(node, firefox, theme, pages, axe=None):
    """{id: what Firefox saw} for pages [{id, url, steps}], in one Firefox."""
    jobs = {"firefox": firefox, "theme": theme, "inPage": IN_PAGE, "axe": axe, "pages": pages}
    done = subprocess.run([node, HERE / "firefox.mjs"], input=json.dumps(jobs), capture_output=True, text=True, timeout=60 + 30 * len(pages), check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    return {line["id"]: line for line in map(json.loads, done.stdout.splitlines())}


def sound(report):
    """Nothing went wrong on that page."""
    assert [line for line in report["trouble"] if line.removeprefix("console error: ") not in THEMES_OWN] == []
    assert [address for address in report["loaded"] if not address.startswith(LOCAL)] == []
    assert [(name, state) for name, state in report["mounts"] if state != "ready"] == []
    return report


@pytest.fixture(scope="session")
def seen(site, axe, node, firefox):
    """Every page in the dark: {page: report}. (Chromium has them looked at in the light.)"""
    pages = [{"id": page, "url": (site / page).as_uri()} for page in site_pages()]
    return visit(node, firefox, "dark", pages, axe)


@pytest.fixture(scope="session")
def played(play, node, firefox):
    """The small book's pages, and the explorables moved and linked: {id: report}."""
    uri = (play / "explorables.html").as_uri()
    pages = [{"id": page, "url": (play / f"{page}.html").as_uri()} for page in ("corners", "moving")]
    moves = [step for name, test in MOVED for mount in [f"{name}-1"] for step in (
        {"run": FOCUS % (mount, test)}, {"press": "ArrowRight"}, {"run": SEEN % mount}, {"press": "ArrowLeft"}, {"run": SEEN % mount})]
    pages.append({"id": "moved", "url": uri, "steps": moves})
    for name, state in STATES.items():
        mount = f"{name}-1"
        pages.append({"id": f"{name} link", "url": address(uri, mount, state), "steps": [{"run": LINK % mount}]})
    pages.append({"id": "hostile", "url": address(uri, "NeuronExplorer-1", HOSTILE["a prototype"]),
                  "steps": [{"run": LINK % "NeuronExplorer-1"}]})
    return visit(node, firefox, "light", pages)


def test_page(book_page, site, seen):
    report = sound(seen[book_page])
    assert report["theme"] == "dark"
    assert report["overflow"] == 0
    assert report["violations"] == []


@pytest.mark.parametrize("page", ["corners", "moving"])
def test_small_book(page, played):
    assert len(sound(played[page])["mounts"]) == {"corners": 5, "moving": 1}[page]


@pytest.mark.parametrize("kind", ["slider", "handle"])
@pytest.mark.parametrize("name", sorted(playground.EXAMPLES))
def test_arrow_keys_move_it_there_and_back(name, kind, played):
    first = 3 * (2 * sorted(playground.EXAMPLES).index(name) + (kind == "handle"))
    (_, before), (still_there, moved), (_, back) = sound(played["moved"])["values"][first:first + 3]
    assert still_there
    assert moved != before
    assert back == before


@pytest.mark.parametrize("name", STATES)
def test_a_link_opens_its_state(name, played):
    (text, bar), = sound(played[f"{name} link"])["values"]
    assert text == bar
    assert shared(text) == (f"{name}-1", STATES[name])


def test_a_hostile_link_changes_nothing(played):
    (text, _), = sound(played["hostile"])["values"]
    assert shared(text)[1]["w"] == [1, -0.5]
