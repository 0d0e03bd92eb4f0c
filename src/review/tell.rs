//! What was found in the settings, for a person, a program, a code review or a workflow.

use std::fmt::Write as _;
use std::io;

use owo_colors::Style;
use serde_json::{Value, json};

use super::fix::{Done, left as still_wrong};
use super::programs::closed::{CLOSED, Closed};
use super::{Outcome, Reviewed, Told};
use crate::cli::review::{ReviewArguments, ReviewFormat};
use crate::diagnosis::Severity;
use crate::guide;
use crate::render::{Detail, Page, annotation, json_document};
use crate::report::SCHEMA_VERSION;
use crate::visible::text as visible;

/// The whole text in the format that was asked for.
pub(super) fn told(outcome: &Outcome, arguments: &ReviewArguments) -> Vec<u8> {
    let reviewed = &outcome.reviewed;
    let mut out = Vec::new();
    // Writing to memory cannot fail.
    let _ = match arguments.format {
        ReviewFormat::Text => {
            text(outcome, arguments, Page { look: arguments.screen.look(Detail::Usual), out: &mut out })
        }
        ReviewFormat::Json => json_document(&document(outcome, arguments), &mut out),
        ReviewFormat::Sarif => json_document(&sarif(reviewed), &mut out),
        ReviewFormat::Github => github(reviewed, &mut out),
    };
    out
}

fn title(told: &Told) -> String {
    // A test holds that every cause has a page.
    guide::page(told.remark.cause).unwrap_or_default().title
}

/// Whether the usual places were looked through, and no file was named.
fn is_usual(arguments: &ReviewArguments) -> bool {
    arguments.paths.is_empty()
}

fn text(outcome: &Outcome, arguments: &ReviewArguments, mut page: Page) -> io::Result<()> {
    // Of files that nobody named, those alone get a place of their own that hold an account.
    let is_told = |one: &&Reviewed| !is_usual(arguments) || one.accounts > 0 || !one.doubts.is_empty();
    for one in outcome.reviewed.iter().filter(is_told) {
        file(one, &mut page)?;
    }
    for not in &outcome.not_reviewed {
        page.styled(&format!("{}: not reviewed", visible(&not.shown)), Style::new().bold())?;
        page.paragraph(&visible(&format!("It {}: {}.", not.why, not.instead)), "  ", "  ")?;
        writeln!(page.out)?;
    }
    let others: Vec<&str> = outcome.reviewed.iter().filter(|one| !is_told(one)).map(|one| one.shown.as_str()).collect();
    if !others.is_empty() {
        page.paragraph(&visible(&format!("Read too, and no account in it: {}.", others.join(", "))), "", "")?;
    }
    if is_usual(arguments) {
        page.paragraph(&closed(), "", "")?;
    }
    let closing = closing(outcome, arguments.fix);
    if closing.is_empty() { Ok(()) } else { page.paragraph(&closing, "", "") }
}

fn file(one: &Reviewed, page: &mut Page) -> io::Result<()> {
    let file = visible(&one.shown);
    page.styled(&format!("{file} ({})", one.program.title), Style::new().bold())?;
    if one.remarks.is_empty() && one.doubts.is_empty() {
        let words = match (one.accounts, one.icloud_accounts) {
            (0, _) => "no account in it that is understood",
            (_, 0) => "no account of iCloud Mail in it",
            _ => "nothing to fix for iCloud Mail",
        };
        page.paragraph(words, "  ", "  ")?;
    }
    if let (Some(caution), false) = (one.program.caution, one.remarks.is_empty()) {
        page.paragraph(caution, "  ", "  ")?;
    }
    for told in &one.remarks {
        let remark = &told.remark;
        let style = if remark.severity == Severity::Trouble { Style::new().red() } else { Style::new().yellow() };
        writeln!(page.out)?;
        page.styled(&format!("{file}:{}: {}", told.line, title(told)), style.bold())?;
        let fixed = if remark.is_mended() { " (--fix writes it)" } else { "" };
        let line = format!("{}, {}: {}{fixed}", remark.severity.word(), remark.sure.word(), remark.cause);
        page.paragraph(&line, "  ", "  ")?;
        page.paragraph(&visible(told.why().as_str()), "  ", "  ")?;
        differences(told, page)?;
    }
    for (line, doubt) in &one.doubts {
        writeln!(page.out)?;
        page.styled(&format!("{file}:{line}: not understood"), Style::new().yellow().bold())?;
        page.paragraph(doubt.words(), "  ", "  ")?;
    }
    writeln!(page.out)
}

fn differences(told: &Told, page: &mut Page) -> io::Result<()> {
    for difference in &told.differences {
        if let Some(before) = &difference.before {
            writeln!(page.out, "    - {}", visible(before.as_str().trim()))?;
        }
        writeln!(page.out, "    + {}", visible(difference.after.as_str().trim()))?;
    }
    Ok(())
}

