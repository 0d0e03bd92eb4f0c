//! The flags of `check`, and the plan that they make.

use std::collections::BTreeSet;
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use checks::password::Password;
use checks::plan::{
    APPLE_IMAP, APPLE_PORTAL, APPLE_SMTP, APPLE_STATUS, Family, Plan, Protocol, RoundTrip, Security, Server, Survey,
};
use checks::questions::Question;
use checks::trust::TrustedHost;
use clap::{Args as _, FromArgMatches as _};

use super::TellingArguments;
use super::address::pasted::tidy;
use super::address::{address, host, login};
use super::length;
use super::question::is_somebody_there;
use crate::meant::{meant, shown};
use crate::misuse::Misuse;

/// The usual values that Apple's own settings do not give, as they are typed.
const IMAP_SECURITY: &str = "tls";
const SMTP_SECURITY: &str = "starttls";
const SECOND_RESOLVERS: &str = "1.1.1.1,9.9.9.9";
const TIMEOUT: &str = "5";
const DEADLINE: &str = "30";
const EVERY: &str = "15";

#[derive(Debug, Clone, clap::Args)]
#[allow(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
pub(crate) struct CheckArguments {
    /// Your iCloud Mail address; without it, everything but the sign-ins is checked
    ///
    /// Brackets, quotation marks, commas and spaces around it are ignored. If the domain looks like a typing error or
    /// belongs to another provider, you are asked; without a terminal that is an error, unless --imap-username and
    /// --smtp-username are given. With --no-sign-in or --dry-run it is used as it is.
    pub(crate) email: Option<String>,

    /// Read the app-specific password from standard input
    #[arg(long, help_heading = "Password (never an argument)")]
    pub(crate) password_stdin: bool,
    /// Read the app-specific password from the output of this command
    ///
    /// A JSON list of words, such as `["pass", "show", "icloud"]`, is run without a shell.
    #[arg(long, value_name = "CMD", hide_short_help = true, help_heading = "Password (never an argument)")]
    pub(crate) password_command: Option<String>,
    /// Check everything but the sign-ins
    #[arg(long, help_heading = "Password (never an argument)")]
    pub(crate) no_sign_in: bool,

    /// Use the servers and login names in this settings file of a mail program
    #[arg(long, value_name = "FILE", conflicts_with_all = ["imap_host", "imap_port", "imap_security", "imap_username", "smtp_host", "smtp_port", "smtp_security", "smtp_username"], hide_short_help = true, help_heading = "Servers")]
    pub(crate) settings_from: Option<PathBuf>,
    /// The IMAP server set in the mail program
    #[arg(long, value_name = "HOST", default_value = APPLE_IMAP.0, hide_short_help = true, help_heading = "Servers")]
    pub(crate) imap_host: String,
    /// The port of the IMAP server
    #[arg(long, value_name = "PORT", default_value_t = APPLE_IMAP.1, value_parser = port, hide_short_help = true, help_heading = "Servers")]
    pub(crate) imap_port: u16,
    /// The encryption of the IMAP server, tls or starttls
    #[arg(long, value_name = "HOW", default_value = IMAP_SECURITY, hide_short_help = true, value_parser = security, help_heading = "Servers")]
    pub(crate) imap_security: Security,
    /// The login name for IMAP; without it, the address decides
    #[arg(long, value_name = "NAME", hide_short_help = true, help_heading = "Servers")]
    pub(crate) imap_username: Option<String>,
    /// The SMTP server set in the mail program
    #[arg(long, value_name = "HOST", default_value = APPLE_SMTP.0, hide_short_help = true, help_heading = "Servers")]
    pub(crate) smtp_host: String,
    /// The port of the SMTP server
    #[arg(long, value_name = "PORT", default_value_t = APPLE_SMTP.1, value_parser = port, hide_short_help = true, help_heading = "Servers")]
    pub(crate) smtp_port: u16,
    /// The encryption of the SMTP server, tls or starttls
    #[arg(long, value_name = "HOW", default_value = SMTP_SECURITY, hide_short_help = true, value_parser = security, help_heading = "Servers")]
    pub(crate) smtp_security: Security,
    /// The login name for SMTP; without it, the address decides
    #[arg(long, value_name = "NAME", hide_short_help = true, help_heading = "Servers")]
    pub(crate) smtp_username: Option<String>,
    /// Send the password to this server too, although it is not Apple's
    #[arg(long, value_name = "HOST", value_delimiter = ',', hide_short_help = true, help_heading = "Servers")]
    pub(crate) trust_host: Vec<String>,
    /// Sign in even if earlier sign-ins say to wait
    ///
    /// After refused sign-ins the next one has to wait, because Apple locks accounts: a refused password is not sent to
    /// the same server again for a day. If you know that the reason has passed, this makes one sign-in at once.
    #[arg(long, hide_short_help = true, help_heading = "Checks")]
    pub(crate) again: bool,
    /// Do not look up earlier sign-ins, and do not remember these
    #[arg(long, hide_short_help = true, help_heading = "Checks")]
    pub(crate) no_ledger: bool,
    /// Check that this address may send; nothing is sent
    #[arg(long, value_name = "ADDRESS", help_heading = "Servers")]
    pub(crate) from: Option<String>,

