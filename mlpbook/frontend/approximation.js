// The page's twin of approximation.py and of widgets/heights.py: networks 1 -> n -> 1 built by hand on [0, 1], and how well they
// follow a target f. f is an array of its values at even points of [0, 1], and straight between. A network is what `state()` of
// the Python class gives. No DOM here.

import { ACTIVATIONS } from "./nn.js";
import { clamp } from "./plane.js";

const FINE = 4000; // parts of [0, 1] in which errors and best steps are looked for, as in Python
const TINY = 1e-12;

const linspace = (n) => Array.from({ length: n + 1 }, (_, i) => (i === n ? 1 : i * (1 / n)));
const breaks = (knots) => [0, ...knots, 1];
const pairs = (values) => values.slice(1).map((value, i) => [values[i], value]);
const gaps = (t) => pairs(t).map(([a, b]) => b - a);
const most = (values) => values.reduce((a, b) => Math.max(a, b), -Infinity);
const least = (values) => values.reduce((a, b) => Math.min(a, b), Infinity);

/** f(x), from its values at even points. */
export function at(f, x) {
  const n = f.length - 1;
  const i = clamp(Math.floor(x * n), 0, n - 1);
  return f[i] + (f[i + 1] - f[i]) * (x * n - i);
}

export const evenKnots = (count) => Array.from({ length: count }, (_, i) => (i + 1) / (count + 1));

// --- networks

const network = (activation, w, b, c, start) => ({ sizes: [1, w.length, 1], activation, W: [[w], c.map((v) => [v])], b: [b, [start]] });

function stairs(levels, knots, activation, steepness) {
  return network(activation, knots.map(() => steepness), knots.map((t) => -steepness * t), gaps(levels), levels[0]);
}

/** A steep sigmoid at every knot; between two of them f of the middle. */
export function staircase(f, knots, steepness) {
  const t = breaks(knots);
  return stairs(pairs(t).map(([a, b]) => at(f, (a + b) / 2)), knots, "sigmoid", steepness / least(gaps(t)));
}

/** A jump at every knot; the level between two of them is midway between f's extremes there. */
export function bestLevels(f, knots) {
  const levels = pairs(breaks(knots)).map(([a, b]) => {
    const ends = [at(f, a), at(f, b)];
    const inside = f.filter((_, i) => i / (f.length - 1) > a && i / (f.length - 1) < b);
    return (Math.max(...ends, most(inside)) + Math.min(...ends, least(inside))) / 2;
  });
  return stairs(levels, knots, "step", 1);
}

/** The broken line through (t, heights), t from 0 to 1: every hinge adds the change of slope. */
export function hinges(t, heights) {
  const slopes = gaps(heights).map((rise, i) => rise / (t[i + 1] - t[i]));
  return network("relu", slopes.map(() => 1), t.slice(0, -1).map((v) => -v), slopes.map((slope, i) => slope - (slopes[i - 1] ?? 0)), heights[0]);
}

export const reluInterpolant = (f, knots) => hinges(breaks(knots), breaks(knots).map((t) => at(f, t)));

/** What each unit adds to the sum at x, its weight included: [c phi(w x + b), ...]. The sum starts from b[1][0]. */
export const terms = ({ activation, W, b }, x) => W[0][0].map((w, i) => W[1][i][0] * ACTIVATIONS[activation].f(w * x + b[0][i]));

export const value = (net, x) => terms(net, x).reduce((sum, term) => sum + term, net.b[1][0]);

// --- errors

/** What the largest error of hinges cannot exceed where |f''| <= curvature. */
export const interpolantBound = (curvature, knots) => (curvature * most(gaps(breaks(knots))) ** 2) / 8;

/** What the largest error of steps or hinges cannot exceed where |f'| <= lipschitz. */
export const lipschitzBound = (lipschitz, knots) => (lipschitz * most(gaps(breaks(knots)))) / 2;

/** {error: max |f - net|, near: the first of 4001 points where it is that large}. Exact but for sigmoids: for these the peaks
 * are looked for as sup_error does. */
export function supError(net, f) {
  const x = linspace(FINE);
  const error = (v) => Math.abs(value(net, v) - at(f, v));
  const seen = x.map(error);
  const worst = most(seen);
  const near = x[seen.findIndex((e) => e >= worst - 1e-6)];
  const knots = net.W[0][0].map((w, i) => -net.b[0][i] / w);
  if (net.activation === "step") { // every jump has two sides
    const levels = net.W[1].reduce((sums, [c]) => [...sums, sums.at(-1) + c], [net.b[1][0]]);
    const t = breaks(knots);
    const sides = levels.flatMap((level, i) => [t[i], t[i + 1]].map((end) => Math.abs(at(f, end) - level)));
    return { error: Math.max(worst, ...sides), near };
  }
  const found = [worst, ...knots.map(error)];
  if (net.activation === "sigmoid") {
    seen.forEach((e, i) => {
      if (e < (seen[i - 1] ?? -1) || e < (seen[i + 1] ?? -1)) return;
      let peak = x[i];
      for (let k = 0, radius = 1 / FINE; k < 12; k++, radius /= 4) {
        let highest = -1, where = peak;
        for (let j = -4; j <= 4; j++) {
          const v = clamp(peak + (j / 4) * radius, 0, 1);
          const here = error(v);
          if (here > highest) [highest, where] = [here, v];
        }
        found.push(highest);
        peak = where;
      }
    });
  }
  return { error: most(found), near };
}

