// Uses the page that needs no installation as people would, in Chromium: `node web.mjs PAGE REPORTS [PICTURES]`.
import { createRequire } from "node:module";
import { mkdirSync, readFileSync, readdirSync } from "node:fs";
import { createServer } from "node:http";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";
import { chromium } from "playwright-core";

const [file, reports, pictures] = process.argv.slice(2);
const address = pathToFileURL(path.resolve(file)).href;
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const REFUSED = "535 5.7.8 Error: authentication failed";
const PASSWORD = "zkqj-vwxb-nmpl-rtyd";
// Both try to run, and to tell somebody of it.
const HOSTILE = `<script>location="http://192.0.2.1/"</script> <img src=x onerror="document.title='run'"> ${REFUSED}`;
// What the hostile report holds in each of its texts.
const TOLD = `<script>location="http://192.0.2.1/"</script>`;
// In milliseconds: from the paste to the answer, for a usual text and for a log of 4 MB; and from the last key, with the pause that
// the page makes then.
const SOON = 500;
const AFTER_KEYS = 1500;
const LATER = 5000;
const MOST_BYTES = 1 << 20;

let faults = 0;
const figures = {};
const complain = (where, what) => {
  faults += 1;
  console.error(`${where}: ${what}`);
};
const hold = (where, is, what) => is || complain(where, what);

const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium" });
const compressed = gzipSync(readFileSync(file), { level: 9 }).length;
hold("page", compressed < MOST_BYTES, `has ${compressed} bytes when compressed`);

for (const [device, width] of Object.entries({ phone: 360, desktop: 1280 })) {
  for (const colorScheme of ["light", "dark"]) {
    const where = `${device}, ${colorScheme}`;
    await used(where, { viewport: { width, height: 800 }, colorScheme }, async (page) => {
      hold(where, !(await isTooWide(page)), "does not fit the width");
      const [text, took] = await pasted(page, REFUSED);
      figures[`answer (${where})`] = took;
      hold(where, took < SOON, `answers after ${took} ms`);
      hold(where, /app-specific password/i.test(text) && /What to do/.test(text), `answers: ${text.slice(0, 200)}`);
      await page.evaluate(() => document.querySelectorAll("details").forEach((part) => (part.open = true)));
      hold(where, !(await isTooWide(page)), "does not fit the width with an answer");
      await examined(where, page);
      if (pictures) {
        mkdirSync(pictures, { recursive: true });
        await page.evaluate(() => document.querySelectorAll("details").forEach((part) => (part.open = false)));
        await page.screenshot({ path: path.join(pictures, `web-${device}-${colorScheme}.png`), fullPage: true });
      }
    });
  }
}

await used("keys", {}, async (page) => {
  await watched(page);
  await page.locator("#text").pressSequentially(REFUSED, { delay: 5 });
  const took = await answered(page);
  figures["answer to what is typed"] = took;
  hold("keys", took < AFTER_KEYS, `answers after ${took} ms`);
});

await used("example", {}, async (page) => {
  await page.locator("#example").click();
  await page.locator("#answer article").waitFor();
  await page.locator("#clear").click();
  hold("example", (await page.locator("#answer").innerText()) === "", "an answer stays after the text is cleared");
});

await used("hostile", {}, async (page) => {
  const [text] = await pasted(page, HOSTILE);
  hold("hostile", text.includes("onerror="), "does not show what was pasted as a text");
  await holdsNothingThatRuns("hostile", page);
  hold("hostile", (await page.title()) !== "run", "ran what was pasted");
});

await used("password", {}, async (page) => {
  for (const text of [PASSWORD, `${REFUSED} for jane.doe@icloud.com with ${PASSWORD}`, `password = ${PASSWORD}`]) {
    await pasted(page, text, false);
    const shown = await page.evaluate(() => document.querySelector("#text").value + document.body.innerText);
    hold("password", !shown.includes("zkqj"), `a pasted password is left: ${shown.slice(0, 200)}`);
    await page.keyboard.press("Control+z");
    hold("password", !(await page.locator("#text").inputValue()).includes("zkqj"), "undoing shows the password again");
    await page.locator("#clear").click();
  }
  await page.locator("#text").pressSequentially(PASSWORD);
  hold("password", !(await page.locator("#text").inputValue()).includes("zkqj"), "a typed password is left");
  hold("password", (await page.locator("input[type=password]").count()) === 0, "asks for a password");
});

await used("log", {}, async (page) => {
  const line = "2026-11-24 02:23:05 imap.mail.me.com:993 idle, 3 messages, nothing new, next look in 300 seconds\n";
  const [text, took] = await pasted(page, line.repeat(Math.ceil((4 << 20) / line.length)) + `smtp.mail.me.com: ${REFUSED}\n`);
  figures["log of 4 MB"] = took;
  hold("log", took < LATER, `answers after ${took} ms`);
  hold("log", /app-specific password/i.test(text), `answers: ${text.slice(0, 200)}`);
});

await used("picture", {}, async (page) => {
  await page.locator("#file").setInputFiles({ name: "a.png", mimeType: "image/png", buffer: Buffer.from("\x89PNG\r\n\x1a\n", "latin1") });
  await page.waitForFunction(() => document.querySelector("#note").textContent.includes("picture"));
});

