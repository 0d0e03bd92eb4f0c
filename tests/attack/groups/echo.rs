//! A server that sends back the password that it was given.
#![allow(clippy::format_collect, reason = "a dress reads best as one expression")]

use std::collections::BTreeSet;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE};

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
        // What the report says of its own accord gives nothing away.
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

/// A text without all but its letters and digits.
fn letters(text: &str) -> String {
    text.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Six of a password's letters in a row, each time.
fn parts(password: &str) -> BTreeSet<String> {
    let letters: Vec<char> = letters(password).chars().collect();
    letters.windows(6).map(|part| part.iter().collect()).collect()
}

fn bytes(text: &str, show: impl Fn(u8) -> String) -> String {
    text.bytes().map(show).collect()
}

fn signs(text: &str, sign: &str) -> String {
    text.replace('-', sign)
}

fn between(text: &str, mark: &str) -> String {
    text.chars().map(String::from).collect::<Vec<_>>().join(mark)
}

fn shifted(text: &str, by: u32) -> String {
    text.chars().map(|c| if c.is_ascii_lowercase() { char::from_u32(u32::from(c) + by).unwrap() } else { c }).collect()
}

fn utf16(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

fn utf16_other_end(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_be_bytes).collect()
}

type Dress = fn(&str) -> String;

/// The dresses that the README promises, and some that fall out of the same comparison.
const DRESSES: &[(&str, Dress)] = &[
    ("itself", str::to_owned),
    ("capitals", str::to_uppercase),
    ("letters without dashes", |p| signs(p, "")),
    ("groups with blanks", |p| signs(p, " ")),
    ("groups with long dashes", |p| signs(p, "\u{2013}")),
    ("groups with soft hyphens", |p| signs(p, "\u{ad}")),
    ("groups with dots", |p| signs(p, ". ")),
    ("percent", |p| bytes(p, |b| format!("%{b:02x}"))),
    ("percent, dashes alone", |p| signs(p, "%2D")),
    ("percent as of old scripts", |p| bytes(p, |b| format!("%u00{b:02x}"))),
    ("quoted-printable", |p| bytes(p, |b| format!("={b:02X}"))),
    ("quoted-printable, dashes alone", |p| signs(p, "=2D")),
    ("backslash and x", |p| bytes(p, |b| format!("\\x{b:02x}"))),
    ("backslash and u", |p| bytes(p, |b| format!("\\u{b:04x}"))),
    ("backslash, u and braces", |p| bytes(p, |b| format!("\\u{{{b:x}}}"))),
    ("dashes as backslash and u", |p| signs(p, "\\u002d")),
    ("octal escapes", |p| bytes(p, |b| format!("\\{b:03o}"))),
    ("entities", |p| bytes(p, |b| format!("&#{b};"))),
    ("hexadecimal entities", |p| bytes(p, |b| format!("&#x{b:02x};"))),
    ("entities, dashes alone", |p| signs(p, "&#45;")),
    ("named entities, dashes alone", |p| signs(p, "&hyphen;")),
    ("code points", |p| bytes(p, |b| format!("U+{b:04X} "))),
    ("hexadecimal", |p| bytes(p, |b| format!("{b:02x}"))),
    ("hexadecimal in capitals", |p| bytes(p, |b| format!("{b:02X}"))),
    ("hexadecimal with blanks", |p| bytes(p, |b| format!("{b:02x} "))),
    ("hexadecimal with colons", |p| bytes(p, |b| format!("{b:02x}:"))),
    ("hexadecimal with commas and 0x", |p| bytes(p, |b| format!("0x{b:02x}, "))),
    ("hexadecimal in groups", |p| {
        p.as_bytes().chunks(2).map(|two| bytes(&String::from_utf8_lossy(two), |b| format!("{b:02x}")) + " ").collect()
    }),
    ("hexadecimal of UTF-16", |p| utf16(p).iter().map(|b| format!("{b:02x}")).collect()),
    ("base64", |p| STANDARD.encode(p)),
    ("base64 after one byte", |p| STANDARD.encode(format!("x{p}"))),
    ("base64 after two bytes", |p| STANDARD.encode(format!("xy{p} and more"))),
    ("base64 for web addresses", |p| URL_SAFE.encode(format!("\u{ff}?{p}"))),
    ("base64 of capitals", |p| STANDARD.encode(p.to_uppercase())),
    ("base64 of no dashes", |p| STANDARD.encode(signs(p, ""))),
    ("base64 of UTF-16", |p| STANDARD.encode(utf16(p))),
    ("base64 of UTF-16, the other end first", |p| STANDARD.encode(utf16_other_end(p))),
    ("base64 twice", |p| STANDARD.encode(STANDARD.encode(p))),
    ("base64 without padding", |p| STANDARD_NO_PAD.encode(p)),
    ("base64 in pieces of eight", |p| {
        STANDARD.encode(p).as_bytes().chunks(8).map(|piece| format!("{} ", String::from_utf8_lossy(piece))).collect()
    }),
    ("base64, each group padded", |p| p.as_bytes().chunks(5).map(|piece| STANDARD.encode(piece) + " ").collect()),
    ("SASL PLAIN", |p| STANDARD.encode(format!("\0{ADDRESS}\0{p}"))),
    ("UTF-7", |p| format!("+{}-", STANDARD_NO_PAD.encode(utf16_other_end(p)))),
    ("UTF-7, dashes alone", |p| signs(p, "+AC0-")),
    ("modified UTF-7, dashes alone", |p| signs(p, "&AC0-")),
    ("an encoded word", |p| format!("=?utf-8?B?{}?=", STANDARD.encode(p))),
    ("UTF-16 with zero bytes", |p| between(p, "\0")),
    ("UTF-16 with visible zero bytes", |p| between(p, "\\x00")),
    ("letters apart", |p| between(p, " ")),
    ("letters with dots", |p| between(p, ".")),
    ("letters with nothing to see", |p| between(p, "\u{200b}")),
    ("full-width letters", |p| shifted(p, 0xff41 - 0x61)),
    ("mathematical letters", |p| shifted(p, 0x1d41a - 0x61)),
    ("all but its last letter", |p| p[..p.len() - 1].to_owned()),
    ("all but its first letters", |p| p[5..].to_owned()),
    ("half of it", |p| p[..9].to_owned()),
    ("accents on it", |p| p.replace('e', "é").replace('u', "ü")),
    ("a log line of JSON", |p| format!("{{\\\"pass\\\":\\\"{p}\\\"}}")),
    ("a word of another", |p| format!("xx{p}yy")),
];

type World = fn() -> Cloud;

/// Where a server, once it knows the password, can say it.
const PLACES: &[(&str, World)] = &[
    ("a reply of SMTP", || Cloud::of(Imap::default(), smtp_refusing(|given| vec![format!("not {given}")]))),
    ("an accepted sign-in", || {
        Cloud::of(
            Imap::answering(|given| format!("{} OK {}\r\n", given.tag, given.password).into_bytes()),
            Smtp::default(),
        )
    }),
    ("an untagged line", || Cloud::of(refusing(|given| vec![given.to_owned(), "no".to_owned()]), Smtp::default())),
    ("a response code", || {
        Cloud::of(
            Imap::answering(|given| format!("{} NO [{}] no\r\n", given.tag, given.password).into_bytes()),
            Smtp::default(),
        )
    }),
    ("the greeting", || {
        let greeting = format!("* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] {PASSWORD}\r\n").into_bytes();
        Cloud::of(
            Imap { greeting, ..Imap::default() },
            Smtp { greeting: format!("220 {PASSWORD}\r\n").into_bytes(), ..Smtp::default() },
        )
    }),
    ("a goodbye for a greeting", || {
        Cloud::of(Imap { greeting: format!("* BYE {PASSWORD}\r\n").into_bytes(), ..Imap::default() }, Smtp::default())
    }),
    ("no protocol at all", || {
        Cloud::of(
            Imap { greeting: format!("HTTP/1.1 {PASSWORD}\r\n").into_bytes(), ..Imap::default() },
            Smtp::default(),
        )
    }),
    ("the ID", || saying("ID", format!("* ID (\"name\" \"{PASSWORD}\")\r\n"))),
    ("two values of the ID", || saying("ID", "* ID (\"qkwe\" \"ruvz\" \"mbhy\" \"xgtn\")\r\n".to_owned())),
    ("a folder's attribute", || saying("LIST", format!("* LIST (\\Sent \\{PASSWORD}) \"/\" \"Sent\"\r\n"))),
    ("capabilities after the sign-in", || {
        Cloud::of(
            Imap::answering(|given| {
                format!("* CAPABILITY IMAP4rev1 X-{}\r\n{} OK in\r\n", given.password, given.tag).into_bytes()
            }),
            Smtp::default(),
        )
    }),
    ("the offers of SMTP", || {
        let other = |line: &str, is_encrypted: bool| {
            (is_encrypted && line.starts_with("EHLO"))
                .then(|| format!("250-smtp\r\n250-AUTH PLAIN\r\n250 X{PASSWORD} {PASSWORD}\r\n").into_bytes())
        };
        Cloud::of(Imap::default(), Smtp { other: Box::new(other), ..Smtp::default() })
    }),
    ("a line that is not ended", || {
        Cloud::of(Imap::answering(|given| format!("{} NO {}", given.tag, given.password).into_bytes()), Smtp::default())
    }),
];

/// An IMAP server that says this before the honest end of a command.
fn saying(command: &'static str, said: String) -> Cloud {
    let other =
        move |tag: &str, line: &str| line.starts_with(command).then(|| format!("{said}{tag} OK done\r\n").into_bytes());
    Cloud::of(Imap { other: Box::new(other), ..Imap::default() }, Smtp::default())
}

/// How it can be taken apart.
const SPLITS: &[(&str, World)] = &[
    ("two lines of one reply", || {
        Cloud::of(Imap::default(), smtp_refusing(|given| vec![format!("not {}", &given[..7]), given[7..].to_owned()]))
    }),
    ("four lines of one reply", || {
        Cloud::of(Imap::default(), smtp_refusing(|given| given.split('-').map(str::to_owned).collect()))
    }),
    ("a line a letter", || {
        Cloud::of(Imap::default(), smtp_refusing(|given| given.chars().map(String::from).collect()))
    }),
    ("untagged lines", || Cloud::of(refusing(|given| given.split('-').map(str::to_owned).collect()), Smtp::default())),
    ("two hexadecimal lines", || {
        Cloud::of(
            refusing(|given| [&given[..7], &given[7..]].map(|half| bytes(half, |b| format!("{b:02x}"))).to_vec()),
            Smtp::default(),
        )
    }),
    ("lines of base64", || {
        Cloud::of(
            refusing(|given| {
                STANDARD
                    .encode(given)
                    .as_bytes()
                    .chunks(8)
                    .map(|piece| String::from_utf8_lossy(piece).into_owned())
                    .collect()
            }),
            Smtp::default(),
        )
    }),
    ("the replies to a sender and a recipient", || {
        let other = |line: &str, is_encrypted: bool| {
            let said = |at: usize| PASSWORD.split('-').nth(at).unwrap_or_default();
            let rest = PASSWORD.replace('-', "").chars().skip(4).take(8).collect::<String>();
            match line.split(' ').next()? {
                "MAIL" if is_encrypted => Some(format!("250 {}\r\n", said(0)).into_bytes()),
                "RCPT" if is_encrypted => Some(format!("550 {rest}\r\n").into_bytes()),
                _ => None,
            }
        };
        Cloud::of(Imap::default(), Smtp { other: Box::new(other), ..Smtp::default() })
    }),
    ("a greeting and a reply", || {
        let imap = Imap {
            greeting: b"* OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN] qkwe-ru\r\n* OK vz-mbhy\r\n".to_vec(),
            ..Imap::default()
        };
        Cloud::of(imap, Smtp::default())
    }),
    ("a resolver's aliases", || {
        let mut world = Cloud::of(Imap::default(), Smtp::default());
        world.resolver = crate::resolver::serve(|question| crate::resolver::by_alias(question, PASSWORD));
        world
    }),
    ("two pieces on the wire", || pieces(|given| vec![given[..9].to_owned(), given[9..].to_owned()])),
    ("a piece a letter", || pieces(|given| given.chars().map(String::from).collect())),
    ("a line that is cut inside it", || {
        Cloud::of(refusing(|given| vec![format!("{}{given}", "x ".repeat(490))]), Smtp::default())
    }),
    ("two lines that are cut at different places", || {
        Cloud::of(
            refusing(|given| {
                vec![format!("{}{given}", "x".repeat(986)), format!("{}{given}{}", "x ".repeat(4), "y ".repeat(900))]
            }),
            Smtp::default(),
        )
    }),
    ("a line that is cut after some letters of it", || {
        Cloud::of(refusing(|given| vec![format!("{} {given}", "x".repeat(1000 - 46))]), Smtp::default())
    }),
];

/// A refusal in which the password comes piece by piece, each in a record of TLS of its own.
fn pieces(cut: fn(&str) -> Vec<String>) -> Cloud {
    let imap = move |wire: &mut crate::wire::Wire| {
        wire.encrypt(crate::certificates::honest())?;
        wire.say("* OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN] ready")?;
        let line = wire.line()?;
        let tag = line.split(' ').next().unwrap_or_default().to_owned();
        wire.send(format!("{tag} NO not ").as_bytes())?;
        for piece in cut(PASSWORD) {
            wire.send(piece.as_bytes())?;
            std::thread::sleep(std::time::Duration::from_millis(5));
        }
        wire.say("")?;
        let line = wire.line()?;
        wire.say(&format!("{} OK bye", line.split(' ').next().unwrap_or_default()))
    };
    let smtp = Smtp::default();
    Cloud::serving(imap, move |wire| smtp.serve(wire))
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
