//! Real mail programs, set up by the doctor and tested on the real servers: one script for each program in `programs/`.
//!
//! A script runs on the user's machine (`bash -euo pipefail`) with an empty home, `$DOCTOR`, and `$PASSWORD_COMMAND`, which
//! prints the password. It sets the program up, uses it, and fails where the program does. Its first lines say what has to
//! be installed (`# program: NAME /A/PATH $TOOLS/A/PATH`) and what the servers must then have seen (`# sees: receiving
//! sending`). What is not installed is not tried, and said so; with `LAB=required` that is a failure.

use crate::doctor;
use crate::fault::{CANARY, HEALTHY, NAME_PART};
use crate::leaks::Leaks;
use crate::world::World;
use crate::world::commands::{Outcome, is_installed, wait_until};
use crate::world::namespaces::Namespaces;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

/// No script needs longer; compilers and interpreters start slowly.
const PATIENCE: Duration = Duration::from_mins(4);

/// Postfix takes no longer to hand a message over.
const DELIVERY: Duration = Duration::from_secs(10);

/// The folders that iCloud has beside the inbox.
const FOLDERS: [&str; 6] = ["Archive", "Deleted Messages", "Drafts", "Junk", "Notes", "Sent Messages"];

/// Where programs lie that come from no package.
const OTHER_FOLDERS: [&str; 2] = ["/opt/himalaya/bin", "/opt/meli/bin"];

/// A script, by the name of its file.
pub(crate) struct Script {
    pub(crate) name: String,
    path: PathBuf,
    /// The programs that have to be installed.
    programs: Vec<String>,
    sees: Vec<String>,
}

pub(crate) fn all() -> Outcome<Vec<Script>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/lab/programs");
    let mut paths: Vec<PathBuf> = fs::read_dir(folder)?.flatten().map(|entry| entry.path()).collect();
    paths.retain(|path| path.extension().is_some_and(|end| end == "sh"));
    paths.sort();
    paths.iter().map(|path| read(path)).collect()
}

fn read(path: &Path) -> Outcome<Script> {
    let text = fs::read_to_string(path)?;
    let words = |head: &str| -> Vec<String> {
        let line = text.lines().find_map(|line| line.strip_prefix(head)).unwrap_or_default();
        line.split_whitespace().map(str::to_owned).collect()
    };
    let name = format!("program-{}", path.file_stem().unwrap_or_default().to_string_lossy());
    Ok(Script { name, path: path.to_owned(), programs: words("# program:"), sees: words("# sees:") })
}

/// Runs the scripts and says whether all went well.
pub(crate) fn run_all(chosen: &[Script], is_required: bool) -> bool {
    let (there, missing): (Vec<&Script>, Vec<&Script>) =
        chosen.iter().partition(|script| is_required || script.missing().is_empty());
    for script in &missing {
        println!(
            "{:<44} not tried: {} is not installed (.ci/run installs it)",
            script.name,
            script.missing().join(", ")
        );
    }
    let (next, failed) = (AtomicUsize::new(0), AtomicUsize::new(0));
    std::thread::scope(|scope| {
        for place in 0..super::PLACES {
            let (there, next, failed) = (&there, &next, &failed);
            scope.spawn(move || {
                while let Some(script) = there.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let start = Instant::now();
                    let complaints = run(script, place).unwrap_or_else(|error| vec![error.to_string()]);
                    let word = if complaints.is_empty() { "ok" } else { "FAILED" };
                    println!("{:<44} {:>7.2} s  {word}", script.name, start.elapsed().as_secs_f64());
                    for complaint in &complaints {
                        println!("    {}", complaint.replace('\n', "\n    "));
                    }
                    failed.fetch_add(usize::from(!complaints.is_empty()), Ordering::Relaxed);
                }
            });
        }
    });
    let failed = failed.into_inner();
    println!("\n{} programs set up and used, {} as they should be", there.len(), there.len() - failed);
    failed == 0
}

