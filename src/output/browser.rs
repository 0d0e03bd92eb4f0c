//! Shows the report as a page in the browser. If no browser can be started, the path of the file is still printed.

use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::process::Stdio;

use crate::cli::password;
use crate::files::{self, Place};

/// How many temporary pages may exist before writing fails.
const MOST_PAGES: u32 = 1000;

/// Writes a page that only the user can read, and returns its path.
pub(super) fn keep(page: &[u8]) -> io::Result<PathBuf> {
    let folder = std::env::temp_dir();
    for number in 0..MOST_PAGES {
        let path = folder.join(format!("icloud-mail-doctor-{}-{number}.html", std::process::id()));
        match Place::of(&path).and_then(|place| files::create(&place, page, None)) {
            Err(fault) if fault.kind() == ErrorKind::AlreadyExists => {}
            made => return made.map(|()| path),
        }
    }
    Err(ErrorKind::AlreadyExists.into())
}

/// Opens a page in the browser without waiting for it; returns whether a browser could be started.
pub(super) fn show(page: &Path) -> bool {
    let Ok(page) = page.canonicalize() else { return false };
    open::commands(page).into_iter().any(|mut command| {
        // The browser gets neither the password nor a Ctrl-C meant for this program, and prints nothing here.
        command.env_remove(password::VARIABLE).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        command.spawn().is_ok()
    })
}
