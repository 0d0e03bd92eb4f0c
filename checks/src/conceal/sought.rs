//! Searches a stream of normalized characters for six characters of a secret in a row, or for a word.

use zeroize::Zeroizing;

use super::form::Form;

/// This many characters in a row are rarely equal by chance.
pub(super) const NEAR: usize = 6;
/// A shorter secret is not searched for: it would be found in nearly every text, and the gaps would give it away.
pub(super) const SHORTEST: usize = 3;

/// Bits of a character; six of them fit into a window.
const BITS: usize = 21;
const WINDOW: u128 = (1 << (BITS * NEAR)) - 1;

/// Which lines a match lies in.
pub(super) type Found = [bool];

/// One secret in normal form.
pub(super) struct Sought {
    pub(super) form: Form,
    /// Whether plain text is searched too.
    pub(super) in_plain: bool,
    text: Zeroizing<Vec<char>>,
    /// The windows of six characters that give the secret away by themselves, sorted.
    windows: Zeroizing<Vec<u128>>,
    /// All of it, window by window, where none of them gives it away by itself.
    whole: Zeroizing<Vec<u128>>,
    /// The last characters of all windows, as bits: they rule out most of a text quickly.
    ends: Zeroizing<u64>,
    /// Whether it is so short that it counts only as a word of its own.
    pub(super) is_word: bool,
    /// Whether it has letters that other character sets encode in other bytes.
    pub(super) is_beyond_ascii: bool,
}

impl Sought {
    /// Looks for any six characters of a secret in a row that no ordinary text has, and for the whole of it.
    pub(super) fn near(text: &str, is_ordinary: impl Fn(&u128) -> bool) -> Option<Self> {
        let is_beyond_ascii = !text.is_ascii();
        let letters = Zeroizing::new(Form::Letters.of(text));
        let visible = Zeroizing::new(Form::Visible.of(text));
        let (form, text) = if letters.len() < NEAR && visible.len() >= NEAR {
            (Form::Visible, visible)
        } else {
            (Form::Letters, letters)
        };
        let all = Zeroizing::new(windows(&text).collect::<Vec<_>>());
        let mut telling = Zeroizing::new(all.iter().copied().filter(|part| !is_ordinary(part)).collect::<Vec<_>>());
        telling.sort_unstable();
        let whole = if telling.is_empty() { all } else { Zeroizing::default() };
        (text.len() >= SHORTEST).then(|| Self { is_beyond_ascii, ..Self::of(form, true, text, telling, whole) })
    }

    /// Searches for the whole of a text, and only in encodings.
    pub(super) fn dressed(text: &str) -> Option<Self> {
        let text = Zeroizing::new(Form::Letters.of(text));
        let whole = Zeroizing::new(windows(&text).collect::<Vec<_>>());
        (whole.len() > 2).then(|| Self::of(Form::Letters, false, text, Zeroizing::default(), whole))
    }

    fn of(
        form: Form,
        in_plain: bool,
        text: Zeroizing<Vec<char>>,
        windows: Zeroizing<Vec<u128>>,
        whole: Zeroizing<Vec<u128>>,
    ) -> Self {
        let ends = Zeroizing::new(windows.iter().chain(whole.iter()).fold(0, |ends, key| ends | bit(*key)));
        let is_word = text.len() < NEAR;
        Self { form, in_plain, text, windows, whole, ends, is_word, is_beyond_ascii: false }
    }

    /// Whether the comparison cannot tell the two texts apart.
    pub(super) fn is_same(&self, other: &Self) -> bool {
        (self.form, self.in_plain) == (other.form, other.in_plain) && self.text == other.text
    }

    /// Whether it can hardly be an ordinary word.
    pub(super) fn is_rare(&self) -> bool {
        !self.is_word && (self.whole.is_empty() || !self.in_plain)
    }

    /// The fewest characters that an encoding of any searched part can have.
    pub(super) fn least(&self) -> usize {
        // An escape such as `&ffilig;` is longer than the letters that it is read as, and so is base64.
        if self.in_plain { self.text.len().min(NEAR) } else { (self.text.len() * 8).div_ceil(6) }
    }

    /// Whether a text is a part of it.
    pub(super) fn holds(&self, text: &str) -> bool {
        let text = self.form.of(text);
        !text.is_empty() && self.text.windows(text.len()).any(|part| part == text)
    }
}

/// The characters of a window of six.
pub(super) fn windows(text: &[char]) -> impl Iterator<Item = u128> + '_ {
    text.windows(NEAR).map(|window| window.iter().fold(0, |key, character| next(key, *character)))
}

fn bit(key: u128) -> u64 {
    1 << (key & 0x3f)
}

fn next(key: u128, character: char) -> u128 {
    ((key << BITS) | u128::from(u32::from(character))) & WINDOW
}

/// A stream of characters that is searched as it passes.
pub(super) struct Search<'s> {
    sought: &'s Sought,
    key: u128,
    /// The lines that the last characters began in, the newest at `at`.
    lines: [usize; NEAR],
    at: usize,
    count: usize,
    /// How many windows of the whole have passed, and the line in which it began.
    progress: (usize, usize),
}

impl<'s> Search<'s> {
    pub(super) fn of(sought: &'s Sought) -> Self {
        Self { sought, key: 0, lines: [0; NEAR], at: 0, count: 0, progress: (0, 0) }
    }

    /// A character of a text, which is in the lines from `from` to `to`.
    pub(super) fn hear(&mut self, character: char, from: usize, to: usize, found: &mut Found) {
        // As nearly all of them are.
        if character.is_ascii_alphanumeric() && self.sought.form == Form::Letters {
            return self.push(character.to_ascii_lowercase(), from, to, found);
        }
        let mut is_heard = false;
        self.sought.form.fold(character, |folded| {
            is_heard = true;
            self.push(folded, from, to, found);
        });
        if !is_heard && self.sought.is_word {
            self.word_ends(to, found);
        }
    }

    /// The next character does not follow the ones before it.
    pub(super) fn forget(&mut self) {
        (self.key, self.count, self.progress) = (0, 0, (0, 0));
    }

    fn push(&mut self, character: char, from: usize, to: usize, found: &mut Found) {
        self.key = next(self.key, character);
        self.at = (self.at + 1) % NEAR;
        self.lines[self.at] = from;
        self.count += 1;
        if self.sought.is_word || self.count < NEAR {
            return;
        }
        if bit(self.key) & *self.sought.ends == 0 {
            self.progress = (0, 0);
            return;
        }
        let oldest = self.lines[(self.at + 1) % NEAR];
        if self.sought.windows.binary_search(&self.key).is_ok() {
            found[oldest..=to].fill(true);
        }
        let whole = &self.sought.whole;
        if let Some(first) = whole.first() {
            let (done, began) = self.progress;
            self.progress = match whole.get(done) {
                Some(wanted) if *wanted == self.key && done > 0 => (done + 1, began),
                _ if *first == self.key => (1, oldest),
                _ => (0, 0),
            };
            if self.progress.0 == whole.len() {
                found[self.progress.1..=to].fill(true);
                self.progress = (0, 0);
            }
        }
    }

    /// A word ends here, which may be the whole secret.
    pub(super) fn word_ends(&mut self, to: usize, found: &mut Found) {
        let text = &self.sought.text;
        if self.sought.is_word && self.count == text.len() {
            let key = text.iter().fold(0, |key, character| next(key, *character));
            if key == self.key {
                found[self.lines[(self.at + NEAR + 1 - self.count) % NEAR]..=to].fill(true);
            }
        }
        if self.sought.is_word {
            self.forget();
        }
    }
}
