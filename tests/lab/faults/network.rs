//! The way to the servers: cables, routes, firewalls at either end, half-working IPv6.

use crate::fault::{Expected, Fault, HEALTHY, NONE, SignIns};

/// The contract: with a port dropped, the verdict within eight seconds and the healthy side reported.
const PORT_BLOCKED: Fault = Fault { expected: Expected::Cause("port-blocked"), seconds: 8.0, ..HEALTHY };
const SENDING_BLOCKED: Fault = Fault { clean: &["imap"], most_sign_ins: SignIns { imap: 1, smtp: 0 }, ..PORT_BLOCKED };
const RECEIVING_BLOCKED: Fault =
    Fault { clean: &["smtp"], most_sign_ins: SignIns { imap: 0, smtp: 1 }, ..PORT_BLOCKED };
const OFFLINE: Fault = Fault { expected: Expected::Cause("offline"), most_sign_ins: NONE, seconds: 10.0, ..HEALTHY };

pub(super) const FAULTS: &[Fault] = &[
    Fault { name: "offline-link-down", link: &["link set eth0 down"], case: Some("tcp/offline"), ..OFFLINE },
    Fault { name: "offline-no-route", link: &["route del default", "-6 route del default"], ..OFFLINE },
    // The cable behind the router: everything leaves and nothing comes back.
    Fault {
        name: "offline-no-answers",
        cloud_firewall: &["iif eth0 drop"],
        seconds: 15.0,
        case: Some("tcp/offline-no-answers"),
        ..OFFLINE
    },
    Fault {
        name: "port-blocked-587-dropped",
        cloud_firewall: &["tcp dport 587 drop"],
        case: Some("tcp/port-blocked"),
        ..SENDING_BLOCKED
    },
    Fault { name: "port-blocked-993-dropped", cloud_firewall: &["tcp dport 993 drop"], ..RECEIVING_BLOCKED },
    Fault {
        name: "port-blocked-both-dropped",
        cloud_firewall: &["tcp dport { 587, 993 } drop"],
        most_sign_ins: NONE,
        ..PORT_BLOCKED
    },
    Fault { name: "port-blocked-587-dropped-here", user_firewall: &["tcp dport 587 drop"], ..SENDING_BLOCKED },
    Fault {
        name: "port-blocked-587-reset-here",
        user_firewall: &["meta l4proto tcp tcp dport 587 reject with tcp reset"],
        ..SENDING_BLOCKED
    },
    Fault {
        name: "port-blocked-587-reset",
        cloud_firewall: &["meta l4proto tcp tcp dport 587 reject with tcp reset"],
        ..SENDING_BLOCKED
    },
    Fault {
        name: "port-blocked-993-prohibited-here",
        user_firewall: &["tcp dport 993 reject with icmpx type admin-prohibited"],
        ..RECEIVING_BLOCKED
    },
    Fault {
        name: "port-blocked-587-prohibited",
        cloud_firewall: &["tcp dport 587 reject with icmpx type admin-prohibited"],
        case: Some("tcp/port-prohibited"),
        ..SENDING_BLOCKED
    },
    Fault {
        name: "ipv6-broken",
        cloud_firewall: &["ip6 daddr 2620:149::/32 drop"],
        expected: Expected::Cause("ipv6-broken"),
        clean: &["imap", "smtp"],
        seconds: 8.0,
        case: Some("tcp/ipv6-broken"),
        ..HEALTHY
    },
    Fault {
        name: "ipv6-broken-asked-for",
        cloud_firewall: &["ip6 daddr 2620:149::/32 drop"],
        arguments: &["-6"],
        expected: Expected::Cause("ipv6-broken"),
        most_sign_ins: SignIns { imap: 1, smtp: 1 },
        seconds: 15.0,
        case: Some("tcp/ipv6-broken-asked-for"),
        ..HEALTHY
    },
    Fault {
        name: "ipv6-broken-asked-for-without-route",
        link: &["-6 route del default"],
        arguments: &["-6"],
        expected: Expected::Cause("ipv6-broken"),
        most_sign_ins: NONE,
        ..HEALTHY
    },
    // The refusal comes from a router on the way, not from the server.
    Fault {
        name: "port-blocked-by-a-router",
        case: Some("tcp/port-blocked-by-a-router"),
        cloud_link: &[
            "address del 17.57.155.28/32 dev lo",
            "-6 address del 2620:149:a44::587/128 dev lo",
            "route add prohibit 17.57.155.28",
            "-6 route add prohibit 2620:149:a44::587",
        ],
        ..SENDING_BLOCKED
    },
    Fault {
        name: "port-blocked-all-but-80",
        case: Some("tcp/port-blocked-all-but-80"),
        cloud_firewall: &["tcp dport != 80 drop"],
        most_sign_ins: NONE,
        seconds: 15.0,
        ..PORT_BLOCKED
    },
    // The resolver stands in the same house and remembers names; nothing else answers, and no resolver outside.
    Fault {
        name: "offline-but-for-remembered-names",
        cloud_firewall: &["meta l4proto tcp drop", "ip daddr { 1.1.1.1, 9.9.9.9 } drop"],
        expected: Expected::Cause("offline"),
        case: Some("tcp/offline-but-for-remembered-names"),
        most_sign_ins: NONE,
        seconds: 15.0,
        ..HEALTHY
    },
    // Resolvers outside answer: packets leave, and come back, and no connection is let through.
    Fault {
        name: "port-blocked-all-but-dns",
        case: Some("tcp/port-blocked-all-but-dns"),
        cloud_firewall: &["meta l4proto tcp drop"],
        most_sign_ins: NONE,
        seconds: 15.0,
        ..PORT_BLOCKED
    },
];
