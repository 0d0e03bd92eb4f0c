//! Shows the checks while they run: on standard error, on a terminal only.

use std::cell::RefCell;
use std::io::IsTerminal;
use std::time::Duration;

use checks::CHECKS;
use checks::plan::{Check, Protocol};
use checks::run::Watch;
use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::cli::check::CheckArguments;

/// A line a check, each with what it is waiting for and for how long.
pub(crate) struct Progress {
    lines: Option<RefCell<Vec<Line>>>,
    all: MultiProgress,
}

struct Line {
    check: Check,
    bar: ProgressBar,
    states: Vec<(Option<Protocol>, &'static str)>,
}

impl Progress {
    /// Shows something where somebody may be looking.
    pub(crate) fn new(arguments: &CheckArguments) -> Self {
        let output = &arguments.telling.output;
        let is_unwanted = arguments.no_progress || output.screen.plain || output.quiet;
        let is_seen = std::io::stderr().is_terminal() && !is_unwanted;
        let all = MultiProgress::with_draw_target(ProgressDrawTarget::stderr());
        Self { lines: is_seen.then(RefCell::default), all }
    }

    fn note(&self, check: Check, of: Option<Protocol>, state: &'static str) {
        let Some(lines) = &self.lines else { return };
        let mut lines = lines.borrow_mut();
        let at = lines.iter().position(|line| line.check == check).unwrap_or_else(|| {
            let place = lines.iter().filter(|line| line.check < check).count();
            lines.insert(place, Line { check, bar: self.all.insert(place, bar(check)), states: Vec::new() });
            place
        });
        let line = &mut lines[at];
        line.states.retain(|(whose, _)| *whose != of);
        line.states.push((of, state));
        let words: Vec<String> = line
            .states
            .iter()
            .map(|(of, state)| of.map_or_else(|| (*state).to_owned(), |of| format!("{} {state}", of.name())))
            .collect();
        line.bar.set_message(words.join(", "));
    }
}

fn bar(check: Check) -> ProgressBar {
    let id = CHECKS.iter().find(|listed| listed.check == check).map_or("", |listed| listed.id);
    let bar = ProgressBar::new_spinner().with_prefix(id);
    // The template is a constant: it either always works or never.
    if let Ok(style) = ProgressStyle::with_template("{spinner} {prefix:<13} {wide_msg} {elapsed:>4}") {
        bar.set_style(style);
    }
    bar.enable_steady_tick(Duration::from_millis(100));
    bar
}

impl Watch for Progress {
    fn began(&self, check: Check, of: Option<Protocol>) {
        self.note(check, of, "is asked");
    }

    fn ended(&self, check: Check, of: Option<Protocol>, is_troubled: bool) {
        self.note(check, of, if is_troubled { "is in trouble" } else { "is clean" });
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        // What is shown while waiting is not part of the report. Where it cannot be wiped there is no terminal.
        let _ = self.all.clear();
    }
}
