//! On a slow line, a follow-up check keeps what it learned before its time was over.

#![allow(clippy::unwrap_used, reason = "a test says what went wrong by failing")]

use std::time::Duration;

use checks::examine;
use checks::network::case::Case;
use checks::network::replayed::Replayed;
use checks::plan::{Plan, Protocol};

/// What every answer of the SMTP server takes.
const SLOW_MS: u64 = 600;

#[tokio::test(start_paused = true)]
async fn other_forms_of_the_first_message_are_kept_as_far_as_there_was_time() {
    let mut case = Case::read(include_str!("../../tests/tls/large-packets-lost-away/case.toml")).unwrap();
    for connection in case.connections.iter_mut().filter(|connection| connection.to.port() == 587) {
        connection.took_ms = SLOW_MS;
        let slowed = |line: &str| match line.splitn(3, ' ').collect::<Vec<_>>()[..] {
            // What comes after nothing belongs to the same answer.
            ["S", after, text] if after != "0" => format!("S {SLOW_MS} {text}"),
            _ => line.to_owned(),
        };
        connection.talk = connection.talk.lines().map(slowed).collect::<Vec<_>>().join("\n");
        connection.handshake.as_mut().unwrap().took_ms = SLOW_MS;
    }
    let net = Replayed::new(case);
    let evidence =
        examine(&Plan::icloud("you@icloud.com"), &net, &(), Duration::from_secs(30), std::future::pending()).await;
    let asked = evidence.second_look.other_hello.unwrap();
    assert!(asked.duration_ms < 10_000, "{}", asked.duration_ms);
    let smtp = asked.facts.of(Protocol::Smtp).unwrap();
    assert!(smtp.small.is_some() && smtp.small_segments.is_some(), "{smtp:?}");
    // It had no time to be silent, so nothing is known of it.
    assert!(smtp.again.is_none(), "{smtp:?}");
}
