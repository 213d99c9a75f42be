// RegionExplorer: the plane cut into the linear regions of a ReLU network, cut anew while a weight, a bias or a line moves.

import { draggable, h, num, path, s, set, setValue, uid } from "./dom.js";
import { explorable } from "./explorable.js";
import { clamp, clipLine, dot, norm, roundTo } from "./plane.js";
import { area, cutByLayers, find, inside, slices, withOutput } from "./regions.js";

const SIDE = 340, LEFT = 38, TOP = 8; // the square of the plane inside its 386 x 384 picture
const HUES = ["blue", "orange", "green", "purple"];
const TINTS = 2 * HUES.length; // each hue faint and less faint
const BANDS = 8; // of the output, on either side of 0, at most

const sub = (k) => [...String(k)].map((digit) => "₀₁₂₃₄₅₆₇₈₉"[digit]).join("");
const count = (n, word) => `${n} ${word}${n === 1 ? "" : "s"}`;
const shown = (value) => num(Number(value.toFixed(9))); // rounded first where Python still agrees
const term = (value) => (shown(value).startsWith("−") ? `− ${shown(value).slice(1)}` : `+ ${shown(value)}`);
const sameUnits = (p, q) => p.every((layer, l) => layer.every((on, i) => on === q[l][i]));
const onNow = (pattern) => pattern.map((layer, l) => `layer ${l + 1}: ` +
  (layer.flatMap((on, i) => (on ? [i + 1] : [])).join(", ") || "none")).join("; ");

/** All that is worked out from the state before anything is said or drawn. */
function study({ network, extent, layers, probe }) {
  const found = cutByLayers(network, [-extent, -extent], [extent, extent]);
  const whole = found.at(-1).map((region) => withOutput(region, network));
  const outputs = whole.flatMap(({ vertices, A, c }) => vertices.map(([x, y]) => x * A[0][0] + y * A[1][0] + c[0]));
  const index = find(found[layers - 1], probe);
  return { found, whole, index, cells: found[layers - 1], last: layers === found.length,
    low: Math.min(...outputs), high: Math.max(...outputs) };
}

/** What a network of these sizes can have on the whole plane. */
function possible(sizes, { most, reached, flat }) {
  if (sizes.length === 3) return `On the whole plane ${count(sizes[1], "unit")} in one layer have at most ${most.at(-1)}.`;
  const some = reached.at(-1) === null ? "" : `, and some have at least ${reached.at(-1)}`;
  const units = sizes.slice(1, -1).reduce((sum, n) => sum + n, 0);
  return `On the whole plane networks of these sizes have at most ${most.at(-1)}${some}; ` +
    `${count(units, "unit")} in one layer have at most ${flat}.`;
}

/** What is known of one region of a study, in two sentences: its units, and its map or what the next layer makes of it. */
function told({ found, whole, cells, last }, index) {
  const { pattern } = cells[index];
  const units = `Units on: ${onNow(pattern)}.`;
  if (last) {
    const { A: [[p], [q]], c: [c] } = whole[index];
    return [units, `y = ${shown(p)} x₁ ${term(q)} x₂ ${term(c)}`];
  }
  const parts = found[pattern.length].filter((cell) => cell.parent === index).length;
  return [units, `Layer ${pattern.length + 1} ${parts > 1 ? `cuts it into ${parts} parts` : "does not cut it"}.`];
}

/** The output of the network, by its layers. */
const output = ({ W, b }, x) => W.reduce((a, weights, l) => b[l].map((bias, j) => {
  const z = a.reduce((sum, v, i) => sum + v * weights[i][j], bias);
  return l < W.length - 1 ? Math.max(z, 0) : z;
}), x)[0];
const isRight = (network, x, label) => (output(network, x) > 0 ? 1 : 0) === label;

