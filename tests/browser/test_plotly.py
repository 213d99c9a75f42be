"""A plotly figure with frames in a page from disk: drawn late, from our own folder, playable, in the page's colours."""

import pytest
from checks import IN_PAGE, violations, wake

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


# the frame that plotly shows, by its name
FRAME = "document.querySelector('.mb-plotly .js-plotly-plot')._fullLayout._currentFrame"


def at(page, frame):
    page.wait_for_function(f"{FRAME} === '{frame}'")


def play(page):
    page.locator(".mb-film button").click()
    at(page, 3)
    page.wait_for_function("document.querySelector('.mb-film button').textContent === 'Play'")


def test_play_runs_to_the_last_frame(figure):
    start = figure.evaluate(HEIGHTS)
    assert len(start) == 3 and len(set(start)) == 1
    play(figure)
    a, b, c = figure.evaluate(HEIGHTS)
    assert a > b > c and a - b == pytest.approx(b - c, abs=0.5)  # y = 0, 3, 6: a straight line that rises
    assert figure.locator(".mb-film-now").text_content() == "frame 3"


def test_there_is_one_set_of_controls_and_it_is_the_pages_own(figure):
    assert figure.locator(".updatemenu-button, .slider-rail-rect, .modebar-btn[data-title^=Share]").count() == 0
    assert figure.locator(".mb-film button").count() == figure.locator(".mb-film input").count() == 1
    for control in figure.locator(".mb-film button, .mb-film input").all():
        box = control.bounding_box()
        assert min(box["width"], box["height"]) >= 24


def test_the_slider_goes_to_any_frame(figure):
    box = figure.locator(".mb-film input").bounding_box()
    figure.mouse.click(box["x"] + 0.66 * box["width"], box["y"] + box["height"] / 2)
    at(figure, 2)
    figure.wait_for_function(f"new Set({HEIGHTS}).size === 3")
    assert figure.locator(".mb-film input").get_attribute("aria-valuetext") == "frame 2"


def test_it_plays_and_scrubs_by_keyboard(figure):
    figure.evaluate("document.querySelector('.mb-film button').focus({preventScroll: true})")
    figure.keyboard.press("Space")
    at(figure, 3)
    figure.keyboard.press("Tab")
    for key, frame in (("ArrowLeft", 2), ("Home", 0), ("ArrowRight", 1), ("End", 3)):
        figure.keyboard.press(key)
        at(figure, frame)
        assert figure.locator(".mb-film-now").text_content() == f"frame {frame}"


def test_with_reduced_motion_the_button_goes_on_by_one(uri, open_page):
    page = open_page(uri, reduced_motion="reduce")
    page.locator(".mb-plotly").scroll_into_view_if_needed()
    page.wait_for_function(DRAWN)
    button = page.locator(".mb-film button")
    for frame in (1, 2, 3, 0, 1):
        assert button.text_content() == "Next"
        button.click()
        at(page, frame)


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
    text, box = (colours(figure, ".mb-film button", what)[0] for what in ("color", "backgroundColor"))
    assert abs(text - box) > 100


def test_a_change_of_colours_leaves_the_frame_alone(figure):
    play(figure)
    before = figure.evaluate(HEIGHTS)
    go_dark(figure)
    assert figure.evaluate(HEIGHTS) == before
    assert figure.evaluate(FRAME) == "3"


def test_it_fits_a_narrow_window(figure):
    figure.set_viewport_size({"width": 390, "height": 800})
    figure.wait_for_function("document.querySelector('.mb-plotly .main-svg').getBoundingClientRect().width < 390")
    assert figure.evaluate("mbtest.overflow()") == 0


# --- figures that mb.animation made

@pytest.fixture
def animated(play, open_page):
    """A page with a cloud, a decision surface and two runs side by side, all drawn."""
    def animated(**context):
        page = open_page((play / "animated.html").as_uri(), **context)
        assert {state for _, state in wake(page)} == {"ready"}
        return page

    return animated


