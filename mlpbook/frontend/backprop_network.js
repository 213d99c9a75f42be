// The network of BackpropStepper as a picture: a box for each unit with its numbers, an edge for each weight; gradients in
// orange as they become known, and lit what takes part in the operation shown.

import { short } from "./backprop_steps.js";
import { path, s } from "./dom.js";

const ROW = 17, GAP = 14, TOP = 6; // heights: a line in a unit, between units, above the first
const ROOMY = 48; // an edge shorter than that has no room for a number

/** Where the units stand in a picture of this width: {height, boxes[layer][unit], bias, loss}; a unit's bias stands above it. */
function layout(sizes, width, outputRows, wide) {
  const last = sizes.length - 1, wideBox = wide ? 112 : 70, bias = wide ? ROW : 2 * ROW;
  const rows = sizes.map((_, l) => (l === 0 ? 1 : l < last ? 4 : outputRows));
  const unit = (l) => rows[l] * ROW + 4 + (l ? bias : 0) + GAP;
  const tall = sizes.map((n, l) => n * unit(l) + (l === last ? ROW + 12 : 0));
  const height = Math.max(...tall) + TOP;
  const boxes = sizes.map((n, l) => {
    const pitch = unit(l) + (height - TOP - tall[l]) / n; // spread over the height, so that edges keep apart
    return Array.from({ length: n }, (_, j) => ({ x: 4 + (l * (width - wideBox - 8)) / last, w: l === 0 && !wide ? 56 : wideBox,
      y: TOP + j * pitch + (pitch - unit(l)) / 2 + (l ? bias : GAP / 2), h: rows[l] * ROW + 4 }));
  });
  const bottom = boxes[last].at(-1);
  return { height, boxes, bias, loss: { ...bottom, y: bottom.y + bottom.h + GAP, h: ROW + 4 } };
}

