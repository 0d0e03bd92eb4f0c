//! The short words of a report: how a check came out, how bad a cause is, and how sure.

use crate::diagnosis::{Severity, Sure};

/// How a check came out.
pub(crate) const OK: &str = "OK";
pub(crate) const LOOK_HERE: &str = "look here";
pub(crate) const PROBLEM: &str = "problem";
pub(crate) const NOT_CHECKED: &str = "not checked";
pub(crate) const FOLLOW_UP: &str = "follow-up";

/// Why a check was not made.
pub(crate) enum NotChecked {
    /// The check that it depends on has a problem.
    Because(&'static str),
    LeftOut,
    CutShort,
    /// Earlier sign-ins say to wait, for this reason.
    HeldBack(String),
}

impl NotChecked {
    pub(crate) fn words(&self) -> String {
        let why = match self {
            Self::Because(check) => &format!("{check} has a problem"),
            Self::LeftOut => "it was left out",
            Self::CutShort => "the run was cut short",
            Self::HeldBack(why) => why,
        };
        format!("{NOT_CHECKED}, because {why}")
    }
}

/// The reason as it reads beside the word.
pub(crate) fn beside_word(summary: &str) -> &str {
    summary.strip_prefix(NOT_CHECKED).and_then(|rest| rest.strip_prefix(", ")).unwrap_or(summary)
}

impl Severity {
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Trouble => "problem",
            Self::Warning => "warning",
            Self::Note => "note",
        }
    }
}

impl Sure {
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Certain => "certain",
            Self::Likely => "likely",
            Self::Possible => "possible",
        }
    }
}
