//! Where in a settings file its reader found passwords, used or not, and the commands that print them.

use std::ops::Range;

use super::lines::Word;

/// The places of secrets in a text; rather too much than too little.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Secrets {
    pub(crate) passwords: Vec<Range<usize>>,
    /// A password may be among their arguments.
    pub(crate) commands: Vec<Range<usize>>,
}

/// Parts of the names of settings that hold a secret.
const NAMES: [&str; 6] = ["pass", "pwd", "secret", "token", "cred", "kennwort"];
/// Parts of the names of settings that hold a command for one.
const COMMANDS: [&str; 3] = ["eval", "cmd", "command"];

/// Nothing is called by a longer name, in characters.
const LONGEST: usize = 128;

impl Secrets {
    /// Keeps the place of a value whose key is called like one for a secret, and returns whether it is.
    pub(crate) fn note(&mut self, key: &str, value: Word) -> bool {
        let key = key.chars().take(LONGEST).collect::<String>().to_lowercase();
        let is_secret = NAMES.iter().any(|name| key.contains(name));
        if is_secret && COMMANDS.iter().any(|name| key.contains(name)) {
            self.commands.push(value.at());
        } else if is_secret {
            self.passwords.push(value.at());
        }
        is_secret
    }

    /// Keeps the place of the password in a URL, which may hold any of `:/?#@` itself.
    pub(crate) fn note_url(&mut self, value: Word) {
        let login = value.split_once("://").and_then(|(_, rest)| rest.rsplit_once("@"));
        if let Some((_, password)) = login.and_then(|(login, _)| login.split_once(":")) {
            self.passwords.push(password.at());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn noted(note: impl Fn(&mut Secrets)) -> (usize, usize) {
        let mut secrets = Secrets::default();
        note(&mut secrets);
        (secrets.passwords.len(), secrets.commands.len())
    }

    #[test]
    fn a_name_tells_whether_its_value_is_a_secret() {
        let value = Word { text: "x", start: 0 };
        let of = |key: &str| noted(|secrets| assert_eq!(secrets.note(key, value), key != "host"));
        assert_eq!(
            ["Pass", "smtpPass", "MAIL_PWD", "PassCmd", "passwordeval", "host"].map(of),
            [(1, 0), (1, 0), (1, 0), (0, 1), (0, 1), (0, 0)]
        );
    }

    #[test]
    fn the_password_of_a_url_ends_at_the_last_at_sign() {
        let text = "imaps://you:a:b/c?d#e@f@h/x";
        let mut secrets = Secrets::default();
        secrets.note_url(Word { text, start: 10 });
        assert_eq!(secrets.passwords, Vec::from([Range { start: 22, end: 33 }]));
        assert_eq!(&text[12..23], "a:b/c?d#e@f");
        assert_eq!(noted(|secrets| secrets.note_url(Word { text: "imaps://you@h", start: 0 })), (0, 0));
    }
}
