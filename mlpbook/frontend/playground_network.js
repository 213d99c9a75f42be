// The network as a picture: what each unit answers over the plane, the weights between them, and buttons for its shape.

import { h, path, s, set } from "./dom.js";
import { css, paintValues, tile } from "./playground_paint.js";

const N = 20; // pixels along a unit's map
const STEPS = 6; // strengths of an edge that are told apart
const MANY = 250; // edges, beyond which they are drawn thinner

/** What stands behind each column of units: the layers whose outputs they are. */
const blocks = ({ layers }) => layers.filter((layer) => layer.layers || layer.activation);
const outputsOf = (layer) => layer.out ?? layer.a;

/** ui; change(widths): the new shape; limit: {list, most} of the widths. {node, draw(session, grid, colours)} */
export function network(ui, { narrow, widths, change, limit, locked, hidden }) {
  const WIDTH = narrow ? 340 : 700, TALL = narrow ? 250 : 270;
  const edges = [-1, 1].map((sign) => Array.from({ length: STEPS }, (_, k) =>
    s("path", { class: `mb-edge ${sign < 0 ? "mb-orange" : "mb-blue"}`, "stroke-opacity": 0.35 + 0.1 * k })));
  const names = s("g", { class: "mb-ticks" });
  const svg = s("svg", { class: "mb-wiring", role: "img" }, ...edges.flat(), names);
  const canvas = h("canvas", { class: "mb-units", "aria-hidden": "true" });
  const count = h("span", {}), layers = h("div", { class: "mb-layers" }), heads = h("div", { class: "mb-heads" }), stage = h("div", { class: "mb-stage" }, svg, canvas);
  const node = h("div", { class: "mb-net" }, layers, heads, stage,
    h("p", { class: "mb-note" }, "Each square shows what a unit answers over the plane. Blue lines: positive weights; orange, dashed: negative; the thicker, the larger."));
  const picture = tile(N);
  let shape = "", at, size, height;

  const button = (text, label, click, off) => {
    const made = h("button", { type: "button", title: label, disabled: off || locked }, h("span", { class: "mb-hidden" }, label),
      h("span", { "aria-hidden": "true" }, text));
    made.addEventListener("click", click);
    return made;
  };

  const fewer = button("−", "One hidden layer fewer", () => change(widths().slice(0, -1)));
  const more = button("+", "One hidden layer more", () => change([...widths(), widths().at(-1) ?? 4]));
  layers.append(h("span", {}, "Hidden layers"), fewer, count, more);
  layers.hidden = heads.hidden = hidden;

  function layOut(sizes) {
    count.textContent = String(sizes.length - 2);
    fewer.disabled = locked || sizes.length === 2;
    more.disabled = locked || sizes.length - 2 >= limit.most;
    shape = sizes.join();
    const columns = sizes.length, tallest = Math.max(...sizes), hidden = columns - 2;
    const room = WIDTH / columns;
    size = Math.max(11, Math.min(36, room * 0.62, (TALL - 20) / tallest - 4));
    const gap = Math.min(12, Math.max(3, size / 3));
    height = Math.max(70, tallest * (size + gap) + 24);
    at = sizes.map((n, l) => Array.from({ length: n }, (_, i) => [(l + 0.5) * room, (height - 18) / 2 + (i - (n - 1) / 2) * (size + gap)]));
    set(svg, { viewBox: `0 0 ${WIDTH} ${height}` });
    const scale = 2;
    Object.assign(canvas, { width: WIDTH * scale, height: height * scale });
    const label = (x, text) => s("text", { x, y: height - 3, "text-anchor": "middle" }, text);
    names.replaceChildren(label(at[0][0][0], "x₁ x₂"), ...Array.from({ length: hidden }, (_, l) => label(at[l + 1][0][0], narrow && hidden > 3 ? String(l + 1) : `layer ${l + 1}`)),
      label(at.at(-1)[0][0], "output"));
    heads.style.gridTemplateColumns = `repeat(${columns}, 1fr)`;
    const resize = (l, by) => () => change(widths().map((n, i) => (i === l ? n + by : n)));
    heads.replaceChildren(h("div"), ...Array.from({ length: hidden }, (_, l) => {
      const n = sizes[l + 1];
      return h("div", { class: "mb-head" }, button("−", `One unit fewer in layer ${l + 1}`, resize(l, -1), n <= limit.list.low), h("span", {}, String(n)),
        button("+", `One unit more in layer ${l + 1}`, resize(l, 1), n >= limit.list.high));
    }), h("div"));
  }

  function wires({ linearLayers }) {
    const d = edges.map((each) => each.map(() => []));
    linearLayers.forEach(({ W, b }, l) => {
      const columns = b.length, most = W.reduce((high, w) => Math.max(high, Math.abs(w)), 1e-12), reach = Math.max(most, 0.5);
      for (let i = 0; i < W.length / columns; i++) {
        for (let j = 0; j < columns; j++) {
          const w = W[i * columns + j], strength = Math.min(STEPS - 1, Math.floor((Math.abs(w) / reach) * STEPS));
          const [[x, y], [u, v]] = [at[l][i], at[l + 1][j]];
          if (w !== 0) d[w < 0 ? 0 : 1][strength].push([x + size / 2, y], [u - size / 2, v], null);
        }
      }
    });
    const thin = linearLayers.reduce((sum, { W }) => sum + W.length, 0) > MANY ? 0.5 : 1;
    edges.forEach((each, k) => each.forEach((edge, step) => set(edge, { d: path(d[k][step]), "stroke-width": (thin * (0.5 + 0.8 * step)).toFixed(2) })));
  }

  /** What each unit answers on the N x N grid, from the least to the most. */
  function units(mlp, grid, colours) {
    const out = mlp.forward(grid), scale = canvas.width / WIDTH, context = canvas.getContext("2d");
    context.setTransform(scale, 0, 0, scale, 0, 0);
    context.clearRect(0, 0, WIDTH, height);
    const column = (values, n, l) => {
      for (let j = 0; j < n; j++) {
        let low = Infinity, high = -Infinity;
        for (let i = j; i < values.length; i += n) low = Math.min(low, values[i]), (high = Math.max(high, values[i]));
        // 0 is paper where a unit can be on either side of it; else the middle of what it answers
        const middle = low < 0 && high > 0 ? 0 : (low + high) / 2, reach = Math.max(high - middle, middle - low) || 1;
        paintValues(picture, (i) => (values[i * n + j] - middle) / reach, colours);
        const [x, y] = at[l][j];
        context.drawImage(picture.canvas, x - size / 2, y - size / 2, size, size);
      }
    };
    column(grid, 2, 0);
    blocks(mlp).forEach((block, l) => column(outputsOf(block), mlp.sizes[l + 1], l + 1));
    column(out, mlp.sizes.at(-1), mlp.sizes.length - 1);
    context.strokeStyle = css(colours.ink, 0.55);
    for (const [x, y] of at.flat()) context.strokeRect(x - size / 2, y - size / 2, size, size);
  }

  return { node, draw({ mlp }, grid, colours) {
    if (mlp.sizes.join() !== shape) layOut(mlp.sizes);
    wires(mlp);
    if (colours) units(mlp, grid, colours);
    set(svg, { "aria-label": `The network ${mlp.sizes.join("-")}: what each unit answers over the plane, and the weights between them` });
  } };
}

export const MAP_SIZE = N;
