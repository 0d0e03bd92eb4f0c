//! The report as a ticket in Markdown: for Apple Support, or for the administrator of the server or the network.

pub(super) mod escape;

use std::io;

use askama::Template;

use super::Look;
use super::pieces::pieces;
use crate::report::{
    CheckOutcome, CheckRow, Protocol, Report, Server, ServerTranscript, Severity, Verdict, duration, mark, security,
};
use escape::{Fence, Words};

pub(super) fn write(report: &Report, _: Look, out: &mut dyn io::Write) -> io::Result<()> {
    Ticket { report }.write_into(out)?;
    writeln!(out)
}

/// The ticket.
#[derive(Template)]
#[template(path = "markdown/ticket.md", config = "src/render/askama.toml")]
struct Ticket<'r> {
    report: &'r Report,
}

impl Ticket<'_> {
    /// The ways to the IMAP and the SMTP server, each with the row of its last check.
    fn ways(&self) -> impl Iterator<Item = (&'static str, &'static str, &Server, &CheckRow)> {
        self.report.ways().map(|(protocol, server, row)| {
            let what = match protocol {
                Protocol::Imap => "Receiving",
                Protocol::Smtp => "Sending",
            };
            (what, protocol.name(), server, row)
        })
    }

    /// The names of the checks that were asked, or of those that were not.
    fn names(&self, is_asked: bool, is_second_look: bool) -> String {
        let rows = self.report.checks.iter().filter(|row| row.is_second_look() == is_second_look);
        let rows = rows.filter(|row| (row.outcome != CheckOutcome::NotAsked) == is_asked);
        rows.map(CheckRow::id).collect::<Vec<_>>().join(", ")
    }
}

