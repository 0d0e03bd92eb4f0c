//! Made-up reports, with which each format is tested beside its code on what no recorded case shows.

#![allow(clippy::unwrap_used, reason = "a test says what went wrong by failing")]

use std::sync::LazyLock;

use regex::bytes::Regex;
use serde_json::{Value, json};
use snapbox::data::Inline;
use snapbox::{Assert, IntoData as _};

use super::{Detail, Format, Look, render};
use crate::report::Report;
use crate::report::group::Group;

/// What a hostile server could say to break a format, in one line.
const SAID: &str = "<b>&amp;\"'</b> ]]> | % ::error::x ` \\ \u{1b}[2J";

/// The output without colours, the only control sequences that this program writes itself. Much faster than
/// `strip_bytes`, which without optimisation copies the rest of the text for each character.
pub(crate) fn without_colours(told: &[u8]) -> Vec<u8> {
    static COLOURS: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"\x1b\[[0-9;]*m").unwrap());
    COLOURS.replace_all(told, b"").into_owned()
}

/// A report with nothing in any list, not masked.
pub(super) fn empty() -> Report {
    read(nothing())
}

/// A report of a run that was cut short, with a text that was too long.
pub(super) fn cut_short() -> Report {
    let mut report = nothing();
    report["verdict"] = "unclear".into();
    report["complete"] = false.into();
    report["conclusion"] = "No result: too little was checked, or the run was cut short.".into();
    report["checks"] = json!([
        row("dns", "clean", "imap.mail.me.com is 192.0.2.7"),
        row("tcp", "not-asked", "not checked, because the run was cut short"),
    ]);
    report["left_out"] = json!(["/dns/imap/attempts: 10 of 11"]);
    read(report)
}

/// A report with a hostile server, a cause of each severity, words for a mail program, and a set of roots with a result
/// of its own.
pub(super) fn hostile() -> Report {
    let mut report = nothing();
    report["verdict"] = "trouble".into();
    report["conclusion"] = "It fails because: the server says no.".into();
    report["is_masked"] = true.into();
    report["settings"]["email"] = "y…@icloud.com".into();
    report["settings"]["client"] = "thunderbird".into();
    report["checks"] = json!([row("imap", "troubled", SAID), row("another-resolver", "asked", SAID)]);
    report["findings"] = json!([
        finding(
            "password-refused",
            "trouble",
            &["Open https://account.apple.com, then run `check`.", "In thunderbird: paste it."]
        ),
        finding("apple-outage", "warning", &["Wait."]),
        finding("unexplained", "note", &["Read."]),
    ]);
    report["chains"] = json!([{
        "name": "imap.mail.me.com",
        "certificates": [{
            "whom": SAID, "organisation": null, "names": [], "not_before": "2026-01-01T00:00:00Z",
            "not_after": "2027-01-01T00:00:00Z", "key": "EC 256", "fault": null, "is_signed_by_next": null,
        }],
        "root": "A root",
        "stores": [{ "name": "The public list of roots", "is_trusting": false, "says": format!("does not accept it ({SAID})") }],
    }]);
    report["transcripts"] = json!([{
        "server": "imap.mail.me.com:993",
        "lines": [{ "at_ms": 5, "from": "server", "text": SAID }],
    }]);
    read(report)
}

