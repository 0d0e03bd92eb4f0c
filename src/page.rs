//! What the page for a browser asks the library: an answer to a text, and the same text without its secrets.

use crate::programs::{self, Use};
use crate::render::{cause_part, explanation_part, report_part, review_part, setup_part, topic_part};
use crate::report::saved;
use crate::{explain, guide, redact, review, setup};

/// What is given to the page.
#[derive(Debug, Clone, Copy, Default)]
pub struct Given<'g> {
    /// A pasted text, or the bytes of a file.
    pub bytes: &'g [u8],
    /// The name of the file; empty where there is none.
    pub name: &'g str,
    /// The kind that the user says it is, as [`Answer::kind`] has it; empty to find out.
    pub kind: &'g str,
    /// The user's system, `linux`, `macos` or `windows`: each keeps a password in its own way.
    pub system: &'g str,
}

/// An answer.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Answer {
    /// A part of a page, in HTML.
    pub html: String,
    /// What it was taken for: `message`, `report`, `settings PROGRAM`, `page NAME`, `setup PROGRAM`; empty for none of them.
    pub kind: String,
    /// What it was taken for, in words that fit after "Read as".
    pub said: String,
    /// What the reader has to know of the answer, in a sentence.
    pub note: String,
    /// Whether it may be settings of a kind that the name of their file alone tells.
    pub asks_name: bool,
    /// What a name may mean: a kind, and the words for it.
    pub meant: Vec<(String, String)>,
    /// Whether another system would have other settings.
    pub depends_on_system: bool,
}

/// The kinds and the words for them: an error text, and a report.
const MESSAGE: (&str, &str) = ("message", "an error message or a log");
const REPORT: (&str, &str) = ("report", "a saved report");

/// No name of a page or a program is longer, in bytes.
const LONGEST_NAME: usize = 64;
/// At most so many names are offered.
const MOST_MEANT: usize = 5;

/// Every kind that a text can be, with the words for it: a message, a report, and the settings of a program.
pub fn kinds() -> Vec<(String, String)> {
    let programs = Use::Review.ids().filter_map(programs::named);
    let mut settings: Vec<(String, String)> =
        programs.map(|program| (format!("settings {}", program.id), program.title.to_owned())).collect();
    settings.sort_by_key(|(_, title)| title.to_lowercase());
    let own = [MESSAGE, REPORT].map(|(kind, said)| (kind.to_owned(), said.to_owned()));
    own.into_iter().chain(settings).collect()
}

/// The mail programs that have settings here, by name, with their titles. The one for all others is the last.
pub fn mail_programs() -> Vec<(&'static str, String)> {
    let mut all: Vec<(&str, String)> = setup::titles().collect();
    all.sort_by_key(|(id, title)| (*id == "other", title.to_lowercase()));
    all
}

/// Answers to a pasted text, or to the bytes of a file.
pub fn answer(given: Given) -> Answer {
    match given.kind.split_once(' ').unwrap_or((given.kind, "")) {
        ("settings", program) => return reviewed(given, program),
        ("setup", program) => return set_up(program, given.system),
        ("page", name) => return page(name).unwrap_or_default(),
        ("message", _) => return explained(given.bytes),
        ("report", _) => return shown(&String::from_utf8_lossy(given.bytes)),
        _ => {}
    }
    if let Some(report) = std::str::from_utf8(given.bytes).ok().filter(|text| saved::is_report(text)) {
        return shown(report);
    }
    if let Some(named) = by_name(given) {
        return named;
    }
    if given.bytes.len() > review::LONGEST {
        return explained(given.bytes);
    }
    let text = review::text_of(given.bytes);
    match review::whose(given.name, &text) {
        Some(program) => reviewed(given, program),
        None => Answer { asks_name: review::may_be_settings(&text), ..explained(given.bytes) },
    }
}

/// What a single name means: a page of the guide, or perhaps another, or a mail program.
fn by_name(given: Given) -> Option<Answer> {
    let name = std::str::from_utf8(given.bytes).ok().filter(|_| given.bytes.len() <= LONGEST_NAME)?.trim();
    if name.contains('\n') {
        return None;
    }
    let lower = name.to_lowercase();
    if let Some(page) = page(&lower) {
        return Some(page);
    }
    let program = programs::named(&lower).filter(|program| program.is_set_up);
    let program =
        program.map(|program| (format!("setup {}", program.id), format!("the settings for {}", program.title)));
    let pages = explain::mistyped(&lower).map_or_else(|| explain::begun(&lower), |meant| vec![meant]);
    let pages = pages.into_iter().map(|page| (format!("page {page}"), page.to_owned()));
    let meant: Vec<(String, String)> = program.into_iter().chain(pages).take(MOST_MEANT).collect();
    // A word may be an error's own name too.
    (!meant.is_empty()).then(|| Answer { meant, ..explained(given.bytes) })
}

