// How wide a margin can a perceptron's classes have? Exactly, for two classes and for more; twin of margin.py. No DOM here.
//
// On each mistake the rule adds one vector u to all its weights in a row: for two classes +x~ or -x~, for more x~ in the
// place of the right class and -x~ in its rival's. The widest margin is the distance from 0 to the hull of all u.

const TINY = 1e-14; // of the longest u squared

const inner = (u, v) => u.reduce((sum, value, i) => sum + value * v[i], 0);
const mean = (vectors, shares) => vectors[0].map((_, i) => vectors.reduce((sum, u, j) => sum + shares[j] * u[i], 0));

/** The vectors the rule may add, for samples xTilde of classes y, k classes in all. */
export function updates(xTilde, y, k) {
  if (k === 2) return xTilde.map((x, i) => x.map((v) => (2 * y[i] - 1) * v));
  const classes = Array.from({ length: k }, (_, c) => c);
  return xTilde.flatMap((x, i) => classes.filter((rival) => rival !== y[i]).map((rival) =>
    classes.flatMap((c) => x.map((v) => ((c === y[i]) - (c === rival)) * v))));
}

/** {v, gamma, longest}: the widest margin, and gamma times the unit vector that has it; null where no v separates.
 * Source: Wolfe, "Finding the nearest point in a polytope", Mathematical Programming 11, 1976. */
export function widest(u) {
  const squares = u.map((each) => inner(each, each));
  const longest = Math.max(...squares);
  const tiny = TINY * longest;
  let corral = [squares.indexOf(Math.min(...squares))], shares = [1]; // v is the mean of u[corral], weighted by the shares
  let v = u[corral[0]];
  for (;;) {
    const along = u.map((each) => inner(each, v));
    const nearest = along.indexOf(Math.min(...along));
    if (along[nearest] >= inner(v, v) - tiny || corral.includes(nearest)) break;
    corral.push(nearest);
    shares.push(0);
    for (;;) {
      const target = nearestOfFlat(corral.map((i) => u[i]));
      if (Math.min(...target) > 1e-12) {
        shares = target;
        break;
      }
      // walk towards the target until the first share is used up, and drop that vector
      const reach = Math.min(1, ...target.map((t, i) => (t <= 1e-12 ? shares[i] / Math.max(shares[i] - t, 1e-300) : 1)));
      shares = shares.map((share, i) => Math.max(0, share + reach * (target[i] - share)));
      corral = corral.filter((_, i) => shares[i] > 1e-12);
      shares = shares.filter((share) => share > 1e-12);
      const total = shares.reduce((sum, share) => sum + share);
      shares = shares.map((share) => share / total);
    }
    const closer = mean(corral.map((i) => u[i]), shares);
    if (inner(closer, closer) >= inner(v, v)) break; // rounding: as near as numbers get
    v = closer;
  }
  const square = inner(v, v);
  return square > 10 * tiny ? { v, gamma: Math.sqrt(square), longest: Math.sqrt(longest) } : null;
}

/** The shares, of sum 1 and any sign, of the point nearest to 0 in the flat through the points. */
function nearestOfFlat(points) {
  const rows = points.map((p) => [...points.map((q) => inner(p, q) + 1), 1]);
  rows.forEach((_, i) => { // Gauss and Jordan, with the largest pivot
    const best = rows.reduce((top, row, j) => (j > i && Math.abs(row[i]) > Math.abs(rows[top][i]) ? j : top), i);
    [rows[i], rows[best]] = [rows[best], rows[i]];
    rows.forEach((row, j) => {
      if (j === i) return;
      const factor = row[i] / rows[i][i];
      for (let col = i; col < row.length; col++) row[col] -= factor * rows[i][col];
    });
  });
  const shares = rows.map((row, i) => row.at(-1) / row[i]);
  const total = shares.reduce((sum, share) => sum + share);
  return shares.map((share) => share / total);
}
