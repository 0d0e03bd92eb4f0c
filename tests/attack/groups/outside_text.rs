//! Text from outside that would control a terminal or a workflow's log: in every format, and on standard error.

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::cloud::Cloud;
use crate::doctor::{Doctor, Ended};
use crate::imap::Imap;
use crate::smtp::Smtp;
use crate::{Attack, Held, attack, holds};

const FORMATS: [&str; 8] = ["text", "json", "html", "markdown", "junit", "nagios", "github", "openmetrics"];

/// What outside text may hold, by name.
const PAYLOADS: [(&str, &str); 16] = [
    ("clear-screen", "\u{1b}[2J"),
    ("window-title", "\u{1b}]0;forged\u{7}"),
    ("one-byte-csi", "\u{9b}2J"),
    ("right-to-left", "\u{202e}degrof"),
    ("isolate", "\u{2066}forged"),
    ("line", "a\n::error::forged"),
    ("return", "a\r::error::forged"),
    ("next-line", "a\u{85}::warning::forged"),
    ("line-separator", "a\u{2028}::error::forged"),
    ("add-mask", "::add-mask::e"),
    ("stop-commands", "::stop-commands::forged"),
    ("set-output", "  ::set-output name=exit-code::0"),
    ("legacy-set-output", "554 ##[set-output name=exit-code]0"),
    ("legacy-error", "##[error]forged"),
    // Wrapped at 80 columns, the command begins a line.
    ("wrapped", "421 zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz ::stop-commands::forged"),
    ("null", "a\0::error::forged"),
];

pub(crate) fn all() -> Vec<Attack> {
    let mut attacks = Vec::new();
    for (name, payload) in PAYLOADS {
        for format in FORMATS {
            attacks
                .push(attack(format!("{name} in a saved report, as {format}"), move || in_a_report(payload, format)));
        }
        attacks.push(attack(format!("{name} as the verdict of a saved report"), move || as_a_verdict(payload)));
        attacks.push(attack(format!("{name} in a case that cannot be read"), move || in_a_broken_case(payload)));
        attacks.push(attack(format!("{name} in a pasted text"), move || in_a_pasted_text(payload)));
        if !payload.contains('\0') {
            attacks.push(attack(format!("{name} in the name of a file"), move || in_a_file_name(payload)));
            attacks.push(attack(format!("{name} as an argument"), move || as_an_argument(payload)));
        }
    }
    for (name, payload) in PAYLOADS.into_iter().filter(|(_, payload)| !payload.contains(['\n', '\r'])) {
        attacks.push(attack(format!("{name} in a greeting"), move || in_a_greeting(payload)));
    }
    attacks
}

/// Nothing that was written controls a terminal, or the runner whose log it goes into.
fn obeys_nothing(ended: &Ended, format: &str) -> Held {
    ended.is_bounded()?;
    for (where_to, bytes) in [("standard output", &ended.out), ("standard error", &ended.error)] {
        let text = String::from_utf8_lossy(bytes);
        let hidden = |character: &char| {
            (character.is_control() && *character != '\n')
                || matches!(character, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
        };
        let raw = text.chars().find(hidden);
        holds(raw.is_none(), || format!("{raw:?} is on {where_to}: {text:?}"))?;
        for line in text.lines() {
            let is_own = format == "github"
                && ["::error ", "::warning ", "::notice "]
                    .iter()
                    .any(|own| line.starts_with(&format!("{own}title=iCloud Mail")));
            let is_obeyed = !is_own && (line.contains("##[") || is_command(line));
            holds(!is_obeyed, || format!("the runner obeys a line on {where_to}: {line}"))?;
        }
    }
    Ok(())
}

/// As the runner reads a line (actions/runner, `ActionCommand.TryParseV2`).
fn is_command(line: &str) -> bool {
    line.trim_start().strip_prefix("::").is_some_and(|rest| rest.contains("::"))
}

fn report() -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/imap/password-refused/report.json");
    serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap()
}

