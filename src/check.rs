//! `check`: asks the real network.

use std::io::IsTerminal as _;
use std::net::IpAddr;
use std::path::{Path, PathBuf};

use checks::conceal::Concealer;
use checks::evidence::Evidence;
use checks::network::case::{Call, Case};
use checks::network::clock::Stopwatch;
use checks::network::real::{Real, RootFiles};
use checks::network::recording::{Recording, Tape};
use checks::plan::Plan;
use checks::questions::Question;
use checks::{examine, second_look};

use crate::cli::TellingArguments;
use crate::cli::check::CheckArguments;
use crate::cli::{guard, password};
use crate::misuse::file_name;
use crate::output::{self, Destinations};
use crate::privacy::{self, Computer};
use crate::progress::Progress;
use crate::report::{self, Machine, Report, Verdict};
use crate::runtime::wait_for;
use crate::signals::{HeldBack, Interruption};
use crate::{Misuse, guide, review};

/// Runs the checks and tells what came of them. Signals that were held back until then are heard from there on.
pub(crate) fn run(arguments: &CheckArguments, held: Option<HeldBack>) -> Result<u8, Misuse> {
    if arguments.list {
        return list();
    }
    let arguments = as_the_program_is_set(arguments.tidied())?;
    let plan = arguments.plan(None)?;
    if arguments.list_hosts {
        return output::print(hosts(&plan).join("\n").as_bytes());
    }
    if arguments.dry_run {
        return output::print(intentions(&arguments, &plan).as_bytes());
    }
    wait_for(async { Box::pin(on_the_network(arguments, Interruption::listen(held)?)).await })
}

/// The same with the servers of a settings file, where one was named.
fn as_the_program_is_set(mut arguments: CheckArguments) -> Result<CheckArguments, Misuse> {
    let Some(path) = &arguments.settings_from else { return Ok(arguments) };
    let servers = review::servers(path)?;
    if let Some(server) = servers.imap {
        (arguments.imap_host, arguments.imap_port) = (server.host, server.port);
        (arguments.imap_security, arguments.imap_username) = (server.security, server.login);
    }
    if let Some(server) = servers.smtp {
        (arguments.smtp_host, arguments.smtp_port) = (server.host, server.port);
        (arguments.smtp_security, arguments.smtp_username) = (server.security, server.login);
    }
    arguments.telling.client = arguments.telling.client.take().or_else(|| guide::program(servers.program));
    Ok(arguments)
}

async fn on_the_network(mut arguments: CheckArguments, mut interruption: Interruption) -> Result<u8, Misuse> {
    if let Err(unanswered) = guard::confirm(&mut arguments).await {
        return unanswered.ended();
    }
    let arguments = &arguments;
    let mut plan = arguments.plan(None)?;
    let given = [&arguments.settings_from, &arguments.ca_file, &arguments.public_roots];
    let inputs: Vec<&Path> = given.into_iter().flatten().map(PathBuf::as_path).collect();
    let destinations = Destinations::open(&arguments.telling.output, arguments.record.as_deref(), &inputs)?;
    let files = RootFiles { additional: arguments.ca_file.clone(), public: arguments.public_roots.clone() };
    let next = "name a file of certificates in PEM form";
    if let Some(path) = [&files.additional, &files.public].into_iter().flatten().find(|path| !path.exists()) {
        return Err(Misuse::new(format!("there is no file of certificates at {}", file_name(path)), next));
    }
    let real = Real::new(&files).map_err(|why| Misuse::new(why.to_string(), next))?;
    if let (true, Some(email)) = (arguments.wants_sign_in(), &arguments.email) {
        tokio::select! {
            biased;
            // A question hears a signal itself: it leaves no report, because nothing has begun.
            completed = password::complete(&mut plan, arguments, email) => if let Err(unanswered) = completed {
                return unanswered.ended();
            },
            () = interruption.come() => {}
        }
    }
    let progress = Progress::new(arguments);
    let interrupted = interruption.come();
    if destinations.wants_case() {
        let recording = Recording::of(real);
        let evidence = examine(&plan, &recording, &progress, arguments.deadline, interrupted).await;
        drop(progress);
        let told = tell(&evidence, &plan, Place::Here, &arguments.telling, &destinations);
        let case = case(arguments, &plan, &evidence, recording.tape());
        return match case.and_then(|case| destinations.write_case(&case)) {
            Ok(()) => told,
            Err(misuse) => told.map(|_| destinations.failed(&misuse)),
        };
    }
    let evidence = examine(&plan, &real, &progress, arguments.deadline, interrupted).await;
    // What is shown while waiting is wiped away, and nothing of the report with it.
    drop(progress);
    tell(&evidence, &plan, Place::Here, &arguments.telling, &destinations)
}

