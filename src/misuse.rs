//! A mistake in how the program was called, with what to type instead.

use std::fmt;

/// What was wrong, in one clause, and what to do instead, in another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Misuse {
    what: String,
    instead: String,
}

impl Misuse {
    /// Both without a final stop.
    pub(crate) fn new(what: impl Into<String>, instead: impl Into<String>) -> Self {
        Self { what: what.into(), instead: instead.into() }
    }
}

impl fmt::Display for Misuse {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}: {}.", self.what.trim_end_matches('.'), self.instead.trim_end_matches('.'))
    }
}