    /// Check the mailbox too
    ///
    /// Fetches one small message, and a message that is already read in a second way too. Nothing of it is kept, and no
    /// message is marked as read.
    #[arg(long, help_heading = "Checks")]
    pub(crate) mailbox: bool,
    /// Run only these checks, and what they depend on
    #[arg(long, value_name = "CHECK,…", value_delimiter = ',', help_heading = "Checks")]
    pub(crate) only: Vec<String>,
    /// Skip these checks, and what depends on them; or these follow-up checks
    #[arg(long, value_name = "CHECK,…", value_delimiter = ',', hide_short_help = true, help_heading = "Checks")]
    pub(crate) skip: Vec<String>,
    /// No follow-up checks after a problem
    #[arg(long, hide_short_help = true, help_heading = "Checks")]
    pub(crate) no_second_look: bool,
    /// List the checks
    #[arg(long, help_heading = "Checks")]
    pub(crate) list: bool,
    /// List the hosts that a run may contact
    #[arg(long, hide_short_help = true, help_heading = "Checks")]
    pub(crate) list_hosts: bool,
    /// Print what a run would do, without doing it
    #[arg(long, hide_short_help = true, help_heading = "Checks")]
    pub(crate) dry_run: bool,

    /// Trust the roots in this PEM file too
    #[arg(long, value_name = "PEM", hide_short_help = true, help_heading = "Network")]
    pub(crate) ca_file: Option<PathBuf>,
    /// Use the roots in this PEM file as the public ones (private networks, tests)
    #[arg(long, value_name = "PEM", hide_short_help = true, help_heading = "Network")]
    pub(crate) public_roots: Option<PathBuf>,
    /// Ask this resolver instead of the system's
    #[arg(long, value_name = "IP[:PORT]", value_parser = resolver, hide_short_help = true, help_heading = "Network")]
    pub(crate) resolver: Option<SocketAddr>,
    /// The resolvers to ask for a second opinion, or none
    #[arg(
        long,
        value_name = "IP,…",
        value_delimiter = ',',
        default_value = SECOND_RESOLVERS,
        hide_short_help = true, help_heading = "Network"
    )]
    pub(crate) second_resolver: Vec<String>,
    /// The address of Apple's status feed, instead of the one that --list-hosts prints
    #[arg(long, value_name = "URL", default_value = APPLE_STATUS, hide_default_value = true, value_parser = url, hide_short_help = true, help_heading = "Network")]
    pub(crate) status_url: String,
    /// A plain page that a captive portal would replace, instead of Apple's
    #[arg(long, value_name = "URL", default_value = APPLE_PORTAL, hide_default_value = true, value_parser = url, hide_short_help = true, help_heading = "Network")]
    pub(crate) portal_url: String,
    /// Use IPv4 only
    #[arg(short = '4', conflicts_with = "six", help_heading = "Network")]
    pub(crate) four: bool,
    /// Use IPv6 only
    #[arg(short = '6', help_heading = "Network")]
    pub(crate) six: bool,
    /// The longest that one step may take, in seconds
    #[arg(long, value_name = "SECS", default_value = TIMEOUT, value_parser = seconds, hide_short_help = true, help_heading = "Network")]
    pub(crate) timeout: Duration,
    /// The longest that the whole run may take, in seconds
    #[arg(long, value_name = "SECS", default_value = DEADLINE, value_parser = seconds, hide_short_help = true, help_heading = "Network")]
    pub(crate) deadline: Duration,

    /// Check again every 15 or SECS seconds, until all is well
    ///
    /// It checks without a sign-in until nothing is in the way any more, and signs in only then, or when you press
    /// Enter. A refused password is not sent again. Each change is a line with its time, and the last report follows.
    #[arg(long, value_name = "SECS", num_args = 0..=1, default_missing_value = EVERY, value_parser = every, conflicts_with = "record", help_heading = "Checks")]
    pub(crate) watch: Option<Duration>,
    /// End the watch after this time, such as 90s, 30m or 2h
    #[arg(long = "for", value_name = "DURATION", requires = "watch", value_parser = for_how_long, hide_short_help = true, help_heading = "Checks")]
    pub(crate) watch_for: Option<Duration>,

    /// Record this run, so that `rehearse FILE` can play it again
    ///
    /// The password and the address are hidden. Look through the file before you share it.
    #[arg(long, value_name = "FILE", hide_short_help = true, help_heading = "Report")]
    pub(crate) record: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) telling: TellingArguments,
    /// No progress while the checks run
    #[arg(long, hide_short_help = true, help_heading = "Report")]
    pub(crate) no_progress: bool,

    /// Ask for the address, the mail program and its error message
    ///
    /// On a terminal, the program without arguments does the same.
    #[arg(long, conflicts_with = "no_input")]
    pub(crate) ask: bool,
    /// Ask no questions
    #[arg(long)]
    pub(crate) no_input: bool,

    /// Whether the user has said that this address is the one that is meant.
    #[arg(skip)]
    pub(crate) is_address_meant: bool,
    /// Whether `archive` asks.
    #[arg(skip)]
    pub(crate) is_archive: bool,
    /// What `mailbox` asks.
    #[arg(skip)]
    pub(crate) survey: Option<Survey>,
    /// The message that `round-trip` sends.
    #[arg(skip)]
    pub(crate) round_trip: Option<RoundTrip>,
    /// Whether the user has said that it may be sent.
    #[arg(skip)]
    pub(crate) is_agreed: bool,
}

