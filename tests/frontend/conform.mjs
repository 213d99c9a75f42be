// node conform.mjs host|strict: runs the conformance script on that model, prints its results as JSON.
import { Model } from "../../mlpbook/frontend/host.js";
import { strictModel } from "../browser/strict_model.js";
import conformance from "./conformance.js";

const strict = process.argv[2] === "strict";
const state = { number: 1, list: [1, 2], text: "a" };
console.log(JSON.stringify(conformance({ model: strict ? strictModel(state).model : new Model(state), strict })));
