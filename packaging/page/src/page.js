"use strict";
const EXAMPLE = "Thunderbird: Sending of the message failed.\nThe mail server responded: 535 5.7.8 Error: authentication failed:";
// A longer text would make a phone slow, so it is read and not shown.
const LONGEST = 200000;
// After the last key, in milliseconds.
const PAUSE = 200;
// What Apple makes for apps, as it may be typed by hand. A text that is pasted is concealed as a whole.
const PASSWORD = /\b[a-z]{4}(?:[-\u2010-\u2015\u2212 ][a-z]{4}){3}\b/i;

const at = (id) => document.getElementById(id);
const [area, note, place] = ["text", "note", "answer"].map(at);
const encoder = new TextEncoder();
const decoder = new TextDecoder();
let program;
let timer;

async function load() {
  const packed = Uint8Array.from(atob(at("program").textContent), (letter) => letter.charCodeAt(0));
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
  program = await WebAssembly.compile(await new Response(stream).arrayBuffer());
  await start();
}

let calls;
async function start() {
  calls = (await WebAssembly.instantiate(program)).exports;
  // The first answer compiles what is looked for, the others do not.
  ask("answer", encoder.encode("-"));
  document.querySelector("main").dataset.isReady = "";
}

function ask(what, bytes) {
  const room = calls.room(bytes.length);
  new Uint8Array(calls.memory.buffer, room, bytes.length).set(bytes);
  const length = calls[what]();
  return decoder.decode(new Uint8Array(calls.memory.buffer, calls.told(), length));
}

function answer(bytes, remark = "") {
  clearTimeout(timer);
  note.textContent = remark;
  if (bytes.every((byte) => byte === 32 || byte === 10 || byte === 13)) {
    place.replaceChildren();
    return;
  }
  if (!calls) {
    note.textContent = "One moment …";
    ready.then(() => answer(bytes, remark), sayTooOld);
    return;
  }
  try {
    const told = JSON.parse(ask("answer", bytes));
    // The library escapes all that it quotes, and the policy of this page lets no script of it run.
    place.innerHTML = told.html ?? "";
    const said = told.kind ? `This is ${told.kind}: ${told.instead}.` : told.gap ? `The text is long: ${told.gap}.` : "";
    note.textContent = [remark, said].filter(Boolean).join(" ");
  } catch {
    // It is begun again, because nothing is known of what it left.
    calls = undefined;
    ready = start();
    place.replaceChildren();
    note.textContent = "This text cannot be read here. Paste the lines with the error alone.";
  }
}

function sayTooOld() {
  note.textContent = "This browser is too old for this page. Open it in a newer one, of 2023 or later.";
}

// Puts a text into the text area, and answers to it as it was.
function take(text) {
  const bytes = encoder.encode(text);
  const isLong = text.length > LONGEST;
  const size = `${(bytes.length / 1048576).toFixed(1)} MB`;
  let shown = isLong ? "" : calls ? ask("conceal", bytes) : text.replace(new RegExp(PASSWORD, "gi"), "[hidden]");
  area.value = shown;
  answer(bytes, isLong ? `A text of ${size} was read. It is too long to be shown.` : shown === text ? "" : "What may be a password or an address is hidden above.");
}

area.addEventListener("paste", (event) => {
  const pasted = event.clipboardData?.getData("text/plain");
  if (!pasted) return;
  event.preventDefault();
  take(area.value.slice(0, area.selectionStart) + pasted + area.value.slice(area.selectionEnd));
});

area.addEventListener("input", () => {
  if (PASSWORD.test(area.value) || area.value.length > LONGEST) {
    take(area.value);
    return;
  }
  clearTimeout(timer);
  timer = setTimeout(() => answer(encoder.encode(area.value)), PAUSE);
});

at("example").addEventListener("click", () => take(EXAMPLE));
at("clear").addEventListener("click", () => {
  take("");
  area.focus();
});

async function open(file) {
  if (!file) return;
  area.value = "";
  answer(new Uint8Array(await file.arrayBuffer()), `${file.name} was read.`);
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

let ready = Promise.resolve().then(load);
ready.then(() => area.value && take(area.value), sayTooOld);
