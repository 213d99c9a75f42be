// BackpropStepper: one forward and one backward pass through a small network, an operation at a time, and the descent it serves.

import { equation } from "./backprop_equation.js";
import { networkPicture } from "./backprop_network.js";
import { descend, describe, naming, operations, three } from "./backprop_steps.js";
import { draggable, h, path, s, set, setValue } from "./dom.js";
import { explorable } from "./explorable.js";
import { clamp } from "./plane.js";

const GRAPH = { width: 300, height: 146, left: 52, right: 292, top: 22, bottom: 108 };

/** The operations in a row, done or to do, with the handle that walks along them: {svg, draw(pass, spoken)}. */
function timeline(ops, width, go, stepNow) {
  const height = 46, pad = 16, count = ops.length, slot = (width - 2 * pad) / count;
  const at = (k) => pad + slot * k, lean = slot > 6 ? 1 : 0.3;
  const boxes = ops.map((op, k) => s("rect", { x: (at(k) + lean).toFixed(2), y: 12, width: (slot - 2 * lean).toFixed(2), height: 12 }));
  const kind = ({ phase }) => (phase.startsWith("forward") ? "mb-blue" : phase === "loss" ? "mb-plain" : "mb-orange");
  const cursor = s("g", {}, s("circle", { class: "mb-target", r: 17 }), s("circle", { class: "mb-probe", r: 7 }), s("circle", { class: "mb-ring", r: 12 }));
  const surface = s("rect", { width, height, fill: "transparent" });
  const loss = ops.findIndex(({ kind }) => kind === "L");
  const name = (x, text, anchor) => s("text", { class: "mb-small", x, y: 43, "text-anchor": anchor }, text);
  const svg = s("svg", { viewBox: `0 0 ${width} ${height}`, class: "mb-timeline", role: "group", "aria-label": "Operations of the pass" }, ...boxes,
    name(pad, "forward", "start"), name(at(loss + 0.5), "loss", "middle"), name(width - pad, "backward", "end"), surface, cursor);
  draggable(cursor, { label: "Timeline", drag: (x) => go((x - pad) / slot), nudge: (dx, dy) => go(stepNow() + dx + dy) });
  surface.addEventListener("click", (event) => { // the operation tapped is done, too
    go(Math.ceil((new DOMPoint(event.clientX, event.clientY).matrixTransform(svg.getScreenCTM().inverse()).x - pad) / slot));
  });
  return { svg, draw({ step }, text) {
    boxes.forEach((box, k) => set(box, { class: `mb-op ${kind(ops[k])}${k < step ? "" : " mb-to-do"}` }));
    set(cursor, { transform: `translate(${at(step).toFixed(2)} 18)` });
    setValue(cursor, { now: step, low: 0, high: count, text });
  } };
}

/** The loss after each step taken: {svg, draw(losses)}. */
function lossCurve(most) {
  const { width, height, left, right, top, bottom } = GRAPH;
  const axes = s("g", { class: "mb-ticks", "aria-hidden": "true" }), curve = s("path", { class: "mb-curve" }), dots = s("g");
  const svg = s("svg", { viewBox: `0 0 ${width} ${height}`, class: "mb-descent", role: "img", "aria-label": "The loss after each step taken" },
    s("path", { class: "mb-axis", d: `M${left} ${top}V${bottom}H${right}` }), axes, curve, dots);
  return { svg, draw(losses) {
    const high = Math.max(...losses) || 1;
    const x = (k) => left + 6 + ((right - left - 12) * k) / most, y = (v) => bottom - ((bottom - top) * v) / high;
    const points = losses.map((v, k) => [x(k), y(v)]);
    set(curve, { d: path(points) });
    dots.replaceChildren(...points.map(([cx, cy], k) => s("circle", { cx: cx.toFixed(2), cy: cy.toFixed(2),
      ...(k === losses.length - 1 ? { class: "mb-dot", r: 5 } : { class: "mb-one", r: 3 }) })));
    const beside = (at, text) => s("text", { x: left - 6, y: at, "text-anchor": "end" }, text);
    axes.replaceChildren(beside(top + 5, three(high)), beside(bottom + 4, "0"), s("text", { x: left, y: 10 }, "loss L"),
      ...[0, 1, 2, 3].map((k) => Math.round((k * most) / 3)).map((k) => s("text", { x: x(k), y: bottom + 17, "text-anchor": "middle" }, String(k))),
      s("text", { x: (left + right) / 2, y: height - 2, "text-anchor": "middle" }, "steps taken"));
  } };
}

