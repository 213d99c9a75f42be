// The settings of the playground: which data, which network, how it learns. Each is a trait, and may be hidden or locked.

import { h } from "./dom.js";

const BATCHES = [1, 2, 5, 10, 20, 32, 50, 64, 100, 200];
const DECAYS = [0, 0.0001, 0.001, 0.01, 0.1, 1];
const plain = (name) => name.replaceAll("_", " ");

/** A rate from a position on a logarithmic slider, to two digits; and back. */
const fromLog = (at) => Number((10 ** at).toPrecision(2));

export function settings(ui, { session, changeAnew, hidden, locked }) {
  const { get, change, spec } = ui;
  const limits = spec.limits;
  const rows = {}, later = [];
  const place = (name, row) => {
    if (hidden(name)) row.hidden = true;
    row.querySelectorAll("input, select").forEach((input) => (input.disabled = locked(name)));
    return (rows[name] = row);
  };
  const menu = (name, label, options, { read = () => String(get(name)), write } = {}) =>
    place(name, ui.menu({ label, options: options.map(([value, text]) => [String(value), text]), read, write }));
  const choice = (name, label, text, set) => menu(name, label, limits[name].options.map((value) => [value, text(value)]),
    { write: (value) => set({ [name]: limits[name].options.find((each) => String(each) === value) }) });
  const toggle = (name, label, set) => place(name, ui.toggle({ label, read: () => get(name), write: (value) => set({ [name]: value }) }));
  /** A menu of usual values, with the present one among them. */
  const usual = (name, label, values, text) => {
    const row = menu(name, label, [], { write: (value) => change({ [name]: value === "null" ? null : Number(value) }) });
    const select = row.querySelector("select");
    later.push(() => {
      const all = [...new Set([...values, get(name)])].sort((p, q) => (p ?? -1) - (q ?? -1));
      select.replaceChildren(...all.map((value) => h("option", { value: String(value) }, text(value))));
      select.value = String(get(name));
    });
    return row;
  };
  const number = (name, label, set) => {
    const { low, high } = limits[name];
    const input = h("input", { type: "number", min: low, max: high, step: 1, placeholder: "as given", inputmode: "numeric" });
    let known; // the value when the field last agreed with it
    const agree = () => {
      known = get(name);
      input.value = known ?? "";
    };
    input.addEventListener("input", () => {
      const value = Number(input.value);
      if (input.value !== "" && Number.isInteger(value) && value >= low && value <= high) set({ [name]: (known = value) });
    });
    input.addEventListener("blur", agree); // what could not be taken does not stay
    later.push(() => {
      if (document.activeElement !== input || get(name) !== known) agree(); // not under the fingers of who is still typing
    });
    return place(name, h("label", { class: "mb-menu mb-number" }, h("span", {}, label), input));
  };

  const preset = choice("preset", "Data", (name) => name, changeAnew);
  const rate = place("lr", ui.slider({ label: "Learning rate", low: -6, high: 6, step: 0.05, read: () => Math.log10(get("lr")), write: (at) => change({ lr: fromLog(at) }),
    text: () => String(get("lr")) }));
  const groups = [
    ["The network", [choice("activation", "Activation", plain, changeAnew), choice("init", "First weights", (name) => (name === null ? "friendly (g/√d)" : name), changeAnew),
      choice("normalization", "Normalise", (name) => (name === null ? "nothing" : `over each ${name}`), changeAnew),
      toggle("residual", "residual", changeAnew), number("mlp_seed", "Weight seed", changeAnew)]],
    ["How it learns", [choice("optimizer", "Optimizer", (name) => name, change), choice("loss", "Loss", (name) => spec.losses[name], change),
      usual("batch_size", "Batch size", [null, ...BATCHES], (value) => (value === null ? "all points" : String(value))),
      usual("weight_decay", "Weight decay", DECAYS, String), number("seed", "Batch seed", change)]],
  ];
  const blocks = groups.map(([name, parts]) => h("div", { class: "mb-settings", role: "group", "aria-label": name }, h("p", { class: "mb-note" }, name), ...parts));
  const node = ui.narrow ? h("details", {}, h("summary", {}, "Settings"), ...blocks) : h("div", { class: "mb-both" }, ...blocks);

  return {
    data: h("div", { class: "mb-data" }, preset), rate, node,
    draw() {
      later.forEach((each) => each());
      rows.loss.hidden = hidden("loss") || session.task.classes !== 2;
    },
  };
}
