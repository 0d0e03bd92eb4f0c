//! A row a check: what was asked, how it came out, and the evidence.

use checks::asked::{Asked, PerServer};
use checks::evidence::Evidence;
use checks::mailbox::Storage;
use checks::password::{Kind, Shape};
use checks::plan::{Check, Protocol, Question, Security};
use checks::second_look::LOOKS;
use checks::settings::{HostKind, LoginForm, ServerFacts};
use checks::{CHECKS, Listed, apple_status};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::Finding;
use crate::diagnosis::{Severity, Trouble, troubled};
use crate::saw;

/// A check as the report shows it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct CheckRow {
    /// Its name, as `check --list` has it.
    pub(crate) id: String,
    /// What it asks.
    pub(crate) question: String,
    /// How it came out.
    pub(crate) outcome: CheckOutcome,
    /// Whether what it saw deserves a look although it is no trouble: it is not what Apple gives, or a cause begins with it.
    pub(crate) deserves_a_look: bool,
    /// What it saw, or why it was not asked, in one sentence.
    pub(crate) summary: String,
    /// When it was asked, in milliseconds after the start of the run.
    pub(crate) started_ms: Option<u64>,
    /// How long it took, in milliseconds.
    pub(crate) duration_ms: Option<u64>,
    /// What it brought home, in the form that belongs to its name.
    pub(crate) evidence: Value,
}

impl CheckRow {
    /// Whether it is the row of this question.
    pub(crate) fn is_of(&self, question: impl Into<Question>) -> bool {
        match question.into() {
            Question::Check(check) => CHECKS.iter().any(|listed| listed.check == check && listed.id == self.id),
            Question::Look(look) => LOOKS.iter().any(|listed| listed.look == look && listed.id == self.id),
        }
    }

    /// Whether it is a second look's.
    pub(crate) fn is_second_look(&self) -> bool {
        self.outcome == CheckOutcome::Asked
    }
}

/// How a check came out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum CheckOutcome {
    /// It saw no trouble.
    Clean,
    /// It saw trouble.
    Troubled,
    /// It was not asked, or not to its end; the summary says why.
    NotAsked,
    /// It is a second look: its answer is a clue, and neither clean nor troubled by itself.
    Asked,
}

/// When something was asked, and how long it took, in milliseconds.
type Span = Option<(u64, u64)>;

/// The rows, in the order of the checks.
pub(super) fn rows(evidence: &Evidence, findings: &[Finding]) -> Result<Vec<CheckRow>, serde_json::Error> {
    let troubles = troubled(evidence);
    let mut rows = Vec::new();
    for listed in &CHECKS {
        let (span, summary, facts) = learned(listed.check, evidence, &troubles)?;
        // A check is in trouble where a cause begins with it, not where it only lends it a hint.
        let begins_here =
            |finding: &&Finding| finding.because.first().is_some_and(|seen| seen.by == listed.check.into());
        let mut begun = findings.iter().filter(begins_here).map(|finding| finding.severity);
        let begins_trouble = begun.clone().any(|severity| severity == Severity::Trouble);
        let is_seen_behind =
            |finding: &Finding| finding.severity == Severity::Trouble && finding.first_check() == Some(listed.check);
        let is_remarkable = begun.any(|severity| severity != Severity::Note)
            || findings.iter().any(is_seen_behind)
            || (listed.check == Check::Settings && !is_as_apple_gives(evidence));
        let is_troubled = begins_trouble || troubles.iter().any(|(check, _, _)| *check == listed.check);
        // What another check rests on is asked for its sake; of a conversation only the way to TLS is.
        let is_conversation = matches!(listed.check, Check::Imap | Check::Smtp);
        let is_left_out = is_conversation && evidence.settings.left_out.contains(&listed.check);
        let outcome = match span {
            None => CheckOutcome::NotAsked,
            _ if is_left_out => CheckOutcome::NotAsked,
            Some(_) if !is_answered(listed.check, evidence) => CheckOutcome::NotAsked,
            Some(_) if is_troubled => CheckOutcome::Troubled,
            Some(_) => CheckOutcome::Clean,
        };
        rows.push(CheckRow {
            id: listed.id.to_owned(),
            question: listed.question.to_owned(),
            outcome,
            deserves_a_look: outcome == CheckOutcome::Clean && is_remarkable,
            summary: match (span, outcome, listed.check) {
                (Some(_), CheckOutcome::Clean | CheckOutcome::Troubled, _) | (Some(_), _, Check::AppleStatus) => {
                    summary
                }
                _ if is_left_out => "not asked, because it was left out".to_owned(),
                _ => not_asked(listed, evidence, &troubles),
            },
            started_ms: span.map(|(started, _)| started),
            duration_ms: span.map(|(_, duration)| duration),
            evidence: facts,
        });
    }
    Ok(rows)
}

