// A scrubber with a Play button beneath: one number that a reader drags, steps through by key, or lets run to its end.
// Nothing runs by itself, nor where nobody looks; where motion is unwelcome the button goes from whole number to whole number.

import { h } from "./dom.js";
import { clamp, roundTo } from "./plane.js";

const LONGEST = 250; // ms that a frame counts for: a tab that was hidden goes on from where it stood

/** For trait `key`, from 0 to end(), in whole numbers only where `whole`. label: what it is called; means(): what its value means,
 * in words; perSecond: how fast it plays. {node, draw}: the element to show, and what brings it in step with the model. */
export function player(ui, { key, label, end, means, perSecond, whole = false }) {
  const now = () => Math.min(ui.get(key), end());
  const step = whole ? 1 : 0.01;
  const go = (value) => (pause(), ui.change({ [key]: roundTo(clamp(value, 0, end()), step) }));
  const row = ui.slider({ label, low: 0, high: end(), step, read: now, write: go, text: (v) => v.toFixed(whole ? 0 : 2), means });
  row.classList.add("mb-scrub");
  const input = row.querySelector("input");
  // an arrow key goes a tenth, Page Up and Page Down to the next whole number (or one, and ten); Home and End are the browser's own
  input.addEventListener("keydown", (event) => {
    const [near, far] = whole ? [1, 10] : [0.1, 1];
    const to = { ArrowRight: now() + near, ArrowUp: now() + near, ArrowLeft: now() - near, ArrowDown: now() - near,
      PageUp: Math.floor(now() + far), PageDown: Math.ceil(now() - far) }[event.key];
    if (to === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    go(to);
  });

  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  const button = h("button", { type: "button" });
  const node = h("div", { class: "mb-player" }, row, h("div", { class: "mb-buttons" }, button));
  const inView = new IntersectionObserver(([{ isIntersecting }]) => isIntersecting || pause());
  let playing = null; // {value, time} of the last frame
  function name() {
    const text = calm.matches ? `Next ${label.toLowerCase()}` : playing ? "Pause" : "Play";
    if (button.textContent !== text) button.textContent = text;
  }
  function pause() {
    playing = null;
    inView.disconnect();
    name();
  }
  function frame(time) {
    if (!playing) return;
    // taken off the page, or moved by somebody else: Reset, Python, a link
    if (!node.isConnected || Math.abs(now() - playing.value) > (whole ? 0.75 : 0.25)) return pause();
    const value = Math.min(end(), playing.value + (perSecond * clamp(time - playing.time, 0, LONGEST)) / 1000);
    playing = { value, time };
    ui.change({ [key]: roundTo(value, whole ? 1 : 0.001) });
    if (value < end()) requestAnimationFrame(frame);
    else pause();
  }
  button.addEventListener("click", () => {
    if (playing) return pause();
    const value = now() < end() ? now() : -1; // from the end it begins anew
    if (calm.matches) return go(Math.floor(value + 1));
    playing = { value: Math.max(0, value), time: performance.now() };
    ui.change({ [key]: playing.value });
    inView.observe(node);
    name();
    requestAnimationFrame(frame);
  });

  return {
    node,
    draw() {
      name();
      input.max = end();
      input.value = now();
    },
  };
}
