// NeuronExplorer: one neuron with two inputs, seen as a picture of the plane and as a network with numbers.

import { draggable, h, num, path, s, set, setValue, signed, uid } from "./dom.js";
import { explorable } from "./explorable.js";
import { ACTIVATIONS } from "./nn.js";
import { clamp, clipLine, contourLevels, dot, foot, isRight, norm, roundTo, signedDistance } from "./plane.js";

const SIDE = 340, LEFT = 38, TOP = 8; // the square of the plane inside its 386 x 384 picture
const ROUNDING = 1e-9; // a sum nearer to 0 than this is 0

/** What the neuron does, in words; a screen reader, a printed page and a page without scripts get the same ones. */
export function describe({ w, b, activation, alpha, probe, points, labels, inputs, extent }) {
  const z = dot(w, probe) + b;
  const out = ACTIVATIONS[activation].f(z, alpha);
  const distance = signedDistance(w, b, probe);
  const line = distance === null
    ? "Both weights are 0, so there is no line and the output is the same everywhere."
    : clipLine(w, b, extent)
      ? `The line where the sum is 0 lies ${num(Math.abs(b) / norm(w))} from the origin, and the probe ` +
        (Math.abs(z) < ROUNDING ? "on it." : `${num(Math.abs(distance))} from the line, on the side where the sum is ${z > 0 ? "positive" : "negative"}.`)
      : "The line where the sum is 0 lies outside the picture.";
  const right = points.filter((x, i) => isRight(w, b, x, labels[i])).length;
  const count = points.length ? ` ${right} of ${points.length} points are on their own side of the line.` : "";
  return `A neuron with weights ${num(w[0])} and ${num(w[1])}, bias ${num(b)} and activation ${activation}. ` +
    `At the probe ${inputs[0]} = ${num(probe[0])}, ${inputs[1]} = ${num(probe[1])} the weighted sum is ${num(z)} ` +
    `and the output ${num(out)}. ${line}${count}`;
}

