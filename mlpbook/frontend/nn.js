// The page's twin of activations.py: same names, same values (the tests hold them to 1e-12). No DOM here.

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

/** phi and phi' by name. alpha is needed by leaky_relu, prelu and elu; the defaults come from Python.
 * @type {Record<string, {f: (z: number, alpha?: number) => number, df: (z: number, alpha?: number) => number}>} */
export const ACTIVATIONS = {
  step: { f: (z) => (z >= 0 ? 1 : 0), df: () => 0 },
  identity: { f: (z) => z, df: () => 1 },
  sigmoid: { f: sigmoid, df: (z) => sigmoid(z) * sigmoid(-z) },
  tanh: { f: Math.tanh, df: (z) => 1 - Math.tanh(z) ** 2 },
  relu: { f: (z) => Math.max(z, 0), df: (z) => (z > 0 ? 1 : 0) },
  leaky_relu: leaky,
  prelu: leaky,
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
