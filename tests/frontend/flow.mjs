// Reads cases [{facts, states}] and prints for each state what GradientFlowExplorer computes and says. (The draws are large:
// they are read once for all states of a case.)
import { describe, flow } from "../../mlpbook/frontend/gradient_flow.js";

let text = "";
for await (const chunk of process.stdin) text += chunk;
console.log(JSON.stringify(JSON.parse(text).map(({ facts, states }) => states.map((state) => {
  const all = { ...facts, ...state, alpha: facts.alpha[state.activation] };
  const rows = flow(all);
  return { rows, words: describe(all, rows) };
}))));
