//! What must hold of every reader, whatever is in a file: real settings, cut, doubled, mixed and sprinkled with anything.

#![allow(clippy::unwrap_used, reason = "a test says what went wrong by failing")]

use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use proptest::prelude::*;

use super::MOST_REMARKS;
use super::account::{Account, Edit};
use super::mend::differences;
use super::programs::PROGRAMS;
use super::rules::{Seen, remarks};

/// Every settings file of the cases.
fn corpus() -> &'static [String] {
    static CORPUS: OnceLock<Vec<String>> = OnceLock::new();
    CORPUS.get_or_init(|| {
        fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
            for path in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
                if path.is_dir() { walk(&path, found) } else { found.push(path) }
            }
        }
        let mut paths = Vec::new();
        walk(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/review"), &mut paths);
        paths.retain(|path| !["expect.toml", "report.text"].iter().any(|own| path.ends_with(own)));
        paths.iter().map(|path| fs::read_to_string(path).unwrap()).collect()
    })
}

/// Pieces that mean something in one of the languages.
const PIECES: [&str; 32] = [
    "\"",
    "'",
    "\\",
    "`",
    "#",
    "[",
    "]",
    "{",
    "}",
    "=",
    ":",
    "://",
    "@",
    "%",
    "$",
    "${",
    "\n",
    "\r\n",
    "\0",
    "\u{feff}",
    " ",
    "\t",
    "é",
    "\u{1f4a9}",
    "993",
    "99999999999",
    "imap.mail.me.com",
    "imaps://a:b@imap.mail.me.com:993",
    "pop3",
    "password",
    "[x \"y",
    "- ",
];

/// A change of a text: what is done, where, and with what.
type Change = (u8, prop::sample::Index, prop::sample::Index, prop::sample::Index);

fn changed(mut text: String, changes: Vec<Change>) -> String {
    for (what, from, to, with) in changes {
        let boundary = |at: &prop::sample::Index, text: &str| {
            let mut at = at.index(text.len() + 1);
            while !text.is_char_boundary(at) {
                at -= 1;
            }
            at
        };
        let (one, other) = (boundary(&from, &text), boundary(&to, &text));
        let span = one.min(other)..one.max(other);
        match what % 4 {
            0 => text.truncate(one),
            1 => text.insert_str(one, PIECES[with.index(PIECES.len())]),
            2 => text.replace_range(span, ""),
            _ => {
                let again = text[span].to_owned();
                text.insert_str(one, &again);
            }
        }
    }
    text
}

fn places(account: &Account) -> Vec<Range<usize>> {
    let mut places: Vec<Range<usize>> = account.password.clone().into_iter().collect();
    places.extend(account.host.at.clone());
    places.extend(account.port.at.clone());
    places.extend(account.encryption.at.clone());
    places.extend(account.is_verified.at.clone());
    for said in account.login.iter().chain(&account.password_command) {
        places.extend(said.at.clone());
    }
    places.extend(account.folders.iter().filter_map(|(_, said)| said.at.clone()));
    places.extend(account.every.iter().filter_map(|said| said.at.clone()));
    places.extend(account.rfc822.iter().filter_map(|said| said.at.clone()));
    places.extend(account.along.iter().map(|edit| edit.at.clone()));
    let mends: [&Option<Edit>; 3] = [&account.port.mend, &account.encryption.mend, &account.is_verified.mend];
    places.extend(mends.into_iter().flatten().map(|edit| edit.at.clone()));
    places
}

/// All that is said of these accounts stands in the text.
fn stand(accounts: &[Account], text: &str, who: &str) {
    for place in accounts.iter().flat_map(places) {
        assert!(text.get(place.clone()).is_some(), "{who}: {place:?} of {text:?}");
    }
}

/// Reads the text by every reader: nothing panics, and all that is said stands in the text.
fn hold(text: &str) {
    for program in &PROGRAMS {
        let Ok(accounts) = (program.read)(text) else { continue };
        stand(&accounts, text, program.id);
        // As many as are told of one file.
        let seen = |account| Seen { account, text, is_readable_by_others: true, can_be_run: &|_| false };
        for remark in accounts.iter().flat_map(|account| remarks(&seen(account))).take(MOST_REMARKS) {
            differences(text, &remark.mends);
        }
    }
}

/// A reader withstands a text that is cut at every place, with NUL bytes in it, and with long lines of all that has a
/// meaning somewhere.
pub(super) fn withstands(read: fn(&str) -> Vec<Account>, text: &str) {
    let hold = |text: &str| stand(&read(text), text, "it");
    for (at, _) in text.char_indices() {
        hold(&text[..at]);
        hold(&text[at..]);
        hold(&format!("{}\0{}", &text[..at], &text[at..]));
    }
    hold(&text.replace('\n', "\r\n"));
    hold(&text.replace(' ', "\u{a0}"));
    for piece in PIECES {
        let long = piece.repeat(100_000 / piece.len());
        hold(&long);
        hold(&format!("{text}{long}"));
    }
    for (at, _) in text.match_indices(' ') {
        hold(&format!("{} {}{}", &text[..at], "\"=".repeat(1000), &text[at..]));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_settings_file_makes_a_reader_panic(
        which in any::<prop::sample::Index>(),
        changes in prop::collection::vec(any::<Change>(), 0..6),
    ) {
        hold(&changed(corpus()[which.index(corpus().len())].clone(), changes));
    }

    #[test]
    fn no_text_makes_a_reader_panic(pieces in prop::collection::vec(prop::sample::select(PIECES.to_vec()), 0..60), other in any::<String>()) {
        hold(&format!("{}{other}", pieces.concat()));
    }
}

#[test]
fn a_huge_file_is_read_in_a_moment() {
    for piece in PIECES {
        hold(&piece.repeat(256 * 1024 / piece.len()));
    }
    for text in corpus() {
        hold(&text.repeat(256 * 1024 / text.len().max(1)));
    }
}