/// Where a run was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    Here,
    /// On a computer of which a case tells nothing.
    Elsewhere,
}

/// Tells what was learnt wherever it was asked for, and says with which code to end.
pub(crate) fn tell(
    evidence: &Evidence,
    plan: &Plan,
    place: Place,
    telling: &TellingArguments,
    destinations: &Destinations,
) -> Result<u8, Misuse> {
    let Reports { for_others, for_oneself } = reports(evidence, plan, place, telling)?;
    Ok(destinations.write(&for_others, for_oneself.as_ref().unwrap_or(&for_others)))
}

/// A run's report, for two kinds of readers.
pub(crate) struct Reports {
    /// For whoever gets a file or reads a pipe.
    pub(crate) for_others: Report,
    /// For the person at this terminal, where that is another.
    pub(crate) for_oneself: Option<Report>,
}

/// Puts the report together, and masks it unless that is unwanted.
pub(crate) fn reports(
    evidence: &Evidence,
    plan: &Plan,
    place: Place,
    telling: &TellingArguments,
) -> Result<Reports, Misuse> {
    let fault = |fault: serde_json::Error| {
        Misuse::new(format!("the report cannot be put together: {fault}"), "please report this")
    };
    let (computer, machine) = match place {
        Place::Here => (Computer::this(), Machine::this()),
        Place::Elsewhere => (Computer::default(), Machine::unknown()),
    };
    let compose = |evidence: &Evidence, is_masked: bool, stand_ins: Vec<IpAddr>| {
        let report = report::compose(evidence, telling.client.as_deref());
        Ok(Report { machine: machine.clone(), is_masked, stand_ins, ..report })
    };
    if telling.show_address {
        return Ok(Reports { for_others: compose(evidence, false, Vec::new())?, for_oneself: None });
    }
    let watch = Stopwatch::start();
    let masked = privacy::masked(evidence, plan, &computer).map_err(fault)?;
    let spent_ms = watch.milliseconds();
    let composed = |evidence, stand_ins| compose(&in_time(evidence, spent_ms).map_err(fault)?, true, stand_ins);
    let for_others = composed(masked.for_others, masked.stand_ins)?;
    let is_shown = std::io::stdout().is_terminal();
    let for_oneself = is_shown.then(|| composed(masked.for_oneself, Vec::new())).transpose()?;
    Ok(Reports { for_others, for_oneself })
}

/// How long masking may take, in milliseconds; telling takes as long again, and nobody waits for more.
const PATIENCE: u64 = 1000;

/// The same evidence, or the essence of it where so much time is gone that the rest would not be told soon.
fn in_time(mut evidence: Evidence, spent_ms: u64) -> Result<Evidence, serde_json::Error> {
    if spent_ms > PATIENCE {
        evidence.keep_the_essence()?;
    }
    Ok(evidence)
}

/// The run as a case: no secret, and nobody's address.
fn case(arguments: &CheckArguments, plan: &Plan, evidence: &Evidence, tape: Tape) -> Result<Case, Misuse> {
    let fault = |fault: String| Misuse::new(format!("the case cannot be written: {fault}"), "please report this");
    let report = report::compose(evidence, None);
    let title = match (report.findings.first(), report.verdict) {
        (Some(finding), _) => finding.title.clone(),
        (None, Verdict::Healthy) => "All is well".to_owned(),
        (None, _) => report.conclusion,
    };
    let case = Case {
        title,
        source: None,
        run: Call {
            arguments: arguments.essentials(),
            password: plan.password.as_ref().map(|password| password.shape.clone()),
            started_at: evidence.started_at,
        },
        machine: tape.machine,
        queries: tape.queries,
        connections: tape.connections,
        pages: tape.pages,
    };
    // Secrets first: a name in the password would be replaced, and the rest of it left.
    let case = Concealer::of(plan).case(case).map_err(|why| fault(why.to_string()))?;
    privacy::anonymous(case, plan).map_err(fault)
}

fn list() -> Result<u8, Misuse> {
    let line = |question: Question| format!("{:<17} {}", question.id(), question.listed().asks);
    let mut lines: Vec<String> = Question::CHECKS.iter().map(|check| line(*check)).collect();
    lines.push("\nand only after trouble (second looks):".to_owned());
    for look in Question::LOOKS {
        lines.push(format!("{}\n{:<17} after {}", line(*look), "", look.listed().asked_after.unwrap_or_default()));
    }
    output::print(lines.join("\n").as_bytes())
}

