//! What the page for a browser asks the library: an answer to a text, and the same text without its secrets.

use crate::render::{explanation_part, report_part};
use crate::report::saved;
use crate::{explain, redact};

/// An answer.
#[derive(Debug, PartialEq, Eq)]
pub enum Answer {
    /// A part of a page, in HTML.
    Part {
        /// What the text points to.
        html: String,
        /// Which part of a long text was read, in half a sentence.
        gap: Option<String>,
    },
    /// What was given is something else than a text.
    Not {
        /// What it is.
        kind: String,
        /// What to do instead.
        instead: String,
    },
}

/// Answers to a pasted text, or to the bytes of a file; a report that the program saved is shown.
pub fn answer(given: &[u8]) -> Answer {
    if let Some(text) = std::str::from_utf8(given).ok().filter(|text| saved::is_report(text)) {
        return shown(text);
    }
    match explain::of_bytes(given) {
        Ok((explained, gap)) => Answer::Part { html: explanation_part(&explained).unwrap_or_default(), gap },
        Err((kind, instead)) => Answer::Not { kind, instead },
    }
}

fn shown(report: &str) -> Answer {
    match saved::read(report) {
        Ok(report) => Answer::Part { html: report_part(&report).unwrap_or_default(), gap: None },
        Err(why) => Answer::Not {
            kind: format!("a report, but it cannot be read: {why}"),
            instead: "ask for the file again, or for a newer page".to_owned(),
        },
    }
}

/// Returns a text without the secrets in it, and with its addresses shortened.
pub fn concealed(text: &str) -> String {
    redact::redacted(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_in_the_words_of_the_program_and_quotes_nothing_as_markup() {
        let Answer::Part { html, gap } = answer(b"535 5.7.8 Error: authentication failed <img src=x onerror=alert(1)>")
        else {
            panic!("a text is not taken for one")
        };
        assert!(gap.is_none() && html.contains("What to do") && !html.contains("<img"), "{html}");
        assert!(html.contains("&#60;img"), "{html}");
    }

    #[test]
    fn a_saved_report_is_shown_as_a_part_of_the_page() {
        let report = include_bytes!("../tests/tls/tls-intercepted/report.json");
        let Answer::Part { html, .. } = answer(report) else { panic!("a report is not taken for one") };
        assert!(html.contains("More about this run") && !html.contains("<html") && !html.contains("<main"), "{html}");
    }

    #[test]
    fn what_is_no_text_is_named() {
        let Answer::Not { kind, .. } = answer(b"\x89PNG\r\n") else { panic!("a picture is taken for a text") };
        assert_eq!(kind, "a picture");
    }

    #[test]
    fn a_password_that_is_pasted_alone_is_concealed() {
        for pasted in ["zkqj-vwxb-nmpl-rtyd", "my app password: zkqj-vwxb-nmpl-rtyd", "ZKQJ-VWXB-NMPL-RTYD "] {
            assert!(!concealed(pasted).to_lowercase().contains("zkqj"), "{pasted}");
        }
    }
}
