//! Removes what was copied together with an address, and reports it.

use super::address;
use super::domain::Domain;
use crate::aside;
use crate::privacy::mask;

/// What may be around an address, and which characters that is made of.
type Layer = (&'static str, fn(char) -> bool);

const LAYERS: [Layer; 4] = [
    ("spaces", |letter| letter.is_whitespace() || is_invisible(letter)),
    ("punctuation", |letter| ",;:.，；：。、".contains(letter)),
    ("quotation marks", |letter| "\"'`“”„‟‘’‚‛«»‹›".contains(letter)),
    ("brackets", |letter| "<>()[]＜＞".contains(letter)),
];

/// Removes what was copied along, and says so on standard error. The address is shown only where it is at a known
/// provider's domain, because anything else may be a password that was typed in the wrong place.
pub(crate) fn tidy(text: &mut String, what: &str) {
    let (bare, around) = bare(text);
    let Some((last, others)) = around.split_last() else { return };
    let around = if others.is_empty() { (*last).to_owned() } else { format!("{} and {last}", others.join(", the ")) };
    let shown = match address(bare, what).is_ok() && Domain::of(bare) != Domain::Other {
        true if aside::is_seen() => bare.to_owned(),
        // Other people read logs.
        true => mask(bare),
        false => what.to_owned(),
    };
    aside::say(format!("{shown} is used, without the {around} around it"));
    *text = bare.to_owned();
}

/// The text without what is around it, and the names of what was removed.
fn bare(text: &str) -> (&str, Vec<&'static str>) {
    let (mut bare, mut around) = (text, Vec::new());
    while let Some((rest, what)) = peeled(bare) {
        bare = rest;
        if !around.contains(&what) {
            around.push(what);
        }
    }
    (bare, around)
}

/// The text without one layer of what is around it.
fn peeled(text: &str) -> Option<(&str, &'static str)> {
    named(text).or_else(|| linked(text)).or_else(|| {
        LAYERS.iter().find_map(|(what, is_part)| {
            let rest = text.trim_matches(is_part);
            (rest.len() < text.len()).then_some((rest, *what))
        })
    })
}

/// RFC 5322, section 3.4: `Lisa <lisa@icloud.com>`. The brackets are removed as a layer of their own.
fn named(text: &str) -> Option<(&str, &'static str)> {
    let (name, rest) = text.split_once('<')?;
    let (inside, after) = rest.split_once('>')?;
    let is_one = inside.contains('@') && !after.contains(char::is_alphanumeric) && name.contains(char::is_alphanumeric);
    is_one.then(|| (&text[name.len()..], "name"))
}

/// RFC 6068: `mailto:lisa@icloud.com?subject=hello`.
fn linked(text: &str) -> Option<(&str, &'static str)> {
    let scheme = text.get(.."mailto:".len()).filter(|scheme| scheme.eq_ignore_ascii_case("mailto:"))?;
    text[scheme.len()..].split('?').next().map(|rest| (rest, "mailto:"))
}

fn is_invisible(letter: char) -> bool {
    // Apple's Contacts puts direction marks around what it copies.
    matches!(letter, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_comes_along_with_an_address_is_taken_off() {
        for (pasted, around) in [
            ("lisa@icloud.com", vec![]),
            ("<lisa@icloud.com>", vec!["brackets"]),
            ("lisa@icloud.com>", vec!["brackets"]),
            ("lisa@icloud.com,", vec!["punctuation"]),
            (" lisa@icloud.com\t", vec!["spaces"]),
            ("\u{a0}lisa@icloud.com\u{202f}", vec!["spaces"]),
            ("\u{202a}lisa@icloud.com\u{202c}", vec!["spaces"]),
            ("\"lisa@icloud.com\"", vec!["quotation marks"]),
            ("„lisa@icloud.com“;", vec!["punctuation", "quotation marks"]),
            ("mailto:lisa@icloud.com", vec!["mailto:"]),
            ("<MAILTO:lisa@icloud.com?subject=hello>", vec!["brackets", "mailto:"]),
            ("Lisa <lisa@icloud.com>", vec!["name", "brackets"]),
            ("\"Lisa, too\" <lisa@icloud.com>,", vec!["name", "punctuation", "brackets"]),
            ("(lisa@icloud.com).", vec!["punctuation", "brackets"]),
        ] {
            assert_eq!(bare(pasted), ("lisa@icloud.com", around), "{pasted:?}");
        }
    }

    #[test]
    fn what_belongs_to_an_address_stays() {
        for whole in
            ["o'brien@shop.example", "a.b+c@me.com", "{x}@shop.example", "shop\\you", "you", "ä@bücher.example"]
        {
            assert_eq!(bare(whole), (whole, vec![]));
        }
    }

    #[test]
    fn two_addresses_are_not_made_one() {
        let (bare, _) = bare("a <a@icloud.com>, b <b@icloud.com>");
        assert!(address(bare, "it").is_err(), "{bare}");
    }
}
