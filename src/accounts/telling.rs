//! What is told of a run: a line for each account as it ends, its files, and the results of all at the end.

use std::cell::RefCell;
use std::collections::HashMap;
use std::io::{self, IsTerminal as _};

use checks::network::clock::Stopwatch;
use time::OffsetDateTime;

use super::folder::Folder;
use super::lines::Lines;
use super::verdict::{Problem, Tally};
use crate::aside;
use crate::cli::check::CheckArguments;
use crate::misuse::Misuse;
use crate::output::Destinations;
use crate::report::group::{Group, Row, Summary};
use crate::report::line::{Labels, Line, NotAsked, OfAccount};
use crate::report::{Report, SCHEMA_VERSION, Tool, Verdict};
use crate::words::accounts as words;

/// What is told beside the output, which is for programs.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Beside {
    Nothing,
    /// Nobody sees it; it is in a service's log then.
    WhyItStopped,
    TheEnd,
}

/// Where a run tells what it learned. It keeps counts, and rows only for a table; never the reports.
pub(super) struct Telling<'a> {
    folder: Option<Folder<'a>>,
    keeps_rows: bool,
    /// Whether a person sees how far it is.
    is_watched: bool,
    beside: Beside,
    accounts: usize,
    earlier: usize,
    began: Stopwatch,
    started_at: OffsetDateTime,
    state: RefCell<State>,
}

/// What changes from account to account.
struct State {
    lines: Option<Lines>,
    tally: Tally,
    rows: Vec<Row>,
    told: usize,
    /// The exit code of the worst thing that could not be written.
    failed: Option<u8>,
    is_broken: bool,
}

impl<'a> Telling<'a> {
    pub(super) fn new(
        arguments: &CheckArguments,
        lines: Option<Lines>,
        folder: Option<Folder<'a>>,
        keeps_rows: bool,
        accounts: usize,
    ) -> Self {
        let is_quiet = arguments.no_progress || arguments.telling.output.detail.quiet;
        let is_on_screen = lines.is_some() && arguments.telling.output.output.is_none() && io::stdout().is_terminal();
        let beside = match (lines.is_some() && !arguments.telling.output.detail.quiet, aside::is_seen()) {
            (false, _) => Beside::Nothing,
            (true, false) => Beside::WhyItStopped,
            (true, true) => Beside::TheEnd,
        };
        let state = State { lines, tally: Tally::default(), rows: Vec::new(), told: 0, failed: None, is_broken: false };
        Self {
            folder,
            keeps_rows,
            is_watched: aside::is_seen() && !is_quiet && !is_on_screen,
            beside,
            accounts,
            earlier: 0,
            began: Stopwatch::start(),
            started_at: OffsetDateTime::UNIX_EPOCH,
            state: RefCell::new(state),
        }
    }

    /// Takes over the results of an earlier run for these accounts.
    pub(super) fn take_over(
        &mut self,
        names: impl Iterator<Item = String>,
        mut results: HashMap<String, (Row, Vec<Problem>)>,
    ) {
        let state = self.state.get_mut();
        for (mut row, problems) in names.filter_map(|name| results.remove(&name)) {
            self.earlier += 1;
            state.tally.add(row.verdict.unwrap_or(Verdict::Unclear), problems);
            if self.keeps_rows {
                row.page = self.folder.as_ref().and_then(|folder| folder.page_of(&row.account));
                state.rows.push(row);
            }
        }
    }

    /// The run begins now.
    pub(super) fn begins(&mut self, now: OffsetDateTime) {
        self.started_at = now.replace_nanosecond(0).unwrap_or(now);
        self.began = Stopwatch::start();
    }

    /// Tells what was asked once; where all is well that is nothing.
    pub(super) fn of_the_network(&self, report: &Report) {
        if report.verdict == Verdict::Healthy {
            return;
        }
        self.state.borrow_mut().tally.of_the_network(Problem::all(report));
        self.write(&Line::Network { network: Box::new(report.clone()) });
    }

