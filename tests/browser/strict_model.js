// The least an explorable may count on: a model that knows five methods and forgives nothing.
//
//   const strict = strictModel({w: [1, 2], _spec: {...}});
//   widget.render(strict.context(el));        // ... drive it ...
//   strict.fromPython({w: [0, 0]});            // what a kernel would send
//   strict.log                                 // {sets: [[key, value]], saves: [time, ...]}
//   strict.listening()                         // [] once it has been cleaned up

/** Throws unless value is what JSON can carry: no NaN, no Infinity, no undefined, no class instances, no cycles. */
export function clean(value, where = "value") {
  if (value === null || typeof value === "string" || typeof value === "boolean") return;
  if (typeof value === "number") {
    if (!Number.isFinite(value)) throw new TypeError(`${where} is ${value}`);
    return;
  }
  if (typeof value !== "object") throw new TypeError(`${where} is a ${typeof value}`);
  const kind = Object.getPrototypeOf(value);
  if (kind !== Object.prototype && kind !== Array.prototype) throw new TypeError(`${where} is a ${kind?.constructor?.name}`);
  for (const [key, part] of Object.entries(value)) clean(part, `${where}.${key}`);
}

const freeze = (value) => {
  if (typeof value === "object" && value !== null) Object.values(value).forEach(freeze), Object.freeze(value);
  return value;
};
const copy = (value) => freeze(JSON.parse(JSON.stringify(value)));
const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);

/** A thing with these properties only: any other throws, but for those in `optional`, which may be asked about. */
function only(what, parts, optional = []) {
  const check = (key) => {
    if (!(key in parts) && !optional.includes(key)) throw new TypeError(`${what} has no ${String(key)}`);
  };
  return new Proxy(Object.freeze(parts), {
    get: (_, key) => (check(key), parts[key]),
    has: (_, key) => (check(key), key in parts),
    set: (_, key) => { throw new TypeError(`${what}.${String(key)} was assigned`); },
    ownKeys: () => { throw new TypeError(`${what} was enumerated`); },
  });
}

export function strictModel(state) {
  const traits = {};
  for (const [key, value] of Object.entries(state)) clean(value, key), (traits[key] = copy(value));
  const listeners = new Map(); // event -> callbacks, in order
  const log = { sets: [], saves: [] };
  const known = (key) => {
    if (typeof key !== "string" || !Object.hasOwn(traits, key)) throw new RangeError(`no trait ${String(key)}`);
  };
  const fire = (event, ...args) => [...(listeners.get(event) ?? [])].forEach((callback) => callback(...args));
  const put = (key, value) => {
    if (same(traits[key], value)) return false;
    traits[key] = copy(value);
    return true;
  };
  const model = only("model", {
    get(key) {
      known(key);
      return traits[key]; // frozen: who writes into it, throws
    },
    set(key, value) {
      known(key);
      clean(value, key);
      if (key.startsWith("_")) throw new RangeError(`${key} is Python's to set`);
      log.sets.push([key, copy(value)]);
      if (put(key, value)) fire(`change:${key}`), fire("change");
    },
    save_changes() {
      log.saves.push(performance.now());
    },
    on(event, callback) {
      if (event !== "msg:custom" && event !== "change") known(event.replace(/^change:/, ""));
      if (typeof callback !== "function") throw new TypeError(`on(${event}) without a function`);
      listeners.set(event, [...(listeners.get(event) ?? []), callback]);
    },
    off(event, callback) {
      const at = listeners.get(event)?.indexOf(callback) ?? -1;
      if (at < 0) throw new RangeError(`off(${event}) for a callback that is not on`);
      listeners.set(event, listeners.get(event).toSpliced(at, 1));
    },
  }, ["share"]);
  return {
    model, log,
    /** What render gets: anywidget 0.9 gives these two and no signal. */
    context: (el) => only("render's argument", { model, el }, ["signal"]),
    /** Values from the kernel: all are in place before the first event fires. */
    fromPython(patch) {
      const changed = Object.keys(patch).filter((key) => (known(key), put(key, patch[key])));
      changed.forEach((key) => fire(`change:${key}`));
      if (changed.length) fire("change");
    },
    listening: () => [...listeners].filter(([, all]) => all.length).map(([event]) => event),
    state: () => JSON.parse(JSON.stringify(traits)),
  };
}
