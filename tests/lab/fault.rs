//! A fault as data: how the world is broken, the doctor's arguments, and the expected result.

use crate::world::commands::Outcome;
use crate::world::delivery::Delivery;
use std::path::Path;

/// The app-specific password of the laboratory's only account. A canary: no output of the doctor may hold it.
pub(crate) const CANARY: &str = "qzkv-wjxh-bfyd-npmt";
/// The account's address. Its IMAP login is this or the part before the @; its SMTP login is this alone.
pub(crate) const ADDRESS: &str = "you@icloud.com";
pub(crate) const NAME_PART: &str = "you";

/// The one message in the mailbox. Its content is private: no output of the doctor may hold its last line.
pub(crate) const HEADER: &str = "From: Quokka <hello@quokka.example>\r\nTo: you@icloud.com\r\nSubject: The only message\r\n\
                                 Date: Thu, 1 Oct 2026 09:00:00 +0000\r\nMessage-ID: <1@quokka.example>\r\n\r\n";
pub(crate) const BODY: &str = "For your eyes only.\r\n";

pub(crate) struct Fault {
    pub(crate) name: &'static str,

    pub(crate) servers: Servers,
    pub(crate) imap_certificate: Presented,
    pub(crate) smtp_certificate: Presented,
    /// The certificate of Apple's status page.
    pub(crate) web_certificate: Presented,
    pub(crate) web: Web,
    /// The machine reaches the web only through a proxy, which its environment names.
    pub(crate) proxy: bool,
    /// The address families that the mail servers' names have in the DNS.
    pub(crate) published: Families,
    /// The address families that the user's machine has.
    pub(crate) machine: Families,
    pub(crate) resolver: Resolver,
    /// Lines of the hosts file of the user's machine.
    pub(crate) hosts: &'static [&'static str],
    pub(crate) store: Store,
    /// nftables rules for what leaves the user's machine: its own firewall.
    pub(crate) user_firewall: &'static [&'static str],
    /// nftables rules for what reaches the cloud: the provider's, or the far end's.
    pub(crate) cloud_firewall: &'static [&'static str],
    /// nftables rules for what reaches the user's machine: what the way back loses.
    pub(crate) way_back: &'static [&'static str],
    /// Arguments of `ip`, run on the user's machine when all else stands.
    pub(crate) link: &'static [&'static str],
    /// Arguments of `ip`, run in the cloud after those.
    pub(crate) cloud_link: &'static [&'static str],
    pub(crate) status_page: StatusPage,

    /// libfaketime's offset of the doctor's clock.
    pub(crate) clock: Option<&'static str>,
    pub(crate) email: &'static str,
    pub(crate) password: &'static str,
    pub(crate) password_from: PasswordFrom,
    pub(crate) arguments: &'static [&'static str],

    pub(crate) expected: Expected,
    /// Other problems that may be reported beside the expected ones.
    pub(crate) beside: &'static [&'static str],
    /// Causes that no finding may name, not even as possible.
    pub(crate) never: &'static [&'static str],
    /// Checks with an outcome that must be `clean` although there is a problem elsewhere.
    pub(crate) clean: &'static [&'static str],
    pub(crate) most_sign_ins: SignIns,
    /// The run must have ended by then.
    pub(crate) seconds: f64,
    /// Folder of the check, then the case, under tests/: where `LAB_RECORD=1` keeps the recorded run.
    pub(crate) case: Option<&'static str>,
}

/// Who answers on 993 and 587.
#[derive(Clone, Copy)]
pub(crate) enum Servers {
    /// Dovecot and Postfix.
    Real,
    /// Dovecot and Postfix, with a backend that knows no accounts.
    RealWithoutAccounts,
    /// Dovecot and Postfix, which delivers what it accepts.
    Delivering(&'static Delivery),
    /// Dovecot and Postfix with many accounts.
    RealWithMany(&'static Many),
    /// Our own, which behaves like Apple's and misbehaves as these words say (`imap=…`, `smtp=…`).
    Scripted(&'static [&'static str]),
}

/// How many accounts are set up on real servers.
pub(crate) struct Many {
    /// Writes `accounts.lua` into the world's folder, and returns what Dovecot's configuration needs besides the usual.
    pub(crate) dovecot: fn(&Path) -> Outcome<String>,
    /// More settings of Postfix.
    pub(crate) postfix: fn() -> Vec<(&'static str, String)>,
}

/// The certificate that a mail server presents.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Presented {
    /// Leaf and intermediate under a public root.
    Apple,
    Expired,
    NotYetValid,
    OtherName,
    SelfSigned,
    /// Signed by an authority that no store holds.
    UnknownIssuer,
    /// Signed by a virus scanner's authority, which is in the system's store and not among the public roots.
    Intercepted,
    WithoutIntermediate,
}

#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Families {
    Both,
    Ipv4,
    Ipv6,
}

