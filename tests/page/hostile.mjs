// Puts what a hostile server could say into every text of a report: `node hostile.mjs < report.json > hostile.json`.
import { readFileSync } from "node:fs";

const hostile =
  `"'></bdi></title></style><script>location="http://192.0.2.1/"</script><img src=//192.0.2.1/ onerror=alert(1)>` +
  `&lt;\u0000\u001b[2J\u202emoc.elppa\u2066\r\n{{ report }}`;
// These choose among what the program knows, or are a moment; anything else would be no report.
const isChoice = (key, text) =>
  ["verdict", "outcome", "severity", "sure", "security", "from", "by"].includes(key) || /^\d{4}-\d\d-\d\dT/.test(text);

const worsened = (value, key) => {
  if (typeof value === "string") return isChoice(key, value) ? value : value + hostile;
  if (Array.isArray(value)) return value.map((item) => worsened(item, key));
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, worsened(field, name)]));
};

const report = worsened(JSON.parse(readFileSync(0, "utf8")), "");
for (const link of report.findings.flatMap((finding) => finding.links)) link.url = "javascript:alert(1)//" + link.url;
process.stdout.write(JSON.stringify(report));
