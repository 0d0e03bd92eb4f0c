//! The encryption that many different switches set; where programs differ, the one that iCloud needs.

use super::Group;
use super::address::Address;
use super::lines::Line;
use super::role::Role;
use crate::review::account::{Edit, Encryption, Spoken, Stated};
use crate::review::lines::Word;
use crate::review::placeholder::is_placeholder;
use crate::review::switch::{switch, turned};

/// The default port, as far as it is known; 0 where programs differ.
pub(super) fn usual_port(group: &Group, spoken: Spoken, encryption: Encryption) -> u16 {
    match (spoken, encryption) {
        // Home Assistant's, whatever the encryption.
        (Spoken::Smtp, _) if is_of(group, "HASS_SMTP_") => 587,
        (Spoken::Smtp, Encryption::Tls) => 465,
        // Nodemailer's default, and those in Spring's and Django's documentation.
        (Spoken::Smtp, Encryption::Starttls) if is_giteas(group) => 587,
        (Spoken::Smtp, _) if is_of(group, "MAIL_OPTIONS_") => 587,
        (Spoken::Smtp, _) if group.is_springs() || is_of(group, "PAPERLESS_EMAIL_") => 25,
        (Spoken::Imap, Encryption::Tls) => 993,
        (Spoken::Pop, _) => 995,
        _ => 0,
    }
}

/// Whether a variable's name begins like this, however its words are separated.
fn is_of(group: &Group, beginning: &str) -> bool {
    let name = |line: &Line| line.key.text.to_uppercase().replace("__", "_");
    group.said.iter().any(|(_, line)| name(line).starts_with(beginning))
}

/// Forgejo is Gitea under another name.
fn is_giteas(group: &Group) -> bool {
    is_of(group, "GITEA_MAILER_") || is_of(group, "FORGEJO_MAILER_")
}

pub(super) fn is_none(word: &str) -> bool {
    ["none", "never", "nostarttls", "verify_none"].contains(&word.to_lowercase().as_str())
}

/// The encryption, and the changes that iCloud needs.
pub(super) type Way = (Stated<Encryption>, Vec<Edit>);

pub(super) fn way(group: &Group, address: &Address, spoken: Spoken, port: Option<u16>, text: &str) -> Way {
    let said = if spoken == Spoken::Smtp { sending(group, address, port, text) } else { receiving(group, address) };
    said.unwrap_or_else(|| match (spoken, unsettled(group)) {
        // It is set, and the meaning depends on the program.
        (Spoken::Smtp | Spoken::Imap, Some(word)) => (Stated::at(Encryption::Unknown, word.at()), Vec::new()),
        _ => (Stated::by_itself(by_itself(group, address, spoken, port)), Vec::new()),
    })
}

/// The first value about the encryption, whatever it means.
fn unsettled<'t>(group: &Group<'t>) -> Option<Word<'t>> {
    group.said.iter().find(|(role, _)| role.is_about_encryption()).map(|(_, line)| line.value)
}

/// The encryption where no variable sets it, as far as it is known.
fn by_itself(group: &Group, address: &Address, spoken: Spoken, port: Option<u16>) -> Encryption {
    match (spoken, port) {
        // The default of Home Assistant's "encryption", on any port; and it has no other way to IMAP.
        (Spoken::Smtp, _) if is_of(group, "HASS_SMTP_") => Encryption::Starttls,
        (Spoken::Imap, _) if is_of(group, "HASS_IMAP_") => Encryption::Tls,
        // RFC 8314, section 3: these ports are for TLS from the first byte.
        (Spoken::Pop, _) | (Spoken::Imap, Some(993)) | (Spoken::Smtp, Some(465)) => Encryption::Tls,
        // A URL is complete: smtp: begins unencrypted, and continues with STARTTLS.
        (Spoken::Smtp, _) if address.scheme.is_some() => Encryption::Starttls,
        // Spring: the default of Jakarta Mail's mail.smtp.starttls.enable is false.
        // Paperless-ngx: the default of PAPERLESS_EMAIL_USE_TLS is false.
        (Spoken::Smtp, _) if group.is_springs() || is_of(group, "PAPERLESS_EMAIL_") => Encryption::Off,
        // Nodemailer as Ghost uses it: "secure" is false, and STARTTLS is used where offered. The same for Grafana
        // ("startTLS_policy") and Gitea ("PROTOCOL", which depends on the port), and Alertmanager ("smtp_require_tls").
        (Spoken::Smtp, _)
            if is_of(group, "MAIL_OPTIONS_")
                || is_of(group, "GF_SMTP_")
                || is_giteas(group)
                || is_of(group, "SMTP_SMARTHOST") =>
        {
            Encryption::Starttls
        }
        _ => Encryption::Unknown,
    }
}

