//! The command `mailbox` on real Dovecot: with each of its flags, every folder, flag and message is what it was, and each
//! run is one sign-in.

use crate::doctor;
use crate::fault::{ADDRESS, BODY, CANARY, HEADER, HEALTHY};
use crate::world::World;
use crate::world::addresses::{PORTAL_URL, STATUS_URL};
use crate::world::commands::Outcome;
use serde_json::Value;
use std::io::Write as _;
use std::process::{Command, Stdio};

pub(crate) const NAME: &str = "mailbox-leaves-the-store";

/// What the mailbox has beside the inbox.
const FOLDERS: [&str; 4] = ["Archive", "Deleted Messages", "Own", "Sent Messages"];

/// Each call, and its exit code. A wait for new mail ends with the run, so that it does not take a minute.
const CALLS: [(&[&str], i32); 9] = [
    (&[], 0),
    (&["--full"], 0),
    (&["--full", "--largest", "3"], 0),
    (&["--full", "--older-than", "90d,1y"], 0),
    (&["--full", "--budget", "1"], 0),
    (&["--folder", "Own"], 0),
    (&["--folder", "Nowhere"], 3),
    (&["--show-names", "--full"], 0),
    (&["--idle", "1", "--deadline", "4"], 3),
];

/// Whether all went well.
pub(crate) fn run() -> Outcome<bool> {
    let world = World::build(&HEALTHY, 0)?;
    world.add_folders(&FOLDERS)?;
    world.add_messages(&FOLDERS, &format!("{HEADER}{BODY}"))?;
    let before = world.mailbox()?;
    let mut complaints: Vec<String> = flags()?
        .into_iter()
        .filter(|flag| !CALLS.iter().any(|(call, _)| call.contains(&flag.as_str())))
        .map(|flag| format!("{flag} is not tried"))
        .collect();
    for (number, (flags, expected)) in (1..).zip(CALLS) {
        let (exit, report) = call(&world, flags)?;
        if exit != Some(expected) {
            complaints.push(format!("{flags:?}: the exit code is {exit:?}, and not {expected}"));
        }
        let checks = report["checks"].as_array().into_iter().flatten();
        if !checks.into_iter().any(|row| row["id"] == "mailbox" && row["evidence"].is_object()) {
            complaints.push(format!("{flags:?}: the mailbox was not looked at"));
        }
        if world.mailbox()? != before {
            complaints.push(format!("{flags:?}: the mailbox is not what it was"));
        }
        let sign_ins = world.sign_ins().imap;
        if sign_ins != number {
            complaints.push(format!("{flags:?}: {sign_ins} sign-ins after {number} runs"));
        }
    }
    println!(
        "{NAME:<44} {} calls, {} files  {}",
        CALLS.len(),
        before.len(),
        if complaints.is_empty() { "ok" } else { "FAILED" }
    );
    for complaint in &complaints {
        println!("    {complaint}");
    }
    Ok(complaints.is_empty())
}

fn call(world: &World, flags: &[&str]) -> Outcome<(Option<i32>, Value)> {
    let mut command = doctor::on_the_users_machine(world, &HEALTHY, world.folder.path())?;
    command.arg(doctor::path()).args(["mailbox", ADDRESS, "--no-ledger", "--password-stdin", "--format", "json"]);
    command.args(["--status-url", STATUS_URL, "--portal-url", PORTAL_URL, "--public-roots"]);
    command.arg(world.folder.join("public.pem")).args(flags);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
    if let Some(mut stdin) = child.stdin.take() {
        writeln!(stdin, "{CANARY}")?;
    }
    let output = child.wait_with_output()?;
    Ok((output.status.code(), serde_json::from_slice(&output.stdout).unwrap_or_default()))
}

/// The flags of the command's own, as its help lists them.
fn flags() -> Outcome<Vec<String>> {
    let help = Command::new(doctor::path()).args(["mailbox", "--help"]).stdin(Stdio::null()).output()?;
    let help = String::from_utf8_lossy(&help.stdout).into_owned();
    let own = help.lines().skip_while(|line| line.trim() != "Mailbox:").skip(1).take_while(|line| !line.ends_with(':'));
    let flags = own.filter_map(|line| line.split_whitespace().next().filter(|word| word.starts_with("--")));
    let flags: Vec<String> = flags.map(|flag| flag.trim_end_matches(',').to_owned()).collect();
    if flags.is_empty() { Err("the help has no heading for the mailbox".into()) } else { Ok(flags) }
}
