//! What a pasted text points to, as a part of a page for a browser.

use std::io;

use askama::Template;

use super::{mark, words};
use crate::render::pieces::SAFE;
use crate::report::{Explanation, Finding, OpenQuestion};
use crate::visible;

/// The part of a page.
#[derive(Template)]
#[template(path = "explanation.html", config = "src/render/html/askama.toml")]
struct Part<'e> {
    explained: &'e Explanation,
    /// The cause that is shown in full; none where a question decides.
    first: Option<&'e Finding>,
    others: Vec<&'e Finding>,
}

/// Returns what a text points to, for a page that holds the shapes and the style of a report.
pub(crate) fn explanation(explained: &Explanation) -> io::Result<String> {
    let explained = visible::all(explained)?;
    let (first, others) = match (&explained.question, explained.findings.split_first()) {
        (None, Some((first, others))) => (Some(first), others.iter().collect()),
        (Some(question), _) => {
            let is_asked = |finding: &&Finding| question.answers.iter().any(|answer| answer.cause == finding.cause);
            (None, explained.findings.iter().filter(|finding| !is_asked(finding)).collect())
        }
        (None, None) => (None, Vec::new()),
    };
    Part { explained: &explained, first, others }.render().map_err(io::Error::other)
}

impl Part<'_> {
    /// The answers of the question, each with the cause that it points to.
    fn answers<'e>(&self, question: &'e OpenQuestion) -> Vec<(&'e str, &Finding)> {
        let finding = |cause: &str| self.explained.findings.iter().find(|finding| finding.cause == cause);
        question.answers.iter().filter_map(|answer| Some((answer.says.as_str(), finding(&answer.cause)?))).collect()
    }
}
