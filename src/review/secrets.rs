//! The places of passwords and of the commands that print them, used or not, as the reader of a settings file found
//! them.

use std::ops::Range;

use super::lines::{Word, bare, closing};

/// The places of secrets in a text; better too many than too few.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Secrets {
    pub(crate) passwords: Vec<Range<usize>>,
    /// The commands; a password may be among their arguments.
    pub(crate) commands: Vec<Range<usize>>,
    /// The text of comments, without the characters before it.
    pub(crate) comments: Vec<Range<usize>>,
}

/// Parts of the names of settings that hold a secret.
const NAMES: [&str; 9] = ["pass", "pwd", "pw", "secret", "token", "cred", "kennwort", "oauth", "refresh"];
/// Parts of the names of settings that hold a command for one.
const COMMANDS: [&str; 3] = ["eval", "cmd", "command"];
/// The names of fetchmail's other settings that hold a command.
const PROGRAMS: [&str; 5] = ["plugin", "plugout", "preconnect", "postconnect", "mda"];

/// No name is longer, in characters.
const LONGEST: usize = 128;

/// What a setting holds, by its name.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Holds {
    Password,
    PasswordCommand,
    Command,
    NoSecret,
}

impl Holds {
    pub(crate) fn of(key: &str) -> Self {
        let key = key.chars().take(LONGEST).collect::<String>().to_lowercase();
        let is_pin = key.rsplit(['_', '-', '.']).next() == Some("pin");
        let is_secret = is_pin || NAMES.iter().any(|name| key.contains(name));
        match (is_secret, COMMANDS.iter().any(|name| key.contains(name))) {
            (true, true) => Self::PasswordCommand,
            (_, _) if PROGRAMS.contains(&key.as_str()) => Self::Command,
            (true, false) => Self::Password,
            (false, _) => Self::NoSecret,
        }
    }
}

impl Secrets {
    /// Adds the place of a value if the key's name is that of a secret, and returns whether it is.
    pub(crate) fn note(&mut self, key: &str, value: Word) -> bool {
        let holds = Holds::of(key);
        self.note_as(holds, value);
        matches!(holds, Holds::Password | Holds::PasswordCommand)
    }

    /// Adds the place of a value whose key has been judged already: a value of many lines has one key.
    pub(crate) fn note_as(&mut self, holds: Holds, value: Word) {
        match holds {
            Holds::Password => self.passwords.push(value.at()),
            Holds::PasswordCommand | Holds::Command => self.commands.push(value.at()),
            Holds::NoSecret => {}
        }
    }

    /// Adds the place of anything that is not a port where a port should be, and of what follows a server or a port.
    pub(crate) fn note_misplaced(&mut self, key: &str, value: Word, rest: Word) {
        let is_port = key.eq_ignore_ascii_case("port");
        if is_port && value.text.parse::<u16>().is_err() {
            self.passwords.push(value.at());
        }
        // The quote that ends the value.
        let rest = rest.from(usize::from(rest.text.starts_with(['"', '\'']))).trimmed();
        if (is_port || key.eq_ignore_ascii_case("host")) && !rest.text.starts_with('#') {
            self.commands.push(rest.at());
        }
    }

    /// Adds the places of all comments, which begin with one of these characters.
    pub(crate) fn note_comments(&mut self, text: &str, signs: &[&str]) {
        for (start, line) in bare(text) {
            let comment = comment(line, signs).map(|begin| start + begin..start + line.len());
            self.comments.extend(comment.filter(|comment| !comment.is_empty()));
        }
    }

    /// Adds the place of the password in a URL, which may contain any of `:/?#@` itself.
    pub(crate) fn note_url(&mut self, value: Word) {
        let login = value.split_once("://").and_then(|(_, rest)| rest.rsplit_once("@"));
        if let Some((_, password)) = login.and_then(|(login, _)| login.split_once(":")) {
            self.passwords.push(password.at());
        }
    }
}

/// Where the text of a line's comment begins: after a sign that is neither in quotes nor within a word.
fn comment(line: &str, signs: &[&str]) -> Option<usize> {
    let (mut before, mut rest) = (' ', line);
    while let Some(letter) = rest.chars().next() {
        let is_apart = before.is_whitespace() || "\"');,".contains(before);
        let sign = signs.iter().find(|sign| rest.starts_with(**sign)).filter(|_| is_apart);
        if let Some(words) = sign.and_then(|sign| rest.strip_prefix(sign)) {
            return Some(line.len() - words.trim_start().len());
        }
        // Within a word, a quote is an apostrophe; a quote that is not closed is an ordinary character.
        let opens = matches!(letter, '"' | '\'') && !before.is_alphanumeric();
        let within = if opens { closing(&rest[1..], letter).map_or(1, |end| end + 2) } else { letter.len_utf8() };
        before = letter;
        rest = &rest[within..];
    }
    None
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
    fn a_comment_begins_with_a_sign_outside_of_quotes() {
        let words = |line: &'static str| comment(line, &["#", ";", "//"]).map(|at| &line[at..]);
        for (line, comment) in [
            ("Host h # x y", Some("x y")),
            ("port = \"1 # 2\" ;x", Some("x")),
            ("port = \"1\"#x", Some("x")),
            ("it's 'open # x", Some("x")),
            ("don't # x isn't", Some("x isn't")),
            ("// x", Some("x")),
            ("imap://h/#a", None),
            ("", None),
        ] {
            assert_eq!(words(line), comment, "{line}");
        }
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
