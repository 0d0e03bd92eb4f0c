"use strict";
const EXAMPLE = "Thunderbird: Sending of the message failed.\nThe mail server responded: 535 5.7.8 Error: authentication failed:";
// A longer text would make a phone slow, so it is read and not shown.
const LONGEST = 200000;
// After the last key, and before it is said that something takes longer, in milliseconds.
const PAUSE = 200;
const PATIENCE = 300;
// What Apple makes for apps, as it may be typed by hand. A text that is pasted is concealed as a whole.
const PASSWORD = /\b[a-z]{4}(?:[-\u2010-\u2015\u2212 ][a-z]{4}){3}\b/i;
const NOTHING = { bytes: new Uint8Array(), name: "", kind: "" };

const at = (id) => document.getElementById(id);
const [area, note, place, kind, name, program, system] = ["text", "note", "answer", "kind", "name", "program", "system"].map(at);
const encoder = new TextEncoder();
// What is answered: the bytes, the name of the file, and what the user says that it is.
let given = NOTHING;
// The number of what was asked last: an answer to something before it comes too late.
let latest = 0;
let timer;

let worker;
// The calls that have no answer yet, by number.
const waiting = new Map();
let calls = 0;

// Asks the library beside this page, and returns what it tells.
function ask(what, given) {
  calls += 1;
  const id = calls;
  return new Promise((tells, fails) => {
    waiting.set(id, { tells, fails });
    worker.postMessage({ id, what, given });
  });
}

async function load() {
  const script = new Blob([at("worker-code").textContent], { type: "text/javascript" });
  worker = new Worker(URL.createObjectURL(script));
  worker.onmessage = ({ data: { id, told, fault } }) => {
    const { tells, fails } = waiting.get(id);
    waiting.delete(id);
    if (fault) fails(new Error(fault));
    else tells(told);
  };
  worker.onerror = () => {
    for (const { fails } of waiting.values()) fails(new Error("there is no worker"));
    waiting.clear();
  };
  const code = at("program-code");
  const packed = Uint8Array.from(atob(code.textContent), (letter) => letter.charCodeAt(0));
  code.remove();
  list(JSON.parse(await ask("start", { packed, length: Number(code.dataset.length) })));
  document.querySelector("main").dataset.isReady = "";
}

function isReady() {
  return "isReady" in document.querySelector("main").dataset;
}

// Fills the lists with what a text can be, and with the mail programs.
function list({ kinds, programs }) {
  const option = ([value, title]) => new Option(title, value);
  const isSettings = ([value]) => value.startsWith("settings ");
  const group = Object.assign(document.createElement("optgroup"), { label: "the settings file of" });
  group.append(...kinds.filter(isSettings).map(option));
  const other = Object.assign(new Option("", ""), { hidden: true });
  kind.append(other, ...kinds.filter((each) => !isSettings(each)).map(option), group);
  program.append(...programs.map(option));
}

function sayTooOld() {
  note.textContent = "This browser is too old for this page. Open it in a newer one, of 2023 or later.";
}

// Answers to what is given; only what is asked last is shown.
async function answer(remark = "") {
  clearTimeout(timer);
  latest += 1;
  const turn = latest;
  for (const part of ["reading", "naming", "meant"]) at(part).hidden = true;
  note.textContent = remark;
  if (given.bytes.every((byte) => byte === 32 || byte === 10 || byte === 13)) {
    place.replaceChildren();
    return;
  }
  const slow = wait(remark);
  try {
    await ready;
    const told = JSON.parse(await ask("answer", { ...given, system: system.value }));
    if (turn === latest) show(told, remark);
  } catch {
    if (turn !== latest || !isReady()) return;
    place.replaceChildren();
    note.textContent = "This text cannot be read here. Paste the lines with the error alone.";
  } finally {
    clearTimeout(slow);
  }
}

// Says after a while that something takes longer.
function wait(remark) {
  return setTimeout(() => (note.textContent = [remark, "One moment …"].filter(Boolean).join(" ")), PATIENCE);
}

// Shows an answer, says what the text was taken for, and lets the user say that it is something else.
function show(told, remark) {
  // The library escapes all that it quotes, and the policy of this page lets no script of it run.
  place.innerHTML = told.html;
  const isNamed = given.name !== "" && given.name === name.value.trim();
  const unknown = isNamed && told.kind === "message" ? "No settings file of that name is known here." : "";
  note.textContent = [remark, told.said && `Read as ${told.said}.`, told.note, unknown].filter(Boolean).join(" ");
  at("reading").hidden = !told.kind;
  kind.options[0].text = told.said;
  kind.value = told.kind;
  if (kind.selectedIndex < 0) kind.selectedIndex = 0;
  at("naming").hidden = !told.asksName && !isNamed;
  at("meant").hidden = told.meant.length === 0;
  const button = ([meant, words]) => {
    const onclick = () => (meant.startsWith("setup ") ? choose(meant.slice("setup ".length)) : take(words));
    return Object.assign(document.createElement("button"), { type: "button", textContent: words, onclick });
  };
  at("meant").replaceChildren("Did you mean", ...told.meant.map(button));
}

