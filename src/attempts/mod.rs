//! `attempts`: the sign-ins that this computer remembers, so that no run brings the account nearer to a lock.

mod place;
mod words;

use std::path::PathBuf;
use std::rc::Rc;

use checks::attempts::line::Lines;
use checks::network::ledger::{self, Fault, FileLedger};

use crate::cli::attempts::{Action, AttemptsArguments};
use crate::misuse::Misuse;
use crate::render::{Detail, render};
use crate::report::remembered::{Remembered, SignIn};
use crate::{aside, output};
pub(crate) use place::folder as state_folder;

/// Lists what is remembered, or forgets it.
pub(crate) fn run(arguments: &AttemptsArguments) -> Result<u8, Misuse> {
    let folder = place::folder()
        .ok_or_else(|| Misuse::new("there is no home folder to remember sign-ins in", "set XDG_STATE_HOME or HOME"))?;
    let unusable = |fault: Fault| {
        let what = format!("what is remembered in {} cannot be used: {}", folder.display(), words::reason(&fault));
        Misuse::new(what, "see that the folder and its files belong to you, and try again")
    };
    match arguments.action {
        Action::List => {
            let lines = ledger::read(&folder).map_err(unusable)?;
            if lines.broken > 0 {
                aside::say(words::warning(&Fault::BrokenLines(lines.broken)));
            }
            print(&Remembered { sign_ins: listed(&lines), forgotten: None }, arguments)
        }
        Action::Clear => {
            let forgotten = ledger::clear(&folder).map_err(unusable)?;
            print(&Remembered { sign_ins: Vec::new(), forgotten: Some(forgotten) }, arguments)
        }
    }
}

/// The ledger of this computer, for a command that signs in; `None` with a warning where it has no place.
pub(crate) fn ledger(by: &'static str) -> Option<Rc<FileLedger>> {
    let folder = place::folder();
    if folder.is_none() {
        aside::say(words::NO_PLACE);
    }
    folder.map(|folder| Rc::new(FileLedger::of(folder, by)))
}

/// The ledger in this folder.
pub(crate) fn ledger_in(folder: PathBuf, by: &'static str) -> Rc<FileLedger> {
    Rc::new(FileLedger::of(folder, by))
}

/// What went wrong with a ledger, one sentence each.
pub(crate) fn faults(ledger: &FileLedger) -> Vec<String> {
    ledger.faults().iter().map(words::warning).collect()
}

/// Prints what went wrong with a ledger, one sentence each.
pub(crate) fn warn(ledger: Option<&FileLedger>) {
    ledger.map(FileLedger::faults).iter().flatten().for_each(|fault| aside::say(words::warning(fault)));
}

/// The sign-ins, the latest first. Passwords are numbered, so that their tags need not be shown.
fn listed(lines: &Lines) -> Vec<SignIn> {
    let mut passwords: Vec<(&str, &str)> = Vec::new();
    let mut listed: Vec<SignIn> = lines
        .all
        .iter()
        .map(|line| {
            let known = (line.account.as_str(), line.secret.as_str());
            if !passwords.contains(&known) {
                passwords.push(known);
            }
            let of_its_account = passwords.iter().filter(|(account, _)| *account == line.account);
            let password = of_its_account.take_while(|one| **one != known).count() + 1;
            SignIn {
                when: line.when,
                server: line.server.clone(),
                account: line.account.clone(),
                form: line.form,
                mechanism: line.mechanism,
                password,
                outcome: line.outcome,
                by: line.by.clone(),
                summary: words::summary(line, password),
            }
        })
        .collect();
    listed.reverse();
    listed
}

fn print(remembered: &Remembered, arguments: &AttemptsArguments) -> Result<u8, Misuse> {
    let mut text = Vec::new();
    render(arguments.format, arguments.screen.look(Detail::Usual), remembered, &mut text).map_err(|fault| {
        Misuse::fault(format!("the list cannot be put together ({fault})"), "choose another format")
    })?;
    output::print_colored(&text, arguments.screen.color_choice())
}
