//! A line for each check, redrawn while it runs: what it waits for, and for how long.

use std::cell::{OnceCell, RefCell};
use std::time::Duration;

use checks::plan::Protocol;
use checks::questions::Question;
use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::SECOND_LOOKS;

const TICK: Duration = Duration::from_millis(100);

/// The lines of one run.
pub(crate) struct Bars {
    all: MultiProgress,
    lines: RefCell<Vec<Line>>,
    /// Kept here, because a bar disappears when the last reference to it is dropped.
    second_looks: OnceCell<ProgressBar>,
}

struct Line {
    check: Question,
    bar: ProgressBar,
    states: Vec<(Option<Protocol>, State)>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Asked,
    Clean,
    Troubled,
}

impl Bars {
    pub(super) fn new() -> Self {
        let all = MultiProgress::with_draw_target(ProgressDrawTarget::stderr());
        Self { all, lines: RefCell::default(), second_looks: OnceCell::new() }
    }

    pub(super) fn began(&self, check: Question, of: Option<Protocol>) {
        self.note(check, of, State::Asked);
    }

    pub(super) fn ended(&self, check: Question, of: Option<Protocol>, is_troubled: bool) {
        self.note(check, of, if is_troubled { State::Troubled } else { State::Clean });
    }

    pub(super) fn looks_again(&self) {
        let bar = self.second_looks.get_or_init(|| shown(self.all.add(bar(SECOND_LOOKS))));
        bar.set_message("are taken, because there is trouble");
    }

    fn note(&self, check: Question, of: Option<Protocol>, state: State) {
        let mut lines = self.lines.borrow_mut();
        let at = lines.iter().position(|line| line.check == check).unwrap_or_else(|| {
            let place = lines.iter().filter(|line| line.check < check).count();
            let bar = shown(self.all.insert(place, bar(check.id())));
            lines.insert(place, Line { check, bar, states: Vec::new() });
            place
        });
        let line = &mut lines[at];
        line.states.retain(|(whose, _)| *whose != of);
        line.states.push((of, state));
        let words: Vec<String> = line
            .states
            .iter()
            .map(|(of, state)| {
                of.map_or_else(|| state.words().to_owned(), |of| format!("{} {}", of.name(), state.words()))
            })
            .collect();
        line.bar.set_message(words.join(", "));
        if line.states.iter().all(|(_, state)| *state != State::Asked) {
            // The elapsed time stops once nothing is waited for.
            line.bar.abandon();
        } else if line.bar.is_finished() {
            line.bar.reset();
            line.bar.enable_steady_tick(TICK);
        }
    }
}

impl State {
    fn words(self) -> &'static str {
        match self {
            Self::Asked => "is asked",
            Self::Clean => "is OK",
            Self::Troubled => "is in trouble",
        }
    }
}

fn bar(name: &'static str) -> ProgressBar {
    let width = Question::CHECKS.iter().map(|check| check.id().len()).max().unwrap_or(0);
    let bar = ProgressBar::new_spinner().with_prefix(format!("{name:<width$}"));
    // The template is a constant: it works always or never.
    if let Ok(style) = ProgressStyle::with_template("{spinner} {prefix} {wide_msg} {elapsed:>4}") {
        bar.set_style(style);
    }
    bar
}

/// Adds a bar before it starts to tick: a bar that ticks earlier leaves an extra line on the screen.
fn shown(bar: ProgressBar) -> ProgressBar {
    bar.enable_steady_tick(TICK);
    bar
}

impl Drop for Bars {
    fn drop(&mut self) {
        // The progress is not part of the report. Where clearing fails, there is no terminal.
        let _ = self.all.clear();
    }
}
