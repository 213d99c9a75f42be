// PerceptronExplorer in words: where the rule has got to, what it did last, and how many mistakes there can be. No DOM here.

import { num } from "./dom.js";
import { updates, widest } from "./margin.js";
import { classesOf, learner, right, score, tilde } from "./rosenblatt.js";

export const counted = (n, word, words = `${word}s`) => `${n} ${n === 1 ? word : words}`;
export const place = (v) => `(${num(v[0])}, ${num(v[1])})`;

/** The widest margin of points, as widest() gives it; null where nothing separates them. */
export const margin = (points) => widest(updates(points.map(tilde), points.map((point) => point[2]), classesOf(points)));

/** Of a run stopped after `step` samples: the last visit (null before the first), the weights, how many samples and mistakes. */
export function stopped(run, points, step) {
  const { visits, converged } = run.upTo(step);
  const met = Math.min(step, visits.length);
  const last = met ? visits[met - 1] : null;
  const k = classesOf(points);
  return { last, met, mistakes: last?.mistakes ?? 0, converged: converged && met === visits.length,
    weights: last ? last.after : Array.from({ length: k === 2 ? 1 : k }, () => [0, 0, 0]) };
}

/** What happened to the sample met last. */
function lastly({ index, changes, before }, points) {
  const [x, label] = [tilde(points[index]), points[index][2]];
  const scores = before.map((w) => score(w, x));
  const met = `Last it met point ${index + 1} of class ${label} at ${place(x.slice(1))}: `;
  const told = scores.length === 1 ? `z = ${num(scores[0])}` : `scores ${scores.map((z) => num(z)).join(", ")}`;
  if (!changes.length) return `${met}${told}, which is right, so nothing changed.`;
  const [rival] = changes.at(-1);
  const tie = scores.length === 1 ? scores[0] === 0 : scores[label] === scores[rival];
  const done = scores.length === 1 ? `(1, x) was ${label ? "added to" : "subtracted from"} (b, w)`
    : `(1, x) was added to class ${label}'s weights and subtracted from class ${rival}'s`;
  return `${met}${told}, ${tie ? "a tie, which counts as a mistake" : "a mistake"}, so ${done}.`;
}

function bounded(found, many) {
  if (!found) return `No bound: no ${many ? "weights separate these classes" : "line separates these points"}, so the mistakes never end.`;
  const [R, ratio] = many ? [found.longest / Math.SQRT2, "(√2 R/γ)²"] : [found.longest, "(R/γ)²"];
  return `No order of the samples can lead to more than ${counted(mostMistakes(found), "mistake")}: ${ratio} = ` +
    `${num((found.longest / found.gamma) ** 2, 1)}, with R = ${num(R)} and the widest margin γ = ${num(found.gamma, 3)}.`;
}

/** (R / gamma)^2 in whole mistakes; 9 where rounding made it 8.999... */
export const mostMistakes = ({ longest, gamma }) => Math.floor((longest / gamma) ** 2 * (1 + 1e-9));

/** What there is to say, sentence by sentence. */
export function sentences({ points, seed, most }, now, found) {
  const many = classesOf(points) > 2;
  const { last, met, mistakes, converged, weights } = now;
  const order = seed === null ? "in their order" : `in a new random order each pass (seed ${seed})`;
  const task = `A perceptron learns ${counted(points.length, "point")} of ${many ? "three" : "two"} classes, met ${order}.`;
  const status = !last ? "The rule has met no sample yet, and all weights are 0."
    : converged ? `After ${counted(met, "sample")}, ${counted(last.pass, "pass", "passes")} and ${counted(mistakes, "mistake")} ` +
      "the rule has converged: the last pass was without a mistake."
      : `After ${counted(met, "sample")}, in pass ${last.pass}, the rule has made ${counted(mistakes, "mistake")}.` +
        (met === most ? " The picture goes no further." : "");
  const [w] = weights;
  const told = weights.length === 1 ? `Now b = ${num(w[0])} and w = ${place(w.slice(1))}.`
    : `Now ${weights.map((each, c) => `class ${c} has b = ${num(each[0])} and w = ${place(each.slice(1))}`).join("; ")}.`;
  const count = `${right(weights, points)} of ${counted(points.length, "point")} ` +
    `${many ? "score highest in their own class" : "are on their own side of the line"}.`;
  return { task, status, last: last ? lastly(last, points) : "", told, count, bound: bounded(found, many) };
}

export const paragraph = ({ task, status, last, told, count, bound }) => [task, status, last, told, count, bound].filter(Boolean).join(" ");
export const NOTHING = "A perceptron without points: there is nothing to learn yet.";

/** The same as one paragraph; a screen reader, a printed page and a page without scripts get these words. */
export function describe(state) {
  const { points, seed, step } = state;
  return points.length ? paragraph(sentences(state, stopped(learner(points, seed), points, step), margin(points))) : NOTHING;
}
