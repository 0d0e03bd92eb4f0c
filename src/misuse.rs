//! Why the program does not go on: a mistake in how it was called, with what to type instead, or a fault of its own.

use std::fmt;
use std::path::Path;

use crate::visible;

/// What was wrong, in one clause, and what to do instead, in another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Misuse {
    what: String,
    instead: String,
    is_ours: bool,
}

/// The exit code where nothing could be told.
const UNCLEAR: u8 = 3;

impl Misuse {
    /// Both without a final stop.
    pub(crate) fn new(what: impl Into<String>, instead: impl Into<String>) -> Self {
        Self { what: what.into(), instead: instead.into(), is_ours: false }
    }

    /// The same for a fault of this program, which nobody has called wrongly.
    pub(crate) fn fault(what: impl Into<String>, instead: impl Into<String>) -> Self {
        let what = format!("{}; this is a fault of the program and not yours", what.into());
        Self { is_ours: true, ..Self::new(what, instead) }
    }

    /// The exit code, where `misused` is the one for having been called wrongly.
    pub(crate) fn code(&self, misused: u8) -> u8 {
        if self.is_ours { UNCLEAR } else { misused }
    }
}

/// A file's name as a complaint may repeat it: where there is such a file, or a folder that could hold it was named too.
/// Any other word may be a password that was typed in the wrong place.
pub(crate) fn file_name(path: &Path) -> String {
    let is_in_a_folder = path.parent().is_some_and(|folder| !folder.as_os_str().is_empty() && folder.exists());
    match path.is_absolute() || path.exists() || is_in_a_folder {
        true => path.display().to_string(),
        false => "the path that was given".to_owned(),
    }
}

impl std::error::Error for Misuse {}

impl fmt::Display for Misuse {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = without_numbers(&self.what);
        let sentence = format!("{}: {}.", what.trim_end_matches('.'), self.instead.trim_end_matches('.'));
        // File names, and what a file or another program said, come from outside.
        out.write_str(&visible::text(&sentence))
    }
}

/// The sentence without the numbers that the standard library adds to what the system says ("(os error 2)").
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
