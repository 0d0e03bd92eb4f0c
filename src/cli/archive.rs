//! The flags of `archive`.

use std::path::PathBuf;

use clap::ValueEnum;
use time::Date;
use time::macros::format_description;

use super::check::CheckArguments;
use super::others::{self, OF_CHECK, OF_SENDING};
use crate::misuse::Misuse;
use crate::render::{Detail, Format, Look};
use crate::report::archived::Archived;

#[derive(Debug, Clone, clap::Args)]
pub(crate) struct ArchiveArguments {
    /// What to do
    #[arg(value_name = "ACTION")]
    pub(crate) action: Action,
    #[command(flatten)]
    check: CheckArguments,
    /// The folder with the copy
    #[arg(value_name = "DIR", value_hint = clap::ValueHint::DirPath)]
    dir: Option<PathBuf>,
    /// Only messages that arrived before this day, such as 2024-01-01 (UTC)
    #[arg(long, value_name = "DATE", value_parser = date, help_heading = "Archive")]
    pub(crate) before: Option<Date>,
    /// Only this folder, by its name on the server; may be repeated. Without it, all but Notes
    #[arg(long = "folder", value_name = "NAME", help_heading = "Archive")]
    pub(crate) folders: Vec<String>,
    /// Verify: compare some messages of each folder byte for byte, all or none
    #[arg(long, value_name = "WHICH", default_value = "sample", help_heading = "Archive")]
    pub(crate) hash: Depth,
    /// Pull: the most messages in a second
    #[arg(long, value_name = "MSG/S", value_parser = clap::value_parser!(u32).range(1..=100_000), help_heading = "Archive")]
    pub(crate) pace: Option<u32>,
    /// Pull: stop after so many seconds; the next run goes on
    #[arg(long, value_name = "SECS", value_parser = clap::value_parser!(u64).range(1..=604_800), help_heading = "Archive")]
    pub(crate) budget: Option<u64>,
}

/// What to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Action {
    /// Find out whether every message on iCloud is in the copy
    Verify,
    /// Fetch into the copy what it lacks; nothing is changed on iCloud
    Pull,
}

/// Which messages are compared byte for byte.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Depth {
    /// 20 of each folder, the largest and those that look damaged among them
    Sample,
    /// Every one
    All,
    /// None; sizes and Message-IDs alone
    None,
}

/// The flags for what a check leaves behind, which have no meaning here.
const OF_REPORTS: &[&str] = &["output", "report", "open", "force", "short", "deadline"];

/// The command, with those flags left out of its help and the address explained.
pub(super) fn without_other_flags(command: clap::Command) -> clap::Command {
    const EMAIL: &str = "Your iCloud Mail address";
    // The flags of `check` come after the others, and the address comes before the folder.
    let command = command
        .override_usage("icloud-mail-doctor archive <ACTION> <EMAIL> <DIR>")
        .mut_arg("action", |action| action.index(1))
        .mut_arg("email", |email| email.index(2).help(EMAIL).long_help(EMAIL))
        .mut_arg("dir", |dir| dir.index(3));
    others::hidden(command, [OF_CHECK, OF_SENDING, OF_REPORTS].into_iter().flatten())
}

impl ArchiveArguments {
    /// The check that signs in.
    pub(crate) fn as_check(&self) -> Result<CheckArguments, Misuse> {
        let mut call = self.check.clone();
        if call.email.is_none() {
            return Err(Misuse::new("no address is given", "write it after the action, such as you@icloud.com"));
        }
        if call.no_sign_in || call.dry_run || call.list || call.list_hosts {
            return Err(Misuse::new("the messages cannot be seen without a sign-in", "leave that flag out"));
        }
        if call.record.is_some() || call.telling.output.output.is_some() || !call.telling.output.report.is_empty() {
            return Err(Misuse::new(
                "what an archive has is printed, and not written to a file of its own",
                "use --format json, and redirect it with >",
            ));
        }
        if call.watch.is_some() {
            return Err(Misuse::new("a copy is compared once, not again and again", "leave --watch out"));
        }
        call.is_archive = true;
        Ok(call)
    }

    /// The folder of the copy.
    pub(crate) fn folder(&self) -> Result<PathBuf, Misuse> {
        self.dir.clone().ok_or_else(|| Misuse::new("no folder is given", "write it after the address"))
    }

    /// How the result is printed.
    pub(crate) fn printing(&self) -> Result<(Format<Archived>, Look, anstream::ColorChoice), Misuse> {
        let output = &self.check.telling.output;
        let name = output.format()?.name;
        let format = Format::named(name)
            .ok_or_else(|| Misuse::new(format!("an archive is not printed as {name}"), "choose text or json"))?;
        Ok((format, output.screen.look(Detail::Usual), output.screen.color_choice()))
    }
}

fn date(text: &str) -> Result<Date, String> {
    Date::parse(text.trim(), format_description!("[year]-[month]-[day]"))
        .map_err(|_| "write a day such as 2024-01-01".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_written_in_one_way() {
        for (text, is_day) in [("2024-01-01", true), ("2024-02-30", false), ("01.01.2024", false), ("", false)] {
            assert_eq!(date(text).is_ok(), is_day, "{text}");
        }
    }
}
