//! `diagnose` and `render`: a saved report told again, with today's rules or as it was, and without a network.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use crate::cli::{DiagnoseArguments, RenderArguments};
use crate::output::Destinations;
use crate::report::{self, Report, saved};
use crate::{Misuse, limits};

/// Reads the report and tells what its evidence means.
pub(crate) fn diagnose(arguments: &DiagnoseArguments) -> Result<u8, Misuse> {
    let unusable = |why: String| unusable("diagnosed", &arguments.file, &why);
    let old = saved::read(&read(&arguments.file)?).map_err(unusable)?;
    let evidence = saved::evidence(&old).map_err(unusable)?;
    let fresh = report::compose(&evidence, arguments.client.as_deref())
        .map_err(|fault| unusable(format!("its evidence does not fit together ({fault})")))?;
    // The machine and what was said when are those of the run, wherever it is diagnosed.
    let Report { machine, is_masked, timeline, transcripts, left_out, .. } = old;
    let report = Report { machine, is_masked, timeline, transcripts, left_out, ..fresh };
    Destinations::open(&arguments.output, None)?.write(&report, &report)
}

/// Reads the report and tells it in another format.
pub(crate) fn render(arguments: &RenderArguments) -> Result<u8, Misuse> {
    let report = saved::read(&read(&arguments.file)?).map_err(|why| unusable("rendered", &arguments.file, &why))?;
    Destinations::open(&arguments.output, None)?.write(&report, &report)
}

fn unusable(what: &str, file: &Path, why: &str) -> Misuse {
    let name = name(file);
    Misuse::new(format!("{name} cannot be {what}: {why}"), "name a file that `check --report json=FILE` wrote")
}

fn name(path: &Path) -> String {
    if path.as_os_str() == "-" { "standard input".to_owned() } else { path.display().to_string() }
}

fn read(path: &Path) -> Result<String, Misuse> {
    let unread = |fault: io::Error| {
        let next = "name a file that `check --report json=FILE` wrote, or - for standard input";
        Misuse::new(format!("{} cannot be read: {fault}", name(path)), next)
    };
    let source: Box<dyn Read> =
        if path.as_os_str() == "-" { Box::new(io::stdin()) } else { Box::new(File::open(path).map_err(unread)?) };
    limits::text(source).map_err(unread)
}
