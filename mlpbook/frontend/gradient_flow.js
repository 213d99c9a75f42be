// GradientFlowExplorer: a deep network before training, what reaches each layer going forward, and what comes back to it.

import { draggable, h, magnitude, num, path, s, set, setValue, uid } from "./dom.js";
import { explorable } from "./explorable.js";
import { Linear, LOSSES, MLP } from "./nn.js";
import { clamp } from "./plane.js";
import { generator } from "./random.js";

const WIDTH = 360, LEFT = 48, RIGHT = 8, TOP = 44;
const POWERS = [6, 12, 24, 48, 100]; // the axis ends at 10 to one of these, so that it stands still most of the time
const [SIGNAL, DIFFER, ERROR, GRADIENT] = [0, 1, 2, 3]; // the columns of flow()

// --- the network

/** count -> the first so many normals of a seed, and perhaps more. Each is drawn once. */
function stream(seed) {
  const random = generator(seed);
  let drawn = new Float64Array(0);
  return (count) => {
    const from = drawn.length;
    if (count > from) drawn = Float64Array.from({ length: count }, (_, i) => (i < from ? drawn[i] : random.normal()));
    return drawn;
  };
}

/** What the weights and the data of a seed are made of: one stream each for every depth and width, layer by layer, row by row. */
export const streams = ({ seed, dataSeed }) => ({ draws: stream(seed), data: stream(dataSeed + seed) });

/** The weights of MLP([width] * (depth + 1), activation, init=init, seed=seed), times k, as `MLP` takes them. */
function network({ depth, width, activation, init, k, inits, deviation, alpha }, draws) {
  const size = width * width;
  const scale = deviation[activation][inits.findIndex((each) => each.init === init)];
  const drawn = scale === null ? null : draws(depth * size);
  const matrix = (l) => (scale === null
    ? Float64Array.from({ length: size }, (_, i) => (i % (width + 1) ? 0 : k))
    : drawn.subarray(l * size, (l + 1) * size).map((draw) => k * (scale / Math.sqrt(width)) * draw));
  const layers = Array.from({ length: depth }, (_, l) => l);
  return new MLP({ sizes: Array(depth + 1).fill(width), activation, W: layers.map(matrix),
    b: layers.map(() => new Float64Array(width)), alpha: layers.map(() => alpha) });
}

const length = (v) => Math.sqrt(v.reduce((sum, each) => sum + each * each, 0));

/** The length of x (n, d) after taking off the mean over the samples. */
function centredLength(x, d) {
  const mean = new Float64Array(d);
  x.forEach((v, i) => (mean[i % d] += (v * d) / x.length));
  return length(x.map((v, i) => v - mean[i % d]));
}

/** For each layer [signal, differences, error, gradient]; what these are says the Python class. */
export function flow(state, { draws, data } = streams(state)) {
  const { width, samples, noise, nothing } = state;
  const mlp = network(state, draws);
  const [x, y] = [0, 1].map((part) => data(2 * samples * width).subarray(part * samples * width, (part + 1) * samples * width));
  const [, dyHat] = LOSSES.mse(mlp.forward(x), y, width);
  const rows = [];
  mlp.layers.reduceRight((error, layer) => {
    const back = layer.backward(error);
    if (layer instanceof Linear) {
      const root = Math.sqrt(layer.x.length); // a length becomes a root mean square
      const [signal, differ] = [length(layer.x) / root, centredLength(layer.x, width) / root];
      rows.unshift([signal, differ < noise * signal ? 0 : differ, length(error), length(layer.dW)]);
    }
    return back;
  }, dyHat);
  return rows.map((row) => row.map((v) => (v < nothing ? 0 : v)));
}

// --- the words

const count = (n, word) => `${n} ${word}${n === 1 ? "" : "s"}`;

