//! The patterns that are searched for in the lines of a text that names servers.

use regex::bytes::Regex as Captured;
use regex_automata::meta::Regex;

use crate::pattern::{compiled, searched};

/// The names of other providers' accounts.
pub(super) const ACCOUNTS: &[&str] = &[
    "aol",
    "exchange",
    "fastmail",
    "gmail",
    "gmx",
    "google",
    "googlemail",
    "hotmail",
    "office365",
    "outlook",
    "proton",
    "protonmail",
    "web.de",
    "yahoo",
    "zoho",
];

/// The patterns, compiled.
pub(super) struct Patterns {
    /// A name with dots in it.
    pub(super) name: Regex,
    /// The time and the name of the computer at the beginning of a line in a system's log.
    pub(super) own: Regex,
    /// A header line of a message, which names every server that the message passed.
    pub(super) heading: Regex,
    /// What is before the name with which a program introduces itself.
    pub(super) greeting: Regex,
    /// What is before the name of a server.
    pub(super) role: Regex,
    /// What is after it.
    pub(super) port: Regex,
    pub(super) mail_url: Regex,
    /// How the names of mail servers begin.
    pub(super) mail: Regex,
    /// How a line names the account that it is about.
    pub(super) account: Captured,
    /// The name of another provider at the beginning of a log line.
    pub(super) label: Captured,
    /// A program signs in to send a message, which servers for delivery do not allow.
    pub(super) submission: Regex,
    /// What iCloud says when it refuses mail that others send to it.
    pub(super) refusal: Regex,
    /// A program on this computer that speaks for another provider, or is in between.
    pub(super) bridge: Regex,
    /// iCloud, and no address or server there.
    pub(super) icloud_itself: Regex,
    /// A word that means iCloud Mail.
    pub(super) icloud: Regex,
}

impl Patterns {
    pub(super) fn new() -> Self {
        Self {
            name: searched(r"[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?(?:\.[a-z0-9_-]+)*\.[a-z]{2,24}\b"),
            own: searched(
                r"^(?:<\d+>\d* ?)?(?:[a-z]{3} +\d+ [\d:]+|\d{4}-\d\d-\d\d[t ][\d:.,]+(?:z|[+-][\d:]+)?) +[a-z0-9._-]+ +[^\s:\[]+(?:\[\d+\])?: ",
            ),
            heading: searched(
                r"^(?:received|message-id|reporting-mta|authentication-results|references|in-reply-to|return-path|dkim-signature|list-[a-z]+|x-[a-z-]+):|^\s+(?:by|from) \S+ (?:\(|with\b|by\b)",
            ),
            greeting: searched(r"(?:\b(?:ehlo|helo|lhlo)|\b(?:my)?hostname\s*=|\bmydomain\s*=|\bmyorigin\s*=)\s*$"),
            role: searched(
                r#"(?:\b(?:server|host|hostname|host[12]|relay|relayhost|remote|peer)\b["']?\s*(?:[:=]|is|name)?\s*["'\[<(]*|\bconnect\w*(?: to| with)?:? ["'\[<(]*|\b(?:imap|smtp|pop3|submission)s?://(?:[^\s/@]*@)?)$"#,
            ),
            port: searched(r"^(?:\[[0-9a-f.:]*\])?[\])>]?:(?:25|110|143|465|587|993|995|2525)\b|^[,;]? port:? ?\d+"),
            mail_url: searched(r"\b(?:imap|smtp|pop3|submission|tcp|ssl|tls)s?://$"),
            mail: searched(
                r"^(?:(?:e?mail|imap|smtp|pop3?|mx|mta|relay|webmail|outgoing|incoming|outbound|inbound|exchange|mailout|securesmtp|posta?)s?[0-9]*(?:-.*)?)$",
            ),
            account: compiled(
                r#"^\W*account[ :="']+([a-z0-9][a-z0-9_.@+-]*)["']?(?: \([^)\n]*\))? ?:|\baccount ["']([a-z0-9][a-z0-9_.@+-]*)["']"#,
            ),
            label: compiled(&format!(r"^\W*({})(?:[\])}}]:?\s|: )", ACCOUNTS.join("|"))),
            submission: searched(r"\b(?:587|465|993)\b|submission"),
            // Apple's page for the administrators of mail servers, and the codes of its filters.
            refusal: searched(r"support\.apple\.com/(?:\S*/)?(?:ht204137|102322)\b|\[(?:cs|hm)\d\d\]"),
            bridge: searched(
                r"proton ?(?:mail)? ?bridge|davmail|(?:localhost|127\.0\.0\.1|\[::1\]):(?:10\d\d|11\d\d|2525)\b|\b(?:10\.\d+|192\.168|172\.(?:1[6-9]|2\d|3[01]))\.\d+\.\d+\]?(?::\d+)? (?:said|replied|answered)\b",
            ),
            icloud_itself: searched(r"(?:^|[^@.\w/-])icloud(?:$|[^.\w@/-])"),
            icloud: searched(r"icloud|\bapple\b|@(?:me|mac)\.com\b"),
        }
    }
}
