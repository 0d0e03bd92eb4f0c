//! A watch in the laboratory: a port is opened after a while, and the doctor notices it in time and signs in once.

use crate::doctor;
use crate::fault::{ADDRESS, CANARY, Fault, HEALTHY};
use crate::leaks::Leaks;
use crate::world::World;
use crate::world::addresses::{PORTAL_URL, STATUS_URL};
use crate::world::commands::{Outcome, run};
use serde_json::Value;
use std::fs;
use std::io::Write as _;
use std::process::Stdio;
use std::time::{Duration, Instant};

/// Its name, as the laboratory lists it.
pub(crate) const NAME: &str = "watch-port-opens";

/// How often the doctor looks by default.
const EVERY: Duration = Duration::from_secs(15);
/// When the port is opened.
const OPENED: Duration = Duration::from_secs(20);
/// How much later than the next look it may end.
const LATER: Duration = Duration::from_secs(2);

const BLOCKED: Fault = Fault { cloud_firewall: &["tcp dport 587 drop"], ..HEALTHY };

/// Runs it, and says whether all went well.
pub(crate) fn run_it() -> bool {
    let start = Instant::now();
    let (noticed, complaints) = watched().unwrap_or_else(|error| (Duration::ZERO, vec![error.to_string()]));
    let word = if complaints.is_empty() { "ok" } else { "FAILED" };
    println!(
        "{NAME:<44} {:>7.2} s  {word}, noticed after {:.2} s",
        start.elapsed().as_secs_f64(),
        noticed.as_secs_f64()
    );
    for complaint in &complaints {
        println!("    {complaint}");
    }
    complaints.is_empty()
}

/// How long after the port was opened the watch ended, and what was wrong.
fn watched() -> Outcome<(Duration, Vec<String>)> {
    let world = World::build(&BLOCKED, 0)?;
    let mut command = doctor::on_the_users_machine(&world, &BLOCKED, world.folder.path())?;
    command.arg(doctor::path()).args([
        "check",
        ADDRESS,
        "--watch",
        "--for",
        "90s",
        "--password-stdin",
        "--format",
        "json",
    ]);
    command.args(["--status-url", STATUS_URL, "--portal-url", PORTAL_URL, "--public-roots"]);
    command.arg(world.folder.join("public.pem"));
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn()?;
    if let Some(mut stdin) = child.stdin.take() {
        stdin.write_all(format!("{CANARY}\n").as_bytes())?;
    }
    std::thread::sleep(OPENED);
    run("ip", &["netns", "exec", &world.namespaces.cloud, "nft", "delete", "table", "inet", "lab"])?;
    let opened = Instant::now();
    let output = child.wait_with_output()?;
    let noticed = opened.elapsed();

    let mut complaints = Vec::new();
    if output.status.code() != Some(0) {
        complaints.push(format!(
            "it ended with {:?}: {}",
            output.status.code(),
            String::from_utf8_lossy(&output.stderr)
        ));
    }
    if noticed > EVERY + LATER {
        complaints.push(format!("it was noticed after {:.2} s", noticed.as_secs_f64()));
    }
    let sign_ins = world.sign_ins();
    if (sign_ins.imap, sign_ins.smtp) != (1, 1) {
        complaints.push(format!("there were {} sign-ins at IMAP and {} at SMTP", sign_ins.imap, sign_ins.smtp));
    }
    let lines = String::from_utf8_lossy(&output.stdout).into_owned();
    let events: Vec<Value> = lines.lines().map(serde_json::from_str).collect::<Result<_, _>>()?;
    let kinds: Vec<&str> = events.iter().filter_map(|event| event["event"].as_str()).collect();
    if kinds != ["onset", "clear", "recovery", "end"] || lines.lines().any(|line| !line.starts_with("{\"ts\":\"20")) {
        complaints.push(format!("its lines are {kinds:?}"));
    }
    let ledger = fs::read_to_string(world.folder.join(".local/state/icloud-mail-doctor/attempts.jsonl"))?;
    let accepted = ledger.lines().filter(|line| line.contains("accepted")).count();
    if accepted != 2 {
        complaints.push(format!("{accepted} accepted sign-ins are remembered"));
    }
    let leaks = Leaks::of(CANARY);
    for (name, bytes) in [("stdout", output.stdout), ("stderr", output.stderr), ("the ledger", ledger.into_bytes())] {
        complaints.extend(leaks.in_bytes(&bytes).iter().map(|dress| format!("{name} holds the password ({dress})")));
    }
    Ok((noticed, complaints))
}
