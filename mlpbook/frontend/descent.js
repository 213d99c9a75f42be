// DescentExplorer: SGD, momentum and Adam walk down one surface side by side, and their losses fall, or do not, beneath.

import { draggable, h, magnitude, num, path, s, set, setValue, uid } from "./dom.js";
import { explorable } from "./explorable.js";
import { clamp, roundTo } from "./plane.js";
import { player } from "./player.js";
import { contours, descend, levels, places, value } from "./surfaces.js";

const SIDE = 340, LEFT = 38, TOP = 8; // the square of the map inside its 386 x 384 picture
const CHART = { top: 8, bottom: 128, high: 2, low: -6 }; // the powers of ten at the ends of its axis
const CELLS = 72, SHADES = 64; // of the map, in each direction
const PER_SECOND = 12; // steps that "Play" goes through
const COLOURS = ["blue", "orange", "green"];
const NOW = ["M-5.5 0a5.5 5.5 0 1 0 11 0a5.5 5.5 0 1 0 -11 0Z", "M-5 -5h10v10h-10Z", "M0 -6.5L6 4.5H-6Z"]; // where each is now
const MARKS = [(x, y) => `M${x - 2} ${y}a2 2 0 1 0 4 0a2 2 0 1 0 -4 0Z`, (x, y) => `M${x - 1.9} ${y - 1.9}h3.8v3.8h-3.8Z`,
  (x, y) => `M${x} ${y - 2.6}l2.4 4.4h-4.8Z`];

const pair = (v) => `(${num(v[0])}, ${num(v[1])})`;
const rate = (lr) => num(lr, lr >= 0.1 ? 3 : 4);
const factor = (lr, curvature) => `1 − ${rate(lr)} × ${curvature} = ${num(1 - lr * curvature)}`;
const power = (k) => (k === 0 ? "1" : `10${[...String(k)].map((c) => (c === "-" ? "⁻" : "⁰¹²³⁴⁵⁶⁷⁸⁹"[c])).join("")}`);

const surfaceOf = ({ surfaces, surface }) => surfaces[surface];
const run = (state) => descend({ ...state, terms: surfaceOf(state).terms });

/** The rate from which on SGD on a quadratic no longer converges; null on other surfaces. */
const critical = ({ along, minima: [[, , most]] }) => (along.length ? 2 / most : null);

/** What the curvature says about the learning rate. */
function rates({ terms, minima, saddles, along }, { lr, momentum }) {
  if (!along.length) {
    const low = minima.map(([x, y, most]) => `${pair([x, y])} with loss ${num(value(terms, [x, y]))} and curvature up to ${num(most)}`);
    const saddle = saddles.map(([x, y, loss]) => `${pair([x, y])} with loss ${num(loss)}`);
    return `Its minima: ${low.join("; ")}. Its saddle: ${saddle.join("; ")}.`;
  }
  const [[, , most, least]] = minima;
  const [across, flat] = along.map((words) => words.split(" ")[0]);
  const what = most === least
    ? `Its curvature is ${most} in every direction: an SGD step multiplies the distance from the minimum by ${factor(lr, most)}.`
    : `Its curvature is ${most} ${along[0]} and ${least} ${along[1]}: an SGD step multiplies the distance from the minimum by ` +
      `${factor(lr, most)} ${across} and by ${factor(lr, least)} ${flat}.`;
  return `${what} SGD converges below the critical rate 2/${most} = ${rate(2 / most)}, momentum below 2(1 + β)/${most} = ` +
    `${rate((2 * (1 + momentum)) / most)}.`;
}

/** Of one path, as it stands after `step` steps: where it is, its loss, and whether it has been given up. */
function stand({ path: way, diverged }, terms, step) {
  const last = way.length - 1;
  const theta = way[Math.min(step, last)];
  return { theta, last, gone: diverged && last <= step, loss: Math.max(0, value(terms, theta)) };
}

const lossText = (loss, nothing) => (loss >= nothing ? magnitude(loss) : `below ${nothing.toFixed(6)}`);

