// Drawing data by hand: a pen for each class, used by tap, by key or where the probe stands.

import { h } from "./dom.js";
import { decode, encode } from "./playground_data.js";

const MARKS = ["■", "●", "▲", "◆", "✚"]; // as they are drawn
const HUES = ["orange", "blue", "green", "purple", "muted"];
const CLEAR = "Clear";

/** set(patch) changes the data. {node, add(x), holds(), draw()}: add puts a point of the chosen class at x, if a pen is held. */
export function pens(ui, { session, set, probe, hidden, locked }) {
  const { get, spec } = ui;
  const drawing = () => get("preset") === spec.drawnName;
  let pen = null;

  /** The rows that drawing goes on from: those on show, where they are classes and there is room for them. */
  function rows() {
    if (drawing()) return decode(get("drawn"));
    const { data: { x, labels, n } } = session.task;
    if (!labels || n >= spec.limits.drawn.code || x.some((v) => Math.abs(v) > spec.reach)) return [];
    return Array.from({ length: n }, (_, i) => [x[2 * i], x[2 * i + 1], labels[i]]);
  }
  const keep = (kept) => set({ drawn: encode(kept), preset: spec.drawnName });
  function add([x1, x2]) {
    if (pen === null) return false;
    const now = rows();
    if (now.length < spec.limits.drawn.code) keep([...now, [x1, x2, pen]]);
    return true;
  }

  const button = (text, name, click) => {
    const made = h("button", { type: "button", title: name, disabled: locked }, h("span", { class: "mb-hidden" }, name),
      h("span", { "aria-hidden": "true" }, text));
    made.addEventListener("click", click);
    return made;
  };
  const choices = MARKS.map((mark, c) => {
    const made = button(mark, `Draw points of class ${c}`, () => {
      pen = pen === c ? null : c;
      draw();
    });
    made.classList.add(`mb-${HUES[c]}-pen`);
    return made;
  });
  const here = button("At probe", "Add a point where the probe stands", () => add(probe()));
  const undo = button("Undo", "Take the last point away", () => drawing() && keep(rows().slice(0, -1)));
  const clear = button(CLEAR, "Take all points away", () => keep([]));
  const hint = h("p", { class: "mb-note mb-hint" });
  const node = h("div", { hidden }, h("div", { class: "mb-pens", role: "group", "aria-label": "Draw points" }, h("span", {}, "Draw"), ...choices, here, undo, clear), hint);

  function draw() {
    choices.forEach((each, c) => each.setAttribute("aria-pressed", String(pen === c)));
    here.hidden = pen === null;
    undo.hidden = clear.hidden = pen === null && !drawing();
    const full = drawing() && rows().length >= spec.limits.drawn.code;
    hint.textContent = full ? `${spec.limits.drawn.code} points are all that can be drawn.` : pen === null ? ""
      : `Tap the plane to add points of class ${pen}, or press Enter on the probe.`;
    hint.hidden = !hint.textContent;
  }
  return { node, add, draw, drop: () => (pen = null) };
}
