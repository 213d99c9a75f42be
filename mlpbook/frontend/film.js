// Native controls for a plotly figure with frames: a Play button and a scrubber that a keyboard reaches. plotly's own are
// drawn shapes that it does not; they are taken out of the figure, and what they did is done by these.

import { h } from "./dom.js";

const HEIGHT = 48; // pixels, as in film.css

/** A figure's layout without plotly's controls, and its `steps` [{label, args}]: none where it had no scrubber of frames. */
export function cut(layout) {
  const slider = layout.sliders?.find((one) => one.steps?.length && one.steps.every((step) => step.method === "animate"));
  if (!slider) return { layout, steps: [] };
  const { sliders: _, updatemenus, ...rest } = structuredClone(layout);
  const room = rest.meta?.controls ?? 0; // what they took below the picture
  if (room) Object.assign(rest, { height: rest.height - HEIGHT, margin: { ...rest.margin, b: rest.margin.b - room } });
  const { prefix = "frame ", suffix = "" } = slider.currentvalue ?? {};
  const play = updatemenus?.flatMap((menu) => menu.buttons ?? []).find((button) => button.args?.[0] === null);
  return { layout: rest, each: play?.args[1]?.frame?.duration ?? 100,
    steps: slider.steps.map(({ label, args }) => ({ label: `${prefix}${label}${suffix}`, args })) };
}

/** The controls for a figure that has been drawn; turn(args) makes it show a frame, in a promise. each: a frame's ms. */
export function controls({ steps, each }, turn) {
  const last = steps.length - 1;
  const button = h("button", { type: "button" });
  const input = h("input", { type: "range", min: 0, max: last, step: 1, value: 0, "aria-label": "Frame" });
  const said = h("span", { class: "mb-film-now" });
  const node = h("div", { class: "mb-film" }, button, input, said);
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  const inView = new IntersectionObserver(([{ isIntersecting }]) => isIntersecting || pause());
  let [wanted, shown, turning, timer] = [0, 0, null, null];

  /** Shows frame k; while one is being drawn, only the newest wish waits. */
  async function go(k) {
    wanted = Math.min(Math.max(k, 0), last);
    tell();
    turning ??= (async () => {
      while (shown !== wanted) await turn(steps[(shown = wanted)].args);
    })().finally(() => (turning = null));
    return turning;
  }
  function tell() {
    input.value = wanted;
    said.textContent = steps[wanted].label;
    input.setAttribute("aria-valuetext", steps[wanted].label);
    const text = calm.matches ? "Next" : timer ? "Pause" : "Play";
    if (button.textContent !== text) button.textContent = text;
  }
  function pause() {
    clearTimeout(timer);
    timer = null;
    inView.disconnect();
    tell();
  }
  async function play(from) {
    const due = performance.now() + each;
    timer = setTimeout(() => {}, 0); // playing, until the next is set
    const mine = timer;
    await go(from);
    if (timer !== mine) return; // paused meanwhile
    if (from >= last || !node.isConnected) return pause();
    timer = setTimeout(() => play(wanted + 1), Math.max(0, due - performance.now()));
  }
  button.addEventListener("click", () => {
    if (timer) return pause();
    const next = wanted < last ? wanted + 1 : 0; // from the end it begins anew
    if (calm.matches) return go(next);
    inView.observe(node);
    play(next);
    tell();
  });
  input.addEventListener("input", () => {
    const k = Number(input.value);
    pause();
    go(k);
  });
  calm.addEventListener("change", pause);
  tell();
  return node;
}
