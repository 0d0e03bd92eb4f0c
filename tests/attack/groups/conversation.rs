//! What is sent before and during the sign-in to get the password, or to cause a second and third sign-in.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::Value;

use crate::certificates::{self, Identity, NAMES};
use crate::cloud::{Cloud, PASSWORD};
use crate::doctor::Ended;
use crate::imap::Imap;
use crate::smtp::Smtp;
use crate::{Attack, Held, attack, holds};

pub(crate) fn all() -> Vec<Attack> {
    [before_encryption(), before_the_sign_in(), refusals(), without_initial_response(), injected_words()]
        .into_iter()
        .flatten()
        .collect()
}

fn examined(cloud: &Cloud, flags: &[&str]) -> Result<Ended, String> {
    let ended = cloud.check().args(&["--format", "json", "-vv", "--timeout", "1", "--deadline", "8"]).args(flags).run();
    ended.is_bounded()?;
    ended.hides(&[PASSWORD])?;
    Ok(ended)
}

/// The password may reach the honest IMAP server, and no other.
fn sends_no_password(smtp: Smtp) -> Held {
    let refusing = Imap { greeting: b"* BYE not today\r\n".to_vec(), ..Imap::default() };
    let cloud = Cloud::of(refusing, smtp);
    let ended = examined(&cloud, &[])?;
    holds(ended.code == Some(1), || format!("exit {:?}", ended.code))?;
    cloud.got_no_password()
}

/// An EHLO answer and what comes back to STARTTLS, both before TLS.
fn in_plain(ehlo: &'static [u8], starttls: &'static [u8]) -> Smtp {
    Smtp {
        other: Box::new(move |line, is_encrypted| match line.split(' ').next()? {
            "EHLO" if !is_encrypted => Some(ehlo.to_vec()),
            "STARTTLS" if !starttls.is_empty() => Some(starttls.to_vec()),
            _ => None,
        }),
        ..Smtp::default()
    }
}

fn before_encryption() -> Vec<Attack> {
    let offered = b"250-smtp\r\n250 STARTTLS\r\n";
    let mut attacks: Vec<Attack> = [
        ("STARTTLS is stripped", in_plain as fn(_, _) -> Smtp, &b"250-smtp\r\n250 AUTH PLAIN LOGIN\r\n"[..], &b""[..]),
        ("STARTTLS is masked", in_plain, b"250-smtp\r\n250-XXXXXXXX\r\n250 AUTH PLAIN LOGIN\r\n", b""),
        ("STARTTLS is refused, and AUTH offered", in_plain, b"250-STARTTLS\r\n250 AUTH PLAIN\r\n", b"454 not now\r\n"),
        ("a reply is injected after STARTTLS", in_plain, offered, b"220 ready\r\n250 AUTH PLAIN\r\n"),
        ("a success is injected after STARTTLS", in_plain, offered, b"220 ready\r\n235 signed in\r\n"),
        ("half a line is injected after STARTTLS", in_plain, offered, b"220 ready\r\n250-"),
        ("plain text for the handshake", in_plain, offered, b"220 ready\r\n"),
        ("an alert for the handshake", in_plain, offered, b"220 ready\r\n\x15\x03\x03\x00\x02\x02\x46"),
    ]
    .into_iter()
    .map(|(name, smtp, ehlo, starttls)| {
        attack(format!("SMTP: {name}"), move || sends_no_password(smtp(ehlo, starttls)))
    })
    .collect();
    attacks.push(attack("SMTP: answers before the questions", || {
        sends_no_password(Smtp {
            greeting: b"220 smtp\r\n250-smtp\r\n250 AUTH PLAIN\r\n235 signed in\r\n".to_vec(),
            ..Smtp::default()
        })
    }));
    attacks.push(attack("SMTP: what was offered before TLS is forgotten", || {
        sends_no_password(Smtp {
            other: Box::new(|line, is_encrypted| match (line.split(' ').next()?, is_encrypted) {
                ("EHLO", false) => Some(b"250-STARTTLS\r\n250 AUTH PLAIN LOGIN\r\n".to_vec()),
                ("EHLO", true) => Some(b"250 smtp\r\n".to_vec()),
                _ => None,
            }),
            ..Smtp::default()
        })
    }));
    attacks.push(attack("SMTP: somebody else's certificate after STARTTLS", || {
        let impostor = certificates::authority("Attack Suite Root");
        let tls = Identity::signed(&certificates::params(&NAMES), &impostor, &[&impostor]).config();
        sends_no_password(Smtp { tls, ..Smtp::default() })
    }));
    attacks.extend(
        [
            ("STARTTLS is not offered", &b"* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] hi\r\n"[..], &b""[..]),
            ("PREAUTH", b"* PREAUTH [CAPABILITY IMAP4rev1] signed in already\r\n", b""),
            ("a reply is injected", b"* OK [CAPABILITY IMAP4rev1 STARTTLS] hi\r\n", b"A1 OK go\r\n* OK injected\r\n"),
            ("STARTTLS is refused", b"* OK [CAPABILITY IMAP4rev1 STARTTLS AUTH=PLAIN] hi\r\n", b"A1 NO no\r\n"),
        ]
        .map(|(name, greeting, starttls)| {
            attack(format!("IMAP with STARTTLS: {name}"), move || {
                let cloud = Cloud::serving(
                    move |wire| {
                        wire.send(greeting)?;
                        while let Ok(line) = wire.line() {
                            let tag = line.split(' ').next().unwrap_or_default().to_owned();
                            match line.ends_with("STARTTLS") && !starttls.is_empty() {
                                true => wire.send(starttls)?,
                                false => wire.say(&format!("{tag} OK done"))?,
                            }
                        }
                        Ok(())
                    },
                    |wire| wire.say("554 no"),
                );
                examined(&cloud, &["--imap-security", "starttls"])?;
                cloud.got_no_password()
            })
        }),
    );
    attacks.push(attack("IMAP: plain text on the port of TLS", || {
        let cloud = Cloud::serving(
            |wire| {
                wire.say("* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN SASL-IR] hi")?;
                while wire.line().is_ok() {}
                Ok(())
            },
            |wire| wire.say("554 no"),
        );
        examined(&cloud, &[])?;
        cloud.got_no_password()
    }));
    attacks
}

