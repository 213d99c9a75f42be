// The frame around every explorable: controls, reset, link, Python, what a screen reader hears, and tidying up.
//
//   export default explorable((ui) => { ...make elements...; return { picture, draw, describe } });
//
// ui: get, change, spec, narrow (is there little room?), slider, menu, toggle. picture is the element to show, draw()
// puts the model's values into it, describe() says them in words. The frame calls both when a trait changes. say(), where
// given, is what a screen reader hears of a change instead of the whole description; prepare(), where given, is called before
// the controls read their values; reset(), where given, when the reader resets: it clears what no trait knows of.
// What runs by itself gives leave(), called when it is taken off the page; it has ui.on(event, f) to hear of other traits, and
// ui.refresh() to be drawn anew. python(), and more: [[button, () => text], ...], are other codes to copy.

import { h, set } from "./dom.js";
import { played, toPython } from "./state.js";

const SAVE_EVERY = 100; // ms: a drag sends Python ten values a second, and always the last one
const SPEAK_EVERY = 1000;

/** Calls f at most once per `wait` ms, the last call always; `.now()` runs a waiting one at once. */
function throttle(f, wait) {
  let timer = null, last = -Infinity;
  const run = () => {
    timer = null;
    last = performance.now();
    f();
  };
  const call = () => {
    if (timer === null) timer = setTimeout(run, Math.max(0, last + wait - performance.now()));
  };
  call.now = () => {
    if (timer !== null) clearTimeout(timer), run();
  };
  return call;
}

export function explorable(build) {
  return {
    render({ model, el }) {
      let narrow = false, minded = false; // whether there is little room, and whether the picture is made differently then
      const isNarrow = () => (minded = true, narrow);
      let unmount = mount(build, model, el, isNarrow);
      let asked = false, gone = false;
      const rebuild = () => {
        if (!asked) asked = true, queueMicrotask(() => {
          asked = false;
          if (gone) return;
          unmount();
          unmount = mount(build, model, el, isNarrow);
        });
      };
      // Python set something that the picture is made from
      const given = ["_spec", ...model.get("_spec").given].map((key) => `change:${key}`);
      for (const event of given) model.on(event, rebuild);
      // On a phone a picture is laid out anew rather than shrunk until nobody can read it.
      const watch = new ResizeObserver(([{ contentRect }]) => {
        if (!(contentRect.width > 0) || contentRect.width < 480 === narrow) return;
        narrow = !narrow;
        el.classList.toggle("mb-narrow", narrow);
        if (minded) rebuild(); // else nothing would change but what a reader has half done
      });
      watch.observe(el);
      return () => {
        gone = true;
        watch.disconnect();
        el.classList.remove("mb-narrow");
        for (const event of given) model.off(event, rebuild);
        unmount();
      };
    },
  };
}

