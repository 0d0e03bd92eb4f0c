//! The table of causes: each with its rule, and with the causes that it explains, and why.

use checks::evidence::Evidence;
use checks::plan::Protocol;

use super::{
    Fit, certificates, handshake, mailbox, names, ports, reach, round_trip, sending, service, settings, signing_in,
    survey,
};

/// How a cause is recognised.
#[derive(Clone, Copy)]
pub(crate) enum Rule {
    /// From all the evidence at once.
    Whole(fn(&Evidence) -> Option<Fit>),
    /// For each of the two servers.
    PerServer(fn(&Evidence, Protocol) -> Option<Fit>),
    /// From any problem that no other rule claims.
    NothingElse,
    /// No check sees it.
    Unchecked(SeenIn),
}

/// Where a cause is seen that no check sees.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SeenIn {
    /// In the settings of a mail program.
    Settings,
    /// In what a server or a mail program said to the user.
    Text,
}

/// A row of the table.
pub(crate) struct Cause {
    /// Its id, which is also the name of its page.
    pub(crate) id: &'static str,
    pub(super) rule: Rule,
    /// The causes that are not reported where this one is found, each with the reason.
    pub(super) explains: &'static [(&'static str, &'static str)],
}

impl Cause {
    /// Returns where it is seen, if no check can see it.
    pub(crate) fn unchecked(&self) -> Option<SeenIn> {
        match self.rule {
            Rule::Unchecked(seen_in) => Some(seen_in),
            _ => None,
        }
    }
}

const fn whole(
    id: &'static str,
    rule: fn(&Evidence) -> Option<Fit>,
    explains: &'static [(&'static str, &'static str)],
) -> Cause {
    Cause { id, rule: Rule::Whole(rule), explains }
}

const fn per_server(
    id: &'static str,
    rule: fn(&Evidence, Protocol) -> Option<Fit>,
    explains: &'static [(&'static str, &'static str)],
) -> Cause {
    Cause { id, rule: Rule::PerServer(rule), explains }
}

const fn settings_alone(id: &'static str) -> Cause {
    Cause { id, rule: Rule::Unchecked(SeenIn::Settings), explains: &[] }
}

const fn text_alone(id: &'static str) -> Cause {
    Cause { id, rule: Rule::Unchecked(SeenIn::Text), explains: &[] }
}

const NO_NETWORK: &str = "without a network nothing can answer";
const PORTAL: &str = "a portal answers in the place of every server until the user signs in to it";
const OTHER_NAME: &str = "a name that is not Apple's may lead anywhere";
const OTHER_PORT: &str = "a port that is not Apple's may be closed, or speak otherwise";
const BY_RIGHT_CLOCK: &str = "by a right clock the certificate is valid";
const POSTED: &str = "Apple says so itself, for now and for this service";

/// The cause where no other one fits.
pub(crate) const UNEXPLAINED: &str = "unexplained";

