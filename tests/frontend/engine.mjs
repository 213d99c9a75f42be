// Reads cases [{what, ...}] and prints for each what the page's training engine makes of it; `what` is a name below.
import { initial } from "../../mlpbook/frontend/initialisation.js";
import { generator } from "../../mlpbook/frontend/random.js";
import { optimizer } from "../../mlpbook/frontend/optimizers.js";

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
