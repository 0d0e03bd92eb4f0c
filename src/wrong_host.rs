//! What is wrong with a server's name, in the words of the two that say so: the diagnosis of a run, which has just named
//! the server, and the review of a settings file, which has just named Apple's.

use checks::plan::{Protocol, apples};
use checks::settings::HostKind;

/// Returns what follows "the IMAP server is set to NAME, which"; `None` where the name is Apple's.
pub(crate) fn in_a_run(host_is: &HostKind, of: Protocol) -> Option<String> {
    let why = match host_is {
        HostKind::Apples => return None,
        HostKind::Misspelt => "is a few letters away from Apple's",
        HostKind::ApplesForTheOther => "is Apple's, but for the other protocol",
        HostKind::Address => "is an address, where a certificate needs a name",
        HostKind::Other => {
            return Some(format!("is not the name that Apple gives for {} ({})", of.name(), apples(of).0));
        }
    };
    Some(why.to_owned())
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
