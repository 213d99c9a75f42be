// The page's twin of activations.py, layers.py, losses.py and mlp.py: same names, same order, same values (the tests hold
// them to 1e-12). Matrices are flat Float64Arrays, row after row: x (n, d) has n * d numbers. No DOM here.

const sigmoid = (z) => {
  const e = Math.exp(-Math.abs(z)); // never overflows
  return (z >= 0 ? 1 : e) / (1 + e);
};

const normalPdf = (z) => Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);

/** Phi(z), by the series of positive terms z + z^3/3 + z^5/(3*5) + ... (Marsaglia 2004); exact to 1e-15. */
const normalCdf = (z) => {
  if (Math.abs(z) > 8) return z > 0 ? 1 : 0;
  let term = z, sum = z;
  for (let k = 3; Math.abs(term) > 1e-17 * Math.abs(sum); k += 2) sum += term *= (z * z) / k;
  return 0.5 + normalPdf(z) * sum;
};

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
  tanh: { f: Math.tanh, df: (z, alpha, a = Math.tanh(z)) => 1 - a ** 2 },
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

// --- matrices

/** out += A B, where `columns` counts those of B and of out. Four rows of B at a time: half the time of one by one. */
function addProduct(out, A, B, columns) {
  const n = out.length / columns, inner = B.length / columns;
  for (let i = 0; i < n; i++) {
    const row = i * columns, from = i * inner;
    let k = 0;
    for (; k + 3 < inner; k += 4) {
      const a0 = A[from + k], a1 = A[from + k + 1], a2 = A[from + k + 2], a3 = A[from + k + 3];
      const b0 = k * columns, b1 = b0 + columns, b2 = b1 + columns, b3 = b2 + columns;
      for (let j = 0; j < columns; j++) out[row + j] += a0 * B[b0 + j] + a1 * B[b1 + j] + a2 * B[b2 + j] + a3 * B[b3 + j];
    }
    for (; k < inner; k++) {
      for (let j = 0; j < columns; j++) out[row + j] += A[from + k] * B[k * columns + j];
    }
  }
  return out;
}

/** (n, columns) -> (columns, n) */
function transposed(A, columns) {
  const n = A.length / columns;
  const out = new Float64Array(A.length);
  for (let i = 0; i < n; i++) for (let j = 0; j < columns; j++) out[j * n + i] = A[i * columns + j];
  return out;
}

// --- layers: `forward` keeps what `backward` will need; `backward` leaves the gradients behind

/** (n, d_in) -> (n, d_out):  z = x W + b,  with W (d_in, d_out) and b (d_out,). */
export class Linear {
  constructor(W, b) {
    Object.assign(this, { W, b, dW: new Float64Array(W.length), db: new Float64Array(b.length) });
  }

  get parameters() { return [this.W, this.b]; }
  get gradients() { return [this.dW, this.db]; }

  forward(x) {
    this.x = x;
    const { W, b } = this;
    const dIn = W.length / b.length, n = x.length / dIn;
    const z = new Float64Array(n * b.length);
    for (let i = 0; i < n; i++) z.set(b, i * b.length);
    return addProduct(z, x, W, b.length);
  }

  /** dL/dz (n, d_out) -> dL/dx (n, d_in); leaves dL/dW and dL/db. */
  backward(dz) {
    const { W, dW, db, x } = this;
    const dOut = db.length, dIn = W.length / dOut;
    addProduct(dW.fill(0), transposed(x, dIn), dz, dOut);
    addProduct(db.fill(0), new Float64Array(dz.length / dOut).fill(1), dz, dOut);
    return addProduct(new Float64Array(x.length), dz, transposed(W, dOut), dIn);
  }
}

/** (n, d) -> (n, d):  a = phi(z). Nothing to learn, except PReLU's slope alpha (one for the layer). */
export class Elementwise {
  constructor(activation, alpha) {
    Object.assign(this, { activation: ACTIVATIONS[activation], alpha: Float64Array.of(alpha), dalpha: new Float64Array(1) });
  }

