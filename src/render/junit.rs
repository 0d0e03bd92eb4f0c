//! The report as `JUnit` XML, for a CI job: a test case for each check; a failure contains the cause and its first
//! step.

use std::io;

use askama::Template;

use super::Look;
use crate::report::group::{Group, Row};
use crate::report::{CheckOutcome, CheckRow, Finding, Report, Severity, Verdict, seconds};

pub(super) fn write(report: &Report, _: Look, out: &mut dyn io::Write) -> io::Result<()> {
    Suite { report }.write_into(out)?;
    writeln!(out)
}

/// Many accounts: a test case for each.
pub(super) fn group(group: &Group, _: Look, out: &mut dyn io::Write) -> io::Result<()> {
    Accounts { group }.write_into(out)?;
    writeln!(out)
}

/// The suite of many accounts.
#[derive(Template)]
#[template(path = "junit_group.xml", config = "src/render/askama.toml")]
struct Accounts<'g> {
    group: &'g Group,
}

impl Accounts<'_> {
    /// An account without a result is an error, because nothing else would show it: with skipped cases alone, the suite
    /// counts as passed.
    fn errors(&self) -> usize {
        let summary = &self.group.summary;
        summary.unclear + summary.not_asked + usize::from(summary.stopped.is_some())
    }

    fn tests(&self) -> usize {
        self.group.rows.len() + usize::from(self.group.summary.stopped.is_some())
    }

    fn failed(&self) -> usize {
        self.group.rows.iter().filter(|row| row.verdict == Some(Verdict::Trouble)).count()
    }

    /// The first cause, which is the type of a failure.
    fn kind(row: &Row) -> &str {
        row.causes.first().map_or("unexplained", |cause| &cause.id)
    }
}

/// The suite.
#[derive(Template)]
#[template(path = "junit.xml", config = "src/render/askama.toml")]
struct Suite<'r> {
    report: &'r Report,
}

impl Suite<'_> {
    /// The checks. A second look only adds a clue, so it can neither pass nor fail.
    fn cases(&self) -> impl Iterator<Item = &CheckRow> {
        self.report.checks.iter().filter(|row| !row.is_second_look())
    }

    fn clues(&self) -> impl Iterator<Item = &CheckRow> {
        self.report.checks.iter().filter(|row| row.is_second_look())
    }

    /// Findings that are not problems, but worth mentioning.
    fn remarks(&self) -> impl Iterator<Item = &Finding> {
        self.report.findings.iter().filter(|finding| finding.severity != Severity::Trouble)
    }

    fn is_failed(&self, row: &CheckRow) -> bool {
        row.outcome == CheckOutcome::Troubled || self.report.trouble_of(row).is_some()
    }

    fn is_skipped(&self, row: &CheckRow) -> bool {
        row.outcome == CheckOutcome::NotAsked && !self.is_failed(row)
    }

    fn failed(&self) -> usize {
        self.cases().filter(|row| self.is_failed(row)).count()
    }

    fn skipped(&self) -> usize {
        self.cases().filter(|row| self.is_skipped(row)).count()
    }

    /// One error if the result is inconclusive: with skipped checks alone, the suite would count as passed.
    fn errors(&self) -> usize {
        usize::from(self.report.verdict == Verdict::Unclear)
    }

    fn tests(&self) -> usize {
        self.cases().count() + self.errors()
    }
}

#[cfg(test)]
mod tests {
    use snapbox::str;

    use crate::render::made_up::{cut_short, hostile, is, told, told_of_group};