/// This value sets it, and these changes would fix it.
fn by<const N: usize>(word: Word, encryption: Encryption, mends: [Edit; N]) -> Way {
    (Stated::at(encryption, word.at()), Vec::from(mends))
}

fn replacing(word: Word, with: impl Into<String>) -> Edit {
    Edit { at: word.at(), with: with.into() }
}

fn turning(word: Word) -> Edit {
    replacing(word, turned(word.text))
}

/// What the variable with this role switches, and its line.
fn switched<'g, 't>(group: &'g Group<'t>, role: Role) -> Option<(bool, &'g Line<'t>)> {
    let line = group.find(role)?;
    Some((switch(line.value.text)?, line))
}

fn sending(group: &Group, address: &Address, port: Option<u16>, text: &str) -> Option<Way> {
    if let Some((Encryption::Tls, word)) = address.scheme.and_then(|scheme| Some((named(scheme.text)?, scheme))) {
        return Some(by(word, Encryption::Tls, [replacing(word, other_word(word, "smtp", "tls"))]));
    }
    // Gitea's "smtp" is without encryption; elsewhere the word names only the protocol.
    let bare = group.given(Role::Security).filter(|word| is_giteas(group) && word.text.eq_ignore_ascii_case("smtp"));
    if let Some(word) = bare {
        return Some(by(word, Encryption::Off, [replacing(word, "smtp+starttls")]));
    }
    // Alertmanager encrypts nothing without "require_tls".
    let smarthost = switched(group, Role::RequireTls).filter(|it| !it.0 && is_of(group, "SMTP_SMARTHOST"));
    if let Some((_, line)) = smarthost.filter(|_| port != Some(465)) {
        return Some(by(line.value, Encryption::Off, [turning(line.value)]));
    }
    if let Some((said, mends)) = group.find(Role::Security).and_then(by_security) {
        // On port 465, Laravel's mailer uses TLS from the first byte even if no scheme is set.
        let is_laravels = is_of(group, "MAIL_SCHEME") && said.is == Encryption::Starttls && port == Some(465);
        return Some(if is_laravels { (said.means(Encryption::Tls), mends) } else { (said, mends) });
    }
    // Django: EMAIL_USE_SSL comes first, EMAIL_USE_TLS is STARTTLS, and without both nothing is encrypted.
    let tls = switched(group, Role::UseTls);
    if let Some((true, ssl)) = switched(group, Role::UseSsl) {
        let starttls = match tls {
            Some((true, _)) => None,
            Some((false, tls)) => Some(turning(tls.value)),
            None => beside(ssl, text),
        };
        let mends = std::iter::once(turning(ssl.value)).chain(starttls).collect();
        return Some((Stated::at(Encryption::Tls, ssl.value.at()), mends));
    }
    if let Some((_, tls)) = tls.filter(|(is_on, _)| !is_on && is_djangos(group)) {
        return Some(by(tls.value, Encryption::Off, [turning(tls.value)]));
    }
    if let Some((true, ignored)) = switched(group, Role::IgnoreTls) {
        return Some(by(ignored.value, Encryption::Off, [turning(ignored.value)]));
    }
    // Jakarta Mail's mail.smtp.ssl.enable is TLS from the first byte.
    let jakarta = switched(group, Role::Ssl).filter(|(is_on, _)| *is_on && group.is_springs());
    if let (Some((_, ssl)), None) = (jakarta, group.find(Role::Starttls)) {
        let other = ssl.key.text.strip_suffix("ssl.enable").map(|before| ssl.key.from(before.len()));
        let mends = other.map(|key| replacing(key, "starttls.enable")).into_iter().collect();
        return Some((Stated::at(Encryption::Tls, ssl.value.at()), mends));
    }
    let (said, mends) = match (group.find(Role::Starttls), switched(group, Role::RequireTls)) {
        (Some(line), _) => by_starttls(group, line),
        (None, Some((false, line))) => by(line.value, Encryption::Optional, [turning(line.value)]),
        (None, Some((true, line))) => by(line.value, Encryption::Starttls, []),
        // Other than SSL, TLS alone means STARTTLS on the port for it, in every program that has such a switch.
        (None, None) => {
            let (_, tls) =
                [Role::UseTls, Role::Tls].into_iter().find_map(|role| switched(group, role).filter(|it| it.0))?;
            by(tls.value, Encryption::Starttls, [])
        }
    };
    // On port 465 most programs use TLS from the first byte, whatever their setting for STARTTLS.
    let is = if port == Some(465) { Encryption::Tls } else { said.is };
    Some((Stated { is, ..said }, mends))
}

