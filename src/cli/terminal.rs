//! Restores the terminal when a question or a command is interrupted while typed characters are hidden.

#[cfg(unix)]
use std::fs::File;

#[cfg(unix)]
use nix::sys::termios::{FlushArg, SetArg, Termios, tcflush, tcgetattr, tcsetattr};
#[cfg(unix)]
use nix::unistd::{getpgrp, tcgetpgrp};

/// The terminal that the program was started from, if any.
pub(super) struct Terminal {
    #[cfg(unix)]
    was: Option<(File, Termios)>,
}

#[cfg(unix)]
impl Terminal {
    /// Remembers the current state of the terminal.
    pub(super) fn unmasked() -> Self {
        let terminal = File::open("/dev/tty").ok();
        Self { was: terminal.and_then(|terminal| tcgetattr(&terminal).ok().map(|modes| (terminal, modes))) }
    }

    pub(super) fn is_there(&self) -> bool {
        self.was.is_some()
    }

    /// Drops what was typed before it was asked for, as getpass(3) does: it may be the rest of a paste.
    pub(super) fn drop_typed(&self) {
        if let Some((terminal, _)) = self.in_the_foreground() {
            let _ = tcflush(terminal, FlushArg::TCIFLUSH);
        }
    }

    /// The terminal, where it may be changed: a program in the background would be stopped for that.
    fn in_the_foreground(&self) -> Option<&(File, Termios)> {
        let is_ours = |terminal: &File| tcgetpgrp(terminal).is_ok_and(|foreground| foreground == getpgrp());
        self.was.as_ref().filter(|(terminal, _)| is_ours(terminal))
    }
}

#[cfg(unix)]
impl Drop for Terminal {
    fn drop(&mut self) {
        // A process in the background would be stopped for changing the terminal, and has not changed it.
        if let Some((terminal, modes)) = self.in_the_foreground() {
            let _ = tcsetattr(terminal, SetArg::TCSANOW, modes);
        }
    }
}

#[cfg(not(unix))]
impl Terminal {
    /// Does nothing: here no program changes the terminal permanently.
    pub(super) fn unmasked() -> Self {
        Self {}
    }

    /// Drops nothing: here no line is handed over before it is ended.
    #[allow(clippy::unused_self, reason = "elsewhere the terminal itself is asked")]
    pub(super) fn drop_typed(&self) {}
}
