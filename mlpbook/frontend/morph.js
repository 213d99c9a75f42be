// What layers of two units do to the plane, in steps that can be stopped anywhere: x W, then + b, then phi. No DOM here.
//
// Many points are one Float64Array [x1, x2, x1, x2, ...]. A stage is a number: 0 the inputs, 1 after W, 2 after b, 3 after
// phi, and three more for a second layer. A layer here is {W, b, f, corner}: corner says what phi does at 0 ("fold",
// "tear", else nothing sudden).

/** det W, and the rank of W: exactly what elimination finds, but for rounding. */
export function determinant([[p, q], [r, s]]) {
  const det = p * s - q * r;
  if (Math.abs(det) > 1e-12 * (Math.abs(p * s) + Math.abs(q * r))) return { det, rank: 2 };
  return { det: 0, rank: p || q || r || s ? 1 : 0 };
}

/** The matrix product W V. */
export const product = (W, V) => W.map(([p, q]) => [0, 1].map((j) => p * V[0][j] + q * V[1][j]));

/** The part `s` in [0, 1] of W: a stretch along two perpendicular directions and a turn, both done by the part s. (W = P R with
 * P symmetric and R a rotation, as in the polar decomposition; straight from x to x W a half turn would pass through a point.) */
export function partOf([[p, q], [r, t]], s) {
  const angle = Math.atan2(q - r, p + t);
  const [c, d] = [Math.cos(angle), Math.sin(angle)];
  const stretch = [[p * c + q * d, q * c - p * d], [r * c + t * d, t * c - r * d]]; // W R^T
  const some = stretch.map((row, i) => row.map((v, j) => s * v + (i === j ? 1 - s : 0)));
  const [cs, ds] = [Math.cos(s * angle), Math.sin(s * angle)];
  return some.map(([u, v]) => [u * cs - v * ds, u * ds + v * cs]);
}

function weighted(X, [[p, q], [r, t]], [b1, b2], out = new Float64Array(X.length)) {
  for (let i = 0; i < X.length; i += 2) {
    const [x, y] = [X[i], X[i + 1]];
    out[i] = x * p + y * r + b1;
    out[i + 1] = x * q + y * t + b2;
  }
  return out;
}

/** All that is needed to place X at any stage: for each layer what comes in, the sums z and the activations a. */
export function trace(X, layers) {
  return layers.map(({ W, b, f }) => {
    const Z = weighted(X, W, b);
    const step = { W, b, X, Z, A: Z.map((z) => f(z)) };
    X = step.A;
    return step;
  });
}

/** [index of the layer, how far into it from 0 to 3]: a whole layer counts as its end, not as the start of the next. */
export function within(stage, layers) {
  const index = Math.min(layers - 1, Math.max(0, Math.ceil(stage / 3) - 1));
  return [index, Math.min(3, stage - 3 * index)];
}

/** Where the traced points are at `stage`, written into `out`. */
export function place(traced, stage, out) {
  const [index, s] = within(stage, traced.length);
  const { W, b, X, Z, A } = traced[index];
  if (s < 1) return weighted(X, partOf(W, s), [0, 0], out);
  if (s < 2) return weighted(X, W, [(s - 1) * b[0], (s - 1) * b[1]], out);
  for (let i = 0; i < Z.length; i++) out[i] = Z[i] + (s - 2) * (A[i] - Z[i]);
  return out;
}

const NEAR = 1e-9; // how close the two ends of a torn line are

/** Straight lines, given by points [x1, x2], with more points wherever a layer folds or tears them: then they can be drawn
 * exactly. {X, starts, folds, tears}: all points in a row; where each line starts, and the end; folds[k][j], the
 * points at which unit j of layer k has the sum 0; tears[k], the points that layer k tears off from the one before. */
export function creased(lines, layers) {
  let points = lines.map((line) => line.map((at) => ({ at, zero: [] }))); // zero: [[k, j], ...]
  layers.forEach(({ corner }, k) => {
    if (corner === "fold" || corner === "tear") points = points.map((line) => cut(line, layers.slice(0, k + 1), corner));
  });
  const starts = [0];
  for (const line of points) starts.push(starts.at(-1) + line.length);
  const all = points.flat();
  const folds = layers.map((_, k) => [0, 1].map((j) => all.flatMap(({ zero }, i) => (
    zero.some(([layer, unit]) => layer === k && unit === j) ? [i] : []))));
  const X = Float64Array.from(all.flatMap(({ at }) => at));
  const tears = trace(X, layers).map(({ Z }, k) => new Set(layers[k].corner !== "tear" ? [] : Array.from(all.keys()).filter((i) => (
    i > 0 && [0, 1].some((j) => Z[2 * i + j] >= 0 !== Z[2 * i - 2 + j] >= 0)))));
  return { X, starts, folds, tears };
}

/** One line, with a point more wherever a sum of the last of the layers changes its sign; two where it is torn. */
function cut(line, layers, corner) {
  const k = layers.length - 1;
  const { Z } = trace(Float64Array.from(line.flatMap(({ at }) => at)), layers)[k];
  const found = [];
  line.forEach((point, i) => {
    const cuts = [];
    for (const j of [0, 1]) {
      const [before, here, after] = [Z[2 * i - 2 + j], Z[2 * i + j], Z[2 * i + 2 + j]];
      if (before * here < 0) cuts.push([before / (before - here), j]);
      if (here === 0 && before * after < 0) point.zero.push([k, j]);
    }
    for (const [part, j] of cuts.sort((p, q) => p[0] - q[0])) {
      const from = line[i - 1].at;
      for (const t of corner === "tear" ? [part - NEAR, part + NEAR] : [part]) {
        found.push({ at: from.map((v, axis) => v + t * (point.at[axis] - v)), zero: [[k, j]] });
      }
    }
    found.push(point);
  });
  return found;
}

/** Intervals of the stage, [[from, to], ...], in which isSeparable(stage). An affine step keeps what is separable unless
 * it lowers the rank, which is when W is complete; so between whole stages only phi is asked more often, n times. */
export function separableStages(layers, isSeparable, n = 20) {
  const asked = [0];
  for (let k = 0; k < layers; k++) asked.push(3 * k + 1, ...Array.from({ length: n }, (_, i) => 3 * k + 2 + (i + 1) / n));
  const found = [];
  asked.forEach((stage, i) => {
    if (!isSeparable(stage)) return;
    const end = asked[i + 1] ?? stage;
    if (found.at(-1)?.[1] === stage) found.at(-1)[1] = end;
    else found.push([stage, end]);
  });
  return found;
}
