// LayerExplorer: a layer of two units as a motion of the plane, that can be stopped anywhere; or two such layers in a row.

import { draggable, h, num, path, s, set, setValue, uid } from "./dom.js";
import { explorable } from "./explorable.js";
import { beside, boxOf, freest } from "./labels.js";
import { creased, determinant, place, product, separableStages, trace, within } from "./morph.js";
import { ACTIVATIONS } from "./nn.js";
import { clamp, clipLine, dot, norm, roundTo } from "./plane.js";
import { player } from "./player.js";
import { gap, street } from "./street.js";

const SIDE = 340, LEFT = 38, TOP = 8; // the square of the plane inside its 386 x 384 picture
const LINES = 41; // of the grid, in each direction; every fifth is a whole number
const PER_SECOND = 0.8; // stages that "Play" goes through
const SUB = "₁₂";

const pair = (v) => `(${num(v[0])}, ${num(v[1])})`;
const layersOf = ({ W1, b1, W2, b2, two_layers: two, activation, alpha, corner }) =>
  [[W1, b1], [W2, b2]].slice(0, two ? 2 : 1).map(([W, b]) => (
    { W, b, f: (z) => ACTIVATIONS[activation].f(z, alpha), corner: corner[activation] }));

/** Determinant and rank in words. */
function area(name, W) {
  const { det, rank } = determinant(W);
  if (rank === 0) return `${name} is 0: its rank is 0, and the whole plane is pressed into one point.`;
  if (rank === 1) return `The determinant of ${name} is 0 and its rank 1: the whole plane is pressed onto one line.`;
  const side = det < 0 ? "turned over" : "not turned over";
  if (Math.abs(det) < 1e-4) {
    return `The determinant of ${name} is within 0.0001 of 0, but its rank is 2: the plane is pressed nearly flat and ${side}.`;
  }
  const digits = Math.abs(det) < 0.1 ? 4 : 2;
  return `The determinant of ${name} is ${num(det, digits)} and its rank 2: areas are multiplied by ` +
    `${num(Math.abs(det), digits)}, and the plane is ${side}.`;
}

/** What is seen at a stage, in symbols. */
function where(stage) {
  const [k, part] = within(stage, 2);
  const x = "xa"[k];
  const sum = `${x} W${SUB[k]} + b${SUB[k]}`;
  const names = [x, `${x} W${SUB[k]}`, sum, `φ(${sum})`].map((name) => name.replaceAll(" ", "\u00a0")); // kept on one line
  if (stage === 0) return "the inputs x";
  if (part === 3) return `${names[3]}, the outputs of layer ${k + 1}`;
  const whole = Math.floor(part), done = part - whole;
  return done ? `${num(100 * done, 0)} % of the way from ${names[whole]} to ${names[whole + 1]}` : names[whole];
}

const twoClasses = ({ labels }) => new Set(labels).size === 2;

/** stage -> the ends of the shortest way between the two classes, or null where no line separates them. */
function streets({ points, labels }, layers) {
  const traced = trace(Float64Array.from(points.flat()), layers);
  const at = new Float64Array(2 * points.length);
  return (stage) => {
    place(traced, stage, at);
    const groups = [[], []];
    labels.forEach((label, i) => groups[label].push([at[2 * i], at[2 * i + 1]]));
    return street(...groups);
  };
}

/** The stages at which a line separates the classes, as intervals. */
export const separable = (state) => {
  const layers = layersOf(state);
  return twoClasses(state) ? separableStages(layers.length, streets(state, layers)) : [];
};

