//! What differs between two reports, for a person and for a ticket.

use std::io;

use askama::Template;
use owo_colors::Style;

use super::Look;
use super::printer::Printer;
use crate::report::comparison::{CauseOfOne, ChangedFact, Compared, Comparison};

pub(super) fn write(comparison: &Comparison, look: Look, out: &mut dyn io::Write) -> io::Result<()> {
    let mut page = Printer { look, out };
    page.styled(&comparison.conclusion, Style::new().bold())?;
    writeln!(page.out)?;
    for (letter, side) in [("A", &comparison.a), ("B", &comparison.b)] {
        page.paragraph(&format!("{}, {}: {}", side.file, side.when, side.conclusion), &format!("{letter}  "), "   ")?;
    }
    for (heading, causes) in [("Causes that came", &comparison.came), ("Causes that went", &comparison.went)] {
        if !causes.is_empty() {
            page.heading(heading)?;
        }
        causes.iter().try_for_each(|cause| page.item(&in_short(cause)))?;
    }
    if !comparison.facts.is_empty() {
        page.heading("Facts that changed")?;
    }
    for fact in &comparison.facts {
        page.item(&fact.name)?;
        for (letter, values) in both(fact) {
            page.paragraph(&values, &format!("      {letter}  "), "         ")?;
        }
        fact.meaning.iter().try_for_each(|meaning| page.paragraph(meaning, "      ", "      "))?;
    }
    if !comparison.times.is_empty() {
        page.heading("Times that are far apart")?;
    }
    for time in &comparison.times {
        let (a, b) = time.shown();
        page.item(&format!("{}: {a} in A, {b} in B", time.name))?;
    }
    if let Some(next) = next(comparison) {
        writeln!(page.out)?;
        page.paragraph(&next, "", "")?;
    }
    for note in &comparison.notes {
        writeln!(page.out)?;
        page.paragraph(note, "", "")?;
    }
    Ok(())
}

/// A cause in a line.
fn in_short(cause: &CauseOfOne) -> String {
    format!("{}, {}: {} ({})", cause.severity.word(), cause.sure.word(), cause.title, cause.cause)
}

/// What each report has of a fact. It is of a set that both share, so there may be nothing that one alone has.
fn both(fact: &ChangedFact) -> [(&'static str, String); 2] {
    let all = |values: &[String]| if values.is_empty() { "–".to_owned() } else { values.join(", ") };
    [("A", all(&fact.a)), ("B", all(&fact.b))]
}

/// Where to read what to do about the causes of the one report that has more of them, where it is in a file.
fn next(comparison: &Comparison) -> Option<String> {
    let side = match (comparison.came.is_empty(), comparison.went.is_empty()) {
        (false, _) => &comparison.b,
        (true, false) => &comparison.a,
        (true, true) => return None,
    };
    side.is_file.then(|| format!("`icloud-mail-doctor diagnose {}` says what to do.", side.file))
}

/// The ticket.
#[derive(Template)]
#[template(path = "markdown/comparison.md", config = "src/render/askama.toml")]
struct Ticket<'c> {
    comparison: &'c Comparison,
}

impl Ticket<'_> {
    fn sides(&self) -> [(&'static str, &Compared); 2] {
        [("A", &self.comparison.a), ("B", &self.comparison.b)]
    }

    fn causes(&self) -> impl Iterator<Item = (&'static str, &CauseOfOne)> {
        let came = self.comparison.came.iter().map(|cause| ("B alone", cause));
        came.chain(self.comparison.went.iter().map(|cause| ("A alone", cause)))
    }
}