/// How the system's resolver behaves. The public resolvers (1.1.1.1, 9.9.9.9) always answer well.
#[derive(Clone, Copy)]
pub(crate) enum Resolver {
    Well,
    Stopped,
    /// More lines for its `server:` clause.
    Says(&'static str),
    /// A zone that it has lost: it answers SERVFAIL for all below.
    FailsFor(&'static str),
    /// Well, and each name is the last of a chain of aliases.
    FollowsManyAliases,
}

/// Who answers on port 80 of Apple's web servers.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Web {
    Apple,
    /// A portal at the gateway, which redirects every request to its own page.
    Portal,
}

/// What the system's store of trusted roots holds.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Store {
    /// The public root, and the virus scanner's where there is one.
    Usual,
    /// Nothing, as in a container without ca-certificates.
    Empty,
    /// A root, but not the one that the mail servers have today (imapsync/imapsync#547).
    Old,
}

#[derive(Clone, Copy, PartialEq)]
pub(crate) enum StatusPage {
    /// Nothing ongoing; an outage of iCloud Mail three days ago is still listed as resolved.
    Green,
    /// iCloud Mail is out, and has been for half an hour.
    MailOutage,
    /// iCloud Mail was out, and has not been for an hour.
    MailOutageEnded,
    /// Maintenance of iCloud Mail, tomorrow.
    MailMaintenanceTomorrow,
    /// iCloud Account & Sign In is out, and has been for half an hour.
    SignInOutage,
    /// Apple TV is out, and has been for half an hour.
    OtherOutage,
    /// A page for people, in place of the feed.
    NotTheFeed,
}

#[derive(Clone, Copy)]
pub(crate) enum PasswordFrom {
    Stdin,
    Command,
    Environment,
}

#[derive(Clone, Copy)]
pub(crate) enum Expected {
    /// Exit 0, verdict `healthy`, no finding louder than a note.
    Healthy,
    /// The same, but these warnings may be there.
    HealthyDespite(&'static [&'static str]),
    /// Exit 0, verdict `healthy`, this warning first and no other.
    Warning(&'static str),
    /// Exit 1, verdict `trouble`, this cause first.
    Cause(&'static str),
    /// Exit 1, verdict `trouble`, and these are all the troubles, each told once, in any order.
    Causes(&'static [&'static str]),
}

/// The most sign-ins that each server may count. 0 forbids them: then its log may hold no sign-in command and no
/// password in any encoding.
#[derive(Clone, Copy)]
pub(crate) struct SignIns {
    pub(crate) imap: usize,
    pub(crate) smtp: usize,
}

pub(crate) const ONE_EACH: SignIns = SignIns { imap: 1, smtp: 1 };
pub(crate) const TWO_EACH: SignIns = SignIns { imap: 2, smtp: 2 };
pub(crate) const NONE: SignIns = SignIns { imap: 0, smtp: 0 };

/// A healthy account on real servers: what every fault departs from.
pub(crate) const HEALTHY: Fault = Fault {
    name: "healthy",
    servers: Servers::Real,
    imap_certificate: Presented::Apple,
    smtp_certificate: Presented::Apple,
    web_certificate: Presented::Apple,
    web: Web::Apple,
    proxy: false,
    published: Families::Both,
    machine: Families::Both,
    resolver: Resolver::Well,
    hosts: &[],
    store: Store::Usual,
    user_firewall: &[],
    cloud_firewall: &[],
    way_back: &[],
    link: &[],
    cloud_link: &[],
    status_page: StatusPage::Green,
    clock: None,
    email: ADDRESS,
    password: CANARY,
    password_from: PasswordFrom::Stdin,
    arguments: &[],
    expected: Expected::Healthy,
    beside: &[],
    never: &[],
    clean: &[],
    most_sign_ins: ONE_EACH,
    // Servers are slow at their first connection; the benchmark measures, this catches what hangs.
    seconds: 5.0,
    case: None,
};

/// The same on the scripted server.
pub(crate) const HEALTHY_APPLE: Fault = Fault { name: "healthy-apple", servers: Servers::Scripted(&[]), ..HEALTHY };

/// Trouble at the contract's own deadline.
pub(crate) const DEADLINE: f64 = 30.0;

impl Expected {
    pub(crate) fn words(self) -> String {
        match self {
            Self::Healthy => "healthy".to_string(),
            Self::HealthyDespite(warnings) => format!("healthy ({}?)", warnings.join(", ")),
            Self::Warning(cause) => format!("warning {cause}"),
            Self::Cause(cause) => cause.to_string(),
            Self::Causes(causes) => causes.join(" + "),
        }
    }

    pub(crate) fn is_healthy(self) -> bool {
        matches!(self, Self::Healthy | Self::HealthyDespite(_) | Self::Warning(_))
    }
}
