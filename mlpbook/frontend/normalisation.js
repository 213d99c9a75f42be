// The page's twin of normalisation.py: centre and scale what passes through, then let the network learn another centre and
// scale. out = gamma * x_hat + beta with x_hat = (x - mean) / sqrt(var + 1e-5), gamma and beta (d,). No DOM here.

import { addRows, room } from "./matrix.js";

const EPS = 1e-5, MOMENTUM = 0.1; // as in Python, which says why

/** (n, d) -> (n, d). `over(n, d)` says what mean and variance run over: [groups, step from group to group, members, step]. */
class Normalisation {
  learned = ["gamma", "beta"];

  constructor(gamma, beta) {
    Object.assign(this, { gamma, beta, dgamma: new Float64Array(gamma.length), dbeta: new Float64Array(gamma.length) });
  }

  normalise(x) {
    const { gamma, beta } = this, d = gamma.length;
    const [groups, across, members, along] = this.over(x.length / d, d);
    const out = (this.out = room(this.out, x.length)), xHat = (this.xHat = room(this.xHat, x.length));
    const mean = (this.mean = room(this.mean, groups)), variance = (this.variance = room(this.variance, groups));
    for (let g = 0; g < groups; g++) {
      const from = g * across, end = from + members * along;
      let sum = 0, squares = 0;
      for (let i = from; i < end; i += along) sum += x[i];
      const centre = sum / members;
      for (let i = from; i < end; i += along) squares += (x[i] - centre) ** 2;
      [mean[g], variance[g]] = [centre, squares / members];
      const spread = Math.sqrt(variance[g] + EPS);
      for (let i = from; i < end; i += along) xHat[i] = (x[i] - centre) / spread;
    }
    for (let i = 0; i < x.length; i += d) for (let j = 0; j < d; j++) out[i + j] = gamma[j] * xHat[i + j] + beta[j];
    return out;
  }

  /** dL/dout -> dL/dx. The mean and the variance depend on x too: hence the two terms after the first. */
  backward(dout) {
    const { gamma, xHat, variance, dgamma } = this, d = gamma.length;
    const dx = (this.dx = room(this.dx, dout.length));
    addRows(this.dbeta.fill(0), dout);
    dgamma.fill(0);
    for (let i = 0; i < dout.length; i += d) {
      for (let j = 0; j < d; j++) {
        dgamma[j] += dout[i + j] * xHat[i + j];
        dx[i + j] = dout[i + j] * gamma[j]; // dL/dx_hat, for now
      }
    }
    const [groups, across, members, along] = this.over(dout.length / d, d);
    for (let g = 0; g < groups; g++) {
      const from = g * across, end = from + members * along, spread = Math.sqrt(variance[g] + EPS);
      let mean = 0, meanHat = 0;
      for (let i = from; i < end; i += along) mean += dx[i], (meanHat += dx[i] * xHat[i]);
      mean /= members;
      meanHat /= members;
      for (let i = from; i < end; i += along) dx[i] = (dx[i] - mean - xHat[i] * meanHat) / spread;
    }
    return dx;
  }
}

/** (n, d) -> (n, d): each sample by itself, over its d features. */
export class LayerNorm extends Normalisation {
  over(n, d) { return [n, d, d, 1]; }
  forward(x) { return this.normalise(x); }
}

/** (n, d) -> (n, d): each feature by itself, over the samples of the batch, while `learning`; else by running averages, into
 * which `remember` folds each batch it has learned from. */
export class BatchNorm extends Normalisation {
  learning = false;

  constructor(gamma, beta, runningMean = new Float64Array(gamma.length), runningVar = new Float64Array(gamma.length).fill(1)) {
    super(gamma, beta);
    Object.assign(this, { runningMean, runningVar });
  }

  over(n, d) { return [d, 1, n, d]; }

  forward(x) {
    if (this.learning) return this.normalise(x);
    const { gamma, beta, runningMean, runningVar } = this, d = gamma.length, out = (this.out = room(this.out, x.length));
    for (let j = 0; j < d; j++) {
      const spread = Math.sqrt(runningVar[j] + EPS);
      for (let i = j; i < x.length; i += d) out[i] = gamma[j] * ((x[i] - runningMean[j]) / spread) + beta[j];
    }
    return out;
  }

  remember() {
    const { mean, variance, runningMean, runningVar } = this, n = this.xHat.length / mean.length;
    for (let j = 0; j < mean.length; j++) {
      runningMean[j] += MOMENTUM * (mean[j] - runningMean[j]);
      runningVar[j] += MOMENTUM * (variance[j] * (n / Math.max(n - 1, 1)) - runningVar[j]);
    }
  }
}

export const NORMALISATIONS = { batch: BatchNorm, layer: LayerNorm };
