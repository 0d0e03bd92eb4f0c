//! Which provider a server or an account belongs to: iCloud, another one, or an unknown one.

use checks::settings::distance;

use super::patterns::Patterns;

/// The domains of other mail providers' servers. A company's own server is recognised by what is around its name.
const PROVIDERS: &[&str] = &[
    "1and1.com",
    "1und1.de",
    "126.com",
    "163.com",
    "aliyun.com",
    "amazonaws.com",
    "aol.com",
    "arcor.de",
    "att.net",
    "bluewin.ch",
    "btinternet.com",
    "comcast.net",
    "cox.net",
    "earthlink.net",
    "fastmail.com",
    "free.fr",
    "freenet.de",
    "gandi.net",
    "gmail.com",
    "gmx.at",
    "gmx.ch",
    "gmx.com",
    "gmx.de",
    "gmx.net",
    "google.com",
    "googlemail.com",
    "hotmail.com",
    "infomaniak.com",
    "ionos.com",
    "ionos.de",
    "kundenserver.de",
    "laposte.net",
    "libero.it",
    "live.com",
    "mail.ru",
    "mailbox.org",
    "mailgun.org",
    "mailjet.com",
    "messagingengine.com",
    "migadu.com",
    "naver.com",
    "office.com",
    "office365.com",
    "one.com",
    "orange.fr",
    "outlook.com",
    "ovh.net",
    "pobox.com",
    "posteo.de",
    "postmarkapp.com",
    "proton.me",
    "protonmail.ch",
    "purelymail.com",
    "qq.com",
    "sbcglobal.net",
    "secureserver.net",
    "sendgrid.net",
    "sfr.fr",
    "shaw.ca",
    "strato.de",
    "t-online.de",
    "verizon.net",
    "virgilio.it",
    "web.de",
    "yahoo.co.jp",
    "yahoo.com",
    "yahoodns.net",
    "yandex.com",
    "yandex.ru",
    "zoho.com",
    "zoho.eu",
];

/// The domains of Apple's servers.
const APPLES: &[&str] =
    &["icloud.com", "icloud.com.cn", "me.com", "mac.com", "apple.com", "apple-dns.net", "aaplimg.com"];

/// What examples and home networks have instead of a server's name.
const NOBODYS: &[&str] = &["example", "domain", "yourdomain", "mydomain", "test", "invalid", "localhost", "host"];

/// The last labels of names that only a local network knows.
const AT_HOME: &[&str] = &["corp", "home", "internal", "intranet", "lan", "local", "localdomain"];

/// A name with at most this many typing errors in `icloud` means iCloud's server.
const SLIPS: usize = 2;

/// Which provider it is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Whose {
    Icloud,
    /// The servers at which iCloud and its Hide My Email receive mail from other servers.
    Delivery,
    Other,
    /// A server of an unknown provider.
    Nobodys,
    Unknown,
}

/// The account that a line is about, by the name that the user gave it.
pub(super) fn account(patterns: &Patterns, line: &str) -> Option<String> {
    let bytes = line.as_bytes();
    let found = patterns.account.captures(bytes).or_else(|| patterns.label.captures(bytes))?;
    let name = found.iter().skip(1).flatten().next()?;
    Some(String::from_utf8_lossy(name.as_bytes()).to_ascii_lowercase())
}

pub(super) fn is_icloud_account(name: &str) -> bool {
    name.contains("icloud") || name.contains("apple") || name.ends_with("@me.com") || name.ends_with("@mac.com")
}

/// Which provider a server belongs to, by its name and by what is before and after it on the line.
pub(super) fn whose(patterns: &Patterns, host: &str, before: &[u8], after: &[u8]) -> Whose {
    let is_in_address = before.ends_with(b"@") && !patterns.role.is_match(before) || after.starts_with(b"@");
    if is_in_address || patterns.greeting.is_match(before) {
        return Whose::Unknown;
    }
    let labels: Vec<&str> = host.split('.').collect();
    let (Some(first), Some(last)) = (labels.first(), labels.last()) else { return Whose::Unknown };
    if host.ends_with(".mail.icloud.com") && first.starts_with("mx") || host.ends_with(".privaterelay.appleid.com") {
        return Whose::Delivery;
    }
    if is_apples(host, &labels) {
        return Whose::Icloud;
    }
    let is_web_page = before.ends_with(b"://") && !patterns.mail_url.is_match(before);
    if is_web_page {
        // A page that a server links to in its answer shows which provider it belongs to.
        return if host == "support.google.com" { Whose::Other } else { Whose::Unknown };
    }
    let is_named_server = patterns.role.is_match(before) || patterns.port.is_match(after);
    let is_providers = PROVIDERS.iter().any(|domain| is_below(host, domain));
    let is_nobodys = NOBODYS.contains(last) || labels.iter().rev().nth(1).is_some_and(|name| NOBODYS.contains(name));
    let is_server = is_named_server || labels.len() > 2 && patterns.mail.is_match(first.as_bytes());
    let is_own = TOP_LEVEL.contains(last) && is_server;
    match is_providers {
        true if labels.len() > 2 || is_named_server => Whose::Other,
        false if is_own && !is_nobodys => Whose::Other,
        false if is_server && (is_nobodys || AT_HOME.contains(last)) => Whose::Nobodys,
        _ => Whose::Unknown,
    }
}

/// Whether it is Apple's, or has a typing error in Apple's name.
fn is_apples(host: &str, labels: &[&str]) -> bool {
    let names = &labels[..labels.len() - 1];
    APPLES.iter().any(|domain| is_below(host, domain))
        || names.iter().any(|name| {
            matches!(*name, "me" | "mac")
                || name.contains("icloud")
                || name.contains("apple")
                || distance(name, "icloud") <= SLIPS
        })
}

fn is_below(host: &str, domain: &str) -> bool {
    host.strip_suffix(domain).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
}

/// The last labels of servers' names, but not of files and variables (`mail.py`, `mail.smtp.host`).
const TOP_LEVEL: &[&str] = &[
    "app", "at", "au", "be", "biz", "br", "ca", "ch", "cloud", "cn", "co", "com", "cz", "de", "dev", "dk", "edu",
    "email", "es", "eu", "fi", "fr", "gov", "hu", "ie", "info", "io", "it", "jp", "kr", "net", "nl", "no", "nz",
    "online", "org", "pt", "ru", "se", "si", "sk", "systems", "tech", "uk", "us", "za",
];
