//! The program under attack: run with an environment of its own, killed when it never ends, and measured.

use std::io::{Read, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::{Held, holds};

/// No promise allows a run to last longer: the deadline of 30 s, and what comes after it.
const LIMIT: Duration = Duration::from_secs(35);

/// No outside input may make it take more than this.
const MOST_MEGABYTES: u64 = 150;

/// More of its output than this is not kept.
const LONGEST_OUTPUT: u64 = 64 * 1024 * 1024;

/// A call of the program.
pub(crate) struct Doctor {
    command: Command,
    input: Option<Vec<u8>>,
    limit: Duration,
}

/// A call that has ended.
pub(crate) struct Ended {
    /// `None` where a signal ended it, or the suite did.
    pub(crate) code: Option<i32>,
    pub(crate) out: Vec<u8>,
    pub(crate) error: Vec<u8>,
    pub(crate) took: Duration,
    /// It had to be killed.
    pub(crate) was_killed: bool,
    /// The most memory that it held, in megabytes, where the system tells.
    pub(crate) megabytes: u64,
}

impl Doctor {
    pub(crate) fn new(arguments: &[&str]) -> Self {
        let binary =
            std::env::var_os("DOCTOR").unwrap_or_else(|| env!("CARGO_BIN_EXE_icloud-mail-doctor").to_owned().into());
        let mut command = Command::new(binary);
        command.env_clear().env("PATH", "/usr/sbin:/usr/bin:/sbin:/bin").args(arguments);
        Self { command, input: None, limit: LIMIT }
    }

    pub(crate) fn arg(mut self, argument: impl AsRef<std::ffi::OsStr>) -> Self {
        self.command.arg(argument);
        self
    }

    pub(crate) fn args(mut self, arguments: &[&str]) -> Self {
        self.command.args(arguments);
        self
    }

    pub(crate) fn env(mut self, name: &str, value: impl AsRef<std::ffi::OsStr>) -> Self {
        self.command.env(name, value);
        self
    }

    pub(crate) fn folder(mut self, folder: &Path) -> Self {
        self.command.current_dir(folder).env("HOME", folder);
        self
    }

    /// What it reads on standard input, which then ends.
    pub(crate) fn input(mut self, input: impl Into<Vec<u8>>) -> Self {
        self.input = Some(input.into());
        self
    }

    /// Run by somebody who is not root, where root runs the suite.
    #[cfg(unix)]
    pub(crate) fn user(mut self, user: u32) -> Self {
        std::os::unix::process::CommandExt::uid(&mut self.command, user);
        self
    }

    /// It has to end within this.
    pub(crate) fn within(mut self, limit: Duration) -> Self {
        self.limit = limit;
        self
    }

    /// Starts it, for attacks that do something to it while it runs.
    pub(crate) fn spawn(mut self) -> Child {
        self.command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
    }

    /// Runs it to its end.
    pub(crate) fn run(mut self) -> Ended {
        let began = Instant::now();
        let standard_input = if self.input.is_some() { Stdio::piped() } else { Stdio::null() };
        let mut child =
            self.command.stdin(standard_input).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let writing = child.stdin.take().zip(self.input.take()).map(|(mut pipe, input)| {
            // A program that has read enough closes the pipe.
            std::thread::spawn(move || drop(pipe.write_all(&input)))
        });
        let (out, error) = (kept(child.stdout.take().unwrap()), kept(child.stderr.take().unwrap()));
        let (mut megabytes, mut was_killed) = (0, false);
        let status = loop {
            megabytes = peak(child.id()).unwrap_or(megabytes);
            if let Some(status) = child.try_wait().unwrap() {
                break status;
            }
            if began.elapsed() > self.limit && !was_killed {
                was_killed = true;
                child.kill().unwrap();
            }
            std::thread::sleep(Duration::from_millis(2));
        };
        let took = began.elapsed();
        drop(writing);
        Ended {
            code: status.code(),
            out: out.join().unwrap(),
            error: error.join().unwrap(),
            took,
            was_killed,
            megabytes,
        }
    }
}

impl Ended {
    /// All that it wrote, as text.
    pub(crate) fn text(&self) -> String {
        format!("{}{}", String::from_utf8_lossy(&self.out), String::from_utf8_lossy(&self.error))
    }

    /// It ended by itself, in time, with a code of its own and within its memory.
    pub(crate) fn is_bounded(&self) -> Held {
        holds(!self.was_killed, || format!("it was still running after {:.1} s", self.took.as_secs_f32()))?;
        holds(self.code.is_some_and(|code| (0..=3).contains(&code)), || {
            format!("it ended by a signal or a panic ({:?}): {}", self.code, self.text().trim())
        })?;
        holds(self.megabytes <= MOST_MEGABYTES, || format!("it took {} MB", self.megabytes))
    }

    /// The JSON document on standard output.
    pub(crate) fn report(&self) -> Result<Value, String> {
        serde_json::from_slice(&self.out).map_err(|fault| format!("no JSON document ({fault}): {}", self.text()))
    }

    /// None of these texts is in anything that it wrote.
    pub(crate) fn hides(&self, secrets: &[&str]) -> Held {
        let text = self.text();
        for secret in secrets {
            holds(!text.contains(secret), || {
                let line = text.lines().find(|line| line.contains(secret)).unwrap_or_default();
                format!("\"{secret}\" is shown: {}", line.chars().take(300).collect::<String>())
            })?;
        }
        Ok(())
    }
}

fn kept(pipe: impl Read + Send + 'static) -> std::thread::JoinHandle<Vec<u8>> {
    std::thread::spawn(move || {
        let mut pipe = pipe;
        let mut bytes = Vec::new();
        let _ = pipe.by_ref().take(LONGEST_OUTPUT).read_to_end(&mut bytes);
        // The rest is taken all the same: a full pipe would hold up whoever writes.
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
