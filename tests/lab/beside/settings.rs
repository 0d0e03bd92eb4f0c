//! What the mail program is set to, read from the doctor's arguments.

use crate::fault::{ADDRESS, Fault, NAME_PART};
use crate::world::addresses::{IMAP_NAME, SMTP_NAME};

pub(super) struct Server {
    pub(super) host: &'static str,
    pub(super) port: &'static str,
    pub(super) is_starttls: bool,
    pub(super) login: &'static str,
}

pub(super) struct Settings {
    pub(super) imap: Server,
    pub(super) smtp: Server,
    /// The sender, when the fault is about one.
    pub(super) from: Option<&'static str>,
    pub(super) only_ipv6: bool,
}

pub(super) fn of(fault: &Fault) -> Settings {
    let value = |name: &str| {
        let place = fault.arguments.iter().position(|argument| *argument == name)?;
        fault.arguments.get(place + 1).copied()
    };
    let name_part = if fault.email == ADDRESS { NAME_PART } else { fault.email };
    Settings {
        imap: Server {
            host: value("--imap-host").unwrap_or(IMAP_NAME),
            port: value("--imap-port").unwrap_or("993"),
            is_starttls: value("--imap-security") == Some("starttls"),
            login: value("--imap-username").unwrap_or(name_part),
        },
        smtp: Server {
            host: value("--smtp-host").unwrap_or(SMTP_NAME),
            port: value("--smtp-port").unwrap_or("587"),
            is_starttls: value("--smtp-security") != Some("tls"),
            login: value("--smtp-username").unwrap_or(fault.email),
        },
        from: value("--from"),
        only_ipv6: fault.arguments.contains(&"-6"),
    }
}
