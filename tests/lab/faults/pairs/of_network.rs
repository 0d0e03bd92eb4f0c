//! The way to one server, and something else.

use super::REVOKED;
use crate::fault::{Expected, Fault, HEALTHY, HEALTHY_APPLE, NONE, Presented, Resolver, Servers, SignIns, TWO_EACH};

const ONLY_IMAP: SignIns = SignIns { imap: 1, smtp: 0 };
const PAIR: Fault = Fault { seconds: 15.0, ..HEALTHY_APPLE };
const IPV6_BROKEN: &[&str] = &["ip6 daddr 2620:149::/32 drop"];

pub(super) const FAULTS: &[Fault] = &[
    Fault {
        name: "pair-587-dropped-and-password-imap",
        case: Some("tcp/port-blocked-and-password-refused"),
        cloud_firewall: &["tcp dport 587 drop"],
        password: REVOKED,
        expected: Expected::Causes(&["port-blocked", "password-refused"]),
        most_sign_ins: SignIns { imap: 2, smtp: 0 },
        seconds: 15.0,
        ..HEALTHY
    },
    Fault {
        name: "pair-993-dropped-and-no-starttls",
        cloud_firewall: &["tcp dport 993 drop"],
        servers: Servers::Scripted(&["smtp=masked-starttls"]),
        expected: Expected::Causes(&["port-blocked", "starttls-stripped"]),
        most_sign_ins: NONE,
        ..PAIR
    },
    Fault {
        name: "pair-587-dropped-and-unavailable-imap",
        cloud_firewall: &["tcp dport 587 drop"],
        servers: Servers::Scripted(&["imap=unavailable"]),
        expected: Expected::Causes(&["port-blocked", "service-unavailable"]),
        most_sign_ins: ONLY_IMAP,
        ..PAIR
    },
    Fault {
        name: "pair-587-dropped-and-mailbox-full",
        cloud_firewall: &["tcp dport 587 drop"],
        servers: Servers::Scripted(&["imap=full"]),
        expected: Expected::Causes(&["port-blocked", "mailbox-full"]),
        most_sign_ins: ONLY_IMAP,
        ..PAIR
    },
    Fault {
        name: "pair-587-dropped-and-imap-disabled",
        cloud_firewall: &["tcp dport 587 drop"],
        servers: Servers::Scripted(&["imap=disabled"]),
        expected: Expected::Causes(&["port-blocked", "imap-disabled"]),
        most_sign_ins: SignIns { imap: 2, smtp: 0 },
        ..PAIR
    },
    // Such a login is refused with any password: whether this one is right cannot be known.
    Fault {
        name: "pair-993-dropped-and-foreign-login",
        cloud_firewall: &["tcp dport 993 drop"],
        email: "hello@quokka.example",
        expected: Expected::Causes(&["port-blocked", "not-an-icloud-login"]),
        beside: &["password-refused"],
        most_sign_ins: SignIns { imap: 0, smtp: 2 },
        ..PAIR
    },
    Fault {
        name: "pair-ipv6-broken-and-password",
        case: Some("tcp/ipv6-broken-and-password-refused"),
        cloud_firewall: IPV6_BROKEN,
        password: REVOKED,
        expected: Expected::Causes(&["ipv6-broken", "password-refused"]),
        most_sign_ins: TWO_EACH,
        seconds: 15.0,
        ..HEALTHY
    },
    Fault {
        name: "pair-ipv6-broken-and-apple-password",
        cloud_firewall: IPV6_BROKEN,
        password: "Sunflower!2019-Home",
        expected: Expected::Causes(&["ipv6-broken", "apple-password-used"]),
        most_sign_ins: TWO_EACH,
        ..PAIR
    },
    // The doctor may go on to IMAP with the addresses of a second opinion or not.
    Fault {
        name: "pair-dns-filtered-imap-and-password-smtp",
        resolver: Resolver::Says("  local-zone: \"imap.mail.me.com.\" always_nxdomain"),
        password: REVOKED,
        expected: Expected::Causes(&["dns-filtered", "password-refused"]),
        most_sign_ins: TWO_EACH,
        seconds: 15.0,
        ..HEALTHY
    },
    Fault {
        name: "pair-expired-imap-and-dns-filtered-smtp",
        resolver: Resolver::Says("  local-zone: \"smtp.mail.me.com.\" always_null"),
        imap_certificate: Presented::Expired,
        expected: Expected::Causes(&["dns-filtered", "certificate-expired"]),
        most_sign_ins: SignIns { imap: 0, smtp: 1 },
        ..PAIR
    },
    Fault {
        name: "pair-dns-failure-imap-and-wrong-port-smtp",
        resolver: Resolver::FailsFor("imap.mail.me.com"),
        arguments: &["--smtp-port", "25"],
        expected: Expected::Causes(&["dns-server-failure", "wrong-port"]),
        most_sign_ins: ONLY_IMAP,
        ..PAIR
    },
];
