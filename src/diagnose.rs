//! `diagnose`: the diagnosis again, from the evidence in a saved report, with today's rules and without a network.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use crate::Misuse;
use crate::cli::DiagnoseArguments;
use crate::output::Destinations;
use crate::report::{self, Report, saved};

/// No report is longer, in bytes: a device or a disk image that was named by mistake ends here.
const LONGEST: u64 = 64 * 1024 * 1024;

/// Reads the report and tells what its evidence means.
pub(crate) fn run(arguments: &DiagnoseArguments) -> Result<u8, Misuse> {
    let text = read(&arguments.file)?;
    let unusable = |why: String| {
        let name = name(&arguments.file);
        Misuse::new(format!("{name} cannot be diagnosed: {why}"), "name a file that `check --report json=FILE` wrote")
    };
    let old = saved::read(&text).map_err(unusable)?;
    let evidence = saved::evidence(&old).map_err(unusable)?;
    let fresh = report::compose(&evidence, arguments.output.client.as_deref())
        .map_err(|fault| unusable(format!("its evidence does not fit together ({fault})")))?;
    // The machine and the conversations are those of the run, wherever it is diagnosed.
    let report = Report { machine: old.machine, transcripts: old.transcripts, ..fresh };
    Destinations::open(&arguments.output, None)?.write(&report)?;
    Ok(report.exit_code())
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
    let mut text = String::new();
    source.take(LONGEST).read_to_string(&mut text).map_err(unread)?;
    Ok(text)
}
