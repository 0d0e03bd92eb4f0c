//! The settings of programs that are written in Python: configparser's sections, and the literals of the language.

use super::lines::{Word, bare, closing};

/// `[name]` and what is said below it.
#[derive(Debug, Default)]
pub(crate) struct Section<'t> {
    pub(crate) name: &'t str,
    pub(crate) entries: Vec<Entry<'t>>,
}

/// A key, in small letters, and its value, which may go on over lines that are further in.
#[derive(Debug)]
pub(crate) struct Entry<'t> {
    pub(crate) key: String,
    pub(crate) value: Word<'t>,
    /// Where its line begins.
    pub(crate) line: usize,
}

impl<'t> Section<'t> {
    /// The last that is said of a key counts.
    pub(crate) fn find(&self, key: &str) -> Option<&Entry<'t>> {
        self.entries.iter().rfind(|entry| entry.key == key)
    }
}

/// The sections of a file, as Python's documentation of configparser has them.
pub(crate) fn sections(text: &str) -> Vec<Section<'_>> {
    let mut sections: Vec<Section> = Vec::new();
    let mut key_indent = None;
    for (start, line) in bare(text) {
        let word = Word { text: line, start }.trimmed();
        if word.text.is_empty() || word.text.starts_with(['#', ';']) {
            continue;
        }
        let indent = word.start - start;
        let current = sections.last_mut();
        if let (Some(entry), true) = (
            current.and_then(|section| section.entries.last_mut()),
            key_indent.is_some_and(|key_indent| indent > key_indent),
        ) {
            let from = entry.value.start;
            entry.value.text = text.get(from..word.at().end).unwrap_or(entry.value.text);
        } else if let Some(name) = word.text.strip_prefix('[') {
            let name = name.split(']').next().unwrap_or_default();
            sections.push(Section { name, entries: Vec::new() });
            key_indent = None;
        } else if let (Some(section), Some(end)) = (sections.last_mut(), word.text.find(['=', ':'])) {
            let key = word.until(end).text.trim().to_lowercase();
            section.entries.push(Entry { key, value: word.from(end + 1).trimmed(), line: start });
            key_indent = Some(indent);
        }
    }
    sections
}

/// The strings that are written out in an expression, without their quotes.
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
        let sections = sections(text);
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
