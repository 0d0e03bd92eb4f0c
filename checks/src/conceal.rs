//! Takes secrets and identities out of text that came from outside, in whatever dress they come back.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use zeroize::Zeroizing;

use crate::password::Password;
use crate::secret::{HIDDEN, Secret};

/// What has to be replaced, and by what.
#[derive(Default)]
pub struct Concealer {
    rules: Vec<Rule>,
}

struct Rule {
    needle: Zeroizing<String>,
    replacement: String,
    whole_words: bool,
}

/// A shorter text than this occurs by chance: replacing it would spoil the report and tell what it is.
const SHORTEST: usize = 4;

impl Concealer {
    /// Conceals a password, as it was given and as it was used.
    #[must_use]
    pub fn password(mut self, password: &Password) -> Self {
        for secret in std::iter::once(&password.secret).chain(&password.as_given) {
            self.add_secret(secret);
        }
        let without_dashes = password.secret.without(|character| character == '-');
        self.add_secret(&without_dashes);
        self
    }

    /// Replaces an identity wherever it stands as a word of its own.
    #[must_use]
    pub fn identity(mut self, text: &str, replacement: &str) -> Self {
        if !text.is_empty() && text != replacement {
            let needle = Zeroizing::new(text.to_lowercase());
            self.rules.push(Rule { needle, replacement: replacement.to_owned(), whole_words: true });
        }
        self
    }

    /// A server, or somebody in its place, can send back what it was given in any encoding that it likes; these are
    /// the ones that mail, the web and hex dumps use.
    fn add_secret(&mut self, secret: &Secret) {
        let text = secret.expose();
        if text.len() < SHORTEST {
            return;
        }
        let bytes = text.as_bytes();
        let mut needles = vec![Zeroizing::new(text.to_lowercase())];
        let each =
            |show: &dyn Fn(u8) -> String| Zeroizing::new(bytes.iter().map(|byte| show(*byte)).collect::<String>());
        needles.push(each(&|byte| format!("{byte:02x}")));
        needles.push(each(&|byte| format!("{byte:02x} ")));
        for mark in ['=', '%'] {
            needles.push(each(&|byte| format!("{mark}{byte:02x}")));
            needles.push(each(&|byte| match byte {
                b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' | b'-' | b'_' | b'.' | b'~' => char::from(byte).to_string(),
                other => format!("{mark}{other:02x}"),
            }));
        }
        // UTF-16 that was read as bytes, either end first, with its zero bytes as they are or made visible.
        for zero in ["\0", "\\x00", "\\0", "\u{fffd}"] {
            needles.push(each(&|byte| format!("{}{zero}", char::from(byte))));
        }
        for offset in 0..3 {
            needles.push(base64_core(bytes, offset));
        }
        for needle in needles {
            let needle = Zeroizing::new(needle.trim_end().to_lowercase());
            if needle.len() >= SHORTEST && !self.rules.iter().any(|rule| rule.needle == needle) {
                self.rules.push(Rule { needle, replacement: HIDDEN.to_owned(), whole_words: false });
            }
        }
        // The longest first, so that no rule leaves a rest of what another would have taken whole.
        self.rules.sort_by_key(|rule| std::cmp::Reverse(rule.needle.len()));
    }

    /// The text without what has to be replaced. Letters are compared without their case.
    pub fn text(&self, text: &str) -> String {
        self.rules.iter().fold(text.to_owned(), |text, rule| rule.apply(&text))
    }

    /// Anything that can be written, with every text in it concealed.
    pub fn all<T: Serialize + DeserializeOwned>(&self, data: &T) -> Result<T, serde_json::Error> {
        let mut value = serde_json::to_value(data)?;
        self.value(&mut value);
        serde_json::from_value(value)
    }

    fn value(&self, value: &mut Value) {
        match value {
            Value::String(text) => *text = self.text(text),
            Value::Array(items) => items.iter_mut().for_each(|item| self.value(item)),
            Value::Object(fields) => fields.values_mut().for_each(|field| self.value(field)),
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }
}

impl Rule {
    fn apply(&self, text: &str) -> String {
        // Only ASCII is folded, so that every position means the same in both texts.
        let folded = text.to_ascii_lowercase();
        let needle = self.needle.to_ascii_lowercase();
        let mut out = String::with_capacity(text.len());
        let mut done = 0;
        while let Some(at) = folded[done..].find(&needle).map(|at| at + done) {
            let end = at + needle.len();
            let is_word = |side: Option<char>| side.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == '-');
            let inside = self.whole_words
                && (is_word(folded[..at].chars().next_back()) || is_word(folded[end..].chars().next()));
            out.push_str(&text[done..at]);
            out.push_str(if inside { &text[at..end] } else { &self.replacement });
            done = end;
        }
        out.push_str(&text[done..]);
        out
    }
}

/// The characters of a base64 text that the secret alone decides, when so many other bytes stand before it.
fn base64_core(secret: &[u8], offset: usize) -> Zeroizing<String> {
    let mut padded = Zeroizing::new(vec![0; offset]);
    padded.extend_from_slice(secret);
    let encoded = Zeroizing::new(STANDARD_NO_PAD.encode(&padded));
    let first = (offset * 8).div_ceil(6);
    let last = (padded.len() * 8) / 6;
    Zeroizing::new(encoded.get(first..last).unwrap_or_default().to_owned())
}

#[cfg(test)]
mod tests {
    use base64::engine::general_purpose::STANDARD;

    use super::*;

    fn concealer() -> Concealer {
        Concealer::default().password(&Password::new(Secret::new("abcd-efgh-ijkl-mnop".to_owned())))
    }

    #[test]
    fn a_secret_is_hidden_in_every_dress() {
        let secret = "abcd-efgh-ijkl-mnop";
        let hexadecimal = secret.bytes().fold(String::new(), |text, byte| format!("{text}{byte:02X}"));
        let utf16: String = secret.chars().flat_map(|c| [c, '\0']).collect();
        let mut dresses = vec![secret.to_uppercase(), hexadecimal, utf16, "abcdefghijklmnop".to_owned()];
        for before in ["", "x", "xy", "\0you\0"] {
            dresses.push(STANDARD.encode(format!("{before}{secret}")));
            dresses.push(STANDARD.encode(format!("{before}{secret} and more")));
        }
        for dress in dresses {
            let shown = concealer().text(&format!("535 you said {dress} and failed"));
            assert!(shown.contains(HIDDEN), "{shown}");
            assert!(shown.len() < 60, "a rest of the secret is left: {shown}");
        }
    }

    #[test]
    fn an_identity_is_replaced_as_a_whole_word_only() {
        let concealer = Concealer::default().identity("sam", "s…");
        assert_eq!(
            concealer.text("OK user sam authenticated, same as Sam@x"),
            "OK user s… authenticated, same as s…@x"
        );
    }
}
