//! The conversation ends before it is over.

use crate::fault::{ADDRESS, Expected, Fault, HEALTHY_APPLE, Servers, SignIns};

const DROPPED: Fault = Fault { expected: Expected::Cause("connection-dropped"), seconds: 10.0, ..HEALTHY_APPLE };

pub(super) const FAULTS: &[Fault] = &[
    Fault {
        name: "connection-dropped-imap-greeting",
        servers: Servers::Scripted(&["imap=close-after-greeting"]),
        clean: &["smtp"],
        ..DROPPED
    },
    Fault {
        name: "connection-dropped-smtp-greeting",
        servers: Servers::Scripted(&["smtp=close-after-greeting"]),
        clean: &["imap"],
        most_sign_ins: SignIns { imap: 1, smtp: 0 },
        ..DROPPED
    },
    Fault {
        name: "connection-dropped-imap-sign-in",
        case: Some("imap/connection-dropped"),
        servers: Servers::Scripted(&["imap=close-after-sign-in"]),
        clean: &["smtp"],
        ..DROPPED
    },
    Fault {
        name: "connection-dropped-smtp-sign-in",
        servers: Servers::Scripted(&["smtp=close-after-sign-in"]),
        arguments: &["--from", ADDRESS],
        clean: &["imap"],
        ..DROPPED
    },
];