/// Every cause, in the order in which equally sure ones are reported: what the user can fix comes first.
pub(crate) const CAUSES: [Cause; 78] = [
    whole(
        "offline",
        reach::offline,
        &[
            ("dns-resolver-unreachable", NO_NETWORK),
            ("dns-server-failure", NO_NETWORK),
            ("dns-filtered", NO_NETWORK),
            ("port-blocked", NO_NETWORK),
            ("wrong-server-name", NO_NETWORK),
            ("wrong-port", NO_NETWORK),
        ],
    ),
    whole(
        "captive-portal",
        reach::captive_portal,
        &[
            ("port-blocked", PORTAL),
            ("dns-filtered", PORTAL),
            ("dns-wrong-address", PORTAL),
            ("dns-server-failure", PORTAL),
            ("untrusted-issuer", PORTAL),
            ("tls-intercepted", PORTAL),
            ("certificate-wrong-name", PORTAL),
            ("tls-cut", PORTAL),
        ],
    ),
    whole(
        "clock-wrong",
        certificates::clock_wrong,
        &[("certificate-expired", BY_RIGHT_CLOCK), ("certificate-not-yet-valid", BY_RIGHT_CLOCK)],
    ),
    per_server(
        "wrong-server-name",
        settings::wrong_server_name,
        &[
            ("dns-server-failure", OTHER_NAME),
            ("port-blocked", OTHER_NAME),
            ("wrong-port", OTHER_NAME),
            ("certificate-wrong-name", OTHER_NAME),
            ("untrusted-issuer", OTHER_NAME),
            ("no-greeting", OTHER_NAME),
            ("connection-dropped", OTHER_NAME),
        ],
    ),
    per_server(
        "tls-on-starttls-port",
        settings::tls_on_starttls_port,
        &[
            ("wrong-port", "the port is right for the other kind of encryption"),
            ("tls-cut", "a server that waits for plain text may close on a handshake"),
        ],
    ),
    per_server(
        "plaintext-on-tls-port",
        settings::plaintext_on_tls_port,
        &[
            ("wrong-port", "the port is right for the other kind of encryption"),
            ("no-greeting", "a server that waits for a handshake sends no greeting"),
            ("connection-dropped", "a server that waits for a handshake closes on plain text"),
        ],
    ),
    per_server(
        "wrong-port",
        settings::wrong_port,
        &[
            ("port-blocked", OTHER_PORT),
            ("no-greeting", OTHER_PORT),
            ("connection-dropped", OTHER_PORT),
            ("tls-cut", OTHER_PORT),
        ],
    ),
    whole(
        "apple-outage",
        service::apple_outage,
        &[
            ("service-unavailable", POSTED),
            ("no-greeting", POSTED),
            ("connection-dropped", POSTED),
            ("sign-in-throttled", POSTED),
        ],
    ),
    per_server("service-unavailable", service::service_unavailable, &[]),
    whole(
        "not-an-icloud-login",
        signing_in::not_an_icloud_login,
        &[
            ("imap-sign-in-refused", "the two servers were given different login names"),
            ("smtp-sign-in-refused", "the two servers were given different login names"),
        ],
    ),
    whole("apple-password-used", signing_in::apple_password_used, &[]),
    whole("password-refused", signing_in::password_refused, &[]),
    whole("password-mangled", signing_in::password_mangled, &[]),
    whole("imap-sign-in-refused", signing_in::imap_sign_in_refused, &[]),
    whole("smtp-sign-in-refused", signing_in::smtp_sign_in_refused, &[]),
    per_server("sign-ins-held-back", signing_in::sign_ins_held_back, &[]),
    per_server("sign-in-throttled", service::sign_in_throttled, &[]),
    per_server("too-many-connections", service::too_many_connections, &[]),
    per_server("sign-in-mechanism", signing_in::sign_in_mechanism, &[]),
    per_server(
        "dns-filtered",
        names::dns_filtered,
        &[("dns-server-failure", "a filter answers in its own way, with any resolver")],
    ),
    whole("dns-resolver-unreachable", names::dns_resolver_unreachable, &[]),
    per_server("dns-server-failure", names::dns_server_failure, &[]),
    per_server(
        "dns-wrong-address",
        names::dns_wrong_address,
        &[
            ("untrusted-issuer", "the address leads to someone else's server"),
            ("tls-intercepted", "the address leads to someone else's server"),
            ("certificate-wrong-name", "the address leads to someone else's server"),
            ("port-blocked", "the address leads to someone else's machine"),
        ],
    ),
    per_server("port-blocked", ports::port_blocked, &[]),
    whole(
        "ipv6-broken",
        ports::ipv6_broken,
        &[("port-blocked", "the ports are not singled out: nothing of IPv6 answers")],
    ),
    whole("ca-store-missing", certificates::ca_store_missing, &[]),
    per_server(
        "tls-intercepted",
        certificates::tls_intercepted,
        &[
            ("untrusted-issuer", "the issuer is known for opening connections"),
            ("certificate-chain-incomplete", "the issuer is known for opening connections"),
        ],
    ),
    per_server(
        "certificate-chain-incomplete",
        certificates::certificate_chain_incomplete,
        &[("untrusted-issuer", "the issuer is known; only its certificate was not sent along")],
    ),
    per_server("untrusted-issuer", certificates::untrusted_issuer, &[]),
    per_server("certificate-expired", certificates::certificate_expired, &[]),
    per_server("certificate-not-yet-valid", certificates::certificate_not_yet_valid, &[]),
    per_server("certificate-wrong-name", certificates::certificate_wrong_name, &[]),
    per_server("starttls-stripped", handshake::starttls_stripped, &[]),
    per_server(
        "tls-too-old",
        handshake::tls_too_old,
        &[("tls-cut", "the server answers, in a version that is no longer safe to use")],
    ),
    per_server(
        "large-packets-lost",
        handshake::large_packets_lost,
        &[
            ("large-client-hello-dropped", "the same large first message is answered when it travels in small packets"),
            ("tls-cut", "only large packets are lost"),
        ],
    ),
    per_server(
        "large-client-hello-dropped",
        handshake::large_client_hello_dropped,
        &[("tls-cut", "only the large first message is lost")],
    ),
    per_server("tls-cut", handshake::tls_cut, &[]),
    per_server("no-greeting", service::no_greeting, &[]),
    per_server("connection-dropped", service::connection_dropped, &[]),
    whole("sender-not-owned", sending::sender_not_owned, &[]),
    whole("sending-limit", sending::sending_limit, &[]),
    whole("message-returned", round_trip::message_returned, &[]),
    whole("message-not-arrived", round_trip::message_not_arrived, &[]),
    whole("message-in-junk", round_trip::message_in_junk, &[]),
    whole("moved-by-a-rule", round_trip::moved_by_a_rule, &[]),
    whole("message-late", round_trip::message_late, &[]),
    whole("idle-silent", round_trip::idle_silent, &[]),
    whole("sent-copy-twice", round_trip::sent_copy_twice, &[]),
    whole("messages-refused", service::messages_refused_otherwise, &[]),
    whole("mailbox-full", mailbox::mailbox_full, &[]),
    whole("mailbox-nearly-full", mailbox::mailbox_nearly_full, &[]),
    whole(
        "imap-username-form",
        signing_in::imap_username_form,
        &[(
            "imap-sign-in-refused",
            "the form of the login name is the one thing that the two servers were given otherwise",
        )],
    ),
    whole(
        "smtp-username-form",
        signing_in::smtp_username_form,
        &[(
            "smtp-sign-in-refused",
            "the form of the login name is the one thing that the two servers were given otherwise",
        )],
    ),
    whole(
        "imap-disabled",
        signing_in::imap_disabled,
        &[
            ("imap-sign-in-refused", "the server itself says why it refuses"),
            ("password-refused", "the server itself says why it refuses"),
            ("apple-password-used", "the server itself says why it refuses"),
        ],
    ),
    whole("not-authenticated", sending::not_authenticated, &[]),
    whole("path-slow", survey::path_slow, &[]),
    whole("server-slow", survey::server_slow, &[]),
    whole("folder-cannot-be-opened", survey::folder_cannot_be_opened, &[]),
    whole("folder-name", mailbox::folder_name, &[]),
    whole("rfc822-fetch-empty", mailbox::rfc822_fetch_empty, &[]),
    whole("qresync-unreliable", mailbox::qresync_unreliable, &[]),
    whole("mail-in-archive", survey::mail_in_archive, &[]),
    whole("folder-very-large", survey::folder_very_large, &[]),
    whole("large-messages", survey::large_messages, &[]),
    whole("counts-disagree", survey::counts_disagree, &[]),
    whole("examine-not-read-only", survey::examine_not_read_only, &[]),
    whole("sent-copy-missing", round_trip::sent_copy_missing, &[]),
    whole("message-vanished", sending::message_vanished, &[]),
    settings_alone("certificate-not-verified"),
    settings_alone("encryption-off"),
    settings_alone("pop-not-offered"),
    settings_alone("password-in-file"),
    settings_alone("file-readable-by-others"),
    settings_alone("password-command-fails"),
    text_alone("refused-by-icloud"),
    text_alone("command-not-supported"),
    text_alone("message-not-described"),
    Cause { id: UNEXPLAINED, rule: Rule::NothingElse, explains: &[] },
];
