//! The password that a command prints, and how the command's processes are ended.

use std::io;
use std::pin::pin;
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use checks::network::clock::within;
use checks::secret::Secret;
use tokio::io::{AsyncRead, AsyncReadExt as _};
use tokio::process::{Child, Command};
use zeroize::Zeroizing;

use super::VARIABLE;
use super::complaint::Complaint;
use super::line::FirstLine;
use crate::cli::terminal::Terminal;
use crate::executable;
use crate::misuse::Misuse;

/// What a command wrote before it ended has arrived by then; only a process that it left behind keeps its output open.
const GRACE: Duration = Duration::from_millis(200);

/// How much of its error output is read, in bytes: enough to understand it.
const LONGEST_COMPLAINT: usize = 4096;

const NEXT: &str = "run it by itself to see why";

/// Returns the first line that the command prints.
pub(super) async fn ask(line: &str, limit: Duration) -> Result<Secret, Misuse> {
    let (mut printed, mut complained) = (FirstLine::new(), Zeroizing::new(vec![0; LONGEST_COMPLAINT]));
    let mut running = Running::start(command(line)?)?;
    let Some(ended) = within(limit, running.ended(&mut printed, &mut complained)).await else {
        let what = format!("the password command did not end within {} s", limit.as_secs_f32());
        return Err(Misuse::new(what, "run it by itself to see why, or give it longer with --deadline"));
    };
    let ended = ended.map_err(|fault| Misuse::new(format!("the password command cannot be read: {fault}"), NEXT))?;
    match ended {
        Some((status, length)) if !status.success() => {
            // What a command printed before it failed is not used as a password.
            let said = Complaint::of(&complained[..length]);
            Err(Misuse::new(format!("the password command failed ({status}); {said}"), NEXT))
        }
        _ => printed.secret("what the password command printed"),
    }
}

/// The command: a list of words, or a line for the shell.
fn command(line: &str) -> Result<Command, Misuse> {
    let Ok(words) = serde_json::from_str::<Vec<String>>(line) else { return Ok(shell(line)) };
    let Some((program, arguments)) = words.split_first() else {
        return Err(Misuse::new(
            "the list after --password-command is empty",
            "for instance '[\"pass\",\"show\",\"icloud\"]'",
        ));
    };
    // Windows by itself finds only programs that end in .exe.
    let found = executable::find(program).filter(|_| cfg!(windows));
    let mut command = found.map_or_else(|| Command::new(program), Command::new);
    command.args(arguments);
    Ok(command)
}

#[cfg(not(windows))]
fn shell(line: &str) -> Command {
    let mut command = Command::new("sh");
    command.args(["-c", line]);
    command
}

/// The line as it is: quotation marks are written otherwise for `cmd` than for programs, and with /S it takes away the
/// outermost two alone.
#[cfg(windows)]
fn shell(line: &str) -> Command {
    let mut command = Command::new("cmd");
    command.raw_arg(format!("/D /S /C \"{line}\""));
    command
}

/// A running command, which is killed together with the processes that it started unless it ends by itself.
struct Running {
    child: Child,
    is_over: bool,
    /// Whether it has its own process group.
    #[cfg(unix)]
    is_apart: bool,
    /// Restored after the command has ended.
    _terminal: Terminal,
}

impl Running {
    fn start(mut command: Command) -> Result<Self, Misuse> {
        let terminal = Terminal::unmasked();
        // A command that asks at the terminal has to stay in the process group that may read from it.
        #[cfg(unix)]
        let is_apart = !terminal.is_there();
        #[cfg(unix)]
        if is_apart {
            command.process_group(0);
        }
        command.stdin(Stdio::inherit()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let started = command.env_remove(VARIABLE).kill_on_drop(true).spawn();
        let child =
            started.map_err(|fault| Misuse::new(format!("the password command cannot be started: {fault}"), NEXT))?;
        Ok(Self {
            child,
            is_over: false,
            #[cfg(unix)]
            is_apart,
            _terminal: terminal,
        })
    }

    /// Waits for its end, and returns its status and the length of its error output; `None` where it printed too much.
    async fn ended(
        &mut self,
        printed: &mut FirstLine,
        complained: &mut [u8],
    ) -> io::Result<Option<(ExitStatus, usize)>> {
        let (out, error) = (self.child.stdout.take(), self.child.stderr.take());
        let mut length = 0;
        let read = {
            let mut reading =
                pin!(async { tokio::try_join!(first_line(out, printed), beginning(error, complained, &mut length)) });
            tokio::select! {
                biased;
                read = &mut reading => Some(read),
                // A process that it left behind may keep its output open for any time.
                _ = self.child.wait() => within(GRACE, reading).await,
            }
        };
        match read {
            Some(Err(Stopped::TooLong)) => return Ok(None),
            Some(Err(Stopped::Unread(fault))) => return Err(fault),
            Some(Ok(_)) | None => {}
        }
        let status = self.child.wait().await?;
        self.is_over = true;
        Ok(Some((status, length)))
    }
}

#[cfg(unix)]
impl Drop for Running {
    fn drop(&mut self) {
        use nix::sys::signal::{Signal, killpg};
        use nix::unistd::Pid;

        let group = self.child.id().filter(|_| self.is_apart && !self.is_over);
        if let Some(group) = group.and_then(|id| i32::try_from(id).ok()) {
            // The processes of the group may be gone by now.
            let _ = killpg(Pid::from_raw(group), Signal::SIGKILL);
        }
    }
}

/// Why no more of a command's output is read.
enum Stopped {
    TooLong,
    Unread(io::Error),
}

/// Keeps the first line and discards the rest: a command whose pipe is closed early would fail.
async fn first_line(source: Option<impl AsyncRead + Unpin>, line: &mut FirstLine) -> Result<(), Stopped> {
    let Some(mut source) = source else { return Ok(()) };
    let mut rest = Zeroizing::new(vec![0; 4096]);
    loop {
        let is_over = line.is_over();
        let room = if is_over { &mut rest[..] } else { line.room() };
        match source.read(room).await.map_err(Stopped::Unread)? {
            0 => return Ok(()),
            count if !is_over => line.take(count),
            _ => {}
        }
        if line.is_too_long() {
            return Err(Stopped::TooLong);
        }
    }
}

/// Keeps the beginning and discards the rest.
async fn beginning(source: Option<impl AsyncRead + Unpin>, kept: &mut [u8], length: &mut usize) -> Result<(), Stopped> {
    let Some(mut source) = source else { return Ok(()) };
    let mut rest = Zeroizing::new(vec![0; 4096]);
    loop {
        let is_full = *length == kept.len();
        let room = if is_full { &mut rest[..] } else { &mut kept[*length..] };
        match source.read(room).await.map_err(Stopped::Unread)? {
            0 => return Ok(()),
            count if !is_full => *length += count,
            _ => {}
        }
    }
}
