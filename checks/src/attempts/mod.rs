//! What is remembered of sign-ins across runs, and when the next one has to wait: Apple locks accounts.

pub(crate) mod gate;
#[cfg(feature = "real")]
pub mod line;
#[cfg(feature = "real")]
pub(crate) mod needed;
pub mod rules;
#[cfg(feature = "real")]
pub(crate) mod tags;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::apple::{APPLE_IMAP, APPLE_SMTP, is_one_of};
use crate::login::{ICLOUD_DOMAINS, LoginForm, Mechanism};
use crate::secret::Secret;

/// Where sign-ins are remembered across runs.
///
/// A ledger that cannot be read or written knows nothing and lets every sign-in pass: the run goes on, with the rules
/// of one run alone.
pub trait Ledger {
    /// Returns what is remembered of this account at this server, the latest first. If that allows the sign-in, notes in
    /// the same turn that it is being made, so that two runs cannot both believe to be the only one; the result is its
    /// entry.
    fn turn(&self, attempt: &Attempt<'_>, allows: &dyn Fn(&[Earlier]) -> bool) -> (Vec<Earlier>, Option<Entry>);

    /// Notes how it ended.
    fn note(&self, attempt: &Attempt<'_>, entry: Entry, outcome: Outcome);
}

/// A ledger that remembers nothing.
pub(crate) struct Forgetful;

impl Ledger for Forgetful {
    fn turn(&self, _: &Attempt<'_>, _: &dyn Fn(&[Earlier]) -> bool) -> (Vec<Earlier>, Option<Entry>) {
        (Vec::new(), Some(Entry(0)))
    }

    fn note(&self, _: &Attempt<'_>, _: Entry, _: Outcome) {}
}

/// The number of a sign-in in the ledger.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry(pub(crate) u64);

/// A sign-in that is about to be made. It has no `Debug`, because it holds the password.
#[derive(Clone, Copy)]
pub struct Attempt<'a> {
    pub(crate) host: &'a str,
    pub(crate) login: &'a str,
    pub(crate) secret: &'a Secret,
    pub(crate) mechanism: Mechanism,
}

impl Attempt<'_> {
    /// The server, by one name for all of its spellings and for all of Apple's shards.
    pub(crate) fn server(&self) -> String {
        let host = self.host.trim_end_matches('.').to_lowercase();
        let apples = [APPLE_IMAP.0, APPLE_SMTP.0].into_iter().find(|name| is_one_of(&host, name));
        apples.map_or(host, str::to_owned)
    }

    /// The account, by one name for all forms of its login name: iCloud knows `you`, `you@icloud.com` and `you@me.com`
    /// as the same.
    pub(crate) fn account(&self) -> String {
        let login = self.login.trim().to_lowercase();
        match login.rsplit_once('@') {
            Some((name, domain)) if ICLOUD_DOMAINS.contains(&domain) => name.to_owned(),
            _ => login,
        }
    }

    pub(crate) fn form(&self) -> LoginForm {
        LoginForm::of(self.login)
    }
}

/// An earlier sign-in of the same account at the same server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "EarlierSignIn")]
pub struct Earlier {
    /// How many seconds ago.
    pub ago_s: u64,
    /// How it ended.
    pub outcome: Outcome,
    /// Whether it was made with the same password. (A false yes has a chance of one in 65,536.)
    pub same_password: bool,
    /// Whether it was made to send a message to the account itself.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub by_round_trip: bool,
}

/// The name of the command that sends a message.
pub const ROUND_TRIP: &str = "round-trip";

/// How an earlier sign-in ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "EarlierOutcome")]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// The password was sent, and the answer is not known: it has not come yet, or never came.
    Asked,
    /// The server let the account in.
    Accepted,
    /// The server refused the name or the password.
    Refused,
    /// The server reported too many sign-ins or connections.
    Throttled,
    /// Anything else.
    Other,
}

impl Outcome {
    /// Every one of them.
    pub const ALL: [Self; 5] = [Self::Asked, Self::Accepted, Self::Refused, Self::Throttled, Self::Other];
}

/// The earlier sign-ins that say something of their own: the latest of each outcome, with this password and with others.
pub(crate) fn telling(earlier: &[Earlier]) -> Vec<Earlier> {
    let mut telling: Vec<Earlier> = Vec::new();
    for one in earlier {
        if !telling.iter().any(|known| (known.outcome, known.same_password) == (one.outcome, one.same_password)) {
            telling.push(*one);
        }
    }
    telling
}

#[cfg(test)]
mod tests {
    use super::*;

    fn attempt<'a>(host: &'a str, login: &'a str, secret: &'a Secret) -> Attempt<'a> {
        Attempt { host, login, secret, mechanism: Mechanism::Plain }
    }

    #[test]
    fn a_server_and_an_account_have_one_name_each() {
        let secret = Secret::new(String::new());
        for host in ["imap.mail.me.com", "IMAP.mail.me.com.", "p42-imap.mail.me.com"] {
            assert_eq!(attempt(host, "you", &secret).server(), "imap.mail.me.com");
        }
        assert_eq!(attempt("Mail.Example.org", "you", &secret).server(), "mail.example.org");
        for login in ["you", "You@icloud.com", "you@me.com", "you@mac.com"] {
            assert_eq!(attempt("", login, &secret).account(), "you");
        }
        assert_eq!(attempt("", "you@quokka.example", &secret).account(), "you@quokka.example");
    }

    #[test]
    fn of_each_kind_only_the_latest_says_something() {
        let one = |ago_s, outcome, same_password| Earlier { ago_s, outcome, same_password, by_round_trip: false };
        let earlier = [
            one(1, Outcome::Refused, true),
            one(2, Outcome::Refused, false),
            one(3, Outcome::Refused, true),
            one(4, Outcome::Accepted, true),
        ];
        assert_eq!(telling(&earlier), [earlier[0], earlier[1], earlier[3]]);
    }
}
