// PerceptronExplorer: Rosenblatt's rule on points one places oneself, sample by sample.

import { draggable, h, num, path, s, set, setValue, uid } from "./dom.js";
import { explorable } from "./explorable.js";
import { beside, freest } from "./labels.js";
import { counted, margin, mostMistakes, NOTHING, paragraph, place, sentences, stopped } from "./perceptron_words.js";
import { clamp, roundTo } from "./plane.js";
import { borders, learner, regions, right, tilde } from "./rosenblatt.js";

const SIDE = 340, LEFT = 38, TOP = 8; // the square of the plane inside its 386 x 384 picture
const STEP = 0.25; // a hand places points on a grid of quarters: sums that can be followed on paper
const SUB = "₀₁₂";
const COLOURS = ["orange", "blue", "green"];
const NAMES = ["zero", "one", "two"];
const MARKS = ["M-5.5-5.5h11v11h-11Z", "M6 0A6 6 0 1 1-6 0A6 6 0 1 1 6 0Z", "M0-7.4L7 5.2H-7Z"];
const SIGNS = ["■", "●", "▲"];

export default explorable((ui) => {
  const { get, change, spec } = ui;
  const { extent } = spec;
  const presets = Object.fromEntries(spec.presets);
  const { most: mostPoints } = spec.limits.points;
  const most = spec.limits.step.high;
  const pxPerUnit = SIDE / (2 * extent);
  const px = (x) => [LEFT + (x[0] + extent) * pxPerUnit, TOP + (extent - x[1]) * pxPerUnit];
  const unpx = (x, y) => [(x - LEFT) / pxPerUnit - extent, extent - (y - TOP) / pxPerUnit];
  const fit = (v) => roundTo(clamp(v, -extent, extent), STEP);

  // --- the run: worked out anew when the points or their order change, and only as far as it is looked at
  let made = null;
  function work() {
    const key = JSON.stringify([get("points"), get("seed")]);
    if (made?.key !== key) {
      const points = get("points");
      made = { key, run: learner(points, get("seed")), found: points.length ? margin(points) : null };
    }
    return made;
  }
  const now = () => stopped(work().run, get("points"), get("step"));
  /** The last sample on the slider: the end where there is one, else a number of passes that grows as they are made. */
  function horizon() {
    const { run, found } = work(), n = get("points").length;
    if (!n) return 1;
    const { visits, converged } = run.upTo(found ? most : get("step"));
    if (converged) return visits.length;
    let passes = 8;
    while (passes * n <= get("step")) passes *= 2;
    return Math.min(most, passes * n);
  }
  const ended = () => !get("points").length || now().converged || now().met === most;

  // --- editing the points
  let chosen = 0, brush = 1, mine = JSON.stringify(get("points"));
  const setPoints = (points) => {
    mine = JSON.stringify(points);
    change({ points });
  };
  const editPoint = (i, point) => {
    chosen = i;
    setPoints(get("points").map((old, j) => (j === i ? point : old)));
  };
  const movePoint = (i, x) => editPoint(i, [...x.map(fit), get("points")[i][2]]);
  const focusPoint = (i) => queueMicrotask(() => handles[i]?.node.focus({ preventScroll: true })); // once it is drawn
  const addPoint = (x) => {
    const points = get("points");
    if (points.length >= mostPoints) return;
    chosen = points.length;
    setPoints([...points, [...x.map(fit), brush]]);
    focusPoint(chosen);
  };
  const removePoint = (i) => {
    chosen = Math.max(0, Math.min(i, get("points").length - 2));
    setPoints(get("points").filter((_, j) => j !== i));
  };
  /** The place nearest to the middle where nothing stands within half a unit. */
  function freePlace() {
    const along = Array.from({ length: 2 * extent - 1 }, (_, i) => i - extent + 1);
    return along.flatMap((p) => along.map((q) => [p, q])).sort((p, q) => Math.hypot(...p) - Math.hypot(...q))
      .find((x) => get("points").every((point) => Math.max(Math.abs(point[0] - x[0]), Math.abs(point[1] - x[1])) > 0.5)) ?? [0, 0];
  }

  // --- the plane
  const clipId = uid("clip");
  const arrowIds = Object.fromEntries(["ink", "muted", ...COLOURS].map((colour) => [colour, uid("arrow")]));
  const ink = (name, attributes) => s("path", { class: name, ...attributes });
  const frame = s("rect", { x: LEFT, y: TOP, width: SIDE, height: SIDE, class: "mb-ground" });
  const tints = COLOURS.map((colour) => ink(`mb-tint mb-${colour}-fill`));
  const before = ink("mb-line mb-before"), line = ink("mb-line"), widestLine = ink("mb-widest");
  const reach = ink("mb-guide");
  const arrows = s("g", { class: "mb-arrows" });
  const metRing = s("circle", { class: "mb-met", r: 13 });
  const points = s("g", {});
  const ticks = [-1, -0.5, 0, 0.5, 1].map((t) => t * extent).flatMap((t) => {
    const [x, y] = px([t, t]);
    return [s("text", { x, y: TOP + SIDE + 15, "text-anchor": "middle" }, num(t, 0)),
      s("text", { x: LEFT - 6, y: y + 4, "text-anchor": "end" }, num(t, 0))];
  });
  const plane = s("svg", { viewBox: "0 0 386 384", class: "mb-plane", role: "group",
    "aria-label": "The plane with the points, and the line where the weighted sum is 0" },
    s("defs", {}, s("clipPath", { id: clipId }, s("rect", { x: LEFT, y: TOP, width: SIDE, height: SIDE })),
      ...Object.entries(arrowIds).map(([colour, id]) => s("marker", { id, viewBox: "0 0 10 10", refX: 8, refY: 5, markerWidth: 4.5,
        markerHeight: 4.5, orient: "auto" }, s("path", { d: "M0 0L10 5L0 10Z", class: colour === "ink" ? "mb-ink" : `mb-${colour}-fill` })))),
    s("g", { class: "mb-ticks", "aria-hidden": "true" }, ...ticks,
      s("text", { x: LEFT + SIDE / 2, y: TOP + SIDE + 31, "text-anchor": "middle" }, "x₁"),
      s("text", { x: 11, y: TOP + SIDE / 2, "text-anchor": "middle", transform: `rotate(-90 11 ${TOP + SIDE / 2})` }, "x₂")),
    frame, s("g", { "clip-path": `url(#${clipId})` }, ...tints, ink("mb-axis mb-faint", { d: `M${LEFT} ${px([0, 0])[1]}h${SIDE}M${px([0, 0])[0]} ${TOP}v${SIDE}` }),
      widestLine, before, line, reach, metRing),
    s("rect", { x: LEFT, y: TOP, width: SIDE, height: SIDE, class: "mb-frame" }), arrows, points);
  // A tap on empty ground places a point. (Not a drag: a finger must be able to scroll past.)
  frame.addEventListener("click", (event) => {
    const p = new DOMPoint(event.clientX, event.clientY).matrixTransform(plane.getScreenCTM().inverse());
    addPoint(unpx(p.x, p.y));
  });

  const handles = [];
  /** As many handles as there are points. They stay while points move: whoever holds one must not lose it. */
  function matchHandles(n) {
    while (handles.length > n) {
      const { node } = handles.pop();
      const held = node.contains(document.activeElement);
      node.remove();
      if (held) (handles.at(-1)?.node ?? addButton).focus({ preventScroll: true });
    }
    while (handles.length < n) {
      const i = handles.length;
      const mark = ink(""), wrong = s("circle", { class: "mb-wrong", r: 9.5 });
      const node = s("g", { class: "mb-spot" }, s("circle", { class: "mb-target", r: 16 }), s("circle", { class: "mb-ring", r: 13 }), wrong, mark,
        s("text", { x: 11, y: -7, class: "mb-halo mb-small", "aria-hidden": "true" }, String(i + 1)));
      set(node, { "aria-keyshortcuts": "0 1 2 Delete" });
      draggable(node, {
        label: `Point ${i + 1}`,
        drag: (x, y) => movePoint(i, unpx(x, y)),
        nudge: (dx, dy) => movePoint(i, [get("points")[i][0] + dx * STEP, get("points")[i][1] + dy * STEP]),
      });
      node.addEventListener("focus", () => {
        if (chosen !== i) chosen = i, drawPoints(now()), drawEdit();
      });
      node.addEventListener("keydown", (event) => {
        if (event.ctrlKey || event.metaKey || event.altKey) return;
        if (event.key === "Delete" || event.key === "Backspace") event.preventDefault(), removePoint(i);
        else if (["0", "1", "2"].includes(event.key)) editPoint(i, [...get("points")[i].slice(0, 2), Number(event.key)]);
      });
      points.append(node);
      handles.push({ node, mark, wrong });
    }
  }

  // --- going on: by slider, by button, by itself
  const strip = s("svg", { viewBox: "0 0 386 28", class: "mb-plane mb-strip", role: "img" });
  const scrubber = ui.slider({ label: "Samples met", low: 0, high: 1, step: 1, read: () => now().met,
    write: (step) => (pause(), change({ step })), text: (v) => String(v), means: () => counted(now().mistakes, "mistake") });
  scrubber.classList.add("mb-scrub");
  const scrub = scrubber.querySelector("input");
  const button = (label, click, attributes = {}) => {
    const node = h("button", { type: "button", ...attributes }, label);
    node.addEventListener("click", click);
    return node;
  };
  const nextMistake = button("Next mistake", () => {
    pause();
    let step = now().met;
    for (; step < most; step++) {
      const visit = work().run.upTo(step + 1).visits[step];
      if (!visit || visit.changes.length) break;
    }
    if (!ended()) change({ step: Math.min(most, work().run.upTo(step + 1).visits.length, step + 1) });
  }, { class: "mb-primary" });
  const nextSample = button("Next sample", () => {
    pause();
    if (!ended()) change({ step: now().met + 1 });
  });
  const again = button("Start again", () => {
    pause();
    change({ step: 0 });
  });
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  const runButton = h("button", { type: "button" });
  const inView = new IntersectionObserver(([{ isIntersecting }]) => isIntersecting || pause());
  let playing = null; // while it runs {at, time} of the last frame and where it set out
  const naming = () => {
    const name = calm.matches ? "One pass" : playing ? "Pause" : "Run";
    if (runButton.textContent !== name) runButton.textContent = name;
    for (const node of [nextMistake, nextSample, runButton]) set(node, { "aria-disabled": ended() ? "true" : null });
    set(again, { "aria-disabled": now().met === 0 ? "true" : null });
  };
  function pause() {
    playing = null;
    inView.disconnect();
    naming();
  }
  const tick = (time) => {
    if (!playing) return;
    // taken off the page, or moved by somebody else: Reset, Python, a link
    if (!plane.isConnected || get("step") !== Math.floor(playing.at)) return pause();
    const rate = Math.min(30, 3 + (playing.at - playing.from) / 6); // samples a second: slow at first, so that one can follow
    playing.at += (rate * Math.min(100, Math.max(0, time - playing.time))) / 1000;
    playing.time = time;
    if (Math.floor(playing.at) !== get("step")) change({ step: Math.min(most, Math.floor(playing.at)) });
    if (ended()) pause();
    else requestAnimationFrame(tick);
  };
  runButton.addEventListener("click", () => {
    if (playing) return pause();
    if (ended()) return;
    const { met } = now(), n = get("points").length;
    if (calm.matches) return change({ step: Math.min(most, work().run.upTo((Math.floor(met / n) + 1) * n).visits.length, (Math.floor(met / n) + 1) * n) });
    change({ step: met });
    playing = { at: met, from: met, time: performance.now() };
    inView.observe(plane);
    naming();
    requestAnimationFrame(tick);
  });

  // --- the controls of the points
  const brushes = SIGNS.map((sign, c) => button("", () => {
    brush = c;
    drawEdit();
  }, { "aria-label": `Place points of class ${c}` }));
  brushes.forEach((node, c) => node.append(h("span", { class: `mb-${COLOURS[c]}-ink`, "aria-hidden": "true" }, SIGNS[c]), ` class ${c}`));
  const addButton = button("Add a point", () => addPoint(freePlace()));
  const nextPoint = button("Next point", () => {
    chosen = (chosen + 1) % Math.max(1, get("points").length);
    drawPoints(now()), drawEdit(), syncEdit();
  });
  const removeButton = button("Remove point", () => get("points").length && removePoint(chosen));
  const chosenText = h("p", { class: "mb-readout" });
  const point = () => get("points")[chosen] ?? [0, 0, 0];
  const classMenu = ui.menu({ label: "Class", options: NAMES.map((_, c) => [c, `${SIGNS[c]} class ${c}`]), read: () => point()[2],
    write: (c) => editPoint(chosen, [...point().slice(0, 2), Number(c)]) });
  const coordinates = [0, 1].map((axis) => ui.slider({ label: `x${SUB[axis + 1]}`, low: -extent, high: extent, step: STEP,
    read: () => point()[axis], write: (v) => movePoint(chosen, point().slice(0, 2).map((old, j) => (j === axis ? v : old))),
    text: (v) => num(v), means: () => `point ${chosen + 1}` }));
  const own = h("div", { class: "mb-own" }, classMenu, ...coordinates);

  ui.menu({ label: "Points", options: [["", "as placed"], ...Object.keys(presets).map((name) => [name, name])], read: presetNow,
    write: (name) => {
      pause();
      if (name in presets) chosen = 0, change({ points: presets[name], step: 0 });
    } });
  ui.menu({ label: "Order", options: spec.limits.seed.options.map((seed) => [seed ?? "", seed === null ? "as numbered" : `shuffled, seed ${seed}`]),
    read: () => get("seed") ?? "", write: (seed) => (pause(), change({ seed: seed === "" ? null : Number(seed) })) });
  ui.toggle({ label: "show the widest margin", read: () => get("best"), write: (best) => change({ best }) });

  function presetNow() {
    const text = JSON.stringify(get("points"));
    return Object.keys(presets).find((name) => JSON.stringify(presets[name]) === text) ?? "";
  }

  // --- what is drawn
  const bar = s("svg", { viewBox: "0 0 402 34", class: "mb-network", role: "img" });
  const status = h("p", { class: "mb-readout mb-status" }), lastText = h("p", { class: "mb-readout" });
  const countText = h("p", { class: "mb-readout" }), boundText = h("p", { class: "mb-readout" });
  const legend = h("p", { class: "mb-readout mb-note" });
  const rows = h("tbody", {});
  const table = h("table", { class: "mb-matrix" }, h("thead", {}, h("tr", {}, h("td"), ...["b", "w₁", "w₂"].map((name) =>
    h("th", { scope: "col" }, name)))), rows);
  const tableRow = h("div", { class: "mb-readout" }, table);
  let said = null;

  const outline = (polygon) => (polygon.length ? `${path(polygon.map(px))}Z` : "");
  const lines = (ends) => ends.map((each) => path(each.map(px))).join("");

  function drawLines({ last, weights }) {
    const mistaken = last?.changes.length > 0;
    const parts = weights.some((w) => w.some(Boolean)) ? regions(weights, extent) : [];
    tints.forEach((tint, c) => set(tint, { d: outline(parts[c] ?? []) }));
    set(line, { d: lines(borders(weights, extent)) });
    set(before, { d: mistaken ? lines(borders(last.before, extent)) : "" });
    const { found } = work();
    const v = found && get("best") ? found.v : null;
    set(widestLine, { d: v ? lines(borders(Array.from({ length: v.length / 3 }, (_, c) => v.slice(3 * c, 3 * c + 3)), extent)) : "" });
  }

  /** w, and on a mistake what was added to it; shorter where it would not fit. Returns by how much. */
  function drawArrows({ last, weights }) {
    const changes = last?.changes ?? [];
    const tips = [...weights, ...changes.map(([which]) => last.before[which])].map((w) => Math.max(Math.abs(w[1]), Math.abs(w[2])));
    let part = 1;
    while (part * Math.max(...tips) > extent - 0.1) part /= 2;
    const tip = (w) => px([part * w[1], part * w[2]]);
    const origin = px([0, 0]);
    const arrow = (from, to, name, colour) => (Math.hypot(to[0] - from[0], to[1] - from[1]) < 1 ? null
      : ink(name, { d: path([from, to]), "marker-end": `url(#${arrowIds[colour]})` }));
    const taken = get("points").map((each) => px(each)).map(([x, y]) => [x - 13, y - 19, x + 20, y + 13]); // with ring and number
    const letters = weights.length === 1 ? ["w"] : weights.map((_, c) => `w${SUB[c]}`);
    arrows.replaceChildren(...[
      ...changes.map(([which]) => arrow(origin, tip(last.before[which]), "mb-was", "muted")),
      ...weights.map((w) => arrow(origin, tip(w), "mb-vector", "ink")),
      ...changes.map(([which, sign]) => {
        const c = weights.length === 1 ? (sign > 0 ? 1 : 0) : which;
        return arrow(tip(last.before[which]), tip(weights[which]), `mb-update mb-${COLOURS[c]}`, COLOURS[c]);
      }),
      ...weights.map((w, c) => {
        const width = 9 + 7 * letters[c].length;
        const [x, y] = freest(beside(tip(w), width, [w[1] >= 0, w[2] >= 0], 8), width, taken, [LEFT + 2, TOP + 2, LEFT + SIDE - 2, TOP + SIDE - 2]);
        return w[1] || w[2] ? s("text", { class: "mb-halo mb-strong", x, y }, letters[c]) : null;
      })].filter(Boolean));
    return part;
  }

  function drawPoints({ last, weights }) {
    const all = get("points");
    matchHandles(all.length);
    chosen = clamp(chosen, 0, Math.max(0, all.length - 1));
    all.forEach((each, i) => {
      const { node, mark, wrong } = handles[i];
      const fine = right(weights, [each]) === 1;
      set(node, { transform: `translate(${px(each)})`, "data-chosen": String(i === chosen) });
      set(mark, { class: `mb-${NAMES[each[2]]}`, d: MARKS[each[2]] });
      set(wrong, { visibility: fine ? "hidden" : "visible" });
      setValue(node, { now: each[0], low: -extent, high: extent,
        text: `class ${each[2]} at ${place(each)}, ${fine ? "right" : "wrong"} as the weights stand` });
    });
    const at = last ? px(all[last.index]) : null;
    set(metRing, { visibility: at ? "visible" : "hidden", class: `mb-met${last?.changes.length ? " mb-mistaken" : ""}`,
      ...(at ? { cx: at[0], cy: at[1] } : {}) });
    set(reach, { d: at ? path([px([0, 0]), at]) : "" });
  }

  function drawTable({ last, weights }) {
    const row = (name, values) => h("tr", {}, h("th", { scope: "row" }, name), ...values.map((v) => h("td", {}, num(v))));
    const many = weights.length > 1;
    const x = last ? tilde(get("points")[last.index]) : null;
    const title = (c) => (many ? `class ${c}` : "(b, w)");
    rows.replaceChildren(...weights.flatMap((w, c) => {
      const [, sign] = last?.changes.find(([which]) => which === c) ?? [c, 0];
      if (!last || (many && !sign)) return [row(`${title(c)} now`, w)];
      const added = sign === 0 ? "+ nothing" : `${sign > 0 ? "+" : "−"} (1, x)`;
      return [row(`${title(c)} before`, last.before[c]), row(added, x.map((v) => sign * v)), row(`${title(c)} now`, w)];
    }));
  }

  /** A bar for each mistake and a dot for each sample that was right; of a long run the share of mistakes, bar by bar. */
  function drawStrip({ met, mistakes }) {
    const end = horizon();
    set(scrub, { max: end });
    scrub.value = String(met); // which the old end may have kept back
    const x = (t) => LEFT + (t / end) * SIDE;
    const { visits } = work().run.upTo(met);
    const group = Math.ceil(end / 170);
    const bars = Array.from({ length: Math.ceil(met / group) }, (_, i) => {
      const [from, to] = [i * group, Math.min(met, (i + 1) * group)];
      const share = (visits[to - 1].mistakes - (visits[from - 1]?.mistakes ?? 0)) / (to - from);
      return [x(to).toFixed(1), share];
    });
    const n = get("points").length;
    const passes = n && (SIDE / end) * n >= 5 ? Array.from({ length: Math.floor(end / n) + 1 }, (_, k) => `M${x(k * n).toFixed(1)} 24v4`).join("") : "";
    const width = clamp((SIDE / end) * 0.5 * group, 1, 4);
    strip.replaceChildren(ink("mb-axis", { d: `M${LEFT} 26h${SIDE}${passes}` }),
      ink("mb-hit-mark", { d: bars.filter(([, share]) => share === 0).map(([at]) => `M${at} 21v2`).join(""), "stroke-width": width }),
      ink("mb-miss-mark", { d: bars.filter(([, share]) => share > 0).map(([at, share]) => `M${at} 23v${(-18 * share).toFixed(1)}`).join(""), "stroke-width": width }));
    set(strip, { "aria-label": `${counted(mistakes, "mistake")} among the ${counted(met, "sample")} met so far` });
  }

  function drawBar({ mistakes }) {
    const { found } = work();
    set(bar, { hidden: !found });
    if (!found) return;
    const end = mostMistakes(found);
    const width = 400 * Math.min(1, mistakes / end);
    bar.replaceChildren(s("rect", { x: 1, y: 1, width: 400, height: 14, rx: 3, class: "mb-node" }),
      s("rect", { x: 1, y: 1, width, height: 14, rx: 3, class: "mb-filled" }),
      s("text", { x: 1, y: 30, class: "mb-small" }, counted(mistakes, "mistake")),
      s("text", { x: 401, y: 30, "text-anchor": "end", class: "mb-small" }, `at most ${end}`));
    set(bar, { "aria-label": `${counted(mistakes, "mistake")} so far, of at most ${end}` });
  }

  function drawEdit() {
    const all = get("points");
    brushes.forEach((node, c) => set(node, { "aria-pressed": String(c === brush) }));
    own.hidden = nextPoint.hidden = removeButton.hidden = all.length === 0;
    chosenText.textContent = all.length === 0 ? "Click the plane, or press “Add a point”."
      : `Point ${chosen + 1} of ${all.length}${all.length === mostPoints ? ", which are as many as there can be" : ""}: class ${point()[2]} at ${place(point())}.`;
  }
  /** The frame brings the controls in step when a trait changes; another point is chosen without one. */
  function syncEdit() {
    classMenu.querySelector("select").value = point()[2];
    coordinates.forEach((row, axis) => {
      const input = row.querySelector("input");
      input.value = String(point()[axis]);
      row.querySelector(".mb-value").textContent = num(point()[axis]);
      set(input, { "aria-valuetext": `${num(point()[axis])}, point ${chosen + 1}` });
    });
  }

  return {
    picture: h("div", {}, h("div", { class: "mb-panels mb-top" },
      h("div", { class: "mb-panel" }, plane,
        h("div", { class: "mb-player" }, strip, scrubber, h("div", { class: "mb-buttons" }, nextMistake, nextSample, runButton, again))),
      h("div", { class: "mb-panel" }, status, lastText, tableRow, countText,
        boundText, bar, legend)),
    h("div", { class: "mb-edit" },
      h("div", { class: "mb-buttons", role: "group", "aria-label": "What a click on the plane places" },
        h("span", {}, "A click places"), ...brushes, addButton),
      h("div", { class: "mb-buttons" }, chosenText, nextPoint, removeButton), own)),
    draw() {
      if (JSON.stringify(get("points")) !== mine) chosen = 0, mine = JSON.stringify(get("points")); // somebody else set them
      const state = now();
      const { points: all, seed } = { points: get("points"), seed: get("seed") };
      drawLines(state);
      const part = drawArrows(state);
      drawPoints(state);
      drawTable(state);
      tableRow.hidden = all.length === 0;
      drawStrip(state);
      drawBar(state);
      drawEdit();
      syncEdit();
      naming();
      said = all.length ? sentences({ points: all, seed, most }, state, work().found) : null;
      status.textContent = said ? said.status : NOTHING;
      lastText.textContent = said?.last ?? "";
      countText.textContent = said?.count ?? "";
      boundText.textContent = said?.bound ?? "";
      legend.textContent = `${state.last?.changes.length ? "Coloured arrow: what the mistake did to w. Dashed: w and the line before. " : ""}` +
        `${part < 1 ? `Arrows are drawn at 1/${1 / part} of their length. ` : ""}` +
        `${!state.last ? "" : state.last.changes.length ? "Thick ring: met last, a mistake. " : "Dashed ring: met last, and right. "}` +
        `Thin ring: wrong as the weights stand. ${get("points").length ? "Violet dotted ring: the point chosen below. " : ""}Drag the points; by keyboard, arrows move the one in ` +
        "focus, 0, 1 and 2 set its class, Delete removes it.";
    },
    describe: () => (said ? paragraph(said) : NOTHING), // drawn just before
    say: () => (said ? `${said.status} ${said.last} ${said.count}` : NOTHING), // the bound changes only with the points
  };
});