/// Servers that offer no mechanism for a password get none.
fn before_the_sign_in() -> Vec<Attack> {
    let mut attacks: Vec<Attack> = [
        ("LOGINDISABLED", "* OK [CAPABILITY IMAP4rev1 LOGINDISABLED] hi\r\n"),
        ("only CRAM-MD5", "* OK [CAPABILITY IMAP4rev1 LOGINDISABLED AUTH=CRAM-MD5] hi\r\n"),
        ("only NTLM", "* OK [CAPABILITY IMAP4rev1 LOGINDISABLED AUTH=NTLM] hi\r\n"),
        ("only XOAUTH2", "* OK [CAPABILITY IMAP4rev1 LOGINDISABLED AUTH=XOAUTH2] hi\r\n"),
        ("PREAUTH", "* PREAUTH [CAPABILITY IMAP4rev1 AUTH=PLAIN SASL-IR] signed in already\r\n"),
        ("BYE", "* BYE [CAPABILITY IMAP4rev1 AUTH=PLAIN SASL-IR] goodbye\r\n"),
        ("another protocol", "220 this is not IMAP\r\n"),
    ]
    .into_iter()
    .map(|(name, greeting)| {
        attack(format!("IMAP greets with {name}"), move || {
            let imap = Imap { greeting: greeting.as_bytes().to_vec(), ..Imap::default() };
            let cloud = Cloud::of(imap, Smtp { greeting: b"554 no\r\n".to_vec(), ..Smtp::default() });
            examined(&cloud, &[])?;
            cloud.got_no_password()
        })
    })
    .collect();
    attacks.extend(["250 AUTH CRAM-MD5\r\n", "250 AUTH XOAUTH2 NTLM\r\n", "250 AUTH\r\n", "250 smtp\r\n"].map(
        |offer| {
            attack(format!("SMTP offers {}", offer.trim_end()), move || {
                sends_no_password(Smtp {
                    other: Box::new(move |line, is_encrypted| {
                        (is_encrypted && line.starts_with("EHLO")).then(|| offer.as_bytes().to_vec())
                    }),
                    ..Smtp::default()
                })
            })
        },
    ));
    attacks
}

