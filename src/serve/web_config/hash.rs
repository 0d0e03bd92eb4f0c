//! The hash of a password by bcrypt.

use zeroize::Zeroizing;

/// What every hash begins with, by the program that made it; they mean the same today.
const KINDS: [&str; 4] = ["$2a$", "$2b$", "$2x$", "$2y$"];
/// A hash is that, two digits, `$`, and 53 characters.
const LENGTH: usize = 60;

/// A hash. It is not shown.
#[derive(Clone, PartialEq, Eq)]
pub(in super::super) struct Hash(String);

impl Hash {
    /// That of a text; `None` where it is not one.
    pub(super) fn of(text: &str) -> Option<Self> {
        let cost = text.get(4..6).and_then(|cost| cost.parse::<u32>().ok());
        let is_one = KINDS.iter().any(|kind| text.starts_with(kind))
            && text.len() == LENGTH
            && text.get(6..7) == Some("$")
            && cost.is_some_and(|cost| (4..=31).contains(&cost))
            && text[7..].bytes().all(|byte| byte.is_ascii_alphanumeric() || b"./".contains(&byte));
        is_one.then(|| Self(text.to_owned()))
    }

    /// One that takes as long as this one, and that no password has.
    pub(in super::super) fn of_nobody(&self) -> Self {
        Self(format!("{}{}", &self.0[..7], ".".repeat(LENGTH - 7)))
    }

    /// Whether it is that of this password. It takes a long time, on purpose.
    pub(in super::super) fn is_of(&self, password: &Zeroizing<Vec<u8>>) -> bool {
        bcrypt::verify(password.as_slice(), &self.0).unwrap_or(false)
    }

    pub(in super::super) fn text(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test says what went wrong by failing")]
mod tests {
    use super::*;

    fn password(text: &str) -> Zeroizing<Vec<u8>> {
        Zeroizing::new(text.as_bytes().to_vec())
    }

    #[test]
    fn a_hash_is_of_its_password_alone() {
        // Of "U*U", from the vectors of crypt_blowfish.
        let hash = Hash::of("$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW").unwrap();
        assert!(hash.is_of(&password("U*U")) && !hash.is_of(&password("U*V")) && !hash.is_of(&password("")));
        assert!(!hash.of_nobody().is_of(&password("U*U")));
        assert!(Hash::of(&hash.of_nobody().0).is_some());
    }

    #[test]
    fn what_is_no_hash_is_not_taken_for_one() {
        for text in ["", "secret", "$2y$10$short", "$1$10$X0h1gDsPszWURQaxFh.zoubFi6DXncSjhoQNJgRrnGs7EsimhC7zGä"] {
            assert!(Hash::of(text).is_none(), "{text}");
        }
    }
}
