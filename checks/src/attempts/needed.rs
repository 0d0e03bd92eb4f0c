//! What is kept of a long ledger: only what a rule or the evidence of a later run can still ask for.

use std::collections::HashSet;

use time::{Duration, OffsetDateTime};

use super::line::{Line, is_ahead};
use super::{Outcome, ROUND_TRIP};

/// No rule looks further back.
const DAY: Duration = Duration::DAY;

/// Returns the ledger without what is too old, and with the present time where a clock was ahead: otherwise that sign-in
/// would be the latest one for years. Lines that cannot be read are kept.
pub(crate) fn tidied(text: &str, now: OffsetDateTime) -> String {
    let mut kept = String::with_capacity(text.len());
    for text in text.lines() {
        match serde_json::from_str::<Line>(text) {
            Ok(line) if line.is_old(now) => continue,
            Ok(line) if is_ahead(line.when, now) => match serde_json::to_string(&Line { when: now, ..line }) {
                Ok(line) => kept.push_str(&line),
                Err(_) => kept.push_str(text),
            },
            _ => kept.push_str(text),
        }
        kept.push('\n');
    }
    kept
}

/// Returns the ledger with one line for each sign-in that counts, and without those that change no answer: of the sign-ins
/// with one password the last one with each outcome, and all of the last day that are counted one by one.
pub(crate) fn shortened(text: &str, now: OffsetDateTime) -> String {
    let lines: Vec<(&str, Option<Line>)> = text.lines().map(|text| (text, serde_json::from_str(text).ok())).collect();
    let (mut ended, mut known) = (HashSet::new(), HashSet::new());
    let mut kept = Vec::new();
    for (text, line) in lines.iter().rev() {
        let counts = line.as_ref().is_none_or(|line| {
            let is_counted = match line.outcome {
                Outcome::Asked | Outcome::Refused | Outcome::Throttled => true,
                Outcome::Accepted | Outcome::Other => line.by == ROUND_TRIP,
            };
            let kind = (&line.server, &line.account, &line.secret, line.outcome, line.by == ROUND_TRIP);
            ended.insert(line.id) && (known.insert(kind) || (is_counted && now - line.when < DAY))
        });
        kept.extend(counts.then_some(*text));
    }
    kept.into_iter().rev().flat_map(|text| [text, "\n"]).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use time::macros::datetime;

    use super::*;
    use crate::attempts::line::Lines;
    use crate::attempts::rules::{Which, held_back, many_round_trips};
    use crate::attempts::tags::Tags;
    use crate::attempts::telling;
    use crate::login::{LoginForm, Mechanism};

    const NOW: OffsetDateTime = datetime!(2026-11-29 12:00 UTC);

    fn line(id: u64, ago: Duration, account: usize, secret: usize, outcome: Outcome, by: &str) -> String {
        let line = Line {
            when: NOW - ago,
            id,
            server: "imap.mail.me.com".to_owned(),
            account: format!("a{account}"),
            form: LoginForm::NamePart,
            mechanism: Mechanism::Plain,
            secret: format!("b{secret}"),
            outcome,
            by: by.to_owned(),
        };
        serde_json::to_string(&line).unwrap() + "\n"
    }

    #[test]
    fn what_lies_ahead_is_noted_as_of_now_and_the_old_is_forgotten() {
        let of = |id, ago| line(id, ago, 0, 0, Outcome::Refused, "check");
        let text = of(1, Duration::days(91)) + "torn\n" + &of(2, -Duration::days(3650)) + &of(3, Duration::HOUR);
        assert_eq!(tidied(&text, NOW), "torn\n".to_owned() + &of(2, Duration::ZERO) + &of(3, Duration::HOUR));
        let little = of(4, -Duration::SECOND * 30);
        assert_eq!(tidied(&little, NOW), little);
    }

    /// Two runs over many accounts: the second makes nothing longer.
    #[test]
    fn of_good_sign_ins_the_last_one_is_kept() {
        let run = |first: u64, ago| -> String {
            let of = |id: usize| {
                let lines = [Outcome::Asked, Outcome::Accepted];
                lines.map(|outcome| line(first + id as u64, ago, id, 0, outcome, "check")).concat()
            };
            (0..100).map(of).collect()
        };
        let (first, second) = (run(0, Duration::HOUR), run(100, Duration::MINUTE));
        let kept = shortened(&(first.clone() + "torn\n" + &second), NOW);
        assert_eq!(kept.lines().count(), 101);
        assert_eq!(kept, "torn\n".to_owned() + &shortened(&second, NOW));
        assert_eq!(shortened(&kept, NOW), kept);
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn no_answer_changes(
            steps in prop::collection::vec((1..9_000_i64, 0..2_usize, 0..2_usize, 0..5_usize, 0..3_usize), 0..200),
        ) {
            let (mut ago, mut text) = (Duration::SECOND, Vec::new());
            for (id, (later, account, secret, outcome, by)) in steps.into_iter().enumerate() {
                ago += Duration::seconds(later);
                let by = if by == 0 { ROUND_TRIP } else { "check" };
                let of = |outcome| line(id as u64, ago, account, secret, outcome, by);
                text.push(of(Outcome::Asked) + &of(Outcome::ALL[outcome]));
            }
            text.reverse();
            let text = text.concat();
            for (account, secret) in [("a0", "b0"), ("a0", "b1"), ("a1", "b0")] {
                let tags = Tags { account: account.to_owned(), secret: secret.to_owned() };
                let answers = |text: &str| {
                    let earlier = Lines::read(text).earlier("imap.mail.me.com", &tags, NOW);
                    let held = [Which::First, Which::Second].map(|which| held_back(&earlier, which));
                    (held, many_round_trips(&earlier), telling(&earlier))
                };
                prop_assert_eq!(answers(&shortened(&text, NOW)), answers(&text));
            }
        }
    }
}
