"""Two views of one widget, two widgets tied together, names that are an attack, and places where a reader could get stuck."""

import playground
import pytest
from explorable import Explorable, address


@pytest.fixture
def uri(play):
    return (play / "corners.html").as_uri()


@pytest.fixture
def views(uri, open_page):
    """The five explorables of the page: two views of one, two that are tied, and one with hostile names."""
    page = open_page(uri)
    return [Explorable(page, f"NeuronExplorer-{k}") for k in range(1, 6)]


def press(it, control, key):
    before = it.seen()
    it.tab_to(control)
    it.page.keyboard.press(key)
    it.wait_until_seen_changes(before)


def test_two_views_show_one_state(views):
    one, two, other = views[:3]
    untouched = other.seen()
    press(one, "w₁", "ArrowRight")
    assert one.seen() == two.seen()
    press(two, "Probe", "ArrowUp")
    assert one.seen() == two.seen()
    assert one.state()["w"] == [2.05, 1]
    assert other.seen() == untouched


def test_a_jslink_ties_two_widgets_both_ways(views):
    p, q = views[2:4]
    assert (p.state()["b"], q.state()["b"]) == (1, 1)  # the target begins where the source is, as in Jupyter
    press(p, "b", "ArrowRight")
    assert q.state()["b"] == p.state()["b"] == pytest.approx(1.05)
    press(q, "Decision line", "ArrowLeft")
    assert p.state()["b"] == q.state()["b"] == pytest.approx(1.1)
    was = q.state()["w"]
    press(p, "w₂", "ArrowLeft")
    assert q.state()["w"] == was  # only b is tied


def test_names_that_look_like_markup_stay_text(views):
    it = views[4]
    assert it.page.locator(f"#{it.mount} b, #{it.mount} img, #{it.mount} script:not([type='application/json'])").count() == 0
    assert it.page.locator("img[src=x]").count() == 0
    texts = it.root.locator(".mb-plane .mb-ticks text").all_text_contents()
    assert set(playground.HOSTILE) < set(texts)
    assert it.widget().inputs == playground.HOSTILE
    assert playground.HOSTILE[1] in it.words()


def test_every_id_on_the_page_is_its_own(views):
    ids = views[0].page.evaluate("[...document.querySelectorAll('.mb-mount [id], .mb-mount')].map((node) => node.id)")
    assert len(ids) == len(set(ids)) > 10


def test_a_link_to_a_tied_widget_keeps_the_tied_value(uri, open_page):
    q = Explorable(open_page(address(uri, "NeuronExplorer-4", {"b": -3.0})), "NeuronExplorer-4")
    assert q.state()["b"] == -3


def test_a_link_to_a_second_view_opens_its_state(uri, open_page):
    two = Explorable(open_page(address(uri, "NeuronExplorer-2", {"b": -3.0})), "NeuronExplorer-2")
    assert two.state()["b"] == -3


def test_the_keyboard_does_not_lose_the_line_at_the_edge(play, open_page):
    state = {"w": [0.5, 0.0], "b": 1.9}
    it = Explorable(open_page(address((play / "explorables.html").as_uri(), "NeuronExplorer-1", state)), "NeuronExplorer-1")
    it.tab_to("Decision line")
    for _ in range(4):
        it.page.keyboard.press("ArrowLeft")
    it.page.evaluate("() => new Promise((done) => setTimeout(done))")
    assert it.focused() == "Decision line"


def test_the_mouse_does_not_lose_the_line_at_the_edge(play, open_page):
    state = {"w": [0.5, 0.0], "b": 1.5}
    it = Explorable(open_page(address((play / "explorables.html").as_uri(), "NeuronExplorer-1", state)), "NeuronExplorer-1")
    x, y = it.grip("Decision line")
    it.page.mouse.move(x, y)
    it.page.mouse.down()
    it.page.mouse.move(x - 150, y, steps=5)  # beyond the frame
    it.page.mouse.up()
    assert it.grip("Decision line")


@pytest.mark.parametrize("name", sorted(playground.EXAMPLES))
def test_one_voice_speaks(name, play, open_page):
    """A screen reader hears one polite region as things change, and the note about copying when it is asked for."""
    it = Explorable(open_page((play / "explorables.html").as_uri()), f"{name}-1")
    assert it.root.locator("output, [aria-live]:not([aria-live=off]), [role=status], [role=alert], [role=log]").count() == 2
