// The plane of the playground: what the network answers everywhere, or where it sends each point; the data; the probe.

import { draggable, h, num, path, s, set, setValue } from "./dom.js";
import { clamp, roundTo } from "./plane.js";
import { gridOver, view } from "./playground_data.js";
import { css, paintClasses, paintPoints, paintValues, tile } from "./playground_paint.js";

const SIDE = 340, LEFT = 38, TOP = 8;
const CELLS = 60, FEWER = 36, MANY = 500; // cells along a side; fewer for a network of many weights
const SCALE = 2; // canvas pixels for one of the picture's

/** A round number at most about v: 1, 2 or 5 times a power of ten. */
function round(v) {
  const power = 10 ** Math.floor(Math.log10(v));
  return power * [5, 2, 1].find((t) => t * power <= v);
}

/** Where a value on a grid of n x n changes sign, as pieces of lines in cells: [[[x, y], [x, y]], ...] (marching squares). */
export function zeroLines(value, n) {
  const pieces = [];
  for (let i = 0; i + 1 < n; i++) {
    for (let j = 0; j + 1 < n; j++) {
      const corners = [[j, i], [j + 1, i], [j + 1, i + 1], [j, i + 1]];
      const v = corners.map(([x, y]) => value(y * n + x));
      const cuts = [];
      for (let k = 0; k < 4; k++) {
        const m = (k + 1) % 4;
        if ((v[k] > 0) === (v[m] > 0)) continue;
        const t = v[k] / (v[k] - v[m]);
        cuts.push([corners[k][0] + t * (corners[m][0] - corners[k][0]), corners[k][1] + t * (corners[m][1] - corners[k][1])]);
      }
      for (let k = 0; k + 1 < cuts.length; k += 2) pieces.push([cuts[k], cuts[k + 1]]);
    }
  }
  return pieces;
}

/** onTap(x, put): the reader points at a place of the plane, where put(x) brings the probe; onEnter(): a key on the probe.
 * {node, settle(session, colours), draw(session, colours), say(words)} */
