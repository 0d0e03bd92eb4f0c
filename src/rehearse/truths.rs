//! What no report may say against its own evidence, checked for every recorded case.

#![allow(clippy::unwrap_used, reason = "a test says what went wrong by failing")]

use std::cell::Cell;

use checks::evidence::Evidence;
use checks::first_look::FirstLook;
use checks::plan::Protocol;
use checks::settings::LoginForm;
use checks::sign_in::Outcome;

use super::all;
use super::refuted::REFUTABLE;
use crate::diagnosis::CAUSES;
use crate::guide::{self, Facts};
use crate::report::{CheckOutcome, Finding, Report, Severity, Sure, Verdict, compose};

fn each(hold: impl Fn(&str, &Evidence, &Report)) {
    for (name, evidence) in all() {
        hold(name, evidence, &compose(evidence, None));
    }
}

/// All the text of a finding.
fn said(finding: &Finding) -> impl Iterator<Item = &str> {
    let seen = finding.because.iter().chain(&finding.against).map(|seen| seen.saw.as_str());
    let words = [&finding.title, &finding.means, &finding.worked].map(String::as_str);
    words.into_iter().chain(seen).chain(finding.steps.iter().map(String::as_str))
}

#[test]
fn no_report_denies_a_password_to_a_server_that_got_one() {
    each(|name, evidence, report| {
        for text in report.findings.iter().flat_map(said) {
            let denials = text.match_indices("No password was sent").map(|(at, _)| &text[at..]);
            for denial in denials.map(|denial| denial.split([';', '.']).next().unwrap_or(denial)) {
                for of in
                    Protocol::BOTH.into_iter().filter(|of| denial.contains(of.name()) || denial.contains("either"))
                {
                    assert!(evidence.first.sign_in(of).is_none(), "{name}: {denial}");
                }
                assert!(denial.contains(" server"), "{name} does not say which server: {denial}");
            }
            for vague in ["sent no password", "no password was sent", "password was not sent"] {
                assert!(!text.contains(vague), "{name}: {text}");
            }
        }
    });
}

/// One web server is not every one, one name may have several addresses, and what a server offers beside sign-ins is no
/// way to sign in.
#[test]
fn nothing_is_said_of_more_than_was_seen() {
    let hold = |name: &str, report: &Report| {
        for seen in report.findings.iter().flat_map(|finding| finding.because.iter().chain(&finding.against)) {
            let saw = &seen.saw;
            for too_much in ["so every encrypted", "only the connections for mail"] {
                assert!(!saw.contains(too_much), "{name}: {saw}");
            }
            let are_several = saw.contains("show certificates") || saw.contains("has the addresses");
            for of_one in [" that is not", ", which is not", "has that address"] {
                assert!(!(are_several && saw.contains(of_one)), "{name}: {saw}");
            }
            assert!(!saw.contains("has that address"), "{name}: {saw}");
            if let Some((_, ways)) = saw.split_once("to sign in with a password, only ") {
                assert!(
                    ["IMAP4", "SASL-IR", "LOGINDISABLED"].iter().all(|other| !ways.contains(other)),
                    "{name}: {saw}"
                );
            }
        }
    };
    each(|name, evidence, report| {
        hold(name, report);
        let mut evidence = evidence.clone();
        let first = &mut evidence.first;
        for asked in [&mut first.imap.dns, &mut first.smtp.dns].into_iter().flatten() {
            let others = asked.facts.addresses.clone();
            asked.facts.addresses.extend(others);
        }
        hold(name, &compose(&evidence, None));
    });
}

#[test]
fn no_step_sends_to_a_resolver_that_has_just_failed() {
    each(|name, evidence, report| {
        let opinions = evidence.second_look.another_resolver.iter().flat_map(|asked| &asked.facts.opinions);
        for opinion in opinions {
            let knows = opinion.says.as_ref().is_some_and(|names| !names.addresses.is_empty());
            let ip = opinion.resolver.ip().to_string();
            for step in report.findings.iter().flat_map(|finding| &finding.steps).filter(|_| !knows) {
                assert!(!step.contains(&ip), "{name}: {step}");
            }
        }
    });
}