/// A duration in the table, if there is one.
fn took(ms: Option<u64>) -> String {
    ms.map(duration).unwrap_or_default()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test says what went wrong by failing")]
mod tests {
    use comrak::nodes::{AstNode, NodeValue};
    use comrak::{Arena, Options, parse_document};
    use serde_json::Value;
    use snapbox::str;

    use crate::render::made_up::{cut_short, hostile, is, told};
    use crate::render::{Detail, Format, Look, render};
    use crate::report::{self, Report};

    /// The kinds of the parts of a ticket, in order, and the words that are certainly ours.
    fn outline(report: &Report) -> Vec<String> {
        fn kind<'a>(node: &'a AstNode<'a>) -> Option<String> {
            Some(match &node.data.borrow().value {
                NodeValue::Heading(heading) => format!("heading {}", heading.level),
                NodeValue::TableRow(_) => format!("row of {}", node.children().count()),
                NodeValue::HtmlBlock(block) if block.literal.starts_with("<details><summary>") => "unfold".to_owned(),
                NodeValue::HtmlBlock(block) => block.literal.clone(),
                NodeValue::HtmlInline(text) if text == "<!-- -->" => return None,
                NodeValue::Link(link) if link.url.contains("mailto:") => return None,
                NodeValue::Link(link) => format!("link to {}", link.url),
                // Texts are tested elsewhere, and a longer text has more pieces.
                NodeValue::Text(_) | NodeValue::SoftBreak => return None,
                other => other.xml_node_name().to_owned(),
            })
        }
        let mut out = Vec::new();
        let look = Look { width: 80, lines: None, is_plain: false, detail: Detail::Usual };
        render(Format::named("markdown").unwrap(), look, report, &mut out).unwrap();
        let mut options = Options::default();
        let extension = &mut options.extension;
        (extension.table, extension.strikethrough, extension.tasklist, extension.autolink) = (true, true, true, true);
        let (arena, ticket) = (Arena::new(), String::from_utf8(out).unwrap());
        parse_document(&arena, &ticket, &options).descendants().filter_map(kind).collect()
    }

    /// Adds what a hostile server could say to every text that comes from outside.
    fn worsen(value: &mut Value) {
        const SAID: &str =
            "\n\n# [a](javascript:b) | <script>c</script> </details> ``` **d** @e #1 www.f.example\n---\n";
        const FROM_OUTSIDE: [&str; 10] =
            ["summary", "saw", "text", "server", "whom", "organisation", "name", "host", "title", "root"];
        match value {
            Value::Array(items) => items.iter_mut().for_each(worsen),
            Value::Object(fields) => {
                for (key, field) in fields.iter_mut().filter(|(key, _)| *key != "evidence") {
                    match field {
                        Value::String(text) if FROM_OUTSIDE.contains(&key.as_str()) => text.push_str(SAID),
                        _ => worsen(field),
                    }
                }
            }
            _ => {}
        }
    }

    #[test]
    fn no_text_from_outside_changes_what_a_ticket_is_made_of() {
        for (name, evidence) in crate::rehearse::all() {
            let report = report::compose(evidence, None);
            let mut value = serde_json::to_value(&report).unwrap();
            worsen(&mut value);
            let hostile: Report = serde_json::from_value(value).unwrap();
            assert_eq!(outline(&hostile), outline(&report), "{name}");
        }
    }

    /// The part of a ticket between two headings.
    fn between(report: &Report, from: &str, to: &str) -> String {
        let told = told("markdown", report);
        let (_, rest) = told.split_once(from).unwrap();
        rest.split_once(to).unwrap().0.to_owned()
    }

    #[test]
    fn a_cause_has_its_reasons_and_its_steps() {
        is(
            &between(&hostile(), "## What was found", "### 2."),
            str![[r#"


### 1. The trouble is here

problem, likely: password-refused

What speaks for it:

- \<b>\&amp;"'\</b> ]]> \| % \u{3a}:error::x \` \ \u{1b}\[2J

<details><summary>What it means, and how to fix it (as the user was told)</summary>

One.

Two.

1. Open <https://account.apple.com>, then run `check`.
2. In thunderbird: paste it.

It works.

- Apple: <https://support.apple.com>

</details>


"#]],
        );
    }

    #[test]
    fn what_a_server_says_is_no_markup() {
        is(
            &between(&hostile(), "## Evidence", "## Device"),
            str![[r#"


| check | outcome | what was seen | from | took |
| --- | --- | --- | ---: | ---: |
| imap | problem | \<b>\&amp;"'\</b> ]]> \| % \u{3a}:error::x \` \ \u{1b}\[2J | 3 ms | 20 ms |
| another-resolver | follow-up | \<b>\&amp;"'\</b> ]]> \| % \u{3a}:error::x \` \ \u{1b}\[2J | 3 ms | 20 ms |

Certificates for imap.mail.me.com:

1. \<b>\&amp;"'\</b> ]]> \| % \u{3a}:error::x \` \ \u{1b}\[2J, EC 256, valid from 2026-01-01 to 2027-01-01; names A root as its issuer

- The public list of roots does not accept it (\<b>\&amp;"'\</b> ]]> \| % \u{3a}:error::x \` \ \u{1b}\[2J)


"#]],
        );
    }

    #[test]
    fn what_was_cut_and_what_was_not_asked_are_told() {
        is(
            &between(&cut_short(), "## What was tried", "## Device"),
            str![[r#"


- When: 2026-11-24 02:23 UTC, for 1.2 s; the run was cut short, so some answers are missing
- Account: none was given, so there was no sign-in
- Sign-in: not asked for
- Checked: dns
- Not checked: tcp; the table below says why
- By the user: *(to be added: what was tried already, and whether it ever worked)*

## What was found

No cause.

## Evidence

| check | outcome | what was seen | from | took |
| --- | --- | --- | ---: | ---: |
| dns | OK | imap.mail.me.com is 192.0.2.7 | 3 ms | 20 ms |
| tcp | not checked | because the run was cut short |  |  |

Left out, because it is too long to read:

- /dns/imap/attempts: 10 of 11


"#]],
        );
    }
}