/** What the picture shows, sentence by sentence. */
function sentences(state, ways) {
  const { surface, start, lr, momentum, step, optimizers, far, nothing } = state;
  const here = surfaceOf(state);
  const stands = ways.map((way) => stand(way, here.terms, step));
  const each = stands.map(({ theta, last, gone, loss }, k) => (gone
    ? `${optimizers[k].label} has diverged, in step ${last} it got more than ${far} from 0`
    : `${optimizers[k].label} is at ${pair(theta)} with loss ${lossText(loss, nothing)}`));
  return {
    what: `Three optimizers on the loss called ${surface}: L = ${here.formula}.`,
    rates: rates(here, state),
    setting: `All start at ${pair(start)} with learning rate ${rate(lr)}; momentum has β = ${num(momentum)}` +
      (momentum === 0 ? " and is SGD then." : "."),
    now: step === 0 ? "Nobody has moved yet." : `After ${step} step${step > 1 ? "s" : ""}: ${each.join("; ")}.`,
  };
}

/** The same as one paragraph; a screen reader, a printed page and a page without scripts get these words. */
export const describe = (state, ways = run(state)) => Object.values(sentences(state, ways)).join(" ");

/** A picture of the surface: the higher the loss, the more of the colour behind it is let through. */
function relief(terms, extent) {
  const canvas = h("canvas", { width: SHADES, height: SHADES });
  const brush = canvas.getContext("2d");
  const image = brush.createImageData(SHADES, SHADES);
  for (let i = 0; i < SHADES * SHADES; i++) {
    const at = [i % SHADES, Math.floor(i / SHADES)].map((k) => extent * ((2 * (k + 0.5)) / SHADES - 1));
    const loss = Math.max(1e-3, value(terms, [at[0], -at[1]]));
    image.data.fill(255, 4 * i, 4 * i + 3);
    image.data[4 * i + 3] = Math.round(255 * clamp((Math.log10(loss) + 3) / 4.7, 0, 1) ** 1.6);
  }
  brush.putImageData(image, 0, 0);
  return canvas.toDataURL();
}

