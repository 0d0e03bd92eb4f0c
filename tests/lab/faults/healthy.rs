//! Nothing is broken: real servers, Apple's words, each address family, each source of the password.

use crate::fault::{ADDRESS, Families, Fault, HEALTHY, HEALTHY_APPLE, NONE, PasswordFrom, Servers};

pub(super) const FAULTS: &[Fault] = &[
    Fault { case: Some("imap/healthy"), ..HEALTHY },
    Fault { name: "healthy-ipv4", published: Families::Ipv4, machine: Families::Ipv4, ..HEALTHY },
    Fault { name: "healthy-ipv6", published: Families::Ipv6, machine: Families::Ipv6, ..HEALTHY },
    // The near misses of ipv6-broken: a machine that has one family only lacks nothing.
    Fault {
        name: "healthy-machine-without-ipv6",
        machine: Families::Ipv4,
        case: Some("tcp/healthy-without-ipv6"),
        ..HEALTHY
    },
    Fault { name: "healthy-machine-without-ipv4", machine: Families::Ipv6, ..HEALTHY },
    Fault { case: Some("imap/healthy-apple"), ..HEALTHY_APPLE },
    Fault { name: "healthy-no-sasl-ir", servers: Servers::Scripted(&["imap=no-sasl-ir"]), ..HEALTHY },
    Fault { name: "healthy-login-only", servers: Servers::Scripted(&["imap=no-auth-plain"]), ..HEALTHY },
    Fault { name: "healthy-offers-id", servers: Servers::Scripted(&["imap=offers-id"]), ..HEALTHY },
    Fault { name: "healthy-may-send", arguments: &["--from", ADDRESS], case: Some("smtp/healthy-may-send"), ..HEALTHY },
    Fault { name: "healthy-may-send-apple", arguments: &["--from", ADDRESS], ..HEALTHY_APPLE },
    Fault {
        name: "healthy-no-sign-in",
        arguments: &["--no-sign-in"],
        most_sign_ins: NONE,
        case: Some("settings/healthy-no-sign-in"),
        ..HEALTHY_APPLE
    },
    Fault { name: "healthy-password-command", password_from: PasswordFrom::Command, ..HEALTHY },
    Fault { name: "healthy-password-environment", password_from: PasswordFrom::Environment, ..HEALTHY },
    // Hostile, but not to the mail: the password comes back in the server's own words.
    Fault {
        name: "healthy-echoed-password",
        servers: Servers::Scripted(&["imap=echo-password", "smtp=echo-password"]),
        case: Some("imap/healthy-echoed-password"),
        ..HEALTHY
    },
];
