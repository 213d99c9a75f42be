// Elements, numbers as text, and dragging: what every explorable draws with.

const SVG = "http://www.w3.org/2000/svg";

function fill(node, attributes, children) {
  set(node, attributes);
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
}

/** Sets attributes; null removes one. Text only ever goes in as text, so nothing a trait holds can become markup. */
export function set(node, attributes) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === false) node.removeAttribute(name);
    // an ARIA state is a word: an empty one says nothing
    else node.setAttribute(name, value === true && !name.startsWith("aria-") ? "" : String(value));
  }
  return node;
}

export const h = (tag, attributes = {}, ...children) => fill(document.createElement(tag), attributes, children);
export const s = (tag, attributes = {}, ...children) => fill(document.createElementNS(SVG, tag), attributes, children);

/** 1.5 -> "1.50", -0.004 -> "0.00", -2 -> "−2.00" (a real minus sign). */
export function num(value, digits = 2) {
  const text = value.toFixed(digits);
  return Number(text) === 0 ? text.replace("-", "") : text.replace("-", "−");
}

/** As num, with a plus sign where positive. */
export const signed = (value, digits = 2) => (Number(value.toFixed(digits)) > 0 ? "+" : "") + num(value, digits);

/** A number of at least 0 to two digits: 0.394 -> "0.39", 38.2 -> "38", 2.04e-13 -> "2.0e-13", 0 -> "0". */
export function magnitude(value) {
  if (value === 0) return "0";
  const [digits, power] = value.toExponential(1).split("e").map(Number);
  return power >= -2 && power <= 2 ? Number(`${digits}e${power}`).toFixed(Math.max(0, 1 - power)) : `${digits.toFixed(1)}e${power}`;
}

// An id is valid for the whole page, and each explorable brings a copy of this file: every copy counts from somewhere else.
let count = Math.floor(Math.random() * 1e12);
export const uid = (stem) => `mb-${stem}-${++count}`;

/** "M 0 0 L 1 1 ..." through points; a null point lifts the pen. */
export function path(points) {
  let pen = false;
  return points.map((p) => {
    if (!p) return (pen = false), "";
    const command = `${pen ? "L" : "M"}${p[0].toFixed(2)} ${p[1].toFixed(2)}`;
    pen = true;
    return command;
  }).join("");
}

// one step, ten steps, or all the way (whoever moves the handle keeps it in its range)
const KEYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1],
  PageUp: [0, 10], PageDown: [0, -10], Home: [-1e6, 0], End: [1e6, 0] };

/** One pointer at a time holds a node: a second finger moves nothing. {take(event): whether this press takes hold of it,
 * has(event): whether this pointer holds it}. */
export function grip(node) {
  let held = null;
  return {
    take(event) {
      if (event.button !== 0 || (held !== null && node.hasPointerCapture(held))) return false;
      held = event.pointerId;
      node.setPointerCapture(held);
      event.preventDefault();
      return true;
    },
    has: ({ pointerId }) => pointerId === held && node.hasPointerCapture(held),
  };
}

/** Makes an SVG group a handle for pointer and keyboard.
 * drag(x, y): the pointer in the picture's own units. nudge(dx, dy): keys, in steps; Shift makes it ten. */
export function draggable(node, { label, drag, nudge }) {
  set(node, { tabindex: 0, role: "slider", "aria-label": label, "data-handle": label });
  node.classList.add("mb-handle");
  const at = (event) => {
    const svg = node.ownerSVGElement;
    const p = new DOMPoint(event.clientX, event.clientY).matrixTransform(svg.getScreenCTM().inverse());
    drag(p.x, p.y);
  };
  const hand = grip(node);
  node.addEventListener("pointerdown", (event) => {
    if (hand.take(event)) node.focus({ preventScroll: true });
  });
  // touch-action has no effect inside an SVG: without this a finger on a handle would scroll the page
  node.addEventListener("touchstart", (event) => event.preventDefault(), { passive: false });
  node.addEventListener("pointermove", (event) => {
    if (hand.has(event)) at(event);
  });
  node.addEventListener("keydown", (event) => {
    const arrow = KEYS[event.key];
    if (!arrow || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    const size = event.shiftKey ? 10 : 1;
    nudge(arrow[0] * size, arrow[1] * size);
  });
  return node;
}

/** The value a screen reader hears for a handle, and the range it moves in. */
export function setValue(node, { now, low, high, text }) {
  set(node, { "aria-valuenow": now, "aria-valuemin": low, "aria-valuemax": high, "aria-valuetext": text });
}
