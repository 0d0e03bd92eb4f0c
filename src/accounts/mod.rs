//! `check --accounts`: what is the same for every account is asked once, and then one account is signed in after another.

mod asking;
mod brakes;
mod folder;
mod lines;
mod list;
mod resume;
mod run;
mod shard;
mod telling;
mod verdict;

use std::cell::RefCell;
use std::path::{Path, PathBuf};
use std::time::Duration;

use checks::plan::Protocol;
use checks::{Evidence, Network as _, Plan, examine};

use crate::attempts;
use crate::check::{self, Place};
use crate::cli::accounts::AccountsArguments;
use crate::cli::check::CheckArguments;
use crate::cli::password;
use crate::misuse::Misuse;
use crate::output::{self, Destinations};
use crate::privacy::Masked;
use crate::progress::Progress;
use crate::report::Report;
use crate::runtime::wait_for;
use crate::signals::{HeldBack, Interruption};
use crate::words::accounts as words;
use asking::Asking;
pub(crate) use asking::{kind, plan, secret};
pub(crate) use brakes::{Brakes, Kind};
use folder::Folder;
pub(crate) use folder::stem;
use lines::Lines;
pub(crate) use list::{Account, read as read_list};
use resume::Earlier;
use run::Stopped;
pub(crate) use run::{Asks, Cut, Limits, Queue, one_after_another};
use telling::Telling;

/// The variable in which systemd names the folder of a service's credentials (<https://systemd.io/CREDENTIALS/>).
const CREDENTIALS: &str = "CREDENTIALS_DIRECTORY";

/// How long what is under way may take to end after a signal: long enough to say goodbye to both servers.
const GRACE: Duration = Duration::from_secs(5);

/// Checks the accounts of a list.
pub(crate) fn run(
    arguments: &CheckArguments,
    many: &AccountsArguments,
    list: &Path,
    held: Option<HeldBack>,
) -> Result<u8, Misuse> {
    refuse_what_does_not_fit(arguments, many)?;
    let arguments = check::as_the_program_is_set(arguments.tidied())?;
    let plan = arguments.plan(None)?;
    if let Some(host) = plan.untrusted().first() {
        return Err(password::not_trusted(host));
    }
    let credentials = credentials(many);
    // A list that is typed can be given up; nothing has begun that would have to end well.
    drop(held);
    let mut accounts = list::read(list, credentials.as_deref())?;
    let of_the_list = accounts.len();
    if let Some(share) = many.shard {
        accounts.retain(|account| shard::holds(share, &account.name));
    }
    let written = arguments.telling.output.output.as_deref();
    let earlier = many.resume.as_deref().map(|path| resume::read(path, written)).transpose()?.unwrap_or_default();
    if arguments.dry_run {
        list::has_every_file(&accounts)?;
        return output::print(intentions(&accounts, of_the_list, &earlier, arguments.no_sign_in, many).as_bytes());
    }
    wait_for(async {
        Box::pin(on_the_network(&arguments, many, list, accounts, earlier, Interruption::listen(None)?)).await
    })
}

/// The folder of the credentials that a list names.
pub(crate) fn credentials(many: &AccountsArguments) -> Option<PathBuf> {
    many.credentials_dir.clone().or_else(|| std::env::var_os(CREDENTIALS).map(PathBuf::from))
}

/// Refuses the flags that are for one account.
fn refuse_what_does_not_fit(arguments: &CheckArguments, many: &AccountsArguments) -> Result<(), Misuse> {
    let telling = &arguments.telling;
    let of_the_list = "leave it out, or write it into the list";
    let one_at_a_time = "leave it out, or check one account";
    for (is_given, flag, next) in [
        (arguments.email.is_some(), "an address after `check`", of_the_list),
        (arguments.password_stdin, "--password-stdin", of_the_list),
        (arguments.password_command.is_some(), "--password-command", of_the_list),
        (arguments.imap_username.is_some(), "--imap-username", of_the_list),
        (arguments.smtp_username.is_some(), "--smtp-username", of_the_list),
        (arguments.from.is_some(), "--from", of_the_list),
        (arguments.watch.is_some(), "--watch", one_at_a_time),
        (arguments.record.is_some(), "--record", one_at_a_time),
        (arguments.mailbox, "--mailbox", one_at_a_time),
        (arguments.round_trip.is_some(), "a round trip", one_at_a_time),
        (arguments.ask, "--ask", one_at_a_time),
        (telling.output.open, "--open", "use --report-dir, and open index.html"),
        (
            arguments.no_sign_in && many.resume.is_none(),
            "--no-sign-in",
            "add --resume FILE to show the results that are there; `check` without --accounts asks all but the sign-ins",
        ),
    ] {
        if is_given {
            return Err(Misuse::new(format!("{flag} does not go with --accounts"), next));
        }
    }
    Ok(())
}

