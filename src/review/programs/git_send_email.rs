//! git-config(1): `[sendemail]` and `[sendemail "IDENTITY"]` of git send-email, and `[imap]` of git imap-send.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::review::account::{Account, Edit, Encryption, Folder, Settings, Spoken, Stated};
use crate::review::lines::{Word, bare};
use crate::review::secrets::Secrets;

/// The value of a name.
#[derive(Clone)]
struct Value {
    said: Stated<String>,
    /// Where the name begins.
    name_at: usize,
    /// The line of the value, and its indentation; `None` where the section begins on the same line.
    line: Option<(usize, String)>,
}

impl Value {
    /// The same, with a change that inserts this line before it.
    fn before_it<T>(&self, said: Stated<T>, line: &str) -> Stated<T> {
        match &self.line {
            Some((start, indent)) => said.with_line(*start, format!("{indent}{line}")),
            None => said,
        }
    }
}

type Section = BTreeMap<String, Value>;

pub(super) fn read(text: &str) -> Settings {
    let (sections, secrets) = sections(text);
    let nothing = Section::new();
    let common = sections.get("sendemail").unwrap_or(&nothing);
    let identities = sections.iter().filter(|(name, own)| {
        // An identity that only sets recipients does not send in another way.
        name.starts_with("sendemail.") && own.keys().any(|key| key.starts_with("smtp"))
    });
    let identities = identities.map(|(_, own)| (own, common));
    let sending = std::iter::once((common, &nothing)).chain(identities).filter_map(|(own, rest)| sending(own, rest));
    Settings::of(sending.chain(sections.get("imap").and_then(drafting)), secrets)
}

/// The sections, as `name` and `name.IDENTITY`; the last value of a name counts.
fn sections(text: &str) -> (BTreeMap<String, Section>, Secrets) {
    let (mut sections, mut secrets) = (BTreeMap::<String, Section>::new(), Secrets::default());
    let (mut current, mut section) = (String::new(), Section::new());
    let (mut is_continued, mut is_secret) = (false, false);
    for (line, whole) in bare(text) {
        let was_continued = is_continued;
        is_continued = whole.ends_with('\\');
        let mut word = Word { text: whole, start: line }.trimmed();
        if was_continued {
            secrets.passwords.extend(is_secret.then(|| word.at()));
            continue;
        }
        if let Some((name, rest)) = header(word) {
            sections.entry(current).or_default().append(&mut section);
            (current, word) = (name, rest.trimmed());
        }
        if word.text.is_empty() || word.text.starts_with(['#', ';', '[']) {
            continue;
        }
        let (name, said) = match word.split_once("=") {
            Some((name, rest)) => {
                let said = value(rest);
                is_secret = secrets.note(name.text, rest.trimmed());
                secrets.passwords.extend(said.at.clone().filter(|_| is_secret));
                secrets.note_url(rest);
                (name.trimmed(), said)
            }
            // A name without a value means true.
            None => (word, Stated::at("true".to_owned(), word.at())),
        };
        let indent = whole.get(..name.start - line).filter(|before| before.trim().is_empty());
        let value = Value { said, name_at: name.start, line: indent.map(|indent| (line, indent.to_owned())) };
        section.insert(name.text.to_lowercase(), value);
    }
    sections.entry(current).or_default().append(&mut section);
    (sections, secrets)
}

/// `[name]` or `[name "IDENTITY"]`, and what follows it on the line.
fn header(word: Word) -> Option<(String, Word)> {
    let (before, inner) = word.split_once("[")?;
    let (name, _) = inner.parted(inner.text.find([']', '"']).unwrap_or(inner.text.len()));
    let after = inner.parted(name.text.len()).1;
    let name = name.text.trim().to_lowercase();
    if !before.text.is_empty() {
        return None;
    }
    let Some(("", quoted)) = after.split_once("\"").map(|(before, quoted)| (before.text, quoted)) else {
        return after.split_once("]").map(|(_, rest)| (name, rest));
    };
    let (identity, rest) = quoted.split_once("\"")?;
    Some((format!("{name}.{}", identity.text), rest.split_once("]")?.1))
}

/// git-config(1), "SYNTAX": a value may be quoted as a whole or in part, and ends where a comment begins.
fn value(rest: Word) -> Stated<String> {
    let (mut is_quoted, mut is_escaped) = (false, false);
    let ends = |letter: char| {
        let ends = !is_quoted && !is_escaped && matches!(letter, '#' | ';');
        is_quoted ^= letter == '"' && !is_escaped;
        is_escaped = letter == '\\' && !is_escaped;
        ends
    };
    let word = rest.parted(rest.text.find(ends).unwrap_or(rest.text.len())).0.trimmed();
    let word = word.within("\"").filter(|inner| !inner.text.contains('"')).unwrap_or(word);
    Stated::at(word.text.replace(['"', '\\'], ""), word.at())
}

