//! A review for a person: each file with its problems, the files that were left out, and a conclusion.

use std::io;

use owo_colors::Style;

use super::Look;
use super::printer::Printer;
use crate::report::review::{Closed, Difference, File};
use crate::report::{Review, Severity, Sure};

pub(super) fn write(review: &Review, look: Look, out: &mut dyn io::Write) -> io::Result<()> {
    let mut page = Printer { look, out };
    // Of the files that the user did not name, only those with an account are listed one by one.
    let (told, others): (Vec<&File>, Vec<&File>) = review
        .files
        .iter()
        .partition(|file| !review.is_usual || file.read.accounts > 0 || !file.read.not_understood.is_empty());
    for one in told {
        file(one, &mut page)?;
    }
    for not in &review.not_reviewed {
        page.styled(&format!("{}: not reviewed", not.file), Style::new().bold())?;
        page.paragraph(&format!("It {}: {}.", not.why, not.instead), "  ", "  ")?;
        writeln!(page.out)?;
    }
    if !others.is_empty() {
        let names: Vec<&str> = others.iter().map(|file| file.read.file.as_str()).collect();
        page.paragraph(&format!("Read too, and no account in it: {}.", names.join(", ")), "", "")?;
    }
    if review.is_usual {
        page.paragraph(&closed(&review.cannot_be_read), "", "")?;
    }
    let closing = closing(review);
    if closing.is_empty() { Ok(()) } else { page.paragraph(&closing, "", "") }
}

fn file(one: &File, page: &mut Printer) -> io::Result<()> {
    let file = &one.read.file;
    page.styled(&format!("{file} ({})", one.title), Style::new().bold())?;
    if one.findings.is_empty() && one.read.not_understood.is_empty() {
        let words = match (one.read.accounts, one.read.icloud_accounts) {
            (0, _) => "no account in it that is understood",
            (_, 0) => "no account of iCloud Mail in it",
            _ => "nothing to fix for iCloud Mail",
        };
        page.paragraph(words, "  ", "  ")?;
    }
    if let (Some(caution), false) = (&one.caution, one.findings.is_empty()) {
        page.paragraph(caution, "  ", "  ")?;
    }
    for found in &one.findings {
        let finding = &found.finding;
        let style = if found.is_trouble() { Style::new().red() } else { Style::new().yellow() };
        writeln!(page.out)?;
        page.styled(&format!("{file}:{}: {}", found.line, finding.title), style.bold())?;
        let is_certain = found.is_trouble() && finding.sure == Sure::Certain;
        let fixed = match (found.is_fixable, is_certain) {
            (true, _) => " (--fix writes it)",
            (false, true) if found.differences.is_empty() => " (--fix does not write it: this change needs you)",
            (false, true) => " (--fix does not write it: a part of the change is a guess)",
            (false, false) => "",
        };
        let line = format!("{}, {}: {}{fixed}", finding.severity.word(), finding.sure.word(), finding.cause);
        page.paragraph(&line, "  ", "  ")?;
        page.paragraph(&found.why, "  ", "  ")?;
        differences(&found.differences, page)?;
    }
    for doubt in &one.read.not_understood {
        writeln!(page.out)?;
        page.styled(&format!("{file}:{}: not understood", doubt.line), Style::new().yellow().bold())?;
        page.paragraph(&doubt.why, "  ", "  ")?;
    }
    writeln!(page.out)
}

/// Writes the lines before and after a change.
pub(crate) fn differences(differences: &[Difference], page: &mut Printer) -> io::Result<()> {
    for difference in differences {
        if let Some(before) = &difference.before {
            page.line(&format!("    - {before}"))?;
        }
        page.line(&format!("    + {}", difference.after))?;
    }
    Ok(())
}

/// The programs whose settings cannot be read; those that were used on this computer are listed apart.
fn closed(programs: &[Closed]) -> String {
    let (here, others): (Vec<&Closed>, Vec<&Closed>) = programs.iter().partition(|program| program.is_used_here);
    let listed = |programs: &[&Closed]| {
        programs.iter().map(|program| format!("{} ({})", program.title, program.program)).collect::<Vec<_>>().join(", ")
    };
    let seen = if here.is_empty() { String::new() } else { format!(" Used here: {}.", listed(&here)) };
    let not_looked_at = listed(if others.is_empty() { &here } else { &others });
    format!(
        "Not looked at, because their settings cannot be read from outside: {not_looked_at}.{seen} Compare theirs with what \
         `icloud-mail-doctor setup PROGRAM` says."
    )
}

/// Returns a count with its noun, in the singular or plural.
fn counted(count: usize, word: &str) -> String {
    if count == 1 { format!("1 {word}") } else { format!("{count} {word}s") }
}

/// Returns how many problems and warnings there are.
pub(crate) fn counted_by_severity(severities: impl IntoIterator<Item = Severity>) -> String {
    let (problems, warnings): (Vec<Severity>, Vec<Severity>) =
        severities.into_iter().partition(|severity| *severity == Severity::Trouble);
    match (problems.len(), warnings.len()) {
        (problems, 0) => counted(problems, "problem"),
        (0, warnings) => counted(warnings, "warning"),
        (problems, warnings) => format!("{} and {}", counted(problems, "problem"), counted(warnings, "warning")),
    }
}

/// The conclusion; nothing where it follows after files were changed.
fn closing(review: &Review) -> String {
    let certain = review.findings().filter(|(_, found)| found.is_fixable).count();
    let read = format!("{} read", counted(review.files.len(), "file"));
    let unsure = unsure(review);
    let Some((_, first)) = review.findings().next() else {
        return match unsure {
            Some(unsure) => format!("{read}. {unsure}"),
            None if review.files.iter().all(|file| file.read.icloud_accounts == 0) => {
                format!("{read}, and no account of iCloud Mail in what was read.")
            }
            None => format!("{read}: nothing to fix for iCloud Mail."),
        };
    };
    if review.is_fixing {
        return String::new();
    }
    let fix = match certain {
        0 => "--fix can write none of it: each needs you.".to_owned(),
        _ => format!("--fix writes what is certain ({certain} of them), and keeps a copy."),
    };
    let explain = format!("`icloud-mail-doctor explain {}` says more of the first.", first.finding.cause);
    let unsure = unsure.map_or(String::new(), |unsure| format!(" {unsure}"));
    let count = counted_by_severity(review.findings().map(|(_, found)| found.finding.severity));
    format!("{read}, {count}. {fix} {explain}{unsure}")
}

/// Why the result is not an all-clear; `None` where it is.
pub(super) fn unsure(review: &Review) -> Option<String> {
    const COMPARE: &str = "iCloud's own: imap.mail.me.com, port 993, SSL/TLS; smtp.mail.me.com, port 587, STARTTLS.";
    let doubts: usize = review.files.iter().map(|file| file.read.not_understood.len()).sum();
    let is_silent = review.files.iter().all(|file| file.read.accounts == 0);
    match (doubts, review.not_reviewed.len()) {
        (0, 0) if is_silent => {
            let next = "Name the settings file of your mail program, if it has one.";
            Some(format!("There is no account in what was read, so this is not an all-clear. {next}"))
        }
        (0, 0) => None,
        (0, 1) => Some("1 file was not reviewed, so this is not an all-clear.".to_owned()),
        (0, files) => Some(format!("{files} files were not reviewed, so this is not an all-clear.")),
        (doubts, _) => {
            let what = if doubts == 1 { "1 setting was".to_owned() } else { format!("{doubts} settings were") };
            Some(format!("{what} not understood, so this is not an all-clear: compare by hand. {COMPARE}"))
        }
    }
}
