//! Marks by which an account or a password is recognised and cannot be guessed: keyed hashes, cut short.

use aws_lc_rs::hmac;

use super::Attempt;

/// How long a key is, in bytes.
pub(crate) const KEY_LENGTH: usize = 32;

/// How much of the account's tag is kept, in bytes.
const ACCOUNT: usize = 6;

/// How much of the password's tag is kept, in bytes: one of 65,536 passwords has the same tag. That is enough to see
/// that it is the one of last time, and worthless for guessing it, even with the key.
const SECRET: usize = 2;

/// The tags of a sign-in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Tags {
    pub(crate) account: String,
    pub(crate) secret: String,
}

impl Tags {
    pub(crate) fn of(attempt: &Attempt<'_>, key: &[u8; KEY_LENGTH]) -> Self {
        let key = hmac::Key::new(hmac::HMAC_SHA256, key);
        let account = attempt.account();
        // In pieces, so that there is no copy of the password.
        let secret = ["password", "\0", &account, "\0", attempt.secret.expose()];
        Self { account: tag(&key, &["account", "\0", &account], ACCOUNT), secret: tag(&key, &secret, SECRET) }
    }
}

fn tag(key: &hmac::Key, pieces: &[&str], length: usize) -> String {
    let mut hash = hmac::Context::with_key(key);
    for piece in pieces {
        hash.update(piece.as_bytes());
    }
    hash.sign().as_ref().iter().take(length).fold(String::new(), |tag, byte| tag + &format!("{byte:02x}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::login::Mechanism;
    use crate::secret::Secret;

    fn tags(login: &str, secret: &str, key: u8) -> Tags {
        let secret = Secret::new(secret.to_owned());
        let attempt = Attempt { host: "", login, secret: &secret, mechanism: Mechanism::Plain };
        Tags::of(&attempt, &[key; KEY_LENGTH])
    }

    #[test]
    fn the_same_has_the_same_tag_and_another_key_makes_another() {
        let you = tags("you@icloud.com", "abcd-efgh-ijkl-mnop", 1);
        assert_eq!(tags("You", "abcd-efgh-ijkl-mnop", 1), you);
        assert_eq!((you.account.len(), you.secret.len()), (12, 4));
        assert_ne!(tags("you", "abcd-efgh-ijkl-mnoq", 1).secret, you.secret);
        assert_ne!(tags("me", "abcd-efgh-ijkl-mnop", 1).secret, you.secret, "of another account it is another");
        let other = tags("you", "abcd-efgh-ijkl-mnop", 2);
        assert!(other.account != you.account && other.secret != you.secret);
    }
}
