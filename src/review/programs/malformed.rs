//! Files as nobody writes them, which every reader has to withstand.

use std::ops::Range;

use crate::review::account::{Account, Edit};

/// Reads the text cut at every place, with NUL bytes in it, and as long lines of all that has a meaning somewhere; every
/// place that is told of lies in the text.
pub(super) fn withstands(read: fn(&str) -> Vec<Account>, text: &str) {
    for (at, _) in text.char_indices() {
        holds(read, &text[..at]);
        holds(read, &text[at..]);
        holds(read, &format!("{}\0{}", &text[..at], &text[at..]));
    }
    holds(read, &text.replace('\n', "\r\n"));
    holds(read, &text.replace(' ', "\u{a0}"));
    for letter in
        ["a", "\"", "'", "`", "\\", "\\\"", "[", "]", "{", "=", ":", "/", "@", "#", "$", "%", " ", ";", "é", "\0"]
    {
        let long = letter.repeat(100_000 / letter.len());
        holds(read, &long);
        holds(read, &format!("{text}{long}"));
    }
    for (at, _) in text.match_indices(' ') {
        holds(read, &format!("{} {}{}", &text[..at], "\"=".repeat(1000), &text[at..]));
    }
}

fn holds(read: fn(&str) -> Vec<Account>, text: &str) {
    for account in read(text) {
        let folders = account.folders.iter().flat_map(|(_, said)| [said.at.clone(), place(said.mend.as_ref())]);
        let places = [
            account.host.at.clone(),
            account.port.at.clone(),
            account.encryption.at.clone(),
            account.is_verified.at.clone(),
            account.password.clone(),
            account.login.as_ref().and_then(|said| said.at.clone()),
            account.password_command.as_ref().and_then(|said| said.at.clone()),
            account.every.as_ref().and_then(|said| said.at.clone()),
            place(account.port.mend.as_ref()),
            place(account.encryption.mend.as_ref()),
            place(account.is_verified.mend.as_ref()),
        ];
        for at in places.into_iter().chain(folders).flatten() {
            assert!(text.get(at.clone()).is_some(), "{at:?} is not in {text:?}");
        }
    }
}

fn place(mend: Option<&Edit>) -> Option<Range<usize>> {
    mend.map(|edit| edit.at.clone())
}
