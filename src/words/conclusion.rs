//! The last line of a report: what came out, in one sentence.

use crate::diagnosis::Sure;

/// What came out.
pub(crate) enum Conclusion<'c> {
    /// Both servers accepted the sign-in, and nothing is wrong beside it, or only something to be warned of.
    Works { is_warned: bool },
    /// Nothing is wrong in what was asked.
    NothingFound { is_sign_in_tried: bool, is_warned: bool },
    /// Something fails for a reason; `claim` is the cause's title as it reads in the middle of a sentence.
    Fails { what: Failing, sure: Sure, claim: &'c str },
    /// Something fails, and no cause is known for it.
    Unexplained(Failing),
    /// Earlier sign-ins say to wait for so long.
    HeldBack { wait: String },
    /// Too little was asked.
    NoResult,
}

/// What it is that fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Failing {
    Receiving,
    Sending,
    Mail,
    /// Both sign-ins were accepted all the same: this run got through, and a mail program may not.
    NotTheSignIns,
    /// Both sign-ins were accepted, and the message that was sent did not arrive.
    Message,
    /// Nothing that was asked fails by itself.
    Unseen,
}

impl Conclusion<'_> {
    pub(crate) fn words(&self) -> String {
        match self {
            Self::Works { is_warned: false } => {
                "No problem found: the account can be reached, for receiving and for sending.".to_owned()
            }
            Self::Works { is_warned: true } => "Mail works here, but read the warning.".to_owned(),
            Self::NothingFound { is_sign_in_tried, is_warned } => {
                let but = if *is_warned { ", but read the warning" } else { "" };
                let sign_in = if *is_sign_in_tried { "" } else { "; the sign-in was not tried" };
                format!("No problem found in what was checked{but}{sign_in}.")
            }
            Self::Fails { what, sure, claim } => {
                let because = match sure {
                    Sure::Certain => " because",
                    Sure::Likely => ", very likely because",
                    Sure::Possible => ", perhaps because",
                };
                format!("{}{because}: {claim}.", what.words())
            }
            Self::Unexplained(what) => format!("{}, and none of the known causes fits.", what.words()),
            Self::HeldBack { wait } => {
                format!("No result yet: no sign-in was made, because earlier ones say to wait {wait} before the next.")
            }
            Self::NoResult => "No result: too little was checked, or the run was cut short.".to_owned(),
        }
    }
}

impl Failing {
    fn words(self) -> &'static str {
        match self {
            Self::Receiving => "Receiving fails",
            Self::Sending => "Sending fails",
            Self::Mail => "Mail fails",
            Self::NotTheSignIns => "Both sign-ins work here, but a mail program can still fail",
            Self::Message => "Both sign-ins work, and the message did not arrive",
            Self::Unseen => "Mail can fail",
        }
    }
}
