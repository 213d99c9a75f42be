// What happens when a page of the book opens: first the explorables in sight, then the formulas, a few at a time.
// (MathJax would take all of them at once, and nothing could be clicked for seconds.)

import { start } from "./host.js";
import { run } from "./script.js";

const HERE = document.currentScript.src; // a classic script: currentScript is this one

// Sphinx's search fetches each page it found, to quote from it; from disk no page may be fetched, and the titles must do.
// @ts-ignore Sphinx's own constant, on every page
if (location.protocol === "file:") DOCUMENTATION_OPTIONS.SHOW_SEARCH_SUMMARY = false;

const A_FEW = 8;
const pause = (ms = 0) => new Promise((resolve) => setTimeout(resolve, ms));

async function typeset(document) {
  const MathJax = globalThis.MathJax;
  if (!MathJax?.startup?.promise) return; // a page without formulas
  await MathJax.startup.promise;
  const formulas = [...document.querySelectorAll(".math")];
  for (let i = 0; i < formulas.length; i += A_FEW) {
    await MathJax.typesetPromise(formulas.slice(i, i + A_FEW));
    await pause(); // lets the page answer a click
  }
}

/** Goes where the address points, once more: the page has grown since the browser went there. */
function settle(document) {
  const [, id] = /^#([\w.-]+)/.exec(location.hash) ?? [];
  if (id) document.getElementById(id)?.scrollIntoView({ block: location.hash.includes("=") ? "center" : "start", behavior: "instant" });
}

export async function open(document, modules) {
  let touched = false; // whoever scrolls in the meantime is left alone
  for (const type of ["wheel", "touchmove", "keydown", "pointerdown"]) {
    addEventListener(type, () => (touched = true), { once: true, passive: true });
  }
  const { first } = start(document, modules, (id) => run(document, new URL(`${id}.js`, HERE).href));
  settle(document);
  await Promise.race([first, pause(1000)]);
  await typeset(document);
  if (!touched) settle(document);
  document.documentElement.dataset.mlpbook = "ready";
}
