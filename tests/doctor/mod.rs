//! The program that a user gets, run with an environment of its own, killed when it never ends, and measured. All tests
//! that run the binary share this.

#![allow(dead_code, reason = "each test uses a part of it")]
#![allow(clippy::disallowed_methods, reason = "it is watched from outside")]
#![allow(clippy::unwrap_used, reason = "a test says what went wrong by failing")]

mod cases;

use std::ffi::{OsStr, OsString};
use std::io::{Read, Write};
use std::net::{SocketAddr, UdpSocket};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

#[allow(unused_imports, reason = "each test uses a part of it")]
pub(crate) use cases::{Expectation, below, recorded, tests};

/// A password that no output may hold.
pub(crate) const CANARY: &str = "zkqj-vwxb-nmpl-rtyd";

/// Where programs are found, for any user who runs the tests.
pub(crate) const PATH: &str = "/usr/sbin:/usr/bin:/sbin:/bin";

/// No promise allows a run to last longer: the deadline of 30 s, and what comes after it.
const LIMIT: Duration = Duration::from_secs(35);

/// More of its output than this is not kept.
const LONGEST_OUTPUT: u64 = 64 * 1024 * 1024;

/// The program: `DOCTOR` names another one than cargo built.
pub(crate) fn path() -> OsString {
    std::env::var_os("DOCTOR").unwrap_or_else(|| env!("CARGO_BIN_EXE_icloud-mail-doctor").into())
}

/// Runs it; the exit code, and what is on standard output and on standard error.
pub(crate) fn run(arguments: &[&str]) -> (Option<i32>, String, String) {
    Doctor::new(arguments).run().told()
}

/// Runs it with this on standard input.
pub(crate) fn piped(arguments: &[&str], text: &[u8]) -> Ended {
    Doctor::new(arguments).input(text).run()
}

/// The bytes of a text in every way in which Windows writes one.
pub(crate) fn as_windows_writes(text: &str) -> [Vec<u8>; 5] {
    let wide = |text: &str, bytes: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(bytes).collect();
    let marked = format!("\u{feff}{text}");
    [
        marked.clone().into_bytes(),
        wide(text, u16::to_le_bytes),
        wide(&marked, u16::to_le_bytes),
        wide(text, u16::to_be_bytes),
        wide(&marked, u16::to_be_bytes),
    ]
}

/// A resolver on loopback that never answers.
pub(crate) fn silent_resolver() -> UdpSocket {
    let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
    socket.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    socket
}

/// The arguments with which a run asks this resolver and no other.
pub(crate) fn asking_only(resolver: SocketAddr) -> [String; 8] {
    let resolver = resolver.to_string();
    let nobody = "http://127.0.0.1:1/";
    ["--second-resolver", "none", "--status-url", nobody, "--portal-url", nobody, "--resolver", &resolver]
        .map(str::to_owned)
}

/// A call of the program.
pub(crate) struct Doctor {
    command: Command,
    /// Where this call alone remembers its sign-ins: the tests sign in hundreds of times with one wrong password.
    state: PathBuf,
    input: Option<Vec<u8>>,
    limit: Duration,
}

/// A call that has ended.
pub(crate) struct Ended {
    pub(crate) status: ExitStatus,
    /// `None` where a signal ended it, or the tests did.
    pub(crate) code: Option<i32>,
    pub(crate) out: Vec<u8>,
    pub(crate) error: Vec<u8>,
    pub(crate) took: Duration,
    /// It had to be killed.
    pub(crate) was_killed: bool,
    /// The most memory that it held, in megabytes, where the system tells.
    pub(crate) megabytes: u64,
}

/// The name of a folder that is not there yet; the program makes it if it needs it, as any user.
pub(crate) fn unused_folder() -> PathBuf {
    static NUMBER: AtomicU64 = AtomicU64::new(0);
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    std::env::temp_dir().join(format!("icloud-mail-doctor-state-{}-{number}", std::process::id()))
}

impl Doctor {
    pub(crate) fn new(arguments: &[&str]) -> Self {
        let mut command = Command::new(path());
        // Windows has no sockets without it.
        let system = std::env::var_os("SystemRoot").map(|root| ("SystemRoot", root));
        let state = unused_folder();
        command.env_clear().env("PATH", PATH).env("XDG_STATE_HOME", &state).envs(system).args(arguments);
        Self { command, state, input: None, limit: LIMIT }
    }

    pub(crate) fn arg(mut self, argument: impl AsRef<OsStr>) -> Self {
        self.command.arg(argument);
        self
    }

