//! The report as a ticket in Markdown, to be pasted: for Apple Support, or whoever looks after the server or the network.

pub(super) mod escape;

use std::io;

use askama::Template;

use super::Look;
use super::pieces::pieces;
use crate::report::{
    CheckOutcome, CheckRow, Report, Server, ServerTranscript, Severity, Verdict, duration, mark, security,
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
    /// The two ways of a mail program to its servers, each with the row of its last check.
    fn ways(&self) -> impl Iterator<Item = (&'static str, &'static str, &Server, &CheckRow)> {
        let settings = &self.report.settings;
        let ways = [("Receiving", "IMAP", &settings.imap, "imap"), ("Sending", "SMTP", &settings.smtp, "smtp")];
        ways.into_iter().filter_map(|(what, protocol, server, id)| {
            let row = self.report.checks.iter().find(|row| row.id == id)?;
            Some((what, protocol, server, row))
        })
    }

    /// The names of the rows that were asked, or were not.
    fn names(&self, is_asked: bool, is_second_look: bool) -> String {
        let rows = self.report.checks.iter().filter(|row| row.is_second_look() == is_second_look);
        let rows = rows.filter(|row| (row.outcome != CheckOutcome::NotAsked) == is_asked);
        rows.map(|row| row.id.as_str()).collect::<Vec<_>>().join(", ")
    }
}

/// A time in the table, where there is one.
fn took(ms: Option<u64>) -> String {
    ms.map(duration).unwrap_or_default()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test says what went wrong by failing")]
mod tests {
    use comrak::nodes::{AstNode, NodeValue};
    use comrak::{Arena, Options, parse_document};
    use serde_json::Value;

    use crate::render::{Detail, Format, Look, render};
    use crate::report::{self, Report};

    /// The kinds of what a ticket is made of, in their order, and with what is ours alone in its words.
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
                // Texts are held elsewhere, and a longer one has more pieces.
                NodeValue::Text(_) | NodeValue::SoftBreak => return None,
                other => other.xml_node_name().to_owned(),
            })
        }
        let mut out = Vec::new();
        let look = Look { width: 80, is_plain: false, detail: Detail::Usual };
        render(Format::named("markdown").unwrap(), look, report, &mut out).unwrap();
        let mut options = Options::default();
        let extension = &mut options.extension;
        (extension.table, extension.strikethrough, extension.tasklist, extension.autolink) = (true, true, true, true);
        let (arena, ticket) = (Arena::new(), String::from_utf8(out).unwrap());
        parse_document(&arena, &ticket, &options).descendants().filter_map(kind).collect()
    }

    /// What a server could say, at the end of every text that comes from outside.
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
            let report = report::compose(evidence, None).unwrap();
            let mut value = serde_json::to_value(&report).unwrap();
            worsen(&mut value);
            let hostile: Report = serde_json::from_value(value).unwrap();
            assert_eq!(outline(&hostile), outline(&report), "{name}");
        }
    }
}
