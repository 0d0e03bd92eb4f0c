//! A folder with a file for each account and format, and a page that leads to them.

use std::path::{Path, PathBuf};

use crate::cli::OutputArguments;
use crate::misuse::{Misuse, file_name};
use crate::output;
use crate::render::Format;
use crate::report::Report;
use crate::report::group::Group;

/// The page with the table.
const INDEX: &str = "index.html";

/// The folder.
pub(super) struct Folder<'a> {
    path: PathBuf,
    arguments: &'a OutputArguments,
}

impl<'a> Folder<'a> {
    /// Makes the folder where it is not there. Whatever is in the way of the reports of these accounts is said now, and not
    /// after their sign-ins.
    pub(super) fn open<'n>(
        path: &Path,
        arguments: &'a OutputArguments,
        accounts: impl Iterator<Item = &'n str>,
    ) -> Result<Self, Misuse> {
        std::fs::create_dir_all(path).map_err(|fault| {
            Misuse::new(format!("the folder {} cannot be made: {fault}", file_name(path)), "name another folder")
        })?;
        let folder = Self { path: path.to_owned(), arguments };
        if let Some(page) = Format::page() {
            output::can_write_in(&folder.path, INDEX, page, arguments)?;
        }
        for account in accounts {
            for (name, format) in files_of(account) {
                output::can_write_in(&folder.path, &name, format, arguments)?;
            }
        }
        Ok(folder)
    }

    /// Writes the report of an account, as a page and for programs. Returns the name of the page.
    pub(super) fn write(&self, account: &str, report: &Report) -> Result<Option<String>, Misuse> {
        let mut page = None;
        for (name, format) in files_of(account) {
            output::write_in(&self.path, &name, format, format, report, self.arguments)?;
            page = Some(name).filter(|_| format.is_page);
        }
        Ok(page)
    }

    /// The name of the page that an earlier run wrote for an account, if it is there.
    pub(super) fn page_of(&self, account: &str) -> Option<String> {
        let name = format!("{}.{}", stem(account), Format::page()?.name);
        self.path.join(&name).is_file().then_some(name)
    }

    /// Writes the page with the table.
    pub(super) fn write_index(&self, group: &Group) -> Result<(), Misuse> {
        match Format::page().and_then(|page| Some((page, page.for_group()?))) {
            Some((page, how)) => output::write_in(&self.path, INDEX, page, how, group, self.arguments),
            None => Ok(()),
        }
    }
}

/// The names of an account's files, each with its format.
fn files_of(account: &str) -> impl Iterator<Item = (String, Format)> {
    let stem = stem(account);
    let formats = [Some(Format::of_lines()), Format::page()].into_iter().flatten();
    formats.map(move |format| (format!("{stem}.{}", format.name), format))
}

/// The longest name that is kept as it is.
const LONGEST: usize = 60;

/// The name of an account's files, without an ending. Two accounts never have the same, on a disk that takes upper and
/// lower case for the same too.
pub(crate) fn stem(account: &str) -> String {
    let is_kept = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '-';
    let kept: String = account.chars().map(|letter| if is_kept(letter) { letter } else { '_' }).take(LONGEST).collect();
    // `index` is the table, and Windows has devices with short names.
    if kept == account && kept.len() > 4 && kept != "index" && !kept.starts_with('-') {
        return kept;
    }
    // FNV-1a: the whole name decides.
    let hash = account
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3));
    format!("{}_{hash:016x}", kept.trim_start_matches('-'))
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_account_has_files_of_its_own_within_the_folder() {
        let names = [
            "anna-maria",
            "Anna-Maria",
            "anna maria",
            "anna_maria",
            "../etc",
            "..",
            ".",
            "con",
            "index",
            "-x",
            "Ä",
            "ä",
            "a/b",
        ];
        let stems: HashSet<String> = names.iter().map(|name| stem(name)).collect();
        assert_eq!(stems.len(), names.len(), "{stems:?}");
        assert!(stems.contains("anna-maria"));
        for stem in stems {
            assert!(
                stem.chars()
                    .all(|letter| letter.is_ascii_lowercase() || letter.is_ascii_digit() || "-_".contains(letter))
            );
        }
        assert!(stem(&"x".repeat(300)).len() < 100);
    }
}
