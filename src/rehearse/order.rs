//! What each check rests on, held against the order in which the checks of every recorded case really begin and end.

#![allow(clippy::unwrap_used, reason = "a test says what went wrong by failing")]

use std::cell::RefCell;
use std::collections::BTreeSet;

use checks::network::replayed::Replayed;
use checks::plan::{Check, Protocol};
use checks::run::Watch;
use checks::{CHECKS, examine};

use super::{CASES, planned};
use crate::runtime::wait_through;

#[derive(Debug, Clone, Copy, PartialEq)]
enum Event {
    Began(Check, Option<Protocol>),
    Ended(Check, Option<Protocol>),
}

/// Notes what begins and ends.
#[derive(Default)]
struct Events(RefCell<Vec<Event>>);

impl Watch for Events {
    fn began(&self, check: Check, of: Option<Protocol>) {
        self.0.borrow_mut().push(Event::Began(check, of));
    }

    fn ended(&self, check: Check, of: Option<Protocol>, _is_troubled: bool) {
        self.0.borrow_mut().push(Event::Ended(check, of));
    }

    fn looks_again(&self) {}
}

fn events(name: &str, text: &str) -> Vec<Event> {
    let (case, plan, deadline) = planned(name, text).unwrap();
    let events = Events::default();
    wait_through(async { examine(&plan, &Replayed::new(case), &events, deadline, std::future::pending()).await })
        .unwrap();
    events.0.into_inner()
}

#[test]
fn a_check_rests_on_what_has_its_answer_before_it_is_asked() {
    let mut asked = BTreeSet::new();
    for (name, text) in CASES {
        let events = events(name, text);
        for listed in &CHECKS {
            for of in [Some(Protocol::Imap), Some(Protocol::Smtp), None] {
                // A conversation begins twice where STARTTLS parts it, and what follows the encryption rests on most.
                let Some(last) = events.iter().rposition(|event| *event == Event::Began(listed.check, of)) else {
                    continue;
                };
                // Its beginning before STARTTLS is no part of what TLS needs everywhere.
                let conversation = of.map(Protocol::check);
                let ended = events[..last].iter().filter_map(|event| match event {
                    Event::Ended(check, whose) if *whose == of && Some(*check) != conversation => Some(*check),
                    _ => None,
                });
                let is_before_encryption = Some(listed.check) == conversation && {
                    let encrypted = Event::Ended(Check::Tls, of);
                    !events[..last].contains(&encrypted)
                };
                if is_before_encryption {
                    continue;
                }
                let rests_on: BTreeSet<Check> = listed.rests_on.iter().copied().collect();
                assert_eq!(ended.collect::<BTreeSet<_>>(), rests_on, "{name}: {}", listed.id);
                asked.insert(listed.check);
            }
        }
    }
    // The settings are looked at before anything is asked.
    let watched = CHECKS.iter().map(|listed| listed.check).filter(|check| *check != Check::Settings);
    assert_eq!(asked, watched.collect());
}
