//! The watch on a paused clock: what it tells of a network that changes, and how often it signs in.

#![allow(clippy::unwrap_used, reason = "a test says what went wrong by failing")]

use std::cell::{Cell, RefCell};

use checks::Outside;
use checks::network::case::Case;
use checks::password::{Kind as PasswordKind, Password, Shape};
use time::macros::datetime;

use super::*;
use crate::rehearse::CASES;
use crate::report::event::Kind;
use crate::runtime::wait_through;

const EVERY: Duration = Duration::from_secs(15);

/// What is so from a second on.
#[derive(Clone, Copy)]
enum World {
    /// Nothing answers on port 587.
    Blocked,
    /// Both servers answer; a sign-in ends as in this case.
    Open(&'static str),
}

/// What came of a watch.
struct Watched {
    why: Why,
    evidence: Evidence,
    /// The second of each change, and what it is.
    told: Vec<(u64, Kind, String)>,
    /// The second of each check with the password.
    sign_ins: Vec<u64>,
    ended: u64,
}

impl Watched {
    fn kinds(&self) -> Vec<Kind> {
        self.told.iter().map(|(_, kind, _)| *kind).collect()
    }
}

fn case(name: &str) -> Case {
    Case::read(CASES.named(name).unwrap()).unwrap()
}

/// The network, as a check with or without the password finds it.
fn network(world: World, signs_in: bool) -> Case {
    let open = |name| if signs_in { case(name) } else { case("settings/healthy-no-sign-in") };
    match world {
        World::Open(name) => open(name),
        World::Blocked => {
            let is_imap = |to: std::net::SocketAddr| to.port() == 993;
            let mut blocked = case("tcp/port-blocked");
            blocked.connections.retain(|connection| !is_imap(connection.to));
            let imap = open("imap/healthy-apple").connections.into_iter().filter(|connection| is_imap(connection.to));
            blocked.connections.extend(imap);
            blocked
        }
    }
}

/// Watches a network that changes at these seconds.
fn watched(
    worlds: &[(u64, World)],
    has_password: bool,
    limit: Option<u64>,
    pressed: &[u64],
    signal: Option<u64>,
) -> Watched {
    let pace = Pace { every: EVERY, limit: limit.map(Duration::from_secs) };
    let mut plan = Plan::icloud("you@icloud.com");
    let shape = Shape { kind: PasswordKind::AppSpecific, mangled_by: Vec::new() };
    plan.password = has_password.then(|| Password::stand_in(&shape));
    wait_through(async {
        let began = Stopwatch::start();
        let second = || began.milliseconds() / 1000;
        let until =
            async |at: u64| pause(Duration::from_millis((at * 1000).saturating_sub(began.milliseconds()))).await;
        let now = || datetime!(2026-11-24 02:00 UTC) + Duration::from_millis(began.milliseconds());
        let (told, sign_ins, taken) = (RefCell::new(Vec::new()), RefCell::new(Vec::new()), Cell::new(0));
        let around = Around {
            check: async |plan: &Plan, stop: Stop<'_>| {
                let (_, world) = worlds.iter().rfind(|(from, _)| *from <= second()).unwrap();
                if plan.password.is_some() {
                    sign_ins.borrow_mut().push(second());
                }
                let case = network(*world, plan.password.is_some());
                checks::examine(plan, &Outside::replayed(case), &(), Duration::from_secs(30), stop).await
            },
            signal: async || match signal {
                Some(at) => until(at).await,
                None => std::future::pending().await,
            },
            enter: async || match pressed.get(taken.replace(taken.get() + 1)) {
                Some(at) => until(*at).await,
                None => std::future::pending().await,
            },
            now,
            tell: |event: &Event| told.borrow_mut().push((second(), event.kind, event.line())),
        };
        let (evidence, why) = Box::pin(until_healthy(pace, plan, around)).await;
        let ended = second();
        Watched { why, evidence, told: told.into_inner(), sign_ins: sign_ins.into_inner(), ended }
    })
    .unwrap()
}

const HEALTHY: World = World::Open("imap/healthy-apple");

#[test]
fn each_change_is_a_line_with_its_time() {
    let ended = watched(&[(0, World::Blocked), (20, HEALTHY)], true, None, &[], None);
    let lines: Vec<&str> = ended.told.iter().map(|(_, _, line)| line.as_str()).collect();
    assert_eq!(
        lines,
        [
            "02:00:05 UTC  Sending fails because: the network blocks the port that mail needs.",
            "02:00:30 UTC  Nothing is in the way any more. Now the sign-ins are tried.",
            "02:00:30 UTC  No problem found: the account can be reached, for receiving and for sending. There was trouble \
             for 24 seconds.",
        ]
    );
    assert_eq!(ended.kinds(), [Kind::Onset, Kind::Clear, Kind::Recovery]);
    assert_eq!((ended.why, ended.sign_ins.len()), (Why::Healthy, 1));
}