fn by_security(line: &Line) -> Option<Way> {
    let (key, word) = (line.key.text.to_lowercase(), line.value);
    let is_security = key.ends_with("security");
    // Laravel from version 11 on allows null, smtp and smtps: all but smtps continue with STARTTLS.
    if key.ends_with("mail_scheme") {
        return Some(match word.text.to_lowercase().as_str() {
            "smtps" => by(word, Encryption::Tls, [replacing(word, "smtp")]),
            "smtp" | "null" | "(null)" => by(word, Encryption::Starttls, []),
            _ => by(word, Encryption::Unknown, []),
        });
    }
    // Home Assistant's "tls" is TLS from the first byte.
    if key.starts_with("hass_") {
        let encryption = if word.text == "tls" { Some(Encryption::Tls) } else { named(word.text) };
        return Some(by(word, encryption.unwrap_or(Encryption::Unknown), [replacing(word, "starttls")]));
    }
    // The word for STARTTLS in Laravel and PHPMailer.
    if word.text.eq_ignore_ascii_case("tls") {
        return Some(by(word, Encryption::Starttls, []));
    }
    if let Some(encryption) = named(word.text) {
        let scheme = if key.ends_with("protocol") { "smtp+starttls" } else { "smtp" };
        let other = other_word(word, scheme, if is_security { "starttls" } else { "tls" });
        return Some(by(word, encryption, [replacing(word, other)]));
    }
    // Nodemailer's "secure" means TLS from the first byte; without it, STARTTLS is used where it is offered.
    match switch(word.text).filter(|_| !is_security)? {
        true => Some(by(word, Encryption::Tls, [turning(word)])),
        false => Some(by(word, Encryption::Starttls, [])),
    }
}

fn by_starttls(group: &Group, line: &Line) -> Way {
    let word = line.value;
    let small = word.text.to_lowercase();
    let policy = if small.contains("starttls") { "MandatoryStartTLS" } else { "always" };
    let first = [Role::Ssl, Role::Tls].into_iter().find_map(|role| switched(group, role).filter(|(is_on, _)| *is_on));
    match (switch(&small), first) {
        // TLS without STARTTLS means TLS from the first byte.
        (Some(false), Some((_, first))) => by(word, Encryption::Tls, [turning(word), turning(first.value)]),
        (Some(false), None) => by(word, Encryption::Off, [turning(word)]),
        (None, _) if is_placeholder(word.text) => by(word, Encryption::Unknown, []),
        (None, None) if is_none(&small) => by(word, Encryption::Off, [replacing(word, policy)]),
        (None, _) if small == "auto" || small.starts_with("opportunistic") => {
            by(word, Encryption::Optional, [replacing(word, policy)])
        }
        _ => by(word, Encryption::Starttls, []),
    }
}

