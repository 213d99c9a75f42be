// What the layers of nn.js compute with. Matrices are flat Float64Arrays, row after row: (n, d) has n * d numbers. No DOM here.

/** A place for so many numbers, in the memory of `kept` if they fit there: so a training whose steps are alike takes no more of
 * it after the first. Whatever `kept` held is gone. */
export function room(kept, length) {
  if (kept?.length === length) return kept;
  return kept && kept.buffer.byteLength >= 8 * length ? new Float64Array(kept.buffer, 0, length) : new Float64Array(length);
}

/** out += A B, where `columns` counts those of B and of out. Four rows of B at a time: half the time of one by one. */
export function addProduct(out, A, B, columns) {
  const n = out.length / columns, inner = B.length / columns;
  for (let i = 0; i < n; i++) {
    const row = i * columns, from = i * inner;
    let k = 0;
    for (; k + 3 < inner; k += 4) {
      const a0 = A[from + k], a1 = A[from + k + 1], a2 = A[from + k + 2], a3 = A[from + k + 3];
      const b0 = k * columns, b1 = b0 + columns, b2 = b1 + columns, b3 = b2 + columns;
      for (let j = 0; j < columns; j++) out[row + j] += a0 * B[b0 + j] + a1 * B[b1 + j] + a2 * B[b2 + j] + a3 * B[b3 + j];
    }
    for (; k < inner; k++) {
      for (let j = 0; j < columns; j++) out[row + j] += A[from + k] * B[k * columns + j];
    }
  }
  return out;
}

/** out += A^T B for A (n, rows) and B (n, columns), four of their rows at a time. */
export function addTransposedProduct(out, A, B, columns) {
  const rows = out.length / columns, n = B.length / columns;
  let i = 0;
  for (; i + 3 < n; i += 4) {
    const a = i * rows, b0 = i * columns, b1 = b0 + columns, b2 = b1 + columns, b3 = b2 + columns;
    for (let k = 0; k < rows; k++) {
      const a0 = A[a + k], a1 = A[a + rows + k], a2 = A[a + 2 * rows + k], a3 = A[a + 3 * rows + k], row = k * columns;
      for (let j = 0; j < columns; j++) out[row + j] += a0 * B[b0 + j] + a1 * B[b1 + j] + a2 * B[b2 + j] + a3 * B[b3 + j];
    }
  }
  for (; i < n; i++) {
    for (let k = 0; k < rows; k++) {
      for (let j = 0; j < columns; j++) out[k * columns + j] += A[i * rows + k] * B[i * columns + j];
    }
  }
  return out;
}

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
