//! Why the program cannot continue: a usage error, with what to type instead, or a fault of its own.

use std::fmt;
use std::path::Path;

use crate::meant::is_plain;
use crate::visible;

/// What is wrong and what to do instead, in a clause each.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Misuse {
    what: String,
    instead: String,
    is_ours: bool,
}

/// The exit code of an inconclusive run.
const UNCLEAR: u8 = 3;

impl Misuse {
    /// Neither clause ends with a full stop.
    pub(crate) fn new(what: impl Into<String>, instead: impl Into<String>) -> Self {
        Self { what: what.into(), instead: instead.into(), is_ours: false }
    }

    /// The same for a fault of this program, which is not a usage error.
    pub(crate) fn fault(what: impl Into<String>, instead: impl Into<String>) -> Self {
        let what = format!("{}; this is a fault of the program and not yours", what.into());
        Self { is_ours: true, ..Self::new(what, instead) }
    }

    /// The exit code; `misused` is the one for a usage error.
    pub(crate) fn code(&self, misused: u8) -> u8 {
        if self.is_ours { UNCLEAR } else { misused }
    }
}

/// The endings of lists, settings and certificates that this program reads.
const ENDINGS: [&str; 10] = ["conf", "crt", "csv", "jsonl", "ndjson", "pem", "toml", "tsv", "yaml", "yml"];

/// A file name as a complaint may repeat it: if the file exists, if an existing folder was named with it, or if it cannot be a
/// password. Any other word may be one that was typed in the wrong place.
pub(crate) fn file_name(path: &Path) -> String {
    let is_in_a_folder = path.parent().is_some_and(|folder| !folder.as_os_str().is_empty() && folder.exists());
    let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
    let is_no_password = ENDINGS.contains(&ending) || path.to_str().is_some_and(is_plain);
    match path.has_root() || path.exists() || is_in_a_folder || is_no_password {
        true => path.display().to_string(),
        false => "the path that was given".to_owned(),
    }
}

impl std::error::Error for Misuse {}

impl fmt::Display for Misuse {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = without_numbers(&self.what);
        let sentence = format!("{}: {}.", what.trim_end_matches('.'), self.instead.trim_end_matches('.'));
        // File names and texts from files and other programs come from outside.
        out.write_str(&visible::text(&sentence))
    }
}

/// The sentence without the numbers that the standard library adds to messages of the system ("(os error 2)").
fn without_numbers(sentence: &str) -> String {
    let mut kept = String::with_capacity(sentence.len());
    let mut rest = sentence;
    while let Some((before, after)) = rest.split_once(" (os error ") {
        let digits = after.trim_start_matches('-').trim_start_matches(|letter: char| letter.is_ascii_digit());
        kept.push_str(before);
        match digits.strip_prefix(')') {
            Some(next) => rest = next,
            None => {
                kept.push_str(" (os error ");
                rest = after;
            }
        }
    }
    kept + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_is_not_there_is_named_unless_it_may_be_a_password() {
        for name in ["accounts.csv", "lists/accounts.toml", "web.yml", "accounts", "/nowhere/Summer-1"] {
            assert_eq!(file_name(Path::new(name)), name);
        }
        for word in ["abcd-efgh-ijkl-mnop", "abcdefghijklmnop", "Summer-1", "Summer.2026", "x/Summer1"] {
            assert_eq!(file_name(Path::new(word)), "the path that was given", "{word}");
        }
    }

    #[test]
    fn a_complaint_holds_no_number_of_the_systems() {
        let fault = std::io::Error::from_raw_os_error(2);
        let misuse = Misuse::new(format!("x cannot be read: {fault}"), "name another file");
        assert!(!misuse.to_string().contains("os error"), "{misuse}");
        assert_eq!(Misuse::new("a (os error 2): b (os error x)", "c").to_string(), "a: b (os error x): c.");
    }

    #[test]
    fn a_fault_of_ours_is_not_called_a_misuse() {
        assert_eq!(Misuse::new("there is no file", "name another").code(2), 2);
        let fault = Misuse::fault("the report cannot be written", "run it again");
        assert_eq!(fault.code(2), 3);
        let told = "the report cannot be written; this is a fault of the program and not yours: run it again.";
        assert_eq!(fault.to_string(), told);
    }
}