/** What the picture shows, sentence by sentence: about each layer, phi, what is seen, and the classes. */
function sentences(state) {
  const { activation, corner, does } = state;
  const layers = layersOf(state);
  const stage = Math.min(state.stage, 3 * layers.length);
  const moves = layers.map(({ W, b }, k) => `W${SUB[k]} takes e₁ to ${pair(W[0])} and e₂ to ${pair(W[1])}, b${SUB[k]} ` +
    `shifts by ${pair(b)}.`);
  const areas = layers.map(({ W }, k) => area(`W${SUB[k]}`, W));
  const bend = `${activation} ${does[corner[activation]]}.` + (layers.length < 2 || activation !== "identity" ? ""
    : ` Without a bend between them the two layers are one, with the weights W₁W₂. ${area("W₁W₂", product(state.W1, state.W2))}`);
  const seen = `The picture shows ${where(stage)}.`;
  if (!twoClasses(state)) return { moves, areas, bend, seen, classes: "" };

  const find = streets(state, layers);
  const yesOrNo = (at) => (find(at) ? "yes" : "no");
  const ends = find(stage);
  const here = ends ? `yes, with ${num(gap(...ends) / 2)} to the nearest points` : "no";
  const classes = "Does a straight line separate the two classes? " +
    [`Among the inputs ${yesOrNo(0)}`, ...layers.flatMap((_, k) => (stage < 3 * k + 3 ? [] // not yet reached: for the reader to find
      : [`after layer ${k + 1} ${yesOrNo(3 * k + 3)}`]))].join(", ") +
    `; in this picture ${here}.`;
  return { moves, areas, bend, seen, classes };
}

const paragraph = ({ two_layers: two, activation }, { moves, areas, bend, seen, classes }) =>
  [`${two ? "Two layers" : "A layer"} of two units, activation ${activation}.`, ...moves.flatMap((move, k) => [move, areas[k]]),
    bend, seen, classes].filter(Boolean).join(" ");

/** The same as one paragraph; a screen reader, a printed page and a page without scripts get these words. */
export const describe = (state) => paragraph(state, sentences(state));

