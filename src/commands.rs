//! Reads the arguments, runs the command that they name, and returns its exit code.

use std::process::ExitCode;

use crate::cli::accounts::CheckCommand;
use crate::cli::{Arguments, Command};
#[cfg(feature = "keyring")]
use crate::keyring;
use crate::misuse::Misuse;
use crate::signals::HeldBack;
use crate::{
    accounts, archive, aside, attempts, check, cli, completions, explain, guided, hardening, limits, manual, output,
    rehearse, render, retell, review, serve, setup,
};

/// Runs the program, and returns its exit code.
pub fn main() -> ExitCode {
    hardening::begin();
    let held = HeldBack::begin();
    let arguments = cli::read(std::env::args_os());
    // Only a run of the checks reports its results after a signal; a signal simply ends everything else.
    let held = matches!(
        &arguments,
        Ok(Arguments {
            command: None | Some(Command::Check(_) | Command::Mailbox(_) | Command::RoundTrip(_) | Command::Serve(_)),
            ..
        })
    )
    .then_some(held);
    let ended = arguments.and_then(|arguments| {
        if arguments.command.as_ref().is_some_and(Command::reads_files) {
            limits::hold(refuse);
        }
        run(arguments, held)
    });
    ExitCode::from(ended.unwrap_or_else(|misuse| refuse(&misuse)))
}

fn run(arguments: Arguments, held: Option<HeldBack>) -> Result<u8, Misuse> {
    match arguments.command {
        None => checked(&arguments.check, std::env::args_os().len() <= 1, held),
        Some(Command::Check(arguments)) => checked(&arguments, false, held),
        Some(Command::Mailbox(arguments)) => check::run(&arguments.as_check()?, held),
        Some(Command::Archive(arguments)) => archive::run(&arguments),
        Some(Command::RoundTrip(arguments)) => check::run(&arguments.as_check()?, held),
        Some(Command::Serve(arguments)) => serve::run(&arguments, held),
        Some(Command::Diagnose(arguments)) => retell::diagnose(&arguments),
        Some(Command::Render(arguments)) => retell::render(&arguments),
        Some(Command::Compare(arguments)) => retell::compare(&arguments),
        Some(Command::Rehearse(arguments)) => rehearse::run(&arguments),
        Some(Command::Explain(arguments)) => explain::run(&arguments),
        Some(Command::Setup(arguments)) => setup::run(&arguments),
        Some(Command::Review(arguments)) => review::run(&arguments),
        #[cfg(feature = "keyring")]
        Some(Command::Keyring { action }) => keyring::run(&action),
        Some(Command::Attempts(arguments)) => attempts::run(&arguments),
        Some(Command::Completions { shell }) => completions::run(shell),
        Some(Command::Man(arguments)) => manual::run(&arguments),
        Some(Command::Schema { of }) => output::print(of.text().as_bytes()),
    }
}

/// Runs the checks, after the questions if the user wants them.
fn checked(call: &CheckCommand, is_bare: bool, held: Option<HeldBack>) -> Result<u8, Misuse> {
    let CheckCommand { check: arguments, many } = call;
    if let Some(list) = many.file.as_deref().filter(|_| !arguments.list && !arguments.list_hosts) {
        return accounts::run(arguments, many, list, held);
    }
    match held {
        Some(held) if guided::is_wanted(arguments, is_bare) => Ok(guided::run(arguments, held, refuse)),
        held => check::run(arguments, held),
    }
}

/// Prints why the program cannot continue, where its caller expects it, and returns the exit code.
fn refuse(misuse: &Misuse) -> u8 {
    aside::say(format!("icloud-mail-doctor: {misuse}"));
    let wanted = cli::wanted_format(std::env::args_os());
    let code = wanted.map(|format| (format.misused)(&misuse.to_string(), &mut std::io::stdout()));
    misuse.code(code.and_then(Result::ok).unwrap_or(render::MISUSED))
}
