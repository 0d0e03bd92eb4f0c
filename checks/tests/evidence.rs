//! The evidence from a recorded network: one case for each step, read as evidence and not as a report.

#![allow(clippy::unwrap_used, reason = "a test says what went wrong by failing")]

use std::fs;
use std::path::Path;
use std::time::Duration;

use checks::conversation::{Awaiting, Starttls};
use checks::evidence::Evidence;
use checks::first_look::FirstLook;
use checks::learned::Learned;
use checks::network::case::Case;
use checks::network::replayed::Replayed;
use checks::network::{ConnectFailed, Judgement};
use checks::password::Password;
use checks::plan::{Plan, Protocol};
use checks::questions::Question;
use checks::sign_in::Outcome;
use checks::transcript::Speaker;
use checks::{dns, examine, tls};

/// Replays a case of the program that was called with an address alone.
async fn played(name: &str, change: impl FnOnce(&mut Plan)) -> Evidence {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests").join(name).join("case.toml");
    let case = Case::read(&fs::read_to_string(path).unwrap()).unwrap();
    assert_eq!(case.run.arguments, ["check", "you@icloud.com"], "{name}");
    let mut plan = Plan::icloud("you@icloud.com");
    plan.password = case.run.password.as_ref().map(Password::stand_in);
    change(&mut plan);
    examine(&plan, &Replayed::new(case), &(), Duration::from_secs(30), std::future::pending()).await
}

#[tokio::test(start_paused = true)]
async fn a_healthy_account_is_signed_in_to_at_both_servers() {
    let evidence = played("imap/healthy", |_| {}).await;
    assert!(evidence.complete);
    for of in Protocol::BOTH {
        assert!(!evidence.first.dns(of).unwrap().addresses.is_empty());
        assert!(evidence.first.tcp(of).unwrap().open().is_some());
        assert!(evidence.first.tls(of).unwrap().is_verified());
        assert_eq!(evidence.first.sign_in(of).unwrap().outcome, Outcome::Accepted);
        assert!(!evidence.first.conversation(of).unwrap().is_troubled());
        assert!(evidence.first.transcript(of).lines.iter().any(|said| said.from == Speaker::Client));
    }
    let starttls = |of| evidence.first.conversation(of).unwrap().shared().starttls.clone();
    assert_eq!((starttls(Protocol::Imap), starttls(Protocol::Smtp)), (None, Some(Starttls::Ready)));
    let taken = Question::LOOKS.iter().filter_map(|look| Learned::of(*look, &evidence)).count();
    assert_eq!(taken, 0, "a healthy account is not looked at again");
}

#[tokio::test(start_paused = true)]
async fn a_refused_password_is_a_fact_and_tried_once_more_in_another_way() {
    let evidence = played("imap/password-refused", |_| {}).await;
    for of in Protocol::BOTH {
        assert_eq!(evidence.first.sign_in(of).unwrap().outcome, Outcome::Refused);
    }
    let again = &evidence.second_look.other_sign_in.as_ref().unwrap().facts;
    assert!(again.tries.iter().all(|tried| !tried.is_accepted()));
    assert!(again.tries.len() <= 2, "at most one more a server");
}

#[tokio::test(start_paused = true)]
async fn nothing_is_asked_behind_what_was_left_out() {
    let evidence = played("imap/healthy", |plan| {
        plan.left_out.extend([Question::Tls, Question::Imap, Question::Smtp, Question::AppleStatus]);
    })
    .await;
    for of in Protocol::BOTH {
        assert!(evidence.first.tcp(of).unwrap().open().is_some());
        assert!(evidence.first.tls(of).is_none() && evidence.first.conversation(of).is_none());
    }
    assert!(evidence.first.status().is_none());
}

#[tokio::test(start_paused = true)]
async fn a_run_that_is_cut_short_keeps_what_it_learned() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/imap/healthy/case.toml");
    let case = Case::read(&fs::read_to_string(path).unwrap()).unwrap();
    let opening = case.connections.iter().map(|connection| connection.took_ms).max().unwrap();
    let asking = case.queries.iter().map(|query| query.took_ms).max().unwrap();
    let deadline = Duration::from_millis(opening + asking + 1);
    let plan = Plan::icloud("you@icloud.com");
    let evidence = examine(&plan, &Replayed::new(case), &(), deadline, std::future::pending()).await;
    assert!(!evidence.complete);
    assert!(evidence.first.dns(Protocol::Imap).is_some_and(|names| names.outcome == dns::Outcome::Found));
    assert!(evidence.first.sign_in(Protocol::Imap).is_none());
}

#[tokio::test(start_paused = true)]
async fn each_step_of_the_way_tells_how_it_failed() {
    let evidence = played("tcp/port-blocked", |_| {}).await;
    let failed = |of| {
        evidence.first.tcp(of).map(|tcp| tcp.attempts.iter().all(|one| one.failed == Some(ConnectFailed::TimedOut)))
    };
    assert!(Protocol::BOTH.into_iter().any(|of| failed(of) == Some(true)));

    let evidence = played("tls/certificate-expired", |_| {}).await;
    let is_expired = |tls: &tls::Facts| tls.trust.as_ref().is_some_and(|trust| trust.system.now == Judgement::Expired);
    assert!(evidence.first.any(FirstLook::tls, is_expired));

    let evidence = played("imap/no-greeting", |_| {}).await;
    let silent =
        Protocol::BOTH.into_iter().filter_map(|of| evidence.first.conversation(of)?.shared().interrupted.clone());
    assert!(silent.map(|interruption| interruption.awaiting).any(|awaiting| awaiting == Awaiting::Greeting));
}

#[tokio::test(start_paused = true)]
async fn what_each_question_learned_goes_into_a_row_and_back() {
    for name in ["imap/healthy", "imap/password-refused", "tcp/port-blocked", "tls/certificate-expired"] {
        let evidence = played(name, |_| {}).await;
        let mut again = Evidence::at_start(evidence.first.settings.clone(), evidence.started_at);
        for learned in Question::all().filter_map(|question| Learned::of(question, &evidence)) {
            let written = serde_json::to_string(&learned).unwrap();
            let read: Learned = serde_json::from_str(&written).unwrap();
            assert_eq!(read, learned, "{name}");
            read.put(&mut again);
        }
        again.first.imap.transcript = evidence.first.imap.transcript.clone();
        again.first.smtp.transcript = evidence.first.smtp.transcript.clone();
        assert_eq!((again.first, again.second_look), (evidence.first, evidence.second_look), "{name}");
    }
}
