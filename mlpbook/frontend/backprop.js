// BackpropStepper: one forward and one backward pass through a small network, an operation at a time, and the descent it serves.

import { descend, describe, naming, operations, short, three } from "./backprop_steps.js";
import { draggable, h, path, s, set, setValue } from "./dom.js";
import { explorable } from "./explorable.js";
import { clamp } from "./plane.js";

const ROW = 17, GAP = 14, TOP = 6; // heights: a line in a unit, between units, above the first
const TIME = 480, PAD = 16; // the timeline
const GRAPH = { width: 300, height: 146, left: 44, right: 292, top: 22, bottom: 108 };

/** What an operation does, in a sentence. */
const WHY = {
  z: "Forward: each input times its weight, all added up, and the bias.",
  a: "Forward: the sum goes through the activation.",
  p: "Forward: the output is read as a probability.",
  L: "How wrong the answer is, in one number. From here it goes back.",
  start: "The error at the output: how L changes with the answer.",
  dW: "A weight's gradient: what came in at its start, times the error at its end.",
  db: "A bias is a weight whose input is 1: its gradient is the error itself.",
  da: "Back along the edges: the error of each unit it feeds, times the weight between them.",
  dalpha: "The slope α is learned too: how each output below 0 hangs on it.",
  dz: "Back through the activation: times its slope at this z.",
};
/** The rule of which an operation is one entry, for the whole layer. */
const RULES = [["z", "z = x W + b"], ["a", "a = φ(z)"], ["dW", "∂L/∂W = xᵀ ∂L/∂z"], ["db", "∂L/∂b = ∂L/∂z"], ["da", "∂L/∂x = ∂L/∂z Wᵀ"],
  ["dz", "∂L/∂z = ∂L/∂a ⊙ φ′(z)"]];

/** Where the units of a network stand, in a picture of this width: {height, boxes[layer][unit], loss}; a unit's bias stands above it. */
function layout(sizes, width, outputRows, wide) {
  const last = sizes.length - 1, box = wide ? 112 : 70, bias = wide ? ROW : 2 * ROW;
  const rows = sizes.map((_, l) => (l === 0 ? 1 : l < last ? 4 : outputRows));
  const unit = (l) => rows[l] * ROW + 4 + (l ? bias : 0) + GAP; // with its bias above it
  const lossHeight = ROW + 12;
  const tall = sizes.map((n, l) => n * unit(l) + (l === last ? lossHeight : 0));
  const height = Math.max(...tall) + TOP;
  const boxes = sizes.map((n, l) => {
    const w = l === 0 && !wide ? 56 : box;
    const left = 4 + (l * (width - box - 8)) / last;
    const pitch = unit(l) + (height - TOP - tall[l]) / n; // spread over the height, so that edges keep apart
    return Array.from({ length: n }, (_, j) => ({ x: left, w, h: rows[l] * ROW + 4,
      y: TOP + j * pitch + (pitch - unit(l)) / 2 + (l ? bias : GAP / 2) }));
  });
  const bottom = boxes[last].at(-1);
  return { height, boxes, bias, loss: { x: bottom.x, y: bottom.y + bottom.h + GAP, w: bottom.w, h: ROW + 4 } };
}

