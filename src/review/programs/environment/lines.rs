//! What sets a variable in a `.env` file, in YAML, properties, a Dockerfile or a unit of systemd, each with the keys above
//! it.

use crate::review::lines::{Word, bare, closing};
use crate::review::tree::{Leaf, leaves};

/// `KEY=VALUE` or `KEY: VALUE`.
#[derive(Debug)]
pub(in crate::review::programs) struct Line<'t> {
    pub(in crate::review::programs) key: Word<'t>,
    /// Without quotes and comments.
    pub(in crate::review::programs) value: Word<'t>,
    /// With them; quotes that are open at the end of the line may close on a later line.
    pub(in crate::review::programs) whole: Word<'t>,
    /// Where its line begins.
    pub(in crate::review::programs) start: usize,
    /// The keys above it in YAML, the nearest last.
    pub(in crate::review::programs) below: Vec<Word<'t>>,
    /// Whether a dash before it begins an item of a list in YAML.
    pub(in crate::review::programs) begins_item: bool,
    /// Whether it is a line of a text in YAML (`key: |`), and not a setting.
    pub(in crate::review::programs) is_quoted: bool,
}

impl Line<'_> {
    /// Where its key begins on the line.
    pub(super) fn column(&self) -> usize {
        self.key.start.saturating_sub(self.start)
    }
}

pub(super) fn lines(text: &str) -> Vec<Line<'_>> {
    // Settings are never deeper. Without this limit, each line of a very deep file would get a copy of all its keys.
    const DEEPEST: usize = 16;
    let mut below: Vec<(usize, Word)> = Vec::new();
    let mut found = Vec::new();
    // Kubernetes has the name on one line, and the value on the next.
    let mut named: Option<(usize, Word)> = None;
    // The indent of the key that a text in YAML belongs to.
    let mut block: Option<usize> = None;
    let mut is_continued = false;
    for (start, line) in bare(text) {
        if let Some(several) = several(Word { text: line, start }.trimmed(), &mut is_continued) {
            found.extend(several.into_iter().filter_map(|word| {
                let (key, value) = key_and_value(word)?;
                let below = Vec::new();
                Some(Line { key, value, whole: value, start, below, begins_item: false, is_quoted: false })
            }));
            continue;
        }
        let word = without_marks(Word { text: line, start }.trimmed());
        if word.text.is_empty() || word.text.starts_with('#') {
            continue;
        }
        let indent = word.start - start;
        let outer = line.len() - line.trim_start().len();
        block = block.filter(|above| outer > *above);
        let is_quoted = block.is_some();
        if !is_quoted && begins_block(word.text) {
            // The text may belong to a list item with only a dash.
            block = Some(if key_and_value(word).is_some() { indent } else { outer });
        }
        below.retain(|(above, _)| *above < indent);
        let Some((mut key, value)) = key_and_value(word) else { continue };
        let name = named.take().filter(|(beside, _)| key.text == "value" && *beside == indent);
        key = name.map_or(key, |(_, name)| name);
        if key.text == "name" && is_key(value.text) {
            named = Some((indent, value));
        }
        if value.text.is_empty() {
            if below.len() < DEEPEST {
                below.push((indent, key));
            }
        } else {
            let whole = whole(value, start + line.len(), text);
            let below: Vec<Word> = below.iter().map(|(_, key)| *key).collect();
            let begins_item = line.trim_start().starts_with("- ");
            found.extend(braced(value, start, &below, key).into_iter().map(|line| Line { is_quoted, ..line }));
            found.push(Line { key, value, whole, start, below, begins_item, is_quoted });
        }
    }
    found
}

/// The variables that a Dockerfile or a unit of systemd sets, of which one line may have several and a backslash goes on
/// to the next (<https://docs.docker.com/reference/dockerfile/#env>; systemd.exec(5), `Environment=`).
fn several<'t>(line: Word<'t>, is_continued: &mut bool) -> Option<Vec<Word<'t>>> {
    let mark = ["ENV ", "Environment="].iter().find(|mark| line.text.starts_with(**mark));
    let set = mark.map(|mark| line.from(mark.len())).or(is_continued.then_some(line))?;
    *is_continued = line.text.ends_with('\\');
    let mut rest = set.trimmed();
    Some(
        std::iter::from_fn(|| {
            let (pair, after) = rest.parted(end_of_pair(rest.text)?);
            rest = after.trimmed();
            Some(pair)
        })
        .collect(),
    )
}

