// ApproximationBuilder: a network built by hand to follow a curve: its knots to move, its units one by one, and its score.

import { at, bestHeights, bestHinges, bestLevels, bestStaircase, evenKnots, hinges, interpolantBound, lipschitzBound, reluInterpolant,
  staircase, supError, terms, value } from "./approximation.js";
import { draggable, grip, h, num, path, s, set, setValue, uid } from "./dom.js";
import { explorable } from "./explorable.js";
import { clamp, roundTo } from "./plane.js";
import { python } from "./state.js";

const LEFT = 40, RIGHT = 14, TOP = 10, PLOT = 250, UNITS = 110; // margins; the heights of the two graphs
const REACH = 1.25; // the graph shows heights from -1.25 to 1.25
const STEP = 0.01, RAISE = 0.05; // of a knot; of the curve under the pen
const DECADES = [-3, 1]; // the powers of ten on the axis of errors
const DIGITS = 6; // significant ones, of the numbers in printed code

/** The values of the target at even points. */
function targetOf({ target, drawn, targets, grain, samples, by_hand: byHand }) {
  if (target === byHand) return Array.from({ length: samples }, (_, i) => at(drawn, i / (samples - 1)));
  let whole = 0;
  return targets[target].deltas.map((delta) => (whole += delta) / grain);
}

function build(f, { units, best_heights: least, steepness }, knots) {
  if (units === "steps") return least ? bestLevels(f, knots) : staircase(f, knots, steepness);
  return least ? hinges([0, ...knots, 1], bestHeights(f, knots)) : reluInterpolant(f, knots);
}

/** state -> {f, net, n, error, near, even, best: {knots, error}, bound, how}. What only the target decides is worked out once. */
function scorer() {
  let f, about = null, kept = new Map();
  const once = (key, make) => {
    if (!kept.has(key)) kept.set(key, make());
    return kept.get(key);
  };
  return (state) => {
    const { target, drawn, targets, units, knots, by_hand: byHand } = state;
    const key = JSON.stringify([target, target === byHand && drawn]);
    if (key !== about) f = targetOf(state), kept = new Map(), about = key;
    const count = knots.length, n = count + (units === "hinges");
    const net = build(f, state, knots);
    const even = once(`even ${units} ${count} ${state.best_heights}`, () => supError(build(f, state, evenKnots(count)), f).error);
    const best = once(`best ${units} ${n}`, () => (units === "hinges" ? bestHinges : bestStaircase)(f, n));
    const { lipschitz, curvature } = target === byHand
      ? { lipschitz: Math.max(...drawn.slice(1).map((v, i) => Math.abs(v - drawn[i]))) * (drawn.length - 1), curvature: null } : targets[target];
    const gap = Math.max(...[...knots, 1].map((t, i) => t - (knots[i - 1] ?? 0)));
    const curved = units === "hinges" && curvature !== null;
    // A line between two points of f errs by at most (1 - s) L s h + s L (1 - s) h, at the share s of the way: L h / 2.
    const bound = curved ? interpolantBound(curvature, knots) : lipschitzBound(lipschitz, knots);
    const how = curved ? `max |f″| h² / 8 = ${num(curvature)} × ${num(gap, 3)}² / 8` : `L h / 2 = ${num(lipschitz)} × ${num(gap, 3)} / 2`;
    return { f, net, n, ...supError(net, f), even, best, bound, how, cornered: units === "hinges" && curvature === null };
  };
}

/** The same for one state alone. */
export const study = (state) => scorer()(state);

const listed = (parts) => (parts.length === 1 ? parts[0] : `${parts.slice(0, -1).join(", ")} and ${parts.at(-1)}`);
const manyOf = ({ units }, n) => `${n} ${n > 1 ? units : units.slice(0, -1)}`;

