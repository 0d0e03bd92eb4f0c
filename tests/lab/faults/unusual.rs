//! Nothing is broken and much is unusual: a careless doctor would report a problem.

use crate::fault::{Families, Fault, HEALTHY, HEALTHY_APPLE, Resolver, Servers};

pub(super) const FAULTS: &[Fault] = &[
    Fault {
        name: "healthy-slow",
        servers: Servers::Scripted(&["imap=slow", "smtp=slow"]),
        seconds: 12.0,
        ..HEALTHY_APPLE
    },
    // Never silent for a second, and for longer than a step may take in all.
    Fault {
        name: "healthy-slow-lines",
        servers: Servers::Scripted(&["imap=slow-lines", "smtp=slow-lines"]),
        seconds: 15.0,
        ..HEALTHY_APPLE
    },
    Fault {
        name: "healthy-odd-greeting",
        servers: Servers::Scripted(&["imap=odd-greeting", "smtp=odd-greeting"]),
        ..HEALTHY_APPLE
    },
    Fault {
        name: "healthy-plain-greeting",
        servers: Servers::Scripted(&["imap=plain-greeting", "smtp=plain-greeting"]),
        ..HEALTHY_APPLE
    },
    Fault {
        name: "healthy-offers-much",
        servers: Servers::Scripted(&["imap=offers-much", "smtp=offers-much"]),
        ..HEALTHY_APPLE
    },
    Fault { name: "healthy-unasked-data", servers: Servers::Scripted(&["imap=unasked-data"]), ..HEALTHY_APPLE },
    Fault { name: "healthy-no-id", servers: Servers::Scripted(&["imap=no-id"]), ..HEALTHY_APPLE },
    Fault { name: "healthy-no-quota", servers: Servers::Scripted(&["imap=no-quota"]), ..HEALTHY_APPLE },
    Fault {
        name: "healthy-tls-1.2",
        case: Some("tls/healthy-older-tls"),
        servers: Servers::Scripted(&["imap=tls-1.2", "smtp=tls-1.2"]),
        ..HEALTHY_APPLE
    },
    Fault { name: "healthy-many-aliases", resolver: Resolver::FollowsManyAliases, ..HEALTHY_APPLE },
    Fault { name: "healthy-published-ipv4", published: Families::Ipv4, ..HEALTHY_APPLE },
    // An address of IPv6 without a way out, as a router without uplink gives: IPv4 works, and that is all it takes.
    Fault { name: "healthy-ipv6-without-route", link: &["-6 route del default"], ..HEALTHY },
    // The web goes by a proxy here, mail does not.
    Fault {
        name: "healthy-proxy",
        proxy: true,
        cloud_firewall: &["ip saddr 198.18.1.2 tcp dport 443 drop", "ip6 saddr fd00:1::2 tcp dport 443 drop"],
        ..HEALTHY
    },
];
