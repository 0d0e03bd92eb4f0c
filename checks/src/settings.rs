//! The settings of the run: are they what Apple says?

use std::collections::BTreeSet;
use std::net::IpAddr;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::apple::is_one_of;
pub use crate::login::LoginForm;
use crate::login::{AddressKind, address_kind};
use crate::password::Shape;
use crate::plan::{Plan, Protocol, Security, Server, apples};
use crate::questions::Question;

/// The settings, and how far they are Apple's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "SettingsFacts")]
pub struct Facts {
    /// The address that was given.
    pub email: Option<String>,
    /// What kind of address it is.
    pub address: Option<AddressKind>,
    /// The settings of the IMAP server.
    pub imap: ServerFacts,
    /// The settings of the SMTP server.
    pub smtp: ServerFacts,
    /// The shape of the password, if there was one.
    pub password: Option<Shape>,
    /// Whether a sign-in was asked for.
    pub sign_in: bool,
    /// The checks that the user left out.
    #[serde(default)]
    pub left_out: BTreeSet<Question>,
}

impl Facts {
    /// The settings of one server.
    pub fn server(&self, protocol: Protocol) -> &ServerFacts {
        match protocol {
            Protocol::Imap => &self.imap,
            Protocol::Smtp => &self.smtp,
        }
    }
}

/// The settings of one server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ServerFacts {
    /// The settings themselves.
    #[serde(flatten)]
    pub server: Server,
    /// Whether the host is Apple's for this protocol.
    pub host_is: HostKind,
    /// Whether the port is Apple's for this protocol.
    pub port_is_apples: bool,
    /// Whether the security is right for this port; `None` if that is not known of the port.
    pub security_fits_port: Option<bool>,
    /// The form of the login name.
    pub login_form: Option<LoginForm>,
}

/// The owner of a host's name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum HostKind {
    /// Apple's name for this protocol.
    Apples,
    /// Apple's name for the other protocol.
    ApplesForTheOther,
    /// A few letters away from Apple's name.
    Misspelt,
    /// A number instead of a name.
    Address,
    /// Another name, which may not exist.
    Other,
}

impl HostKind {
    /// Whether the name was certainly meant to be Apple's for this protocol.
    pub fn is_slip(&self) -> bool {
        matches!(self, Self::Misspelt | Self::ApplesForTheOther)
    }
}

/// More different letters than this make another name, not a typing error.
const MOST_WRONG_LETTERS: usize = 3;

pub(crate) fn contacts(_: &Plan) -> Vec<String> {
    Vec::new()
}

/// Compares the plan with Apple's settings, without contacting anything.
pub fn look(plan: &Plan) -> Facts {
    Facts {
        email: plan.email.clone(),
        address: plan.email.as_deref().map(address_kind),
        imap: server_facts(&plan.imap, Protocol::Imap),
        smtp: server_facts(&plan.smtp, Protocol::Smtp),
        password: plan.password.as_ref().map(|password| password.shape.clone()),
        sign_in: plan.password.is_some(),
        left_out: plan.left_out.iter().copied().filter(|question| !question.is_second_look()).collect(),
    }
}

/// The settings of one server, compared with Apple's.
pub fn server_facts(server: &Server, protocol: Protocol) -> ServerFacts {
    let (own, other) = (apples(protocol), apples(protocol.other()));
    ServerFacts {
        server: server.clone(),
        host_is: host_kind(&server.host.to_lowercase(), own.0, other.0),
        port_is_apples: server.port == own.1,
        security_fits_port: usual_security(server.port).map(|usual| server.security == usual),
        login_form: server.login.as_deref().map(LoginForm::of),
    }
}

/// How the connection to a port becomes encrypted: RFC 8314 section 3 for the ports with TLS, RFC 6409 and RFC 9051 for
/// the others. `None` where that is not known of the port.
pub fn usual_security(port: u16) -> Option<Security> {
    match port {
        993 | 465 => Some(Security::Tls),
        143 | 587 | 25 => Some(Security::Starttls),
        _ => None,
    }
}

fn host_kind(host: &str, own: &str, other: &str) -> HostKind {
    let host = host.trim_end_matches('.');
    if is_one_of(host, own) {
        HostKind::Apples
    } else if host == other {
        HostKind::ApplesForTheOther
    } else if host.parse::<IpAddr>().is_ok() {
        HostKind::Address
    } else if distance(host, own).min(distance(host, other)) <= MOST_WRONG_LETTERS {
        HostKind::Misspelt
    } else {
        HostKind::Other
    }
}

/// How many letters have to be changed, added, left out or swapped with their neighbour to make one text the other.
pub fn distance(from: &str, to: &str) -> usize {
    let (from, to): (Vec<char>, Vec<char>) = (from.chars().collect(), to.chars().collect());
    let mut table = vec![vec![0; to.len() + 1]; from.len() + 1];
    for i in 0..=from.len() {
        for j in 0..=to.len() {
            table[i][j] = if i == 0 || j == 0 {
                i + j
            } else {
                let change = table[i - 1][j - 1] + usize::from(from[i - 1] != to[j - 1]);
                let mut best = change.min(table[i - 1][j] + 1).min(table[i][j - 1] + 1);
                if i > 1 && j > 1 && from[i - 1] == to[j - 2] && from[i - 2] == to[j - 1] {
                    best = best.min(table[i - 2][j - 2] + 1);
                }
                best
            };
        }
    }
    table[from.len()][to.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_is_apples_or_told_apart_from_it() {
        let kind = |host| host_kind(host, "imap.mail.me.com", "smtp.mail.me.com");
        assert_eq!(kind("imap.mail.me.com"), HostKind::Apples);
        assert_eq!(kind("p42-imap.mail.me.com"), HostKind::Apples);
        assert_eq!(kind("smtp.mail.me.com"), HostKind::ApplesForTheOther);
        assert_eq!(kind("imap.mial.me.com"), HostKind::Misspelt);
        assert_eq!(kind("imap.mail.me.con"), HostKind::Misspelt);
        assert_eq!(kind("imap.icloud.com"), HostKind::Other);
        assert_eq!(kind("192.0.2.1"), HostKind::Address);
    }

    #[test]
    fn swapped_neighbours_are_one_slip() {
        assert_eq!(distance("mial", "mail"), 1);
        assert_eq!(distance("", "mail"), 4);
    }
}