fn page(name: &str) -> Option<Answer> {
    let html = match explain::named(name)? {
        explain::Named::Cause(cause) => cause_part(cause, &guide::page(cause, &guide::Facts::default())?),
        explain::Named::Topic(text) => topic_part(guide::title_of(text), guide::parts(text)),
    };
    let said = "the name of a page of the guide".to_owned();
    Some(Answer { html: html.unwrap_or_default(), kind: format!("page {name}"), said, ..Answer::default() })
}

fn set_up(program: &str, system: &str) -> Answer {
    let Some(page) = setup::page(program, system) else { return Answer::default() };
    Answer {
        html: setup_part(&page).unwrap_or_default(),
        kind: format!("setup {}", page.id),
        said: "the settings for a mail program".to_owned(),
        depends_on_system: page.depends_on_system,
        ..Answer::default()
    }
}

fn explained(bytes: &[u8]) -> Answer {
    match explain::of_bytes(bytes) {
        Ok((explained, gap)) => Answer {
            html: explanation_part(&explained).unwrap_or_default(),
            kind: MESSAGE.0.to_owned(),
            said: MESSAGE.1.to_owned(),
            note: gap.map_or_else(String::new, |gap| format!("The text is long: {gap}.")),
            ..Answer::default()
        },
        Err((kind, instead)) => Answer { note: format!("This is {kind}: {instead}."), ..Answer::default() },
    }
}

fn shown(text: &str) -> Answer {
    let told = Answer { kind: REPORT.0.to_owned(), said: REPORT.1.to_owned(), ..Answer::default() };
    match saved::read(text) {
        Ok(report) => Answer { html: report_part(&report).unwrap_or_default(), ..told },
        Err(why) => {
            let note = format!("This report cannot be read: {why}. Ask for the file again, or for a newer page.");
            Answer { note, ..told }
        }
    }
}

fn reviewed(given: Given, program: &str) -> Answer {
    let title = programs::named(program).map_or(program, |program| program.title);
    let told =
        Answer { kind: format!("settings {program}"), said: format!("settings of {title}"), ..Answer::default() };
    if given.bytes.len() > review::LONGEST {
        return Answer { note: "This is too long for the settings of a mail program.".to_owned(), ..told };
    }
    let review = review::of_text(given.name, &review::text_of(given.bytes), program);
    Answer { html: review.and_then(|review| review_part(&review).ok()).unwrap_or_default(), ..told }
}

/// Returns a text without the secrets in it, and with its addresses shortened.
pub fn concealed(given: Given) -> String {
    let text = String::from_utf8_lossy(given.bytes);
    let program = match given.kind.strip_prefix("settings ") {
        Some(program) => Some(program),
        None => review::whose(given.name, &text).filter(|_| text.len() <= review::LONGEST),
    };
    let settings = program.and_then(|program| review::concealed(given.name, &text, program));
    settings.unwrap_or_else(|| redact::redacted(&text))
}

#[cfg(test)]
mod tests {
    use super::*;

    const MBSYNC: &str = "# old: hunter2hunter\nIMAPAccount icloud\nHost imap.mail.me.com\nPort 143\nUser jane\n\
                          Pass hunter2hunter\nSSLType IMAPS\n";

    fn of(text: &str) -> Answer {
        answer(Given { bytes: text.as_bytes(), system: "linux", ..Given::default() })
    }

    fn named(name: &str, text: &str) -> Answer {
        answer(Given { bytes: text.as_bytes(), name, ..Given::default() })
    }

    #[test]
    fn an_answer_is_in_the_words_of_the_program_and_quotes_nothing_as_markup() {
        let Answer { html, kind, note, .. } = of("535 5.7.8 Error: authentication failed <img src=x onerror=alert(1)>");
        assert!(
            kind == "message" && note.is_empty() && html.contains("What to do") && !html.contains("<img"),
            "{html}"
        );
        assert!(html.contains("&#60;img"), "{html}");
    }

    #[test]
    fn a_saved_report_is_shown_as_a_part_of_the_page() {
        let Answer { html, kind, .. } = of(include_str!("../tests/tls/tls-intercepted/report.json"));
        assert_eq!(kind, "report");
        assert!(html.contains("More about this run") && !html.contains("<html") && !html.contains("<main"), "{html}");
    }

    #[test]
    fn what_is_no_text_is_named() {
        let told = answer(Given { bytes: b"\x89PNG\r\n", ..Given::default() });
        assert!(told.html.is_empty() && told.note.starts_with("This is a picture: "), "{told:?}");
    }

