//! How the words of a sign are spelled out as regular expressions; the build does it too, to know what each needs.

use std::collections::BTreeMap;

/// What the words of signs may name: conditions, and what each language calls things.
pub(crate) struct Named<'b> {
    pub(crate) conditions: &'b BTreeMap<String, String>,
    pub(crate) languages: &'b BTreeMap<String, BTreeMap<String, String>>,
}

/// The words of a sign: in one or several languages, or the same in each, which names them by what it calls them.
pub(crate) struct Words<'b> {
    pub(crate) own: Vec<&'b str>,
    pub(crate) in_each_language: Option<&'b str>,
}

impl Named<'_> {
    /// The patterns of a sign: of a single language or of each.
    pub(crate) fn patterns(&self, words: &Words<'_>) -> Vec<String> {
        let own = words.own.iter().filter(|own| !own.is_empty()).map(|own| written_out(own, self.conditions));
        let each = words.in_each_language.iter();
        let each = each.flat_map(|words| self.languages.values().map(|language| written_out(words, language)));
        own.chain(each).collect()
    }
}

/// Adds what things are called, in any language, to the conditions: beside a sign that is what counts.
pub(crate) fn with_languages(
    mut conditions: BTreeMap<String, String>,
    languages: &BTreeMap<String, BTreeMap<String, String>>,
) -> BTreeMap<String, String> {
    for (name, words) in languages.values().flatten() {
        let all = conditions.entry(name.clone()).or_default();
        let or = if all.is_empty() { "" } else { "|" };
        all.extend([or, words]);
    }
    conditions
}

/// The words with what they name by `(?&name)` inserted. An unknown name stays, and is not a valid pattern.
pub(crate) fn written_out(words: &str, named: &BTreeMap<String, String>) -> String {
    let mut parts = words.split("(?&");
    let mut whole = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let known = part.split_once(')').and_then(|(name, rest)| Some((named.get(name)?, rest)));
        match known {
            Some((pattern, rest)) => whole.extend(["(?:", pattern.as_str(), ")", rest]),
            None => whole.extend(["(?&", part]),
        }
    }
    whole
}

/// The alternatives of a pattern at its top: itself where it has only one.
pub(crate) fn alternatives(pattern: &str) -> Vec<&str> {
    let (mut depth, mut is_escaped, mut is_class) = (0_usize, false, false);
    let is_end = |character| {
        match (std::mem::take(&mut is_escaped), is_class, character) {
            (true, ..) => {}
            (_, _, '\\') => is_escaped = true,
            (_, true, other) => is_class = other != ']',
            (_, _, '[') => is_class = true,
            (_, _, '(') => depth += 1,
            (_, _, ')') => depth = depth.saturating_sub(1),
            (_, _, '|') => return depth == 0,
            _ => {}
        }
        false
    };
    pattern.split(is_end).collect()
}

/// The words as a regular expression: a space matches any run of spaces and line breaks.
pub(crate) fn pattern(words: &str) -> String {
    let mut pattern = String::with_capacity(words.len() + 16);
    let (mut is_escaped, mut is_class) = (false, false);
    let mut characters = words.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            ' ' if is_class => pattern.push_str(r"\s"),
            ' ' if characters.next_if(|next| matches!(next, '?' | '*')).is_some() => pattern.push_str(r"\s*"),
            ' ' => pattern.push_str(r"\s+"),
            other => pattern.push(other),
        }
        if !is_escaped {
            match character {
                '[' => is_class = true,
                ']' => is_class = false,
                _ => {}
            }
        }
        is_escaped = character == '\\' && !is_escaped;
    }
    pattern
}
