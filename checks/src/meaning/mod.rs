//! What a server's sentence means: its code and its words, read by one table for every question and every text.
//!
//! The words outweigh the code: a code is chosen by a programmer, often the nearest of a few, and the words are written
//! for the one case. A meaning is sure only where both say it, or where only one of them says anything.

mod sentence;
mod table;

use serde::Deserialize;

pub use sentence::{Sentence, sentence};
use table::{ENHANCED, REPLIES, RESPONSES, ROWS, Row};

/// What a server means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Meaning {
    /// The name or the password is not accepted.
    Refused,
    /// The password was right once: it has expired or was revoked.
    Expired,
    /// The password is not of the kind that programs need.
    WrongKind,
    /// The account is locked or held back.
    Locked,
    /// There were too many sign-ins.
    Throttled,
    /// There are too many connections at once.
    TooManyConnections,
    /// The server itself cannot serve now.
    Unavailable,
    /// The service is switched off for this account.
    SwitchedOff,
    /// The way to send the password is not accepted.
    Mechanism,
    /// The connection must be encrypted first.
    Encryption,
    /// The storage is full.
    MailboxFull,
    /// The account may not send as this sender.
    SenderNotAllowed,
    /// The account has sent enough for now.
    SendingLimit,
    /// A recipient is not accepted.
    Recipient,
    /// What the message contains is not accepted.
    Content,
    /// The message is too large.
    Size,
    /// The server has seen no sign-in.
    NotSignedIn,
}

/// A meaning that was heard.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Heard {
    /// What it is.
    pub meaning: Meaning,
    /// Whether nothing else of the sentence speaks against it.
    pub is_sure: bool,
    /// Whether the words say it, and not the code alone.
    pub by_words: bool,
}

/// What Postfix rejects.
const REJECTED: [&str; 5] = [
    "client host rejected:",
    "sender address rejected:",
    "recipient address rejected:",
    "login name rejected:",
    "helo command rejected:",
];

/// Meanings that a reason can have whatever was rejected.
const OF_A_LIMIT: [Meaning; 4] =
    [Meaning::MailboxFull, Meaning::SendingLimit, Meaning::Throttled, Meaning::TooManyConnections];

/// What a line of a server means; `None` where neither its code nor its words are known.
pub fn of(line: &str) -> Option<Heard> {
    sentence(line).and_then(|sentence| sentence.heard())
}

impl Sentence<'_> {
    /// What it means; `None` where neither the code nor the words are known.
    pub fn heard(&self) -> Option<Heard> {
        let by_code = self.by_code();
        let words = plain(self.words);
        match self.after_what_is_rejected().or_else(|| self.row(&words)) {
            Some(row) => {
                let is_sure = by_code.is_none_or(|meaning| meaning == row.means);
                Some(Heard { meaning: row.means, is_sure, by_words: true })
            }
            // Words that are not understood may say something else.
            None => by_code.map(|meaning| Heard { meaning, is_sure: words.trim().is_empty(), by_words: false }),
        }
    }

    /// The row that plain words fit.
    fn row(&self, words: &str) -> Option<&'static Row> {
        ROWS.iter().find(|row| row.fits(words) && self.may_mean(row.means))
    }

    /// Postfix says first what it rejects and then why: of a limit, the reason says more than what it was found at.
    /// <https://www.postfix.org/access.5.html>, REJECT actions with a text
    fn after_what_is_rejected(&self) -> Option<&'static Row> {
        let words = self.words.to_ascii_lowercase();
        let reason = REJECTED.iter().find_map(|what| words.split_once(what).map(|(_, reason)| reason))?;
        self.row(&plain(reason)).filter(|row| OF_A_LIMIT.contains(&row.means))
    }

    /// What its codes mean by themselves: the enhanced code says more than the reply's.
    fn by_code(&self) -> Option<Meaning> {
        let known = |codes: &[(&str, Meaning)], code: Option<&str>| {
            codes.iter().find(|(known, _)| Some(*known) == code).map(|(_, meaning)| *meaning)
        };
        // The class only tells whether it may pass.
        let enhanced = self.enhanced.and_then(|code| code.get(2..));
        let reply = self.reply.filter(|reply| enhanced.is_none() || !reply.starts_with("55"));
        let response = || known(RESPONSES, self.response);
        response().or_else(|| known(ENHANCED, enhanced)).or_else(|| known(REPLIES, reply))
    }

    /// Whether it can mean that: senders and recipients are judged by a server for sending, after the sign-in, and a
    /// status about the address of a message (RFC 3463, section 3.2) is about no sign-in.
    fn may_mean(&self, meaning: Meaning) -> bool {
        let is_of_a_message = self.reply.is_some_and(|reply| !reply.starts_with("53") || reply == "530");
        match meaning {
            Meaning::SenderNotAllowed | Meaning::Recipient | Meaning::Content | Meaning::NotSignedIn => is_of_a_message,
            Meaning::Refused => self.enhanced.is_none_or(|status| status.get(1..4) != Some(".1.")),
            _ => true,
        }
    }
}

impl Row {
    /// Whether plain words say this: one stem of each group, and none of the others.
    fn fits(&self, words: &str) -> bool {
        let any = |stems: &str| stems.split('|').any(|stem| begins_a_word(words, stem));
        self.all.iter().all(|stems| any(stems)) && (self.unless.is_empty() || !any(self.unless))
    }
}

/// Whether a word of the text begins with the stem; a stem that ends in a blank is a whole word.
fn begins_a_word(words: &str, stem: &str) -> bool {
    words.match_indices(stem).any(|(at, _)| words[..at].ends_with(' '))
}

/// Small letters and digits, with one blank before each word and after the last.
fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len() + 2);
    plain.push(' ');
    for character in text.chars().flat_map(char::to_lowercase) {
        match character.is_alphanumeric() {
            true => plain.push(character),
            false if plain.ends_with(' ') => {}
            false => plain.push(' '),
        }
    }
    if !plain.ends_with(' ') {
        plain.push(' ');
    }
    plain
}

/// Each row's example, with its meaning, for the tests of what rests on the table.
#[doc(hidden)]
pub fn examples() -> impl Iterator<Item = (Meaning, &'static str)> {
    ROWS.iter().flat_map(|row| row.examples.iter().map(|example| (row.means, *example)))
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;
