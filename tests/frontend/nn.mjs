// Reads cases [{state, x, y, loss}] and prints what the page's MLP makes of each: loss, outputs, dL/dx and every gradient.
import { LOSSES, MLP } from "../../mlpbook/frontend/nn.js";
import { NORMALISATIONS } from "../../mlpbook/frontend/normalisation.js";

let text = "";
for await (const chunk of process.stdin) text += chunk;
const results = JSON.parse(text).map(({ state, x, y, loss }) => {
  const mlp = new MLP(state, NORMALISATIONS);
  const [input, target] = [x, y].map((rows) => Float64Array.from(rows.flat()));
  const value = mlp.backprop(input, target, loss);
  const gradients = mlp.gradients.map((g) => [...g]);
  const yHat = mlp.forward(input);
  return { value, gradients, yHat: [...yHat], dx: [...mlp.backward(LOSSES[loss](yHat, target, mlp.sizes.at(-1))[1])],
    again: mlp.gradients.map((g) => [...g]), parameters: mlp.parameters.map((p) => [...p]) };
});
console.log(JSON.stringify(results));
