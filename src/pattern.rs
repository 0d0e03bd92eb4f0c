//! Patterns that are part of the program: they match bytes, in letters of either case.

use regex::bytes::{Regex, RegexBuilder};

/// Compiles one. Where case counts it begins with `(?-i)`.
pub(crate) fn compiled(pattern: &str) -> Regex {
    #[allow(clippy::expect_used, reason = "the patterns are part of the program, and the tests compile them all")]
    RegexBuilder::new(pattern).case_insensitive(true).unicode(false).build().expect("it is a pattern")
}
