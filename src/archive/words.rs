//! What `archive` found, in sentences. None of them says that anything may be deleted: a copy proves what it has today.

use std::path::Path;

use checks::archive::{Changed, Done, Folder, Gap, Pulled, PulledFolder, Verified};

use crate::report::archived::{Archived, FolderRow};
use crate::words::survey::{counted, figures, size};

/// The causes, as `explain` lists them.
const INCOMPLETE: &str = "archive-incomplete";
const DAMAGED: &str = "archive-damaged";

pub(super) fn verified(verified: &Verified) -> Archived {
    let (wanted, here) = verified.here();
    let (missing, differs) = verified.lacks();
    let of = format!("{} of {}", figures(here), counted(wanted, "message"));
    let before = verified.before.as_ref().map(|before| format!(" before {before}")).unwrap_or_default();
    let mut conclusion = match verified.is_complete() {
        true => {
            format!("{of}{before} {} here; {} compared byte for byte.", are(here), figures_or_none(verified.compared))
        }
        false if wanted == 0 => "No message was seen, and nothing is proven.".to_owned(),
        false => format!(
            "Not everything was seen. Of what was, {of}{before} {} here; {} compared byte for byte.",
            are(here),
            figures_or_none(verified.compared)
        ),
    };
    if missing > 0 || differs > 0 {
        let missing = (missing > 0).then(|| format!("{} missing", figures(missing)));
        let differs = (differs > 0).then(|| format!("{} not the same", figures(differs)));
        let lacks: Vec<String> = missing.into_iter().chain(differs).collect();
        conclusion = format!("{}; {}.", conclusion.trim_end_matches('.'), lacks.join(", "));
    }
    let causes = [(missing > 0, INCOMPLETE), (differs > 0, DAMAGED)];
    let mut notes = changes(verified.changed);
    notes.extend((verified.only_here > 0).then(|| {
        format!("{} here, in other folders, and not on iCloud.", were(verified.only_here, "message", "is", "are"))
    }));
    notes.extend((verified.unread > 0).then(|| {
        format!(
            "{} of the copy cannot be read; see that {} yours.",
            counted(verified.unread, "file"),
            they(verified.unread)
        )
    }));
    notes.extend(verified.gap.as_ref().map(gap));
    Archived {
        conclusion,
        lacks: missing > 0 || differs > 0,
        is_complete: verified.is_complete(),
        causes: causes.iter().filter(|(is_found, _)| *is_found).map(|(_, cause)| (*cause).to_owned()).collect(),
        folders: verified
            .folders
            .iter()
            .map(|folder| FolderRow { name: folder.name.clone(), summary: compared(folder) })
            .collect(),
        notes,
        done: Done::Verified(verified.clone()),
    }
}

fn are(count: u64) -> &'static str {
    if count == 1 { "is" } else { "are" }
}

fn they(count: u64) -> &'static str {
    if count == 1 { "it is" } else { "they are" }
}

fn were(count: u64, of: &str, one: &str, many: &str) -> String {
    format!("{} {}", counted(count, of), if count == 1 { one } else { many })
}

fn figures_or_none(count: u64) -> String {
    if count == 0 { "none".to_owned() } else { figures(count) }
}

/// A folder that was compared.
fn compared(folder: &Folder) -> String {
    let uids = |uids: &[u32], of: u64| match uids.is_empty() {
        true => String::new(),
        false => {
            let more = if of > uids.len() as u64 { ", …" } else { "" };
            let uids: Vec<String> = uids.iter().map(u32::to_string).collect();
            format!(" (UID {}{more})", uids.join(", "))
        }
    };
    let parts = [
        (folder.same, "the same".to_owned()),
        (folder.same_size, "of the same size".to_owned()),
        (folder.differs, format!("not the same{}", uids(&folder.differing_uids, folder.differs))),
        (folder.missing, format!("missing{}", uids(&folder.missing_uids, folder.missing))),
        (folder.elsewhere, "in another folder here".to_owned()),
        (folder.twice, "more than once here".to_owned()),
        (folder.only_here, "only here".to_owned()),
    ];
    let parts: Vec<String> = parts
        .iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, what)| format!("{} {what}", figures(*count)))
        .collect();
    let said = format!("{}{}", counted(folder.messages, "message"), listed(&parts));
    with_gap(&said, folder.gap.as_ref())
}

fn listed(parts: &[String]) -> String {
    if parts.is_empty() { String::new() } else { format!(": {}", parts.join(", ")) }
}

fn with_gap(said: &str, of: Option<&Gap>) -> String {
    of.map_or_else(|| said.to_owned(), |of| format!("{said}. {}", gap(of)))
}