export default explorable((ui) => {
  const { get, change, spec, narrow } = ui;
  const { sizes } = get("network"), loss = get("loss"), last = sizes.length - 1;
  const called = naming(sizes), { step: { high: count }, applied: { high: most } } = spec.limits;
  const stepNow = () => clamp(get("step"), 0, count);
  const go = (step) => change({ step: clamp(Math.round(step), 0, count) });

  let made = null, madeFrom = "", pass;
  /** The descent and the pass as they stand, worked out again only where something else than the step has changed. */
  function work() {
    const from = { network: get("network"), x: get("x"), y: get("y"), loss, lr: get("lr"), applied: get("applied"), ceiling: spec.ceiling };
    if (JSON.stringify(from) !== madeFrom) {
      const descent = descend({ ...from.network, ...from });
      made = { ...descent, ...operations({ ...descent.network, loss, x: from.x, y: from.y }) };
      made.since = new Map(made.ops.map((op, k) => [op.key, k + 1])); // after how many operations a number is known
      madeFrom = JSON.stringify(from);
    }
    const step = stepNow(), op = made.ops[step - 1] ?? null;
    pass = { ...made, step, count, op, words: describe({ ...from, step }, made), known: (key) => (made.since.get(key) ?? 0) <= step,
      part: (key) => (op?.key === key ? "made" : op?.uses.includes(key) ? "used" : null) };
  }
  work();
  const spoken = () => (pass.op ? `${pass.step} of ${count}, ${pass.op.phase}: ` + [pass.op.name, ...pass.op.lines, three(pass.op.number)]
    .filter((text, i, all) => text !== all[i - 1]).join(" = ") : `0 of ${count}, nothing computed yet`);

  const network = networkPicture({ sizes, loss, called, wide: !narrow });
  const formula = equation({ sizes, loss });
  const time = timeline(made.ops, narrow ? 320 : 480, go, stepNow);
  const curve = lossCurve(most);
  const update = h("p", { class: "mb-readout mb-formula mb-arithmetic" }), fall = h("p", { class: "mb-readout" });

  const legend = h("p", { class: "mb-readout mb-note mb-legend" }, "Orange ∂: how L changes with the number above it. Violet: used (dashed), made (solid).");

  const button = (text, click) => {
    const node = h("button", { type: "button" }, text);
    node.addEventListener("click", click);
    return node;
  };
  const previous = button("Previous", () => go(pass.step - 1));
  const next = button("Next", () => go(pass.step === count ? 0 : pass.step + 1));
  const spent = () => pass.stopped || get("applied") >= most;
  const apply = button("Apply step", () => {
    if (!spent()) change({ applied: get("applied") + 1, step: count }); // it takes all gradients
  });

  const menu = ui.menu({ label: "Go to", options: [[0, "0 start"], ...made.ops.map((op, k) => [k + 1, `${k + 1}  ${op.name}`])],
    read: () => String(pass.step), write: (value) => go(Number(value)) }).querySelector("select");
  const options = [...menu.options].slice(1);
  for (const phase of new Set(made.ops.map((op) => op.phase))) {
    menu.append(h("optgroup", { label: phase }, ...options.filter((_, k) => made.ops[k].phase === phase)));
  }
  const slider = (label, key, step, read, text, means) => ui.slider({ label, low: spec.limits[key].low, high: spec.limits[key].high, step, read,
    write: (value) => change({ [key]: value }), text, means });
  slider("lr", "lr", 0.01, () => get("lr"), three, () => fallen());
  slider("steps", "applied", 1, () => pass.losses.length - 1, String, () => `loss ${three(pass.losses.at(-1))}`);

  function fallen() {
    const { losses, stopped } = pass, taken = losses.length - 1, steps = `${taken} step${taken === 1 ? "" : "s"}`;
    if (stopped) return `After ${steps} it stops: the next would take a parameter beyond ${spec.ceiling}. Try a smaller lr.`;
    return taken ? `L went from ${three(losses[0])} to ${three(losses[taken])} in ${steps}.` : `L = ${three(losses[0])}, and no step is taken yet.`;
  }
  function drawUpdate() {
    const [w, dw] = ["W", "dW"].map((stem) => pass.value.get(`${stem}.${last}.0.0`)), name = called.w(last, 0, 0), lr = get("lr");
    const gradient = three(dw).startsWith("−") ? `(${three(dw)})` : three(dw);
    fall.textContent = fallen();
    update.replaceChildren(h("span", {}, "θ ← θ − lr · ∂L/∂θ, for every parameter θ"), h("span", {}, pass.known(`dW.${last}.0.0`)
      ? `${name} ← ${three(w)} − ${three(lr)} · ${gradient} = ${three(w - lr * dw)}` : `${name} ← ${three(w)} − ${three(lr)} · what the backward pass will say`));
  }

  return {
    picture: h("div", {}, network.svg, legend, formula.node, time.svg, h("div", { class: "mb-buttons mb-walk" }, previous, next), formula.rules,
      h("div", { class: "mb-panels mb-learn" }, h("div", { class: "mb-panel" }, curve.svg),
        h("div", { class: "mb-panel" }, fall, update, h("div", { class: "mb-buttons" }, apply)))),
    prepare: work,
    draw() {
      network.draw(pass);
      formula.draw(pass);
      time.draw(pass, spoken());
      curve.draw(pass.losses);
      drawUpdate();
      const end = pass.step === count;
      next.textContent = end ? "Forward again" : "Next";
      set(next, { class: end ? null : "mb-primary" });
      set(previous, { "aria-disabled": pass.step === 0 });
      set(apply, { class: end && !spent() ? "mb-primary" : null, "aria-disabled": spent() });
    },
    describe: () => pass.words,
    say: () => `${spoken()}. ${fallen()}`,
  };
});
