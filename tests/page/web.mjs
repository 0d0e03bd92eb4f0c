// Uses the page that needs no installation as people would, in Chromium: `node web.mjs PAGE REPORTS REVIEWS [PICTURES]`.
import { createRequire } from "node:module";
import { mkdirSync, readFileSync, readdirSync } from "node:fs";
import { createServer } from "node:http";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";
import { chromium, firefox } from "playwright-core";

const [file, reports, reviews, pictures] = process.argv.slice(2);
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
// How long the page may stand still meanwhile.
const STILL = 400;
// Settings of each form, and the file that they are in.
const SETTINGS = {
  "mbsync/all-wrong": ".mbsyncrc",
  "mbsync/good": ".mbsyncrc",
  "msmtp/good": ".msmtprc",
  "thunderbird/all-wrong": "prefs.js",
  "apple-devices/all-wrong": "office.mobileconfig",
  "fetchmail/without-ssl": ".fetchmailrc",
};
const PYTHON = `import smtplib\nserver = smtplib.SMTP("smtp.mail.me.com", 465)\n`;

let faults = 0;
const figures = {};
const complain = (where, what) => {
  faults += 1;
  console.error(`${where}: ${what}`);
};
const hold = (where, is, what) => is || complain(where, what);

// `FIREFOX=/usr/bin/firefox-esr` uses that in the place of Chromium, as Debian has it.
const browser = process.env.FIREFOX
  ? await firefox.launch({ channel: "moz-firefox", executablePath: process.env.FIREFOX })
  : await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium" });
const browserName = `${browser.browserType().name()} ${browser.version()}`;
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
    await pasted(page, text);
    const shown = await page.evaluate(() => document.querySelector("#text").value + document.body.innerText);
    hold("password", !shown.includes("zkqj"), `a pasted password is left: ${shown.slice(0, 200)}`);
    await page.keyboard.press("Control+z");
    hold("password", !(await page.locator("#text").inputValue()).includes("zkqj"), "undoing shows the password again");
    await page.locator("#clear").click();
  }
  await page.locator("#text").pressSequentially(PASSWORD);
  await page.waitForFunction(() => document.querySelector("#text").value.includes("[hidden]"));
  hold("password", !(await page.locator("#text").inputValue()).includes("zkqj"), "a typed password is left");
  hold("password", (await page.locator("input[type=password]").count()) === 0, "asks for a password");
});

await used("log", {}, async (page) => {
  const line = "2026-11-24 02:23:05 imap.mail.me.com:993 idle, 3 messages, nothing new, next look in 300 seconds\n";
  // A page that stands still runs nothing, this neither.
  await page.evaluate(() => {
    window.still = 0;
    setInterval(() => {
      const now = performance.now();
      if (window.began) window.still = Math.max(window.still, now - Math.max(window.began, window.last ?? 0));
      window.last = now;
    }, 10);
  });
  const [text, took] = await pasted(page, line.repeat(Math.ceil((4 << 20) / line.length)) + `smtp.mail.me.com: ${REFUSED}\n`);
  figures["log of 4 MB"] = took;
  const still = Math.round(await page.evaluate(() => window.still));
  figures["stands still for"] = still;
  hold("log", still < STILL, `stands still for ${still} ms`);
  hold("log", took < LATER, `answers after ${took} ms`);
  hold("log", /app-specific password/i.test(text), `answers: ${text.slice(0, 200)}`);
});

for (const [name, own] of Object.entries(SETTINGS)) {
  const folder = path.join(reviews, name);
  const report = readFileSync(path.join(folder, "report.text"), "utf8");
  // What is said of each line, without what a browser cannot see: who else may read the file.
  const lines = report.matchAll(/^[^\s:]+:(\d+): ([^\n]*(?:\n\S[^\n]*)*)/gm);
  const said = [...lines].map(([, line, title]) => `Line ${line}: ${title.replaceAll("\n", " ")}`);
  const expected = said.filter((title) => !title.includes("can read the file"));
  for (const colorScheme of ["light", "dark"]) {
    await used(name, { viewport: { width: 390, height: 844 }, colorScheme }, async (page) => {
      const [text, took] = await pasted(page, readFileSync(path.join(folder, own), "utf8"));
      figures[`review of ${name}`] = took;
      hold(name, took < SOON, `answers after ${took} ms`);
      const titles = await page.locator("#answer article > h3").allInnerTexts();
      hold(name, titles.join("\n") === expected.join("\n"), `finds ${titles.join("; ")}\n  and not ${expected.join("; ")}`);
      const verdict = expected.length > 0 ? "in these settings." : "Nothing to fix for iCloud Mail";
      hold(name, text.includes(verdict), `concludes: ${text.trim().slice(0, 200)}`);
      const kind = await page.locator("#kind").inputValue();
      hold(name, kind === `settings ${name.split("/")[0]}`, `takes it for ${kind}`);
      hold(name, (await page.locator("#note").innerText()).includes("Read as settings of "), "does not say what it takes it for");
      await page.evaluate(() => document.querySelectorAll("details").forEach((part) => (part.open = true)));
      hold(name, !(await isTooWide(page)), "does not fit the width");
      await examined(name, page);
      if (pictures) {
        await page.evaluate(() => document.querySelectorAll("details").forEach((part) => (part.open = false)));
        await page.screenshot({ path: path.join(pictures, `review-${name.replace("/", "-")}-${colorScheme}.png`), fullPage: true });
      }
    });
  }
}

