//! Keeps the quotes in our sentences apart from our own words until the report is finished: a quote is masked before it
//! is shortened, so that half a name is never left at the cut, and every report is cut at the same place.
//!
//! The marks around a quote are noncharacters, which the Unicode standard (section 23.7) reserves for use inside
//! programs.

/// Marks a text in which any word may be a name.
const NAME: char = '\u{fdd0}';
/// Marks a line in which any word may be a name.
const SAID: char = '\u{fdd1}';
/// Marks any other line.
const LINE: char = '\u{fdd2}';
const END: char = '\u{fdd3}';
/// Comes before the character that replaces one of these marks within a quote.
const ESCAPE: char = '\u{fdd4}';
const STAND_INS: [(char, char); 5] = [(NAME, '0'), (SAID, '1'), (LINE, '2'), (END, '3'), (ESCAPE, '4')];

/// How many characters of a line a sentence shows.
const LONGEST: usize = 120;

/// Quotes a login name, or another text of ours that may contain one; it is not shortened.
pub(crate) fn name(text: &str) -> String {
    quoted(NAME, text)
}

/// Quotes a line that was said during a sign-in or about it.
pub(crate) fn said(text: &str) -> String {
    quoted(SAID, text)
}

/// Quotes any other line of a server.
pub(crate) fn line(text: &str) -> String {
    quoted(LINE, text)
}

/// The part of a line that a sentence shows.
pub(crate) fn shortened(text: &str) -> String {
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// The sentence as a person reads it.
pub(crate) fn finished(sentence: &str) -> String {
    each(sentence, |kind, text| match kind {
        None | Some(NAME) => text.to_owned(),
        Some(_) => shortened(text),
    })
}

/// The sentence with each of its parts masked, the quotes still marked; `mask` gets whether any word of the part may be
/// a name. A part that is masked as a whole does not affect the other parts.
pub(crate) fn masked(sentence: &str, mut mask: impl FnMut(&str, bool) -> String) -> String {
    each(sentence, |kind, text| match kind {
        None => mask(text, false),
        Some(kind) => quoted(kind, &mask(text, kind != LINE)),
    })
}

/// Marks within a quote are written as two characters, so that a name that contains one does not change.
fn quoted(kind: char, text: &str) -> String {
    let mut quote = String::with_capacity(text.len() + 6);
    quote.push(kind);
    for character in text.chars() {
        match STAND_INS.iter().find(|(sign, _)| *sign == character) {
            Some((_, letter)) => quote.extend([ESCAPE, *letter]),
            None => quote.push(character),
        }
    }
    quote.push(END);
    quote
}

/// The text that a quote was made from.
fn unquoted(quote: &str) -> String {
    let mut text = String::with_capacity(quote.len());
    let mut characters = quote.chars();
    while let Some(character) = characters.next() {
        let escaped = if character == ESCAPE { characters.next() } else { None };
        let sign = escaped.and_then(|escaped| STAND_INS.iter().find(|(_, letter)| *letter == escaped));
        match sign {
            Some((sign, _)) => text.push(*sign),
            None => text.extend(std::iter::once(character).chain(escaped)),
        }
    }
    text
}

/// Replaces each quote, and the texts around the quotes. A mark that belongs to no quote came from outside and stays.
fn each(sentence: &str, mut put: impl FnMut(Option<char>, &str) -> String) -> String {
    let mut shown = String::with_capacity(sentence.len());
    let (mut told, mut from) = (0, 0);
    while let Some(end) = sentence[from..].find(END).map(|at| from + at) {
        from = end + END.len_utf8();
        if let Some(start) = sentence[told..end].rfind([NAME, SAID, LINE]).map(|at| told + at) {
            let mut quote = sentence[start..end].chars();
            let kind = quote.next();
            shown.push_str(&put(None, &sentence[told..start]));
            shown.push_str(&put(kind, &unquoted(quote.as_str())));
            told = from;
        }
    }
    shown + &put(None, &sentence[told..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quote_is_masked_whole_and_shortened_after_that() {
        let long = format!("for {} anna", "x".repeat(111));
        let sentence = format!("it let \"{}\" in: {}; {}", name("anna"), said(&long), line("anna"));
        let masked =
            masked(&sentence, |text, may_name| if may_name { text.replace("anna", "a…") } else { text.to_owned() });
        assert_eq!(
            finished(&masked),
            format!("it let \"a…\" in: for {} a…; anna", "x".repeat(111)),
            "a cut before the masking would leave a part of the name"
        );
        assert_eq!(finished(&line(&"y".repeat(121))), format!("{}…", "y".repeat(120)));
    }

    #[test]
    fn what_came_from_outside_neither_opens_nor_closes_a_quote() {
        for outside in ["\u{fdd3} anna", "\u{fdd2} anna", "\u{fdd3}\u{fdd2}anna\u{fdd0}", "\u{fdd4}0\u{fdd4}"] {
            let mut heard = Vec::new();
            let shown = masked(&format!("{outside} {}", said(outside)), |text, may_name| {
                heard.extend(may_name.then(|| text.to_owned()));
                text.to_owned()
            });
            assert_eq!(heard, [outside], "what may be a name is heard as it is");
            assert!(finished(&shown).ends_with(&format!(" {outside}")), "{shown:?}");
        }
        assert_eq!(finished("a\u{fdd3}b\u{fdd0}c"), "a\u{fdd3}b\u{fdd0}c");
    }
}
