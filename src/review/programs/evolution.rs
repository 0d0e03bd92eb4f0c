//! Evolution: a file for each server in `sources/`, as a key file of GNOME's. Passwords are in the keyring.

use crate::review::account::{Account, Encryption, Folder, Settings, Spoken, Stated};
use crate::review::lines::Word;
use crate::review::mechanism::is_refused;
use crate::review::python::{Section, sections};
use crate::review::switch::switch;

pub(super) fn read(text: &str) -> Settings {
    let (sections, secrets) = sections(text);
    Settings::of(account(&sections), secrets)
}

/// A value of a section, if it has one.
pub(super) fn find<'t>(sections: &[Section<'t>], section: &str, key: &str) -> Option<Word<'t>> {
    let own = sections.iter().filter(|own| own.name == section);
    own.filter_map(|own| own.find(key)).map(|entry| entry.value).rfind(|value| !value.text.is_empty())
}

fn account(sections: &[Section]) -> Option<Account> {
    let spoken = match find(sections, "Mail Account", "backendname").map_or("", |name| name.text) {
        "imapx" | "imap" => Spoken::Imap,
        "pop" => Spoken::Pop,
        _ => {
            find(sections, "Mail Transport", "backendname").filter(|name| name.text == "smtp").map(|_| Spoken::Smtp)?
        }
    };
    let of = |key: &str| find(sections, "Authentication", key);
    let method = find(sections, "Security", "method");
    // E_SOURCE_EXTENSION_SECURITY: "none" without the key.
    let encryption = match method.map_or("none", |method| method.text) {
        "ssl-on-alternate-port" => Encryption::Tls,
        "starttls-on-standard-port" => Encryption::Starttls,
        "none" => Encryption::Off,
        _ => Encryption::Unknown,
    };
    let is_smtp = spoken == Spoken::Smtp;
    // The first port that the provider lists for this encryption.
    let usual = match (spoken, encryption) {
        (Spoken::Smtp, Encryption::Tls) => 465,
        (Spoken::Smtp, _) => 25,
        (Spoken::Imap, Encryption::Tls) => 993,
        (Spoken::Imap, _) => 143,
        (Spoken::Pop, _) => 995,
    };
    let host = of("host")?;
    let mut account = Account::new(spoken, host.said(), usual, encryption);
    if let Some(method) = method {
        let rightly = if is_smtp { "starttls-on-standard-port" } else { "ssl-on-alternate-port" };
        account.encryption = Stated::at(encryption, method.at()).rightly(rightly);
    }
    if let Some(said) = of("port") {
        let port = said.port(if is_smtp { 587 } else { 993 });
        account.port = if said.text == "0" { Stated { is: usual, ..port } } else { port };
    }
    account.login = of("user").map(Word::said);
    let mechanism = of("method");
    let mended = |word: Word| Stated::at((), word.at()).rightly("PLAIN");
    account.no_plain = mechanism.filter(|word| is_refused(word.text)).map(mended);
    account.no_sign_in = mechanism.filter(|word| is_smtp && word.text == "none").map(mended);
    account.folders = [("trash", Folder::Trash), ("junk", Folder::Junk)]
        .into_iter()
        .filter_map(|(name, folder)| {
            let of = |key: &str| find(sections, "Imapx Backend", key);
            let is_used = of(&format!("usereal{name}path")).and_then(|word| switch(word.text))?;
            Some((folder, of(&format!("real{name}path")).filter(|_| is_used)?.said()))
        })
        .collect();
    Some(account)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn way(text: &str) -> (Spoken, u16, Encryption) {
        let account = read(text).accounts.remove(0);
        (account.spoken, account.port.is, account.encryption.is)
    }

    #[test]
    fn a_source_is_one_server() {
        let text = "[Mail Account]\nBackendName=imapx\n\n[Authentication]\nHost=h\nPort=0\n";
        assert_eq!(way(text), (Spoken::Imap, 143, Encryption::Off));
        assert_eq!(way(&format!("{text}[Security]\nMethod=ssl-on-alternate-port\n")).1, 993);
        let text = text.replace("Account", "Transport").replace("imapx", "smtp").replace("=0", "=587");
        let starttls = format!("{text}[Security]\nMethod=starttls-on-standard-port\n");
        assert_eq!(way(&starttls), (Spoken::Smtp, 587, Encryption::Starttls));
        assert_eq!(read("[Mail Transport]\nBackendName=sendmail\n[Authentication]\nHost=h\n").accounts, []);
        assert_eq!(read("[Authentication]\nHost=h\n").accounts, []);
    }

    #[test]
    fn anything_can_be_read() {
        crate::review::properties::withstands(
            read,
            "[Mail Account]\nBackendName=imapx\n[Authentication]\nHost=é\nPort=993\nUser=x\n[Imapx Backend]\nRealTrashPath=é\n",
        );
    }
}
