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
    // The answer speaks of the name and the password, and the one more attempt goes to the name, as Apple's page says:
    // that LOGIN would be taken is named as what would decide.
    Fault {
        name: "imap-sign-in-refused-by-plain-alone",
        servers: Servers::Scripted(&["imap=plain-refused"]),
        expected: Expected::Cause("imap-sign-in-refused"),
        ..OF_IMAP
    },
    Fault {
        name: "sign-in-mechanism-imap-bad",
        case: Some("imap/sign-in-mechanism"),
        servers: Servers::Scripted(&["imap=plain-refused-bad"]),
        ..OF_IMAP
    },
    Fault {
        name: "sign-in-mechanism-imap-no-code",
        servers: Servers::Scripted(&["imap=plain-refused-no-code"]),
        ..OF_IMAP
    },
    Fault {
        name: "sign-in-mechanism-smtp",
        case: Some("smtp/sign-in-mechanism"),
        servers: Servers::Scripted(&["smtp=plain-refused"]),
        ..OF_SMTP
    },
    Fault {
        name: "sign-in-mechanism-none-imap",
        case: Some("imap/no-password-mechanism"),
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