/// The words in the table match exactly one step of the page; the step is refuted in some runs and not in others; and
/// no finding is left without a step.
#[test]
fn no_step_is_given_that_the_evidence_refutes() {
    let cases = all();
    for known in REFUTABLE {
        let template = format!("{}/src/guide/{}.md", env!("CARGO_MANIFEST_DIR"), known.cause);
        let template = std::fs::read_to_string(template).unwrap();
        let own = template.lines().filter(|line| guide::step(line).is_some() && line.contains(known.words)).count();
        assert_eq!(own, 1, "{}: {}", known.cause, known.words);
        let refuted = cases.iter().filter(|(_, evidence)| (known.is_refuted)(evidence)).count();
        assert!((1..cases.len()).contains(&refuted), "{}: {}", known.cause, known.words);
    }
    each(|name, evidence, report| {
        for finding in &report.findings {
            assert!(!finding.steps.is_empty(), "{name}: {} has no step left", finding.cause);
            let refuted = REFUTABLE.iter().filter(|known| known.cause == finding.cause);
            for known in refuted.filter(|known| (known.is_refuted)(evidence)) {
                assert!(finding.steps.iter().all(|step| !step.contains(known.words)), "{name}: {}", known.words);
            }
        }
    });
}

#[test]
fn no_step_asks_a_resolver_whose_answer_is_there() {
    each(|name, evidence, report| {
        let opinions = evidence.second_look.another_resolver.iter().flat_map(|asked| &asked.facts.opinions);
        for opinion in opinions.filter(|opinion| opinion.says.is_some()) {
            let asks = format!("--resolver {}", opinion.resolver.ip());
            for step in report.findings.iter().flat_map(|finding| &finding.steps) {
                assert!(!step.contains(&asks), "{name}: {step}");
            }
        }
    });
}

#[test]
fn what_loses_every_large_first_message_is_certain_only_where_none_got_through() {
    each(|name, evidence, report| {
        for finding in report.findings.iter().filter(|finding| finding.cause == "large-client-hello-dropped") {
            let got_through = evidence.first.each(FirstLook::tls).any(|(_, tls)| tls.failed.is_none());
            assert_eq!(finding.against.is_empty(), !got_through, "{name}");
        }
    });
}

#[test]
fn no_name_of_apples_own_is_called_a_strangers() {
    each(|name, evidence, report| {
        let rows = report.checks.iter().map(|row| row.summary.as_str());
        for text in report.findings.iter().flat_map(said).chain(rows) {
            assert!(!text.contains("icloud.com, which is not Apple's"), "{name}: {text}");
            assert!(!text.contains("which is not what Apple gives"), "{name}: {text}");
        }
        let settings = &report.checks[0];
        let is_remarkable = settings.outcome == CheckOutcome::Troubled;
        let is_elsewhere = [&evidence.first.settings.imap, &evidence.first.settings.smtp]
            .into_iter()
            .any(|server| server.login_form == Some(LoginForm::OtherAddress));
        if is_remarkable && is_elsewhere {
            assert!(settings.summary.contains("a login name that is not at"), "{name}: {}", settings.summary);
        }
    });
}

#[test]
fn a_service_that_serves_nobody_is_not_certain_beside_a_refused_password() {
    each(|name, evidence, report| {
        let is_refused = |of| evidence.first.sign_in(of).is_some_and(|sign_in| sign_in.outcome == Outcome::Refused);
        for finding in report.findings.iter().filter(|finding| finding.cause == "service-unavailable") {
            assert!(finding.sure != Sure::Certain || !Protocol::BOTH.into_iter().any(is_refused), "{name}");
        }
    });
}

