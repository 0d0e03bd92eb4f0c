"use strict";
const EXAMPLE = "Thunderbird: Sending of the message failed.\nThe mail server responded: 535 5.7.8 Error: authentication failed:";
// A longer text would make a phone slow, so it is read and not shown.
const LONGEST = 200000;
// After the last key, in milliseconds.
const PAUSE = 200;
// What Apple makes for apps, as it may be typed by hand. A text that is pasted is concealed as a whole.
const PASSWORD = /\b[a-z]{4}(?:[-\u2010-\u2015\u2212 ][a-z]{4}){3}\b/i;

const at = (id) => document.getElementById(id);
const [area, note, place, kind, name, program, system] = ["text", "note", "answer", "kind", "name", "program", "system"].map(at);
const encoder = new TextEncoder();
const decoder = new TextDecoder();
// What is answered: the bytes, the name of the file, and what the user says that it is.
let given = { bytes: new Uint8Array(), name: "", kind: "" };
let compiled;
let timer;

async function load() {
  const code = at("program-code");
  const packed = Uint8Array.from(atob(code.textContent), (letter) => letter.charCodeAt(0));
  compiled = await WebAssembly.compile(unpack(packed, Number(code.dataset.length)));
  code.remove();
  await start();
}

let calls;
async function start() {
  calls = (await WebAssembly.instantiate(compiled)).exports;
  // The first answer compiles what is looked for, the others do not.
  ask("answer", { bytes: encoder.encode("-") });
  if (kind.options.length === 0) list();
  document.querySelector("main").dataset.isReady = "";
}

// Fills the lists with what a text can be, and with the mail programs.
function list() {
  const { kinds, programs } = JSON.parse(tell("lists"));
  const group = Object.assign(document.createElement("optgroup"), { label: "the settings file of" });
  const other = Object.assign(new Option("", ""), { hidden: true });
  kind.append(other, ...kinds.filter(([value]) => !value.includes(" ")).map(([value, said]) => new Option(said, value)), group);
  group.append(...kinds.filter(([value]) => value.includes(" ")).map(([value, title]) => new Option(title, value)));
  program.append(...programs.map(([id, title]) => new Option(title, id)));
}

// Gives the library a text with what is known of it, and returns what it tells.
function ask(what, { bytes, ...known }) {
  const head = encoder.encode(`${JSON.stringify(known)}\n`);
  const room = calls.room(head.length + bytes.length);
  const memory = new Uint8Array(calls.memory.buffer, room, head.length + bytes.length);
  memory.set(head);
  memory.set(bytes, head.length);
  return tell(what);
}

function tell(what) {
  const length = calls[what]();
  return decoder.decode(new Uint8Array(calls.memory.buffer, calls.told(), length));
}

function answer(remark = "") {
  clearTimeout(timer);
  note.textContent = remark;
  for (const part of ["reading", "naming", "meant"]) at(part).hidden = true;
  if (given.bytes.every((byte) => byte === 32 || byte === 10 || byte === 13)) {
    place.replaceChildren();
    return;
  }
  if (!calls) {
    note.textContent = "One moment …";
    ready.then(again, sayTooOld);
    return;
  }
  try {
    const told = JSON.parse(ask("answer", { ...given, system: system.value }));
    // The library escapes all that it quotes, and the policy of this page lets no script of it run.
    place.innerHTML = told.html;
    const isUnknown = given.name && given.name === name.value && told.kind === "text";
    const unknown = isUnknown ? "No settings file of that name is known here." : "";
    note.textContent = [remark, told.said && `Read as ${told.said}.`, told.note, unknown].filter(Boolean).join(" ");
    offer(told);
  } catch {
    // It is begun again, because nothing is known of what it left.
    calls = undefined;
    ready = start();
    place.replaceChildren();
    note.textContent = "This text cannot be read here. Paste the lines with the error alone.";
  }
}

// Lets the user say that the text is something else.
function offer(told) {
  at("reading").hidden = !told.kind;
  kind.options[0].text = told.said;
  kind.value = told.kind;
  if (kind.selectedIndex < 0) kind.selectedIndex = 0;
  at("naming").hidden = !told.asksName && !(given.name && given.name === name.value);
  at("meant").hidden = told.meant.length === 0;
  const button = ([meant, words]) => {
    const onclick = () => (meant.startsWith("setup ") ? choose(meant.slice("setup ".length)) : take(words));
    return Object.assign(document.createElement("button"), { type: "button", textContent: words, onclick });
  };
  at("meant").replaceChildren("Did you mean", ...told.meant.map(button));
}

function choose(id) {
  program.value = id;
  setUp();
  program.focus();
  program.scrollIntoView({ block: "center" });
}

// Shows the settings for the mail program that is chosen.
function setUp() {
  if (!program.value || !calls) {
    at("settings").replaceChildren();
    at("places").hidden = true;
    return;
  }
  const told = JSON.parse(ask("answer", { bytes: new Uint8Array(), kind: `setup ${program.value}`, system: system.value }));
  at("settings").innerHTML = told.html;
  at("places").hidden = !told.dependsOnSystem;
}

function sayTooOld() {
  note.textContent = "This browser is too old for this page. Open it in a newer one, of 2023 or later.";
}

// Puts a text into the text area, and answers to it as it was.
function take(text, known = { name: "", kind: "" }) {
  given = { ...known, bytes: encoder.encode(text) };
  const isLong = text.length > LONGEST;
  const size = `${(given.bytes.length / 1048576).toFixed(1)} MB`;
  const shown = isLong ? "" : calls ? ask("conceal", given) : text.replace(new RegExp(PASSWORD, "gi"), "[hidden]");
  area.value = shown;
  if (!known.name) name.value = "";
  answer(isLong ? `A text of ${size} was read. It is too long to be shown.` : shown === text ? "" : "What may be a password or an address is hidden above.");
}

// Answers to what was given before the library was there, or to what a browser kept in the text area.
function again() {
  if (area.value) take(given.bytes.length ? decoder.decode(given.bytes) : area.value, given);
  else if (given.bytes.length) answer();
  setUp();
}

area.addEventListener("paste", (event) => {
  const pasted = event.clipboardData?.getData("text/plain");
  if (!pasted) return;
  event.preventDefault();
  const [before, after] = [area.value.slice(0, area.selectionStart), area.value.slice(area.selectionEnd)];
  // What is pasted into a text is of its kind.
  take(before + pasted + after, before + after ? given : undefined);
});

area.addEventListener("input", () => {
  const known = area.value ? { name: given.name, kind: given.kind } : { name: "", kind: "" };
  if (PASSWORD.test(area.value) || area.value.length > LONGEST) {
    take(area.value, known);
    return;
  }
  given = { ...known, bytes: encoder.encode(area.value) };
  clearTimeout(timer);
  timer = setTimeout(answer, PAUSE);
});

// The text is answered again, as it was given.
kind.addEventListener("change", () => {
  given = { ...given, kind: kind.value };
  conceal();
  answer();
});
name.addEventListener("change", () => {
  given = { ...given, name: name.value.trim(), kind: "" };
  conceal();
  answer();
});

// Of settings, more may be secret than of a message.
function conceal() {
  if (area.value) area.value = ask("conceal", { ...given, bytes: encoder.encode(area.value) });
}

program.addEventListener("change", setUp);
system.addEventListener("change", setUp);

document.addEventListener("click", (event) => {
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
  name.value = "";
  given = { bytes: new Uint8Array(await file.arrayBuffer()), name: file.name, kind: "" };
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
let ready = Promise.resolve().then(load);
ready.then(again, sayTooOld);
