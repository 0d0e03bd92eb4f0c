//! postconf(5), main.cf of Postfix: `name = value`, continued on lines that begin with a space; `relayhost` receives
//! the mail.

mod password_maps;
mod sasl_passwd;

use std::collections::BTreeMap;
use std::ops::Range;

use crate::review::account::{Account, Edit, Encryption, Settings, Spoken, Stated};
use crate::review::lines::{Word, bare};
use crate::review::secrets::{Holds, Secrets};
use crate::review::url::parts_of_server;
pub(super) use password_maps::review;

/// The value of a name, split into words at spaces and commas.
struct Value<'t> {
    words: Vec<Word<'t>>,
    /// The line that it begins on.
    line: usize,
}

type Values<'t> = BTreeMap<&'t str, Value<'t>>;

pub(super) fn read(text: &str) -> Settings {
    if sasl_passwd::is_one(text) {
        return sasl_passwd::read(text);
    }
    let mut secrets = Secrets::default();
    let values = values(text, &mut secrets);
    let logins = Logins::of(&values);
    secrets.passwords.extend(logins.passwords());
    let accounts = relays(&values).filter_map(|(line, server)| account(&values, &logins, line, server));
    Settings::of(accounts, secrets)
}

/// The servers that mail is sent to, each with the line of its setting.
fn relays<'v, 't>(values: &'v Values<'t>) -> impl Iterator<Item = (usize, Word<'t>)> + use<'v, 't> {
    ["relayhost", "relay_transport", "default_transport"].into_iter().flat_map(move |name| {
        let words = values.get(name).into_iter().flat_map(|value| value.words.iter().map(|word| (value.line, *word)));
        words.filter_map(move |(line, word)| Some((line, server(name, word)?)))
    })
}

/// Each name with its value; the last value of a name counts.
fn values<'t>(text: &'t str, secrets: &mut Secrets) -> Values<'t> {
    let mut values = Values::new();
    let mut last: Option<(&str, Value)> = None;
    let mut holds = Holds::NoSecret;
    for (start, line) in bare(text) {
        let word = Word { text: line, start }.trimmed();
        if word.text.is_empty() || word.text.starts_with('#') {
            continue;
        }
        if line.starts_with(char::is_whitespace) {
            if let Some((_, value)) = &mut last {
                secrets.note_as(holds, word);
                value.words.extend(words(word));
            }
            continue;
        }
        values.extend(last.take());
        if let Some((name, value)) = word.split_once("=") {
            let name = name.trimmed().text;
            holds = Holds::of(name);
            secrets.note_as(holds, value);
            last = Some((name, Value { words: words(value).collect(), line: start }));
        }
    }
    values.extend(last);
    values
}

fn words(line: Word) -> impl Iterator<Item = Word> {
    let mut start = line.start;
    line.text.split_inclusive(|letter: char| letter.is_whitespace() || letter == ',').filter_map(move |part| {
        let text = part.trim_end_matches(|letter: char| letter.is_whitespace() || letter == ',');
        let word = Word { text, start };
        start += part.len();
        (!text.is_empty()).then_some(word)
    })
}

/// A transport is `smtp:` followed by a server as in relayhost.
fn server<'t>(name: &str, word: Word<'t>) -> Option<Word<'t>> {
    if name == "relayhost" {
        return Some(word);
    }
    let (transport, server) = word.split_once(":")?;
    (matches!(transport.text, "smtp" | "relay") && !server.text.is_empty()).then_some(server)
}

fn account(values: &Values, logins: &Logins, line: usize, server: Word) -> Option<Account> {
    let (host, port, end) = parts_of_server(server);
    if host.text.is_empty() {
        return None;
    }
    // postconf(5), "smtp_tcp_port": 25.
    let mut account = Account::new(Spoken::Smtp, host.said(), 25, Encryption::Off);
    account.port = match port {
        Some(port) => Stated::at(number(port.text), port.at()).rightly("587"),
        None => Stated { mend: Some(Edit { at: end..end, with: ":587".to_owned() }), ..account.port },
    };
    let protection = Protection::of(values, line);
    account.encryption = protection.encryption;
    account.is_verified = protection.is_verified;
    account.trust = protection.trust;
    account.no_plain = no_plain(values, line);
    // postconf(5), "smtp_sasl_auth_enable": no.
    let signs_in = values.get("smtp_sasl_auth_enable").and_then(|value| value.words.first());
    account.no_sign_in = match signs_in {
        None => Some(Stated::by_itself(())),
        Some(word) => word.text.eq_ignore_ascii_case("no").then(|| Stated::at((), word.at())),
    };
    if let Some((login, password)) = logins.at(server, host) {
        account.login = Some(login.said());
        account.password = Some(password.at());
    }
    Some(account)
}