// Puts a text into the text area without what is secret in it, and answers to it as it was.
async function take(text, known = NOTHING) {
  given = { ...known, bytes: encoder.encode(text) };
  if (!known.name) name.value = "";
  if (text.trim() === "" || text.length > LONGEST) {
    area.value = "";
    area.readOnly = false;
    if (text.trim() === "") return answer();
    const size = `${(given.bytes.length / 1048576).toFixed(1)} MB`;
    return answer(`A text of ${size} was read. It is too long to be shown.`);
  }
  const mine = given;
  const isHidden = await conceal(text);
  if (given === mine) answer(isHidden ? "What may be a password or an address is hidden above." : "");
}

// Shows a text without what is secret in it, and returns whether anything is.
async function conceal(text) {
  // Until the library says what it is, nothing is shown that may be a password, and nothing is typed into it.
  const mine = given;
  area.value = "";
  area.readOnly = true;
  const slow = wait("");
  let shown = "";
  try {
    await ready;
    shown = await ask("conceal", { ...given, bytes: encoder.encode(text) });
  } catch {
    // What cannot be read is not shown.
  }
  clearTimeout(slow);
  if (given === mine) {
    area.value = shown;
    area.readOnly = false;
  }
  return shown !== text;
}

area.addEventListener("paste", (event) => {
  const pasted = event.clipboardData?.getData("text/plain");
  if (!pasted) return;
  event.preventDefault();
  if (area.readOnly) return;
  const [before, after] = [area.value.slice(0, area.selectionStart), area.value.slice(area.selectionEnd)];
  // What is pasted into a text is of its kind.
  take(before + pasted + after, before + after ? given : NOTHING);
});

area.addEventListener("input", () => {
  const known = area.value ? { name: given.name, kind: given.kind } : NOTHING;
  if (PASSWORD.test(area.value) || area.value.length > LONGEST) {
    take(area.value, known);
    return;
  }
  given = { ...known, bytes: encoder.encode(area.value) };
  clearTimeout(timer);
  timer = setTimeout(() => answer(), PAUSE);
});

// The text is answered again, as it was given, and of settings more may be secret than of a message.
async function reread(known) {
  given = { ...given, ...known };
  const mine = given;
  if (area.value) await conceal(area.value);
  if (given === mine) answer();
}
kind.addEventListener("change", () => reread({ kind: kind.value }));
name.addEventListener("change", () => reread({ name: name.value.trim(), kind: "" }));

// Shows the settings for the mail program that is chosen.
async function setUp() {
  const chosen = program.value;
  const told = chosen ? JSON.parse(await ask("answer", { kind: `setup ${chosen}`, system: system.value })) : { html: "" };
  if (program.value !== chosen) return;
  at("settings").innerHTML = told.html;
  at("places").hidden = !told.dependsOnSystem;
}
program.addEventListener("change", setUp);
system.addEventListener("change", setUp);

function choose(id) {
  program.value = id;
  setUp();
  program.focus();
  program.scrollIntoView({ block: "center" });
}

at("settings").addEventListener("click", (event) => {
  const button = event.target.closest("[data-copies]");
  if (!button) return;
  getSelection().selectAllChildren(button.closest("details").querySelector("pre"));
  button.textContent = document.execCommand("copy") ? "Copied" : "Selected: copy it now";
});

at("example").addEventListener("click", () => take(EXAMPLE));
at("clear").addEventListener("click", () => {
  take("");
  area.focus();
});

async function open(file) {
  if (!file) return;
  area.value = "";
  area.readOnly = false;
  name.value = "";
  given = { ...NOTHING, bytes: new Uint8Array(await file.arrayBuffer()), name: file.name };
  answer(`${file.name} was read.`);
}
at("file").addEventListener("change", (event) => {
  open(event.target.files[0]);
  event.target.value = "";
});
addEventListener("dragover", (event) => {
  event.preventDefault();
  document.body.classList.add("over");
});
addEventListener("dragleave", () => document.body.classList.remove("over"));
addEventListener("drop", (event) => {
  event.preventDefault();
  document.body.classList.remove("over");
  const [file] = event.dataTransfer.files;
  if (file) open(file);
  else take(event.dataTransfer.getData("text/plain"));
});

system.value = /mac|iphone|ipad/i.test(navigator.userAgent) ? "macos" : /windows/i.test(navigator.userAgent) ? "windows" : "linux";
const ready = Promise.resolve().then(load);
// A browser may have kept a text and a choice.
ready.then(() => {
  if (area.value && given === NOTHING) take(area.value);
  setUp();
}, sayTooOld);