impl CheckArguments {
    /// The call with these flags, which this program chose itself.
    #[allow(clippy::expect_used, reason = "they are flags of this program, with values that it has checked")]
    pub(crate) fn of(flags: &[String]) -> Self {
        let command = Self::augment_args(clap::Command::new("check").no_binary_name(true));
        let matches = command.try_get_matches_from(flags).expect("the flags are known");
        Self::from_arg_matches(&matches).expect("the flags are known")
    }

    /// Gives the run so much more time, unless the user said how long it may take.
    pub(crate) fn lengthen(&mut self, by: Duration) {
        if self.deadline.as_secs_f64().to_string() == DEADLINE {
            self.deadline += by;
        }
    }

    /// Takes the servers from such flags, unless others were given already; returns whether that changes anything.
    pub(crate) fn take_servers(&mut self, flags: &[String]) -> bool {
        let servers = |call: &Self| {
            let imap = (call.imap_host.clone(), call.imap_port, call.imap_security);
            (imap, (call.smtp_host.clone(), call.smtp_port, call.smtp_security))
        };
        let is_taken = !flags.is_empty() && servers(self) == servers(&Self::of(&[]));
        if is_taken {
            let (imap, smtp) = servers(&Self::of(flags));
            (self.imap_host, self.imap_port, self.imap_security) = imap;
            (self.smtp_host, self.smtp_port, self.smtp_security) = smtp;
        }
        is_taken
    }