    pub(crate) fn args(mut self, arguments: &[impl AsRef<OsStr>]) -> Self {
        self.command.args(arguments);
        self
    }

    pub(crate) fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.command.env(name, value);
        self
    }

    pub(crate) fn folder(mut self, folder: &Path) -> Self {
        self.command.current_dir(folder).env("HOME", folder).env("USERPROFILE", folder);
        self
    }

    /// The arguments so far.
    pub(crate) fn arguments(&self) -> Vec<String> {
        self.command.get_args().map(|argument| argument.to_string_lossy().into_owned()).collect()
    }

    /// What it reads on standard input, which then ends.
    pub(crate) fn input(mut self, input: impl Into<Vec<u8>>) -> Self {
        self.input = Some(input.into());
        self
    }

    /// Run by a user who is not root, when root runs the tests.
    #[cfg(unix)]
    pub(crate) fn user(mut self, user: u32) -> Self {
        std::os::unix::process::CommandExt::uid(&mut self.command, user);
        self
    }

    /// Run where no file can grow beyond this many blocks, as on a full disk; what is written elsewhere is not a file.
    #[cfg(unix)]
    pub(crate) fn on_a_full_disk(mut self, blocks: u32) -> Self {
        let script = format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$@\"");
        let mut shell = Command::new("sh");
        shell.args(["-c", &script, "sh"]).arg(self.command.get_program()).args(self.command.get_args()).env_clear();
        shell.envs(self.command.get_envs().filter_map(|(name, value)| Some((name, value?))));
        self.command = shell;
        self
    }

    /// It has to end within this.
    pub(crate) fn within(mut self, limit: Duration) -> Self {
        self.limit = limit;
        self
    }

    /// Starts it, for tests that do something to it while it runs.
    pub(crate) fn spawn(mut self) -> Child {
        self.command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
    }

    /// Runs it to its end.
    pub(crate) fn run(mut self) -> Ended {
        let standard_input = if self.input.is_some() { Stdio::piped() } else { Stdio::null() };
        let mut child =
            self.command.stdin(standard_input).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let writing = child.stdin.take().zip(self.input.take()).map(|(mut pipe, input)| {
            // A program that has read enough closes the pipe.
            std::thread::spawn(move || drop(pipe.write_all(&input)))
        });
        let ended = Ended::of(child, self.limit);
        // It is there only where the call has signed in.
        let _ = std::fs::remove_dir_all(&self.state);
        drop(writing);
        ended
    }
}

impl Ended {
    /// Waits for a call's end, and kills it after `limit`.
    pub(crate) fn of(mut child: Child, limit: Duration) -> Self {
        let began = Instant::now();
        let (out, error) = (kept(child.stdout.take().unwrap()), kept(child.stderr.take().unwrap()));
        let (mut megabytes, mut was_killed) = (0, false);
        let status = loop {
            megabytes = peak(child.id()).unwrap_or(megabytes);
            if let Some(status) = child.try_wait().unwrap() {
                break status;
            }
            if began.elapsed() > limit && !was_killed {
                was_killed = true;
                child.kill().unwrap();
            }
            std::thread::sleep(Duration::from_millis(2));
        };
        let took = began.elapsed();
        let (out, error) = (out.join().unwrap(), error.join().unwrap());
        Self { status, code: status.code(), out, error, took, was_killed, megabytes }
    }

    /// The exit code, and what is on standard output and on standard error, which must be text.
    pub(crate) fn told(self) -> (Option<i32>, String, String) {
        (self.code, String::from_utf8(self.out).unwrap(), String::from_utf8(self.error).unwrap())
    }

    /// All that it wrote, as text.
    pub(crate) fn text(&self) -> String {
        format!("{}{}", String::from_utf8_lossy(&self.out), String::from_utf8_lossy(&self.error))
    }
}

fn kept(pipe: impl Read + Send + 'static) -> std::thread::JoinHandle<Vec<u8>> {
    std::thread::spawn(move || {
        let mut pipe = pipe;
        let mut bytes = Vec::new();
        let _ = pipe.by_ref().take(LONGEST_OUTPUT).read_to_end(&mut bytes);
        // The rest is read all the same: a full pipe would block the writer.
        let _ = std::io::copy(&mut pipe, &mut std::io::sink());
        bytes
    })
}

/// The most memory that a process has held so far, in megabytes.
fn peak(process: u32) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    Some(line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok()? / 1024)
}
