//! Words that switch something on or off, and the opposite of each.

const PAIRS: [(&str, &str); 10] = [
    ("true", "false"),
    ("True", "False"),
    ("TRUE", "FALSE"),
    ("yes", "no"),
    ("Yes", "No"),
    ("YES", "NO"),
    ("on", "off"),
    ("On", "Off"),
    ("ON", "OFF"),
    ("1", "0"),
];

/// What the word means, in upper or lower case; `None` if it is not such a word.
pub(crate) fn switch(word: &str) -> Option<bool> {
    let is = |other: &str| word.eq_ignore_ascii_case(other);
    PAIRS.iter().find(|(on, off)| is(on) || is(off)).map(|(on, _)| is(on))
}

/// The opposite, in the same spelling.
pub(crate) fn turned(word: &str) -> &'static str {
    let is_on = switch(word).unwrap_or_default();
    let known = PAIRS.iter().find(|(on, off)| [on, off].contains(&&word)).unwrap_or(&PAIRS[0]);
    if is_on { known.1 } else { known.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_turned_in_its_own_manner() {
        assert_eq!(["True", "0", "NO", "on", "tRue"].map(turned), ["False", "1", "YES", "off", "false"]);
        assert_eq!(["tRue", "0", "", "ssl"].map(switch), [Some(true), Some(false), None, None]);
    }
}
