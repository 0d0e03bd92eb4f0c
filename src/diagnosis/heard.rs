//! The texts of servers, certificates and Apple's status page that rules look for, in lower case where case does not
//! matter.

/// Issuers of products that decrypt connections, as their certificates name them. Sources: public threads for Avast
/// (incidents in phpmailer, drywall and orchard); the makers' own documentation for the others.
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

/// The organisation in the certificates of Apple's own authorities.
pub(super) const APPLES_ORGANISATION: &str = "O=Apple Inc.";

/// The name of iCloud Mail on Apple's status page.
pub(super) const ICLOUD_MAIL: &str = "iCloud Mail";

pub(super) const SENDER_IS_NOT_YOURS: [&str; 4] =
    ["not one of your addresses", "not owned by", "sender address rejected", "not allowed to send"];

pub(super) const SENDING_LIMIT: [&str; 2] = ["limit", "too many"];

pub(super) const STRANGER: [&str; 2] = ["client host rejected", "authentication required"];

pub(super) const TOO_MANY_CONNECTIONS: [&str; 3] = ["too many", "maximum number", "connection limit"];

pub(super) const SWITCHED_OFF: [&str; 3] = ["disabled", "not enabled", "is off"];
