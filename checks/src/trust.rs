//! Which hosts may be given the password: Apple's own, and those that the user named.

use std::net::IpAddr;

use crate::apple::is_apples;
use crate::password::Password;
use crate::secret::Secret;

/// A host that may be given the password.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrustedHost(String);

impl TrustedHost {
    /// One of Apple's mail servers, if this is the name of one.
    pub fn apples(host: &str) -> Option<Self> {
        is_apples(host).then(|| Self(plain(host)))
    }

    /// A host that the user chose to trust.
    pub fn by_choice(host: &str) -> Self {
        Self(plain(host))
    }
}

/// Returns whether the password may go to this host.
pub fn is_trusted(host: &str, trusted: &[TrustedHost]) -> bool {
    TrustedHost::apples(host).is_some() || trusted.contains(&TrustedHost::by_choice(host))
}

/// The password for a host that may have it. A sign-in accepts nothing else.
#[derive(Clone, Copy)]
pub(crate) struct Entrusted<'p> {
    secret: &'p Secret,
    as_shown: Option<&'p Secret>,
}

impl<'p> Entrusted<'p> {
    /// The password for this host, or `None` where it may not have it.
    pub(crate) fn to(host: &str, trusted: &[TrustedHost], password: &'p Password) -> Option<Self> {
        is_trusted(host, trusted).then_some(Self { secret: &password.secret, as_shown: password.as_shown.as_ref() })
    }

    /// The same in the form in which Apple shows it, where it was given in another one.
    pub(crate) fn as_shown(self) -> Option<Self> {
        self.as_shown.map(|secret| Self { secret, as_shown: None })
    }

    pub(crate) fn secret(self) -> &'p Secret {
        self.secret
    }
}

/// The name in the form for comparison: case and a final dot do not make another host (RFC 4343, RFC 1034 section 3.1),
/// and neither do the ways in which one address can be written.
fn plain(host: &str) -> String {
    let host = host.trim().trim_end_matches('.').to_lowercase();
    host.parse::<IpAddr>().map_or(host, |address| address.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::apple::{APPLE_IMAP, APPLE_SMTP};

    #[test]
    fn apples_mail_servers_are_trusted_and_no_name_that_resembles_theirs() {
        for host in [APPLE_IMAP.0, APPLE_SMTP.0, "IMAP.mail.me.com.", "p42-imap.mail.me.com", "p7-smtp.mail.me.com"] {
            assert!(is_trusted(host, &[]), "{host}");
        }
        for host in [
            "imap.mail.me.co",
            "imap.mail.me.com.evil.example",
            "imap.mail.me.com@evil.example",
            "evil-imap.mail.me.com",
            "p-imap.mail.me.com",
            "p42-imap.mail.me.com.evil.example",
            "xp42-imap.mail.me.com",
            "mail.me.com",
            "me.com",
            "imap.mail.me.com:993",
            "\u{456}map.mail.me.com",
            "17.56.9.23",
            "",
        ] {
            assert!(!is_trusted(host, &[]), "{host}");
        }
    }

    #[test]
    fn a_host_is_trusted_that_was_named_and_no_other() {
        let trusted = [TrustedHost::by_choice("Mail.Example.Org."), TrustedHost::by_choice("2001:DB8:0::1")];
        assert!(is_trusted("mail.example.org", &trusted) && is_trusted("2001:db8::1", &trusted));
        for host in ["example.org", "a.mail.example.org", "mail.example.org.evil.example", "2001:db8::2"] {
            assert!(!is_trusted(host, &trusted), "{host}");
        }
    }
}
