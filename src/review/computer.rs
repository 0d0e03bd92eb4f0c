//! What a review has to know of the computer that a settings file is on; in a browser nothing of it is known.

use std::path::Path;

/// The computer, by the questions that a review has for it.
pub(crate) struct Computer {
    /// Whether a program with this name exists there.
    pub(crate) can_be_run: fn(&str) -> bool,
    /// Reads a table of logins by its name in the settings file at this path.
    pub(crate) table: fn(&str, &Path) -> Table,
}

/// A table of logins, as it was found.
pub(crate) enum Table {
    Missing,
    /// It cannot be read from here.
    Unread,
    Read {
        text: String,
        compiled: Compiled,
    },
}

/// Whether what postmap(1) makes of a table is there, and as new as the table.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Compiled {
    NotNeeded,
    UpToDate,
    Older,
    Missing,
    /// The table is only a copy of the one that Postfix uses.
    NotHere,
}

/// A computer of which nothing is known: what cannot be found out is no fault of a file.
pub(super) static UNKNOWN: Computer = Computer { can_be_run: |_| true, table: |_, _| Table::Unread };
