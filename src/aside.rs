//! What is said beside the output, on standard error: the one door to it. Whoever cannot read it there can still use the
//! output and the exit code, so that nothing here fails.

#![allow(clippy::disallowed_methods, reason = "this is the door")]

use std::fmt::Display;
use std::io::{self, IsTerminal as _, Write as _};

use textwrap::{Options, WordSplitter};

use crate::visible;

/// Says one line, in which nothing from outside is obeyed by a terminal or ends the line.
pub(crate) fn say(line: impl Display) {
    let _ = writeln!(io::stderr(), "{}", fitted(&line.to_string()));
}

/// Asks for an answer that is typed behind it.
pub(crate) fn ask(question: impl Display) {
    let mut out = io::stderr();
    let _ = write!(out, "{} ", fitted(&question.to_string())).and_then(|()| out.flush());
}

/// The line without anything that a terminal obeys, and broken between words where a terminal is too narrow for it.
fn fitted(line: &str) -> String {
    let line = visible::text(line);
    match terminal_size::terminal_size_of(io::stderr()) {
        // A flag or an address that is broken at its hyphens cannot be copied; a cursor stays at the end of a line.
        Some((width, _)) => {
            let options = Options::new(usize::from(width.0).saturating_sub(1)).break_words(false);
            textwrap::fill(&line, options.word_splitter(WordSplitter::NoHyphenation))
        }
        None => line,
    }
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
