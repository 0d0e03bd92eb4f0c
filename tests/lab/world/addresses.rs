//! The addresses of all machines. All of them exist inside the laboratory's namespaces only, Apple's and the public
//! resolvers' too.

/// The system's resolver.
pub(crate) const RESOLVER: [&str; 2] = ["198.18.0.53", "fd00::53"];
/// The resolvers for a second opinion.
pub(crate) const PUBLIC_RESOLVERS: [&str; 2] = ["1.1.1.1", "9.9.9.9"];
/// www.apple.com and captive.apple.com.
pub(crate) const WEB: [&str; 2] = ["17.253.144.10", "2620:149:af0::10"];
pub(crate) const IMAP: [&str; 2] = ["17.56.9.23", "2620:149:a44::993"];
pub(crate) const SMTP: [&str; 2] = ["17.57.155.28", "2620:149:a44::587"];

/// The proxy for the web, at the resolver's address.
pub(crate) const PROXY: &str = RESOLVER[0];
pub(crate) const PROXY_PORT: u16 = 3128;

/// The link between the two: the user's end, and the gateway.
pub(crate) const USER: [&str; 2] = ["198.18.1.2", "fd00:1::2"];
pub(crate) const GATEWAY: [&str; 2] = ["198.18.1.1", "fd00:1::1"];

pub(crate) const IMAP_NAME: &str = "imap.mail.me.com";
pub(crate) const SMTP_NAME: &str = "smtp.mail.me.com";
pub(crate) const STATUS_NAME: &str = "www.apple.com";
pub(crate) const STATUS_PATH: &str = "/support/systemstatus/data/system_status_en_US.js";
pub(crate) const STATUS_URL: &str = "https://www.apple.com/support/systemstatus/data/system_status_en_US.js";
pub(crate) const PORTAL_URL: &str = "http://captive.apple.com/hotspot-detect.html";
