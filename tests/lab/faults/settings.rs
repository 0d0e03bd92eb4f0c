//! The mail program is set to the wrong place.

use crate::fault::{DEADLINE, Expected, Fault, HEALTHY, HEALTHY_APPLE, SignIns};

const ONLY_IMAP: SignIns = SignIns { imap: 1, smtp: 0 };
const ONLY_SMTP: SignIns = SignIns { imap: 0, smtp: 1 };

pub(super) const FAULTS: &[Fault] = &[
    Fault {
        name: "wrong-server-name-typo",
        arguments: &["--imap-host", "imap.mail.me.con", "--trust-host", "imap.mail.me.con"],
        expected: Expected::Cause("wrong-server-name"),
        clean: &["smtp"],
        most_sign_ins: ONLY_SMTP,
        seconds: DEADLINE,
        case: Some("settings/wrong-server-name"),
        ..HEALTHY
    },
    Fault {
        name: "wrong-server-name-guessed",
        arguments: &["--imap-host", "imap.icloud.com", "--trust-host", "imap.icloud.com"],
        expected: Expected::Cause("wrong-server-name"),
        clean: &["smtp"],
        most_sign_ins: ONLY_SMTP,
        seconds: DEADLINE,
        case: Some("settings/guessed-server-name"),
        ..HEALTHY
    },
    // What the mail program is really set to, from its own file.
    Fault {
        name: "settings-from-a-file",
        arguments: &["--settings-from", concat!(env!("CARGO_MANIFEST_DIR"), "/tests/review/msmtp/tls-first/.msmtprc")],
        expected: Expected::Cause("tls-on-starttls-port"),
        clean: &["imap"],
        most_sign_ins: ONLY_IMAP,
        ..HEALTHY
    },
    Fault {
        name: "wrong-port-995",
        arguments: &["--imap-port", "995"],
        expected: Expected::Cause("wrong-port"),
        clean: &["smtp"],
        most_sign_ins: ONLY_SMTP,
        case: Some("tcp/wrong-port"),
        ..HEALTHY
    },
    Fault {
        name: "wrong-port-995-dropped",
        arguments: &["--imap-port", "995"],
        cloud_firewall: &["tcp dport 995 drop"],
        expected: Expected::Cause("wrong-port"),
        clean: &["smtp"],
        most_sign_ins: ONLY_SMTP,
        seconds: 8.0,
        ..HEALTHY
    },
    Fault {
        name: "wrong-port-25",
        arguments: &["--smtp-port", "25"],
        cloud_firewall: &["tcp dport 25 drop"],
        expected: Expected::Cause("wrong-port"),
        clean: &["imap"],
        most_sign_ins: ONLY_IMAP,
        seconds: 8.0,
        case: Some("tcp/wrong-port-25"),
        ..HEALTHY
    },
    Fault {
        name: "tls-on-starttls-port",
        arguments: &["--smtp-security", "tls", "--smtp-port", "587"],
        expected: Expected::Cause("tls-on-starttls-port"),
        clean: &["imap"],
        most_sign_ins: ONLY_IMAP,
        seconds: 10.0,
        case: Some("tls/tls-on-starttls-port"),
        ..HEALTHY
    },
    Fault {
        name: "plaintext-on-tls-port",
        arguments: &["--imap-security", "starttls", "--imap-port", "993"],
        expected: Expected::Cause("plaintext-on-tls-port"),
        clean: &["smtp"],
        most_sign_ins: ONLY_SMTP,
        seconds: 12.0,
        case: Some("tls/plaintext-on-tls-port"),
        ..HEALTHY
    },
    Fault {
        name: "plaintext-on-tls-port-apple",
        arguments: &["--imap-security", "starttls", "--imap-port", "993"],
        expected: Expected::Cause("plaintext-on-tls-port"),
        clean: &["smtp"],
        most_sign_ins: ONLY_SMTP,
        seconds: 12.0,
        ..HEALTHY_APPLE
    },
];