function verdict(rows, { ordinary: [low, high], level }) {
  const g = rows.map((row) => row[GRADIENT]);
  const [n, first, last] = [g.length, g[0], g.at(-1)];
  const small = g.filter((v) => v < low).length, large = g.filter((v) => v > high).length;
  if (!g.some((v) => v > 0)) return "No gradient: it is 0 in every layer, and nothing can be learned.";
  const none = g.filter((v) => v === 0).length;
  const kind = none ? `Cut off: the gradient is 0 in ${none} of ${n} layers, and nothing can be learned there` : small && large
    ? `Vanishing and exploding: the gradient is below ${low} in ${small} and above ${high} in ${large} of ${n} layers`
    : small === n && n > 1 && Math.max(...g) <= level * Math.min(...g)
      ? `Faded: the gradient is below ${low} in every layer, all within a factor of ${level}`
      : small ? `${first < last ? "Vanishing" : "Small"}: the gradient is below ${low} in ${small} of ${count(n, "layer")}`
        : large ? `Exploding: the gradient is above ${high} in ${large} of ${count(n, "layer")}`
          : `Healthy: the gradient lies between ${low} and ${high} in every layer`;
  const f = (first / last) ** (1 / (n - 1));
  const factor = n > 1 && first && last
    ? ` One layer further back multiplies it by ${f >= 0.1 ? num(f) : magnitude(f)} on average.` : "";
  return `${kind}. It is ${magnitude(first)} in layer 1${n > 1 ? ` and ${magnitude(last)} in layer ${n}` : ""}.${factor}`;
}

/** What the gradients do not tell: a signal that says nothing any more, or in which the smallest change tells. */
function remark(rows, { depth, alike, chaotic }) {
  const [[signal1, , error1], [signal, differ, error]] = [rows[0], rows.at(-1)];
  if (depth === 1 || signal === 0) return "";
  if (differ < alike * signal) return `What enters layer ${depth} is ${differ ? "nearly " : ""}the same for every sample.`;
  // A change grows on its way forward as an error does on its way back: both are multiplied by the same matrices.
  return error1 * signal1 > chaotic * error * signal ? "Chaotic: small changes of the inputs grow more than a million times " +
    "on their way, so that these numbers hang on the last digits of the weights." : "";
}

/** What the picture shows, sentence by sentence. */
function sentences(state, rows) {
  const { depth, width, activation, init, k, seed, inits } = state;
  const layer = Math.min(state.layer, depth);
  const [here, differs, error, gradient] = rows[layer - 1].map(magnitude);
  return {
    setting: `A network of ${count(depth, "layer")}, ${count(width, "unit")} wide, activation ${activation}, weights ` +
      `${inits.find((each) => each.init === init).words}${k === 1 ? "" : ` times ${magnitude(k)}`}, seed ${seed}, before training.`,
    verdict: verdict(rows, state),
    remark: remark(rows, state),
    layer: `Layer ${layer}: signal ${here}, differences ${differs}, error ${error}, gradient ${gradient}.`,
  };
}

/** The same as one paragraph; a screen reader, a printed page and a page without scripts get these words. */
export const describe = (state, rows = flow(state)) => Object.values(sentences(state, rows)).filter(Boolean).join(" ");

// --- the picture

/** 10^k as the axis writes it. */
const power = (k) => (k === 0 ? "1" : `10${[...String(k)].map((c) => (c === "-" ? "⁻" : "⁰¹²³⁴⁵⁶⁷⁸⁹"[c])).join("")}`);

/** The exponents at the ends of an axis on which all values above 0 have a place. */
function ends(values) {
  const seen = values.filter((v) => v > 0).map(Math.log10);
  const reach = (most) => POWERS.find((p) => p >= most) ?? POWERS.at(-1);
  return [-reach(-Math.min(0, ...seen)), Math.max(...seen, 0) > 3 ? reach(Math.max(...seen)) : 3];
}

const MARKS = { disc: (x, y) => `M${x - 3} ${y}a3 3 0 1 0 6 0a3 3 0 1 0 -6 0Z`, square: (x, y) => `M${x - 2.8} ${y - 2.8}h5.6v5.6h-5.6Z` };

