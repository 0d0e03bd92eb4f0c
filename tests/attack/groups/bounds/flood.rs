//! Floods of whole answers: each is valid, but there are too many of them.

use super::{answering, in_time, is_small, timed, words};
use crate::cloud::Cloud;
use crate::doctor::Doctor;
use crate::imap::Imap;
use crate::smtp::Smtp;
use crate::{Attack, Held, attack, holds};

/// A flood: its name, one answer of it, and how many come before the answer that was waited for.
type Flood = (&'static str, fn() -> String, usize);

const FLOODS: [Flood; 4] = [
    ("200 FETCH responses of a megabyte of words", || format!("* 1 FETCH ({})\r\n", words(500_000)), 200),
    ("20 FETCH responses of a megabyte in one word", || format!("* 1 FETCH (A \"{}\")\r\n", "b".repeat(1_000_000)), 20),
    ("20 000 FETCH responses of a kilobyte", || format!("* 1 FETCH ({})\r\n", words(500)), 20_000),
    ("a million short responses", || "* 1 EXISTS\r\n".repeat(1_000), 1_000),
];

pub(super) fn all() -> Vec<Attack> {
    let check = |(name, one, count): Flood| {
        attack(format!("flood: {name}"), move || in_time(flooding("LIST", one, count).check()))
    };
    let mailbox = |(name, one, count): Flood| {
        attack(format!("flood in the mailbox: {name}"), move || {
            in_time(flooding("FETCH", one, count).check().arg("--mailbox"))
        })
    };
    let while_recorded = |(name, one, count): Flood| {
        attack(format!("flood, recorded: {name}"), move || recorded(&flooding("LIST", one, count)))
    };
    let attacks = FLOODS.into_iter().map(check).chain(FLOODS.into_iter().map(mailbox));
    attacks
        .chain(FLOODS.into_iter().map(while_recorded))
        .chain([attack("flood, recorded: a refusal of a megabyte", || {
            let imap = Imap::answering(|given| format!("{} NO {}\r\n", given.tag, "né ".repeat(250_000)).into_bytes());
            recorded(&Cloud::of(imap, Smtp::default()))
        })])
        .collect()
}

fn flooding(verb: &'static str, one: fn() -> String, count: usize) -> Cloud {
    let imap = answering(verb, move || {
        let one = one().into_bytes();
        // More than a client can receive in its time; the rest would only fill the attacker's memory.
        one.repeat(count.min(64_000_000 / one.len()))
    });
    let honest = Imap::default();
    let exists = move |tag: &str, command: &str| {
        command.starts_with("EXAMINE").then(|| format!("* 1 EXISTS\r\n{tag} OK done\r\n").into_bytes())
    };
    let flood = imap.other;
    let other = move |tag: &str, command: &str| flood(tag, command).or_else(|| exists(tag, command));
    Cloud::of(Imap { other: Box::new(other), ..honest }, Smtp::default())
}

/// The run is bounded, so is its case, and the case can be played.
fn recorded(cloud: &Cloud) -> Held {
    let case = cloud.path("case.toml");
    let ended = timed(cloud.check().arg("--record").arg(&case)).run();
    is_small(&ended)?;
    let size = std::fs::metadata(&case).map_err(|_| String::from_utf8_lossy(&ended.error).into_owned())?.len();
    holds(size < 4 * 1024 * 1024, || format!("the case has {size} bytes"))?;
    is_small(&Doctor::new(&["rehearse", "--format", "json"]).arg(&case).run())
}
