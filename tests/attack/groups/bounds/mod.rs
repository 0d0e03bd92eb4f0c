//! Servers that never end, or send too much: time, memory and output stay limited.

mod flood;
mod names;
mod pages;
mod tls;

use std::io;
use std::time::Duration;

use crate::cloud::Cloud;
use crate::doctor::{Doctor, Ended};
use crate::imap::{Imap, SignIn};
use crate::smtp::Smtp;
use crate::wire::Wire;
use crate::{Attack, Held, attack, holds};

/// The deadline of every run here, in seconds.
const DEADLINE: &str = "3";

/// The deadline, the two seconds after it, and four times as much again because the machine may be busy.
const LONGEST: Duration = Duration::from_secs(25);

/// No report is larger.
const LARGEST_REPORT: usize = 4 * 1024 * 1024;

pub(crate) fn all() -> Vec<Attack> {
    let mut attacks = imap();
    attacks.extend(smtp());
    attacks.extend(endless());
    attacks.extend(flood::all());
    attacks.extend(tls::all());
    attacks.extend(pages::all());
    attacks.extend(names::all());
    attacks
}

/// Runs a check that has little time, and makes sure that it keeps to it.
fn in_time(doctor: Doctor) -> Held {
    is_small(&timed(doctor).run())
}

fn timed(doctor: Doctor) -> Doctor {
    doctor.args(&["--deadline", DEADLINE, "--timeout", "1", "--format", "json"])
}

/// It ended in time and within its memory, with a whole report that is not a flood itself.
fn is_small(ended: &Ended) -> Held {
    ended.is_bounded()?;
    holds(ended.took < LONGEST, || format!("it took {:.1} s", ended.took.as_secs_f32()))?;
    holds(ended.out.len() < LARGEST_REPORT, || format!("its report has {} bytes", ended.out.len()))?;
    let is_report =
        serde_json::from_slice::<serde_json::Value>(&ended.out).is_ok_and(|report| report["checks"].is_array());
    holds(is_report, || format!("there is no report: {}", ended.text().chars().take(300).collect::<String>()))
}

/// What an IMAP server answers to one kind of command, before it ends it.
fn answering(verb: &'static str, before: impl Fn() -> Vec<u8> + Send + Sync + 'static) -> Imap {
    Imap {
        other: Box::new(move |tag, command| {
            command.starts_with(verb).then(|| [before(), format!("{tag} OK done\r\n").into_bytes()].concat())
        }),
        ..Imap::default()
    }
}

/// A greeting that names no capabilities, so that they are asked for.
fn asked_for_capabilities(capabilities: Vec<u8>) -> Imap {
    let other = move |tag: &str, command: &str| {
        command.starts_with("CAPABILITY").then(|| [&*capabilities, format!("{tag} OK done\r\n").as_bytes()].concat())
    };
    Imap { greeting: b"* OK ready\r\n".to_vec(), other: Box::new(other), ..Imap::default() }
}

/// So many words of one letter.
fn words(count: usize) -> String {
    "a ".repeat(count)
}

/// An attack on the conversation with the IMAP server.
fn by_imap(name: &str, imap: impl Fn() -> Imap + Send + Sync + 'static) -> Attack {
    attack(format!("IMAP: {name}"), move || in_time(Cloud::of(imap(), Smtp::default()).check()))
}

/// An attack on the conversation with the SMTP server.
fn by_smtp(name: &str, smtp: impl Fn() -> Smtp + Send + Sync + 'static) -> Attack {
    attack(format!("SMTP: {name}"), move || in_time(Cloud::of(Imap::default(), smtp()).check()))
}

fn greeting(bytes: impl Into<Vec<u8>>) -> Imap {
    Imap { greeting: bytes.into(), ..Imap::default() }
}

