//! `diagnose`, `render` and `compare`: print saved reports again, with today's rules or unchanged, or what differs
//! between two of them, without a network.

use std::path::{Path, PathBuf};

use checks::network::case::Case;

use crate::cli::compare::CompareArguments;
use crate::cli::{DiagnoseArguments, OutputArguments, RenderArguments};
use crate::files::given_text;
use crate::misuse::{Misuse, file_name};
use crate::output::{self, Destinations};
use crate::privacy::mask;
use crate::render::{self, Detail};
use crate::report::comparison::{Comparison, Side};
use crate::report::overview::{Overview, Row};
use crate::report::saved::{self, Unreadable};
use crate::report::{self, Report, Settings};

/// Reads the reports and diagnoses their evidence again.
pub(crate) fn diagnose(arguments: &DiagnoseArguments) -> Result<u8, Misuse> {
    tell(&arguments.files, &arguments.output, |old| again(old, arguments.client.as_deref()))
}

/// Reads the reports and prints them in another format.
pub(crate) fn render(arguments: &RenderArguments) -> Result<u8, Misuse> {
    tell(&arguments.files, &arguments.output, |old| match &arguments.client {
        Some(program) => worded(old, program),
        None => Ok(old),
    })
}

/// Reads two reports, and prints what differs between them by the rules of this version.
pub(crate) fn compare(arguments: &CompareArguments) -> Result<u8, Misuse> {
    let CompareArguments { a, b, anyway, format, screen } = arguments;
    if [a, b].iter().all(|file| file.as_os_str() == "-") {
        return Err(Misuse::new("both reports would be read from standard input", "name a file for one of them"));
    }
    let (old_a, old_b) = (read(a)?, read(b)?);
    if !anyway && are_of_other_accounts(&old_a, &old_b) {
        let next = "name two reports of one account, or compare them with --anyway";
        return Err(Misuse::new("the reports are of different accounts", next));
    }
    let comparison = Comparison::of(&side(a, old_a)?, &side(b, old_b)?);
    let mut text = Vec::new();
    render::render(*format, screen.look(Detail::Usual), &comparison, &mut text).map_err(|fault| {
        Misuse::fault(format!("the comparison cannot be put together ({fault})"), "choose another format")
    })?;
    output::print_colored(&text, screen.color_choice()).map(|_| comparison.exit_code())
}

fn side(file: &Path, old: Report) -> Result<Side, Misuse> {
    let unusable = |why: String| unusable(file, &why.into());
    let evidence = saved::evidence(&old).map_err(unusable)?;
    let version = old.tool.version.clone();
    let is_file = file.as_os_str() != "-";
    Ok(Side { file: name(file), is_file, version, report: again(old, None).map_err(unusable)?, evidence })
}

/// Whether two reports are certainly not of one account. A masked one keeps the first letter and the domain of its
/// address, and one without an address is of no account in particular.
fn are_of_other_accounts(a: &Report, b: &Report) -> bool {
    let (Some(one), Some(other)) = (&a.settings.email, &b.settings.email) else { return false };
    let (one, other) = (one.to_lowercase(), other.to_lowercase());
    if a.is_masked || b.is_masked { mask(&one) != mask(&other) } else { one != other }
}

/// Prints one report completely, and several as a table; a file that cannot be read becomes a row too.
fn tell(
    files: &[PathBuf],
    output: &OutputArguments,
    told: impl Fn(Report) -> Result<Report, String>,
) -> Result<u8, Misuse> {
    let told = |file: &Path| told(read(file)?).map_err(|why| unusable(file, &why.into()));
    let inputs: Vec<&Path> = files.iter().map(PathBuf::as_path).collect();
    if let [file] = inputs[..] {
        let report = told(file)?;
        return Ok(Destinations::open(output, None, &inputs)?.write(&report, &report));
    }
    let destinations = Destinations::open(output, None, &inputs)?;
    let row = |(at, file): (usize, &Path)| match told(file) {
        Ok(report) => Row::of(name(file), &report),
        // A word that is not a file may be anything that was typed in the wrong place.
        Err(misuse) if !file.exists() && !file.is_absolute() => {
            Row::unreadable(format!("file {}", at + 1), misuse.to_string())
        }
        Err(misuse) => Row::unreadable(name(file), misuse.to_string()),
    };
    destinations.write_overview(&Overview { rows: inputs.into_iter().enumerate().map(row).collect() })
}

