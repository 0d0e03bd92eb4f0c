//! Whose servers a text names: iCloud's, or another provider's. A line in which another provider's server answers says
//! nothing about iCloud Mail.

use std::ops::Range;

use checks::settings::distance;
use regex::bytes::{Regex, RegexBuilder};

/// The domains of other mail providers' servers. A company's own is known by what stands around its name.
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

/// What other providers' accounts are called.
const ACCOUNTS: &[&str] = &[
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

/// What stands in the place of a server's name in examples and at home.
const NOBODYS: &[&str] = &["example", "domain", "yourdomain", "mydomain", "test", "invalid", "localhost", "host"];

/// The ends of names that only a house's own network knows.
const AT_HOME: &[&str] = &["corp", "home", "internal", "intranet", "lan", "local", "localdomain"];

/// So many slips of the finger away from `icloud`, iCloud's server was meant.
const SLIPS: usize = 2;

/// How many lines below the one that says whom a program talks to still belong to that talk.
const TALK: usize = 20;

/// No talk goes on for more bytes than this without the server being named again.
const FAR: usize = 4000;

/// The servers that a text names, line by line.
pub(super) struct Servers {
    named: Vec<Named>,
    others: Vec<String>,
    speaks_of_icloud: bool,
}

/// A line that names a server or an account.
struct Named {
    line: Range<usize>,
    whose: Whose,
    /// Whether the lines below it that name nobody belong to it. In a system's log the lines of several programs alternate.
    opens: bool,
}

impl Servers {
    /// Finds them.
    pub(super) fn of(text: &str) -> Self {
        let patterns = Patterns::new();
        let mut servers =
            Self { named: Vec::new(), others: Vec::new(), speaks_of_icloud: patterns.icloud.is_match(text.as_bytes()) };
        let has_icloud_account =
            text.lines().any(|line| account(&patterns, line).is_some_and(|name| is_icloud_account(&name)));
        let mut start = 0;
        for line in text.split_inclusive('\n') {
            servers.read(&patterns, line, start, has_icloud_account);
            start += line.len();
        }
        servers
    }

    fn read(&mut self, patterns: &Patterns, line: &str, start: usize, has_icloud_account: bool) {
        let bytes = line.as_bytes();
        let own = patterns.own.find(bytes).map_or(0, |prefix| prefix.end());
        if patterns.heading.is_match(&bytes[own..]) {
            return;
        }
        let (mut found, mut others) = (Vec::new(), Vec::new());
        for name in patterns.name.find_iter(bytes).filter(|name| name.start() >= own) {
            let host = line[name.range()].to_ascii_lowercase();
            let whose = whose(patterns, &host, &bytes[..name.start()], &bytes[name.end()..]);
            if whose == Whose::Other {
                others.push(host);
            }
            found.push(whose);
        }
        self.speaks_of_icloud |= found.iter().any(|whose| matches!(whose, Whose::Icloud | Whose::Delivery));
        let is_delivery = found.contains(&Whose::Delivery) && !patterns.submission.is_match(bytes);
        let account = account(patterns, line)
            .filter(|name| is_icloud_account(name) || has_icloud_account || ACCOUNTS.contains(&name.as_str()));
        let whose = match account {
            _ if is_delivery => Whose::Delivery,
            _ if found.iter().any(|whose| matches!(whose, Whose::Icloud | Whose::Delivery)) => Whose::Icloud,
            _ if !others.is_empty() => Whose::Other,
            Some(name) if !is_icloud_account(&name) => {
                others.push(name);
                Whose::Other
            }
            _ if patterns.icloud_itself.is_match(bytes) => Whose::Icloud,
            _ if found.contains(&Whose::Nobodys) || patterns.bridge.is_match(bytes) => Whose::Nobodys,
            _ => return,
        };
        if whose == Whose::Other {
            for other in others {
                if !self.others.contains(&other) {
                    self.others.push(other);
                }
            }
        }
        self.named.push(Named { line: start..start + line.len(), whose, opens: own == 0 });
    }

    /// Whose the line at this place is: by what it names, or by the talk that it belongs to.
    fn whose(&self, text: &str, place: usize) -> Whose {
        let after = self.named.partition_point(|named| named.line.start <= place);
        let last = after.checked_sub(1).and_then(|at| self.named.get(at));
        let of = last.filter(|last| last.line.contains(&place) || last.opens && is_in_talk(text, last.line.end, place));
        of.map_or(Whose::Unknown, |last| last.whose)
    }

    /// Whether what stands at this place is not about the account at iCloud: it is another provider's, or about mail
    /// that others deliver to iCloud.
    pub(super) fn is_elsewhere(&self, text: &str, place: usize) -> bool {
        matches!(self.whose(text, place), Whose::Other | Whose::Delivery)
    }

    /// Whether a server of which nobody knows whose it is says what stands at this place.
    pub(super) fn is_doubtful(&self, text: &str, place: usize) -> bool {
        self.whose(text, place) == Whose::Nobodys
    }

    /// Whether lines are about mail that others deliver to iCloud.
    pub(super) fn has_delivery(&self) -> bool {
        self.named.iter().any(|named| named.whose == Whose::Delivery)
    }

    /// The servers of others that are named where none of iCloud's is, in the order in which they are.
    pub(super) fn others(&self) -> &[String] {
        &self.others
    }

    /// Whether others' servers are named, and nothing of Apple's is.
    pub(super) fn are_others_alone(&self) -> bool {
        !self.others.is_empty() && !self.speaks_of_icloud
    }
}

/// Whether a place still belongs to the talk that a line above it begins: an empty line ends it.
fn is_in_talk(text: &str, begin: usize, place: usize) -> bool {
    let between = &text[begin..text.floor_char_boundary(place)];
    let mut lines = between.split('\n');
    // What stands before the place on its own line is no line yet.
    lines.next_back();
    between.len() <= FAR && lines.clone().count() < TALK && !lines.any(|line| line.trim().is_empty())
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Whose {
    Icloud,
    /// The servers at which iCloud takes mail from others.
    Delivery,
    Other,
    /// A server's of which nobody knows whose it is.
    Nobodys,
    Unknown,
}

/// The account that a line is about, by the name that the user gave it.
fn account(patterns: &Patterns, line: &str) -> Option<String> {
    let bytes = line.as_bytes();
    let found = patterns.account.captures(bytes).or_else(|| patterns.label.captures(bytes))?;
    let name = found.iter().skip(1).flatten().next()?;
    Some(String::from_utf8_lossy(name.as_bytes()).to_ascii_lowercase())
}

fn is_icloud_account(name: &str) -> bool {
    name.contains("icloud") || name.contains("apple") || name.ends_with("@me.com") || name.ends_with("@mac.com")
}

/// Whose server this is, by its name and by what stands before and after it on the line.
fn whose(patterns: &Patterns, host: &str, before: &[u8], after: &[u8]) -> Whose {
    let is_in_address = before.ends_with(b"@") && !patterns.role.is_match(before) || after.starts_with(b"@");
    if is_in_address || patterns.greeting.is_match(before) {
        return Whose::Unknown;
    }
    let labels: Vec<&str> = host.split('.').collect();
    let (Some(first), Some(last)) = (labels.first(), labels.last()) else { return Whose::Unknown };
    if host.ends_with(".mail.icloud.com") && first.starts_with("mx") {
        return Whose::Delivery;
    }
    if is_apples(host, &labels) {
        return Whose::Icloud;
    }
    let is_web_page = before.ends_with(b"://") && !patterns.mail_url.is_match(before);
    if is_web_page {
        // A page that a server names in its answer tells whose server it is.
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

/// Whether it is Apple's, or a slip in the name of one that is.
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

/// The ends of names that are a server's and not a file's or a variable's (`mail.py`, `mail.smtp.host`).
const TOP_LEVEL: &[&str] = &[
    "app", "at", "au", "be", "biz", "br", "ca", "ch", "cloud", "cn", "co", "com", "cz", "de", "dev", "dk", "edu",
    "email", "es", "eu", "fi", "fr", "gov", "hu", "ie", "info", "io", "it", "jp", "kr", "net", "nl", "no", "nz",
    "online", "org", "pt", "ru", "se", "si", "sk", "systems", "tech", "uk", "us", "za",
];

/// What is looked for, ready to be held against lines.
struct Patterns {
    /// A name with dots in it.
    name: Regex,
    /// The time and the name of the computer that wrote a line of a system's log.
    own: Regex,
    /// A line of a message's head, which names whoever the message passed.
    heading: Regex,
    /// What stands before the name by which a program introduces itself.
    greeting: Regex,
    /// What stands before the name of a server.
    role: Regex,
    /// What stands after it.
    port: Regex,
    mail_url: Regex,
    /// How the names of mail servers begin.
    mail: Regex,
    /// What a line calls the account that it is about.
    account: Regex,
    /// The name of another provider, as a log begins its lines.
    label: Regex,
    /// A program signs in at a server to send, which those for delivery do not allow.
    submission: Regex,
    /// A program on this computer that speaks for another provider, or in between.
    bridge: Regex,
    /// iCloud, and no address or server there.
    icloud_itself: Regex,
    /// A word that iCloud Mail is meant by.
    icloud: Regex,
}

impl Patterns {
    fn new() -> Self {
        Self {
            name: compiled(r"[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?(?:\.[a-z0-9_-]+)*\.[a-z]{2,24}\b"),
            own: compiled(
                r"^(?:<\d+>\d* ?)?(?:[a-z]{3} +\d+ [\d:]+|\d{4}-\d\d-\d\d[t ][\d:.,]+(?:z|[+-][\d:]+)?) +[a-z0-9._-]+ +[^\s:\[]+(?:\[\d+\])?: ",
            ),
            heading: compiled(
                r"^(?:received|message-id|reporting-mta|authentication-results|references|in-reply-to|return-path|dkim-signature|list-[a-z]+|x-[a-z-]+):|^\s+(?:by|from) \S+ (?:\(|with\b|by\b)",
            ),
            greeting: compiled(r"(?:\b(?:ehlo|helo|lhlo)|\b(?:my)?hostname\s*=|\bmydomain\s*=|\bmyorigin\s*=)\s*$"),
            role: compiled(
                r#"(?:\b(?:server|host|hostname|host[12]|relay|relayhost|remote|peer)\b["']?\s*(?:[:=]|is|name)?\s*["'\[<(]*|\bconnect\w*(?: to| with)?:? ["'\[<(]*|\b(?:imap|smtp|pop3|submission)s?://(?:[^\s/@]*@)?)$"#,
            ),
            port: compiled(r"^(?:\[[0-9a-f.:]*\])?[\])>]?:(?:25|110|143|465|587|993|995|2525)\b|^[,;]? port:? ?\d+"),
            mail_url: compiled(r"\b(?:imap|smtp|pop3|submission|tcp|ssl|tls)s?://$"),
            mail: compiled(
                r"^(?:(?:e?mail|imap|smtp|pop3?|mx|mta|relay|webmail|outgoing|incoming|outbound|inbound|exchange|mailout|securesmtp|posta?)s?[0-9]*(?:-.*)?)$",
            ),
            account: compiled(
                r#"^\W*account[ :="']+([a-z0-9][a-z0-9_.@+-]*)["']?(?: \([^)\n]*\))? ?:|\baccount ["']([a-z0-9][a-z0-9_.@+-]*)["']"#,
            ),
            label: compiled(&format!(r"^\W*({})(?:[\])}}]:?\s|: )", ACCOUNTS.join("|"))),
            submission: compiled(r"\b(?:587|465|993)\b|submission"),
            bridge: compiled(
                r"proton ?(?:mail)? ?bridge|davmail|(?:localhost|127\.0\.0\.1|\[::1\]):(?:10\d\d|11\d\d|2525)\b|\b(?:10\.\d+|192\.168|172\.(?:1[6-9]|2\d|3[01]))\.\d+\.\d+\]?(?::\d+)? (?:said|replied|answered)\b",
            ),
            icloud_itself: compiled(r"(?:^|[^@.\w/-])icloud(?:$|[^.\w@/-])"),
            icloud: compiled(r"icloud|\bapple\b|@(?:me|mac)\.com\b"),
        }
    }
}

fn compiled(pattern: &str) -> Regex {
    #[allow(clippy::expect_used, reason = "each pattern is part of the program, and every test compiles them all")]
    RegexBuilder::new(pattern).case_insensitive(true).unicode(false).build().expect("it is a pattern")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether the last line of the text counts for iCloud.
    fn counts(text: &str) -> bool {
        let servers = Servers::of(text);
        !servers.are_others_alone() && !servers.is_elsewhere(text, text.trim_end().len() - 1)
    }

    #[test]
    fn a_line_about_another_providers_server_does_not_count() {
        for line in [
            "server mail.gmx.net said: 535 Authentication credentials invalid",
            "imap.gmail.com: Authentication failed",
            "smtp.office365.com said: 535 5.7.3 Authentication unsuccessful",
            "535 5.7.139 Authentication unsuccessful [AM0PR10CA0001.EURPRD10.PROD.OUTLOOK.COM]",
            "535-5.7.8 go to https://support.google.com/mail/?p=BadCredentials",
            "imap.gmx.net:993 timed out",
            "connect to posteo.de:587: Connection refused",
            "Login to server mail.mycompany.de failed",
            "to=<ann@icloud.com>, relay=smtp.mycompany.com[192.0.2.1]:25, said: 535 authentication failed",
            "imaps://ann@imap.fastmail.com/ login failed",
            "Nov 24 10:00:00 mail.me.example postfix/smtp[1]: relay=mx.provider.net[192.0.2.1]:587 said: 535",
            "Unable to connect to smtp.mail.yahoo.com (Connection timed out)",
            "Error login on [imap.gmail.com] with user [ann@gmail.com]",
        ] {
            assert!(!counts(line), "{line}");
            assert!(!counts(&format!("iCloud Mail is not working\n{line}")), "{line}");
        }
    }

    #[test]
    fn a_line_about_icloud_or_about_no_server_counts() {
        for line in [
            "authentication failed",
            "535 5.7.8 Error: authentication failed",
            "server smtp.mail.me.com[17.57.155.28] said: 535",
            "imap.iclod.com: no such host",
            "smtp.mail.me.con: no such host",
            "Nov 24 10:00:00 mail.mycompany.com postfix/smtp[123]: SASL authentication failed; server smtp.mail.me.com said: 535",
            "Nov 24 10:00:00 mail.mycompany.com postfix/smtp[123]: warning: SASL authentication failure: No worthy mechs found",
            "2026-11-24T10:00:00.123456+01:00 smtp.mycompany.com msmtp[9]: authentication failed",
            "> EHLO mail.mycompany.com",
            "Received: from mail.gmx.net (mail.gmx.net [212.227.17.20]) by mx.mycompany.com",
            "\tby mx.mycompany.com with ESMTPS; Tue, 24 Nov 2026 10:00:00 +0100",
            "AUTHENTICATIONFAILED for an Apple ID on gmail.com",
            "login ann@gmail.com refused",
            "mail.smtp.host is not set",
            "File \"/usr/lib/python3/imap.py\", line 3, in mail.connect",
            "imap.example.com: connection refused",
            "certificate is valid for *.mycompany.com, not imap.mail.me.com",
            "Host1: imap.gmail.com, Host2: imap.mail.me.com: authentication failed",
            "read https://support.microsoft.com/office or https://www.gmx.net",
            "connect to 192.0.2.7:587: Connection timed out",
        ] {
            assert!(counts(line), "{line}");
        }
    }

    #[test]
    fn a_talk_with_another_provider_is_elsewhere_until_it_ends() {
        let other =
            "* Connected to imap.gmail.com (192.0.2.1) port 993\n> A001 LOGIN ann\n< A001 NO Authentication failed";
        let icloud = "* Connected to imap.mail.me.com (17.42.251.8) port 993\n< A001 NO Authentication failed";
        assert!(!counts(other) && counts(icloud));
        assert!(counts(&format!("{other}\n{icloud}")) && !counts(&format!("{icloud}\n{other}")));
        assert!(counts(&format!("{icloud}\n{other}\n\nauthentication failed")));
        assert!(counts(&format!("iCloud\n{other}{}\nauthentication failed", "\nx".repeat(TALK))));
        let gmail =
            "C: imap.gmail.com connecting\nS: * OK Gimap ready\nC: LOGIN\nS: 1 NO [AUTHENTICATIONFAILED] Invalid";
        assert!(!counts(&format!("iCloud\n{gmail}")));
        assert!(counts(&format!("{gmail}\nAccount iCloud\nauthentication failed")));
    }

    #[test]
    fn a_line_about_another_account_does_not_count() {
        for line in ["Account gmail: certificate has expired", "account 'work': certificate has expired"] {
            assert!(!counts(&format!("Account iCloud (imap.mail.me.com): synced\n{line}")), "{line}");
            assert!(counts(&format!("{line}\nAccount iCloud: certificate has expired")), "{line}");
        }
        assert!(counts("account 'work': certificate has expired"));
    }

    #[test]
    fn mail_that_others_deliver_is_not_about_the_account() {
        let delivery = "connect to mx01.mail.icloud.com[17.57.156.30]:25: Connection timed out";
        assert!(!counts(delivery) && Servers::of(delivery).has_delivery());
        assert!(!counts("host mx02.mail.icloud.com said: 421 4.7.1 try again later"));
        assert!(counts("smtp is set to mx01.mail.icloud.com port 587"));
    }

    #[test]
    fn what_nobodys_server_says_is_doubtful() {
        for line in [
            "relay.corp.example: 550 5.7.0 From",
            "localhost:1025 proton bridge: 535",
            "smtp.office.lan:25 said 550",
            "10.0.0.5:25 said: 550",
        ] {
            assert!(Servers::of(line).is_doubtful(line, line.len() - 1), "{line}");
        }
        for line in [
            "smtp.mail.me.com: 550 5.7.0 From",
            "550 5.7.0 From",
            "> EHLO mail.home.lan",
            "relay.corp.example -> smtp.mail.me.com: 550",
        ] {
            assert!(!Servers::of(line).is_doubtful(line, line.len() - 1), "{line}");
        }
    }

    #[test]
    fn the_names_of_the_others_are_told_once_each() {
        let servers = Servers::of("imap.gmx.net:993 failed\nIMAP.GMX.NET:993 failed\nsmtp.gmail.com failed\n");
        assert_eq!(servers.others(), ["imap.gmx.net", "smtp.gmail.com"]);
        assert!(servers.are_others_alone());
    }
}
