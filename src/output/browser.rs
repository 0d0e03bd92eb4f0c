//! The report as a page in the browser: it is shown where one can be started, and the file is named in any case.

use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::process::Stdio;

use crate::cli::password;
use crate::files::{self, Place};

/// So many pages of one run may be there before no name is free.
const MOST_PAGES: u32 = 1000;

/// Writes a page where nobody but the user can read it, and returns where that is.
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

/// Starts the browser with a page, and does not wait for it; returns whether there was one to start.
pub(super) fn show(page: &Path) -> bool {
    let Ok(page) = page.canonicalize() else { return false };
    open::commands(page).into_iter().any(|mut command| {
        // The browser gets no password, hears no Ctrl-C that is meant for this program, and says nothing here.
        command.env_remove(password::VARIABLE).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        command.spawn().is_ok()
    })
}