  get parameters() { return this.activation.dfDalpha ? [this.alpha] : []; }
  get gradients() { return this.activation.dfDalpha ? [this.dalpha] : []; }

  forward(z) {
    const { activation: { f }, alpha: [alpha] } = this;
    const a = new Float64Array(z.length);
    for (let i = 0; i < z.length; i++) a[i] = f(z[i], alpha);
    return Object.assign(this, { z, a }).a;
  }

  /** dL/da (n, d) -> dL/dz (n, d). */
  backward(da) {
    const { activation: { df, dfDalpha }, alpha: [alpha], z, a } = this;
    if (dfDalpha) this.dalpha[0] = da.reduce((sum, each, i) => sum + each * dfDalpha(z[i]), 0);
    const dz = new Float64Array(z.length);
    for (let i = 0; i < z.length; i++) dz[i] = da[i] * df(z[i], alpha, a[i]);
    return dz;
  }
}

// --- losses

/** (y_hat, y, k), both of shape (n, k) -> [value, dL/dy_hat]. Cross-entropies take logits; y holds probabilities.
 * @type {Record<string, (yHat: Float64Array, y: Float64Array, k: number) => [number, Float64Array]>} */
export const LOSSES = {
  mse(yHat, y) {
    const error = yHat.map((v, i) => v - y[i]), count = y.length;
    return [error.reduce((sum, e) => sum + e * e, 0) / count, error.map((e) => (2 / count) * e)];
  },
  binary_cross_entropy(logits, y) {
    const value = logits.reduce((sum, z, i) => sum + ACTIVATIONS.softplus.f(z) - y[i] * z, 0);
    return [value / y.length, logits.map((z, i) => (sigmoid(z) - y[i]) / y.length)];
  },
  cross_entropy(logits, y, k) {
    const n = y.length / k, gradient = new Float64Array(y.length);
    let value = 0;
    for (let i = 0; i < y.length; i += k) {
      const row = logits.subarray(i, i + k);
      const most = Math.max(...row); // taken off, it keeps e^z from overflowing and changes no probability
      const logSum = Math.log(row.reduce((sum, z) => sum + Math.exp(z - most), 0));
      row.forEach((z, j) => {
        const logP = z - most - logSum;
        value -= y[i + j] * logP;
        gradient[i + j] = (Math.exp(logP) - y[i + j]) / n;
      });
    }
    return [value / n, gradient];
  },
};

// --- the network

const flat = (rows) => (ArrayBuffer.isView(rows) ? rows : Float64Array.from(rows.flat()));

/** x (n, sizes[0]) -> y_hat (n, sizes.at(-1)): linear, phi, linear, phi, ..., linear. Takes what `state()` of the Python class
 * gives, as JSON: W a list of matrices (as rows, or flat), alpha a list with a number for each hidden layer where phi has one. */
export class MLP {
  constructor({ sizes, activation, W, b, alpha = [] }) {
    this.sizes = sizes;
    this.linearLayers = W.map((each, l) => new Linear(flat(each), flat(b[l])));
    const last = W.length - 1;
    this.layers = this.linearLayers.flatMap((linear, l) => (l < last ? [linear, new Elementwise(activation, alpha[l])] : [linear]));
  }

  forward(x) {
    return this.layers.reduce((out, layer) => layer.forward(out), x);
  }

  /** dL/dy_hat (n, sizes.at(-1)) -> dL/dx (n, sizes[0]), for the x of the last forward. */
  backward(dyHat) {
    return this.layers.reduceRight((dout, layer) => layer.backward(dout), dyHat);
  }

  /** The loss on (x, y); leaves its gradient in `gradients`. */
  backprop(x, y, loss = "mse") {
    const [value, dyHat] = LOSSES[loss](this.forward(x), y, this.sizes.at(-1));
    this.backward(dyHat);
    return value;
  }

  /** Every array that training changes, in order: W, b of the first layer, then of the next. */
  get parameters() { return this.layers.flatMap((layer) => layer.parameters); }

  /** dL/dp for each of `parameters`, as the last backward left them. */
  get gradients() { return this.layers.flatMap((layer) => layer.gradients); }
}
