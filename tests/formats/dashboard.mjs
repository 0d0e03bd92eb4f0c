// Writes a dashboard as a program in Grafana's own types, so that TypeScript says what Grafana would not understand:
// dashboard.mjs GRAFANA.JSON OUT.TS, in a folder with @grafana/schema.
import { readFileSync, writeFileSync } from "node:fs";

const [file, out] = process.argv.slice(2);
const board = JSON.parse(readFileSync(file, "utf8"));
const types = "./node_modules/@grafana/schema/dist/types/raw";
const kinds = [...new Set(board.panels.map((panel) => panel.type.replace("-", "")))];
const lines = [
  `import type { Dashboard, Panel } from "${types}/dashboard/x/types.gen";`,
  ...kinds.map((kind) => `import type * as ${kind} from "${types}/composable/${kind}/panelcfg/x/types.gen";`),
  // The types have enums where JSON has their texts.
  "type Plain<T> = T extends string ? `${T}` : T extends (infer U)[] ? Plain<U>[]",
  "  : T extends object ? { [K in keyof T]: Plain<T[K]> } : T;",
  `export const board: Plain<Dashboard> = ${JSON.stringify(board)};`,
  ...board.panels.flatMap((panel, at) => [
    `export const panel${at}: Plain<Panel> = ${JSON.stringify(panel)};`,
    `export const options${at}: Partial<Plain<${panel.type.replace("-", "")}.Options>> = ${JSON.stringify(panel.options)};`,
  ]),
];
writeFileSync(out, `${lines.join("\n")}\n`);
