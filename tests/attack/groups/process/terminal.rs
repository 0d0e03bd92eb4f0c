//! A run at a terminal: interrupted at a question, and asked which server it may trust.

use std::fs;
use std::net::UdpSocket;
use std::process::Command;
use std::time::Duration;

use super::{check, wait_until};
use crate::cloud::PASSWORD;
use crate::doctor::{silent_resolver, unused_folder};
use crate::{Attack, Held, attack, holds};

pub(super) fn all() -> Vec<Attack> {
    let signals = super::signals::SIGNALS.map(|(signal, number)| {
        attack(format!("SIG{signal} at the password prompt"), move || interrupted_at_the_prompt(signal, number))
    });
    let trust = [
        attack("on a terminal, a server that is not Apple's is trusted by a word", || asked("y\n", true)),
        attack("on a terminal, silence is no trust", || asked("\n", false)),
        attack("on a terminal, another word is no trust", || asked("yes please\n", false)),
    ];
    signals.into_iter().chain(trust).collect()
}

/// A run at a terminal. What is started at one is in the group that reads there.
fn at_a_terminal(more: &[&str], resolver: &UdpSocket) -> expectrl::session::OsSession {
    let run = check(resolver);
    let words: Vec<&std::ffi::OsStr> = run.get_args().collect();
    let mut shell = Command::new("sh");
    shell.args(["-c", r#"stty echo; "$@"; echo "exit $?"; stty -a"#, "sh"]).args(words).args(more);
    shell.env_remove("ICLOUD_APP_PASSWORD").env("XDG_STATE_HOME", unused_folder());
    let mut terminal = expectrl::Session::spawn(shell).unwrap();
    terminal.set_expect_timeout(Some(Duration::from_secs(20)));
    terminal
}

fn interrupted_at_the_prompt(signal: &str, number: i32) -> Held {
    use expectrl::process::Termios as _;
    use expectrl::{Eof, Expect as _};

    let resolver = silent_resolver();
    let mut terminal = at_a_terminal(&["--format", "json", "--deadline", "1"], &resolver);
    terminal.expect("App-specific password for ").map_err(|fault| fault.to_string())?;
    wait_until("the terminal shows nothing", || !terminal.is_echo().unwrap_or(true))?;
    let shell = terminal.get_process().pid().as_raw();
    let child = fs::read_to_string(format!("/proc/{shell}/task/{shell}/children")).unwrap_or_default();
    let child = child.trim().to_owned();
    assert!(Command::new("kill").args([&format!("-{signal}"), &child]).status().unwrap().success());
    let shown =
        String::from_utf8_lossy(terminal.expect(Eof).map_err(|fault| fault.to_string())?.as_bytes()).into_owned();
    // Nothing has begun that could be reported, and the user gets no error for leaving.
    let (said, modes) = shown.split_once(&format!("exit {}", 128 + number)).ok_or_else(|| shown.clone())?;
    holds(!said.contains("icloud-mail-doctor") && !said.contains('{'), || shown.clone())?;
    holds(modes.split_whitespace().any(|mode| mode == "echo"), || format!("the terminal is left mute: {shown}"))
}

fn asked(answer: &str, is_trusted: bool) -> Held {
    use expectrl::{Eof, Expect as _};

    let resolver = silent_resolver();
    let more = ["--imap-host", "imap.example.org", "--format", "json", "--deadline", "1", "--no-progress"];
    let mut terminal = at_a_terminal(&more, &resolver);
    terminal.expect("[y/N]").map_err(|fault| fault.to_string())?;
    terminal.send(answer).unwrap();
    if is_trusted {
        terminal.expect("App-specific password for ").map_err(|fault| fault.to_string())?;
        terminal.send(format!("{PASSWORD}\n")).unwrap();
    }
    let shown =
        String::from_utf8_lossy(terminal.expect(Eof).map_err(|fault| fault.to_string())?.as_bytes()).into_owned();
    holds(shown.contains(&format!("\"sign_in\": {is_trusted}")), || shown.clone())?;
    holds(!shown.contains("App-specific password") || is_trusted, || shown.clone())
}
