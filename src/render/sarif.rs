//! A review for programs that show findings in a code review: SARIF 2.1.0.
//! <https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html>

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io;

use serde_json::{Value, json};

use super::{Look, json as document};
use crate::report::{Finding, Review, Severity};

pub(super) fn write(review: &Review, _: Look, out: &mut dyn io::Write) -> io::Result<()> {
    let causes: BTreeMap<&str, &Finding> =
        review.findings().map(|(_, found)| (found.finding.cause.as_str(), &found.finding)).collect();
    let unsure = review.files.iter().flat_map(|file| {
        file.read.not_understood.iter().map(|doubt| {
            let text = format!("Not understood: {}.", doubt.why);
            result("not-understood", Severity::Note, &text, &file.read.file, doubt.line)
        })
    });
    let results = review.findings().map(|(file, found)| {
        let text = format!("{}: {}.", found.finding.title, found.why);
        result(&found.finding.cause, found.finding.severity, &text, &file.read.file, found.line)
    });
    let log = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": env!("CARGO_PKG_NAME"),
                "version": env!("CARGO_PKG_VERSION"),
                "rules": causes.into_values().map(rule).collect::<Vec<_>>(),
            }},
            "results": results.chain(unsure).collect::<Vec<_>>(),
        }],
    });
    document::document(&log, out)
}

fn rule(finding: &Finding) -> Value {
    json!({
        "id": finding.cause,
        "shortDescription": { "text": finding.title },
        "fullDescription": { "text": finding.means },
        "help": { "text": finding.steps.join("\n") },
    })
}

fn result(rule: &str, severity: Severity, text: &str, file: &str, line: usize) -> Value {
    let level = match severity {
        Severity::Trouble => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    };
    json!({
        "ruleId": rule,
        "level": level,
        "message": { "text": text },
        "locations": [{ "physicalLocation": {
            "artifactLocation": { "uri": uri(file) },
            "region": { "startLine": line },
        }}],
    })
}

/// Returns a path as a URI reference (RFC 3986, section 4.2); one with a drive or a host of Windows as a file URI
/// (RFC 8089, appendix E).
fn uri(path: &str) -> String {
    let path = path.replace('\\', "/");
    let is_drive = |drive: &str| drive.len() == 1 && drive.bytes().all(|letter| letter.is_ascii_alphabetic());
    let (begins, rest) = match (path.split_once(":/"), path.strip_prefix("//")) {
        (Some((drive, rest)), _) if is_drive(drive) => (format!("file:///{drive}:/"), rest),
        (_, Some(rest)) => ("file://".to_owned(), rest),
        _ => (String::new(), path.as_str()),
    };
    rest.bytes().fold(begins, |mut uri, byte| {
        if byte.is_ascii_alphanumeric() || b"/-._~".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            // Writing to memory cannot fail.
            let _ = write!(uri, "%{byte:02X}");
        }
        uri
    })
}

#[cfg(test)]
mod tests {
    use super::uri;

    #[test]
    fn a_path_of_windows_is_a_file_uri() {
        assert_eq!(uri("config/.msmtprc"), "config/.msmtprc");
        assert_eq!(uri("sub\\my file.toml"), "sub/my%20file.toml");
        assert_eq!(uri(r"C:\Users\tim\msmtprc.txt"), "file:///C:/Users/tim/msmtprc.txt");
        assert_eq!(uri(r"\\nas\mail\msmtprc.txt"), "file://nas/mail/msmtprc.txt");
    }
}
