// The page's twin of activations.py, layers.py, losses.py and mlp.py: same names, same order, same values (the tests hold
// them to 1e-12). Matrices are flat Float64Arrays, row after row: x (n, d) has n * d numbers. What a layer returns stands in
// memory of its own that its next call writes over. No DOM here.

import { addRows, product, room, transposed, transposedProduct } from "./matrix.js";

const sigmoid = (z) => {
  const e = Math.exp(-Math.abs(z)); // never overflows
  return (z >= 0 ? 1 : e) / (1 + e);
};

const normalPdf = (z) => Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);

/** Phi(z) to 1e-13 of itself: in the middle by the series of positive terms z + z^3/3 + z^5/(3*5) + ... (Marsaglia 2004), in the
 * tails, where that would leave 0 or nothing but rounding, by Laplace's continued fraction Phi(-t) = phi(t) / (t + 1/(t + 2/(t + ...))). */
const normalCdf = (z) => {
  if (Math.abs(z) > 3) {
    const t = Math.abs(z);
    let below = t;
    for (let k = 50; k > 0; k--) below = t + k / below;
    const tail = normalPdf(t) / below;
    return z > 0 ? 1 - tail : tail;
  }
  let term = z, sum = z;
  for (let k = 3; Math.abs(term) > 1e-17 * Math.abs(sum); k += 2) sum += term *= (z * z) / k;
  return 0.5 + normalPdf(z) * sum;
};

const GRAINS = 64, LAST = 20; // beyond LAST, tanh is 1 in 16 digits
const TANH = Float64Array.from({ length: 2 * LAST * GRAINS + 1 }, (_, k) => Math.tanh(k / GRAINS - LAST));

/** tanh(z) to 1e-15, in a third of the time of Math.tanh, of which a training is full: for z = c + r, where c is the nearest place
 * in the table, it is (tanh c + tanh r) / (1 + tanh c tanh r), and for so small an r four terms of its series are enough. */
function tanh(z) {
  if (!(Math.abs(z) < LAST)) return Math.sign(z);
  const k = ((z + LAST) * GRAINS + 0.5) | 0, r = z - (k / GRAINS - LAST), q = r * r;
  const t = r * (1 - q * (1 / 3 - q * (2 / 15 - q * (17 / 315)))), c = TANH[k];
  return (c + t) / (1 + c * t);
}

const leaky = {
  f: (z, alpha) => (z > 0 ? z : alpha * z),
  df: (z, alpha) => (z > 0 ? 1 : alpha),
};

/** phi and phi' by name. alpha is needed by leaky_relu, prelu and elu; the defaults come from Python. df also takes a = phi(z)
 * from whoever has it at hand. dfDalpha is there where training learns alpha.
 * @type {Record<string, {f: (z: number, alpha?: number) => number, df: (z: number, alpha?: number, a?: number) => number,
 *   dfDalpha?: (z: number) => number}>} */
export const ACTIVATIONS = {
  step: { f: (z) => (z >= 0 ? 1 : 0), df: () => 0 },
  identity: { f: (z) => z, df: () => 1 },
  sigmoid: { f: sigmoid, df: (z, alpha, a = sigmoid(z)) => a * sigmoid(-z) },
  tanh: { f: tanh, df: (z, alpha, a = tanh(z)) => 1 - a ** 2 },
  relu: { f: (z) => Math.max(z, 0), df: (z) => (z > 0 ? 1 : 0) },
  leaky_relu: leaky,
  prelu: { ...leaky, dfDalpha: (z) => Math.min(z, 0) },
  elu: {
    f: (z, alpha) => (z > 0 ? z : alpha * Math.expm1(z)),
    df: (z, alpha) => (z > 0 ? 1 : alpha * Math.exp(z)),
  },
  softplus: { f: (z) => Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z))), df: sigmoid },
  gelu: { f: (z) => z * normalCdf(z), df: (z) => normalCdf(z) + z * normalPdf(z) },
  silu: { f: (z) => z * sigmoid(z), df: (z) => sigmoid(z) * (1 + z * sigmoid(-z)) },
};

/** Maximal intervals of [low, high] on which |phi'| < below: [{from, to, dead}], dead where the slope is exactly 0. */
export function flatZones(name, alpha, below, low, high, n = 1200) {
  const zones = [];
  let open = null;
  for (let i = 0; i <= n; i++) {
    const z = low + ((high - low) * i) / n;
    const slope = ACTIVATIONS[name].df(z, alpha);
    const dead = slope === 0;
    if (Math.abs(slope) < below && open && open.dead === dead) open.to = z;
    else if (Math.abs(slope) < below) zones.push((open = { from: z, to: z, dead }));
    else open = null;
  }
  return zones.filter((zone) => zone.to > zone.from);
}

// --- layers: `forward` keeps what `backward` will need; `backward` leaves the gradients behind

/** (n, d_in) -> (n, d_out):  z = x W + b,  with W (d_in, d_out) and b (d_out,). */
export class Linear {
  learned = ["W", "b"];

  constructor(W, b) {
    Object.assign(this, { W, b, dW: new Float64Array(W.length), db: new Float64Array(b.length) });
  }

