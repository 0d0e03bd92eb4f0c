//! `diagnose` and `render`: print saved reports again, with today's rules or unchanged, without a network.

use std::path::{Path, PathBuf};

use checks::network::case::Case;

use crate::cli::{DiagnoseArguments, OutputArguments, RenderArguments};
use crate::files::given_text;
use crate::misuse::{Misuse, file_name};
use crate::output::Destinations;
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
