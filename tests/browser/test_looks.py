"""Each explorable in the light and in the dark, wide and narrow: axe finds nothing, and on paper it stands without its controls."""

import playground
import pytest
from checks import violations
from explorable import Explorable, address

from mlpbook.widgets import PerceptronExplorer

NAMES = sorted(playground.EXAMPLES)
PRESETS = dict(PerceptronExplorer()._spec["presets"])
# the start, unless other states show more of what there may be to see
STATES = {
    "ApproximationBuilder": [{}, {"units": "steps", "best_heights": True, "target": "chirp", "show_weights": True,
                                  "knots": [k / 13 for k in range(1, 13)]}],
    "BackpropStepper": [{"step": 14}],
    "DescentExplorer": [{"lr": 0.25, "step": 100}],
    "GradientFlowExplorer": [{"init": "zeros", "depth": 30}],
    "LayerExplorer": [{}, {"stage": 3, "two_layers": False, "activation": "step"}, {"stage": 5.5, "W2": [[1, 1], [1, 1]]}],
    "PerceptronExplorer": [{"step": 11}, {"points": PRESETS["XOR"], "step": 6}, {"points": PRESETS["three groups"], "step": 3, "best": True},
                           {"points": []}],
    "RegionExplorer": [{}, {"shade": True, "layers": 1, "unit": "3.1"}],
    "SoftmaxExplorer": [{"logits": [3.0, -2.5, 0.5, 9.5, 1.2], "label": 4, "shift": 710}],
    "TrainingPlayground": [{"preset": "3 blobs", "residual": True}, {"preset": "rotation"}, {"preset": "drawn by hand", "drawn": ""}],
}
CONTROLS = ".mb-controls, .mb-toolbar, .mb-scrub, .mb-edit, .mb-walk, .mb-run, .mb-film"
# what is to be read, before the page is printed and then: [how much there is, what of it is gone]
PRINTED = f"""root => {{
  const told = [...root.querySelectorAll("svg, canvas, table, pre, .mb-readout, .mb-equation")];
  self.told ??= told.filter((node) => node.checkVisibility() && !node.closest({CONTROLS!r}));
  return [self.told.length, self.told.filter((node) => !node.checkVisibility()).map((node) => node.outerHTML.slice(0, 80))];
}}"""


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 390)])
@pytest.mark.parametrize(("name", "state"), [(name, state) for name in NAMES for state in STATES.get(name, [{}])])
def test_axe_finds_nothing_and_paper_shows_all_but_the_controls(name, state, scheme, width, play, open_page, axe):
    page = open_page(address((play / "explorables.html").as_uri(), f"{name}-1", state), color_scheme=scheme, viewport={"width": width, "height": 900})
    it = Explorable(page, f"{name}-1")
    assert page.evaluate("document.documentElement.dataset.theme") == scheme
    for summary in it.root.locator("summary").all():
        if summary.is_visible():
            summary.click()
    if name == "TrainingPlayground":
        if state.get("drawn") != "":
            it.root.get_by_role("button", name="10 epochs").click()
        it.root.get_by_role("button", name="Draw points of class 1").click()
    it.offered("Copy as Python")  # the text to copy is there too
    assert violations(page, axe, f"#{it.mount}") == []
    assert page.evaluate("mbtest.overflow()") == 0
    told, _ = it.root.evaluate(PRINTED)
    page.emulate_media(media="print")
    assert told >= 2 and it.root.evaluate(PRINTED) == [told, []]
    assert it.root.locator("input, select, button, textarea, .mb-ring, .mb-pointed").evaluate_all(
        "all => all.filter((node) => node.checkVisibility()).map((node) => node.outerHTML)") == []