#[test]
fn a_port_that_opens_is_noticed_in_time_and_with_one_sign_in() {
    for opened in 1..=60 {
        let ended = watched(&[(0, World::Blocked), (opened, HEALTHY)], true, None, &[], None);
        assert_eq!((ended.why, ended.sign_ins.len()), (Why::Healthy, 1), "opened after {opened} s");
        let most = opened + EVERY.as_secs() + 2;
        assert!(ended.ended <= most, "opened after {opened} s, noticed after {} s", ended.ended);
    }
}

#[test]
fn all_that_is_well_at_once_ends_at_once() {
    let ended = watched(&[(0, HEALTHY)], true, None, &[], None);
    assert_eq!((ended.why, ended.kinds(), ended.sign_ins.len()), (Why::Healthy, vec![Kind::Healthy], 1));
    let ended = watched(&[(0, World::Blocked), (20, HEALTHY)], false, None, &[], None);
    assert_eq!((ended.why, ended.kinds(), ended.sign_ins.len()), (Why::Healthy, vec![Kind::Onset, Kind::Recovery], 0));
}

#[test]
fn a_refused_password_is_never_sent_again() {
    let refused = World::Open("imap/password-refused");
    for worlds in [vec![(0, refused)], vec![(0, World::Blocked), (20, refused)], vec![(0, refused), (20, HEALTHY)]] {
        let ended = watched(&worlds, true, Some(600), &[40], None);
        assert_eq!(ended.sign_ins.len(), 1, "{:?}", ended.told);
        assert_eq!((ended.why, ended.told.last().map(|(_, kind, _)| *kind)), (Why::Refused, Some(Kind::SignInFails)));
    }
    // One that was refused by an earlier run is not sent at all: the ledger holds it back.
    let ended = watched(&[(0, World::Open("imap/sign-ins-held-back"))], true, Some(600), &[], None);
    assert_eq!(ended.why, Why::Refused);
}

#[test]
fn a_watch_ends_with_its_time_and_with_a_signal() {
    let ended = watched(&[(0, World::Blocked)], true, Some(61), &[], None);
    assert_eq!((ended.why, ended.ended, ended.kinds()), (Why::OutOfTime, 61, vec![Kind::Onset]));
    assert!(ended.evidence.complete && ended.sign_ins.is_empty());
    for at in [0, 3, 12, 33] {
        let ended = watched(&[(0, World::Blocked)], true, None, &[], Some(at));
        assert_eq!((ended.why, ended.ended), (Why::Interrupted, at));
        assert_eq!(ended.evidence.complete, at > 10, "{at} s");
    }
}

#[test]
fn a_sign_in_that_fails_waits_for_a_change_or_for_enter() {
    let fails = World::Open("imap/service-unavailable");
    let ended = watched(&[(0, fails)], true, Some(300), &[], None);
    assert_eq!((ended.why, ended.kinds(), ended.sign_ins), (Why::OutOfTime, vec![Kind::SignInFails], vec![0]));
    assert!(ended.evidence.first.sign_in(checks::Protocol::Imap).is_some(), "the last report is that of the sign-in");
    let ended = watched(&[(0, fails), (40, HEALTHY)], true, Some(300), &[50], None);
    assert_eq!((ended.why, ended.sign_ins), (Why::Healthy, vec![0, 50]));
    let ended = watched(&[(0, fails), (40, World::Blocked), (80, HEALTHY)], true, Some(300), &[], None);
    assert_eq!(ended.kinds(), [Kind::SignInFails, Kind::Change, Kind::Clear, Kind::Recovery]);
    assert_eq!((ended.why, ended.sign_ins.len()), (Why::Healthy, 2));
}

#[test]
fn a_sign_in_that_is_held_back_is_made_when_it_may_be() {
    let held = World::Open("imap/sign-ins-held-back-just-accepted");
    let ended = watched(&[(0, held), (5, HEALTHY)], true, Some(300), &[], None);
    assert_eq!(ended.kinds(), [Kind::HeldBack, Kind::Clear, Kind::Recovery]);
    assert!(ended.why == Why::Healthy && ended.sign_ins.len() == 2 && ended.sign_ins[1] > 15, "{:?}", ended.sign_ins);
}