/** {svg, draw(pass)}; pass: {value, known(key), part(key)}, part being "made", "used" or null in the operation shown. */
export function networkPicture({ sizes, loss, called, wide }) {
  const width = wide ? 640 : 340, last = sizes.length - 1;
  const probabilities = loss === "mse" ? 0 : 1; // a line more in each output
  const place = layout(sizes, width, 3 + probabilities, wide);
  const svg = s("svg", { viewBox: `0 0 ${width} ${place.height}`, class: "mb-pass", role: "img",
    "aria-label": `Network ${sizes.join("-")} with the numbers of the pass` });
  const units = (l) => place.boxes[l].map((_, j) => j);
  const weights = sizes.slice(1).flatMap((_, k) => units(k).flatMap((i) => units(k + 1).map((j) => [k + 1, i, j])));
  let pass;
  const number = (key) => (pass.known(key) ? short(pass.value.get(key)) : "");
  const text = (x, y, string, attributes = {}) => s("text", { x, y, ...attributes }, string);
  const end = { "text-anchor": "end" };
  const lit = (x, y, w, state) => (state ? [s("rect", { class: `mb-part mb-${state}`, x, y, width: w, height: ROW - 1, rx: 3 })] : []);

  /** A line of a unit: its name, and its number once it is known. */
  function line({ x, y, w }, row, name, key) {
    const top = y + 2 + row * ROW, kind = key.startsWith("d") ? "mb-orange" : "";
    return [...lit(x + 1.5, top + 0.5, w - 3, pass.part(key)), text(x + 5, top + 12.5, name, { class: kind || "mb-quiet" }),
      text(x + w - 5, top + 12.5, number(key), { class: kind, ...end })];
  }
  const box = (at, ...lines) => [s("rect", { class: "mb-unit", x: at.x, y: at.y, width: at.w, height: at.h, rx: 6 }), ...lines.flat()];

  function unit(l, j) {
    const at = place.boxes[l][j], d = (name) => (wide ? `∂L/∂${name}` : "∂");
    if (l === 0) return box(at, line(at, 0, called.a(0, j), `a.0.${j}`));
    const z = [line(at, 0, l === last || wide ? called.z(l, j) : "z", `z.${l}.${j}`), line(at, 1, d(l === last ? "ŷ" : "z"), `dz.${l}.${j}`)];
    const rest = l < last
      ? [line(at, 2, wide ? called.a(l, j) : "a", `a.${l}.${j}`), line(at, 3, d("a"), `da.${l}.${j}`)]
      : [...(probabilities ? [line(at, 2, called.p(j), `p.${j}`)] : []), line(at, 2 + probabilities, called.y(j), `y.${j}`)];
    const [b, db] = [`b.${l}.${j}`, `db.${l}.${j}`], above = at.y + ROW - place.bias; // beside one another, or one over the other
    const made = pass.part(db);
    return [...box(at, ...z, ...rest), ...lit(at.x + 1, at.y - (made ? ROW : place.bias), at.w - 2, made ?? pass.part(b)),
      text(at.x + 3, above - 5, `b ${number(b)}`, { class: "mb-quiet" }),
      text(at.x + at.w - 3, at.y - 5, number(db) && `∂ ${number(db)}`, { class: "mb-orange", ...end })];
  }

  /** Where along its edge a weight is written: where its neighbours' are not. */
  function along(l, i, j) {
    const [n, m] = [sizes[l - 1], sizes[l]];
    if (n === 2 && m === 2) return i === j ? 0.5 : 0.33;
    return m === 1 ? 0.45 : n === 1 || pass.op?.kind === "da" ? 0.65 : 0.33;
  }

  function edge([l, i, j], largest) {
    const [from, to] = [place.boxes[l - 1][i], place.boxes[l][j]];
    const ends = [[from.x + from.w, from.y + from.h / 2], [to.x, to.y + to.h / 2]];
    const [w, dw] = [`W.${l}.${i}.${j}`, `dW.${l}.${i}.${j}`];
    const stroke = (key, most) => (0.8 + 2.6 * (most ? Math.abs(pass.value.get(key)) / most : 0)).toFixed(2);
    const state = pass.part(dw) ?? pass.part(w);
    const lines = [...(state ? [s("path", { class: `mb-lit-edge mb-${state}`, d: path(ends) })] : []),
      s("path", { class: "mb-weight", d: path(ends), "stroke-width": stroke(w, largest.W) }),
      ...(pass.known(dw) ? [s("path", { class: "mb-back", d: path(ends.map(([x, y]) => [x, y + 3.5])), "stroke-width": stroke(dw, largest.dW) })] : [])];
    const t = along(l, i, j), [x, y] = [0, 1].map((k) => ends[0][k] + t * (ends[1][k] - ends[0][k]));
    const shown = ends[1][0] - ends[0][0] > ROOMY && (sizes[l - 1] * sizes[l] <= 4 || state);
    const label = (dy, string, kind) => text(x, y + dy, string, { class: `mb-halo ${kind}`, "text-anchor": "middle" });
    return { lines, labels: shown ? [label(-3, number(w), ""), ...(pass.known(dw) ? [label(14, `∂ ${number(dw)}`, "mb-orange")] : [])] : [] };
  }

  return { svg, draw(now) {
    pass = now;
    const largest = Object.fromEntries(["W", "dW"].map((name) => [name, Math.max(...weights.map((at) => Math.abs(pass.value.get([name, ...at].join(".")))))]));
    const edges = weights.map((at) => edge(at, largest));
    const foot = place.boxes[last].at(-1), middle = foot.x + foot.w / 2;
    svg.replaceChildren(...edges.flatMap(({ lines }) => lines), s("path", { class: "mb-weight", d: path([[middle, foot.y + foot.h], [middle, place.loss.y]]) }),
      ...sizes.flatMap((_, l) => units(l).flatMap((j) => unit(l, j))), ...box(place.loss, line(place.loss, 0, "L", "L")),
      ...edges.flatMap(({ labels }) => labels));
  } };
}
