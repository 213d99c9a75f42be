// The geometry of one neuron with two inputs. Pure functions: numbers in, numbers out. No DOM here.

export const dot = (w, x) => w[0] * x[0] + w[1] * x[1];
export const norm = (w) => Math.hypot(w[0], w[1]);
export const clamp = (v, low, high) => Math.min(high, Math.max(low, v));
export const roundTo = (v, step) => Number((Math.round(v / step) * step).toFixed(10));

/** (w.x + b) / |w|: how far x lies from the line, positive on the side w points to; null where w = 0. */
export const signedDistance = (w, b, x) => (norm(w) > 0 ? (dot(w, x) + b) / norm(w) : null);

/** The point of the line w.x + b = z that is nearest to `to`; null where w = 0. */
export function foot(w, b, to = [0, 0], z = 0) {
  if (norm(w) === 0) return null;
  const t = (dot(w, to) + b - z) / dot(w, w);
  return [to[0] - t * w[0], to[1] - t * w[1]];
}

/** The two ends of w.x + b = z inside the square |x1|, |x2| <= extent; null where it misses the square. */
export function clipLine(w, b, extent, z = 0) {
  const base = foot(w, b, [0, 0], z);
  if (!base) return null;
  const length = norm(w);
  const along = [-w[1] / length, w[0] / length];
  let [from, to] = [-Infinity, Infinity];
  for (const k of [0, 1]) {
    if (Math.abs(along[k]) < 1e-12) {
      if (Math.abs(base[k]) > extent) return null;
      continue;
    }
    const ends = [(-extent - base[k]) / along[k], (extent - base[k]) / along[k]].sort((p, q) => p - q);
    [from, to] = [Math.max(from, ends[0]), Math.min(to, ends[1])];
  }
  if (from >= to) return null;
  return [from, to].map((t) => [base[0] + t * along[0], base[1] + t * along[1]]);
}

/** Values of z = w.x + b at which to draw contours: multiples of a round step that stay `gap` apart in x. */
export function contourLevels(w, b, extent, gap) {
  const length = norm(w);
  if (length === 0) return [];
  const step = [0.1, 0.2, 0.5, 1, 2, 5, 10].find((s) => s / length >= gap) ?? 10;
  const reach = extent * (Math.abs(w[0]) + Math.abs(w[1]));
  const levels = [];
  for (let k = Math.ceil((b - reach) / step); k * step <= b + reach; k++) if (k !== 0) levels.push(roundTo(k * step, 0.1));
  return levels;
}

/** How many of the points the line sorts rightly: label 1 where w.x + b > 0, label 0 elsewhere. */
export const isRight = (w, b, x, label) => (dot(w, x) + b > 0 ? 1 : 0) === label;