/// At most two sign-ins for each server after any answer; and none more if the words speak of a limit.
fn refusals() -> Vec<Attack> {
    let imap: [(&str, &[u8], usize); 9] = [
        ("a refusal", b"A3 NO [AUTHENTICATIONFAILED] no\r\n", 2),
        ("a refusal without a code", b"A3 NO no\r\n", 2),
        ("BAD", b"A3 BAD what?\r\n", 2),
        ("a limit", b"A3 NO [LIMIT] too many\r\n", 1),
        ("an outage", b"A3 BAD [UNAVAILABLE] later\r\n", 1),
        ("a referral", b"A3 NO [REFERRAL imap://ottilie@evil.example/] go there\r\n", 2),
        ("a goodbye", b"* BYE [ALERT] goodbye\r\n", 2),
        ("rubbish", b"\x00\xff\xfe\r\n", 2),
        ("success for another command", b"Z9 OK signed in\r\n", 2),
    ];
    let smtp: [(&str, &[u8], usize); 6] = [
        ("a refusal", b"535 5.7.8 no\r\n", 2),
        ("a refusal whose codes differ", b"535-5.7.8 no\r\n235 2.7.0 yes\r\n", 2),
        ("a limit", b"454 4.7.0 too many\r\n", 1),
        ("a goodbye", b"421 4.7.0 goodbye\r\n", 1),
        ("not understood", b"500 what?\r\n", 2),
        ("rubbish", b"\x00\xff\xfe\r\n", 2),
    ];
    let of_imap = imap.map(|(name, answer, most)| {
        attack(format!("IMAP answers a sign-in by {name}"), move || {
            let imap = Imap::answering(move |given| with_tag(answer, &given.tag));
            at_most(&Cloud::of(imap, Smtp { greeting: b"554 no\r\n".to_vec(), ..Smtp::default() }), most)
        })
    });
    let of_smtp = smtp.map(|(name, answer, most)| {
        attack(format!("SMTP answers a sign-in by {name}"), move || {
            let imap = Imap { greeting: b"* BYE no\r\n".to_vec(), ..Imap::default() };
            at_most(&Cloud::of(imap, Smtp::answering(|_| answer.to_vec())), most)
        })
    });
    let challenges = [
        attack("IMAP challenges without end", || {
            let imap = Imap {
                other: Box::new(|_, command| is_in_exchange(command).then(|| b"+ \r\n".to_vec())),
                ..Imap::default()
            };
            at_most(&Cloud::of(imap, Smtp { greeting: b"554 no\r\n".to_vec(), ..Smtp::default() }), 2)
        }),
        attack("SMTP challenges without end", || {
            let imap = Imap { greeting: b"* BYE no\r\n".to_vec(), ..Imap::default() };
            at_most(&Cloud::of(imap, Smtp::answering(|_| b"334 \r\n".to_vec())), 2)
        }),
        attack("honest first, an impostor at the second sign-in", || {
            let honest =
                Arc::new(Imap::answering(|given| format!("{} NO [AUTHENTICATIONFAILED] no\r\n", given.tag).into()));
            let other = certificates::authority("Somebody Else");
            let tls = Identity::signed(&certificates::params(&NAMES), &other, &[]).config();
            let impostor = Imap { tls, ..Imap::default() };
            let count = AtomicUsize::new(0);
            let cloud = Cloud::serving(
                move |wire| match count.fetch_add(1, Ordering::SeqCst) {
                    0 => honest.serve(wire),
                    _ => impostor.serve(wire),
                },
                |wire| wire.say("554 no"),
            );
            at_most(&cloud, 1)
        }),
    ];
    of_imap.into_iter().chain(of_smtp).chain(challenges).collect()
}

fn is_in_exchange(command: &str) -> bool {
    command.starts_with("AUTHENTICATE") || command.is_empty()
}

fn with_tag(answer: &[u8], tag: &str) -> Vec<u8> {
    match answer.strip_prefix(b"A3") {
        Some(rest) => [tag.as_bytes(), rest].concat(),
        None => answer.to_vec(),
    }
}

fn at_most(cloud: &Cloud, most: usize) -> Held {
    examined(cloud, &[])?;
    let count = cloud.sign_ins();
    holds((1..=most).contains(&count), || format!("{count} sign-ins, not 1 to {most}: {}", cloud.all_heard()))
}

