//! A server's name that is not Apple's: in a run, which has just named it, and in a settings file, where Apple's was named.

use checks::plan::{Protocol, apples};
use checks::settings::HostKind;

/// Returns what follows "the IMAP server is set to NAME, which"; `None` where the name is Apple's.
pub(super) fn in_a_run(host_is: &HostKind, of: Protocol) -> Option<String> {
    let (own, other) = (of.name(), of.other().name());
    let given = apples(of).0;
    match host_is {
        HostKind::Apples => None,
        HostKind::Misspelt => Some(format!("is a few letters away from Apple's ({given})")),
        HostKind::ApplesForTheOther => Some(format!("is Apple's {other} server; its {own} server is {given}")),
        HostKind::Address => Some(format!("is a number, but a certificate needs a name ({given})")),
        HostKind::Other => Some(format!("is not the name that Apple gives ({given})")),
    }
}

/// Returns what follows "the server is APPLE'S, and NAME"; `None` where the name is Apple's.
pub(crate) fn in_a_file(host_is: &HostKind) -> Option<&'static str> {
    match host_is {
        HostKind::Apples => None,
        HostKind::Misspelt => Some("is a few letters away from it"),
        HostKind::ApplesForTheOther => Some("is Apple's, but for the other direction"),
        HostKind::Address => Some("is a number, where a certificate needs a name"),
        HostKind::Other => Some("is another name"),
    }
}
