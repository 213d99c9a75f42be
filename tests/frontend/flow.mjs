// Reads cases [{facts, states}] and prints for each state what GradientFlowExplorer computes and says. (The states
// of a case have one seed: its numbers are drawn once.)
import { describe, flow, streams } from "../../mlpbook/frontend/gradient_flow.js";

let text = "";
for await (const chunk of process.stdin) text += chunk;
console.log(JSON.stringify(JSON.parse(text).map(({ facts, states }) => {
  const drawn = streams({ ...facts, ...states[0] });
  return states.map((state) => {
    const all = { ...facts, ...state, alpha: facts.alpha[state.activation] };
    const rows = flow(all, drawn);
    return { rows, words: describe(all, rows) };
  });
})));
