//! The right password with the login name in a form that the server does not take.

use crate::fault::{Expected, Fault, HEALTHY_APPLE, Servers, SignIns};

const IMAP_FORM: Fault = Fault {
    expected: Expected::Cause("imap-username-form"),
    clean: &["smtp"],
    most_sign_ins: SignIns { imap: 2, smtp: 1 },
    ..HEALTHY_APPLE
};
const SMTP_FORM: Fault = Fault {
    arguments: &["--smtp-username", "you"],
    expected: Expected::Cause("smtp-username-form"),
    clean: &["imap"],
    most_sign_ins: SignIns { imap: 1, smtp: 2 },
    ..HEALTHY_APPLE
};

pub(super) const FAULTS: &[Fault] = &[
    // The name part is what Apple's page says to try first.
    Fault {
        name: "imap-username-form",
        case: Some("imap/imap-username-form"),
        servers: Servers::Scripted(&["imap=only-full-address"]),
        ..IMAP_FORM
    },
    Fault {
        name: "imap-username-form-full-address",
        case: Some("imap/imap-username-form-full-address"),
        servers: Servers::Scripted(&["imap=only-name-part"]),
        arguments: &["--imap-username", "you@icloud.com"],
        ..IMAP_FORM
    },
    Fault {
        name: "imap-username-form-and-dropped",
        servers: Servers::Scripted(&["imap=only-full-address", "imap=drop-after-refusal"]),
        ..IMAP_FORM
    },
    Fault { name: "smtp-username-form", case: Some("smtp/smtp-username-form"), ..SMTP_FORM },
    Fault {
        name: "smtp-username-form-and-dropped",
        servers: Servers::Scripted(&["smtp=drop-after-refusal"]),
        ..SMTP_FORM
    },
    // The other form is refused as well: the form is not it.
    Fault {
        name: "imap-sign-in-refused-in-either-form",
        case: Some("imap/imap-sign-in-refused-in-either-form"),
        servers: Servers::Scripted(&["imap=refuse"]),
        arguments: &["--imap-username", "you@icloud.com"],
        expected: Expected::Cause("imap-sign-in-refused"),
        ..IMAP_FORM
    },
    Fault {
        name: "smtp-sign-in-refused-in-either-form",
        servers: Servers::Scripted(&["smtp=refuse"]),
        expected: Expected::Cause("smtp-sign-in-refused"),
        ..SMTP_FORM
    },
];
