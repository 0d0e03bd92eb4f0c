//! A certificate or a clock, and something else.

use super::REVOKED;
use crate::fault::{Expected, Fault, HEALTHY_APPLE, NONE, Presented, Servers, SignIns};

const ONLY_IMAP: SignIns = SignIns { imap: 1, smtp: 0 };
const PAIR: Fault = Fault { seconds: 15.0, ..HEALTHY_APPLE };

pub(super) const FAULTS: &[Fault] = &[
    Fault {
        name: "pair-clock-behind-and-wrong-port",
        case: Some("tls/clock-wrong-and-wrong-port"),
        clock: Some("-730d"),
        arguments: &["--smtp-port", "25"],
        expected: Expected::Causes(&["clock-wrong", "wrong-port"]),
        most_sign_ins: NONE,
        ..PAIR
    },
    Fault {
        name: "pair-clock-ahead-and-no-starttls",
        clock: Some("+730d"),
        servers: Servers::Scripted(&["smtp=no-starttls"]),
        expected: Expected::Causes(&["clock-wrong", "starttls-stripped"]),
        most_sign_ins: NONE,
        ..PAIR
    },
    Fault {
        name: "pair-clock-behind-and-ipv6-broken",
        clock: Some("-730d"),
        cloud_firewall: &["ip6 daddr 2620:149::/32 drop"],
        expected: Expected::Causes(&["clock-wrong", "ipv6-broken"]),
        most_sign_ins: NONE,
        ..PAIR
    },
    Fault {
        name: "pair-expired-imap-and-password-smtp",
        imap_certificate: Presented::Expired,
        password: REVOKED,
        expected: Expected::Causes(&["certificate-expired", "password-refused"]),
        most_sign_ins: SignIns { imap: 0, smtp: 2 },
        ..PAIR
    },
    Fault {
        name: "pair-expired-imap-and-untrusted-smtp",
        imap_certificate: Presented::Expired,
        smtp_certificate: Presented::UnknownIssuer,
        expected: Expected::Causes(&["certificate-expired", "untrusted-issuer"]),
        most_sign_ins: NONE,
        ..PAIR
    },
    Fault {
        name: "pair-intercepted-imap-and-587-dropped",
        imap_certificate: Presented::Intercepted,
        cloud_firewall: &["tcp dport 587 drop"],
        expected: Expected::Causes(&["tls-intercepted", "port-blocked"]),
        most_sign_ins: ONLY_IMAP,
        ..PAIR
    },
    Fault {
        name: "pair-intercepted-and-apple-password",
        imap_certificate: Presented::Intercepted,
        smtp_certificate: Presented::Intercepted,
        password: "Sunflower!2019-Home",
        expected: Expected::Causes(&["tls-intercepted", "apple-password-used"]),
        most_sign_ins: SignIns { imap: 2, smtp: 2 },
        ..PAIR
    },
    Fault {
        name: "pair-wrong-name-imap-and-no-starttls",
        imap_certificate: Presented::OtherName,
        servers: Servers::Scripted(&["smtp=no-starttls"]),
        expected: Expected::Causes(&["certificate-wrong-name", "starttls-stripped"]),
        most_sign_ins: NONE,
        ..PAIR
    },
    Fault {
        name: "pair-chain-incomplete-imap-and-587-reset",
        imap_certificate: Presented::WithoutIntermediate,
        cloud_firewall: &["meta l4proto tcp tcp dport 587 reject with tcp reset"],
        expected: Expected::Causes(&["certificate-chain-incomplete", "port-blocked"]),
        most_sign_ins: NONE,
        ..PAIR
    },
    Fault {
        name: "pair-untrusted-smtp-and-password-imap",
        smtp_certificate: Presented::UnknownIssuer,
        password: REVOKED,
        expected: Expected::Causes(&["untrusted-issuer", "password-refused"]),
        most_sign_ins: SignIns { imap: 2, smtp: 0 },
        ..PAIR
    },
];