fn gap(gap: &Gap) -> String {
    match gap {
        Gap::Refused(Some(code)) => format!("The server refused to go on ({code}); run it again later."),
        Gap::Refused(None) => "The server refused to go on; run it again later.".to_owned(),
        Gap::Ended => "The connection ended before everything was seen; run it again.".to_owned(),
        Gap::Changed => "The folder changed while it was read; run it again.".to_owned(),
        Gap::NoSuchFolder => {
            "None of the folders has the name that was given; `icloud-mail-doctor mailbox EMAIL --show-names` lists them."
                .to_owned()
        }
        Gap::NotOpened => "The server does not open it.".to_owned(),
        Gap::OutOfTime => "The time was over; the next run goes on.".to_owned(),
        Gap::Here(why) => format!("Stopped here: {why}."),
    }
}

/// What programs changed, and what is no damage.
fn changes(changed: Changed) -> Vec<String> {
    let said = |count: u64, what: &str| {
        (count > 0).then(|| format!("{} with {what}, which is no damage.", counted(count, "compared message")))
    };
    [
        said(changed.line_ends, "other line ends"),
        said(changed.quoting, "a > before From"),
        said(changed.fields, "header fields of a mail program"),
        said(changed.last_lines, "other empty lines at the end"),
    ]
    .into_iter()
    .flatten()
    .collect()
}

pub(super) fn pulled(pulled: &Pulled, folder: &Path) -> Archived {
    let (wanted, here) = pulled.here();
    let fetched = pulled.folders.iter().map(|folder| folder.fetched).fold(0, u64::saturating_add);
    let place = folder.display();
    let is_complete = pulled.is_complete();
    let not_all = if is_complete { "" } else { " Run it again: it goes on where it stopped." };
    let conclusion = format!(
        "{} of {} {} in {place}; {} fetched now.{not_all}",
        figures(here),
        counted(wanted, "message"),
        are(here),
        figures_or_none(fetched)
    );
    let mut notes: Vec<String> = pulled.gap.as_ref().map(gap).into_iter().collect();
    notes.extend(pulled.is_cut_short.then(|| "It was interrupted; what was fetched is kept.".to_owned()));
    Archived {
        conclusion,
        lacks: false,
        is_complete,
        causes: Vec::new(),
        folders: pulled
            .folders
            .iter()
            .map(|folder| FolderRow { name: folder.name.clone(), summary: of_pull(folder) })
            .collect(),
        notes,
        done: Done::Pulled(pulled.clone()),
    }
}

fn of_pull(folder: &PulledFolder) -> String {
    let parts = [
        (folder.there, "here already".to_owned()),
        (folder.renumbered, "here under an older number".to_owned()),
        (folder.fetched, format!("fetched ({})", size(folder.bytes))),
        (folder.empty, "that the server sent empty, which are not kept".to_owned()),
    ];
    let parts: Vec<String> = parts
        .iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, what)| format!("{} {what}", figures(*count)))
        .collect();
    with_gap(&format!("{}{}", counted(folder.messages, "message"), listed(&parts)), folder.gap.as_ref())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn result(folder: Folder) -> Verified {
        Verified { folders: vec![folder], compared: 140, ..Verified::default() }
    }

    #[test]
    fn it_ends_in_one_sentence() {
        let all = Folder { name: "INBOX".into(), messages: 23_020, same: 140, same_size: 22_880, ..Folder::default() };
        let before = Verified { before: Some("2024-01-01".into()), ..result(all.clone()) };
        let told = verified(&before);
        let expected = "23,020 of 23,020 messages before 2024-01-01 are here; 140 compared byte for byte.";
        assert_eq!((told.conclusion.as_str(), told.lacks, told.is_complete), (expected, false, true));
        let lacking =
            Folder { same: 137, differs: 3, same_size: 22_878, missing: 2, missing_uids: vec![7, 9], ..all.clone() };
        let told = verified(&result(lacking));
        let expected = "23,015 of 23,020 messages are here; 140 compared byte for byte; 2 missing, 3 not the same.";
        assert_eq!((told.conclusion.as_str(), told.lacks), (expected, true));
        assert_eq!(told.causes, [INCOMPLETE, DAMAGED]);
        assert!(told.folders[0].summary.contains("2 missing (UID 7, 9)"), "{:?}", told.folders);
        let told = verified(&result(Folder { gap: Some(Gap::Refused(Some("UNAVAILABLE".into()))), ..all }));
        assert!(told.conclusion.starts_with("Not everything was seen.") && !told.is_complete, "{}", told.conclusion);
    }

    #[test]
    fn a_run_that_was_cut_short_is_never_complete() {
        let cut = Verified { is_cut_short: true, ..Verified::default() };
        assert!(!verified(&cut).is_complete);
        let cut = Pulled { is_cut_short: true, ..Pulled::default() };
        assert!(!pulled(&cut, Path::new("x")).is_complete);
    }

    #[test]
    fn nothing_says_that_mail_may_be_deleted() {
        let all = Folder { messages: 1, same: 1, ..Folder::default() };
        let told = format!("{:?}", verified(&result(all)));
        assert!(!told.to_lowercase().contains("delet"), "{told}");
    }
}