    #[test]
    fn what_a_server_says_is_a_text() {
        is(
            &told("junit", &hostile()),
            str![[r#"
<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="icloud-mail-doctor" tests="1" failures="1" errors="0" time="1.234">
  <testsuite name="iCloud Mail" tests="1" failures="1" errors="0" skipped="0" time="1.234" timestamp="2026-11-24T02:23:00">
    <properties>
      <property name="verdict" value="It fails because: the server says no."/>
      <property name="complete" value="true"/>
      <property name="account" value="y…@icloud.com"/>
      <property name="imap" value="imap.mail.me.com:993"/>
      <property name="smtp" value="smtp.mail.me.com:587"/>
      <property name="version" value="1.2.3"/>
    </properties>
    <testcase classname="icloud-mail" name="imap" time="0.020">
      <failure type="password-refused" message="The trouble is here">problem, likely: password-refused
Saw: &#60;b&#62;&#38;amp;&#34;&#39;&#60;/b&#62; ]]&#62; | % \u{3a}:error::x ` \ \u{1b}[2J
First step: Open https://account.apple.com, then run `check`.
All steps: icloud-mail-doctor explain password-refused</failure>
      <system-out>What does imap say? problem: &#60;b&#62;&#38;amp;&#34;&#39;&#60;/b&#62; ]]&#62; | % \u{3a}:error::x ` \ \u{1b}[2J</system-out>
    </testcase>
    <system-out>It fails because: the server says no.
another-resolver: follow-up: &#60;b&#62;&#38;amp;&#34;&#39;&#60;/b&#62; ]]&#62; | % \u{3a}:error::x ` \ \u{1b}[2J
warning, likely: apple-outage: The warning is here
note, likely: unexplained: The note is here
</system-out>
  </testsuite>
</testsuites>

"#]],
        );
    }

    #[test]
    fn no_result_is_an_error_of_its_own() {
        is(
            &told("junit", &cut_short()),
            str![[r#"
<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="icloud-mail-doctor" tests="3" failures="0" errors="1" time="1.234">
  <testsuite name="iCloud Mail" tests="3" failures="0" errors="1" skipped="1" time="1.234" timestamp="2026-11-24T02:23:00">
    <properties>
      <property name="verdict" value="No result: too little was checked, or the run was cut short."/>
      <property name="complete" value="false"/>
      <property name="account" value="none"/>
      <property name="imap" value="imap.mail.me.com:993"/>
      <property name="smtp" value="smtp.mail.me.com:587"/>
      <property name="version" value="1.2.3"/>
    </properties>
    <testcase classname="icloud-mail" name="dns" time="0.020">
      <system-out>What does dns say? OK: imap.mail.me.com is 192.0.2.7</system-out>
    </testcase>
    <testcase classname="icloud-mail" name="tcp" time="0.000">
      <skipped message="not checked, because the run was cut short"/>
      <system-out>What does tcp say? not checked, because the run was cut short</system-out>
    </testcase>
    <testcase classname="icloud-mail" name="verdict" time="0.000">
      <error type="unclear" message="No result: too little was checked, or the run was cut short."/>
    </testcase>
    <system-out>No result: too little was checked, or the run was cut short.
</system-out>
  </testsuite>
</testsuites>

"#]],
        );
    }

    #[test]
    fn an_account_is_a_test_case() {
        is(
            &told_of_group("junit"),
            str![[r#"
<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="icloud-mail-doctor" tests="7" failures="3" errors="2" time="5.678">
  <testsuite name="iCloud Mail" tests="7" failures="3" errors="2" skipped="0" time="5.678">
    <properties>
      <property name="verdict" value="Mail fails for 3 of 7 accounts, and 2 have no result."/>
      <property name="version" value="1.2.3"/>
      <property name="shared" value="All 3 accounts with a problem have the same one."/>
    </properties>
    <testcase classname="icloud-mail" name="anna" time="1.234">
    </testcase>
    <testcase classname="icloud-mail" name="berta" time="1.234">
    </testcase>
    <testcase classname="icloud-mail" name="clara" time="1.234">
      <failure type="port-blocked" message="Sending fails.">problem, likely: port-blocked
First step: Do `it`.</failure>
    </testcase>
    <testcase classname="icloud-mail" name="&#60;b&#62;&#38;amp;&#34;&#39;&#60;/b&#62; ]]&#62; | % \u{3a}:error::x ` \ \u{1b}[2J" time="1.234">
      <failure type="port-blocked" message="&#60;b&#62;&#38;amp;&#34;&#39;&#60;/b&#62; ]]&#62; | % \u{3a}:error::x ` \ \u{1b}[2J">problem, likely: port-blocked
problem, likely: mailbox-full
First step: Do `it`.</failure>
    </testcase>
    <testcase classname="icloud-mail" name="dora" time="1.234">
      <failure type="port-blocked" message="Sending fails.">problem, likely: port-blocked
First step: Do `it`.</failure>
    </testcase>
    <testcase classname="icloud-mail" name="emma" time="1.234">
      <error type="not-asked" message="Not asked, because of something."/>
    </testcase>
    <testcase classname="icloud-mail" name="the run" time="0.000">
      <error type="stopped" message="It was interrupted."/>
    </testcase>
  </testsuite>
</testsuites>

"#]],
        );
    }
}
