//! A mailbox as Apple shows it: seven folders, one message, and a FETCH of RFC822 that brings nothing.

use super::manners::{Manner, Manners};
use crate::fault::{BODY, HEADER};

/// Name and attributes. SPECIAL-USE is never offered and the attributes are there all the same.
const FOLDERS: [(&str, &str); 7] = [
    ("INBOX", "\\Noinferiors"),
    ("Archive", ""),
    ("Deleted Messages", "\\Trash"),
    ("Drafts", ""),
    ("Junk", ""),
    ("Notes", ""),
    ("Sent Messages", "\\Sent"),
];
const SECOND_FOLDERS: [(&str, &str); 2] = [("Sent", ""), ("Trash", "")];

/// What a command upon the mailbox is answered, or None for a command that is none.
pub(super) fn reply(verb: &str, rest: &str, manners: &Manners) -> Option<(Vec<String>, String)> {
    let completed = |took: u32| format!("OK {verb} completed (took {took} ms)");
    let arguments = words(rest);
    let argument = |place: usize| arguments.get(place).map_or("", String::as_str);
    Some(match verb {
        "LIST" | "XLIST" | "LSUB" => (list(verb, &(argument(0).to_owned() + argument(1)), manners), completed(0)),
        "SELECT" | "EXAMINE" | "STATUS" if !exists(argument(0), manners) => {
            (vec![], "NO [NONEXISTENT] Mailbox does not exist (took 1 ms)".to_string())
        }
        "SELECT" | "EXAMINE" => {
            let mode = if verb == "SELECT" { "READ-WRITE" } else { "READ-ONLY" };
            (opened(argument(0)), format!("OK [{mode}] {verb} completed (took 2 ms)"))
        }
        "STATUS" => (vec![status(argument(0), rest)], completed(1)),
        "FETCH" if manners.has(Manner::FetchUnavailable) => (vec![], "NO Service temporarily unavailable".to_string()),
        "FETCH" => {
            let (set, items) = rest.split_once(' ').unwrap_or((rest, ""));
            let fetched = fetched(items.trim_matches(['(', ')']), manners);
            let is_there = ["1", "*", "1:*", "1:1"].contains(&set);
            (is_there.then(|| format!("* 1 FETCH ({fetched})")).into_iter().collect(), completed(3))
        }
        "SEARCH" => (vec!["* SEARCH 1".to_string()], completed(0)),
        "CLOSE" | "UNSELECT" | "CHECK" => (vec![], completed(0)),
        _ => return None,
    })
}

fn folders(manners: &Manners) -> impl Iterator<Item = &'static (&'static str, &'static str)> {
    let second: &[_] = if manners.has(Manner::TwoSentFolders) { &SECOND_FOLDERS } else { &[] };
    FOLDERS.iter().chain(second)
}

fn exists(name: &str, manners: &Manners) -> bool {
    folders(manners).any(|(folder, _)| *folder == name || (*folder == "INBOX" && name.eq_ignore_ascii_case("INBOX")))
}

fn messages_in(name: &str) -> usize {
    usize::from(name.eq_ignore_ascii_case("INBOX"))
}

fn list(verb: &str, pattern: &str, manners: &Manners) -> Vec<String> {
    if pattern.is_empty() {
        return vec![format!("* {verb} (\\Noselect) \"/\" \"\"")];
    }
    let listed = folders(manners).filter(|(name, _)| is_like(name, pattern));
    listed.map(|(name, attributes)| format!("* {verb} ({attributes}) \"/\" \"{name}\"")).collect()
}

/// `*` stands for anything, `%` for anything without a `/` (RFC 9051 section 6.3.9); INBOX in any case of letters.
fn is_like(name: &str, pattern: &str) -> bool {
    let Some(first) = pattern.chars().next() else { return name.is_empty() };
    let rest = &pattern[first.len_utf8()..];
    if first != '*' && first != '%' {
        let same = |have: char| have == first || (name.len() <= 5 && have.eq_ignore_ascii_case(&first));
        return name.chars().next().is_some_and(same) && is_like(&name[first.len_utf8()..], rest);
    }
    let ends = name.char_indices().map(|(end, _)| end).chain([name.len()]);
    ends.take_while(|end| first == '*' || !name[..*end].contains('/')).any(|end| is_like(&name[end..], rest))
}

fn opened(name: &str) -> Vec<String> {
    vec![
        "* FLAGS (\\Answered \\Flagged \\Draft \\Deleted \\Seen $Forwarded)".to_string(),
        format!("* {} EXISTS", messages_in(name)),
        "* 0 RECENT".to_string(),
        "* OK [UIDVALIDITY 1396305000] ".to_string(),
        format!("* OK [UIDNEXT {}] ", messages_in(name) + 1),
        "* OK [PERMANENTFLAGS ()] No permanent flags permitted".to_string(),
    ]
}

fn status(name: &str, rest: &str) -> String {
    let asked = rest.rsplit_once('(').map_or("", |(_, asked)| asked.trim_end_matches(')'));
    let told = asked.split_whitespace().map(|item| {
        let number = match item.to_ascii_uppercase().as_str() {
            "MESSAGES" => messages_in(name),
            "UIDNEXT" => messages_in(name) + 1,
            "UIDVALIDITY" => 1_396_305_000,
            _ => 0,
        };
        format!("{item} {number}")
    });
    format!("* STATUS \"{name}\" ({})", told.collect::<Vec<_>>().join(" "))
}

/// The items that are asked for, each with its answer; RFC822 has none (zammad/zammad#4589).
fn fetched(items: &str, manners: &Manners) -> String {
    let message = format!("{HEADER}{BODY}");
    let literal = |item: &str, text: &str| format!("{item} {{{}}}\r\n{text}", text.len());
    let mut told = Vec::new();
    for item in items.split_whitespace() {
        let item = item.to_ascii_uppercase().replace(".PEEK", "");
        let partial = item.strip_prefix("BODY[]<0.").and_then(|rest| rest.trim_end_matches('>').parse::<usize>().ok());
        told.push(match item.as_str() {
            "UID" => "UID 1".to_string(),
            "FLAGS" => "FLAGS (\\Seen)".to_string(),
            "INTERNALDATE" => "INTERNALDATE \"01-Oct-2026 09:00:01 +0000\"".to_string(),
            "RFC822.SIZE" => format!("RFC822.SIZE {}", message.len()),
            "RFC822.HEADER" | "BODY[HEADER]" => literal(&item, HEADER),
            "BODY[TEXT]" => literal(&item, BODY),
            "BODY[]" => literal(&item, &message),
            "RFC822" if manners.has(Manner::FetchesRfc822) => literal(&item, &message),
            _ => match partial {
                Some(length) => literal("BODY[]<0>", &message[..length.min(message.len())]),
                None => continue,
            },
        });
    }
    told.join(" ")
}

/// Atoms and quoted strings, as far as the client writes them in one line.
fn words(rest: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut rest = rest.trim_start();
    while !rest.is_empty() {
        let (word, after) = match rest.strip_prefix('"') {
            Some(quoted) => quoted.split_once('"').unwrap_or((quoted, "")),
            None => rest.split_once(' ').unwrap_or((rest, "")),
        };
        words.push(word.to_string());
        rest = after.trim_start();
    }
    words
}
