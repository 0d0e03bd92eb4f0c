//! The flags of `mailbox`.

use std::ops::RangeInclusive;
use std::time::Duration;

use checks::plan::Survey;
use clap::ArgMatches;
use clap::parser::ValueSource;

use super::check::CheckArguments;
use super::others::{self, OF_CHECK, OF_SENDING};
use crate::misuse::Misuse;

/// How many of the largest messages can be listed.
const LARGEST: RangeInclusive<u64> = 0..=100;
/// How long reading may take, in seconds.
const BUDGET: RangeInclusive<u64> = 1..=3600;
/// How long IDLE is held, in minutes: after 29 a mail program has to ask again, and a server may end it (RFC 2177).
const IDLE: RangeInclusive<u64> = 1..=29;

#[derive(Debug, Clone, clap::Args)]
pub(crate) struct MailboxArguments {
    /// Read the size and the date of every message too
    #[arg(long, help_heading = "Mailbox")]
    full: bool,
    /// With --full: how many of the largest messages to list
    #[arg(long, requires = "full", value_name = "N", default_value_t = 20, value_parser = |text: &str| number(text, &LARGEST, ""), help_heading = "Mailbox")]
    largest: u64,
    /// With --full: count what is older than these ages, in days (90d), months (6m) or years (2y)
    #[arg(long, requires = "full", value_name = "AGE,…", value_delimiter = ',', default_value = "1y,2y,5y", value_parser = age, hide_short_help = true, help_heading = "Mailbox")]
    older_than: Vec<u32>,
    /// At the end, wait for new mail so long (IDLE), and say when that is cut, and by what
    #[arg(long, value_name = "MINUTES", value_parser = |text: &str| number(text, &IDLE, " of minutes"), help_heading = "Mailbox")]
    idle: Option<u64>,
    /// Look at this folder alone, by its name on the server
    #[arg(long, value_name = "NAME", help_heading = "Mailbox")]
    folder: Option<String>,
    /// Show the names of your own folders; otherwise they are numbered
    #[arg(long, help_heading = "Mailbox")]
    show_names: bool,
    /// With --full: the longest that reading may take, in seconds
    #[arg(long, requires = "full", value_name = "SECS", default_value_t = 120, value_parser = |text: &str| number(text, &BUDGET, " of seconds"), hide_short_help = true, help_heading = "Mailbox")]
    budget: u64,
    #[command(flatten)]
    check: CheckArguments,
}

/// The command, with those flags left out of its help and the address explained.
pub(super) fn without_other_flags(command: clap::Command) -> clap::Command {
    const EMAIL: &str = "Your iCloud Mail address";
    let command = command.mut_arg("email", |email| email.help(EMAIL).long_help(EMAIL));
    others::hidden(command, [OF_CHECK, OF_SENDING].into_iter().flatten())
}

/// The complaint about one of those flags, where it was given.
pub(super) fn other_flag(program: &ArgMatches) -> Option<Misuse> {
    let given = program.subcommand_matches("mailbox")?;
    let mut flags = [OF_CHECK, OF_SENDING].into_iter().flatten();
    let flag = flags.find(|flag| given.value_source(flag) == Some(ValueSource::CommandLine))?;
    let flag = flag.replace('_', "-");
    Some(Misuse::new(
        format!("`mailbox` does not take --{flag}"),
        format!(
            "`check` does; `mailbox` signs in to the IMAP server and looks at the mailbox alone, so leave --{flag} out"
        ),
    ))
}

impl MailboxArguments {
    /// The check that looks at the mailbox.
    pub(crate) fn as_check(&self) -> Result<CheckArguments, Misuse> {
        let mut call = self.check.clone();
        if call.email.is_none() {
            return Err(Misuse::new("no address is given", "write it after `mailbox`, such as you@icloud.com"));
        }
        let budget = Duration::from_secs(self.budget);
        let idle = self.idle.map(Duration::from_mins);
        call.lengthen([self.full.then_some(budget), idle].into_iter().flatten().sum());
        call.survey = Some(Survey {
            is_full: self.full,
            largest: usize::try_from(self.largest).unwrap_or(usize::MAX),
            older_than: self.older_than.clone(),
            folder: self.folder.clone(),
            shows_names: self.show_names,
            budget,
            idle,
        });
        Ok(call)
    }
}

/// A number in this range; `of` says what it counts.
fn number(text: &str, range: &RangeInclusive<u64>, of: &str) -> Result<u64, String> {
    let number = text.trim().parse().ok().filter(|number| range.contains(number));
    number.ok_or_else(|| format!("write a number{of} from {} to {}", range.start(), range.end()))
}

/// An age in days.
fn age(text: &str) -> Result<u32, String> {
    let days = match text.trim().split_at_checked(text.trim().len().saturating_sub(1)) {
        Some((number, unit)) => {
            let days = match unit {
                "d" => 1,
                "m" => 30,
                "y" => 365,
                _ => 0,
            };
            number.parse::<u32>().ok().and_then(|number| number.checked_mul(days))
        }
        None => None,
    };
    days.filter(|days| (1..=36_500).contains(days)).ok_or_else(|| "write 90d, 6m or 2y".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_age_is_a_number_and_a_unit() {
        for (text, days) in [
            ("90d", Some(90)),
            ("6m", Some(180)),
            ("2y", Some(730)),
            ("2", None),
            ("0y", None),
            ("y", None),
            ("", None),
            ("999999999y", None),
            ("2ÿ", None),
        ] {
            assert_eq!(age(text).ok(), days, "{text}");
        }
    }
}
