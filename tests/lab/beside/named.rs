//! When has a program named the cause? One table, the same for all.

use crate::fault::{Expected, Fault};
use std::collections::BTreeSet;

pub(super) const RULE: &str = "\
Named is a cause when anything that the program printed, the server's own words included, holds one of the phrases that\n\
tests/lab/beside/named.rs gives for it; of two faults both must be. The phrases are generous: a port that \"timed out\" or\n\
\"refused\" counts as blocked, \"authentication failed\" as a wrong password. A symptom that says nothing of the cause\n\
(\"wrong version number\" for TLS on a STARTTLS port, \"certificate is not yet valid\" for a clock) does not. The doctor's own\n\
row is judged more strictly: its first finding, or both troubles, by name.\n\
\"Together\" is all of them, read one after the other. What was still running after 20 s was killed;\n\
after two minutes it might have said that it timed out.\n";

const UNREACHED: &[&str] = &[
    "timed out",
    "timeout",
    "couldn't connect",
    "failed to connect",
    "refused",
    "unreachable",
    "prohibited",
    "no route",
    "permission denied",
];
const REFUSED: &[&str] = &["authenticationfailed", "authentication failed", "login denied", "auth failed", "535 "];
const UNRESOLVED: &[&str] =
    &["resolv", "name resolution", "lookup", "name or service not known", "no such host", "failed to look"];

/// The phrases of each cause, of which one must be there, in lower case; `&` between two that must both be.
const PHRASES: &[(&[&str], &[&str])] = &[
    (&["password-refused", "imap-sign-in-refused", "smtp-sign-in-refused"], REFUSED),
    (&["apple-password-used"], &["app-specific", "app specific", "application-specific", "app password"]),
    (
        &["password-mangled"],
        &["line break", "newline", "whitespace", "blank", "unmatch quote", "invalid character", "prohibited character"],
    ),
    (&["imap-username-form", "smtp-username-form"], &["full address", "username form", "user name form", "login name"]),
    (&["not-an-icloud-login"], &["not an icloud", "domain is not", "icloud address"]),
    (
        &["sign-in-mechanism"],
        &[
            "mechanism",
            "no authentication method",
            "no known auth",
            "login disabled",
            "no supported auth",
            "authentication method",
            "no advertised",
            "no acceptable auth",
        ],
    ),
    (&["sign-in-throttled"], &["too many", "rate", "limit", "throttl"]),
    (&["too-many-connections"], &["too many connections"]),
    (&["imap-disabled"], &["disabled"]),
    (
        &["wrong-server-name"],
        &[
            "imap.mail.me.con & resolv",
            "imap.icloud.com & resolv",
            "imap.mail.me.con & not known",
            "imap.icloud.com & not known",
            "imap.mail.me.con & look",
            "imap.icloud.com & look",
            "imap.mail.me.con & no such",
            "imap.icloud.com & no such",
        ],
    ),
    (&["wrong-port", "port-blocked"], UNREACHED),
    (
        &["offline"],
        &["network is unreachable", "no route", "offline", "network unreachable", "temporary failure in name"],
    ),
    (
        &["tls-on-starttls-port"],
        &["starttls & instead", "plain text", "plaintext", "not speak tls", "does not appear to be tls"],
    ),
    (&["plaintext-on-tls-port"], &["tls port", "implicit tls", "instead of starttls", "expects tls", "requires tls"]),
    (&["captive-portal"], &["portal", "redirect"]),
    (&["ipv6-broken"], &["ipv6", "2620:149:"]),
    (&["dns-resolver-unreachable", "dns-server-failure"], UNRESOLVED),
    (&["dns-filtered"], &["filter", "blocklist", "sinkhole", "0.0.0.0"]),
    // A program that shows where it was led gives its reader all that it takes.
    (&["dns-wrong-address"], &["198.18.0.53", "wrong address"]),
    (
        &["ca-store-missing"],
        &[
            "empty tls cert",
            "setting certificate file",
            "loading certificate file",
            "no certificate or crl",
            "trust file",
            "unable to get local issuer",
        ],
    ),
    (&["tls-intercepted"], &["intercept", "avast", "scanner", "mitm", "man-in-the-middle", "man in the middle"]),
    (
        &["untrusted-issuer"],
        &[
            "unknownissuer",
            "unknown issuer",
            "self-signed",
            "self signed",
            "unable to get local issuer",
            "not trusted",
            "unknown ca",
        ],
    ),
    (&["clock-wrong"], &["clock", "system time", "system date"]),
    (&["certificate-expired"], &["expired"]),
    (&["certificate-not-yet-valid"], &["not yet valid", "not valid yet", "not yet activated", "notbefore"]),
    (
        &["certificate-wrong-name"],
        &[
            "does not match",
            "no alternative certificate subject name",
            "notvalidforname",
            "not valid for name",
            "hostname mismatch",
            "subject name",
            "owner does not",
        ],
    ),
    (
        &["certificate-chain-incomplete"],
        &[
            "unable to get local issuer",
            "unknownissuer",
            "issuer is unknown",
            "unable to verify the first",
            "incomplete",
            "intermediate",
        ],
    ),
    (
        &["tls-too-old"],
        &["protocol version", "protocolversion", "unsupported protocol", "incompatible", "older version"],
    ),
    (
        &["starttls-stripped"],
        &[
            "starttls & not support",
            "starttls & not advertis",
            "starttls & not offer",
            "starttls & unavailable",
            "starttls & not available",
            "starttls & denied",
            "tls & not support",
            "starttls & not implemented",
            "trailing bytes",
            "starttls & refused",
            "no starttls",
        ],
    ),
    (&["tls-cut"], &["closed", "eof", "reset", "unexpected end", "terminated", "syscall", "pull function"]),
    (&["large-client-hello-dropped"], &["clienthello", "client hello"]),
    (&["large-packets-lost"], &["mtu", "large packet", "packet size"]),
    (&["apple-outage"], &["outage", "system status", "unavailable", "454 "]),
    (&["service-unavailable"], &["unavailable", "temporary authentication", "not available", "454 "]),
    (&["no-greeting"], &["greeting", "no response", "banner", "timed out", "timeout"]),
    (
        &["connection-dropped"],
        &[
            "closed",
            "eof",
            "reset",
            "lost",
            "dropped",
            "unexpected end",
            "reading failed",
            "broken pipe",
            "cannot write",
            "disconnected",
            "remote host",
        ],
    ),
    (&["sender-not-owned"], &["not one of your addresses", "not owned"]),
    (&["sending-limit"], &["sending limit"]),
    (&["not-authenticated"], &["access denied", "not authenticated"]),
    (&["mailbox-full", "mailbox-nearly-full"], &["quota", "full"]),
];