  forward(x) {
    this.x = x;
    const { W, b } = this, dOut = b.length;
    this.z = room(this.z, (x.length / (W.length / dOut)) * dOut);
    return product(this.z, x, W, dOut, b);
  }

  /** dL/dz (n, d_out) -> dL/dx (n, d_in); leaves dL/dW and dL/db. */
  backward(dz) {
    this.learn(dz);
    const { W, x, db } = this, dOut = db.length;
    this.WT = transposed(room(this.WT, W.length), W, dOut);
    this.dx = room(this.dx, x.length);
    return product(this.dx, dz, this.WT, W.length / dOut);
  }

  /** Only dL/dW and dL/db: of the first layer of a training nobody asks more. */
  learn(dz) {
    transposedProduct(this.dW, this.x, dz, this.db.length);
    addRows(this.db.fill(0), dz);
  }
}

/** (n, d) -> (n, d):  a = phi(z). Nothing to learn, except PReLU's slope alpha (one for the layer). */
export class Elementwise {
  constructor(activation, alpha) {
    Object.assign(this, { activation: ACTIVATIONS[activation], alpha: Float64Array.of(alpha), dalpha: new Float64Array(1) });
    this.learned = this.activation.dfDalpha ? ["alpha"] : [];
  }

  forward(z) {
    const { activation: { f }, alpha: [alpha] } = this;
    const a = room(this.a, z.length);
    for (let i = 0; i < z.length; i++) a[i] = f(z[i], alpha);
    return Object.assign(this, { z, a }).a;
  }

  /** dL/da (n, d) -> dL/dz (n, d). */
  backward(da) {
    const { activation: { df, dfDalpha }, alpha: [alpha], z, a } = this;
    if (dfDalpha) this.dalpha[0] = da.reduce((sum, each, i) => sum + each * dfDalpha(z[i]), 0);
    const dz = (this.dz = room(this.dz, z.length));
    for (let i = 0; i < z.length; i++) dz[i] = da[i] * df(z[i], alpha, a[i]);
    return dz;
  }
}

/** (n, d) -> (n, d):  x + g(x), where g is a chain of layers that keeps the width. */
export class Residual {
  constructor(layers) {
    this.layers = layers;
  }

  forward(x) {
    const gx = this.layers.reduce((out, layer) => layer.forward(out), x);
    return (this.out = sum(this.out, x, gx));
  }

  /** dL/d(x + g(x)) -> dL/dx: one part past the chain, one part through it. */
  backward(dout) {
    const dx = this.layers.reduceRight((dout, layer) => layer.backward(dout), dout);
    return (this.dx = sum(this.dx, dout, dx));
  }
}

function sum(kept, u, v) {
  const out = room(kept, u.length);
  for (let i = 0; i < out.length; i++) out[i] = u[i] + v[i];
  return out;
}

/** The layers in the order of `forward`, those inside a residual block each by itself. */
const leaves = (layers) => layers.flatMap((layer) => layer.layers ?? [layer]);

// --- losses

/** (y_hat, y, k), both of shape (n, k) -> [value, dL/dy_hat], the latter in the array `gradient`, if one is given.
 * Cross-entropies take logits; y holds probabilities.
 * @type {Record<string, (yHat: Float64Array, y: Float64Array, k: number, gradient?: Float64Array) => [number, Float64Array]>} */
export const LOSSES = {
  mse(yHat, y, k, gradient = new Float64Array(y.length)) {
    const count = y.length;
    let squares = 0;
    for (let i = 0; i < count; i++) {
      const error = yHat[i] - y[i];
      squares += error * error;
      gradient[i] = (2 / count) * error;
    }
    return [squares / count, gradient];
  },
  binary_cross_entropy(logits, y, k, gradient = new Float64Array(y.length)) {
    const count = y.length, softplus = ACTIVATIONS.softplus.f;
    let value = 0;
    for (let i = 0; i < count; i++) {
      value += softplus(logits[i]) - y[i] * logits[i];
      gradient[i] = (sigmoid(logits[i]) - y[i]) / count;
    }
    return [value / count, gradient];
  },
  cross_entropy(logits, y, k, gradient = new Float64Array(y.length)) {
    const n = y.length / k;
    let value = 0;
    for (let i = 0; i < y.length; i += k) {
      let most = -Infinity, total = 0; // the most, taken off, keeps e^z from overflowing and changes no probability
      for (let j = 0; j < k; j++) most = Math.max(most, logits[i + j]);
      for (let j = 0; j < k; j++) total += Math.exp(logits[i + j] - most);
      const logSum = Math.log(total);
      for (let j = 0; j < k; j++) {
        const logP = logits[i + j] - most - logSum;
        value -= y[i + j] * logP;
        gradient[i + j] = (Math.exp(logP) - y[i + j]) / n;
      }
    }
    return [value / n, gradient];
  },
};

// --- the network

const flat = (rows) => (ArrayBuffer.isView(rows) ? rows : Float64Array.from(rows.flat()));
const rowsOf = (W, columns) => Array.from({ length: W.length / columns }, (_, i) => [...W.subarray(i * columns, (i + 1) * columns)]);
const NORMS = [["gamma", "gamma"], ["beta", "beta"], ["running_mean", "runningMean"], ["running_var", "runningVar"]];

