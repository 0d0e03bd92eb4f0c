//! getmail: one `[retriever]` in each file, whose type sets the protocol and the encryption.

use crate::review::account::{Account, Encryption, Folder, Loss, Settings, Spoken, Stated};
use crate::review::lines::Word;
use crate::review::python::{Section, literals, sections};
use crate::review::switch::{switch, turned};

pub(super) fn read(text: &str) -> Settings {
    let (sections, secrets) = sections(text);
    let losses: Vec<_> = sections.iter().filter(|section| section.name == "options").flat_map(losses).collect();
    let retrievers = sections.iter().filter(|section| section.name == "retriever");
    let accounts = retrievers.filter_map(|section| Some(Account { losses: losses.clone(), ..account(section)? }));
    Settings::of(accounts, secrets)
}

/// "Configuring getmail", "delete" and `delete_after` (days; 0 is never): what was fetched is deleted on the server.
fn losses(options: &Section) -> Vec<Stated<Loss>> {
    let value = |key: &str| options.find(key).map(|entry| entry.value);
    let delete = value("delete").filter(|said| switch(said.text) == Some(true));
    let later = value("delete_after").filter(|days| days.text.parse().is_ok_and(|days: u64| days > 0));
    let delete = delete.map(|said| Stated::at(Loss::DeletesAtServer, said.at()).rightly(turned(said.text)));
    let later = later.map(|days| Stated::at(Loss::DeletesAtServer, days.at()).rightly("0"));
    delete.into_iter().chain(later).collect()
}

fn account(retriever: &Section) -> Option<Account> {
    let value = |key: &str| retriever.find(key).map(|entry| entry.value).filter(|value| !value.text.is_empty());
    let kind = value("type")?;
    let is_encrypted = kind.text.contains("SSL");
    let (spoken, port) = match (kind.text.contains("IMAP"), is_encrypted) {
        (true, true) => (Spoken::Imap, 993),
        (true, false) => (Spoken::Imap, 143),
        (false, true) => (Spoken::Pop, 995),
        (false, false) => (Spoken::Pop, 110),
    };
    let encryption = if is_encrypted { Encryption::Tls } else { Encryption::Off };
    // getmail's "Configuring getmail", "port": the usual port of the protocol.
    let mut account = Account::new(spoken, value("server")?.said(), port, encryption);
    account.encryption =
        Stated::at(encryption, kind.at()).rightly(kind.text.replace("IMAPRetriever", "IMAPSSLRetriever"));
    if let Some(port) = value("port") {
        account.port = port.port(993);
    }
    // "ca_certs": certificates are checked only with it. The path of that file differs between systems, so no change is
    // known.
    let is_verified = !is_encrypted || value("ca_certs").or_else(|| value("ssl_fingerprints")).is_some();
    account.is_verified = Stated::by_itself(is_verified);
    account.login = value("username").map(Word::said);
    account.password = value("password").map(|password| password.at());
    account.password_command = value("password_command").and_then(command);
    account.rfc822 = value("use_peek")
        .filter(|peek| switch(peek.text) == Some(false))
        .map(|peek| Stated::at((), peek.at()).rightly(turned(peek.text)));
    let mailboxes = value("mailboxes").map(literals).into_iter().flatten().chain(value("move_on_delete"));
    account.folders = mailboxes.filter_map(|name| Some((Folder::meant_by(name.text)?, name.said()))).collect();
    Some(account)
}

/// The program and its arguments are the strings of a tuple.
fn command(tuple: Word) -> Option<Stated<String>> {
    let words = literals(tuple);
    let program = words.first()?;
    Some(Stated::at(words.iter().map(|word| word.text).collect::<Vec<_>>().join(" "), program.at()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_type_tells_what_is_spoken() {
        let found = |kind: &str| {
            let account = read(&format!("[retriever]\ntype = {kind}\nserver = x\n")).accounts.remove(0);
            (account.spoken, account.encryption.is, account.port.is)
        };
        assert_eq!(found("MultidropIMAPSSLRetriever"), (Spoken::Imap, Encryption::Tls, 993));
        assert_eq!(found("SimpleIMAPRetriever"), (Spoken::Imap, Encryption::Off, 143));
        assert_eq!(found("BrokenUIDLPOP3SSLRetriever"), (Spoken::Pop, Encryption::Tls, 995));
        assert_eq!(found("MultidropSDPSRetriever"), (Spoken::Pop, Encryption::Off, 110));
    }

    #[test]
    fn a_tuple_may_go_on_over_lines() {
        let text =
            "[retriever]\ntype = SimpleIMAPSSLRetriever\nserver = x\nmailboxes = (\n  'INBOX',\n  \"Sent\",\n  )\n";
        let (folder, said) = read(text).accounts.remove(0).folders.remove(0);
        assert_eq!((folder, said.is.as_str()), (Folder::Sent, "Sent"));
        assert_eq!(&text[said.at.unwrap()], "Sent");
    }

    #[test]
    fn anything_can_be_read() {
        crate::review::properties::withstands(read, include_str!("../../../tests/review/getmail/good/getmailrc"));
    }
}
