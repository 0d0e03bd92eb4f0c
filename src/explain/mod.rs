//! `explain`: the guide's page for a cause, or the causes that a pasted text points to, without a network.

mod advice;
#[cfg(test)]
mod agreement;
mod at_times;
mod coded;
#[cfg(feature = "real")]
mod command;
mod configured;
mod delivery;
mod excerpt;
#[cfg(feature = "real")]
mod given;
mod kinds;
mod log;
mod names;
mod not_mail;
#[cfg(feature = "real")]
mod piped;
mod reply;
mod road;
mod scene;
mod servers;
mod settings;
mod signatures;
mod undecided;
mod weigh;

use crate::diagnosis::{CAUSES, Cause, Diagnosis, SeenIn, Severity, Sure};
use crate::guide::Facts;
use crate::report::{Explanation, Finding, Log, finding};
use crate::words::not_a_cause;
use crate::{guide, programs};
#[cfg(feature = "real")]
pub(crate) use command::run;
use log::Gap;
pub(crate) use names::{Named, begun, mistyped, named};
use weigh::Weighed;

/// What a pasted text points to; nothing of the text itself.
pub(crate) enum InShort {
    /// Most of all to this cause.
    Cause { cause: &'static str, title: String, sure: Sure, unchecked: Option<SeenIn> },
    /// To the servers of another provider.
    Elsewhere,
    /// To nothing that is known.
    Unknown,
}

/// Returns in short what a text points to, and the flags with which `check` asks with the settings that it names; `None`
/// for an empty one.
pub(crate) fn in_short(text: &str) -> Option<(InShort, Vec<String>)> {
    if text.trim().is_empty() {
        return None;
    }
    let Weighed { causes, is_elsewhere, settings, .. } = weigh::weigh(text, None);
    let said = match causes.first() {
        Some(first) => InShort::Cause {
            cause: first.cause,
            title: guide::title(first.cause),
            sure: first.sure,
            unchecked: CAUSES.iter().find(|row| row.id == first.cause).and_then(Cause::unchecked),
        },
        None if is_elsewhere => InShort::Elsewhere,
        None => InShort::Unknown,
    };
    Some((said, settings.flags()))
}

/// What the bytes of a text or a file point to, and what was left out of a long one. The error is what it is instead of
/// a text, and what to do then.
pub(crate) fn of_bytes(bytes: &[u8]) -> Result<(Explanation, Option<String>), (String, String)> {
    let log = log::of_stream(bytes).map_err(|why| (why, String::new()))?;
    if let Some((kind, instead)) = log.kind {
        return Err((kind.to_owned(), instead.to_owned()));
    }
    let read = if log.gap.is_some() { Log::InPart } else { Log::Whole };
    Ok((explained(&log.text, log.gap, None, Some(read)), log.gap.map(|gap| gap.to_string())))
}

/// What a text points to, in whole; `read` says how much of it was read where it is a file.
fn explained(text: &str, gap: Option<Gap>, client: Option<&str>, read: Option<Log>) -> Explanation {
    tell(weigh::weigh(text, gap), text, client, read)
}

fn tell(weighed: Weighed, text: &str, client: Option<&str>, log: Option<Log>) -> Explanation {
    let named = programs::mentioned(text).filter(|program| !scene::works_in(text, program)).map(|program| program.id);
    let program = client.or(named);
    let mut facts = scene::facts(text, program);
    if weighed.causes.iter().any(|found| found.cause == weigh::REFUSED_BY_ICLOUD) {
        facts.pasted.delivery = Some(delivery::of(text));
    }
    let findings: Vec<Finding> =
        weighed.causes.into_iter().map(|diagnosis| finding(diagnosis, &facts, program)).collect();
    let Weighed { others, is_elsewhere, has_delivery, settings, .. } = weighed;
    let (question, flags) = (undecided::question(&findings, &facts), settings.flags());
    let client = program.map(str::to_owned);
    let not_a_cause = not_a_cause::of(text).map(str::to_owned);
    Explanation { findings, question, others, is_elsewhere, has_delivery, not_a_cause, flags, client, log }
}

/// The facts that are known without a run.
fn facts(program: Option<&str>) -> Facts {
    Facts { program: program.map(str::to_owned), ..Facts::default() }
}

/// A cause's page as a finding without reasons.
fn page(cause: &'static str, program: Option<&str>) -> Finding {
    let diagnosis = Diagnosis {
        cause,
        severity: Severity::Trouble,
        sure: Sure::Possible,
        because: vec![],
        against: vec![],
        would_decide: None,
        about: vec![],
    };
    finding(diagnosis, &facts(program), program)
}

/// Weighs any text, for the fuzz targets.
#[cfg(fuzzing)]
pub(crate) fn weighed(text: &str) {
    weigh::weigh(text, None);
}
