// Losses of two parameters, given as the terms [c, p, q] of sum c theta1^p theta2^q; the ways of optimizers over them, and the
// lines of equal loss. Numbers in, numbers out. No DOM here.

import { OPTIMIZERS } from "./optimizers.js";

/** x^n by multiplying, as the Python class does, so that both agree to the last bit. */
function power(x, n) {
  let result = 1;
  for (let i = 0; i < n; i++) result *= x;
  return result;
}

export const value = (terms, [x, y]) => terms.reduce((sum, [c, p, q]) => sum + c * power(x, p) * power(y, q), 0);

/** [dL/dtheta1, dL/dtheta2]. */
export function gradient(terms, [x, y]) {
  let dx = 0, dy = 0;
  for (const [c, p, q] of terms) {
    if (p) dx += c * p * power(x, p - 1) * power(y, q);
    if (q) dy += c * q * power(x, p) * power(y, q - 1);
  }
  return [dx, dy];
}

/** For each of the optimizers {path: [[theta1, theta2], ...], diverged}: every step from `start` on. A path that gets further
 * than `far` from 0 in either parameter has diverged, and ends with that point. */
export function descend({ terms, start, lr, momentum, optimizers, steps, far }) {
  return optimizers.map(({ name, settings }) => {
    const optimizer = new OPTIMIZERS[name]({ lr, momentum, ...settings });
    const theta = Float64Array.from(start), path = [[...theta]];
    const isFar = () => Math.max(Math.abs(theta[0]), Math.abs(theta[1])) > far;
    while (path.length <= steps && !isFar()) {
      optimizer.step(theta, gradient(terms, theta));
      path.push([...theta]);
    }
    return { path, diverged: isFar() };
  });
}

/** The losses at which a map draws lines: 1, 2, 5, 10, ... in both directions, where the surface on the square has them. */
export function levels(terms, extent) {
  const grid = Array.from({ length: 31 }, (_, i) => extent * (i / 15 - 1));
  const most = Math.max(...grid.flatMap((x) => grid.map((y) => value(terms, [x, y]))));
  const found = [];
  for (let k = -2; 10 ** k < most; k++) for (const digit of [1, 2, 5]) found.push(Number(`${digit}e${k}`));
  return found.filter((level) => level < most);
}

/** The line of each level on the square, in pieces [[x, y], [x, y]], one for each cell of an n x n grid that it crosses. */
export function contours(terms, extent, lines, n) {
  const at = Array.from({ length: n + 1 }, (_, i) => extent * ((2 * i) / n - 1));
  const L = at.map((x) => at.map((y) => value(terms, [x, y])));
  const found = lines.map(() => []);
  for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) {
    const corners = [[i, j], [i + 1, j], [i + 1, j + 1], [i, j + 1]];
    const heights = corners.map(([a, b]) => L[a][b]);
    const [low, high] = [Math.min(...heights), Math.max(...heights)];
    lines.forEach((level, k) => {
      if (level < low || level >= high) return;
      const ends = corners.flatMap(([a, b], side) => {
        const [from, to] = [heights[side], heights[(side + 1) % 4]];
        if (from <= level === to <= level) return [];
        const [c, d] = corners[(side + 1) % 4], t = (level - from) / (to - from);
        return [[at[a] + t * (at[c] - at[a]), at[b] + t * (at[d] - at[b])]];
      });
      for (let e = 0; e + 1 < ends.length; e += 2) found[k].push([ends[e], ends[e + 1]]);
    });
  }
  return found;
}

/** One place for a name on each of several trails of points: beside, above or below one of its points, where it keeps most clear
 * of all the trails and of the names placed before, within box: [left, top, right, bottom]. null for a trail without points. */
export function places(trails, [left, top, right, bottom], [width, height]) {
  const MOST = 24; // clearer than this is no better
  const chosen = [];
  trails.forEach((trail, k) => {
    let best = null, most = -Infinity;
    const every = Math.ceil(trail.length / 25);
    trail.forEach(([x, y], i) => {
      if (i % every) return;
      for (const [dx, dy] of [[1, 0], [-1, 0], [0, -1], [0, 1]]) {
        const middle = [x + dx * (9 + width / 2), y + dy * (8 + height / 2)];
        if (Math.abs(middle[0] - (left + right) / 2) > (right - left - width) / 2 - 2 ||
          Math.abs(middle[1] - (top + bottom) / 2) > (bottom - top - height) / 2) continue;
        // how far a point lies from the name, on its nearer side; below 0 inside it
        const gap = ([p, q], times = 1) => Math.max(Math.abs(p - middle[0]) - (times * width) / 2, Math.abs(q - middle[1]) - (times * height) / 2);
        let room = MOST;
        trails.forEach((other, j) => other.forEach((point) => (room = Math.min(room, gap(point) + (j === k ? 2 : 0)))));
        for (const place of chosen) if (place && gap(place.middle, 2) < 2) room -= 1000;
        if (room > most) most = room, best = { middle, anchor: ["end", "middle", "start"][dx + 1], x: x + dx * 9, y: middle[1] + 4 };
      }
    });
    chosen.push(best);
  });
  return chosen;
}