/// The programs that nobody can look into, those that have been used here first.
fn closed() -> String {
    let (here, others): (Vec<&Closed>, Vec<&Closed>) = CLOSED.iter().partition(|program| program.is_here());
    let listed = |programs: &[&Closed]| {
        programs.iter().map(|program| format!("{} ({})", program.title, program.id)).collect::<Vec<_>>().join(", ")
    };
    let seen = if here.is_empty() { String::new() } else { format!(" Used here: {}.", listed(&here)) };
    let mut text = "Not looked at, because their settings cannot be read from outside: ".to_owned();
    text.push_str(&listed(if others.is_empty() { &here } else { &others }));
    format!("{text}.{seen} Compare theirs with what `icloud-mail-doctor setup PROGRAM` says.")
}

fn counted(count: usize, word: &str) -> String {
    if count == 1 { format!("1 {word}") } else { format!("{count} {word}s") }
}

fn remarks<'r>(reviewed: impl IntoIterator<Item = &'r Reviewed>) -> Vec<&'r Told> {
    reviewed.into_iter().flat_map(|one| &one.remarks).collect()
}

/// What it comes to; nothing where that is said after something was written.
fn closing(outcome: &Outcome, is_fixing: bool) -> String {
    let all = remarks(&outcome.reviewed);
    let certain = all.iter().filter(|told| told.remark.is_mended()).count();
    let read = format!("{} read", counted(outcome.reviewed.len(), "file"));
    let unsure = unsure(outcome);
    let Some(first) = all.first() else {
        return match unsure {
            Some(unsure) => format!("{read}. {unsure}"),
            None if outcome.reviewed.iter().all(|one| one.icloud_accounts == 0) => {
                format!("{read}, and no account of iCloud Mail in what was read.")
            }
            None => format!("{read}: nothing to fix for iCloud Mail."),
        };
    };
    if is_fixing {
        return String::new();
    }
    let fix = match certain {
        0 => "--fix can write none of it: each needs you.".to_owned(),
        _ => format!("--fix writes what is certain ({certain} of them), and keeps a copy."),
    };
    let explain = format!("`icloud-mail-doctor explain {}` says more of the first.", first.remark.cause);
    let unsure = unsure.map_or(String::new(), |unsure| format!(" {unsure}"));
    format!("{read}, {}. {fix} {explain}{unsure}", counted(all.len(), "problem"))
}

