//! The settings of programs that are written in Python: configparser's sections, and string literals. GNOME's key files
//! have the same sections.

use std::collections::HashMap;

use super::lines::{Word, bare, closing};
use super::secrets::Secrets;

/// `[name]` and the entries below it.
#[derive(Debug, Default)]
pub(crate) struct Section<'t> {
    pub(crate) name: &'t str,
    /// By their keys, in lower case; the last entry with a key counts.
    entries: HashMap<String, Entry<'t>>,
}

/// A value, which may continue on indented lines.
#[derive(Debug)]
pub(crate) struct Entry<'t> {
    pub(crate) value: Word<'t>,
    /// Where its line begins.
    pub(crate) line: usize,
}

impl<'t> Section<'t> {
    pub(crate) fn find(&self, key: &str) -> Option<&Entry<'t>> {
        self.entries.get(key)
    }
}

/// The sections of a file, as Python's documentation of configparser describes them.
pub(crate) fn sections(text: &str) -> (Vec<Section<'_>>, Secrets) {
    let (mut sections, mut secrets) = (Vec::<Section>::new(), Secrets::default());
    // The current entry, and its indentation.
    let mut open: Option<(String, Entry, usize)> = None;
    for (start, line) in bare(text) {
        let word = Word { text: line, start }.trimmed();
        if word.text.is_empty() || word.text.starts_with(['#', ';']) {
            continue;
        }
        let indent = word.start - start;
        if let Some((_, entry, _)) = open.as_mut().filter(|(_, _, key_indent)| indent > *key_indent) {
            let from = entry.value.start;
            entry.value.text = text.get(from..word.at().end).unwrap_or(entry.value.text);
            continue;
        }
        if let Some(name) = word.text.strip_prefix('[') {
            close(open.take(), sections.last_mut(), &mut secrets);
            sections.push(Section { name: name.split(']').next().unwrap_or_default(), ..Section::default() });
        } else if let Some(end) = word.text.find(['=', ':']) {
            close(open.take(), sections.last_mut(), &mut secrets);
            let key = word.until(end).text.trim().to_lowercase();
            open = Some((key, Entry { value: word.from(end + 1).trimmed(), line: start }, indent));
        }
    }
    close(open, sections.last_mut(), &mut secrets);
    (sections, secrets)
}

/// Keeps an entry that has ended.
fn close<'t>(open: Option<(String, Entry<'t>, usize)>, section: Option<&mut Section<'t>>, secrets: &mut Secrets) {
    let Some((key, entry, _)) = open else { return };
    if secrets.note(&key, entry.value) {
        for literal in literals(entry.value) {
            secrets.note(&key, literal);
        }
    }
    secrets.note_url(entry.value);
    if let Some(section) = section {
        section.entries.insert(key, entry);
    }
}

/// The string literals in an expression, without their quotes.
pub(crate) fn literals(expression: Word<'_>) -> Vec<Word<'_>> {
    let mut found = Vec::new();
    let mut rest = expression;
    while let Some(begin) = rest.text.find(['"', '\'', '#']) {
        rest = rest.from(begin);
        if rest.text.starts_with('#') {
            rest = rest.from(rest.text.find('\n').unwrap_or(rest.text.len()));
            continue;
        }
        let quote = if rest.text.starts_with('"') { '"' } else { '\'' };
        let thrice = if quote == '"' { "\"\"\"" } else { "'''" };
        let width = if rest.text.starts_with(thrice) { 3 } else { 1 };
        let inner = rest.from(width);
        let end = if width == 3 { inner.text.find(thrice) } else { closing(inner.text, quote) };
        let Some(end) = end else { break };
        found.push(inner.until(end));
        rest = inner.from(end + width);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sections_have_keys_and_values_that_go_on() {
        let text = "[a b]\n# no\nKey: one\nmany = (\"x\",\n    # no\n    'y')\n\n[c]\n  in = deep\n  next=1\n";
        let (sections, _) = sections(text);
        assert_eq!(sections.iter().map(|section| section.name).collect::<Vec<_>>(), ["a b", "c"]);
        assert_eq!(sections[0].find("key").unwrap().value.text, "one");
        let many = sections[0].find("many").unwrap().value;
        assert_eq!(&text[many.at()], many.text);
        assert_eq!(literals(many).iter().map(|literal| literal.text).collect::<Vec<_>>(), ["x", "y"]);
        assert_eq!(sections[1].find("next").unwrap().value.text, "1");
    }

    #[test]
    fn literals_end_with_their_own_quotes() {
        let found = |text| literals(Word { text, start: 0 }).iter().map(|word| word.text).collect::<Vec<_>>();
        assert_eq!(found(r#"f(r""" a "b" """, 'it\'s', "x")"#), [r#" a "b" "#, r"it\'s", "x"]);
        assert_eq!(found("'open"), Vec::<&str>::new());
    }
}
