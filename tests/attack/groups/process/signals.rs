//! Signals at any moment: the run ends with what it knows, and so does what it started.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use super::{check, ended, send, told, wait_until};
use crate::cloud::PASSWORD;
use crate::doctor::silent_resolver;
use crate::{Attack, Held, attack, holds};

const FORMATS: [&str; 8] = ["text", "json", "html", "markdown", "junit", "nagios", "github", "openmetrics"];

pub(super) const SIGNALS: [(&str, i32); 4] = [("INT", 2), ("TERM", 15), ("HUP", 1), ("QUIT", 3)];

/// When a signal comes.
#[derive(Clone, Copy)]
enum Moment {
    /// As soon as the program does anything about signals.
    AtOnce,
    /// While the password command runs, and what it started.
    PasswordCommand,
    /// While standard input gives nothing.
    StandardInput,
    /// While a server says nothing.
    Server,
}

const MOMENTS: [(&str, Moment); 4] = [
    ("at once", Moment::AtOnce),
    ("during the password command", Moment::PasswordCommand),
    ("while standard input is silent", Moment::StandardInput),
    ("while a server is silent", Moment::Server),
];

pub(super) fn all() -> Vec<Attack> {
    let mut attacks = Vec::new();
    for (signal, number) in SIGNALS {
        for (when, moment) in MOMENTS {
            attacks.push(attack(format!("SIG{signal} {when}"), move || interrupted(number, moment, "json")));
        }
    }
    for format in FORMATS {
        attacks.push(attack(format!("SIGHUP during the password command, as {format}"), move || {
            interrupted(1, Moment::PasswordCommand, format)
        }));
    }
    attacks.push(attack("SIGHUP does not end what nohup(1) started", outlasts_hangup));
    attacks
}

/// Whether the program, and not `setsid` before it, blocks or catches a signal.
fn is_ready_for(process: u32, signal: i32) -> bool {
    let has = |line| {
        let mask = told(process, "status", line).and_then(|mask| u64::from_str_radix(&mask, 16).ok());
        mask.is_some_and(|mask| mask >> (signal - 1) & 1 == 1)
    };
    has("SigBlk:") || has("SigCgt:")
}

fn is_alive(process: &str) -> bool {
    let state = process.trim().parse().ok().and_then(|process| told(process, "status", "State:"));
    state.is_some_and(|state| !state.starts_with('Z'))
}

/// A password command that writes down its own processes, and never ends.
fn recorded_command(folder: &Path) -> (String, std::path::PathBuf) {
    let (path, whole) = (folder.join("processes"), folder.join("whole"));
    let command =
        format!("sleep 300 & echo $$ $! > {}; mv {} {}; wait", path.display(), path.display(), whole.display());
    (command, whole)
}

fn interrupted(signal: i32, moment: Moment, format: &str) -> Held {
    let (resolver, folder) = (silent_resolver(), tempfile::tempdir().unwrap());
    let (command, processes) = recorded_command(folder.path());
    let mut run = check(&resolver);
    run.args(["--format", format]);
    match moment {
        Moment::PasswordCommand => run.args(["--password-command", &command]),
        Moment::StandardInput => run.arg("--password-stdin").stdin(Stdio::piped()),
        Moment::AtOnce | Moment::Server => run.env("ICLOUD_APP_PASSWORD", PASSWORD),
    };
    let mut child = run.spawn().unwrap();
    let input = child.stdin.take();
    let process = child.id();
    let ready = wait_until("the program is ready for signals", || is_ready_for(process, signal)).and_then(|()| {
        match moment {
            Moment::PasswordCommand => wait_until("the password command runs", || processes.exists()),
            // The first question shows that the run has begun.
            Moment::Server => resolver.recv(&mut [0; 512]).map(drop).map_err(|fault| fault.to_string()),
            Moment::AtOnce | Moment::StandardInput => Ok(()),
        }
    });
    send(signal, process);
    let ended = ended(child, Duration::from_secs(10));
    ready?;
    let ended = ended?;
    drop(input);
    let code = if format == "nagios" { 3 } else { ended.code.unwrap_or(-1) };
    holds(code == 3, || format!("{}: {}", ended.status, ended.text()))?;
    holds(!ended.out.trim_ascii().is_empty(), || "nothing is on standard output".to_owned())?;
    ended.hides(&[PASSWORD])?;
    if format == "json" {
        let report = ended.report()?;
        holds(report["complete"] == false, || ended.text())?;
    }
    let Ok(started) = fs::read_to_string(processes) else { return Ok(()) };
    for process in started.split_whitespace() {
        wait_until("what the password command started is ended", || !is_alive(process))?;
    }
    Ok(())
}

fn outlasts_hangup() -> Held {
    let resolver = silent_resolver();
    let run = check(&resolver);
    let mut nohup = Command::new("nohup");
    nohup.arg(run.get_program()).args(run.get_args()).args(["--no-sign-in", "--deadline", "1", "--format", "json"]);
    nohup.env_clear().env("PATH", "/usr/bin:/bin").stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let child = nohup.spawn().unwrap();
    resolver.recv(&mut [0; 512]).unwrap();
    send(1, child.id());
    let ended = ended(child, Duration::from_secs(10))?;
    holds(ended.took > Duration::from_millis(700), || format!("it ended after {} ms", ended.took.as_millis()))
}
