// What the playground shows, in words and as Python; the twin of playground_words.py and of `to_python` there. No DOM here.

import { magnitude, num } from "./dom.js";
import { built, loneBatch } from "./playground_data.js";
import { Session } from "./playground_session.js";
import { played, python } from "./state.js";

/** Rounded first where Python still agrees. */
const rounded = (value) => (Math.abs(value) < 1e9 ? num(Number(value.toFixed(9))) : `${value < 0 ? "−" : ""}${magnitude(Math.abs(value))}`);
const count = (n, word) => `${n} ${word}${n === 1 ? "" : "s"}`;
const plainName = (name) => name.replace("_", " ");

export function dataWords(spec, get, { data, test, classes, outputs }) {
  if (data.n === 0) return "No points yet: draw some, or choose other data.";
  const preset = get("preset"), name = preset === spec.givenName ? "Own data" : preset[0].toUpperCase() + preset.slice(1);
  const kind = classes ? `of ${classes} classes` : `with ${count(outputs, "target")} each`;
  const alone = classes && data.labels.every((label) => label === data.labels[0]) ? " All are of one class." : "";
  return `${name}: ${count(data.n, "point")} ${kind}${test ? `, and ${test.n} to test on` : ""}.${alone}`;
}

export function networkWords(get, task) {
  const { given, arguments: { sizes, activation, residual, normalization, init, seed } } = built(get, task);
  const extras = [...(residual ? ["residual"] : []), ...(normalization ? [`${normalization} normalisation`] : []),
    given ? "weights as given" : `${init ?? "friendly"} start, seed ${seed}`];
  return `Network ${sizes.join("-")}, ${[plainName(activation), ...extras].join(", ")}.`;
}

/** What of the settings cannot be had. */
export function notes(get, task) {
  const { arguments: { residual, init } } = built(get, task);
  return [
    ...(get("residual") && !residual ? ["Nothing is residual: no hidden layer is as wide as the one before it."] : []),
    ...(get("init") === "identity" && init === null ? ["The identity start needs all widths equal, here it is the friendly one."] : []),
    ...(loneBatch(get, task) ? ["Batch normalisation cannot learn from a batch of 1 sample: choose another batch size."] : []),
  ];
}

export function learningWords(spec, get, { data, loss }) {
  const size = get("batch_size"), decay = get("weight_decay");
  return `${get("optimizer")}, learning rate ${get("lr")}${decay ? `, weight decay ${decay}` : ""}, ` +
    `${size === null || size >= data.n ? "all points" : `${size} points`} in a step, batch seed ${get("seed")}; loss: ${spec.losses[loss]}.`;
}

/** The class of row i of outputs. */
export function answer(out, i, { outputs, loss }) {
  if (outputs === 1) return out[i] > (loss === "mse" ? 0.5 : 0) ? 1 : 0;
  let best = 0;
  for (let j = 1; j < outputs; j++) if (out[i * outputs + j] > out[i * outputs + best]) best = j;
  return best;
}

export function rightWords({ task, mlp }) {
  if (!task.classes || task.data.n === 0) return "";
  const out = mlp.forward(task.data.x);
  const right = task.data.labels.reduce((sum, label, i) => sum + (answer(out, i, task) === label), 0);
  return ` ${right} of ${task.data.n} points are right.`;
}

function progressWords(session) {
  const { task, moved, first, loss, testLoss, stopped, epoch } = session;
  if (task.data.n === 0) return "";
  const shown = moved ? loss : first;
  const said = [...(shown === null ? [] : [`loss ${magnitude(shown)}`]), ...(testLoss === null ? [] : [`test loss ${magnitude(testLoss)}`])];
  return `${moved ? `Epoch ${epoch}` : "Before training"}: ${said.join(", ")}.${rightWords(session)}${stopped ? ` ${stopped}` : ""}`;
}

