// Reads cases [{X, layers: [{W, b}], activation, alpha, corner, stages, lines}] and prints what morph.js makes of them: the
// points at each stage, and the lines with their creases. (Functions cannot come through JSON, so call.mjs is not enough.)
import { creased, place, trace } from "../../mlpbook/frontend/morph.js";
import { ACTIVATIONS } from "../../mlpbook/frontend/nn.js";

let text = "";
for await (const chunk of process.stdin) text += chunk;
const rows = (flat) => Array.from({ length: flat.length / 2 }, (_, i) => [flat[2 * i], flat[2 * i + 1]]);
const results = JSON.parse(text).map(({ X, layers, activation, alpha, corner, stages, lines }) => {
  const given = layers.map((layer) => ({ ...layer, corner, f: (z) => ACTIVATIONS[activation].f(z, alpha ?? undefined) }));
  const at = (points, stage) => rows(place(trace(Float64Array.from(points), given), stage, new Float64Array(points.length)));
  const net = creased(lines, given);
  return { placed: stages.map((stage) => at(X.flat(), stage)),
    net: { X: rows(net.X), starts: net.starts, folds: net.folds, tears: net.tears.map((set) => [...set]),
      placed: stages.map((stage) => at(net.X, stage)) } };
});
console.log(JSON.stringify(results));
