"""Words in the pictures of Parts I and II can be read on a phone: none is smaller than 11 px, in any of these states."""

import pytest
from explorable import Explorable, address

STATES = [("ActivationExplorer", {}), ("ApproximationBuilder", {"units": "steps"}), ("GradientFlowExplorer", {}), ("LayerExplorer", {"stage": 5.8}),
          ("NeuronExplorer", {"w": [-4, -4], "probe": [-4, -4]}), ("PerceptronExplorer", {"step": 5}), ("RegionExplorer", {})]
SMALL = """root => [...root.querySelectorAll("svg")].flatMap((svg) => [...svg.querySelectorAll("text")]
    .filter((text) => text.textContent && text.checkVisibility({visibilityProperty: true}))
    .map((text) => [parseFloat(getComputedStyle(text).fontSize) * svg.getScreenCTM().a, text.textContent])).filter(([size]) => size < 11)"""


@pytest.mark.parametrize(("name", "state"), STATES)
def test_no_word_is_smaller_than_11_px(name, state, play, open_page):
    page = open_page(address((play / "explorables.html").as_uri(), f"{name}-1", state), viewport={"width": 390, "height": 844})
    it = Explorable(page, f"{name}-1")
    page.wait_for_function("id => document.querySelector(`#${id} .mb-narrow`)", arg=it.mount)
    assert it.root.locator("svg text").count() > 5
    assert it.root.evaluate(SMALL) == []
