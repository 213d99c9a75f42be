// Painting with the page's colours on a canvas: what a network answers over the plane, and points of several classes.

export const HUES = ["orange", "blue", "green", "purple", "muted"]; // class 0, 1, ...: as in every other picture of the book
const STRENGTH = 0.55; // of the strongest colour over the paper

/** The palette as the page has it now: {orange: [r, g, b], ...}. */
export function palette(node) {
  const style = getComputedStyle(node);
  return Object.fromEntries(["paper", "ink", "rule", "panel", ...HUES].map((name) => {
    const hex = style.getPropertyValue(`--mb-${name}`).trim();
    return [name, [1, 3, 5].map((i) => parseInt(hex.slice(i, i + 2), 16) || 0)];
  }));
}

export const css = ([r, g, b], alpha = 1) => `rgb(${r} ${g} ${b} / ${alpha})`;

/** Calls f when the page goes from light to dark or back, or is printed. -> what ends it */
export function onTheme(f) {
  const watch = new MutationObserver(f);
  for (const node of [document.documentElement, document.body]) {
    watch.observe(node, { attributes: true, attributeFilter: ["class", "theme", "data-theme", "data-jp-theme-light"] });
  }
  const queries = ["(prefers-color-scheme: dark)", "print"].map((query) => matchMedia(query));
  queries.forEach((query) => query.addEventListener("change", f));
  return () => {
    watch.disconnect();
    queries.forEach((query) => query.removeEventListener("change", f));
  };
}

/** A small picture, n x n, to be painted pixel by pixel and then drawn at any size. */
export function tile(n) {
  const canvas = document.createElement("canvas");
  Object.assign(canvas, { width: n, height: n });
  const context = canvas.getContext("2d");
  return { canvas, context, image: context.createImageData(n, n) };
}

function mix(pixels, at, paper, hue, share) {
  for (let c = 0; c < 3; c++) pixels[at + c] = paper[c] + (hue[c] - paper[c]) * share;
  pixels[at + 3] = 255;
}

/** Paints numbers from -1 (orange) by way of 0 (paper) to 1 (blue). value(i) gives that of pixel i. */
export function paintValues({ context, image }, value, { paper, orange, blue }) {
  const { data } = image;
  for (let i = 0; i < data.length / 4; i++) {
    const v = value(i), share = STRENGTH * Math.min(1, Math.abs(v));
    mix(data, 4 * i, paper, v < 0 ? orange : blue, share);
  }
  context.putImageData(image, 0, 0);
}

/** Paints the likeliest of k classes, the stronger the more probable. out (n * n, k): logits. */
export function paintClasses({ context, image }, out, k, colours) {
  const { data } = image, hues = HUES.map((name) => colours[name]);
  for (let i = 0; i < data.length / 4; i++) {
    let best = 0, sum = 0;
    for (let j = 1; j < k; j++) if (out[i * k + j] > out[i * k + best]) best = j;
    for (let j = 0; j < k; j++) sum += Math.exp(out[i * k + j] - out[i * k + best]);
    mix(data, 4 * i, colours.paper, hues[best], STRENGTH * Math.max(0.06, (1 / sum - 1 / k) / (1 - 1 / k)));
  }
  context.putImageData(image, 0, 0);
}

const MARKS = [ // class 0, 1, ...: square, disc, triangle, diamond, cross
  (c, x, y, r) => c.rect(x - 0.88 * r, y - 0.88 * r, 1.76 * r, 1.76 * r),
  (c, x, y, r) => (c.moveTo(x + r, y), c.arc(x, y, r, 0, 7)),
  (c, x, y, r) => (c.moveTo(x, y - 1.2 * r), c.lineTo(x + 1.1 * r, y + 0.85 * r), c.lineTo(x - 1.1 * r, y + 0.85 * r), c.closePath()),
  (c, x, y, r) => (c.moveTo(x, y - 1.3 * r), c.lineTo(x + 1.2 * r, y), c.lineTo(x, y + 1.3 * r), c.lineTo(x - 1.2 * r, y), c.closePath()),
  (c, x, y, r) => {
    for (const [u, v] of [[-1, -3], [1, -3], [1, -1], [3, -1], [3, 1], [1, 1], [1, 3], [-1, 3], [-1, 1], [-3, 1], [-3, -1], [-1, -1]]) {
      c.lineTo(x + (u * r) / 2.6, y + (v * r) / 2.6);
    }
    c.closePath();
  },
];

/** Marks points of one class in the colour and shape of the class. hollow: those to test on. */
export function paintPoints(context, places, label, radius, colours, hollow) {
  context.beginPath();
  for (const [x, y] of places) context.moveTo(x, y), MARKS[label](context, x, y, radius);
  const hue = css(colours[HUES[label]]);
  context.lineWidth = hollow ? 0.32 * radius : 0.28 * radius;
  context.fillStyle = hollow ? css(colours.paper, 0.85) : hue;
  context.strokeStyle = hollow ? hue : css(colours.paper);
  context.fill();
  if (hollow || radius > 4) context.stroke(); // an outline would be all there is to small ones
}
