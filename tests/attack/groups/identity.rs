//! Names of the user, the computer and its network: left out of what others read.

use super::echo::outputs;
use crate::cloud::{ADDRESS, Cloud, PASSWORD};
use crate::imap::Imap;
use crate::smtp::Smtp;
use crate::{Attack, Held, attack, holds};

pub(crate) fn all() -> Vec<Attack> {
    let mut all: Vec<Attack> = PLACES
        .iter()
        .map(|(name, world)| {
            attack(format!("the login name in {name}"), move || hides(&world(), ADDRESS, &[], &["ottilie.kranz"]))
        })
        .collect();
    all.extend(NAMES.iter().map(|(address, said, secret)| {
        attack(format!("{address} as {said}"), move || {
            let greeting = format!("* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] for {said}\r\n").into_bytes();
            let smtp = Smtp { greeting: format!("220 for {said}\r\n").into_bytes(), ..Smtp::default() };
            hides(&Cloud::of(Imap { greeting, ..Imap::default() }, smtp), address, &[], &[secret])
        })
    }));
    all.extend(NUMBERS.iter().map(|(said, secret)| {
        attack(format!("a local number as {said}"), move || {
            let smtp = Smtp { greeting: format!("220 hello {said}\r\n").into_bytes(), ..Smtp::default() };
            hides(&Cloud::of(Imap::default(), smtp), ADDRESS, &[], &[secret])
        })
    }));
    all.extend(MAIL.iter().map(|(name, said)| {
        attack(format!("mail as {name}"), move || {
            let other = move |tag: &str, line: &str| {
                let honest = match line {
                    _ if line.starts_with("EXAMINE") => "* 1 EXISTS\r\n",
                    _ if line.contains("RFC822.SIZE") => "* 1 FETCH (RFC822.SIZE 310)\r\n",
                    _ if line.starts_with("FETCH") || line.starts_with("LIST") => said,
                    _ => return None,
                };
                Some(format!("{honest}{tag} OK done\r\n").into_bytes())
            };
            let imap = Imap { other: Box::new(other), ..Imap::default() };
            hides(&Cloud::of(imap, Smtp::default()), ADDRESS, &["--mailbox"], &["Scheidung"])
        })
    }));
    all.push(attack("control: a short name is masked once", || {
        let (ended, _) = outputs(&Cloud::of(Imap::default(), Smtp::default()), "a@icloud.com", PASSWORD, &[]);
        let text = ended.text();
        holds(text.contains("a…@icloud.com") && !text.contains("……"), || text)
    }));
    all.push(attack("control: a name inside of words leaves them whole", || {
        let greeting = b"* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] the same sample for sam\r\n".to_vec();
        let world = Cloud::of(Imap { greeting, ..Imap::default() }, Smtp::default());
        let (ended, _) = outputs(&world, "sam@icloud.com", PASSWORD, &[]);
        holds(ended.text().contains("the same sample for s…"), || ended.text())
    }));
    all
}

fn hides(world: &Cloud, address: &str, arguments: &[&str], secrets: &[&str]) -> Held {
    let (ended, outputs) = outputs(world, address, PASSWORD, arguments);
    ended.is_bounded()?;
    for (name, text) in &outputs {
        holds(!text.is_empty() || name == "standard error", || format!("{name} is empty: {}", ended.text()))?;
        // As it is, and as formats escape it.
        let text = text.to_lowercase().replace('\\', "");
        for secret in secrets {
            let line =
                || text.lines().find(|line| line.contains(&secret.to_lowercase())).unwrap_or_default().to_owned();
            holds(!text.contains(&secret.to_lowercase()), || format!("{name} shows {secret}: {:.300}", line()))?;
        }
    }
    Ok(())
}

type World = fn() -> Cloud;

fn imap(command: &'static str, said: &'static str) -> Cloud {
    let other = move |tag: &str, line: &str| {
        line.starts_with(command).then(|| format!("{said}\r\n{tag} OK done\r\n").into_bytes())
    };
    Cloud::of(Imap { other: Box::new(other), ..Imap::default() }, Smtp::default())
}

fn smtp(command: &'static str, said: &'static str) -> Cloud {
    let other = move |line: &str, is_encrypted: bool| {
        (is_encrypted && line.starts_with(command)).then(|| format!("{said}\r\n").into_bytes())
    };
    Cloud::of(Imap::default(), Smtp { other: Box::new(other), ..Smtp::default() })
}

