//! The mail program is set to the wrong place, and something else.

use super::{REVOKED, STRANGER};
use crate::fault::{Expected, Fault, HEALTHY, HEALTHY_APPLE, NONE, Servers, SignIns};

const ONLY_IMAP: SignIns = SignIns { imap: 1, smtp: 0 };
const ONLY_SMTP: SignIns = SignIns { imap: 0, smtp: 1 };
const PAIR: Fault = Fault { seconds: 20.0, ..HEALTHY };
const PAIR_APPLE: Fault = Fault { seconds: 20.0, ..HEALTHY_APPLE };

pub(super) const FAULTS: &[Fault] = &[
    Fault {
        name: "pair-wrong-name-and-tls-on-starttls-port",
        arguments: &[
            "--imap-host",
            "imap.icloud.com",
            "--trust-host",
            "imap.icloud.com",
            "--smtp-security",
            "tls",
            "--smtp-port",
            "587",
        ],
        expected: Expected::Causes(&["wrong-server-name", "tls-on-starttls-port"]),
        most_sign_ins: NONE,
        ..PAIR
    },
    Fault {
        name: "pair-wrong-name-imap-and-password-smtp",
        arguments: &["--imap-host", "imap.mail.me.con", "--trust-host", "imap.mail.me.con"],
        password: REVOKED,
        expected: Expected::Causes(&["wrong-server-name", "password-refused"]),
        most_sign_ins: SignIns { imap: 0, smtp: 2 },
        ..PAIR
    },
    Fault {
        name: "pair-plaintext-on-993-and-sender-not-owned",
        arguments: &["--imap-security", "starttls", "--imap-port", "993", STRANGER[0], STRANGER[1]],
        expected: Expected::Causes(&["plaintext-on-tls-port", "sender-not-owned"]),
        most_sign_ins: ONLY_SMTP,
        ..PAIR_APPLE
    },
    Fault {
        name: "pair-wrong-port-imap-and-sender-not-owned",
        arguments: &["--imap-port", "995", STRANGER[0], STRANGER[1]],
        expected: Expected::Causes(&["wrong-port", "sender-not-owned"]),
        most_sign_ins: ONLY_SMTP,
        ..PAIR
    },
    Fault {
        name: "pair-mangled-password-and-wrong-port-smtp",
        // The canary, as it comes out of a mail or a web page.
        password: "qzkv-wjxh-\r\nbfyd-npmt ",
        arguments: &["--smtp-port", "465"],
        expected: Expected::Causes(&["password-mangled", "wrong-port"]),
        most_sign_ins: ONLY_IMAP,
        ..PAIR
    },
    Fault {
        name: "pair-tls-on-starttls-port-and-apple-password",
        arguments: &["--smtp-security", "tls", "--smtp-port", "587"],
        password: "Sunflower!2019-Home",
        expected: Expected::Causes(&["tls-on-starttls-port", "apple-password-used"]),
        most_sign_ins: SignIns { imap: 2, smtp: 0 },
        ..PAIR_APPLE
    },
    Fault {
        name: "pair-tls-on-starttls-port-and-unavailable-imap",
        servers: Servers::Scripted(&["imap=unavailable"]),
        arguments: &["--smtp-security", "tls", "--smtp-port", "587"],
        expected: Expected::Causes(&["tls-on-starttls-port", "service-unavailable"]),
        most_sign_ins: ONLY_IMAP,
        ..PAIR_APPLE
    },
];
