// Takes annotations apart as GitHub's runner does and writes them anew with GitHub's own toolkit: `node annotations.mjs FILE…`
// says where the two differ.
import { readFileSync } from "node:fs";
import { issueCommand } from "@actions/core/lib/command.js";

const unescaped = (text) => text.replace(/%0D/g, "\r").replace(/%0A/g, "\n").replace(/%25/g, "%");
const unescapedProperty = (text) => unescaped(text.replace(/%3A/g, ":").replace(/%2C/g, ","));

let written = "";
process.stdout.write = (text) => ((written += text), true);
let faults = 0;
let count = 0;
for (const file of process.argv.slice(2)) {
  for (const line of readFileSync(file, "utf8").split("\n").slice(0, -1)) {
    count += 1;
    const [, level, properties, message] = line.match(/^::(error|warning|notice) ([^:]+)::(.*)$/) ?? [];
    written = "";
    const pairs = (properties ?? "").split(",").map((pair) => pair.split(/=(.*)/s).slice(0, 2));
    const named = Object.fromEntries(pairs.map(([name, value]) => [name, unescapedProperty(value ?? "")]));
    if (level) issueCommand(level, named, unescaped(message));
    if (written.trimEnd() !== line) {
      faults += 1;
      console.error(`${file}: the toolkit writes\n  ${written}and not\n  ${line}`);
    }
  }
}
console.error(`annotations: ${count} read, ${faults} complaints`);
process.exit(faults === 0 && count > 0 ? 0 : 1);
