// The losses as training goes, on a log axis, and the gradient of each layer beneath.

import { h, magnitude, path, s, set, uid } from "./dom.js";

const LEFT = 46, RIGHT = 12, TOP = 10, MOST = 240; // points of a curve that are drawn

/** Which of n entries to draw: all of them, or some evenly spread, the last always. */
export function spread(n, most = MOST) {
  return n <= most ? Array.from({ length: n }, (_, i) => i) : Array.from({ length: most }, (_, i) => Math.round((i * (n - 1)) / (most - 1)));
}

/** Round numbers of epochs for an axis that ends at `end`. */
function epochTicks(end) {
  let step = 1;
  for (let k = 0; end / step > 5; k++) step *= [2, 2.5, 2][k % 3]; // 1, 2, 5, 10, 20 ...
  return Array.from({ length: Math.floor(end / step) + 1 }, (_, i) => i * step);
}

/** {node, draw(session)} */
export function curves(narrow) {
  const WIDTH = 340, HEIGHT = narrow ? 178 : 196, BOTTOM = HEIGHT - 34;
  const clip = uid("clip"), box = { x: LEFT, y: TOP, width: WIDTH - LEFT - RIGHT, height: BOTTOM - TOP };
  const grid = s("g", { class: "mb-grid" }), axes = s("g", { class: "mb-ticks", "aria-hidden": "true" });
  const train = s("path", { class: "mb-curve" }), test = s("path", { class: "mb-slope" }), tip = s("circle", { class: "mb-tip", r: 3.5 });
  const key = (x, name, hue, text) => s("g", {}, s("path", { class: name, d: `M${x} ${TOP + 11}h22` }), s("text", { x: x + 27, y: TOP + 15, class: `mb-halo ${hue}` }, text));
  const trainKey = key(LEFT + 70, "mb-curve", "mb-blue", "training loss"), testKey = key(LEFT + 190, "mb-slope", "mb-orange", "test loss");
  const svg = s("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, class: "mb-losses", role: "img" },
    s("defs", {}, s("clipPath", { id: clip }, s("rect", box))), grid, axes, s("g", { "clip-path": `url(#${clip})` }, test, train),
    s("rect", { ...box, class: "mb-frame" }), tip, trainKey, testKey);
  const rows = h("div", { class: "mb-norms" });

  function losses({ before, losses, tests, first }) {
    const end = Math.max(10, before + losses.length);
    const points = [[before, first], ...spread(losses.length).map((i) => [before + i + 1, losses[i]])].filter(([, v]) => v !== null && v > 0);
    const held = spread(tests.length).map((i) => tests[i]).filter(([, v]) => v > 0);
    const seen = [...points, ...held].map(([, v]) => Math.log10(v));
    const low = Math.floor(Math.min(-1, ...seen) + 1e-9), high = Math.max(low + 1, Math.ceil(Math.max(-Infinity, ...seen.filter(Number.isFinite)) - 1e-9));
    const x = (epoch) => LEFT + ((epoch - before) / (end - before || 1)) * box.width;
    const y = (v) => BOTTOM - ((Math.log10(v) - low) / (high - low)) * box.height;
    const step = Math.ceil((high - low) / 5), powers = Array.from({ length: high - low + 1 }, (_, i) => low + i).filter((k) => (k - low) % step === 0);
    const ticks = epochTicks(end).filter((t) => t >= before);
    grid.replaceChildren(...powers.map((k) => s("path", { d: `M${LEFT} ${y(10 ** k)}H${WIDTH - RIGHT}` })));
    axes.replaceChildren(...powers.map((k) => s("text", { x: LEFT - 6, y: y(10 ** k) + 4, "text-anchor": "end" }, magnitude(10 ** k).replace(/\.0+(?=e|$)/, "").replace(/0$/, (zero) => (k >= 0 ? zero : "")))),
      ...ticks.map((t) => s("text", { x: x(t), y: BOTTOM + 15, "text-anchor": "middle" }, String(t))),
      s("text", { x: LEFT + box.width / 2, y: HEIGHT - 3, "text-anchor": "middle" }, "epoch"));
    set(train, { d: path(points.map(([t, v]) => [x(t), y(v)])) });
    const [at, now] = points.at(-1) ?? [];
    set(tip, now ? { cx: x(at), cy: y(now), visibility: null } : { visibility: "hidden" });
    set(test, { d: path(held.map(([t, v]) => [x(t), y(v)])) });
    testKey.style.display = held.length ? "" : "none";
  }

  function norms({ norms: values, moved }) {
    const most = Math.max(...values), logs = values.map((v) => (v > 0 ? Math.log10(v / most) : -Infinity));
    rows.replaceChildren(h("p", { class: "mb-note" }, "Length of the gradient, layer by layer"), ...values.map((v, l) => {
      const share = moved && v > 0 ? Math.max(2, 100 * (1 + logs[l] / 3)) : 0; // a factor of 1000 from end to end
      return h("div", { class: "mb-norm" }, h("span", {}, `${l + 1}`), h("div", { class: "mb-bar" }, h("div", { style: `width: ${share.toFixed(1)}%` })),
        h("span", {}, moved ? magnitude(v) : "–"));
    }));
  }

  return { node: h("div", {}, svg, rows), draw(session) {
    losses(session);
    norms(session);
    set(svg, { "aria-label": `The loss from epoch to epoch, on a logarithmic axis: now ${magnitude(session.loss ?? session.first ?? 0)}` });
  } };
}
