//! Messages that the account sends to itself, through real servers: Postfix takes them, and Dovecot files them by the
//! account's rules. Each time the mailbox must be what it was before.

use crate::doctor;
use crate::fault::{ADDRESS, CANARY, Fault, HEALTHY, Servers};
use crate::world::World;
use crate::world::addresses::{PORTAL_URL, STATUS_URL};
use crate::world::commands::{Outcome, run, wait_until};
use crate::world::delivery::{Delivery, USUAL};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

/// The folders that iCloud has beside the inbox, and one of the user's own.
const FOLDERS: [&str; 6] = ["Archive", "Deleted Messages", "Drafts", "Junk", "Sent Messages", "Receipts"];

/// What Debian's packages for delivery bring.
const DELIVERS: [&str; 2] = ["/usr/lib/dovecot/lmtp", "/usr/lib/dovecot/modules/lib90_sieve_plugin.so"];

/// Postfix and Dovecot take no longer to deliver.
const DELIVERY: Duration = Duration::from_secs(20);

/// A run that is asked to end has five seconds for cleaning up.
const CLEANING: Duration = Duration::from_secs(6);

/// The longest that a run may take.
const PATIENCE: Duration = Duration::from_secs(90);

/// A message and its way.
pub(crate) struct RoundTrip {
    pub(crate) name: &'static str,
    delivery: &'static Delivery,
    arguments: &'static [&'static str],
    /// The causes that must be found, and no others.
    found: &'static [&'static str],
    /// How many messages are left in the mailbox.
    left: usize,
    /// How long the socket to which Postfix delivers is missing, from the start of the run.
    late: Option<Duration>,
    /// At which moments the run is ended, in milliseconds, and by which signal.
    ended_at: &'static [u64],
    signal: &'static str,
}

const ARRIVES: RoundTrip = RoundTrip {
    name: "round-trip-inbox",
    delivery: &USUAL,
    arguments: &[],
    found: &["sent-copy-missing"],
    left: 0,
    late: None,
    ended_at: &[],
    signal: "KILL",
};

const INTO_JUNK: Delivery = Delivery { sieve: "require \"fileinto\";\nfileinto \"Junk\";\n", ..USUAL };
const INTO_RECEIPTS: Delivery = Delivery { sieve: "require \"fileinto\";\nfileinto \"Receipts\";\n", ..USUAL };
const DISCARDED: Delivery = Delivery { sieve: "discard;\n", ..USUAL };
/// What is sent also goes to these addresses, which stand for the folder of sent messages.
const FILED: &str = "require [\"fileinto\", \"envelope\", \"subaddress\"];\n\
                     if envelope :detail \"to\" [\"sent\", \"again\"] { fileinto \"Sent Messages\"; }\n";
const SENT_ONCE: Delivery = Delivery {
    sieve: FILED,
    postfix: &[("virtual_alias_maps", "inline:{{you@icloud.com=you@icloud.com you+sent@icloud.com}}")],
    ..USUAL
};
const SENT_TWICE: Delivery = Delivery {
    sieve: FILED,
    postfix: &[(
        "virtual_alias_maps",
        "inline:{{you@icloud.com=you@icloud.com you+sent@icloud.com you+again@icloud.com}}",
    )],
    ..USUAL
};
const TWICE: Delivery = Delivery {
    postfix: &[("virtual_alias_maps", "inline:{{you@icloud.com=you@icloud.com you+twin@icloud.com}}")],
    ..USUAL
};
/// The message goes to a server that refuses it, here Postfix itself, and the report on that is delivered.
const BOUNCED: Delivery = Delivery {
    postfix: &[("sender_dependent_default_transport_maps", "inline:{{you@icloud.com=smtp:[17.57.155.28]:587}}")],
    ..USUAL
};
const DEAF: Delivery = Delivery { is_deaf: true, dovecot: "mailbox_idle_check_interval = 60 s\n", ..USUAL };
const NO_UIDPLUS: Delivery =
    Delivery { dovecot: "imap_capability = IMAP4rev1 SASL-IR LOGIN-REFERRALS ID ENABLE IDLE NAMESPACE\n", ..USUAL };
const LATE: Delivery =
    Delivery { socket: "late", postfix: &[("minimal_backoff_time", "1s"), ("queue_run_delay", "1s")], ..USUAL };

