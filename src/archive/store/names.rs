//! The names of files and directories: what they say of a message, and what every file system takes.

use std::collections::HashMap;

use checks::archive::{Kept, key};

/// Windows has no colon in a name, and mbsync writes a semicolon there too.
const MARK: char = if cfg!(windows) { ';' } else { ':' };

/// The name of a message's file: `7.V1.S=310:2,S`.
pub(super) fn file_name(message: Kept, flags: &str) -> String {
    format!("{}.V{}.S={}{MARK}2,{flags}", message.uid, message.uidvalidity, message.size)
}

/// What such a name says; the flags may be missing.
pub(super) fn read_name(name: &str) -> Option<Kept> {
    let name = name.split([':', ';']).next()?;
    let (uid, rest) = name.split_once(".V")?;
    let (uidvalidity, size) = rest.split_once(".S=")?;
    Some(Kept { uid: uid.parse().ok()?, uidvalidity: uidvalidity.parse().ok()?, size: size.parse().ok()? })
}

/// The directories of folders, no two of which are one on a file system that does not distinguish capital letters.
#[derive(Default)]
pub(super) struct Directories(HashMap<String, String>);

impl Directories {
    /// The directory of a folder, below the root: its parts are directories in each other.
    pub(super) fn of(&mut self, folder: &str) -> String {
        let parts: Vec<String> = folder.split('/').map(part).collect();
        let mut directory = parts.join("/");
        // A name that had to be changed may become that of another folder.
        let is_other = |of: &String| of != folder;
        if directory != folder || self.0.get(&directory.to_lowercase()).is_some_and(is_other) {
            directory = format!("{directory}-{:08x}", key(folder.as_bytes()) & 0xffff_ffff);
        }
        self.0.insert(directory.to_lowercase(), folder.to_owned());
        directory
    }
}

/// A part of a folder's name, as every file system takes it.
fn part(name: &str) -> String {
    let is_odd = |letter: char| letter.is_control() || "/\\:*?\"<>|".contains(letter);
    let mut part: String = name.chars().map(|letter| if is_odd(letter) { '_' } else { letter }).take(100).collect();
    let bare = part.trim_end_matches(['.', ' ']).len();
    part.truncate(bare);
    let lower = part.to_lowercase();
    let stem = lower.split('.').next().unwrap_or_default();
    let is_device = ["con", "prn", "aux", "nul"].contains(&stem)
        || (stem.len() == 4
            && (stem.starts_with("com") || stem.starts_with("lpt"))
            && stem.ends_with(|last: char| last.is_ascii_digit()));
    let is_maildirs = ["cur", "new", "tmp"].contains(&lower.as_str());
    if part.is_empty() || part.starts_with('.') || is_device || is_maildirs {
        part.insert(0, '_');
    }
    part
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_says_what_its_file_is() {
        let kept = Kept { uid: 7, uidvalidity: 1, size: 310 };
        for name in ["7.V1.S=310:2,S", "7.V1.S=310;2,", "7.V1.S=310", &file_name(kept, "FS")] {
            assert_eq!(read_name(name), Some(kept), "{name}");
        }
        for name in ["1700000000.M1P2.host:2,S", "7.V1:2,S", "x.V1.S=3", ""] {
            assert_eq!(read_name(name), None, "{name}");
        }
    }

    #[test]
    fn a_folder_stays_below_the_root_and_has_a_directory_of_its_own() {
        let mut directories = Directories::default();
        for (folder, directory) in [("INBOX", "INBOX"), ("Sent Messages", "Sent Messages"), ("a/b", "a/b")] {
            assert_eq!(directories.of(folder), directory);
        }
        let folders = [
            "..",
            "../../etc",
            "/etc",
            "a//b",
            ".hidden",
            "c:d",
            "c*d",
            "con",
            "INBOX/cur",
            "x ",
            "inbox",
            "a\\b",
            "ä\n",
        ];
        let made: Vec<String> = folders.iter().map(|folder| directories.of(folder)).collect();
        for (directory, folder) in made.iter().zip(folders) {
            let is_safe =
                |part: &str| !part.is_empty() && !part.starts_with('.') && !part.contains(['\\', ':', '*', '\n']);
            assert!(directory.split('/').all(is_safe), "{folder}: {directory}");
            assert_eq!(directories.of(folder), *directory, "{folder}");
        }
        let mut other: Vec<String> = made.iter().map(|directory| directory.to_lowercase()).collect();
        other.sort();
        other.dedup();
        assert_eq!(other.len(), folders.len());
    }
}
