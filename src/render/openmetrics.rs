//! The report as metrics for Prometheus and compatible programs: one gauge for each check, and when certificates
//! expire.
//! <https://prometheus.io/docs/specs/om/open_metrics_spec/>, "Text format"; <https://prometheus.io/docs/practices/naming/>

use std::collections::BTreeMap;
use std::fmt::{self, Write};
use std::io;

use askama::Template;
use askama::filters::Escaper;

use super::Look;
use crate::report::group::{Group, Row};
use crate::report::{CheckOutcome, CheckRow, Finding, Report, Verdict, seconds};

pub(super) fn write(report: &Report, _: Look, out: &mut dyn io::Write) -> io::Result<()> {
    Metrics { report }.write_into(out)?;
    writeln!(out)
}

/// Many accounts: each is a label.
pub(super) fn group(group: &Group, _: Look, out: &mut dyn io::Write) -> io::Result<()> {
    Accounts { group }.write_into(out)?;
    writeln!(out)
}

/// The metrics of many accounts.
#[derive(Template)]
#[template(path = "openmetrics_group.prom", config = "src/render/askama.toml")]
struct Accounts<'g> {
    group: &'g Group,
}

impl Accounts<'_> {
    /// Every verdict of an account; one of them is true. One that was not asked has none.
    fn verdicts(row: &Row) -> Vec<(&'static str, u8)> {
        let Some(verdict) = row.verdict else { return Vec::new() };
        verdicts(verdict).into()
    }
}

/// The metrics.
#[derive(Template)]
#[template(path = "openmetrics.prom", config = "src/render/askama.toml")]
struct Metrics<'r> {
    report: &'r Report,
}

impl Metrics<'_> {
    /// Every verdict; one of them is true.
    fn verdicts(&self) -> [(&'static str, u8); 3] {
        verdicts(self.report.verdict)
    }

    /// The checks by name, because a report that was changed by hand may contain one twice. A second look only adds a
    /// clue, and is not a measure.
    fn checks(&self) -> BTreeMap<&str, &CheckRow> {
        let rows = self.report.checks.iter().filter(|row| !row.is_second_look());
        rows.map(|row| (row.id(), row)).collect()
    }

    /// The causes that are problems or warnings, by name.
    fn findings(&self) -> BTreeMap<&str, &Finding> {
        self.report.causes().map(|finding| (finding.cause.as_str(), finding)).collect()
    }

    /// When the first certificate of each server expires, in seconds since 1970.
    fn certificates(&self) -> BTreeMap<&str, i64> {
        let ends = self.report.chains.iter().filter_map(|chain| Some((chain.name.as_str(), chain.not_after()?)));
        ends.map(|(name, end)| (name, end.unix_timestamp())).collect()
    }
}

