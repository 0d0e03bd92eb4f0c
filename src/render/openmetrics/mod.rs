//! The report as metrics for Prometheus and compatible programs: one gauge for each check, and when certificates
//! expire.
//! <https://prometheus.io/docs/specs/om/open_metrics_spec/>, "Text format"; <https://prometheus.io/docs/practices/naming/>

mod exposition;

use std::io;

use super::Look;
use crate::report::group::Group;
use crate::report::line::Labels;
use crate::report::measures::{Measures, Monitored, SignIns};
use crate::report::{Report, Verdict, seconds};
use crate::visible;
pub(crate) use exposition::Dialect;
use exposition::{Exposition, Family, Label};

const VERDICT: Family = Family::gauge("verdict", "What came out: 1 for the one that is true.");
const RUN_COMPLETE: Family = Family::gauge(
    "run_complete",
    "Whether the run came to its end, so that neither a signal nor the deadline nor a brake cut it short.",
);
const RUN_TIMESTAMP: Family = Family::in_seconds("run_timestamp_seconds", "When the run began, in seconds after 1970.");
const RUN_DURATION: Family = Family::in_seconds("run_duration_seconds", "How long the run took.");
const ASKED: Family =
    Family::gauge("account_asked", "Whether the servers were asked about an account in its last run.");
const DURATION: Family = Family::in_seconds("account_duration_seconds", "How long an account took.");
const CHECK_ASKED: Family = Family::gauge("check_asked", "Whether a check was asked, and to its end.");
const CHECK_CLEAN: Family =
    Family::gauge("check_clean", "Whether a check saw no trouble; of one that was not asked there is none.");
const CHECK_DURATION: Family = Family::in_seconds("check_duration_seconds", "How long a check took.");
const FINDING: Family = Family::gauge("finding_info", "A cause that fits, how bad it is and how sure.");
const CERTIFICATE: Family = Family::in_seconds(
    "certificate_expiry_timestamp_seconds",
    "When the first certificate that a server showed ends, in seconds after 1970.",
);
const SHARED: Family =
    Family::gauge("shared_cause_accounts", "How many accounts have a cause that most accounts with a problem share.");
const LAST_RUN: Family =
    Family::in_seconds("last_run_timestamp_seconds", "When an account was last looked at, in seconds after 1970.");
const NEXT_RUN: Family = Family::in_seconds(
    "next_run_timestamp_seconds",
    "When an account is looked at next at the earliest, in seconds after 1970.",
);
const HELD_BACK: Family = Family::gauge(
    "held_back",
    "Whether the last run of an account did not sign in, because earlier sign-ins say to wait.",
);
const SIGN_INS: Family = Family::counter("sign_ins", "How many sign-ins this monitor made since it started.");
const INFO: Family = Family::gauge("doctor_info", "What made this.");
/// As the blackbox exporter calls them, so that its dashboards work.
/// <https://github.com/prometheus/blackbox_exporter/blob/master/prober/handler.go>
const PROBE_SUCCESS: Family =
    Family::gauge("probe_success", "Whether the last run found no trouble.").without_our_prefix();
const PROBE_DURATION: Family =
    Family::in_seconds("probe_duration_seconds", "How long the last run took.").without_our_prefix();

pub(super) fn write(report: &Report, _: Look, out: &mut dyn io::Write) -> io::Result<()> {
    let mut exposition = Exposition::new(Dialect::OpenMetrics);
    let measures = Measures::of(report);
    let one = [(Vec::new(), &measures)];
    verdicts(&mut exposition, &one);
    exposition.single(&RUN_COMPLETE, u8::from(report.complete));
    exposition.single(&RUN_TIMESTAMP, report.started_at.unix_timestamp());
    exposition.single(&RUN_DURATION, seconds(report.duration_ms));
    checks(&mut exposition, &one);
    findings(&mut exposition, &one);
    certificates(&mut exposition, &one);
    info(&mut exposition, &report.tool.version);
    write!(out, "{}", exposition.ended())
}