/** What the picture shows, sentence by sentence. */
function sentences(state, { f, net, n, error, near, even, best, bound, how, cornered }) {
  const { target, units, knots, best_heights: least, x, nothing, by_hand: byHand } = state;
  const many = manyOf(state, n), hinged = units === "hinges";
  const heights = least ? "at the heights that err least"
    : hinged ? "on the target at every knot" : "on the target in the middle of every step";
  const follows = `A network of ${many} (${net.activation} units) follows ` +
    `${target === byHand ? "the curve drawn by hand" : `the target “${target}”`} on [0, 1], with ${hinged ? "knots" : "jumps"} at ` +
    `${listed(knots.map((t) => num(t)))}, ${heights}.`;
  const largest = `Its largest error is ${num(error, 4)}, near x = ${num(near)}`;
  const verdict = error < nothing ? "It follows the target exactly, to four decimals."
    : best.error < nothing ? `${largest}; the best ${many} follow the target exactly, to four decimals.`
      : error <= 1.005 * best.error ? `${largest}, as small as the best ${many} can make it.`
        : `${largest}: ${num(error / best.error)} times that of the best ${many}, ${num(best.error, 4)}.`;
  const whose = cornered ? "The target has corners, where f″ does not exist; with its steepest slope L the bound" : "The theorem’s bound";
  const promise = `${whose} for these knots is ${how} = ${num(bound, 4)}, where h is the widest gap.`;
  const spread = `With its knots evenly spread it would err by ${num(even, 4)}.`;
  const values = `At x = ${num(x)} the target is ${num(at(f, x), 3)} and the network ${num(value(net, x), 3)}.`;
  return { follows, verdict, promise, spread, values };
}

const paragraph = (said) => Object.values(said).join(" ");

/** The same as one paragraph; a screen reader, a printed page and a page without scripts get these words. */
export const describe = (state) => paragraph(sentences(state, study(state)));

const rounded = (value) => (Array.isArray(value) ? value.map(rounded) : Number(value.toPrecision(DIGITS)));

/** Python that builds the network, to six digits. */
export const snippet = ({ sizes, activation, W, b }) => "mlp = mb.MLP.from_state({\n" +
  `    "sizes": ${python(sizes)}, "activation": ${python(activation)},\n` +
  `    "W": [${rounded(W).map(python).join(",\n          ")}],\n    "b": [${rounded(b).map(python).join(",\n          ")}]})`;

/** The network as a sum: "ŷ = −0.75 + 4.20 relu(x) − ..." */
function formula({ activation, W, b }) {
  const parts = W[1].map(([c], i) => {
    const w = W[0][0][i], t = -b[0][i] / w;
    const inside = t === 0 ? "x" : `x − ${num(t)}`;
    return ` ${c < 0 ? "−" : "+"} ${num(Math.abs(c))} ${activation}(${w === 1 ? inside : `${num(w, 0)}(${inside})`})`.replaceAll(" ", "\u00a0")
      .replace("\u00a0", " "); // a line may break before a term, not in it
  });
  return `ŷ = ${num(b[1][0])}${parts.join("")}`;
}

