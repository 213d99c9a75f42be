// SoftmaxExplorer: from scores to probabilities, to the price of a wrong one, and to the push that each score gets in return.

import { draggable, h, magnitude, num, s, set, setValue, uid } from "./dom.js";
import { explorable } from "./explorable.js";
import { inPrecision, softmax, surprise } from "./log_sum_exp.js";
import { clamp, roundTo } from "./plane.js";
import { toPython } from "./state.js";

const WIDTH = 386, LEFT = 58, TOP = 26, ROW = 46, FOOT = 12;
const REACH = 14, ROOM = 11; // units of z to either side of the middle; the picture moves along when a dot is farther out
const BAR = 184; // the length of probability 1
const PUSH = 46; // the length of an arrow for |p - y| = 1
const SUB = "₀₁₂₃₄";

// --- the words

const listed = (values, digits) => {
  const texts = values.map((v) => num(v, digits));
  return `${texts.slice(0, -1).join(", ")} and ${texts.at(-1)}`;
};

/** What goes wrong when e^z / sum is computed as it stands, or nothing. */
function fault({ precision, label, largest, smallest, seen }, exponents, p, { powers, p: naive }) {
  const [most, least] = [largest, smallest].map((limits) => num(limits[precision], 1));
  if (powers.includes(Infinity)) {
    return `e to the ${num(Math.max(...exponents), 1)} is beyond the largest number, about e to the ${most}. It becomes ` +
      "infinite, and infinite divided by infinite is not a number (nan)";
  }
  if (!powers.some(Boolean)) {
    return `every power of e is below the smallest number, about e to the ${least}. All become 0, and 0 divided by 0 is ` +
      "not a number (nan)";
  }
  if (!naive.some(Boolean)) {
    return `every power of e is finite, but their sum is beyond the largest number, about e to the ${most}. It becomes ` +
      "infinite, and every probability 0";
  }
  if (naive.some((v, c) => Math.abs(v - p[c]) >= seen)) {
    return "the powers of e are so small that hardly a digit of them is left, and the probabilities come out wrong";
  }
  return naive[label] === 0 ? "the power of e of the true class is too small and becomes 0, and −ln 0 is infinite" : "";
}

/** The same as a sentence, also where all goes well. */
function verdict(state, exponents, p) {
  const found = inPrecision(exponents, state.precision);
  const start = `In ${state.precision}, as the formula stands,`, wrong = fault(state, exponents, p, found);
  return wrong ? `${start} ${wrong}. With the largest exponent taken off first, nothing overflows and the loss is right.`
    : `${start} the largest power of e is ${magnitude(Math.max(...found.powers))}, and the probabilities come out right.`;
}

/** Everything that is shown, as numbers and as sentences. */
function work(state) {
  const { logits, shift, temperature: T, seen } = state;
  const label = Math.min(state.label, logits.length - 1);
  const z = logits.map((v) => v + shift), exponents = z.map((v) => v / T);
  const p = softmax(exponents), loss = surprise(exponents, label);
  const error = p.map((v, c) => v - (c === label ? 1 : 0));
  const chance = p[label] > 0 && p[label] < seen ? magnitude(p[label]) : num(p[label], 3);
  return { label, z, exponents, p, loss, error, chance,
    logits: `The logits ${listed(z, 1)}${shift ? `, all shifted by ${num(shift, 1)},` : ""}` +
      `${T === 1 ? "" : `, divided by the temperature ${num(T)},`} have the softmax ${listed(p, 3)}.`,
    price: `The true class is ${label}: its probability ${chance} is a surprise of ${num(loss, 3)} nats, or ` +
      `${num(loss / Math.LN2, 3)} bits.`,
    gradient: `The gradient, ${T === 1 ? "p − y" : `(p − y) / ${num(T)}`}, is ${listed(error.map((v) => v / T), 3)}: ` +
      `training raises logit ${label} and lowers the others.`,
    verdict: verdict({ ...state, label }, exponents, p) };
}

const paragraph = ({ logits, price, gradient, verdict }) => [logits, price, gradient, verdict].join(" ");

/** The same as one paragraph; a screen reader, a printed page and a page without scripts get these words. */
export const describe = (state) => paragraph(work(state));

// --- the picture

