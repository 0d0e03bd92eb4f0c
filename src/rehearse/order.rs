//! Checks what each check depends on against the order in which the checks of every recorded case begin and end.

#![allow(clippy::unwrap_used, reason = "a test says what went wrong by failing")]

use std::cell::RefCell;
use std::collections::BTreeSet;

use checks::plan::Protocol;
use checks::questions::Question;
use checks::run::Watch;
use checks::{Outside, examine};

use super::{CASES, planned};
use crate::runtime::wait_through;

#[derive(Debug, Clone, Copy, PartialEq)]
enum Event {
    Began(Question, Option<Protocol>),
    Ended(Question, Option<Protocol>),
}

/// Records what begins and ends.
#[derive(Default)]
struct Events(RefCell<Vec<Event>>);

impl Watch for Events {
    fn began(&self, check: Question, of: Option<Protocol>) {
        self.0.borrow_mut().push(Event::Began(check, of));
    }

    fn ended(&self, check: Question, of: Option<Protocol>, _is_troubled: bool) {
        self.0.borrow_mut().push(Event::Ended(check, of));
    }

    fn looks_again(&self) {}
}

fn events(name: &str, text: &str) -> Vec<Event> {
    let (case, plan, deadline) = planned(name, text).unwrap();
    let events = Events::default();
    wait_through(async { examine(&plan, &Outside::replayed(case), &events, deadline, std::future::pending()).await })
        .unwrap();
    events.0.into_inner()
}

#[test]
fn a_check_depends_on_what_has_its_answer_before_it_is_asked() {
    let mut asked = BTreeSet::new();
    for (name, text) in CASES.all() {
        let events = events(name, text);
        for check in Question::CHECKS {
            for of in [Some(Protocol::Imap), Some(Protocol::Smtp), None] {
                // A conversation begins twice with STARTTLS in between; the part after the encryption depends on more.
                let Some(last) = events.iter().rposition(|event| *event == Event::Began(*check, of)) else {
                    continue;
                };
                // The part before STARTTLS is not something that TLS always depends on.
                let conversation = of.map(Protocol::check);
                let ended = events[..last].iter().filter_map(|event| match event {
                    Event::Ended(ended, whose) if *whose == of && Some(*ended) != conversation => Some(*ended),
                    _ => None,
                });
                let is_before_encryption = Some(*check) == conversation && {
                    let encrypted = Event::Ended(Question::Tls, of);
                    !events[..last].contains(&encrypted)
                };
                if is_before_encryption {
                    continue;
                }
                let depends_on: BTreeSet<Question> = check.listed().depends_on.iter().copied().collect();
                let ended: BTreeSet<Question> = ended.collect();
                match of {
                    Some(_) => assert_eq!(ended, depends_on, "{name}: {}", check.id()),
                    // Checks without a server run in parallel, and one may end before another begins.
                    None => assert!(ended.is_superset(&depends_on), "{name}: {}", check.id()),
                }
                asked.insert(*check);
            }
        }
    }
    // The settings are checked before anything is asked, and the mailbox within the conversation with the IMAP server,
    // as the message that comes into it.
    let is_within = |check: &Question| *check == Question::Settings || check.has_own_command();
    let watched = Question::CHECKS.iter().copied().filter(|check| !is_within(check));
    assert_eq!(asked, watched.collect());
}
