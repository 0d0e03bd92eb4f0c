//! Signals at any moment, sources that never end, and what other processes may see.

use std::fs;
use std::io::{Read, Write};
use std::os::unix::process::{CommandExt as _, ExitStatusExt as _};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::cloud::{ADDRESS, PASSWORD};
use crate::{Attack, Held, attack, holds};

const FORMATS: [&str; 8] = ["text", "json", "html", "markdown", "junit", "nagios", "github", "openmetrics"];

const SIGNALS: [(&str, i32); 4] = [("INT", 2), ("TERM", 15), ("HUP", 1), ("QUIT", 3)];

/// When a signal comes.
#[derive(Clone, Copy)]
enum Moment {
    /// As soon as the program does anything about signals.
    AtOnce,
    /// While the password command runs, and what it started.
    PasswordCommand,
    /// While standard input gives nothing.
    StandardInput,
    /// While a server says nothing.
    Server,
}

const MOMENTS: [(&str, Moment); 4] = [
    ("at once", Moment::AtOnce),
    ("during the password command", Moment::PasswordCommand),
    ("while standard input is silent", Moment::StandardInput),
    ("while a server is silent", Moment::Server),
];

/// Password commands that never end as they should, each with what is said of it.
const ENDLESS: [(&str, &str); 6] = [
    ("cat /dev/zero", "too long"),
    ("yes '' | tr -d '\\n' | cat /dev/zero -", "too long"),
    ("yes abcd", "did not end"),
    ("sleep 300", "did not end"),
    ("exec >&- 2>&-; sleep 300", "did not end"),
    ("sleep 300 | cat", "did not end"),
];

pub(crate) fn all() -> Vec<Attack> {
    let mut attacks = Vec::new();
    for (signal, number) in SIGNALS {
        for (when, moment) in MOMENTS {
            attacks.push(attack(format!("SIG{signal} {when}"), move || interrupted(number, moment, "json")));
        }
        attacks.push(attack(format!("SIG{signal} at the password prompt"), move || {
            interrupted_at_the_prompt(signal, number)
        }));
    }
    for format in FORMATS {
        attacks.push(attack(format!("SIGHUP during the password command, as {format}"), move || {
            interrupted(1, Moment::PasswordCommand, format)
        }));
    }
    for (command, said) in ENDLESS {
        attacks.push(attack(format!("password command `{command}`"), move || endless(command, said)));
    }
    attacks.extend([
        attack("SIGHUP does not end what nohup(1) started", outlasts_hangup),
        attack("a password command leaves a child behind with its output open", left_behind),
        attack("a password command does not inherit the password", no_inheritance),
        attack("standard input ends its line and stays open", || from_open_input(&format!("{PASSWORD}\n"), 0)),
        attack("standard input stays open in the middle of a line", || from_open_input("qkwe", 2)),
        attack("standard input says nothing", || from_open_input("", 2)),
        attack("standard input is endless", || from_open_input(&"a".repeat(5000), 2)),
        attack("no core is left by a crash", no_core),
        attack("no process of the same user may look into it", not_dumpable),
        attack("one copy of a password from standard input", || one_copy(&["--password-stdin"])),
        attack("one copy of a password from a command", || one_copy(&["--password-command", "cat"])),
        attack("on a terminal, a server that is not Apple's is trusted by a word", || asked("y\n", true)),
        attack("on a terminal, silence is no trust", || asked("\n", false)),
        attack("on a terminal, another word is no trust", || asked("yes please\n", false)),
    ]);
    attacks
}

