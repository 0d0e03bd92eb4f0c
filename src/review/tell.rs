//! What was found in the settings, for a person, a program, a code review or a workflow.

use std::fmt::Write as _;
use std::io;

use owo_colors::Style;
use serde_json::{Value, json};

use super::{Reviewed, Told};
use crate::cli::review::{ReviewArguments, ReviewFormat};
use crate::diagnosis::Severity;
use crate::guide;
use crate::render::{Detail, Page, annotation, json_document};
use crate::report::SCHEMA_VERSION;
use crate::visible::text as visible;

/// The whole text in the format that was asked for.
pub(super) fn told(reviewed: &[Reviewed], arguments: &ReviewArguments) -> Vec<u8> {
    let mut out = Vec::new();
    // Writing to memory cannot fail.
    let _ = match arguments.format {
        ReviewFormat::Text => {
            text(reviewed, arguments, Page { look: arguments.screen.look(Detail::Usual), out: &mut out })
        }
        ReviewFormat::Json => json_document(&document(reviewed), &mut out),
        ReviewFormat::Sarif => json_document(&sarif(reviewed), &mut out),
        ReviewFormat::Github => github(reviewed, &mut out),
    };
    out
}

fn title(told: &Told) -> String {
    // A test holds that every cause has a page.
    guide::page(told.remark.cause).unwrap_or_default().title
}

fn text(reviewed: &[Reviewed], arguments: &ReviewArguments, mut page: Page) -> io::Result<()> {
    // Of files that nobody named, those alone are told that hold an account.
    let is_told = |one: &&Reviewed| !arguments.paths.is_empty() || one.accounts > 0;
    for one in reviewed.iter().filter(is_told) {
        let file = visible(&one.shown);
        page.styled(&format!("{file} ({})", one.program.title), Style::new().bold())?;
        if one.remarks.is_empty() {
            let words = if one.accounts == 0 { "no account in it" } else { "nothing to mend for iCloud Mail" };
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
            page.paragraph(
                &format!("{}, {}: {}", remark.severity.word(), remark.sure.word(), remark.cause),
                "  ",
                "  ",
            )?;
            page.paragraph(&visible(told.why().as_str()), "  ", "  ")?;
            for difference in &told.differences {
                if let Some(before) = &difference.before {
                    writeln!(page.out, "    - {}", visible(before.as_str().trim()))?;
                }
                writeln!(page.out, "    + {}", visible(difference.after.as_str().trim()))?;
            }
        }
        writeln!(page.out)?;
    }
    page.paragraph(&closing(reviewed, arguments.fix), "", "")
}

fn closing(reviewed: &[Reviewed], is_fixing: bool) -> String {
    let all = || reviewed.iter().flat_map(|one| &one.remarks).map(|told| &told.remark);
    let (count, certain) = (all().count(), all().filter(|remark| remark.is_mended()).count());
    let of = |count: usize, word: &str| if count == 1 { format!("1 {word}") } else { format!("{count} {word}s") };
    let read = format!("{} read", of(reviewed.len(), "file"));
    if reviewed.iter().all(|one| one.accounts == 0) {
        return format!(
            "{read}, and no account in what was read. Name the settings file of your mail program, if it has one."
        );
    }
    let Some(first) = all().next() else { return format!("{read}: nothing to mend for iCloud Mail.") };
    let explain = format!("`icloud-mail-doctor explain {}` says more of the first.", first.cause);
    let fix = match (certain, is_fixing) {
        (0, _) => "None of it can be mended without you.".to_owned(),
        (_, true) => format!(
            "What is certain ({}) is written now; what became of each file is said below.",
            of(certain, "thing")
        ),
        (_, false) => format!("--fix writes what is certain ({}), and keeps a copy.", of(certain, "thing")),
    };
    format!("{read}, {} to mend. {fix} {explain}", of(count, "thing"))
}

fn document(reviewed: &[Reviewed]) -> Value {
    let files =
        reviewed.iter().map(|one| json!({ "file": one.shown, "program": one.program.id, "accounts": one.accounts, "is_cut_short": one.is_cut_short }));
    let findings = reviewed.iter().flat_map(|one| {
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
        "files": files.collect::<Vec<_>>(),
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
            "results": results.collect::<Vec<_>>(),
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
    }
    Ok(())
}