#[test]
fn no_full_mailbox_is_told_to_take_its_time() {
    each(|name, _, report| {
        for step in &report.next {
            let text = serde_json::to_string(step).unwrap();
            assert!(!text.contains("no hurry"), "{name}: {text}");
        }
    });
}

#[test]
fn nothing_that_is_certain_has_something_against_it() {
    each(|name, _, report| {
        for finding in report.findings.iter().filter(|finding| finding.sure == Sure::Certain) {
            assert_eq!(finding.against, [], "{name}: {}", finding.cause);
            assert_eq!(finding.would_decide, None, "{name}: {}", finding.cause);
        }
    });
}

#[test]
fn what_is_certain_for_one_server_is_not_put_in_doubt_by_the_other() {
    let take = |name: &str| all().iter().find(|(id, _)| id == name).unwrap().1.clone();
    let (mut known, unknown) = (take("dns/dns-filtered"), take("dns/dns-filtered-at-every-resolver"));
    let opinions = &mut known.second_look.another_resolver.as_mut().unwrap().facts.opinions;
    opinions.retain(|opinion| opinion.protocol == Protocol::Imap);
    let others = unknown.second_look.another_resolver.unwrap().facts.opinions;
    opinions.extend(others.into_iter().filter(|opinion| opinion.protocol == Protocol::Smtp));
    let report = compose(&known, None);
    assert_eq!((report.findings[0].cause.as_str(), report.findings[0].sure), ("dns-filtered", Sure::Certain));
    assert_eq!(report.findings[0].against, []);
}

#[test]
fn nobody_is_told_that_it_fails_where_it_works() {
    each(|name, _, report| {
        let is_clean = |id: &str| report.checks.iter().any(|row| row.id() == id && row.outcome == CheckOutcome::Clean);
        let works = report.settings.sign_in && is_clean("imap") && is_clean("smtp");
        let has_trouble = report.of(Severity::Trouble).next().is_some();
        let says_so = ["Mail fails", "Receiving fails", "Sending fails", "Mail can fail"]
            .iter()
            .any(|begins| report.conclusion.starts_with(begins));
        assert!(!says_so || (has_trouble && !works), "{name}: {}", report.conclusion);
        let says_well = report.conclusion.contains("Mail works") || report.conclusion.contains("the account can be");
        assert!(!says_well || works, "{name}: {}", report.conclusion);
    });
}

#[test]
fn what_is_said_to_fail_is_what_failed() {
    let told = [const { Cell::new(0) }; 3];
    each(|name, _, report| {
        let is_troubled =
            |id: &str| report.checks.iter().any(|row| row.id() == id && row.outcome == CheckOutcome::Troubled);
        let is_clean = |id: &str| report.checks.iter().any(|row| row.id() == id && row.outcome == CheckOutcome::Clean);
        for (at, (begins, fails, works)) in
            [("Receiving fails", "imap", "smtp"), ("Sending fails", "smtp", "imap"), ("Mail fails", "", "")]
                .into_iter()
                .enumerate()
        {
            if report.conclusion.starts_with(begins) {
                told[at].set(told[at].get() + 1);
                // The mailbox has a row of its own where it was looked at.
                assert!(!is_clean(fails) || is_troubled("mailbox"), "{name}: {}", report.conclusion);
                let is_other = report.of(Severity::Trouble).count() > 1;
                assert!(!is_troubled(works) || is_other, "{name}: {}", report.conclusion);
            }
        }
        let is_both = report.conclusion.starts_with("Mail fails");
        assert!(!is_both || !(is_clean("imap") || is_clean("smtp")), "{name}: {}", report.conclusion);
    });
    assert!(told.iter().all(|times| times.get() > 5), "{told:?}");
}

