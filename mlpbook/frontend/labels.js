// Where a name can stand in a picture without covering what it is beside. Pure functions: numbers in, numbers out.

const TALL = 14, BELOW = 3; // of a line of text, and how much of it hangs below its baseline

/** The places beside `at` for a text so wide, the wished corner first: [x, y] of its left end, on the baseline. away: how far
 * the thing itself reaches. */
export function beside([x, y], width, [toRight, toTop], away = 12) {
  const along = [x + away, x - away - width], over = [y - away + 4, y + away + 6];
  const [h, v] = [toRight ? 0 : 1, toTop ? 0 : 1];
  return [[along[h], over[v]], [along[h], over[1 - v]], [along[1 - h], over[v]], [along[1 - h], over[1 - v]],
    [x + away + 2, y + 4], [x - away - 2 - width, y + 4], [x - width / 2, y - away - 2], [x - width / 2, y + away + TALL - BELOW]];
}

/** The box [left, top, right, bottom] of a text so wide whose baseline starts at [x, y]. */
export const boxOf = ([x, y], width) => [x, y - TALL + BELOW, x + width, y + BELOW];

const overlap = ([a, b, c, d], [p, q, r, s]) => Math.max(0, Math.min(c, r) - Math.max(a, p)) * Math.max(0, Math.min(d, s) - Math.max(b, q));

/** The first of the places inside `frame` where the text covers none of the boxes; else where it covers least of them. */
export function freest(places, width, boxes, frame) {
  let best = null, least = Infinity;
  for (const place of places) {
    const box = boxOf(place, width);
    const [left, top, right, bottom] = frame;
    const out = Math.max(0, left - box[0]) + Math.max(0, top - box[1]) + Math.max(0, box[2] - right) + Math.max(0, box[3] - bottom);
    const cost = 1000 * out + boxes.reduce((sum, other) => sum + overlap(box, other), 0);
    if (cost < least) [best, least] = [place, cost];
    if (cost === 0) break;
  }
  return best;
}
