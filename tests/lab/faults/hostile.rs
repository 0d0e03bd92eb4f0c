//! A machine in between, or a server that misbehaves on purpose. No password may reach them.

use crate::fault::{Expected, Fault, HEALTHY_APPLE, Servers, SignIns};

const SMTP_FORBIDDEN: Fault = Fault {
    expected: Expected::Cause("unexplained"),
    clean: &["imap"],
    most_sign_ins: SignIns { imap: 1, smtp: 0 },
    seconds: 12.0,
    ..HEALTHY_APPLE
};
const IMAP_FORBIDDEN: Fault = Fault {
    expected: Expected::Cause("unexplained"),
    clean: &["smtp"],
    most_sign_ins: SignIns { imap: 0, smtp: 1 },
    seconds: 12.0,
    ..HEALTHY_APPLE
};

pub(super) const FAULTS: &[Fault] = &[
    Fault {
        name: "starttls-stripped",
        servers: Servers::Scripted(&["smtp=no-starttls"]),
        expected: Expected::Cause("starttls-stripped"),
        case: Some("smtp/starttls-stripped"),
        ..SMTP_FORBIDDEN
    },
    Fault {
        name: "starttls-stripped-masked",
        servers: Servers::Scripted(&["smtp=masked-starttls"]),
        expected: Expected::Cause("starttls-stripped"),
        case: Some("smtp/starttls-masked"),
        ..SMTP_FORBIDDEN
    },
    Fault {
        name: "starttls-injected",
        servers: Servers::Scripted(&["smtp=inject-after-starttls"]),
        expected: Expected::Cause("starttls-stripped"),
        case: Some("smtp/starttls-injected"),
        ..SMTP_FORBIDDEN
    },
    Fault {
        name: "plain-text-on-993",
        servers: Servers::Scripted(&["imap=plain-text"]),
        expected: Expected::Cause("plaintext-on-tls-port"),
        case: Some("tls/plain-text-on-993"),
        ..IMAP_FORBIDDEN
    },
    Fault {
        name: "imap-cut-at-hello",
        servers: Servers::Scripted(&["imap=cut-at-hello"]),
        expected: Expected::Cause("tls-cut"),
        case: Some("tls/tls-cut"),
        ..IMAP_FORBIDDEN
    },
    Fault {
        name: "smtp-cut-at-hello",
        servers: Servers::Scripted(&["smtp=cut-at-hello"]),
        expected: Expected::Cause("tls-cut"),
        ..SMTP_FORBIDDEN
    },
    Fault {
        name: "imap-silent",
        servers: Servers::Scripted(&["imap=silent"]),
        expected: Expected::Cause("no-greeting"),
        case: Some("imap/no-greeting"),
        ..IMAP_FORBIDDEN
    },
    Fault {
        name: "smtp-silent",
        servers: Servers::Scripted(&["smtp=silent"]),
        expected: Expected::Cause("no-greeting"),
        ..SMTP_FORBIDDEN
    },
    Fault {
        name: "imap-giant-line",
        servers: Servers::Scripted(&["imap=giant-line"]),
        case: Some("imap/giant-line"),
        ..IMAP_FORBIDDEN
    },
    Fault { name: "smtp-giant-line", servers: Servers::Scripted(&["smtp=giant-line"]), ..SMTP_FORBIDDEN },
];
