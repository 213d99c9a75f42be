// The page's twin of optimizers.py: what to do with a gradient. Each is its settings, under the names they have in Python, and
// what it remembers of the steps so far. No DOM here.

class Optimizer {
  static settings = ["lr", "weight_decay"];

  /** @param {Record<string, number>} settings those named in `settings`, as Python gives them; weight_decay may be left out. */
  constructor(settings) {
    for (const name of new.target.settings) {
      this[name] = settings[name] ?? (name === "weight_decay" ? 0 : undefined);
      if (!Number.isFinite(this[name])) throw new TypeError(`${new.target.name} needs a number for ${name}, got ${this[name]}`);
    }
    this.steps = 0;
  }

  /** Moves theta against dtheta, in place: two Float64Arrays of the same length at each step. */
  step(theta, dtheta) {
    if (this.steps === 0) this.begin(theta.length);
    this.steps++;
    if (this.weight_decay) {
      const keep = 1 - this.lr * this.weight_decay;
      for (let i = 0; i < theta.length; i++) theta[i] *= keep;
    }
    this.move(theta, dtheta);
  }

  begin() {}
}

/** theta <- theta - lr * dtheta. */
export class SGD extends Optimizer {
  move(theta, dtheta) {
    const { lr } = this;
    for (let i = 0; i < theta.length; i++) theta[i] -= lr * dtheta[i];
  }
}

/** v <- momentum * v + dtheta;  theta <- theta - lr * v. */
export class Momentum extends Optimizer {
  static settings = ["lr", "momentum", "weight_decay"];

  begin(size) {
    this.v = new Float64Array(size);
  }

  move(theta, dtheta) {
    const { lr, momentum, v } = this;
    for (let i = 0; i < theta.length; i++) {
      v[i] = v[i] * momentum + dtheta[i];
      theta[i] -= lr * v[i];
    }
  }
}

/** m and v are running means of the gradient and of its square; theta <- theta - lr * m_hat / (sqrt(v_hat) + eps). */
export class Adam extends Optimizer {
  static settings = ["lr", "beta1", "beta2", "eps", "weight_decay"];

  begin(size) {
    this.m = new Float64Array(size);
    this.v = new Float64Array(size);
  }

  move(theta, dtheta) {
    const { lr, beta1, beta2, eps, steps, m, v } = this;
    const [rise1, rise2] = [1 - beta1, 1 - beta2];
    const left2 = 1 - beta2 ** steps, rate = lr / (1 - beta1 ** steps); // both begin at 0, which these correct
    for (let i = 0; i < theta.length; i++) {
      const g = dtheta[i];
      m[i] += rise1 * (g - m[i]);
      v[i] += rise2 * (g * g - v[i]);
      theta[i] -= (rate * m[i]) / (Math.sqrt(v[i] / left2) + eps);
    }
  }
}

/** By the names they have in Python. */
export const OPTIMIZERS = { SGD, Momentum, Adam };

/** A new one from its name and settings, for example {name: "SGD", lr: 0.1}. */
export function optimizer({ name, ...settings }) {
  if (!Object.hasOwn(OPTIMIZERS, name)) throw new TypeError(`no optimizer is called ${name}; there are ${Object.keys(OPTIMIZERS).join(", ")}`);
  return new OPTIMIZERS[name](settings);
}