/// Whether what was begun came to an answer: a conversation that ended at TLS did not, and neither did a page that
/// never came.
fn is_answered(check: Check, evidence: &Evidence) -> bool {
    let is_cut_by_tls = |of: Protocol| evidence.tls.of(of).is_some_and(|tls| !tls.is_verified());
    match check {
        Check::Imap => !is_cut_by_tls(Protocol::Imap),
        Check::Smtp => !is_cut_by_tls(Protocol::Smtp),
        Check::AppleStatus => evidence
            .apple_status
            .as_ref()
            .is_some_and(|asked| matches!(asked.facts.outcome, apple_status::Outcome::Read { .. })),
        Check::Settings | Check::Dns | Check::Tcp | Check::Tls => true,
    }
}

fn learned(
    check: Check,
    evidence: &Evidence,
    troubles: &[Trouble],
) -> Result<(Span, String, Value), serde_json::Error> {
    Ok(match check {
        Check::Settings => (Some((0, 0)), settings(evidence), serde_json::to_value(&evidence.settings)?),
        Check::Dns => (span(&evidence.dns), each(&evidence.dns, saw::names), serde_json::to_value(&evidence.dns)?),
        Check::Tcp => (span(&evidence.tcp), each(&evidence.tcp, saw::connection), serde_json::to_value(&evidence.tcp)?),
        Check::Tls => (span(&evidence.tls), each(&evidence.tls, saw::handshake), serde_json::to_value(&evidence.tls)?),
        Check::Imap => (
            span_of(evidence.imap.as_ref()),
            conversation(evidence, Protocol::Imap, troubles),
            serde_json::to_value(&evidence.imap)?,
        ),
        Check::Smtp => (
            span_of(evidence.smtp.as_ref()),
            conversation(evidence, Protocol::Smtp, troubles),
            serde_json::to_value(&evidence.smtp)?,
        ),
        Check::AppleStatus => (
            span_of(evidence.apple_status.as_ref()),
            evidence.apple_status.as_ref().map(|asked| status(&asked.facts)).unwrap_or_default(),
            serde_json::to_value(&evidence.apple_status)?,
        ),
    })
}

fn span_of<T>(asked: Option<&Asked<T>>) -> Span {
    asked.map(|asked| (asked.started_ms, asked.duration_ms))
}

fn span<T>(asked: &PerServer<T>) -> Span {
    let started = asked.each().map(|(_, asked)| asked.started_ms).min()?;
    let ended = asked.each().map(|(_, asked)| asked.started_ms.saturating_add(asked.duration_ms)).max()?;
    Some((started, ended - started))
}

fn each<T>(asked: &PerServer<T>, saw: impl Fn(&T) -> String) -> String {
    asked.each().map(|(_, asked)| saw(&asked.facts)).collect::<Vec<_>>().join("; ")
}

/// Why a check was not asked: the first check that it rests on and that is in trouble, or the person's own wish.
fn not_asked(listed: &Listed, evidence: &Evidence, troubles: &[Trouble]) -> String {
    let rests_on = listed.rests_on;
    // A conversation rests on what is broken on its own server's way, not on the other's.
    let is_on_its_way = |of: Protocol| !matches!(listed.check, Check::Imap | Check::Smtp) || listed.check == of.check();
    let broken = CHECKS.iter().find(|listed| {
        rests_on.contains(&listed.check)
            && troubles.iter().any(|(check, of, _)| *check == listed.check && is_on_its_way(*of))
    });
    // Before STARTTLS the mail protocol comes first, and TLS rests on it.
    let spoken = troubles.iter().find(|(check, _, _)| matches!(check, Check::Imap | Check::Smtp));
    match (broken, spoken) {
        (Some(listed), _) => format!("not asked, because {} is in trouble", listed.id),
        (None, Some((_, of, _))) if !rests_on.is_empty() => format!("not asked, because {} is in trouble", of.name()),
        _ if !evidence.complete => "not asked, because the run was cut short".to_owned(),
        _ => "not asked, because it was left out".to_owned(),
    }
}

/// Whether the servers are set as Apple says, and the password looks like those that Apple makes for an app.
fn is_as_apple_gives(evidence: &Evidence) -> bool {
    let is_usual = |shape: &Shape| shape.kind == Kind::AppSpecific && shape.mangled_by.is_empty();
    [Protocol::Imap, Protocol::Smtp].into_iter().all(|of| is_apples(evidence.server(of)))
        && evidence.settings.password.as_ref().is_none_or(is_usual)
}

fn is_apples(facts: &ServerFacts) -> bool {
    facts.host_is == HostKind::Apples && facts.port_is_apples && facts.security_fits_port == Some(true)
}

