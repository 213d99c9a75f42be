// The operation that BackpropStepper shows, as equations: one number in names and numbers, and its whole layer in matrices, in
// which the entries that take part are lit.

import { short, three } from "./backprop_steps.js";
import { h, set } from "./dom.js";

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
  dalpha: "The slope α is learned too: it acts wherever z is below 0.",
  dz: "Back through the activation: times its slope at this z.",
};
/** The rules of the whole pass, by the kind of operation that is one entry of them. */
const RULES = { z: "z = x W + b", a: "a = φ(z)", L: "L(ŷ, y)", start: "∂L/∂ŷ", dW: "∂L/∂W = xᵀ ∂L/∂z", db: "∂L/∂b = ∂L/∂z",
  da: "∂L/∂x = ∂L/∂z Wᵀ", dz: "∂L/∂z = ∂L/∂a ⊙ φ′(z)" };

const low = (l) => "₀₁₂₃"[l];

/** {node, rules, draw(pass)}; pass: {ops, op, step, count, value, known(key), part(key)}. */
export function equation({ sizes, loss }) {
  const last = sizes.length - 1, outputs = sizes[last];
  const heading = h("p", { class: "mb-readout mb-status" }), why = h("p", { class: "mb-readout mb-note" });
  const scalar = h("p", { class: "mb-readout mb-formula mb-arithmetic" }), arrays = h("div", { class: "mb-readout mb-arrays", "aria-hidden": "true" });
  const node = h("div", { class: "mb-equation" }, heading, why, h("div", { class: "mb-both" }, scalar, arrays));
  const chips = Object.entries(RULES).map(([kind, text]) => [kind, h("span", {}, text)]);
  let pass;

  const range = (n) => Array.from({ length: n }, (_, i) => i);
  function matrix(name, keys) {
    const cells = keys.flat().map((key) => h("span", { class: ["mb-cell", pass.part(key) && `mb-${pass.part(key)}`, key.startsWith("d") && "mb-gradient"]
      .filter(Boolean).join(" ") }, pass.known(key) ? short(pass.value.get(key)) : "·"));
    return h("span", { class: "mb-array" }, h("span", { class: "mb-array-name" }, name),
      h("span", { class: "mb-entries", style: `grid-template-columns: repeat(${keys[0].length}, auto)` }, ...cells));
  }
  const row = (name, stem, n) => matrix(name, [range(n).map((j) => `${stem}.${j}`)]);
  const column = (name, stem, n) => matrix(name, range(n).map((j) => [`${stem}.${j}`]));

  /** The equation of the whole layer: names of signs and matrices, in order. */
  function whole({ kind, layer: l }) {
    const [n, m] = [sizes[l - 1], sizes[l]];
    const x = l === 1 ? "x" : `a${low(l - 1)}`, z = l === last ? "ŷ" : `z${low(l)}`;
    const [inputs, sums, errors] = [[x, `a.${l - 1}`, n], [z, `z.${l}`, m], [`∂L/∂${z}`, `dz.${l}`, m]];
    const weights = (stem) => range(n).map((i) => range(m).map((j) => `${stem}.${l}.${i}.${j}`));
    const answers = loss === "mse" ? sums : ["p", "p", m], targets = row("y", "y", outputs);
    switch (kind) {
      case "z": return [row(...inputs), "·", matrix(`W${low(l)}`, weights("W")), "+", row(`b${low(l)}`, `b.${l}`, m), "=", row(...sums)];
      case "a": return ["φ", row(...sums), "=", row(`a${low(l)}`, `a.${l}`, m)];
      case "p": return [loss === "cross_entropy" ? "softmax" : "σ", row(...sums), "=", row("p", "p", m)];
      case "L": return ["L of", row(...answers), "and", targets, "=", matrix("L", [["L"]])];
      case "start": {
        const factor = loss === "mse" ? 2 : 1, share = loss !== "cross_entropy" && outputs > 1 ? `${factor}/${outputs}` : factor === 2 ? "2" : "";
        return [`${share} (`, row(...answers), "−", targets, ") =", row(...errors)];
      }
      case "dW": return [column(`${x}ᵀ`, `a.${l - 1}`, n), "·", row(...errors), "=", matrix(`∂L/∂W${low(l)}`, weights("dW"))];
      case "db": return [row(...errors), "=", row(`∂L/∂b${low(l)}`, `db.${l}`, m)];
      case "da": return [row(...errors), "·", matrix(`W${low(l)}ᵀ`, range(m).map((j) => range(n).map((i) => `W.${l}.${i}.${j}`))), "=",
        row(`∂L/∂${x}`, `da.${l - 1}`, n)];
      case "dalpha": return [row(`∂L/∂a${low(l)}`, `da.${l}`, m), "· min(", column(`${z}ᵀ`, `z.${l}`, m), ", 0) =", matrix(`∂L/∂α${low(l)}`, [[`dalpha.${l}`]])];
      case "dz": return [row(`∂L/∂a${low(l)}`, `da.${l}`, m), "⊙ φ′", row(...sums), "=", row(...errors)];
    }
  }

  function show(op, step) {
    heading.textContent = op ? `${step} of ${pass.count}: ${op.phase}` : `0 of ${pass.count}: nothing computed yet`;
    why.textContent = op ? WHY[op.kind] : "Press Next: the forward pass begins with the first weighted sum.";
    const result = op && three(op.number), lines = op ? op.lines.filter((text, i) => i === 0 || text !== result) : [];
    scalar.replaceChildren(...lines.map((text, i) => h("span", {}, i === 0 ? `${op.name} = ${text}` : `= ${text}`,
      ...(i === lines.length - 1 ? [" = ", h("strong", {}, result)] : []))));
    arrays.replaceChildren(...(op ? whole(op) : []).map((each) => (typeof each === "string" ? h("span", { class: "mb-sign" }, each) : each)));
  }
  const draw = (now) => {
    pass = now;
    show(pass.op, pass.step);
    for (const [kind, chip] of chips) set(chip, { class: kind === pass.op?.kind ? "mb-rule mb-made" : "mb-rule" });
  };

  // The tallest equation sets the room for all, so that no button moves away under a thumb.
  let measured = 0;
  const measure = () => {
    if (!node.isConnected || node.clientWidth === measured) return;
    measured = node.clientWidth;
    node.style.minHeight = "";
    const now = pass;
    pass = { ...now, known: () => true };
    const length = (op) => op.lines.join().length, longest = new Map(); // of each kind in each layer
    for (const op of now.ops) {
      const key = `${op.kind} ${op.layer}`;
      if (!longest.has(key) || length(op) > length(longest.get(key))) longest.set(key, op);
    }
    const tallest = Math.max(...[...longest.values()].map((op) => (show(op, 1), node.offsetHeight)));
    node.style.minHeight = `${tallest}px`;
    draw(now);
  };
  new ResizeObserver(() => requestAnimationFrame(measure)).observe(node);

  return { node, rules: h("p", { class: "mb-rules", "aria-hidden": "true" }, ...chips.map(([, chip]) => chip)), draw };
}
