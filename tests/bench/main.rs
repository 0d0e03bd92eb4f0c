//! The benchmark: the full check of a healthy account on a short and on a long cable, beside the same work by hand.
//!
//! `cargo bench` needs what the laboratory needs, and curl, dig, openssl, swaks and python3. `BENCH=required` makes a
//! missed aim, and a machine that cannot run it, a failure. `BENCH_RUNS` says how often each command runs (11).
#![allow(clippy::disallowed_methods, clippy::disallowed_macros, reason = "the laboratory is the outside")]

#[path = "../lab/fault.rs"]
#[allow(dead_code, reason = "the laboratory uses the rest")]
mod fault;
mod link;
#[path = "../lab/proxy.rs"]
#[allow(dead_code, reason = "the laboratory uses the rest")]
mod proxy;
mod stopwatch;
#[path = "../lab/world/mod.rs"]
#[allow(dead_code, reason = "the laboratory uses the rest")]
mod world;

use fault::{ADDRESS, CANARY, Fault, HEALTHY, Servers};
use link::Link;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;
use stopwatch::{Times, measure};
use world::World;
use world::addresses::{IMAP_NAME, PORTAL_URL, SMTP_NAME, STATUS_URL};
use world::commands::{Outcome, is_installed, run};
use world::delivery::{Delivery, USUAL};

/// What one run of the check must do one after the other: name, connection, greeting, EHLO, STARTTLS, TLS, EHLO, AUTH.
const CRITICAL_ROUND_TRIPS: f64 = 8.0;
/// After the handshake Postfix sends its session tickets in a small segment, and its kernel keeps back the answer to EHLO
/// until that is acknowledged (Nagle, RFC 896). `at_once` shows that this one is the server's.
const FOR_SESSION_TICKETS: f64 = 1.0;
/// Put before the C library's own.
const AT_ONCE: &str = "#define _GNU_SOURCE\n#include <dlfcn.h>\n#include <netinet/in.h>\n#include <netinet/tcp.h>\n\
    int accept(int at, struct sockaddr *from, socklen_t *size) {\n\
    int (*next)(int, struct sockaddr *, socklen_t *) = dlsym(RTLD_NEXT, \"accept\");\n\
    int connection = next(at, from, size), one = 1;\n\
    if (connection >= 0) setsockopt(connection, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);\n\
    return connection;\n}\n";
const LONG: Duration = Duration::from_millis(20);

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [first, rest @ ..] = arguments.as_slice()
        && first == "measure"
    {
        return stopwatch::inside(rest).map_or_else(|error| failed(&error.to_string()), |()| ExitCode::SUCCESS);
    }
    let required = std::env::var("BENCH").is_ok_and(|value| value == "required");
    let tools = ["curl", "dig", "openssl", "swaks", "python3"];
    let is_root = run("id", &["-u"]).is_ok_and(|user| user.trim() == "0");
    if !is_root || !world::PROGRAMS.iter().chain(&tools).all(|program| is_installed(program)) {
        println!("benchmark: not run (needs root on Linux, the laboratory's servers, {})", tools.join(", "));
        return if required { ExitCode::FAILURE } else { ExitCode::SUCCESS };
    }
    match run_all() {
        Ok(0) => ExitCode::SUCCESS,
        Ok(missed) => {
            println!("{missed} aims missed");
            if required { ExitCode::FAILURE } else { ExitCode::SUCCESS }
        }
        Err(error) => failed(&error.to_string()),
    }
}

fn failed(words: &str) -> ExitCode {
    eprintln!("benchmark: {words}");
    ExitCode::FAILURE
}

/// How many aims were missed.
fn run_all() -> Outcome<usize> {
    world::namespaces::remove_remains()?;
    world::folder::remove_remains();
    let runs = std::env::var("BENCH_RUNS").ok().and_then(|runs| runs.parse().ok()).unwrap_or(11);
    println!("{:<58} {:>9} {:>9} {:>9}  aim", "milliseconds", "median", "fastest", "slowest");
    let world = World::build(&HEALTHY, 0)?;
    let mut missed = start(&world, runs)?;
    missed += healthy(&world, runs, "0 ms", 40.0)?;
    let link = Link::lengthen(&world, LONG)?;
    let round_trip = LONG.as_secs_f64() * 2000.0;
    let connect = measure(&world, runs, &["bash", "-c", &format!("exec 3<>/dev/tcp/{SMTP_NAME}/587")])?;
    row("name and connection alone, 40 ms (two round trips)", &connect, None);
    missed += healthy(&world, runs, "40 ms", (CRITICAL_ROUND_TRIPS + FOR_SESSION_TICKETS) * round_trip * 1.15)?;
    missed += footprint(&world)?;
    drop((link, world));
    Ok(missed + at_once(runs, CRITICAL_ROUND_TRIPS * round_trip * 1.15)?)
}

/// The same account behind a Postfix that keeps nothing back: its connections have `TCP_NODELAY`.
fn at_once(runs: usize, aim: f64) -> Outcome<usize> {
    const LIBRARY: &str = concat!(env!("CARGO_TARGET_TMPDIR"), "/at_once.so");
    const SOURCE: &str = concat!(env!("CARGO_TARGET_TMPDIR"), "/at_once.c");
    const ENVIRONMENT: &str = concat!("MAIL_CONFIG TZ LD_PRELOAD=", env!("CARGO_TARGET_TMPDIR"), "/at_once.so");
    const DELIVERY: Delivery = Delivery { postfix: &[("import_environment", ENVIRONMENT)], ..USUAL };
    std::fs::write(SOURCE, AT_ONCE)?;
    run("cc", &["-shared", "-fPIC", "-o", LIBRARY, SOURCE, "-ldl"])?;
    let world = World::build(&Fault { servers: Servers::Delivering(&DELIVERY), ..HEALTHY }, 0)?;
    let _link = Link::lengthen(&world, LONG)?;
    let check = check(&world);
    let words: Vec<&str> = check.iter().map(String::as_str).collect();
    let times = measure(&world, runs, &words)?;
    Ok(row("check, healthy account, a server that keeps nothing back", &times, Some(aim)))
}

