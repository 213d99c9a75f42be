// One playground at work: the network in training, and what has become of it. Its settings come from the model; a trainer does
// the steps, so that the losses are those of mb.train. No DOM here.

import { loneBatch, recipe, sets, start, targets, task } from "./playground_data.js";
import { LOSSES } from "./nn.js";
import { optimizer } from "./optimizers.js";
import { Trainer } from "./trainer.js";

export class Session {
  /** spec: the facts from Python; get(key): a trait's value now. `clock` gives milliseconds. */
  constructor(spec, get, clock = () => performance.now()) {
    Object.assign(this, { spec, get, clock, seen: {} });
    this.read(true);
  }

  /** Takes over the settings. -> whether training began anew. resume: go on from what the model knows of an earlier page. */
  read(resume = false) {
    const { get, spec, seen } = this;
    const now = { made: null, source: ["preset", "drawn", "data", "validation"].map(get), run: ["batch_size", "seed"].map(get), optimised: [get("optimizer")] };
    const changed = (key) => !now[key].every((value, i) => value === seen[key]?.[i]); // given data are one object until others are given
    const fresh = changed("source");
    if (fresh) this.sets = sets(spec, get);
    this.task = task(spec, get, this.sets);
    now.run.push(this.task.loss);
    now.made = [JSON.stringify(recipe(get, this.task)), get("network")];
    const anew = changed("made");
    if (anew) this.begin(resume);
    else if (fresh || changed("run")) this.goOn();
    if (fresh) this.look();
    if (!anew && changed("optimised")) this.trainer.optimizer = optimizer(this.optimizer());
    Object.assign(this.trainer.optimizer, { lr: get("lr"), weight_decay: get("weight_decay") });
    this.seen = now;
    this.blocked = this.task.data.n === 0 || loneBatch(get, this.task);
    return anew;
  }

  optimizer() {
    const name = this.get("optimizer");
    return { ...this.spec.optimizers[name], name, lr: this.get("lr"), weight_decay: this.get("weight_decay") };
  }

  /** New weights. */
  begin(resume = false) {
    const earlier = resume && this.get("progress");
    const known = earlier && JSON.stringify(earlier.recipe) === JSON.stringify(recipe(this.get, this.task));
    Object.assign(this, { before: known ? earlier.epoch : 0, moved: Boolean(known), tests: [], norms: [] });
    this.trainer = this.make(known ? earlier.weights : start(this.spec, this.get, this.task));
    this.first = this.lossNow(this.task.data);
    this.loss = known ? earlier.loss : null;
    this.look();
    this.measure();
  }

  /** Where the network sends the points as training begins, if it is the plane: the picture has room for it. */
  look() {
    const { data } = this.task;
    this.sent = data.k === 2 ? Float64Array.from(this.mlp.forward(data.x)) : null;
  }

  /** The same weights and memory with other data, batches or loss. */
  goOn() {
    const { losses, optimizer, mlp } = this.trainer;
    this.trainer = Object.assign(this.make(mlp.state()), { losses, optimizer });
    if (!this.moved) this.first = this.lossNow(this.task.data);
    this.measure();
  }

  make(state) {
    const { data, test, loss } = this.task;
    return new Trainer({ state, x: data.x, y: targets(data, this.task), loss, optimizer: this.optimizer(), batchSize: this.get("batch_size"),
      seed: this.get("seed"), validation: test && { x: test.x, y: targets(test, this.task) } });
  }

  get mlp() { return this.trainer.mlp; }
  get epoch() { return this.before + this.trainer.epochs; }
  get losses() { return this.trainer.losses; }
  /** "" or why it goes no further. */
  get stopped() { return this.blocked || !this.trainer.stopped ? "" : `${this.trainer.stopped}.`; }
  get halted() { return this.blocked || this.trainer.stopped !== ""; }

  /** The loss on a set with the weights as they stand; null without samples. */
  lossNow(set) {
    if (!set?.n) return null;
    const [value] = LOSSES[this.task.loss](this.mlp.forward(set.x), targets(set, this.task), this.task.outputs);
    return Number.isFinite(value) ? value : null;
  }

  /** What is worth keeping after some steps. */
  measure() {
    const { trainer } = this;
    this.testLoss = trainer.validationLoss();
    if (this.testLoss !== null) this.tests.push([this.epoch, this.testLoss]);
    this.norms = trainer.gradientNorms().map((norm) => norm ?? 0);
    if (this.moved && trainer.epochs > 0 && trainer.at === 0) this.loss = trainer.losses.at(-1);
    else if (trainer.at > 0) this.loss = trainer.total / trainer.at;
  }

  /** One step, on the next batch. */
  step() {
    if (this.halted) return;
    this.trainer.step();
    this.moved = true;
    this.measure();
  }

  /** Up to so many epochs, for no longer than `ms`; a large set is cut short within an epoch. -> the epochs that were finished */
  run(epochs, ms = Infinity) {
    const from = this.trainer.epochs, end = this.clock() + ms;
    while (!this.halted && this.trainer.epochs - from < epochs) {
      this.trainer.step();
      this.moved = true;
      if (this.clock() >= end) break;
    }
    this.measure();
    return this.trainer.epochs - from;
  }

  /** What Python reads while it trains; null before the first step. All of it finite. */
  progress() {
    if (!this.moved) return null;
    const { epoch, loss, testLoss, norms, stopped } = this;
    return { recipe: recipe(this.get, this.task), epoch, loss, test_loss: testLoss, gradient_norms: norms, stopped, weights: this.mlp.state() };
  }
}
