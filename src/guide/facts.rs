//! What a page can know about the run. Where it is read without a run, it knows nothing.

use std::net::IpAddr;

use checks::attempts::rules::Why;
use checks::settings::LoginForm;
use checks::sign_in::Mechanism;

use super::Pasted;

/// The facts that fill a page.
#[derive(Debug, Clone, Default)]
pub(crate) struct Facts {
    /// Whether these facts come from a run.
    pub(crate) is_checked: bool,
    pub(crate) imap: Server,
    pub(crate) smtp: Server,
    /// The mail program that the steps are for, by its id.
    pub(crate) program: Option<String>,
    /// The operating system of the computer that was checked.
    pub(crate) system: Option<System>,
    pub(crate) resolvers: Resolvers,
    pub(crate) certificate: Option<Certificate>,
    pub(crate) clock: Clock,
    /// Whether Apple's plain web page itself was reached: behind a captive portal, another page would have answered.
    pub(crate) web: Answer,
    /// Whether the account's address is at one of iCloud's domains.
    pub(crate) icloud_address: Answer,
    /// Whether the servers accept a password with a mechanism that mail programs support.
    pub(crate) password_offered: Answer,
    /// Whether a machine on the way answered in the server's place that there is no way through.
    pub(crate) stopped_on_the_way: Answer,
    /// Whether Apple's status page reports an event that is still going on.
    pub(crate) is_outage_posted: bool,
    /// Whether a connection over IPv4 opened.
    pub(crate) ipv4_works: Answer,
    /// How full the mailbox is, in percent.
    pub(crate) percent_full: Option<u64>,
    /// The domain that was typed, and the iCloud domain that it is a typing error for.
    pub(crate) slip: Option<Slip>,
    /// The mechanism that was accepted where the first was refused.
    pub(crate) working_mechanism: Option<Mechanism>,
    /// Why no sign-in was made, where earlier ones say to wait.
    pub(crate) held_back: Option<HeldBack>,
    /// How long ago a server accepted the password that it refuses now.
    pub(crate) accepted_before: Option<String>,
    /// The folders for sent messages that the server has.
    pub(crate) sent_folders: Vec<String>,
    /// What a pasted text tells.
    pub(crate) pasted: Pasted,
}

/// A sign-in that was not made.
#[derive(Debug, Clone)]
pub(crate) struct HeldBack {
    /// How long the next one has to wait.
    pub(crate) wait: String,
    pub(crate) why: Why,
}

/// A domain with a typing error in it.
#[derive(Debug, Clone)]
pub(crate) struct Slip {
    pub(crate) typed: String,
    pub(crate) meant: &'static str,
}

/// What is known of one of the two servers.
#[derive(Debug, Clone, Default)]
pub(crate) struct Server {
    /// Whether the cause was seen there.
    pub(crate) is_affected: bool,
    /// Its name, if the settings have another one than Apple's.
    pub(crate) other_host: Option<String>,
    /// Its port, where it is set to another than Apple's.
    pub(crate) other_port: Option<u16>,
    /// Whether it accepted the sign-in that was asked for.
    pub(crate) accepted: Answer,
    /// Whether it refused that sign-in.
    pub(crate) refused: Answer,
    /// Whether it refused the other form of the login name, too.
    pub(crate) other_form_refused: Answer,
    /// Whether the encryption setting fits the port.
    pub(crate) encryption_fits: Answer,
    /// The form of the login name that was tried.
    pub(crate) login_form: Option<LoginForm>,
    /// The form of the login name that it accepted, where it refused the first.
    pub(crate) working_form: Option<LoginForm>,
    /// Whether the public list of authorities accepts its certificate.
    pub(crate) certificate_accepted: Answer,
}

/// The resolvers that were asked.
#[derive(Debug, Clone, Default)]
pub(crate) struct Resolvers {
    /// This computer's own resolvers that returned no address.
    pub(crate) failed: Vec<IpAddr>,
    /// Public resolvers that returned no address either.
    pub(crate) others_failed: Vec<IpAddr>,
    /// Public resolvers that returned the address.
    pub(crate) others_answered: Vec<IpAddr>,
    /// Whether the address came from the hosts file.
    pub(crate) hosts_file: Answer,
}

/// The certificate that was presented, and not accepted.
#[derive(Debug, Clone, Default)]
pub(crate) struct Certificate {
    /// Who issued it.
    pub(crate) issuer: String,
    /// Whether it is self-signed.
    pub(crate) is_its_own: bool,
    /// Whether the issuer's name is Apple's.
    pub(crate) is_apples: bool,
    /// For how many days it has expired.
    pub(crate) expired_days: Option<i64>,
    /// From which day on it is valid, where that day is still to come.
    pub(crate) valid_from: Option<String>,
}

/// How this computer's clock compares with others.
#[derive(Debug, Clone, Default)]
pub(crate) struct Clock {
    /// Whether another clock agreed with it.
    pub(crate) confirmed: Answer,
    /// The day by the other clock, where this one is off.
    pub(crate) there: Option<String>,
    /// How far it is wrong, such as `3 days ahead`.
    pub(crate) off_by: Option<String>,
}

