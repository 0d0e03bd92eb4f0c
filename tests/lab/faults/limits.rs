//! The servers know the account and hold it back: too much, too often, too full, not its own.

use crate::fault::{ADDRESS, Expected, Fault, HEALTHY, HEALTHY_APPLE, NONE, ONE_EACH, Servers, SignIns};

const IMAP_ONCE: SignIns = SignIns { imap: 1, smtp: 1 };
const THROTTLED: Fault =
    Fault { expected: Expected::Cause("sign-in-throttled"), most_sign_ins: ONE_EACH, ..HEALTHY_APPLE };
const TOO_MANY: Fault = Fault { expected: Expected::Cause("too-many-connections"), ..HEALTHY_APPLE };
const SENDING: Fault = Fault { clean: &["imap"], most_sign_ins: ONE_EACH, ..HEALTHY_APPLE };

pub(super) const FAULTS: &[Fault] = &[
    // A user who is told to wait and tries again is locked out for longer.
    Fault {
        name: "sign-in-throttled-imap",
        case: Some("imap/sign-in-throttled"),
        servers: Servers::Scripted(&["imap=throttled"]),
        clean: &["smtp"],
        ..THROTTLED
    },
    Fault {
        name: "sign-in-throttled-smtp",
        case: Some("smtp/sign-in-throttled"),
        servers: Servers::Scripted(&["smtp=throttled"]),
        clean: &["imap"],
        ..THROTTLED
    },
    Fault {
        name: "sign-in-throttled-and-closed",
        servers: Servers::Scripted(&["imap=throttled", "smtp=throttled-and-closed"]),
        ..THROTTLED
    },
    Fault {
        name: "too-many-connections-imap",
        case: Some("imap/too-many-connections"),
        servers: Servers::Scripted(&["imap=too-many-connections"]),
        clean: &["smtp"],
        most_sign_ins: SignIns { imap: 0, smtp: 1 },
        ..TOO_MANY
    },
    Fault {
        name: "too-many-connections-smtp",
        servers: Servers::Scripted(&["smtp=too-many-connections"]),
        clean: &["imap"],
        most_sign_ins: SignIns { imap: 1, smtp: 0 },
        ..TOO_MANY
    },
    Fault {
        name: "too-many-connections-both",
        servers: Servers::Scripted(&["imap=too-many-connections", "smtp=too-many-connections"]),
        most_sign_ins: NONE,
        ..TOO_MANY
    },
    Fault {
        name: "imap-disabled",
        case: Some("imap/imap-disabled"),
        servers: Servers::Scripted(&["imap=disabled"]),
        expected: Expected::Cause("imap-disabled"),
        clean: &["smtp"],
        most_sign_ins: IMAP_ONCE,
        ..HEALTHY_APPLE
    },
    Fault {
        name: "mailbox-full",
        case: Some("imap/mailbox-full"),
        servers: Servers::Scripted(&["imap=full"]),
        expected: Expected::Cause("mailbox-full"),
        ..HEALTHY_APPLE
    },
    Fault {
        name: "mailbox-nearly-full",
        servers: Servers::Scripted(&["imap=nearly-full"]),
        expected: Expected::Warning("mailbox-nearly-full"),
        ..HEALTHY_APPLE
    },
    Fault {
        name: "sender-not-owned",
        case: Some("smtp/sender-not-owned"),
        arguments: &["--from", "hello@quokka.example"],
        expected: Expected::Cause("sender-not-owned"),
        ..SENDING
    },
    Fault {
        name: "sender-not-owned-real-servers",
        arguments: &["--from", "hello@quokka.example"],
        expected: Expected::Cause("sender-not-owned"),
        clean: &["imap"],
        ..HEALTHY
    },
    Fault {
        name: "sending-limit",
        case: Some("smtp/sending-limit"),
        servers: Servers::Scripted(&["smtp=sending-limit"]),
        arguments: &["--from", ADDRESS],
        expected: Expected::Cause("sending-limit"),
        ..SENDING
    },
    Fault {
        name: "not-authenticated",
        case: Some("smtp/not-authenticated"),
        servers: Servers::Scripted(&["smtp=stranger"]),
        arguments: &["--from", ADDRESS],
        expected: Expected::Cause("not-authenticated"),
        ..SENDING
    },
    // The near miss: all three look at the sender, and it may send.
    Fault { name: "healthy-sender-in-capitals", arguments: &["--from", "You@iCloud.com"], ..HEALTHY_APPLE },
];
