// Reads cases [{what, ...}] and prints for each what the page's training engine makes of it; `what` is a name below.
import { initial } from "../../mlpbook/frontend/initialisation.js";
import { MLP } from "../../mlpbook/frontend/nn.js";
import { NORMALISATIONS } from "../../mlpbook/frontend/normalisation.js";
import { generator } from "../../mlpbook/frontend/random.js";
import { optimizer } from "../../mlpbook/frontend/optimizers.js";
import { Trainer } from "../../mlpbook/frontend/trainer.js";

const KINDS = {
  /** The draws of one generator, in turn: normals, and every so often a permutation between them. */
  draws({ seed, n, every }) {
    const random = generator(seed), orders = [];
    const normals = Array.from({ length: n }, (_, i) => {
      if (i % every === every - 1) orders.push(random.permutation(i % 7));
      return random.normal();
    });
    return { normals, orders };
  },

  /** The first weights. */
  initial: ({ settings }) => initial(settings),

  /** A training: the loss of every step (byEpoch: of every epoch), and what a Run has of every epoch. */
  train({ epochs, byEpoch, ...settings }) {
    const trainer = new Trainer(settings);
    const kept = { steps: [], norms: [], validation: [] };
    for (let epoch = 0; epoch < epochs && !trainer.stopped; epoch++) {
      if (byEpoch) kept.steps.push(trainer.epoch());
      while (trainer.epochs === epoch && !trainer.stopped) kept.steps.push(trainer.step());
      kept.norms.push(trainer.gradientNorms());
      kept.validation.push(trainer.validationLoss());
    }
    const { stopped, losses } = trainer, state = trainer.state();
    return { ...kept, losses: [...losses], stopped, state, after: stopped && [trainer.step(), trainer.epoch(), trainer.state(), trainer.epochs] };
  },

  /** Single steps and whole epochs in turn. */
  mixed(settings) {
    const trainer = new Trainer(settings);
    return [trainer.step(), trainer.step(), trainer.epoch(), trainer.step(), trainer.epoch(), trainer.epoch()];
  },

  /** A network made of a state: its state, and its outputs. */
  state({ state, x }) {
    const mlp = new MLP(state, NORMALISATIONS);
    return { state: mlp.state(), yHat: mlp.forward(Float64Array.from(x.flat())) };
  },

  /** Where the optimizer is after each of the gradients. */
  optimizer({ described, theta, gradients }) {
    const one = optimizer(described), at = Float64Array.from(theta);
    return gradients.map((gradient) => {
      one.step(at, Float64Array.from(gradient));
      return [...at];
    });
  },
};

let text = "";
for await (const chunk of process.stdin) text += chunk;
console.log(JSON.stringify(JSON.parse(text).map(({ what, ...given }) => KINDS[what](given)), (key, value) => {
  if (typeof value === "number" && !Number.isFinite(value)) throw new Error(`not finite: ${key}`);
  return ArrayBuffer.isView(value) ? [...value] : value;
}));
