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

use crate::password::Password;
use crate::plan::Plan;
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
        let known = ordinary::parts(self.known.iter().map(String::as_str));
        for secret in std::iter::once(&password.secret).chain(&password.as_given).chain(&password.as_shown) {
            self.sought.extend(Sought::near(secret.expose(), |part| known.contains(part) || ordinary::is_part(part)));
            self.sought.dedup_by(|one, other| one.is_same(other));
        }
        self
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
    pub fn text<'t>(&self, text: &'t str) -> Cow<'t, str> {
        let lines: Vec<&str> = text.split('\n').collect();
        let shown = self.shown(&lines, &self.found(&lines));
        if shown.iter().all(Option::is_none) {
            return Cow::Borrowed(text);
        }
        Cow::Owned(joined(&lines, &shown))
    }

    /// Conceals the lines of one conversation, and what is spread over several of them; returns which were changed.
    pub fn lines(&self, lines: &mut [String]) -> Vec<bool> {
        self.put(lines, &self.found(lines))
    }

    /// Hides the lines that were found, and replaces the names in the others; returns which were changed.
    fn put(&self, lines: &mut [String], found: &[bool]) -> Vec<bool> {
        let shown = self.shown(lines, found);
        let put = |(line, shown): (&mut String, Option<String>)| shown.map(|shown| *line = shown).is_some();
        lines.iter_mut().zip(shown).map(put).collect()
    }

    /// What each line is shown as, if it is changed: those that were found are hidden, and names are replaced in the
    /// others.
    fn shown(&self, lines: &[impl AsRef<str>], found: &[bool]) -> Vec<Option<String>> {
        let shown = |(line, is_found): (&str, &bool)| match is_found {
            true => Some(self.hidden(line)).filter(|hidden| hidden != line),
            false => match self.names.replaced(lines::without_credentials(line)) {
                Cow::Owned(shown) if shown != line => Some(shown),
                Cow::Owned(_) | Cow::Borrowed(_) => None,
            },
        };
        lines.iter().map(AsRef::as_ref).zip(found).map(shown).collect()
    }

    /// The lines that contain part of a secret.
    fn found(&self, lines: &[impl AsRef<str>]) -> Vec<bool> {
        self.found_by(lines, |_| true)
    }

    /// The lines that contain part of one of these secrets.
    fn found_by(&self, lines: &[impl AsRef<str>], is_searched: impl Fn(&Sought) -> bool) -> Vec<bool> {
        let mut found = vec![false; lines.len()];
        // No encoding is shorter than its content, except for letters beyond ASCII, which may be read as several.
        let is_ascii = lines.iter().all(|line| line.as_ref().is_ascii());
        let length: usize = lines.iter().map(|line| line.as_ref().len()).sum();
        let is_searched = |sought: &&Sought| is_searched(sought) && (!is_ascii || length >= sought.least());
        let mut searched = self.sought.iter().filter(is_searched).peekable();
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

/// The lines of a text as they are shown.
fn joined(lines: &[&str], shown: &[Option<String>]) -> String {
    let lines = lines.iter().zip(shown).map(|(line, shown)| shown.as_deref().unwrap_or(line));
    lines.collect::<Vec<_>>().join("\n")
}