/// A server that does not offer SASL-IR (RFC 4959) answers AUTHENTICATE before it has the password.
fn without_initial_response() -> Vec<Attack> {
    [
        ("a refusal", "* OK wait\r\nTAG NO [AUTHENTICATIONFAILED] no\r\n", "refused"),
        ("a refusal at once", "TAG NO [AUTHENTICATIONFAILED] no\r\n", "refused"),
        ("an outage", "TAG NO [UNAVAILABLE] later\r\n", "unavailable"),
        ("a limit", "TAG NO [LIMIT] later\r\n", "throttled"),
        ("BAD", "TAG BAD what?\r\n", "not-understood"),
    ]
    .into_iter()
    .map(|(name, answer, outcome)| {
        attack(format!("IMAP answers AUTHENTICATE by {name} in place of a challenge"), move || {
            let imap = Imap {
                greeting: b"* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN LOGINDISABLED] hi\r\n".to_vec(),
                other: Box::new(move |tag, command| {
                    command.starts_with("AUTHENTICATE").then(|| answer.replace("TAG", tag).into_bytes())
                }),
                ..Imap::default()
            };
            let cloud = Cloud::of(imap, Smtp::default());
            let report = examined(&cloud, &[])?.report()?;
            let sign_in = sign_in(&report, "imap");
            holds(sign_in["outcome"]["result"] == outcome, || format!("not {outcome}: {sign_in}"))
        })
    })
    .chain([attack("IMAP says something else before its challenge", || {
        let imap = Imap {
            greeting: b"* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] hi\r\n* 3 EXISTS\r\n".to_vec(),
            other: Box::new(|tag, command| match command.starts_with("AUTHENTICATE") {
                true => Some(b"* OK wait\r\n+ \r\n".to_vec()),
                // The response of SASL PLAIN alone is a line of one word.
                false => command.is_empty().then(|| {
                    let _ = tag;
                    b"A3 OK in\r\n".to_vec()
                }),
            }),
            ..Imap::default()
        };
        let report = examined(&Cloud::of(imap, Smtp::default()), &[])?.report()?;
        let sign_in = sign_in(&report, "imap");
        holds(sign_in["outcome"]["result"] == "accepted", || format!("not accepted: {sign_in}"))
    })])
    .collect()
}

fn sign_in(report: &Value, check: &str) -> Value {
    let rows = report["checks"].as_array().cloned().unwrap_or_default();
    rows.into_iter().find(|row| row["id"] == check).map_or(Value::Null, |row| row["evidence"]["sign_in"].clone())
}

/// What would be a second command if it were written as it is.
fn injected_words() -> Vec<Attack> {
    let only_login = || Imap { greeting: b"* OK [CAPABILITY IMAP4rev1] hi\r\n".to_vec(), ..Imap::default() };
    let mut attacks: Vec<Attack> =
        ["ab\"cd\\ef gh", "ab\r\nA9 DELETE INBOX\r\n", "ab\" \"A9 DELETE INBOX", "{12}\r\nab"]
            .into_iter()
            .map(|password| {
                attack(format!("the password {password:?} stays one argument"), move || {
                    let cloud = Cloud::of(only_login(), Smtp { greeting: b"554 no\r\n".to_vec(), ..Smtp::default() });
                    cloud.check_of("you@icloud.com", password).args(&["--timeout", "1"]).run().is_bounded()?;
                    let heard = cloud.all_heard();
                    holds(!heard.lines().any(|line| line.starts_with("A9")), || heard.clone())
                })
            })
            .collect();
    attacks.extend(["you\r\nA9 DELETE INBOX", "you\" \"x\" A9", "you\nQUIT"].map(|login| {
        attack(format!("the login {login:?} stays one argument"), move || {
            let cloud = Cloud::of(only_login(), Smtp::default());
            let flags = ["--imap-username", login, "--smtp-username", login, "--timeout", "1"];
            cloud.check().args(&flags).run().is_bounded()?;
            let heard = cloud.all_heard();
            holds(!heard.lines().any(|line| line.starts_with("A9") || line == "x\" A9"), || heard.clone())
        })
    }));
    attacks.extend(["a@b.example> SIZE=1", "a@b.example>\r\nRCPT TO:<x@y.example", "a b@c.example"].map(|from| {
        attack(format!("the sender {from:?} stays one address"), move || {
            let cloud = Cloud::of(Imap::default(), Smtp::default());
            cloud.check().args(&["--from", from]).run().is_bounded()?;
            let heard = cloud.all_heard();
            holds(!heard.contains("SIZE=1") && !heard.contains("x@y.example") && !heard.contains("a b@"), || {
                heard.clone()
            })
        })
    }));
    attacks
}
