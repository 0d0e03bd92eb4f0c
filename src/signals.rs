//! The signals that end a run: from the terminal (SIGINT, SIGQUIT), the system (SIGTERM), or a closed terminal
//! (SIGHUP). On Windows: Ctrl-C, Ctrl-Break, a closed window, and the end of the session.

#[cfg(not(unix))]
pub(crate) use other::{HeldBack, Interruption, Reloads};
#[cfg(unix)]
pub(crate) use unix::{HeldBack, Interruption, Reloads};

#[cfg(unix)]
mod unix {
    use std::task::Poll;

    use nix::sys::signal::{SigSet, Signal};
    use tokio::signal::unix::{Signal as Heard, SignalKind, signal};

    use crate::misuse::Misuse;

    const ENDING: [Signal; 4] = [Signal::SIGINT, Signal::SIGTERM, Signal::SIGHUP, Signal::SIGQUIT];

    /// What a shell adds to the number of the signal that ended a program.
    const ENDED_BY_SIGNAL: u8 = 128;

    /// Holds signals back until it is dropped, so that none ends a run that cannot report yet.
    pub(crate) struct HeldBack(SigSet);

    impl HeldBack {
        /// Begins to hold signals back.
        pub(crate) fn begin() -> Self {
            let signals: SigSet = ENDING.into_iter().collect();
            // If they cannot be held back, they end the program as usual.
            let _ = signals.thread_block();
            Self(signals)
        }
    }

    impl Drop for HeldBack {
        fn drop(&mut self) {
            let _ = self.0.thread_unblock();
        }
    }

    /// The first signal; once it has come, every later wait returns at once.
    pub(crate) struct Interruption {
        heard: Vec<(u8, Heard)>,
        came: Option<u8>,
    }

    impl Interruption {
        /// Listens from now on, within a runtime, and delivers the signals that were held back.
        pub(crate) fn listen(held: Option<HeldBack>) -> Result<Self, Misuse> {
            let heard = ENDING.into_iter().filter_map(heard).collect::<Result<_, _>>().map_err(no_means)?;
            drop(held);
            Ok(Self { heard, came: None })
        }

        /// The same for a service, which SIGHUP does not end.
        pub(crate) fn listen_and_reload(held: Option<HeldBack>) -> Result<(Self, Reloads), Misuse> {
            let ending = ENDING.into_iter().filter(|signal| *signal != Signal::SIGHUP);
            let ending = ending.filter_map(heard).collect::<Result<_, _>>().map_err(no_means)?;
            let reload = heard(Signal::SIGHUP).transpose().map_err(no_means)?.map(|(_, heard)| heard);
            drop(held);
            Ok((Self { heard: ending, came: None }, Reloads(reload)))
        }

        /// Waits for a signal, and returns the exit code of a program that it ends.
        pub(crate) async fn code(&mut self) -> u8 {
            if let Some(code) = self.came {
                return code;
            }
            let number = std::future::poll_fn(|context| {
                let came = self.heard.iter_mut().find_map(|(number, heard)| match heard.poll_recv(context) {
                    Poll::Ready(_) => Some(*number),
                    Poll::Pending => None,
                });
                came.map_or(Poll::Pending, Poll::Ready)
            });
            *self.came.insert(ENDED_BY_SIGNAL + number.await)
        }

        /// Waits for a signal.
        pub(crate) async fn come(&mut self) {
            self.code().await;
        }
    }

    /// Each SIGHUP; none where the program was started so that it outlasts them.
    pub(crate) struct Reloads(Option<Heard>);

    impl Reloads {
        /// Waits for the next one.
        pub(crate) async fn come(&mut self) {
            match &mut self.0 {
                Some(heard) => drop(heard.recv().await),
                None => std::future::pending().await,
            }
        }
    }

    /// Listens for a signal, with its number; `None` where it is ignored.
    fn heard(awaited: Signal) -> Option<std::io::Result<(u8, Heard)>> {
        let number = u8::try_from(awaited as i32).unwrap_or_default();
        let listen = || signal(SignalKind::from_raw(awaited as i32)).map(|heard| (number, heard));
        (!is_ignored(awaited)).then(listen)
    }

    #[allow(clippy::needless_pass_by_value, reason = "it is mapped over an error")]
    fn no_means(fault: std::io::Error) -> Misuse {
        Misuse::new(format!("this system does not let a program wait for signals: {fault}"), "try again")
    }

    /// Whether the program was started so that it outlasts this signal, as nohup(1) does.
    fn is_ignored(signal: Signal) -> bool {
        let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
        let ignored = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
        let ignored = ignored.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).unwrap_or_default();
        ignored >> (signal as u32 - 1) & 1 == 1
    }
}

#[cfg(not(unix))]
mod other {
    #[cfg(windows)]
    use tokio::signal::windows;

    use crate::misuse::Misuse;

    /// Signals cannot be held back on this system.
    pub(crate) struct HeldBack;

    impl HeldBack {
        pub(crate) fn begin() -> Self {
            Self
        }
    }

    /// What ended the run; once it has come, every later wait returns at once.
    pub(crate) struct Interruption {
        #[cfg(windows)]
        heard: Heard,
        has_come: bool,
    }

    /// Windows gives a program some seconds after its window was closed, and at the end of a session.
    #[cfg(windows)]
    struct Heard {
        stop: windows::CtrlC,
        pause: windows::CtrlBreak,
        close: windows::CtrlClose,
        log_off: windows::CtrlLogoff,
        shut_down: windows::CtrlShutdown,
    }

    #[cfg(windows)]
    impl Heard {
        fn begin() -> std::io::Result<Self> {
            Ok(Self {
                stop: windows::ctrl_c()?,
                pause: windows::ctrl_break()?,
                close: windows::ctrl_close()?,
                log_off: windows::ctrl_logoff()?,
                shut_down: windows::ctrl_shutdown()?,
            })
        }

        async fn any(&mut self) {
            tokio::select! {
                _ = self.stop.recv() => {}
                _ = self.pause.recv() => {}
                _ = self.close.recv() => {}
                _ = self.log_off.recv() => {}
                _ = self.shut_down.recv() => {}
            }
        }
    }

    /// These systems have no signal that means to read the settings again.
    pub(crate) struct Reloads;

    impl Reloads {
        /// Waits for ever.
        pub(crate) async fn come(&mut self) {
            std::future::pending().await
        }
    }

    impl Interruption {
        #[cfg(windows)]
        pub(crate) fn listen(_: Option<HeldBack>) -> Result<Self, Misuse> {
            let heard = Heard::begin().map_err(|fault| {
                Misuse::new(format!("this system does not let a program wait for its end: {fault}"), "try again")
            })?;
            Ok(Self { heard, has_come: false })
        }

        #[cfg(not(windows))]
        pub(crate) fn listen(_: Option<HeldBack>) -> Result<Self, Misuse> {
            Ok(Self { has_come: false })
        }

        /// The same for a service.
        pub(crate) fn listen_and_reload(held: Option<HeldBack>) -> Result<(Self, Reloads), Misuse> {
            Ok((Self::listen(held)?, Reloads))
        }

        /// Waits for it, and returns the exit code that other systems have for Ctrl-C.
        pub(crate) async fn code(&mut self) -> u8 {
            self.come().await;
            130
        }

        pub(crate) async fn come(&mut self) {
            if !self.has_come {
                #[cfg(windows)]
                self.heard.any().await;
                #[cfg(not(windows))]
                let _ = tokio::signal::ctrl_c().await;
                self.has_come = true;
            }
        }
    }
}