/// The program in a session of its own, so that it has no terminal whoever runs the attacks.
fn doctor(arguments: &[&str]) -> Command {
    let binary =
        std::env::var_os("DOCTOR").unwrap_or_else(|| env!("CARGO_BIN_EXE_icloud-mail-doctor").to_owned().into());
    let mut command = Command::new("setsid");
    command.arg(binary).args(arguments).env_clear().env("PATH", "/usr/sbin:/usr/bin:/sbin:/bin");
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// A check that asks nobody outside; the resolver never answers.
fn check(resolver: &std::net::UdpSocket) -> Command {
    let mut command = doctor(&["check", ADDRESS, "--second-resolver", "none"]);
    let nobody = "http://127.0.0.1:1/";
    command.args(["--status-url", nobody, "--portal-url", nobody]);
    command.args(["--resolver", &resolver.local_addr().unwrap().to_string()]);
    command
}

fn silent_resolver() -> std::net::UdpSocket {
    let socket = std::net::UdpSocket::bind("127.0.0.1:0").unwrap();
    socket.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    socket
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

struct Ended {
    status: ExitStatus,
    out: String,
    error: String,
    took: Duration,
}

/// Waits for its end, and kills it after `limit`.
fn ended(mut child: Child, limit: Duration) -> Result<Ended, String> {
    let began = Instant::now();
    let kept = |mut pipe: Box<dyn Read + Send>| {
        std::thread::spawn(move || {
            let mut text = Vec::new();
            let _ = pipe.read_to_end(&mut text);
            String::from_utf8_lossy(&text).into_owned()
        })
    };
    let out = kept(Box::new(child.stdout.take().unwrap()));
    let error = kept(Box::new(child.stderr.take().unwrap()));
    let status = loop {
        if let Some(status) = child.try_wait().unwrap() {
            break status;
        }
        if began.elapsed() > limit {
            child.kill().unwrap();
            child.wait().unwrap();
            return Err(format!("it was still running after {} s", limit.as_secs()));
        }
        std::thread::sleep(Duration::from_millis(2));
    };
    Ok(Ended { status, out: out.join().unwrap(), error: error.join().unwrap(), took: began.elapsed() })
}

fn send(signal: i32, to: u32) {
    assert!(Command::new("kill").args([format!("-{signal}"), to.to_string()]).status().unwrap().success());
}

/// A line of what the system tells of a process.
fn told(process: u32, file: &str, line: &str) -> Option<String> {
    let text = fs::read_to_string(format!("/proc/{process}/{file}")).ok()?;
    text.lines().find_map(|told| told.strip_prefix(line)).map(|told| told.trim().to_owned())
}

/// Whether the program, and not `setsid` before it, holds a signal back or hears it.
fn is_ready_for(process: u32, signal: i32) -> bool {
    let has = |line| {
        let mask = told(process, "status", line).and_then(|mask| u64::from_str_radix(&mask, 16).ok());
        mask.is_some_and(|mask| mask >> (signal - 1) & 1 == 1)
    };
    has("SigBlk:") || has("SigCgt:")
}

fn is_alive(process: &str) -> bool {
    let state = process.trim().parse().ok().and_then(|process| told(process, "status", "State:"));
    state.is_some_and(|state| !state.starts_with('Z'))
}

/// A password command that writes down its own processes, and never ends.
fn recorded_command(folder: &Path) -> (String, std::path::PathBuf) {
    let (path, whole) = (folder.join("processes"), folder.join("whole"));
    let command =
        format!("sleep 300 & echo $$ $! > {}; mv {} {}; wait", path.display(), path.display(), whole.display());
    (command, whole)
}

fn interrupted(signal: i32, moment: Moment, format: &str) -> Held {
    let (resolver, folder) = (silent_resolver(), tempfile::tempdir().unwrap());
    let (command, processes) = recorded_command(folder.path());
    let mut run = check(&resolver);
    run.args(["--format", format]);
    match moment {
        Moment::PasswordCommand => run.args(["--password-command", &command]),
        Moment::StandardInput => run.arg("--password-stdin").stdin(Stdio::piped()),
        Moment::AtOnce | Moment::Server => run.env("ICLOUD_APP_PASSWORD", PASSWORD),
    };
    let mut child = run.spawn().unwrap();
    let input = child.stdin.take();
    let process = child.id();
    let ready = wait_until("the program is ready for signals", || is_ready_for(process, signal)).and_then(|()| {
        match moment {
            Moment::PasswordCommand => wait_until("the password command runs", || processes.exists()),
            // The first question shows that the run has begun.
            Moment::Server => resolver.recv(&mut [0; 512]).map(drop).map_err(|fault| fault.to_string()),
            Moment::AtOnce | Moment::StandardInput => Ok(()),
        }
    });
    send(signal, process);
    let ended = ended(child, Duration::from_secs(10));
    ready?;
    let ended = ended?;
    drop(input);
    let code = if format == "nagios" { 3 } else { ended.status.code().unwrap_or(-1) };
    holds(code == 3, || format!("{}: {}{}", ended.status, ended.out, ended.error))?;
    holds(!ended.out.trim().is_empty(), || "nothing is on standard output".to_owned())?;
    holds(!format!("{}{}", ended.out, ended.error).contains(PASSWORD), || "the password is shown".to_owned())?;
    if format == "json" {
        let report: Value = serde_json::from_str(&ended.out).map_err(|fault| format!("{fault}: {}", ended.out))?;
        holds(report["complete"] == false, || ended.out.clone())?;
    }
    let Ok(started) = fs::read_to_string(processes) else { return Ok(()) };
    for process in started.split_whitespace() {
        wait_until("what the password command started is ended", || !is_alive(process))?;
    }
    Ok(())
}

fn endless(command: &str, said: &str) -> Held {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("group");
    let command = format!("echo $$ > {}; {command}", path.display());
    let mut run = check(&silent_resolver());
    let child = run.args(["--password-command", &command, "--deadline", "1"]).spawn().unwrap();
    let peak = peak_of(child.id());
    let ended = ended(child, Duration::from_secs(10))?;
    holds(ended.status.code() == Some(2) && ended.error.contains(said), || {
        format!("{}: {}", ended.status, ended.error)
    })?;
    let peak = peak.join().unwrap();
    holds(peak < 150_000, || format!("it took {peak} kB"))?;
    let group = fs::read_to_string(path).unwrap();
    let alive = || !members(group.trim()).is_empty();
    wait_until("what the password command started is ended", || !alive())
}

/// The most memory that a process takes, in kilobytes, by the time that it has ended.
fn peak_of(process: u32) -> std::thread::JoinHandle<u64> {
    std::thread::spawn(move || {
        let mut most = 0;
        while let Some(peak) = told(process, "status", "VmHWM:") {
            most = peak.trim_end_matches("kB").trim().parse().unwrap_or(most);
            std::thread::sleep(Duration::from_millis(5));
        }
        most
    })
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
    let report: Value = serde_json::from_str(&ended.out).map_err(|fault| format!("{fault}: {}", ended.error))?;
    holds(report["settings"]["sign_in"] == true, || ended.out.clone())
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

fn outlasts_hangup() -> Held {
    let resolver = silent_resolver();
    let run = check(&resolver);
    let mut nohup = Command::new("nohup");
    nohup.arg(run.get_program()).args(run.get_args()).args(["--no-sign-in", "--deadline", "1", "--format", "json"]);
    nohup.env_clear().env("PATH", "/usr/bin:/bin").stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let child = nohup.spawn().unwrap();
    resolver.recv(&mut [0; 512]).unwrap();
    send(1, child.id());
    let ended = ended(child, Duration::from_secs(10))?;
    holds(ended.took > Duration::from_millis(700), || format!("it ended after {} ms", ended.took.as_millis()))
}

/// Standard input gives this and stays open; the run must end all the same: of its own accord with code 0 to stand for a
/// run that got its password.
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
        let report: Value = serde_json::from_str(&ended.out).map_err(|fault| format!("{fault}: {}", ended.error))?;
        return holds(report["settings"]["sign_in"] == true, || ended.out.clone());
    }
    holds(ended.status.code() == Some(code), || format!("{}: {}{}", ended.status, ended.out, ended.error))
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

/// What the system keeps of a process that cannot be dumped belongs to root, whoever runs it.
fn not_dumpable() -> Held {
    use std::os::unix::fs::MetadataExt as _;

    let resolver = silent_resolver();
    let mut run = check(&resolver);
    run.env("ICLOUD_APP_PASSWORD", PASSWORD).args(["--deadline", "2"]);
    let own = fs::metadata("/proc/self").unwrap().uid();
    if own == 0 {
        // Root may look into anything; nobody may not.
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
        // Who may not look has seen that nobody may.
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

/// A run at a terminal. What is started at one is in the group that reads there.
fn at_a_terminal(more: &[&str], resolver: &std::net::UdpSocket) -> expectrl::session::OsSession {
    let run = check(resolver);
    let words: Vec<&std::ffi::OsStr> = run.get_args().collect();
    let mut shell = Command::new("sh");
    shell.args(["-c", r#"stty echo; "$@"; echo "exit $?"; stty -a"#, "sh"]).args(words).args(more);
    shell.env_remove("ICLOUD_APP_PASSWORD");
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
    // Nothing has begun that could be reported, and the user is not blamed for leaving.
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
