// Reads cases [{spec, traits, steps, epochs, change}] and prints what the page's own playground makes of each: its losses step by
// step and epoch by epoch, its weights, its words and its code. NaN and Infinity end the run.
import { Session } from "../../mlpbook/frontend/playground_session.js";
import { playgroundCode, trainCode, words } from "../../mlpbook/frontend/playground_words.js";

let text = "";
for await (const chunk of process.stdin) text += chunk;
const results = JSON.parse(text).map(({ spec, traits, steps = 0, epochs = 0, change = {}, then = 0 }) => {
  const now = { ...traits }, session = new Session(spec, (key) => now[key]);
  const each = Array.from({ length: steps }, () => (session.step(), session.trainer.at ? session.trainer.total / session.trainer.at : session.loss));
  session.run(epochs);
  Object.assign(now, change);
  const anew = session.read();
  session.run(then);
  return { each, losses: session.losses, tests: session.tests, progress: session.progress(), words: words(session), state: session.mlp.state(),
    blocked: session.blocked, anew, code: playgroundCode(spec, (key) => now[key]), train: trainCode(session) };
});
console.log(JSON.stringify(results, (key, value) => {
  if (typeof value === "number" && !Number.isFinite(value)) throw new Error(`not finite: ${key}`);
  return ArrayBuffer.isView(value) ? [...value] : value;
}));