pub(super) fn markdown(comparison: &Comparison, _: Look, out: &mut dyn io::Write) -> io::Result<()> {
    Ticket { comparison }.write_into(out)?;
    writeln!(out)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test says what went wrong by failing")]
mod tests {
    use snapbox::str;

    use super::*;
    use crate::rehearse;
    use crate::render::made_up::{is, without_colours};
    use crate::render::{Detail, Format, render};
    use crate::report;
    use crate::report::comparison::Side;

    fn side(case: &str) -> Side {
        let evidence = rehearse::all().iter().find(|(name, _)| name == case).unwrap().1.clone();
        let report = report::compose(&evidence, None);
        Side {
            file: format!("{}.json", case.replace('/', "-")),
            is_file: true,
            version: "0.1.0".to_owned(),
            report,
            evidence,
        }
    }

    fn told(a: &str, b: &str, format: &str, width: usize) -> String {
        let comparison = Comparison::of(&side(a), &side(b));
        let look = Look { width, lines: None, is_plain: false, detail: Detail::Usual };
        let mut out = Vec::new();
        render(Format::<Comparison>::named(format).unwrap(), look, &comparison, &mut out).unwrap();
        String::from_utf8(without_colours(&out)).unwrap().replace(env!("CARGO_PKG_VERSION"), "[VERSION]")
    }

    #[test]
    fn one_port_that_differs_is_named_first() {
        is(
            &told("imap/healthy", "tcp/port-blocked", "text", 60),
            str![[r#"
Sending differs: port 587 of smtp.mail.me.com can be reached
in A and not in B. All else is equal.

A  imap-healthy.json, 2026-11-24 02:22 UTC: No problem
   found: the account can be reached, for receiving and for
   sending.
B  tcp-port-blocked.json, 2026-11-24 02:25 UTC: Sending
   fails because: the network blocks the port that mail
   needs.

Causes that came
  · problem, certain: The network blocks the port that mail
    needs (port-blocked)

`icloud-mail-doctor diagnose tcp-port-blocked.json` says
what to do.

"#]],
        );
    }

    #[test]
    fn facts_have_what_each_report_has_and_what_that_means() {
        is(
            &told("imap/healthy-apple", "tls/tls-intercepted", "text", 60),
            str![[r#"
Receiving and sending differ: both servers have the right
encryption and certificate in A and not in B. These differ
too: the issuer of the certificate (IMAP) and the issuer of
the certificate (SMTP).

A  imap-healthy-apple.json, 2026-11-24 02:22 UTC: No problem
   found: the account can be reached, for receiving and for
   sending.
B  tls-tls-intercepted.json, 2026-11-24 02:34 UTC: Both
   sign-ins work here, but a mail program can still fail
   because: a security product opens the encrypted
   connection on its way.

Causes that came
  · problem, certain: A security product opens the encrypted
    connection on its way (tls-intercepted)

Facts that changed
  · the issuer of the certificate (IMAP)
      A  Apple Public Server RSA CA 11 - G1 (Apple Inc.)
      B  Avast Web/Mail Shield Root (Avast Web/Mail Shield)
      Another authority vouches for the server: Apple's own
      choice, or a program that decrypts the connection.
  · the issuer of the certificate (SMTP)
      A  Apple Public Server RSA CA 11 - G1 (Apple Inc.)
      B  Avast Web/Mail Shield Root (Avast Web/Mail Shield)
      Another authority vouches for the server: Apple's own
      choice, or a program that decrypts the connection.

`icloud-mail-doctor diagnose tls-tls-intercepted.json` says
what to do.

"#]],
        );
    }

    #[test]
    fn times_are_beside_each_other() {
        is(
            &told("mailbox/looked-at", "mailbox/path-slow", "text", 80),
            str![[r#"
In A and in B receiving works. These differ: path-slow and how long it took.

A  mailbox-looked-at.json, 2026-11-28 17:25 UTC: No problem found in what was
   checked.
B  mailbox-path-slow.json, 2026-11-28 17:25 UTC: No problem found in what was
   checked, but read the warning.

Causes that came
  · warning, likely: The way to the mail server is slow (path-slow)

Times that are far apart
  · connecting to the IMAP server: 20 ms in A, 310 ms in B
  · the conversation with the IMAP server: 181 ms in A, 1 s in B

`icloud-mail-doctor diagnose mailbox-path-slow.json` says what to do.

"#]],
        );
    }

    #[test]
    fn a_ticket_has_tables() {
        is(
            &told("imap/healthy-apple", "tls/tls-intercepted", "markdown", 80),
            str![[r#"
Receiving and sending differ: both servers have the right encryption and certificate in A and not in B. These differ too: the issuer of the certificate (IMAP) and the issuer of the certificate (SMTP).

| | report | when | version | result |
| --- | --- | --- | --- | --- |
| A | imap-healthy-apple.json | 2026-11-24 02:22 UTC | [VERSION] | No problem found: the account can be reached, for receiving and for sending. |
| B | tls-tls-intercepted.json | 2026-11-24 02:34 UTC | [VERSION] | Both sign-ins work here, but a mail program can still fail because: a security product opens the encrypted connection on its way. |

| in | cause | | sure |
| --- | --- | --- | --- |
| B alone | tls-intercepted | A security product opens the encrypted connection on its way | certain |

| what differs | A | B | |
| --- | --- | --- | --- |
| the issuer of the certificate (IMAP) | Apple Public Server RSA CA 11 - G1 (Apple Inc.) | Avast Web/Mail Shield Root (Avast Web/Mail Shield) | Another authority vouches for the server: Apple's own choice, or a program that decrypts the connection. |
| the issuer of the certificate (SMTP) | Apple Public Server RSA CA 11 - G1 (Apple Inc.) | Avast Web/Mail Shield Root (Avast Web/Mail Shield) | Another authority vouches for the server: Apple's own choice, or a program that decrypts the connection. |

"#]],
        );
    }

    #[test]
    fn a_program_reads_one_document() {
        is(
            &told("mailbox/looked-at", "mailbox/path-slow", "json", 80),
            str![[r#"
{
  "schema_version": 1,
  "tool": {
    "name": "icloud-mail-doctor",
    "version": "[VERSION]"
  },
  "is_same": false,
  "conclusion": "In A and in B receiving works. These differ: path-slow and how long it took.",
  "a": {
    "file": "mailbox-looked-at.json",
    "is_file": true,
    "when": "2026-11-28 17:25 UTC",
    "version": "[VERSION]",
    "verdict": "healthy",
    "conclusion": "No problem found in what was checked."
  },
  "b": {
    "file": "mailbox-path-slow.json",
    "is_file": true,
    "when": "2026-11-28 17:25 UTC",
    "version": "[VERSION]",
    "verdict": "healthy",
    "conclusion": "No problem found in what was checked, but read the warning."
  },
  "came": [
    {
      "cause": "path-slow",
      "title": "The way to the mail server is slow",
      "severity": "warning",
      "sure": "likely",
      "about": [
        "imap"
      ]
    }
  ],
  "went": [],
  "facts": [],
  "times": [
    {
      "about": "imap",
      "name": "connecting to the IMAP server",
      "a_ms": 20,
      "b_ms": 310
    },
    {
      "about": "imap",
      "name": "the conversation with the IMAP server",
      "a_ms": 181,
      "b_ms": 1087
    }
  ],
  "notes": []
}

"#]],
        );
    }

    #[test]
    fn no_line_is_wider_than_the_terminal() {
        for (name, _) in rehearse::all() {
            for width in [60, 80, 100] {
                let told = told("imap/healthy-apple", name, "text", width);
                let lines = told.lines().filter(|line| line.chars().count() > width).collect::<Vec<_>>();
                assert_eq!(lines, Vec::<&str>::new(), "{name}");
            }
        }
    }
}
