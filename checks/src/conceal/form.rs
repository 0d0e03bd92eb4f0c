//! The normal form in which texts are compared: letters and digits alone, without case, accents and width.

use std::sync::{LazyLock, OnceLock};

use icu_normalizer::DecomposingNormalizerBorrowed;

const NFKD: DecomposingNormalizerBorrowed<'static> = DecomposingNormalizerBorrowed::new_nfkd();

/// Which characters of a text are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// Letters and digits.
    Letters,
    /// Everything that can be seen, for a password of signs.
    Visible,
}

impl Form {
    /// Passes on a character in this form: nothing, itself, or several (`ß` is `ss`).
    pub(super) fn fold(self, character: char, mut each: impl FnMut(char)) {
        if character.is_ascii() {
            let is_kept = match self {
                Self::Letters => character.is_ascii_alphanumeric(),
                Self::Visible => character.is_ascii_graphic(),
            };
            if is_kept {
                each(character.to_ascii_lowercase());
            }
            return;
        }
        match character {
            '\u{80}'..='\u{7ff}' => self.of_two_bytes(character).iter().copied().for_each(each),
            _ => self.folded(character).for_each(each),
        }
    }

    /// A character that is two bytes in UTF-8, in this form: as such is read most of what decodes to no text.
    fn of_two_bytes(self, character: char) -> &'static [char] {
        type Folded = OnceLock<Box<[char]>>;
        static FOLDED: LazyLock<[Vec<Folded>; 2]> = LazyLock::new(|| [(); 2].map(|()| vec![OnceLock::new(); 0x780]));
        let place = &FOLDED[self as usize][character as usize - 0x80];
        place.get_or_init(|| self.folded(character).collect())
    }

    fn folded(self, character: char) -> impl Iterator<Item = char> {
        // Decomposed, so that accents are separate characters and are dropped, as servers drop them.
        let parts = NFKD.normalize_iter(std::iter::once(character)).filter(move |part| self.keeps(*part));
        let folded = parts.flat_map(|part| part.to_uppercase().flat_map(char::to_lowercase));
        folded.filter(move |folded| self.keeps(*folded))
    }

    /// A whole text in this form.
    pub(super) fn of(self, text: &str) -> Vec<char> {
        // Large enough for the whole text, so that growing leaves no copy of a secret behind.
        let mut folded = Vec::with_capacity(text.len() * 4);
        text.chars().for_each(|character| self.fold(character, |part| folded.push(part)));
        folded
    }

    fn keeps(self, character: char) -> bool {
        match self {
            Self::Letters => character.is_alphanumeric() && !is_blank_letter(character),
            Self::Visible => {
                let is_accent = matches!(character, '\u{300}'..='\u{36f}');
                let is_blank = character.is_whitespace() || character.is_control() || is_blank_letter(character);
                !is_accent && !is_blank && !is_format(character)
            }
        }
    }
}

/// Characters without a glyph: they separate words, join them, or set the reading direction.
fn is_format(character: char) -> bool {
    matches!(
        character,
        '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}'
    )
}

/// Characters without a glyph by name (`Default_Ignorable_Code_Point`).
fn is_blank_letter(character: char) -> bool {
    matches!(character, '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{3164}' | '\u{ffa0}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_the_same_in_every_case_width_and_spelling() {
        let form = |text| Form::Letters.of(text).into_iter().collect::<String>();
        for (one, other) in [
            ("GEHEIMÄÖÜwort9", "geheimäöüWORT9"),
            ("ÉCLAIR-9", "e\u{301}clair9"),
            ("Straße", "STRASSE"),
            ("ｑｋｗｅ", "q\u{200b}k w-e"),
            ("ПАРОЛЬ", "пароль"),
            ("ΣΊΣΥΦΟΣ", "σίσυφος"),
            ("𝐪𝐤²ﬁ", "qk2FI"),
            ("a\u{3164}b", "ab"),
        ] {
            assert_eq!(form(one), form(other));
        }
        assert_eq!(
            Form::Visible.of("$ a\u{a0}!\u{200b}\u{ad}\u{202e}\u{2060}\u{2066}").into_iter().collect::<String>(),
            "$a!"
        );
    }
}
