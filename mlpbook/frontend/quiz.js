// Quiz: questions that answer back. A pick counts when it is checked, so that arrow keys can pass over the choices.

import { h, set, uid } from "./dom.js";
import { explorable } from "./explorable.js";

/** {right, why}: what is to be said to an answer; null where there is none. */
export function verdict(question, answer) {
  if (answer === null || answer === undefined) return null;
  if (question.choices) {
    const choice = question.choices[answer];
    return choice ? { right: choice[1], why: choice[2] } : null;
  }
  // 0.605 is within 0.005 of 0.6, rounding or not
  const near = question.numbers.find(([value]) => Math.abs(answer - value) <= question.within * (1 + 1e-9));
  return near ? { right: near[1], why: near[2] } : { right: false, why: question.otherwise };
}

/** "−0,5", "3/4", "1e-3" -> a number; null for anything else. */
export function readNumber(text) {
  const parts = text.replace(/\s/g, "").replace(/[−–]/g, "-").replaceAll(",", ".").split("/");
  if (parts.length > 2 || !parts.every((part) => /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(part))) return null;
  const value = parts.length === 2 ? Number(parts[0]) / Number(parts[1]) : Number(parts[0]);
  return Math.abs(value) <= 1e12 ? value : null; // NaN compares as false
}

/** Radio buttons: {elements, pick, show, complain}. pick() is the index chosen or null; show(answer) chooses one. */
function choices(question, asked) {
  const name = uid("choice");
  const inputs = question.choices.map(() => h("input", { type: "radio", name, required: true }));
  const rows = question.choices.map(([text], i) => h("label", { class: "mb-choice" }, inputs[i], h("span", {}, text)));
  return {
    elements: [h("fieldset", {}, h("legend", { class: "mb-ask" }, asked), ...rows)],
    pick: () => (inputs.some((input) => input.checked) ? inputs.findIndex((input) => input.checked) : null),
    show: (answer) => inputs.forEach((input, i) => (input.checked = i === answer)),
    complain() {}, // the browser does, as one of them is required
  };
}

/** A field for a number, in the same form. (No inputmode: the decimal keyboards of some phones have no minus.) */
function field(_, asked) {
  const input = h("input", { type: "text", autocomplete: "off", required: true, size: 8 });
  input.addEventListener("input", () => input.setCustomValidity(""));
  return {
    elements: [h("label", { class: "mb-ask" }, h("span", {}, asked), " ", input)],
    pick: () => readNumber(input.value),
    show(answer) { // what says the same number in other signs stays as it was typed
      if (answer === null || answer !== readNumber(input.value)) input.value = answer === null ? "" : String(answer).replace("-", "−");
      input.setCustomValidity("");
    },
    complain() {
      input.setCustomValidity("A number is asked for, such as −0.5 or 3/4.");
      input.reportValidity();
    },
  };
}

export default explorable(({ get, change, spec }) => {
  const questions = get("questions");
  const answer = (i) => get("answers")[i] ?? null;
  let checked = null; // the question checked last

  const blocks = questions.map((question, i) => {
    const asked = questions.length > 1 ? `${i + 1}. ${question.ask}` : question.ask;
    const { elements, pick, show, complain } = (question.choices ? choices : field)(question, asked);
    const feedback = h("p");
    const check = h("button", { type: "submit", "aria-label": `Check answer ${i + 1}` }, "Check");
    const form = h("form", {}, ...elements, check, feedback);
    let drawn = null;
    const mark = () => {
      const found = pick() === answer(i) ? verdict(question, answer(i)) : null; // another pick, not checked yet
      set(feedback, { hidden: found === null, class: `mb-readout mb-feedback${found?.right ? " mb-right" : ""}` });
      feedback.textContent = found ? `${found.right ? "✓ Right." : "✗ Not right."} ${found.why}` : "";
    };
    form.addEventListener("input", mark);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (pick() === null) return complain();
      checked = i;
      change({ answers: questions.map((_, k) => (k === i ? pick() : answer(k))) });
    });
    return {
      form,
      draw() {
        if (drawn !== answer(i)) show(answer(i)); // what is picked elsewhere and not checked stays
        drawn = answer(i);
        mark();
      },
      reset() {
        show(answer(i)); // also where only a pick went, which no trait knew of
        mark();
      },
    };
  });
  const tally = h("p", { class: "mb-readout mb-tally" });
  const count = () => {
    const right = questions.filter((question, i) => verdict(question, answer(i))?.right).length;
    return `${right} of ${questions.length} right.`;
  };

  return {
    picture: h("div", { class: "mb-quiz" }, h("p", { class: "mb-title" }, spec.title), ...blocks.map(({ form }) => form), tally),
    draw() {
      blocks.forEach((block) => block.draw());
      tally.textContent = count();
    },
    reset() {
      checked = null;
      blocks.forEach((block) => block.reset());
    },
    describe: () => "", // there is no picture to put into words
    say() {
      const found = checked === null ? null : verdict(questions[checked], answer(checked));
      return found ? `${found.right ? "Right" : "Not right"}. ${found.why} ${count()}` : count();
    },
  };
});
