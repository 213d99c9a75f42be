// The state of an explorable as data: what may be in it, and how it reads as Python. No DOM here.
// `limits` comes from the Python class: {low, high, whole? size? or shape?} for numbers, {options} for a choice, {boolean} for a switch,
// {each: [limit, ...]} for a list of them, {row: [limit, ...], most} for up to so many rows, {low, high,
// least, most, gap?} for some numbers, increasing by the gap, {sizes, activation, low, high} for a network, {list: limit, most} for
// up to so many values, {code: most} for points drawn in the playground; none: null is allowed as well.

const inRange = ({ low, high, whole }, v) => typeof v === "number" && v >= low && v <= high && (!whole || Number.isInteger(v));

/** Is `value` allowed by `limit`? (A link may hold anything at all.) */
export function allowed(limit, value) {
  if (limit.none && value === null) return true;
  if (limit.list) return Array.isArray(value) && value.length <= limit.most && value.every((v) => allowed(limit.list, v));
  if (limit.code) return typeof value === "string" && value.length <= 5 * limit.code && /^([\w-]{4}[0-4])*$/.test(value);
  if (limit.each) { // a list of answers, null where there is none
    return Array.isArray(value) && value.length === limit.each.length &&
      value.every((v, i) => v === null || allowed(limit.each[i], v));
  }
  if (limit.row) { // points, as many as one likes up to a number
    return Array.isArray(value) && value.length <= limit.most && value.every((row) => Array.isArray(row) &&
      row.length === limit.row.length && row.every((v, i) => allowed(limit.row[i], v)));
  }
  if (limit.least) { // as many numbers as that or more; where there is a gap, increasing and no two closer
    return Array.isArray(value) && value.length >= limit.least && value.length <= limit.most &&
      value.every((v, i) => inRange(limit, v) && (i === 0 || !limit.gap || v - value[i - 1] >= limit.gap - 1e-9));
  }
  if (limit.sizes) return isNetwork(limit, value);
  if (limit.options) return limit.options.includes(value);
  if (limit.boolean) return typeof value === "boolean";
  if (limit.size) return Array.isArray(value) && value.length === limit.size && value.every((v) => inRange(limit, v));
  if (limit.shape) {
    return Array.isArray(value) && value.length === limit.shape[0] && value.every((row) => Array.isArray(row) &&
      row.length === limit.shape[1] && row.every((v) => inRange(limit, v)));
  }
  return inRange(limit, value);
}

/** Is it what `mlp.state()` gives in Python for a network of these sizes? */
function isNetwork({ sizes, activation, low, high }, value) {
  const lists = (list, limits) => Array.isArray(list) && list.length === limits.length && list.every((each, l) => allowed(limits[l], each));
  return typeof value === "object" && value !== null && Object.keys(value).sort().join() === "W,activation,b,sizes" &&
    value.activation === activation && JSON.stringify(value.sizes) === JSON.stringify(sizes) &&
    lists(value.W, sizes.slice(1).map((n, l) => ({ low, high, shape: [sizes[l], n] }))) &&
    lists(value.b, sizes.slice(1).map((size) => ({ low, high, size })));
}

/** The part of `wanted` that names a known key with an allowed value. */
export function accept(limits, wanted) {
  if (typeof wanted !== "object" || wanted === null) return {};
  return Object.fromEntries(Object.entries(wanted).filter(([k, v]) => Object.hasOwn(limits, k) && allowed(limits[k], v)));
}

/** What is played with, in the order of the Python class: a saved notebook sorts the keys of `limits`. */
export const played = (spec) => spec.arguments.filter((key) => Object.hasOwn(spec.limits, key));

/** A JSON value as a Python literal. Numbers read back exactly. */
export function python(value) {
  if (value === null) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  if (Array.isArray(value)) return `[${value.map(python).join(", ")}]`;
  if (typeof value === "object") return `{${Object.entries(value).map(([k, v]) => `${python(k)}: ${python(v)}`).join(", ")}}`;
  return typeof value === "string" ? JSON.stringify(value) : String(value);
}

/** mb.widgets.Name(w=[1, -0.5], ...): the call that builds the explorable as it stands. */
export const toPython = (name, state) =>
  `mb.widgets.${name}(${Object.entries(state).map(([k, v]) => `${k}=${python(v)}`).join(", ")})`;