/** The picture sentence by sentence: the regions, the output, and where the probe is. */
function sentences(state, now) {
  const { network, layers, probe, points, labels, bounds } = state;
  const here = now.cells[now.index];
  const [units, map] = told(now, now.index);
  const right = points.filter((x, i) => isRight(network, x, labels[i])).length;
  const y = now.last && now.whole[now.index];
  return {
    counts: `Regions in the square: ${now.found.map((each, l) => `${each.length} after layer ${l + 1}`).join(", ")}.`,
    bounds: possible(network.sizes, bounds),
    range: `The output goes from ${shown(now.low)} to ${shown(now.high)}.`,
    tally: points.length ? `${right} of ${count(points.length, "point")} lie on their own side of output 0.` : "",
    cuts: now.last ? "" : `The picture shows the cuts of ${layers > 1 ? `layers 1 to ${layers}` : "layer 1"}.`,
    place: `The probe x₁ = ${num(probe[0])}, x₂ = ${num(probe[1])} lies in a region of ${count(here.vertices.length, "corner")} ` +
      `and area ${shown(area(here.vertices))}.`,
    units,
    map: now.last ? `On it ${map}; at the probe y = ${shown(probe[0] * y.A[0][0] + probe[1] * y.A[1][0] + y.c[0])}.` : map,
  };
}

const paragraph = ({ network, extent }, { counts, bounds, range, tally, cuts, place, units, map }) =>
  [`A ReLU network ${network.sizes.join("-")} on the square |x₁|, |x₂| ≤ ${num(extent)}.`, counts, bounds, range, tally, cuts,
    place, units, map].filter(Boolean).join(" ");

/** The same as one paragraph; a screen reader, a printed page and a page without scripts get these words. */
export const describe = (state) => paragraph(state, sentences(state, study(state)));

/** A number below TINTS for a region. Across the bend of one unit it changes, whatever the others do. */
function tint(pattern) {
  let sum = 0;
  pattern.forEach((layer, l) => layer.forEach((on, i) => (sum += on ? 1 + ((3 * i + 5 * l) % (TINTS - 1)) : 0)));
  return sum % TINTS;
}

/** 1, 2 or 5 times a power of ten, so that `most` is at most BANDS steps. */
function bandStep(most) {
  if (most === 0) return 1;
  const power = 10 ** Math.floor(Math.log10(most / BANDS));
  return power * [1, 2, 5, 10].find((t) => t * power * BANDS >= most);
}

