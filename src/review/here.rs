//! This computer: which commands exist, and the tables of logins beside a settings file. Nothing is run.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use checks::network::plain_file::NotRead;

use super::computer::{Compiled, Computer, Table};
use super::origin;
use crate::executable;

/// This computer.
pub(super) static HERE: Computer = Computer { can_be_run, table };

/// Commands that are built into shells.
const BUILT_IN: [&str; 9] = ["echo", "printf", "cat", "read", "exec", "command", "eval", ".", "type"];

/// Whether this program exists: at this path, or in a folder of PATH.
fn can_be_run(program: &str) -> bool {
    match program.strip_prefix("~/") {
        Some(rest) => {
            let home = std::env::home_dir().unwrap_or_default();
            executable::find(&home.join(rest).to_string_lossy()).is_some()
        }
        None => BUILT_IN.contains(&program) || executable::find(program).is_some(),
    }
}

/// Reads the table beside main.cf, or else the one with the path that main.cf names.
fn table(named: &str, main: &Path) -> Table {
    let folder = main.parent().unwrap_or(Path::new(""));
    let own = ["$config_directory/", "${config_directory}/"].iter().find_map(|own| named.strip_prefix(own));
    let named = own.map_or_else(|| PathBuf::from(named), |rest| folder.join(rest));
    let beside = named.file_name().map_or_else(|| named.clone(), |name| folder.join(name));
    let is_own = is_same_folder(&named, folder);
    let place = if beside.is_file() { &beside } else { &named };
    match origin::read(place) {
        Ok((text, origin)) => {
            let compiled = compiled(place, origin.about.modified().ok(), is_same_file(place, &named));
            Table::Read { text, compiled }
        }
        Err(NotRead::Failed(fault)) if fault.kind() == ErrorKind::NotFound && is_own => Table::Missing,
        Err(_) => Table::Unread,
    }
}

/// The state of the compiled table; `is_used` where it is the one that Postfix reads.
fn compiled(table: &Path, changed: Option<SystemTime>, is_used: bool) -> Compiled {
    const ENDINGS: [&str; 5] = [".db", ".lmdb", ".cdb", ".pag", ".dir"];
    let beside = |ending: &&str| {
        let name = format!("{}{ending}", table.file_name()?.to_string_lossy());
        fs::metadata(table.with_file_name(name)).ok()
    };
    match (ENDINGS.iter().find_map(beside), is_used) {
        (Some(about), _) => match about.modified().ok().zip(changed) {
            Some((made, changed)) if made < changed => Compiled::Older,
            _ => Compiled::UpToDate,
        },
        (None, true) => Compiled::Missing,
        (None, false) => Compiled::NotHere,
    }
}

/// Whether a file would be in this folder.
fn is_same_folder(file: &Path, folder: &Path) -> bool {
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let real = |path: &Path| dunce::canonicalize(path).ok();
    file.parent().and_then(real).is_some_and(|own| real(folder) == Some(own))
}

fn is_same_file(one: &Path, other: &Path) -> bool {
    dunce::canonicalize(one).ok().is_some_and(|one| dunce::canonicalize(other).ok() == Some(one))
}
