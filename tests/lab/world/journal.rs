//! Reads the scripted server's journal: who connected, what was asked for, in what manner the doctor left.

use crate::fault::SignIns;

/// Commands by which a mailbox would change or a message leave. The doctor has no use for them.
const FORBIDDEN: [&str; 12] =
    ["SELECT", "APPEND", "STORE", "EXPUNGE", "DELETE", "RENAME", "CREATE", "COPY", "MOVE", "UID", "DATA", "BDAT"];

pub(crate) fn sign_ins(journal: &str) -> SignIns {
    let is_sign_in = |verb: &&String| ["LOGIN", "AUTHENTICATE", "AUTH"].contains(&verb.as_str());
    let count = |server| verbs(journal, server).iter().filter(is_sign_in).count();
    SignIns { imap: count("imap"), smtp: count("smtp") }
}

/// What the contract says of every run, broken; and of a healthy one, that it costs one connection a server and takes
/// its leave.
pub(crate) fn complaints(journal: &str, is_healthy: bool) -> Vec<String> {
    let mut complaints = Vec::new();
    for (server, farewell) in [("imap", "LOGOUT"), ("smtp", "QUIT")] {
        let verbs = verbs(journal, server);
        let forbidden = verbs.iter().find(|verb| FORBIDDEN.contains(&verb.as_str()));
        complaints.extend(forbidden.map(|verb| format!("{verb} was said to the {server} server")));
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

/// The command words of lines such as `imap 1 > a1 LOGIN you …` or `smtp 2 > AUTH PLAIN …`, in capitals.
fn verbs(journal: &str, server: &str) -> Vec<String> {
    let said = journal.lines().filter(|line| line.starts_with(server)).filter_map(|line| line.split_once(" > "));
    let place = usize::from(server == "imap");
    said.filter_map(|(_, line)| line.split_whitespace().nth(place)).map(str::to_ascii_uppercase).collect()
}