/// Accounts with each result, of which most share one problem; one has a hostile name and a cause of its own.
pub(super) fn group() -> Group {
    let cause = |id: &str, severity: &str| json!({ "id": id, "severity": severity, "sure": "likely" });
    let row = |account: &str, verdict: Value, sentence: &str, causes: Vec<Value>| {
        json!({
            "account": account, "labels": { "team": "a\"b" }, "page": null, "verdict": verdict, "sentence": sentence,
            "duration_ms": 1234, "causes": causes, "first_step": "Do `it`.",
        })
    };
    let shared = || cause("port-blocked", "trouble");
    let group = json!({
        "summary": {
            "schema_version": 1, "tool": { "name": "icloud-mail-doctor", "version": "1.2.3" },
            "started_at": "2026-11-24T02:23:00Z", "duration_ms": 5678, "accounts": 7, "earlier": 0, "healthy": 2,
            "trouble": 3, "unclear": 0, "not_asked": 1, "left": 1, "stopped": "It was interrupted.",
            "conclusion": "Mail fails for 3 of 7 accounts, and 2 have no result.",
            "shared": [{
                "cause": "port-blocked", "title": "the port is blocked", "accounts": 3, "of": 3,
                "sentence": "All 3 accounts with a problem have the same one.", "steps": ["Use `another` network."],
            }],
        },
        "rows": [
            row("anna", "healthy".into(), "No problem found.", vec![]),
            row("berta", "healthy".into(), "Read the warning.", vec![cause("apple-outage", "warning")]),
            row("clara", "trouble".into(), "Sending fails.", vec![shared()]),
            row(SAID, "trouble".into(), SAID, vec![shared(), cause("mailbox-full", "trouble")]),
            row("dora", "trouble".into(), "Sending fails.", vec![shared()]),
            row("emma", Value::Null, "Not asked, because of something.", vec![]),
        ],
    });
    serde_json::from_value(group).unwrap()
}

/// It in a format, as it is written to a file.
pub(super) fn told_of_group(format: &str) -> String {
    let look = Look { width: 60, lines: None, is_plain: false, detail: Detail::Usual };
    let mut out = Vec::new();
    render(Format::<Group>::named(format).unwrap(), look, &group(), &mut out).unwrap();
    String::from_utf8(without_colours(&out)).unwrap()
}

/// A report in a format, as it is written to a file.
pub(super) fn told(format: &str, report: &Report) -> String {
    told_so(format, Look { width: 80, lines: None, is_plain: false, detail: Detail::Usual }, report)
}

pub(super) fn told_so(format: &str, look: Look, report: &Report) -> String {
    let mut out = Vec::new();
    render(Format::named(format).unwrap(), look, report, &mut out).unwrap();
    String::from_utf8(without_colours(&out)).unwrap()
}

/// Compares the output with the kept one; `SNAPSHOTS=overwrite` replaces the kept one.
pub(super) fn is(told: &str, expected: Inline) {
    Assert::new().action_env("SNAPSHOTS").eq(told, expected.raw());
}

fn read(report: Value) -> Report {
    serde_json::from_value(report).unwrap()
}

fn nothing() -> Value {
    let server = |host, port, security| json!({ "host": host, "port": port, "security": security, "login": null });
    json!({
        "schema_version": 1,
        "tool": { "name": "icloud-mail-doctor", "version": "1.2.3" },
        "started_at": "2026-11-24T02:23:00Z",
        "duration_ms": 1234,
        "machine": { "os": "linux", "release": null, "arch": "x86_64" },
        "settings": {
            "email": null,
            "imap": server("imap.mail.me.com", 993, "tls"),
            "smtp": server("smtp.mail.me.com", 587, "starttls"),
            "sign_in": false,
            "client": null,
        },
        "is_masked": false,
        "stand_ins": [],
        "verdict": "healthy",
        "conclusion": "No problem found in what was checked.",
        "complete": true,
        "checks": [],
        "findings": [],
        "next": [],
        "timeline": [],
        "chains": [],
        "transcripts": [],
        "left_out": [],
    })
}

fn row(id: &str, outcome: &str, summary: &str) -> Value {
    json!({
        "id": id,
        "question": format!("What does {id} say?"),
        "outcome": outcome,
        "deserves_a_look": false,
        "summary": summary,
        "started_ms": (outcome != "not-asked").then_some(3),
        "duration_ms": (outcome != "not-asked").then_some(20),
        "evidence": null,
    })
}

fn finding(cause: &str, severity: &str, steps: &[&str]) -> Value {
    json!({
        "cause": cause,
        "title": format!("The {severity} is here"),
        "severity": severity,
        "sure": "likely",
        "means": "One.\n\nTwo.",
        "because": [{ "by": "imap", "saw": SAID }],
        "against": [],
        "would_decide": null,
        "steps": steps,
        "worked": "It works.",
        "links": [{ "title": "Apple", "url": "https://support.apple.com" }],
    })
}
