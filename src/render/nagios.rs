//! The report as one line for Nagios and compatible programs (Icinga, Sensu, Checkmk, Zabbix): a verdict, and numbers
//! for graphs. <https://www.monitoring-plugins.org/doc/guidelines.html>, "Plugin Output for Nagios" and "Performance
//! data".

use std::io;

use super::Look;
use crate::report::{Finding, Report, Severity, Verdict, seconds};

/// The four states of the guidelines, each with its exit code.
const OK: (&str, u8) = ("OK", 0);
const WARNING: (&str, u8) = ("WARNING", 1);
const CRITICAL: (&str, u8) = ("CRITICAL", 2);
/// Also for a usage error.
const UNKNOWN: (&str, u8) = ("UNKNOWN", 3);

/// Overviews and pagers cut off longer lines; in characters.
const LONGEST_TEXT: usize = 120;

pub(super) fn write(report: &Report, _: Look, out: &mut dyn io::Write) -> io::Result<()> {
    let (word, _) = state(report);
    line(word, &text(report), out)?;
    write!(out, " |")?;
    for (label, value) in measures(report) {
        write!(out, " {}={value}", plain(label))?;
    }
    writeln!(out)
}

pub(super) fn exit_code(report: &Report) -> u8 {
    state(report).1
}

/// The line for a usage error.
pub(super) fn misused(complaint: &str, out: &mut dyn io::Write) -> io::Result<u8> {
    let (word, code) = UNKNOWN;
    line(word, complaint, out)?;
    writeln!(out)?;
    Ok(code)
}

fn line(word: &str, text: &str, out: &mut dyn io::Write) -> io::Result<()> {
    // Everything after a vertical bar is read as numbers.
    write!(out, "ICLOUD MAIL {word} - {}", text.replace(['|', '\n'], "/"))
}

fn state(report: &Report) -> (&'static str, u8) {
    match report.verdict {
        Verdict::Trouble => CRITICAL,
        Verdict::Unclear => UNKNOWN,
        Verdict::Healthy if report.is_warned() => WARNING,
        Verdict::Healthy => OK,
    }
}

/// The names of the causes, so that they are visible on a narrow screen, and the first cause in words.
fn text(report: &Report) -> String {
    let troubles: Vec<&Finding> = report.of(Severity::Trouble).collect();
    let worst = if troubles.is_empty() { report.of(Severity::Warning).collect() } else { troubles };
    let text = match worst.split_first() {
        None => report.conclusion.clone(),
        Some((first, more)) => {
            let more = if more.is_empty() { String::new() } else { format!(" (and {} more)", more.len()) };
            format!("{}, {}{more}: {}", first.cause, first.sure.word(), first.title)
        }
    };
    match text.char_indices().nth(LONGEST_TEXT) {
        Some((end, _)) => format!("{}...", &text[..end]),
        None => text,
    }
}

/// The duration of the run and of each check that was asked, and the time until a server certificate expires.
fn measures(report: &Report) -> Vec<(&str, String)> {
    let span = |ms: u64| format!("{}s;;;0", seconds(ms));
    let mut measures = vec![("time", span(report.duration_ms))];
    let checks = report.checks.iter().filter(|row| !row.is_second_look() && row.takes_time());
    measures.extend(checks.map(|row| (row.id(), row.duration_ms.map_or("U".to_owned(), span))));
    let ends = report.chains.iter().filter_map(|chain| Some((chain, chain.not_after()?)));
    let of_mail =
        ends.filter(|(chain, _)| [&report.settings.imap.host, &report.settings.smtp.host].contains(&&chain.name));
    let first = of_mail.map(|(_, end)| (end - report.started_at).whole_days()).min();
    measures.push(("certificate_days", first.map_or("U".to_owned(), |days| days.to_string())));
    measures
}

/// A label that needs no quotes, as long as the longest name of a check at most.
fn plain(label: &str) -> String {
    let is_plain = |letter: char| letter.is_ascii_alphanumeric() || letter == '_' || letter == '-';
    label.chars().take(20).map(|letter| if is_plain(letter) { letter } else { '_' }).collect()
}

#[cfg(test)]
mod tests {
    use snapbox::str;

    use crate::render::made_up::{cut_short, empty, hostile, is, told};

    #[test]
    fn what_a_server_says_is_no_measure() {
        is(
            &told("nagios", &hostile()),
            str![[r#"
ICLOUD MAIL CRITICAL - password-refused, likely: The trouble is here | time=1.234s;;;0 imap=0.020s;;;0 certificate_days=37

"#]],
        );
    }

    #[test]
    fn what_was_not_asked_is_not_known() {
        is(
            &told("nagios", &cut_short()),
            str![[r#"
ICLOUD MAIL UNKNOWN - No result: too little was checked, or the run was cut short. | time=1.234s;;;0 dns=0.020s;;;0 tcp=U certificate_days=U

"#]],
        );
    }

    #[test]
    fn a_report_of_nothing_has_a_time() {
        is(
            &told("nagios", &empty()),
            str![[r#"
ICLOUD MAIL OK - No problem found in what was checked. | time=1.234s;;;0 certificate_days=U

"#]],
        );
    }
}
