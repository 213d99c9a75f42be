// plotly figures in the book: drawn when they come near, with plotly.js from our own folder, in the page's colours.

const SCRIPT = new URL("plotly.min.js", document.currentScript.src).href; // a classic script: currentScript is this one

/** The page's colours, as a plotly layout. Colours the figure chose for itself stay. */
function themed(node, layout) {
  const read = (name) => getComputedStyle(node).getPropertyValue(`--mb-${name}`).trim();
  const [ink, rule, muted] = ["ink", "rule", "muted"].map(read);
  const panel = read("panel");
  const axis = { gridcolor: rule, zerolinecolor: muted, linecolor: muted, color: ink };
  const button = { bgcolor: panel, bordercolor: muted, font: { color: ink } };
  const bars = (list) => (list ?? []).map(() => button);
  return { updatemenus: bars(layout.updatemenus), sliders: bars(layout.sliders), paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: "rgba(0,0,0,0)", font: { color: ink }, xaxis: axis, yaxis: axis };
}

/** Deep copy of `base` with `over` laid on top; lists are laid on item by item. */
function merge(base, over) {
  if (typeof over !== "object" || over === null) return over;
  if (Array.isArray(over)) return over.map((item, i) => merge(base?.[i], item));
  const out = { ...(typeof base === "object" ? base : {}) };
  for (const key of Object.keys(over)) out[key] = merge(out[key], over[key]);
  return out;
}

let loading = null;
function load(document) {
  loading ??= new Promise((resolve, reject) => {
    const script = Object.assign(document.createElement("script"), { src: SCRIPT });
    script.onload = () => resolve(globalThis.Plotly);
    script.onerror = () => reject(new Error("plotly.min.js is missing beside the page's scripts"));
    document.head.append(script);
  });
  return loading;
}

/** Draws every figure of the page when it comes near, and again when the page changes its colours. */
export function start(document) {
  const drawn = new Map();
  const draw = async (mount) => {
    if (mount.dataset.state) return;
    mount.dataset.state = "loading";
    const Plotly = await load(document);
    const figure = JSON.parse(mount.querySelector("script").textContent);
    const node = document.createElement("div");
    mount.querySelector(".mb-fallback").remove();
    mount.append(node);
    const layout = merge(themed(mount, figure.layout ?? {}), figure.layout ?? {});
    await Plotly.newPlot(node, figure.data, { ...layout, autosize: true }, { responsive: true, displaylogo: false, ...figure.config });
    if (figure.frames?.length) await Plotly.addFrames(node, figure.frames);
    drawn.set(mount, { node, layout: figure.layout ?? {} });
    mount.dataset.state = "ready";
  };
  const near = new IntersectionObserver((entries) => {
    for (const entry of entries) if (entry.isIntersecting) near.unobserve(entry.target), draw(entry.target);
  }, { rootMargin: "400px" });
  document.querySelectorAll(".mb-plotly").forEach((mount) => near.observe(mount));
  new MutationObserver(() => {
    for (const [mount, { node, layout }] of drawn) globalThis.Plotly.relayout(node, merge(themed(mount, layout), layout));
  }).observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });
}
