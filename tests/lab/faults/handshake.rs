//! The handshake itself: what is too old for it, too large for it, or lost on the way.

use crate::fault::{Expected, Fault, HEALTHY_APPLE, NONE, Servers, SignIns};

const ONLY_IMAP: SignIns = SignIns { imap: 1, smtp: 0 };
const ONLY_SMTP: SignIns = SignIns { imap: 0, smtp: 1 };
/// A `ClientHello` with today's key exchange has some 1500 bytes, one without it some 300.
const LOST: Fault = Fault { expected: Expected::Cause("large-client-hello-dropped"), seconds: 20.0, ..HEALTHY_APPLE };
const TOO_OLD: Fault = Fault { expected: Expected::Cause("tls-too-old"), seconds: 10.0, ..HEALTHY_APPLE };

pub(super) const FAULTS: &[Fault] = &[
    Fault {
        name: "large-client-hello-dropped-993",
        case: Some("tls/large-client-hello-dropped"),
        cloud_firewall: &["tcp dport 993 meta length > 600 drop"],
        clean: &["smtp"],
        most_sign_ins: SignIns { imap: 1, smtp: 1 },
        ..LOST
    },
    Fault {
        name: "large-client-hello-dropped-587",
        cloud_firewall: &["tcp dport 587 meta length > 600 drop"],
        clean: &["imap"],
        most_sign_ins: SignIns { imap: 1, smtp: 1 },
        ..LOST
    },
    Fault {
        name: "tls-too-old-imap",
        case: Some("tls/tls-too-old"),
        servers: Servers::Scripted(&["imap=old-tls"]),
        clean: &["smtp"],
        most_sign_ins: ONLY_SMTP,
        ..TOO_OLD
    },
    Fault {
        name: "tls-too-old-smtp",
        servers: Servers::Scripted(&["smtp=old-tls"]),
        clean: &["imap"],
        most_sign_ins: ONLY_IMAP,
        ..TOO_OLD
    },
    Fault {
        name: "tls-too-old-imap-closes",
        servers: Servers::Scripted(&["imap=old-tls-closes"]),
        clean: &["smtp"],
        most_sign_ins: ONLY_SMTP,
        ..TOO_OLD
    },
    Fault {
        name: "tls-too-old-smtp-closes",
        case: Some("tls/tls-too-old-without-a-word"),
        servers: Servers::Scripted(&["smtp=old-tls-closes"]),
        clean: &["imap"],
        most_sign_ins: ONLY_IMAP,
        ..TOO_OLD
    },
    Fault {
        name: "tls-too-old-both",
        servers: Servers::Scripted(&["imap=old-tls", "smtp=old-tls"]),
        most_sign_ins: NONE,
        ..TOO_OLD
    },
];
