//! The flags of `check` for many accounts.

use std::ops::RangeInclusive;
use std::path::PathBuf;
use std::time::Duration;

use super::check::CheckArguments;
use super::length;

/// The default values, as they are typed.
const AT_ONCE: &str = "4";
const PACE: &str = "2s";
const JITTER: &str = "25";

/// More connections at once than these look like an attack.
const MOST_AT_ONCE: RangeInclusive<usize> = 1..=64;

#[derive(Debug, Clone, clap::Args)]
pub(crate) struct AccountsArguments {
    /// Check every account in this list
    ///
    /// `-` is standard input. TOML, CSV or JSON lines, with `name`, `email`, and one of `password_command`,
    /// `password_file` and `credential` for each; also `from`, `imap_username`, `smtp_username`, `client` and `labels`. A
    /// column `password` is read from standard input alone. What is the same for every account is asked once, and then
    /// one account is signed in after another.
    #[arg(long = "accounts", value_name = "FILE", help_heading = "Checks")]
    pub(crate) file: Option<PathBuf>,
    /// The folder of the credentials that the list names; without it, that of the service
    #[arg(long, value_name = "DIR", requires = "file", hide_short_help = true, help_heading = "Many accounts")]
    pub(crate) credentials_dir: Option<PathBuf>,
    /// How many accounts are checked at the same time
    #[arg(long, value_name = "N", requires = "file", default_value = AT_ONCE, value_parser = at_once, allow_negative_numbers = true, hide_short_help = true, help_heading = "Many accounts")]
    pub(crate) at_once: usize,
    /// The least time between two accounts, which is the time between sign-ins to one server
    #[arg(long, value_name = "DURATION", requires = "file", default_value = PACE, value_parser = pace, allow_negative_numbers = true, hide_short_help = true, help_heading = "Many accounts")]
    pub(crate) pace: Duration,
    /// By how many percent that time is lengthened at random, at most
    #[arg(long, value_name = "PERCENT", requires = "file", default_value = JITTER, value_parser = jitter, allow_negative_numbers = true, hide_short_help = true, help_heading = "Many accounts")]
    pub(crate) jitter: u32,
    /// Go on although many passwords are refused
    ///
    /// Otherwise the run stops after five refused passwords in a row, and when a fifth of the first fifty is refused: a
    /// list with the wrong passwords would lock every account in it.
    #[arg(long, requires = "file", hide_short_help = true, help_heading = "Many accounts")]
    pub(crate) go_on: bool,
    /// Leave out the accounts that have a result in this file of JSON lines
    ///
    /// With --output and the same file, the results are added to it. With a list that is done, nothing is asked, and the
    /// page or the table of all results is written.
    #[arg(long, value_name = "FILE", requires = "file", hide_short_help = true, help_heading = "Many accounts")]
    pub(crate) resume: Option<PathBuf>,
    /// Check only this share of the list: share I of N, the first of which is 0
    #[arg(long, value_name = "I/N", requires = "file", value_parser = shard, hide_short_help = true, help_heading = "Many accounts")]
    pub(crate) shard: Option<Shard>,
    /// Write a page and a JSON report for each account into this folder, and index.html
    #[arg(long, value_name = "DIR", requires = "file", hide_short_help = true, help_heading = "Many accounts")]
    pub(crate) report_dir: Option<PathBuf>,
}

/// The flags of `check`: for one account, and for many.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct CheckCommand {
    #[command(flatten)]
    pub(crate) check: CheckArguments,
    #[command(flatten)]
    pub(crate) many: AccountsArguments,
}

/// A share of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Shard {
    /// Which one, from 0.
    pub(crate) index: u64,
    /// Of how many.
    pub(crate) of: u64,
}

fn at_once(text: &str) -> Result<usize, String> {
    let number = text.trim().parse().ok().filter(|number| MOST_AT_ONCE.contains(number));
    number.ok_or_else(|| format!("write a number from {} to {}", MOST_AT_ONCE.start(), MOST_AT_ONCE.end()))
}

/// A length of time. Without a unit it is in seconds, as it is everywhere else.
fn pace(text: &str) -> Result<Duration, String> {
    const LONGEST: Duration = Duration::from_hours(1);
    let text = text.trim();
    let length = length::fractional(text).or_else(|| length::fractional(&format!("{text}s")));
    length.filter(|length| *length <= LONGEST).ok_or_else(|| "write 500ms, 2s, 1.5s or 1m; at most 60m".to_owned())
}

fn jitter(text: &str) -> Result<u32, String> {
    let number = text.trim().trim_end_matches('%').trim_end().parse().ok().filter(|percent| *percent <= 100);
    number.ok_or_else(|| "write a number of percent from 0 to 100".to_owned())
}

fn shard(text: &str) -> Result<Shard, String> {
    let numbers = text.trim().split_once('/').and_then(|(index, of)| Some((index.parse().ok()?, of.parse().ok()?)));
    match numbers {
        Some((index, of)) if index < of && of <= 100_000 => Ok(Shard { index, of }),
        _ => Err("write the share and how many there are, such as 0/4 for the first of four".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pace_is_in_seconds_unless_it_has_a_unit() {
        for (text, milliseconds) in [
            ("2s", Some(2_000)),
            ("500ms", Some(500)),
            ("1m", Some(60_000)),
            ("0", Some(0)),
            ("0s", Some(0)),
            ("2", Some(2_000)),
            ("1.5s", Some(1_500)),
            (".5", Some(500)),
            ("-1s", None),
            ("1e9s", None),
            ("nan", None),
            ("inf", None),
            ("61m", None),
            ("99999999999999999999s", None),
            ("s", None),
            ("", None),
            ("2ÿ", None),
        ] {
            let read = pace(text).ok().map(|length| length.as_millis());
            assert_eq!(read, milliseconds, "{text}");
        }
    }

    #[test]
    fn a_share_is_counted_from_zero() {
        assert_eq!(shard("0/4"), Ok(Shard { index: 0, of: 4 }));
        assert_eq!(shard("3/4"), Ok(Shard { index: 3, of: 4 }));
        for text in ["4/4", "1", "1/0", "/", "-1/4", "a/b", "1/4/2"] {
            assert!(shard(text).is_err(), "{text}");
        }
        assert!(jitter("25%") == Ok(25) && jitter("101").is_err() && at_once("0").is_err());
    }
}
