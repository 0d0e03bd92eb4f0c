//! msmtp(1): `defaults` and `account NAME` begin sections, and an account may inherit from others.

use std::ops::Range;

use crate::review::account::{Account, Encryption, Said, Spoken};
use crate::review::lines::{Word, lines};

/// What a section says, each with where.
#[derive(Clone, Default)]
struct Section<'t> {
    name: &'t str,
    said: Vec<(&'t str, &'t str, Range<usize>)>,
}

pub(super) fn read(text: &str) -> Vec<Account> {
    let mut sections: Vec<Section> = Vec::new();
    let mut defaults = Section::default();
    for line in lines(text) {
        let key = line.words[0].text;
        let value = line.words.get(1).copied().unwrap_or(Word { text: "", start: line.at.end });
        match key {
            "defaults" => sections.push(Section { name: "", ..defaults.clone() }),
            "account" => sections.push(begun(&line.words, &sections, &defaults)),
            _ => {
                if let Some(section) = sections.last_mut() {
                    section.said.retain(|(known, _, _)| *known != key);
                    section.said.push((key, value.text, value.at()));
                    if section.name.is_empty() {
                        defaults = section.clone();
                    }
                }
            }
        }
    }
    sections.iter().filter(|section| !section.name.is_empty()).filter_map(|section| account(section, text)).collect()
}

/// `account name : other, …` takes over what the others say.
fn begun<'t>(words: &[Word<'t>], sections: &[Section<'t>], defaults: &Section<'t>) -> Section<'t> {
    let names: Vec<&str> = words
        .iter()
        .skip(1)
        .flat_map(|word| word.text.split([':', ',', ' ']))
        .filter(|name| !name.is_empty())
        .collect();
    let mut section = Section { name: names.first().copied().unwrap_or("default"), said: defaults.said.clone() };
    for other in sections.iter().filter(|other| names.iter().skip(1).any(|name| *name == other.name)) {
        section.said.extend(other.said.iter().cloned());
    }
    section
}

fn account(section: &Section, text: &str) -> Option<Account> {
    let find = |key: &str| section.said.iter().rev().find(|(known, _, _)| *known == key);
    let said = |key: &str| find(key).map(|(_, value, at)| Said::at((*value).to_owned(), at.clone()));
    let switch = |key: &str| find(key).map(|(_, value, at)| Said::at(matches!(*value, "on" | ""), at.clone()));
    let host = said("host")?;
    let line = host.at.clone().map_or(0, |at| text[..at.start].rfind('\n').map_or(0, |end| end + 1));
    // msmtp(1), "port": 25, and 465 where TLS comes without STARTTLS; "tls_starttls": on.
    let mut account = Account::new(Spoken::Smtp, host, 25, Encryption::Off);
    let (tls, starttls) = (switch("tls"), switch("tls_starttls"));
    let does_tls = tls.as_ref().is_some_and(|tls| tls.is);
    account.encryption = match (&tls, &starttls) {
        (_, Some(starttls)) if does_tls && !starttls.is => starttls.means(Encryption::Tls).rightly("on"),
        (Some(tls), _) if does_tls => tls.means(Encryption::Starttls),
        (Some(tls), _) => tls.means(Encryption::Off).rightly("on"),
        (None, _) => account.encryption.with_line(line, "tls on"),
    };
    account.port = match find("port") {
        Some((_, value, at)) => Said::at(value.parse().unwrap_or(0), at.clone()).rightly("587"),
        None if account.encryption.is == Encryption::Tls => Said::by_itself(465).with_line(line, "port 587"),
        None => account.port.with_line(line, "port 587"),
    };
    if let Some(checked) = switch("tls_certcheck") {
        account.is_verified = checked.rightly("on");
    }
    account.login = said("user");
    account.password = find("password").filter(|(_, value, _)| !value.is_empty()).map(|(_, _, at)| at.clone());
    account.password_command = said("passwordeval");
    Some(account)
}
