//! Which server an account is at: iCloud's, a nearby one that relays everything, or another provider's.

use std::net::IpAddr;

use checks::login::{AddressKind, ICLOUD_DOMAINS, address_kind};
use checks::plan::Server;
use checks::settings::{HostKind, ServerFacts, server_facts};

use super::account::Account;
use super::placeholder::is_placeholder;

/// Which server an account names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Whose {
    /// Apple's, or a name that is mistaken for one.
    Icloud,
    /// A program on this computer or on this network.
    Nearby,
    /// Another provider's.
    Others,
}

impl Whose {
    /// Returns whether iCloud's settings need not apply to it.
    pub(super) fn is_other(self) -> bool {
        self != Self::Icloud
    }
}

/// Returns whether this is an iCloud Mail account: by its server, or by its login.
pub(super) fn is_about_icloud(account: &Account) -> bool {
    // A provider whose servers' names are only three letters away from Apple's.
    const MAIL_COM: [&str; 2] = ["imap.mail.com", "smtp.mail.com"];
    let host = account.host.is.to_lowercase();
    let signs_in = account.login.as_ref().is_some_and(|login| login.is.contains('@') && is_apples(&login.is));
    signs_in
        || match facts(account).host_is {
            HostKind::Apples | HostKind::ApplesForTheOther => true,
            HostKind::Misspelt => !MAIL_COM.contains(&host.as_str()),
            HostKind::Address => false,
            HostKind::Other => is_below_apples_domains(&host),
        }
}

fn is_apples(address: &str) -> bool {
    address_kind(address) == AddressKind::Icloud
}

fn is_below_apples_domains(host: &str) -> bool {
    ICLOUD_DOMAINS
        .iter()
        .any(|domain| host.strip_suffix(domain).is_some_and(|before| before.is_empty() || before.ends_with('.')))
}

pub(super) fn facts(account: &Account) -> ServerFacts {
    let server = account.server();
    server_facts(&Server { host: server.host.to_lowercase(), ..server }, account.protocol())
}

/// Returns which server an iCloud account names.
pub(super) fn whose(account: &Account) -> Whose {
    let host = account.host.is.trim_matches(['[', ']', '.']).to_lowercase();
    match facts(account).host_is {
        HostKind::Apples | HostKind::ApplesForTheOther | HostKind::Misspelt => Whose::Icloud,
        // If the name is kept elsewhere, the server is not known to be another one.
        _ if host.is_empty() || is_placeholder(&account.host.is) => Whose::Icloud,
        _ if is_nearby(&host) => Whose::Nearby,
        HostKind::Other if !is_below_apples_domains(&host) && !sounds_like_apples(&host) => Whose::Others,
        HostKind::Address | HostKind::Other => Whose::Icloud,
    }
}

/// Whether it is part of a name that is often mistaken for Apple's: `mail.apple.com`, `imap.me.mail.com`.
fn sounds_like_apples(host: &str) -> bool {
    host.split('.').any(|label| ["me", "mac"].contains(&label) || label.contains("apple") || label.contains("icloud"))
}

/// Whether it is this computer, or a name or address that is valid only on this network.
fn is_nearby(host: &str) -> bool {
    // RFC 6761, RFC 6762, RFC 8375, and the names that routers and container engines use.
    const ENDINGS: [&str; 8] =
        [".localhost", ".localdomain", ".local", ".lan", ".home", ".home.arpa", ".internal", ".intranet"];
    match host.parse() {
        Ok(IpAddr::V4(number)) => {
            number.is_loopback() || number.is_private() || number.is_link_local() || number.is_unspecified()
        }
        Ok(IpAddr::V6(number)) => {
            number.is_loopback()
                || number.is_unspecified()
                || number.is_unique_local()
                || number.is_unicast_link_local()
                || number.to_ipv4_mapped().is_some_and(|number| is_nearby(&number.to_string()))
        }
        Err(_) => !host.contains('.') || ENDINGS.iter().any(|ending| host.ends_with(ending)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::review::account::{Encryption, Spoken, Stated};

    #[test]
    fn a_server_is_icloud_s_nearby_or_another_s() {
        for (host, expected) in [
            ("imap.mail.me.com", Whose::Icloud),
            ("imap.mail.me.con", Whose::Icloud),
            ("mail.apple.com", Whose::Icloud),
            ("imap.me.mail.com", Whose::Icloud),
            ("17.57.155.25", Whose::Icloud),
            ("{{ .host }}", Whose::Icloud),
            ("localhost", Whose::Nearby),
            ("127.0.0.1", Whose::Nearby),
            ("::1", Whose::Nearby),
            ("[::1]", Whose::Nearby),
            ("10.0.0.3", Whose::Nearby),
            ("bridge", Whose::Nearby),
            ("host.docker.internal", Whose::Nearby),
            ("smtp.office365.com", Whose::Others),
        ] {
            let account = Account::new(Spoken::Imap, Stated::by_itself(host.to_owned()), 993, Encryption::Tls);
            assert_eq!(whose(&account), expected, "{host}");
        }
    }
}
