//! What an earlier run came to, from its JSON lines: the accounts that have a result there are not asked again.

use std::collections::HashMap;
use std::io::{self, BufRead, BufReader, Read as _};
use std::path::Path;

use checks::network::plain_file;
use serde::Deserialize;
use serde::de::IgnoredAny;

use super::verdict::Problem;
use crate::misuse::{Misuse, file_name};
use crate::report::group::{Cause, Row};
use crate::report::line::Labels;
use crate::report::{Severity, Sure, Verdict};

/// No line of this program's is longer, in bytes.
const LONGEST: u64 = 8 << 20;

/// The cause of a report without a sign-in, because of earlier ones: it says to come later, so it is asked again. So are those
/// that were under way when a run was killed.
const NOT_YET: &str = "sign-ins-held-back";

/// The results of an earlier run.
#[derive(Debug, Default)]
pub(super) struct Earlier {
    /// By name of the account; of several the last.
    pub(super) results: HashMap<String, (Row, Vec<Problem>)>,
    /// How many bytes of the file are whole lines. What follows was cut in the middle.
    pub(super) whole: u64,
    /// Whether it ends in the middle of a line.
    pub(super) is_torn: bool,
    /// Whether it has a line that a run begins or goes on with.
    is_of_a_run: bool,
}

/// What a line is of.
#[derive(Deserialize)]
struct Kind {
    network: Option<IgnoredAny>,
    account: Option<IgnoredAny>,
    summary: Option<IgnoredAny>,
}

impl Kind {
    fn is_of_a_run(&self) -> bool {
        self.network.is_some() || self.account.is_some() || self.summary.is_some()
    }
}

/// As much of a line as is needed.
#[derive(Deserialize)]
struct Line {
    account: String,
    #[serde(default)]
    labels: Labels,
    verdict: Verdict,
    #[serde(default)]
    complete: bool,
    #[serde(default)]
    conclusion: String,
    #[serde(default)]
    duration_ms: u64,
    #[serde(default)]
    findings: Vec<Finding>,
}

impl Line {
    /// Whether the account needs not be asked again.
    fn is_done(&self) -> bool {
        let waits = || self.findings.iter().any(|finding| finding.cause == NOT_YET);
        self.complete && !(self.verdict == Verdict::Unclear && waits())
    }
}

#[derive(Deserialize)]
struct Finding {
    cause: String,
    title: String,
    severity: Severity,
    sure: Sure,
    #[serde(default)]
    steps: Vec<String>,
}

/// Reads the lines of an earlier run. A file that is not there yet, or is empty, has none; that is right only for the
/// one that this run writes.
pub(super) fn read(path: &Path, written: Option<&Path>) -> Result<Earlier, Misuse> {
    const NEXT: &str = "name the JSON lines of an earlier run";
    let is_written = written == Some(path);
    let unread = |why: String| Misuse::new(format!("{} cannot be read: {why}", file_name(path)), NEXT);
    match plain_file::open(path) {
        Ok(file) => match of_lines(BufReader::new(file)).map_err(|fault| unread(fault.to_string()))? {
            earlier if earlier.is_of_a_run || (is_written && earlier.whole == 0) => Ok(earlier),
            _ => Err(Misuse::new(format!("{} holds no results of an earlier run", file_name(path)), NEXT)),
        },
        Err(plain_file::NotRead::Failed(fault)) if is_written && fault.kind() == io::ErrorKind::NotFound => {
            Ok(Earlier::default())
        }
        Err(why) => Err(unread(why.to_string())),
    }
}

fn of_lines(mut source: impl BufRead) -> io::Result<Earlier> {
    let mut earlier = Earlier::default();
    let mut line = Vec::new();
    loop {
        line.clear();
        let count = source.by_ref().take(LONGEST).read_until(b'\n', &mut line)? as u64;
        if count == 0 {
            return Ok(earlier);
        }
        let is_whole = line.ends_with(b"\n");
        if count == LONGEST && !is_whole {
            return Err(io::Error::other("it has a line that is too long"));
        }
        match is_whole {
            true => earlier.whole += count,
            false => earlier.is_torn = true,
        }
        earlier.is_of_a_run |= is_whole && serde_json::from_slice::<Kind>(&line).is_ok_and(|kind| kind.is_of_a_run());
        if let Ok(line) = serde_json::from_slice::<Line>(&line)
            && line.is_done()
            && is_whole
        {
            let (name, result) = result(line);
            earlier.results.insert(name, result);
        }
    }
}

