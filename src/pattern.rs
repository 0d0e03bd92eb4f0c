//! Patterns that are part of the program: they match bytes, in letters of either case.

use regex::bytes::{Regex, RegexBuilder};
use regex_automata::meta;
use regex_automata::util::syntax;

/// Compiles one. Where case counts it begins with `(?-i)`.
pub(crate) fn compiled(pattern: &str) -> Regex {
    #[allow(clippy::expect_used, reason = "the patterns are part of the program, and the tests compile them all")]
    RegexBuilder::new(pattern).case_insensitive(true).unicode(false).build().expect("it is a pattern")
}

/// The same for a text that is searched once: without the search for prefixes, which takes longer than such a text does.
pub(crate) fn searched(pattern: &str) -> meta::Regex {
    #[allow(clippy::expect_used, reason = "the patterns are part of the program, and the tests compile them all")]
    meta::Regex::builder()
        .configure(meta::Config::new().auto_prefilter(false).utf8_empty(false))
        .syntax(syntax::Config::new().case_insensitive(true).unicode(false).utf8(false))
        .build(pattern)
        .expect("it is a pattern")
}
