//! `diagnose` and `render`: a saved report told again, with today's rules or as it was, and without a network.

use std::path::Path;

use checks::network::case::Case;

use crate::cli::{DiagnoseArguments, RenderArguments};
use crate::files::given_text;
use crate::misuse::{Misuse, file_name};
use crate::output::Destinations;
use crate::report::saved::{self, Unreadable};
use crate::report::{self, Report};

/// Reads the report and tells what its evidence means.
pub(crate) fn diagnose(arguments: &DiagnoseArguments) -> Result<u8, Misuse> {
    let old = read(&arguments.file)?;
    let unusable = |why: String| unusable(&arguments.file, &why.into());
    let report = again(old, arguments.client.as_deref()).map_err(unusable)?;
    Ok(Destinations::open(&arguments.output, None, &[&arguments.file])?.write(&report, &report))
}

/// What the evidence of a report means by today's rules.
pub(crate) fn again(old: Report, program: Option<&str>) -> Result<Report, String> {
    let evidence = saved::evidence(&old)?;
    let mut fresh = report::draft(&evidence, program, old.machine.clone()).unmasked();
    fresh.checks.extend(old.checks.iter().filter(|row| row.is_of_a_later_version()).cloned());
    // The machine and what was said when are those of the run, wherever it is diagnosed.
    let Report { is_masked, stand_ins, timeline, transcripts, left_out, .. } = old;
    Ok(Report { is_masked, stand_ins, timeline, transcripts, left_out, ..fresh })
}

/// Reads the report and tells it in another format.
pub(crate) fn render(arguments: &RenderArguments) -> Result<u8, Misuse> {
    let report = read(&arguments.file)?;
    Ok(Destinations::open(&arguments.output, None, &[&arguments.file])?.write(&report, &report))
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
