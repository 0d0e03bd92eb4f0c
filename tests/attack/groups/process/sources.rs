//! Sources of a password that never end, that print nothing, or that leave something behind.

use std::fs;
use std::io::Write as _;
use std::process::Stdio;
use std::time::Duration;

use super::{check, ended, wait_until};
use crate::cloud::PASSWORD;
use crate::doctor::silent_resolver;
use crate::{Attack, Held, attack, holds};

/// Password commands that never end as they should, each with what is said of it.
const ENDLESS: [(&str, &str); 6] = [
    ("cat /dev/zero", "too long"),
    ("yes '' | tr -d '\\n' | cat /dev/zero -", "too long"),
    ("yes abcd", "did not end"),
    ("sleep 300", "did not end"),
    ("exec >&- 2>&-; sleep 300", "did not end"),
    ("sleep 300 | cat", "did not end"),
];

pub(super) fn all() -> Vec<Attack> {
    let endless =
        ENDLESS.map(|(command, said)| attack(format!("password command `{command}`"), move || endless(command, said)));
    let others = [
        attack("a password command leaves a child behind with its output open", left_behind),
        attack("a password command does not inherit the password", no_inheritance),
        attack("standard input ends its line and stays open", || from_open_input(&format!("{PASSWORD}\n"), 0)),
        attack("standard input stays open in the middle of a line", || from_open_input("qkwe", 2)),
        attack("standard input says nothing", || from_open_input("", 2)),
        attack("standard input is endless", || from_open_input(&"a".repeat(5000), 2)),
    ];
    endless.into_iter().chain(others).collect()
}

fn endless(command: &str, said: &str) -> Held {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("group");
    let command = format!("echo $$ > {}; {command}", path.display());
    let mut run = check(&silent_resolver());
    let child = run.args(["--password-command", &command, "--deadline", "1"]).spawn().unwrap();
    let ended = ended(child, Duration::from_secs(10))?;
    holds(ended.code == Some(2) && ended.text().contains(said), || format!("{}: {}", ended.status, ended.text()))?;
    ended.is_bounded()?;
    let group = fs::read_to_string(path).unwrap();
    let alive = || !members(group.trim()).is_empty();
    wait_until("what the password command started is ended", || !alive())
}

/// The processes of a group that have not ended.
fn members(group: &str) -> Vec<String> {
    let processes =
        fs::read_dir("/proc").unwrap().flatten().map(|entry| entry.file_name().to_string_lossy().into_owned());
    processes
        .filter(|process| {
            let stat = fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
            let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
            fields.get(2) == Some(&group) && fields.first() != Some(&"Z")
        })
        .collect()
}

fn left_behind() -> Held {
    let resolver = silent_resolver();
    let command = format!("sleep 20 & echo {PASSWORD}");
    let mut run = check(&resolver);
    let child = run.args(["--password-command", &command, "--deadline", "1", "--format", "json"]).spawn().unwrap();
    let ended = ended(child, Duration::from_secs(5))?;
    let report = ended.report()?;
    holds(report["settings"]["sign_in"] == true, || ended.text())
}

fn no_inheritance() -> Held {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("environment");
    let command = format!("env > {}; exit 1", path.display());
    let mut run = check(&silent_resolver());
    run.env("ICLOUD_APP_PASSWORD", PASSWORD).args(["--password-command", &command]);
    ended(run.spawn().unwrap(), Duration::from_secs(10))?;
    let environment = fs::read_to_string(path).unwrap();
    holds(environment.contains("PATH=") && !environment.contains(PASSWORD), || environment.clone())
}

/// Standard input gives this and stays open; the run must end all the same. Code 0 means that the run got its password.
fn from_open_input(given: &str, code: i32) -> Held {
    let resolver = silent_resolver();
    let mut run = check(&resolver);
    let mut child =
        run.args(["--password-stdin", "--deadline", "1", "--format", "json"]).stdin(Stdio::piped()).spawn().unwrap();
    let mut input = child.stdin.take().unwrap();
    input.write_all(given.as_bytes()).unwrap();
    let ended = ended(child, Duration::from_secs(10))?;
    drop(input);
    if code == 0 {
        let report = ended.report()?;
        return holds(report["settings"]["sign_in"] == true, || ended.text());
    }
    holds(ended.code == Some(code), || format!("{}: {}", ended.status, ended.text()))
}
