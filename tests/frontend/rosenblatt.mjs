// Reads {runs: [[points, seed, steps], ...], orders: [[seed, [n, ...]], ...]} from standard input and prints what the page's
// perceptron and its random orders make of them, as JSON.
import { permutations } from "../../mlpbook/frontend/random.js";
import { learner } from "../../mlpbook/frontend/rosenblatt.js";

let text = "";
for await (const chunk of process.stdin) text += chunk;
const { runs = [], orders = [] } = JSON.parse(text);
console.log(JSON.stringify({
  runs: runs.map(([points, seed, steps]) => learner(points, seed).upTo(steps)),
  orders: orders.map(([seed, sizes]) => {
    const draw = permutations(seed);
    return sizes.map((n) => draw(n));
  }),
}));
