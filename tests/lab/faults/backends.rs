//! The nine ways in which two servers can accept, refuse or fail to judge one account. A password that no server could
//! judge must not be blamed.

use crate::fault::{Expected, Fault, HEALTHY_APPLE, ONE_EACH, Servers, SignIns, TWO_EACH};

const DOWN: Fault = Fault {
    expected: Expected::Cause("service-unavailable"),
    never: &["password-refused", "apple-password-used", "password-mangled"],
    most_sign_ins: ONE_EACH,
    seconds: 10.0,
    ..HEALTHY_APPLE
};

pub(super) const FAULTS: &[Fault] = &[
    Fault { name: "backends-good-good", ..HEALTHY_APPLE },
    Fault {
        name: "backends-good-refused",
        servers: Servers::Scripted(&["smtp=refuse"]),
        expected: Expected::Cause("smtp-sign-in-refused"),
        clean: &["imap"],
        most_sign_ins: SignIns { imap: 1, smtp: 2 },
        ..HEALTHY_APPLE
    },
    Fault { name: "backends-good-down", servers: Servers::Scripted(&["smtp=unavailable"]), clean: &["imap"], ..DOWN },
    Fault {
        name: "backends-refused-good",
        servers: Servers::Scripted(&["imap=refuse"]),
        expected: Expected::Cause("imap-sign-in-refused"),
        clean: &["smtp"],
        most_sign_ins: SignIns { imap: 2, smtp: 1 },
        ..HEALTHY_APPLE
    },
    Fault {
        name: "backends-refused-refused",
        servers: Servers::Scripted(&["imap=refuse", "smtp=refuse"]),
        expected: Expected::Cause("password-refused"),
        most_sign_ins: TWO_EACH,
        ..HEALTHY_APPLE
    },
    Fault {
        name: "backends-refused-down",
        case: Some("smtp/service-unavailable-smtp-alone"),
        servers: Servers::Scripted(&["imap=refuse", "smtp=unavailable"]),
        ..DOWN
    },
    Fault {
        name: "backends-down-good",
        servers: Servers::Scripted(&["imap=unavailable-no"]),
        clean: &["smtp"],
        ..DOWN
    },
    Fault { name: "backends-down-refused", servers: Servers::Scripted(&["imap=unavailable", "smtp=refuse"]), ..DOWN },
    Fault {
        name: "backends-down-down",
        servers: Servers::Scripted(&["imap=unavailable-no", "smtp=unavailable"]),
        ..DOWN
    },
];
