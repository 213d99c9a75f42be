"""Every page of the built book, opened from disk in Chromium: nothing from elsewhere, nothing broken, nothing barred."""

import gzip
import json
import re

import pytest
from checks import violations, wake

NOT_OURS = {"tex-svg.js", "plotly.min.js"}


@pytest.mark.parametrize(("theme", "width"), [("light", 1280), ("dark", 390)])
def test_page(book_page, theme, width, site, axe, open_page):
    """It stays on this machine, starts what it holds, fits its window, says no error, and bars nobody; printed, it shows its
    pictures without their controls, and on a phone all of every output. (Firefox lets axe look at it in the dark.)"""
    page = open_page((site / book_page).as_uri(), color_scheme=theme, viewport={"width": width, "height": 900})
    assert page.evaluate("document.documentElement.dataset.theme") == theme
    assert [(name, state) for name, state in wake(page) if state != "ready"] == []
    assert page.evaluate("mbtest.overflow()") == 0
    assert page.evaluate("mbtest.twice()") == []
    assert page.evaluate("mbtest.unsaid()") == []
    if width == 1280:
        assert violations(page, axe) == []
        printed(page)
    else:
        assert page.evaluate("mbtest.wide()") == []  # fifty characters fit a phone, 48 a box


def printed(page):
    page.emulate_media(media="print")
    for mount in page.locator(".mb-mount").all():
        assert mount.locator("svg, .mb-quiz").first.is_visible()
        assert mount.locator("input, select, button, .mb-ring").evaluate_all("all => all.filter((node) => node.checkVisibility()).length") == 0
    page.wait_for_function("[...document.querySelectorAll('.math')].every((formula) => formula.querySelector('mjx-container'))")
    # a hair around a letter is a pixel wide, and the letter bold, where a PDF is read
    strokes = page.locator("mjx-container [data-c]").evaluate_all("all => all.map((letter) => getComputedStyle(letter).stroke)")
    assert {*strokes} <= {"none"}
    assert page.evaluate("mbtest.overflow()") == 0


def test_without_scripts_every_explorable_is_told_in_words(mount_page, site, open_page):
    page = open_page((site / mount_page).as_uri(), java_script_enabled=False)
    for mount in page.locator(".mb-mount").all():
        told = mount.locator(".mb-fallback")
        assert told.is_visible()
        assert len(told.inner_text()) > 60  # a description, not a title


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
