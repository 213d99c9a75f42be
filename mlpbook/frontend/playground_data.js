// What the playground learns from: its presets, points drawn by hand, a reader's own; and what these ask of a network. The twin of
// presets.py and of `_task` and `_built` in playground.py. No DOM here.

import { canBeResidual, initial } from "./initialisation.js";
import { clamp } from "./plane.js";

const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const MOST_WIDER = 3;
const PER_UNIT = 800, ZERO = 2048; // a drawn coordinate is a whole number of 1/800, in two letters

/** Rows [x1, x2, class] -> text. */
export function encode(rows) {
  const letters = (v) => {
    const whole = clamp(Math.floor(v * PER_UNIT + 0.5) + ZERO, 0, 4095);
    return LETTERS[Math.floor(whole / 64)] + LETTERS[whole % 64];
  };
  return rows.map(([x1, x2, label]) => `${letters(x1)}${letters(x2)}${label}`).join("");
}

/** Text -> rows [x1, x2, class]. */
export function decode(text) {
  const number = (at) => (64 * LETTERS.indexOf(text[at]) + LETTERS.indexOf(text[at + 1]) - ZERO) / PER_UNIT;
  return Array.from({ length: text.length / 5 }, (_, i) => [number(5 * i), number(5 * i + 2), Number(text[5 * i + 4])]);
}

/** Numbers from base64: whole multiples of 2^-bits, four bytes each, the lowest byte first. */
function unpack(text, bits) {
  const view = new DataView(Uint8Array.from(atob(text), (c) => c.charCodeAt(0)).buffer);
  return Float64Array.from({ length: view.byteLength / 4 }, (_, i) => view.getInt32(4 * i, true) / 2 ** bits);
}

/** One set: x (n, 2); labels (n,) or y (n, k), flat. */
function set(x, y) {
  const n = x.length / 2;
  return y.labels ? { x, n, labels: y.labels } : { x, n, y: y.y, k: y.y.length / n };
}

const fromPacked = ({ x, labels, y }, bits) =>
  set(unpack(x, bits), labels === undefined ? { y: unpack(y, bits) } : { labels: Uint8Array.from(labels, Number) });
const fromRows = ({ x, y }) =>
  set(Float64Array.from(x.flat()), Array.isArray(y[0]) ? { y: Float64Array.from(y.flat()) } : { labels: Uint8Array.from(y) });
const fromDrawn = (rows) =>
  set(Float64Array.from(rows.flatMap(([x1, x2]) => [x1, x2])), { labels: Uint8Array.from(rows, (row) => row[2]) });

/** The set that is shown, and the one to test on or null. */
export function sets(spec, get) {
  const name = get("preset");
  if (name === spec.drawnName) return [fromDrawn(decode(get("drawn"))), null];
  if (name === spec.givenName) return [get("data"), get("validation")].map((given) => given && fromRows(given));
  const packed = spec.presets[name];
  return [fromPacked(packed, spec.bits), fromPacked(packed.test, spec.bits)];
}

/** {data, test, classes (0 for targets), loss, outputs}: what is to be learned. */
export function task(spec, get, [data, test] = sets(spec, get)) {
  if (data.y) return { data, test, classes: 0, loss: "mse", outputs: data.k };
  const most = (each) => (each ? each.labels.reduce((high, label) => Math.max(high, label), 0) + 1 : 0);
  const classes = Math.max(2, most(data), most(test));
  const loss = classes > 2 ? "cross_entropy" : get("loss");
  return { data, test, classes, loss, outputs: loss === "cross_entropy" ? classes : 1 };
}

/** The targets of a set as a trainer takes them: (n, outputs), flat. */
export function targets({ labels, y, n }, { outputs }) {
  if (y) return y;
  if (outputs === 1) return Float64Array.from(labels);
  return Float64Array.from({ length: n * outputs }, (_, i) => Number(labels[Math.floor(i / outputs)] === i % outputs));
}

/** What the weights begin from: when it changes, training begins anew. */
export const recipe = (get, { outputs }) => ({ preset: get("preset"), outputs, ...Object.fromEntries(
  ["widths", "activation", "init", "residual", "normalization", "mlp_seed"].map((key) => [key, get(key)])) });

/** {arguments, given}: the network that the settings describe, as far as it can be had; whether it is the one that was given. */
export function built(get, { outputs }) {
  const sizes = [2, ...get("widths"), outputs], init = get("init"), activation = get("activation");
  const residual = get("residual") && canBeResidual(sizes);
  const normalization = get("widths").length ? get("normalization") : null;
  const network = get("network");
  const given = get("mlp_seed") === null && network !== null && String(network.sizes) === String(sizes) && network.activation === activation &&
    (network.residual ?? false) === residual && (network.normalization ?? null) === normalization;
  const square = sizes.every((size) => size === sizes[0]);
  return { given, arguments: { sizes, activation, seed: get("mlp_seed") ?? 0, residual, normalization,
    init: init === "identity" && !square ? null : init } };
}

/** The state of the network before training. */
export function start(spec, get, asked) {
  const { given, arguments: settings } = built(get, asked);
  return given ? get("network")
    : initial({ ...settings, gain: spec.gain[settings.activation], alpha: spec.alpha[settings.activation] });
}

/** Whether some batch would hold one sample, of which batch normalisation learns nothing. */
export function loneBatch(get, { data: { n }, outputs }) {
  if (n === 0 || built(get, { outputs }).arguments.normalization !== "batch") return false;
  const size = Math.min(get("batch_size") ?? n, n);
  return size === 1 || n % size === 1;
}

/** The square of the plane to show: [x1 low, x2 low, side]. Targets in the plane are in it too, and `sent`: where the network sent
 * the points when training began. (As far as MOST_WIDER times the side: from further away, what is to be learned is a dot.) */
export function view(spec, get, { data }, sent) {
  if (get("preset") === spec.drawnName) return [-spec.reach, -spec.reach, 2 * spec.reach];
  if (data.k !== 2) return around([data.x]);
  const [x1, x2, side] = around([data.x, data.y]), room = ((MOST_WIDER - 1) / 2) * side;
  const near = (sent ?? []).map((v, i) => clamp(v || 0, [x1, x2][i % 2] - room, [x1, x2][i % 2] + side + room));
  return around([data.x, data.y, near]);
}

/** The square around all these points, with a margin. */
function around(clouds) {
  const low = [Infinity, Infinity], high = [-Infinity, -Infinity];
  for (const values of clouds) {
    values.forEach((v, i) => {
      low[i % 2] = Math.min(low[i % 2], v);
      high[i % 2] = Math.max(high[i % 2], v);
    });
  }
  const side = 1.16 * Math.max(high[0] - low[0], high[1] - low[1]) || 2;
  return [(low[0] + high[0] - side) / 2, (low[1] + high[1] - side) / 2, side];
}

/** The points of an even grid over a view, row after row from above, in the middles of n x n cells: (n * n, 2), flat. */
export function gridOver([x1, x2, side], n) {
  const grid = new Float64Array(2 * n * n);
  for (let i = 0, at = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      grid[at++] = x1 + ((j + 0.5) / n) * side;
      grid[at++] = x2 + ((n - i - 0.5) / n) * side;
    }
  }
  return grid;
}
