// Softmax computed twice: as its formula stands, where e^z can overflow, and with the largest exponent taken off first. No DOM.

/** e^z / sum of them, for any finite z: (m,) -> (m,). */
export function softmax(z) {
  const most = Math.max(...z);
  const powers = z.map((v) => Math.exp(v - most));
  const sum = powers.reduce((total, v) => total + v, 0);
  return powers.map((v) => v / sum);
}

/** -ln softmax(z)_label in nats, for any finite z. */
export function surprise(z, label) {
  const most = Math.max(...z);
  return Math.log(z.reduce((total, v) => total + Math.exp(v - most), 0)) - (z[label] - most);
}

/** {powers, p}: e^z and e^z / sum as float64 or float32 has them; infinite, or not a number, where the computer says so.
 * With `most` that is taken off each exponent first. */
export function inPrecision(z, precision, most = 0) {
  const rounded = precision === "float32" ? Math.fround : (v) => v;
  const powers = z.map((v) => rounded(Math.exp(rounded(rounded(v) - rounded(most)))));
  const sum = powers.reduce((total, v) => rounded(total + v), 0);
  return { powers, p: powers.map((v) => rounded(v / sum)) };
}
