// What the layers of nn.js compute with. Matrices are flat Float64Arrays, row after row: (n, d) has n * d numbers. No DOM here.

/** A place for so many numbers, in the memory of `kept` if they fit there: so a training whose steps are alike takes no more of
 * it after the first. Whatever `kept` held is gone. */
export function room(kept, length) {
  if (kept?.length === length) return kept;
  return kept && kept.buffer.byteLength >= 8 * length ? new Float64Array(kept.buffer, 0, length) : new Float64Array(length);
}

/** out[i, j] = first[j] + the sum over k of A[i * across + k * along] B[k, j]. Two rows and four columns of out are summed up at
 * a time, in variables of their own: every number read is used several times, which takes half the time. */
function fill(out, A, B, columns, across, along, first) {
  const rows = out.length / columns, end = B.length;
  let i = 0;
  for (; i + 1 < rows; i += 2) {
    const from0 = i * across, from1 = from0 + across, row0 = i * columns, row1 = row0 + columns;
    let j = 0;
    for (; j + 3 < columns; j += 4) {
      let s0 = 0, s1 = 0, s2 = 0, s3 = 0;
      if (first) s0 = first[j], s1 = first[j + 1], s2 = first[j + 2], s3 = first[j + 3];
      let t0 = s0, t1 = s1, t2 = s2, t3 = s3;
      for (let b = j, a0 = from0, a1 = from1; b < end; b += columns, a0 += along, a1 += along) {
        const u = A[a0], v = A[a1], b0 = B[b], b1 = B[b + 1], b2 = B[b + 2], b3 = B[b + 3];
        s0 += u * b0, s1 += u * b1, s2 += u * b2, s3 += u * b3;
        t0 += v * b0, t1 += v * b1, t2 += v * b2, t3 += v * b3;
      }
      out[row0 + j] = s0, out[row0 + j + 1] = s1, out[row0 + j + 2] = s2, out[row0 + j + 3] = s3;
      out[row1 + j] = t0, out[row1 + j + 1] = t1, out[row1 + j + 2] = t2, out[row1 + j + 3] = t3;
    }
    for (; j < columns; j++) {
      let s = first ? first[j] : 0, t = s;
      for (let b = j, a0 = from0, a1 = from1; b < end; b += columns, a0 += along, a1 += along) s += A[a0] * B[b], t += A[a1] * B[b];
      out[row0 + j] = s, out[row1 + j] = t;
    }
  }
  for (; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      let s = first ? first[j] : 0;
      for (let b = j, a = i * across; b < end; b += columns, a += along) s += A[a] * B[b];
      out[i * columns + j] = s;
    }
  }
  return out;
}

/** out = A B, where `columns` counts those of B and of out; with a row `first`, which is added to each row. */
export const product = (out, A, B, columns, first = null) => fill(out, A, B, columns, B.length / columns, 1, first);

/** out = A^T B for A (n, rows) and B (n, columns). */
export const transposedProduct = (out, A, B, columns) => fill(out, A, B, columns, 1, out.length / columns, null);

/** out += the sum of B's rows. */
export function addRows(out, B) {
  const columns = out.length;
  for (let i = 0; i < B.length; i += columns) for (let j = 0; j < columns; j++) out[j] += B[i + j];
  return out;
}

/** (n, columns) -> (columns, n), into `out`. */
export function transposed(out, A, columns) {
  const n = A.length / columns;
  for (let i = 0; i < n; i++) for (let j = 0; j < columns; j++) out[j * n + i] = A[i * columns + j];
  return out;
}
