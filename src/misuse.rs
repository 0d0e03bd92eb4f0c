//! A mistake in how the program was called, with what to type instead.

use std::fmt;
use std::path::Path;

use crate::visible;

/// What was wrong, in one clause, and what to do instead, in another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Misuse {
    what: String,
    instead: String,
}

impl Misuse {
    /// Both without a final stop.
    pub(crate) fn new(what: impl Into<String>, instead: impl Into<String>) -> Self {
        Self { what: what.into(), instead: instead.into() }
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
}
