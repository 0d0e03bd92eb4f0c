//! The right name and password, carried in a way that the server does not take.

use crate::fault::{Expected, Fault, HEALTHY_APPLE, NONE, Servers, SignIns};

const OF_IMAP: Fault = Fault {
    expected: Expected::Cause("sign-in-mechanism"),
    clean: &["smtp"],
    most_sign_ins: SignIns { imap: 2, smtp: 1 },
    ..HEALTHY_APPLE
};
const OF_SMTP: Fault = Fault { clean: &["imap"], most_sign_ins: SignIns { imap: 1, smtp: 2 }, ..OF_IMAP };

pub(super) const FAULTS: &[Fault] = &[
    Fault { name: "sign-in-mechanism-imap", servers: Servers::Scripted(&["imap=plain-refused"]), ..OF_IMAP },
    Fault { name: "sign-in-mechanism-imap-bad", servers: Servers::Scripted(&["imap=plain-refused-bad"]), ..OF_IMAP },
    Fault {
        name: "sign-in-mechanism-imap-no-code",
        servers: Servers::Scripted(&["imap=plain-refused-no-code"]),
        ..OF_IMAP
    },
    Fault { name: "sign-in-mechanism-smtp", servers: Servers::Scripted(&["smtp=plain-refused"]), ..OF_SMTP },
    Fault {
        name: "sign-in-mechanism-none-imap",
        servers: Servers::Scripted(&["imap=no-password-mechanism"]),
        most_sign_ins: SignIns { imap: 0, smtp: 1 },
        ..OF_IMAP
    },
    Fault {
        name: "sign-in-mechanism-none-smtp",
        servers: Servers::Scripted(&["smtp=no-password-mechanism"]),
        most_sign_ins: SignIns { imap: 1, smtp: 0 },
        ..OF_SMTP
    },
    Fault {
        name: "sign-in-mechanism-none",
        servers: Servers::Scripted(&["imap=no-password-mechanism", "smtp=no-password-mechanism"]),
        clean: &[],
        most_sign_ins: NONE,
        ..OF_IMAP
    },
];