fn imap() -> Vec<Attack> {
    let list = |before: fn() -> Vec<u8>| move || answering("LIST", before);
    vec![
        by_imap("a greeting of a megabyte less a little", || greeting(format!("* OK {}\r\n", "x".repeat(1_000_000)))),
        by_imap("a greeting of three megabytes", || greeting(format!("* OK {}\r\n", "x".repeat(3_000_000)))),
        by_imap("ten thousand empty lines for a greeting", || greeting("\r\n".repeat(10_000))),
        by_imap("half a million capabilities in the greeting", || {
            greeting(format!("* OK [CAPABILITY {}] ready\r\n", words(500_000)))
        }),
        by_imap("half a million capabilities, asked for", || {
            asked_for_capabilities(format!("* CAPABILITY {}\r\n", words(500_000)).into_bytes())
        }),
        by_imap("five thousand capabilities, asked for", || {
            asked_for_capabilities(format!("* CAPABILITY {}\r\n", words(5_000)).into_bytes())
        }),
        by_imap("capabilities a thousand times", || {
            asked_for_capabilities(format!("* CAPABILITY {}\r\n", words(500)).repeat(1_000).into_bytes())
        }),
        by_imap("an ID of 260 000 pairs", || {
            answering("ID", || format!("* ID ({})\r\n", "a b ".repeat(260_000)).into_bytes())
        }),
        by_imap("an ID of nine thousand pairs", || {
            answering("ID", || format!("* ID ({})\r\n", "a b ".repeat(9_000)).into_bytes())
        }),
        by_imap("an ID whose values have a megabyte", || {
            answering("ID", || format!("* ID (\"name\" \"{}\")\r\n", "v".repeat(1_000_000)).into_bytes())
        }),
        by_imap("a hundred thousand lists within lists", list(|| "(".repeat(100_000).into_bytes())),
        by_imap("a literal of four gigabytes", list(|| b"* LIST () \"/\" {4294967296}\r\nx".to_vec())),
        by_imap("a literal that never comes", list(|| b"* LIST () \"/\" {1000000}\r\nx".to_vec())),
        by_imap(
            "a literal whose length is no number",
            list(|| b"* LIST () \"/\" {99999999999999999999}\r\nx".to_vec()),
        ),
        by_imap(
            "a folder with 400 000 attributes",
            list(|| format!("* LIST ({}) \"/\" \"Sent\"\r\n", words(400_000)).into_bytes()),
        ),
        by_imap("the same folder 100 000 times", list(|| "* LIST () \"/\" \"Sent\"\r\n".repeat(100_000).into_bytes())),
        by_imap("a quota of 300 000 resources", || {
            answering("GETQUOTAROOT", || format!("* QUOTA \"\" ({})\r\n", "a 1 2 ".repeat(150_000)).into_bytes())
        }),
        by_imap("a refusal of a megabyte", || {
            Imap::answering(|given: &SignIn| format!("{} NO {}\r\n", given.tag, "n".repeat(1_000_000)).into_bytes())
        }),
        by_imap("a code of a megabyte", || {
            Imap::answering(|given: &SignIn| format!("{} NO [{}]\r\n", given.tag, "N".repeat(1_000_000)).into_bytes())
        }),
        by_imap("a megabyte that is no UTF-8", || {
            greeting([b"* OK ".as_slice(), &[0xff; 1_000_000], b"\r\n"].concat())
        }),
        by_imap("a megabyte of control characters", || {
            greeting([b"* OK ".as_slice(), &[0x1b; 1_000_000], b"\r\n"].concat())
        }),
    ]
}