fn verdicts(of: Verdict) -> [(&'static str, u8); 3] {
    let is = |verdict| u8::from(of == verdict);
    [("healthy", is(Verdict::Healthy)), ("trouble", is(Verdict::Trouble)), ("unclear", is(Verdict::Unclear))]
}

/// Escapes the text between the quotes of a label.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct LabelValue;

impl Escaper for LabelValue {
    fn write_escaped_str<W: Write>(&self, mut out: W, text: &str) -> fmt::Result {
        for letter in text.chars() {
            match letter {
                '\\' | '"' => write!(out, "\\{letter}")?,
                '\n' => out.write_str("\\n")?,
                _ => out.write_char(letter)?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test says what went wrong by failing")]
mod tests {
    use askama::filters::Escaper as _;
    use snapbox::str;

    use super::LabelValue;
    use crate::render::made_up::{cut_short, hostile, is, told, told_of_group};
    use crate::report::Report;

    /// The labelled measures.
    fn labelled(report: &Report) -> String {
        let told = told("openmetrics", report);
        told.lines().filter(|line| line.contains('{')).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn a_cause_is_a_label_and_a_note_is_none() {
        is(
            &labelled(&hostile()),
            str![[r#"
icloud_mail_verdict{verdict="healthy"} 0
icloud_mail_verdict{verdict="trouble"} 1
icloud_mail_verdict{verdict="unclear"} 0
icloud_mail_check_asked{check="imap"} 1
icloud_mail_check_clean{check="imap"} 0
icloud_mail_check_duration_seconds{check="imap"} 0.020
icloud_mail_finding_info{cause="apple-outage",severity="warning",sure="likely"} 1
icloud_mail_finding_info{cause="password-refused",severity="trouble",sure="likely"} 1
icloud_mail_certificate_expiry_timestamp_seconds{host="imap.mail.me.com"} 1798761600
icloud_mail_doctor_info{version="1.2.3"} 1
"#]],
        );
    }

    #[test]
    fn what_was_not_asked_is_no_measure() {
        is(
            &labelled(&cut_short()),
            str![[r#"
icloud_mail_verdict{verdict="healthy"} 0
icloud_mail_verdict{verdict="trouble"} 0
icloud_mail_verdict{verdict="unclear"} 1
icloud_mail_check_asked{check="dns"} 1
icloud_mail_check_asked{check="tcp"} 0
icloud_mail_check_clean{check="dns"} 1
icloud_mail_check_duration_seconds{check="dns"} 0.020
icloud_mail_doctor_info{version="1.2.3"} 1
"#]],
        );
    }

    #[test]
    fn a_label_ends_at_its_own_quote() {
        let mut told = String::new();
        LabelValue.write_escaped_str(&mut told, "a\"b\\c\nd").unwrap();
        assert_eq!(told, r#"a\"b\\c\nd"#);
    }

    #[test]
    fn an_account_is_a_label() {
        is(
            &told_of_group("openmetrics"),
            str![[r##"
# HELP icloud_mail_verdict What came out for an account: 1 for the one that is true.
# TYPE icloud_mail_verdict gauge
icloud_mail_verdict{account="anna",team="a\"b",verdict="healthy"} 1
icloud_mail_verdict{account="anna",team="a\"b",verdict="trouble"} 0
icloud_mail_verdict{account="anna",team="a\"b",verdict="unclear"} 0
icloud_mail_verdict{account="berta",team="a\"b",verdict="healthy"} 1
icloud_mail_verdict{account="berta",team="a\"b",verdict="trouble"} 0
icloud_mail_verdict{account="berta",team="a\"b",verdict="unclear"} 0
icloud_mail_verdict{account="clara",team="a\"b",verdict="healthy"} 0
icloud_mail_verdict{account="clara",team="a\"b",verdict="trouble"} 1
icloud_mail_verdict{account="clara",team="a\"b",verdict="unclear"} 0
icloud_mail_verdict{account="<b>&amp;\"'</b> ]]> | % \\u{3a}:error::x ` \\ \\u{1b}[2J",team="a\"b",verdict="healthy"} 0
icloud_mail_verdict{account="<b>&amp;\"'</b> ]]> | % \\u{3a}:error::x ` \\ \\u{1b}[2J",team="a\"b",verdict="trouble"} 1
icloud_mail_verdict{account="<b>&amp;\"'</b> ]]> | % \\u{3a}:error::x ` \\ \\u{1b}[2J",team="a\"b",verdict="unclear"} 0
icloud_mail_verdict{account="dora",team="a\"b",verdict="healthy"} 0
icloud_mail_verdict{account="dora",team="a\"b",verdict="trouble"} 1
icloud_mail_verdict{account="dora",team="a\"b",verdict="unclear"} 0
# HELP icloud_mail_account_asked Whether an account was asked in this run.
# TYPE icloud_mail_account_asked gauge
icloud_mail_account_asked{account="anna",team="a\"b"} 1
icloud_mail_account_asked{account="berta",team="a\"b"} 1
icloud_mail_account_asked{account="clara",team="a\"b"} 1
icloud_mail_account_asked{account="<b>&amp;\"'</b> ]]> | % \\u{3a}:error::x ` \\ \\u{1b}[2J",team="a\"b"} 1
icloud_mail_account_asked{account="dora",team="a\"b"} 1
icloud_mail_account_asked{account="emma",team="a\"b"} 0
# HELP icloud_mail_account_duration_seconds How long an account took.
# TYPE icloud_mail_account_duration_seconds gauge
# UNIT icloud_mail_account_duration_seconds seconds
icloud_mail_account_duration_seconds{account="anna",team="a\"b"} 1.234
icloud_mail_account_duration_seconds{account="berta",team="a\"b"} 1.234
icloud_mail_account_duration_seconds{account="clara",team="a\"b"} 1.234
icloud_mail_account_duration_seconds{account="<b>&amp;\"'</b> ]]> | % \\u{3a}:error::x ` \\ \\u{1b}[2J",team="a\"b"} 1.234
icloud_mail_account_duration_seconds{account="dora",team="a\"b"} 1.234
# HELP icloud_mail_finding_info A cause that fits an account, how bad it is and how sure.
# TYPE icloud_mail_finding_info gauge
icloud_mail_finding_info{account="berta",team="a\"b",cause="apple-outage",severity="warning",sure="likely"} 1
icloud_mail_finding_info{account="clara",team="a\"b",cause="port-blocked",severity="trouble",sure="likely"} 1
icloud_mail_finding_info{account="<b>&amp;\"'</b> ]]> | % \\u{3a}:error::x ` \\ \\u{1b}[2J",team="a\"b",cause="port-blocked",severity="trouble",sure="likely"} 1
icloud_mail_finding_info{account="<b>&amp;\"'</b> ]]> | % \\u{3a}:error::x ` \\ \\u{1b}[2J",team="a\"b",cause="mailbox-full",severity="trouble",sure="likely"} 1
icloud_mail_finding_info{account="dora",team="a\"b",cause="port-blocked",severity="trouble",sure="likely"} 1
# HELP icloud_mail_shared_cause_accounts How many accounts have a cause that most accounts with a problem share.
# TYPE icloud_mail_shared_cause_accounts gauge
icloud_mail_shared_cause_accounts{cause="port-blocked"} 3
# HELP icloud_mail_run_complete Whether the run came to every account.
# TYPE icloud_mail_run_complete gauge
icloud_mail_run_complete 0
# HELP icloud_mail_run_timestamp_seconds When the run began, in seconds after 1970.
# TYPE icloud_mail_run_timestamp_seconds gauge
# UNIT icloud_mail_run_timestamp_seconds seconds
icloud_mail_run_timestamp_seconds 1795486980
# HELP icloud_mail_run_duration_seconds How long the run took.
# TYPE icloud_mail_run_duration_seconds gauge
# UNIT icloud_mail_run_duration_seconds seconds
icloud_mail_run_duration_seconds 5.678
# HELP icloud_mail_doctor_info What made this.
# TYPE icloud_mail_doctor_info gauge
icloud_mail_doctor_info{version="1.2.3"} 1
# EOF

"##]],
        );
    }
}
