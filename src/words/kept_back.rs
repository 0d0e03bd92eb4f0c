//! Which server was sent no password.

use checks::plan::Protocol;

use super::server;

/// Who was not sent the password.
pub(crate) enum KeptBack {
    FromBoth,
    From { of: Protocol, is_sent_to_other: bool },
}

impl KeptBack {
    pub(crate) fn words(&self) -> String {
        match self {
            Self::FromBoth => "No password was sent to either server.".to_owned(),
            Self::From { of, is_sent_to_other: false } => format!("No password was sent to {}.", server(*of)),
            Self::From { of, is_sent_to_other: true } => {
                format!(
                    "No password was sent to {}. The check signed in to {} alone, which had proved its name.",
                    server(*of),
                    server(of.other())
                )
            }
        }
    }
}
