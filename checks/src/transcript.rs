//! The lines sent and received over a connection, each with its meaning as a type.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The lines of one connection.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Transcript {
    /// The lines, in their order.
    pub lines: Vec<Said>,
    /// Lines that are still too long, and how many bytes they had.
    #[serde(skip)]
    uncut: Vec<(usize, usize)>,
}

/// One line of a transcript.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Said {
    /// When, in milliseconds after the start of the run.
    pub at_ms: u64,
    /// The sender.
    pub from: Speaker,
    /// The text, with secrets hidden.
    pub text: String,
    /// Its meaning; `None` for a remark and for what is not the protocol, and in the form for people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(skip)]
    pub meaning: Option<Meaning>,
}

/// The meaning of a line, from the code that parsed it, so that it need not be guessed from the text.
// Serialized without text of its own: the search for secrets must meet no other words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Meaning {
    /// The client asked for something.
    Command {
        /// Whether the first word is IMAP's tag, which people do not need.
        is_tagged: bool,
        /// Whether it ends the conversation: the answer to it may be ignored.
        is_farewell: bool,
    },
    /// The server answered in its protocol.
    Answer {
        /// Whether it refuses.
        is_refusal: bool,
    },
}

/// The sender of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Speaker {
    /// This program.
    Client,
    /// The mail server, or what answers in its name.
    Server,
    /// Neither: a remark of ours about an event.
    Us,
}

/// A transcript is for people: a server that sends without end is cut off there.
const MOST_LINES: usize = 400;
/// The same for a line.
const LONGEST_LINE: usize = 1000;
/// This much more is kept until secrets are hidden: one at the cut is recognized by what follows.
const OVERHANG: usize = 1000;

impl Transcript {
    /// Adds a line.
    pub(crate) fn add(&mut self, at_ms: u64, from: Speaker, text: &str, meaning: Option<Meaning>) {
        if text.len() > LONGEST_LINE && self.lines.len() < MOST_LINES {
            self.uncut.push((self.lines.len(), text.len()));
        }
        let end = text.char_indices().nth(LONGEST_LINE + OVERHANG).map_or(text.len(), |(end, _)| end);
        let text = text[..end].to_owned();
        if self.lines.len() < MOST_LINES {
            self.lines.push(Said { at_ms, from, text, meaning });
        } else if self.lines.len() == MOST_LINES {
            let text = "what was said after this is left out".to_owned();
            self.lines.push(Said { at_ms, from: Speaker::Us, text, meaning: None });
        }
    }

    /// Adds a remark of ours.
    pub(crate) fn remark(&mut self, at_ms: u64, text: &str) {
        self.add(at_ms, Speaker::Us, text, None);
    }

    /// The lines as people read them, without their meanings.
    pub fn shown(&self) -> Vec<Said> {
        self.lines.iter().map(|said| Said { meaning: None, ..said.clone() }).collect()
    }

    /// Cuts the lines that are too long for people, once secrets are hidden in them.
    pub(crate) fn cut(&mut self) {
        for (at, length) in std::mem::take(&mut self.uncut) {
            let Some(said) = self.lines.get_mut(at) else { continue };
            if let Some((end, _)) = said.text.char_indices().nth(LONGEST_LINE) {
                said.text = format!("{}… ({length} bytes in all)", &said.text[..end]);
            }
        }
    }
}
