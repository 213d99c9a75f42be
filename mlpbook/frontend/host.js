// The book's stand-in for a Jupyter kernel: gives each explorable a model and mounts it when it comes near.
// It behaves as Jupyter's own models do; tests/frontend/conformance.js is run on both.

import { accept } from "./state.js";

const clone = (value) => JSON.parse(JSON.stringify(value)); // what reaches Python is JSON, so here too
const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);

/** The part of anywidget's model that an explorable may use. */
export class Model {
  #state;
  #listeners = new Map();

  constructor(state) {
    this.#state = clone(state);
  }

  get(key) {
    return this.#state[key];
  }

  /** set(key, value) or set({key: value}): fires change:key for each value that differs, then change once. */
  set(key, value) {
    const patch = typeof key === "string" ? { [key]: value } : key;
    const changed = Object.keys(patch).filter((k) => !same(this.#state[k], patch[k]));
    for (const k of changed) this.#state[k] = clone(patch[k]);
    for (const k of changed) this.#fire(`change:${k}`, this, this.#state[k]);
    if (changed.length) this.#fire("change", this);
  }

  save_changes() {} // there is no kernel to tell

  on(names, callback) {
    for (const name of names.split(/\s+/)) {
      this.#listeners.set(name, [...(this.#listeners.get(name) ?? []), callback]);
    }
  }

  /** off(): all; off(name): all of that event; off(name, callback): that one. */
  off(names, callback) {
    for (const name of names ? names.split(/\s+/) : [...this.#listeners.keys()]) {
      const left = callback ? (this.#listeners.get(name) ?? []).filter((f) => f !== callback) : [];
      this.#listeners.set(name, left);
    }
  }

  #fire(name, ...args) {
    for (const callback of this.#listeners.get(name) ?? []) callback(...args);
  }
}

/** Keeps trait `target[1]` of model target[0] equal to `source[1]` of source[0]; both ways if asked (jslink). */
export function link(source, target, bothWays) {
  const follow = ([from, key], [to, as]) => from.on(`change:${key}`, () => to.set(as, from.get(key)));
  follow(source, target);
  if (bothWays) follow(target, source);
  target[0].set(target[1], source[0].get(source[1]));
}

/** "#NeuronExplorer-1=..." -> ["NeuronExplorer-1", {...}]; null where the address holds no state. */
export function readHash(hash) {
  const match = /^#([\w-]+)=(.*)$/.exec(hash);
  if (!match) return null;
  try {
    return [match[1], JSON.parse(decodeURIComponent(match[2]))];
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof URIError) return null; // a mangled link opens the page as it is
    throw error;
  }
}

/** Finds every mount on the page and brings it to life: {models, first}, the promise of the first and of those in sight.
 * `modules`: id -> {esm, css}, where script files register; fetchModule(id) has one registered that
 * did not come with the page. */
export function start(document, modules, fetchModule) {
  const models = new Map();
  const imports = new Map();
  const mounts = [...document.querySelectorAll(".mb-mount")];

  for (const mount of mounts) {
    mount.mb = JSON.parse(mount.querySelector("script").textContent);
    const { model: id, state } = mount.mb;
    if (!models.has(id)) models.set(id, new Model(state));
    const model = models.get(id);
    // Sharing is the page's affair, not the model's: it needs an address.
    if (state._spec) {
      model.share ??= (shared) => {
        history.replaceState(null, "", `#${mount.id}=${encodeURIComponent(JSON.stringify(shared))}`);
        return location.href;
      };
    }
  }
  const linked = new Set();
  for (const { mb } of mounts) {
    if (linked.has(mb.model)) continue; // a second view of the same model
    linked.add(mb.model);
    for (const { source, target, both } of mb.links) {
      if (models.has(target[0])) link([models.get(source[0]), source[1]], [models.get(target[0]), target[1]], both);
    }
  }
  // The state in the address comes last, so that it wins over what links set.
  const follow = () => {
    const [id, state] = readHash(location.hash) ?? [];
    const model = models.get(document.getElementById(id)?.mb?.model);
    if (model) model.set(accept(model.get("_spec")?.limits ?? {}, state));
  };
  follow();
  addEventListener("hashchange", follow); // a shared link opened while its page is already open

  const bring = async (id) => {
    if (!modules[id]) await fetchModule(id);
    const { esm, css } = modules[id];
    if (css) document.head.append(Object.assign(document.createElement("style"), { textContent: css }));
    return import(URL.createObjectURL(new Blob([esm], { type: "text/javascript" })));
  };
  const load = (id) => {
    if (!imports.has(id)) imports.set(id, bring(id));
    return imports.get(id);
  };

  const mountOne = async (mount) => {
    if (mount.dataset.state) return;
    mount.dataset.state = "loading";
    try {
      const module = await load(mount.mb.module);
      const widget = typeof module.default === "function" ? await module.default() : module.default;
      const model = models.get(mount.mb.model);
      await widget.initialize?.({ model });
      const el = document.createElement("div");
      await widget.render({ model, el });
      mount.querySelector(".mb-fallback")?.remove();
      mount.append(el);
      mount.dataset.state = "ready";
    } catch (error) {
      mount.dataset.state = "failed"; // the description in words stays on the page
      reportError(error);
    }
  };

  const near = new IntersectionObserver((entries) => {
    for (const entry of entries) if (entry.isIntersecting) near.unobserve(entry.target), mountOne(entry.target);
  }, { rootMargin: "600px" });
  mounts.forEach((mount) => near.observe(mount));
  addEventListener("beforeprint", () => mounts.forEach(mountOne));
  // The first, and what is in sight, start at once, without waiting for the browser's next frame.
  const inSight = ({ top, bottom }) => top < innerHeight + 600 && bottom > -600;
  const first = mounts.filter((mount, i) => i === 0 || inSight(mount.getBoundingClientRect())).map(mountOne);
  return { models, first: Promise.all(first) };
}
