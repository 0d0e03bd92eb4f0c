//! What a sentence of ours quotes, kept apart from our own words until the report is finished: a quote is masked whole
//! and shortened after that, so that no half of a name is left at the cut, and the cut is where a saved report has it.
//!
//! The signs around a quote are noncharacters, which the Unicode standard (section 23.7) keeps for the inside of programs.

/// A text in which any word may be a name.
const NAME: char = '\u{fdd0}';
/// A line of the same kind.
const SAID: char = '\u{fdd1}';
/// Any other line.
const LINE: char = '\u{fdd2}';
const END: char = '\u{fdd3}';

/// As many characters of a line as a sentence can carry.
const LONGEST: usize = 120;

/// A login name, or another text of ours that may hold one; it is not shortened.
pub(crate) fn name(text: &str) -> String {
    quoted(NAME, text)
}

/// A line that was said to sign in, or about it.
pub(crate) fn said(text: &str) -> String {
    quoted(SAID, text)
}

/// Any other line of a server.
pub(crate) fn line(text: &str) -> String {
    quoted(LINE, text)
}

/// As much of a line as a sentence can carry.
pub(crate) fn shortened(text: &str) -> String {
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// The sentence as a person reads it.
pub(crate) fn finished(sentence: &str) -> String {
    each(sentence, |kind, quote| match kind {
        NAME => quote.to_owned(),
        _ => shortened(quote),
    })
}

/// The sentence with every quote that may name somebody changed, still marked.
pub(crate) fn with_names(sentence: &str, mut change: impl FnMut(&str) -> String) -> String {
    each(sentence, |kind, quote| match kind {
        NAME | SAID => quoted(kind, &change(quote)),
        _ => quoted(kind, quote),
    })
}

fn quoted(kind: char, text: &str) -> String {
    let text = text.replace([NAME, SAID, LINE, END], "\u{fffd}");
    format!("{kind}{text}{END}")
}

/// Puts something in the place of each quote. A sign that belongs to no quote came from outside and stays.
fn each(sentence: &str, mut put: impl FnMut(char, &str) -> String) -> String {
    let mut shown = String::with_capacity(sentence.len());
    let mut rest = sentence;
    while let Some(end) = rest.find(END) {
        let (before, after) = rest.split_at(end);
        match before.rfind([NAME, SAID, LINE]) {
            Some(start) => {
                let mut quote = before[start..].chars();
                let kind = quote.next().unwrap_or(LINE);
                shown.push_str(&before[..start]);
                shown.push_str(&put(kind, quote.as_str()));
            }
            None => shown.extend([before, "\u{fdd3}"]),
        }
        rest = &after[END.len_utf8()..];
    }
    shown + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quote_is_masked_whole_and_shortened_after_that() {
        let long = format!("for {} anna", "x".repeat(111));
        let sentence = format!("it let \"{}\" in: {}; {}", name("anna"), said(&long), line("anna"));
        let masked = with_names(&sentence, |quote| quote.replace("anna", "a…"));
        assert_eq!(
            finished(&masked),
            format!("it let \"a…\" in: for {} a…; anna", "x".repeat(111)),
            "a cut before the masking would leave a part of the name"
        );
        assert_eq!(finished(&line(&"y".repeat(121))), format!("{}…", "y".repeat(120)));
    }

    #[test]
    fn what_came_from_outside_neither_opens_nor_closes_a_quote() {
        for outside in ["\u{fdd3} anna", "\u{fdd2} anna", "\u{fdd3}\u{fdd2}anna\u{fdd0}"] {
            let changed = with_names(&format!("{outside} {}", said(&format!("{outside} anna"))), |_| "X".to_owned());
            assert!(changed.ends_with("\u{fdd1}X\u{fdd3}"), "{changed:?}");
        }
        assert_eq!(finished("a\u{fdd3}b\u{fdd0}c"), "a\u{fdd3}b\u{fdd0}c");
    }
}