export default explorable((ui) => {
  const { get, change } = ui;
  const [W, B] = [ui.spec.limits.w, ui.spec.limits.b];
  const step = 0.05;
  const { extent } = ui.spec;
  const pxPerUnit = SIDE / (2 * extent);
  const px = (x) => [LEFT + (x[0] + extent) * pxPerUnit, TOP + (extent - x[1]) * pxPerUnit];
  const unpx = (x, y) => [(x - LEFT) / pxPerUnit - extent, extent - (y - TOP) / pxPerUnit];
  const alpha = () => ui.spec.alpha[get("activation")];
  const phi = (z) => ACTIVATIONS[get("activation")].f(z, alpha());

  const setW = (w) => change({ w: w.map((v) => roundTo(clamp(v, W.low, W.high), step)) });
  const setB = (b) => change({ b: roundTo(clamp(b, B.low, B.high), step) });
  /** b as a hand on the line may set it: the line stays in the picture, or it could not be taken again. */
  const slideLine = (b) => {
    const w = get("w");
    const most = Math.max(0, extent * (Math.abs(w[0]) + Math.abs(w[1])) - 0.5 * norm(w));
    setB(Math.trunc(clamp(b, -most, most) / step + 1e-9 * Math.sign(b)) * step);
  };
  const setProbe = (p) => change({ probe: p.map((v) => roundTo(clamp(v, -extent, extent), step)) });

  // --- the plane
  const [gradientId, clipId, arrowId] = [uid("shade"), uid("clip"), uid("arrow")];
  const gradient = s("linearGradient", { id: gradientId, gradientUnits: "userSpaceOnUse" });
  const shade = s("rect", { x: LEFT, y: TOP, width: SIDE, height: SIDE });
  const contours = s("g", { class: "mb-contours" });
  const data = s("g", {});
  const lineHit = s("path", { class: "mb-hit" });
  const lineInk = s("path", { class: "mb-line" });
  const line = s("g", {}, lineHit, lineInk);
  const offset = s("path", { class: "mb-guide" });
  const perpendicular = s("path", { class: "mb-perpendicular" });
  const distanceText = s("text", { class: "mb-halo mb-purple", "text-anchor": "middle" });
  const arrow = s("path", { class: "mb-vector", "marker-end": `url(#${arrowId})` });
  const wText = s("text", { class: "mb-halo mb-strong" }, "w");
  const wHandle = s("g", {}, s("circle", { class: "mb-target", r: 16 }), s("circle", { class: "mb-ring", r: 11 }));
  const probeHandle = s("g", {}, s("circle", { class: "mb-target", r: 16 }), s("circle", { class: "mb-ring", r: 11 }),
    s("path", { class: "mb-probe", d: "M0-7L7 0L0 7L-7 0Z" }));

  const ticks = [-1, -0.5, 0, 0.5, 1].map((t) => t * extent).flatMap((t) => {
    const [x, y] = px([t, t]);
    const text = Number.isInteger(t) ? num(t, 0) : num(t, 1);
    return [s("text", { x, y: TOP + SIDE + 15, "text-anchor": "middle" }, text),
      s("text", { x: LEFT - 6, y: y + 4, "text-anchor": "end" }, text)];
  });
  const inputs = get("inputs");
  const plane = s("svg", { viewBox: "0 0 386 384", class: "mb-plane", role: "group",
    "aria-label": "The plane of inputs, with the line where the weighted sum is 0" },
    s("defs", {}, gradient,
      s("clipPath", { id: clipId }, s("rect", { x: LEFT, y: TOP, width: SIDE, height: SIDE })),
      s("marker", { id: arrowId, viewBox: "0 0 10 10", refX: 8, refY: 5, markerWidth: 6, markerHeight: 6, orient: "auto" },
        s("path", { d: "M0 0L10 5L0 10Z", class: "mb-ink" }))),
    s("g", { class: "mb-ticks", "aria-hidden": "true" }, ...ticks,
      s("text", { x: LEFT + SIDE / 2, y: TOP + SIDE + 31, "text-anchor": "middle" }, inputs[0]),
      s("text", { x: 11, y: TOP + SIDE / 2, "text-anchor": "middle", transform: `rotate(-90 11 ${TOP + SIDE / 2})` }, inputs[1])),
    s("g", { "clip-path": `url(#${clipId})` }, shade, contours, offset, data, perpendicular, line),
    s("rect", { x: LEFT, y: TOP, width: SIDE, height: SIDE, class: "mb-frame" }),
    arrow, wText, distanceText, probeHandle, wHandle);

  // A tap anywhere in the plane brings the probe there. (Not a drag: a finger must be able to scroll past.)
  shade.addEventListener("click", (event) => {
    const p = new DOMPoint(event.clientX, event.clientY).matrixTransform(plane.getScreenCTM().inverse());
    setProbe(unpx(p.x, p.y));
  });
  draggable(line, {
    label: "Decision line",
    drag: (x, y) => slideLine(-dot(get("w"), unpx(x, y))),
    nudge: (dx, dy) => { // the line follows the arrow, so b moves against it
      const w = get("w");
      const along = dx * w[0] + dy * w[1];
      slideLine(get("b") - (along ? Math.sign(along) : 0) * step * Math.max(Math.abs(dx), Math.abs(dy)));
    },
  });
  draggable(wHandle, {
    label: "Weight vector",
    drag: (x, y) => setW(unpx(x, y)),
    nudge: (dx, dy) => setW([get("w")[0] + dx * step, get("w")[1] + dy * step]),
  });
  draggable(probeHandle, {
    label: "Probe",
    drag: (x, y) => setProbe(unpx(x, y)),
    nudge: (dx, dy) => setProbe([get("probe")[0] + dx * step, get("probe")[1] + dy * step]),
  });

  // --- the network
  const rows = [36, 112, 188];
  const labelAt = [[156, 40], [121, 105], [128, 188]]; // beside the lines, where nothing crosses
  const edges = rows.map((y, k) => ({
    line: s("path", { d: `M50 ${y}L194 ${112 + (y - 112) * 0.14}` }),
    text: s("text", { class: "mb-halo mb-term", x: labelAt[k][0], y: labelAt[k][1], "text-anchor": "middle" }),
  }));
  const product = s("text", { class: "mb-halo mb-term", x: 121, y: 129, "text-anchor": "middle" }); // there is no room for it beside
  const nodeText = rows.slice(0, 2).map((y) => s("text", { x: 28, y: y + 37, "text-anchor": "middle" }));
  const zText = s("text", { x: 217, y: 156, "text-anchor": "middle" });
  const curve = s("path", { class: "mb-curve" });
  const dotOn = s("circle", { class: "mb-dot", r: 4 });
  const phiText = s("text", { x: 295, y: 160, "text-anchor": "middle" });
  const out = s("text", { x: 366, y: 118, "text-anchor": "middle", class: "mb-output" });
  const node = (x, y, text, r = 22) => [s("circle", { cx: x, cy: y, r, class: "mb-node" }),
    s("text", { x, y: y + 5, "text-anchor": "middle" }, text)];
  const network = s("svg", { viewBox: "0 0 402 232", class: "mb-network", role: "img" },
    ...edges.map((edge) => edge.line),
    ...node(28, rows[0], "x₁"), ...node(28, rows[1], "x₂"), ...node(28, rows[2], "1"),
    s("path", { d: "M241 112H262M328 112H338", class: "mb-wire" }),
    ...node(217, 112, "Σ", 24),
    s("rect", { x: 262, y: 82, width: 66, height: 60, rx: 6, class: "mb-node" }),
    s("path", { d: "M265 118H325M295 85V139", class: "mb-guide" }), curve, dotOn,
    ...edges.map((edge) => edge.text), product, ...nodeText, zText, phiText, out,
    s("text", { x: 366, y: 138, "text-anchor": "middle", class: "mb-small" }, "output"));
  const equation = h("p", { class: "mb-readout" });
  const tally = h("p", { class: "mb-readout" });

  // --- the controls
  const lineMeans = () => {
    const [w, b] = [get("w"), get("b")];
    if (!clipLine(w, b, extent)) return "no line in the picture";
    const tilt = w[1] === 0 ? "upright" : w[0] === 0 ? "level" : w[0] * w[1] < 0 ? "rising to the right" : "falling to the right";
    return `the line is ${tilt}, ${num(Math.abs(b) / norm(w))} from the origin`;
  };
  const outputMeans = () => `the output is ${num(phi(dot(get("w"), get("probe")) + get("b")))}`;
  const component = (key, index, label, range) => ui.slider({
    label, low: range.low, high: range.high, step,
    read: () => get(key)[index],
    write: (v) => change({ [key]: get(key).map((old, i) => (i === index ? v : old)) }),
    text: (v) => num(v), means: key === "w" ? lineMeans : outputMeans,
  });
  component("w", 0, "w₁", W);
  component("w", 1, "w₂", W);
  ui.slider({ label: "b", low: B.low, high: B.high, step, read: () => get("b"), write: setB, text: (v) => num(v),
    means: lineMeans });
  ui.menu({ label: "Activation", options: ui.spec.limits.activation.options.map((name) => [name, name.replace("_", " ")]),
    read: () => get("activation"), write: (activation) => change({ activation }) });
  component("probe", 0, "probe x₁", ui.spec.limits.probe);
  component("probe", 1, "probe x₂", ui.spec.limits.probe);

  // Colour of an output: the middle of its range is paper, the ends blue (high) and orange (low).
  const tint = (value) => {
    const [low, high] = ui.spec.range[get("activation")]; // null where unbounded
    const [middle, reach] = low !== null && high !== null ? [(low + high) / 2, (high - low) / 2] : [0, 4];
    const t = clamp((value - middle) / reach, -1, 1);
    return { "stop-color": `var(--mb-${t < 0 ? "orange" : "blue"})`, "stop-opacity": (0.5 * Math.abs(t)).toFixed(3) };
  };

  function drawShade(w, b) {
    const length = norm(w);
    const reach = extent * Math.SQRT2;
    const unit = length ? [w[0] / length, w[1] / length] : [1, 0];
    const [from, to] = [px(unit.map((u) => -u * reach)), px(unit.map((u) => u * reach))];
    set(gradient, { x1: from[0], y1: from[1], x2: to[0], y2: to[1] });
    // The output depends only on the distance along w, so one gradient is exact; stops are dense where phi bends.
    const stops = [-reach, reach];
    if (length) {
      for (let k = -40; k <= 40; k++) {
        const at = (10 * (k / 40) ** 3 - b) / length;
        if (Math.abs(at) < reach) stops.push(at, ...(k === 0 ? [at - 1e-9] : []));
      }
    }
    stops.sort((p, q) => p - q);
    gradient.replaceChildren(...stops.map((at) =>
      s("stop", { offset: ((at + reach) / (2 * reach)).toFixed(6), ...tint(phi(length * at + b)) })));
    set(shade, { fill: `url(#${gradientId})` });
  }

  function drawContours(w, b) {
    let last = "";
    contours.replaceChildren(...contourLevels(w, b, extent, 38 / pxPerUnit).flatMap((z) => {
      const ends = clipLine(w, b, extent, z);
      if (!ends) return [];
      const text = num(phi(z));
      const repeated = text === last;
      last = text;
      const [p, q] = ends.map(px);
      const low = p[1] > q[1] ? [p, q] : [q, p];
      const length = Math.hypot(p[0] - q[0], p[1] - q[1]);
      if (length < 60 || repeated) return [s("path", { d: path([p, q]) })];
      const at = [0, 1].map((k) => low[0][k] + (22 * (low[1][k] - low[0][k])) / length);
      return [s("path", { d: path([p, q]) }),
        s("text", { x: clamp(at[0], LEFT + 16, LEFT + SIDE - 16), y: at[1] + 3, "text-anchor": "middle", class: "mb-halo" }, text)];
    }));
  }

  function drawData(w, b) {
    const [points, labels] = [get("points"), get("labels")];
    data.replaceChildren(...points.flatMap((x, i) => {
      const [cx, cy] = px(x);
      const mark = labels[i] === 1 ? s("circle", { cx, cy, r: 4.2, class: "mb-one" })
        : s("rect", { x: cx - 3.8, y: cy - 3.8, width: 7.6, height: 7.6, class: "mb-zero" });
      return isRight(w, b, x, labels[i]) ? [mark] : [mark, s("circle", { cx, cy, r: 8, class: "mb-wrong" })];
    }));
    const right = points.filter((x, i) => isRight(w, b, x, labels[i])).length;
    tally.hidden = points.length === 0;
    tally.textContent = `${right} of ${points.length} points are on their own side of the line. ` +
      "Blue discs have label 1, orange squares label 0; a ring marks the wrong ones.";
  }

  function drawHandles(w, b, probe) {
    const ends = clipLine(w, b, extent);
    line.style.display = ends ? "" : "none";
    if (ends) [lineHit, lineInk].forEach((node) => set(node, { d: path(ends.map(px)) }));
    setValue(line, { now: b, low: B.low, high: B.high, text: ends
      ? `bias ${num(b)}: the line lies ${num(Math.abs(b) / norm(w))} from the origin` : "outside the picture" });

    const origin = px([0, 0]);
    const near = foot(w, b);
    set(offset, { d: near ? path([origin, px(near)]) : "" });
    const tip = px(w);
    // short of the tip, so that the arrow head and not the line ends there
    set(arrow, { d: norm(w) > 0.1 ? path([origin, tip]) : "" });
    set(wText, { x: clamp(tip[0] + (w[0] >= 0 ? 13 : -23), LEFT + 4, LEFT + SIDE - 14),
      y: clamp(tip[1] + (w[1] >= 0 ? -9 : 19), TOP + 14, TOP + SIDE - 6) });
    set(wHandle, { transform: `translate(${tip})` });
    setValue(wHandle, { now: w[0], low: W.low, high: W.high,
      text: `weights ${num(w[0])} and ${num(w[1])}, length ${num(norm(w))}` });

    const at = px(probe);
    const distance = signedDistance(w, b, probe);
    const landing = foot(w, b, probe);
    set(probeHandle, { transform: `translate(${at})` });
    set(perpendicular, { d: landing ? path([at, px(landing)]) : "" });
    distanceText.textContent = distance === null ? "" : signed(distance);
    // behind the probe, seen from the line, so that it hides neither the line nor the way to it
    const away = distance === null ? [0, -1] : [w[0], -w[1]].map((v) => (v / norm(w)) * (distance < 0 ? -1 : 1));
    set(distanceText, { x: clamp(at[0] + 30 * away[0], LEFT + 22, LEFT + SIDE - 22),
      y: clamp(at[1] + 24 * away[1] + 5, TOP + 14, TOP + SIDE - 6) });
    setValue(probeHandle, { now: probe[0], low: -extent, high: extent,
      text: `${inputs[0]} ${num(probe[0])}, ${inputs[1]} ${num(probe[1])}` +
        (distance === null ? "" : `, ${num(Math.abs(distance))} from the line`) });
  }

  function drawNetwork(w, b, probe) {
    const terms = [w[0] * probe[0], w[1] * probe[1], b];
    const z = dot(w, probe) + b;
    const value = phi(z);
    product.textContent = `= ${num(terms[1])}`;
    edges.forEach((edge, k) => {
      // as in every network diagram of the book the line is the weight; the number on it is what flows
      const weight = [...w, b][k];
      set(edge.line, { class: `mb-edge mb-${weight < 0 ? "orange" : "blue"}`, "stroke-width": 0.8 + 1.1 * Math.abs(weight) });
      edge.text.textContent = k < 2 ? `${num(w[k])} × ${num(probe[k])}${k ? "" : ` = ${num(terms[k])}`}` : `b = ${num(b)}`;
    });
    nodeText.forEach((text, k) => (text.textContent = num(probe[k])));
    zText.textContent = `z = ${num(z)}`;
    phiText.textContent = `φ: ${get("activation").replace("_", " ")}`;
    out.textContent = num(value);
    // phi on z in [-4, 4], drawn in the 60 x 54 box; what is higher than the box is cut
    const inBox = (u) => {
      const v = phi(u);
      return Math.abs(v) <= 1.6 ? [295 + 7.3 * u, 118 - 18 * v] : null;
    };
    const us = Array.from({ length: 161 }, (_, i) => -4 + i / 20);
    set(curve, { d: path(us.map((u, i) => (i && Math.abs(phi(u) - phi(us[i - 1])) > 0.5 ? null : inBox(u)))) });
    set(dotOn, { cx: 295 + 7.3 * clamp(z, -4, 4), cy: 118 - 18 * clamp(value, -1.4, 1.7) });
    const name = get("activation").replace("_", " ");
    const sum = `${num(w[0])} × ${num(probe[0])} + ${num(w[1])} × ${num(probe[1])} + ${num(b)}`.replaceAll("+ −", "− ");
    equation.textContent = `${name}(${sum}) = ${name}(${num(z)}) = ${num(value)}`;
    set(network, { "aria-label": `The neuron as a network: ${equation.textContent}` });
  }

  return {
    picture: h("div", { class: "mb-panels" }, h("div", { class: "mb-panel" }, plane,
      h("p", { class: "mb-readout mb-note" }, "Thin lines join inputs with the same output, which is written on them."), tally),
      h("div", { class: "mb-panel" }, network, equation)),
    draw() {
      const [w, b, probe] = [get("w"), get("b"), get("probe")];
      drawShade(w, b);
      drawContours(w, b);
      drawData(w, b);
      drawHandles(w, b, probe);
      drawNetwork(w, b, probe);
    },
    describe: () => describe({ w: get("w"), b: get("b"), activation: get("activation"), alpha: alpha(), inputs, extent,
      probe: get("probe"), points: get("points"), labels: get("labels") }),
  };
});
