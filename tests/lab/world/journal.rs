//! Reads the scripted server's journal: which clients connected, their commands, and how the doctor ended.

use crate::fault::SignIns;

/// All commands that the doctor may send to an IMAP server: none of them changes a mailbox.
const ALLOWED: [&str; 11] = [
    "CAPABILITY",
    "STARTTLS",
    "AUTHENTICATE",
    "LOGIN",
    "ID",
    "GETQUOTAROOT",
    "LIST",
    "EXAMINE",
    "FETCH",
    "UID FETCH",
    "LOGOUT",
];

/// By these a message would leave.
const SENDING: [&str; 2] = ["DATA", "BDAT"];

/// How the scripted server notes that a command changed the mailbox.
pub(crate) const CHANGED: &str = "the mailbox was changed:";

pub(crate) fn sign_ins(journal: &str) -> SignIns {
    let is_sign_in = |verb: &&String| ["LOGIN", "AUTHENTICATE", "AUTH"].contains(&verb.as_str());
    let count = |server| verbs(journal, server).iter().filter(is_sign_in).count();
    SignIns { imap: count("imap"), smtp: count("smtp") }
}

/// What the contract says of every run, broken; and of a healthy one, that it costs one connection a server and takes
/// its leave.
pub(crate) fn complaints(journal: &str, is_healthy: bool) -> Vec<String> {
    let changes = journal.lines().filter(|line| line.contains(&format!(" # {CHANGED}")));
    let mut complaints: Vec<String> = changes.map(str::to_owned).collect();
    for (server, farewell) in [("imap", "LOGOUT"), ("smtp", "QUIT")] {
        let verbs = verbs(journal, server);
        let is_forbidden = |verb: &&String| match server {
            "imap" => !ALLOWED.contains(&verb.as_str()),
            _ => SENDING.contains(&verb.as_str()),
        };
        complaints
            .extend(verbs.iter().find(is_forbidden).map(|verb| format!("{verb} was said to the {server} server")));
        let connections =
            journal.lines().filter(|line| line.starts_with(server) && line.contains(" # connected")).count();
        if is_healthy && connections != 1 {
            complaints.push(format!("{connections} connections to the {server} server, and nothing is wrong"));
        }
        if is_healthy && verbs.last().is_none_or(|last| last != farewell) {
            complaints.push(format!("the {server} server was left without {farewell}"));
        }
    }
    complaints
}

/// The command words of lines such as `imap 1 > A1 LOGIN you …` or `smtp 2 > AUTH PLAIN …`, in capitals. What has no tag
/// of the doctor's is no command: the rest of one, or a handshake that came to the wrong server.
fn verbs(journal: &str, server: &str) -> Vec<String> {
    let said = journal.lines().filter(|line| line.starts_with(server)).filter_map(|line| line.split_once(" > "));
    let is_tag = |word: &str| {
        matches!(word.as_bytes(), [letter, digits @ ..] if letter.is_ascii_uppercase()
            && !digits.is_empty() && digits.iter().all(u8::is_ascii_digit))
    };
    let commands = said.filter_map(|(_, line)| match server {
        "imap" => line.split_once(' ').filter(|(tag, _)| is_tag(tag)).map(|(_, command)| command),
        _ => Some(line),
    });
    let verb = |command: &str| {
        let mut words = command.split_whitespace().map(str::to_ascii_uppercase);
        let first = words.next()?;
        Some(if first == "UID" { format!("UID {}", words.next().unwrap_or_default()) } else { first })
    };
    commands.filter_map(verb).collect()
}