impl Script {
    /// What of its programs is not installed.
    fn missing(&self) -> Vec<&str> {
        let is_there = |program: &str| match program.strip_prefix("$TOOLS/") {
            Some(inside) => tools().join(inside).exists(),
            None => {
                is_installed(program) || OTHER_FOLDERS.iter().any(|folder| Path::new(folder).join(program).exists())
            }
        };
        self.programs.iter().map(String::as_str).filter(|program| !is_there(program)).collect()
    }
}

fn run(script: &Script, place: usize) -> Outcome<Vec<String>> {
    if !script.missing().is_empty() {
        return Ok(vec![format!("{} is not installed", script.missing().join(", "))]);
    }
    let world = World::build(&HEALTHY, place)?;
    world.add_folders(&FOLDERS)?;
    world.namespaces.write_roots(&world.folder.join("system.pem"))?;
    let home = world.folder.join("home");
    fs::create_dir(&home)?;
    fs::write(home.join("secret"), CANARY)?;
    let output = world.folder.join("script.output");
    let ended = wait(&world, script, &home, &output)?;
    let said = String::from_utf8_lossy(&fs::read(&output)?).into_owned();
    let mut complaints = Vec::new();
    if ended != Some(0) {
        let how = ended.map_or("is killed".to_owned(), |code| format!("ends with {code}"));
        complaints.push(format!("{how}\n{}", last_lines(&said)));
    }
    for what in &script.sees {
        // A login by the account's name, a message handed over.
        let sign = match what.as_str() {
            "receiving" => format!("imap-login: Info: Login: user=<{NAME_PART}>"),
            "sending" => "status=sent".to_owned(),
            other => return Err(format!("{}: nothing is known of \"{other}\"", script.name).into()),
        };
        // Postfix hands a message over after it has taken it, and the program need not wait for that.
        if wait_until(what, DELIVERY, || Ok(world.server_log().contains(&sign))).is_err() {
            complaints.push(format!("the servers saw no {what}\n{}", last_lines(&said)));
        }
    }
    complaints.extend(written(&home)?.into_iter().map(|path| format!("{} holds the password", path.display())));
    Ok(complaints)
}

fn wait(world: &World, script: &Script, home: &Path, output: &Path) -> Outcome<Option<i32>> {
    let file = File::create(output)?;
    let mut command = Namespaces::inside(&world.namespaces.user);
    let roots = world.folder.join("system.pem");
    let path = std::env::var("PATH").unwrap_or_default();
    command
        .env_clear()
        .env("PATH", format!("{path}:{}", OTHER_FOLDERS.join(":")))
        .env("HOME", home)
        .env("LC_ALL", "C.UTF-8");
    command.env("DOCTOR", doctor::path()).env("PASSWORD_COMMAND", format!("cat {}/secret", home.display()));
    // For those that bring roots of their own; the others read the machine's store.
    command.env("NODE_EXTRA_CA_CERTS", &roots).env("SSL_CERT_FILE", &roots).env("TOOLS", tools());
    command.args(["bash", "-euo", "pipefail"]).arg(&script.path).current_dir(home);
    command.stdin(Stdio::null()).stdout(file.try_clone()?).stderr(file);
    let mut child = command.spawn()?;
    let start = Instant::now();
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(status.code());
        }
        if start.elapsed() > PATIENCE {
            child.kill()?;
            child.wait()?;
            return Ok(None);
        }
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// Where `.ci/programs` puts the libraries that the scripts use, which no network in a world could fetch.
fn tools() -> PathBuf {
    std::env::var_os("LAB_TOOLS").map_or_else(|| Path::new(env!("CARGO_TARGET_TMPDIR")).join("programs"), PathBuf::from)
}

fn last_lines(said: &str) -> String {
    let lines: Vec<&str> = said.lines().collect();
    lines[lines.len().saturating_sub(25)..].join("\n")
}

/// The settings below the home that hold the password; what the program itself keeps of it is its own.
fn written(home: &Path) -> Outcome<Vec<PathBuf>> {
    let leaks = Leaks::of(CANARY);
    let mut found = Vec::new();
    for entry in fs::read_dir(home)? {
        let path = entry?.path();
        let is_ours = path.file_name().is_some_and(|name| name != "secret") && path.is_file();
        if is_ours && !leaks.in_bytes(&fs::read(&path)?).is_empty() {
            found.push(path);
        }
    }
    Ok(found)
}
