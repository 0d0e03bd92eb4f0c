// Runs the library beside the page, which stays quick whatever it is asked: the page sends calls, and each is answered in turn.
"use strict";
const encoder = new TextEncoder();
const decoder = new TextDecoder();
let compiled;
let calls;

async function start() {
  calls = (await WebAssembly.instantiate(compiled)).exports;
  // The first answers compile what is looked for, the others do not.
  for (const what of ["answer", "conceal"]) ask(what, { bytes: encoder.encode("-") });
}

// Gives the library a text with what is known of it, and returns what it tells.
function ask(what, { bytes = new Uint8Array(), ...known }) {
  const head = encoder.encode(`${JSON.stringify(known)}\n`);
  const room = calls.room(head.length + bytes.length);
  const memory = new Uint8Array(calls.memory.buffer, room, head.length + bytes.length);
  memory.set(head);
  memory.set(bytes, head.length);
  const length = calls[what]();
  return decoder.decode(new Uint8Array(calls.memory.buffer, calls.told(), length));
}

let last = Promise.resolve();
onmessage = ({ data }) => {
  const next = () => answer(data);
  last = last.then(next, next);
};

async function answer({ id, what, given }) {
  try {
    if (what === "start") {
      compiled = await WebAssembly.compile(unpack(given.packed, given.length));
      await start();
      postMessage({ id, told: ask("lists", {}) });
    } else {
      postMessage({ id, told: ask(what, given) });
    }
  } catch (fault) {
    postMessage({ id, fault: String(fault) });
    // It is begun again, because nothing is known of what it left.
    if (compiled) await start();
  }
}
