//! A settings file as it is given to a review, and why one is not reviewed.

use std::path::PathBuf;

use super::programs::Program;
use crate::misuse::Misuse;

/// A file, and the program that it belongs to.
pub(super) struct Given {
    pub(super) path: PathBuf,
    /// The path as it is shown.
    pub(super) shown: String,
    pub(super) program: &'static Program,
    pub(super) text: String,
    pub(super) is_readable_by_others: bool,
}

/// A file that should have been reviewed, and was not.
#[derive(Debug)]
pub(super) struct NotReviewed {
    /// The path as it is shown.
    pub(super) shown: String,
    /// Why, in words that fit after the name.
    pub(super) why: String,
    /// What to do instead.
    pub(super) instead: String,
    /// Whether nothing could be read there.
    pub(super) is_unreadable: bool,
}

impl NotReviewed {
    pub(super) fn misuse(&self) -> Misuse {
        Misuse::new(format!("{} {}", self.shown, self.why), self.instead.clone())
    }
}
