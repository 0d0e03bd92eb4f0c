//! The resolver of the machine is gone, fails or lies; the public ones answer well.

use crate::fault::{Expected, Fault, HEALTHY, NONE, Resolver, SignIns};

/// The doctor may go on with the addresses of a second opinion or not; a second sign-in it never needs.
const UNRESOLVED: Fault = Fault { seconds: 15.0, ..HEALTHY };

pub(super) const FAULTS: &[Fault] = &[
    Fault {
        name: "dns-resolver-unreachable-stopped",
        resolver: Resolver::Stopped,
        expected: Expected::Cause("dns-resolver-unreachable"),
        case: Some("dns/dns-resolver-unreachable"),
        ..UNRESOLVED
    },
    Fault {
        name: "dns-resolver-unreachable-silent",
        cloud_firewall: &["ip daddr 198.18.0.53 drop"],
        expected: Expected::Cause("dns-resolver-unreachable"),
        ..UNRESOLVED
    },
    Fault {
        name: "dns-server-failure",
        resolver: Resolver::FailsFor("mail.me.com"),
        expected: Expected::Cause("dns-server-failure"),
        case: Some("dns/dns-server-failure"),
        ..UNRESOLVED
    },
    Fault {
        name: "dns-filtered-denied",
        resolver: Resolver::Says("  local-zone: \"mail.me.com.\" always_nxdomain"),
        expected: Expected::Cause("dns-filtered"),
        case: Some("dns/dns-filtered"),
        ..UNRESOLVED
    },
    Fault {
        name: "dns-filtered-to-zero",
        resolver: Resolver::Says("  local-zone: \"mail.me.com.\" always_null"),
        expected: Expected::Cause("dns-filtered"),
        case: Some("dns/dns-sinkholed"),
        ..UNRESOLVED
    },
    Fault {
        name: "dns-filtered-one-name",
        resolver: Resolver::Says("  local-zone: \"smtp.mail.me.com.\" always_nxdomain"),
        expected: Expected::Cause("dns-filtered"),
        clean: &["imap"],
        ..UNRESOLVED
    },
    // Another machine, where nothing listens for mail.
    Fault {
        name: "dns-wrong-address-hosts-file",
        hosts: &["198.18.0.53 imap.mail.me.com"],
        expected: Expected::Cause("dns-wrong-address"),
        most_sign_ins: SignIns { imap: 0, smtp: 1 },
        clean: &["smtp"],
        case: Some("dns/dns-wrong-address-in-the-hosts-file"),
        ..UNRESOLVED
    },
    Fault {
        name: "dns-wrong-address-from-the-resolver",
        resolver: Resolver::Says(
            "  local-zone: \"smtp.mail.me.com.\" redirect\n  local-data: \"smtp.mail.me.com. A 198.18.0.53\"",
        ),
        expected: Expected::Cause("dns-wrong-address"),
        most_sign_ins: SignIns { imap: 1, smtp: 0 },
        clean: &["imap"],
        case: Some("dns/dns-wrong-address-from-the-resolver"),
        ..UNRESOLVED
    },
    // No resolver is left, but the machine has a route all the same: it is not offline.
    Fault {
        name: "dns-resolver-unreachable-none-answers",
        cloud_firewall: &["udp dport 53 drop", "tcp dport 53 drop"],
        expected: Expected::Cause("dns-resolver-unreachable"),
        most_sign_ins: NONE,
        case: Some("dns/no-resolver-answers"),
        ..UNRESOLVED
    },
];
