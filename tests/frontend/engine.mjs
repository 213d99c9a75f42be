// Reads cases [{what, ...}] and prints for each what the page's training engine makes of it; `what` is a name below.
import { optimizer } from "../../mlpbook/frontend/optimizers.js";

const KINDS = {
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
