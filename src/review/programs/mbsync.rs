//! mbsync(1) of isync: sections that begin with a key such as `IMAPAccount` and end with an empty line.

use crate::review::account::{Account, Encryption, Folder, Said, Settings, Spoken};
use crate::review::lines::{Word, bare, words};
use crate::review::secrets::Secrets;

pub(super) fn read(text: &str) -> Settings {
    let mut secrets = Secrets::default();
    let mut accounts: Vec<Account> = Vec::new();
    let mut folders = Vec::new();
    let mut is_in_account = false;
    // The account whose section this is has told its host.
    let mut has_host = false;
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
        let [key, value, ..] = words.as_slice() else {
            is_in_account &= !line.trim().is_empty();
            continue;
        };
        match key.text.to_lowercase().as_str() {
            "imapaccount" | "imapstore" => (is_in_account, has_host) = (true, false),
            "maildirstore" | "channel" | "group" => is_in_account = false,
            "host" if is_in_account => {
                accounts.push(account(value, start));
                has_host = true;
            }
            "trash" => folders.push((Folder::Trash, value.said())),
            key if is_in_account && has_host => {
                if let Some(account) = accounts.last_mut() {
                    set(account, key, value);
                }
            }
            _ => {}
        }
    }
    if let Some(first) = accounts.first_mut() {
        first.folders = folders;
    }
    Settings::of(accounts, secrets)
}

/// mbsync(1), "IMAP Accounts": by itself it says STARTTLS on port 143.
fn account(host: &Word, line: usize) -> Account {
    let mut account = Account::new(Spoken::Imap, host.said(), 143, Encryption::Starttls);
    account.port = account.port.with_line(line, "Port 993");
    account.encryption = account.encryption.with_line(line, "SSLType IMAPS");
    account
}

fn set(account: &mut Account, key: &str, value: &Word) {
    match key {
        "port" => account.port = value.port(993),
        "user" => account.login = Some(value.said()),
        "pass" => account.password = Some(value.at()),
        "passcmd" => account.password_command = Some(Said { is: value.text.replace("\\\"", "\""), ..value.said() }),
        // Its name from isync 1.5 on is the second.
        "ssltype" | "tlstype" => {
            let encryption = match value.text.to_lowercase().as_str() {
                "imaps" => Encryption::Tls,
                "starttls" => Encryption::Starttls,
                "none" => Encryption::Off,
                _ => Encryption::Unknown,
            };
            account.encryption = Said::at(encryption, value.at()).rightly("IMAPS");
            if encryption == Encryption::Tls && account.port.at.is_none() {
                account.port = Said::by_itself(993);
            }
        }
        _ => {}
    }
}