@pytest.mark.parametrize("i, frames", [(0, 20), (1, 10), (2, 20)], ids=["cloud", "surface", "side by side"])
def test_an_animation_plays_pauses_and_scrubs(animated, i, frames):
    page = animated()
    mount = page.locator(".mb-plotly").nth(i)
    button, slider, now = (mount.locator(f".mb-film {part}") for part in ("button", "input", ".mb-film-now"))
    slider.scroll_into_view_if_needed()
    picture = lambda: mount.locator(".js-plotly-plot").evaluate("node => node.querySelector('.cartesianlayer').innerHTML")  # noqa: E731
    seen = [picture()]
    total = "100" if i == 1 else "40"
    assert now.text_content() == f"epoch 0 of {total}" and slider.get_attribute("max") == str(frames)
    button.click()
    page.wait_for_function("([slider]) => slider.value >= 3", arg=[slider.element_handle()])
    assert button.text_content() == "Pause"
    button.click()
    assert button.text_content() == "Play"
    held = slider.input_value()
    page.wait_for_timeout(400)
    assert slider.input_value() == held and 3 <= int(held) < frames
    slider.press("End")
    page.wait_for_function("([node, name]) => node._fullLayout._currentFrame === name", arg=[mount.locator(".js-plotly-plot").element_handle(), total])
    assert now.text_content() == f"epoch {total} of {total}"
    seen.append(picture())
    slider.press("Home")
    page.wait_for_function("([node]) => node._fullLayout._currentFrame === '0'", arg=[mount.locator(".js-plotly-plot").element_handle()])
    assert seen[0] != seen[1]
    button.click()  # it begins anew and runs to its end
    page.wait_for_function("([button, slider]) => button.textContent === 'Play' && slider.value === slider.max", arg=[button.element_handle(), slider.element_handle()])


def test_the_dots_of_a_frame_stand_where_plotly_would_put_them(animated):
    page = animated()
    slider = page.locator(".mb-film input").first
    slider.press("End")
    page.wait_for_timeout(200)
    assert page.evaluate("""() => {
        const node = document.querySelector('.js-plotly-plot');
        const dots = [...node.querySelectorAll('.scatterlayer .trace')][1].querySelectorAll('.point');
        const {xaxis, yaxis} = node._fullLayout, shown = node._fullData[1];
        return Math.max(...[...dots].map((dot, k) => {
            const [, x, y] = dot.getAttribute('transform').match(/translate\\(([^,]+),([^)]+)\\)/).map(Number);
            return Math.max(Math.abs(x - xaxis.c2p(shown.x[k])), Math.abs(y - yaxis.c2p(shown.y[k])));
        }));
    }""") < 0.02


def test_a_figure_taller_than_the_window_keeps_its_controls_at_hand(animated):
    page = animated(viewport={"width": 390, "height": 700})
    mount = page.locator(".mb-plotly").nth(2)
    assert mount.bounding_box()["height"] > 700
    mount.evaluate("node => node.scrollIntoView({block: 'start', behavior: 'instant'})")
    box = mount.locator(".mb-film").bounding_box()
    assert 0 < box["y"] and box["y"] + box["height"] <= 700


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 390)])
def test_animations_are_accessible_and_fit(animated, axe, scheme, width):
    page = animated(color_scheme=scheme, viewport={"width": width, "height": 900})
    assert violations(page, axe) == []
    assert page.evaluate("mbtest.overflow()") == 0


def test_playing_stops_off_screen(animated):
    page = animated(viewport={"width": 1280, "height": 600})
    button, slider = page.locator(".mb-film button").first, page.locator(".mb-film input").first
    slider.scroll_into_view_if_needed()
    button.click()
    page.locator(".mb-film").last.scroll_into_view_if_needed()
    page.wait_for_function("button => button.textContent === 'Play'", arg=button.element_handle())
    assert int(slider.input_value()) < 20