    /// Whether a password is needed.
    pub(crate) fn wants_sign_in(&self) -> bool {
        self.signs_in() && !self.dry_run
    }

    /// Whether there is a user at a terminal, and questions are allowed.
    pub(crate) fn may_ask(&self) -> bool {
        !self.no_input && is_somebody_there()
    }

    /// Whether such a run signs in.
    pub(crate) fn signs_in(&self) -> bool {
        self.email.is_some() && !self.no_sign_in
    }

    /// The same arguments without what was pasted along with addresses and login names.
    pub(crate) fn tidied(&self) -> Self {
        let mut arguments = self.clone();
        for (text, what) in [
            (&mut arguments.email, "the address"),
            (&mut arguments.from, "the address after --from"),
            (&mut arguments.imap_username, "the login name for IMAP"),
            (&mut arguments.smtp_username, "the login name for SMTP"),
        ] {
            if let Some(text) = text {
                tidy(text, what);
            }
        }
        arguments
    }

    /// Checks the arguments against each other and makes a plan of them.
    pub(crate) fn plan(&self, password: Option<Password>) -> Result<Plan, Misuse> {
        if let Some(email) = &self.email {
            address(email, "the address")?;
        }
        if self.mailbox && !self.signs_in() {
            return Err(Misuse::new(
                "the mailbox cannot be looked into without a sign-in",
                "give the address, without --no-sign-in",
            ));
        }
        if let Some(from) = &self.from {
            address(from, "the address after --from")?;
        }
        let mut plan = self.email.as_deref().map_or_else(Plan::without_account, Plan::icloud);
        for (protocol, name, port, security, given) in [
            (Protocol::Imap, &self.imap_host, self.imap_port, self.imap_security, &self.imap_username),
            (Protocol::Smtp, &self.smtp_host, self.smtp_port, self.smtp_security, &self.smtp_username),
        ] {
            let host = host(name, &format!("the name of the {} server", protocol.name()))?.to_owned();
            if let Some(given) = given {
                login(given, &format!("the login name for {}", protocol.name()))?;
            }
            let server = plan.server_mut(protocol);
            *server = Server { host, port, security, login: given.clone().or(server.login.take()) };
        }
        plan.password = password;
        plan.trusted = self.trusted()?;
        plan.again = self.again;
        plan.from.clone_from(&self.from);
        plan.mailbox = self.mailbox;
        plan.survey.clone_from(&self.survey);
        plan.round_trip.clone_from(&self.round_trip);
        plan.left_out = self.left_out()?;
        plan.second_look = !self.no_second_look;
        plan.resolver = self.resolver;
        plan.second_resolvers = self.second_resolvers()?;
        plan.family = match (self.four, self.six) {
            (true, _) => Family::V4,
            (_, true) => Family::V6,
            _ => Family::Both,
        };
        plan.timeout = self.timeout;
        plan.status_url.clone_from(&self.status_url);
        plan.portal_url.clone_from(&self.portal_url);
        Ok(plan)
    }

    fn trusted(&self) -> Result<Vec<TrustedHost>, Misuse> {
        let names = self.trust_host.iter().map(|name| host(name, "what follows --trust-host"));
        names.map(|name| name.map(TrustedHost::by_choice)).collect()
    }

