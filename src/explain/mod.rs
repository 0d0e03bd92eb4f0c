//! `explain`: the guide's page for a cause, or the causes that a pasted text points at, without asking anybody anything.

mod excerpt;
mod given;
mod kinds;
mod log;
mod reply;
mod servers;
mod signatures;
mod weigh;

use serde::Serialize;

use crate::cli::{ExplainArguments, ExplainFormat, ScreenArguments};
use crate::diagnosis::{CAUSES, Diagnosis, Severity, Sure};
use crate::misuse::Misuse;
use crate::render::{Detail, Explanation, explanation, json_document};
use crate::report::{Finding, SCHEMA_VERSION, finding};
use crate::{guide, output};
use given::Given;
use weigh::Weighed;

/// The exit code for a text in which nothing is known.
const UNCLEAR: u8 = 3;

/// The JSON form.
#[derive(Serialize)]
struct Document {
    schema_version: u32,
    findings: Vec<Finding>,
}

/// Prints a page, lists the causes, or explains a text.
pub(crate) fn run(arguments: &ExplainArguments) -> Result<u8, Misuse> {
    let program = arguments.client.as_deref();
    let is_json = arguments.format == ExplainFormat::Json;
    match given::read(&arguments.given)? {
        Given::Nothing if is_json => print_json(CAUSES.iter().map(|cause| page(cause.id, program)).collect()),
        Given::Nothing => output::print(list().as_bytes()),
        Given::Cause(cause) if is_json => print_json(vec![page(cause, program)]),
        Given::Cause(cause) => {
            let page = guide::source(cause).unwrap_or_default();
            output::print(format!("{}\n\n{NOTHING_CHECKED}", page.trim_end()).as_bytes())
        }
        Given::Words(text) => {
            if let Some(meant) = given::mistyped(&text) {
                return Err(no_such_cause(&[meant]));
            }
            let weighed = weigh::weigh(&text, None);
            let begun = given::begun(&text);
            if weighed.causes.is_empty() && !begun.is_empty() {
                return Err(no_such_cause(&begun));
            }
            tell(weighed, false, arguments)
        }
        Given::Log(log) => tell(weigh::weigh(&log.text, log.gap), true, arguments),
    }
}

fn no_such_cause(meant: &[&str]) -> Misuse {
    let next = format!("did you mean {}? `icloud-mail-doctor explain` lists them all", meant.join(" or "));
    Misuse::new("there is no cause of that name", next)
}

/// What stands below a page, which reads as if somebody had looked.
const NOTHING_CHECKED: &str = "This page describes the cause; nothing was checked for it. `icloud-mail-doctor check \
                               you@icloud.com` finds out whether it is yours.";

fn tell(weighed: Weighed, is_log: bool, arguments: &ExplainArguments) -> Result<u8, Misuse> {
    let program = arguments.client.as_deref();
    let findings: Vec<Finding> = weighed.causes.into_iter().map(|diagnosis| finding(diagnosis, program)).collect();
    let code = if findings.is_empty() { UNCLEAR } else { 0 };
    if arguments.format == ExplainFormat::Json {
        return print_json(findings).map(|_| code);
    }
    let Weighed { others, is_elsewhere, has_delivery, .. } = weighed;
    let explanation = Explanation { findings, others, is_elsewhere, has_delivery, is_log };
    print_text(&explanation, &arguments.screen).map(|_| code)
}

fn list() -> String {
    let width = CAUSES.iter().map(|cause| cause.id.len()).max().unwrap_or(0);
    let lines = CAUSES.iter().map(|cause| {
        let title = guide::page(cause.id).unwrap_or_default().title;
        format!("{:<width$}  {title}", cause.id)
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// A cause's page as a finding that nothing speaks for.
fn page(cause: &'static str, program: Option<&str>) -> Finding {
    let diagnosis = Diagnosis {
        cause,
        severity: Severity::Trouble,
        sure: Sure::Possible,
        because: vec![],
        against: vec![],
        would_decide: None,
    };
    finding(diagnosis, program)
}

fn print_json(findings: Vec<Finding>) -> Result<u8, Misuse> {
    let mut text = Vec::new();
    // Writing to memory cannot fail.
    let _ = json_document(&Document { schema_version: SCHEMA_VERSION, findings }, &mut text);
    output::print(&text)
}

fn print_text(explained: &Explanation, screen: &ScreenArguments) -> Result<u8, Misuse> {
    let mut text = Vec::new();
    // Writing to memory cannot fail.
    let _ = explanation(explained, screen.look(Detail::Usual), &mut text);
    output::print_colored(text.trim_ascii_start(), screen.color_choice())
}

/// Looks for the causes in a text, whatever it is.
#[cfg(fuzzing)]
pub(crate) fn weighed(text: &str) {
    weigh::weigh(text, None);
}