/// postconf(5), `smtp_sasl_tls_security_options`: the default is the value of `smtp_sasl_security_options`, whose
/// default forbids to send a password in plain text.
fn no_plain(values: &Values, line: usize) -> Option<Stated<()>> {
    let is_on = |value: &Value| value.words.first().is_some_and(|word| word.text.eq_ignore_ascii_case("yes"));
    values.get("smtp_sasl_auth_enable").filter(|value| is_on(value))?;
    let names = ["smtp_sasl_tls_security_options", "smtp_sasl_security_options"];
    let Some(options) = names.iter().find_map(|name| values.get(name)) else {
        return Some(Stated::by_itself(()).with_line(line, "smtp_sasl_security_options = noanonymous"));
    };
    let (forbidden, others): (Vec<Word>, Vec<Word>) =
        options.words.iter().copied().partition(|word| word.text.eq_ignore_ascii_case("noplaintext"));
    let (first, last) = (options.words.first()?, options.words.last()?);
    let rest: Vec<&str> = others.iter().map(|word| word.text).collect();
    let mend = Edit { at: first.start..last.at().end, with: rest.join(", ") };
    Some(Stated { is: (), at: Some(forbidden.first()?.at()), mend: Some(mend) })
}

/// A name from services(5), or a number.
fn number(port: &str) -> u16 {
    match port {
        "smtp" => 25,
        "submission" => 587,
        "smtps" | "submissions" => 465,
        other => other.parse().unwrap_or(0),
    }
}

/// Where Debian and its derivatives keep the trusted certificates; `setup postfix` uses the same line.
const CERTIFICATES: &str = "smtp_tls_CAfile = /etc/ssl/certs/ca-certificates.crt";

struct Protection {
    encryption: Stated<Encryption>,
    is_verified: Stated<bool>,
    trust: Option<Edit>,
}

impl Protection {
    fn of(values: &Values, line: usize) -> Self {
        let first = |name: &str| values.get(name).and_then(|value| value.words.first().copied());
        let is_on = |name: &str| first(name).filter(|word| word.text.eq_ignore_ascii_case("yes"));
        let trusts = ["smtp_tls_CAfile", "smtp_tls_CApath"].iter().any(|name| first(name).is_some())
            || is_on("tls_append_default_CA").is_some();
        // Without trusted authorities, every certificate would be refused.
        let checked = if trusts { "secure" } else { "encrypt" };
        let (encryption, is_verified) = match first("smtp_tls_security_level") {
            // Another file sets it for each server.
            _ if first("smtp_tls_policy_maps").is_some() => {
                (Stated::by_itself(Encryption::Unknown), Stated::by_itself(true))
            }
            Some(level) => {
                let (encryption, is_verified) = meant_by(level.text);
                (
                    Stated::at(encryption, level.at()).rightly(checked),
                    Stated::at(is_verified, level.at()).rightly("secure"),
                )
            }
            None => {
                // postconf(5), "smtp_tls_security_level": these older settings apply without it; without them, nothing
                // is encrypted.
                let checks_name = first("smtp_tls_enforce_peername").is_none_or(|word| word.text != "no");
                let (encryption, is_verified) = match (is_on("smtp_enforce_tls"), is_on("smtp_use_tls")) {
                    (Some(enforced), _) => (Stated::at(Encryption::Starttls, enforced.at()), checks_name),
                    (None, Some(used)) => (Stated::at(Encryption::Optional, used.at()), false),
                    (None, None) => (Stated::by_itself(Encryption::Off), false),
                };
                let missing = |level: &str| format!("smtp_tls_security_level = {level}");
                (
                    encryption.with_line(line, missing(checked)),
                    Stated::by_itself(is_verified).with_line(line, missing("secure")),
                )
            }
        };
        // postconf(5), "smtp_tls_wrappermode": it needs the level encrypt or higher.
        let encryption = match is_on("smtp_tls_wrappermode") {
            Some(wrapped) => Stated::at(Encryption::Tls, wrapped.at()).rightly("no"),
            None => encryption,
        };
        let trust = Edit { at: line..line, with: format!("{CERTIFICATES}\n") };
        Self { encryption, is_verified, trust: (!trusts).then_some(trust) }
    }
}

/// postconf(5), `smtp_tls_security_level`.
fn meant_by(level: &str) -> (Encryption, bool) {
    match level {
        "verify" | "secure" | "dane-only" | "fingerprint" => (Encryption::Starttls, true),
        "encrypt" => (Encryption::Starttls, false),
        // If the server publishes no DANE record, it works like may.
        "may" | "dane" => (Encryption::Optional, false),
        "none" | "" => (Encryption::Off, false),
        _ => (Encryption::Unknown, true),
    }
}

type Login<'t> = (Word<'t>, Word<'t>);