function mount(build, model, el, isNarrow) {
  const spec = model.get("_spec");
  const get = (key) => model.get(key);
  const save = throttle(() => model.save_changes(), SAVE_EVERY);
  const synced = []; // what brings each native control in step with the model
  const live = h("p", { class: "mb-hidden", "aria-live": "polite" });
  const words = h("p", { class: "mb-hidden" });
  const speak = throttle(() => (live.textContent = say()), SPEAK_EVERY);
  const controls = h("div", { class: "mb-controls" });

  const change = (patch) => {
    for (const [key, value] of Object.entries(patch)) model.set(key, value);
    save();
    speak();
  };
  const control = (kind, parts) => {
    const row = h("label", { class: `mb-${kind}` }, ...parts);
    controls.append(row);
    return row;
  };

  const heard = [];
  const ui = {
    get, change, spec,
    on(event, f) {
      heard.push([event, f]);
      model.on(event, f);
    },
    refresh: () => request(),
    get narrow() {
      return isNarrow();
    },
    /** A labelled native slider. read() -> number, write(number); text(number) is shown; a screen reader hears what it
     * means() as well. */
    slider({ label, low, high, step, read, write, text, means }) {
      const input = h("input", { type: "range", min: low, max: high, step });
      const shown = h("span", { class: "mb-value", "aria-hidden": true }); // the slider itself says it
      input.addEventListener("input", () => write(Number(input.value)));
      synced.push(() => {
        input.value = String(read());
        shown.textContent = text(read());
        set(input, { "aria-valuetext": [text(read()), means?.()].filter(Boolean).join(", ") });
      });
      return control("slider", [h("span", {}, label), input, shown]);
    },
    /** A labelled native menu over [value, text] pairs. */
    menu({ label, options, read, write }) {
      const select = h("select", {}, ...options.map(([value, text]) => h("option", { value }, text)));
      select.addEventListener("change", () => write(select.value));
      synced.push(() => (select.value = read()));
      return control("menu", [h("span", {}, label), select]);
    },
    /** A labelled native checkbox. */
    toggle({ label, read, write }) {
      const input = h("input", { type: "checkbox" });
      input.addEventListener("change", () => write(input.checked));
      synced.push(() => (input.checked = read()));
      return control("toggle", [input, h("span", {}, label)]);
    },
  };

  const built = build(ui);
  const { picture, draw, describe, say = () => words.textContent, prepare } = built;
  const root = h("div", { class: "mb mb-explorable", role: "group", "aria-label": spec.title,
    "data-explorable": spec.name, "data-lm-suppress-shortcuts": "true" },
    picture, controls, toolbar(model, spec, change, built), words, live);
  // JupyterLab's command mode and the book's search shortcut would otherwise take the keys.
  for (const type of ["keydown", "keyup", "keypress"]) root.addEventListener(type, (event) => event.stopPropagation());

  let asked = false;
  const redraw = () => {
    asked = false;
    prepare?.();
    synced.forEach((sync) => sync());
    draw();
    words.textContent = describe();
  };
  const request = () => {
    if (!asked) asked = true, queueMicrotask(redraw); // several traits set together make one drawing
  };
  const events = Object.keys(spec.limits).map((key) => `change:${key}`);
  for (const event of events) model.on(event, request);
  redraw();
  el.append(root);

  return () => {
    for (const [event, f] of [...heard, ...events.map((event) => [event, request])]) model.off(event, f);
    built.leave?.();
    save.now();
    root.remove();
  };
}

/** Reset, "Link to this" (only where the host can share) and "Copy as Python". */
function toolbar(model, spec, change, { reset, python, more = [] }) {
  const text = h("textarea", { readonly: true, rows: 2, "aria-label": "Text to copy" });
  const note = h("span", { class: "mb-note", role: "status" });
  const shown = h("div", { class: "mb-copy", hidden: true }, text, note);
  const offer = async (value) => {
    text.value = value;
    shown.hidden = false;
    note.textContent = "";
    text.select();
    try {
      await navigator.clipboard.writeText(value);
      note.textContent = "Copied.";
    } catch {
      // A page opened from disk may not write to the clipboard; the text stands selected, ready to be copied.
      note.textContent = "Selected: copy it with your keyboard.";
    }
  };
  const state = (keys) => Object.fromEntries(keys.map((key) => [key, model.get(key)]));
  const button = (label, click) => {
    const node = h("button", { type: "button" }, label);
    node.addEventListener("click", click);
    return node;
  };
  const buttons = [button("Reset", () => {
    shown.hidden = true;
    change(spec.start);
    reset?.();
  })];
  if ("share" in model) {
    buttons.push(button("Link to this", () => offer(model.share(state(played(spec))))));
  }
  buttons.push(button("Copy as Python", () => offer(python?.() ?? toPython(spec.name, state(spec.arguments)))));
  for (const [label, text] of more) buttons.push(button(label, () => offer(text())));
  return h("div", { class: "mb-toolbar" }, h("div", { class: "mb-buttons" }, ...buttons), shown);
}