/** One graph over the layers with two curves: {svg, draw(rows, layer, [low, high])}. */
function graph({ height, label, curves, band, choose }) {
  const bottom = height - 56;
  const clipId = uid("clip");
  const axes = s("g", { class: "mb-ticks", "aria-hidden": "true" });
  const grid = s("g", { class: "mb-grid" });
  const cursor = s("path", { class: "mb-guide" });
  const zone = s("rect", { class: "mb-zone", x: LEFT, width: WIDTH - LEFT - RIGHT });
  const zoneText = s("text", { class: "mb-halo mb-small", x: WIDTH - RIGHT - 5, "text-anchor": "end" }, "ordinary size");
  const lines = curves.map(({ colour, mark, dashed }) => ({
    line: s("path", { class: `mb-flow mb-${colour}${dashed ? " mb-dashed" : ""}` }),
    marks: s("path", { class: `mb-flow-marks mb-${colour}` }), shape: MARKS[mark] }));
  const legend = curves.flatMap(({ name, colour, mark, dashed }, i) => {
    const y = 12 + 18 * i;
    return [s("path", { class: `mb-flow mb-${colour}${dashed ? " mb-dashed" : ""}`, d: `M${LEFT} ${y - 4}h34` }),
      s("path", { class: `mb-flow-marks mb-${colour}`, d: MARKS[mark](LEFT + 17, y - 4) }), s("text", { x: LEFT + 42, y }, name)];
  });
  const box = { x: LEFT, y: TOP, width: WIDTH - LEFT - RIGHT, height: bottom - TOP };
  const surface = s("rect", { ...box, height: box.height + 22, fill: "transparent" });
  const svg = s("svg", { viewBox: `0 0 ${WIDTH} ${height}`, class: "mb-graph", role: "group", "aria-label": label },
    s("defs", {}, s("clipPath", { id: clipId }, s("rect", { ...box, x: LEFT - 4, width: box.width + 8, y: TOP - 4, height: box.height + 26 }))),
    ...(band ? [zone] : []), grid, axes, surface, ...legend, cursor,
    s("g", { "clip-path": `url(#${clipId})`, class: "mb-flows" }, ...(band ? [zoneText] : []), ...lines.flatMap(({ line, marks }) => [line, marks])),
    s("rect", { ...box, class: "mb-frame" }));
  const at = { depth: 1, low: -6, high: 3 };
  const x = (layer) => LEFT + ((layer - 0.5) / at.depth) * box.width;
  const y = (v) => (v > 0 ? bottom - ((clamp(Math.log10(v), at.low, at.high) - at.low) / (at.high - at.low)) * box.height : bottom + 14);
  const layerAt = (px) => clamp(Math.round(((px - LEFT) / box.width) * at.depth + 0.5), 1, at.depth);
  // A tap brings the cursor. (Not a drag: a finger must be able to scroll past.)
  surface.addEventListener("click", (event) => {
    const p = new DOMPoint(event.clientX, event.clientY).matrixTransform(svg.getScreenCTM().inverse());
    choose(layerAt(p.x));
  });

  return { svg, x, y, layerAt, draw(rows, layer, [low, high]) {
    Object.assign(at, { depth: rows.length, low, high });
    const step = [3, 6, 12, 24, 48].find((size) => (high - low) / size <= 6);
    const powers = Array.from({ length: 2 * 100 + 1 }, (_, i) => i - 100).filter((k) => k >= low && k <= high && k % step === 0);
    const every = rows.length <= 10 ? 1 : 5;
    const layers = rows.map((_, i) => i + 1).filter((l) => l === 1 || l % every === 0);
    const zeros = curves.some(({ column }) => rows.some((row) => row[column] === 0));
    grid.replaceChildren(...powers.map((k) => s("path", { d: `M${LEFT} ${y(10 ** k)}H${WIDTH - RIGHT}` })));
    axes.replaceChildren(...powers.map((k) => s("text", { x: LEFT - 6, y: y(10 ** k) + 4, "text-anchor": "end" }, power(k))),
      ...(zeros ? [s("text", { x: LEFT - 6, y: y(0) + 4, "text-anchor": "end" }, "0")] : []),
      ...layers.map((l) => s("text", { x: x(l), y: bottom + 34, "text-anchor": "middle" }, num(l, 0))),
      s("text", { x: LEFT + box.width / 2, y: height - 5, "text-anchor": "middle" }, "layer"));
    if (band) {
      const [from, to] = band;
      set(zone, { y: y(to), height: y(from) - y(to) });
      set(zoneText, { y: y(to) + 13 });
    }
    lines.forEach(({ line, marks, shape }, i) => {
      const points = rows.map((row, l) => [x(l + 1), y(row[curves[i].column]), row[curves[i].column] > 0]);
      set(line, { d: path(points.map((p) => (p[2] ? p : null))) }); // 0 has no place on the axis: it stands below, alone
      set(marks, { d: points.map(([px, py]) => shape(Number(px.toFixed(2)), Number(py.toFixed(2)))).join("") });
    });
    set(cursor, { d: `M${x(layer)} ${TOP}V${bottom + 20}` });
  } };
}

