//! Where a run was made: the facts about the machine that a ticket needs, and the names that no report may show.

use crate::privacy::Computer;
use crate::report::Machine;

/// Where a run was made.
pub(crate) struct Place {
    pub(super) machine: Machine,
    pub(super) computer: Computer,
}

impl Place {
    /// The computer that this program runs on.
    pub(crate) fn here() -> Self {
        Self { machine: machine(), computer: Computer::this() }
    }

    /// A computer about which a case says nothing.
    pub(crate) fn elsewhere() -> Self {
        Self { machine: Machine::unknown(), computer: Computer::default() }
    }
}

fn machine() -> Machine {
    // Every Linux has this file (os-release(5)); other systems have nothing that can be read as simply.
    let told = std::fs::read_to_string("/etc/os-release").unwrap_or_default();
    let release = told.lines().find_map(|line| line.strip_prefix("PRETTY_NAME="));
    Machine {
        os: std::env::consts::OS.to_owned(),
        release: release.map(|name| name.trim_matches('"').to_owned()),
        arch: std::env::consts::ARCH.to_owned(),
    }
}
