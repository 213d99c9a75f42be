// What an explorable may count on from its model, whoever provides it: our static host, a strict fake, Jupyter.
// Runs on a model whose traits are number = 1, list = [1, 2] and text = "a"; returns [{name, problem}], problem null
// if kept. A strict fake is asked for the first list only: it exists to refuse the second.

/** Counts the calls of a listener while `act` runs. */
function heard(model, event, act) {
  let calls = 0;
  const listener = () => calls++;
  model.on(event, listener);
  act();
  model.off(event, listener);
  return calls;
}

/** What every model keeps; an explorable may count on no more. */
const promises = {
  "get reads the starting values": (m) =>
    m.get("number") === 1 && JSON.stringify(m.get("list")) === "[1,2]" && m.get("text") === "a",
  "set is seen by get at once": (m) => (m.set("number", 5), m.get("number") === 5),
  "set fires change:key once": (m) => heard(m, "change:number", () => m.set("number", 6)) === 1,
  "set of an equal number fires nothing": (m) => heard(m, "change:number", () => m.set("number", m.get("number"))) === 0,
  "set of an equal list, another object, fires nothing": (m) => {
    m.set("list", [3, [4]]);
    return heard(m, "change:list", () => m.set("list", [3, [4]])) === 0;
  },
  "set of a list that differs inside fires": (m) => heard(m, "change:list", () => m.set("list", [3, [5]])) === 1,
  "set of one name does not fire another's event": (m) => heard(m, "change:text", () => m.set("number", 7)) === 0,
  "set fires change once as well": (m) => heard(m, "change", () => m.set("number", 8)) === 1,
  "the new value is in place when the event fires": (m) => {
    let seen = null;
    const listener = () => (seen = m.get("number"));
    m.on("change:number", listener);
    m.set("number", 9);
    m.off("change:number", listener);
    return seen === 9;
  },
  "off removes that listener and no other": (m) => {
    const calls = [0, 0];
    const listeners = [() => calls[0]++, () => calls[1]++];
    listeners.forEach((listener) => m.on("change:number", listener));
    m.off("change:number", listeners[0]);
    m.set("number", 12);
    m.off("change:number", listeners[1]);
    m.set("number", 13);
    return calls[0] === 0 && calls[1] === 1;
  },
  "a listener may set another trait": (m) => {
    const listener = () => m.set("text", `n${m.get("number")}`);
    m.on("change:number", listener);
    m.set("number", 14);
    m.off("change:number", listener);
    return m.get("text") === "n14";
  },
  "save_changes may be called at any time": (m) => (m.save_changes(), m.save_changes(), m.get("number") === 14),
};

/** What Jupyter's models allow besides, and so must ours: a reader's own anywidget in a chapter may use it. */
const liberties = {
  "get of an unknown name is undefined": (m) => m.get("nothing") === undefined,
  "on takes several events, separated by spaces": (m) => {
    let calls = 0;
    const listener = () => calls++;
    m.on("change:number change:text", listener);
    m.set("number", 10);
    m.set("text", "b");
    m.off("change:number change:text", listener);
    m.set("number", 11);
    return calls === 2;
  },
};

export default function conformance({ model, strict = false }) {
  return Object.entries(strict ? promises : { ...promises, ...liberties }).map(([name, kept]) => {
    try {
      return { name, problem: kept(model) ? null : "not kept" };
    } catch (error) {
      return { name, problem: String(error) };
    }
  });
}
