//! Where a server can say the password, and how it can take it apart.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::dresses::bytes;
use super::{refusing, smtp_refusing};
use crate::cloud::{Cloud, PASSWORD};
use crate::imap::Imap;
use crate::smtp::Smtp;

pub(super) type World = fn() -> Cloud;

/// Where a server, once it knows the password, can say it.
pub(super) const PLACES: &[(&str, World)] = &[
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
pub(super) const SPLITS: &[(&str, World)] = &[
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
