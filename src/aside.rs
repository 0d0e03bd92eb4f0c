//! What is said beside the output, on standard error: the one door to it. Whoever cannot read it there can still use the
//! output and the exit code, so that nothing here fails.

#![allow(clippy::disallowed_methods, reason = "this is the door")]

use std::fmt::Display;
use std::io::{self, IsTerminal as _, Write as _};

use crate::visible;

/// Says one line, in which nothing from outside is obeyed by a terminal or ends the line.
pub(crate) fn say(line: impl Display) {
    let _ = writeln!(io::stderr(), "{}", visible::text(&line.to_string()));
}

/// Asks for an answer that is typed behind it.
pub(crate) fn ask(question: impl Display) {
    let mut out = io::stderr();
    let _ = write!(out, "{} ", visible::text(&question.to_string())).and_then(|()| out.flush());
}

/// Shows a page whose texts were made visible when it was set, and which may be coloured.
pub(crate) fn page(page: &[u8], colors: anstream::ColorChoice) {
    let mut out = anstream::AutoStream::new(io::stderr(), colors);
    let _ = out.write_all(page).and_then(|()| out.write_all(b"\n"));
}

/// Whether a person may be looking.
pub(crate) fn is_seen() -> bool {
    io::stderr().is_terminal()
}
