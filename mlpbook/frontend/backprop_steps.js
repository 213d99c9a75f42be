// One pass of backpropagation as a list of operations: forward, loss, backward, one number at a time, each with its names
// and its arithmetic. And gradient descent with it. Pure: a network and a sample in, numbers and text out. No DOM here.

import { ACTIVATIONS, LOSSES, MLP } from "./nn.js";

const SUB = "₀₁₂₃₄", SUP = "⁰¹²³⁴";

/** A number to three digits, no trailing zeros: 0.5 -> "0.5", -1.23456 -> "−1.23", 0.000123 -> "1.23e−4". */
export function three(value) {
  if (value === 0) return "0";
  // first to where NumPy and JavaScript agree, so that both round alike
  return digits(Number(value.toPrecision(12)), 3);
}

/** The same where room is scarce: two digits below 0.1. */
export const short = (value) => (value === 0 ? "0" : digits(value, Math.abs(value) < 0.1 ? 2 : 3));

function digits(value, count) {
  const [head, power] = value.toExponential(count - 1).split("e").map(Number);
  return (power >= -3 && power <= 3 ? String(Number(`${head}e${power}`)) : `${head}e${power}`).replaceAll("-", "−");
}

/** The same as a factor or a summand that comes after a sign. */
const after = (value) => (three(value).startsWith("−") ? `(${three(value)})` : three(value));
const times = (u, v, first) => `${first ? three(u) : after(u)} · ${after(v)}`;
const sum = (values) => values.map((v, i) => (i === 0 ? three(v) : v < 0 ? `− ${three(-v)}` : `+ ${three(v)}`)).join(" ");
const range = (n) => Array.from({ length: n }, (_, i) => i);

/** What the numbers of a network are called: a single one needs no index, a single layer no number. */
export function naming(sizes) {
  const last = sizes.length - 1;
  const at = (n, j) => (n > 1 ? SUB[j + 1] : "");
  const layer = (l) => (last > 1 ? `⁽${SUP[l]}⁾` : "");
  return {
    y: (k) => `y${at(sizes[last], k)}`,
    p: (k) => `p${at(sizes[last], k)}`,
    z: (l, j) => (l === last ? `ŷ${at(sizes[l], j)}` : `z${at(sizes[l], j)}${layer(l)}`),
    a: (l, i) => (l === 0 ? `x${at(sizes[0], i)}` : `a${at(sizes[l], i)}${layer(l)}`),
    w: (l, i, j) => `w${SUB[i + 1]}${SUB[j + 1]}${layer(l)}`,
    b: (l, j) => `b${at(sizes[l], j)}${layer(l)}`,
    alpha: (l) => `α${layer(l)}`,
  };
}

/** {ops, value}. ops: in order, {key, kind, layer, phase, name, number, uses, lines}: the key of the number that is made, the
 * keys of those it is made from, and the right side of its equation, first with names, then with numbers. value: key -> number;
 * keys are "W.layer.i.j", "b.layer.j", "z.layer.j", "a.layer.j" (layer 0: the inputs), "y.k", "p.k", "L", and "dW.layer.i.j" etc. */