    /// The arguments that a replay needs to ask the same questions again.
    pub(crate) fn essentials(&self) -> Vec<String> {
        let mut words = vec!["check".to_owned()];
        words.extend(self.email.clone());
        let mut flag = |name: &str, value: Option<String>| {
            if let Some(value) = value {
                words.extend([name.to_owned(), value]);
            }
        };
        let unlike = |value: &str, usual: &str| (value != usual).then(|| value.to_owned());
        flag("--imap-host", unlike(&self.imap_host, APPLE_IMAP.0));
        flag("--imap-port", unlike(&self.imap_port.to_string(), &APPLE_IMAP.1.to_string()));
        flag("--imap-security", unlike(self.imap_security.id(), IMAP_SECURITY));
        flag("--imap-username", self.imap_username.clone());
        flag("--smtp-host", unlike(&self.smtp_host, APPLE_SMTP.0));
        flag("--smtp-port", unlike(&self.smtp_port.to_string(), &APPLE_SMTP.1.to_string()));
        flag("--smtp-security", unlike(self.smtp_security.id(), SMTP_SECURITY));
        flag("--smtp-username", self.smtp_username.clone());
        flag("--from", self.from.clone());
        flag("--only", (!self.only.is_empty()).then(|| self.only.join(",")));
        flag("--skip", (!self.skip.is_empty()).then(|| self.skip.join(",")));
        flag("--resolver", self.resolver.map(|resolver| resolver.to_string()));
        flag("--second-resolver", unlike(&self.second_resolver.join(","), SECOND_RESOLVERS));
        flag("--status-url", unlike(&self.status_url, APPLE_STATUS));
        flag("--portal-url", unlike(&self.portal_url, APPLE_PORTAL));
        flag("--timeout", unlike(&self.timeout.as_secs_f64().to_string(), TIMEOUT));
        flag("--deadline", unlike(&self.deadline.as_secs_f64().to_string(), DEADLINE));
        for (is_set, name) in [
            (self.no_sign_in, "--no-sign-in"),
            (self.again, "--again"),
            (self.mailbox, "--mailbox"),
            (self.no_second_look, "--no-second-look"),
            (self.four, "-4"),
            (self.six, "-6"),
        ] {
            words.extend(is_set.then(|| name.to_owned()));
        }
        words
    }

    /// The questions that are not asked. What depends on a skipped check is skipped with it; second looks are asked
    /// unless they are skipped themselves.
    fn left_out(&self) -> Result<BTreeSet<Question>, Misuse> {
        let named = |names: &[String]| names.iter().map(|name| question(name)).collect::<Result<BTreeSet<_>, _>>();
        let (only, skip) = (named(&self.only)?, named(&self.skip)?);
        let is_limited = only.iter().any(|question| !question.is_second_look());
        let is_left_out = |question: &Question| {
            let is_chosen = !is_limited || question.is_second_look() || only.contains(question);
            let depends_on = question.listed().depends_on;
            !is_chosen || skip.contains(question) || depends_on.iter().any(|ground| skip.contains(ground))
        };
        let all = Question::all().filter(|question| !question.has_own_command());
        let mut left_out: BTreeSet<Question> = all.filter(is_left_out).collect();
        let appends = self.round_trip.as_ref().is_some_and(|trip| trip.appends);
        if self.survey.is_some() || self.is_archive || appends {
            left_out.insert(Question::Smtp);
        }
        Ok(left_out)
    }

    fn second_resolvers(&self) -> Result<Vec<SocketAddr>, Misuse> {
        if self.second_resolver.iter().any(|text| text.trim() == "none") {
            return Ok(Vec::new());
        }
        self.second_resolver
            .iter()
            .map(|text| {
                let what = "what was given after --second-resolver is not the address of a resolver";
                resolver(text).map_err(|_| Misuse::new(what, "for instance 1.1.1.1, or none"))
            })
            .collect()
    }
}

fn question(name: &str) -> Result<Question, Misuse> {
    let is_here = |question: &Question| !question.has_own_command();
    Question::named(name.trim()).filter(is_here).ok_or_else(|| {
        let known: Vec<&str> = Question::CHECKS.iter().filter(|check| is_here(check)).map(|check| check.id()).collect();
        let names = || Question::all().filter(is_here).map(Question::id);
        let given = shown(name.trim(), names(), "what was given after --only or --skip");
        Misuse::new(
            format!("{given} is not the name of a check"),
            match meant(name.trim(), names()) {
                Some(meant) => format!("did you mean {meant}? `icloud-mail-doctor check --list` lists all names"),
                None => {
                    format!("the checks are {}; `icloud-mail-doctor check --list` lists all names", known.join(", "))
                }
            },
        )
    })
}

