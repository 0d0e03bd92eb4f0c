//! The texts of certificates and Apple's status page that rules look for, in lower case where case does not
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
