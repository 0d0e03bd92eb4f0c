//! The terminal as it was, given back when a question or a command is cut short while nothing typed is shown.

#[cfg(unix)]
use std::fs::File;

#[cfg(unix)]
use nix::sys::termios::{SetArg, Termios, tcgetattr, tcsetattr};
#[cfg(unix)]
use nix::unistd::{getpgrp, tcgetpgrp};

/// The terminal that the program was started at, if there is one.
pub(super) struct Terminal {
    #[cfg(unix)]
    was: Option<(File, Termios)>,
}

#[cfg(unix)]
impl Terminal {
    /// Keeps how it is now.
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
        // A program in the background would be stopped for this, and has changed nothing.
        if tcgetpgrp(terminal).is_ok_and(|foreground| foreground == getpgrp()) {
            let _ = tcsetattr(terminal, SetArg::TCSANOW, modes);
        }
    }
}

#[cfg(not(unix))]
impl Terminal {
    /// Keeps nothing: here nobody changes it for good.
    pub(super) fn unmasked() -> Self {
        Self {}
    }
}
