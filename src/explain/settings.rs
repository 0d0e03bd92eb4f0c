//! The servers, ports and kinds of encryption that a text says a mail program is set to, so that `check` can ask with the
//! same.

use std::sync::LazyLock;

use checks::plan::{Protocol, Security, Server, apples};
use checks::settings::{HostKind, server_facts, usual_security};
use regex::bytes::{Captures, Regex};

use super::servers::Servers;
use crate::pattern::compiled;

/// After a line with a server's name, this many lines may set its port and its encryption.
const BELOW: usize = 5;

/// How much of a text is read, in bytes: settings stand at the beginning of a log, if they are in one.
const MOST: usize = 64 << 10;

/// The ports that mail servers use, so that no other number is taken for one.
const PORTS: [u16; 8] = [25, 110, 143, 465, 587, 993, 995, 2525];

/// Apple's domains: names in them are safe to ask, and people guess some that do not exist.
const DOMAINS: [&str; 4] = [".me.com", ".icloud.com", ".mac.com", ".apple.com"];

/// A server's name, and a port that is joined to it or stands behind it.
static HOST: LazyLock<Regex> = LazyLock::new(|| {
    compiled(
        r#"(?P<host>\b[a-z][a-z0-9-]*(?:\.[a-z0-9-]+)*\.[a-z]{2,8}\b)(?:["'\])>}]*(?:\[[0-9a-f.:]+\])?["']?(?::|,? *\(?port\W{1,4}|, *| +)(?P<port>\d{2,4})\b)?"#,
    )
});
static PORT: LazyLock<Regex> = LazyLock::new(|| compiled(r#"\bport\b["']?(?: is| to)?\W{0,4}(?P<port>\d{2,4})\b"#));
static TLS: LazyLock<Regex> = LazyLock::new(|| {
    compiled(
        r#"\b(?:security|encryption|ssl|secure)["']?\s*(?:[:=]|=>|is)\s*["']?(?:ssl|true|yes|on)\b|\bssl/tls\b|\b(?:imap|smtp)s://|\b(?:smtp|imap4)_ssl\b"#,
    )
});
static STARTTLS: LazyLock<Regex> = LazyLock::new(|| compiled(r"\bstarttls\b"));
static RECEIVING: LazyLock<Regex> = LazyLock::new(|| compiled(r"\b(?:imaps?|incoming)\b"));
static SENDING: LazyLock<Regex> = LazyLock::new(|| compiled(r"\b(?:smtps?|outgoing)\b"));

/// What a text says of the settings for receiving and for sending.
#[derive(Default)]
pub(super) struct Settings {
    imap: Told,
    smtp: Told,
}

/// What it says of those of one server; the first word on each counts.
#[derive(Default)]
struct Told {
    host: Option<String>,
    port: Option<u16>,
    security: Option<Security>,
}

impl Settings {
    pub(super) fn of(text: &str, servers: &Servers) -> Self {
        let mut settings = Self::default();
        let text = &text[..text.floor_char_boundary(MOST)];
        let (mut about, mut start) = (None, 0);
        for (number, line) in text.split_inclusive('\n').enumerate() {
            let is_elsewhere = servers.is_elsewhere(text, start);
            start += line.len();
            if is_elsewhere {
                about = None;
                continue;
            }
            if let Some(protocol) = settings.host(line).or_else(|| named(line)) {
                about = Some((protocol, number));
            }
            if let Some((protocol, _)) = about.filter(|(_, since)| number - since <= BELOW) {
                settings.of_mut(protocol).read(line);
            }
        }
        settings
    }

    fn of_mut(&mut self, protocol: Protocol) -> &mut Told {
        match protocol {
            Protocol::Imap => &mut self.imap,
            Protocol::Smtp => &mut self.smtp,
        }
    }

    /// Reads the name of one of Apple's servers, or of one that was meant to be; returns what it is for.
    fn host(&mut self, line: &str) -> Option<Protocol> {
        let found = HOST.captures_iter(line.as_bytes()).find_map(|found| {
            let host = String::from_utf8_lossy(&found["host"]).to_ascii_lowercase();
            let protocol = named(&host).or_else(|| named(line))?;
            is_meant(&host, protocol).then(|| (protocol, host, port(&found)))
        });
        let (protocol, host, port) = found?;
        let told = self.of_mut(protocol);
        if told.host.is_none() {
            (told.host, told.port) = (Some(host), port.or(told.port));
        }
        Some(protocol)
    }

    /// The flags with which `check` asks the same servers in the same way: only what is not as Apple says.
    pub(super) fn flags(&self) -> Vec<String> {
        let mut flags = Vec::new();
        for (protocol, told, usual) in
            [(Protocol::Imap, &self.imap, Security::Tls), (Protocol::Smtp, &self.smtp, Security::Starttls)]
        {
            let (host, port) = apples(protocol);
            let security = told.security.or_else(|| told.port.and_then(usual_security)).filter(|of| *of != usual);
            let security = security.map(|security| security.id().to_owned());
            for (what, value) in [
                ("host", told.host.clone().filter(|told| told != host)),
                ("port", told.port.filter(|told| *told != port).map(|port| port.to_string())),
                ("security", security),
            ] {
                let name = protocol.name().to_lowercase();
                flags.extend(value.into_iter().flat_map(|value| [format!("--{name}-{what}"), value]));
            }
        }
        flags
    }
}

impl Told {
    /// Reads the port and the encryption. A line that names both kinds of encryption says nothing.
    fn read(&mut self, line: &str) {
        let line = line.as_bytes();
        self.port = self.port.or_else(|| PORT.captures(line).and_then(|found| port(&found)));
        let security = match (TLS.is_match(line), STARTTLS.is_match(line)) {
            (true, false) => Some(Security::Tls),
            (false, true) => Some(Security::Starttls),
            _ => None,
        };
        self.security = self.security.or(security);
    }
}

/// The port that was found, if mail servers use it.
fn port(found: &Captures) -> Option<u16> {
    let digits = found.name("port")?;
    str::from_utf8(digits.as_bytes()).ok()?.parse().ok().filter(|port| PORTS.contains(port))
}

/// What a name or a line is about, if that is one of both.
fn named(words: &str) -> Option<Protocol> {
    match (RECEIVING.is_match(words.as_bytes()), SENDING.is_match(words.as_bytes())) {
        (true, false) => Some(Protocol::Imap),
        (false, true) => Some(Protocol::Smtp),
        _ => None,
    }
}

/// Whether it is Apple's server, or was meant to be: no other is asked because of a text.
fn is_meant(host: &str, protocol: Protocol) -> bool {
    let server = Server { host: host.to_owned(), port: apples(protocol).1, security: Security::Tls, login: None };
    matches!(server_facts(&server, protocol).host_is, HostKind::Apples | HostKind::Misspelt)
        || DOMAINS.iter().any(|domain| host.ends_with(domain))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn flags(text: &str) -> String {
        Settings::of(text, &Servers::of(text)).flags().join(" ")
    }

    #[test]
    fn what_is_not_as_apple_says_is_asked_the_same_way() {
        for (text, expected) in [
            ("imap.mail.me.com:143 timed out", "--imap-port 143 --imap-security starttls"),
            ("smtp.mail.me.com, port 465, SSL/TLS: connection timed out", "--smtp-port 465 --smtp-security tls"),
            ("Host: smtp.mail.me.com\nPort: 587\nSecurity: SSL", "--smtp-security tls"),
            ("host: 'imap.mail.me.com',\n  port: 993,\n  secure: true,", ""),
            ("imap.mail.me.con: no such host", "--imap-host imap.mail.me.con"),
            ("Incoming server imap.icloud.com, port 993", "--imap-host imap.icloud.com"),
            ("connect to smtp.mail.me.com[17.57.155.25]:25: Connection timed out", "--smtp-port 25"),
            ("smtplib.SMTP_SSL('smtp.mail.me.com', 587)\nssl.SSLError: wrong version number", "--smtp-security tls"),
            ("SMTP on port 25 is refused", "--smtp-port 25"),
            ("imap works on port 993\nsmtp fails on port 2525", "--smtp-port 2525"),
        ] {
            assert_eq!(flags(text), expected, "{text}");
        }
    }

    #[test]
    fn nothing_else_is_taken_for_a_setting() {
        for text in [
            "535 5.7.8 Error: authentication failed",
            "imap.mail.me.com: certificate verify failed",
            "imap.gmail.com:143 timed out",
            "imap.icloud-mail.example:143 timed out",
            "SSL: CERTIFICATE_VERIFY_FAILED",
            "imap.mail.me.com 535 new messages",
            "Use SSL/TLS or STARTTLS with smtp.mail.me.com",
            "C: EHLO me\nS: 250-smtp.mail.me.com\nS: 250-STARTTLS\nS: 250 SIZE 28311552",
        ] {
            assert_eq!(flags(text), "", "{text}");
        }
    }
}