// --- the best heights for given knots

/** As best_heights in Python. */
export function bestHeights(f, knots) {
  const t = breaks(knots), heights = t.map((v) => at(f, v)), n = f.length - 1;
  const pieces = pairs(t).map(([left, right]) => {
    const piece = { s: [], y: [] };
    f.forEach((y, i) => {
      const x = i / n;
      if (x > left && x < right) piece.s.push((x - left) / (right - left)), piece.y.push(y);
    });
    return piece;
  });
  let low = 0, found = null;
  let high = most(pieces.flatMap(({ s, y }, k) => s.map((share, i) => Math.abs(heights[k] + share * (heights[k + 1] - heights[k]) - y[i]))).concat(0));
  while (found === null || high - low > 1e-7 * high) {
    const error = found === null ? high * (1 + 1e-9) + TINY : (low + high) / 2;
    const polygons = polygonsWithin(heights, pieces, error);
    if (polygons) [high, found] = [error, polygons];
    else low = error;
  }
  const chosen = [nearest(heights.at(-1), found.at(-1).map(([, v]) => v))];
  for (let k = found.length - 1; k >= 0; k--) chosen.unshift(nearest(heights[k], across(found[k], chosen[0])));
  return chosen;
}

/** For each piece the corners [left height, right height] of what keeps it in the tube; null where one has none. */
function polygonsWithin(heights, pieces, error) {
  let [low, high] = [heights[0] - error, heights[0] + error];
  const polygons = [];
  for (const [k, { s, y }] of pieces.entries()) {
    const end = heights[k + 1];
    let polygon = [low, end - error, high, end - error, high, end + error, low, end + error];
    for (let i = 0; i < s.length && polygon.length; i++) polygon = squeeze(polygon, 1 - s[i], s[i], y[i] - error, y[i] + error);
    if (!polygon.length) return null;
    polygons.push(polygon.flatMap((u, i) => (i % 2 ? [] : [[u, polygon[i + 1]]])));
    const ends = polygons.at(-1).map(([, v]) => v);
    [low, high] = [least(ends), most(ends)];
  }
  return polygons;
}

/** The part of a polygon [u, v, u, v, ...] where low <= p u + q v <= high, up to rounding. (Plain loops: this is where the time goes.) */
function squeeze(polygon, p, q, low, high) {
  let smallest = Infinity, largest = -Infinity;
  for (let i = 0; i < polygon.length; i += 2) {
    const v = p * polygon[i] + q * polygon[i + 1];
    if (v < smallest) smallest = v;
    if (v > largest) largest = v;
  }
  if (smallest < low - TINY) polygon = clip(polygon, p, q, low, 1);
  return largest > high + TINY ? clip(polygon, p, q, high, -1) : polygon;
}

/** The part of a polygon [u, v, u, v, ...] where p u + q v is at least (way = 1) or at most (-1) a value. */
function clip(polygon, p, q, at, way) {
  const kept = [], n = polygon.length;
  if (n === 0) return kept;
  let u = polygon[n - 2], v = polygon[n - 1], gap = way * (p * u + q * v - at);
  for (let i = 0; i < n; i += 2) {
    const nextU = polygon[i], nextV = polygon[i + 1], next = way * (p * nextU + q * nextV - at);
    if (gap * next < 0) {
      const share = gap / (gap - next);
      kept.push(u + share * (nextU - u), v + share * (nextV - v));
    }
    if (next >= 0) kept.push(nextU, nextV);
    u = nextU, v = nextV, gap = next;
  }
  return kept;
}

/** Where the edges of a polygon of [u, v] meet the level v, as values of u. */
function across(polygon, v) {
  const found = polygon.flatMap(([q, s], i) => {
    const [p, r] = polygon[(i || polygon.length) - 1];
    if ((r - v) * (s - v) > 0) return [];
    return r === s ? [p, q] : [p + ((v - r) / (s - r)) * (q - p)];
  });
  return found.length ? found : [polygon.reduce((best, corner) => (Math.abs(corner[1] - v) < Math.abs(best[1] - v) ? corner : best))[0]];
}