export default explorable((ui) => {
  const { get, change, spec } = ui;
  const drawn = streams({ seed: get("seed"), dataSeed: spec.dataSeed });
  const KEYS = [...Object.keys(spec.limits), "seed"];
  const state = () => ({ ...spec, ...Object.fromEntries(KEYS.map((key) => [key, get(key)])), alpha: spec.alpha[get("activation")] });
  const layerNow = () => Math.min(get("layer"), get("depth"));
  const choose = (layer) => change({ layer: clamp(layer, 1, get("depth")) });
  let made = "", rows, said; // worked out again only when the network changes

  function work() {
    const { layer, ...rest } = Object.fromEntries(KEYS.map((key) => [key, get(key)]));
    if (JSON.stringify(rest) !== made) rows = flow(state(), drawn), (made = JSON.stringify(rest));
    said = sentences(state(), rows);
  }

  const height = ui.narrow ? 262 : 300;
  const forward = graph({ height, choose, label: "What reaches each layer going forward", curves: [
    { name: "signal: what enters the layer", column: SIGNAL, colour: "green", mark: "disc" },
    { name: "how much of it differs between samples", column: DIFFER, colour: "purple", mark: "square", dashed: true }] });
  const back = graph({ height, choose, label: "What comes back to each layer", band: spec.ordinary, curves: [
    { name: "gradient ∂L/∂W of the layer", column: GRADIENT, colour: "blue", mark: "disc" },
    { name: "error ∂L/∂z that comes back to it", column: ERROR, colour: "orange", mark: "square", dashed: true }] });
  const handle = s("g", {}, s("circle", { class: "mb-target", r: 18 }), s("circle", { class: "mb-ring", r: 11 }));
  draggable(handle, { label: "Layer shown", drag: (px) => choose(back.layerAt(px)),
    nudge: (dx, dy) => choose(layerNow() + Math.round(dx + dy)) });
  back.svg.append(handle);

  const outcome = () => said.verdict.split(":")[0].toLowerCase();
  const slider = (key, label, step, text, means) => ui.slider({ label, low: spec.limits[key].low, high: spec.limits[key].high, step,
    read: () => (key === "layer" ? layerNow() : get(key)), write: (v) => change({ [key]: v }), text, means });
  const whole = (v) => num(v, 0);
  work(); // the sliders say what came out
  ui.menu({ label: "Activation", options: spec.limits.activation.options.map((name) => [name, name.replace("_", " ")]),
    read: () => get("activation"), write: (activation) => change({ activation }) });
  ui.menu({ label: "Weights", options: spec.inits.map(({ init, name }) => [String(init), name]),
    read: () => String(get("init")), write: (name) => change({ init: spec.inits.find(({ init }) => String(init) === name).init }) });
  slider("depth", "Depth", 1, whole, () => (work(), outcome()));
  slider("k", "Times k", 0.1, (v) => num(v, 1), () => (work(), outcome()));
  slider("width", "Width", 1, whole, () => (work(), outcome()));
  const pick = slider("layer", "Layer", 1, whole, () => `gradient ${magnitude(rows[layerNow() - 1][GRADIENT])}`).querySelector("input");

  const [kind, rest] = [h("strong"), h("span")], setting = h("p", { class: "mb-readout mb-note" });
  const body = h("tbody");
  const table = h("table", { class: "mb-matrix" }, h("thead", {}, h("tr", {}, ...["layer", "signal", "differ.", "error", "gradient"]
    .map((name) => h("th", { scope: "col" }, name)))), body);

  return {
    picture: h("div", {}, h("div", { class: "mb-panels" }, h("div", { class: "mb-panel" }, forward.svg), h("div", { class: "mb-panel" }, back.svg)),
      h("p", { class: "mb-readout mb-verdict" }, kind, rest), h("div", { class: "mb-readout mb-rows" }, table), setting),
    draw() {
      work();
      const [depth, layer] = [get("depth"), layerNow()];
      const range = ends(rows.flat());
      forward.draw(rows, layer, range);
      back.draw(rows, layer, range);
      set(pick, { max: depth });
      pick.value = String(layer);
      set(handle, { transform: `translate(${back.x(layer)} ${back.y(rows[layer - 1][GRADIENT])})` });
      setValue(handle, { now: layer, low: 1, high: depth, text: said.layer });

      const colon = said.verdict.indexOf(":");
      kind.textContent = said.verdict.slice(0, colon + 1);
      rest.textContent = `${said.verdict.slice(colon + 1)} ${said.remark}`;
      setting.textContent = said.setting;
      const shown = [...new Set([1, layer, depth])].sort((p, q) => p - q);
      body.replaceChildren(...shown.map((l) => h("tr", {}, h("th", { scope: "row" }, String(l)),
        ...rows[l - 1].map((v) => h("td", {}, magnitude(v))))));
    },
    describe: () => Object.values(said).filter(Boolean).join(" "), // drawn just before
    say: () => `${said.verdict} ${said.remark}`,
  };
});
