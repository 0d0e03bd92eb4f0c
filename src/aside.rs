//! The only way to standard error: messages beside the output. A failed write is ignored, because the output and the
//! exit code do not depend on it.

#![allow(clippy::disallowed_methods, reason = "this is the door")]

use std::fmt::Display;
use std::io::{self, IsTerminal as _, Write as _};

use textwrap::{Options, WordSplitter};

use crate::visible;

/// Prints one line. Text from outside in it can neither control the terminal nor end the line.
pub(crate) fn say(line: impl Display) {
    let _ = writeln!(io::stderr(), "{}", fitted(&line.to_string()));
}

/// Prints a question; the answer is typed on the same line.
pub(crate) fn ask(question: impl Display) {
    let mut out = io::stderr();
    let _ = write!(out, "{} ", fitted(&question.to_string())).and_then(|()| out.flush());
}

/// Returns the line without control sequences, wrapped at spaces where the terminal is too narrow for it.
fn fitted(line: &str) -> String {
    let line = visible::text(line);
    match terminal_size::terminal_size_of(io::stderr()) {
        // A flag or an address that is broken at a hyphen cannot be copied. One column stays free for the cursor.
        Some((width, _)) => {
            let options = Options::new(usize::from(width.0).saturating_sub(1)).break_words(false);
            textwrap::fill(&line, options.word_splitter(WordSplitter::NoHyphenation))
        }
        None => line,
    }
}

/// Prints a page whose texts were made visible when it was laid out; it may have colours.
pub(crate) fn page(page: &[u8], colors: anstream::ColorChoice) {
    let mut out = anstream::AutoStream::new(io::stderr(), colors);
    let _ = out.write_all(page).and_then(|()| out.write_all(b"\n"));
}

/// Whether a person may be reading standard error.
pub(crate) fn is_seen() -> bool {
    io::stderr().is_terminal()
}
