//! aerc-accounts(5): a section for each account, with the IMAP server in `source` and the SMTP server in `outgoing`, as
//! URLs.

use std::collections::BTreeMap;

use crate::review::account::{Account, Encryption, Folder, Settings, Spoken, Stated};
use crate::review::lines::{Word, bare};
use crate::review::secrets::Secrets;
use crate::review::url::{Url, decoded};

type Section<'t> = BTreeMap<&'t str, Word<'t>>;

pub(super) fn read(text: &str) -> Settings {
    let (mut accounts, mut secrets) = (Vec::new(), Secrets::default());
    let mut section = Section::new();
    for (start, line) in bare(text) {
        let line = Word { text: line, start }.trimmed();
        if line.text.starts_with('[') {
            accounts.extend(both(&section));
            section.clear();
        } else if let (false, Some((key, rest))) = (line.text.starts_with(['#', ';']), line.split_once("=")) {
            let key = key.trimmed().text;
            secrets.note(key, value(rest));
            secrets.note(key, rest);
            secrets.note_url(rest);
            section.insert(key, value(rest));
        }
    }
    accounts.extend(both(&section));
    Settings::of(accounts, secrets)
}

/// A value as go-ini reads it, which aerc uses: in quotes, or up to a comment.
pub(super) fn value(rest: Word) -> Word {
    let word = rest.trimmed();
    for quote in ["\"\"\"", "`"] {
        if word.text.starts_with(quote) {
            let inner = word.parted(quote.len()).1;
            return inner.rsplit_once(quote).map_or(inner, |(inner, _)| inner).trimmed();
        }
    }
    let word = word.parted(word.text.find(['#', ';']).unwrap_or(word.text.len())).0.trimmed();
    let within = |quote| word.within(quote).filter(|inner| !inner.text.contains(quote));
    within("\"").or_else(|| within("'")).unwrap_or(word)
}

fn both(section: &Section) -> impl Iterator<Item = Account> {
    [reading(section), sending(section)].into_iter().flatten()
}

fn reading(section: &Section) -> Option<Account> {
    let url = Url::of(*section.get("source")?)?;
    let scheme = Scheme::of(&url);
    // aerc-imap(5): imap is STARTTLS on port 143, or unencrypted with +insecure; imaps, from 0.15 on, does not check
    // the certificate with +insecure.
    let (port, encryption) = match (scheme.protocol, scheme.is_insecure) {
        ("imaps", _) => (993, Encryption::Tls),
        ("imap", true) => (143, Encryption::Off),
        ("imap", false) => (143, Encryption::Starttls),
        _ => return None,
    };
    let mut account = account(Spoken::Imap, &url, section.get("source-cred-cmd"));
    account.port = url.port(993, port);
    let rightly = scheme.with("imaps");
    account.encryption = Stated::at(encryption, url.scheme.at()).rightly(&rightly);
    if scheme.is_insecure && encryption == Encryption::Tls {
        account.is_verified = Stated::at(false, url.scheme.at()).rightly(&rightly);
    }
    // check-mail uses the connection that is open anyway, so it needs no further sign-in.
    let folders = [("copy-to", Folder::Sent), ("postpone", Folder::Drafts), ("archive", Folder::Archive)];
    for (folder, names) in folders.iter().filter_map(|(key, folder)| Some((*folder, *section.get(key)?))) {
        account.folders.extend(listed(names).map(|name| (folder, name.said())));
    }
    Some(account)
}

/// Names separated by commas.
fn listed(names: Word) -> impl Iterator<Item = Word> {
    let mut start = names.start;
    names.text.split(',').map(move |text| {
        let name = Word { text, start };
        start += text.len() + 1;
        name.trimmed()
    })
}

fn sending(section: &Section) -> Option<Account> {
    let url = Url::of(*section.get("outgoing")?)?;
    let scheme = Scheme::of(&url);
    // aerc-smtp(5) of 0.14: smtp is unencrypted unless smtp-starttls is yes. Since 0.15 it is STARTTLS, and +insecure
    // is unencrypted; without the line, a newer version is assumed.
    let refusal = section.get("smtp-starttls").filter(|word| matches!(word.text, "no" | "false"));
    let (port, encryption) = match scheme.protocol {
        "smtps" => (465, Encryption::Tls),
        "smtp" if scheme.is_insecure || refusal.is_some() => (587, Encryption::Off),
        "smtp" => (587, Encryption::Starttls),
        _ => return None,
    };
    let mut account = account(Spoken::Smtp, &url, section.get("outgoing-cred-cmd"));
    account.port = url.port(587, port);
    account.encryption = match refusal {
        Some(word) if scheme.protocol == "smtp" && !scheme.is_insecure => {
            Stated::at(encryption, word.at()).rightly("yes")
        }
        _ => Stated::at(encryption, url.scheme.at()).rightly(scheme.with("smtp")),
    };
    Some(account)
}

/// The account that a URL describes.
fn account(spoken: Spoken, url: &Url, command: Option<&Word>) -> Account {
    let host = url.host.said();
    let mut account = Account::new(spoken, host, 0, Encryption::Off);
    account.login = url.user.map(|user| Stated::at(decoded(user.text), user.at()));
    account.password = url.password.map(|password| password.at());
    // aerc-accounts(5): a password in the URL takes precedence.
    let command = command.filter(|_| account.password.is_none());
    account.password_command = command.map(|word| word.said());
    account
}

/// `smtp+insecure+plain`: the protocol, whether it is unprotected, and the mechanism.
struct Scheme<'t> {
    protocol: &'t str,
    is_insecure: bool,
    others: Vec<&'t str>,
}

impl<'t> Scheme<'t> {
    fn of(url: &Url<'t>) -> Self {
        let mut parts = url.scheme.text.split('+');
        let protocol = parts.next().unwrap_or_default();
        let (insecure, others): (Vec<_>, Vec<_>) = parts.partition(|part| *part == "insecure");
        Self { protocol, is_insecure: !insecure.is_empty(), others }
    }

    /// The same mechanism with this protocol, protected.
    fn with(&self, protocol: &str) -> String {
        std::iter::once(protocol).chain(self.others.iter().copied()).collect::<Vec<_>>().join("+")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::review::properties::withstands;

    const TEXT: &str = "[a]\nsource = imaps://jane%40icloud.com:p@imap.mail.me.com:993 ; c\noutgoing = \"smtps+plain://j@h\"\n\
                        copy-to = Sent, Ärchive\nsource-cred-cmd = \"\"\" pass \"x\" \"\"\"\nsmtp-starttls = no\n[b\nsource=x\n";

    #[test]
    fn it_withstands_what_is_malformed() {
        withstands(read, TEXT);
    }

    #[test]
    fn both_ways_of_an_account_are_read() {
        let [reading, sending] = read(TEXT).accounts.try_into().unwrap();
        assert_eq!(reading.login.unwrap().is, "jane@icloud.com");
        assert_eq!(&TEXT[reading.password.unwrap()], "p");
        assert_eq!(reading.password_command, None);
        assert_eq!(reading.folders.len(), 2);
        assert_eq!((sending.port.is, sending.encryption.is), (465, Encryption::Tls));
        assert_eq!(sending.encryption.mend.unwrap().with, "smtp+plain");
    }

    #[test]
    fn what_runs_a_program_or_reads_files_is_no_server() {
        assert!(read("[a]\nsource = maildir://~/Mail\noutgoing = /usr/bin/msmtp\n").accounts.is_empty());
    }
}