await used("file of settings", {}, async (page) => {
  const buffer = Buffer.from(`${PYTHON}server.login("ann@icloud.com", "tulip tree bark")\n`);
  await page.locator("#file").setInputFiles({ name: "mail.py", mimeType: "text/x-python", buffer });
  await page.locator("#answer header").waitFor();
  hold("file of settings", (await page.locator("#kind").inputValue()) === "settings python", "does not go by the name of the file");
  hold("file of settings", await page.locator("#naming").isHidden(), "asks for a name that it has");
});

await used("name", {}, async (page) => {
  const [kind, naming] = ["#kind", "#naming"].map((id) => page.locator(id));
  await pasted(page, PYTHON);
  hold("name", (await naming.isVisible()) && (await kind.inputValue()) === "message", "does not ask what the file is called");
  await page.locator("#name").fill("notes.txt");
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => document.querySelector("#note").textContent.includes("No settings file of that name"));
  await page.locator("#name").fill("mail.py");
  await page.keyboard.press("Enter");
  await page.locator("#answer header").waitFor();
  hold("name", (await kind.inputValue()) === "settings python", `takes it for ${await kind.inputValue()}`);
  // The user has the last word.
  await kind.selectOption("message");
  await page.waitForFunction(() => document.querySelector("#note").textContent.includes("Read as an error message"));
  await page.locator("#clear").click();
  hold("name", (await naming.isHidden()) && (await kind.isHidden()), "keeps its questions after the text is cleared");
  await pasted(page, REFUSED);
  hold("name", await naming.isHidden(), "asks for the name of a message");
});

await used("hostile settings", {}, async (page) => {
  // A line that has to be changed is shown as a whole.
  const line = `poll imap.mail.me.com proto imap port 143 user "<img/src=x/onerror=document.title='run'>" there`;
  const [text] = await pasted(page, `${line}\n`);
  hold("hostile settings", (await page.locator("#kind").inputValue()) === "settings fetchmail", "does not know them");
  hold("hostile settings", text.includes("<img/src=x/onerror="), `does not show what they say: ${text.slice(0, 300)}`);
  for (const kind of await page.locator("#kind option").evaluateAll((all) => all.map((each) => each.value).filter(Boolean))) {
    await page.evaluate(() => (window.ended = 0));
    await page.locator("#kind").selectOption(kind);
    await page.waitForFunction((kind) => document.querySelector("#note").textContent !== "" && document.querySelector("#kind").value === kind, kind);
    await page.waitForFunction(() => !document.querySelector("#text").readOnly);
    await holdsNothingThatRuns(`hostile settings as ${kind}`, page);
  }
  hold("hostile settings", (await page.title()) !== "run", "ran what was pasted");
});

await used("secrets of settings", {}, async (page) => {
  const secret = "tulip-tree-9";
  for (const text of [
    `poll imap.mail.me.com proto imap port 143 user ann there with pass ${secret} is ann here\n`,
    `# old ${secret}\nIMAPAccount a\nHost imap.mail.me.com\nPort 143\nUser ann\nPass ${secret}\n`,
    `set from = a@icloud.com\nset imap_pass = "${secret}"\nset folder = "imaps://ann:${secret}@imap.mail.me.com:143"\n`,
  ]) {
    await pasted(page, text);
    await page.evaluate(() => document.querySelectorAll("details").forEach((part) => (part.open = true)));
    const shown = await page.evaluate(() => document.querySelector("#text").value + document.body.innerText);
    hold("secrets of settings", shown.includes("[hidden]") && !shown.includes("tulip"), `shows ${shown.slice(0, 300)}`);
    hold("secrets of settings", (await page.locator("#answer header").count()) === 1, "does not review them");
    await page.locator("#clear").click();
  }
});

