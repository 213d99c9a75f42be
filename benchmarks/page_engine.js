// The page's training engine against the object graph, on the same network, data and steps: prints the seconds of one step of
// each, [[ours, theirs], ...], in rounds that alternate. Arguments: rounds, steps in a round.

import { initial } from "../mlpbook/frontend/initialisation.js";
import { generator } from "../mlpbook/frontend/random.js";
import { Trainer } from "../mlpbook/frontend/trainer.js";
import { ObjectGraph } from "./object_graph.js";

const [rounds, steps] = process.argv.slice(2).map(Number);
const sizes = [2, 8, 8, 1], n = 250, lr = 0.02;
const random = generator(1);
const draw = (d) => Array.from({ length: n }, () => Array.from({ length: d }, random.normal));
const x = draw(2), y = draw(1), state = initial({ sizes, activation: "tanh", init: "lecun" });
const ours = new Trainer({ state, x, y, optimizer: { name: "SGD", lr } }), theirs = new ObjectGraph(state);

/** Of the processor's time: what else this machine does meanwhile takes no part in it. */
function seconds(step) {
  const start = process.cpuUsage();
  let loss;
  for (let i = 0; i < steps; i++) loss = step();
  const { user, system } = process.cpuUsage(start);
  return [(user + system) / 1e6 / steps, loss];
}

const times = [];
for (let round = 0; round <= rounds; round++) {
  const [a, one] = seconds(() => ours.step()), [b, two] = seconds(() => theirs.step(x, y, lr));
  if (!(Math.abs(one - two) < 1e-6 * one)) throw new Error(`they do not do the same: losses ${one} and ${two}`);
  if (round) times.push([a, b]); // the first round warms both up
}
console.log(JSON.stringify(times));
