// What the tests ask of a page from inside, in Chromium and in Firefox alike. A script, not a module: it is evaluated.
globalThis.mbtest = {
  /** Resolves when test() is true, or after `most` ms: whether it came true. */
  until(test, most = 10000) {
    const end = performance.now() + most;
    return new Promise((resolve) => {
      const look = () => (test() ? resolve(true) : performance.now() > end ? resolve(false) : setTimeout(look, 10));
      look();
    });
  },

  /** Brings every mount into view, one after the other: [[id, state], ...] */
  async wake() {
    const mounts = [...document.querySelectorAll(".mb-mount, .mb-plotly")];
    for (const mount of mounts) {
      mount.scrollIntoView({ block: "center", behavior: "instant" });
      await this.until(() => ["ready", "failed"].includes(mount.dataset.state));
    }
    return mounts.map((mount, i) => [mount.id || `figure ${i + 1}`, mount.dataset.state ?? "untouched"]);
  },

  /** Pixels by which the document is wider than the window. */
  overflow: () => document.documentElement.scrollWidth - document.documentElement.clientWidth,

  /** Printed outputs with a line too long for the window, in folded solutions too. (A source shown as Markdown is a listing, and scrolls.) */
  wide() {
    for (const folded of document.querySelectorAll(".toggle-hidden")) folded.classList.remove("toggle-hidden");
    for (const folded of document.querySelectorAll("details")) folded.open = true;
    return [...document.querySelectorAll(".output pre")].filter((node) => node.scrollWidth > node.clientWidth).map((node) => node.textContent);
  },

  /** Ids that more than one part of our pictures has: the clip path or arrow of one would be taken for another's. */
  twice: () => [...document.querySelectorAll(".mb-mount [id], .mb [id]")].map(({ id }) => id).filter((id, i, all) => all.indexOf(id) < i),

  /** Elements with an empty ARIA attribute, which means nothing at all. */
  unsaid: () => [...document.querySelectorAll(".mb *")].filter((node) => [...node.attributes].some(({ name, value }) => name.startsWith("aria-") && !value))
    .map(({ outerHTML }) => outerHTML.slice(0, 100)),

  /** axe's findings on the document or a part of it, one entry an element. (preload off: file:// forbids reading style sheets.) */
  async violations(within = "html") {
    const found = await axe.run(within, { preload: false, resultTypes: ["violations"] });
    return found.violations.flatMap((rule) => rule.nodes.map((node) => {
      const target = node.target.join(" ");
      return { rule: rule.id, impact: rule.impact, target, classes: document.querySelector(target)?.className ?? "",
        html: node.html.slice(0, 160), why: node.failureSummary };
    }));
  },

  /** Everything inside `root` that Tab should reach, in the order of the page. */
  controls: (root) => [...root.querySelectorAll("[data-handle], input, select, button, textarea, a[href], summary")]
    .filter((node) => node.checkVisibility({ visibilityProperty: true })),

  /** What a control is called on screen. */
  nameOf: (node) => node.dataset.handle ?? (node.closest("label")?.querySelector("span") ?? node).textContent,

  /** What a reader sees: every picture, and every line of text beside it. (Ids are counted up page-wide: left out.) */
  seen: (root) => [...root.querySelectorAll("svg")].map((svg) => svg.outerHTML.replace(/mb-[a-z]+-\d+/g, "id")).join("\n")
    + [...root.querySelectorAll(".mb-readout")].map((p) => `\n${p.textContent}`).join(""),

  /** A point of the window that lies on `handle` and under nothing else. */
  grip(handle) {
    const box = handle.getBoundingClientRect();
    for (const v of [0.5, 0.4, 0.6, 0.25, 0.75, 0.1, 0.9]) {
      for (const u of [0.5, 0.4, 0.6, 0.25, 0.75, 0.1, 0.9]) {
        const [x, y] = [box.x + u * box.width, box.y + v * box.height];
        if (handle.contains(document.elementFromPoint(x, y))) return [x, y];
      }
    }
    return null;
  },
};