/// Logins and passwords in main.cf itself instead of another file: `static:LOGIN:PASSWORD` for every server, or
/// `inline:{SERVER=LOGIN:PASSWORD}` (`DATABASE_README`, "Postfix lookup table types").
#[derive(Default)]
struct Logins<'t> {
    of_all: Option<Login<'t>>,
    of: BTreeMap<&'t str, Login<'t>>,
}

impl<'t> Logins<'t> {
    fn of(values: &Values<'t>) -> Self {
        let mut logins = Self::default();
        for word in values.get("smtp_sasl_password_maps").iter().flat_map(|value| &value.words) {
            if let Some((server, rest)) = word.split_once("=") {
                let server = server.text.trim_start_matches("inline:").trim_start_matches('{');
                let (login, _) = rest.parted(rest.text.find('}').unwrap_or(rest.text.len()));
                logins.of.extend(login.split_once(":").map(|login| (server, login)));
            } else if let Some(("", login)) = word.split_once("static:").map(|(before, login)| (before.text, login)) {
                logins.of_all = logins.of_all.or(login.split_once(":"));
            }
        }
        logins
    }

    fn passwords(&self) -> impl Iterator<Item = Range<usize>> {
        self.of_all.iter().chain(self.of.values()).map(|(_, password)| password.at())
    }

    /// `smtp_sasl_password_maps` is searched for the server as in relayhost, and for its name.
    fn at(&self, server: Word, host: Word) -> Option<Login<'t>> {
        self.of.get(server.text).or_else(|| self.of.get(host.text)).or(self.of_all.as_ref()).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::review::properties::withstands;

    const TEXT: &str = "relayhost =\n    # first\n    [smtp.mail.me.com]:587,\n    other.example\nsmtp_tls_security_level=\n\tmay\n\
                        smtp_tls_CApath = /etc/ssl/certs\nsmtp_sasl_password_maps = inline:{ \
                        [smtp.mail.me.com]:587=jane@icloud.com:é:x}, static:joe:y\ndefault_transport = smtp:[third]\n";

    #[test]
    fn it_withstands_what_is_malformed() {
        withstands(read, TEXT);
    }

    #[test]
    fn every_relay_is_an_account() {
        let [first, second, third] = read(TEXT).accounts.try_into().unwrap();
        assert_eq!((first.host.is.as_str(), first.port.is), ("smtp.mail.me.com", 587));
        assert_eq!(
            (first.encryption.is, first.encryption.mend.unwrap().with.as_str()),
            (Encryption::Optional, "secure")
        );
        assert_eq!(first.login.unwrap().is, "jane@icloud.com");
        assert_eq!(&TEXT[first.password.unwrap()], "é:x");
        assert_eq!((second.host.is.as_str(), second.login.unwrap().is.as_str()), ("other.example", "joe"));
        assert_eq!((third.host.is.as_str(), third.port.is), ("third", 25));
    }

    #[test]
    fn where_nobody_is_trusted_the_certificates_are_named_beside_the_level() {
        let [account] = read("relayhost = [smtp.mail.me.com]:587\n").accounts.try_into().unwrap();
        assert_eq!(account.encryption.mend.unwrap().with, "smtp_tls_security_level = encrypt\n");
        assert_eq!(account.is_verified.mend.unwrap().with, "smtp_tls_security_level = secure\n");
        assert_eq!(account.trust.unwrap().with, "smtp_tls_CAfile = /etc/ssl/certs/ca-certificates.crt\n");
    }

    #[test]
    fn a_password_is_to_go_out_as_it_is() {
        let read = |options: &str| {
            let text = format!("relayhost = a\nsmtp_sasl_auth_enable = yes\n{options}");
            read(&text).accounts.remove(0).no_plain.map(|said| said.mend.unwrap().with)
        };
        assert_eq!(read("smtp_sasl_security_options = noanonymous\n"), None);
        assert_eq!(read("smtp_sasl_security_options =\n"), None);
        assert_eq!(read("smtp_sasl_security_options = noanonymous, noplaintext\n").unwrap(), "noanonymous");
        assert_eq!(read("").unwrap(), "smtp_sasl_security_options = noanonymous\n");
        let within_tls = "smtp_sasl_security_options = noplaintext\nsmtp_sasl_tls_security_options = noanonymous\n";
        assert_eq!(read(within_tls), None);
    }

    #[test]
    fn what_a_table_says_of_each_server_is_not_guessed() {
        let [account] = read("relayhost = a\nsmtp_tls_security_level = may\nsmtp_tls_policy_maps = hash:x\n")
            .accounts
            .try_into()
            .unwrap();
        assert_eq!((account.encryption.is, account.is_verified.is), (Encryption::Unknown, true));
    }
}
