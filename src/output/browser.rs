//! Shows the report as a page in the browser. If no browser can be started, the path of the file is still printed.

use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;

use crate::cli::password;
use crate::files::{self, Place};

/// How many temporary pages may exist before writing fails.
const MOST_PAGES: u32 = 1000;

/// A launcher that cannot show a page ends sooner than this; one that still runs is the browser itself.
const SOON: Duration = Duration::from_secs(1);

/// Writes a page that only the user can read, and returns its path.
pub(super) fn keep(page: &[u8]) -> io::Result<PathBuf> {
    let folder = std::env::temp_dir();
    for number in 0..MOST_PAGES {
        let place = Place::within(&folder, &format!("icloud-mail-doctor-{}-{number}.html", std::process::id()))?;
        match files::create(&place, page, None) {
            Err(fault) if fault.kind() == ErrorKind::AlreadyExists => {}
            made => return made.map(|()| place.path().to_owned()),
        }
    }
    Err(ErrorKind::AlreadyExists.into())
}

/// Starts the browser with a page, and waits no longer than it takes to fail; returns whether there was one to start.
pub(super) fn show(page: &Path) -> bool {
    let Ok(page) = dunce::canonicalize(page) else { return false };
    has_a_screen() && open::commands(page).into_iter().any(is_started)
}

fn is_started(mut command: Command) -> bool {
    // The browser gets neither the password nor a Ctrl-C meant for this program, and prints nothing here.
    command.env_remove(password::VARIABLE).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(&mut command, 0);
    let Ok(mut browser) = command.spawn() else { return false };
    let (sender, ended) = mpsc::channel();
    std::thread::spawn(move || sender.send(browser.wait()));
    // Explorer reports a fault where there is none.
    cfg!(windows) || ended.recv_timeout(SOON).map_or(true, |ended| ended.is_ok_and(|status| status.success()))
}

/// Whether a window can be shown. Without one, a text browser would be started that has no terminal.
fn has_a_screen() -> bool {
    let is_always = cfg!(any(windows, target_vendor = "apple", target_os = "android"));
    let is_set = |name: &&str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    is_always || ["DISPLAY", "WAYLAND_DISPLAY", "WSL_DISTRO_NAME"].iter().any(is_set)
}
