//! What Apple says to sign in with: the kinds of addresses, the forms of a login name, and how a password is sent.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::apple::Protocol;

/// The domains that iCloud Mail has given addresses at (<https://support.apple.com/102525>).
pub const ICLOUD_DOMAINS: [&str; 3] = ["icloud.com", "me.com", "mac.com"];

/// What kind of address it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum AddressKind {
    /// At one of Apple's own domains.
    Icloud,
    /// At another domain: a custom domain, or a third-party address that an Apple Account may have.
    OtherDomain,
}

/// The form of a login name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum LoginForm {
    /// The part before the `@`.
    NamePart,
    /// The whole address, at one of Apple's domains.
    FullAddress,
    /// An address at another domain.
    OtherAddress,
}

impl LoginForm {
    /// The form of this login name.
    pub(crate) fn of(login: &str) -> Self {
        match login.contains('@') {
            false => Self::NamePart,
            true if address_kind(login) == AddressKind::Icloud => Self::FullAddress,
            true => Self::OtherAddress,
        }
    }
}

/// How a password is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Mechanism {
    /// SASL PLAIN (RFC 4616).
    Plain,
    /// The LOGIN command of IMAP, or SASL LOGIN of SMTP.
    Login,
}

/// The login names that Apple says to use: the part before the `@` for IMAP, the whole address for SMTP
/// (<https://support.apple.com/102525>). The part before the `@` of an address at another domain is not a login name.
pub fn default_login(email: &str, protocol: Protocol) -> String {
    match (protocol, address_kind(email)) {
        (Protocol::Imap, AddressKind::Icloud) => email.split('@').next().unwrap_or(email).to_owned(),
        _ => email.to_owned(),
    }
}

/// The other form of a login name, where there is one that the server may know: for IMAP the part before the `@` or the
/// whole address, for SMTP the whole address (<https://support.apple.com/102525>).
pub(crate) fn other_form(login: &str, email: Option<&str>, protocol: Protocol) -> Option<String> {
    let is_at_icloud = |address: &str| address.contains('@') && address_kind(address) == AddressKind::Icloud;
    match (login.split_once('@'), protocol) {
        (Some((name, _)), Protocol::Imap) if is_at_icloud(login) => Some(name.to_owned()),
        (None, _) => email.filter(|email| is_at_icloud(email)).map(str::to_owned),
        _ => None,
    }
}

/// What kind of address this is.
pub fn address_kind(email: &str) -> AddressKind {
    let domain = email.rsplit('@').next().unwrap_or_default().to_lowercase();
    if ICLOUD_DOMAINS.contains(&domain.as_str()) { AddressKind::Icloud } else { AddressKind::OtherDomain }
}