/// Whether something is true, as far as it is known.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Answer {
    #[default]
    Unknown,
    Yes,
    No,
}

/// An operating system with advice of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum System {
    Windows,
    Mac,
    Linux,
}

/// Products that decrypt connections and have a step of their own, as their certificates name them.
pub(crate) const WITH_STEPS: [&str; 7] = ["avast", "avg ", "norton", "kaspersky", "eset", "bitdefender", "adguard"];

/// Public resolvers that the guide recommends.
const PUBLIC: [IpAddr; 2] =
    [IpAddr::V4(std::net::Ipv4Addr::new(1, 1, 1, 1)), IpAddr::V4(std::net::Ipv4Addr::new(9, 9, 9, 9))];

impl Answer {
    pub(crate) fn of(is_so: bool) -> Self {
        if is_so { Self::Yes } else { Self::No }
    }

    pub(crate) fn is_yes(self) -> bool {
        self == Self::Yes
    }

    pub(crate) fn is_no(self) -> bool {
        self == Self::No
    }
}

impl Facts {
    /// Whether the cause is known to be at the IMAP server alone.
    pub(crate) fn is_only_imap(&self) -> bool {
        self.imap.is_affected && !self.smtp.is_affected
    }

    /// Whether the cause is known to be at the SMTP server alone.
    pub(crate) fn is_only_smtp(&self) -> bool {
        self.smtp.is_affected && !self.imap.is_affected
    }

    /// Whether a person is at the device in question: it is not a server or a script that wrote a text.
    pub(crate) fn has_screen(&self) -> bool {
        !self.pasted.is_unattended
    }

    /// Whether the certificate is self-signed.
    pub(crate) fn is_self_signed(&self) -> bool {
        self.certificate.as_ref().is_some_and(|certificate| certificate.is_its_own)
    }

    /// Whether the certificate's issuer, or what a text names, is this product, given in lower case.
    pub(crate) fn shows(&self, product: &str) -> bool {
        self.pasted.product == Some(product)
            || self.certificate.as_ref().is_some_and(|certificate| certificate.issuer.to_lowercase().contains(product))
    }

    /// Whether the certificate's issuer, or what a text names, is a product that a page has a step for.
    pub(crate) fn is_product_known(&self) -> bool {
        WITH_STEPS.iter().any(|product| self.shows(product))
    }

    /// Whether a sign-in has to wait because the server refused this same password, or that is not known.
    pub(crate) fn may_be_refused(&self) -> bool {
        self.held_back.as_ref().is_none_or(|held| held.why == Why::PasswordRefused)
    }

    /// Whether a sign-in has to wait only because the same password was accepted a moment ago.
    pub(crate) fn is_just_accepted(&self) -> bool {
        self.held_back.as_ref().is_some_and(|held| held.why == Why::JustAccepted)
    }

    /// Whether a server has just accepted the password, so that no new one is needed.
    pub(crate) fn is_password_right(&self) -> bool {
        self.imap.accepted.is_yes() || self.smtp.accepted.is_yes() || self.working_mechanism.is_some()
    }

    /// Whether a server has another name than Apple's.
    pub(crate) fn has_other_host(&self) -> bool {
        self.imap.other_host.is_some() || self.smtp.other_host.is_some()
    }

    /// Whether a server is set to POP, by its port or its name: iCloud has no POP.
    pub(crate) fn is_set_to_pop(&self) -> bool {
        let names_pop = |host: &String| host.split('.').next().is_some_and(|first| first.contains("pop"));
        let server = &self.imap;
        matches!(server.other_port, Some(110 | 995)) || server.other_host.as_ref().is_some_and(names_pop)
    }

    /// Whether advice for this system applies: it is the user's system, or that is not known.
    pub(crate) fn may_be(&self, system: System) -> bool {
        self.system.is_none_or(|known| known == system)
    }
}

impl Resolvers {
    /// The first of this computer's own resolvers that returned no address, as text to type.
    pub(crate) fn own(&self) -> Option<String> {
        self.failed.first().map(|ip| format!("`{ip}`"))
    }

    /// A public resolver that was not asked yet.
    pub(crate) fn untried(&self) -> Option<IpAddr> {
        PUBLIC.into_iter().rev().find(|ip| !self.has_failed(*ip) && !self.others_answered.contains(ip))
    }

    /// The public resolvers that have not failed, as text to type.
    pub(crate) fn usable(&self) -> Option<String> {
        let usable = PUBLIC.into_iter().filter(|ip| !self.has_failed(*ip)).map(|ip| format!("`{ip}`"));
        let usable: Vec<String> = usable.collect();
        (!usable.is_empty()).then(|| usable.join(" or "))
    }

    fn has_failed(&self, ip: IpAddr) -> bool {
        self.failed.contains(&ip) || self.others_failed.contains(&ip)
    }
}