/// Whether the names are those of Django or Flask-Mail; elsewhere the same switch may mean TLS from the first byte.
fn is_djangos(group: &Group) -> bool {
    let names = ["EMAIL_HOST_USER", "EMAIL_HOST_PASSWORD", "MAIL_SERVER"];
    let is_named = |line: &Line| names.iter().any(|name| line.key.text.to_uppercase().ends_with(name));
    group.find(Role::UseSsl).is_some() || group.said.iter().any(|(_, line)| is_named(line))
}

fn receiving(group: &Group, address: &Address) -> Option<Way> {
    if let Some((Encryption::Tls, scheme)) = address.scheme.and_then(|scheme| Some((named(scheme.text)?, scheme))) {
        return Some(by(scheme, Encryption::Tls, []));
    }
    let word = group.find(Role::Security).map(|line| line.value);
    if let Some((encryption, word)) = word.and_then(|word| Some((named(word.text)?, word))) {
        return Some(by(word, encryption, [replacing(word, "ssl")]));
    }
    let roles = [Role::Security, Role::UseSsl, Role::Ssl, Role::UseTls, Role::Tls];
    let on = roles.into_iter().find_map(|role| switched(group, role).filter(|(is_on, _)| *is_on));
    if let Some((_, line)) = on {
        return Some(by(line.value, Encryption::Tls, []));
    }
    if let Some((true, line)) = switched(group, Role::Starttls) {
        return Some(by(line.value, Encryption::Starttls, [turning(line.value)]));
    }
    // A switch named TLS may be one for STARTTLS.
    let (_, off) = [Role::Security, Role::UseSsl, Role::Ssl].into_iter().find_map(|role| switched(group, role))?;
    Some(by(off.value, Encryption::Off, [turning(off.value)]))
}

/// The encryption that a word means in every program; `tls` can mean both.
fn named(word: &str) -> Option<Encryption> {
    match word.to_lowercase().as_str() {
        "ssl"
        | "ssl/tls"
        | "smtps"
        | "smtp+ssl"
        | "submissions"
        | "imaps"
        | "imap+ssl"
        | "force_tls"
        | "implicit"
        | "sslonconnect"
        | "ssl_tls_required"
        | "ssl-on-alternate-port"
        | "phpmailer::encryption_smtps" => Some(Encryption::Tls),
        "starttls"
        | "start_tls"
        | "start-tls"
        | "smtp+starttls"
        | "starttls_required"
        | "starttls-on-standard-port"
        | "phpmailer::encryption_starttls" => Some(Encryption::Starttls),
        "none" | "off" | "plain" | "notls" | "unencrypted" => Some(Encryption::Off),
        // Laravel: not encrypted, and from version 9 on STARTTLS where it is offered.
        "null" | "starttlswhenavailable" => Some(Encryption::Optional),
        _ => None,
    }
}

/// What replaces a value for sending: a scheme replaces a scheme, and a word replaces a word.
fn other_word(word: Word, scheme: &str, otherwise: &str) -> String {
    let other = match word.text.to_lowercase().as_str() {
        "smtps" => scheme,
        "smtp+ssl" => "smtp+tls",
        "submissions" => "submission",
        "force_tls" => "starttls",
        _ => otherwise,
    };
    if word.text == word.text.to_uppercase() { other.to_uppercase() } else { other.to_owned() }
}

/// The line of `USE_SSL` again, as `USE_TLS`.
fn beside(ssl: &Line, text: &str) -> Option<Edit> {
    let end = ssl.value.at().end;
    let quote = text.get(end..).filter(|rest| rest.starts_with(['"', '\''])).map_or(0, |_| 1);
    let line = text.get(ssl.start..end + quote)?;
    let with = format!("{}\n", line.replace("USE_SSL", "USE_TLS").replace("use_ssl", "use_tls"));
    (with.trim_end() != line.trim_end()).then_some(Edit { at: ssl.start..ssl.start, with })
}
