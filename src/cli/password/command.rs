//! The password that a command prints, and the end of what was started for it.

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
use crate::misuse::Misuse;

/// What a command wrote before it ended is there by then; whatever still holds its output open was left behind.
const GRACE: Duration = Duration::from_millis(200);

/// Enough of a complaint to understand it, in bytes.
const LONGEST_COMPLAINT: usize = 4096;

const NEXT: &str = "run it by itself to see why";

/// Takes the first line that the command prints.
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
            // What it printed before it failed is no password that it vouches for.
            let said = Complaint::of(&complained[..length]);
            Err(Misuse::new(format!("the password command failed ({status}); {said}"), NEXT))
        }
        _ => printed.secret("what the password command printed"),
    }
}

/// The command: a list of words, or a line for the shell.
fn command(line: &str) -> Result<Command, Misuse> {
    let words = match serde_json::from_str::<Vec<String>>(line) {
        Ok(words) => words,
        Err(_) if cfg!(windows) => ["cmd", "/C", line].map(str::to_owned).into(),
        Err(_) => ["sh", "-c", line].map(str::to_owned).into(),
    };
    let Some((program, arguments)) = words.split_first() else {
        return Err(Misuse::new(
            "the list after --password-command is empty",
            "for instance '[\"pass\",\"show\",\"icloud\"]'",
        ));
    };
    let mut command = Command::new(program);
    command.args(arguments);
    Ok(command)
}

/// A command that is ended, with what it started, unless it ends by itself.
struct Running {
    child: Child,
    is_over: bool,
    /// Whether it is in a process group of its own.
    #[cfg(unix)]
    is_apart: bool,
    /// Given back after the command has gone.
    _terminal: Terminal,
}

impl Running {
    fn start(mut command: Command) -> Result<Self, Misuse> {
        let terminal = Terminal::unmasked();
        // A command that asks at the terminal has to stay in the group that may read there.
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

    /// Waits for its end, and says with which status, and how long the complaint is; nothing where it printed too much.
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
                // Whatever it left behind may hold its output open for as long as it likes.
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
            // Its members may be gone by now.
            let _ = killpg(Pid::from_raw(group), Signal::SIGKILL);
        }
    }
}

/// Why a command is read no further.
enum Stopped {
    TooLong,
    Unread(io::Error),
}

/// Keeps the first line, and lets the rest go by: a command whose pipe is closed early would fail.
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

/// Keeps the beginning, and lets the rest go by.
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
