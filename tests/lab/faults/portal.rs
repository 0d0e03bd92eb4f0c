//! A portal, or a scanner in between, answers in place of every server.

use crate::fault::{Expected, Fault, HEALTHY_APPLE, NONE, ONE_EACH, Presented, Resolver, Web};

const PORTAL: Fault = Fault {
    web: Web::Portal,
    expected: Expected::Cause("captive-portal"),
    most_sign_ins: NONE,
    seconds: 15.0,
    ..HEALTHY_APPLE
};

pub(super) const FAULTS: &[Fault] = &[
    Fault {
        name: "captive-portal-redirects",
        case: Some("tcp/captive-portal"),
        cloud_firewall: &["tcp dport != { 53, 80 } drop"],
        ..PORTAL
    },
    Fault {
        name: "captive-portal-redirects-and-resets",
        cloud_firewall: &["meta l4proto tcp tcp dport != { 53, 80 } reject with tcp reset"],
        ..PORTAL
    },
    // Every name leads to the portal, and no other resolver is let through.
    Fault {
        name: "captive-portal-hijacks-names",
        case: Some("dns/captive-portal-hijacks-names"),
        resolver: Resolver::Says("  local-zone: \".\" redirect\n  local-data: \". 60 A 198.18.1.1\""),
        cloud_firewall: &["ip daddr { 1.1.1.1, 9.9.9.9 } drop", "ip daddr 17.0.0.0/8 drop", "ip6 daddr 2620::/16 drop"],
        ..PORTAL
    },
    // The system's store holds the scanner's root, so mail may be signed in to; Apple's page shows the same issuer.
    Fault {
        name: "tls-intercepted-everything",
        case: Some("tls/tls-intercepted-everything"),
        imap_certificate: Presented::Intercepted,
        smtp_certificate: Presented::Intercepted,
        web_certificate: Presented::Intercepted,
        expected: Expected::Cause("tls-intercepted"),
        most_sign_ins: ONE_EACH,
        ..HEALTHY_APPLE
    },
    Fault {
        name: "tls-intercepted-smtp-alone",
        smtp_certificate: Presented::Intercepted,
        expected: Expected::Cause("tls-intercepted"),
        clean: &["imap"],
        most_sign_ins: ONE_EACH,
        ..HEALTHY_APPLE
    },
];
