//! Restores the terminal when a question or a command is interrupted while typed characters are hidden.

#[cfg(unix)]
use std::fs::File;

#[cfg(unix)]
use nix::sys::termios::{SetArg, Termios, tcgetattr, tcsetattr};
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
}

#[cfg(unix)]
impl Drop for Terminal {
    fn drop(&mut self) {
        let Some((terminal, modes)) = &self.was else { return };
        // A process in the background would be stopped for changing the terminal, and has not changed it.
        if tcgetpgrp(terminal).is_ok_and(|foreground| foreground == getpgrp()) {
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
}
