//! `archive`: proves that a copy on this computer has every message, or brings it those that it lacks.

mod copied;
mod scan;
mod store;
mod words;

use std::rc::Rc;
use std::time::Duration;

use checks::archive::{Done, Gap, Hash, Task, Wishes};
use checks::keep_archive;

use crate::check::{self, Place, Ready};
use crate::cli::archive::{Action, ArchiveArguments, Depth};
use crate::cli::guard;
use crate::misuse::Misuse;
use crate::progress::Progress;
use crate::report::archived::Archived;
use crate::runtime::wait_for;
use crate::signals::{HeldBack, Interruption};
use crate::{attempts, output, render};

/// A pull without a budget ends after this long, and goes on with the next run.
const LONGEST: Duration = Duration::from_hours(72);
/// How much longer than the budget the sign-in and the last messages may take.
const BESIDE: Duration = Duration::from_mins(5);

/// Runs the command.
pub(crate) fn run(arguments: &ArchiveArguments) -> Result<u8, Misuse> {
    let call = arguments.as_check()?;
    let folder = arguments.folder()?;
    match arguments.action {
        Action::Verify => {
            let copy = Rc::new(copied::Folder::read(&folder)?);
            let hash = match arguments.hash {
                Depth::Sample => Hash::Sample,
                Depth::All => Hash::All,
                Depth::None => Hash::None,
            };
            let unread = copy.unread;
            let (code, done) = ask(arguments, call, Task::Verify(copy, hash))?;
            let Some(Done::Verified(mut verified)) = done else { return Ok(code) };
            verified.unread += unread;
            tell(arguments, &words::verified(&verified))
        }
        Action::Pull => {
            let store = Rc::new(store::Copy::open(&folder)?);
            let budget = arguments.budget.map(Duration::from_secs);
            let task = Task::Pull { store: Rc::<store::Copy>::clone(&store), pace: arguments.pace, budget };
            let asked = ask(arguments, call, task);
            let ended = store.end();
            let (code, done) = asked?;
            let Some(Done::Pulled(mut pulled)) = done else { return Ok(code) };
            if let Err(why) = ended {
                pulled.gap.get_or_insert(Gap::Here(why));
            }
            tell(arguments, &words::pulled(&pulled, &folder))
        }
    }
}

/// Signs in as `check` does, and does what is wanted. Where it does not come to that, `check`'s report says why, and its exit
/// code is returned.
fn ask(
    arguments: &ArchiveArguments,
    mut call: crate::cli::check::CheckArguments,
    task: Task,
) -> Result<(u8, Option<Done>), Misuse> {
    call.deadline = arguments.budget.map_or(LONGEST, |budget| Duration::from_secs(budget) + BESIDE);
    let mut call = check::as_the_program_is_set(call.tidied())?;
    call.plan(None)?;
    let held = HeldBack::begin();
    wait_for(async {
        let mut interruption = Interruption::listen(Some(held))?;
        if let Err(unanswered) = guard::confirm(&mut call).await {
            return unanswered.ended().map(|code| (code, None));
        }
        let ready = Box::pin(check::ready(&call, &mut interruption, "archive")).await;
        let Ready { mut plan, real, ledger, destinations } = match ready {
            Ok(ready) => ready,
            Err(ended) => return ended.map(|code| (code, None)),
        };
        let day = {
            use checks::network::Network as _;
            real.now().unix_timestamp().unsigned_abs() / (24 * 60 * 60)
        };
        let folders = arguments.folders.clone();
        plan.archive = Some(Wishes { before: arguments.before, folders, task, day });
        let progress = Progress::new(&call);
        let (evidence, done) = keep_archive(&plan, &real, &progress, call.deadline, interruption.come()).await;
        drop(progress);
        attempts::warn(ledger.as_deref());
        match done {
            Some(done) => Ok((0, Some(done))),
            None => {
                let told = check::tell(&evidence, &plan, &Place::here(), &call.telling, &destinations)?;
                // A mailbox that was not looked into is not known to be in the copy.
                Ok((if told == 0 { INCOMPLETE } else { told }, None))
            }
        }
    })
}

/// The exit codes.
const LACKING: u8 = 1;
const INCOMPLETE: u8 = 3;

fn tell(arguments: &ArchiveArguments, archived: &Archived) -> Result<u8, Misuse> {
    let (format, look, color) = arguments.printing()?;
    let mut text = Vec::new();
    render::render(format, look, archived, &mut text).map_err(|fault| {
        Misuse::fault(format!("the result cannot be put together ({fault})"), "choose another format")
    })?;
    output::print_colored(&text, color)?;
    Ok(match archived {
        _ if archived.lacks => LACKING,
        _ if !archived.is_complete => INCOMPLETE,
        _ => 0,
    })
}
