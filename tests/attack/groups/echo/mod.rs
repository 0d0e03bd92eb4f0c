//! A server that sends back the password that it was given.

#![allow(clippy::format_collect, reason = "what a server says reads best as one expression")]

mod dresses;
mod worlds;

use std::collections::BTreeSet;

use dresses::DRESSES;
use worlds::{PLACES, SPLITS};

use crate::cloud::{ADDRESS, Cloud, PASSWORD};
use crate::doctor::Ended;
use crate::imap::Imap;
use crate::smtp::Smtp;
use crate::{Attack, Held, attack, holds};

pub(crate) fn all() -> Vec<Attack> {
    let mut all = vec![attack("control: honest servers, and nothing is wrong", || {
        let ended = Cloud::of(Imap::default(), Smtp::default()).check().args(&["--format", "json"]).run();
        ended.is_bounded()?;
        holds(ended.code == Some(0), || format!("exit {:?}: {}", ended.code, ended.text()))
    })];
    all.extend(DRESSES.iter().map(|(name, dress)| {
        attack(format!("dressed as {name}"), move || {
            let world =
                Cloud::of(refusing(move |given| vec![format!("you said {} here", dress(given))]), Smtp::default());
            keeps(&world, PASSWORD, &[dress(PASSWORD)])
        })
    }));
    all.extend(
        PLACES.iter().map(|(name, world)| {
            attack(format!("in {name}"), move || keeps(&world(), PASSWORD, &[PASSWORD.to_owned()]))
        }),
    );
    all.extend(
        SPLITS
            .iter()
            .map(|(name, world)| attack(format!("spread over {name}"), move || keeps(&world(), PASSWORD, &[]))),
    );
    all.extend(PASSWORDS.iter().copied().map(|(password, said)| {
        attack(format!("the password {password}"), move || {
            let world = Cloud::of(refusing(move |_| vec![format!("you said {said}\x07 here")]), Smtp::default());
            keeps(&world, password, &[said.to_owned()])
        })
    }));
    all.extend(["plain", "accepted", "refused", "imap", "server", "OK", "trouble", "202611", "127.0.0.1"].map(
        |word| {
            attack(format!("control: the password {word}, and the report says what it says of any other"), move || {
                let ended = Cloud::of(Imap::default(), Smtp::default())
                    .check_of(ADDRESS, word)
                    .args(&["--format", "json"])
                    .run();
                ended.is_bounded()?;
                let report: serde_json::Value =
                    serde_json::from_slice(&ended.out).map_err(|fault| fault.to_string())?;
                holds(report["verdict"] == "healthy" && report["complete"] == true, || ended.text())
            })
        },
    ));
    all.push(attack("control: a recorded refusal is played with the same findings", || {
        let world = Cloud::of(refusing(|_| vec!["Authentication failed".to_owned()]), Smtp::default());
        played_alike(&world)
    }));
    all.push(attack("a recorded echo is played with the same findings", || {
        let world = Cloud::of(refusing(|given| vec![format!("not {given}")]), Smtp::default());
        played_alike(&world)
    }));
    all
}

/// An IMAP server that answers the sign-in with these lines, and a refusal in front of the last.
fn refusing(said: impl Fn(&str) -> Vec<String> + Send + Sync + 'static) -> Imap {
    Imap::answering(move |given| {
        let lines = said(&given.password);
        let (last, before) = lines.split_last().unwrap();
        let before: String = before.iter().map(|line| format!("* OK {line}\r\n")).collect();
        format!("{before}{} NO [AUTHENTICATIONFAILED] {last}\r\n", given.tag).into_bytes()
    })
}

fn smtp_refusing(said: impl Fn(&str) -> Vec<String> + Send + Sync + 'static) -> Smtp {
    // Asked with LOGIN, the server does not know it from the line.
    Smtp::answering(move |_| {
        let lines = said(PASSWORD);
        let (last, before) = lines.split_last().unwrap();
        let before: String = before.iter().map(|line| format!("535-{line}\r\n")).collect();
        format!("{before}535 5.7.8 {last}\r\n").into_bytes()
    })
}

