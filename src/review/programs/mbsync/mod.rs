//! mbsync(1) of isync: sections that begin with a key such as `IMAPAccount` and end with an empty line.

mod channels;

use std::collections::HashMap;

use crate::review::account::{Account, Encryption, Folder, Settings, Spoken, Stated};
use crate::review::lines::{Word, bare, words};
use crate::review::mechanism::is_refused;
use crate::review::secrets::Secrets;
use channels::Channels;

/// The settings of an `IMAPAccount` or `IMAPStore`, each key with its values, in any order; the last value of a key
/// counts.
#[derive(Default)]
struct Section<'t> {
    name: String,
    said: HashMap<String, Vec<Word<'t>>>,
    /// Where the line that names its server begins.
    line: usize,
}

pub(super) fn read(text: &str) -> Settings {
    let mut secrets = Secrets::default();
    let mut sections: Vec<Section> = Vec::new();
    let mut folders = Vec::new();
    let mut is_in_account = false;
    let mut channels = Channels::default();
    for (start, line) in bare(text) {
        let whole = Word { text: line, start };
        let words = words(line, start);
        if let Some(key) = words.first() {
            let rest = whole.from(key.at().end - start).trimmed();
            secrets.note(key.text, *words.get(1).unwrap_or(&rest));
            secrets.note(key.text, rest);
            if let Some(value) = words.get(1) {
                secrets.note_misplaced(key.text, *value, whole.from(value.at().end - start));
            }
        }
        let [key, values @ ..] = words.as_slice() else {
            is_in_account &= !line.trim().is_empty();
            if line.trim().is_empty() {
                channels.end();
            }
            continue;
        };
        let [value, ..] = values else { continue };
        channels.take(key.text, values);
        match key.text.to_lowercase().as_str() {
            "imapaccount" | "imapstore" => {
                is_in_account = true;
                sections.push(Section { name: value.text.to_owned(), ..Section::default() });
            }
            "maildirstore" | "channel" | "group" => is_in_account = false,
            "trash" => folders.push((Folder::Trash, value.said())),
            key if is_in_account => {
                if let Some(section) = sections.last_mut() {
                    if key == "host" {
                        section.line = start;
                    }
                    section.said.insert(key.to_owned(), values.to_vec());
                }
            }
            _ => {}
        }
    }
    let mut accounts: Vec<Account> = sections
        .iter()
        .filter_map(|section| Some(Account { losses: channels.losses_of(&section.name), ..account(section)? }))
        .take(Settings::MOST_ACCOUNTS + 1)
        .collect();
    if let Some(first) = accounts.first_mut() {
        first.folders = folders;
    }
    Settings::of(accounts, secrets)
}

/// mbsync(1), "IMAP Accounts": the default is STARTTLS on port 143.
fn account(section: &Section) -> Option<Account> {
    let find = |key: &str| section.said.get(key).and_then(|values| values.first()).copied();
    let mut account = Account::new(Spoken::Imap, find("host")?.said(), 143, Encryption::Starttls);
    // isync 1.5 introduced the first of these names.
    account.encryption = match find("tlstype").or_else(|| find("ssltype")) {
        Some(kind) => {
            let encryption = match kind.text.to_lowercase().as_str() {
                "imaps" => Encryption::Tls,
                "starttls" => Encryption::Starttls,
                "none" => Encryption::Off,
                _ => Encryption::Unknown,
            };
            Stated::at(encryption, kind.at()).rightly("IMAPS")
        }
        None => account.encryption.with_line(section.line, "SSLType IMAPS"),
    };
    account.port = match find("port") {
        Some(port) => port.port(993),
        None if account.encryption.is == Encryption::Tls => Stated::by_itself(993),
        None => account.port.with_line(section.line, "Port 993"),
    };
    account.login = find("user").map(Word::said);
    account.password = find("pass").map(|password| password.at());
    account.password_command =
        find("passcmd").map(|command| Stated { is: command.text.replace("\\\"", "\""), ..command.said() });
    account.no_plain = section
        .said
        .get("authmechs")
        .or_else(|| section.said.get("authmech"))
        .and_then(|mechanisms| no_plain(mechanisms));
    Some(account)
}

/// mbsync(1), "AuthMechs": the allowed mechanisms; `*` allows all of them.
fn no_plain(mechanisms: &[Word]) -> Option<Stated<()>> {
    let (first, last) = (mechanisms.first()?, mechanisms.last()?);
    let is_refused = mechanisms.iter().all(|word| is_refused(word.text));
    is_refused.then(|| Stated::at((), first.start..last.at().end).rightly("LOGIN"))
}
