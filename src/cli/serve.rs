//! The flags of `serve`.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use clap::ArgMatches;
use clap::parser::ValueSource;

use super::accounts::AccountsArguments;
use super::check::CheckArguments;
use super::{length, others};
use crate::misuse::Misuse;

/// The default values, as they are typed. The port is that of IMAP with a 9 before it.
const LISTEN: &str = "127.0.0.1:9993";
const INTERVAL: &str = "15m";

/// More often would look like an attack to the servers.
const SHORTEST_INTERVAL: Duration = Duration::from_mins(5);
const LONGEST_INTERVAL: Duration = Duration::from_hours(24);

#[derive(Debug, Clone, clap::Args)]
pub(crate) struct ServeArguments {
    /// Where to listen; port 0 means any that is free
    #[arg(long, value_name = "IP:PORT", default_value = LISTEN, value_parser = listen, help_heading = "Service")]
    pub(crate) listen: SocketAddr,
    /// How often each account is checked, at least 5m
    ///
    /// Each run signs in once at each server, no matter who asks the service and how often.
    #[arg(long, value_name = "DURATION", default_value = INTERVAL, value_parser = interval, help_heading = "Service")]
    pub(crate) interval: Duration,
    /// Who may ask, and TLS: a file as other programs for Prometheus have it
    ///
    /// Without it, the service answers this computer alone. The file is described at
    /// <https://github.com/prometheus/exporter-toolkit/blob/master/docs/web-configuration.md>
    #[arg(long, value_name = "FILE", value_hint = clap::ValueHint::FilePath, help_heading = "Service")]
    pub(crate) web_config: Option<PathBuf>,
    /// The folder of the state: the last results, and 20 reports of each account
    ///
    /// Without it, the folder that systemd gives the service, or `serve` in the folder in which sign-ins are remembered.
    #[arg(long, value_name = "DIR", value_hint = clap::ValueHint::DirPath, help_heading = "Service")]
    pub(crate) state: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) many: AccountsArguments,
    #[command(flatten)]
    pub(crate) check: CheckArguments,
}

/// The flags of `check` that mean nothing to a service.
const OTHERS: &[&str] = &[
    "email",
    "password_stdin",
    "password_command",
    "no_sign_in",
    "imap_username",
    "smtp_username",
    "from",
    "again",
    "no_ledger",
    "mailbox",
    "list",
    "list_hosts",
    "dry_run",
    "watch",
    "watch_for",
    "record",
    "format",
    "output",
    "report",
    "force",
    "verbose",
    "short",
    "quiet",
    "open",
    "plain",
    "color",
    "show_address",
    "no_progress",
    "ask",
    "no_input",
    "resume",
    "report_dir",
];

/// The command, with those flags left out of its help, and the others explained for it.
pub(super) fn without_other_flags(command: clap::Command) -> clap::Command {
    const DEADLINE: &str = "The longest that one account may take, and the end of the service, in seconds";
    const JITTER: &str = "By how many percent the pace is lengthened at random, at most";
    const FILE: &str = "The list of accounts, as `check --accounts` reads it";
    let command = command
        .mut_arg("file", |file| file.required(true).help(FILE).long_help(FILE).help_heading("Service"))
        .mut_arg("deadline", |deadline| deadline.help(DEADLINE).long_help(DEADLINE))
        .mut_arg("jitter", |jitter| jitter.help(JITTER).long_help(JITTER));
    others::hidden(command, OTHERS)
}

/// Whether this command is `serve`, and does not take a flag that it has from others.
pub(super) fn refuses(command: &str, flag: &str) -> bool {
    let name = flag.trim_start_matches('-').replace('-', "_");
    command == "serve" && OTHERS.contains(&name.as_str())
}

/// The complaint about one of those flags, where it was given.
pub(super) fn other_flag(program: &ArgMatches) -> Option<Misuse> {
    let given = program.subcommand_matches("serve")?;
    let flag = OTHERS.iter().find(|flag| given.value_source(flag) == Some(ValueSource::CommandLine))?;
    Some(match *flag {
        "email" => Misuse::new("`serve` takes no address", "write it into the list after --accounts"),
        flag => {
            let flag = flag.replace('_', "-");
            Misuse::new(format!("`serve` does not take --{flag}"), format!("leave --{flag} out"))
        }
    })
}

fn listen(text: &str) -> Result<SocketAddr, String> {
    text.trim().parse().map_err(|_| "write an IP address and a port, such as 127.0.0.1:9993 or [::1]:9993".to_owned())
}

fn interval(text: &str) -> Result<Duration, String> {
    let length = length::whole(text.trim());
    length
        .filter(|length| (SHORTEST_INTERVAL..=LONGEST_INTERVAL).contains(length))
        .ok_or_else(|| "write 15m or 1h; at least 5m and at most 24h".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_interval_is_five_minutes_to_a_day() {
        for (text, seconds) in [
            ("5m", Some(300)),
            ("300s", Some(300)),
            ("24h", Some(86_400)),
            ("299s", None),
            ("4m", None),
            ("25h", None),
            ("15", None),
            ("m", None),
            ("99999999999999999999h", None),
            ("5ÿ", None),
        ] {
            assert_eq!(interval(text).ok().map(|length| length.as_secs()), seconds, "{text}");
        }
    }
}