/// Why this is not an all-clear, where it is none.
fn unsure(outcome: &Outcome) -> Option<String> {
    const COMPARE: &str = "iCloud's own: imap.mail.me.com, port 993, SSL/TLS; smtp.mail.me.com, port 587, STARTTLS.";
    let doubts: usize = outcome.reviewed.iter().map(|one| one.doubts.len()).sum();
    let is_silent = outcome.reviewed.iter().all(|one| one.accounts == 0);
    match (doubts, outcome.not_reviewed.len()) {
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

/// What was changed in each file, and what is left.
pub(super) fn done(files: &[(&Reviewed, Option<Done>)], arguments: &ReviewArguments) -> Vec<u8> {
    let mut out = Vec::new();
    // Writing to memory cannot fail.
    let _ = write_done(files, Page { look: arguments.screen.look(Detail::Usual), out: &mut out });
    out
}

fn write_done(files: &[(&Reviewed, Option<Done>)], mut page: Page) -> io::Result<()> {
    for (one, done) in files.iter().filter_map(|(one, done)| Some((one, done.as_ref()?))) {
        let file = visible(&one.shown);
        page.styled(&format!("{file}: changed"), Style::new().bold())?;
        for told in one.remarks.iter().filter(|told| told.remark.is_mended() && !told.differences.is_empty()) {
            writeln!(page.out, "  line {}:", told.line)?;
            differences(told, &mut page)?;
        }
        if let Some(before) = &done.was_open_as {
            let words = format!(
                "Its permissions were {before} and are 600 now: its owner alone can read it. If a program of another user \
                 reads it, give that user's group the right with chmod 640."
            );
            page.paragraph(&words, "  ", "  ")?;
        }
        if let Some(copy) = &done.copy {
            let words = format!(
                "{} is a copy of the old file, with any password that is in it: delete it when your mail works, and do not \
                 commit it.",
                visible(&copy.display().to_string())
            );
            page.paragraph(&words, "  ", "  ")?;
        }
        writeln!(page.out)?;
    }
    let is_written = |(_, done): &&(&Reviewed, Option<Done>)| done.is_some();
    let all = remarks(files.iter().map(|(one, _)| *one));
    let written = remarks(files.iter().filter(is_written).map(|(one, _)| *one));
    let fixed = written.iter().filter(|told| told.remark.is_mended()).count();
    if all.is_empty() {
        return Ok(());
    }
    let mut left = Vec::new();
    for (one, done) in files {
        let here = still_wrong(one, done.as_ref());
        left.extend(here.into_iter().map(|told| format!("{} ({}:{})", told.remark.cause, one.shown, told.line)));
    }
    let rest = if left.is_empty() { ".".to_owned() } else { format!(": {}.", left.join(", ")) };
    let text = format!("{}; {fixed} fixed now, {} left{rest}", counted(all.len(), "problem"), left.len());
    page.paragraph(&visible(&text), "", "")
}

fn document(outcome: &Outcome, arguments: &ReviewArguments) -> Value {
    let files = outcome.reviewed.iter().map(|one| {
        let doubts = one.doubts.iter().map(|(line, doubt)| json!({ "line": line, "why": doubt.words() }));
        json!({
            "file": one.shown,
            "program": one.program.id,
            "accounts": one.accounts,
            "icloud_accounts": one.icloud_accounts,
            "is_cut_short": one.is_cut_short,
            "not_understood": doubts.collect::<Vec<_>>(),
        })
    });
    let not =
        outcome.not_reviewed.iter().map(|not| json!({ "file": not.shown, "why": not.why, "instead": not.instead }));
    let closed = CLOSED
        .iter()
        .filter(|_| is_usual(arguments))
        .map(|program| json!({ "program": program.id, "title": program.title, "is_used_here": program.is_here() }));
    let findings = outcome.reviewed.iter().flat_map(|one| {
        one.remarks.iter().map(|told| {
            let remark = &told.remark;
            let after = told.differences.iter().map(|changed| changed.after.as_str());
            json!({
                "cause": remark.cause,
                "title": title(told),
                "severity": remark.severity.word(),
                "sure": remark.sure.word(),
                "file": one.shown,
                "line": told.line,
                "why": told.why().as_str(),
                "corrected": after.collect::<Vec<_>>(),
                "is_fixable": remark.is_mended(),
            })
        })
    });
    json!({
        "schema_version": SCHEMA_VERSION,
        "complete": outcome.is_complete(),
        "files": files.collect::<Vec<_>>(),
        "not_reviewed": not.collect::<Vec<_>>(),
        "cannot_be_read": closed.collect::<Vec<_>>(),
        "findings": findings.collect::<Vec<_>>(),
    })
}

/// SARIF 2.1.0, <https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html>.
fn sarif(reviewed: &[Reviewed]) -> Value {
    let mut causes: Vec<&str> = reviewed.iter().flat_map(|one| &one.remarks).map(|told| told.remark.cause).collect();
    causes.sort_unstable();
    causes.dedup();
    let rules = causes.iter().map(|cause| {
        let page = guide::page(cause).unwrap_or_default();
        json!({
            "id": cause,
            "shortDescription": { "text": page.title },
            "fullDescription": { "text": page.means },
            "help": { "text": page.steps.join("\n") },
        })
    });
    let unsure = reviewed.iter().flat_map(|one| {
        one.doubts.iter().map(|(line, doubt)| {
            json!({
                "ruleId": "not-understood",
                "level": "note",
                "message": { "text": format!("Not understood: {}.", doubt.words()) },
                "locations": [{ "physicalLocation": {
                    "artifactLocation": { "uri": uri(&one.shown) },
                    "region": { "startLine": line },
                }}],
            })
        })
    });
    let results = reviewed.iter().flat_map(|one| {
        one.remarks.iter().map(|told| {
            let remark = &told.remark;
            let level = match remark.severity {
                Severity::Trouble => "error",
                Severity::Warning => "warning",
                Severity::Note => "note",
            };
            json!({
                "ruleId": remark.cause,
                "level": level,
                "message": { "text": format!("{}: {}.", title(told), told.why()) },
                "locations": [{ "physicalLocation": {
                    "artifactLocation": { "uri": uri(&one.shown) },
                    "region": { "startLine": told.line },
                }}],
            })
        })
    });
    json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": env!("CARGO_PKG_NAME"),
                "version": env!("CARGO_PKG_VERSION"),
                "rules": rules.collect::<Vec<_>>(),
            }},
            "results": results.chain(unsure).collect::<Vec<_>>(),
        }],
    })
}

/// A path as a reference (RFC 3986, section 4.2).
fn uri(path: &str) -> String {
    path.replace('\\', "/").bytes().fold(String::new(), |mut uri, byte| {
        if byte.is_ascii_alphanumeric() || b"/-._~".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            // Writing to memory cannot fail.
            let _ = write!(uri, "%{byte:02X}");
        }
        uri
    })
}

fn github(reviewed: &[Reviewed], out: &mut dyn io::Write) -> io::Result<()> {
    for one in reviewed {
        for told in &one.remarks {
            let number = told.line.to_string();
            let place = [("file", one.shown.as_str()), ("line", number.as_str())];
            annotation(told.remark.severity, &title(told), &place, &visible(told.why().as_str()), out)?;
        }
        for (line, doubt) in &one.doubts {
            let number = line.to_string();
            let place = [("file", one.shown.as_str()), ("line", number.as_str())];
            annotation(Severity::Note, "Not understood", &place, doubt.words(), out)?;
        }
    }
    Ok(())
}
