// Opens pages in Chromium as people would, and says what is wrong with them: `node look.mjs PAGES [PICTURES]`.
import { createRequire } from "node:module";
import { mkdirSync, readFileSync, readdirSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

const [pages, pictures] = process.argv.slice(2);
const widths = { phone: 390, desktop: 1280 };
const colours = ["light", "dark"];
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
// What a hostile report holds in each of its texts; it has to stand there to be read.
const hostile = `<script>location="http://192.0.2.1/"</script>`;

const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium" });
let faults = 0;
const complain = (where, what) => {
  faults += 1;
  console.error(`${where}: ${what}`);
};

for (const file of readdirSync(pages).filter((name) => name.endsWith(".html")).sort()) {
  for (const [device, width] of Object.entries(widths)) {
    for (const colorScheme of colours) {
      await look(file, device, width, colorScheme);
    }
  }
}
await browser.close();
console.log(faults === 0 ? "page: nothing to complain of" : `page: ${faults} complaints`);
process.exit(faults === 0 ? 0 : 1);

async function look(file, device, width, colorScheme) {
  const where = `${file} (${device}, ${colorScheme})`;
  const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme });
  const page = await context.newPage();
  const address = pathToFileURL(path.resolve(pages, file)).href;
  page.on("request", (request) => request.url() === address || complain(where, `asks for ${request.url()}`));
  page.on("console", (message) => complain(where, `the console says: ${message.text()}`));
  page.on("pageerror", (fault) => complain(where, `a script fails: ${fault.message}`));
  page.on("dialog", (dialog) => complain(where, `a script asks: ${dialog.message()}`));
  await page.goto(address);

  const folded = await page.evaluate(seen);
  if (folded.isTooWide) complain(where, "does not fit the width");
  // As a reader finds it, and with everything unfolded.
  for (const isOpen of [false, true]) {
    if (isOpen) await page.evaluate(() => document.querySelectorAll("details").forEach((part) => (part.open = true)));
    await page.evaluate(axe);
    const { violations } = await page.evaluate((values) => window.axe.run({ runOnly: { type: "tag", values } }), rules);
    for (const { id, help, nodes } of violations) {
      complain(where, `${id}: ${help}\n  ${nodes.slice(0, 3).map((node) => node.html).join("\n  ")}`);
    }
  }
  const open = await page.evaluate(seen);
  if (open.isTooWide) complain(where, "does not fit the width once all is unfolded");
  if (open.scripts.length > 0) complain(where, `holds what a browser runs: ${open.scripts.join(", ")}`);
  if (open.addresses.some((to) => !to.startsWith("https://") && !to.startsWith("#"))) {
    complain(where, `leads to ${open.addresses.join(", ")}`);
  }
  if (file.startsWith("hostile") && !open.text.includes(hostile)) complain(where, "does not show what the server said");
  if (pictures) {
    mkdirSync(pictures, { recursive: true });
    const name = `${path.basename(file, ".html")}-${device}-${colorScheme}`;
    await page.screenshot({ path: path.join(pictures, `${name}-unfolded.png`), fullPage: true });
    await page.reload();
    await page.screenshot({ path: path.join(pictures, `${name}.png`), fullPage: true });
    if (colorScheme === "light" && device === "desktop") {
      await page.pdf({ path: path.join(pictures, `${name}.pdf`), format: "A4" });
    }
  }
  await context.close();
}

// What the page itself tells of it; runs inside of the browser.
function seen() {
  const all = [...document.querySelectorAll("*")];
  const runs = (element) =>
    ["script", "iframe", "object", "embed", "img", "link", "base", "form"].includes(element.localName) ||
    element.getAttributeNames().some((name) => name.startsWith("on"));
  return {
    isTooWide: document.documentElement.scrollWidth > window.innerWidth,
    scripts: all.filter(runs).map((element) => element.localName),
    addresses: [...document.querySelectorAll("a")].map((link) => link.getAttribute("href")),
    text: document.body.innerText,
  };
}
