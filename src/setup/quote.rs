//! Writes a value in the language of a settings file.

use super::context::{Unwritable, escaped};

/// Returns the value as it is written in a file of this language; `None` for an unknown language.
pub(super) fn quoted(value: &str, language: &str) -> Option<Result<String, Unwritable>> {
    Some(Ok(match language {
        // Between double quotes.
        "mbsync" | "toml" | "json" | "python" | "javascript" | "rust" | "go" | "csharp" | "java" | "gitconfig"
        | "fetchmail" => escaped(value, &['\\', '"']),
        // Between double quotes, where variables and commands are replaced too.
        "muttrc" => escaped(value, &['\\', '"', '$', '`']),
        // Between single quotes.
        "php" => escaped(value, &['\\', '\'']),
        // Between three double quotes, or percent-encoded. A value with three double quotes or with %( cannot be
        // written.
        "aerc" if value.contains("\"\"\"") => return Some(Err(Unwritable("three quotation marks in it"))),
        "aerc" if value.contains("%(") => return Some(Err(Unwritable("%( in it"))),
        // The rest of a line, unchanged; msmtp removes a double quote at its beginning and at its end, and no other.
        "aerc" | "msmtp" | "postfix" => value.to_owned(),
        // A percent sign begins a variable.
        "ini" => value.replace('%', "%%"),
        "xml" => ["&&amp;", "<&lt;", ">&gt;", "\"&quot;"].iter().fold(value.to_owned(), |text, pair| {
            let (letter, entity) = pair.split_at(1);
            text.replace(letter, entity)
        }),
        _ => return None,
    }))
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
            ("ini", r#"sh -c 'echo "$1\n" | `x` 100%%'"#),
            ("xml", r"sh -c 'echo &quot;$1\n&quot; | `x` 100%'"),
            ("php", r#"sh -c \'echo "$1\\n" | `x` 100%\'"#),
        ] {
            assert_eq!(quoted(command, language), Some(Ok(written.to_owned())), "{language}");
        }
        assert_eq!(quoted("<a & b>", "xml"), Some(Ok("&lt;a &amp; b&gt;".to_owned())));
        assert_eq!(quoted("x", "no language"), None);
    }

    #[test]
    fn what_a_language_cannot_say_is_refused() {
        for value in ["a \"\"\" b", "a %(source)s"] {
            assert!(quoted(value, "aerc").is_some_and(|written| written.is_err()), "{value}");
        }
    }
}