fn doctor() -> String {
    std::env::var("DOCTOR").unwrap_or_else(|_| env!("CARGO_BIN_EXE_icloud-mail-doctor").to_string())
}

/// What a user types, as arguments.
fn check(world: &World) -> Vec<String> {
    let public = world.folder.join("public.pem").to_string_lossy().into_owned();
    let words = [&doctor(), "check", ADDRESS, "--no-ledger", "--password-stdin", "--format", "json"];
    let roots = ["--public-roots", &public];
    let urls = ["--status-url", STATUS_URL, "--portal-url", PORTAL_URL];
    words.iter().chain(&roots).chain(&urls).map(ToString::to_string).collect()
}

fn start(world: &World, runs: usize) -> Outcome<usize> {
    let times = measure(world, runs, &[&doctor(), "--version"])?;
    Ok(row("--version", &times, Some(10.0)))
}

fn healthy(world: &World, runs: usize, round_trip: &str, aim: f64) -> Outcome<usize> {
    let check = check(world);
    let words: Vec<&str> = check.iter().map(String::as_str).collect();
    let times = measure(world, runs, &words)?;
    let missed = row(&format!("check, healthy account, {round_trip}"), &times, Some(aim));
    for (name, script) in by_hand(world) {
        let times = measure(world, runs.min(5), &["bash", "-e", "-o", "pipefail", "-c", &script])?;
        row(&format!("{name}, {round_trip}"), &times, None);
    }
    Ok(missed)
}

/// The same questions with common tools. Their output is not read, because reading it takes longest.
fn by_hand(world: &World) -> Vec<(&'static str, String)> {
    let roots = world.folder.join("system.pem").to_string_lossy().into_owned();
    let imap = format!("curl -sS --cacert {roots} -u {ADDRESS}:{CANARY} imaps://{IMAP_NAME}/ >/dev/null");
    let swaks = format!(
        "swaks --server {SMTP_NAME}:587 -tls --auth PLAIN --auth-user {ADDRESS} --auth-password {CANARY} \
         --quit-after AUTH >/dev/null"
    );
    let openssl = |options: &str, host: &str| {
        format!(
            "openssl s_client {options} -servername {host} -verify_hostname {host} -CAfile {roots} \
             </dev/null >/dev/null 2>&1"
        )
    };
    let all = [
        format!("dig +short {IMAP_NAME} >/dev/null"),
        format!("dig +short {SMTP_NAME} >/dev/null"),
        openssl(&format!("-connect {IMAP_NAME}:993"), IMAP_NAME),
        openssl(&format!("-starttls smtp -connect {SMTP_NAME}:587"), SMTP_NAME),
        imap.clone(),
        swaks.clone(),
        format!("curl -sS --cacert {roots} {STATUS_URL} >/dev/null"),
    ];
    vec![
        ("by hand: dig x2, openssl x2, curl imaps, swaks, curl", all.join("\n")),
        ("by hand: curl imaps alone", imap),
        ("by hand: swaks to AUTH alone", swaks),
    ]
}

/// Prints a row; 1 when its aim was missed.
fn row(name: &str, times: &Times, aim: Option<f64>) -> usize {
    let [median, fastest, slowest] = [times.median(), times.fastest(), times.slowest()];
    println!("{name:<58} {median:>9.1} {fastest:>9.1} {slowest:>9.1}  {}", against(median, aim));
    usize::from(aim.is_some_and(|aim| median > aim))
}

fn against(value: f64, aim: Option<f64>) -> String {
    aim.map_or(String::new(), |aim| format!("{} {aim:.0}", if value > aim { "MISSED" } else { "at most" }))
}

/// Memory and size, in megabytes.
fn footprint(world: &World) -> Outcome<usize> {
    let report = world.folder.join("memory");
    let path = report.to_string_lossy().into_owned();
    let check = check(world);
    let mut words = vec!["/usr/bin/time", "-o", &path, "-f", "%M"];
    words.extend(check.iter().map(String::as_str));
    let mut missed = 0;
    // GNU time is a package of its own on Debian.
    if PathBuf::from(words[0]).exists() {
        measure(world, 1, &words)?;
        let kilobytes: f64 = std::fs::read_to_string(&report)?.trim().parse()?;
        missed += size_row("peak memory", kilobytes / 1024.0, 20.0);
    }
    let bytes = std::fs::metadata(doctor())?.len();
    let name =
        if cfg!(debug_assertions) { "size of the binary (not a release)" } else { "size of the stripped binary" };
    missed += size_row(name, f64::from(u32::try_from(bytes)?) / f64::from(1 << 20), 12.0);
    Ok(missed)
}

fn size_row(name: &str, megabytes: f64, aim: f64) -> usize {
    println!("{:<58} {megabytes:>9.1} {:>19}  {}", name.to_string() + ", MB", "", against(megabytes, Some(aim)));
    usize::from(megabytes > aim)
}