/// A check with everything that it can write; none of it holds the password or what was sent of it.
fn keeps(world: &Cloud, password: &str, sent: &[String]) -> Held {
    let (ended, outputs) = outputs(world, ADDRESS, password, &["--from", ADDRESS]);
    ended.is_bounded()?;
    for (name, text) in &outputs {
        holds(!text.is_empty() || name == "standard error", || format!("{name} is empty: {}", ended.text()))?;
        let letters = letters(text);
        // The report itself gives nothing away.
        let ours = format!("{} password", self::letters(ADDRESS));
        for part in parts(password).iter().filter(|part| !ours.contains(*part)) {
            holds(!letters.contains(part.as_str()), || shown(name, part, text))?;
        }
        for sent in sent.iter().filter(|sent| !sent.is_empty()) {
            holds(!text.contains(sent.as_str()), || shown(name, sent, text))?;
            let sent = self::letters(sent);
            holds(sent.chars().count() < 8 || !letters.contains(&sent), || shown(name, &sent, text))?;
        }
    }
    Ok(())
}

fn shown(name: &str, secret: &str, text: &str) -> String {
    let line = text.lines().find(|line| letters(line).contains(&letters(secret))).unwrap_or_default();
    format!("{name} shows \"{secret}\": {}", line.trim().chars().take(300).collect::<String>())
}

/// A check of an account with everything that it can write, each with its name.
pub(super) fn outputs(
    world: &Cloud,
    address: &str,
    password: &str,
    arguments: &[&str],
) -> (Ended, Vec<(String, String)>) {
    let files = ["html", "markdown"].map(|format| (format, world.path(format)));
    let record = world.path("case");
    let mut doctor = world.check_of(address, password).args(&["--format", "json", "-vv"]).args(arguments);
    for (format, path) in &files {
        doctor = doctor.arg("--report").arg(format!("{format}={}", path.display()));
    }
    let ended = doctor.arg("--record").arg(&record).run();
    let read = |path| String::from_utf8_lossy(&std::fs::read(path).unwrap_or_default()).into_owned();
    let mut outputs: Vec<(String, String)> =
        files.iter().map(|(format, path)| ((*format).to_owned(), read(path.clone()))).collect();
    outputs.push(("the record".to_owned(), read(record)));
    outputs.push(("standard output".to_owned(), String::from_utf8_lossy(&ended.out).into_owned()));
    outputs.push(("standard error".to_owned(), String::from_utf8_lossy(&ended.error).into_owned()));
    (ended, outputs)
}

fn played_alike(world: &Cloud) -> Held {
    let (ended, outputs) = outputs(world, ADDRESS, PASSWORD, &[]);
    ended.is_bounded()?;
    holds(outputs.iter().any(|(name, text)| name == "the record" && !text.is_empty()), || ended.text())?;
    let record = world.path("case");
    let played = crate::doctor::Doctor::new(&["rehearse", &record.to_string_lossy(), "--format", "json"]).run();
    let causes = |ended: &Ended| -> Result<Vec<serde_json::Value>, String> {
        let report: serde_json::Value = serde_json::from_slice(&ended.out).map_err(|_| ended.text())?;
        Ok(report["findings"].as_array().unwrap().iter().map(|found| found["cause"].clone()).collect())
    };
    let (first, again) = (causes(&ended)?, causes(&played)?);
    holds(first == again, || format!("{first:?} became {again:?}"))
}

/// A text reduced to its letters and digits.
fn letters(text: &str) -> String {
    text.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Six of a password's letters in a row, each time.
fn parts(password: &str) -> BTreeSet<String> {
    let letters: Vec<char> = letters(password).chars().collect();
    letters.windows(6).map(|part| part.iter().collect()).collect()
}

/// Passwords of other kinds, and what a server makes of them; beside a control character, which a record escapes.
const PASSWORDS: &[(&str, &str)] = &[
    ("GEHEIMÄÖÜwort9", "geheimäöüwort9"),
    ("geheimäöüwort9", "GEHEIMÄÖÜWORT9"),
    ("ÉCLAIR-9-mont", "éclair-9-MONT"),
    ("Пароль-Секрет", "пароль секрет"),
    ("Straßenbahn7", "STRASSENBAHN7"),
    ("ab\"cd'ef\\gh-9", "ab\"cd'ef\\gh-9"),
    ("geheim&mein<x>", "geheim&amp;mein&lt;x&gt;"),
    ("my.ottilie.kranz.9X", "my.ottilie.kranz.9X"),
    ("$%&/()?!#~+*", "$%&/()?!#~+*"),
    ("пароль-секретный", "043f04300440043e043b044c002d0441043504 3a04400435"),
    ("äbcöfgüjkßmnï", "5ABiAGMA9gBmAGcA/ABqAGsA3wBtAG4A7wA="),
    ("ab1", "ab1"),
    ("48151623", "48151623"),
    ("correct horse battery", "correct horse battery"),
    ("password123", "password123"),
];
