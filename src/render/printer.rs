//! Prints a text line by line, wrapped to the width of the terminal.

use std::io;

use owo_colors::{OwoColorize, Style};
use textwrap::core::display_width;
use textwrap::{Options, WordSplitter};

use super::Look;
use crate::report::Link;
use crate::visible;

/// Prints a text line by line, wrapped to the width of the terminal.
pub(crate) struct Printer<'o> {
    pub(crate) look: Look,
    pub(crate) out: &'o mut dyn io::Write,
}

impl Printer<'_> {
    pub(crate) fn heading(&mut self, text: &str) -> io::Result<()> {
        writeln!(self.out, "\n{}", text.bold())
    }

    /// Paragraphs, which are separated by empty lines in the text.
    pub(super) fn paragraphs(&mut self, text: &str) -> io::Result<()> {
        for paragraph in text.split("\n\n") {
            self.paragraph(&paragraph.replace('\n', " "), "  ", "  ")?;
        }
        Ok(())
    }

    pub(crate) fn steps(&mut self, steps: &[impl AsRef<str>]) -> io::Result<()> {
        for (at, step) in steps.iter().enumerate() {
            self.paragraph(step.as_ref(), &format!("{:>3}. ", at + 1), "     ")?;
        }
        Ok(())
    }

    pub(crate) fn item(&mut self, text: &str) -> io::Result<()> {
        let bullet = if self.look.is_plain { "  " } else { "  · " };
        self.paragraph(text, bullet, "    ")
    }

    pub(crate) fn links(&mut self, links: &[Link]) -> io::Result<()> {
        if !links.is_empty() {
            self.heading("Read on")?;
        }
        for link in links {
            // An address must stay whole, so that it can be clicked and copied.
            self.paragraph(&link.title, "  ", "  ")?;
            writeln!(self.out, "    {}", link.url.underline())?;
        }
        Ok(())
    }

    pub(crate) fn styled(&mut self, text: &str, style: Style) -> io::Result<()> {
        for line in self.wrapped(text, "", "") {
            writeln!(self.out, "{}", line.style(style))?;
        }
        Ok(())
    }

    pub(crate) fn paragraph(&mut self, text: &str, first: &str, others: &str) -> io::Result<()> {
        for line in self.wrapped(text, first, others) {
            writeln!(self.out, "{line}")?;
        }
        Ok(())
    }

    /// A line that is not wrapped.
    pub(super) fn line(&mut self, text: &str) -> io::Result<()> {
        writeln!(self.out, "{}", visible::text(text))
    }

    pub(super) fn wrapped(&self, text: &str, first: &str, others: &str) -> Vec<String> {
        let room = self.look.width.saturating_sub(others.len());
        let options = within(self.look.width).initial_indent(first).subsequent_indent(others);
        // Made visible here, so that no caller can forget that a text comes from outside.
        textwrap::wrap(&with_whole_commands(&with_whole_measures(&visible::text(text)), room), options)
            .into_iter()
            .map(|line| line.replace(NO_BREAK, " "))
            .collect()
    }

    /// The part of a text that fits into one line of this width, and whether that is all of it.
    pub(super) fn cut(text: &str, room: usize) -> (String, bool) {
        let text = visible::text(text);
        if display_width(&text) <= room {
            return (text, true);
        }
        let fits = |kept: &String, more: &str| display_width(kept) + display_width(more.trim_end()) < room;
        let mut kept = String::new();
        for word in text.split_inclusive(' ') {
            if !fits(&kept, word) {
                break;
            }
            kept.push_str(word);
        }
        // A first word that is too long for the line is cut.
        if kept.is_empty() {
            for letter in text.chars() {
                if !fits(&kept, letter.encode_utf8(&mut [0; 4])) {
                    break;
                }
                kept.push(letter);
            }
        }
        (kept.trim_end_matches([' ', ';', ',', ':']).to_owned() + "…", false)
    }
}

/// Wraps lines to this width at spaces only: a name or a flag that is broken at a hyphen cannot be copied.
pub(super) fn within<'o>(width: usize) -> Options<'o> {
    Options::new(width).break_words(false).word_splitter(WordSplitter::NoHyphenation)
}

/// A space at which no line is broken.
const NO_BREAK: char = '\u{a0}';

/// Keeps a command on one line if it fits into one: its halves would look like two commands.
fn with_whole_commands(text: &str, room: usize) -> String {
    let piece = |(at, piece): (usize, &str)| match at % 2 == 1 && piece.chars().count() + 2 <= room {
        true => piece.replace(' ', &NO_BREAK.to_string()),
        false => piece.to_owned(),
    };
    text.split('`').enumerate().map(piece).collect::<Vec<_>>().join("`")
}

/// Keeps a number and its unit on one line.
fn with_whole_measures(text: &str) -> String {
    let mut words = text.split(' ').peekable();
    let mut joined = String::with_capacity(text.len());
    while let Some(word) = words.next() {
        joined.push_str(word);
        if let Some(next) = words.peek() {
            let is_unit = ["s", "ms", "%"].contains(&next.trim_end_matches([';', ',', '.', ')']));
            joined.push(if is_unit && word.ends_with(|last: char| last.is_ascii_digit()) { NO_BREAK } else { ' ' });
        }
    }
    joined
}
