//! Where a page puts a value: `{{email|shell}}` is a word of a shell command.
//!
//! The commands in the pages are for a POSIX shell, on Windows that of Git, Cygwin or WSL. No value is put into a
//! command for cmd or PowerShell, because they quote differently.

/// What is around a value, from the inside out; the language of the file comes last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Context {
    /// A word of a shell command.
    Shell,
    /// Between the single quotation marks of a shell command.
    SingleQuotes,
    /// The format string of the shell's printf.
    Printf,
    /// A whole command within another one: `$(…)`.
    Command,
    /// Between backticks in double quotation marks, in Mutt and `NeoMutt`.
    Backticks,
    /// The user in a URL.
    Url,
    /// The name before an address in angle brackets.
    Phrase,
    /// A Python string in double quotation marks.
    Python,
    /// The result of a Postfix lookup.
    Postfix,
    /// The sender in msmtp, where %H and the like are variables.
    Sender,
    /// A value in YAML.
    Yaml,
}

/// Every context, by its name in a page.
const NAMES: &[(&str, Context)] = &[
    ("shell", Context::Shell),
    ("single-quotes", Context::SingleQuotes),
    ("printf", Context::Printf),
    ("command", Context::Command),
    ("backticks", Context::Backticks),
    ("url", Context::Url),
    ("phrase", Context::Phrase),
    ("python", Context::Python),
    ("postfix", Context::Postfix),
    ("sender", Context::Sender),
    ("yaml", Context::Yaml),
];

/// A part of a value that cannot be written where the page puts it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Unwritable(pub(super) &'static str);

impl Context {
    /// Returns the context with this name.
    pub(super) fn of(name: &str) -> Option<Self> {
        NAMES.iter().find(|(known, _)| *known == name).map(|(_, context)| *context)
    }

    /// Returns the value as it is written there.
    pub(super) fn written(self, value: &str) -> Result<String, Unwritable> {
        Ok(match self {
            Self::Shell => word(value),
            Self::SingleQuotes => value.replace('\'', r"'\''"),
            Self::Printf => value.replace('\\', r"\\").replace('%', "%%"),
            Self::Command if is_plain_command(value) => value.to_owned(),
            // In its own shell, a comment, a bracket or a quotation mark in it cannot end anything around it.
            Self::Command => format!("sh -c {}", word(value)),
            Self::Backticks => return without(value, "`\\$^", "one of ` \\ $ ^ in it"),
            Self::Url => encoded(value),
            Self::Phrase => phrase(value),
            Self::Python => escaped(value, &['\\', '"']),
            Self::Postfix if value.starts_with('{') => return Err(Unwritable("a { at its beginning")),
            Self::Postfix => value.replace('$', "$$"),
            Self::Sender => return without(value, "%", "a % in it"),
            Self::Yaml if value.chars().all(is_plain) && value.starts_with(char::is_alphabetic) => value.to_owned(),
            Self::Yaml => format!("\"{}\"", escaped(value, &['\\', '"'])),
        })
    }

    /// Whether the result can be put into the file without the quoting of its language.
    pub(super) fn is_outermost(self) -> bool {
        self == Self::Backticks
    }
}

/// Puts a backslash before each of these characters.
pub(super) fn escaped(value: &str, special: &[char]) -> String {
    let mut text = String::with_capacity(value.len());
    for letter in value.chars() {
        if special.contains(&letter) {
            text.push('\\');
        }
        text.push(letter);
    }
    text
}

/// Returns the value if it contains none of these characters.
pub(super) fn without(value: &str, special: &str, what: &'static str) -> Result<String, Unwritable> {
    if value.contains(|letter| special.contains(letter)) { Err(Unwritable(what)) } else { Ok(value.to_owned()) }
}

/// A word of a shell command (POSIX, Shell Command Language, 2.2), quoted only where it has to be.
pub(super) fn word(value: &str) -> String {
    if !value.is_empty() && value.chars().all(is_plain) {
        return value.to_owned();
    }
    format!("'{}'", value.replace('\'', r"'\''"))
}

/// Characters without a special meaning in shells and YAML.
fn is_plain(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || "@+:,./_-".contains(letter)
}

fn is_plain_command(command: &str) -> bool {
    command.chars().all(|letter| is_plain(letter) || " ~=".contains(letter))
}

/// RFC 3986, section 2.1: encodes all but the unreserved characters.
fn encoded(value: &str) -> String {
    let byte = |byte: u8| match byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
        true => char::from(byte).to_string(),
        false => format!("%{byte:02X}"),
    };
    value.bytes().map(byte).collect()
}