export function probeWords({ task: { classes, loss, outputs }, mlp }, probe) {
  const out = [...mlp.forward(Float64Array.from(probe))];
  const where = `At the probe (${num(probe[0])}, ${num(probe[1])})`;
  if (!classes || loss === "mse") return `${where} the network answers ${out.map(rounded).join(", ")}.`;
  if (outputs === 1) return `${where} the probability of class 1 is ${rounded(1 / (1 + Math.exp(-Math.max(-700, Math.min(700, out[0])))))}.`;
  const most = Math.max(...out), p = out.map((z) => Math.exp(z - most));
  return `${where} the network says class ${out.indexOf(most)}, with probability ${rounded(1 / p.reduce((sum, v) => sum + v, 0))}.`;
}

/** One paragraph: the data, the network, how it learns, how far it is, what it says at the probe. */
export function words(session) {
  const { spec, get, task } = session;
  return [dataWords(spec, get, task), networkWords(get, task), ...notes(get, task), learningWords(spec, get, task),
    progressWords(session), probeWords(session, get("probe"))].filter(Boolean).join(" ");
}

/** The same from traits alone, for the tests. */
export const describe = (spec, traits) => words(new Session(spec, (key) => traits[key]));

// --- Python

const networkCode = (state) => `mb.MLP.from_state(${python(state)})`;
const dataCode = ({ x, y }) => `mb.datasets.Data(${python(x)}, ${python(y)})`;
const call = (name, named) => `${name}(${Object.entries(named).map(([key, value]) => `${key}=${value}`).join(", ")})`;

/** The call that builds the playground, before training. */
export function playgroundCode(spec, get) {
  const [network, data, validation] = [get("network"), get("data"), get("validation")];
  const first = [...(network ? [networkCode(network)] : data ? ["None"] : []), ...(data ? [dataCode(data)] : [])];
  const named = { ...(validation ? { validation: dataCode(validation) } : {}),
    ...Object.fromEntries(played(spec).map((key) => [key, python(get(key))])),
    ...Object.fromEntries(["hidden", "locked"].filter((key) => get(key).length).map((key) => [key, python(get(key))])) };
  const rest = Object.entries(named).map(([key, value]) => `${key}=${value}`);
  return `mb.widgets.TrainingPlayground(${[...first, ...rest].join(", ")})`;
}

/** The lines that go on training from here, with mb.train. */
export function trainCode(session) {
  const { spec, get, task, moved, mlp, sets: [shown, test] } = session, preset = get("preset");
  if (task.data.n === 0) return "# There are no samples to train on: draw some, or choose other data.";
  const { given, arguments: { sizes, activation, seed, residual, normalization, init } } = built(get, task);
  const settings = { sizes: python(sizes), activation: python(activation), seed, ...(residual ? { residual: "True" } : {}),
    ...(normalization ? { normalization: python(normalization) } : {}), ...(init === null ? {} : { init: python(init) }) };
  const network = moved ? networkCode(mlp.state()) : given ? networkCode(get("network")) : call("mb.MLP", settings);
  const known = spec.presets[preset];
  const asRows = ({ x, labels, n }) => ({ x: Array.from({ length: n }, (_, i) => [x[2 * i], x[2 * i + 1]]), y: [...labels] });
  const data = known ? known.code : dataCode(preset === spec.givenName ? get("data") : asRows(shown));
  const held = known ? known.testCode : test && dataCode(get("validation"));
  const size = get("batch_size"), decay = get("weight_decay");
  return [`mlp = ${network}`, `data = ${data}`, ...(held ? [`test = ${held}`] : []),
    `run = mb.train(mlp, data, loss=${python(task.loss)}, optimizer=mb.${get("optimizer")}(lr=${get("lr")}${decay ? `, weight_decay=${decay}` : ""}), ` +
    `epochs=100${size === null || size >= task.data.n ? "" : `, batch_size=${size}`}, ${held ? "validation=test, " : ""}seed=${get("seed")})`].join("\n");
}
