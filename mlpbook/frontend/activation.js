// ActivationExplorer: an activation and its slope on one axis, a point to move along it, and where it goes flat.

import { draggable, h, num, path, s, set, setValue, uid } from "./dom.js";
import { explorable } from "./explorable.js";
import { ACTIVATIONS, flatZones } from "./nn.js";

const [HEIGHT, LEFT, TOP, RIGHT, BOTTOM] = [376, 34, 10, 12, 34];
const [LOW, HIGH] = [-1.6, 3.4]; // the heights shown; steeper curves leave through the top
const NEAR = 1e-6; // how close two points on either side of a kink or a jump are

/** What a flat zone is called, the long way and in short. */
function zoneTexts(zone, below, reach, bounded) {
  if (zone.dead) return ["slope exactly 0: a unit that stays here is dead", "slope exactly 0", "slope 0"];
  const side = zone.from <= -reach ? bounded[0] : zone.to >= reach ? bounded[1] : false;
  return side ? [`saturated: |slope| < ${below}`, "saturated"] : [`|slope| < ${below}`];
}

/** "jump" where phi has no slope at z, "kink" where it has two, else "". */
function corner({ f, df }, alpha, z) {
  if (Math.abs(f(z + NEAR, alpha) - f(z - NEAR, alpha)) > 0.5) return "jump";
  return Math.abs(df(z + NEAR, alpha) - df(z - NEAR, alpha)) > 1e-3 ? "kink" : "";
}

/** What the point on the curve means for learning, in words. */
function meaning({ activation, alpha, z, below }) {
  const phi = ACTIVATIONS[activation];
  const slope = phi.df(z, alpha);
  const found = corner(phi, alpha, z);
  const before = found === "jump" ? `The function jumps here and has no slope; software takes ${num(slope)}. `
    : found === "kink" ? `The slope changes suddenly here; software takes ${num(slope)}. ` : "";
  return before + (slope === 0 ? "The slope is exactly 0: no gradient passes here."
    : Math.abs(slope) < below ? `The slope is within ${below} of 0: hardly any gradient passes here.`
      : `A gradient arriving here is multiplied by ${num(slope, 3)}.`);
}

/** What the picture shows, in words. */
export function describe(state) {
  const { activation, alpha, z } = state;
  const { f, df } = ACTIVATIONS[activation];
  const parameter = alpha === undefined ? "" : ` with alpha ${num(alpha)}`;
  return `The activation ${activation}${parameter} and its derivative. At z = ${num(z)} the value is ` +
    `${num(f(z, alpha), 3)} and the slope ${num(df(z, alpha), 3)}. ${meaning(state)}`;
}

