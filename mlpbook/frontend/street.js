// Can a straight line keep two groups of points apart? The widest street between them; twin of street.py. No DOM here.

const TOUCHING = 1e-9; // hulls nearer than this count as meeting

const turn = (o, p, q) => (p[0] - o[0]) * (q[1] - o[1]) - (p[1] - o[1]) * (q[0] - o[0]);
const along = (u, p, x) => u[0] * (x[0] - p[0]) + u[1] * (x[1] - p[1]);

/** The distance of two points. (Not hypot, which rounds differently in Python.) */
export function gap(p, q) {
  const d = [q[0] - p[0], q[1] - p[1]];
  return Math.sqrt(d[0] * d[0] + d[1] * d[1]);
}

function chain(points) {
  const found = [];
  for (const p of points) {
    while (found.length > 1 && turn(found.at(-2), found.at(-1), p) <= 0) found.pop();
    found.push(p);
  }
  return found.slice(0, -1);
}

/** The corners of the convex hull, counter-clockwise (Andrew 1979); of one or two points, these. No point twice. */
export function hull(points) {
  const sorted = [...points].sort((p, q) => p[0] - q[0] || p[1] - q[1])
    .filter((p, i, all) => i === 0 || p[0] !== all[i - 1][0] || p[1] !== all[i - 1][1]);
  return sorted.length < 3 ? sorted : [...chain(sorted), ...chain([...sorted].reverse())];
}

/** The point of the segment from s to t that is nearest to p. */
function nearest(p, s, t) {
  const d = [t[0] - s[0], t[1] - s[1]];
  const square = d[0] * d[0] + d[1] * d[1];
  const at = square > 0 ? Math.min(1, Math.max(0, ((p[0] - s[0]) * d[0] + (p[1] - s[1]) * d[1]) / square)) : 0;
  return [s[0] + at * d[0], s[1] + at * d[1]];
}

/** The nearest points [p, q] of the hulls of two groups of points; null where no line separates them. */
export function street(one, other) {
  const [a, b] = [hull(one), hull(other)];
  let best = Infinity, ends = null;
  for (const [corners, walls, mine] of [[a, b, true], [b, a, false]]) {
    for (const corner of corners) {
      walls.forEach((s, i) => {
        const foot = nearest(corner, s, walls[(i + 1) % walls.length]);
        const distance = gap(corner, foot);
        if (distance < best) [best, ends] = [distance, mine ? [corner, foot] : [foot, corner]];
      });
    }
  }
  if (best < TOUCHING) return null;
  const [p, q] = ends;
  const u = [(q[0] - p[0]) / best, (q[1] - p[1]) / best];
  // the nearest corner and wall of hulls that overlap do not have one hull on each side
  return a.some((x) => along(u, p, x) > TOUCHING) || b.some((x) => along(u, q, x) < -TOUCHING) ? null : ends;
}
