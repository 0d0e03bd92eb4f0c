//! Questions to the user at the terminal. A signal ends a question, and the terminal is restored.

use std::fs::File;
use std::io::{self, IsTerminal as _, Read as _};

use checks::secret::Secret;

use super::terminal::Terminal;
use crate::aside;
use crate::misuse::Misuse;
use crate::signals::Interruption;

/// The exit code of a program that Ctrl-C ended.
const INTERRUPTED: u8 = 130;

/// Why there is no answer.
#[derive(Debug)]
pub(crate) enum Unanswered {
    /// The input cannot be used; the message says what to do instead.
    Misuse(Misuse),
    /// A signal ended the question. Nothing is printed, and the program ends with this exit code.
    Left(u8),
}

impl From<Misuse> for Unanswered {
    fn from(misuse: Misuse) -> Self {
        Self::Misuse(misuse)
    }
}

impl Unanswered {
    /// Returns how the program ends.
    pub(crate) fn ended(self) -> Result<u8, Misuse> {
        match self {
            Self::Misuse(misuse) => Err(misuse),
            Self::Left(code) => Ok(code),
        }
    }
}

/// Whether there is a user at a terminal.
pub(crate) fn is_somebody_there() -> bool {
    io::stdin().is_terminal() && aside::is_seen()
}

/// Waits until the user presses Enter; for ever at the end of input.
pub(crate) async fn enter() {
    let pressed = from_descriptor(|terminal| {
        let mut bytes = [0; 4096];
        terminal.read(&mut bytes)
    });
    if !pressed.await.is_ok_and(|count| count > 0) {
        std::future::pending::<()>().await;
    }
}

/// Asks for a line that is shown while it is typed. Returns `None` at the end of input.
pub(crate) async fn line(question: &str) -> Result<Option<String>, Unanswered> {
    aside::ask(question);
    let typed = from_descriptor(|terminal| {
        // A terminal gives one line at a time.
        let mut bytes = [0; 4096];
        let count = terminal.read(&mut bytes)?;
        Ok((count > 0).then(|| String::from_utf8_lossy(&bytes[..count]).trim().to_owned()))
    });
    let typed = unless_left(typed).await?.unwrap_or_default();
    if typed.is_none() {
        aside::say("");
    }
    Ok(typed)
}

/// Asks for a line that is not shown while it is typed; what was typed before the question does not answer it. The
/// question must not contain control characters.
pub(crate) async fn hidden(question: String) -> Result<io::Result<Secret>, Unanswered> {
    // The thread that asks keeps running when a signal comes, and does not restore the terminal itself.
    let terminal = Terminal::unmasked();
    terminal.drop_typed();
    let typed = tokio::task::spawn_blocking(|| rpassword::prompt_password(question));
    let typed = unless_left(typed).await?.map_err(io::Error::other).flatten();
    match typed {
        // In this mode Ctrl-C is read as a key. The signal for it may arrive later than this result.
        Err(fault) if fault.kind() == io::ErrorKind::Interrupted => Err(Unanswered::Left(INTERRUPTED)),
        typed => Ok(typed.map(Secret::new)),
    }
}

/// Waits for the answer, unless a signal comes first.
pub(super) async fn unless_left<T>(answer: impl Future<Output = T>) -> Result<T, Unanswered> {
    let mut interruption = Interruption::listen(None)?;
    tokio::select! {
        biased;
        code = interruption.code() => {
            // The shell's prompt then begins on a new line.
            aside::say("");
            Err(Unanswered::Left(code))
        }
        answer = answer => Ok(answer),
    }
}

/// Reads from the descriptor of standard input, because the buffer of the standard library would keep a copy of a
/// password. Runs on its own thread, so that a signal does not have to wait for the input.
pub(super) async fn from_descriptor<T: Send + 'static>(read: fn(&mut File) -> io::Result<T>) -> io::Result<T> {
    let read = tokio::task::spawn_blocking(move || {
        #[cfg(unix)]
        let descriptor = std::os::fd::AsFd::as_fd(&io::stdin()).try_clone_to_owned()?;
        #[cfg(windows)]
        let descriptor = std::os::windows::io::AsHandle::as_handle(&io::stdin()).try_clone_to_owned()?;
        read(&mut File::from(descriptor))
    });
    read.await.map_err(io::Error::other)?
}
