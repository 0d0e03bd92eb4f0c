//! One sign-in and the server's answer, in terms that fit both IMAP and SMTP.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::attempts::{self, Attempt};
pub use crate::login::Mechanism;
use crate::meaning::{self, Heard, Meaning};
use crate::talk::NoAnswer;
use crate::trust::Entrusted;

/// The credentials of a sign-in.
#[derive(Clone, Copy)]
pub(crate) struct Credentials<'p> {
    /// The server that they are for.
    pub(crate) host: &'p str,
    pub(crate) login: &'p str,
    pub(crate) password: Entrusted<'p>,
    /// The mechanism; `None` means the best one that the server offers.
    pub(crate) mechanism: Option<Mechanism>,
}

impl<'p> Credentials<'p> {
    /// The sign-in with them, as the ledger keeps it.
    pub(crate) fn attempt(self, mechanism: Mechanism) -> Attempt<'p> {
        Attempt { host: self.host, login: self.login, secret: self.password.secret(), mechanism }
    }
}

/// One sign-in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SignIn {
    /// The mechanism.
    pub mechanism: Option<Mechanism>,
    /// The login name.
    pub login: String,
    /// The server's answer.
    pub outcome: Outcome,
    /// The server's response code or enhanced status code, for instance `AUTHENTICATIONFAILED` or `5.7.8`.
    pub code: Option<String>,
    /// The server's line.
    pub answer: Option<String>,
}

/// A server's answer to a sign-in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "SignInOutcome")]
#[serde(rename_all = "kebab-case", tag = "result")]
pub enum Outcome {
    /// It let the account in.
    Accepted,
    /// It refused the name or the password, and does not say which.
    Refused,
    /// It could not decide now: its own backend fails.
    Unavailable,
    /// There were too many sign-ins or connections.
    Throttled,
    /// It did not understand the command.
    NotUnderstood,
    /// It offers no mechanism that this program, or a mail program with an app-specific password, can use.
    NoMechanism {
        /// The mechanisms that it offers.
        offered: Vec<String>,
    },
    /// It gave no answer.
    Unanswered {
        /// Why not.
        no_answer: NoAnswer,
    },
}

impl SignIn {
    /// A sign-in that has not been answered.
    pub(crate) fn unanswered(mechanism: Option<Mechanism>, login: &str, no_answer: NoAnswer) -> Self {
        let outcome = Outcome::Unanswered { no_answer };
        Self { mechanism, login: login.to_owned(), outcome, code: None, answer: None }
    }

    /// Whether the server let the account in.
    pub fn is_accepted(&self) -> bool {
        self.outcome == Outcome::Accepted
    }

    /// What the server's line means, where it refuses.
    pub fn heard(&self) -> Option<Heard> {
        self.answer.as_deref().filter(|_| !self.is_accepted()).and_then(meaning::of)
    }
}

impl From<&Outcome> for attempts::Outcome {
    fn from(outcome: &Outcome) -> Self {
        match outcome {
            Outcome::Accepted => Self::Accepted,
            Outcome::Refused => Self::Refused,
            Outcome::Throttled => Self::Throttled,
            // A server that hangs up may have refused.
            Outcome::Unanswered { .. } => Self::Asked,
            Outcome::Unavailable | Outcome::NotUnderstood | Outcome::NoMechanism { .. } => Self::Other,
        }
    }
}

impl Meaning {
    /// What it says about a sign-in; `None` where it says nothing about one.
    pub fn of_a_sign_in(self) -> Option<Outcome> {
        match self {
            Self::Refused | Self::Expired | Self::WrongKind | Self::SwitchedOff | Self::NotSignedIn => {
                Some(Outcome::Refused)
            }
            // A locked account is one that waits, as one that is held back.
            Self::Locked | Self::Throttled | Self::TooManyConnections | Self::SendingLimit | Self::MailboxFull => {
                Some(Outcome::Throttled)
            }
            Self::Unavailable => Some(Outcome::Unavailable),
            Self::Mechanism | Self::Encryption => Some(Outcome::NotUnderstood),
            Self::SenderNotAllowed | Self::Recipient | Self::Content | Self::Size => None,
        }
    }
}
