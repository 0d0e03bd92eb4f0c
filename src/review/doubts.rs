//! What was not understood in a file: as long as there is anything, the result must not be an all-clear.

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

/// The settings that are needed to judge an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum About {
    Server,
    Port,
    Encryption,
    /// The login and its password.
    Login,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Why {
    /// The value is kept elsewhere.
    Elsewhere,
    /// It is not a value of this kind.
    Unreadable,
    /// The file does not have the setting, and the program's default is not known.
    Silent,
    /// An unknown setting names a server.
    Unknown,
    /// A copy of a table is here, without what its program makes of it.
    Uncompiled,
    /// The connection goes through a program on this computer or on this network.
    Relayed,
    /// The server is not Apple's, and the login is an iCloud address.
    Foreign,
}

impl Doubt {
    /// Returns half a sentence that repeats nothing from the file.
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
            (_, Why::Uncompiled) => {
                "Postfix uses the compiled form of this table (`.db`), which is not here: run `sudo postmap` on the table where \
                 Postfix runs"
            }
            (About::Login, _) => {
                "the login is in a table that was not read here: name main.cf where the table is beside it, or run again with \
                 sudo"
            }
        }
    }
}

/// Returns what was not understood in an account.
pub(super) fn of(account: &Account, text: &str) -> Vec<Doubt> {
    let why = match whose(account) {
        Whose::Icloud => return of_values(account, text),
        Whose::Nearby => Why::Relayed,
        Whose::Others => Why::Foreign,
    };
    vec![Doubt { about: About::Server, why, at: account.host.at.as_ref().map_or(0, |at| at.start) }]
}

/// Returns which values of an account were not understood, at any provider.
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
        // iCloud does not support POP, whatever else the settings say.
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

/// Returns whether this is a reference to a value, or only the default for one: `${PORT:-587}`.
pub(super) fn is_elsewhere(text: &str, at: &Range<usize>) -> bool {
    text.get(at.clone()).is_some_and(is_placeholder)
        || text.get(..at.start).is_some_and(|before| before.ends_with(":-"))
}

fn is_name(host: &str) -> bool {
    host.chars().all(|letter| letter.is_alphanumeric() || "._-:".contains(letter))
}

/// Apple's mail servers, and names that are mistaken for them.
static SERVER: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?i)\b(?:imap|smtp|pop3?|mail|p\d+-[a-z]+mail|p\d+-imap|p\d+-smtp)(?:\.[a-z0-9-]+)*\.(?:me|icloud|mac)\.com\b")
        .ok()
});

/// Returns whether a text names a server of Apple's, or a name that is mistaken for one.
pub(super) fn names_server(text: &str) -> bool {
    SERVER.as_ref().is_some_and(|server| server.is_match(text))
}

/// Whether an account has this server, or would have it after its name is fixed.
fn is_server_of(account: &Account, name: &str) -> bool {
    let (right, _) = apples(account.protocol());
    account.host.is.eq_ignore_ascii_case(name) || right.eq_ignore_ascii_case(name)
}

/// How many are listed for one file.
const MOST_MENTIONS: usize = 20;

/// Returns the iCloud servers that are in the text but in no account.
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