/// Where a server can name the account.
const PLACES: &[(&str, World)] = &[
    ("a refusal", || {
        Cloud::of(
            Imap::answering(|given| format!("{} NO ottilie.kranz is unknown\r\n", given.tag).into_bytes()),
            Smtp::default(),
        )
    }),
    ("the greeting", || {
        let greeting = b"* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] box of Ottilie.Kranz\r\n".to_vec();
        Cloud::of(
            Imap { greeting, ..Imap::default() },
            Smtp { greeting: b"220 box of Ottilie.Kranz\r\n".to_vec(), ..Smtp::default() },
        )
    }),
    ("a goodbye for a greeting", || {
        Cloud::of(Imap { greeting: b"* BYE no ottilie.kranz\r\n".to_vec(), ..Imap::default() }, Smtp::default())
    }),
    ("the ID", || imap("ID", "* ID (\"user\" \"ottilie.kranz\" \"ottilie.kranz\" \"yes\")")),
    ("the capabilities", || {
        Cloud::of(
            Imap::answering(|given| {
                format!("* CAPABILITY IMAP4rev1 ottilie.kranz X=ottilie.kranz\r\n{} OK in\r\n", given.tag).into_bytes()
            }),
            Smtp::default(),
        )
    }),
    ("the goodbye", || imap("LOGOUT", "* BYE ottilie.kranz")),
    ("the quota", || {
        imap("GETQUOTAROOT", "* QUOTAROOT INBOX \"user.ottilie.kranz\"\r\n* QUOTA \"user/ottilie.kranz\" (STORAGE 1 9)")
    }),
    ("a folder's attribute", || imap("LIST", "* LIST (\\ottilie.kranz) \"/\" \"Sent\"")),
    ("no protocol at all", || {
        Cloud::of(Imap { greeting: b"HTTP/1.1 200 ottilie.kranz\r\n".to_vec(), ..Imap::default() }, Smtp::default())
    }),
    ("an offer of SMTP", || {
        smtp("EHLO", "250-hello ottilie.kranz\r\n250-ottilie.kranz ottilie.kranz\r\n250 AUTH PLAIN")
    }),
    ("a refusal of SMTP", || smtp("AUTH", "535-5.7.8 ottilie.kranz\r\n535 5.7.8 is unknown")),
    ("a refusal of STARTTLS", || {
        let other =
            |line: &str, _: bool| line.starts_with("STARTTLS").then(|| b"454 not for ottilie.kranz\r\n".to_vec());
        Cloud::of(Imap::default(), Smtp { other: Box::new(other), ..Smtp::default() })
    }),
];

/// An account, what a server says about it, and what must not be shown.
const NAMES: &[(&str, &str, &str)] = &[
    ("Änne.Quarz@quarz.example", "änne.quarz", "nne.quarz"),
    ("änne.quarz@quarz.example", "ÄNNE.QUARZ@QUARZ.EXAMPLE", "nne.quarz"),
    ("Änne.Quarz@quarz.example", "A\u{308}nne.Quarz", "nne.quarz"),
    ("анна.кварц@quarz.example", "АННА.КВАРЦ", "кварц"),
    (ADDRESS, "OTTILIE.KRANZ@ICLOUD.COM", "ottilie.kranz"),
    (ADDRESS, "_ottilie.kranz@icloud.com", "ottilie.kranz"),
    (ADDRESS, "-ottilie.kranz@icloud.com-", "ottilie.kranz"),
    (ADDRESS, "ottilie.kranz+shop@icloud.com", "ottilie.kranz"),
    (ADDRESS, "ottilie.kranz…", "ottilie.kranz"),
    (ADDRESS, "ottilie\u{ad}.\u{202e}kranz", "ottilie\u{ad}.\u{202e}kranz"),
    (ADDRESS, "mailto:ottilie.kranz%40icloud.com", "ottilie.kranz"),
    (ADDRESS, "b3R0aWxpZS5rcmFuekBpY2xvdWQuY29t", "b3r0awxpzs5rcmfuekbpy2xvdwquy29t"),
    (ADDRESS, "user=b3R0aWxpZS5rcmFuekBpY2xvdWQuY29tAA==", "b3r0awxpzs5rcmfuekbpy2xvdwquy29t"),
    (ADDRESS, "6f7474696c69652e6b72616e7a4069636c6f75642e636f6d", "6f7474696c69652e6b72616e7a"),
];

/// What a server says about this computer's network, and what must not be shown.
const NUMBERS: &[(&str, &str)] = &[
    ("10.91.82.73", "10.91.82.73"),
    ("[10.91.82.73]:4711", "10.91.82.73"),
    ("[IPv6:fd91::82:73]", "fd91::82:73"),
    ("[ipv6:fe80::91:82:73]", "fe80::91:82:73"),
    ("ip:10.91.82.73", "10.91.82.73"),
    ("from:10.91.82.73;", "10.91.82.73"),
    ("from:fd91::82:73", "fd91::82:73"),
    ("dyn-10.91.82.73", "10.91.82.73"),
    ("10.91.82.73.home.example", "10.91.82.73"),
    ("ip-10-91-82-73.home.example", "10-91-82-73"),
    ("dyn-81-2-69-142.isp.example", "81-2-69-142"),
    ("73.82.91.10.in-addr.arpa", "73.82.91.10"),
    ("81.2.69.142,", "81.2.69.142"),
    ("3c-22-fb-91-82-73", "3c-22-fb-91-82-73"),
];

/// What a server says where mail was asked for.
const MAIL: &[(&str, &str)] = &[
    ("a message", "* 1 FETCH (RFC822 {9}\r\nScheidung BODY[]<0> \"Scheidung\")\r\n"),
    ("a message after two blanks", "*  1  FETCH  (RFC822 \"Scheidung\" BODY[]<0> \"Scheidung\")\r\n"),
    ("a message longer than announced", "* 1 FETCH (RFC822 {2}\r\nScheidung\r\nScheidung\r\n)\r\n"),
    ("a literal that waits for nobody", "* 1 FETCH (BODY[]<0> {9+}\r\nScheidung)\r\n"),
    ("a bare word", "* 1 FETCH (BODY[]<0> Scheidung RFC822 Scheidung)\r\n"),
    (
        "other folders",
        "* LIST (\\HasNoChildren) \"/\" \"Scheidung\"\r\n* LIST () \"/\" Scheidung\r\n* LIST () \"/\" \"Sent\"\r\n",
    ),
    ("a folder in a literal", "* LIST () \"/\" {9}\r\nScheidung\r\n"),
];
