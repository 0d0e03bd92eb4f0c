//! Where a run was made: what a ticket needs of the machine, and what no report has to tell of it.

use crate::privacy::Computer;
use crate::report::Machine;

/// Where a run was made.
pub(crate) struct Place {
    pub(super) machine: Machine,
    pub(super) computer: Computer,
}

impl Place {
    /// On the computer that this runs on.
    pub(crate) fn here() -> Self {
        Self { machine: machine(), computer: Computer::this() }
    }

    /// On one of which a case tells nothing.
    pub(crate) fn elsewhere() -> Self {
        Self { machine: Machine::unknown(), computer: Computer::default() }
    }
}

fn machine() -> Machine {
    // Every Linux names itself there (os-release(5)); other systems keep it where only they can read it.
    let told = std::fs::read_to_string("/etc/os-release").unwrap_or_default();
    let release = told.lines().find_map(|line| line.strip_prefix("PRETTY_NAME="));
    Machine {
        os: std::env::consts::OS.to_owned(),
        release: release.map(|name| name.trim_matches('"').to_owned()),
        arch: std::env::consts::ARCH.to_owned(),
    }
}