fn smtp() -> Vec<Attack> {
    let greeting = |text: String| Smtp { greeting: text.into_bytes(), ..Smtp::default() };
    let lines = |line: &str, count: usize| format!("{}250 end\r\n", format!("250-{line}\r\n").repeat(count));
    let hello = move |answer: String, of: bool| Smtp {
        other: Box::new(move |line, is_encrypted| {
            (line.starts_with("EHLO") && is_encrypted == of).then(|| answer.clone().into_bytes())
        }),
        ..Smtp::default()
    };
    vec![
        by_smtp("a greeting of 127 lines of 8 kB", move || {
            greeting(format!("{}220 end\r\n", format!("220-{}\r\n", "g".repeat(8_000)).repeat(127)))
        }),
        by_smtp("a greeting of 100 000 lines", move || greeting("220-g\r\n".repeat(100_000))),
        by_smtp("an EHLO of a megabyte before TLS", move || hello(lines(&format!("X {}", words(4_000)), 127), false)),
        by_smtp("an EHLO of a megabyte after TLS", move || hello(lines(&format!("X {}", words(4_000)), 127), true)),
        by_smtp("a quarter of a million mechanisms", move || {
            let line = |of: usize| {
                let names: Vec<String> = (0..1_300).map(|nth| format!("{:x}", of * 1_300 + nth)).collect();
                format!("250-AUTH {}\r\n", names.join(" "))
            };
            hello((0..127).map(line).chain(["250 end\r\n".to_owned()]).collect(), true)
        }),
        by_smtp("2 MB of private numbers before TLS", move || {
            let numbers = |of: usize| {
                let numbers: Vec<String> = (0..600).map(|nth| format!("10.{of}.{}.{}", nth / 250, nth % 250)).collect();
                numbers.join(" ")
            };
            let answer: String = (0..127).map(|of| ["250-", &*numbers(of), "\r\n"].concat()).collect();
            let from_greeting: String = (128..255).map(|of| ["220-", &*numbers(of), "\r\n"].concat()).collect();
            Smtp {
                greeting: format!("{from_greeting}220 end\r\n").into_bytes(),
                ..hello(format!("{answer}250 end\r\n"), false)
            }
        }),
        by_smtp("a refusal of a megabyte", || {
            Smtp::answering(|_: &SignIn| {
                format!("{}535 no\r\n", format!("535-{}\r\n", "n".repeat(8_000)).repeat(127)).into_bytes()
            })
        }),
        by_smtp("a challenge of a megabyte", || {
            Smtp::answering(|_: &SignIn| {
                format!("{}334 no\r\n", format!("334-{}\r\n", "n".repeat(8_000)).repeat(127)).into_bytes()
            })
        }),
    ]
}

/// Sends one thing without end, until the client disconnects.
fn for_ever(wire: &mut Wire, piece: &[u8]) -> io::Result<()> {
    loop {
        wire.send(piece)?;
    }
}

/// Sends a byte at a time, slowly.
fn slowly(wire: &mut Wire, text: &[u8]) -> io::Result<()> {
    for byte in text.iter().cycle() {
        wire.send(&[*byte])?;
        std::thread::sleep(Duration::from_millis(100));
    }
    Ok(())
}

/// A conversation that never ends, by the part at which it begins not to end.
fn endless() -> Vec<Attack> {
    let by_imap = |name: &str, piece: &'static [u8]| {
        attack(format!("IMAP, without end: {name}"), move || {
            let smtp = Smtp::default();
            let imap = move |wire: &mut Wire| {
                wire.encrypt(crate::certificates::honest())?;
                for_ever(wire, piece)
            };
            in_time(Cloud::serving(imap, move |wire| smtp.serve(wire)).check())
        })
    };
    let by_smtp = |name: &str, piece: &'static [u8]| {
        attack(format!("SMTP, without end: {name}"), move || {
            let imap = Imap::default();
            in_time(Cloud::serving(move |wire| imap.serve(wire), move |wire| for_ever(wire, piece)).check())
        })
    };
    vec![
        by_imap("one line", &[b'x'; 16_384]),
        by_imap("greetings", b"* OK ready\r\n* OK ready\r\n* OK ready\r\n* OK ready\r\n"),
        by_imap("untagged data", b"* 1 EXISTS\r\n* 1 FETCH (FLAGS ())\r\n"),
        by_imap("challenges", b"+ \r\n+ \r\n+ \r\n+ \r\n"),
        by_imap("farewells", b"* BYE\r\n* BYE\r\n* BYE\r\n* BYE\r\n"),
        by_smtp("one line", &[b'2'; 16_384]),
        by_smtp("lines of one reply", b"220-a\r\n220-a\r\n220-a\r\n220-a\r\n"),
        by_smtp("replies", b"220 a\r\n250 a\r\n220 a\r\n250 a\r\n"),
        attack("slow bytes, at both servers", || {
            let imap = |wire: &mut Wire| {
                wire.encrypt(crate::certificates::honest())?;
                slowly(wire, b"* OK still here")
            };
            in_time(Cloud::serving(imap, |wire| slowly(wire, b"220-still here")).check())
        }),
        attack("slow lines, at both servers", || {
            let lines = |wire: &mut Wire, line: &str| loop {
                wire.say(line)?;
                std::thread::sleep(Duration::from_millis(100));
            };
            let imap = move |wire: &mut Wire| {
                wire.encrypt(crate::certificates::honest())?;
                lines(wire, "* OK still here")
            };
            in_time(Cloud::serving(imap, move |wire| lines(wire, "220-still here")).check())
        }),
    ]
}
