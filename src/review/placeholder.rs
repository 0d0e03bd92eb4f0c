//! Placeholders: references to a value that is kept elsewhere, or gaps for a person to fill.

/// How references begin.
const BEGINNINGS: [&str; 8] = ["%(", "$(", "/run/secrets/", "op://", "vault:", "secret:", "file:", "ENC["];

/// Parts of references in programming languages and templates.
const PARTS: [&str; 8] = ["${", "{{", "{%", "process.env", "os.environ", "getenv(", "import.meta.env", "secrets."];

/// Marks on both sides of a gap or a variable.
const AROUND: [(&str, &str); 5] = [("<", ">"), ("%", "%"), ("@", "@"), ("__", "__"), (":", ":")];

/// Returns whether a value is not in the file itself.
pub(crate) fn is_placeholder(value: &str) -> bool {
    let value = value.trim();
    let is_name = |text: &str| {
        let mut letters = text.chars();
        letters.next().is_some_and(|first| first.is_alphabetic() || first == '_')
            && letters.all(|letter| letter.is_alphanumeric() || "_-. ".contains(letter))
    };
    let within = |(before, after): &(&str, &str)| value.strip_prefix(before)?.strip_suffix(after);
    // YAML's tags: !secret NAME, !env_var NAME. A single word after an exclamation mark may be a password.
    let is_tag = value.strip_prefix('!').is_some_and(|rest| rest.contains(' ') && is_name(rest));
    is_tag
        || value.strip_prefix('$').is_some_and(|name| is_name(name) && !name.contains([' ', '-', '.']))
        || BEGINNINGS.iter().any(|beginning| value.starts_with(beginning))
        || PARTS.iter().any(|part| value.contains(part))
        || AROUND.iter().filter_map(within).any(is_name)
        || within(&("[", "]")).is_some_and(|text| is_name(text) && !text.contains('.'))
        || is_request(value)
        || is_drawn(value)
}

/// Whether it asks for a value: `YOUR_PASSWORD_HERE`.
fn is_request(value: &str) -> bool {
    let small = value.to_lowercase();
    let is_words = small.chars().all(|letter| letter.is_alphabetic() || "_- ".contains(letter));
    let mut words = small.split(['_', '-', ' ']);
    let is_your = words.next() == Some("your") && words.next().is_some();
    is_words && (is_your || small.ends_with("_here") || small.ends_with(" here"))
}

/// Whether it only shows the form of a value: `***`, `xxxx-xxxx-xxxx-xxxx`.
fn is_drawn(value: &str) -> bool {
    const LEAST: usize = 3;
    ["*", "x", "X", "."].iter().any(|mark| {
        value.matches(mark).count() >= LEAST && value.chars().all(|letter| letter == '-' || mark.contains(letter))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_for_a_value_is_no_value() {
        for text in [
            "${PORT}",
            "${PORT:-587}",
            "smtp.${DOMAIN}",
            "{{ .mail.port }}",
            "process.env.SMTP_PORT",
            "!secret smtp_port",
            "<your port>",
            "<PORT>",
            "%PORT%",
            "%(port)s",
            "$PORT",
            "$(pass show mail)",
            "@SMTP_PORT@",
            "__PORT__",
            "os.environ[\"PORT\"]",
            "/run/secrets/port",
            "[your address]",
            ":user:",
            "YOUR_PASSWORD_HERE",
            "your-app-password",
            "***",
            "xxxx-xxxx-xxxx-xxxx",
        ] {
            assert!(is_placeholder(text), "{text}");
        }
        for text in [
            "587",
            "587;",
            "smtp.mail.me.com",
            "you@icloud.com",
            "abcd-efgh-ijkl-mnop",
            "50%",
            "!",
            "a@b",
            "$1",
            "[::1]",
            "[smtp.mail.me.com]",
            "your",
            "here",
        ] {
            assert!(!is_placeholder(text), "{text}");
        }
    }
}
