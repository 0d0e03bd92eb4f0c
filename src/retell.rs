//! `diagnose` and `render`: a saved report told again, with today's rules or as it was, and without a network.

use std::path::Path;

use checks::network::plain_file;

use crate::cli::{DiagnoseArguments, RenderArguments};
use crate::files::open_given;
use crate::misuse::file_name;
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
    Ok(Destinations::open(&arguments.output, None, Some(&arguments.file))?.write(&report, &report))
}

/// Reads the report and tells it in another format.
pub(crate) fn render(arguments: &RenderArguments) -> Result<u8, Misuse> {
    let report = saved::read(&read(&arguments.file)?).map_err(|why| unusable("rendered", &arguments.file, &why))?;
    Ok(Destinations::open(&arguments.output, None, Some(&arguments.file))?.write(&report, &report))
}

fn unusable(what: &str, file: &Path, why: &str) -> Misuse {
    let name = name(file);
    Misuse::new(format!("{name} cannot be {what}: {why}"), "name a file that `check --report json=FILE` wrote")
}

fn name(path: &Path) -> String {
    if path.as_os_str() == "-" { "standard input".to_owned() } else { file_name(path) }
}

fn read(path: &Path) -> Result<String, Misuse> {
    let unread = |why: &dyn std::fmt::Display| {
        let next = "name a file that `check --report json=FILE` wrote, or - for standard input";
        Misuse::new(format!("{} cannot be read: {why}", name(path)), next)
    };
    let bytes =
        open_given(path).and_then(|source| plain_file::within(source, limits::LONGEST)).map_err(|why| unread(&why))?;
    String::from_utf8(bytes).map_err(|_| unread(&"it is not text in UTF-8"))
}
