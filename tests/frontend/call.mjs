// Reads {module, calls: [[path, ...arguments], ...]} from standard input and prints the results as JSON, so that a Python
// test can compare any exported function with its twin. NaN and Infinity would be lost in JSON: they end the run.
import { pathToFileURL } from "node:url";

let text = "";
for await (const chunk of process.stdin) text += chunk;
const { module, calls } = JSON.parse(text);
const exports = await import(pathToFileURL(module));
const results = calls.map(([path, ...args]) => path.split(".").reduce((o, key) => o[key], exports)(...args.map((a) => a ?? undefined)));
console.log(JSON.stringify(results, (key, value) => {
  if (typeof value === "number" && !Number.isFinite(value)) throw new Error(`not finite: ${key}`);
  return value;
}));
