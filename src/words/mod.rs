//! Every word of a report that is not a page of the guide, a file a subject: what was seen comes in as a value, and a
//! sentence comes out.

pub(crate) mod accounts;
mod certificate;
pub(crate) mod chain;
pub(crate) mod compare;
pub(crate) mod conclusion;
mod connection;
mod conversation;
pub(crate) mod explained;
pub(crate) mod host;
pub(crate) mod kept_back;
pub(crate) mod left_out;
mod mailbox;
pub(crate) mod names;
pub(crate) mod next;
pub(crate) mod not_a_cause;
pub(crate) mod outcome;
pub(crate) mod round_trip;
mod said;
pub(crate) mod serve;
pub(crate) mod settings;
pub(crate) mod summary;
pub(crate) mod survey;
pub(crate) mod timing;
pub(crate) mod undecided;
pub(crate) mod watch;
mod web;
mod would_decide;

use checks::plan::Protocol;

use crate::diagnosis::{By, Saw, Seen};
use crate::quoted;
use said::Said;
pub(crate) use would_decide::would_decide;

/// What was seen, in sentences, with who saw it: what is the same of several is one sentence.
pub(crate) fn seen(seen: Vec<Seen>) -> Vec<(By, String)> {
    said::together(seen.into_iter().map(|seen| (seen.by, said(&seen.saw))))
}

/// What was seen, in one sentence.
pub(crate) fn saw(saw: &Saw) -> String {
    said(saw).words()
}

fn said(saw: &Saw) -> Said {
    match saw {
        Saw::Name(saw) => names::said(saw),
        Saw::Connection(saw) => connection::said(saw),
        Saw::Certificate(saw) => certificate::said(saw),
        Saw::Handshake(saw) => certificate::handshake_said(saw),
        Saw::Conversation(saw) => Said::whole(conversation::said(saw)),
        Saw::Mailbox(saw) => Said::whole(mailbox::said(saw)),
        Saw::Survey(saw) => Said::whole(survey::said(saw)),
        Saw::RoundTrip(saw) => Said::whole(round_trip::said(saw)),
        Saw::Setting(saw) => Said::whole(settings::said(saw)),
        Saw::Web(saw) => Said::whole(web::said(saw)),
        Saw::Pasted { told_by, line } => Said::whole(format!("{told_by}: {line}")),
        Saw::InFile(why) => Said::whole(why),
    }
}

/// "the IMAP server".
pub(crate) fn server(of: Protocol) -> String {
    format!("the {} server", of.name())
}

/// A line of a server; of a long one, as much as a sentence can carry.
fn shortened(text: &str) -> String {
    quoted::line(text)
}