export function operations({ sizes, activation, W, b, alpha = [], loss, x, y }) {
  const last = sizes.length - 1, outputs = sizes[last];
  const { f, df, dfDalpha } = ACTIVATIONS[activation];
  const phi = activation.replace("_", " ");
  const called = naming(sizes), d = (name) => `∂L/∂${name}`;
  const value = new Map(), ops = [];
  const of = (key) => value.get(key);
  const add = (key, kind, layer, phase, name, number, uses, ...lines) => {
    value.set(key, number);
    ops.push({ key, kind, layer, phase, name, number, uses, lines });
  };

  x.forEach((v, i) => value.set(`a.0.${i}`, v));
  y.forEach((v, k) => value.set(`y.${k}`, v));
  W.forEach((rows, l) => rows.forEach((row, i) => row.forEach((v, j) => value.set(`W.${l + 1}.${i}.${j}`, v))));
  b.forEach((row, l) => row.forEach((v, j) => value.set(`b.${l + 1}.${j}`, v)));

  for (let l = 1; l <= last; l++) {
    const inputs = range(sizes[l - 1]), phase = `forward, layer ${l}`;
    for (const j of range(sizes[l])) {
      const [A, w] = [inputs.map((i) => of(`a.${l - 1}.${i}`)), inputs.map((i) => of(`W.${l}.${i}.${j}`))];
      const products = inputs.map((i) => A[i] * w[i]), bias = of(`b.${l}.${j}`);
      add(`z.${l}.${j}`, "z", l, phase, called.z(l, j), products.reduce((total, v) => total + v, 0) + bias,
        [...inputs.flatMap((i) => [`a.${l - 1}.${i}`, `W.${l}.${i}.${j}`]), `b.${l}.${j}`],
        `${inputs.map((i) => `${called.a(l - 1, i)} ${called.w(l, i, j)}`).join(" + ")} + ${called.b(l, j)}`,
        `${inputs.map((i) => times(A[i], w[i], i === 0)).join(" + ")} + ${after(bias)}`, sum([...products, bias]));
    }
    if (l === last) break;
    for (const j of range(sizes[l])) {
      const z = of(`z.${l}.${j}`);
      add(`a.${l}.${j}`, "a", l, phase, called.a(l, j), f(z, alpha[l - 1]), [`z.${l}.${j}`],
        `${phi}(${called.z(l, j)})`, `${phi}(${three(z)})`);
    }
  }

  const yHat = Float64Array.from(range(outputs), (k) => of(`z.${last}.${k}`));
  const [lossValue, dyHat] = LOSSES[loss](yHat, Float64Array.from(y), outputs);
  const each = (text) => range(outputs).map(text);
  const share = (text) => (outputs === 1 ? text : `(${text}) / ${outputs}`);
  const answer = (k) => [called.z(last, k), called.y(k)], numbers = (k) => [yHat[k], y[k]];
  if (loss === "mse") {
    const errors = y.map((v, k) => yHat[k] - v);
    const squares = (text) => share(each(text).join(" + "));
    add("L", "L", last, "loss", "L", lossValue, each((k) => [`z.${last}.${k}`, `y.${k}`]).flat(),
      squares((k) => `(${answer(k).join(" − ")})²`), squares((k) => `(${three(yHat[k])} − ${after(y[k])})²`),
      squares((k) => `${after(errors[k])}²`));
    const factor = outputs === 1 ? "2" : `2/${outputs}`;
    for (const k of range(outputs)) {
      add(`dz.${last}.${k}`, "start", last, "backward, loss", d(called.z(last, k)), dyHat[k], [`z.${last}.${k}`, `y.${k}`],
        `${factor} (${answer(k).join(" − ")})`, `${factor} (${three(numbers(k)[0])} − ${after(y[k])})`, `${factor} · ${after(errors[k])}`);
    }
  } else {
    const soft = loss === "cross_entropy"; // softmax over all outputs, or a sigmoid of each by itself
    const p = y.map((v, k) => dyHat[k] * (soft ? 1 : outputs) + v);
    const total = (text) => each((k) => text(k)).join(" + ");
    for (const k of range(outputs)) {
      const [name, z] = [called.z(last, k), three(yHat[k])];
      add(`p.${k}`, "p", last, "loss", called.p(k), p[k], (soft ? range(outputs) : [k]).map((m) => `z.${last}.${m}`),
        soft ? `exp(${name}) / (${total((m) => `exp(${called.z(last, m)})`)})` : `σ(${name})`,
        soft ? `exp(${z}) / (${total((m) => `exp(${three(yHat[m])})`)})` : `σ(${z})`);
    }
    const terms = (target, probability) => each((k) => (soft ? `− ${target(k, false)} ln ${probability(k, false)}`
      : `− ${target(k, false)} ln ${probability(k, false)} − ${target(k, true)} ln ${probability(k, true)}`)).join(" ");
    add("L", "L", last, "loss", "L", lossValue, each((k) => [`p.${k}`, `y.${k}`]).flat(),
      (soft ? (text) => text : share)(terms((k, other) => (other ? `(1 − ${called.y(k)})` : called.y(k)),
        (k, other) => (other ? `(1 − ${called.p(k)})` : called.p(k)))),
      (soft ? (text) => text : share)(terms((k, other) => `${three(other ? 1 - y[k] : y[k])} ·`, (k, other) => three(other ? 1 - p[k] : p[k]))));
    for (const k of range(outputs)) {
      const part = soft ? (text) => text : share;
      add(`dz.${last}.${k}`, "start", last, "backward, loss", d(called.z(last, k)), dyHat[k], [`p.${k}`, `y.${k}`],
        part(`${called.p(k)} − ${called.y(k)}`), part(`${three(p[k])} − ${three(y[k])}`));
    }
  }

  for (let l = last; l >= 1; l--) {
    const phase = `backward, layer ${l}`, [inputs, units] = [range(sizes[l - 1]), range(sizes[l])];
    const dz = units.map((j) => of(`dz.${l}.${j}`));
    for (const i of inputs) {
      for (const j of units) {
        const a = of(`a.${l - 1}.${i}`);
        add(`dW.${l}.${i}.${j}`, "dW", l, phase, d(called.w(l, i, j)), a * dz[j], [`a.${l - 1}.${i}`, `dz.${l}.${j}`],
          `${called.a(l - 1, i)} · ${d(called.z(l, j))}`, times(a, dz[j], true));
      }
    }
    for (const j of units) add(`db.${l}.${j}`, "db", l, phase, d(called.b(l, j)), dz[j], [`dz.${l}.${j}`], d(called.z(l, j)));
    if (l === 1) break; // nobody asks how the loss changes with the data
    for (const i of inputs) {
      const w = units.map((j) => of(`W.${l}.${i}.${j}`)), products = units.map((j) => dz[j] * w[j]);
      add(`da.${l - 1}.${i}`, "da", l, phase, d(called.a(l - 1, i)), products.reduce((total, v) => total + v, 0),
        units.flatMap((j) => [`dz.${l}.${j}`, `W.${l}.${i}.${j}`]),
        units.map((j) => `${d(called.z(l, j))} · ${called.w(l, i, j)}`).join(" + "),
        units.map((j) => times(dz[j], w[j], j === 0)).join(" + "), sum(products));
    }
    const below = `backward, layer ${l - 1}`, da = inputs.map((i) => of(`da.${l - 1}.${i}`)), z = inputs.map((i) => of(`z.${l - 1}.${i}`));
    if (dfDalpha) {
      const products = inputs.map((i) => da[i] * dfDalpha(z[i]));
      add(`dalpha.${l - 1}`, "dalpha", l - 1, below, d(called.alpha(l - 1)), products.reduce((total, v) => total + v, 0),
        inputs.flatMap((i) => [`da.${l - 1}.${i}`, `z.${l - 1}.${i}`]),
        inputs.map((i) => `${d(called.a(l - 1, i))} · min(${called.z(l - 1, i)}, 0)`).join(" + "),
        inputs.map((i) => `${i ? after(da[i]) : three(da[i])} · min(${three(z[i])}, 0)`).join(" + "), sum(products));
    }
    for (const i of inputs) {
      const slope = df(z[i], alpha[l - 2]);
      value.set(`slope.${l - 1}.${i}`, slope);
      add(`dz.${l - 1}.${i}`, "dz", l - 1, below, d(called.z(l - 1, i)), da[i] * slope, [`da.${l - 1}.${i}`, `z.${l - 1}.${i}`],
        `${d(called.a(l - 1, i))} · ${phi}′(${called.z(l - 1, i)})`, `${three(da[i])} · ${phi}′(${three(z[i])})`, times(da[i], slope, true));
    }
  }
  return { ops, value };
}