/// Where a pair ends: at a space that is not within quotes, which may begin after the key; `None` if there is none.
fn end_of_pair(text: &str) -> Option<usize> {
    let mut quote = None;
    let mut is_escaped = false;
    let end = text.find(|letter: char| {
        let is_quote = !is_escaped && matches!(letter, '"' | '\'') && quote.is_none_or(|open| open == letter);
        if is_quote {
            quote = quote.is_none().then_some(letter);
        }
        let ends = letter.is_whitespace() && quote.is_none() && !is_escaped;
        is_escaped = letter == '\\' && !is_escaped;
        ends
    });
    (!text.is_empty()).then(|| end.unwrap_or(text.len()))
}

/// YAML 1.2, section 7.4.2: a mapping in braces on the line of its key.
fn braced<'t>(value: Word<'t>, start: usize, below: &[Word<'t>], key: Word<'t>) -> Vec<Line<'t>> {
    if !value.text.starts_with('{') || value.text.starts_with("{{") {
        return Vec::new();
    }
    let moved = |word: Word<'t>| Word { start: value.start + word.start, ..word };
    let line = |leaf: Leaf<'t>| {
        let (own, above) = leaf.keys.split_last()?;
        let below = below.iter().copied().chain([key]).chain(above.iter().copied().map(moved)).collect();
        let value = moved(leaf.value);
        let (begins_item, is_quoted) = (false, false);
        Some(Line { key: moved(*own), value, whole: value, start, below, begins_item, is_quoted })
    };
    leaves(value.text).into_iter().filter_map(line).collect()
}

/// YAML 1.2, section 8.1: a text of several lines begins with `|` or `>` at the end of a line.
fn begins_block(line: &str) -> bool {
    let line = line.split(" #").next().unwrap_or_default().trim_end();
    let head = line.trim_end_matches(|letter: char| letter.is_ascii_digit() || "+-".contains(letter));
    let before = head.strip_suffix(['|', '>']).map(str::trim_end);
    // There may be a tag or an anchor in between.
    let key = |before: &str| {
        let last = before.rsplit(' ').next().unwrap_or_default();
        if last.starts_with(['!', '&']) {
            before.strip_suffix(last).unwrap_or_default().trim_end().to_owned()
        } else {
            before.to_owned()
        }
    };
    before.map(key).is_some_and(|key| key.is_empty() || key.ends_with(':'))
}

/// Whether YAML has variables below `environment:`.
pub(super) fn is_of_containers(text: &str) -> bool {
    let is_variable = |key: &str| {
        key.starts_with(|letter: char| letter.is_ascii_uppercase())
            && key.chars().all(|letter| letter.is_ascii_uppercase() || letter.is_ascii_digit() || letter == '_')
    };
    lines(text)
        .iter()
        .filter(|line| !line.is_quoted && is_variable(line.key.text))
        .any(|line| line.below.last().is_some_and(|above| ["environment", "env"].contains(&above.text)))
}

/// What follows a key on its line, or up to the closing quotes on a later line.
fn whole<'t>(value: Word<'t>, end: usize, text: &'t str) -> Word<'t> {
    let until = |end: usize| Word { text: text.get(value.start..end).unwrap_or_default(), start: value.start };
    let before = text.get(..value.start).unwrap_or_default().chars().next_back();
    let (Some(quote @ ('"' | '\'')), true) = (before, value.at().end == end) else { return until(end) };
    let closes = closing(text.get(value.start..).unwrap_or_default(), quote);
    until(closes.map_or(end, |length| value.start + length))
}

/// Without the dash of a list in YAML, and without what shells write before a variable.
fn without_marks(word: Word) -> Word {
    let mut word = word;
    while let Some(mark) = ["- ", "export ", "set "].iter().find(|mark| word.text.starts_with(**mark)) {
        word = word.from(mark.len()).trimmed();
    }
    word
}

fn key_and_value(word: Word<'_>) -> Option<(Word<'_>, Word<'_>)> {
    let Some(quote) = word.text.chars().next().filter(|letter| matches!(letter, '"' | '\'')) else {
        let (key, mark) = word.parted(word.text.find(['=', ':'])?);
        let value = mark.from(1);
        // In YAML a space follows the colon of a key.
        let is_colon = mark.text.starts_with(':');
        let parts = !is_colon || value.text.is_empty() || value.text.starts_with([' ', '\t']);
        let key = key.trimmed();
        return (parts && is_key(key.text)).then(|| (key, bare_value(value.trimmed())));
    };
    let inner = word.from(1);
    let inner = inner.until(closing(inner.text, quote)?);
    let after = word.from(inner.text.len() + 2).trimmed();
    if after.text.starts_with(':') && is_key(inner.text) {
        return Some((inner, bare_value(after.from(1).trimmed())));
    }
    let (key, value) = inner.split_once("=")?;
    is_key(key.text).then_some((key, value.trimmed()))
}

