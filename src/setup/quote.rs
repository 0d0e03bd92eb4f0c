//! A value as each language of settings writes it.

/// The value as it stands in a file of this language, where the page puts it; `None` where the language cannot say it.
pub(super) fn quoted(value: &str, language: &str) -> Option<String> {
    let escaped = |special: &[char]| {
        let mut text = String::with_capacity(value.len());
        for letter in value.chars() {
            if special.contains(&letter) {
                text.push('\\');
            }
            text.push(letter);
        }
        text
    };
    match language {
        // Between double quotes.
        "mbsync" | "toml" | "json" | "python" | "javascript" | "rust" | "go" | "csharp" | "java" | "gitconfig"
        | "fetchmail" => Some(escaped(&['\\', '"'])),
        // Between double quotes, where variables and commands are looked for too.
        "muttrc" => Some(escaped(&['\\', '"', '$', '`'])),
        // Between single quotes.
        "php" => Some(escaped(&['\\', '\''])),
        "shell" => Some(value.replace('\'', r"'\''")),
        // Between double quotes, which nothing escapes.
        "msmtp" => (!value.contains('"')).then(|| value.to_owned()),
        // A percent sign begins a variable.
        "ini" => Some(value.replace('%', "%%")),
        "xml" => Some(["&&amp;", "<&lt;", ">&gt;", "\"&quot;"].iter().fold(value.to_owned(), |text, pair| {
            let (letter, entity) = pair.split_at(1);
            text.replace(letter, entity)
        })),
        // The rest of a line, as it is.
        "text" => Some(value.to_owned()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_with_quotes_stays_one_value() {
        let command = r#"sh -c 'echo "$1\n" | `x` 100%'"#;
        for (language, written) in [
            ("mbsync", r#"sh -c 'echo \"$1\\n\" | `x` 100%'"#),
            ("muttrc", r#"sh -c 'echo \"\$1\\n\" | \`x\` 100%'"#),
            ("shell", r#"sh -c '\''echo "$1\n" | `x` 100%'\''"#),
            ("ini", r#"sh -c 'echo "$1\n" | `x` 100%%'"#),
            ("xml", r"sh -c 'echo &quot;$1\n&quot; | `x` 100%'"),
            ("php", r#"sh -c \'echo "$1\\n" | `x` 100%\'"#),
        ] {
            assert_eq!(quoted(command, language).as_deref(), Some(written), "{language}");
        }
        assert_eq!(quoted(command, "msmtp"), None);
        assert_eq!(quoted("<a & b>", "xml").as_deref(), Some("&lt;a &amp; b&gt;"));
    }
}