/** What floats print: infinite, not a number, or two digits. */
const shown = (v) => (Number.isNaN(v) ? "nan" : v === Infinity ? "∞" : magnitude(v));

export default explorable((ui) => {
  const { get, change, spec } = ui;
  const { low, high, least, most } = spec.limits.logits;
  const KEYS = Object.keys(spec.limits);
  const state = () => ({ ...spec, ...Object.fromEntries(KEYS.map((key) => [key, get(key)])) });
  const all = Array.from({ length: most }, (_, c) => c);
  const middle = (c) => TOP + ROW * (c + 0.5);
  const write = (c, v) => change({ logits: get("logits").map((old, i) => (i === c ? roundTo(clamp(v, low, high), 0.1) : old)) });
  let now = work(state()), centre = 0;

  // --- the logits, on an axis that moves along with a shift
  const unit = (WIDTH - 8 - LEFT) / (2 * REACH);
  const x = (z) => LEFT + (z - centre + REACH) * unit;
  const arrowIds = { blue: uid("arrow"), orange: uid("arrow") };
  const names = () => all.map((c) => s("g", {}, s("text", { x: 2, y: middle(c) }, `class ${c}`), s("text", { x: 2, y: middle(c) + 15, class: "mb-small" })));
  const [leftNames, rightNames] = [names(), names()];
  const mark = (name, yes) => {
    set(name.firstChild, { class: yes ? "mb-strong" : null });
    name.lastChild.textContent = yes ? "true" : "";
  };
  const ticks = s("g", { class: "mb-ticks", "aria-hidden": "true" }), grid = s("g", { class: "mb-grid" });
  const over = s("g", {}), axis = s("path", { class: "mb-axis" });
  const pushes = all.map(() => s("path", { class: "mb-update" }));
  const values = all.map(() => s("text", { class: "mb-halo mb-small", "text-anchor": "middle" }));
  const handles = all.map((c) => draggable(
    s("g", {}, s("circle", { class: "mb-target", r: 16 }), s("circle", { class: "mb-ring", r: 10 }), s("circle", { class: "mb-point", r: 6 })), {
      label: `Logit of class ${c}`, drag: (px) => write(c, (px - LEFT) / unit - REACH + centre - get("shift")),
      nudge: (dx, dy) => write(c, get("logits")[c] + (dx + dy) * 0.1) }));
  const leftRows = s("g", {}), rightRows = s("g", {});
  const left = s("svg", { class: "mb-plane mb-logits", role: "group", "aria-label": "The logits on a line, and the push that each gets" },
    s("defs", {}, ...Object.entries(arrowIds).map(([colour, id]) => s("marker", { id, viewBox: "0 0 10 10", refX: 8, refY: 5,
      markerWidth: 4, markerHeight: 4, orient: "auto" }, s("path", { d: "M0 0L10 5L0 10Z", class: `mb-${colour}-fill` })))),
    s("text", { x: LEFT, y: 14, class: "mb-small" }, "logits z, and where training pushes them"),
    over, grid, ticks, axis, leftRows);

  // --- the probabilities, and how far they are from the target
  const bars = all.map((c) => s("rect", { x: LEFT, y: middle(c) - 11, height: 22, class: "mb-filled" }));
  const gaps = all.map(() => s("path", { class: "mb-update" }));
  const targets = all.map((c) => s("path", { class: "mb-line", d: `M0 ${middle(c) - 15}v30` }));
  const errors = all.map((c) => s("text", { x: WIDTH - 2, y: middle(c) + 4, "text-anchor": "end" }));
  const base = s("path", { class: "mb-axis" });
  const right = s("svg", { class: "mb-plane mb-chances", role: "img" },
    s("text", { x: LEFT, y: 14, class: "mb-small" }, "probabilities p; target y as a stroke"),
    s("text", { x: WIDTH - 2, y: 14, class: "mb-small", "text-anchor": "end" }, "p − y"),
    base, rightRows);

  // --- the controls
  ui.menu({ label: "Classes", options: all.map((c) => c + 1).filter((m) => m >= least).map((m) => [m, String(m)]), read: () => get("logits").length,
    write: (text) => {
      const m = Number(text);
      const logits = all.slice(0, m).map((c) => get("logits")[c] ?? 0);
      change({ logits, ...(get("label") < m ? {} : { label: m - 1 }) });
    } });
  const truth = ui.menu({ label: "True class", options: all.map((c) => [c, `class ${c}`]), read: () => now.label, write: (c) => change({ label: Number(c) }) });
  const sliders = all.map((c) => ui.slider({ label: `z${SUB[c]}`, low, high, step: 0.1, read: () => get("logits")[c] ?? 0, write: (v) => write(c, v),
    text: (v) => num(v, 1), means: () => `probability ${num(now.p[c] ?? 0, 3)}` }));
  const tenth = (v) => Math.round(20 * Math.log10(v)) / 20;
  ui.slider({ label: "temp. T", low: Math.log10(spec.limits.temperature.low), high: Math.log10(spec.limits.temperature.high), step: 0.05,
    read: () => tenth(get("temperature")), write: (k) => change({ temperature: Number((10 ** k).toFixed(2)) }), text: () => num(get("temperature")),
    means: () => `probabilities ${listed(now.p, 3)}` });
  const stops = [...spec.shifts.slice(1).map((v) => -v).reverse(), ...spec.shifts];
  const zero = spec.shifts.length - 1;
  const nearest = () => stops.reduce((best, v, i) => (Math.abs(v - get("shift")) < Math.abs(stops[best] - get("shift")) ? i : best), 0);
  ui.slider({ label: "shift all", low: -zero, high: zero, step: 1, read: () => nearest() - zero, write: (i) => change({ shift: stops[i + zero] }),
    text: () => num(get("shift"), get("shift") % 1 ? 1 : 0), means: () => `probabilities ${listed(now.p, 3)}` });
  ui.menu({ label: "Precision", options: spec.limits.precision.options.map((name) => [name, `${name} ≤ e^${num(spec.largest[name], 1)}`]), read: () => get("precision"),
    write: (precision) => change({ precision }) });

  // --- the two ways to compute it
  const price = h("p", { class: "mb-readout mb-status" }), gradient = h("p", { class: "mb-readout" });
  const said = h("p", { class: "mb-readout mb-verdict" });
  const body = h("tbody"), power = (...up) => h("th", { scope: "col" }, "e", h("sup", {}, ...up));
  const head = h("tr");
  const table = h("table", { class: "mb-matrix mb-twice" }, h("thead", {},
    h("tr", {}, h("td"), h("td"), h("th", { scope: "colgroup", colspan: 2 }, "as it stands"), h("th", { scope: "colgroup", colspan: 2 }, "largest off first")), head), body);

  /** Puts as many rows into the picture as there are classes. They stay while dots move: whoever holds one must not lose it. */
  function matchRows(m) {
    if (leftRows.childElementCount === 4 * m) return;
    const rows = (...kinds) => kinds.flatMap((kind) => kind.slice(0, m));
    leftRows.replaceChildren(...rows(leftNames, pushes, values, handles));
    rightRows.replaceChildren(...rows(bars, gaps, targets, rightNames, errors));
  }

  function drawLogits() {
    const { z, error, label } = now;
    const m = z.length, T = get("temperature"), bottom = TOP + ROW * m + FOOT;
    centre = z.every((v) => Math.abs(v) <= ROOM) ? 0 : get("shift");
    set(left, { viewBox: `0 0 ${WIDTH} ${bottom + 22}` });
    const at = [-10, -5, 0, 5, 10].map((d) => centre + d);
    ticks.replaceChildren(...at.map((v) => s("text", { x: x(v), y: bottom + 17, "text-anchor": "middle" }, num(v, v % 1 ? 1 : 0))));
    grid.replaceChildren(...at.map((v) => s("path", { d: `M${x(v)} ${TOP}V${bottom}` })));
    set(axis, { d: `M${LEFT} ${bottom}H${WIDTH - 8}${Math.abs(centre) < REACH ? `M${x(0)} ${TOP}V${bottom}` : ""}` });
    over.replaceChildren(...Object.entries(spec.largest).flatMap(([name, limit]) => {
      const from = x(limit * T);
      if (from < LEFT || from > WIDTH - 8) return [];
      const flip = from > WIDTH - 110;
      return [s("rect", { x: from, y: TOP, width: WIDTH - 8 - from, height: bottom - TOP, class: "mb-zone" }), s("path", { class: "mb-guide", d: `M${from} ${TOP}V${bottom}` }),
        s("text", { x: from + (flip ? -4 : 4), y: bottom - 5, class: "mb-halo mb-small", "text-anchor": flip ? "end" : "start" }, `${name} overflows`)];
    }));
    z.forEach((_, c) => {
      const [px, py] = [x(z[c]), middle(c)];
      mark(leftNames[c], c === label);
      set(handles[c], { transform: `translate(${px} ${py})` });
      set(values[c], { x: px, y: py - 13 });
      values[c].textContent = num(z[c], 1);
      setValue(handles[c], { now: get("logits")[c], low, high, text: `${num(z[c], 1)}, probability ${num(now.p[c], 3)}, p minus y ${num(error[c], 3)}` });
      const up = error[c] < 0, length = PUSH * Math.abs(error[c]);
      set(pushes[c], { class: `mb-update mb-${up ? "blue" : "orange"}`, "marker-end": `url(#${arrowIds[up ? "blue" : "orange"]})`,
        d: length < 2 ? "" : `M${px + (up ? 10 : -10)} ${py}h${(up ? 1 : -1) * (length + 4)}` });
    });
  }

  function drawChances() {
    const { p, error, label } = now;
    const m = p.length, bottom = TOP + ROW * m + FOOT;
    set(right, { viewBox: `0 0 ${WIDTH} ${bottom + 22}`, "aria-label": `Probabilities ${listed(p, 3)}; the true class is ${label}` });
    set(base, { d: `M${LEFT} ${TOP}V${bottom}` });
    p.forEach((_, c) => {
      const y = c === label ? 1 : 0;
      set(bars[c], { width: BAR * p[c] });
      set(targets[c], { transform: `translate(${LEFT + BAR * y} 0)` });
      set(gaps[c], { class: `mb-update ${y ? "mb-blue" : "mb-orange mb-dashed"}`, d: `M${LEFT + BAR * p[c]} ${middle(c)}H${LEFT + BAR * y}` });
      mark(rightNames[c], y === 1);
      errors[c].textContent = `${num(p[c], 3)} − ${y} = ${num(error[c], 3)}`;
    });
  }

  function drawTable() {
    const T = get("temperature"), name = T === 1 ? "z" : "z/T";
    const naive = inPrecision(now.exponents, get("precision")), safe = inPrecision(now.exponents, get("precision"), Math.max(...now.exponents));
    head.replaceChildren(h("th", { scope: "col" }, "class"), h("th", { scope: "col" }, name), power(name), h("th", { scope: "col" }, "÷ sum"),
      power(name, " − max"), h("th", { scope: "col" }, "÷ sum"));
    body.replaceChildren(...now.exponents.map((v, c) => h("tr", {}, h("th", { scope: "row" }, String(c)),
      ...[num(v, 1), shown(naive.powers[c]), shown(naive.p[c]), shown(safe.powers[c]), shown(safe.p[c])].map((text) => h("td", {}, text)))));
  }

  return {
    picture: h("div", {}, h("div", { class: "mb-panels mb-top" }, h("div", { class: "mb-panel" }, left), h("div", { class: "mb-panel" }, right)),
      price, gradient, h("div", { class: "mb-panels mb-top" }, h("div", { class: "mb-panel mb-readout" }, table), h("div", { class: "mb-panel" }, said))),
    prepare: () => (now = work(state())),
    draw() {
      matchRows(now.z.length);
      drawLogits();
      drawChances();
      drawTable();
      price.textContent = now.price;
      gradient.textContent = now.gradient;
      said.textContent = now.verdict;
      sliders.forEach((row, c) => (row.hidden = c >= now.z.length));
      truth.querySelectorAll("option").forEach((option, c) => (option.hidden = option.disabled = c >= now.z.length));
    },
    describe: () => paragraph(now), // worked out just before
    say: () => `${now.logits} ${now.price} ${now.verdict}`,
    // a link may name a class that there is not: what is copied is what is shown
    python: () => toPython(spec.name, { ...Object.fromEntries(spec.arguments.map((key) => [key, get(key)])), label: now.label }),
  };
});
