//! The doctor, run by its path as a user would, and observed while it runs.

use crate::fault::{Fault, PasswordFrom, Store};
use crate::formats;
use crate::world::World;
use crate::world::addresses::{PORTAL_URL, PROXY, PROXY_PORT, STATUS_URL};
use crate::world::commands::Outcome;
use crate::world::namespaces::Namespaces;
use serde_json::Value;
use std::fs::{self, File};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

/// After the contract's deadline the doctor gets this long to end by itself.
const PATIENCE: Duration = Duration::from_secs(40);

pub(crate) struct Run {
    /// None when it had to be killed, or died of a signal.
    pub(crate) exit: Option<i32>,
    pub(crate) seconds: f64,
    /// None when stdout was not one JSON document.
    pub(crate) report: Option<Value>,
    /// Everything that came out of it, by name: where the password must not be.
    pub(crate) outputs: Vec<(String, Vec<u8>)>,
}

impl Run {
    pub(crate) fn output(&self, name: &str) -> &[u8] {
        self.outputs.iter().find(|(known, _)| *known == name).map_or(&[], |(_, bytes)| bytes)
    }
}

/// `DOCTOR` names another binary than the one that cargo built.
pub(crate) fn path() -> PathBuf {
    std::env::var_os("DOCTOR").map_or_else(|| PathBuf::from(env!("CARGO_BIN_EXE_icloud-mail-doctor")), PathBuf::from)
}

/// The formats of the doctor that is tried.
pub(crate) fn formats() -> &'static [String] {
    static FORMATS: OnceLock<Vec<String>> = OnceLock::new();
    FORMATS.get_or_init(|| formats::listed(&path()))
}

/// What the report in a format is called among the outputs.
pub(crate) fn report_as(format: &str) -> String {
    format!("the report as {format}")
}

/// Where a run's recorded case lies before it is kept.
pub(crate) fn recorded(world: &World, fault: &Fault) -> PathBuf {
    world.folder.join("recorded").join(fault.case.unwrap_or("none/none")).join("case.toml")
}

pub(crate) fn examine(world: &World, fault: &Fault) -> Outcome<Run> {
    let case = recorded(world, fault);
    fs::create_dir_all(case.parent().unwrap_or(&world.folder))?;
    let reports: Vec<_> =
        formats().iter().map(|format| (format, world.folder.join(format!("report.{format}")))).collect();
    start_what_starts_it(world, fault)?;
    let mut command = command(world, fault)?;
    command.arg("--record").arg(&case);
    command.args(reports.iter().map(|(format, file)| format!("--report={format}={}", file.display())));
    let [stdout, stderr] = ["doctor.stdout", "doctor.stderr"].map(|name| world.folder.join(name));
    command.stdin(Stdio::piped()).stdout(File::create(&stdout)?).stderr(File::create(&stderr)?);

    let start = Instant::now();
    let mut child = command.spawn()?;
    if let (Some(mut stdin), PasswordFrom::Stdin) = (child.stdin.take(), fault.password_from) {
        // A doctor that ends before it reads its password closes the pipe; its exit code says more than this error.
        let _ = stdin.write_all(format!("{}\n", fault.password).as_bytes());
    }
    let (exit, seen_in_proc) = watch(&mut child, start, !matches!(fault.password_from, PasswordFrom::Environment))?;
    let seconds = start.elapsed().as_secs_f64();

    let read = |path: &Path| fs::read(path).unwrap_or_default();
    let told = reports.iter().map(|(format, file)| (report_as(format), read(file)));
    let others = [
        ("stdout", read(&stdout)),
        ("stderr", read(&stderr)),
        ("the recorded case", read(&case)),
        ("/proc", seen_in_proc),
    ];
    let outputs: Vec<_> = others.map(|(name, bytes)| (name.to_owned(), bytes)).into_iter().chain(told).collect();
    Ok(Run { exit, seconds, report: serde_json::from_slice(&outputs[0].1).ok(), outputs })
}

/// Runs `DOCTOR` in the world once: a program for another system may need servers of its own, and their start is not its time.
fn start_what_starts_it(world: &World, fault: &Fault) -> Outcome {
    if std::env::var_os("DOCTOR").is_some() {
        let mut command = on_the_users_machine(world, fault, world.folder.path())?;
        // Nothing of ours is left open in what goes on running.
        command.arg(path()).arg("--version").stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        command.status()?;
    }
    Ok(())
}

