//! Files that an output may not replace: what is not an older report in its format, and every file that is read.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;

use super::written::{Put, RECORD};
use super::{Place, TOLD, ended, keeps};
use crate::{Attack, Held, attack, holds};

pub(super) fn all() -> Vec<Attack> {
    let mut attacks = vec![
        attack("a nightly record", nightly_record),
        attack("a file takes the name while the run goes on", taken_meanwhile),
        attack("an empty file is free", empty_is_free),
    ];
    attacks
        .extend(OTHERS.map(|(name, text)| attack(format!("a report in the place of {name}"), move || precious(text))));
    attacks.extend(ONTO_INPUT.map(|(name, put, arguments)| {
        attack(format!("an output onto the file that is read: {name}"), move || onto_input(put, arguments))
    }));
    attacks.extend(FORMATS.map(|report| {
        let format = report.trim_end_matches("=kept");
        attack(format!("a nightly report as {format}"), move || nightly(format))
    }));
    attacks
}

/// What may be the user's only copy.
const OTHERS: [(&str, &str); 7] = [
    ("notes", "The customer's number is 4711.\n"),
    ("a blank line", "\n"),
    ("notes on this program", "icloud-mail-doctor is what I tried first.\n"),
    ("another program's JSON", "{\"schema_version\": 1, \"tool\": {\"name\": \"another\"}}"),
    ("another program's page", "<!doctype html><title>icloud-mail-doctor</title>"),
    ("another program's settings", "title = \"mine\"\n[run]\narguments = [\"check\"]\n"),
    ("bytes", "\u{0}\u{1}\u{2}"),
];

/// No command replaces it without `--force`, and this is known before anything is asked.
fn precious(text: &str) -> Held {
    let place = Place::new();
    ended(&place.rehearse(&["--format", "json", "--output", "input"]).run(), 1)?;
    for words in [&["rehearse", "password-refused"][..], &["render", "input"], &["diagnose", "input"], &RECORD] {
        let mut outputs = vec![vec!["--output", "kept"]];
        outputs.extend(FORMATS.map(|format| vec!["--report", format]));
        if words[0] == "check" {
            outputs.push(vec!["--record", "kept"]);
        }
        for output in outputs {
            let kept = place.file("kept", text);
            let end = place.doctor(words).args(&output).run();
            ended(&end, 2)?;
            holds(end.out.is_empty(), || format!("the run was made all the same: {}", end.text()))?;
            holds(end.text().contains("kept is there already") && end.text().contains("--force"), || end.text())?;
            keeps(&kept, text)?;
        }
        let end = place.doctor(words).args(&["--output", "kept", "--force"]).run();
        holds(matches!(end.code, Some(1 | 3)), || end.text())?;
        let is = fs::read_to_string(place.path("kept")).unwrap();
        holds(is.contains("icloud-mail-doctor") && is != text, || "--force did not write".to_owned())?;
    }
    Ok(())
}

const FORMATS: [&str; 8] = [
    "text=kept",
    "json=kept",
    "html=kept",
    "markdown=kept",
    "junit=kept",
    "nagios=kept",
    "github=kept",
    "openmetrics=kept",
];

/// A job may write its report again, and in no other format than the one it has.
fn nightly(format: &str) -> Held {
    let place = Place::new();
    let code = if format == "nagios" { 2 } else { 1 };
    for _ in 0..2 {
        ended(&place.rehearse(&["--format", format, "--output", "report", "-q"]).run(), code)?;
    }
    let old = fs::read(place.path("report")).unwrap();
    for other in FORMATS {
        let other = other.replace("kept", "report");
        let expected = if other.starts_with(&format!("{format}=")) { 1 } else { 2 };
        ended(&place.rehearse(&["--report", &other]).run(), expected)?;
        keeps(&place.path("report"), &old)?;
    }
    Ok(())
}

fn nightly_record() -> Held {
    let place = Place::new();
    for _ in 0..2 {
        ended(&place.doctor(&RECORD).args(&["--record", "case"]).run(), 3)?;
    }
    ended(&place.doctor(&["rehearse", "case"]).run(), 3)
}

fn taken_meanwhile() -> Held {
    let place = Place::new();
    let silent = std::net::UdpSocket::bind("127.0.0.1:0").unwrap();
    let resolver = silent.local_addr().unwrap().to_string();
    let words = ["check", "--only", "dns", "--no-second-look", "--resolver", &resolver, "--deadline", "1"];
    let doctor = place.doctor(&words).args(&["--output", "report"]).spawn();
    // The first question shows that the run has begun.
    silent.recv(&mut [0; 512]).unwrap();
    let kept = place.file("report", "mine");
    let end = doctor.wait_with_output().unwrap();
    holds(end.status.code() == Some(2) && !end.stdout.is_empty(), || format!("{end:?}"))?;
    keeps(&kept, "mine")
}

fn empty_is_free() -> Held {
    let place = Place::new();
    let report = place.file("report", "");
    ended(&place.rehearse(&["--output", "report"]).run(), 1)?;
    holds(fs::read_to_string(report).unwrap().contains(TOLD), || "it was not written".to_owned())
}

/// Ways to name the file that is read as the one that is written, with `--force`.
const ONTO_INPUT: [(&str, Put, &[&str]); 9] = [
    ("by its name", |_, _| (), &["render", "input", "--output", "input"]),
    (
        "through a link",
        |place, _| symlink("input", place.path("b")).unwrap(),
        &["render", "input", "--report", "json=b"],
    ),
    ("by another name", hard_link, &["diagnose", "input", "--output", "b"]),
    (
        "read through a link",
        |place, _| symlink("input", place.path("b")).unwrap(),
        &["diagnose", "b", "--output", "input"],
    ),
    ("the settings", |_, _| (), &["check", "--settings-from", "input", "--only", "settings", "--output", "input"]),
    (
        "the record onto the settings",
        hard_link,
        &["check", "--settings-from", "input", "--only", "settings", "--record", "b"],
    ),
    ("the certificates", |_, _| (), &["check", "--ca-file", "input", "--only", "settings", "--output", "input"]),
    (
        "the public certificates",
        hard_link,
        &["check", "--public-roots", "input", "--only", "settings", "--record", "b"],
    ),
    ("a case", hard_link, &["rehearse", "input", "--output", "b"]),
];

fn hard_link(place: &Place, _: &Path) {
    fs::hard_link(place.path("input"), place.path("b")).unwrap();
}

fn onto_input(put: Put, arguments: &[&str]) -> Held {
    const SETTINGS: &str = "IMAPAccount i\nHost imap.mail.me.com\nSSLType IMAPS\nUser o@icloud.com\n";
    let place = Place::new();
    match arguments[0] {
        "check" => drop(place.file("input", SETTINGS)),
        "rehearse" => ended(&place.doctor(&RECORD).args(&["--record", "input"]).run(), 3)?,
        _ => ended(&place.rehearse(&["--format", "json", "--output", "input"]).run(), 1)?,
    }
    put(&place, place.folder.path());
    let before = fs::read(place.path("input")).unwrap();
    let end = place.doctor(arguments).args(&["--no-progress", "--force"][usize::from(arguments[0] != "check")..]).run();
    ended(&end, 2)?;
    holds(end.text().contains("is the file that is read"), || end.text())?;
    keeps(&place.path("input"), &before)?;
    if arguments[0] == "render" {
        let words = format!("\"$0\" render - {} --force < input", arguments[2..].join(" "));
        let end = place.shell(&words).output().unwrap();
        holds(end.status.code() == Some(2), || format!("from standard input: {end:?}"))?;
        keeps(&place.path("input"), &before)?;
    }
    Ok(())
}
