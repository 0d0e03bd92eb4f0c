//! What of a file was not understood: as long as there is such a thing, nobody may say that all is well.

use std::ops::Range;
use std::sync::LazyLock;

use checks::plan::apples;
use regex::Regex;

use super::account::{Account, Encryption, Spoken, Stated};
use super::placeholder::is_placeholder;
use super::programs::Program;
use super::server::{Whose, whose};
use super::source::Source;

/// Something that was not understood.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Doubt {
    pub(super) about: About,
    pub(super) why: Why,
    /// Where in the file, in bytes.
    pub(super) at: usize,
}

/// What without which nothing can be said of an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum About {
    Server,
    Port,
    Encryption,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Why {
    /// The value is kept elsewhere.
    Elsewhere,
    /// It is not a value of this kind.
    Unreadable,
    /// The file is silent, and what the program does then is not known.
    Silent,
    /// A server is named in a setting that is not known.
    Unknown,
    /// A program on this computer or in this network stands between.
    Relayed,
    /// The server is not Apple's, and the login is an address of iCloud's.
    Foreign,
}

impl Doubt {
    /// Returns half a sentence, without anything that the file says.
    pub(super) fn words(self) -> &'static str {
        match (self.about, self.why) {
            (_, Why::Unknown) => "an iCloud server is named here, in a setting that is not known",
            (_, Why::Relayed) => {
                "this goes through a program on this computer or in this network, and its settings are not known here"
            }
            (_, Why::Foreign) => "an iCloud address signs in here, at a server that is not one of iCloud's",
            (About::Server, Why::Elsewhere) => "the server's name is not in this file, only a reference to it",
            (About::Server, _) => "this is not the name of a server",
            (About::Port, Why::Elsewhere) => "the port is not in this file, only a reference to it",
            (About::Port, Why::Unreadable) => "the port is not a number",
            (About::Port, Why::Silent) => "the port is not set in this file",
            (About::Encryption, Why::Elsewhere) => "the encryption is not in this file, only a reference to it",
            (About::Encryption, Why::Unreadable) => {
                "this setting of the encryption is not known, or programs differ in what it means"
            }
            (About::Encryption, Why::Silent) => "the encryption is not set in this file",
        }
    }
}

/// Returns what of an account was not understood.
pub(super) fn of(account: &Account, text: &str) -> Vec<Doubt> {
    let why = match whose(account) {
        Whose::Icloud => return of_values(account, text),
        Whose::Nearby => Why::Relayed,
        Whose::Others => Why::Foreign,
    };
    vec![Doubt { about: About::Server, why, at: account.host.at.as_ref().map_or(0, |at| at.start) }]
}

/// Returns which values of an account were not understood, whosever its server is.
pub(super) fn of_values(account: &Account, text: &str) -> Vec<Doubt> {
    let begins = account.host.at.as_ref().map_or(0, |at| at.start);
    let server = why(&account.host, text, is_name(&account.host.is)).map(|why| (About::Server, why, &account.host.at));
    let port = why(&account.port, text, account.port.is != 0).map(|why| (About::Port, why, &account.port.at));
    let is_known = account.encryption.is != Encryption::Unknown;
    let encryption =
        why(&account.encryption, text, is_known).map(|why| (About::Encryption, why, &account.encryption.at));
    [server, port, encryption]
        .into_iter()
        .flatten()
        // iCloud has no POP, however it is asked for.
        .filter(|(about, ..)| account.spoken != Spoken::Pop || *about == About::Server)
        .map(|(about, why, at)| Doubt { about, why, at: at.as_ref().map_or(begins, |at| at.start) })
        .collect()
}

fn why<T>(said: &Stated<T>, text: &str, is_known: bool) -> Option<Why> {
    match &said.at {
        Some(at) if is_elsewhere(text, at) => Some(Why::Elsewhere),
        _ if is_known => None,
        Some(_) => Some(Why::Unreadable),
        None => Some(Why::Silent),
    }
}

/// Returns whether what is there is a reference to a value, or only the default of one: `${PORT:-587}`.
pub(super) fn is_elsewhere(text: &str, at: &Range<usize>) -> bool {
    text.get(at.clone()).is_some_and(is_placeholder)
        || text.get(..at.start).is_some_and(|before| before.ends_with(":-"))
}

fn is_name(host: &str) -> bool {
    host.chars().all(|letter| letter.is_alphanumeric() || "._-:".contains(letter))
}

/// Apple's servers for mail, and names that are taken for them.
static SERVER: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?i)\b(?:imap|smtp|pop3?|mail|p\d+-[a-z]+mail|p\d+-imap|p\d+-smtp)(?:\.[a-z0-9-]+)*\.(?:me|icloud|mac)\.com\b")
        .ok()
});

/// Returns whether a text names a server of Apple's, or one that is taken for it.
pub(super) fn names_server(text: &str) -> bool {
    SERVER.as_ref().is_some_and(|server| server.is_match(text))
}

/// Whether an account has this server, or would have it with its own fault fixed.
fn is_server_of(account: &Account, name: &str) -> bool {
    let (right, _) = apples(account.protocol());
    account.host.is.eq_ignore_ascii_case(name) || right.eq_ignore_ascii_case(name)
}

/// More than these are not listed of one file.
const MOST_MENTIONS: usize = 20;

/// Returns the iCloud servers that the text names and no account has.
pub(super) fn mentions(source: &Source, accounts: &[Account], program: &Program) -> Vec<Doubt> {
    let Some(server) = SERVER.as_ref() else { return Vec::new() };
    let is_known = |found: &regex::Match| {
        accounts.iter().any(|account| match program.mentions_once {
            true => account.host.at.as_ref().is_some_and(|at| at.contains(&found.start())),
            false => is_server_of(account, found.as_str()),
        })
    };
    let unknown =
        server.find_iter(source.unblanked()).filter(|found| !source.is_secret(found.range()) && !is_known(found));
    unknown
        .take(MOST_MENTIONS)
        .map(|found| Doubt { about: About::Server, why: Why::Unknown, at: found.start() })
        .collect()
}