/// The diagnosis again, from the report that the run wrote, with no world around it.
pub(crate) fn diagnose_again(world: &World) -> Outcome<Value> {
    let report = world.folder.join("doctor.stdout");
    let mut command = Command::new(path());
    command.env_clear().arg("diagnose").arg(report).args(["--format", "json"]).stdin(Stdio::null());
    let output = command.output()?;
    serde_json::from_slice(&output.stdout).map_err(|_| {
        let words = String::from_utf8_lossy(&output.stderr);
        let first = words.lines().next().unwrap_or("it says nothing").to_string();
        format!("`diagnose` of its own report gives no JSON: {first}").into()
    })
}

/// The system's store of roots, as the fault left it.
pub(crate) fn store(world: &World, fault: &Fault) -> PathBuf {
    world.folder.join(match fault.store {
        Store::Usual => "system.pem",
        Store::Empty => "empty.pem",
        Store::Old => "old.pem",
    })
}

/// The user's machine, with its store, its proxy and its clock: append a program and its arguments.
pub(crate) fn on_the_users_machine(world: &World, fault: &Fault, home: &Path) -> Outcome<Command> {
    let mut command = Namespaces::inside(&world.namespaces.user);
    command.env_clear().env("PATH", "/usr/sbin:/usr/bin:/sbin:/bin").env("HOME", home);
    command.env("SSL_CERT_FILE", store(world, fault));
    if fault.proxy {
        command.env("HTTPS_PROXY", format!("http://{PROXY}:{PROXY_PORT}"));
    }
    if let Some(offset) = fault.clock {
        // Not in our own environment: `ip` would start under the wrong clock too.
        let faketime = faketime().ok_or("libfaketime is not installed")?;
        command.arg("env").arg(format!("LD_PRELOAD={}", faketime.display()));
        command.arg(format!("FAKETIME={offset}")).arg("FAKETIME_DONT_FAKE_MONOTONIC=1");
    }
    Ok(command)
}

fn command(world: &World, fault: &Fault) -> Outcome<Command> {
    let mut command = on_the_users_machine(world, fault, world.folder.path())?;
    // Each fault is a world of its own: what another one refused is not known there.
    command.arg(path()).args(["check", fault.email, "--no-ledger"]);
    match fault.password_from {
        PasswordFrom::Stdin => {
            command.arg("--password-stdin");
        }
        PasswordFrom::Command => {
            let secret = world.folder.join("secret");
            fs::write(&secret, fault.password)?;
            command.arg("--password-command").arg(format!("cat {}", secret.display()));
        }
        PasswordFrom::Environment => {
            command.env("ICLOUD_APP_PASSWORD", fault.password);
        }
    }
    command.args(["--format", "json", "-vv", "--status-url", STATUS_URL, "--portal-url", PORTAL_URL, "--public-roots"]);
    command.arg(world.folder.join("public.pem")).args(fault.arguments);
    Ok(command)
}

pub(crate) fn faketime() -> Option<PathBuf> {
    let mut folders = fs::read_dir("/usr/lib").ok()?.flatten().map(|entry| entry.path().join("faketime"));
    folders.find_map(|folder| Some(folder.join("libfaketime.so.1")).filter(|library| library.exists()))
}

/// Reads what any other user of the machine could read about the process, until it ends.
fn watch(child: &mut Child, start: Instant, and_environment: bool) -> Outcome<(Option<i32>, Vec<u8>)> {
    let mut seen = Vec::new();
    loop {
        for process in with_children(child.id()) {
            let place = PathBuf::from("/proc").join(process.to_string());
            let names: &[&str] = if and_environment { &["cmdline", "environ"] } else { &["cmdline"] };
            for name in names {
                let bytes = fs::read(place.join(name)).unwrap_or_default();
                if !bytes.is_empty() && !seen.contains(&bytes) {
                    seen.push(bytes);
                }
            }
        }
        if let Some(status) = child.try_wait()? {
            return Ok((status.code(), seen.join(&b'\n')));
        }
        if start.elapsed() > PATIENCE {
            child.kill()?;
            child.wait()?;
            return Ok((None, seen.join(&b'\n')));
        }
        std::thread::sleep(Duration::from_millis(4));
    }
}

fn with_children(process: u32) -> Vec<u32> {
    let mut family = vec![process];
    let mut next = 0;
    while next < family.len() {
        let tasks = format!("/proc/{}/task", family[next]);
        for task in fs::read_dir(tasks).into_iter().flatten().flatten() {
            let children = fs::read_to_string(task.path().join("children")).unwrap_or_default();
            family.extend(children.split_whitespace().filter_map(|child| child.parse::<u32>().ok()));
        }
        next += 1;
    }
    family
}