/// git-send-email(1): an identity's own settings come first, and the general settings supply the others.
fn sending(own: &Section, rest: &Section) -> Option<Account> {
    let find = |key: &str| own.get(key).or_else(|| rest.get(key));
    let said = |key: &str| find(key).map(|value| value.said.clone());
    let server = find("smtpserver")?;
    // An absolute path is a program that sends mail itself, and so is sendmailCmd.
    if server.said.is.starts_with('/') || find("sendmailcmd").is_some() {
        return None;
    }
    let mut account = Account::new(Spoken::Smtp, server.said.clone(), 25, Encryption::Off);
    account.encryption = match said("smtpencryption") {
        None => server.before_it(account.encryption, "smtpEncryption = tls"),
        // git-send-email(1), "--smtp-encryption": any other value means none.
        Some(word) => word.means(encryption(&word.is)).rightly("tls"),
    };
    account.port = match said("smtpserverport") {
        Some(port) => port.means(number(&port.is)).rightly("587"),
        None => {
            let by_itself = if account.encryption.is == Encryption::Tls { 465 } else { 25 };
            server.before_it(Stated::by_itself(by_itself), "smtpServerPort = 587")
        }
    };
    // git-send-email(1), "--smtp-ssl-cert-path": an empty path switches the check off.
    if let Some(path) = find("smtpsslcertpath").filter(|path| path.said.is.is_empty()) {
        let mend = Edit { at: path.name_at..path.name_at, with: "# ".to_owned() };
        account.is_verified = Stated { mend: Some(mend), ..path.said.means(false) };
    }
    account.login = said("smtpuser");
    account.password = password(find("smtppass"));
    Some(account)
}

fn password(value: Option<&Value>) -> Option<Range<usize>> {
    value.and_then(|value| value.said.at.clone())
}

fn encryption(name: &str) -> Encryption {
    match name {
        "ssl" => Encryption::Tls,
        "tls" => Encryption::Starttls,
        _ => Encryption::Off,
    }
}

/// A name from services(5), or a number.
fn number(port: &str) -> u16 {
    match port {
        "smtp" => 25,
        "submission" => 587,
        "smtps" | "submissions" | "ssmtp" => 465,
        other => other.parse().unwrap_or(0),
    }
}

/// git-imap-send(1): it puts patches into a folder, usually the one for drafts.
fn drafting(section: &Section) -> Option<Account> {
    let said = |key: &str| section.get(key).map(|value| value.said.clone());
    let server = section.get("host").filter(|_| !section.contains_key("tunnel"))?;
    let whole = Word { text: &server.said.is, start: server.said.at.clone()?.start };
    let (scheme, host) = whole.split_once("://").map_or((None, whole), |(scheme, host)| (Some(scheme), host));
    let host = host.parted(host.text.find('/').unwrap_or(host.text.len())).0;
    let (port, encryption) = match scheme.map(|scheme| scheme.text) {
        Some("imaps") => (993, Encryption::Tls),
        // STARTTLS is used where the server offers it.
        _ => (143, Encryption::Optional),
    };
    // Where the value is written with quotes or backslashes, the places in it differ from those in the file.
    let is_plain = server.said.at.as_ref().is_some_and(|at| at.len() == server.said.is.len());
    let place = |word: Word| if is_plain { Some(word.at()) } else { server.said.at.clone() };
    let host = Stated { is: host.text.to_owned(), at: place(host), mend: None };
    let mut account = Account::new(Spoken::Imap, host, port, encryption);
    account.encryption = match (scheme, place(whole)) {
        (Some(scheme), _) if is_plain => Stated::at(encryption, scheme.at()).rightly("imaps"),
        (None, Some(at)) => {
            let mend = Edit { at: at.start..at.start, with: "imaps://".to_owned() };
            Stated { is: encryption, at: Some(at), mend: Some(mend) }
        }
        _ => account.encryption,
    };
    if let Some(port) = said("port") {
        account.port = port.means(port.is.parse().unwrap_or(0)).rightly("993");
    }
    if let Some(checked) = said("sslverify") {
        let is_off = matches!(checked.is.to_lowercase().as_str(), "false" | "no" | "off" | "0" | "");
        account.is_verified = checked.means(!is_off).rightly("true");
    }
    account.login = said("user");
    account.password = password(section.get("pass"));
    account.folders.extend(said("folder").map(|folder| (Folder::Drafts, folder)));
    Some(account)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::review::properties::withstands;

    const TEXT: &str = "[SendEmail]\n\tsmtpServer = smtp.mail.me.com ; c\n\tsmtpPass = \"a#é;\"\n\tto = x\\\n[sendemail]\n\
                        [sendemail \"o]ther\"] smtpserver = \"smtp.example.com\"\n\tsmtpencryption = ssl\n\tsmtpSSLCertPath =\n\
                        [sendemail \"list\"]\n\tto = list@example.com\n[imap]\n\thost = \"imap://imap.mail.me.com\"\n\
                        \tfolder = [Gmail]/Drafts\n\tsslverify = false\n";

    #[test]
    fn it_withstands_what_is_malformed() {
        withstands(read, TEXT);
    }

    #[test]
    fn every_way_of_sending_is_an_account() {
        let [common, other, drafts] = read(TEXT).accounts.try_into().unwrap();
        assert_eq!((common.port.is, common.encryption.is), (25, Encryption::Off));
        assert_eq!(&TEXT[common.password.unwrap()], "a#é;");
        assert_eq!((other.host.is.as_str(), other.port.is), ("smtp.example.com", 465));
        assert_eq!(&TEXT[other.password.unwrap()], "a#é;");
        assert!(common.is_verified.is && !other.is_verified.is);
        assert_eq!((drafts.port.is, drafts.is_verified.is), (143, false));
        assert_eq!(&TEXT[drafts.encryption.at.unwrap()], "imap");
        assert_eq!(drafts.folders[0].1.is, "[Gmail]/Drafts");
    }

    #[test]
    fn a_program_that_sends_is_no_server() {
        assert!(read("[sendemail]\n\tsmtpserver = /usr/bin/msmtp\n").accounts.is_empty());
        assert!(read("[sendemail]\n\tsmtpserver = a\n\tsendmailCmd = msmtp\n").accounts.is_empty());
    }
}
