//! Questions to the user at the terminal. A signal leaves them: quietly, and with the terminal as it was.

use std::fs::File;
use std::io::{self, IsTerminal as _, Read as _};

use checks::secret::Secret;

use super::terminal::Terminal;
use crate::aside;
use crate::misuse::Misuse;
use crate::signals::Interruption;

/// The exit code of a program that Ctrl-C ended.
const INTERRUPTED: u8 = 130;

/// Why there is no answer to go on with.
#[derive(Debug)]
pub(crate) enum Unanswered {
    /// Something has to be done another way.
    Misuse(Misuse),
    /// The user left. Nothing is said of it; the program ends with this code.
    Left(u8),
}

impl From<Misuse> for Unanswered {
    fn from(misuse: Misuse) -> Self {
        Self::Misuse(misuse)
    }
}

impl Unanswered {
    /// How the program ends.
    pub(crate) fn ended(self) -> Result<u8, Misuse> {
        match self {
            Self::Misuse(misuse) => Err(misuse),
            Self::Left(code) => Ok(code),
        }
    }
}

/// Whether there is a user to ask.
pub(crate) fn is_somebody_there() -> bool {
    io::stdin().is_terminal() && aside::is_seen()
}

/// Asks for a line that is shown while it is typed. Returns nothing where the input has ended.
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

/// Asks for a line that is not shown while it is typed; nothing that came before the question answers it. The question has nothing in it that a terminal obeys.
pub(crate) async fn hidden(question: String) -> Result<io::Result<Secret>, Unanswered> {
    // The thread that asks is left behind by a signal, and does not give the terminal back.
    let terminal = Terminal::unmasked();
    terminal.drop_typed();
    let typed = tokio::task::spawn_blocking(|| rpassword::prompt_password(question));
    let typed = unless_left(typed).await?.map_err(io::Error::other).flatten();
    match typed {
        // Ctrl-C is read as a key there, and becomes a signal that may be heard later than this.
        Err(fault) if fault.kind() == io::ErrorKind::Interrupted => Err(Unanswered::Left(INTERRUPTED)),
        typed => Ok(typed.map(Secret::new)),
    }
}

/// What comes of a question, unless a signal comes first.
pub(super) async fn unless_left<T>(answer: impl Future<Output = T>) -> Result<T, Unanswered> {
    let mut interruption = Interruption::listen(None)?;
    tokio::select! {
        biased;
        code = interruption.code() => {
            // What the shell says next begins on a line of its own.
            aside::say("");
            Err(Unanswered::Left(code))
        }
        answer = answer => Ok(answer),
    }
}

/// Reads from the descriptor of standard input itself, past the buffer of the standard library, which would keep a copy.
/// On a thread of its own, which nothing has to wait for.
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