/// RFC 5322, section 3.2.5: words that need no quotation marks, or one quoted string.
fn phrase(name: &str) -> String {
    let is_atom = |atom: &str| {
        !atom.is_empty() && atom.chars().all(|letter| letter.is_alphanumeric() || !letter.is_ascii() || letter == '-')
    };
    if name.split(' ').all(is_atom) {
        return name.to_owned();
    }
    format!("\"{}\"", escaped(name, &['\\', '"']))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test says what went wrong by failing")]
mod tests {
    use super::*;

    #[test]
    fn what_needs_no_quotation_stays_as_it_is() {
        for context in [Context::Shell, Context::SingleQuotes, Context::Printf, Context::Postfix, Context::Yaml] {
            assert_eq!(context.written("jane.doe_1@icloud.com").unwrap(), "jane.doe_1@icloud.com", "{context:?}");
        }
        assert_eq!(Context::Command.written("/usr/bin/pass show icloud").unwrap(), "/usr/bin/pass show icloud");
        assert_eq!(Context::Phrase.written("Jo Ärmel-Doe").unwrap(), "Jo Ärmel-Doe");
    }

    #[test]
    fn what_would_be_more_than_itself_is_written_so_that_it_is_not() {
        for (context, value, written) in [
            (Context::Shell, "o'brien@x.example", r"'o'\''brien@x.example'"),
            (Context::Shell, "", "''"),
            (Context::Shell, "a|b&c@x.example", "'a|b&c@x.example'"),
            (Context::SingleQuotes, "o'brien", r"o'\''brien"),
            (Context::Printf, r"100%\n", r"100%%\\n"),
            (Context::Command, "pass x # )", "sh -c 'pass x # )'"),
            (Context::Url, "evil.example:993/x@icloud.com", "evil.example%3A993%2Fx%40icloud.com"),
            (Context::Url, "ä", "%C3%A4"),
            (Context::Phrase, r#"Jo "O\" Doe"#, r#""Jo \"O\\\" Doe""#),
            (Context::Phrase, "Doe, Jo <x@y>", r#""Doe, Jo <x@y>""#),
            (Context::Python, r#"echo """ \"#, r#"echo \"\"\" \\"#),
            (Context::Postfix, "$myhostname@x.example", "$$myhostname@x.example"),
            (Context::Yaml, "#a@x.example", "\"#a@x.example\""),
        ] {
            assert_eq!(context.written(value).as_deref(), Ok(written), "{context:?} {value}");
        }
    }

    #[test]
    fn what_cannot_be_written_is_refused() {
        for (context, value) in [
            (Context::Backticks, "echo `id`"),
            (Context::Backticks, "echo $HOME"),
            (Context::Backticks, r"echo \"),
            (Context::Postfix, "{x}@y.example"),
            (Context::Sender, "%H@x.example"),
        ] {
            assert!(context.written(value).is_err(), "{context:?} {value}");
        }
    }

    /// The one word that a POSIX shell reads from this; `None` where it would read anything else.
    fn as_a_shell_reads(written: &str) -> Option<String> {
        let (mut word, mut is_quoted) = (String::new(), false);
        let mut letters = written.chars();
        while let Some(letter) = letters.next() {
            match letter {
                '\'' => is_quoted = !is_quoted,
                '\\' if !is_quoted => word.push(letters.next()?),
                _ if is_quoted || is_plain(letter) => word.push(letter),
                _ => return None,
            }
        }
        (!is_quoted && !written.is_empty()).then_some(word)
    }

    proptest::proptest! {
        #![proptest_config(proptest::test_runner::Config { failure_persistence: None, ..Default::default() })]

        #[test]
        fn a_shell_reads_the_value_that_was_written(value in "\\PC*") {
            proptest::prop_assert_eq!(as_a_shell_reads(&word(&value)), Some(value));
        }

        #[test]
        fn a_login_in_a_url_has_nothing_that_ends_it(value in "\\PC*") {
            let written = encoded(&value);
            proptest::prop_assert!(!written.contains([':', '/', '@', '#', '?', '[', ' ', '"', '\'']));
            let bytes = written.split('%').enumerate().flat_map(|(at, piece)| {
                let (code, rest) = piece.split_at(if at == 0 { 0 } else { 2 });
                u8::from_str_radix(code, 16).into_iter().chain(rest.bytes())
            });
            proptest::prop_assert_eq!(bytes.collect::<Vec<u8>>(), value.into_bytes());
        }
    }
}