fn settings(evidence: &Evidence) -> String {
    let of = |of: Protocol| {
        let server = &evidence.server(of).server;
        let facts = evidence.server(of);
        let (host, port) = checks::plan::apples(of);
        let own = match of {
            Protocol::Imap => "SSL/TLS",
            Protocol::Smtp => "STARTTLS",
        };
        let set = format!("{} {}:{}", of.name(), server.host, server.port);
        let is_elsewhere = facts.login_form == Some(LoginForm::OtherAddress);
        let login = if is_elsewhere { ", with a login name that is not at icloud.com, me.com or mac.com" } else { "" };
        let verdict = match (facts.host_is == HostKind::Apples, facts.port_is_apples) {
            _ if is_apples(facts) => String::new(),
            (true, true) => format!(" with {}; Apple gives {port} with {own}", short(server.security)),
            (true, false) => format!("; Apple gives {port} with {own}"),
            (false, _) => format!("; Apple gives {host}:{port}"),
        };
        format!("{set}{verdict}{login}")
    };
    let password = evidence.settings.password.as_ref().map(|shape| match shape.kind {
        Kind::AppSpecific => "; the password looks like an app-specific one",
        Kind::AppSpecificWithoutDashes => "; the password looks like an app-specific one without its dashes",
        Kind::Other => "; the password does not look like an app-specific one",
    });
    let is_mangled = evidence.settings.password.as_ref().is_some_and(|shape| !shape.mangled_by.is_empty());
    let mangled = if is_mangled { ", and came with characters that do not belong to it" } else { "" };
    format!("{}; {}{}{mangled}", of(Protocol::Imap), of(Protocol::Smtp), password.unwrap_or_default())
}

fn short(security: Security) -> &'static str {
    match security {
        Security::Tls => "SSL/TLS",
        Security::Starttls => "STARTTLS",
    }
}

fn conversation(evidence: &Evidence, of: Protocol, troubles: &[Trouble]) -> String {
    if let Some((_, _, saw)) = troubles.iter().find(|(check, _, _)| *check == of.check()) {
        return saw.clone();
    }
    let mailbox = match of {
        Protocol::Imap => evidence.imap.as_ref().map(|asked| &asked.facts.mailbox),
        Protocol::Smtp => None,
    };
    let storage = mailbox.and_then(|mailbox| mailbox.storage).and_then(fullness);
    let message = mailbox.and_then(|mailbox| mailbox.message.as_ref()).map(saw::message);
    let from = match of {
        Protocol::Smtp => evidence.smtp.as_ref().and_then(|asked| asked.facts.from.as_ref()),
        Protocol::Imap => None,
    };
    let signed_in = match evidence.sign_in(of) {
        Some(sign_in) => saw::sign_in(of, sign_in),
        None => format!("{} greeted; no sign-in was asked for", of.name()),
    };
    let from =
        from.map(|from| format!("{} may send, as far as the server tells before a message is sent", from.address));
    [Some(signed_in), storage, message, from].into_iter().flatten().collect::<Vec<_>>().join("; ")
}

fn fullness(storage: Storage) -> Option<String> {
    let percent = storage.used_kib.saturating_mul(100).checked_div(storage.limit_kib)?;
    Some(format!("the mailbox is {percent} % full"))
}

fn status(facts: &apple_status::Facts) -> String {
    match &facts.outcome {
        apple_status::Outcome::Read { .. } => match facts.ongoing().first() {
            Some((service, event)) => {
                format!("Apple reports \"{}\" for {service} now", event.kind.as_deref().unwrap_or("an event"))
            }
            None => "Apple reports no trouble with mail now (its page can be an hour late)".to_owned(),
        },
        apple_status::Outcome::NotTheFeed { status, .. } => {
            format!("what came is not Apple's feed (HTTP {status}), so it is not known what Apple reports")
        }
        apple_status::Outcome::NotFetched { why } => {
            format!("Apple's status page could not be read: {}", saw::not_fetched(why))
        }
        apple_status::Outcome::NoAddress => "Apple's status page could not be read: its name was not found".to_owned(),
        apple_status::Outcome::Late => "not waited for: the mail servers had answered, and all was well".to_owned(),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test says what went wrong by failing")]
mod tests {
    use super::*;
    use crate::{rehearse, report};

    #[test]
    fn nothing_that_a_cause_begins_with_or_that_apple_does_not_give_is_called_clean() {
        let mut looked_at = 0;
        for (name, evidence) in rehearse::all() {
            let report = report::compose(evidence, None).unwrap();
            let clean = report.checks.iter().filter(|row| row.word() == "clean");
            for row in clean {
                let begins = report.findings.iter().find(|finding| {
                    finding.severity != Severity::Note && row.is_of(finding.because.first().unwrap().by)
                });
                assert_eq!(begins.map(|finding| &finding.cause), None, "{name}: {}", row.id);
                for clue in ["Apple gives", "does not look like", "without its dashes", "do not belong"] {
                    assert!(!row.summary.contains(clue), "{name}: {}", row.summary);
                }
            }
            looked_at += report.checks.iter().filter(|row| row.word() == "look here").count();
        }
        assert!(looked_at > 0);
    }

    #[test]
    fn what_deserves_a_look_is_no_trouble() {
        let (_, healthy) = rehearse::all().iter().find(|(name, _)| *name == "imap/healthy").unwrap();
        let mut other = healthy.clone();
        other.settings.smtp.port_is_apples = false;
        for (evidence, word) in [(healthy, "clean"), (&other, "look here")] {
            let report = report::compose(evidence, None).unwrap();
            assert_eq!(report.checks[0].word(), word);
            assert_eq!((report.exit_code(), report.checks[0].outcome), (0, CheckOutcome::Clean));
        }
    }
}
