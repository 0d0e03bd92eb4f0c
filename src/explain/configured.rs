//! The lines of a text that are a mail program's settings: beside an error they are no symptom of their own.

use std::ops::Range;
use std::sync::LazyLock;

use regex::bytes::Regex;

use crate::pattern::compiled;

/// A name that settings have, and one value.
static SETTING: LazyLock<Regex> = LazyLock::new(|| {
    compiled(
        r#"^[-*#;>\s"']*(?:export |set )?[\w.\[-]*(?:host|port|user|from|pass|tls|ssl|auth|account|secur|encrypt|server|trust|cert|cafile|ca_file|domain|smtp|imap|mail|log|protocol|sender)[\w.\]-]*["']?\s*(?:=>|:=|[:=]|\s)\s*(?:"[^"\n]*"|'[^'\n]*'|(?P<bare>[^\s"'`]+))\s*[,;]?\s*$"#,
    )
});

/// Beginnings of words that are no value, but say what happened.
static EVENT: LazyLock<Regex> = LazyLock::new(|| {
    compiled(
        r"^(?:fail|err|time|refus|reject|deni|invalid|expired|unknown|clos|reset|unavail|unsucc|bounc|disabled|lock|lost|not|miss|wrong|incorrect|requir|unable|disconn)|-?\d{4}|0x",
    )
});

/// Words of a line that says what happened.
static ERROR: LazyLock<Regex> = LazyLock::new(|| {
    compiled(
        r"error|fail|cannot|can't|could not|couldn't|unable|refused|timed? ?out|denied|rejected|invalid|unexpected|reset by|exception|not found|\b[45]\d\d[ -]\d\.",
    )
});

/// A line that only people read.
static COMMENT: LazyLock<Regex> = LazyLock::new(|| compiled(r"^\s*(?:#|//|;|/\*)\s*\S+\s"));

/// With fewer such lines, they are no file of settings.
const FEWEST: usize = 3;

/// The places of the settings in a text.
pub(super) struct Configured(Vec<Range<usize>>);

impl Configured {
    pub(super) fn of(text: &str) -> Self {
        let (mut lines, mut start, mut has_error, mut settings) = (Vec::new(), 0, false, 0);
        for line in text.split_inclusive('\n') {
            let found = SETTING.captures(line.as_bytes());
            let is_event =
                |value: regex::bytes::Match| EVENT.is_match(value.as_bytes()) && !is_number(value.as_bytes());
            let is_setting = found.is_some_and(|found| !found.name("bare").is_some_and(is_event));
            settings += usize::from(is_setting);
            match is_setting || COMMENT.is_match(line.as_bytes()) {
                true => lines.push(start..start + line.len()),
                false => has_error |= ERROR.is_match(line.as_bytes()),
            }
            start += line.len();
        }
        Self(if has_error && settings >= FEWEST { lines } else { Vec::new() })
    }

    /// Whether words are part of them.
    pub(super) fn has(&self, place: &Range<usize>) -> bool {
        let after = self.0.partition_point(|line| line.end <= place.start);
        self.0.get(after).is_some_and(|line| line.start <= place.start)
    }
}

/// Whether a value is the number of a port.
fn is_number(value: &[u8]) -> bool {
    value.len() < 6 && value.iter().all(u8::is_ascii_digit)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SETTINGS: &str = "account icloud\nhost smtp.mail.me.com\nport 587\ntls_trust_file /etc/ssl/certs/list.crt\n";

    #[test]
    fn settings_are_told_from_what_happened() {
        let text = format!("{SETTINGS}user: ann\nLogin failed\nmsmtp: cannot locate host smtp.mail.me.com\n");
        let configured = Configured::of(&text);
        let has = |words: &str| text.find(words).is_some_and(|start| configured.has(&(start..start + words.len())));
        assert!(has("tls_trust_file") && has("port 587") && has("ann"));
        assert!(!has("Login failed") && !has("cannot locate"));
    }

    #[test]
    fn settings_alone_are_all_that_there_is() {
        assert!(!Configured::of(SETTINGS).has(&(0..7)));
        assert!(!Configured::of("port: 587\nlogin failed").has(&(0..4)));
    }
}
