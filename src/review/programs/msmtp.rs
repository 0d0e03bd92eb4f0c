//! msmtp(1): `defaults` and `account NAME` begin sections, and an account may inherit from others.

use std::collections::HashMap;

use crate::review::account::{Account, Encryption, Settings, Spoken, Stated};
use crate::review::lines::{Word, lines};
use crate::review::mechanism::is_refused;
use crate::review::secrets::Secrets;

/// The settings that count: with only these few keys, any number of accounts can inherit from a section.
type Section<'t> = HashMap<&'static str, Word<'t>>;

const KEYS: [&str; 9] =
    ["auth", "host", "port", "tls", "tls_starttls", "tls_certcheck", "user", "password", "passwordeval"];

pub(super) fn read(text: &str) -> Settings {
    let mut secrets = Secrets::default();
    let mut defaults = Section::new();
    let mut sections: Vec<Section> = Vec::new();
    // An account inherits from the last section with a name.
    let mut named: HashMap<&str, usize> = HashMap::new();
    let mut is_in_defaults = false;
    for line in lines(text) {
        let key = line.words[0];
        let value = line.words.get(1).copied().unwrap_or(Word { text: "", start: line.at.end });
        secrets.note(key.text, value);
        secrets.note(key.text, line.after(key, text));
        secrets.note_misplaced(key.text, value, line.after(value, text));
        match key.text {
            "defaults" => is_in_defaults = true,
            "account" => {
                is_in_defaults = false;
                let (name, section) = begun(&line.words, &named, &sections, &defaults);
                named.insert(name, sections.len());
                sections.push(section);
            }
            _ => {
                let section = if is_in_defaults { Some(&mut defaults) } else { sections.last_mut() };
                if let (Some(section), Some(known)) = (section, KEYS.iter().find(|known| **known == key.text)) {
                    section.insert(known, value);
                }
            }
        }
    }
    Settings::of(sections.iter().filter_map(|section| account(section, text)), secrets)
}

/// `account name : other, …` inherits the settings of the others.
fn begun<'t>(
    words: &[Word<'t>],
    named: &HashMap<&str, usize>,
    sections: &[Section<'t>],
    defaults: &Section<'t>,
) -> (&'t str, Section<'t>) {
    let words = words.iter().skip(1).flat_map(|word| word.text.split([':', ',', ' ']));
    let mut own_and_others = words.filter(|name| !name.is_empty());
    let name = own_and_others.next().unwrap_or("default");
    let mut section = defaults.clone();
    for other in own_and_others.filter_map(|name| sections.get(*named.get(name)?)) {
        section.extend(other.iter().map(|(key, value)| (*key, *value)));
    }
    (name, section)
}

fn account(section: &Section, text: &str) -> Option<Account> {
    let find = |key: &str| section.get(key).copied();
    let is_known = |key: &str| find(key).is_none_or(|word| matches!(word.text, "on" | "off" | ""));
    let switch = |key: &str| find(key).map(|word| Stated::at(matches!(word.text, "on" | ""), word.at()));
    let host = find("host")?.said();
    let line = host.at.clone().map_or(0, |at| text[..at.start].rfind('\n').map_or(0, |end| end + 1));
    // msmtp(1), "port": 25, and 465 for TLS without STARTTLS; "tls_starttls": on.
    let mut account = Account::new(Spoken::Smtp, host, 25, Encryption::Off);
    let (tls, starttls) = (switch("tls"), switch("tls_starttls"));
    let does_tls = tls.as_ref().is_some_and(|tls| tls.is);
    account.encryption = match (&tls, &starttls) {
        (Some(tls), _) if !is_known("tls") => tls.means(Encryption::Unknown),
        (_, Some(starttls)) if does_tls && !is_known("tls_starttls") => starttls.means(Encryption::Unknown),
        (_, Some(starttls)) if does_tls && !starttls.is => starttls.means(Encryption::Tls).rightly("on"),
        (Some(tls), _) if does_tls => tls.means(Encryption::Starttls),
        (Some(tls), _) => tls.means(Encryption::Off).rightly("on"),
        (None, _) => account.encryption.with_line(line, "tls on"),
    };
    account.port = match find("port") {
        Some(port) => port.port(587),
        None if account.encryption.is == Encryption::Tls => Stated::by_itself(465).with_line(line, "port 587"),
        None => account.port.with_line(line, "port 587"),
    };
    if let Some(checked) = switch("tls_certcheck") {
        account.is_verified = checked.rightly("on");
    }
    // msmtp(1), "auth": off.
    match find("auth") {
        None => account.no_sign_in = Some(Stated::by_itself(()).with_line(line, "auth on")),
        Some(auth) if auth.text == "off" => account.no_sign_in = Some(Stated::at((), auth.at()).rightly("on")),
        Some(auth) if is_refused(auth.text) => account.no_plain = Some(Stated::at((), auth.at()).rightly("on")),
        Some(_) => {}
    }
    account.login = find("user").map(Word::said);
    account.password = find("password").filter(|word| !word.text.is_empty()).map(|word| word.at());
    account.password_command = find("passwordeval").map(Word::said);
    Some(account)
}
