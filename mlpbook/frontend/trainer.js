// The page's twin of training.py: the loop, cut into steps, so that a page can draw between two of them. For the same network,
// data, settings and seed its losses are those of mb.train. No DOM here.

import { LOSSES, MLP } from "./nn.js";
import { NORMALISATIONS } from "./normalisation.js";
import { optimizer as made } from "./optimizers.js";
import { generator } from "./random.js";

/** Numbers as one Float64Array, from rows or from an array that is flat already. */
const flat = (rows) => Float64Array.from(ArrayBuffer.isView(rows) ? rows : rows.flat());

/** y as the loss takes it, (n, k): for the cross-entropy it may also be n classes. */
function targets(y, n, k, loss) {
  const given = flat(y);
  if (loss === "cross_entropy" && given.length === n) return Float64Array.from({ length: n * k }, (_, i) => Number(given[Math.floor(i / k)] === i % k));
  if (given.length !== n * k) throw new RangeError(`y must hold ${n} x ${k} numbers, got ${given.length}`);
  return given;
}

/** What the page may hand on: a number, or null in the place of one that is not finite. */
const finite = (value) => (Number.isFinite(value) ? value : null);

export class Trainer {
  /** state: a network as `state()` gives it. x (n, sizes[0]) and y (n, sizes.at(-1)), as rows or flat. loss: a name in LOSSES.
   * optimizer: {name, lr, ...}. batchSize: samples in a step; null, or n and more, for all. validation: {x, y}, or null.
   * Then `mlp` is the network, `losses` has the mean loss of each epoch done, and `stopped` says why it goes no further, or "". */
  constructor({ state, x, y, loss = "mse", optimizer, batchSize = null, seed = 0, validation = null }) {
    if (!Object.hasOwn(LOSSES, loss)) throw new TypeError(`no loss is called ${loss}; there are ${Object.keys(LOSSES).join(", ")}`);
    this.mlp = new MLP(state, NORMALISATIONS);
    const [d, k] = [state.sizes[0], state.sizes.at(-1)];
    const pair = (data) => {
      const rows = flat(data.x);
      if (rows.length % d) throw new RangeError(`x must have rows of ${d} numbers, got ${rows.length} numbers`);
      return { x: rows, y: targets(data.y, rows.length / d, k, loss) };
    };
    const data = pair({ x, y }), n = data.x.length / d;
    Object.assign(this, { data, n, d, k, loss, losses: [], stopped: "", optimizer: made(optimizer), random: generator(seed) });
    this.validation = validation && pair(validation);
    this.batchSize = Math.min(batchSize ?? n, n);
    this.full = this.batchSize === n; // then the order makes no difference, and nobody draws one
    this.at = 0; // samples of this epoch seen so far
    this.total = 0; // of their losses
    this.moved = [this.mlp.theta, ...this.mlp.batchNorms.flatMap(({ runningMean, runningVar }) => [runningMean, runningVar])];
    this.kept = this.moved.map((array) => array.slice());
    if (n === 0) this.stopped = "There are no samples to learn from";
    else if (this.mlp.batchNorms.length && [this.batchSize, n % this.batchSize].includes(1)) {
      this.stopped = `Batch normalisation cannot learn from a batch of 1 sample, and ${n} samples in batches of ${this.batchSize} leave one; ` +
        "choose another batch size";
    }
  }

  get epochs() { return this.losses.length; }

  /** One step, on the next batch of this epoch -> the loss on it before the step; null where the training has stopped. */
  step() {
    if (this.stopped) return null;
    const { mlp } = this, { x, y } = this.batch();
    const value = mlp.backprop(x, y, this.loss), epoch = this.epochs + 1;
    const sound = Number.isFinite(value);
    if (sound) {
      this.kept.forEach((array, i) => array.set(this.moved[i])); // the newest weights whose loss is a number
      mlp.move(this.optimizer);
      this.count(value, y.length / this.k);
    }
    if (!sound || !this.moved.every(allFinite)) {
      this.moved.forEach((array, i) => array.set(this.kept[i]));
      this.stopped = `Diverged in epoch ${epoch}: the loss or a weight is no longer finite; try a smaller lr`;
    }
    return finite(value);
  }

  count(value, samples) {
    this.at += samples;
    this.total += value * samples;
    if (this.at < this.n) return;
    this.losses.push(this.full ? value : this.total / this.n);
    this.at = this.total = 0;
  }

  /** Steps to the end of this epoch -> the mean of its losses; null where the training stops before. */
  epoch() {
    const before = this.epochs;
    while (!this.stopped && this.epochs === before) this.step();
    return this.epochs > before ? this.losses.at(-1) : null;
  }

  /** The samples of the next step, in the memory of those of the last; an epoch begins with a new order. */
  batch() {
    if (this.full) return this.data;
    if (this.at === 0) this.order = this.random.permutation(this.n);
    const { data, d, k, at, order } = this, count = Math.min(this.batchSize, this.n - at);
    if (this.drawn?.y.length !== count * k) this.drawn = { x: new Float64Array(count * d), y: new Float64Array(count * k) };
    const { x, y } = this.drawn;
    for (let i = 0; i < count; i++) {
      const from = order[at + i];
      for (let j = 0; j < d; j++) x[i * d + j] = data.x[from * d + j];
      for (let j = 0; j < k; j++) y[i * k + j] = data.y[from * k + j];
    }
    return this.drawn;
  }

  /** The length of each linear layer's gradient at the last step (0 before the first); null where it is not finite. */
  gradientNorms() {
    return this.mlp.gradientNorms().map(finite);
  }

  /** The loss on the validation data now; null without such data, and where it is not finite. */
  validationLoss() {
    if (!this.validation?.y.length) return null;
    const { x, y } = this.validation;
    return finite(LOSSES[this.loss](this.mlp.forward(x), y, this.k)[0]);
  }

  /** The network as it is now, as `mb.MLP.from_state` takes it. Always finite: a training that diverges stops where it still was. */
  state() {
    return this.mlp.state();
  }
}

function allFinite(array) {
  for (let i = 0; i < array.length; i++) if (!Number.isFinite(array[i])) return false;
  return true;
}