fn security(text: &str) -> Result<Security, String> {
    match text {
        "tls" => Ok(Security::Tls),
        "starttls" => Ok(Security::Starttls),
        _ => Err("write tls (from the first byte) or starttls (after a command)".to_owned()),
    }
}

fn port(text: &str) -> Result<u16, String> {
    match text.trim().parse() {
        Ok(port) if port > 0 => Ok(port),
        _ => Err("a port is a number from 1 to 65535".to_owned()),
    }
}

fn resolver(text: &str) -> Result<SocketAddr, String> {
    let text = text.trim();
    text.parse::<SocketAddr>()
        .or_else(|_| text.parse::<IpAddr>().map(|address| SocketAddr::new(address, 53)))
        .map_err(|_| "write the address of a resolver, for instance 1.1.1.1 or [2606:4700:4700::1111]:53".to_owned())
}

fn url(text: &str) -> Result<String, String> {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    let rest = rest.ok_or("it begins with https:// or http://")?;
    // Anything before an @ is a login and a password, which must not be in an address that reports show.
    if rest.contains(|letter: char| letter.is_control() || letter.is_whitespace()) {
        return Err("it must be one word".to_owned());
    }
    if rest.contains('@') {
        return Err("it must hold no login and no password, and no @".to_owned());
    }
    Ok(text.to_owned())
}

fn seconds(text: &str) -> Result<Duration, String> {
    match text.parse::<f64>() {
        Ok(seconds) if seconds > 0.0 && seconds <= 3600.0 => Ok(Duration::from_secs_f64(seconds)),
        _ => Err("write a number of seconds, above 0 and up to 3600".to_owned()),
    }
}

/// How often a watch checks: more often would be no manners.
fn every(text: &str) -> Result<Duration, String> {
    match text.parse::<u64>() {
        Ok(seconds @ 5..=3600) => Ok(Duration::from_secs(seconds)),
        Ok(_) => Err("write a number of seconds from 5 to 3600".to_owned()),
        Err(_) => Err("put --watch after the address, or write a number of seconds after it".to_owned()),
    }
}

