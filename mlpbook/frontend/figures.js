// plotly figures of a page, the book's or a saved one: drawn when they come near, in the page's colours. plotly.js comes from
// our own folder, where the page does not hold it itself.

import { controls, cut } from "./film.js";
import { run } from "./script.js";

const HOME = document.currentScript.src; // of a classic script; "" of one that stands in the page itself
const SETTINGS = { responsive: true, displaylogo: false, showSendToCloud: false }; // a figure is nobody else's business

/** The page's colours, as {path in a plotly layout: colour}; what the figure chose for itself is left out. */
function themed(node, layout) {
  const read = (name) => getComputedStyle(node).getPropertyValue(`--mb-${name}`).trim();
  const [ink, rule, muted] = ["ink", "rule", "muted"].map(read);
  const colours = { paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: "rgba(0,0,0,0)", "font.color": ink };
  for (const axis of new Set(["xaxis", "yaxis", ...Object.keys(layout).filter((key) => /^[xy]axis\d*$/.test(key))])) {
    Object.assign(colours, { [`${axis}.gridcolor`]: rule, [`${axis}.zerolinecolor`]: muted, [`${axis}.linecolor`]: muted,
      [`${axis}.color`]: ink });
  }
  const chosen = (path) => path.split(".").reduce((part, key) => part?.[key], layout) !== undefined;
  return Object.fromEntries(Object.entries(colours).filter(([path]) => !chosen(path)));
}

let loading = null;
async function load(document) {
  if (!globalThis.Plotly) await (loading ??= run(document, new URL("plotly.min.js", HOME).href));
  return globalThis.Plotly;
}

/** Draws every figure of the page when it comes near, and again when the page changes its colours. */
export function start(document) {
  const drawn = new Map();
  const draw = async (mount) => {
    if (mount.dataset.state) return;
    mount.dataset.state = "loading";
    const Plotly = await load(document).catch((error) => reportError(error));
    if (!Plotly) {
      mount.dataset.state = "failed"; // its description stays on the page
      return;
    }
    const figure = JSON.parse(mount.querySelector("script").textContent);
    const node = document.createElement("div");
    mount.querySelector(".mb-fallback").remove();
    mount.append(node);
    const given = figure.layout ?? {};
    const colours = themed(mount, given);
    const film = cut(given);
    await Plotly.newPlot(node, figure.data, { ...structuredClone(film.layout), autosize: true }, { ...SETTINGS, ...figure.config });
    await Plotly.relayout(node, colours);
    if (figure.frames?.length) await Plotly.addFrames(node, figure.frames);
    if (film.steps.length) mount.append(controls(film, (args) => Plotly.animate(node, ...structuredClone(args))));
    drawn.set(mount, { node, given });
    mount.dataset.state = "ready";
  };
  const near = new IntersectionObserver((entries) => {
    for (const entry of entries) if (entry.isIntersecting) near.unobserve(entry.target), draw(entry.target);
  }, { rootMargin: "400px" });
  document.querySelectorAll(".mb-plotly").forEach((mount) => near.observe(mount));
  const recolour = () => {
    for (const [mount, { node, given }] of drawn) globalThis.Plotly.relayout(node, themed(mount, given));
  };
  new MutationObserver(recolour).observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", recolour); // where nobody but the system says
}
