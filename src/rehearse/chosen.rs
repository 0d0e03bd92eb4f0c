//! The chosen cases, whose reports are kept in every format: together they show every word that a report can contain.

use checks::network::Judgement;
use checks::plan::Security;

use super::cases::{cases, chosen};
use crate::report::{CheckOutcome, Report, Severity, Speaker, StepOutcome, Sure, Verdict};

/// Something that a report may show, and whether a report does.
struct Word {
    name: String,
    is_shown: Box<dyn Fn(&Report) -> bool>,
}

fn word(name: impl Into<String>, is_shown: impl Fn(&Report) -> bool + 'static) -> Word {
    Word { name: name.into(), is_shown: Box::new(is_shown) }
}

/// A word for each variant; a variant that is not listed does not compile.
macro_rules! each {
    ($of:ident: $($variant:ident),+; $is_shown:expr) => {{
        let _all_are_listed = |value: &$of| match value { $($of::$variant => ()),+ };
        let is_shown: fn(&Report, $of) -> bool = $is_shown;
        [$((stringify!($variant), $of::$variant)),+]
            .map(|(name, value)| word(concat!(stringify!($of), " ").to_owned() + name, move |report| is_shown(report, value)))
    }};
}

fn words() -> Vec<Word> {
    let mut words = Vec::new();
    words.extend(each!(Verdict: Healthy, Trouble, Unclear; |report, verdict| report.verdict == verdict));
    words.extend(each!(CheckOutcome: Clean, Troubled, NotAsked, Asked; |report, outcome| {
        report.checks.iter().any(|row| row.outcome == outcome)
    }));
    words.extend(each!(Severity: Trouble, Warning, Note; |report, severity| report.of(severity).next().is_some()));
    words.extend(each!(Sure: Certain, Likely, Possible; |report, sure| {
        report.of(Severity::Trouble).any(|finding| finding.sure == sure)
    }));
    words.extend(each!(StepOutcome: Answered, Failed, GivenUp; |report, outcome| {
        report.timeline.iter().flat_map(|lane| &lane.steps).any(|step| step.outcome == outcome)
    }));
    words.extend(each!(Speaker: Client, Server, Us; |report, speaker| {
        report.transcripts.iter().flat_map(|transcript| &transcript.lines).any(|said| said.from == speaker)
    }));
    words.extend(each!(Security: Tls, Starttls; |report, security| {
        [&report.settings.imap, &report.settings.smtp].iter().any(|server| server.security == security)
    }));
    words.extend(judgements());
    words.extend(others());
    words
}

/// The results for a set of roots.
fn judgements() -> impl Iterator<Item = Word> {
    let all = [Judgement::Trusted, Judgement::UnknownIssuer, Judgement::Expired, Judgement::NotYetValid];
    all.into_iter().filter_map(|judgement| {
        let says = match judgement {
            Judgement::Trusted => "trusts it",
            Judgement::UnknownIssuer => "does not know its issuer",
            Judgement::Expired => "says that it has expired",
            Judgement::NotYetValid => "says that it is not valid yet",
            // No recorded case has such a result; the renderers' own tests do.
            Judgement::Other(_) => return None,
        };
        Some(word(format!("a store that {says}"), move |report: &Report| {
            report.chains.iter().flat_map(|chain| &chain.stores).any(|store| store.says == says)
        }))
    })
}

/// Parts of a report that may be missing.
fn others() -> Vec<Word> {
    let fault = |begins: &'static str| {
        word(format!("a certificate that is {begins}"), move |report: &Report| {
            let mut links = report.chains.iter().flat_map(|chain| &chain.certificates);
            links.any(|link| link.fault.as_ref().is_some_and(|fault| fault.starts_with(begins)))
        })
    };
    let first = |begins: &'static str| {
        word(format!("a conclusion: {begins}"), move |report: &Report| report.conclusion.starts_with(begins))
    };
    let has = |part: &'static str| {
        word(format!("a conclusion with: {part}"), move |report: &Report| report.conclusion.contains(part))
    };
    vec![
        fault("expired on"),
        fault("valid only from"),
        fault("not for"),
        fault("signed by itself"),
        first("No problem found: "),
        first("No problem found in what was checked"),
        has("; the sign-in was not tried."),
        first("Mail works here, but"),
        first("Mail fails"),
        first("Receiving fails"),
        first("Sending fails"),
        first("Both sign-ins work here, but"),
        has("s because: "),
        has(", very likely because: "),
        has(", perhaps because: "),
        has(", and none of the known causes fits."),
        first("No result"),
        word("look here", |report| report.checks.iter().any(|row| row.deserves_a_look)),
        word("a masked report", |report| report.is_masked),
        word("stand-ins", |report| report.about_stand_ins().is_some()),
        word("a run that was cut short", |report| !report.complete),
        word("nobody signs in", |report| report.settings.email.is_none() && !report.settings.sign_in),
        word("no conversation", |report| report.transcripts.is_empty()),
        word("a conversation that was had once more", |report| {
            report.transcripts.iter().any(|transcript| transcript.server.ends_with(", once more"))
        }),
        word("nothing found", |report| report.findings.is_empty()),
        word("several causes", |report| report.findings.len() > 1),
        word("something against it", |report| report.findings.iter().any(|finding| !finding.against.is_empty())),
        word("what would decide", |report| report.findings.iter().any(|finding| finding.would_decide.is_some())),
        word("what to do next", |report| !report.next.is_empty()),
    ]
}

/// The words that none of these cases shows.
fn unshown(is_kept: impl Fn(&str) -> bool) -> Vec<String> {
    let reports = || cases().iter().filter(|case| is_kept(case.name)).map(|case| &case.report);
    words().into_iter().filter(|word| !reports().any(&word.is_shown)).map(|word| word.name).collect()
}

#[test]
fn every_word_is_shown_by_a_chosen_case() {
    let chosen = chosen();
    assert!(chosen.iter().all(|name| cases().iter().any(|case| case.name == name)), "{chosen:?}");
    assert_eq!(unshown(|name| chosen.contains(name)), Vec::<String>::new());
}

#[test]
fn every_chosen_case_shows_what_no_other_does() {
    let chosen = chosen();
    let idle = |without: &&String| unshown(|name| chosen.contains(name) && name != without.as_str()).is_empty();
    assert_eq!(chosen.iter().filter(idle).collect::<Vec<_>>(), Vec::<&String>::new());
}