/// Many accounts: each is a label.
pub(super) fn group(group: &Group, _: Look, out: &mut dyn io::Write) -> io::Result<()> {
    let mut exposition = Exposition::new(Dialect::OpenMetrics);
    let measures: Vec<Measures> = group.rows.iter().map(Measures::of_row).collect();
    let all: Vec<(Vec<Label<'_>>, &Measures)> =
        group.rows.iter().zip(&measures).map(|(row, measures)| (own(&row.account, &row.labels), measures)).collect();
    verdicts(&mut exposition, &all);
    asked(&mut exposition, &all);
    findings(&mut exposition, &all);
    exposition.family(&SHARED, |samples| {
        for shared in &group.summary.shared {
            samples.add(&[], &[("cause", &shared.cause)], shared.accounts);
        }
    });
    exposition.single(&RUN_COMPLETE, u8::from(group.summary.stopped.is_none()));
    exposition.single(&RUN_TIMESTAMP, group.summary.started_at.unix_timestamp());
    exposition.single(&RUN_DURATION, seconds(group.summary.duration_ms));
    info(&mut exposition, &group.summary.tool.version);
    write!(out, "{}", exposition.ended())
}

/// What a monitor knows: of all accounts with what it did, or of one alone.
pub(crate) fn monitored(accounts: &[&Monitored], sign_ins: Option<SignIns>, dialect: Dialect) -> String {
    let mut exposition = Exposition::new(dialect);
    // What is in a list comes from outside.
    let shown: Vec<(String, Labels)> = accounts.iter().map(|one| shown(&one.account, &one.labels)).collect();
    let everyone: Vec<(Vec<Label<'_>>, &Monitored)> =
        shown.iter().zip(accounts).map(|((account, labels), one)| (own(account, labels), *one)).collect();
    let all: Vec<(Vec<Label<'_>>, &Measures)> =
        everyone.iter().filter_map(|(own, one)| Some((own.clone(), one.measures.as_ref()?))).collect();
    verdicts(&mut exposition, &all);
    asked(&mut exposition, &all);
    checks(&mut exposition, &all);
    findings(&mut exposition, &all);
    certificates(&mut exposition, &all);
    exposition.family(&LAST_RUN, |samples| {
        for (own, one) in &everyone {
            one.last_run.iter().for_each(|at| samples.add(own, &[], at.unix_timestamp()));
        }
    });
    exposition.family(&NEXT_RUN, |samples| {
        for (own, one) in &everyone {
            samples.add(own, &[], one.next_run.unix_timestamp());
        }
    });
    exposition.family(&HELD_BACK, |samples| {
        for (own, one) in &everyone {
            samples.add(own, &[], u8::from(one.is_held_back));
        }
    });
    if let Some(sign_ins) = sign_ins {
        exposition.family(&SIGN_INS, |samples| {
            sign_ins.each().for_each(|(server, count)| samples.add(&[], &[("server", server)], count));
        });
    }
    exposition.family(&PROBE_SUCCESS, |samples| {
        for (own, measures) in &all {
            samples.add(own, &[], u8::from(measures.verdict == Some(Verdict::Healthy)));
        }
    });
    exposition.family(&PROBE_DURATION, |samples| {
        for (own, measures) in &all {
            samples.add(own, &[], seconds(measures.duration_ms));
        }
    });
    info(&mut exposition, env!("CARGO_PKG_VERSION"));
    exposition.ended()
}

type Measured<'m> = [(Vec<Label<'m>>, &'m Measures)];

fn shown(account: &str, labels: &Labels) -> (String, Labels) {
    let labels = labels.iter().map(|(name, value)| (name.clone(), visible::text(value))).collect();
    (visible::text(account), labels)
}

/// The labels of an account.
fn own<'a>(account: &'a str, labels: &'a Labels) -> Vec<Label<'a>> {
    let labels = labels.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    std::iter::once(("account", account)).chain(labels).collect()
}

/// Every verdict; one of them is true. What was not asked has none.
fn verdicts(exposition: &mut Exposition, all: &Measured<'_>) {
    exposition.family(&VERDICT, |samples| {
        for (own, of) in all.iter().filter_map(|(own, measures)| Some((own, measures.verdict?))) {
            for (name, verdict) in
                [("healthy", Verdict::Healthy), ("trouble", Verdict::Trouble), ("unclear", Verdict::Unclear)]
            {
                samples.add(own, &[("verdict", name)], u8::from(of == verdict));
            }
        }
    });
}

fn asked(exposition: &mut Exposition, all: &Measured<'_>) {
    exposition.family(&ASKED, |samples| {
        for (own, measures) in all {
            samples.add(own, &[], u8::from(measures.verdict.is_some()));
        }
    });
    exposition.family(&DURATION, |samples| {
        for (own, measures) in all.iter().filter(|(_, measures)| measures.verdict.is_some()) {
            samples.add(own, &[], seconds(measures.duration_ms));
        }
    });
}

fn checks(exposition: &mut Exposition, all: &Measured<'_>) {
    let each = || all.iter().flat_map(|(own, measures)| measures.checks.iter().map(move |check| (own, check)));
    exposition.family(&CHECK_ASKED, |samples| {
        for (own, check) in each() {
            samples.add(own, &[("check", &check.id)], u8::from(check.is_clean.is_some()));
        }
    });
    exposition.family(&CHECK_CLEAN, |samples| {
        for (own, check) in each() {
            check.is_clean.iter().for_each(|is| samples.add(own, &[("check", &check.id)], u8::from(*is)));
        }
    });
    exposition.family(&CHECK_DURATION, |samples| {
        for (own, check) in each() {
            check.duration_ms.iter().for_each(|ms| samples.add(own, &[("check", &check.id)], seconds(*ms)));
        }
    });
}

fn findings(exposition: &mut Exposition, all: &Measured<'_>) {
    exposition.family(&FINDING, |samples| {
        for (own, cause) in all.iter().flat_map(|(own, measures)| measures.causes.iter().map(move |one| (own, one))) {
            let labels = [("cause", cause.id.as_str()), ("severity", cause.severity.id()), ("sure", cause.sure.word())];
            samples.add(own, &labels, 1);
        }
    });
}

fn certificates(exposition: &mut Exposition, all: &Measured<'_>) {
    exposition.family(&CERTIFICATE, |samples| {
        for (own, (host, end)) in
            all.iter().flat_map(|(own, measures)| measures.certificates.iter().map(move |one| (own, one)))
        {
            samples.add(own, &[("host", host)], end);
        }
    });
}

fn info(exposition: &mut Exposition, version: &str) {
    exposition.family(&INFO, |samples| samples.add(&[], &[("version", version)], 1));
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test says what went wrong by failing")]
mod tests {
    use snapbox::str;

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
    fn an_account_is_a_label() {
        is(
            &told_of_group("openmetrics"),
            str![[r##"
# HELP icloud_mail_verdict What came out: 1 for the one that is true.
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
# HELP icloud_mail_account_asked Whether the servers were asked about an account in its last run.
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
# HELP icloud_mail_finding_info A cause that fits, how bad it is and how sure.
# TYPE icloud_mail_finding_info gauge
icloud_mail_finding_info{account="berta",team="a\"b",cause="apple-outage",severity="warning",sure="likely"} 1
icloud_mail_finding_info{account="clara",team="a\"b",cause="port-blocked",severity="trouble",sure="likely"} 1
icloud_mail_finding_info{account="<b>&amp;\"'</b> ]]> | % \\u{3a}:error::x ` \\ \\u{1b}[2J",team="a\"b",cause="port-blocked",severity="trouble",sure="likely"} 1
icloud_mail_finding_info{account="<b>&amp;\"'</b> ]]> | % \\u{3a}:error::x ` \\ \\u{1b}[2J",team="a\"b",cause="mailbox-full",severity="trouble",sure="likely"} 1
icloud_mail_finding_info{account="dora",team="a\"b",cause="port-blocked",severity="trouble",sure="likely"} 1
# HELP icloud_mail_shared_cause_accounts How many accounts have a cause that most accounts with a problem share.
# TYPE icloud_mail_shared_cause_accounts gauge
icloud_mail_shared_cause_accounts{cause="port-blocked"} 3
# HELP icloud_mail_run_complete Whether the run came to its end, so that neither a signal nor the deadline nor a brake cut it short.
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
