"""How soon the explorables answer a hand, in Chromium, where the work is greatest; `make bench` prints it after its ratios.

Plain figures of this machine, since there is nothing to compare them with. What is wanted is what a hand feels: less than 50 ms
from an event to the picture, 60 frames and 60 epochs a second, an explorable that is ready within a second of its page.
"""

import json
import shutil
import statistics
from pathlib import Path

import mlpbook as mb

ROOT = Path(__file__).parent.parent
CODE = Path(__file__).with_name("in_page.js").read_text(encoding="utf-8")
MODEL = (ROOT / "tests" / "browser" / "strict_model.js").read_text(encoding="utf-8")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-frame-rate-limit", "--disable-gpu-vsync"]  # nothing waits for the screen
MANY = [[p / 2, q / 2, p * q % 3] for p in range(-6, 6, 2) for q in range(-4, 4, 2)]
PAGES = ["intro", "neuron", "activations"]
READY = """addEventListener("DOMContentLoaded", () => {
  const first = document.querySelector(".mb-mount");
  new MutationObserver(() => first.dataset.state === "ready" && (self.readyAt ??= performance.now()))
    .observe(first, { attributes: true, attributeFilter: ["data-state"] });
});"""

SLIDERS = [  # (explorable, its arguments, what is to be drawn then, the slider, where it goes to and fro)
    ("ApproximationBuilder", dict(target="drawn by hand", best_heights=True, knots=[k / 13 for k in range(1, 13)]),
     "a curve, with its 13 best heights", "f(x)", [-0.5, 0.5]),
    ("DescentExplorer", dict(step=100), "100 steps of three optimizers", "Learning rate", [-1, -0.72]),
    ("GradientFlowExplorer", dict(depth=30, width=32, activation="gelu"), "30 layers of 32 units, gelu", "Times k", [1, 2]),
    ("LayerExplorer", dict(activation="tanh", stage=5.5), "a plane of 41 x 41 lines, tanh", "W₁ 1 → 1", [1, 1.05]),
    ("PerceptronExplorer", dict(points=MANY, step=5000, seed=3), "24 points, 3 classes, 5000 samples met", "x₁", [0, 0.25]),
    ("RegionExplorer", dict(points=[[1, 1]], labels=[1]), "the regions of a 2-4-4-1", "w₂", [0.5, 0.55]),
]


def mounted(browser, widget):
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.set_content("<!doctype html><title>bench</title><body><div id='here'></div></body>")
    state = {key: value for key, value in widget.get_state().items()
             if key in {"_spec", "_text"} or (not key.startswith("_") and key not in {"layout", "tabbable", "tooltip"})}
    page.evaluate(CODE)
    page.evaluate("bench.mount", [MODEL, widget._esm, widget._css, json.loads(json.dumps(state, allow_nan=False))])
    return page


def ready(browser, address):
    """Seconds from the page's load to its first explorable."""
    page = browser.new_page()
    page.add_init_script(READY)
    page.goto(address)
    page.wait_for_function("self.readyAt")
    seconds = page.evaluate("readyAt - performance.getEntriesByType('navigation')[0].loadEventEnd") / 1000
    page.close()
    return max(0, seconds)  # before the last picture of the page has loaded


def show(work, figure, wanted):
    print(f"{work:81} {figure:>22} {'':11} wanted {wanted}", flush=True)


def main():
    path = shutil.which("chromium")
    if path is None:
        return print("answers in the page: not measured, there is no Chromium on the PATH")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=path, args=FLAGS)
        for name, arguments, drawn, label, values in SLIDERS:
            page = mounted(browser, getattr(mb.widgets, name)(**arguments))
            show(f"{name} draws {drawn}", f"{page.evaluate('bench.answer', [label, values]):.1f} ms", "< 50 ms")
            page.close()
        page = mounted(browser, mb.widgets.LayerExplorer(activation="tanh"))
        show("LayerExplorer, scrubbed", f"{page.evaluate('bench.frames()'):.0f} frames/s", "> 60")
        page.close()
        page = mounted(browser, mb.widgets.TrainingPlayground(mb.MLP([2, 8, 8, 1]), mb.datasets.moons(250)))
        show("TrainingPlayground, 2-8-8-1 on 250 points, all drawn", f"{page.evaluate('bench.epochs()'):.0f} epochs/s", "> 60")
        page.close()
        for name in PAGES:
            file = ROOT / "_build" / "html" / "book" / f"{name}.html"
            if file.is_file():
                seconds = statistics.median(ready(browser, file.as_uri()) for _ in range(5))
                show(f"the first explorable of the page {name!r}, after its load", f"{seconds:.2f} s", "< 1 s")
            else:
                print(f"the page {name!r}: not measured, it is not built (make book)")
        browser.close()


if __name__ == "__main__":
    main()
