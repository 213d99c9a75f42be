// Where a ReLU network is straight: its linear regions on a box, cut unit by unit; twin of regions.py, in the same order. No
// DOM here.
//
// A region is {vertices, by, pattern, A, c, parent}: the corners [x1, x2] of a convex polygon, counter-clockwise; for the edge
// that leaves each corner the unit [layer, unit] that made it, null on the box; which units are on, for each layer; x A + c,
// what comes out of the last of these layers, A as two rows; and the index of the region before that layer of which it is a part.

const SAME_LINE = 1e-10; // points nearer to a unit's line than this, in diagonals of the box, are on it
const ROUNDING = 1e-12; // and so is a z this small beside the terms it was added up from

/** row W (+ b) */
function times(row, W, b) {
  const out = b ? [...b] : new Array(W[0].length).fill(0);
  row.forEach((v, i) => {
    if (v !== 0) for (let j = 0; j < out.length; j++) out[j] += v * W[i][j];
  });
  return out;
}

const at = ([x, y], { A: [p, q], c }) => c.map((v, j) => x * p[j] + y * q[j] + v);

/** The regions on the box from `low` to `high`, after the first hidden layer, after the second, and so on: a list of lists.
 * The network is {sizes, W, b} as `state()` gives it in Python, with two inputs. */
export function cutByLayers({ W, b }, low, high) {
  const near = SAME_LINE * Math.hypot(high[0] - low[0], high[1] - low[1]);
  let cells = [{ vertices: [low, [high[0], low[1]], high, [low[0], high[1]]], by: [null, null, null, null], pattern: [],
    A: [[1, 0], [0, 1]], c: [0, 0], parent: null }];
  return W.slice(0, -1).map((weights, layer) => {
    cells = cells.flatMap((cell, parent) => cutByLayer(cell, weights, b[layer], near, layer).map((part) => ({ ...part, parent })));
    return cells;
  });
}

/** The regions after the last hidden layer, with the map of the whole network: y_hat = x A + c. */
export function cut(network, low, high) {
  return cutByLayers(network, low, high).at(-1).map((region) => withOutput(region, network));
}

/** A region after the last hidden layer, with A and c of the network's output. */
export const withOutput = (region, { W, b }) => (
  { ...region, A: region.A.map((row) => times(row, W.at(-1))), c: times(region.c, W.at(-1), b.at(-1)) });

/** One region of the layers before -> its parts by this layer's units. */
function cutByLayer(cell, W, b, near, layer) {
  const size = new Array(W.length).fill(0); // the most that each input is in the region, in size
  for (const vertex of cell.vertices) at(vertex, cell).forEach((v, i) => (size[i] = Math.max(size[i], Math.abs(v))));
  const A = cell.A.map((row) => times(row, W)), c = times(cell.c, W, b); // now of z
  const tolerance = b.map((bias, j) => Math.max(near * Math.hypot(A[0][j], A[1][j]),
    ROUNDING * size.reduce((sum, v, i) => sum + v * Math.abs(W[i][j]), Math.abs(bias))));
  // each corner with the z of every unit
  const whole = cell.vertices.map((vertex) => [...vertex, ...at(vertex, { A, c })]);
  const parts = [], uncut = [{ rows: whole, by: cell.by, from: 0 }];
  while (uncut.length) {
    const { rows, by, from } = uncut.pop();
    const most = (j) => rows.reduce((found, row) => Math.max(found, row[j + 2]), -Infinity);
    const least = (j) => rows.reduce((found, row) => Math.min(found, row[j + 2]), Infinity);
    let j = from; // the units before do not cross the whole of which this is a part
    while (j < b.length && !(most(j) > tolerance[j] && least(j) < -tolerance[j])) j++;
    if (j < b.length) {
      uncut.push(...halves(rows, by, j + 2, tolerance[j], [layer, j]).map((half) => ({ ...half, from: j + 1 })));
    } else {
      const on = b.map((_, i) => most(i) > tolerance[i]);
      parts.push({ vertices: rows.map(([x, y]) => [x, y]), by, pattern: [...cell.pattern, on],
        A: A.map((row) => row.map((v, i) => (on[i] ? v : 0))), c: c.map((v, i) => (on[i] ? v : 0)) });
    }
  }
  return parts;
}

/** A convex polygon, its corners as rows, cut where the number in `column` is 0: the part above and the part below. */
function halves(rows, by, column, tolerance, cutter) {
  const side = rows.map((row) => (Math.abs(row[column]) <= tolerance ? 0 : Math.sign(row[column])));
  const parts = [1, -1].map((sign) => ({ sign, rows: [], by: [] }));
  rows.forEach((row, i) => {
    const j = (i + 1) % rows.length;
    let crossing = null;
    if (side[i] * side[j] < 0) {
      const t = row[column] / (row[column] - rows[j][column]);
      crossing = row.map((v, k) => v + t * (rows[j][k] - v));
    }
    for (const part of parts) {
      const [here, next] = [side[i] * part.sign, side[j] * part.sign];
      // where the edge from here leaves this part, the cut goes on
      if (here >= 0) part.rows.push(row), part.by.push(here === 0 && next < 0 ? cutter : by[i]);
      if (crossing) part.rows.push(crossing), part.by.push(here > 0 ? cutter : by[i]);
    }
  });
  return parts;
}

/** The area of a polygon (shoelace formula). */
export function area(vertices) {
  const [x0, y0] = vertices[0];
  let sum = 0;
  vertices.forEach(([x, y], i) => {
    const [u, v] = vertices[(i + 1) % vertices.length];
    sum += (x - x0) * (v - y0) - (u - x0) * (y - y0);
  });
  return sum / 2;
}

/** A point in the interior: the mean of the corners. */
export const inside = (vertices) => [0, 1].map((k) => vertices.reduce((sum, v) => sum + v[k], 0) / vertices.length);

/** The index of the region in which a point lies deepest; on an edge, of the first of those that share it. */
export function find(regions, [x, y]) {
  const depth = regions.map(({ vertices }) => Math.min(...vertices.map(([p, q], i) => {
    const [u, v] = vertices[(i + 1) % vertices.length];
    return ((u - p) * (y - q) - (v - q) * (x - p)) / Math.hypot(u - p, v - q);
  })));
  const most = Math.max(...depth);
  return depth.findIndex((d) => d >= most - 1e-9);
}

/** A region with one output, sliced where the output is a multiple of `step`: [k, corners] for each part on which it lies
 * from k step to (k + 1) step. */
export function slices({ vertices, A, c }, step) {
  const rows = vertices.map((vertex) => [...vertex, at(vertex, { A, c })[0]]);
  const values = rows.map((row) => row[2]);
  const flat = 1e-9 * step;
  const first = Math.floor((Math.min(...values) + flat) / step), last = Math.ceil((Math.max(...values) - flat) / step) - 1;
  const found = [];
  let rest = rows;
  for (let k = first; k < last; k++) {
    const level = (k + 1) * step;
    const [upper, lower] = halves(rest.map(([p, q, v]) => [p, q, v - level]), rest, 2, flat, null);
    found.push([k, lower.rows.map(([p, q]) => [p, q])]);
    rest = upper.rows.map(([p, q, v]) => [p, q, v + level]);
  }
  found.push([Math.max(first, last), rest.map(([p, q]) => [p, q])]);
  return found;
}
