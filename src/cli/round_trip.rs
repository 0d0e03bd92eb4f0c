//! The flags of `round-trip`, and the question whether the message may be sent.

use std::time::Duration;

use checks::plan::RoundTrip;

use super::check::CheckArguments;
use super::others::{self, OF_CHECK};
use super::question::{self, Unanswered};
use crate::aside;
use crate::misuse::Misuse;

/// How much longer than waiting for the message the whole run may take.
const BESIDE_WAITING: Duration = Duration::from_mins(1);
/// After this many answers that are neither yes nor no, the user is not just making typing errors.
const MOST_ANSWERS: usize = 3;
/// The exit code where nothing was sent because the user did not want it.
const NOT_SENT: u8 = 3;

#[derive(Debug, Clone, clap::Args)]
pub(crate) struct RoundTripArguments {
    /// The longest to wait for the message, in seconds
    #[arg(long, value_name = "SECS", default_value_t = 120, value_parser = clap::value_parser!(u64).range(10..=300), help_heading = "Message")]
    wait: u64,
    /// Leave the message where it arrives
    #[arg(long, help_heading = "Message")]
    keep: bool,
    /// Send it without a question, for instance in a script
    #[arg(long, help_heading = "Message")]
    yes: bool,
    /// Put the message into the inbox by IMAP, and send nothing: tells a slow mailbox from slow delivery
    #[arg(long, conflicts_with = "from", help_heading = "Message")]
    append: bool,
    #[command(flatten)]
    check: CheckArguments,
}

/// The command, with those flags left out of its help, and the others explained for it.
pub(super) fn without_other_flags(command: clap::Command) -> clap::Command {
    const EMAIL: &str = "Your iCloud Mail address, to which the message is sent";
    const FROM: &str = "Send from this address of the account, for instance an alias";
    let command = command.mut_arg("email", |email| email.help(EMAIL).long_help(EMAIL));
    let command = command.mut_arg("from", |from| from.help(FROM).long_help(FROM).help_heading("Message"));
    others::hidden(command, OF_CHECK)
}

impl RoundTripArguments {
    /// The check that sends the message and finds it.
    pub(crate) fn as_check(&self) -> Result<CheckArguments, Misuse> {
        let mut call = self.check.clone();
        if call.email.is_none() {
            return Err(Misuse::new("no address is given", "write it after `round-trip`, such as you@icloud.com"));
        }
        if call.no_sign_in {
            return Err(Misuse::new("no message can be sent without a sign-in", "leave --no-sign-in out"));
        }
        if !call.only.is_empty() || !call.skip.is_empty() {
            return Err(Misuse::new(
                "the message needs both servers, so no check can be left out",
                "leave --only and --skip out",
            ));
        }
        if call.watch.is_some() {
            return Err(Misuse::new("one message is sent, not one again and again", "use `check --watch` instead"));
        }
        if call.record.is_some() {
            let next = "`check --record` records a run without it";
            return Err(Misuse::new("what is in a mailbox is not recorded", next));
        }
        let wait = Duration::from_secs(self.wait);
        call.deadline = call.deadline.max(wait + BESIDE_WAITING);
        call.is_agreed = self.yes;
        call.round_trip = Some(RoundTrip { wait, keeps: self.keep, appends: self.append });
        Ok(call)
    }
}

/// Says what a round trip does and asks whether it may; without a terminal, `--yes` is needed. Any other run passes.
pub(crate) async fn agree(call: &CheckArguments) -> Result<(), Unanswered> {
    let Some(trip) = call.round_trip.as_ref().filter(|_| !call.is_agreed) else { return Ok(()) };
    if !call.may_ask() {
        let what = "a message is sent only if you agree, and there is no terminal to ask at";
        return Err(Misuse::new(what, "add --yes").into());
    }
    let email = call.email.as_deref().unwrap_or_default();
    let from = call.from.as_deref().unwrap_or(email);
    let puts = match trip.appends {
        true => format!("puts one message, smaller than 2 kB, into the inbox of {email}"),
        false => format!("sends one message, smaller than 2 kB, from {from} to {email}"),
    };
    let then = if trip.keeps { "finds it, and leaves it there" } else { "finds it, and removes it again" };
    aside::say(format!("This {puts}, {then}. Nothing else in the mailbox is changed."));
    for _ in 0..MOST_ANSWERS {
        let answer = question::line("Go on? [y/N]").await?;
        match answer.as_deref().map(str::to_lowercase).as_deref() {
            Some("y" | "yes") => return Ok(()),
            Some("" | "n" | "no") | None => break,
            Some(_) => aside::say("Please answer y (yes) or n (no)."),
        }
    }
    aside::say("Nothing was sent.");
    Err(Unanswered::Left(NOT_SENT))
}
