//! Text from outside, with what a terminal would obey and what hides one text behind another made visible.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// The guide's own words, which come in paragraphs.
const PARAGRAPHS: [&str; 2] = ["means", "worked"];

/// The same data with every text in it fit to be shown, so that no renderer can forget one.
pub(super) fn all<T: Serialize + DeserializeOwned>(data: &T) -> Result<T, serde_json::Error> {
    let mut value = serde_json::to_value(data)?;
    clean(&mut value, false);
    serde_json::from_value(value)
}

/// A text of its own.
pub(crate) fn text(text: &str) -> String {
    shown(text, false)
}

fn clean(value: &mut Value, has_paragraphs: bool) {
    match value {
        Value::String(text) if text.chars().any(is_unseen) => *text = shown(text, has_paragraphs),
        Value::Array(items) => items.iter_mut().for_each(|item| clean(item, has_paragraphs)),
        Value::Object(fields) => {
            fields.iter_mut().for_each(|(key, field)| clean(field, PARAGRAPHS.contains(&key.as_str())));
        }
        Value::String(_) | Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

fn shown(text: &str, has_paragraphs: bool) -> String {
    text.chars().fold(String::with_capacity(text.len()), |mut shown, character| {
        match character {
            '\n' if has_paragraphs => shown.push(character),
            _ if is_unseen(character) => shown.extend(character.escape_unicode()),
            _ => shown.push(character),
        }
        shown
    })
}

/// Control characters; of those that take no room, the ones that turn the direction of writing or break lines (Unicode
/// Technical Report 36, section 2); and two that are no characters, which XML forbids (XML 1.0, section 2.2).
pub(super) fn is_unseen(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}')
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test says what went wrong by failing")]
mod tests {
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
}
