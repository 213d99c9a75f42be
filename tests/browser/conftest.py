"""What the browser tests stand on: the built book, a small book of our own, a browser, and pages that are closed again.

Where something is missing a test is skipped and says what; where CI is set that is a failure, since there nothing
may go untested without notice.
"""

import shutil

import playground
import pytest
from checks import REPO, Watch, mount_pages, site_folder, site_pages
from explorable import Explorable, address
from shared import require

NODE_MODULES = REPO / "tests" / "node_modules"
MOST_IDLE = 6  # pages that wait to be used again: each is a process


def pytest_generate_tests(metafunc):
    for name, pages in (("book_page", site_pages), ("mount_page", mount_pages)):
        if name in metafunc.fixturenames:
            # None, so that there is a test, and it asks for the book and says that it is missing
            metafunc.parametrize(name, pages() or [None], ids=lambda page: page or "none")


@pytest.fixture(scope="session")
def site():
    """The built book."""
    folder = site_folder()
    return require(folder if (folder / "index.html").is_file() else None,
                   f"no built book at {folder}: run jupyter-book build, or set MLPBOOK_SITE")


@pytest.fixture(scope="session")
def play(tmp_path_factory):
    """A small book made by this test run: every explorable, and what a chapter would rather not contain."""
    return playground.build(tmp_path_factory.mktemp("playground"), REPO / "_config.yml")


@pytest.fixture(scope="session")
def axe():
    """axe-core's source."""
    path = NODE_MODULES / "axe-core" / "axe.min.js"
    return require(path.is_file() and path.read_text(encoding="utf-8"), f"no {path}: run npm ci in tests/")


@pytest.fixture(scope="session")
def node():
    """The node program, with puppeteer-core at hand."""
    require((NODE_MODULES / "puppeteer-core").is_dir(), "no puppeteer-core: run npm ci in tests/")
    return require(shutil.which("node"), "no node on the PATH")


@pytest.fixture(scope="session")
def firefox():
    return require(shutil.which("firefox-esr") or shutil.which("firefox"), "no Firefox on the PATH")


@pytest.fixture(scope="session")
def chromium():
    """Debian's Chromium, started once."""
    from playwright.sync_api import sync_playwright

    path = require(shutil.which("chromium"), "no Chromium on the PATH")
    with sync_playwright() as driver:
        browser = driver.chromium.launch(
            executable_path=path, args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"])
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def idle():
    """Pages that tests have left, by the options of their contexts: one used again costs half of what a new one does."""
    return {}


@pytest.fixture
def open_page(chromium, idle):
    """open_page(address, **context) -> a page that has loaded; whatever goes wrong in it fails the test.

    open_page(**context) -> an empty page that nobody has used, for a test that listens or adds scripts before it loads.
    """
    opened = []

    def open_page(address=None, **options):
        options = {"viewport": {"width": 1280, "height": 900}, **options}
        key = repr(sorted(options.items())) if address else None
        page, watch = idle.pop(key, None) or _new_page(chromium, options)
        opened.append((page, watch, key, options))
        page.set_viewport_size(options["viewport"])
        watch.trouble.clear()  # after a question to the page, so that nothing of an earlier test is still under way
        if address:
            page.goto(address)
            # index.html is a stub that sends the reader on
            page.wait_for_function("!document.querySelector('meta[http-equiv=refresh i]')")
            page.wait_for_load_state()
        return page

    yield open_page
    trouble = [line for _, watch, _, _ in opened for line in watch.trouble]
    for page, watch, key, options in opened:
        if key is None or key in idle or len(idle) == MOST_IDLE or not options.get("java_script_enabled", True):
            page.context.close()
        else:
            _clear(page)
            idle[key] = page, watch
    assert not trouble, "\n".join(trouble)


def _new_page(chromium, options):
    page = chromium.new_context(**options).new_page()
    page.set_default_timeout(10_000)
    return page, Watch(page, options.get("java_script_enabled", True))


def _clear(page):
    """Nothing of the test stays: what the page has stored, where the mouse is, the medium, the document."""
    page.evaluate("() => { localStorage.clear(); sessionStorage.clear(); }")
    page.mouse.move(0, 0)
    page.emulate_media(media="null")
    page.goto("about:blank")


@pytest.fixture
def hold(request, play, open_page):
    """hold(state, **context) -> the explorable that the test's module calls NAME, on a page of its own, in that state."""
    name = request.module.NAME

    def hold(state=None, **context):
        uri = (play / "explorables.html").as_uri()
        return Explorable(open_page(address(uri, name, state) if state else uri, **context), name)

    return hold