export default explorable((ui) => {
  const { get, change, spec } = ui;
  const { extent } = spec;
  const step = 0.05;
  const pxPerUnit = SIDE / (2 * extent);
  const px = (x) => [LEFT + (x[0] + extent) * pxPerUnit, TOP + (extent - x[1]) * pxPerUnit];
  const unpx = (x, y) => [(x - LEFT) / pxPerUnit - extent, extent - (y - TOP) / pxPerUnit];
  const KEYS = ["W1", "b1", "W2", "b2", "two_layers", "activation", "points", "labels", "stage"];
  const state = () => ({ ...Object.fromEntries(KEYS.map((key) => [key, get(key)])), corner: spec.corner, does: spec.does,
    alpha: spec.alpha[get("activation")] });
  const last = () => (get("two_layers") ? 6 : 3);
  const stageNow = () => Math.min(get("stage"), last());
  const fit = (v) => roundTo(clamp(v, -extent, extent), step);

  // --- the plane
  const [clipId, arrowId] = [uid("clip"), uid("arrow")];
  const ink = (name, attributes) => s("path", { class: name, ...attributes });
  const minor = ink("mb-minor"), major = ink("mb-major");
  const square = ink("mb-square"), edges = [ink("mb-side"), ink("mb-side mb-second")];
  const folds = [ink("mb-fold"), ink("mb-fold mb-squared")];
  const foldTexts = [0, 1].map((j) => s("text", { class: "mb-halo mb-green mb-small", "text-anchor": "middle" }, `z${SUB[j]} = 0`));
  const separator = ink("mb-line"), way = ink("mb-guide");
  const data = s("g", {});
  const ticks = [-1, -0.5, 0, 0.5, 1].map((t) => t * extent).flatMap((t) => {
    const [x, y] = px([t, t]);
    return [s("text", { x, y: TOP + SIDE + 15, "text-anchor": "middle" }, num(t, 0)),
      s("text", { x: LEFT - 6, y: y + 4, "text-anchor": "end" }, num(t, 0))];
  });
  const axisTexts = [s("text", { x: LEFT + SIDE / 2, y: TOP + SIDE + 31, "text-anchor": "middle" }),
    s("text", { x: 11, y: TOP + SIDE / 2, "text-anchor": "middle", transform: `rotate(-90 11 ${TOP + SIDE / 2})` })];

  const moveRow = (k, row, v) => change({ [`W${k + 1}`]: get(`W${k + 1}`).map((old, i) => (i === row ? v.map(fit) : old)) });
  /** What a hand can move of layer k: the images of e1 and e2, and b. */
  const grips = (k) => [0, 1, 2].map((row) => {
    const b = row === 2;
    const node = s("g", {}, s("circle", { class: "mb-target", r: 16 }), s("circle", { class: "mb-ring", r: 9 }),
      b ? s("path", { class: "mb-probe", d: "M0-5L5 0L0 5L-5 0Z" }) : null);
    const read = () => (b ? get(`b${k + 1}`) : get(`W${k + 1}`)[row]);
    const write = (v) => (b ? change({ [`b${k + 1}`]: v.map(fit) }) : moveRow(k, row, v));
    draggable(node, {
      label: b ? `Shift b${SUB[k]}` : `Image of e${SUB[row]} under W${SUB[k]}`,
      drag: (x, y) => write(unpx(x, y)),
      nudge: (dx, dy) => write([read()[0] + dx * step, read()[1] + dy * step]),
    });
    return { node, read, shaft: b ? null : ink(`mb-aim ${row ? "mb-second" : ""}`, { "marker-end": `url(#${arrowId})` }),
      text: s("text", { class: "mb-halo mb-purple" }, b ? `b${SUB[k]}` : `e${SUB[row]}W${SUB[k]}`) };
  });
  const handles = [0, 1].map(grips);
  const hands = handles.map((each) => s("g", {}, ...each.map((hand) => hand.shaft).filter(Boolean), ...each.map((hand) => hand.text),
    ...each.map((hand) => hand.node)));
  const plane = s("svg", { viewBox: "0 0 386 384", class: "mb-plane", role: "group",
    "aria-label": "The plane with its grid, on its way through the layer" },
    s("defs", {}, s("clipPath", { id: clipId }, s("rect", { x: LEFT, y: TOP, width: SIDE, height: SIDE })),
      s("marker", { id: arrowId, viewBox: "0 0 10 10", refX: 8, refY: 5, markerWidth: 6, markerHeight: 6, orient: "auto" },
        s("path", { d: "M0 0L10 5L0 10Z", class: "mb-purple-fill" }))),
    s("g", { class: "mb-ticks", "aria-hidden": "true" }, ...ticks, ...axisTexts),
    s("g", { "clip-path": `url(#${clipId})` }, minor, major,
      ink("mb-axis", { d: `M${LEFT} ${px([0, 0])[1]}h${SIDE}M${px([0, 0])[0]} ${TOP}v${SIDE}` }),
      square, ...edges, ...folds, way, separator, data, ...foldTexts),
    s("rect", { x: LEFT, y: TOP, width: SIDE, height: SIDE, class: "mb-frame" }), ...hands);

  // --- the way through the stages
  const stretch = (value) => LEFT + (value / last()) * SIDE;
  const strip = s("svg", { viewBox: "0 0 386 34", class: "mb-plane mb-strip", role: "img" });
  const scrubber = player(ui, { key: "stage", label: "Stage", end: last, means: () => where(stageNow()), perSecond: PER_SECOND });

  // --- the controls
  ui.menu({ label: "Activation", options: spec.limits.activation.options.map((name) => [name, name.replace("_", " ")]),
    read: () => get("activation"), write: (activation) => change({ activation }) });
  ui.toggle({ label: "a second layer", read: () => get("two_layers"), write: (two) => change({ two_layers: two }) });
  const sliders = [0, 1].map((k) => {
    const range = { low: -extent, high: extent, step, text: (v) => num(v) };
    const [W, b] = [`W${k + 1}`, `b${k + 1}`];
    const entries = [0, 1].flatMap((i) => [0, 1].map((j) => ui.slider({ ...range, label: `W${SUB[k]} ${i + 1} → ${j + 1}`,
      read: () => get(W)[i][j], write: (v) => moveRow(k, i, get(W)[i].map((old, col) => (col === j ? v : old))),
      means: () => `weight from input ${i + 1} to unit ${j + 1}, e${SUB[i]} goes to ${pair(get(W)[i])}` })));
    return [...entries, ...[0, 1].map((j) => ui.slider({ ...range, label: `b${SUB[k]} → ${j + 1}`, read: () => get(b)[j],
      write: (v) => change({ [b]: get(b).map((old, i) => (i === j ? v : old)) }), means: () => `everything is shifted by ${pair(get(b))}` }))];
  });

  // --- what is drawn, worked out again only when the layers change
  const between = (from, to, points) => Array.from({ length: points }, (_, i) => (
    from.map((v, axis) => v + ((to[axis] - v) * i) / (points - 1))));
  const levels = between([-extent], [extent], LINES).flat();
  const lines = (points) => [...levels.map((v) => between([v, -extent], [v, extent], points)),
    ...levels.map((v) => between([-extent, v], [extent, v], points))];
  const CORNERS = [[0, 0], [1, 0], [1, 1], [0, 1]];
  const sides = (points) => CORNERS.map((from, i) => between(from, CORNERS[(i + 1) % 4], points));
  const net = (make, layers) => {
    const parts = creased(make, layers);
    return { ...parts, traced: trace(parts.X, layers), at: new Float64Array(parts.X.length) };
  };
  let drawn = "", grid, shape, marks, find, said, bands;

  function work() {
    const now = state();
    const layers = layersOf(now);
    const smooth = spec.corner[now.activation] === "smooth"; // else straight lines stay straight between their creases
    grid = net(lines(smooth ? LINES : 2), layers);
    shape = net(sides(smooth ? 11 : 2), layers);
    const X = Float64Array.from(now.points.flat());
    marks = { traced: trace(X, layers), at: new Float64Array(X.length) };
    find = twoClasses(now) ? streets(now, layers) : () => null;
    data.replaceChildren(...now.labels.map((label) => (label === 1 ? s("circle", { r: 6, class: "mb-one" })
      : s("rect", { x: -5.5, y: -5.5, width: 11, height: 11, class: "mb-zero" }))));

    bands = separable(now).map(([from, to]) => ({ from, to, node: s("rect", { x: stretch(from), y: 16, height: 14, class: "mb-band" }),
      text: s("text", { y: 28, class: "mb-halo mb-small mb-on" }, "separable") }));
    const names = ["W", "b", "φ"];
    strip.replaceChildren(...bands.map(({ node }) => node),
      ...Array.from({ length: last() + 1 }, (_, i) => ink("mb-axis", { d: `M${stretch(i)} 16v14` })),
      ...Array.from({ length: last() }, (_, i) => s("text", { x: stretch(i + 0.5), y: 11, "text-anchor": "middle", class: "mb-small" },
        i % 3 === 2 ? "φ" : `${i % 3 ? "+ " : ""}${names[i % 3]}${SUB[Math.floor(i / 3)]}`)), ...bands.map(({ text }) => text));
  }

  /** The stages, as far as one has come, at which a line separates the classes; the rest is for the reader to find. */
  function drawStrip(stage) {
    const room = 74; // for "separable", in its band where it fits, else before it, else nowhere
    const spans = bands.flatMap(({ from, to, node, text }) => {
      const [start, end] = [stretch(from), stretch(Math.min(to, stage))];
      const met = from <= stage, wide = end - start > room;
      set(node, { width: Math.max(3, end - start), visibility: met ? null : "hidden" });
      set(text, { x: wide ? (start + end) / 2 : start - 6, "text-anchor": wide ? "middle" : "end",
        visibility: met && (wide || start > LEFT + room) ? null : "hidden" });
      return met ? [`from ${num(from)} to ${num(Math.min(to, stage))}`] : [];
    });
    const answer = ` So far a line separates the classes ${spans.length ? `at stages ${spans.join(" and ")}` : "at no stage"}.`;
    set(strip, { "aria-label": `The stages up to ${num(stage)}.${twoClasses(state()) ? answer : ""}` });
  }

  /** "M..L.." through the points from..to of a net, in the picture's units. */
  function trail({ at, tears }, from, to, torn) {
    let d = "";
    for (let i = from; i < to; i++) {
      // whole hundredths: a number is written three times as fast as by toFixed
      const x = Math.round(100 * (LEFT + (at[2 * i] + extent) * pxPerUnit)) / 100;
      const y = Math.round(100 * (TOP + (extent - at[2 * i + 1]) * pxPerUnit)) / 100;
      d += `${i === from || tears.some((set, k) => k < torn && set.has(i)) ? "M" : "L"}${x} ${y}`;
    }
    return d;
  }

  function drawNets(stage) {
    place(grid.traced, stage, grid.at);
    place(shape.traced, stage, shape.at);
    const torn = Math.ceil((stage - 2) / 3); // how many layers have begun to tear
    const d = ["", ""];
    for (let i = 0; i + 1 < grid.starts.length; i++) {
      d[(i % LINES) % 5 ? 0 : 1] += trail(grid, grid.starts[i], grid.starts[i + 1], torn);
    }
    set(minor, { d: d[0] });
    set(major, { d: d[1] });
    const whole = !shape.tears.some((set, k) => k < torn && set.size);
    set(square, { d: whole ? `${trail(shape, 0, shape.at.length / 2, 0)}Z` : "" });
    edges.forEach((edge, side) => {
      const i = side ? 3 : 0; // the sides that leave the origin
      set(edge, { d: trail(shape, shape.starts[i], shape.starts[i + 1], torn) });
    });

    const [k] = within(stage, grid.traced.length);
    folds.forEach((fold, j) => {
      const dots = Array.from(grid.folds[k][j], (i) => px([grid.at[2 * i], grid.at[2 * i + 1]]));
      set(fold, { d: dots.map(([x, y]) => `M${x.toFixed(1)} ${y.toFixed(1)}h0`).join("") });
      const inside = dots.filter(([x, y]) => x > LEFT + 18 && x < LEFT + SIDE - 18 && y > TOP + 16 && y < TOP + SIDE - 8);
      const end = inside.reduce((best, p) => (!best || p[0] + p[1] * (j ? 1 : -1) > best[0] + best[1] * (j ? 1 : -1) ? p : best), null);
      set(foldTexts[j], { x: end ? end[0] : null, y: end ? end[1] - 6 : null, visibility: end ? null : "hidden" });
    });
  }

  function drawClasses(stage) {
    place(marks.traced, stage, marks.at);
    [...data.children].forEach((mark, i) => set(mark, { transform: `translate(${px([marks.at[2 * i], marks.at[2 * i + 1]])})` }));
    const ends = find(stage);
    const normal = ends && [0, 1].map((axis) => ends[1][axis] - ends[0][axis]);
    const middle = ends && [0, 1].map((axis) => (ends[0][axis] + ends[1][axis]) / 2);
    const line = ends && clipLine(normal, -dot(normal, middle), extent);
    set(separator, { d: line ? path(line.map(px)) : "" });
    set(way, { d: ends ? path(ends.map(px)) : "" });
  }

  function drawHands(stage) {
    const [now, s3] = within(stage, get("two_layers") ? 2 : 1);
    hands.forEach((group, k) => set(group, { visibility: k === now ? null : "hidden" }));
    const origin = px([0, 0]);
    // a name must not hide a data point, another handle or another name
    const around = ([x, y], r) => [x - r, y - r, x + r, y + r];
    const taken = Array.from({ length: marks.at.length / 2 }, (_, i) => around(px([marks.at[2 * i], marks.at[2 * i + 1]]), 8));
    handles[now].forEach(({ read }) => taken.push(around(px(read()), 6)));
    handles.forEach((each, k) => each.forEach(({ node, read, shaft, text }, row) => {
      const [v, tip] = [read(), px(read())];
      set(node, { transform: `translate(${tip})` });
      if (shaft) set(shaft, { d: norm(v) > 0.1 ? path([origin, tip]) : "" });
      const width = row < 2 ? 36 : 18;
      const [x, y] = freest(beside(tip, width, [v[0] >= 0, v[1] >= 0]), width, taken, [LEFT + 2, TOP + 2, LEFT + SIDE - 2, TOP + SIDE - 2]);
      set(text, { x, y });
      if (k === now) taken.push(boxOf([x, y], width));
      setValue(node, { now: v[0], low: -extent, high: extent, text: row < 2
        ? `row ${row + 1} of W${SUB[k]}: ${pair(v)}. ${area(`W${SUB[k]}`, get(`W${k + 1}`))}` : `shift by ${pair(v)}` });
    }));
    const axes = stage === 0 ? "x" : s3 > 2 ? "a" : "z";
    axisTexts.forEach((axis, i) => (axis.textContent = `${axes}${SUB[i]}`));
  }

  const seen = h("p", { class: "mb-readout mb-now" }), classes = h("p", { class: "mb-readout" });
  const tables = [0, 1].map((k) => {
    const cells = Array.from({ length: 6 }, () => h("td"));
    const row = (name, i) => h("tr", {}, h("th", { scope: "row" }, name), cells[2 * i], cells[2 * i + 1]);
    const table = h("table", { class: "mb-matrix" },
      h("thead", {}, h("tr", {}, h("td"), h("th", { scope: "col" }, "to unit 1"), h("th", { scope: "col" }, "to unit 2"))),
      h("tbody", {}, row(`e₁W${SUB[k]}, row 1`, 0), row(`e₂W${SUB[k]}, row 2`, 1), row(`b${SUB[k]}`, 2)));
    const words = h("p", { class: "mb-readout" });
    return { node: h("div", {}, h("div", { class: "mb-readout" }, table), words), cells, words };
  });
  const bend = h("p", { class: "mb-readout" });
  const legend = h("p", { class: "mb-readout mb-note" });
  /** What the violet things are; the handles stay where W and b put them, while the square goes on. */
  const legendAt = (stage) => {
    const [k, part] = within(stage, get("two_layers") ? 2 : 1);
    const gone = part <= 1 && k === 0 ? "" : ` The square has gone on since, ${[k ? "through layer 1" : "", part > 1 ? "shifted" : "",
      part > 2 ? "bent" : ""].filter(Boolean).join(" and ")}; the arrows show W${SUB[k]} alone.`;
    return `Drag the thin arrows, the rows of W${SUB[k]}, or the diamond, b${SUB[k]}. The violet square began as the unit square, its thick ` +
      `edges as e₁ and e₂ (dashed).${gone}${get("points").length ? " Blue discs have label 1, orange squares label 0." : ""}`;
  };

  return {
    picture: h("div", { class: "mb-panels" },
      h("div", { class: "mb-panel mb-main" }, plane, strip, scrubber.node),
      h("div", { class: "mb-panel" }, seen, classes, ...tables.map(({ node }) => node), bend, legend)),
    draw() {
      const now = state();
      const made = JSON.stringify({ ...now, stage: null });
      if (made !== drawn) work(), (drawn = made);
      const stage = stageNow();
      drawNets(stage);
      drawClasses(stage);
      drawHands(stage);
      drawStrip(stage);
      scrubber.draw();
      legend.textContent = legendAt(stage);
      said = sentences(now);
      seen.textContent = said.seen;
      classes.textContent = said.classes;
      bend.textContent = said.bend;
      tables.forEach(({ node, cells, words }, k) => {
        node.hidden = k === 1 && !now.two_layers;
        const values = [...get(`W${k + 1}`).flat(), ...get(`b${k + 1}`)];
        cells.forEach((cell, i) => (cell.textContent = num(values[i])));
        words.textContent = said.areas[k] ?? "";
      });
      sliders[1].forEach((row) => (row.hidden = !now.two_layers));
    },
    describe: () => paragraph(state(), said), // drawn just before
    say: () => `${said.seen} ${said.classes}`, // the matrices are said by what moves them
  };
});