for (const name of readdirSync(reports).sort()) {
  await used(name, { viewport: { width: 360, height: 800 } }, async (page) => {
    await page.locator("#file").setInputFiles(path.join(reports, name));
    await page.locator("#answer header").waitFor();
    await page.evaluate(() => document.querySelectorAll("details").forEach((part) => (part.open = true)));
    const text = await page.locator("#answer").innerText();
    hold(name, text.includes("When it happened") && text.includes("The checks"), `shows: ${text.slice(0, 200)}`);
    hold(name, !name.startsWith("hostile") || text.includes(TOLD), "does not show what the server said");
    hold(name, !(await isTooWide(page)), "does not fit the width");
    await holdsNothingThatRuns(name, page);
    await examined(name, page);
  });
}

// Each way out of the page; the policy has to refuse them all.
let callers = 0;
const server = createServer((request, response) => {
  callers += 1;
  response.end();
});
await new Promise((listens) => server.listen(0, "127.0.0.1", listens));
const out = `127.0.0.1:${server.address().port}/`;
const outside = await browser.newPage();
await outside.goto(address);
const tried = outside.evaluate(async (out) => {
  const loaded = (thing, done) => new Promise((yes, no) => Object.assign(thing, { [done]: yes, onerror: no }));
  const added = (name, values) => document.body.appendChild(Object.assign(document.createElement(name), values));
  const later = () => new Promise((yes) => setTimeout(yes, 300));
  const ways = {
    fetch: () => fetch(`http://${out}`),
    picture: () => loaded(Object.assign(new Image(), { src: `http://${out}` }), "onload"),
    socket: () => loaded(new WebSocket(`ws://${out}`), "onopen"),
    script: () => loaded(added("script", { src: `http://${out}` }), "onload"),
    frame: () => (added("iframe", { src: `http://${out}` }), later()),
    form: () => (added("form", { action: `http://${out}` }).submit(), later()),
    beacon: () => (navigator.sendBeacon(`http://${out}`, "x"), later()),
  };
  const tried = [];
  for (const [name, way] of Object.entries(ways)) {
    await Promise.race([Promise.resolve().then(way).catch(() => {}), later()]);
    tried.push(name);
  }
  return tried;
}, out);
// Where a form is sent, the page is gone, and this with it.
const ways = await tried.catch((fault) => [fault.message]);
hold("shut", ways.length === 7, `was not tried to its end: ${ways}`);
hold("shut", callers === 0, `lets out ${callers} requests`);
server.close();

await browser.close();
console.log(`web: ${compressed} bytes compressed; ${Object.entries(figures).map(([what, took]) => `${what}: ${took} ms`).join("; ")}`);
console.log(faults === 0 ? "web: nothing to complain of" : `web: ${faults} complaints`);
process.exit(faults === 0 ? 0 : 1);

// Opens the page without a network, and complains of whatever it asks for, says or fails at.
async function used(where, options, use) {
  const context = await browser.newContext({ ...options, offline: true });
  const page = await context.newPage();
  page.on("request", (request) => request.url() === address || complain(where, `asks for ${request.url()}`));
  page.on("console", (message) => complain(where, `the console says: ${message.text()}`));
  page.on("pageerror", (fault) => complain(where, `a script fails: ${fault.message}`));
  page.on("dialog", (dialog) => complain(where, `a script asks: ${dialog.message()}`));
  const began = Date.now();
  await page.goto(address);
  try {
    await page.locator("main[data-is-ready]").waitFor();
    figures["until it is ready"] = Math.max(figures["until it is ready"] ?? 0, Date.now() - began);
    await use(page);
  } catch (fault) {
    complain(where, fault.message);
  }
  await context.close();
}

// Pastes a text, as a browser does, and returns the answer and the milliseconds until it was there, by the page's own clock.
async function pasted(page, text, isAnswered = true) {
  await watched(page);
  await page.evaluate((text) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData("text/plain", text);
    const area = document.querySelector("#text");
    area.focus();
    window.began = performance.now();
    area.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
  }, text);
  const took = isAnswered ? await answered(page) : 0;
  return [await page.locator("#answer").evaluate((place) => place.textContent), took];
}

// Notes when the last key came, and when the answer was put in.
function watched(page) {
  return page.evaluate(() => {
    const [text, answer] = ["#text", "#answer"].map((name) => document.querySelector(name));
    text.addEventListener("input", () => (window.began = performance.now()));
    new MutationObserver(() => (window.ended = performance.now())).observe(answer, { childList: true });
  });
}

async function answered(page) {
  await page.locator("#answer article").first().waitFor();
  return page.evaluate(() => Math.round(window.ended - window.began));
}

async function holdsNothingThatRuns(where, page) {
  const runs = await page.locator("#answer").evaluate((answer) => {
    const is = (part) =>
      ["script", "iframe", "object", "embed", "img", "link", "base", "form"].includes(part.localName) ||
      part.getAttributeNames().some((name) => name.startsWith("on")) ||
      (part.localName === "a" && !part.getAttribute("href").startsWith("https://"));
    return [...answer.querySelectorAll("*")].filter(is).map((part) => part.outerHTML);
  });
  hold(where, runs.length === 0, `holds what a browser runs: ${runs}`);
}

async function examined(where, page) {
  await page.evaluate(axe);
  const { violations } = await page.evaluate((values) => window.axe.run({ runOnly: { type: "tag", values } }), rules);
  for (const { id, help, nodes } of violations) {
    complain(where, `${id}: ${help}\n  ${nodes.slice(0, 3).map((node) => node.html).join("\n  ")}`);
  }
}

function isTooWide(page) {
  return page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth);
}
