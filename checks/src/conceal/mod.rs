//! Removes secrets and identities from outside text, in any encoding.
//!
//! Texts are compared in a normal form, in which only letters and digits count, plain and decoded. A line that shares
//! too much with a secret is hidden whole, because what is left of it would give away the rest.

mod data;
mod dress;
mod form;
mod lines;
mod names;
mod ordinary;
#[cfg(test)]
mod properties;
mod recorded;
mod seen;
mod sought;
mod vocabulary;

use std::borrow::Cow;
use std::cell::LazyCell;
use std::collections::BTreeSet;

use crate::password::Password;
use crate::plan::Plan;
use crate::secret::Secret;
use dress::Dresses;
use names::Names;
pub use ordinary::is_ordinary;
use sought::Sought;

/// What has to be hidden or replaced.
#[derive(Default)]
pub struct Concealer {
    sought: Vec<Sought>,
    names: Names,
    /// What may be in a text without being an echo, besides ordinary words.
    known: Vec<String>,
}

impl Concealer {
    /// What a plan keeps secret: its password. A server's text may contain the account and the servers.
    pub fn of(plan: &Plan) -> Self {
        let Some(password) = &plan.password else { return Self::default() };
        let given = [&plan.email, &plan.imap.login, &plan.smtp.login, &plan.from];
        let servers = [&plan.imap.host, &plan.smtp.host, &plan.status_url, &plan.portal_url];
        let known = given.into_iter().flatten().chain(servers).cloned().collect();
        Self { known, ..Self::default() }.password(password)
    }

    /// Conceals a password, as it was given and as it was used.
    #[must_use]
    pub fn password(mut self, password: &Password) -> Self {
        let ordinary = ordinary::parts(self.known.iter().map(String::as_str));
        for secret in std::iter::once(&password.secret).chain(&password.as_given).chain(&password.as_shown) {
            self.secret(secret, &ordinary);
        }
        self
    }

    fn secret(&mut self, secret: &Secret, ordinary: &BTreeSet<u128>) {
        self.sought.extend(Sought::near(secret.expose(), ordinary));
        self.sought.dedup_by(|one, other| one.is_same(other));
    }

    /// Replaces an identity where it is a word of its own; a line that contains an address in an encoding is hidden.
    #[must_use]
    pub fn identity(mut self, text: &str, replacement: &str) -> Self {
        if text.contains('@') {
            self.sought.extend(Sought::dressed(text));
        }
        self.word(text, replacement)
    }

    /// Replaces a text where it is a word of its own, and does not search for it in encodings.
    #[must_use]
    pub fn word(mut self, text: &str, replacement: &str) -> Self {
        self.names.add(text, replacement);
        self
    }

    /// The text without what has to be hidden or replaced.
    pub fn text(&self, text: &str) -> String {
        let mut lines: Vec<String> = text.split('\n').map(str::to_owned).collect();
        self.lines(&mut lines);
        lines.join("\n")
    }

    /// Conceals the lines of one conversation, and what is spread over several of them; returns which were changed.
    pub fn lines(&self, lines: &mut [String]) -> Vec<bool> {
        let found = self.found(lines);
        self.shown(lines, &found)
    }

    /// Hides the lines that were found, and replaces the names in the others; returns which were changed.
    fn shown(&self, lines: &mut [String], found: &[bool]) -> Vec<bool> {
        lines
            .iter_mut()
            .zip(found)
            .map(|(line, &is_found)| {
                let shown = match is_found {
                    true => Cow::Owned(self.hidden(line)),
                    false => self.names.replaced(lines::without_credentials(line)),
                };
                let changed = Some(shown).filter(|shown| *shown != **line).map(Cow::into_owned);
                let is_changed = changed.is_some();
                if let Some(shown) = changed {
                    *line = shown;
                }
                is_changed
            })
            .collect()
    }

    /// The lines that contain part of a secret.
    fn found(&self, lines: &[impl AsRef<str>]) -> Vec<bool> {
        let mut found = vec![false; lines.len()];
        // No encoding is shorter than its content, except for letters beyond ASCII, which may be read as several.
        let is_ascii = lines.iter().all(|line| line.as_ref().is_ascii());
        let length: usize = lines.iter().map(|line| line.as_ref().len()).sum();
        let mut searched = self.sought.iter().filter(|sought| !is_ascii || length >= sought.least()).peekable();
        if searched.peek().is_none() {
            return found;
        }
        let bare = LazyCell::new(|| lines.iter().map(|line| lines::without_frame(line.as_ref())).collect::<Vec<_>>());
        for sought in searched {
            let mut as_it_is = Dresses::of(sought, lines);
            lines.iter().enumerate().for_each(|(at, line)| as_it_is.hear(line.as_ref(), at, &mut found));
            if sought.in_plain && bare.iter().any(|line| matches!(line, Cow::Owned(_))) {
                let mut without_frame = Dresses::of(sought, &bare);
                bare.iter().enumerate().for_each(|(at, line)| without_frame.hear(line, at, &mut found));
            }
        }
        found
    }

    /// A hidden line keeps only the beginning that the protocol alone decides.
    fn hidden(&self, line: &str) -> String {
        let head = lines::head(line);
        let ending = if line.ends_with('\r') { "\r" } else { "" };
        let is_telling = self.sought.iter().any(|sought| sought.holds(head));
        format!("{}{}{ending}", if is_telling { "" } else { head }, crate::secret::HIDDEN)
    }
}
