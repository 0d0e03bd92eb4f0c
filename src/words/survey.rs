//! What is in a mailbox, in words and figures.

use checks::survey::{Facts, Folder, LARGE, Part, Role, Sweep};

use super::{mailbox, shortened};
use crate::diagnosis::saw::Survey;
use crate::quoted;

/// The parts of a message that a line has room for.
const MOST_PARTS: usize = 2;

pub(super) fn said(saw: &Survey) -> String {
    match saw {
        Survey::InboxAndArchive { inbox, archive } => {
            format!("the inbox has {}, and Archive has {}", counted(*inbox, "message"), figures(*archive))
        }
        Survey::FolderRefused(refused) => {
            let answer = refused.refused.as_deref().unwrap_or_default();
            format!(
                "the server lists the folder \"{}\" and refuses to look into it: {}",
                folder(refused),
                shortened(answer)
            )
        }
        Survey::Connected(after) => format!("the connection to the IMAP server opened after {after} ms"),
        Survey::Answered { after, worked: Some(worked) } => {
            format!(
                "an empty command is answered after {after} ms, and the server says that it worked {worked} ms on it"
            )
        }
        Survey::Answered { after, worked: None } => format!("an empty command is answered after {after} ms"),
        Survey::VeryLarge(large) => {
            format!("the folder \"{}\" has {}", folder(large), counted(large.messages.unwrap_or(0), "message"))
        }
        Survey::LargeMessages(large) => {
            let are = if large.messages == 1 { "is" } else { "are" };
            let messages = counted(large.messages, "message");
            format!("{messages} {are} larger than {}, together {}", size(LARGE), size(large.bytes))
        }
        Survey::Counts { counted: by_status, opened } => {
            let (by_status, opened) = (counted(*by_status, "message"), counted(*opened, "message"));
            format!("the server counts {by_status} in the inbox (STATUS), and {opened} when it is opened (EXISTS)")
        }
        Survey::OpenedForWriting => {
            "the inbox was asked for to be read only (EXAMINE), and the server opened it for writing (READ-WRITE)"
                .to_owned()
        }
    }
}

/// What it holds and how fast it answers, in one sentence.
pub(crate) fn sentence(facts: &Facts) -> String {
    if let Some(line) = facts.refusal() {
        return format!("the server refuses to look into the mailbox: {}", shortened(line));
    }
    let messages = facts.folders.iter().filter_map(|folder| folder.messages).fold(0, u64::saturating_add);
    if facts.is_without_folder() {
        let folders = counted(facts.folders_left_out as u64, "folder");
        return format!(
            "none of the {folders} has the name that was given; `--show-names` without `--folder` lists them"
        );
    }
    let folders = counted(facts.folders.len() as u64, "folder");
    let of = format!("{} in {folders}", counted(messages, "message"));
    match facts.timing.round_trip_ms() {
        Some(answer) => format!("{of}; an empty command is answered after {answer} ms"),
        None => of,
    }
}

/// "1 folder", "12,345 messages".
pub(crate) fn counted(count: u64, of: &str) -> String {
    format!("{} {of}{}", figures(count), if count == 1 { "" } else { "s" })
}

/// A number with commas at each thousand.
pub(crate) fn figures(number: u64) -> String {
    let digits = number.to_string();
    let mut grouped = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// An amount of bytes; a part of a kilobyte counts as one.
pub(crate) fn size(bytes: u64) -> String {
    mailbox::size(bytes.div_ceil(1024))
}

/// What a folder is called in a report: by its use, by its name where that may be shown, or by its number.
pub(crate) fn folder(folder: &Folder) -> String {
    match (folder.role, &folder.name) {
        (Some(Role::Inbox), _) => "Inbox".to_owned(),
        (_, Some(name)) => name.clone(),
        (Some(role), None) => format!("folder {} ({})", folder.number, use_of(role)),
        (None, None) => format!("folder {}", folder.number),
    }
}

pub(super) fn use_of(role: Role) -> &'static str {
    match role {
        Role::Inbox => "inbox",
        Role::Archive => "archive",
        Role::Sent => "sent",
        Role::Drafts => "drafts",
        Role::Junk => "junk",
        Role::Trash => "deleted",
        Role::Notes => "notes",
    }
}

/// "2 years", "90 days".
pub(crate) fn age(days: u32) -> String {
    match days % 365 {
        0 => counted((days / 365).into(), "year"),
        _ => counted(days.into(), "day"),
    }
}

/// What was not looked at, and why. A table is made of a report that is masked already, so nothing in it is quoted.
pub(crate) fn left_out(folders: usize, stopped_by: Option<&str>) -> Option<String> {
    let folders = (folders > 0).then(|| format!("{} not looked at.", were(folders as u64, "more folder")));
    let stopped = stopped_by
        .map(|line| format!("The server refused to go on, and nothing was asked again: {}.", quoted::shortened(line)));
    let said: Vec<String> = folders.into_iter().chain(stopped).collect();
    (!said.is_empty()).then(|| said.join(" "))
}

fn were(count: u64, of: &str) -> String {
    format!("{} {}", counted(count, of), if count == 1 { "was" } else { "were" })
}

/// How many of the messages were read, where that is not all of them.
pub(crate) fn covered(sweep: &Sweep) -> Option<String> {
    let why = if sweep.is_out_of_time { ": the time for reading was over. --budget gives more" } else { "" };
    let (read, of) = (figures(sweep.all.messages), counted(sweep.of, "message"));
    (sweep.all.messages < sweep.of).then(|| format!("These are {read} of {of}{why}."))
}

/// The largest parts of a message.
pub(crate) fn parts(parts: &[Part]) -> String {
    let named = parts.iter().take(MOST_PARTS);
    named.map(|part| format!("{} {}", part.kind, size(part.bytes))).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_can_be_read() {
        for (number, words) in [(0, "0"), (999, "999"), (1000, "1,000"), (1_234_567, "1,234,567")] {
            assert_eq!(figures(number), words);
        }
        for (bytes, words) in [(0, "0 KB"), (999, "1 KB"), (1500, "2 KB"), (2 << 20, "2 MB"), (1_290_000_000, "1.2 GB")]
        {
            assert_eq!(size(bytes), words);
        }
    }
}
