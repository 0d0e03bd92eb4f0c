//! Makes visible, in text from outside, what would control a terminal or a workflow's log, and what hides one text
//! behind another.

use std::net::Ipv6Addr;

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::texts;

/// The guide's own words, which are divided into paragraphs.
const PARAGRAPHS: [&str; 2] = ["means", "worked"];

/// GitHub's runner executes `##[…]` anywhere in a line, and `::…::` after the spaces at its beginning (actions/runner,
/// `ActionCommand.TryParse` and `TryParseV2`).
pub(crate) const BRACKETS: &str = "##[";
const COLONS: &str = "::";

/// Returns the data with every text in it made visible, so that no renderer can forget one.
pub(crate) fn all<T: Serialize + DeserializeOwned>(data: &T) -> Result<T, serde_json::Error> {
    let mut value = serde_json::to_value(data)?;
    texts::each(&mut value, |place, text| {
        if text.chars().any(is_unseen) || commands(text).next().is_some() {
            *text = shown(text, place.last().is_some_and(|name| PARAGRAPHS.contains(name)));
        }
    });
    serde_json::from_value(value)
}

/// Returns a single text, in one line.
pub(crate) fn text(text: &str) -> String {
    shown(text, false)
}

fn shown(text: &str, has_paragraphs: bool) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut commands = commands(text).peekable();
    for (at, character) in text.char_indices() {
        match character {
            '\n' if has_paragraphs => shown.push(character),
            _ if commands.next_if_eq(&at).is_some() || is_unseen(character) => {
                shown.extend(character.escape_unicode());
            }
            _ => shown.push(character),
        }
    }
    shown
}

/// Where a command to GitHub's runner begins. A line may be wrapped at any space, so one after a space counts too. An
/// IPv6 address does not count.
fn commands(text: &str) -> impl Iterator<Item = usize> {
    text.char_indices()
        .filter(move |(at, character)| match character {
            '#' => text[*at..].starts_with(BRACKETS),
            ':' => {
                let is_first =
                    text[..*at].chars().next_back().is_none_or(|before| before.is_whitespace() || is_unseen(before));
                is_first && text[*at..].starts_with(COLONS) && !is_address(&text[*at..])
            }
            _ => false,
        })
        .map(|(at, _)| at)
}

/// Whether there is an IPv6 address that begins with colons, which is not one of the runner's commands.
fn is_address(text: &str) -> bool {
    let is_end = |character: char| character.is_whitespace() || ",;)/]\"'\\".contains(character);
    let word = text.split(is_end).next().unwrap_or_default();
    [word, word.trim_end_matches(['.', ':'])].iter().any(|word| word.parse::<Ipv6Addr>().is_ok())
}

/// Control characters; invisible characters that change the direction of writing or break lines (Unicode Technical
/// Report 36, section 2); and two noncharacters, which XML forbids (XML 1.0, section 2.2).
pub(crate) fn is_unseen(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}')
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test says what went wrong by failing")]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    #[test]
    fn what_a_terminal_would_obey_is_made_visible_everywhere() {
        let hostile = json!({ "summary": "a\u{1b}[2Jb\nc", "list": [{ "saw": "\u{202e}mets\u{9b}" }], "n": 1 });
        let shown = json!({ "summary": r"a\u{1b}[2Jb\u{a}c", "list": [{ "saw": r"\u{202e}mets\u{9b}" }], "n": 1 });
        assert_eq!(all(&hostile).unwrap(), shown);
    }

    #[test]
    fn the_guides_words_keep_their_paragraphs_and_nothing_else() {
        let words = json!({ "means": "one\n\ntwo\u{7}" });
        assert_eq!(all(&words).unwrap(), json!({ "means": "one\n\ntwo\\u{7}" }));
    }

    #[test]
    fn no_command_reaches_the_runner_of_a_workflow() {
        for (said, shown) in [
            ("::error::forged", r"\u{3a}:error::forged"),
            ("421 zzz  ::stop-commands::x", r"421 zzz  \u{3a}:stop-commands::x"),
            ("554 ##[set-output name=exit-code]0", r"554 \u{23}#[set-output name=exit-code]0"),
            ("###[error]", r"#\u{23}#[error]"),
            ("\u{85}::add-mask::e", r"\u{85}\u{3a}:add-mask::e"),
            (":::error::", r"\u{3a}::error::"),
        ] {
            assert_eq!(text(said), shown, "{said}");
        }
    }

    #[test]
    fn addresses_and_words_with_colons_stay() {
        for said in [
            "::1 refused",
            "to ::1, ::ffff:127.0.0.1; ::",
            "std::io",
            "[::1]:993",
            "## [a]",
            "#[b]",
            "is ::1: no",
            "precedence ::ffff:0:0/96  100",
        ] {
            assert_eq!(text(said), said);
        }
    }

    /// Reads a line as the runner does (actions/runner, `ActionCommand.cs`).
    fn is_obeyed(line: &str) -> bool {
        let is_second_form = line.trim_start().strip_prefix(COLONS).is_some_and(|rest| {
            rest.find(COLONS).is_some_and(|end| {
                rest[..end].starts_with(|first: char| first.is_ascii_alphabetic() && !first.is_ascii_hexdigit())
            })
        });
        line.contains(BRACKETS) || is_second_form
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn no_line_is_obeyed_wherever_it_is_wrapped(words in r"([ \n\u{2028}]{0,2}(::|:|#|##\[|warning|x|[a-f0-9]|\])){0,12}") {
            let shown = text(&words);
            prop_assert!(!shown.contains('\n'));
            prop_assert_eq!(text(&shown), shown.clone(), "what is shown once is shown as it is");
            for (at, _) in shown.match_indices(' ') {
                prop_assert!(!is_obeyed(&shown[at..]), "{}", &shown[at..]);
            }
            prop_assert!(!is_obeyed(&shown), "{}", shown);
        }
    }
}
