"""Every page of the built book, opened from disk in Chromium: nothing from elsewhere, nothing broken, nothing barred."""

import gzip
import json
import re

import pytest
from checks import mount_pages, violations, wake

FIRST_EXPLORABLES = ["book/intro.html", "book/neuron.html", "book/activations.html"]
NOT_OURS = {"tex-svg.js", "plotly.min.js"}
# when the first explorable was ready, in ms since the navigation began
WHEN_READY = """addEventListener("DOMContentLoaded", () => {
  const first = document.querySelector(".mb-mount");
  if (!first) return;
  new MutationObserver(() => { if (first.dataset.state === "ready") self.readyAt ??= performance.now(); })
    .observe(first, { attributes: true, attributeFilter: ["data-state"] });
});"""


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_page(book_page, theme, width, site, axe, open_page):
    """It stays on this machine, starts what it holds, fits its window, says no error, and bars nobody."""
    page = open_page((site / book_page).as_uri(), color_scheme=theme, viewport={"width": width, "height": 900})
    assert page.evaluate("document.documentElement.dataset.theme") == theme
    assert [(name, state) for name, state in wake(page) if state != "ready"] == []
    assert page.evaluate("mbtest.overflow()") == 0
    assert page.evaluate("mbtest.twice()") == []
    assert page.evaluate("mbtest.unsaid()") == []
    if width == 1280:
        assert violations(page, axe) == []


def test_without_scripts_every_explorable_is_told_in_words(mount_page, site, open_page):
    page = open_page((site / mount_page).as_uri(), java_script_enabled=False)
    for mount in page.locator(".mb-mount").all():
        told = mount.locator(".mb-fallback")
        assert told.is_visible()
        assert len(told.inner_text()) > 60  # a description, not a title


def test_print_shows_pictures_without_controls(mount_page, site, open_page):
    page = open_page((site / mount_page).as_uri())
    wake(page)
    page.emulate_media(media="print")
    for mount in page.locator(".mb-mount").all():
        assert mount.locator("svg, .mb-quiz").first.is_visible()
        assert [c for c in mount.locator("input, select, button, .mb-ring").all() if c.is_visible()] == []
    assert page.evaluate("mbtest.overflow()") == 0


@pytest.mark.parametrize("name", FIRST_EXPLORABLES)
def test_the_first_explorable_is_ready_within_a_second(name, site, open_page):
    """Of the page's own load from disk; the best of five, as a busy machine may spoil one."""
    assert name in mount_pages()
    times = []
    for _ in range(5):
        page = open_page()
        page.add_init_script(WHEN_READY)
        page.goto((site / name).as_uri())
        page.wait_for_function("self.readyAt")
        times.append(page.evaluate("readyAt - performance.getEntriesByType('navigation')[0].loadEventEnd"))
        if times[-1] < 1000:
            break
    assert min(times) < 1000, times


def weight(site, names):
    """Bytes of our scripts, gzipped; MathJax and plotly are not ours."""
    files = [site / "_static" / "mlpbook" / name for name in names - NOT_OURS]
    return sum(len(gzip.compress(path.read_bytes())) for path in files)


def test_a_page_opens_with_less_than_60_kb_of_ours_and_needs_less_than_100(mount_page, site):
    """Only its first explorable comes with it. The lab holds them all: see test_the_lab.py."""
    html = (site / mount_page).read_text(encoding="utf-8")
    names = set(re.findall(r'<script [^>]*src="[^"]*_static/mlpbook/([^"?]+)', html))
    modules = {f"{module}.js" for module in re.findall(r'"module":"([\w-]+)"', html)}
    assert "page.js" in names and len(names & modules) == 1
    assert weight(site, names) < 60_000
    if mount_page != "book/lab.html":
        assert weight(site, names | modules) < 100_000


def test_what_a_mount_carries_is_clean_json(mount_page, site):
    """JSON that every browser reads the same: no NaN, no Infinity."""
    blocks = (site / mount_page).read_text(encoding="utf-8").split('<script type="application/json">')[1:]
    assert blocks
    for block in blocks:
        json.loads(block.split("</script>")[0], parse_constant=lambda word: pytest.fail(f"{word} in {mount_page}"))
