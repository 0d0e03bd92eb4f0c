//! What servers, certificates and Apple's status page say that the rules listen for, in lower case where case says nothing.

/// Issuers of products that open encrypted connections to look inside, as their certificates name them. Public
/// threads: Avast in phpmailer, drywall and orchard (incidents), the others from their makers' own documentation.
pub(super) const INTERCEPTORS: [&str; 14] = [
    "avast",
    "avg ",
    "kaspersky",
    "eset",
    "bitdefender",
    "norton",
    "mcafee",
    "fortinet",
    "fortigate",
    "zscaler",
    "sophos",
    "palo alto",
    "netskope",
    "cisco umbrella",
];

/// How Apple's own authorities name themselves.
pub(super) const APPLES_ORGANISATION: &str = "O=Apple Inc.";

/// How Apple's status page calls the service that is asked here.
pub(super) const ICLOUD_MAIL: &str = "iCloud Mail";

pub(super) const SENDER_IS_NOT_YOURS: [&str; 4] =
    ["not one of your addresses", "not owned by", "sender address rejected", "not allowed to send"];

pub(super) const SENDING_LIMIT: [&str; 2] = ["limit", "too many"];

pub(super) const STRANGER: [&str; 2] = ["client host rejected", "authentication required"];

pub(super) const TOO_MANY_CONNECTIONS: [&str; 3] = ["too many", "maximum number", "connection limit"];

pub(super) const SWITCHED_OFF: [&str; 3] = ["disabled", "not enabled", "is off"];
