"""What is asked of every page, in every browser."""

import os
from pathlib import Path

from shared import ROOT as REPO

HERE = Path(__file__).parent
IN_PAGE = (HERE / "inpage.js").read_text(encoding="utf-8")
LOCAL = ("file:", "blob:", "data:", "about:")

# The theme says so itself on a first visit, before anything of ours runs.
THEMES_OWN = {"Got invalid theme mode: . Resetting to auto."}


def site_folder():
    return Path(os.environ.get("MLPBOOK_SITE") or REPO / "_build" / "html").resolve()


def site_pages():
    """Every page of the built book, as paths below it; none where it has not been built."""
    found = (path.relative_to(site_folder()) for path in site_folder().rglob("*.html"))
    return sorted(str(path) for path in found if path.parts[0] != "_static")


def mount_pages():
    """Those of them that hold an explorable."""
    return [page for page in site_pages() if 'class="mb-mount"' in (site_folder() / page).read_text(encoding="utf-8")]


class Watch:
    """Writes down whatever a Playwright page does that a page of this book must not."""

    def __init__(self, page, scripts=True):
        self.trouble = []
        page.on("request", lambda request: self._note(not request.url.startswith(LOCAL), "not local", request.url))
        page.on("requestfailed", lambda request: self._note(
            scripts or request.failure != "csp",  # a script that the test itself forbade
            "request failed", f"{request.url} {request.failure}"))
        page.on("pageerror", lambda error: self._note(True, "page error", error))
        page.on("console", lambda message: self._note(
            message.type == "error" and message.text not in THEMES_OWN, "console error", message.text))
        page.on("dialog", lambda dialog: (self._note(True, "dialog", dialog.message), dialog.dismiss()))

    def _note(self, bad, kind, what):
        if bad:
            self.trouble.append(f"{kind}: {what}")


def wake(page):
    """Scrolls to every mount and waits for it; [(id, state)], all of them "ready" on a sound page."""
    page.evaluate(IN_PAGE)
    return [tuple(pair) for pair in page.evaluate("mbtest.wake()")]


def violations(page, axe, within="html"):
    """What axe finds on the page, or in one part of it."""
    page.evaluate(axe)
    page.evaluate(IN_PAGE)
    return page.evaluate("within => mbtest.violations(within)", within)
