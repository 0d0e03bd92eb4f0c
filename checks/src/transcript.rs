//! What was said over a connection, line by line, and what each line meant to whoever understood it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What was said over one connection.
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
    /// By whom.
    pub from: Speaker,
    /// What, with secrets hidden.
    pub text: String,
    /// What it meant; `None` of a remark and of what is not the protocol, and where people read it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(skip)]
    pub meaning: Option<Meaning>,
}

/// What a line meant to whoever understood it when it was said, so that nobody has to guess it from the text.
// Written without a text of its own: what compares the texts of the evidence with secrets shall meet no other words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Meaning {
    /// The client asked for something.
    Command {
        /// Whether the first word is IMAP's tag, which says nothing to people.
        is_tagged: bool,
        /// Whether it ends the conversation: the answer to it may be left unheard.
        is_farewell: bool,
    },
    /// The server answered in its protocol.
    Answer {
        /// Whether it refuses.
        is_refusal: bool,
    },
}

/// Who said a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Speaker {
    /// This program.
    Client,
    /// The mail server, or who answers in its name.
    Server,
    /// Nobody: a remark of ours on what happened.
    Us,
}

/// A transcript is for people: a server that talks without end is cut off there.
const MOST_LINES: usize = 400;
/// The same for a line.
const LONGEST_LINE: usize = 1000;
/// So much more is kept until secrets are hidden: what a line shows of one at its cut end is known by what follows.
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

    /// The lines as people read them: what they meant is for the program alone.
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