/// A length of time with its unit.
fn for_how_long(text: &str) -> Result<Duration, String> {
    let (shortest, longest) = (Duration::from_secs(1), Duration::from_hours(7 * 24));
    let length = length::whole(text).filter(|length| (shortest..=longest).contains(length));
    length.ok_or_else(|| "write 90s, 30m or 2h".to_owned())
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test says what went wrong by failing")]
mod tests {
    use clap::Command;

    use super::*;

    /// The flags that a recorded case does not need to ask the same questions again.
    const NOT_NEEDED: &[(&str, &str)] = &[
        ("--password-stdin", "a case holds the shape of the password, and never asks for one"),
        ("--password-command", "the same"),
        ("--settings-from", "the servers in that file are written into the case as they are"),
        ("--trust-host", "nothing is sent in a replay, so that every server is trusted there"),
        ("--no-ledger", "a case holds what was remembered, and a replay remembers nothing"),
        ("--list", "nothing is asked, and nothing recorded"),
        ("--list-hosts", "the same"),
        ("--dry-run", "the same"),
        ("--ca-file", "what the roots say of a chain is in the case"),
        ("--public-roots", "the same"),
        ("--record", "it is where the case goes"),
        ("--watch", "a case is one run"),
        ("--for", "the same"),
        ("--client", "how a report is worded is for the one who plays the case"),
        ("--format", "the same"),
        ("--output", "the same"),
        ("--report", "the same"),
        ("--force", "the same"),
        ("--show-address", "the same"),
        ("-v", "the same"),
        ("--quiet", "the same"),
        ("--plain", "the same"),
        ("--color", "the same"),
        ("--no-progress", "the same"),
        ("--ask", "nothing is asked in a replay"),
        ("--no-input", "the same"),
        ("--short", "how a report is worded is for the one who plays the case"),
        ("--open", "the same"),
    ];

    /// For each type of flag, a value that is not its default.
    const VALUES: [&str; 7] = ["imap", "8", "tls", "starttls", "192.0.2.1", "https://a.example/", "json=a"];

    fn called(words: &[&str]) -> Option<CheckArguments> {
        let command = CheckArguments::augment_args(Command::new("check"));
        let matches = command.try_get_matches_from(std::iter::once(&"check").chain(words)).ok()?;
        CheckArguments::from_arg_matches(&matches).ok()
    }

    #[test]
    fn every_flag_is_in_a_recorded_case_or_not_needed_there() {
        assert_eq!(called(&[]).unwrap().essentials(), ["check"], "what is usual is not written");
        for argument in CheckArguments::augment_args(Command::new("check")).get_arguments() {
            let flag = match (argument.get_long(), argument.get_short()) {
                (Some(long), _) => format!("--{long}"),
                (None, Some(short)) => format!("-{short}"),
                (None, None) => continue,
            };
            let calls: Vec<CheckArguments> = match argument.get_action().takes_values() {
                true => VALUES.iter().filter_map(|value| called(&[&flag, value])).collect(),
                false => called(&[&flag]).into_iter().collect(),
            };
            let is_kept = calls.iter().any(|call| call.essentials().contains(&flag));
            let is_needed = NOT_NEEDED.iter().all(|(name, _)| *name != flag);
            assert_eq!(is_kept, is_needed, "{flag}");
        }
    }

    #[test]
    fn a_watch_has_a_pace_and_may_have_an_end() {
        for (words, every, ends) in [
            (vec!["you@icloud.com", "--watch"], Some(15), None),
            (vec!["you@icloud.com", "--watch", "5", "--for", "90s"], Some(5), Some(90)),
            (vec!["--watch", "60", "--for", "2h"], Some(60), Some(7200)),
            (vec!["--watch", "--for", "30m"], Some(15), Some(1800)),
            (vec![], None, None),
        ] {
            let call = called(&words).unwrap();
            assert_eq!(call.watch.map(|every| every.as_secs()), every, "{words:?}");
            assert_eq!(call.watch_for.map(|length| length.as_secs()), ends, "{words:?}");
        }
        for words in [
            "--watch 4",
            "--watch you@icloud.com",
            "--watch 5 --for 5",
            "--for 5m",
            "--watch --for 0s",
            "--watch --for 5ÿ",
        ] {
            assert!(called(&words.split(' ').collect::<Vec<_>>()).is_none(), "{words}");
        }
    }

    #[test]
    fn servers_that_a_text_names_are_taken_unless_others_were_given() {
        let flags = ["--smtp-port", "465", "--smtp-security", "tls"].map(str::to_owned);
        let mut call = called(&["--imap-port", "143"]).unwrap();
        assert!(!call.take_servers(&flags) && call.smtp_port == 587);
        let mut call = called(&[]).unwrap();
        assert!(!call.take_servers(&[]) && call.take_servers(&flags));
        assert_eq!((call.smtp_port, call.smtp_security, call.imap_port), (465, Security::Tls, 993));
    }

    #[test]
    fn a_recorded_case_is_called_as_the_run_was() {
        let words =
            "--imap-security starttls --smtp-security tls --timeout 2.5 --deadline 60 --second-resolver none -6";
        let call = called(&words.split(' ').collect::<Vec<_>>()).unwrap();
        let essentials = call.essentials();
        let words: Vec<&str> = essentials.iter().skip(1).map(String::as_str).collect();
        assert_eq!(called(&words).unwrap().essentials(), essentials);
        assert_eq!(words.len(), 11);
    }
}