export default explorable((ui) => {
  const { get, change, spec } = ui;
  const extent = get("extent");
  const { sizes, low, high } = spec.limits.network;
  const depth = sizes.length - 2;
  const step = 0.05;
  const pxPerUnit = SIDE / (2 * extent);
  const px = (x) => [LEFT + (x[0] + extent) * pxPerUnit, TOP + (extent - x[1]) * pxPerUnit];
  const unpx = (x, y) => [(x - LEFT) / pxPerUnit - extent, extent - (y - TOP) / pxPerUnit];
  // Python sends a network of other sizes, and what it brings along, one after the other; the last of it builds all this anew.
  let fitting = spec.start.network;
  const network = () => (String(get("network").sizes) === String(sizes) ? (fitting = get("network")) : fitting);
  const layers = () => Math.min(get("layers"), depth);
  const unitNow = () => (spec.limits.unit.options.includes(get("unit")) ? get("unit") : "1.1");
  const state = () => ({ network: network(), extent, layers: layers(), probe: get("probe"), points: get("points"),
    labels: get("labels"), bounds: spec.bounds });
  const chosen = () => unitNow().split(".").map((k) => k - 1); // [layer, unit], from 0
  let now, said; // worked out anew whenever something changes

  const edit = (layer, write) => {
    const edited = structuredClone(network());
    write(edited.W[layer], edited.b[layer]);
    change({ network: edited });
  };
  const setProbe = (x, fine = 0.01) => change({ probe: x.map((v) => roundTo(clamp(v, -extent, extent), fine)) });
  const normal = (unit) => network().W[0].map((row) => row[unit]);
  /** The bias as a hand on the line may set it: the line stays in the picture, or it could not be taken again. */
  const slideLine = (unit, b) => {
    const w = normal(unit);
    const most = Math.max(0, Math.min(high, extent * (Math.abs(w[0]) + Math.abs(w[1])) - 0.12 * extent * norm(w)));
    const fit = Math.trunc(clamp(b, -most, most) / 0.01 + 1e-9 * Math.sign(b)) * 0.01;
    edit(0, (W, bias) => (bias[unit] = roundTo(fit, 0.01)));
  };

  // --- the plane
  const clipId = uid("clip");
  const ink = (name, attributes) => s("path", { class: name, ...attributes });
  const tints = Array.from({ length: TINTS }, (_, t) => ink(`mb-tile mb-${HUES[t % HUES.length]}`, { "fill-opacity": t < HUES.length ? 0.17 : 0.36 }));
  const bands = Array.from({ length: 2 * BANDS }, (_, t) => ink(`mb-tile mb-${t < BANDS ? "orange" : "blue"}`,
    { "fill-opacity": (0.07 * (t < BANDS ? BANDS - t : t - BANDS + 1)).toFixed(2) }));
  const ground = s("rect", { x: LEFT, y: TOP, width: SIDE, height: SIDE, class: "mb-target" });
  const cuts = Array.from({ length: depth }, (_, l) => ink("mb-cut", { "stroke-width": [2, 1.2, 0.9][l] ?? 0.7 }));
  const zero = ink("mb-nil"), bend = ink("mb-fold mb-whole"), here = ink("mb-here"), data = s("g", {});
  const lines = Array.from({ length: sizes[1] }, (_, unit) => {
    const hit = ink("mb-hit", { style: `stroke-width: ${sizes[1] > 8 ? 12 : 20}px` }), line = ink("mb-line mb-unit");
    const node = s("g", {}, hit, line);
    draggable(node, {
      label: `Line of unit ${unit + 1}`,
      drag: (x, y) => slideLine(unit, -dot(normal(unit), unpx(x, y))),
      nudge: (dx, dy) => { // the line follows the arrow, so b moves against it
        const along = dx * normal(unit)[0] + dy * normal(unit)[1];
        const way = Math.sign(along) || Math.sign(dx + dy); // no key is dead, not even along the line
        slideLine(unit, network().b[0][unit] - way * step * Math.max(Math.abs(dx), Math.abs(dy)));
      },
    });
    node.addEventListener("pointerdown", () => change({ unit: `1.${unit + 1}` })); // its sliders come with it
    return { node, hit, line, text: s("text", { class: "mb-halo mb-strong", "text-anchor": "middle" }, String(unit + 1)), side: ink("mb-side-on") };
  });
  const probeHandle = s("g", {}, s("circle", { class: "mb-target", r: 16 }), s("circle", { class: "mb-ring", r: 11 }),
    s("path", { class: "mb-probe", d: "M0-7L7 0L0 7L-7 0Z" }));
  draggable(probeHandle, { label: "Probe", drag: (x, y) => setProbe(unpx(x, y)),
    nudge: (dx, dy) => setProbe([get("probe")[0] + dx * step, get("probe")[1] + dy * step]) });
  const ticks = [-1, -0.5, 0, 0.5, 1].map((t) => t * extent).flatMap((t) => {
    const [x, y] = px([t, t]);
    const text = num(t, Number.isInteger(t) ? 0 : Number.isInteger(10 * t) ? 1 : 2);
    return [s("text", { x, y: TOP + SIDE + 15, "text-anchor": "middle" }, text),
      s("text", { x: LEFT - 6, y: y + 4, "text-anchor": "end" }, text)];
  });
  const plane = s("svg", { viewBox: "0 0 386 384", class: "mb-plane", role: "group",
    "aria-label": "The plane of inputs, cut into the regions on which the network is affine" },
    s("defs", {}, s("clipPath", { id: clipId }, s("rect", { x: LEFT, y: TOP, width: SIDE, height: SIDE }))),
    s("g", { class: "mb-ticks", "aria-hidden": "true" }, ...ticks,
      s("text", { x: LEFT + SIDE / 2, y: TOP + SIDE + 31, "text-anchor": "middle" }, "x₁"),
      s("text", { x: 11, y: TOP + SIDE / 2, "text-anchor": "middle", transform: `rotate(-90 11 ${TOP + SIDE / 2})` }, "x₂")),
    s("g", { "clip-path": `url(#${clipId})` }, ...tints, ...bands, ground, ...cuts.toReversed(), ...lines.map(({ node }) => node), bend, zero, here, data),
    s("rect", { x: LEFT, y: TOP, width: SIDE, height: SIDE, class: "mb-frame" }),
    ...lines.flatMap(({ side, text }) => [side, text]), probeHandle);

  // Under the pointer: the region lights up, and a line of text tells its map. A tap brings the probe there.
  const glow = h("div", { class: "mb-glow", hidden: true });
  const hint = "Drag a thick line. Point at a region to read it; tap it, or drag the violet diamond, to keep it.";
  const pointed = h("p", { class: "mb-note mb-pointed" }, hint);
  const pointAt = (event) => {
    const p = new DOMPoint(event.clientX, event.clientY).matrixTransform(plane.getScreenCTM().inverse());
    return unpx(p.x, p.y);
  };
  const leave = () => {
    glow.hidden = true;
    pointed.textContent = hint;
  };
  plane.addEventListener("pointermove", (event) => {
    const x = pointAt(event);
    if (event.pointerType === "touch" || event.buttons || Math.max(...x.map(Math.abs)) > extent) return leave();
    const index = find(now.cells, x);
    const [units, map] = told(now, index);
    pointed.textContent = `${map}${map.endsWith(".") ? "" : "."} ${units}`;
    const corners = now.cells[index].vertices.map(px).map(([u, v]) => `${((100 * u) / 386).toFixed(2)}% ${((100 * v) / 384).toFixed(2)}%`);
    glow.style.clipPath = `polygon(${corners.join(", ")})`;
    glow.hidden = false;
  });
  plane.addEventListener("pointerleave", leave);
  ground.addEventListener("click", (event) => setProbe(pointAt(event)));

  // --- the network, as it is in the probe's region
  const tallest = Math.max(...sizes);
  const HEIGHT = clamp(26 * tallest, 110, 240), WIDTH = 340;
  const at = (l, i) => [22 + (l * (WIDTH - 44)) / (depth + 1), 14 + ((i + 0.5) * (HEIGHT - 28)) / sizes[l] ];
  const radius = Math.min(10, (HEIGHT - 28) / tallest / 2 - 1);
  const wires = ink("mb-wires"), offWires = ink("mb-wires mb-off");
  const nodes = sizes.map((n, l) => Array.from({ length: n }, (_, i) => {
    const [cx, cy] = at(l, i);
    const circle = s("circle", { cx, cy, r: radius });
    if (l) circle.addEventListener("click", () => change({ unit: `${l}.${i + 1}` })); // as the menu does
    return circle;
  }));
  const diagram = s("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, class: "mb-network mb-circuit", role: "img" }, offWires, wires,
    ...nodes.flat(), ...sizes.map((_, l) => s("text", { x: at(l, 0)[0], y: HEIGHT - 1, "text-anchor": "middle", class: "mb-small" },
      l === 0 ? "x" : l > depth ? "y" : `layer ${l}`)));

  // --- the controls
  const unitName = (name) => {
    const [l, i] = name.split(".").map(Number);
    return l > depth ? "output" : `layer ${l}, unit ${i}`;
  };
  const cutsShown = (k) => (k === depth ? `all ${depth} layers` : k === 1 ? "layer 1" : `layers 1 to ${k}`);
  const layersRow = ui.menu({ label: "Cuts of", options: Array.from({ length: depth }, (_, i) => [depth - i, cutsShown(depth - i)]),
    read: () => layers(), write: (value) => change({ layers: Number(value) }) });
  layersRow.hidden = depth === 1;
  const regionRow = ui.slider({ label: "Region", low: 1, high: 1, step: 1, read: () => now.index + 1, text: (v) => `${v} of ${now.cells.length}`,
    write: (v) => {
      const cell = now.cells[v - 1];
      const middle = inside(cell.vertices), rounded = middle.map((u) => roundTo(u, 0.01));
      change({ probe: find(now.cells, rounded) === v - 1 ? rounded : middle });
    }, means: () => `${said.units} ${said.map}` });
  regionRow.classList.add("mb-many"); // "18 of 25" takes room
  const coordinate = (k) => ui.slider({ label: `probe x${sub(k + 1)}`, low: -extent, high: extent, step, read: () => get("probe")[k],
    write: (v) => setProbe(get("probe").map((old, i) => (i === k ? v : old))), text: (v) => num(v), means: () => said.map });
  [0, 1].forEach(coordinate);
  ui.toggle({ label: "colour by output", read: () => get("shade"), write: (shade) => change({ shade }) });
  ui.menu({ label: "Weights of", options: spec.limits.unit.options.map((name) => [name, unitName(name)]), read: () => unitNow(),
    write: (unit) => change({ unit }) });
  const regionsNow = () => count(now.cells.length, "region");
  const weight = (i) => ui.slider({ label: `w${sub(i + 1)}`, low, high, step, text: (v) => num(v),
    means: () => `from ${chosen()[0] ? `unit ${i + 1} of layer ${chosen()[0]}` : `x${sub(i + 1)}`}, ${regionsNow()}`,
    read: () => network().W[chosen()[0]][i]?.[chosen()[1]] ?? 0,
    write: (v) => edit(chosen()[0], (W) => (W[i][chosen()[1]] = v)) });
  const weightRows = Array.from({ length: Math.max(...sizes.slice(0, -1)) }, (_, i) => weight(i));
  ui.slider({ label: "b", low, high, step, text: (v) => num(v), means: regionsNow, read: () => network().b[chosen()[0]][chosen()[1]],
    write: (v) => edit(chosen()[0], (W, b) => (b[chosen()[1]] = v)) });

  // --- what is drawn
  const dots = (corners) => corners.map((x) => {
    const [u, v] = px(x);
    return `${Math.round(10 * u) / 10} ${Math.round(10 * v) / 10}`;
  });
  const polygon = (corners) => `M${dots(corners).join("L")}Z`;

  function drawRegions(shade, width) {
    const d = new Array((shade ? bands : tints).length).fill("");
    if (shade) {
      for (const region of now.whole) {
        for (const [k, corners] of slices(region, width)) d[clamp(k + BANDS, 0, 2 * BANDS - 1)] += polygon(corners);
      }
    } else for (const { vertices, pattern } of now.cells) d[tint(pattern)] += polygon(vertices);
    tints.forEach((each, t) => set(each, { d: shade ? "" : d[t] }));
    bands.forEach((each, t) => set(each, { d: shade ? d[t] : "" }));
  }

  function drawEdges() {
    const d = cuts.map(() => "");
    const [layer, unit] = chosen();
    let mine = "";
    for (const { vertices, by, pattern } of now.cells) {
      by.forEach((maker, i) => {
        if (!maker || !pattern[maker[0]][maker[1]]) return; // each edge once: from the side on which its unit is on
        const [p, q] = dots([vertices[i], vertices[(i + 1) % vertices.length]]);
        d[maker[0]] += `M${p}L${q}`;
        if (maker[0] === layer && maker[1] === unit) mine += `M${p}L${q}`;
      });
    }
    cuts.forEach((each, l) => set(each, { d: d[l] }));
    set(bend, { d: mine });
    set(here, { d: polygon(now.cells[now.index].vertices) });
  }

  /** Where the output is 0. */
  function drawZero() {
    let d = "";
    for (const { vertices, A: [[p], [q]], c: [c] } of now.whole) {
      const y = vertices.map(([u, v]) => u * p + v * q + c);
      const ends = vertices.flatMap((x, i) => {
        const j = (i + 1) % vertices.length;
        if ((y[i] > 0) === (y[j] > 0)) return [];
        return [x.map((v, k) => v + (y[i] / (y[i] - y[j])) * (vertices[j][k] - v))];
      });
      if (ends.length === 2) d += `M${dots(ends).join("L")}`;
    }
    set(zero, { d });
  }

  function drawLines() {
    lines.forEach(({ node, hit, line, text, side }, unit) => {
      const w = normal(unit), b = network().b[0][unit];
      const ends = clipLine(w, b, extent);
      const mine = unitNow() === `1.${unit + 1}`;
      node.style.display = ends ? "" : "none";
      [text, side].forEach((each) => (each.style.display = ends && (mine || lines.length <= 8) ? "" : "none")); // or they would crowd
      setValue(node, { now: b, low, high, text: ends
        ? `bias ${num(b)}: the line lies ${num(Math.abs(b) / norm(w))} from the origin; ${regionsNow()}` : "outside the picture" });
      if (!ends) return;
      [hit, line].forEach((each) => set(each, { d: path(ends.map(px)) }));
      node.classList.toggle("mb-chosen", mine);
      // the number stands at one end, with a tick to the side on which the unit is on
      const [p, q] = ends.map(px), length = Math.hypot(q[0] - p[0], q[1] - p[1]);
      const away = Math.min(length / 3, 24 + 6 * (unit % 3));
      const spot = p.map((v, k) => v + ((q[k] - v) * away) / length);
      const to = [w[0] / norm(w), -w[1] / norm(w)];
      set(side, { d: path([spot, spot.map((v, k) => v + 11 * to[k])]) });
      set(text, { x: clamp(spot[0] + 20 * to[0], LEFT + 8, LEFT + SIDE - 8), y: clamp(spot[1] + 20 * to[1] + 5, TOP + 12, TOP + SIDE - 4) });
    });
    set(probeHandle, { transform: `translate(${px(get("probe"))})` });
    setValue(probeHandle, { now: get("probe")[0], low: -extent, high: extent,
      text: `x₁ ${num(get("probe")[0])}, x₂ ${num(get("probe")[1])}. ${said.units} ${said.map}` });
  }

  function drawData() {
    const [points, labels] = [get("points"), get("labels")];
    data.replaceChildren(...points.flatMap((x, i) => {
      const [cx, cy] = px(x);
      const mark = labels[i] === 1 ? s("circle", { cx, cy, r: 4.2, class: "mb-one" })
        : s("rect", { x: cx - 3.8, y: cy - 3.8, width: 7.6, height: 7.6, class: "mb-zero" });
      return isRight(network(), x, labels[i]) ? [mark] : [mark, s("circle", { cx, cy, r: 8, class: "mb-wrong" })];
    }));
  }

  function drawNetwork() {
    const { pattern } = now.cells[now.index];
    const isOn = (l, i) => l === 0 || (pattern[l - 1]?.[i] ?? (l > depth && now.last));
    const [layer, unit] = chosen();
    const d = ["", ""];
    nodes.forEach((column, l) => column.forEach((circle, i) => {
      const known = l <= pattern.length || (l > depth && now.last);
      circle.setAttribute("class", `mb-node ${known ? (isOn(l, i) ? "mb-lit" : "") : "mb-unknown"} ${l === layer + 1 && i === unit ? "mb-mine" : ""}`);
      if (l && known) nodes[l - 1].forEach((_, k) => (d[isOn(l, i) && isOn(l - 1, k) ? 0 : 1] += path([at(l - 1, k), at(l, i)])));
    }));
    set(wires, { d: d[0] });
    set(offWires, { d: d[1] });
    set(diagram, { "aria-label": `The network in the probe's region. ${said.units}` });
  }

  // --- the numbers
  const rows = Array.from({ length: depth }, (_, l) => ({ here: h("td"), cells: [
    spec.bounds.reached[l] === null ? "–" : String(spec.bounds.reached[l]), String(spec.bounds.most[l])] }));
  const table = h("table", { class: "mb-matrix" },
    h("thead", {}, h("tr", {}, h("th", { scope: "col" }, "Regions"), ...["here", "some have", "at most"].map((name) => h("th", { scope: "col" }, name)))),
    h("tbody", {}, ...rows.map((row, l) => h("tr", {}, h("th", { scope: "row" }, `after layer ${l + 1}`), row.here, ...row.cells.map((text) => h("td", {}, text))))));
  const line = (name = "") => h("p", { class: `mb-readout ${name}` });
  const possibleText = line("mb-note"), place = line(), map = line("mb-formula"), tally = line(), legend = line("mb-note");

  return {
    picture: h("div", { class: "mb-panels mb-top" },
      h("div", { class: "mb-panel" }, h("div", { class: "mb-cover" }, plane, glow), pointed),
      h("div", { class: "mb-panel" }, h("div", { class: "mb-readout" }, table), possibleText, diagram, place, map, tally, legend)),
    prepare() {
      now = study(state());
      said = sentences(state(), now);
    },
    draw() {
      leave();
      const shade = get("shade"), width = bandStep(Math.max(Math.abs(now.low), Math.abs(now.high)));
      drawRegions(shade, width);
      drawEdges();
      if (shade || get("points").length) drawZero();
      else set(zero, { d: "" });
      drawLines();
      drawData();
      drawNetwork();
      rows.forEach((row, l) => (row.here.textContent = String(now.found[l].length)));
      possibleText.textContent = said.bounds;
      place.textContent = `${said.place} ${said.units}`;
      map.textContent = said.map;
      map.classList.toggle("mb-formula", now.last);
      tally.textContent = said.tally;
      tally.hidden = !said.tally;
      legend.textContent = [
        shade ? `${said.range} Blue where it is positive, orange where negative, a shade for each ${width}.`
          : "Thick lines are layer 1's, thinner ones later layers'. The tick at a number points to where that unit is on.",
        "Green: where the chosen unit bends the plane.",
        shade || said.tally ? "Dotted: output 0." : "",
        said.tally ? "Blue discs have label 1, orange squares label 0; a ring marks the wrong ones." : ""].join(" ").trim();
      const input = regionRow.querySelector("input");
      input.max = now.cells.length; // only now is it known how many there are
      input.value = now.index + 1;
      weightRows.forEach((row, i) => (row.hidden = i >= sizes[chosen()[0]]));
    },
    describe: () => paragraph(state(), said), // worked out just before
    say: () => `${regionsNow()}. ${said.units} ${said.map}`,
  };
});