/** Up to `applied` steps of gradient descent on the one sample: {losses (before the first step, after it, ...), network, stopped}.
 * stopped: a further step was asked for and would have taken a parameter beyond the ceiling. */
export function descend({ sizes, activation, W, b, alpha, loss, x, y, lr, applied, ceiling }) {
  const mlp = new MLP({ sizes, activation, W, b, alpha });
  const learn = () => mlp.backprop(Float64Array.from(x), Float64Array.from(y), loss);
  const losses = [learn()];
  let stopped = false;
  while (losses.length <= applied && !stopped) {
    const { parameters, gradients } = mlp;
    const moved = parameters.map((theta, i) => theta.map((v, j) => v - lr * gradients[i][j]));
    stopped = moved.some((theta) => theta.some((v) => !(Math.abs(v) <= ceiling)));
    if (stopped) break;
    parameters.forEach((theta, i) => theta.set(moved[i]));
    losses.push(learn());
  }
  const rows = ({ W: flat, b: { length } }) => range(flat.length / length).map((i) => [...flat.subarray(i * length, (i + 1) * length)]);
  const network = { sizes, activation, W: mlp.linearLayers.map(rows), b: mlp.linearLayers.map((linear) => [...linear.b]),
    ...(alpha && { alpha: mlp.layers.filter((layer) => layer.alpha).map((layer) => layer.alpha[0]) }) };
  return { losses, network, stopped };
}

const list = (values) => values.map(three).join(", ");

/** What the picture shows, as one paragraph; a screen reader, a printed page and a page without scripts get these words. */
export function describe({ network, x, y, loss, step, applied, lr, ceiling }, made) {
  const { losses, stopped, ...rest } = made ?? descend({ ...network, x, y, loss, lr, applied, ceiling });
  const { ops } = made ?? operations({ ...rest.network, loss, x, y });
  const taken = losses.length - 1, op = ops[step - 1];
  return [
    `Backpropagation through a network ${network.sizes.join("-")}, activation ${network.activation}, loss ${loss}, one sample: ` +
      `x = (${list(x)}), y = (${list(y)}).`,
    taken ? `After ${taken} step${taken === 1 ? "" : "s"} of gradient descent with lr = ${three(lr)} the loss is ${three(losses[taken])}; ` +
      `at the start it was ${three(losses[0])}.` : `Before the first step of gradient descent the loss is ${three(losses[0])}.`,
    stopped ? `Here it stops: the next step would take a parameter beyond ${ceiling}.` : "",
    op ? `Operation ${step} of ${ops.length}, ${op.phase}: ${op.name} = ${three(op.number)}.`
      : `None of the ${ops.length} operations of a pass is done yet.`,
    step === ops.length ? "All gradients are known." : "",
  ].filter(Boolean).join(" ");
}
