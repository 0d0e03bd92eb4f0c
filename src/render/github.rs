//! Annotations for a GitHub workflow: an error for a problem, a warning for a warning, and a notice for anything else.
//! <https://docs.github.com/actions/reference/workflow-commands-for-github-actions>

use std::io;

use super::{Look, MISUSED};
use crate::report::{Report, Review, Severity, Verdict};
use crate::visible;

pub(super) fn write(report: &Report, _: Look, out: &mut dyn io::Write) -> io::Result<()> {
    for finding in &report.findings {
        let short = finding.in_short();
        let about = report.about_stand_ins_in(&short).map(|about| format!(" ({about})")).unwrap_or_default();
        annotation(finding.severity, &format!("iCloud Mail: {}", finding.title), &[], &format!("{short}{about}"), out)?;
    }
    match report.verdict {
        Verdict::Healthy => annotation(Severity::Note, "iCloud Mail", &[], &report.conclusion, out),
        Verdict::Unclear => annotation(Severity::Trouble, "iCloud Mail", &[], &report.conclusion, out),
        Verdict::Trouble => Ok(()),
    }
}

pub(super) fn review(review: &Review, _: Look, out: &mut dyn io::Write) -> io::Result<()> {
    for file in &review.files {
        let name = file.read.file.as_str();
        for found in &file.findings {
            let line = found.line.to_string();
            let place = [("file", name), ("line", line.as_str())];
            annotation(found.finding.severity, &found.finding.title, &place, &found.why, out)?;
        }
        for doubt in &file.read.not_understood {
            let line = doubt.line.to_string();
            let place = [("file", name), ("line", line.as_str())];
            annotation(Severity::Note, "Not understood", &place, &doubt.why, out)?;
        }
    }
    Ok(())
}

pub(super) fn misused(complaint: &str, out: &mut dyn io::Write) -> io::Result<u8> {
    annotation(Severity::Trouble, "iCloud Mail was not checked", &[], complaint, out)?;
    Ok(MISUSED)
}

/// One annotation; `place` is a file and a line in it, as GitHub names them.
fn annotation(
    severity: Severity,
    title: &str,
    place: &[(&str, &str)],
    message: &str,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    let level = match severity {
        Severity::Trouble => "error",
        Severity::Warning => "warning",
        Severity::Note => "notice",
    };
    write!(out, "::{level} title={}", property(title))?;
    for (name, value) in place {
        write!(out, ",{name}={}", property(value))?;
    }
    writeln!(out, "::{}", escaped(message))
}

/// A property ends at a colon or a comma, so both are escaped.
fn property(text: &str) -> String {
    escaped(&visible::text(text)).replace(':', "%3A").replace(',', "%2C")
}

/// The message ends at the end of the line.
fn escaped(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

#[cfg(test)]
mod tests {
    use snapbox::str;

    use crate::render::made_up::{cut_short, hostile, is, told};

    #[test]
    fn what_a_server_says_is_no_command() {
        is(
            &told("github", &hostile()),
            str![[r#"
::error title=iCloud Mail%3A The trouble is here::problem, likely: password-refused%0ASaw: <b>&amp;"'</b> ]]> | %25 \u{3a}:error::x ` \ \u{1b}[2J%0AFirst step: Open https://account.apple.com, then run `check`.%0AAll steps: icloud-mail-doctor explain password-refused
::warning title=iCloud Mail%3A The warning is here::warning, likely: apple-outage%0ASaw: <b>&amp;"'</b> ]]> | %25 \u{3a}:error::x ` \ \u{1b}[2J%0AFirst step: Wait.%0AAll steps: icloud-mail-doctor explain apple-outage
::notice title=iCloud Mail%3A The note is here::note, likely: unexplained%0ASaw: <b>&amp;"'</b> ]]> | %25 \u{3a}:error::x ` \ \u{1b}[2J%0AFirst step: Read.%0AAll steps: icloud-mail-doctor explain unexplained

"#]],
        );
    }

    #[test]
    fn no_result_is_an_error() {
        is(
            &told("github", &cut_short()),
            str![[r#"
::error title=iCloud Mail::No result: too little was checked, or the run was cut short.

"#]],
        );
    }
}