fn is_key(text: &str) -> bool {
    // No key is longer, and every line below a key repeats it.
    const LONGEST: usize = 128;
    if text.len() > LONGEST {
        return false;
    }
    let mut letters = text.chars();
    letters.next().is_some_and(|letter| letter.is_ascii_alphabetic() || letter == '_')
        && letters.all(|letter| letter.is_ascii_alphanumeric() || "_.-".contains(letter))
}

/// A value without its quotes, or without the comment after it.
fn bare_value(value: Word<'_>) -> Word<'_> {
    if let Some(quote) = value.text.chars().next().filter(|letter| matches!(letter, '"' | '\'')) {
        let inner = value.from(1);
        return inner.until(closing(inner.text, quote).unwrap_or(inner.text.len()));
    }
    if value.text.starts_with('#') {
        return value.until(0);
    }
    let value = value.until(value.text.find(" #").unwrap_or(value.text.len())).trimmed();
    value.until(value.text.trim_end_matches(',').len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_within_yaml_is_no_setting() {
        let text = "a: |\n  B: one\n\n  C: two\nD: three\nlist:\n  - |\n    E=four\n  - F=five\n  - g: >-\n      H: six\n    I: seven\n\
                    J: &x |2\n  K: eight\nL: a > b\n";
        let settings: Vec<&str> = lines(text).iter().filter(|line| !line.is_quoted).map(|line| line.key.text).collect();
        assert_eq!(settings, ["a", "D", "F", "g", "I", "J", "L"]);
    }

    #[test]
    fn an_environment_of_variables_is_told_from_other_yaml() {
        for (text, expected) in [
            ("x:\n  environment:\n    - SMTP_HOST=a\n", true),
            ("env:\n  SMTP_HOST: a\n", true),
            ("spec:\n  env:\n    - name: SMTP_HOST\n      value: a\n", true),
            ("example:\n  SMTP_HOST: a\n", false),
            ("environment: production\n", false),
            ("text: |\n  environment:\n    SMTP_HOST: a\n", false),
        ] {
            assert_eq!(is_of_containers(text), expected, "{text}");
        }
    }

    #[test]
    fn a_mapping_in_braces_has_its_keys_below_that_of_its_line() {
        let text = "mail:\n  smtp: { host: h.x, port: 587, auth: {user: \"a b\"} } # no\n  x: {{ no: 1 }}\n";
        let found = lines(text);
        let told = |line: &Line| {
            let below: Vec<&str> = line.below.iter().map(|key| key.text).collect();
            format!("{}/{}={}", below.join("/"), line.key.text, line.value.text)
        };
        let told: Vec<String> = found.iter().map(told).collect();
        let expected = ["mail/smtp/host=h.x", "mail/smtp/port=587", "mail/smtp/auth/user=a b"];
        assert_eq!(told[..3], expected);
        let braced = told.iter().filter(|it| !it.contains('{'));
        assert_eq!(braced.collect::<Vec<_>>(), expected);
        assert!(found.iter().all(|line| text[line.value.at()] == *line.value.text));
    }

    #[test]
    fn one_line_may_set_several() {
        for text in [
            "FROM x\nENV A=one B=\"two\" \\\n    C='th ree'\nRUN d=four\n",
            "[Service]\nEnvironment=\"A=one\" 'B=two'\nEnvironment=\"C=th ree\"\n",
        ] {
            let found = lines(text);
            let set: Vec<_> = found.iter().map(|line| (line.key.text, line.value.text)).collect();
            assert_eq!(set[..3], [("A", "one"), ("B", "two"), ("C", "th ree")], "{text}");
            assert!(found.iter().all(|line| text[line.value.at()] == *line.value.text));
        }
    }

    #[test]
    fn every_manner_of_writing_has_a_key_and_a_value() {
        let text = "export A_B=one # no\n#C=no\nD = 'two # yes'\ne:\n  - F=three\n  - \"G=fo ur\"\n  H: \"five\"\n  \"I\": \"six\",\n\
                    http://no\n- name: K\n  value: seven\n- name: no\nJ=\n";
        let found: Vec<(&str, &str, usize)> =
            lines(text).iter().map(|line| (line.key.text, line.value.text, line.below.len())).collect();
        let expected = [
            ("A_B", "one", 0),
            ("D", "two # yes", 0),
            ("F", "three", 1),
            ("G", "fo ur", 1),
            ("H", "five", 1),
            ("I", "six", 1),
            ("name", "K", 0),
            ("K", "seven", 0),
            ("name", "no", 0),
        ];
        assert_eq!(found, expected);
        assert!(lines(text).iter().all(|line| text[line.value.at()] == *line.value.text));
    }
}