/// Whether the fault affects the other tools as it would outside: the server that is too old fakes the first bytes
/// alone, which a program that still speaks TLS 1.0 sees through; and for `unexplained` there is no cause that could be
/// named.
pub(super) fn is_for_all(fault: &Fault) -> bool {
    !matches!(fault.expected, Expected::Cause("unexplained" | "tls-too-old"))
}

/// Whether all that is wrong is named there.
pub(super) fn all(fault: &Fault, text: &str) -> bool {
    let text = text.to_lowercase();
    let causes = causes(fault);
    !causes.is_empty() && causes.iter().all(|cause| is_named(cause, &text))
}

/// The causes that no phrase of the table could name: the others could never get credit for them.
pub(super) fn without_phrases<'f>(faults: &[&'f Fault]) -> BTreeSet<&'f str> {
    let wanted = faults.iter().filter(|fault| is_for_all(fault)).flat_map(|fault| causes(fault));
    wanted.copied().filter(|cause| phrases(cause).next().is_none()).collect()
}

fn causes(fault: &Fault) -> &[&'static str] {
    match &fault.expected {
        Expected::Cause(cause) => std::slice::from_ref(cause),
        Expected::Causes(causes) => causes,
        Expected::Healthy | Expected::HealthyDespite(_) | Expected::Warning(_) => &[],
    }
}

fn is_named(cause: &str, text: &str) -> bool {
    phrases(cause).any(|phrase| phrase.split(" & ").all(|part| text.contains(part)))
}

fn phrases(cause: &str) -> impl Iterator<Item = &'static str> {
    PHRASES.iter().filter(move |(causes, _)| causes.contains(&cause)).flat_map(|(_, phrases)| *phrases).copied()
}
