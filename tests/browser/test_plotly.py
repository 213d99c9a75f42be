"""A plotly figure with frames in a page from disk: drawn late, from our own folder, playable, in the page's colours."""

import pytest
from checks import IN_PAGE

DRAWN = "document.querySelector('.mb-plotly').dataset.state === 'ready'"
# the y values of the one trace, as they stand on screen: pixels, bottom up
HEIGHTS = "[...document.querySelectorAll('.mb-plotly .scatterlayer .point')].map((p) => p.getCTM().f)"


@pytest.fixture
def uri(play):
    return (play / "moving.html").as_uri()


@pytest.fixture
def figure(uri, open_page):
    """The page with its figure drawn, in the light."""
    page = open_page(uri, color_scheme="light")
    page.evaluate(IN_PAGE)
    page.locator(".mb-plotly").scroll_into_view_if_needed()
    page.wait_for_function(DRAWN)
    return page


def test_it_is_drawn_when_it_comes_near_and_not_before(uri, open_page):
    page = open_page(viewport={"width": 1280, "height": 300})
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(uri)
    page.evaluate("async () => { await MathJax.startup.promise; await new Promise(requestAnimationFrame); }")
    assert page.locator(".mb-plotly").bounding_box()["y"] > 1000
    assert page.evaluate("document.querySelector('.mb-plotly').dataset.state === undefined && self.Plotly === undefined")
    assert not [url for url in asked if "plotly.min.js" in url]
    page.locator(".mb-plotly").scroll_into_view_if_needed()
    page.wait_for_function(DRAWN)
    assert next(url for url in asked if "plotly.min.js" in url).startswith(uri.rsplit("/", 1)[0] + "/_static/mlpbook/")


def test_play_runs_to_the_last_frame(figure):
    start = figure.evaluate(HEIGHTS)
    assert len(start) == 3 and len(set(start)) == 1
    figure.locator(".updatemenu-button").click()
    figure.wait_for_function(f"new Set({HEIGHTS}).size === 3")
    figure.wait_for_function("document.querySelector('.mb-plotly .js-plotly-plot')._fullLayout.sliders[0].active === 3")
    a, b, c = figure.evaluate(HEIGHTS)
    assert a > b > c and a - b == pytest.approx(b - c, abs=0.5)  # y = 0, 3, 6: a straight line that rises


def test_the_slider_goes_to_any_frame(figure):
    box = figure.locator(".slider-rail-touch-rect").bounding_box()
    figure.mouse.click(box["x"] + 0.66 * box["width"], box["y"] + box["height"] / 2)
    figure.wait_for_function("document.querySelector('.mb-plotly .js-plotly-plot')._fullLayout.sliders[0].active === 2")
    figure.wait_for_function(f"new Set({HEIGHTS}).size === 3")


def light(css):
    """How bright a CSS colour is, 0 to 255."""
    return sum(float(part) for part in css.strip("rgba()").split(",")[:3]) / 3


def colours(page, selector, what):
    return [light(css) for css in page.locator(selector).evaluate_all(
        "(all, what) => all.map((node) => getComputedStyle(node)[what])", what)]


def go_dark(page):
    page.evaluate("document.documentElement.dataset.theme = 'dark'")
    page.wait_for_function("""() => getComputedStyle(document.querySelector('.mb-plotly .xtick text')).fill
        .match(/\\d+/g).slice(0, 3).reduce((sum, part) => sum + Number(part), 0) > 450""")


def test_it_follows_the_page_into_the_dark(figure):
    assert max(colours(figure, ".mb-plotly .xtick text", "fill")) < 90
    assert figure.locator(".mb-plotly .main-svg").first.evaluate("node => getComputedStyle(node).backgroundColor") == "rgba(0, 0, 0, 0)"
    go_dark(figure)
    assert min(colours(figure, ".mb-plotly .ytick text", "fill")) > 150
    assert max(colours(figure, ".mb-plotly .gridlayer path", "stroke")) < 110


def test_the_play_button_can_be_read_in_the_dark(figure):
    go_dark(figure)
    text = colours(figure, ".mb-plotly .updatemenu-item-text", "fill")[0]
    box = colours(figure, ".mb-plotly .updatemenu-item-rect", "fill")[0]
    assert abs(text - box) > 100


def test_a_change_of_colours_leaves_the_frame_alone(figure):
    figure.locator(".updatemenu-button").click()
    figure.wait_for_function("document.querySelector('.mb-plotly .js-plotly-plot')._fullLayout.sliders[0].active === 3")
    before = figure.evaluate(HEIGHTS)
    go_dark(figure)
    assert figure.evaluate(HEIGHTS) == before
    assert figure.evaluate("document.querySelector('.mb-plotly .js-plotly-plot')._fullLayout.sliders[0].active") == 3


def test_it_fits_a_narrow_window(figure):
    figure.set_viewport_size({"width": 390, "height": 800})
    figure.wait_for_function("document.querySelector('.mb-plotly .main-svg').getBoundingClientRect().width < 390")
    assert figure.evaluate("mbtest.overflow()") == 0