/// What a run would do.
fn intentions(
    accounts: &[Account],
    of_the_list: usize,
    earlier: &Earlier,
    only_shows: bool,
    many: &AccountsArguments,
) -> String {
    let done = accounts.iter().filter(|account| earlier.results.contains_key(&account.name)).count();
    let share =
        if many.shard.is_some() { format!(", {} of them in this share", accounts.len()) } else { String::new() };
    let resumed = if done > 0 { format!(" {done} have a result already.") } else { String::new() };
    let left = if only_shows { 0 } else { accounts.len() - done };
    let minutes = (many.pace * u32::try_from(left).unwrap_or(u32::MAX)).as_secs().div_ceil(60);
    let takes = if left > 1 && minutes > 1 {
        format!(" With --pace that takes about {minutes} minutes.")
    } else {
        String::new()
    };
    format!(
        "The list is right: it has {}{share}.{resumed} Would sign in {left} of them, once at each server, at most {} at \
         once.{takes} No password was looked at.\n",
        words::of(of_the_list),
        many.at_once
    )
}

async fn on_the_network(
    arguments: &CheckArguments,
    many: &AccountsArguments,
    list: &Path,
    accounts: Vec<Account>,
    earlier: Earlier,
    mut interruption: Interruption,
) -> Result<u8, Misuse> {
    let output = &arguments.telling.output;
    let format = output.format_of_many()?;
    let resumed = many.resume.as_deref();
    let inputs: Vec<&Path> = [Some(list), resumed, arguments.ca_file.as_deref()].into_iter().flatten().collect();
    let as_lines = format.for_lines();
    let destinations = Destinations::for_group(output, format, as_lines.is_none(), &inputs)?;
    let lines = match (as_lines, &output.output) {
        (None, _) => None,
        (Some(format), None) => Some(Lines::to_output(format, &earlier)?),
        (Some(format), Some(path)) => {
            Some(Lines::to_file(path, format, list, resumed.map(|path| (path, &earlier)), output.force)?)
        }
    };
    let count = accounts.len();
    let (done, accounts): (Vec<_>, Vec<_>) =
        accounts.into_iter().partition(|account| earlier.results.contains_key(&account.name));
    let names = || accounts.iter().map(|account| account.name.as_str());
    let folder = many.report_dir.as_deref().map(|path| Folder::open(path, output, names())).transpose()?;
    let keeps_rows = destinations.want_group() || folder.is_some();
    let mut telling = Telling::new(arguments, lines, folder, keeps_rows, count);
    telling.take_over(done.into_iter().map(|account| account.name), earlier.results);

    let asks = !accounts.is_empty() && !arguments.no_sign_in;
    let (real, ledger) = check::network(arguments, asks, "check")?;
    let place = Place::here();
    telling.begins(real.now());
    let (mut stopped, mut is_interrupted) = (None, false);
    if !accounts.is_empty() && !asks {
        stopped = Some(Stopped::Shown);
    }
    if asks {
        let shared = {
            let progress = Progress::new(arguments);
            let plan = arguments.plan(None)?;
            let interrupted = async {
                interruption.come().await;
                is_interrupted = true;
            };
            examine(&plan, &real, &progress, arguments.deadline, interrupted).await
        };
        let report = of_the_network(&shared, arguments, &place)?;
        telling.of_the_network(&report);
        let is_open = Protocol::BOTH.into_iter().any(|of| shared.is_open(of));
        match (is_open, is_interrupted) {
            (_, true) => stopped = Some(Stopped::Interrupted),
            (false, false) => {
                let why = words::nothing_open(&report.conclusion);
                for account in &accounts {
                    telling.not_asked(&account.name, &account.labels, &why);
                }
            }
            (true, false) => {
                let limits = Limits { at_once: many.at_once, pace: many.pace, jitter: many.jitter, grace: GRACE };
                let asking = Asking::new(arguments, &real, &shared, &place, &telling);
                let brakes = Brakes::new(many.go_on);
                stopped = one_after_another(
                    &asking,
                    &RefCell::new(accounts.into_iter()),
                    limits,
                    brakes,
                    interruption.come(),
                )
                .await;
            }
        }
    }
    attempts::warn(ledger.as_deref());
    Ok(telling.ends(stopped.map(|stopped| stopped.words()).as_deref(), &destinations))
}

/// The report on what was asked once.
fn of_the_network(shared: &Evidence, arguments: &CheckArguments, place: &Place) -> Result<Report, Misuse> {
    let plan: Plan = arguments.plan(None)?;
    let Masked { for_others, .. } = check::reports(shared, &plan, place, &arguments.telling)?;
    Ok(for_others)
}
