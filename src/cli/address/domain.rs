//! Which kind of domain an address has: one of iCloud's, a likely typing error for one, or another.

use checks::login::ICLOUD_DOMAINS;
use checks::slip::slip_of;

/// Which kind of domain it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Domain {
    /// A domain at which iCloud gives out addresses.
    Icloud,
    /// Very likely a typing error for this domain of iCloud's.
    SlipOf(&'static str),
    /// Another provider's public domain: anyone may have an address there, and no one can use it as a custom domain.
    OtherProvider,
    /// Any other domain: perhaps the user's own.
    Other,
}

/// The largest providers of free addresses.
const PROVIDERS: &[&str] = &[
    "126.com",
    "163.com",
    "aol.com",
    "bluewin.ch",
    "comcast.net",
    "free.fr",
    "freenet.de",
    "gmail.com",
    "gmx.at",
    "gmx.ch",
    "gmx.com",
    "gmx.de",
    "gmx.net",
    "googlemail.com",
    "hotmail.co.uk",
    "hotmail.com",
    "hotmail.de",
    "hotmail.fr",
    "hotmail.it",
    "laposte.net",
    "libero.it",
    "live.com",
    "mail.ru",
    "msn.com",
    "naver.com",
    "orange.fr",
    "outlook.com",
    "outlook.de",
    "outlook.fr",
    "proton.me",
    "protonmail.com",
    "qq.com",
    "t-online.de",
    "wanadoo.fr",
    "web.de",
    "yahoo.co.jp",
    "yahoo.co.uk",
    "yahoo.com",
    "yahoo.de",
    "yahoo.fr",
    "yandex.ru",
    "ymail.com",
];

impl Domain {
    /// Returns the kind of an address's domain.
    pub(crate) fn of(address: &str) -> Self {
        let domain = named(address).to_lowercase();
        if ICLOUD_DOMAINS.contains(&domain.as_str()) {
            return Self::Icloud;
        }
        if PROVIDERS.contains(&domain.as_str()) {
            return Self::OtherProvider;
        }
        slip_of(&domain).map_or(Self::Other, Self::SlipOf)
    }
}

/// Returns the domain of an address.
pub(crate) fn named(address: &str) -> &str {
    address.rsplit('@').next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_of_the_finger_is_told_from_a_domain_that_may_be_ones_own() {
        for (domain, own) in [
            ("iclod.com", "icloud.com"),
            ("icould.com", "icloud.com"),
            ("iclooud.com", "icloud.com"),
            ("iclould.com", "icloud.com"),
            ("icloud.con", "icloud.com"),
            ("icloud.cm", "icloud.com"),
            ("icloud.co", "icloud.com"),
            ("icloud.de", "icloud.com"),
            ("icloud.com.cn", "icloud.com"),
            ("iCloud.Net", "icloud.com"),
            ("iclod.con", "icloud.com"),
            ("ıcloud.com", "icloud.com"),
            ("mail.icloud.com", "icloud.com"),
            ("imap.mail.me.com", "me.com"),
            ("me.con", "me.com"),
            ("me.comm", "me.com"),
            ("me.cim", "me.com"),
            ("mee.com", "me.com"),
            ("mac.con", "mac.com"),
            ("mac.ocm", "mac.com"),
            ("maac.com", "mac.com"),
            ("me.co", "me.com"),
            ("we.com", "me.com"),
            ("mac.om", "mac.com"),
            ("max.com", "mac.com"),
        ] {
            assert_eq!(Domain::of(&format!("lisa@{domain}")), Domain::SlipOf(own), "{domain}");
        }
        for domain in [
            "mac.de",
            "me.uk",
            "mc.con",
            "soundcloud.com",
            "apple.com",
            "shop.example",
            "lisa-icloud.com",
            "name.me",
            "some.com",
            "bigmac.com",
        ] {
            assert_eq!(Domain::of(&format!("lisa@{domain}")), Domain::Other, "{domain}");
        }
        for domain in ICLOUD_DOMAINS {
            assert_eq!(Domain::of(&format!("lisa@{}", domain.to_uppercase())), Domain::Icloud);
        }
        assert_eq!(Domain::of("lisa@Gmail.com"), Domain::OtherProvider);
    }

    #[test]
    fn no_provider_is_taken_for_a_slip() {
        for provider in PROVIDERS {
            assert_eq!(slip_of(provider), None, "{provider}");
        }
    }
}