/// Diagnoses the evidence of a report by today's rules.
pub(crate) fn again(old: Report, program: Option<&str>) -> Result<Report, String> {
    let evidence = saved::evidence(&old)?;
    let mut fresh = report::draft(&evidence, program, old.machine.clone()).unmasked();
    fresh.checks.extend(old.checks.iter().filter(|row| row.is_of_a_later_version()).cloned());
    // The machine and the times of the conversations are those of the run, not of this computer.
    let Report { is_masked, stand_ins, timeline, transcripts, left_out, .. } = old;
    Ok(Report { is_masked, stand_ins, timeline, transcripts, left_out, ..fresh })
}

/// A report with its old findings, and with its steps worded for a mail program.
fn worded(old: Report, program: &str) -> Result<Report, String> {
    let fresh = again(old.clone(), Some(program))?;
    let mut report = old;
    for finding in &mut report.findings {
        let same = fresh.findings.iter().find(|other| other.cause == finding.cause);
        finding.steps = same.map_or_else(|| std::mem::take(&mut finding.steps), |same| same.steps.clone());
    }
    let next = if fresh.verdict == report.verdict { fresh.next } else { report.next };
    let settings = Settings { client: Some(program.to_owned()), ..report.settings };
    Ok(Report { settings, next, ..report })
}

fn read(path: &Path) -> Result<Report, Misuse> {
    let text = given_text(path).map_err(|why| unusable(path, &why.into()))?;
    saved::read(&text).map_err(|why| match Case::read(&text) {
        Ok(_) => {
            let file = name(path);
            Misuse::new(
                format!("{file} is a recorded case and not a report"),
                "play it with `icloud-mail-doctor rehearse`",
            )
        }
        Err(_) => unusable(path, &why),
    })
}

fn unusable(file: &Path, why: &Unreadable) -> Misuse {
    let next = match why {
        Unreadable::Later(_) => "update this program",
        Unreadable::Broken(_) => "name a file that `check --report json=FILE` wrote, or - for standard input",
    };
    Misuse::new(format!("{} cannot be read: {why}", name(file)), next)
}

fn name(path: &Path) -> String {
    if path.as_os_str() == "-" { "standard input".to_owned() } else { file_name(path) }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test says what went wrong by failing")]
mod tests {
    use super::*;
    use crate::rehearse;

    #[test]
    fn an_account_is_known_by_its_address_as_far_as_the_mask_shows_it() {
        let of = |email: Option<&str>, is_masked: bool| {
            let mut report = report::compose(&rehearse::all()[0].1, None);
            (report.settings.email, report.is_masked) = (email.map(str::to_owned), is_masked);
            report
        };
        for (one, other, are_other) in [
            (of(Some("anna@icloud.com"), false), of(Some("Anna@iCloud.com"), false), false),
            (of(Some("anna@icloud.com"), false), of(Some("anton@icloud.com"), false), true),
            (of(Some("anna@icloud.com"), false), of(Some("a…@icloud.com"), true), false),
            (of(Some("a…@icloud.com"), true), of(Some("a…@icloud.com"), true), false),
            (of(Some("a…@icloud.com"), true), of(Some("b…@icloud.com"), true), true),
            (of(Some("a…@icloud.com"), true), of(Some("a…@me.com"), true), true),
            (of(None, true), of(Some("a…@me.com"), true), false),
        ] {
            let (first, second) = (&one.settings.email, &other.settings.email);
            assert_eq!(are_of_other_accounts(&one, &other), are_other, "{first:?} and {second:?}");
        }
    }
}