export default explorable((ui) => {
  const { get, change, spec } = ui;
  const { extent, surfaces, optimizers, steps } = spec;
  const grain = 0.05;
  const pxPerUnit = SIDE / (2 * extent);
  const px = (x) => [LEFT + (x[0] + extent) * pxPerUnit, TOP + (extent - x[1]) * pxPerUnit];
  const unpx = (x, y) => [(x - LEFT) / pxPerUnit - extent, extent - (y - TOP) / pxPerUnit];
  const KEYS = ["surface", "start", "lr", "momentum", "step"];
  const state = () => ({ ...spec, ...Object.fromEntries(KEYS.map((key) => [key, get(key)])) });
  const here = () => surfaces[get("surface")];
  const setStart = (v) => change({ start: v.map((each) => roundTo(clamp(each, -extent, extent), grain)) });
  let made = "", mapped = "", ways, said; // worked out again only when something changes

  function work() {
    const { surface, start, lr, momentum } = state();
    const now = JSON.stringify([surface, start, lr, momentum]);
    if (now !== made) ways = run(state()), (made = now);
    said = sentences(state(), ways);
  }

  // --- the map
  const ink = (name, attributes = {}) => s("path", { class: name, ...attributes });
  const box = { x: LEFT, y: TOP, width: SIDE, height: SIDE };
  const [clipId, maskId] = [uid("clip"), uid("mask")];
  const shade = s("image", { ...box, preserveAspectRatio: "none" });
  const lines = ink("mb-level"), marked = ink("mb-level mb-deep"), names = s("g", { class: "mb-levels" });
  const lows = s("g", {});
  const layers = () => optimizers.map((_, k) => ({
    ahead: ink(`mb-way mb-ahead mb-${COLOURS[k]}`), way: ink(`mb-way mb-${COLOURS[k]} mb-way-${k}`), marks: ink(`mb-way-marks mb-${COLOURS[k]}-fill`),
    now: ink(`mb-way-now mb-${COLOURS[k]}-fill`, { d: NOW[k] }), text: s("text", { class: `mb-halo mb-strong mb-${COLOURS[k]}` }, optimizers[k].label) }));
  const onMap = layers(), onChart = layers();
  const start = s("g", {}, s("circle", { class: "mb-target", r: 18 }), s("circle", { class: "mb-ring", r: 10 }), s("circle", { class: "mb-probe", r: 5 }));
  draggable(start, { label: "Start", drag: (x, y) => setStart(unpx(x, y)),
    nudge: (dx, dy) => setStart([get("start")[0] + dx * grain, get("start")[1] + dy * grain]) });
  const ticks = [-1, -2 / 3, -1 / 3, 0, 1 / 3, 2 / 3, 1].map((t) => Math.round(t * extent)).flatMap((t) => {
    const [x, y] = px([t, t]);
    return [s("text", { x, y: TOP + SIDE + 15, "text-anchor": "middle" }, num(t, 0)), s("text", { x: LEFT - 6, y: y + 4, "text-anchor": "end" }, num(t, 0))];
  });
  const pieces = ({ ahead, way, marks }) => [ahead, way, marks];
  const map = s("svg", { viewBox: "0 0 386 384", class: "mb-plane", role: "group", "aria-label": "Map of the loss with three paths" },
    s("defs", {}, s("clipPath", { id: clipId }, s("rect", box)), s("mask", { id: maskId, style: "mask-type: alpha" }, shade)),
    s("g", { class: "mb-ticks", "aria-hidden": "true" }, ...ticks,
      s("text", { x: LEFT + SIDE / 2, y: TOP + SIDE + 31, "text-anchor": "middle" }, "θ₁"),
      s("text", { x: 11, y: TOP + SIDE / 2, "text-anchor": "middle", transform: `rotate(-90 11 ${TOP + SIDE / 2})` }, "θ₂")),
    s("rect", { ...box, class: "mb-relief", mask: `url(#${maskId})` }),
    s("g", { "clip-path": `url(#${clipId})` }, lines, marked, names, lows, ...onMap.flatMap((parts) => pieces(parts).slice(1)), ...onMap.map(({ now }) => now), ...onMap.map(({ text }) => text)),
    s("rect", { ...box, class: "mb-frame" }), start);

  function drawMap() {
    const { terms, minima } = here();
    set(shade, { href: relief(terms, extent) });
    const at = levels(terms, extent), found = contours(terms, extent, at, CELLS);
    const isPower = (level) => Number.isInteger(roundTo(Math.log10(level), 1e-6));
    const d = (deep) => found.filter((_, k) => isPower(at[k]) === deep).map((segments) => segments.map((ends) => {
      const [[x1, y1], [x2, y2]] = ends.map(px);
      return `M${x1.toFixed(1)} ${y1.toFixed(1)}L${x2.toFixed(1)} ${y2.toFixed(1)}`;
    }).join("")).join("");
    set(lines, { d: d(false) });
    set(marked, { d: d(true) });
    // each power of ten is named once, near the right edge or where its line comes nearest to it
    const taken = [];
    names.replaceChildren(...at.flatMap((level, k) => {
      if (!isPower(level)) return [];
      const spots = found[k].map(([p]) => px(p)).filter(([x, y]) => x > LEFT + 20 && x < LEFT + SIDE - 20 && y > TOP + 14 && y < TOP + SIDE - 10 &&
        taken.every(([p, q]) => Math.hypot(x - p, y - q) > 34));
      if (!spots.length) return [];
      const [x, y] = spots.reduce((best, spot) => (spot[0] - spot[1] > best[0] - best[1] ? spot : best));
      taken.push([x, y]);
      return [s("text", { class: "mb-halo", x, y: y + 4, "text-anchor": "middle" }, String(level))];
    }));
    lows.replaceChildren(...minima.map((v) => ink("mb-low", { d: "M-5 0h10M0 -5v10", transform: `translate(${px(v)})` })));
  }

  // --- the losses beneath
  const { top, bottom, high, low } = CHART;
  const xAt = (step) => LEFT + (step / steps) * SIDE;
  const yAt = (loss) => bottom - ((clamp(Math.log10(Math.max(loss, 1e-99)), low, high) - low) / (high - low)) * (bottom - top);
  const chartClip = uid("clip");
  const cursor = ink("mb-guide");
  const chart = s("svg", { viewBox: "0 0 386 148", class: "mb-plane mb-losses", role: "group", "aria-label": "The loss of each after every step" },
    s("defs", {}, s("clipPath", { id: chartClip }, s("rect", { x: LEFT - 6, y: top - 6, width: SIDE + 12, height: bottom - top + 12 }))),
    s("g", { class: "mb-grid" }, ...[0, -2, -4].map((k) => ink("", { d: `M${LEFT} ${yAt(10 ** k)}h${SIDE}` }))),
    s("g", { class: "mb-ticks", "aria-hidden": "true" }, ...[2, 0, -2, -4, -6].map((k) => s("text", { x: LEFT - 6, y: yAt(10 ** k) + 4, "text-anchor": "end" }, power(k))),
      ...[0, 25, 50, 75, 100].map((t) => s("text", { x: xAt((t * steps) / 100), y: bottom + 15, "text-anchor": "middle" }, num((t * steps) / 100, 0)))),
    s("rect", { x: LEFT, y: top, width: SIDE, height: bottom - top, class: "mb-frame" }), cursor,
    s("g", { "clip-path": `url(#${chartClip})` }, ...onChart.flatMap(pieces), ...onChart.map(({ now }) => now), ...onChart.map(({ text }) => text)));
  const scrubber = player(ui, { key: "step", label: "Step", end: () => steps, perSecond: PER_SECOND, whole: true,
    means: () => said?.now ?? "" });

  // --- the controls
  ui.menu({ label: "Surface", options: spec.limits.surface.options.map((name) => [name, name]), read: () => get("surface"),
    write: (surface) => change({ surface, start: [...surfaces[surface].start] }) });
  const [slow, fast] = [spec.limits.lr.low, spec.limits.lr.high].map(Math.log10);
  const rateRow = ui.slider({ label: "Learning rate", low: slow, high: fast, step: 0.02, read: () => Math.log10(get("lr")), text: () => rate(get("lr")),
    write: (u) => change({ lr: clamp(Number((10 ** u).toPrecision(3)), spec.limits.lr.low, spec.limits.lr.high) }),
    means: () => {
      const edge = critical(here());
      return edge === null ? said?.now : `${get("lr") < edge ? "below" : get("lr") > edge ? "above" : "at"} the critical rate ${rate(edge)}`;
    } });
  rateRow.classList.add("mb-rate");
  const edgeText = h("span", {}), edge = h("span", { class: "mb-edge-mark", "aria-hidden": true }, edgeText);
  const track = h("span", { class: "mb-track" }), knob = rateRow.querySelector("input");
  knob.replaceWith(track);
  track.append(knob, edge);
  ui.slider({ label: "Momentum β", ...spec.limits.momentum, step: 0.01, read: () => get("momentum"),
    write: (momentum) => change({ momentum }), text: (v) => num(v), means: () => (get("momentum") === 0 ? "the same as SGD" : "") });
  [0, 1].forEach((axis) => ui.slider({ label: `Start θ${"₁₂"[axis]}`, low: -extent, high: extent, step: grain,
    read: () => get("start")[axis], write: (v) => setStart(get("start").map((old, k) => (k === axis ? v : old))), text: (v) => num(v),
    means: () => `loss ${magnitude(Math.max(0, value(here().terms, get("start"))))} there` }));

  // --- what is drawn and said
  const rateText = h("p", { class: "mb-readout mb-rates" }), status = h("p", { class: "mb-readout mb-status" });
  const rows = h("tbody");
  const table = h("table", { class: "mb-matrix" }, h("thead", {}, h("tr", {}, ...["", "θ₁", "θ₂", "loss"].map((name) =>
    (name ? h("th", { scope: "col" }, name) : h("td"))))), rows);
  const formula = h("p", { class: "mb-readout mb-formula" });
  const legend = h("p", { class: "mb-readout mb-note" }, "Drag the learning rate from left to right and watch where the paths begin to swing, and where they " +
    "leave; drag the violet start anywhere. Each point of a path is a step. Every step sees the whole loss, so SGD is plain gradient descent here.");

  /** Draws paths with their marks up to a step, and a name on each: beside what is drawn, or beside `named`. */
  function drawWays(parts, trails, now, [left, top, right, bottom], named) {
    const isIn = ([x, y]) => x >= left && x <= right && y >= top && y <= bottom;
    const seen = trails.map((trail) => trail.slice(0, now + 1));
    const spots = places((named ?? seen).map((trail) => trail.filter(isIn)), [left, top, right, bottom], [72, 15]);
    parts.forEach(({ ahead, way, marks, now: mark, text }, k) => {
      // what lies far outside is cut off before it is written: a picture has no room for 10^300
      const cut = (trail) => trail.map(([x, y]) => [clamp(x, -2e3, 3e3), clamp(y, -2e3, 3e3)]);
      set(way, { d: path(cut(seen[k])) });
      set(ahead, { d: path(cut(trails[k].slice(now))) });
      set(marks, { d: seen[k].slice(1).filter(isIn).map(([x, y]) => MARKS[k](Number(x.toFixed(1)), Number(y.toFixed(1)))).join("") });
      const at = seen[k].at(-1);
      const gone = trails[k].length - 1 < now; // there is no later point: it was given up
      set(mark, { visibility: isIn(at) && !gone ? null : "hidden", ...(isIn(at) ? { transform: `translate(${at[0].toFixed(1)} ${at[1].toFixed(1)})` } : {}) });
      set(text, { visibility: spots[k] && (now || named) ? null : "hidden", x: spots[k]?.x ?? null, y: spots[k]?.y ?? null, "text-anchor": spots[k]?.anchor ?? null });
    });
  }

  function drawTable(step) {
    const glyph = (k) => s("svg", { viewBox: "-8 -8 16 16", class: "mb-glyph", "aria-hidden": true }, ink(`mb-way-now mb-${COLOURS[k]}-fill`, { d: NOW[k] }));
    rows.replaceChildren(...ways.map((way, k) => {
      const { theta, last, gone, loss } = stand(way, here().terms, step);
      const cells = gone ? [h("td", { colspan: 3 }, `diverged in step ${last}`)] : [...theta.map((v) => h("td", {}, num(v))), h("td", {}, loss >= spec.nothing ? magnitude(loss) : "< 10⁻⁶")];
      return h("tr", {}, h("th", { scope: "row" }, glyph(k), ` ${optimizers[k].label}`), ...cells);
    }));
  }

  return {
    picture: h("div", { class: "mb-panels mb-top" },
      h("div", { class: "mb-panel" }, map, chart, scrubber.node),
      h("div", { class: "mb-panel" }, formula, status, h("div", { class: "mb-readout" }, table), rateText, legend)),
    prepare: work, // the controls say what came out
    draw() {
      const { terms } = here();
      const step = get("step");
      if (get("surface") !== mapped) drawMap(), (mapped = get("surface"));
      drawWays(onMap, ways.map(({ path: way }) => way.map(px)), step, [LEFT, TOP, LEFT + SIDE, TOP + SIDE]);
      const losses = ways.map(({ path: way, diverged }) => way.map((theta, t) => [xAt(t), diverged && t === way.length - 1 ? top - 4 : yAt(value(terms, theta))]));
      drawWays(onChart, losses, step, [LEFT, top - 6, LEFT + SIDE, bottom], losses);
      set(cursor, { d: `M${xAt(step)} ${top}V${bottom}` });
      const at = px(get("start"));
      set(start, { transform: `translate(${at})` });
      setValue(start, { now: get("start")[0], low: -extent, high: extent, text: `at ${pair(get("start"))}. ${said.now}` });
      const limit = critical(here());
      edge.hidden = limit === null;
      if (limit !== null) {
        edge.style.left = `calc(8px + (100% - 16px) * ${((Math.log10(limit) - slow) / (fast - slow)).toFixed(4)})`;
        edgeText.textContent = `SGD diverges beyond ${rate(limit)}`;
      }
      scrubber.draw();
      drawTable(step);
      formula.textContent = `L = ${here().formula}`;
      status.textContent = step === 0 ? said.now : `After ${step} step${step > 1 ? "s" : ""}`;
      rateText.textContent = said.rates;
    },
    describe: () => Object.values(said).join(" "), // drawn just before
    say: () => said.now,
  };
});