pub(crate) const ALL: &[RoundTrip] = &[
    ARRIVES,
    RoundTrip { name: "round-trip-sent-copy", delivery: &SENT_ONCE, found: &[], ..ARRIVES },
    RoundTrip { name: "round-trip-sent-twice", delivery: &SENT_TWICE, found: &["sent-copy-twice"], ..ARRIVES },
    RoundTrip { name: "round-trip-twice", delivery: &TWICE, ..ARRIVES },
    RoundTrip { name: "round-trip-append", arguments: &["--append"], found: &[], ..ARRIVES },
    RoundTrip { name: "round-trip-keep", arguments: &["--keep"], left: 1, ..ARRIVES },
    RoundTrip {
        name: "round-trip-junk",
        delivery: &INTO_JUNK,
        found: &["message-in-junk", "sent-copy-missing"],
        ..ARRIVES
    },
    RoundTrip {
        name: "round-trip-moved",
        delivery: &INTO_RECEIPTS,
        found: &["moved-by-a-rule", "sent-copy-missing"],
        ..ARRIVES
    },
    RoundTrip {
        name: "round-trip-discarded",
        delivery: &DISCARDED,
        arguments: &["--wait", "10"],
        found: &["message-not-arrived"],
        ..ARRIVES
    },
    RoundTrip { name: "round-trip-bounced", delivery: &BOUNCED, found: &["message-returned"], ..ARRIVES },
    RoundTrip { name: "round-trip-deaf", delivery: &DEAF, found: &["idle-silent", "sent-copy-missing"], ..ARRIVES },
    RoundTrip { name: "round-trip-no-uidplus", delivery: &NO_UIDPLUS, left: 1, ..ARRIVES },
    RoundTrip { name: "round-trip-late", delivery: &LATE, late: Some(Duration::from_secs(3)), ..ARRIVES },
    RoundTrip { name: "round-trip-killed", ended_at: &[40, 80, 120, 160, 220, 300, 450, 700, 1200, 2200], ..ARRIVES },
    RoundTrip { name: "round-trip-interrupted", ended_at: &[200, 700, 1500, 2500], signal: "INT", ..ARRIVES },
];

/// Runs them one after the other, and says whether all went well.
pub(crate) fn run_all(chosen: &[&RoundTrip], is_required: bool) -> bool {
    if !chosen.is_empty() && !DELIVERS.iter().all(|part| Path::new(part).exists()) {
        println!("round trips: not tried, dovecot-lmtpd and dovecot-sieve are not installed (.ci/run installs them)");
        return !is_required;
    }
    let mut passed = true;
    for trip in chosen {
        let start = Instant::now();
        let (told, complaints) = examine(trip).unwrap_or_else(|error| (String::new(), vec![error.to_string()]));
        let word = if complaints.is_empty() { "ok" } else { "FAILED" };
        println!("{:<44} {:>7.2} s  {word}  {told}", trip.name, start.elapsed().as_secs_f64());
        for complaint in &complaints {
            println!("    {complaint}");
        }
        passed &= complaints.is_empty();
    }
    passed
}

fn examine(trip: &RoundTrip) -> Outcome<(String, Vec<String>)> {
    let fault = Fault { servers: Servers::Delivering(trip.delivery), ..HEALTHY };
    let world = World::build(&fault, 0)?;
    world.add_folders(&FOLDERS)?;
    let before = messages(&world)?;
    if !trip.ended_at.is_empty() {
        return ended_early(trip, &world, &before);
    }
    let late = trip.late.map(|late| {
        let (socket, link) = (world.folder.join("lmtp"), world.folder.join(trip.delivery.socket));
        std::thread::spawn(move || {
            std::thread::sleep(late);
            std::os::unix::fs::symlink(socket, link)
        })
    });
    let (exit, report) = ended(start(&world, &fault, trip.arguments)?)?;
    let _ = late.map(std::thread::JoinHandle::join);
    let found = found(&report);
    let mut complaints = Vec::new();
    if found != trip.found {
        complaints.push(format!("found {found:?} with exit code {exit:?}; kept: {}", keep(trip, &report, &world)?));
    }
    let after = messages(&world)?;
    let left = after.len().saturating_sub(before.len());
    let are_others_there = before.iter().all(|(message, count)| after.get(message) == Some(count));
    if left != trip.left || !are_others_there {
        complaints
            .push(format!("the mailbox is not what it was: {left} more messages; {}", keep(trip, &report, &world)?));
    }
    Ok((times(&report), complaints))
}

