// The perceptron rule, sample by sample, and which class its weights give to each part of the plane; see mlpbook/perceptron.py.
//
// A point is [x1, x2, class]. Weights are a list of w~ = [b, w1, w2]: one for two classes (class 1 where w~ . x~ >= 0), one
// for each class where there are more (the highest score wins, the first of equal ones). No DOM here.

import { permutations } from "./random.js";
import { clipLine } from "./plane.js";

/** Rounded to 1/1024: so every sum of the rule is exact, and a tie is a tie in Python too. */
export const exact = (value) => Math.floor(value * 1024 + 0.5) / 1024;
export const tilde = (point) => [1, exact(point[0]), exact(point[1])];
export const score = (w, x) => w[0] * x[0] + w[1] * x[1] + w[2] * x[2];
export const classesOf = (points) => Math.max(2, ...points.map((point) => point[2] + 1));

/** The strongest class other than y, the first of equal ones. */
function rivalOf(scores, y) {
  const others = scores.map((value, c) => (c === y ? -Infinity : value));
  return others.indexOf(Math.max(...others));
}

/** What the rule does about a sample of class y: [[which w~, +1 or -1 times x~], ...], nothing where it is right. */
export function correction(weights, x, y) {
  const scores = weights.map((w) => score(w, x));
  if (weights.length === 1) return (2 * y - 1) * scores[0] > 0 ? [] : [[0, 2 * y - 1]];
  const rival = rivalOf(scores, y);
  return scores[y] > scores[rival] ? [] : [[y, 1], [rival, -1]];
}

/** The weights with a correction carried out. */
export function corrected(weights, x, changes) {
  return weights.map((w, c) => changes.reduce((sum, [which, sign]) => (which === c ? sum.map((v, i) => v + sign * x[i]) : sum), w));
}

/** A run of the rule from weights 0, as far as it is asked for: in the order of the points, or with a seed in a new random
 * order each pass. upTo(steps) -> {visits, converged}, visits: [{pass, index, changes, before, after, mistakes}], one for each
 * sample met, with the mistakes made so far. It has converged after a pass without a mistake, and goes no further. */
export function learner(points, seed) {
  const [x, y, k] = [points.map(tilde), points.map((point) => point[2]), classesOf(points)];
  const draw = seed === null ? null : permutations(seed);
  const visits = [];
  let weights = Array.from({ length: k === 2 ? 1 : k }, () => [0, 0, 0]);
  let order, clean = 0, converged = false;

  function meet() {
    const at = visits.length % x.length;
    if (at === 0) order = draw ? draw(x.length) : x.map((_, i) => i), clean = 0;
    const index = order[at];
    const changes = correction(weights, x[index], y[index]);
    const after = corrected(weights, x[index], changes);
    visits.push({ pass: Math.floor(visits.length / x.length) + 1, index, changes, before: weights, after,
      mistakes: (visits.at(-1)?.mistakes ?? 0) + (changes.length > 0) });
    weights = after;
    clean += changes.length === 0;
    converged = clean === x.length;
  }
  return {
    upTo(steps) {
      while (x.length && !converged && visits.length < steps) meet();
      return { visits, converged };
    },
  };
}

/** How many of the points the rule would leave as they are. */
export const right = (weights, points) => points.filter((point) => !correction(weights, tilde(point), point[2]).length).length;

/** For each class a score of its own, also where two classes share one w~. */
const columns = (weights) => (weights.length === 1 ? [[0, 0, 0], weights[0]] : weights);
const minus = (u, v) => u.map((value, i) => value - v[i]);

/** [polygon, ...] for the classes: the part of |x1|, |x2| <= extent where each wins; empty where it nowhere does. */
export function regions(weights, extent) {
  const all = columns(weights);
  const square = [[-extent, -extent], [extent, -extent], [extent, extent], [-extent, extent]];
  return all.map((own, c) => all.reduce((polygon, other, d) => {
    if (c === d) return polygon;
    const w = minus(own, other);
    if (w.some(Boolean)) return cut(polygon, w);
    const first = weights.length === 1 ? 1 : Math.min(c, d); // of equal classes: z = 0 is class 1
    return c === first ? polygon : [];
  }, square));
}

/** The part of a convex polygon where w~ . x~ >= 0 (Sutherland and Hodgman 1974). */
function cut(polygon, w) {
  const height = (p) => score(w, [1, ...p]);
  return polygon.flatMap((p, i) => {
    const q = polygon[(i + 1) % polygon.length];
    const [from, to] = [height(p), height(q)];
    const crossing = from < 0 !== to < 0 ? [p.map((v, axis) => v + ((q[axis] - v) * from) / (from - to))] : [];
    return from < 0 ? crossing : [p, ...crossing];
  });
}

/** The lines between the classes, as [end, end] inside |x1|, |x2| <= extent. */
export function borders(weights, extent) {
  const all = columns(weights);
  return all.flatMap((own, c) => all.slice(c + 1).flatMap((other, j) => {
    const line = minus(own, other);
    const whole = clipLine(line.slice(1), line[0], extent);
    if (!whole) return [];
    const [from, to] = all.filter((_, e) => e !== c && e !== c + 1 + j).reduce(([low, high], third) => {
      const [p, q] = whole.map((end) => score(minus(own, third), [1, ...end])); // where a third class is higher, no border
      if (p >= 0 && q >= 0) return [low, high];
      if (p < 0 && q < 0) return [1, 0];
      return p < 0 ? [Math.max(low, p / (p - q)), high] : [low, Math.min(high, p / (p - q))];
    }, [0, 1]);
    const at = (t) => whole[0].map((v, axis) => v + (whole[1][axis] - v) * t);
    return from < to ? [[at(from), at(to)]] : [];
  }));
}
