"""An explorable in an open page, as a reader has it in hand: what is seen, what is said, and every control."""

import json
import math
from urllib.parse import quote, unquote

from checks import IN_PAGE

import mlpbook as mb

CENTRE = "scrollIntoView({block: 'center', behavior: 'instant'})"  # away from the theme's bars
KEYS = {"range": "ArrowRight", "select-one": "ArrowDown", "checkbox": "Space", "number": "ArrowUp"}


def address(page_uri, mount, state):
    """The link that opens a page with `state` in one of its mounts; `state` may be any text at all."""
    text = state if isinstance(state, str) else json.dumps(state)
    return f"{page_uri}#{mount}={quote(text)}"


def shared(link):
    """(mount, state): what a link holds."""
    mount, state = unquote(link.split("#", 1)[1]).split("=", 1)
    return mount, json.loads(state)


class Explorable:
    def __init__(self, page, mount):
        self.page, self.mount = page, mount
        page.evaluate(IN_PAGE)
        self.root = page.locator(f"#{mount}")
        self.root.scroll_into_view_if_needed()
        page.wait_for_function("id => document.getElementById(id).dataset.state === 'ready'", arg=mount)

    # --- what it shows

    def seen(self):
        return self.root.evaluate("root => mbtest.seen(root)")

    def wait_until_seen_changes(self, before):
        self.page.wait_for_function("([id, before]) => mbtest.seen(document.getElementById(id)) !== before",
                                    arg=[self.mount, before])

    def words(self):
        """The description a screen reader finds."""
        return self.root.locator("p.mb-hidden:not([aria-live])").text_content()

    def readout(self, part):
        """The line of text that contains `part`."""
        return next(text for text in self.root.locator(".mb-readout").all_text_contents() if part in text)

    def offered(self, button):
        """The text that a button of the toolbar offers to copy."""
        self.root.get_by_role("button", name=button).evaluate("button => button.click()")
        return self.root.locator("textarea").input_value()

    def state(self):
        """The state, by way of "Link to this"."""
        return shared(self.offered("Link to this"))[1]

    def widget(self):
        """The widget that "Copy as Python" builds."""
        return eval(self.offered("Copy as Python"), {"mb": mb})

    def follow(self, state):
        """Follows a link to `state` of this same explorable, its page being open already."""
        self.page.evaluate("""hash => new Promise((done) => {
            addEventListener('hashchange', () => setTimeout(done), {once: true});
            location.hash = hash;
        })""", address("", self.mount, state))

    # --- by keyboard

    def controls(self):
        """(name, kind) of all that Tab should reach, in the order of the page."""
        return [tuple(pair) for pair in self.root.evaluate(
            "root => mbtest.controls(root).map((node) => [mbtest.nameOf(node), node.dataset.handle ? 'handle' : node.type])")]

    def before(self):
        """Puts the focus just before the explorable."""
        self.root.evaluate("root => { root.tabIndex = -1; root.focus({preventScroll: true}); root.removeAttribute('tabindex'); }")

    def focused(self):
        """The name of the control that has the focus; None outside."""
        return self.root.evaluate("root => root.contains(document.activeElement) ? mbtest.nameOf(document.activeElement) : null")

    def tab_to(self, name):
        """Presses Tab until the control has the focus; Shift+Tab where it lies behind."""
        order = [each for each, _ in self.controls()]
        at = self.focused()
        if at not in order:
            self.before()
            steps = order.index(name) + 1
        else:
            steps = order.index(name) - order.index(at)
        for _ in range(abs(steps)):
            self.page.keyboard.press("Tab" if steps > 0 else "Shift+Tab")
        assert self.focused() == name

    # --- by pointer

    def grip(self, handle):
        """A point of the window where the handle can be taken."""
        node = self.root.locator(f"[data-handle='{handle}']")
        node.evaluate(f"node => node.ownerSVGElement.{CENTRE}")
        at = node.evaluate("node => mbtest.grip(node)")
        assert at, f"{handle} lies under something else"
        return at

    def window_point(self, svg, x, y):
        """Where a point of a picture's own coordinates lies in the window, the picture being in its middle."""
        self.root.locator(svg).evaluate(f"svg => svg.{CENTRE}")
        return self.root.locator(svg).evaluate("(svg, [x, y]) => { const p = new DOMPoint(x, y)"
                                               ".matrixTransform(svg.getScreenCTM()); return [p.x, p.y]; }", [x, y])

    def axes(self, svg):
        """(to_x, to_y): from the picture's coordinates to the numbers at its ticks. Read off the ticks themselves."""
        ticks = self.root.locator(svg).evaluate("""svg => [...svg.querySelectorAll('.mb-ticks text')].map((t) => ({
            value: Number(t.textContent.replace('−', '-')), x: t.x.baseVal[0].value, y: t.y.baseVal[0].value,
            below: t.getAttribute('text-anchor') === 'middle'})).filter((t) => !Number.isNaN(t.value))""")
        below = [(t["x"], t["value"]) for t in ticks if t["below"]]
        beside = [(t["y"] - 4, t["value"]) for t in ticks if not t["below"]]  # text hangs 4 below its tick

        def line(pairs):
            (p, u), (q, v) = pairs[0], pairs[-1]
            return lambda at: u + (at - p) * (v - u) / (q - p)

        return line(below), line(beside)


def numbers(text):
    """The numbers in a line of text, as the page writes them (with a real minus sign)."""
    words = "".join(c if c.isdigit() or c in ".-e" else " " for c in text.replace("−", "-")).split()
    return [value for value in map(_number, words) if value is not None]


def _number(word):
    try:
        value = float(word.rstrip("."))
    except ValueError:
        return None
    return value if math.isfinite(value) else None