fn hosts(plan: &Plan) -> Vec<String> {
    let mut hosts = vec![
        format!("{}:{}  the server for reading", plan.imap.host, plan.imap.port),
        format!("{}:{}  the server for sending", plan.smtp.host, plan.smtp.port),
        format!("{}  Apple's status page", plan.status_url),
    ];
    match plan.resolver {
        Some(resolver) => hosts.insert(0, format!("{resolver}  the resolver")),
        None => hosts.insert(0, "the system's resolvers".to_owned()),
    }
    for look in Question::LOOKS.iter().copied().filter(|look| plan.looks_again(*look)) {
        let after = look.listed().asked_after.unwrap_or_default();
        hosts.extend(second_look::contacts(look, plan).into_iter().map(|host| format!("{host}  only after {after}")));
    }
    hosts
}

fn intentions(arguments: &CheckArguments, plan: &Plan) -> String {
    let mut lines: Vec<String> = Question::CHECKS
        .iter()
        .filter(|check| plan.asks(**check))
        .map(|check| format!("would ask  {:<13} {}", check.id(), check.listed().asks))
        .collect();
    lines.push(match arguments.signs_in() {
        true if plan.looks_again(Question::OtherSignIn) => {
            "would sign in once at each server, and once more only where that is refused".to_owned()
        }
        true => "would sign in once at each server".to_owned(),
        false => "would sign in nowhere".to_owned(),
    });
    lines.extend(hosts(plan).into_iter().map(|host| format!("would contact  {host}")));
    lines.join("\n")
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test says what went wrong by failing")]
mod tests {
    use proptest::prelude::*;
    use serde_json::Value;

    use super::*;
    use crate::rehearse;

    fn recorded() -> &'static [Value] {
        static RECORDED: std::sync::OnceLock<Vec<Value>> = std::sync::OnceLock::new();
        RECORDED.get_or_init(|| {
            rehearse::all().iter().map(|(_, evidence)| serde_json::to_value(evidence).unwrap()).collect()
        })
    }

    /// Every text and every list, as pointers.
    fn places(value: &Value, at: &str, found: &mut Vec<String>) {
        match value {
            Value::Object(fields) => {
                fields.iter().for_each(|(key, value)| places(value, &format!("{at}/{key}"), found));
            }
            Value::Array(items) => {
                found.push(at.to_owned());
                items.iter().enumerate().for_each(|(key, value)| places(value, &format!("{at}/{key}"), found));
            }
            Value::String(_) => found.push(at.to_owned()),
            _ => {}
        }
    }

    fn inflate(value: &mut Value) {
        match value {
            Value::String(text) => *text = text.repeat(3_000 / text.len().max(1)),
            Value::Array(items) if !items.is_empty() => *items = items.iter().cycle().take(150).cloned().collect(),
            _ => {}
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, cases: 40, ..ProptestConfig::default() })]

        #[test]
        fn whatever_grows_the_evidence_stays_within_its_budget_and_says_so(
            which in any::<prop::sample::Index>(),
            grown in prop::collection::vec(any::<prop::sample::Index>(), 1..5),
        ) {
            let mut value = recorded()[which.index(recorded().len())].clone();
            let mut found = Vec::new();
            places(&value, "", &mut found);
            let mut count = 0;
            for place in grown {
                let mut larger = value.clone();
                let place = &found[place.index(found.len())];
                larger.pointer_mut(place).into_iter().for_each(inflate);
                // What has a form of its own, such as an address, is no longer one; and a set holds the same thing once.
                let read = serde_json::from_value::<Evidence>(larger.clone()).and_then(serde_json::to_value);
                if larger != value && read.is_ok_and(|read| read == larger) {
                    (value, count) = (larger, count + 1);
                }
            }
            let mut evidence: Evidence = serde_json::from_value(value).unwrap();
            evidence.keep_to(checks::budget::TOLD).unwrap();
            prop_assert!(serde_json::to_string(&evidence).unwrap().len() < 2 * 1024 * 1024);
            prop_assert_eq!(evidence.left_out.is_empty(), count == 0);
        }
    }

    #[test]
    fn where_masking_was_slow_the_essence_is_told_and_what_was_left_out() {
        for value in recorded() {
            let evidence: Evidence = serde_json::from_value(value.clone()).unwrap();
            assert_eq!(in_time(evidence.clone(), PATIENCE).unwrap(), evidence);
            let essence = in_time(evidence.clone(), PATIENCE + 1).unwrap();
            assert!(essence.first.imap.transcript.lines.is_empty() && essence.first.smtp.transcript.lines.is_empty());
            assert_eq!(
                essence.left_out.is_empty(),
                evidence.first.imap.transcript.lines.is_empty() && evidence.first.smtp.transcript.lines.is_empty()
            );
            let causes = |evidence| {
                report::compose(evidence, None).findings.into_iter().map(|finding| finding.cause).collect::<Vec<_>>()
            };
            assert_eq!(causes(&essence), causes(&evidence));
        }
    }
}