fn result(line: Line) -> (String, (Row, Vec<Problem>)) {
    let causes = line.findings.iter().filter(|finding| finding.severity != Severity::Note);
    let first_step = causes.clone().next().and_then(|finding| finding.steps.first().cloned());
    let cause = |finding: &Finding| Cause { id: finding.cause.clone(), severity: finding.severity, sure: finding.sure };
    let row = Row {
        account: line.account.clone(),
        labels: line.labels,
        page: None,
        verdict: Some(line.verdict),
        sentence: line.conclusion,
        duration_ms: line.duration_ms,
        causes: causes.map(cause).collect(),
        first_step,
    };
    let problems = line.findings.into_iter().filter(|finding| finding.severity == Severity::Trouble);
    let problem = |Finding { cause, title, steps, .. }| Problem { cause, title, steps };
    (line.account, (row, problems.map(problem).collect()))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test says what went wrong by failing")]
mod tests {
    use super::*;
    use crate::diagnosis::CAUSES;

    fn line(account: &str, complete: bool) -> String {
        format!(
            "{{\"account\":\"{account}\",\"labels\":{{}},\"schema_version\":1,\"verdict\":\"trouble\",\"complete\":{complete},\
             \"conclusion\":\"It fails.\",\"findings\":[{{\"cause\":\"port-blocked\",\"title\":\"T\",\"severity\":\"trouble\",\
             \"sure\":\"likely\",\"steps\":[\"Do it.\"]}}]}}\n"
        )
    }

    fn names(text: &str) -> Vec<String> {
        let mut names: Vec<String> = of_lines(text.as_bytes()).unwrap().results.into_keys().collect();
        names.sort();
        names
    }

    #[test]
    fn what_has_a_whole_result_is_done() {
        let text = line("anna", true) + &line("berta", false) + &line("clara", true) + "{\"summary\":{}}\n\nnonsense\n";
        assert_eq!(names(&text), ["anna", "clara"]);
        let not_asked = "{\"account\":\"dora\",\"labels\":{},\"verdict\":\"unclear\",\"not_asked\":\"Because.\"}\n";
        assert_eq!(names(not_asked), Vec::<String>::new());
        let again = line("anna", false) + &line("anna", true);
        assert_eq!(names(&again), ["anna"]);
    }

    #[test]
    fn an_account_that_had_to_wait_is_asked_again() {
        let held = line("anna", true).replace("trouble", "unclear").replacen("port-blocked", NOT_YET, 1);
        let held = held.replace("\"severity\":\"unclear\"", "\"severity\":\"trouble\"");
        assert_eq!(names(&held), Vec::<String>::new());
        assert_eq!(names(&(held.clone() + &line("anna", true))), ["anna"]);
        assert_eq!(names(&held.replace("unclear", "trouble")), ["anna"], "what it learned of the other server counts");
        assert_eq!(names(&held.replacen(NOT_YET, "offline", 1)), ["anna"]);
        assert!(CAUSES.iter().any(|cause| cause.id == NOT_YET));
    }

    #[test]
    fn a_line_that_was_cut_is_not_done_wherever_it_was_cut() {
        let (first, second) = (line("anna", true), line("berta", true));
        for cut in 0..second.len() {
            let text = first.clone() + &second[..cut];
            let earlier = of_lines(text.as_bytes()).unwrap();
            assert_eq!(earlier.results.len(), 1, "{cut}");
            assert_eq!((earlier.whole, earlier.is_torn), (first.len() as u64, cut > 0));
        }
        assert_eq!(names(&(first + &second)), ["anna", "berta"]);
    }

    #[test]
    fn only_the_file_that_is_written_may_be_new() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("run.jsonl");
        let said = |written: Option<&Path>| read(&path, written).map(|earlier| earlier.results.len()).ok();
        assert_eq!((said(None), said(Some(&path))), (None, Some(0)));
        for (text, other, own) in [
            (String::new(), None, Some(0)),
            ("name,email\nanna,anna@icloud.com\n".to_owned(), None, None),
            ("{\"network\":{}}\n".to_owned(), Some(0), Some(0)),
            (line("anna", true), Some(1), Some(1)),
        ] {
            std::fs::write(&path, &text).unwrap();
            assert_eq!((said(None), said(Some(&path))), (other, own), "{text}");
        }
    }

    #[test]
    fn the_result_of_an_earlier_run_is_shown_again() {
        let earlier = of_lines(line("anna", true).as_bytes()).unwrap();
        let (row, problems) = &earlier.results["anna"];
        assert_eq!((row.sentence.as_str(), row.causes[0].id.as_str()), ("It fails.", "port-blocked"));
        assert_eq!((row.first_step.as_deref(), problems[0].title.as_str()), (Some("Do it."), "T"));
    }
}
