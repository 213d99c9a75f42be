// The page's twin of initialisation.py, and of how mlp.py begins: the first weights of a network. No DOM here.

import { generator } from "./random.js";

const normal = (variance) => (random, dIn, dOut) => {
  const scale = Math.sqrt(variance(dIn, dOut));
  return Float64Array.from({ length: dIn * dOut }, () => scale * random.normal());
};

/** name: (generator, d_in, d_out) -> W (d_in, d_out), flat. Biases start at 0 with all of them.
 * @type {Record<string, (random: ReturnType<typeof generator>, dIn: number, dOut: number) => Float64Array>} */
export const INITIALISATIONS = {
  zeros: (random, dIn, dOut) => new Float64Array(dIn * dOut),
  lecun: normal((dIn) => 1 / dIn),
  xavier: normal((dIn, dOut) => 2 / (dIn + dOut)),
  he: normal((dIn) => 2 / dIn),
  identity(random, dIn, dOut) {
    if (dIn !== dOut) throw new RangeError(`the identity start needs layers of equal widths, for example [2, 2, 2]; got ${dIn} -> ${dOut}`);
    return Float64Array.from({ length: dIn * dIn }, (_, i) => Number(i % (dIn + 1) === 0));
  },
};

/** Whether layers of these sizes can be residual: a hidden one is as wide as the one before it. */
export const canBeResidual = (sizes) => sizes.slice(1, -1).some((width, l) => width === sizes[l]);

/** The state of MLP(sizes, activation, seed=seed, init=init, residual=residual, normalization=normalization) before training.
 * init: a name of INITIALISATIONS, or null for weights of standard deviation gain / sqrt(d_in). What only Python knows of the
 * activation it must give: its gain, and where it has one, its alpha. */
export function initial({ sizes, activation, seed = 0, residual = false, normalization = null, init = null, gain, alpha = null }) {
  if (residual && !canBeResidual(sizes)) {
    throw new RangeError(`residual needs a hidden layer as wide as the one before it, for example [2, 2, 2]; got sizes ${sizes.join(", ")}`);
  }
  const random = generator(seed), widths = sizes.slice(1), hidden = sizes.slice(1, -1);
  const rule = init === null ? normal((dIn) => gain ** 2 / dIn) : INITIALISATIONS[init];
  const filled = (value) => hidden.map((d) => new Float64Array(d).fill(value));
  return {
    sizes, activation,
    ...(alpha === null ? {} : { alpha: hidden.map(() => alpha) }),
    ...(residual ? { residual } : {}),
    ...(normalization ? { normalization, gamma: filled(1), beta: filled(0) } : {}),
    ...(normalization === "batch" ? { running_mean: filled(0), running_var: filled(1) } : {}),
    W: widths.map((dOut, l) => rule(random, sizes[l], dOut)),
    b: widths.map((dOut) => new Float64Array(dOut)),
  };
}
