//! Sign-in and sending are well; what a mail program then asks of the mailbox is not what it gets. Mail works, so the
//! doctor warns and calls nothing trouble.

use crate::fault::{Expected, Fault, HEALTHY_APPLE, Servers, SignIns};

const LOOKED_INTO: Fault = Fault { arguments: &["--mailbox"], ..HEALTHY_APPLE };

pub(super) const FAULTS: &[Fault] = &[
    Fault {
        name: "folder-name",
        case: Some("imap/folder-name"),
        servers: Servers::Scripted(&["imap=two-sent-folders", "imap=fetches-rfc822"]),
        expected: Expected::Warning("folder-name"),
        ..LOOKED_INTO
    },
    // Every account at iCloud gets this answer: a note for the users whom it concerns.
    Fault { name: "rfc822-fetch-empty", case: Some("imap/rfc822-fetch-empty"), ..LOOKED_INTO },
    Fault {
        name: "healthy-mailbox",
        case: Some("imap/healthy-mailbox"),
        servers: Servers::Scripted(&["imap=fetches-rfc822"]),
        ..LOOKED_INTO
    },
    Fault {
        name: "healthy-mailbox-unread",
        case: Some("imap/healthy-mailbox-unread"),
        servers: Servers::Scripted(&["imap=unread"]),
        never: &["rfc822-fetch-empty"],
        ..LOOKED_INTO
    },
    Fault { name: "healthy-mailbox-real-servers", servers: Servers::Real, ..LOOKED_INTO },
    // A look into the mailbox was not asked for: the doctor must not make one.
    Fault { name: "healthy-mailbox-not-looked-into", ..HEALTHY_APPLE },
    Fault {
        name: "service-unavailable-fetch",
        case: Some("imap/messages-refused"),
        servers: Servers::Scripted(&["imap=fetch-unavailable"]),
        expected: Expected::Cause("service-unavailable"),
        clean: &["smtp"],
        most_sign_ins: SignIns { imap: 1, smtp: 1 },
        ..LOOKED_INTO
    },
    // Seen in a check that does not look into the mailbox, too: a mail program shows nothing.
    Fault {
        name: "service-unavailable-folders",
        case: Some("imap/folders-refused"),
        servers: Servers::Scripted(&["imap=folders-unavailable"]),
        expected: Expected::Cause("service-unavailable"),
        clean: &["smtp"],
        most_sign_ins: SignIns { imap: 1, smtp: 1 },
        ..HEALTHY_APPLE
    },
    Fault {
        name: "sign-in-throttled-folders",
        case: Some("imap/folders-refused-too-often"),
        servers: Servers::Scripted(&["imap=folders-throttled"]),
        expected: Expected::Cause("sign-in-throttled"),
        clean: &["smtp"],
        most_sign_ins: SignIns { imap: 1, smtp: 1 },
        ..HEALTHY_APPLE
    },
];
