//! What a rule finds in an account's settings, with its place in the file and the changes that would fix it.

use super::account::Edit;
use super::source::Blanked;
use crate::diagnosis::{Known, Severity, Sure};

/// A setting that fails or is unsafe.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Remark {
    /// The cause, as `explain` lists it.
    pub(super) cause: Known,
    pub(super) severity: Severity,
    pub(super) sure: Sure,
    /// Where in the file, in bytes.
    pub(super) at: usize,
    /// What the file says, and what is wrong with that, in one sentence.
    pub(super) why: Blanked,
    /// The changes that would fix it.
    pub(super) mends: Vec<Edit>,
    /// Whether the changes are shown and not written, because a part of them is a guess.
    pub(super) is_shown_alone: bool,
    /// Whether the file should be readable by its owner only.
    pub(super) closes_file: bool,
}

impl Remark {
    pub(super) fn trouble(cause: Known, sure: Sure, at: usize, why: impl Into<Blanked>) -> Self {
        let (severity, why) = (Severity::Trouble, why.into());
        Self { cause, severity, sure, at, why, mends: Vec::new(), is_shown_alone: false, closes_file: false }
    }

    pub(super) fn warning(cause: Known, sure: Sure, at: usize, why: impl Into<Blanked>) -> Self {
        Self { severity: Severity::Warning, ..Self::trouble(cause, sure, at, why) }
    }

    pub(super) fn note(cause: Known, sure: Sure, at: usize, why: impl Into<Blanked>) -> Self {
        Self { severity: Severity::Note, ..Self::trouble(cause, sure, at, why) }
    }

    pub(super) fn mended_by(mut self, edits: impl IntoIterator<Item = Option<Edit>>) -> Self {
        self.mends.extend(edits.into_iter().flatten());
        self
    }

    pub(super) fn is_trouble(&self) -> bool {
        self.severity == Severity::Trouble
    }

    /// Whether --fix writes it.
    pub(super) fn is_mended(&self) -> bool {
        self.sure == Sure::Certain && !self.is_shown_alone && (self.closes_file || !self.mends.is_empty())
    }
}
