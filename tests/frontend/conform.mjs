// node conform.mjs module.js Class: runs the conformance script on `new Class(state)`, prints its results as JSON.
import { pathToFileURL } from "node:url";
import conformance from "./conformance.js";

const [file, name] = process.argv.slice(2);
const { [name]: Model } = await import(pathToFileURL(file));
console.log(JSON.stringify(conformance({ model: new Model({ number: 1, list: [1, 2], text: "a" }) })));
