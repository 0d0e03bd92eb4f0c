//! Geary: `geary.ini` of an account, with a section for each direction. Passwords are in the keyring.

use super::evolution::find;
use crate::review::account::{Account, Encryption, Folder, Settings, Spoken, Stated};
use crate::review::lines::Word;
use crate::review::python::{Section, sections};

pub(super) fn read(text: &str) -> Settings {
    let (sections, secrets) = sections(text);
    let incoming = account(&sections, "Incoming", Spoken::Imap);
    let incoming = incoming.map(|incoming| Account { folders: folders(&sections), ..incoming });
    Settings::of(incoming.into_iter().chain(account(&sections, "Outgoing", Spoken::Smtp)), secrets)
}

/// Geary's `ServiceConfigV1`.
fn account(sections: &[Section], section: &str, spoken: Spoken) -> Option<Account> {
    let of = |key: &str| find(sections, section, key);
    let security = of("transport_security");
    let encryption = match security.map_or("", |word| word.text).to_lowercase().as_str() {
        "transport" => Encryption::Tls,
        "start-tls" => Encryption::Starttls,
        "none" => Encryption::Off,
        _ => Encryption::Unknown,
    };
    let is_smtp = spoken == Spoken::Smtp;
    let usual = match (is_smtp, encryption) {
        (true, Encryption::Tls) => 465,
        (true, _) => 587,
        (false, Encryption::Tls) => 993,
        (false, _) => 143,
    };
    let mut account = Account::new(spoken, of("host")?.said(), usual, encryption);
    if let Some(word) = security {
        account.encryption = Stated::at(encryption, word.at()).rightly(if is_smtp { "start-tls" } else { "transport" });
    }
    if let Some(port) = of("port").filter(|port| port.text != "0") {
        account.port = port.port(if is_smtp { 587 } else { 993 });
    }
    let credentials = of("credentials");
    let is_shared = is_smtp && credentials.is_some_and(|word| word.text == "use-incoming");
    account.login = if is_shared { find(sections, "Incoming", "login") } else { of("login") }.map(Word::said);
    // No output shows the value of such a name, so that a change of it could not be seen.
    account.no_sign_in =
        credentials.filter(|word| is_smtp && word.text == "none").map(|word| Stated::at((), word.at()));
    Some(account)
}

/// A list of the names from the outermost folder on, each with a semicolon after it.
fn folders(sections: &[Section]) -> Vec<(Folder, Stated<String>)> {
    let names = [
        ("sent_folder", Folder::Sent),
        ("drafts_folder", Folder::Drafts),
        ("trash_folder", Folder::Trash),
        ("spam_folder", Folder::Junk),
        ("archive_folder", Folder::Archive),
    ];
    let found = |(key, folder)| {
        let list = find(sections, "Folders", key)?;
        Some((folder, list.until(list.text.trim_end_matches(';').len()).said()))
    };
    names.into_iter().filter_map(found).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_directions_are_read_and_may_share_a_login() {
        let text = "[Folders]\nsent_folder=Sent;\n[Incoming]\nlogin=you\nhost=i\nport=993\ntransport_security=transport\n\
                    [Outgoing]\nhost=s\nport=0\ntransport_security=start-tls\ncredentials=use-incoming\n";
        let accounts = read(text).accounts;
        let found: Vec<_> =
            accounts.iter().map(|account| (account.spoken, account.port.is, account.encryption.is)).collect();
        let expected = [(Spoken::Imap, 993, Encryption::Tls), (Spoken::Smtp, 587, Encryption::Starttls)];
        assert_eq!(found, expected);
        assert_eq!(accounts[1].login, accounts[0].login);
        assert_eq!(accounts[0].folders[0].1.is, "Sent");
        assert!(read(&text.replace("use-incoming", "none")).accounts[1].no_sign_in.is_some());
    }

    #[test]
    fn anything_can_be_read() {
        crate::review::properties::withstands(
            read,
            "[Folders]\nsent_folder=é;\n[Incoming]\nlogin=é\nhost=h\n[Outgoing]\nhost=é\ncredentials=none\n",
        );
    }
}