/// Puts the payload before and behind every text that a server, a network or a file could have given.
fn worsen(value: &mut Value, payload: &str) {
    const FROM_OUTSIDE: [&str; 9] =
        ["summary", "saw", "text", "whom", "organisation", "name", "title", "root", "conclusion"];
    match value {
        Value::Array(items) => items.iter_mut().for_each(|item| worsen(item, payload)),
        Value::Object(fields) => {
            for (key, field) in fields.iter_mut().filter(|(key, _)| *key != "evidence" && *key != "tool") {
                match field {
                    Value::String(text) if FROM_OUTSIDE.contains(&key.as_str()) => {
                        *text = format!("{payload} {text} {payload}");
                    }
                    _ => worsen(field, payload),
                }
            }
        }
        _ => {}
    }
}

fn in_a_report(payload: &str, format: &str) -> Held {
    let mut report = report();
    worsen(&mut report, payload);
    let ended = Doctor::new(&["render", "-", "-vv", "--format", format]).input(report.to_string()).run();
    holds(!ended.out.is_empty(), || format!("nothing was written: {}", ended.text()))?;
    obeys_nothing(&ended, format)?;
    if format == "json" {
        let read: Value = serde_json::from_slice(&ended.out).map_err(|fault| fault.to_string())?;
        return holds(read["findings"] == report["findings"], || "the escapes changed what a parser reads".to_owned());
    }
    Ok(())
}

fn as_a_verdict(payload: &str) -> Held {
    let mut report = report();
    report["verdict"] = payload.into();
    let ended = Doctor::new(&["render", "-"]).input(report.to_string()).run();
    holds(ended.code == Some(2), || format!("exit {:?}", ended.code))?;
    obeys_nothing(&ended, "text")?;
    holds(String::from_utf8_lossy(&ended.error).lines().count() == 1, || ended.text())
}

fn in_a_broken_case(payload: &str) -> Held {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("case.toml"), format!("title = {payload}\n{payload}")).unwrap();
    let ended = Doctor::new(&["rehearse", "case.toml"]).folder(folder.path()).run();
    holds(ended.code == Some(2), || format!("exit {:?}", ended.code))?;
    obeys_nothing(&ended, "text")
}

fn in_a_pasted_text(payload: &str) -> Held {
    for format in ["text", "json"] {
        let text = format!("{payload} 535 5.7.8 Error: authentication failed {payload}");
        let ended = Doctor::new(&["explain", "-", "--format", format]).input(text).run();
        obeys_nothing(&ended, format)?;
    }
    Ok(())
}

fn in_a_file_name(payload: &str) -> Held {
    let folder = tempfile::tempdir().unwrap();
    let name = format!("{}.mbsyncrc", payload.replace('/', "_"));
    let settings = "IMAPAccount i\nHost imap.mail.me.com\nUser ottilie\nPort 143\nPassCmd \"echo x\"\nTLSType None\n";
    fs::write(folder.path().join(&name), settings).unwrap();
    for arguments in
        [&["review"][..], &["review", "--fix"], &["review", "--format", "github"], &["diagnose"], &["rehearse"]]
    {
        let ended = Doctor::new(arguments).arg(&name).folder(folder.path()).run();
        let is_github = arguments.contains(&"github");
        // Its annotations have titles of their own.
        let text = String::from_utf8_lossy(&ended.out).into_owned();
        let own = |line: &str| line.starts_with("::error title=") || line.starts_with("::warning title=");
        if is_github && text.lines().all(own) {
            continue;
        }
        obeys_nothing(&ended, "text").map_err(|how| format!("{arguments:?}: {how}"))?;
    }
    Ok(())
}

fn as_an_argument(payload: &str) -> Held {
    for arguments in [
        &["check", "--only"][..],
        &["check", "--output"],
        &["check", "--ca-file"],
        &["rehearse"],
        &["render"],
        &["review"],
    ] {
        let ended = Doctor::new(arguments).arg(format!("/nowhere/{payload}")).run();
        holds(ended.code == Some(2), || format!("{arguments:?}: exit {:?}", ended.code))?;
        obeys_nothing(&ended, "text").map_err(|how| format!("{arguments:?}: {how}"))?;
    }
    Ok(())
}

fn in_a_greeting(payload: &str) -> Held {
    let smtp = Smtp { greeting: format!("421 {payload}\r\n").into_bytes(), ..Smtp::default() };
    let cloud = Cloud::of(Imap::default(), smtp);
    for format in ["text", "json"] {
        let ended = cloud.check().args(&["-vv", "--no-second-look", "--format", format]).run();
        obeys_nothing(&ended, format)?;
    }
    Ok(())
}
