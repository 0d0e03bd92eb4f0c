#!/usr/bin/env node
// Starts the program of this system, which npm installed as a package of its own. Nothing is downloaded.
"use strict";
const { spawnSync } = require("node:child_process");

const ending = process.platform === "win32" ? ".exe" : "";
let program;
try {
    program = require.resolve(`icloud-mail-doctor-${process.platform}-${process.arch}/bin/icloud-mail-doctor${ending}`);
} catch {
    console.error(
        `icloud-mail-doctor: there is no program for ${process.platform} on ${process.arch}, or npm left it out: ` +
            "install again without --omit=optional",
    );
    process.exit(2);
}
// Ctrl-C is the program's to hear; this process only waits for it.
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => {});
const ended = spawnSync(program, process.argv.slice(2), { stdio: "inherit" });
if (ended.error) {
    console.error(`icloud-mail-doctor: ${program} cannot be started: ${ended.error.message}`);
    process.exit(2);
}
process.exit(ended.status ?? 130);
