//! Signals at any moment, sources that never end, and what other processes may see.

mod secrecy;
mod signals;
mod sources;
mod terminal;

use std::fs;
use std::net::UdpSocket;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::cloud::ADDRESS;
use crate::doctor::{self, Ended, PATH, asking_only};
use crate::{Attack, Held, holds};

pub(crate) fn all() -> Vec<Attack> {
    [signals::all(), sources::all(), secrecy::all(), terminal::all()].into_iter().flatten().collect()
}

/// The program in a session of its own, so that it has no terminal, in any environment.
fn doctor(arguments: &[&str]) -> Command {
    let mut command = Command::new("setsid");
    command.arg(doctor::path()).args(arguments).env_clear().env("PATH", PATH);
    command.env("XDG_STATE_HOME", doctor::unused_folder());
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// A check that contacts nothing outside; the resolver never answers.
fn check(resolver: &UdpSocket) -> Command {
    let mut command = doctor(&["check", ADDRESS]);
    command.args(asking_only(resolver.local_addr().unwrap()));
    command
}

/// Waits until it is so, for twenty seconds at most.
fn wait_until(what: &str, is_so: impl Fn() -> bool) -> Held {
    let began = Instant::now();
    while !is_so() {
        holds(began.elapsed() < Duration::from_secs(20), || format!("it never came to this: {what}"))?;
        std::thread::sleep(Duration::from_millis(1));
    }
    Ok(())
}

/// Waits for its end, which has to come within `limit`.
fn ended(child: Child, limit: Duration) -> Result<Ended, String> {
    let ended = Ended::of(child, limit);
    holds(!ended.was_killed, || format!("it was still running after {} s", limit.as_secs()))?;
    Ok(ended)
}

fn send(signal: i32, to: u32) {
    assert!(Command::new("kill").args([format!("-{signal}"), to.to_string()]).status().unwrap().success());
}

/// A line of what the system shows about a process.
fn told(process: u32, file: &str, line: &str) -> Option<String> {
    let text = fs::read_to_string(format!("/proc/{process}/{file}")).ok()?;
    text.lines().find_map(|told| told.strip_prefix(line)).map(|told| told.trim().to_owned())
}