    /// Tells the report of an account. Returns whether there is a use in going on.
    pub(super) fn account(&self, account: &str, labels: &Labels, report: Report) -> bool {
        let mut row = Row::of(account, labels, &report);
        if let Some(folder) = &self.folder {
            match folder.write(account, &report) {
                Ok(page) => row.page = page,
                Err(misuse) => self.failed(&misuse),
            }
        }
        self.state.borrow_mut().tally.add(report.verdict, Problem::all(&report));
        let line = OfAccount { account: account.to_owned(), labels: labels.clone(), report: Box::new(report) };
        self.write(&Line::Account(line));
        self.row(row)
    }

    /// Tells why an account was not asked.
    pub(super) fn not_asked(&self, account: &str, labels: &Labels, why: &str) {
        self.state.borrow_mut().tally.not_asked += 1;
        self.write(&Line::NotAsked(NotAsked {
            account: account.to_owned(),
            labels: labels.clone(),
            verdict: Verdict::Unclear,
            why: why.to_owned(),
        }));
        self.row(Row::not_asked(account, labels, why));
    }

    /// Tells the results of all, and returns the exit code.
    pub(super) fn ends(self, stopped: Option<&str>, destinations: &Destinations<'_>) -> u8 {
        let summary = self.summary(stopped);
        self.write(&Line::Summary { summary: summary.clone() });
        if self.beside == Beside::TheEnd {
            aside::say(&summary.conclusion);
        }
        if self.beside != Beside::Nothing {
            summary.stopped.iter().for_each(aside::say);
        }
        if self.beside == Beside::TheEnd {
            summary.shared.iter().for_each(|shared| aside::say(&shared.sentence));
        }
        let State { rows, failed, .. } = self.state.into_inner();
        let group = Group { summary, rows };
        let mut code = destinations.write_group(&group);
        if let Some(Err(misuse)) = self.folder.as_ref().map(|folder| folder.write_index(&group)) {
            code = destinations.failed(&misuse);
        }
        failed.unwrap_or(code)
    }

    fn summary(&self, stopped: Option<&str>) -> Summary {
        let state = self.state.borrow();
        let Tally { healthy, trouble, unclear, not_asked, .. } = state.tally;
        let left = self.accounts - healthy - trouble - unclear - not_asked;
        let counts = words::Counts { accounts: self.accounts, healthy, trouble, unknown: unclear + not_asked + left };
        Summary {
            schema_version: SCHEMA_VERSION,
            tool: Tool { name: env!("CARGO_PKG_NAME").to_owned(), version: env!("CARGO_PKG_VERSION").to_owned() },
            started_at: self.started_at,
            duration_ms: self.began.milliseconds(),
            accounts: self.accounts,
            earlier: self.earlier,
            healthy,
            trouble,
            unclear,
            not_asked,
            left,
            stopped: stopped.map(str::to_owned),
            conclusion: words::conclusion(counts),
            shared: state.tally.shared(self.accounts),
        }
    }

    /// Writes a line, as long as somebody reads.
    fn write(&self, line: &Line) {
        let mut state = self.state.borrow_mut();
        if state.is_broken {
            return;
        }
        let Some(Err(fault)) = state.lines.as_mut().map(|lines| lines.write(line)) else { return };
        state.is_broken = true;
        drop(state);
        // A reader that closes the pipe early is not an error, but nothing more can be told.
        if fault.kind() != io::ErrorKind::BrokenPipe {
            self.failed(&Misuse::new(
                format!("the results cannot be written: {fault}"),
                "use --resume, and name another file",
            ));
        }
    }

    fn failed(&self, misuse: &Misuse) {
        aside::say(format!("icloud-mail-doctor: {misuse}"));
        self.state.borrow_mut().failed = Some(misuse.code(crate::render::MISUSED));
    }

    /// Keeps a row if there is a use for it. Returns whether there is a use in going on.
    fn row(&self, row: Row) -> bool {
        let mut state = self.state.borrow_mut();
        state.told += 1;
        if self.is_watched {
            let done = self.earlier + state.told;
            aside::say(words::progress(done, self.accounts, &row.account, &row.sentence));
        }
        if self.keeps_rows {
            state.rows.push(row);
        }
        !state.is_broken
    }
}