/** x (n, sizes[0]) -> y_hat (n, sizes.at(-1)): linear, phi, linear, phi, ..., linear. Takes what `state()` of the Python class
 * gives, as JSON: lists of matrices (as rows, or flat) and of vectors, which it copies. All that is learned stands in one array,
 * `theta`, of which the arrays of the layers are parts; the gradient, in the same order, in `dtheta`. Whoever has networks with
 * normalisation brings its kinds along, NORMALISATIONS, so that a page without them need not load them. */
export class MLP {
  constructor({ sizes, activation, W, b, alpha = null, residual = false, normalization = null, ...norms }, kinds = {}) {
    if (normalization && !kinds[normalization]) throw new RangeError(`no normalisation is called ${normalization} here`);
    Object.assign(this, { sizes, activation, residual, normalization, hasAlpha: alpha !== null });
    const last = W.length - 1;
    this.layers = W.flatMap((each, l) => {
      const linear = new Linear(flat(each), flat(b[l]));
      if (l === last) return [linear];
      const chain = [linear, new Elementwise(activation, alpha?.[l])];
      const Norm = kinds[normalization];
      if (Norm) chain.splice(1, 0, new Norm(...NORMS.flatMap(([key]) => (norms[key] ? [Float64Array.from(norms[key][l])] : []))));
      return residual && sizes[l] === sizes[l + 1] ? [new Residual(chain)] : chain;
    });
    this.leaves = leaves(this.layers);
    this.linearLayers = this.leaves.filter((layer) => layer instanceof Linear);
    this.batchNorms = this.leaves.filter((layer) => layer.remember);
    this.gather();
  }

  /** Makes the arrays of the layers parts of one, and their gradients parts of another. */
  gather() {
    const size = this.parameters.reduce((count, p) => count + p.length, 0);
    Object.assign(this, { theta: new Float64Array(size), dtheta: new Float64Array(size) });
    let start = 0;
    for (const layer of this.leaves) {
      for (const name of layer.learned) {
        const end = start + layer[name].length;
        this.theta.set(layer[name], start);
        layer[name] = this.theta.subarray(start, end);
        layer[`d${name}`] = this.dtheta.subarray(start, end);
        start = end;
      }
    }
  }

  forward(x) {
    return this.layers.reduce((out, layer) => layer.forward(out), x);
  }

  /** dL/dy_hat (n, sizes.at(-1)) -> dL/dx (n, sizes[0]), for the x of the last forward. */
  backward(dyHat) {
    return this.layers.reduceRight((dout, layer) => layer.backward(dout), dyHat);
  }

  /** The loss on (x, y); leaves its gradient in `gradients`. Batch normalisation, where there is any, looks at this batch. */
  backprop(x, y, loss = "mse") {
    for (const layer of this.batchNorms) layer.learning = true;
    const yHat = this.forward(x);
    for (const layer of this.batchNorms) layer.learning = false;
    this.dyHat = room(this.dyHat, y.length);
    const [value] = LOSSES[loss](yHat, y, this.sizes.at(-1), this.dyHat);
    const [first, ...later] = this.layers, dout = later.reduceRight((dout, layer) => layer.backward(dout), this.dyHat);
    first instanceof Linear ? first.learn(dout) : first.backward(dout);
    return value;
  }

  /** What follows `backprop` in a step: theta moves, and batch normalisation remembers the batch. */
  move(optimizer) {
    optimizer.step(this.theta, this.dtheta);
    for (const layer of this.batchNorms) layer.remember();
  }

  /** Every array that training changes, in order: W, b of the first layer, then of the next. */
  get parameters() { return this.leaves.flatMap((layer) => layer.learned.map((name) => layer[name])); }

  /** dL/dp for each of `parameters`, as the last backward left them. */
  get gradients() { return this.leaves.flatMap((layer) => layer.learned.map((name) => layer[`d${name}`])); }

  /** The length of (dW, db) of each linear layer as the last backward left them. */
  gradientNorms() {
    const squares = (v) => v.reduce((total, each) => total + each * each, 0);
    return this.linearLayers.map(({ dW, db }) => Math.sqrt(squares(dW) + squares(db)));
  }

  /** A copy of all that defines the network, as JSON: what the constructor takes, and `mb.MLP.from_state`. */
  state() {
    const { sizes, activation, residual, normalization, leaves: all } = this;
    const lists = (name) => all.filter((layer) => layer[name]).map((layer) => [...layer[name]]);
    const norms = normalization ? NORMS.map(([key, name]) => [key, lists(name)]).filter(([, list]) => list.length) : [];
    return {
      sizes: [...sizes], activation,
      ...(this.hasAlpha ? { alpha: lists("alpha").flat() } : {}),
      ...(residual ? { residual } : {}),
      ...(normalization ? { normalization } : {}),
      W: this.linearLayers.map(({ W, b }) => rowsOf(W, b.length)),
      b: this.linearLayers.map(({ b }) => [...b]),
      ...Object.fromEntries(norms),
    };
  }
}