#[test]
fn every_run_without_trouble_ends_with_what_to_do_next() {
    each(|name, _, report| {
        let aim = |step| serde_json::to_value(step).unwrap()["aim"].as_str().unwrap().to_owned();
        let aims: Vec<String> = report.next.iter().map(aim).collect();
        let has = |aim: &str| aims.iter().any(|other| other == aim);
        let works = report.conclusion.contains("the account can be") || report.conclusion.contains("Mail works");
        match report.verdict {
            Verdict::Trouble => assert!(aims.is_empty(), "{name}"),
            Verdict::Unclear => assert!(!aims.is_empty(), "{name}"),
            Verdict::Healthy => {
                assert_eq!(has("heed-warning"), report.is_warned(), "{name}");
                let is_outage = report.findings.iter().any(|finding| finding.cause == "apple-outage");
                assert_eq!(has("renew-password"), works && !is_outage, "{name}");
                assert_eq!(has("try-sign-in"), !report.settings.sign_in, "{name}");
                // Where Apple reports an outage, and where a mailbox was looked at, there is nothing to change.
                let changes_nothing = is_outage || report.checks.iter().any(|row| row.id() == "mailbox");
                let last = ["compare-settings", "review-settings", "explain-error"];
                let last = &last[if changes_nothing { 2 } else { 0 }..];
                assert!(aims.ends_with(&last.iter().map(|aim| (*aim).to_owned()).collect::<Vec<_>>()), "{name}");
                assert_eq!(has("compare-settings"), !changes_nothing, "{name}");
                assert_eq!(has("read-note"), report.of(Severity::Note).next().is_some(), "{name}");
            }
        }
    });
}

#[test]
fn a_slip_in_the_domain_is_not_told_of_as_a_domain_of_ones_own() {
    let slipped = |domain: &str| {
        let (_, evidence) = all().iter().find(|(name, _)| name == "imap/not-an-icloud-login").unwrap();
        let mut evidence = evidence.clone();
        let address = format!("you@{domain}");
        let settings = &mut evidence.first.settings;
        settings.email = Some(address.clone());
        settings.imap.server.login = Some(address.clone());
        settings.smtp.server.login = Some(address);
        let report = compose(&evidence, None);
        report.findings[0].because[0].saw.clone()
    };
    assert!(
        slipped("iclod.com").ends_with("; iclod.com may be a typing error for icloud.com"),
        "{}",
        slipped("iclod.com")
    );
    assert!(slipped("icould.com").ends_with("a typing error for icloud.com"));
    assert!(!slipped("quokka.example").contains("typing error"));
    assert!(!slipped("gmx.com").contains("typing error"));
}

/// A page filled with facts reads as well as one that was written as a whole.
#[test]
fn a_page_reads_well_with_the_facts_of_every_case_and_with_none() {
    let hold = |name: &str, texts: Vec<&str>, steps: usize| {
        assert!((1..=7).contains(&steps), "{name} has {steps} steps");
        for text in texts {
            assert!(!text.trim().is_empty() && text.trim() == text, "{name}: {text:?}");
            // One line of a settings file contains two spaces.
            let prose = text.replace("::ffff:0:0/96  100", "");
            for sign in ["  ", " ,", " .", "..", ",,", "{{", "{%", "}}", "%}", "``", "\n\n\n"] {
                assert!(!prose.contains(sign), "{name}: {sign:?} in {text:?}");
            }
            assert!(!text.contains("name@icloud.com"), "{name}: {text}");
        }
    };
    for cause in &CAUSES {
        let page = guide::page(cause.id, &Facts::default()).unwrap();
        let texts = [&page.title, &page.means, &page.why, &page.worked].map(String::as_str).into_iter();
        hold(cause.id, texts.chain(page.steps.iter().map(|step| step.text.as_str())).collect(), page.steps.len());
    }
    each(|name, _, report| {
        for finding in &report.findings {
            let texts = [&finding.title, &finding.means, &finding.worked].map(String::as_str).into_iter();
            let name = format!("{name}: {}", finding.cause);
            hold(&name, texts.chain(finding.steps.iter().map(String::as_str)).collect(), finding.steps.len());
        }
    });
}
