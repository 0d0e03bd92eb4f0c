//! Two outputs of one run: in one file, or the second where it cannot go.

use std::fs;
use std::os::unix::fs::symlink;
use std::os::unix::net::UnixListener;

use super::written::{Put, RECORD, yesterdays};
use super::{Place, ended, keeps};
use crate::{Attack, Held, attack, holds};

pub(super) fn all() -> Vec<Attack> {
    let mut attacks = Vec::new();
    attacks.extend(TWICE.map(|(name, put, arguments)| {
        attack(format!("two outputs in one file: {name}"), move || twice(put, arguments))
    }));
    attacks.extend(
        REFUSED.map(|(name, path, put)| {
            attack(format!("the second report is {name}"), move || second_is_refused(path, put))
        }),
    );
    attacks
}

/// Two outputs that are one, each in the words that name it.
const TWICE: [(&str, Put, &[&str]); 10] = [
    ("the same name", |_, _| (), &["--report", "json=a", "--report", "html=a"]),
    ("the output and a report", |_, _| (), &["--output", "a", "--report", "json=a"]),
    ("by way of the folder", |_, _| (), &["--output", "a", "--report", "json=./a"]),
    (
        "by way of another folder",
        |place, _| fs::create_dir(place.path("b")).unwrap(),
        &["--output", "a", "--report", "json=b/../a"],
    ),
    (
        "by way of a link to the folder",
        |place, _| symlink(".", place.path("b")).unwrap(),
        &["--output", "a", "--report", "json=b/a"],
    ),
    ("there already", |place, _| drop(place.file("a", "mine")), &["--output", "a", "--report", "json=./a"]),
    (
        "a link and its file",
        |place, _| symlink(place.file("a", "mine"), place.path("b")).unwrap(),
        &["--output", "a", "--report", "json=b"],
    ),
    (
        "two links to one file",
        |place, _| {
            let a = place.file("a", "mine");
            symlink(&a, place.path("b")).unwrap();
            symlink(&a, place.path("c")).unwrap();
        },
        &["--output", "b", "--report", "json=c"],
    ),
    (
        "two names of one file",
        |place, _| fs::hard_link(place.file("a", "mine"), place.path("b")).unwrap(),
        &["--output", "a", "--report", "json=b"],
    ),
    ("the output and the record", |_, _| (), &["--output", "a", "--record", "a"]),
];

fn twice(put: Put, arguments: &[&str]) -> Held {
    let place = Place::new();
    put(&place, place.folder.path());
    let before = place.names();
    let is_recorded = arguments.contains(&"--record");
    let doctor = if is_recorded { place.doctor(&RECORD) } else { place.rehearse(&[]) };
    let end = doctor.args(arguments).run();
    ended(&end, 2)?;
    holds(end.text().contains("two outputs"), || end.text())?;
    holds(place.names() == before, || format!("{:?}", place.names()))?;
    if before.contains(&"a".to_owned()) { keeps(&place.path("a"), "mine") } else { Ok(()) }
}

/// What a second report cannot be written to.
const REFUSED: [(&str, &str, Put); 8] = [
    ("in a missing folder", "missing/x", |_, _| ()),
    ("a folder", "x", |place, _| fs::create_dir(place.path("x")).unwrap()),
    ("named as a folder", "x/", |_, _| ()),
    ("a dangling link", "x", |place, _| symlink("nowhere", place.path("x")).unwrap()),
    ("a loop of links", "x", |place, _| symlink("x", place.path("x")).unwrap()),
    ("a pipe that nothing reads from", "x", |place, _| drop(place.pipe("x"))),
    ("a socket", "x", |place, _| drop(UnixListener::bind(place.path("x")).unwrap())),
    ("below a file", "x/y", |place, _| drop(place.file("x", "mine"))),
];

fn second_is_refused(path: &str, put: Put) -> Held {
    let place = Place::new();
    let old = place.file("old", yesterdays("text"));
    put(&place, place.folder.path());
    let before = place.names();
    let second = format!("html={path}");
    let end = place.rehearse(&["--output", "old", "--report", "json=first", "--report", &second]).run();
    ended(&end, 2)?;
    keeps(&old, yesterdays("text"))?;
    holds(place.names() == before, || format!("{:?}", place.names()))
}