await used("cause", {}, async (page) => {
  await page.locator("#text").pressSequentially("port-blocked", { delay: 5 });
  await page.locator("#answer h3", { hasText: "What to do" }).waitFor();
  await examined("cause", page);
  await page.locator("#clear").click();
  await page.locator("#text").pressSequentially("pasword-refused", { delay: 5 });
  await page.locator("#meant button").waitFor();
  // By the keyboard alone: the next stop after the text is what may be meant.
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => document.querySelector("#note").textContent.includes("a page of the guide"));
  hold("cause", (await page.locator("#answer h2").innerText()).includes("password"), "shows another page");
  await page.locator("#clear").click();
  await page.locator("#text").pressSequentially("Thunderbird", { delay: 5 });
  await page.locator("#meant button").click();
  await page.locator("#settings h2", { hasText: "Thunderbird" }).waitFor();
});

for (const [device, width] of Object.entries({ phone: 390, desktop: 1280 })) {
  const where = `setup, ${device}`;
  await used(where, { viewport: { width, height: 844 } }, async (page) => {
    const [program, settings] = ["#program", "#settings"].map((id) => page.locator(id));
    hold(where, (await program.locator("option").count()) === 35, `lists ${await program.locator("option").count()} programs`);
    // By the keyboard alone.
    await program.focus();
    await page.keyboard.type("thunderbird");
    await settings.locator("h2").waitFor();
    hold(where, (await settings.innerText()).includes("imap.mail.me.com"), "shows no server");
    hold(where, await page.locator("#places").isHidden(), "asks for a system that does not matter");
    await program.selectOption("mbsync");
    await settings.locator("h2", { hasText: "mbsync" }).waitFor();
    for (const [system, command] of Object.entries({ macos: "security ", windows: "powershell ", linux: "secret-tool " })) {
      await page.locator("#system").selectOption(system);
      await settings.locator("pre", { hasText: command }).waitFor({ timeout: 3000 });
    }
    await settings.locator("[data-copies]").click();
    hold(where, (await page.evaluate(() => getSelection().toString())).includes("IMAPAccount icloud"), "does not select the file");
    hold(where, !(await isTooWide(page)), "does not fit the width");
    await page.evaluate(() => document.querySelectorAll("details").forEach((part) => (part.open = true)));
    await examined(where, page);
    if (pictures) await page.screenshot({ path: path.join(pictures, `setup-${device}.png`), fullPage: true });
  });
}

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
console.log(`web: ${browserName}; ${compressed} bytes compressed; ${Object.entries(figures).map(([what, took]) => `${what}: ${took} ms`).join("; ")}`);
console.log(faults === 0 ? "web: nothing to complain of" : `web: ${faults} complaints`);
process.exit(faults === 0 ? 0 : 1);

// Opens the page without a network, and complains of whatever it asks for, says or fails at.
async function used(where, options, use) {
  const context = await browser.newContext({ ...options, offline: true });
  const page = await context.newPage();
  // What is asked for is the page, and the worker that is in it.
  page.on("request", (request) => request.url() === address || request.url().startsWith("blob:") || complain(where, `asks for ${request.url()}`));
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
async function pasted(page, text) {
  await watched(page);
  await page.evaluate((text) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData("text/plain", text);
    const area = document.querySelector("#text");
    area.focus();
    window.ended = 0;
    window.began = performance.now();
    const paste = new ClipboardEvent("paste", { bubbles: true, cancelable: true });
    // Firefox lets a script give the event no text of its own.
    Object.defineProperty(paste, "clipboardData", { value: clipboardData });
    area.dispatchEvent(paste);
  }, text);
  const took = await answered(page);
  return [await page.locator("#answer").evaluate((place) => place.textContent), took];
}

// Notes when the last key came, and when the answer was put in.
function watched(page) {
  return page.evaluate(() => {
    const [text, answer] = ["#text", "#answer"].map((name) => document.querySelector(name));
    window.ended = 0;
    text.addEventListener("input", () => (window.began = performance.now()));
    new MutationObserver(() => (window.ended = performance.now())).observe(answer, { childList: true });
  });
}

async function answered(page) {
  await page.waitForFunction(() => window.ended > 0 && document.querySelector("#answer article, #answer header"));
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
