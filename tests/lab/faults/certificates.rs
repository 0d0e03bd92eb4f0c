//! Certificates that should not be believed, and clocks that make good ones look bad.

use crate::fault::{Expected, Fault, HEALTHY, HEALTHY_APPLE, NONE, ONE_EACH, Presented, SignIns, Store};

/// Positions in which a password must not be sent at all.
const UNBELIEVED: Fault = Fault { most_sign_ins: NONE, seconds: 10.0, ..HEALTHY_APPLE };

pub(super) const FAULTS: &[Fault] = &[
    Fault {
        name: "untrusted-issuer",
        imap_certificate: Presented::UnknownIssuer,
        smtp_certificate: Presented::UnknownIssuer,
        expected: Expected::Cause("untrusted-issuer"),
        case: Some("tls/untrusted-issuer"),
        ..UNBELIEVED
    },
    Fault {
        name: "untrusted-issuer-self-signed",
        imap_certificate: Presented::SelfSigned,
        smtp_certificate: Presented::SelfSigned,
        expected: Expected::Cause("untrusted-issuer"),
        case: Some("tls/self-signed"),
        ..UNBELIEVED
    },
    Fault {
        name: "untrusted-issuer-smtp",
        smtp_certificate: Presented::UnknownIssuer,
        expected: Expected::Cause("untrusted-issuer"),
        clean: &["imap"],
        most_sign_ins: SignIns { imap: 1, smtp: 0 },
        ..UNBELIEVED
    },
    // The system's store accepts the scanner's certificate, so the doctor may sign in as the mail program would.
    Fault {
        name: "tls-intercepted",
        imap_certificate: Presented::Intercepted,
        smtp_certificate: Presented::Intercepted,
        expected: Expected::Cause("tls-intercepted"),
        most_sign_ins: ONE_EACH,
        case: Some("tls/tls-intercepted"),
        ..UNBELIEVED
    },
    Fault {
        name: "clock-wrong-behind",
        clock: Some("-730d"),
        expected: Expected::Cause("clock-wrong"),
        case: Some("tls/clock-wrong"),
        ..UNBELIEVED
    },
    Fault { name: "clock-wrong-ahead", clock: Some("+730d"), expected: Expected::Cause("clock-wrong"), ..UNBELIEVED },
    Fault {
        name: "clock-wrong-ahead-real-servers",
        clock: Some("+730d"),
        expected: Expected::Cause("clock-wrong"),
        most_sign_ins: NONE,
        seconds: 10.0,
        ..HEALTHY
    },
    Fault {
        name: "certificate-expired",
        imap_certificate: Presented::Expired,
        smtp_certificate: Presented::Expired,
        expected: Expected::Cause("certificate-expired"),
        case: Some("tls/certificate-expired"),
        ..UNBELIEVED
    },
    Fault {
        name: "certificate-expired-imap",
        imap_certificate: Presented::Expired,
        expected: Expected::Cause("certificate-expired"),
        clean: &["smtp"],
        most_sign_ins: SignIns { imap: 0, smtp: 1 },
        ..UNBELIEVED
    },
    // The near miss of clock-wrong: the clock is right and the certificate's first day lies ahead, for which there is
    // no cause.
    Fault {
        name: "certificate-not-yet-valid",
        imap_certificate: Presented::NotYetValid,
        smtp_certificate: Presented::NotYetValid,
        expected: Expected::Cause("certificate-not-yet-valid"),
        case: Some("tls/not-yet-valid"),
        ..UNBELIEVED
    },
    Fault {
        name: "certificate-wrong-name",
        imap_certificate: Presented::OtherName,
        smtp_certificate: Presented::OtherName,
        expected: Expected::Cause("certificate-wrong-name"),
        case: Some("tls/certificate-wrong-name"),
        ..UNBELIEVED
    },
    Fault {
        name: "certificate-chain-incomplete",
        imap_certificate: Presented::WithoutIntermediate,
        smtp_certificate: Presented::WithoutIntermediate,
        expected: Expected::Cause("certificate-chain-incomplete"),
        case: Some("tls/certificate-chain-incomplete"),
        ..UNBELIEVED
    },
    Fault {
        name: "ca-store-missing-empty",
        store: Store::Empty,
        expected: Expected::Cause("ca-store-missing"),
        case: Some("tls/ca-store-missing"),
        ..UNBELIEVED
    },
    Fault {
        name: "ca-store-missing-old",
        store: Store::Old,
        expected: Expected::Cause("ca-store-missing"),
        case: Some("tls/ca-store-old"),
        ..UNBELIEVED
    },
];
