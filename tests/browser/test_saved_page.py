"""A saved animation as a page from disk: nothing is fetched, and its controls are the book's, reached by keyboard."""

import pytest
from checks import violations

import mlpbook as mb

FRAME = "document.querySelector('.js-plotly-plot')._fullLayout._currentFrame"


@pytest.fixture(scope="module")
def saved(tmp_path_factory):
    data = mb.datasets.rotation(n=30)
    run = mb.train(mb.MLP([2, 2], init="identity"), data, "mse", epochs=20, frames=4)
    return mb.animation.save(mb.animation.predictions(run, data), tmp_path_factory.mktemp("saved") / "Drehung 30°.html").as_uri()


@pytest.fixture
def opened(saved, open_page):
    def opened(**context):
        page = open_page(saved, **context)
        page.wait_for_selector(".mb-film")
        return page

    return opened


def test_it_plays_and_scrubs_by_keyboard(opened):
    page = opened()
    for _ in range(20):  # past plotly's own buttons
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent === 'Play'"):
            break
    page.keyboard.press("Space")
    page.wait_for_function(f"{FRAME} === '20' && document.querySelector('.mb-film button').textContent === 'Play'")
    page.keyboard.press("Tab")
    for key, epoch in (("Home", 0), ("ArrowRight", 5), ("End", 20), ("ArrowLeft", 15)):
        page.keyboard.press(key)
        page.wait_for_function(f"{FRAME} === '{epoch}'")
        assert page.locator(".mb-film-now").text_content() == f"epoch {epoch} of 20"


def test_there_is_one_set_of_controls_and_nothing_to_send_elsewhere(opened):
    page = opened()
    assert page.locator(".updatemenu-button, .slider-rail-rect, .modebar-btn[data-title^=Share]").count() == 0
    assert page.locator(".modebar-btn").count() > 3
    assert page.locator(".mb-film button").count() == page.locator(".mb-film input").count() == 1


def bright(page):
    """How bright the numbers on the axis and the page behind them are, 0 to 255."""
    colours = page.evaluate("""['.xtick text', '.mb-film'].map((what, i) =>
        getComputedStyle(document.querySelector(what))[['fill', 'backgroundColor'][i]].match(/\\d+/g).slice(0, 3).map(Number))""")
    return [sum(colour) / 3 for colour in colours]


def test_it_follows_the_system_into_the_dark(opened):
    page = opened(color_scheme="light")
    text, paper = bright(page)
    assert text < 90 and paper > 200
    page.emulate_media(color_scheme="dark")
    page.wait_for_function("getComputedStyle(document.querySelector('.xtick text')).fill.match(/\\d+/)[0] > 150")
    assert bright(page)[1] < 60
    page.emulate_media(color_scheme="light")  # as the next test expects it


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_it_is_accessible_and_fits(opened, axe, scheme, width):
    page = opened(color_scheme=scheme, viewport={"width": width, "height": 800})
    assert violations(page, axe) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
