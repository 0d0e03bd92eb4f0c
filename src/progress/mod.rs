//! Shows what a run waits for and for how long: on standard error, on a terminal only.

mod bars;
mod sentences;

use checks::plan::Protocol;
use checks::questions::Question;
use checks::run::Watch;

use crate::aside;
use crate::cli::check::CheckArguments;
use bars::Bars;
use sentences::Sentences;

/// How it is shown.
pub(crate) enum Progress {
    Unseen,
    /// A line a check, redrawn as it goes on.
    Bars(Bars),
    /// A sentence every few seconds, for a screen reader.
    Sentences(Sentences),
}

impl Progress {
    /// Shows progress if a person may be looking.
    pub(crate) fn new(arguments: &CheckArguments) -> Self {
        let output = &arguments.telling.output;
        if arguments.no_progress || output.detail.quiet || !aside::is_seen() {
            return Self::Unseen;
        }
        if let Some(wait) = arguments.survey.as_ref().and_then(|survey| survey.idle) {
            aside::say(format!(
                "After the other checks this waits {} min for new mail. Ctrl-C ends the wait, and the report says what is known.",
                wait.as_secs() / 60
            ));
        }
        if output.screen.plain { Self::Sentences(Sentences::new()) } else { Self::Bars(Bars::new()) }
    }
}

impl Watch for Progress {
    fn began(&self, check: Question, of: Option<Protocol>) {
        match self {
            Self::Unseen => {}
            Self::Bars(bars) => bars.began(check, of),
            Self::Sentences(sentences) => sentences.began(whom(check, of)),
        }
    }

    fn ended(&self, check: Question, of: Option<Protocol>, is_troubled: bool) {
        match self {
            Self::Unseen => {}
            Self::Bars(bars) => bars.ended(check, of, is_troubled),
            Self::Sentences(sentences) => sentences.ended(&whom(check, of)),
        }
    }

    fn looks_again(&self) {
        match self {
            Self::Unseen => {}
            Self::Bars(bars) => bars.looks_again(),
            Self::Sentences(sentences) => sentences.began(SECOND_LOOKS.to_owned()),
        }
    }
}

/// The title of the checks that are asked only after a problem.
const SECOND_LOOKS: &str = "follow-up checks";

fn whom(check: Question, of: Option<Protocol>) -> String {
    of.map_or_else(|| check.id().to_owned(), |of| format!("{} ({})", check.id(), of.name()))
}
