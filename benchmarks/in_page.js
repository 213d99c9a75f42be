// What in_page.py asks of an explorable in Chromium. A script, not a module: it is evaluated.
globalThis.bench = {
  /** Puts an explorable on a model of its own into the page. */
  async mount([model, esm, css, state]) {
    const load = (text) => import(URL.createObjectURL(new Blob([text], { type: "text/javascript" })));
    const { context } = (await load(model)).strictModel(state), el = document.querySelector("#here");
    document.head.append(Object.assign(document.createElement("style"), { textContent: css }));
    const exported = (await load(esm)).default, widget = typeof exported === "function" ? await exported() : exported;
    await widget.initialize?.(context(el));
    await widget.render(context(el));
  },

  /** From moving the slider that is so labelled, to and fro, to a picture that is laid out: the quickest of many, in ms. */
  async answer([label, values]) {
    const input = [...document.querySelectorAll("label")].find((each) => each.textContent.startsWith(label)).querySelector("input");
    const seen = new Set(), times = [];
    for (let i = 0; i < 40; i++) {
      input.value = String(values[i % 2]);
      const start = performance.now();
      input.dispatchEvent(new Event("input", { bubbles: true }));
      await Promise.resolve(); // the drawing is a microtask
      document.body.getBoundingClientRect();
      times.push(performance.now() - start);
      seen.add(document.querySelector("#here svg").outerHTML);
      await new Promise(requestAnimationFrame);
    }
    if (seen.size === 1) throw new Error(`${label} moves nothing`);
    return Math.min(...times.slice(2)); // the first may find the slider where it stands
  },

  /** Frames in a second while a slider is dragged from end to end and each picture is painted. */
  async frames() {
    const slider = document.querySelector(".mb-scrub input"), times = [];
    for (let i = 0; i < 200; i++) {
      slider.value = String((slider.max * (i % 100)) / 100);
      slider.dispatchEvent(new Event("input", { bubbles: true }));
      times.push(await new Promise(requestAnimationFrame));
    }
    return 1000 / bench.median(times.slice(1).map((time, i) => time - times[i]));
  },

  /** Epochs in a second of a training at full speed, everything drawn. */
  async epochs(seconds = 2.5) {
    const press = (text) => [...document.querySelectorAll("button")].find((button) => button.textContent === text).click();
    const epoch = () => Number(document.querySelector(".mb-status").textContent.match(/epoch (\d+)/)[1]);
    press("full");
    press("Run");
    await new Promise((done) => setTimeout(done, 500)); // to warm up
    const from = epoch(), start = performance.now();
    await new Promise((done) => setTimeout(done, 1000 * seconds));
    const pace = (1000 * (epoch() - from)) / (performance.now() - start);
    press("Pause");
    return pace;
  },

  median: (values) => values.sort((p, q) => p - q)[values.length >> 1],
};
