//! What other processes may see of a run that holds a password.

use std::fs;
use std::io::Write as _;
use std::os::unix::process::{CommandExt as _, ExitStatusExt as _};
use std::process::{Command, Stdio};
use std::time::Duration;

use super::{check, ended, send, told};
use crate::cloud::PASSWORD;
use crate::doctor::silent_resolver;
use crate::{Attack, Held, attack, holds};

pub(super) fn all() -> Vec<Attack> {
    vec![
        attack("no core is left by a crash", no_core),
        attack("no process of the same user may look into it", not_dumpable),
        attack("one copy of a password from standard input", || one_copy(&["--password-stdin"])),
        attack("one copy of a password from a command", || one_copy(&["--password-command", "cat"])),
    ]
}

fn no_core() -> Held {
    let (resolver, folder) = (silent_resolver(), tempfile::tempdir().unwrap());
    let run = check(&resolver);
    let words: Vec<&std::ffi::OsStr> = std::iter::once(run.get_program()).chain(run.get_args()).collect();
    let mut shell = Command::new("sh");
    shell.args(["-c", "ulimit -c unlimited; exec \"$@\"", "sh"]).args(words);
    shell.env("ICLOUD_APP_PASSWORD", PASSWORD).current_dir(folder.path());
    let child = shell.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    resolver.recv(&mut [0; 512]).unwrap();
    let limit = told(child.id(), "limits", "Max core file size").unwrap_or_default();
    send(6, child.id());
    let ended = ended(child, Duration::from_secs(10))?;
    holds(!ended.status.core_dumped(), || "a core was dumped".to_owned())?;
    holds(limit.split_whitespace().take(2).all(|limit| limit == "0"), || format!("cores may take {limit}"))?;
    holds(fs::read_dir(folder.path()).unwrap().next().is_none(), || "a core lies there".to_owned())
}

/// The system's files about a process that cannot be dumped belong to root, for any user.
fn not_dumpable() -> Held {
    use std::os::unix::fs::MetadataExt as _;

    let resolver = silent_resolver();
    let mut run = check(&resolver);
    run.env("ICLOUD_APP_PASSWORD", PASSWORD).args(["--deadline", "2"]);
    let own = fs::metadata("/proc/self").unwrap().uid();
    if own == 0 {
        // Root may look into anything; the user `nobody` may not.
        run.uid(65534).gid(65534);
    }
    let child = run.spawn().unwrap();
    let process = child.id();
    let asked = resolver.recv(&mut [0; 512]);
    let owner = fs::metadata(format!("/proc/{process}/environ")).map(|about| about.uid());
    ended(child, Duration::from_secs(10))?;
    asked.map_err(|fault| format!("the run never began: {fault}"))?;
    holds(owner.as_ref().is_ok_and(|owner| *owner == 0), || format!("its memory belongs to {owner:?}"))
}

/// While a server is waited for, the memory holds the password as often as it is needed, and no more.
fn one_copy(source: &[&str]) -> Held {
    let resolver = silent_resolver();
    let mut child = check(&resolver).args(source).args(["--deadline", "3"]).stdin(Stdio::piped()).spawn().unwrap();
    // Not as a constant: that would be in no other process, but in this one's.
    child.stdin.take().unwrap().write_all(format!("{PASSWORD}\n").as_bytes()).unwrap();
    resolver.recv(&mut [0; 512]).unwrap();
    let copies = copies(child.id(), PASSWORD.as_bytes());
    ended(child, Duration::from_secs(10))?;
    match copies {
        Some(copies) => holds(copies == 1, || format!("the memory holds the password {copies} times")),
        // A user without permission has seen that it is denied.
        None => Ok(()),
    }
}

/// How often these bytes are in a process' memory that can be written to.
fn copies(process: u32, bytes: &[u8]) -> Option<usize> {
    use std::os::unix::fs::FileExt as _;

    let memory = fs::File::open(format!("/proc/{process}/mem")).ok()?;
    let maps = fs::read_to_string(format!("/proc/{process}/maps")).ok()?;
    let mut found = 0;
    for line in maps.lines().filter(|line| line.split_whitespace().nth(1).is_some_and(|modes| modes.starts_with("rw")))
    {
        let (from, to) = line.split_whitespace().next()?.split_once('-')?;
        let (from, to) = (u64::from_str_radix(from, 16).ok()?, u64::from_str_radix(to, 16).ok()?);
        let mut held = vec![0; usize::try_from(to - from).ok()?];
        if memory.read_exact_at(&mut held, from).is_ok() {
            found += held.windows(bytes.len()).filter(|window| *window == bytes).count();
        }
    }
    Some(found)
}