export default explorable((ui) => {
  const { get, change, spec, narrow } = ui;
  const { sizes, activation } = get("network");
  const loss = get("loss"), last = sizes.length - 1, outputs = sizes[last];
  const called = naming(sizes), wide = !narrow, count = spec.limits.step.high;
  const units = (l) => Array.from({ length: sizes[l] }, (_, j) => j);
  const stepNow = () => clamp(get("step"), 0, count);
  const go = (step) => change({ step: clamp(Math.round(step), 0, count) });

  let made = null, madeFrom = "", said = "";
  /** The pass and the descent as they stand, worked out again only where something else than the step has changed. */
  function work() {
    const from = { network: get("network"), x: get("x"), y: get("y"), loss, lr: get("lr"), applied: get("applied") };
    const key = JSON.stringify(from);
    if (key !== madeFrom) {
      const descent = descend({ ...from.network, ...from, ceiling: spec.ceiling });
      made = { ...descent, ...operations({ ...descent.network, loss, x: from.x, y: from.y }) };
      made.since = new Map(made.ops.map((op, k) => [op.key, k + 1])); // after how many operations a number is known
      madeFrom = key;
    }
    said = describe({ ...from, step: stepNow(), ceiling: spec.ceiling }, made);
    return made;
  }
  work();
  const opNow = () => made.ops[stepNow() - 1] ?? null;
  const known = (key) => (made.since.get(key) ?? 0) <= stepNow();
  const number = (key) => (known(key) ? short(made.value.get(key)) : "");
  /** How a number takes part in the operation shown: it is made, it is used, or neither. */
  const part = (key) => (opNow()?.key === key ? "made" : opNow()?.uses.includes(key) ? "used" : null);

  // --- the network
  const WIDTH = wide ? 640 : 340;
  const place = layout(sizes, WIDTH, 3 + (loss === "mse" ? 0 : 1), wide);
  const svg = s("svg", { viewBox: `0 0 ${WIDTH} ${place.height}`, class: "mb-pass", role: "img", "aria-label": `Network ${sizes.join("-")} with the numbers of the pass` });

  /** A line of a unit: its name, and its number once it is known. */
  const line = ({ x, y, w }, row, name, key, gradient) => {
    const top = y + 2 + row * ROW, state = part(key);
    return [state ? s("rect", { class: `mb-part mb-${state}`, x: x + 1.5, y: top + 0.5, width: w - 3, height: ROW - 1, rx: 3 }) : null,
      s("text", { class: gradient ? "mb-orange mb-small-name" : "mb-small-name", x: x + 5, y: top + 12.5 }, name),
      s("text", { class: gradient ? "mb-orange" : "", x: x + w - 5, y: top + 12.5, "text-anchor": "end" }, number(key))];
  };
  const box = (at, lines) => [s("rect", { class: "mb-unit", x: at.x, y: at.y, width: at.w, height: at.h, rx: 6 }), ...lines.flat()];
  const d = (name) => (wide ? `∂L/∂${name}` : "∂");
  const unit = (l, j) => {
    const at = place.boxes[l][j];
    if (l === 0) return box(at, [line(at, 0, called.a(0, j), `a.0.${j}`)]);
    const z = [line(at, 0, l === last || wide ? called.z(l, j) : "z", `z.${l}.${j}`), line(at, 1, d(l === last ? "ŷ" : "z"), `dz.${l}.${j}`, true)];
    const rest = l < last ? [line(at, 2, wide ? called.a(l, j) : "a", `a.${l}.${j}`), line(at, 3, d("a"), `da.${l}.${j}`, true)]
      : [...(loss === "mse" ? [] : [line(at, 2, called.p(j), `p.${j}`)]), line(at, loss === "mse" ? 2 : 3, called.y(j), `y.${j}`)];
    const bias = [`b.${l}.${j}`, `db.${l}.${j}`];
    const lit = bias.map(part).find(Boolean);
    return [...box(at, [...z, ...rest]),
      lit ? s("rect", { class: `mb-part mb-${lit}`, x: at.x + 1, y: at.y - (lit === "made" ? ROW : place.bias), width: at.w - 2, height: ROW - 1, rx: 3 }) : null,
      s("text", { class: "mb-small-name", x: at.x + 3, y: at.y + ROW - place.bias - 5 }, `b ${number(bias[0])}`),
      s("text", { class: "mb-orange", x: at.x + at.w - 3, y: at.y - 5, "text-anchor": "end" }, number(bias[1]) && `∂ ${number(bias[1])}`)];
  };
  /** Where along its edge a weight is written: where its neighbours' are not. */
  const along = (l, i, j) => {
    const [n, m] = [sizes[l - 1], sizes[l]];
    if (m === 1) return 0.42;
    if (n === 1) return 0.6;
    if (n === 2 && m === 2) return i === j ? 0.5 : 0.33;
    return opNow()?.kind === "da" ? 0.7 : 0.3;
  };
  const roomy = place.boxes[1][0].x - place.boxes[0][0].x - place.boxes[0][0].w > 48;
  const few = (l) => sizes[l - 1] * sizes[l] <= 4;
  const edge = (l, i, j, largest) => {
    const [from, to] = [place.boxes[l - 1][i], place.boxes[l][j]];
    const [x1, y1, x2, y2] = [from.x + from.w, from.y + from.h / 2, to.x, to.y + to.h / 2];
    const [w, dw] = [`W.${l}.${i}.${j}`, `dW.${l}.${i}.${j}`];
    const lit = [w, dw].map(part).find(Boolean), size = (key, most) => 0.8 + 2.6 * (most ? Math.abs(made.value.get(key)) / most : 0);
    const lines = [s("path", { class: "mb-weight", d: path([[x1, y1], [x2, y2]]), "stroke-width": size(w, largest.W).toFixed(2) })];
    if (lit) lines.unshift(s("path", { class: `mb-lit-edge mb-${lit}`, d: path([[x1, y1], [x2, y2]]) }));
    if (known(dw)) lines.push(s("path", { class: "mb-back", d: path([[x1, y1 + 3.5], [x2, y2 + 3.5]]), "stroke-width": size(dw, largest.dW).toFixed(2) }));
    const t = along(l, i, j), x = x1 + t * (x2 - x1), y = y1 + t * (y2 - y1);
    const labels = roomy && (few(l) || lit) ? [s("text", { class: "mb-halo", x, y: y - 3, "text-anchor": "middle" }, number(w)),
      known(dw) ? s("text", { class: "mb-halo mb-orange", x, y: y + 14, "text-anchor": "middle" }, `∂ ${number(dw)}`) : null] : [];
    return { lines, labels };
  };
  function drawNetwork() {
    const most = (name) => Math.max(...made.ops.concat([...made.value.keys()].map((key) => ({ key }))).filter(({ key }) => key.startsWith(`${name}.`))
      .map(({ key }) => Math.abs(made.value.get(key))), 0);
    const largest = { W: most("W"), dW: most("dW") };
    const edges = sizes.slice(1).flatMap((_, k) => units(k).flatMap((i) => units(k + 1).map((j) => edge(k + 1, i, j, largest))));
    const foot = place.boxes[last].at(-1), { x, y, w } = place.loss;
    const parts = [...edges.flatMap(({ lines }) => lines), s("path", { class: "mb-weight", d: path([[x + w / 2, foot.y + foot.h], [x + w / 2, y]]) }),
      ...sizes.flatMap((_, l) => units(l).flatMap((j) => unit(l, j))), ...edges.flatMap(({ labels }) => labels),
      ...box(place.loss, [line(place.loss, 0, "L", "L")])];
    svg.replaceChildren(...parts.filter(Boolean));
  }

  // --- the equation
  const cell = (key, gradient) => h("span", { class: ["mb-cell", part(key) && `mb-${part(key)}`, gradient && "mb-gradient"].filter(Boolean).join(" ") },
    known(key) ? short(made.value.get(key)) : "·");
  const matrix = (name, keys, gradient) => h("span", { class: "mb-array" }, h("span", { class: "mb-array-name" }, name),
    h("span", { class: "mb-entries", style: `grid-template-columns: repeat(${keys[0].length}, auto)` }, ...keys.flat().map((key) => cell(key, gradient))));
  const row = (name, table, l) => matrix(name, [units(l).map((j) => `${table}.${j}`)], table.startsWith("d"));
  const column = (name, table, l) => matrix(name, units(l).map((j) => [`${table}.${j}`]), table.startsWith("d"));
  const low = (l) => "₀₁₂₃"[l];
  /** The equation of the whole layer, as names, signs and matrices. */
  function whole(op) {
    const l = op.layer, input = l === 1 ? "x" : `a${low(l - 1)}`, z = l === last ? "ŷ" : `z${low(l)}`, dz = `∂L/∂${z}`;
    const weights = (table) => units(l - 1).map((i) => units(l).map((j) => `${table}.${l}.${i}.${j}`));
    const outs = (name, table) => matrix(name, [units(last).map((k) => `${table}.${k}`)], table.startsWith("d"));
    const share = outputs > 1 ? `1/${outputs}` : "";
    switch (op.kind) {
      case "z": return [row(input, `a.${l - 1}`, l - 1), "·", matrix(`W${low(l)}`, weights("W")), "+", row(`b${low(l)}`, `b.${l}`, l), "=", row(z, `z.${l}`, l)];
      case "a": return ["φ", row(z, `z.${l}`, l), "=", row(`a${low(l)}`, `a.${l}`, l)];
      case "p": return [loss === "cross_entropy" ? "softmax" : "σ", outs("ŷ", `z.${last}`), "=", outs("p", "p")];
      case "L": return ["L of", outs(loss === "mse" ? "ŷ" : "p", loss === "mse" ? `z.${last}` : "p"), "and", outs("y", "y"), "=", matrix("L", [["L"]])];
      case "start": return [loss === "mse" ? (outputs > 1 ? `2/${outputs} (` : "2 (") : loss === "binary_cross_entropy" ? `${share} (` : "(",
        outs(loss === "mse" ? "ŷ" : "p", loss === "mse" ? `z.${last}` : "p"), "−", outs("y", "y"), ") =", outs("∂L/∂ŷ", `dz.${last}`)];
      case "dW": return [column(`${input}ᵀ`, `a.${l - 1}`, l - 1), "·", row(dz, `dz.${l}`, l), "=", matrix(`∂L/∂W${low(l)}`, weights("dW"), true)];
      case "db": return [row(dz, `dz.${l}`, l), "=", row(`∂L/∂b${low(l)}`, `db.${l}`, l)];
      case "da": return [row(dz, `dz.${l}`, l), "·", matrix(`W${low(l)}ᵀ`, units(l).map((j) => units(l - 1).map((i) => `W.${l}.${i}.${j}`))), "=",
        row(`∂L/∂a${low(l - 1)}`, `da.${l - 1}`, l - 1)];
      case "dalpha": return [row(`∂L/∂a${low(l)}`, `da.${l}`, l), "·", "min", column(`${z}ᵀ`, `z.${l}`, l), ", 0", "=", matrix(`∂L/∂α${low(l)}`, [[`dalpha.${l}`]], true)];
      case "dz": return [row(`∂L/∂a${low(l)}`, `da.${l}`, l), "⊙ φ′", row(z, `z.${l}`, l), "=", row(dz, `dz.${l}`, l)];
    }
  }
  const heading = h("p", { class: "mb-readout mb-status" }), why = h("p", { class: "mb-readout mb-note" });
  const scalar = h("p", { class: "mb-readout mb-formula mb-arithmetic" }), arrays = h("div", { class: "mb-readout mb-arrays", "aria-hidden": "true" });
  const rules = RULES.map(([kind, text]) => [kind, h("span", {}, text)]);
  const panel = h("div", { class: "mb-equation" }, heading, why, h("div", { class: "mb-both" }, scalar, arrays));
  function drawEquation(op = opNow()) {
    heading.textContent = op ? `${made.ops.indexOf(op) + 1} of ${count}: ${op.phase}` : `0 of ${count}: nothing computed yet`;
    why.textContent = op ? WHY[op.kind] : "Press Next: the forward pass begins with the first weighted sum.";
    if (!op) return scalar.replaceChildren(), arrays.replaceChildren();
    const result = three(op.number), lines = op.lines.filter((text, i) => i === 0 || text !== result);
    scalar.replaceChildren(...lines.map((text, i) => h("span", {}, i === 0 ? `${op.name} = ${text}` : `= ${text}`,
      ...(i === lines.length - 1 ? [" = ", h("strong", {}, result)] : []))));
    arrays.replaceChildren(...whole(op).map((each) => (typeof each === "string" ? h("span", { class: "mb-sign" }, each) : each)));
  }
  // The tallest equation sets the room for all, so that no button moves away under a thumb.
  const room = new ResizeObserver(([{ contentRect }]) => {
    if (contentRect.width === panel.dataset.for * 1 || !panel.isConnected) return;
    panel.dataset.for = contentRect.width;
    panel.style.minHeight = "";
    const first = made.ops.filter((op, k) => made.ops.findIndex((each) => each.kind === op.kind && each.layer === op.layer) === k);
    const tallest = Math.max(...first.map((op) => (drawEquation(op), panel.offsetHeight)));
    drawEquation();
    panel.style.minHeight = `${tallest}px`;
  });
  room.observe(panel);

  // --- the timeline
  const at = (k) => PAD + ((TIME - 2 * PAD) * k) / count;
  const ticks = s("g"), cursor = s("g", {}, s("circle", { class: "mb-target", r: 17 }), s("circle", { class: "mb-probe", r: 7 }), s("circle", { class: "mb-ring", r: 12 }));
  const surface = s("rect", { x: 0, y: 0, width: TIME, height: 46, fill: "transparent" });
  const lossAt = made.since.get("L");
  const timeline = s("svg", { viewBox: `0 0 ${TIME} 46`, class: "mb-timeline", role: "group", "aria-label": "Operations of the pass" }, ticks,
    s("text", { class: "mb-small", x: PAD, y: 43 }, "forward"), s("text", { class: "mb-small", x: at(lossAt - 0.5), y: 43, "text-anchor": "middle" }, "loss"),
    s("text", { class: "mb-small", x: TIME - PAD, y: 43, "text-anchor": "end" }, "backward"), surface, cursor);
  const stepAt = (x) => ((x - PAD) / (TIME - 2 * PAD)) * count;
  draggable(cursor, { label: "Timeline", drag: (x) => go(stepAt(x)), nudge: (dx, dy) => go(stepNow() + dx + dy) });
  surface.addEventListener("click", (event) => {
    const x = new DOMPoint(event.clientX, event.clientY).matrixTransform(timeline.getScreenCTM().inverse()).x;
    go(stepAt(x) + 0.5);
  });
  function drawTimeline() {
    const step = stepNow(), lean = (TIME - 2 * PAD) / count > 6 ? 1 : 0.3;
    ticks.replaceChildren(...made.ops.map((op, k) => s("rect", { x: at(k) + lean, y: 12, width: at(k + 1) - at(k) - 2 * lean, height: 12,
      class: `mb-op ${op.phase.startsWith("forward") ? "mb-blue" : op.phase === "loss" ? "mb-plain" : "mb-orange"}${k < step ? "" : " mb-to-do"}` })));
    set(cursor, { transform: `translate(${at(step).toFixed(2)} 18)` });
    setValue(cursor, { now: step, low: 0, high: count, text: spoken() });
  }

  const button = (text, click) => {
    const node = h("button", { type: "button" }, text);
    node.addEventListener("click", click);
    return node;
  };
  const previous = button("Previous", () => go(stepNow() - 1));
  const next = button("Next", () => go(stepNow() === count ? 0 : stepNow() + 1));
  const apply = button("Apply step", () => {
    if (!made.stopped && get("applied") < spec.limits.applied.high) change({ applied: made.losses.length, step: count });
  });

  // --- the descent
  const { width, height, left, right, top, bottom } = GRAPH;
  const axes = s("g", { class: "mb-ticks", "aria-hidden": "true" }), curve = s("path", { class: "mb-curve" }), dots = s("g");
  const graph = s("svg", { viewBox: `0 0 ${width} ${height}`, class: "mb-descent", role: "img", "aria-label": "The loss after each step taken" },
    s("path", { class: "mb-axis", d: `M${left} ${top}V${bottom}H${right}` }), axes, curve, dots);
  const update = h("p", { class: "mb-readout mb-formula mb-arithmetic" }), fall = h("p", { class: "mb-readout" });
  function drawDescent() {
    const { losses, stopped } = made, taken = losses.length - 1, high = Math.max(...losses) || 1;
    const steps = spec.limits.applied.high;
    const px = (k) => left + 6 + ((right - left - 12) * k) / steps, py = (v) => bottom - ((bottom - top) * v) / high;
    const points = losses.map((v, k) => [px(k), py(v)]);
    set(curve, { d: path(points) });
    dots.replaceChildren(...points.map(([x, y], k) => s("circle", { class: k === taken ? "mb-dot" : "mb-one", cx: x.toFixed(2), cy: y.toFixed(2), r: k === taken ? 5 : 3 })));
    axes.replaceChildren(s("text", { x: left - 6, y: top + 5, "text-anchor": "end" }, three(high)), s("text", { x: left - 6, y: bottom + 4, "text-anchor": "end" }, "0"),
      ...[0, steps / 3, (2 * steps) / 3, steps].map(Math.round).map((k) => s("text", { x: px(k), y: bottom + 17, "text-anchor": "middle" }, String(k))),
      s("text", { x: (left + right) / 2, y: height - 1, "text-anchor": "middle" }, "steps taken"), s("text", { x: left - 6, y: 10 }, "loss L"));
    fall.textContent = stopped ? `After ${taken} steps it stops: the next would take a parameter beyond ${spec.ceiling}. Try a smaller lr.`
      : taken ? `L went from ${three(losses[0])} to ${three(losses[taken])} in ${taken} step${taken > 1 ? "s" : ""}.` : `L = ${three(losses[0])}, and no step is taken yet.`;
    const key = `dW.${last}.0.0`, w = made.value.get(`W.${last}.0.0`), dw = made.value.get(key), name = called.w(last, 0, 0);
    update.replaceChildren(h("span", {}, "θ ← θ − lr · ∂L/∂θ for every parameter θ"), h("span", {}, known(key)
      ? `${name} ← ${three(w)} − ${three(get("lr"))} · ${dw < 0 ? `(${three(dw)})` : three(dw)} = ${three(w - get("lr") * dw)}`
      : `${name} ← ${three(w)} − ${three(get("lr"))} · its gradient, not known yet`));
  }

  const spoken = () => {
    const op = opNow();
    return op ? `${stepNow()} of ${count}, ${op.phase}: ${[op.name, ...op.lines, three(op.number)].filter((text, i, all) => text !== all[i - 1]).join(" = ")}`
      : `0 of ${count}, nothing computed yet`;
  };
  const menu = ui.menu({ label: "Go to", options: [[0, "0 start"], ...made.ops.map((op, k) => [k + 1, `${k + 1}  ${op.name}`])],
    read: () => String(stepNow()), write: (value) => go(Number(value)) }).querySelector("select");
  for (const phase of new Set(made.ops.map((op) => op.phase))) {
    const group = h("optgroup", { label: phase }, ...[...menu.options].filter((option) => made.ops[option.value - 1]?.phase === phase));
    menu.append(group);
  }
  ui.slider({ label: "lr", ...ends("lr"), step: 0.01, read: () => get("lr"), write: (lr) => change({ lr }), text: three, means: () => fall.textContent });
  ui.slider({ label: "steps", ...ends("applied"), step: 1, read: () => made.losses.length - 1, write: (applied) => change({ applied }), text: String,
    means: () => `loss ${three(made.losses.at(-1))}` });
  function ends(key) {
    return { low: spec.limits[key].low, high: spec.limits[key].high };
  }

  return {
    picture: h("div", {}, svg, panel, timeline, h("div", { class: "mb-buttons mb-walk" }, previous, next),
      h("p", { class: "mb-rules", "aria-hidden": "true" }, ...rules.map(([, node]) => node)),
      h("div", { class: "mb-panels mb-learn" }, h("div", { class: "mb-panel" }, graph), h("div", { class: "mb-panel" }, fall, update, h("div", { class: "mb-buttons" }, apply)))),
    prepare: work,
    draw() {
      const step = stepNow(), end = step === count;
      drawNetwork();
      drawEquation();
      drawTimeline();
      drawDescent();
      rules.forEach(([kind, node]) => set(node, { class: opNow()?.kind === kind ? "mb-rule mb-made" : "mb-rule" }));
      set(previous, { "aria-disabled": step === 0 });
      next.textContent = end ? "Forward again" : "Next";
      set(next, { class: end ? null : "mb-primary" });
      const spent = made.stopped || get("applied") >= spec.limits.applied.high;
      set(apply, { class: end && !spent ? "mb-primary" : null, "aria-disabled": spent });
    },
    describe: () => said,
    say: () => `${spoken()}. ${fall.textContent}`,
  };
});
