//! The account or the service at one server, and something else at the other.

use super::{REVOKED, STRANGER};
use crate::fault::{Expected, Fault, HEALTHY_APPLE, NONE, ONE_EACH, Servers, SignIns};

const ONLY_IMAP: SignIns = SignIns { imap: 1, smtp: 0 };
const PAIR: Fault = Fault { seconds: 15.0, ..HEALTHY_APPLE };

pub(super) const FAULTS: &[Fault] = &[
    Fault {
        name: "pair-mailbox-full-and-sender-not-owned",
        case: Some("smtp/mailbox-full-and-sender-not-owned"),
        servers: Servers::Scripted(&["imap=full"]),
        arguments: &STRANGER,
        expected: Expected::Causes(&["mailbox-full", "sender-not-owned"]),
        most_sign_ins: ONE_EACH,
        ..PAIR
    },
    Fault {
        name: "pair-mailbox-full-and-sending-limit",
        servers: Servers::Scripted(&["imap=full", "smtp=sending-limit"]),
        arguments: &["--from", "you@icloud.com"],
        expected: Expected::Causes(&["mailbox-full", "sending-limit"]),
        most_sign_ins: ONE_EACH,
        ..PAIR
    },
    Fault {
        name: "pair-username-form-imap-and-sender-not-owned",
        servers: Servers::Scripted(&["imap=only-full-address"]),
        arguments: &STRANGER,
        expected: Expected::Causes(&["imap-username-form", "sender-not-owned"]),
        most_sign_ins: SignIns { imap: 2, smtp: 1 },
        ..PAIR
    },
    // IMAP turned the connection away before it heard a password: it does not clear it.
    Fault {
        name: "pair-too-many-connections-imap-and-password-smtp",
        servers: Servers::Scripted(&["imap=too-many-connections"]),
        password: REVOKED,
        expected: Expected::Causes(&["too-many-connections", "password-refused"]),
        most_sign_ins: SignIns { imap: 0, smtp: 2 },
        ..PAIR
    },
    Fault {
        name: "pair-no-greeting-imap-and-password-smtp",
        servers: Servers::Scripted(&["imap=silent"]),
        password: REVOKED,
        expected: Expected::Causes(&["no-greeting", "password-refused"]),
        most_sign_ins: SignIns { imap: 0, smtp: 2 },
        ..PAIR
    },
    Fault {
        name: "pair-tls-cut-imap-and-no-starttls",
        servers: Servers::Scripted(&["imap=cut-at-hello", "smtp=no-starttls"]),
        expected: Expected::Causes(&["tls-cut", "starttls-stripped"]),
        most_sign_ins: NONE,
        ..PAIR
    },
    Fault {
        name: "pair-throttled-imap-and-no-starttls",
        servers: Servers::Scripted(&["imap=throttled", "smtp=no-starttls"]),
        expected: Expected::Causes(&["sign-in-throttled", "starttls-stripped"]),
        most_sign_ins: ONLY_IMAP,
        ..PAIR
    },
    Fault {
        name: "pair-dropped-imap-and-too-many-connections-smtp",
        servers: Servers::Scripted(&["imap=close-after-greeting", "smtp=too-many-connections"]),
        expected: Expected::Causes(&["connection-dropped", "too-many-connections"]),
        most_sign_ins: ONLY_IMAP,
        ..PAIR
    },
];