/// Ends a run at each moment; the next one removes what it left. One that is asked to end has to clean up itself.
fn ended_early(trip: &RoundTrip, world: &World, before: &BTreeMap<Message, usize>) -> Outcome<(String, Vec<String>)> {
    let fault = Fault { servers: Servers::Delivering(trip.delivery), ..HEALTHY };
    // No run removes what another one may still wait for.
    let later = Fault { clock: Some("+11m"), ..fault };
    let (mut left_behind, mut complaints) = (0, Vec::new());
    for moment in trip.ended_at {
        let mut child = start(world, &fault, trip.arguments)?;
        std::thread::sleep(Duration::from_millis(*moment));
        run("kill", &["-s", trip.signal, &child.id().to_string()])?;
        let asked = Instant::now();
        if trip.signal == "KILL" {
            child.wait()?;
        } else {
            let (_, report) = ended(child)?;
            let mut copies = facts(&report)["copies"].as_array().into_iter().flatten();
            if asked.elapsed() > CLEANING || !copies.all(|copy| copy["is_removed"] == true) {
                let took = asked.elapsed().as_secs_f64();
                complaints
                    .push(format!("asked to end after {moment} ms: {took:.1} s; {}", keep(trip, &report, world)?));
            }
        }
        wait_until("an empty queue", DELIVERY, || is_delivered(world))?;
        left_behind += usize::from(messages(world)? != *before);
        let (_, report) = ended(start(world, &later, trip.arguments)?)?;
        if messages(world)? != *before {
            complaints.push(format!("ended after {moment} ms: something is left; {}", keep(trip, &report, world)?));
        }
    }
    let told = format!("{left_behind} of {} left a message behind", trip.ended_at.len());
    if left_behind == 0 && trip.signal == "KILL" {
        complaints.push("no run was killed when its message was there".to_owned());
    }
    Ok((told, complaints))
}

/// Whether Postfix has no message that is still to be delivered.
fn is_delivered(world: &World) -> Outcome<bool> {
    let queue = world.folder.join("queue");
    let waiting = ["incoming", "active", "deferred"]
        .map(|part| run("find", &[&queue.join(part).to_string_lossy(), "-type", "f"]));
    Ok(waiting.into_iter().collect::<Outcome<Vec<_>>>()?.iter().all(String::is_empty))
}

fn start(world: &World, fault: &Fault, arguments: &[&str]) -> Outcome<Child> {
    let mut command = doctor::on_the_users_machine(world, fault, world.folder.path())?;
    command.arg(doctor::path()).args(["round-trip", ADDRESS, "--yes", "--no-ledger", "--password-stdin", "-vv"]);
    command.args(["--format", "json", "--status-url", STATUS_URL, "--portal-url", PORTAL_URL, "--public-roots"]);
    command.arg(world.folder.join("public.pem")).args(arguments);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
    if let Some(mut stdin) = child.stdin.take() {
        let _ = stdin.write_all(format!("{CANARY}\n").as_bytes());
    }
    Ok(child)
}

fn ended(child: Child) -> Outcome<(Option<i32>, Value)> {
    let start = Instant::now();
    let output = child.wait_with_output()?;
    if start.elapsed() > PATIENCE {
        return Err(format!("took {:.0} s", start.elapsed().as_secs_f64()).into());
    }
    let report = serde_json::from_slice(&output.stdout)
        .map_err(|_| format!("no report: {}", String::from_utf8_lossy(&output.stderr)))?;
    Ok((output.status.code(), report))
}

fn found(report: &Value) -> Vec<&str> {
    let all = report["findings"].as_array().map(Vec::as_slice).unwrap_or_default();
    all.iter().filter_map(|finding| finding["cause"].as_str()).collect()
}

fn facts(report: &Value) -> &Value {
    let row = report["checks"].as_array().into_iter().flatten().find(|row| row["id"] == "round-trip");
    row.map_or(&Value::Null, |row| &row["evidence"])
}

/// How long the parts took, in milliseconds.
fn times(report: &Value) -> String {
    let facts = facts(report);
    let taken = facts["handed"]["taken_ms"].as_u64().unwrap_or(0);
    let sent = facts["handed"]["sent_ms"].as_u64().unwrap_or(0);
    let first = facts["copies"][0]["found_ms"].as_u64().map(|found| found.saturating_sub(taken));
    format!("submission {} ms, found after {first:?} ms, push {}", taken.saturating_sub(sent), facts["push"])
}

/// A message by its folder, its flags and what it says. What was read to answer IDLE is not new any more, and has another
/// file name.
type Message = (String, String, Vec<u8>);

fn messages(world: &World) -> Outcome<BTreeMap<Message, usize>> {
    let mut messages = BTreeMap::new();
    for (path, says) in world.mailbox()? {
        let folder = path.parent().and_then(Path::parent).map(|folder| folder.display().to_string());
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let flags = name.split_once(":2,").map_or("", |(_, flags)| flags).to_owned();
        *messages.entry((folder.unwrap_or_default(), flags, says)).or_default() += 1;
    }
    Ok(messages)
}

fn keep(trip: &RoundTrip, report: &Value, world: &World) -> Outcome<String> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("lab").join(trip.name);
    fs::create_dir_all(&folder)?;
    fs::write(folder.join("report.json"), report.to_string())?;
    fs::write(folder.join("servers.log"), world.server_log())?;
    Ok(folder.display().to_string())
}
