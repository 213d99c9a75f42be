// What tools/pdf.py asks of a page of the book, from inside. A script, not a module: it is evaluated.
globalThis.mbpdf = {
  /** Resolves as soon as test() is true; rejects after ten minutes, which are many even on a busy machine. */
  until(test) {
    const end = performance.now() + 600_000;
    return new Promise((resolve, reject) => {
      const look = () => (test() ? resolve() : performance.now() > end ? reject(new Error(`never came: ${test}`)) : setTimeout(look, 20));
      look();
    });
  },

  /** Waits until every formula and picture stands, and makes of the page what paper can show of it: {html, glyphs, styles, headings}.
   * name: of the page, which all its ids get in front; pages: the names of all that the book is made of; address: of the
   * live book, or "". */
  async settle(name, pages, address) {
    const article = document.querySelector("article.bd-article");
    dispatchEvent(new Event("beforeprint")); // explorables mount, folded boxes open
    await this.until(() => document.documentElement.dataset.mlpbook === "ready");
    for (const mount of article.querySelectorAll(".mb-mount, .mb-plotly")) {
      mount.scrollIntoView({ block: "center", behavior: "instant" });
      await this.until(() => ["ready", "failed"].includes(mount.dataset.state));
      if (mount.dataset.state === "failed") throw new Error(`${mount.id || mount.ariaLabel} did not start`);
    }
    await document.fonts.ready;
    for (const figure of article.querySelectorAll(".mb-plotly")) await this.still(figure);
    for (const canvas of article.querySelectorAll("canvas")) this.picture(canvas);
    const page = `${address && `${address}/book/`}${name}.html`;
    for (const mount of article.querySelectorAll(".mb-mount")) mount.append(this.alive("To be played with on", page, `#${mount.id}`));
    article.querySelector("h1").after(this.alive("Alive on", page, ""));
    const glyphs = {};
    for (const { typesetRoot, math } of globalThis.MathJax?.startup?.document?.math ?? []) this.formula(typesetRoot, math, glyphs);
    const plain = [...article.querySelectorAll("pre span")].filter(this.plain); // all looked at before the first goes
    for (const token of plain) token.replaceWith(...token.childNodes);
    this.solutions(article);
    for (const details of article.querySelectorAll("details")) details.open = true;
    for (const node of article.querySelectorAll("script, button, .headerlink, .mb-film, .mb-fallback")) node.remove();
    this.rename(article, name, pages, address);
    const headings = [...article.querySelectorAll("h1, h2")].map((node) => [node.tagName, node.closest("[id]").id, node.innerHTML]);
    for (const heading of article.querySelectorAll("section[id] > :is(h1, h2, h3, h4)")) this.arrive(heading);
    const styles = [...document.querySelectorAll("head style")].map((style) => style.textContent);
    return { html: article.innerHTML, glyphs, styles, headings };
  },

  /** Links to a section lead to its heading: the section may begin at the foot of one page, and its heading on the next. */
  arrive(heading) {
    const section = heading.parentNode;
    while (heading.previousElementSibling) heading.prepend(heading.previousElementSibling); // its labels
    heading.id = section.id;
    section.removeAttribute("id");
  },

  /** What stands out of the page on which the book is to be printed, the outermost only. */
  wide() {
    const right = document.documentElement.clientWidth + 1;
    const out = [...document.querySelectorAll("article :not(svg *)")].filter((node) => {
      const box = node.getBoundingClientRect();
      return box.width && (box.right > right || box.left < -1);
    });
    return out.filter((node) => !out.includes(node.parentNode))
      .map((node) => `${node.closest("article").id}: ${node.outerHTML.slice(0, 100)}`);
  },

  /** A plotly figure as pictures: as it stands, or of a film four frames from the first to the last. */
  async still(mount) {
    const figure = mount.querySelector(".js-plotly-plot"), scrubber = mount.querySelector(".mb-film input");
    const last = scrubber ? Number(scrubber.max) : 0;
    const frames = document.createElement("div");
    frames.className = "mb-book-frames";
    for (const k of last ? [0, 1, 2, 3].map((i) => Math.round((i * last) / 3)) : [0]) {
      if (k) {
        const turned = new Promise((resolve) => figure.once("plotly_animated", resolve));
        scrubber.value = k;
        scrubber.dispatchEvent(new Event("input"));
        await turned;
      }
      const [width, height] = ["width", "height"].map((key) => figure._fullLayout[key] * (last ? 0.7 : 1)); // letters stay legible
      const image = Object.assign(new Image(), { alt: mount.ariaLabel });
      image.src = await globalThis.Plotly.toImage(figure, { format: "svg", width, height });
      const frame = document.createElement("div");
      frame.append(image, mount.querySelector(".mb-film-now")?.cloneNode(true) ?? "");
      frames.append(frame);
    }
    mount.replaceChildren(frames);
  },

  /** What was painted is no part of the markup; as a background it is. */
  picture(canvas) {
    canvas.style.background = `url(${canvas.toDataURL()}) 0 0 / 100% 100%`;
  },

  /** A line that says where this is alive: the address with a link, or the name of the page. */
  alive(words, page, hash) {
    const link = document.createElement(page.includes("://") ? "a" : "span");
    link.textContent = page;
    if (link.tagName === "A") link.href = page + hash;
    const line = document.createElement("p");
    line.className = "mb-book-alive";
    line.append(`${words} `, link);
    return line;
  },

  /** A formula is read out as it was written, and draws its letters from those of the whole book. */
  formula(root, tex, glyphs) {
    const svg = root.querySelector("svg");
    root.querySelector("mjx-assistive-mml")?.remove();
    svg.removeAttribute("aria-hidden");
    svg.setAttribute("role", "img");
    svg.setAttribute("aria-label", tex.trim());
    const shared = (id) => id.replace(/^(#?MJX)-\d+/, "$1");
    for (const path of root.querySelectorAll("defs path")) glyphs[shared(path.id)] = path.getAttribute("d");
    for (const use of root.querySelectorAll("use")) use.setAttribute("href", shared(use.getAttribute("xlink:href"))), use.removeAttribute("xlink:href");
    for (const defs of root.querySelectorAll("defs")) defs.remove();
  },

  /** Does a token of a listing look like its surroundings? Then it needs no element of its own. */
  plain(token) {
    const [own, around] = [token, token.parentNode].map((node) => getComputedStyle(node));
    return !token.id && own.backgroundColor === "rgba(0, 0, 0, 0)"
      && ["color", "fontWeight", "fontStyle"].every((key) => own[key] === around[key]);
  },

  /** Solutions stand at the end of the chapter, each a link away from its exercise. */
  solutions(article) {
    const found = [...article.querySelectorAll("div.solution")];
    if (!found.length) return;
    const section = document.createElement("section");
    section.id = "solutions";
    section.append(Object.assign(document.createElement("h2"), { textContent: "Solutions" }));
    for (const solution of found) {
      const link = Object.assign(document.createElement("a"), { textContent: "Its solution is at the end of the chapter" });
      link.href = `#${solution.id}`;
      const line = Object.assign(document.createElement("p"), { className: "mb-book-alive" });
      line.append(link);
      solution.replaceWith(line);
      section.append(solution);
    }
    article.querySelector("section").append(section);
  },

  /** Puts `name` before every id of the page, and lets links point to where their target will be. */
  rename(article, name, pages, address) {
    const own = (id) => `${name}.${id}`;
    for (const node of article.querySelectorAll("*")) {
      for (const { name: key, value } of [...node.attributes]) {
        if (key.endsWith("href") && value.startsWith("#MJX-")) continue; // letters belong to the whole book
        if (key === "id") node.id = own(value);
        else if (/^(for|aria-(labelledby|describedby|controls))$/.test(key)) node.setAttribute(key, value.split(/\s+/).map(own).join(" "));
        else if (key.endsWith("href") && value.startsWith("#")) node.setAttribute(key, `#${own(value.slice(1))}`);
        else if (key === "href" && !/^\w+:/.test(value)) this.lead(node, value, pages, address);
        else if (value.includes("url(")) node.setAttribute(key, value.replace(/url\("?#([^")]+)"?\)/g, (_, id) => `url(#${own(id)})`));
      }
    }
  },

  /** A link to another page leads there inside the book; to what is not in it, to the live one, or nowhere. */
  lead(link, value, pages, address) {
    const [, page, id] = /^(?:.*\/)?([\w-]+)\.html(?:#(.*))?$/.exec(value) ?? [];
    if (pages.includes(page)) link.setAttribute("href", `#${page}${id ? `.${id}` : ""}`);
    else if (address) link.href = new URL(value, `${address}/book/`).href;
    else link.removeAttribute("href");
  },
};