    #[test]
    fn settings_are_told_by_their_shape_and_reviewed_without_their_secrets() {
        let Answer { html, kind, said, .. } = of(MBSYNC);
        assert_eq!((kind.as_str(), said.as_str()), ("settings mbsync", "settings of isync (mbsync)"));
        assert!(html.contains("The port is 993, and not 143.") && html.contains("Line 4: "), "{html}");
        assert!(!html.contains("hunter2"), "{html}");
    }

    #[test]
    fn the_same_is_found_as_by_the_program() {
        let cases = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/review");
        for (case, name) in [
            ("apple-devices/all-wrong", "office.mobileconfig"),
            ("fetchmail/without-ssl", ".fetchmailrc"),
            ("mbsync/all-wrong", ".mbsyncrc"),
            ("msmtp/good", ".msmtprc"),
            ("thunderbird/all-wrong", "prefs.js"),
        ] {
            let read = |name: &str| std::fs::read_to_string(cases.join(case).join(name)).unwrap_or_default();
            let (text, report) = (read(name), read("report.text"));
            let found: Vec<&str> = report.lines().filter_map(|line| line.strip_prefix(&format!("{name}:"))).collect();
            for (line, title) in found.iter().filter_map(|found| found.split_once(": ")) {
                // Who may read a file is not in its text.
                let is_seen = !title.starts_with("Others on this computer");
                let html = named(name, &text).html.replace("&#39;", "'");
                assert_eq!(html.contains(&format!("Line {line}: {title}")), is_seen, "{case}: {line}: {title}\n{html}");
            }
            assert_eq!(named(name, &text).html.contains("Nothing to fix for iCloud Mail"), found.is_empty(), "{case}");
        }
    }

    #[test]
    fn a_name_tells_what_a_text_alone_does_not() {
        const PYTHON: &str = "import smtplib\nserver = smtplib.SMTP(\"smtp.mail.me.com\", 465)\n";
        let told = of(PYTHON);
        assert!(told.kind == "message" && told.asks_name, "{told:?}");
        assert_eq!(named("mail.py", PYTHON).kind, "settings python");
        assert_eq!(named("notes.txt", PYTHON).kind, "message");
        assert!(!of("535 5.7.8 authentication failed at smtp.mail.me.com").asks_name);
    }

    #[test]
    fn a_user_may_say_that_it_is_something_else() {
        let told = answer(Given { bytes: MBSYNC.as_bytes(), kind: "message", ..Given::default() });
        assert_eq!(told.kind, "message");
        let told = answer(Given { bytes: b"Host imap.mail.me.com\n", kind: "settings mbsync", ..Given::default() });
        assert_eq!(told.kind, "settings mbsync");
        for (kind, _) in kinds() {
            let told = answer(Given { bytes: b"x", kind: &kind, ..Given::default() });
            assert_eq!(told.kind, kind);
        }
    }

    #[test]
    fn a_page_and_a_program_are_known_by_name() {
        assert!(of(" Port-Blocked\n").html.contains("What to do"));
        assert!(of("archiving").html.contains("<h3>"));
        let meant = |text: &str| of(text).meant.into_iter().map(|(kind, _)| kind).collect::<Vec<_>>();
        assert_eq!(meant("Thunderbird"), ["setup thunderbird"]);
        assert_eq!(meant("pasword-refused"), ["page password-refused"]);
        assert!(of("535").meant.is_empty());
    }

    #[test]
    fn every_program_of_the_list_has_its_page() {
        assert!(mail_programs().len() > 30);
        for (id, title) in mail_programs() {
            let told = answer(Given { kind: &format!("setup {id}"), system: "macos", ..Given::default() });
            assert!(told.html.contains("What to do") && !told.html.contains("{{"), "{title}");
            assert_eq!(told.depends_on_system, told.html.contains("security find-generic-password"), "{title}");
        }
    }

    #[test]
    fn a_password_that_is_pasted_alone_is_concealed() {
        let hidden = |text: &str, kind: &str| concealed(Given { bytes: text.as_bytes(), kind, ..Given::default() });
        for pasted in ["zkqj-vwxb-nmpl-rtyd", "my app password: zkqj-vwxb-nmpl-rtyd", "ZKQJ-VWXB-NMPL-RTYD "] {
            assert!(!hidden(pasted, "").to_lowercase().contains("zkqj"), "{pasted}");
        }
        let shown = hidden(MBSYNC, "");
        assert!(!shown.contains("hunter2") && shown.contains("Port 143"), "{shown}");
        // Only the reader of the file knows that this is a password.
        let netrc = "poll imap.mail.me.com proto imap user ann with pass tulip\n";
        assert!(!hidden(netrc, "settings fetchmail").contains("tulip"));
    }
}