export default explorable((ui) => {
  const { get, change, spec } = ui;
  const KEYS = Object.keys(spec.limits);
  const FACTS = ["targets", "grain", "samples", "steepness", "nothing", "by_hand"];
  const state = () => Object.fromEntries([...KEYS.map((key) => [key, get(key)]), ...FACTS.map((key) => [key, spec[key]])]);
  const { gap, least: fewest, most } = spec.limits.knots;
  const places = spec.limits.drawn.size - 1;
  const WIDTH = ui.narrow ? 400 : 640;
  const BOTTOM = TOP + PLOT;
  const across = WIDTH - LEFT - RIGHT;
  const px = (x) => LEFT + x * across;
  const py = (v) => TOP + ((REACH - v) / (2 * REACH)) * PLOT;
  const unpx = (x) => (x - LEFT) / across;
  const unpy = (y) => REACH - ((y - TOP) / PLOT) * 2 * REACH;

  const byHand = () => get("target") === spec.by_hand;
  const place = () => Math.round(get("x") * places); // of the pen, among the points that a hand can move
  const setPlace = (i) => change({ x: clamp(i, 0, places) / places });
  const height = (v) => roundTo(clamp(v, -1, 1), 0.01);
  const heights = () => (look(), Array.from({ length: places + 1 }, (_, i) => (byHand() ? get("drawn")[i] : height(at(now.f, i / places)))));
  /** Raises or lowers the curve under the pen; a target with a name becomes a drawing. */
  const setHeight = (v) => change({ drawn: heights().map((old, i) => (i === place() ? height(v) : old)), target: spec.by_hand });
  const spread = (n) => change({ knots: evenKnots(n).map((t) => roundTo(t, 1e-4)) });
  /** Knot i, as far as its neighbours let it. */
  const moveKnot = (i, v) => {
    const knots = [...get("knots")];
    const low = (knots[i - 1] ?? 0) + STEP, high = (knots[i + 1] ?? 1) - STEP;
    if (low > high) return; // there is no room
    knots[i] = clamp(roundTo(v, STEP), low, high);
    change({ knots: knots.map((t) => roundTo(t, 1e-4)) });
  };

  // --- the network and its score, worked out again when something has changed
  const score = scorer();
  let made = "", now, said;
  const look = () => {
    const key = JSON.stringify(KEYS.map(get));
    if (key !== made) {
      now = score(state());
      said = sentences(state(), now);
      made = key;
    }
    return said;
  };

  // --- drawing: a stroke goes from place to place, also where the pointer was too quick to be seen
  let last = null;
  const stroke = (x, y) => {
    const to = [clamp(Math.round(unpx(x) * places), 0, places), clamp(unpy(y), -1, 1)];
    const from = last ?? to;
    const drawn = get("drawn").map((old, i) => {
      if (i < Math.min(from[0], to[0]) || i > Math.max(from[0], to[0])) return old;
      const share = from[0] === to[0] ? 1 : (i - from[0]) / (to[0] - from[0]);
      return height(from[1] + share * (to[1] - from[1]));
    });
    last = to;
    change({ drawn, x: to[0] / places });
  };

  // --- the graph
  const clipId = uid("clip"), clip = { "clip-path": `url(#${clipId})` };
  const ink = (name, attributes) => s("path", { class: name, ...attributes });
  const surface = s("rect", { x: LEFT, y: TOP, width: across, height: PLOT, class: "mb-surface" });
  const between = ink("mb-between"), curve = ink("mb-target-curve"), line = ink("mb-curve"), worst = ink("mb-worst");
  const worstText = s("text", { class: "mb-halo mb-orange mb-strong" });
  const guides = ink("mb-guide");
  const dots = s("g", {});
  const pen = s("g", {}, s("circle", { class: "mb-target", r: 18 }), s("circle", { class: "mb-ring", r: 11 }), s("circle", { class: "mb-pen", r: 5 }));
  const pins = Array.from({ length: most }, () => s("g", {}, s("circle", { class: "mb-target", r: 15 }), s("circle", { class: "mb-ring", r: 11 }),
    s("path", { class: "mb-probe", d: "M0-8L6 5H-6Z" })));
  const xTicks = [0, 0.25, 0.5, 0.75, 1].map((x) => s("text", { x: px(x), y: BOTTOM + 41, "text-anchor": "middle" }, num(x)));
  const graph = s("svg", { viewBox: `0 0 ${WIDTH} ${BOTTOM + 46}`, class: "mb-graph", role: "group",
    "aria-label": "The target and the network, with the knots below" },
    s("defs", {}, s("clipPath", { id: clipId }, s("rect", { x: LEFT, y: TOP, width: across, height: PLOT }))),
    s("g", { class: "mb-grid" }, ...[-1, -0.5, 0.5, 1].map((v) => ink("", { d: `M${LEFT} ${py(v)}h${across}` }))),
    s("g", { class: "mb-ticks", "aria-hidden": "true" }, ...xTicks,
      ...[-1, -0.5, 0, 0.5, 1].map((v) => s("text", { x: LEFT - 7, y: py(v) + 4, "text-anchor": "end" }, num(v, 1)))),
    s("g", clip, ink("mb-axis", { d: `M${LEFT} ${py(0)}h${across}` }), between, guides, curve, line, worst, dots),
    surface, worstText,
    s("rect", { x: LEFT, y: TOP, width: across, height: PLOT, class: "mb-frame" }), ...pins, pen);

  const where = (event) => new DOMPoint(event.clientX, event.clientY).matrixTransform(graph.getScreenCTM().inverse());
  surface.addEventListener("touchstart", (event) => byHand() && event.preventDefault(), { passive: false }); // else a finger scrolls
  const hand = grip(surface);
  surface.addEventListener("pointerdown", (event) => {
    if (!byHand() || !hand.take(event)) return;
    last = null;
    stroke(where(event).x, where(event).y);
  });
  surface.addEventListener("pointermove", (event) => {
    if (byHand() && hand.has(event)) stroke(where(event).x, where(event).y);
  });
  surface.addEventListener("click", (event) => byHand() || setPlace(Math.round(unpx(where(event).x) * places)));

  draggable(pen, { label: "Point on the target",
    drag: (x, y) => (byHand() ? stroke(x, y) : setPlace(Math.round(unpx(x) * places))),
    nudge: (dx, dy) => (dy ? setHeight(heights()[place()] + dy * RAISE) : setPlace(place() + dx)) });
  pen.addEventListener("pointerdown", () => (last = null));
  pins.forEach((pin, i) => {
    draggable(pin, { label: `Knot ${i + 1}`, drag: (x) => moveKnot(i, unpx(x)), nudge: (dx, dy) => moveKnot(i, get("knots")[i] + (dx + dy) * STEP) });
    for (const type of ["focus", "blur"]) pin.addEventListener(type, () => drawUnits());
  });

  // --- the single units
  const unitsClip = uid("clip");
  const unitsTop = 24; // below the line that says what they are
  const rays = s("g", { "clip-path": `url(#${unitsClip})` });
  const unitTicks = [0, 1, 2].map((i) => s("text", { x: LEFT - 7, y: unitsTop + (i * UNITS) / 2 + 4, "text-anchor": "end" }));
  const unitsText = s("text", { class: "mb-small", x: LEFT, y: unitsTop - 8 });
  const units = s("svg", { viewBox: `0 0 ${WIDTH} ${unitsTop + UNITS + 8}`, class: "mb-units", role: "img" },
    s("defs", {}, s("clipPath", { id: unitsClip }, s("rect", { x: LEFT, y: unitsTop, width: across, height: UNITS }))),
    s("g", { class: "mb-ticks", "aria-hidden": "true" }, ...unitTicks),
    ink("mb-axis", { d: `M${LEFT} ${unitsTop + UNITS / 2}h${across}` }), rays,
    s("rect", { x: LEFT, y: unitsTop, width: across, height: UNITS, class: "mb-frame" }), unitsText);

  // --- the score
  const NAMES = ui.narrow ? 156 : 146, room = WIDTH - NAMES - 62;
  const along = (e) => NAMES + clamp((Math.log10(Math.max(e, 1e-9)) - DECADES[0]) / (DECADES[1] - DECADES[0]), 0, 1) * room;
  const MARKS = ["M-5-5H5V5H-5Z", "M0-7L7 0L0 7L-7 0Z", "M-5 0A5 5 0 0 1 5 0A5 5 0 0 1-5 0Z", "M0-6L6 5H-6Z"];
  const rows = ["ink", "purple", "muted", "green"].map((colour, i) => ({
    name: s("text", { x: NAMES - 14, y: 22 * i + 17, "text-anchor": "end" }),
    mark: ink("", { d: MARKS[i], style: `fill: var(--mb-${colour})` }),
    text: s("text", { y: 22 * i + 17, class: i === 1 ? "mb-halo mb-purple" : "mb-halo" }) }));
  const decades = Array.from({ length: DECADES[1] - DECADES[0] + 1 }, (_, i) => 10 ** (DECADES[0] + i));
  const chart = s("svg", { viewBox: `0 0 ${WIDTH} 110`, class: "mb-score", role: "img" },
    s("g", { class: "mb-grid" }, ...decades.map((e) => ink("", { d: `M${along(e)} 2V90` }))),
    s("g", { class: "mb-ticks" }, ...decades.map((e) => s("text", { x: along(e), y: 105, "text-anchor": "middle" }, String(e))),
      s("text", { x: NAMES - 28, y: 105, "text-anchor": "end" }, "largest error")),
    ...rows.flatMap(({ name, mark, text }) => [name, mark, text]));

  // --- the controls
  ui.menu({ label: "Target", options: spec.limits.target.options.map((name) => [name, name]), read: () => get("target"),
    write: (target) => change({ target }) });
  ui.menu({ label: "Built from", options: spec.limits.units.options.map((name) => [name, name]), read: () => get("units"),
    write: (kind) => change({ units: kind }) });
  ui.toggle({ label: "heights that err least", read: () => get("best_heights"), write: (best) => change({ best_heights: best }) });
  const extra = () => (get("units") === "hinges" ? 1 : 0); // hinges have one unit more than knots
  const count = ui.slider({ label: "units n", low: fewest, high: most + 1, step: 1, read: () => get("knots").length + extra(),
    write: (n) => spread(clamp(n - extra(), fewest, most)), text: (v) => num(v, 0), means: () => look().spread }).querySelector("input");
  const knotRows = pins.map((_, i) => {
    const row = ui.slider({ label: `knot ${i + 1}`, low: 0, high: 1, step: STEP, read: () => get("knots")[i] ?? 0, write: (v) => moveKnot(i, v),
      text: (v) => num(v), means: () => look().verdict });
    const input = row.querySelector("input");
    input.addEventListener("input", () => (input.value = get("knots")[i])); // a neighbour may have stopped it
    return row;
  });
  ui.slider({ label: "x", low: 0, high: 1, step: 1 / places, read: () => get("x"), write: (v) => setPlace(Math.round(v * places)), text: (v) => num(v),
    means: () => look().values });
  ui.slider({ label: "f(x)", low: -1, high: 1, step: RAISE, read: () => heights()[place()], write: setHeight,
    text: (v) => num(v), means: () => look().verdict });
  ui.toggle({ label: "show the weights", read: () => get("show_weights"), write: (shown) => change({ show_weights: shown }) });

  const button = (label, click) => {
    const node = h("button", { type: "button" }, label);
    node.addEventListener("click", click);
    return node;
  };
  const buttons = h("div", { class: "mb-buttons mb-knots" },
    button("Spread evenly", () => spread(get("knots").length)),
    button("Best knots", () => {
      const knots = [];
      const best = now.best.knots; // no two of them may be closer than the gap, nor too near to an end
      best.forEach((t, i) => knots.push(roundTo(clamp(t, (knots[i - 1] ?? 0) + gap, 1 - (best.length - i) * gap), 1e-4)));
      change({ knots, best_heights: true });
    }));

  // --- what is drawn
  const samples = Array.from({ length: spec.samples }, (_, i) => i / (spec.samples - 1));

  /** Where the number of the largest error can stand: clear of both curves, the pen and its own bar, and near it. */
  function freePlace(points, x, y) {
    const pin = [px(get("x")), py(at(now.f, get("x")))];
    const wide = 52, above = 12, below = 4; // how far the number reaches
    const places = [8, -8 - wide, -wide / 2, 26, -26 - wide].flatMap((dx) => {
      const left = x + dx;
      if (left < LEFT + 4 || left + wide > WIDTH - RIGHT - 4) return [];
      const heights = points.flatMap((p, i) => {
        const q = points[i + 1] ?? p;
        return Math.max(p[0], q[0]) < left - 5 || Math.min(p[0], q[0]) > left + wide + 5 || q[0] < p[0] ? [] : [
          ...[left - 5, left + wide + 5].filter((v) => v > p[0] && v < q[0]).map((v) => p[1] + ((v - p[0]) / (q[0] - p[0])) * (q[1] - p[1])),
          ...[p, q].filter((each) => each[0] >= left - 5 && each[0] <= left + wide + 5).map((each) => each[1])];
      });
      if (pin[0] > left - 14 && pin[0] < left + wide + 14) heights.push(pin[1] - 12, pin[1] + 12);
      return [Math.min(...heights) - below - 3, Math.max(...heights) + above + 3].map((baseline) => ({ x: left, y: baseline }));
    }).filter((place) => place.y > TOP + above + 2 && place.y < BOTTOM - below - 2);
    const far = (place) => Math.hypot(place.x + wide / 2 - x, place.y - 4 - y);
    return places.sort((p, q) => far(p) - far(q))[0] ?? { x: clamp(x + 8, LEFT + 4, WIDTH - RIGHT - wide - 4), y: TOP + above + 2 };
  }

  function drawGraph() {
    const { f, net, near, error } = now;
    const knots = get("knots");
    const truth = samples.map((x, i) => [px(x), py(f[i])]);
    const t = [0, ...knots, 1];
    const follow = net.activation === "relu" ? t.map((x) => [px(x), py(value(net, x))])
      : net.activation === "sigmoid" ? samples.map((x) => [px(x), py(value(net, x))])
        : t.slice(1).flatMap((x, i) => [[px(t[i]), py(value(net, (t[i] + x) / 2))], [px(x), py(value(net, (t[i] + x) / 2))]]);
    const ends = net.activation === "step" ? t.slice(1).map((x, i) => follow[2 * i + 1]) : t.slice(1).map((x) => [px(x), py(value(net, x))]);
    set(curve, { d: path(truth) });
    set(line, { d: path(follow) });
    set(between, { d: `${path([...truth, ...follow.slice().reverse()])}Z` });
    set(guides, { d: knots.map((x) => `M${px(x).toFixed(2)} ${TOP}V${BOTTOM}`).join("") });
    dots.replaceChildren(...knots.map((x, i) => s("circle", { class: "mb-knot", cx: px(x), cy: net.activation === "step"
      ? (ends[i][1] + follow[2 * i + 2][1]) / 2 : ends[i][1], r: 3.5 })));
    const [from, to] = [py(at(f, near)), py(value(net, near))];
    set(worst, { d: error < spec.nothing ? "" : `M${px(near).toFixed(2)} ${from.toFixed(2)}V${to.toFixed(2)}` });
    worstText.textContent = error < spec.nothing ? "" : num(error, 4);
    set(worstText, freePlace([...truth, ...follow], px(near), (from + to) / 2));

    set(pen, { transform: `translate(${px(get("x"))} ${py(at(f, get("x")))})` });
    setValue(pen, { now: roundTo(get("x"), 1e-4), low: 0, high: 1, text: `${said.values} The up and down keys raise and lower the curve here.` });
    set(surface, { class: `mb-surface${byHand() ? " mb-paper" : ""}` });
    pins.forEach((pin, i) => {
      const there = i < knots.length;
      set(pin, { visibility: there ? null : "hidden", transform: there ? `translate(${px(knots[i])} ${BOTTOM + 14})` : null });
      if (!there) setValue(pin, { now: null, low: null, high: null, text: null });
      else setValue(pin, { now: knots[i], low: 0, high: 1, text: `at ${num(knots[i])}. ${said.verdict}` });
    });
  }

  function drawUnits() {
    const { net } = now;
    const all = samples.filter((_, i) => i % 4 === 0).map((x) => terms(net, x));
    const reach = Math.max(...all.flat().map(Math.abs), 0.1);
    const unit = 10 ** Math.floor(Math.log10(reach));
    const top = [1, 1.5, 2, 3, 4, 5, 6, 8, 10].map((k) => k * unit).find((v) => v >= reach);
    const y = (v) => unitsTop + ((top - v) / (2 * top)) * UNITS;
    const held = pins.findIndex((pin) => pin === document.activeElement) + (net.activation === "relu");
    const some = pins.includes(document.activeElement);
    rays.replaceChildren(...net.W[1].map(([c], k) => {
      const t = -net.b[0][k] / net.W[0][0][k];
      const points = net.activation === "relu" ? [[0, 0], [t, 0], [1, c * (1 - t)]]
        : net.activation === "step" ? [[0, 0], [t, 0], [t, c], [1, c]] : all.map((each, i) => [4 * i / (spec.samples - 1), each[k]]);
      return ink(`mb-ray ${c < 0 ? "mb-down" : ""} ${some && held === k ? "mb-held" : ""}`, { d: path(points.map(([x, v]) => [px(x), y(v)])) });
    }));
    unitTicks.forEach((text, i) => (text.textContent = num(top * (1 - i), top < 1 ? 2 : top < 2 ? 1 : 0)));
    unitsText.textContent = `${manyOf(state(), now.n)}, one by one: ${get("units") === "hinges" ? "at 0 and at every knot" : "at every knot, none at 0"}`;
    set(units, { "aria-label": `The single units: ${net.W[1].filter(([c]) => c > 0).length} rise and ${net.W[1].filter(([c]) => c < 0).length} ` +
      `fall, from ${num(-top, 1)} to ${num(top, 1)}. Their sum and ${num(net.b[1][0])} is the network.` });
  }

  function drawScore() {
    const values = [now.bound, now.error, now.even, now.best.error];
    const names = ["bound, these knots", "this network", "evenly spread", `best ${manyOf(state(), now.n)}`];
    rows.forEach(({ name, mark, text }, i) => {
      name.textContent = names[i];
      set(mark, { transform: `translate(${along(values[i])} ${22 * i + 13})` });
      set(text, { x: along(values[i]) + 11 });
      text.textContent = num(values[i], 4);
    });
    set(chart, { "aria-label": `Largest errors: ${names.map((name, i) => `${name} ${num(values[i], 4)}`).join("; ")}` });
  }

  /** Why there is a unit more or less, when one turns from hinges to steps. */
  const shared = (n) => `Hinges have one more than knots, at 0: the same ${n > 1 ? `${n} knots make` : "knot makes"} ` +
    `${manyOf({ units: "hinges" }, n + 1)} or ${manyOf({ units: "steps" }, n)}.`;
  const verdict = h("p", { class: "mb-readout mb-now" }), promise = h("p", { class: "mb-readout" }), values = h("p", { class: "mb-readout" });
  const legend = h("p", { class: "mb-readout mb-note" });
  const sum = h("p", { class: "mb-readout mb-formula" }), code = h("pre", { class: "mb-readout mb-code" });

  return {
    picture: h("div", {}, graph, units, buttons, chart, verdict, promise, values, legend, sum, code),
    draw() {
      look();
      drawGraph();
      drawUnits();
      drawScore();
      verdict.textContent = said.verdict;
      promise.textContent = said.promise;
      values.textContent = said.values;
      legend.textContent = `Grey, dashed: the target. Blue: the network. Orange bar: the largest error. Drag the violet pins: ${get("units") === "hinges"
        ? "the line bends where they stand." : "the network jumps where they stand."} ${shared(get("knots").length)} ` +
        (byHand() ? "Draw on the graph, with mouse, pen or finger; with the keyboard, move the dot along the curve and raise or lower it."
          : "To draw your own curve, choose “drawn by hand”, or raise f(x).");
      set(count, { min: fewest + extra(), max: most + extra() });
      count.value = get("knots").length + extra();
      knotRows.forEach((row, i) => (row.hidden = i >= get("knots").length));
      sum.hidden = code.hidden = !get("show_weights");
      sum.textContent = get("show_weights") ? formula(now.net) : "";
      code.textContent = get("show_weights") ? snippet(now.net) : "";
    },
    describe: () => paragraph(said), // drawn just before
    say: () => said.verdict,
  };
});
