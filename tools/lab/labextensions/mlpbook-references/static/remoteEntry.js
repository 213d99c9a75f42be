// jupyterlab-myst reads one notebook. It marks as missing what a chapter says of its figures (their names are in the cells'
// metadata), of other chapters and of the bibliography, and its links to other chapters leave JupyterLab for a raw file.
// Here those references are given their names, figures their captions, and those links open in JupyterLab. Plain JavaScript,
// nothing to build: the last lines are what JupyterLab asks of a ready-made extension.
(() => {
  const ACCENTS = { "'": "\u0301", "`": "\u0300", "^": "\u0302", '"': "\u0308", "~": "\u0303", c: "\u0327", k: "\u0328" };
  const unaccented = (text) => text.replace(/\{\\(['`^"~ck])\s*\{?(\w)\}?\}/g, (_, mark, letter) => (letter + ACCENTS[mark]).normalize("NFC"))
    .replace(/[{}]/g, "");

  /** {key: ["McCulloch and Pitts", "1943"]} of a BibTeX file. */
  function cited(bibtex) {
    const found = {};
    for (const [, key, entry] of bibtex.matchAll(/^@\w+\{([\w-]+),(.*?)^\}/gms)) {
      const field = (name) => entry.match(new RegExp(`^\\s*${name}\\s*=\\s*\\{(.*)\\},?\\s*$`, "m"))?.[1] ?? "";
      const names = field("author").split(/\s+and\s+/).map((name) => unaccented(name.startsWith("{") ? name : name.split(",")[0]));
      found[key] = [names.length > 2 ? `${names[0]} et al.` : names.join(" and "), field("year")];
    }
    return found;
  }

  /** {label: "Theorem 2"} of a notebook, counted as jupyterlab-myst counts; and its title. */
  function labelled({ cells }) {
    const [labels, counts] = [{}, {}];
    const count = (kind) => `${kind} ${(counts[kind] = (counts[kind] ?? 0) + 1)}`;
    let title = "";
    for (const { cell_type: type, source, metadata } of cells) {
      const text = [source].flat().join("");
      const figure = metadata.mystnb?.figure?.name;
      if (figure) labels[figure] = count("Figure");
      if (type !== "markdown") continue;
      title ||= text.match(/^# +(.+)/m)?.[1] ?? "";
      for (const [, kind, options] of text.matchAll(/^:::+\{(?:prf:)?(theorem|definition|exercise)\}.*\n((?::[\w-]+:.*\n)*)/gm)) {
        const name = count(kind[0].toUpperCase() + kind.slice(1));
        const label = options.match(/^:label: *([\w-]+)/m)?.[1];
        if (label) labels[label] = name;
      }
      for (const [, label, heading] of text.matchAll(/^\(([\w-]+)\)=\s*\n+#+ +(.+)/gm)) labels[label] = `“${heading}”`;
    }
    return { labels, title };
  }

  function activate({ commands, serviceManager, shell }) {
    const { contents, serverSettings } = serviceManager;
    const read = {};  // path: a promise of what is found there; each is read once
    const folder = (path) => path.slice(0, Math.max(0, path.lastIndexOf("/")));
    const beside = (path, file) => (folder(path) ? `${folder(path)}/${file}` : file);
    const bibliography = (path) => (read[path] ??= contents.get(path).then(({ content }) => cited(content), () => ({})));
    const chapter = (path) => (read[path] ??= contents.get(path).then(({ content }) => labelled(content)));
    const chapters = (path) => (read[`${path}/`] ??= contents.get(path).then(({ content }) =>
      Promise.all(content.filter(({ type }) => type === "notebook").map((each) => chapter(each.path)))));

    async function name(node, here) {
      const label = node.textContent.trim();
      if (node.title.startsWith("Citation")) {
        const [authors, year] = (await bibliography(beside(here, "references.bib")))[label] ?? [];
        return authors && (node.closest(".narrative") ? `${authors} (${year})` : `${authors}, ${year}`);
      }
      const own = (await chapter(here)).labels[label];
      if (own) return own;
      const other = (await chapters(folder(here))).find(({ labels }) => labels[label]);
      return other && `${other.labels[label]} in “${other.title}”`;
    }

    const MISSING = ".myst [title='Cross Reference Not Found'], .myst [title='Citation Not Found']";
    async function look() {
      const here = shell.currentWidget?.context?.path;
      if (!here?.endsWith(".ipynb")) return;
      for (const node of document.querySelectorAll(MISSING)) {
        const known = await name(node, here);
        if (!known || !node.isConnected) continue;
        node.querySelector("svg").style.display = "none";
        node.lastChild.nodeValue = known;  // the text itself is kept, since React holds it
        node.removeAttribute("title");
        node.className = "";
      }
    }

    /** Below each figure its caption, which is in the cell's metadata. */
    async function caption() {
      const { content, context } = shell.currentWidget ?? {};
      if (!context?.path.endsWith(".ipynb")) return;
      for (const cell of content.widgets) {
        const figure = cell.model.getMetadata("mystnb")?.figure;
        if (!figure?.name || cell.node.querySelector(".mlpbook-caption")) continue;
        const shown = content.rendermime.createRenderer("text/markdown");
        shown.addClass("mlpbook-caption");
        Object.assign(shown.node.style, { boxSizing: "border-box",
          paddingLeft: "calc(var(--jp-cell-collapser-width) + var(--jp-cell-prompt-width))" });
        cell.layout.addWidget(shown);
        const number = (await chapter(context.path)).labels[figure.name];
        shown.renderModel(content.rendermime.createModel({ data: { "text/markdown": `**${number}** ${figure.caption ?? ""}` } }));
      }
    }

    let due = null;
    new MutationObserver(() => { due ??= setTimeout(() => { due = null; look(); caption(); }, 100); })
      .observe(document.body, { childList: true, subtree: true });

    document.addEventListener("click", (event) => {
      const link = event.target.closest?.(".myst a[href]");
      const [, path] = link?.href.split(/[?#]/)[0].split(`${serverSettings.baseUrl}files/`) ?? [];
      if (!path || !/\.(ipynb|md)$/.test(path)) return;
      event.preventDefault();
      event.stopPropagation();
      commands.execute("docmanager:open", { path: decodeURIComponent(path), ...(path.endsWith(".md") && { factory: "Markdown Preview" }) });
    }, true);
  }

  const plugin = { id: "mlpbook-references:plugin", autoStart: true, activate };
  (globalThis._JUPYTERLAB ??= {})["mlpbook-references"] = { init() {}, get: async () => () => ({ __esModule: true, default: plugin }) };
})();