export function plane(ui, { probe, locked, hidden, setProbe, onTap, onEnter }) {
  const canvas = h("canvas", { width: SIDE * SCALE, height: SIDE * SCALE, "aria-hidden": "true" });
  const over = h("canvas", { width: SIDE * SCALE, height: SIDE * SCALE, "aria-hidden": "true" });
  const maps = [CELLS, FEWER].map(tile), border = s("path", { class: "mb-border" });
  const ground = s("rect", { x: LEFT, y: TOP, width: SIDE, height: SIDE, class: "mb-target" });
  const ticks = s("g", { class: "mb-ticks", "aria-hidden": "true" }), moved = s("path", { class: "mb-aim" });
  const names = s("g", { "aria-hidden": "true" }, s("text", { x: LEFT + SIDE - 8, y: TOP + SIDE - 9, "text-anchor": "end", class: "mb-halo" }, "x₁"),
    s("text", { x: LEFT + 9, y: TOP + 19, class: "mb-halo" }, "x₂"));
  const handle = s("g", {}, s("circle", { class: "mb-target", r: 16 }), s("circle", { class: "mb-ring", r: 11 }), s("path", { class: "mb-probe", d: "M0-7L7 0L0 7L-7 0Z" }));
  const svg = s("svg", { viewBox: "0 0 386 370", role: "group", class: "mb-plane" }, ticks, border, ground,
    s("rect", { x: LEFT, y: TOP, width: SIDE, height: SIDE, class: "mb-frame" }), names, moved, handle);
  const cover = h("div", { class: "mb-cover mb-field" }, canvas, over, svg);
  let box = [-1, -1, 2], grids;

  const px = (x1, x2) => [LEFT + ((x1 - box[0]) / box[2]) * SIDE, TOP + SIDE - ((x2 - box[1]) / box[2]) * SIDE];
  const unpx = (x, y) => [box[0] + ((x - LEFT) / SIDE) * box[2], box[1] + ((TOP + SIDE - y) / SIDE) * box[2]];
  const onCanvas = (x1, x2) => px(x1, x2).map((v, i) => (v - [LEFT, TOP][i]) * SCALE);
  const places = (x, rows) => rows.map((i) => onCanvas(x[2 * i], x[2 * i + 1]));
  const fine = () => Number((round(box[2]) / 500).toPrecision(1));
  const put = (x) => setProbe(x.map((v, i) => roundTo(clamp(v, box[i], box[i] + box[2]), fine())));
  if (!locked) {
    draggable(handle, { label: "Probe", drag: (x, y) => put(unpx(x, y)), nudge: (dx, dy) => {
      const step = 5 * fine();
      put([probe()[0] + dx * step, probe()[1] + dy * step]);
    } });
    handle.addEventListener("keydown", (event) => {
      if (event.key === "Enter" || event.key === " ") event.preventDefault(), onEnter();
    });
  }
  if (hidden) handle.style.display = "none";
  ground.addEventListener("click", (event) => {
    const p = new DOMPoint(event.clientX, event.clientY).matrixTransform(svg.getScreenCTM().inverse());
    onTap(unpx(p.x, p.y), put);
  });

  /** The data, where they do not move. */
  function points({ task: { data, test, classes } }, colours) {
    const context = over.getContext("2d");
    context.clearRect(0, 0, over.width, over.height);
    for (const [set, hollow] of [[test, true], [data, false]]) {
      if (!set) continue;
      const radius = SCALE * (set.n > 2000 ? 1.6 : set.n > 400 ? 2.6 : 3.8);
      const rows = Array.from({ length: set.n }, (_, i) => i);
      if (classes) for (let c = 0; c < classes; c++) paintPoints(context, places(set.x, rows.filter((i) => set.labels[i] === c)), c, hollow ? 0.8 * radius : radius, colours, hollow);
      else targetsAlong(context, set, rows, radius, colours, hollow);
    }
  }

  /** Points with a number for a target: discs and squares, the larger the further from the middle. */
  function targetsAlong(context, { x, y }, rows, radius, colours, hollow) {
    const [low, high] = [Math.min(...y), Math.max(...y)], middle = (low + high) / 2;
    for (const label of [0, 1]) paintPoints(context, places(x, rows.filter((i) => (y[i] > middle ? 1 : 0) === label)), label, radius, colours, hollow);
  }

  /** Where the network sends each point now, and where it should. */
  function cloud({ task: { data }, mlp }, colours) {
    const context = over.getContext("2d"), out = mlp.forward(data.x), r = SCALE * (data.n > 400 ? 2.2 : 3.2);
    context.clearRect(0, 0, over.width, over.height);
    context.beginPath();
    for (let i = 0; i < data.n; i++) context.moveTo(...onCanvas(out[2 * i], out[2 * i + 1])), context.lineTo(...onCanvas(data.y[2 * i], data.y[2 * i + 1]));
    Object.assign(context, { strokeStyle: css(colours.muted, 0.35), lineWidth: SCALE * 0.6 });
    context.stroke();
    const rows = Array.from({ length: data.n }, (_, i) => i);
    paintPoints(context, places(data.y, rows), 0, r, colours, true);
    paintPoints(context, places(out, rows), 1, r, colours, false);
  }

  function answers({ mlp, task: { classes, loss, outputs, data } }, colours) {
    const which = mlp.theta.length > MANY ? 1 : 0, map = maps[which], cells = [CELLS, FEWER][which];
    const out = mlp.forward(grids[which]);
    const paint = (value) => colours && paintValues(map, value, colours);
    let level = (i) => out[i];
    if (outputs > 1) {
      if (colours) paintClasses(map, out, outputs, colours);
      level = outputs === 2 ? (i) => out[2 * i + 1] - out[2 * i] : null;
    } else if (!classes) {
      const [low, high] = [Math.min(...data.y), Math.max(...data.y)], middle = (low + high) / 2, reach = (high - low) / 2 || 1;
      paint((i) => (out[i] - middle) / reach);
      level = (i) => out[i] - middle;
    } else if (loss === "mse") {
      level = (i) => out[i] - 0.5;
      paint((i) => 2 * level(i));
    } else paint((i) => Math.tanh(out[i] / 2)); // 2 p - 1
    const context = canvas.getContext("2d");
    context.imageSmoothingEnabled = true;
    context.drawImage(map.canvas, 0, 0, canvas.width, canvas.height);
    const cell = SIDE / cells, at = ([x, y]) => [LEFT + (x + 0.5) * cell, TOP + (y + 0.5) * cell];
    set(border, { d: level ? path(zeroLines(level, cells).flatMap(([p, q]) => [at(p), at(q), null])) : "" });
  }

  const isCloud = ({ task: { data } }) => data.k === 2;

  return {
    node: cover, view: () => box,
    /** After the data have changed, or the start: the axes, the points. */
    settle(session, colours) {
      box = view(ui.spec, ui.get, session.task, session.sent);
      grids = [CELLS, FEWER].map((n) => gridOver(box, n));
      const step = round(box[2] / 4), digits = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
      const at = (low) => Array.from({ length: 9 }, (_, i) => (Math.ceil(low / step) + i) * step).filter((v) => v <= low + box[2] + 1e-9);
      ticks.replaceChildren(
        ...at(box[0]).map((v) => s("text", { x: px(v, 0)[0], y: TOP + SIDE + 15, "text-anchor": "middle" }, num(v, digits))),
        ...at(box[1]).map((v) => s("text", { x: LEFT - 6, y: px(0, v)[1] + 4, "text-anchor": "end" }, num(v, digits))));
      names.style.display = isCloud(session) ? "none" : "";
      if (colours && !isCloud(session)) points(session, colours);
      const context = canvas.getContext("2d");
      context.clearRect(0, 0, canvas.width, canvas.height);
      set(border, { d: "" });
      set(svg, { "aria-label": isCloud(session) ? "Where the network sends each point, and where it should" : "What the network answers over the plane, and the data" });
    },
    draw(session, colours) {
      if (isCloud(session)) colours && cloud(session, colours);
      else answers(session, colours);
      const x = probe().map((v, i) => clamp(v, box[i], box[i] + box[2]));
      if (isCloud(session)) set(moved, { d: path([px(...x), px(...session.mlp.forward(Float64Array.from(probe())))]) });
      else set(moved, { d: "" });
      set(handle, { transform: `translate(${px(...x)})` });
    },
    say(words) {
      if (!locked) setValue(handle, { now: probe()[0], low: box[0], high: box[0] + box[2], text: words });
    },
  };
}