const nearest = (v, ends) => clamp(v, least(ends), most(ends));

// --- the best knots

/** What attempt(error) returns for the smallest error at which it is not null, to 1e-6 of it. */
function bisect(attempt, low, high) {
  let found = attempt(high);
  while (high - low > 1e-6 * high) {
    const middle = (low + high) / 2;
    const result = attempt(middle);
    if (result === null) low = middle;
    else [high, found] = [middle, result];
  }
  return found;
}

/** t with the longest pieces halved until there are so many. */
function withBreaks(t, pieces) {
  while (t.length < pieces + 1) {
    const i = gaps(t).reduce((best, gap, k, all) => (gap > all[best] ? k : best), 0);
    t = [...t.slice(0, i + 1), (t[i] + t[i + 1]) / 2, ...t.slice(i + 1)];
  }
  return t;
}

/** {knots, error} of the staircase of n jumps with the smallest largest error; see best_staircase in Python. */
export function bestStaircase(f, n) {
  const x = linspace(FINE);
  const y = x.map((v) => at(f, v));
  const fewest = (error) => {
    const starts = [0];
    let low = y[0], high = y[0];
    for (const [i, v] of y.entries()) {
      [low, high] = [Math.min(low, v), Math.max(high, v)];
      if (high - low > 2 * error) {
        if (starts.length === n + 1) return null;
        starts.push(i);
        low = high = v;
      }
    }
    return starts;
  };
  const starts = bisect(fewest, 0, (most(y) - least(y)) / 2).slice(1);
  const knots = withBreaks([0, ...starts.map((i) => (x[i - 1] + x[i]) / 2), 1], n + 1).slice(1, -1);
  const levels = pairs(breaks(knots)).map(([a, b]) => {
    const mine = y.filter((_, i) => x[i] >= a && (x[i] < b || b === 1));
    return (most(mine) + least(mine)) / 2;
  });
  return { knots, error: supError(stairs(levels, knots, "step", 1), f).error };
}

/** {knots, error} of the broken line of n pieces with the smallest largest error; see best_hinges in Python. */
export function bestHinges(f, n) {
  const base = least(f), size = most(f) - base || 1;
  const x = linspace(f.length - 1), y = f.map((v) => (v - base) / size);
  const lines = bisect((error) => fewestLines(x, y, error, n), 1e-9, 0.5 + 1e-9);
  const meet = pairs(lines).map(([[slope, height], [next, nextHeight]]) => -(nextHeight - height) / (next - slope));
  const t = withBreaks([0, ...meet, 1], n);
  const heights = t.map((v) => {
    const [slope, height] = lines[meet.filter((m) => m < v).length];
    return base + size * (slope * v + height);
  });
  return { knots: t.slice(1, -1), error: supError(hinges(t, heights), f).error };
}

/** The [slope, height] of each piece of a furthest-reaching line within `error` of (x, y), or null where it needs more. */
function fewestLines(x, y, error, pieces) {
  const room = 10 * x.length; // no line through the tube is steeper
  const everything = [-room, -room, room, -room, room, 2 * room, -room, 2 * room];
  const lines = [];
  let polygon = everything, i = 0, p = 0;
  while (i < x.length) {
    const passing = squeeze(polygon, x[i], 1, y[i] - error, y[i] + error);
    if (passing.length) {
      polygon = passing;
      i++;
      continue;
    }
    if (lines.length === pieces - 1) return null;
    // Every line has left the tube before x[i]: through its top (way = 1) or through its bottom (way = -1).
    const way = polygon[0] * x[i] + polygon[1] > y[i] ? 1 : -1;
    let slope = 0, height = 0, lowest = Infinity;
    for (let k = 0; k < polygon.length; k += 2) {
      const end = way * (polygon[k] * x[i] + polygon[k + 1]);
      if (end < lowest) lowest = end, slope = polygon[k], height = polygon[k + 1];
    }
    lines.push([slope, height]);
    // It leaves at q, having last touched the other side at p. The next piece crosses it between, to that side.
    const from = p;
    for (let k = 0; k < i; k++) {
      if (x[k] >= from && way * (slope * x[k] + height - y[k]) + error <= 1e-9) p = Math.max(p, x[k]);
    }
    const rise = (y[i] - y[i - 1]) / (x[i] - x[i - 1]);
    const q = x[i - 1] + (y[i - 1] + way * error - slope * x[i - 1] - height) / (slope - rise);
    polygon = clip(clip(everything, p, 1, slope * p + height, way), q, 1, slope * q + height, -way);
    for (let k = 0; k < i; k++) if (x[k] > p) polygon = clip(polygon, x[k], 1, y[k] - way * error, way);
  }
  return [...lines, [polygon[0], polygon[1]]];
}