export default explorable((ui) => {
  const { get, change, spec } = ui;
  const WIDTH = ui.narrow ? 400 : 640;
  const reach = spec.limits.z.high;
  const below = get("flat_below");
  const x = (z) => LEFT + ((z + reach) / (2 * reach)) * (WIDTH - LEFT - RIGHT);
  const y = (v) => TOP + ((HIGH - v) / (HIGH - LOW)) * (HEIGHT - TOP - BOTTOM);
  const alphaOf = (name) => (name in spec.alpha ? (name === get("activation") ? get("alpha") : spec.alpha[name]) : undefined);
  const setZ = (z) => change({ z: Math.round(Math.min(reach, Math.max(-reach, z)) * 100) / 100 });

  const clipId = uid("clip"), hatchId = uid("hatch");
  const zones = s("g", {});
  const others = s("g", { class: "mb-others" });
  const slope = s("path", { class: "mb-slope" });
  const curve = s("path", { class: "mb-curve" });
  const tangent = s("path", { class: "mb-tangent" });
  const guide = s("path", { class: "mb-guide" });
  const slopeDot = s("circle", { r: 4.5, class: "mb-slope-dot" });
  const names = [s("text", { class: "mb-halo mb-blue mb-strong" }), s("text", { class: "mb-halo mb-orange mb-strong" }, "slope φ′")];
  const handle = s("g", {}, s("circle", { class: "mb-target", r: 18 }), s("circle", { class: "mb-ring", r: 12 }),
    s("circle", { class: "mb-point", r: 6 }));
  const ticks = [
    ...Array.from({ length: 2 * Math.floor(reach / 2) + 1 }, (_, i) => 2 * (i - Math.floor(reach / 2))).map((z) =>
      s("text", { x: x(z), y: HEIGHT - BOTTOM + 16, "text-anchor": "middle" }, num(z, 0))),
    ...[-1, 0, 1, 2, 3].map((v) => s("text", { x: LEFT - 7, y: y(v) + 4, "text-anchor": "end" }, num(v, 0))),
    s("text", { x: (WIDTH + LEFT) / 2, y: HEIGHT - 3, "text-anchor": "middle" }, "z"),
  ];
  const grid = [-1, 1, 2, 3].map((v) => s("path", { d: `M${LEFT} ${y(v)}H${WIDTH - RIGHT}` }));
  const picture = s("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, class: "mb-graph", role: "group",
    "aria-label": "Graph of the activation and its derivative" },
    s("defs", {},
      s("clipPath", { id: clipId }, s("rect", { x: LEFT, y: TOP, width: WIDTH - LEFT - RIGHT, height: HEIGHT - TOP - BOTTOM })),
      s("pattern", { id: hatchId, width: 7, height: 7, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" },
        s("path", { d: "M0 0V7", class: "mb-hatch" }))),
    s("g", { class: "mb-grid" }, ...grid),
    s("g", { class: "mb-ticks", "aria-hidden": "true" }, ...ticks),
    s("g", { "clip-path": `url(#${clipId})` }, zones,
      s("path", { d: `M${LEFT} ${y(0)}H${WIDTH - RIGHT}M${x(0)} ${TOP}V${HEIGHT - BOTTOM}`, class: "mb-axis" }),
      others, guide, curve, slope, tangent, slopeDot),
    ...names, handle);
  draggable(handle, { label: "Point on the curve",
    drag: (px) => setZ(((px - LEFT) / (WIDTH - LEFT - RIGHT)) * 2 * reach - reach),
    nudge: (dx, dy) => setZ(get("z") + (dx + dy) * 0.05) });
  const readout = h("p", { class: "mb-readout" });
  const formulas = [h("span"), h("span")];
  const formula = h("p", { class: "mb-readout mb-formula" }, ...formulas);

  const pointMeans = () => {
    const { f, df } = ACTIVATIONS[get("activation")];
    const alpha = alphaOf(get("activation"));
    return `value ${num(f(get("z"), alpha), 3)}, slope ${num(df(get("z"), alpha), 3)}`;
  };
  ui.menu({ label: "Activation", options: get("names").map((name) => [name, name.replace("_", " ")]),
    read: () => get("activation"),
    // a family starts from its own usual alpha
    write: (activation) => change({ activation, alpha: spec.alpha[activation] ?? get("alpha") }) });
  ui.slider({ label: "z", low: -reach, high: reach, step: 0.05, read: () => get("z"), write: setZ, text: (v) => num(v),
    means: pointMeans });
  const alphaRow = ui.slider({ label: "α", low: spec.limits.alpha.low, high: spec.limits.alpha.high, step: 0.01,
    read: () => get("alpha"), write: (alpha) => change({ alpha }), text: (v) => num(v), means: pointMeans });
  if (get("names").length > 1) {
    ui.toggle({ label: "show the others faintly", read: () => get("compare"), write: (compare) => change({ compare }) });
  }

  const zs = Array.from({ length: 961 }, (_, i) => -reach + (2 * reach * i) / 960);
  /** The graph of g, lifted where it jumps. */
  const graph = (g, jump) => path(zs.map((z, i) => (i && Math.abs(g(z) - g(zs[i - 1])) > jump ? null : [x(z), y(g(z))])));

  return {
    picture: h("div", { class: "mb-panels" }, h("div", { class: "mb-panel mb-wide" }, picture, formula, readout)),
    draw() {
      const [name, z] = [get("activation"), get("z")];
      const alpha = alphaOf(name);
      const f = (u) => ACTIVATIONS[name].f(u, alpha);
      const df = (u) => ACTIVATIONS[name].df(u, alpha);
      set(curve, { d: graph(f, 0.5) });
      set(slope, { d: graph(df, 0.08) });
      others.replaceChildren(...(get("compare") ? get("names").filter((other) => other !== name) : [])
        .map((other) => s("path", { d: graph((u) => ACTIVATIONS[other].f(u, alphaOf(other)), 0.5) })));

      const bounded = spec.range[name].map((end) => end !== null);
      zones.replaceChildren(...flatZones(name, alpha, below, -reach, reach).flatMap((zone) => {
        const [from, to] = [x(zone.from), x(zone.to)];
        const texts = zoneTexts(zone, below, reach, bounded);
        const fits = texts.find((text) => text.length * 6.3 < to - from);
        const box = { x: from, y: TOP, width: to - from, height: HEIGHT - TOP - BOTTOM };
        return [s("rect", { ...box, class: "mb-zone" }), s("rect", { ...box, fill: `url(#${hatchId})` }),
          fits ? s("text", { x: (from + to) / 2, y: HEIGHT - BOTTOM - 10, "text-anchor": "middle",
            class: "mb-halo mb-small" }, fits) : null].filter(Boolean);
      }));

      const [value, m] = [f(z), df(z)];
      const half = 1.6 / Math.hypot(1, m);
      tangent.style.display = corner(ACTIVATIONS[name], alpha, z) ? "none" : "";
      set(tangent, { d: path([[x(z - half), y(value - m * half)], [x(z + half), y(value + m * half)]]) });
      set(guide, { d: `M${x(z)} ${y(Math.min(value, HIGH))}V${y(m)}` });
      set(slopeDot, { cx: x(z), cy: y(m) });
      const shown = Math.min(HIGH, Math.max(LOW, value));
      set(handle, { transform: `translate(${x(z)} ${y(shown)})` });
      setValue(handle, { now: z, low: -reach, high: reach,
        text: `z ${num(z)}, ${pointMeans()}` });

      // the two names stand where their curves are apart, inside the picture
      names[0].textContent = `${name.replace("_", " ")} φ`;
      const at = [4.6, 2.6, 1.8, 1.2].map((t) => (t / 6) * reach).find((t) => f(t) < HIGH - 0.35 && Math.abs(f(t) - df(t)) > 0.3) ?? 1.2;
      set(names[0], { x: x(at) - 6, y: y(f(at)) - 9, "text-anchor": "end" });
      const under = df(reach * 0.97) > 0.55 && Math.abs(f(reach * 0.97) - 1) < 0.5;
      set(names[1], { x: x(reach) - 4, y: y(df(reach * 0.97)) + (under ? 18 : -8), "text-anchor": "end" });

      const a = alpha === undefined ? "" : `, α = ${num(alpha)}`;
      formulas[0].textContent = `φ(z) = ${spec.formula[name]}${a}`;
      formulas[1].textContent = `φ′(z) = ${spec.slope[name]}`;
      readout.textContent = `φ(${num(z)}) = ${num(value, 3)}, φ′(${num(z)}) = ${num(m, 3)}. ` +
        meaning({ activation: name, alpha, z, below });
      alphaRow.hidden = alpha === undefined;
    },
    describe: () => describe({ activation: get("activation"), alpha: alphaOf(get("activation")), z: get("z"), below }),
  };
});
