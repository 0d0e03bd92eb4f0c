//! A command of IMAP is done when its tagged response comes (RFC 3501 section 2.2.2): hearing until then.

use crate::network::Stream;
use crate::protocol::imap::{Answer, Reader, Response, StatusKind, Value};
use crate::sign_in::{speaks_of_an_outage, speaks_of_too_many};
use crate::talk::{Silence, Talk};

pub(crate) type ImapTalk<'t, S> = Talk<'t, S, Reader>;

/// More responses than any command of ours has need of.
const MOST_DATA: usize = 200;

/// Once so many bytes of them are kept, no more are; a message that was asked for may be longer by itself.
const ENOUGH: usize = 64 * 1024;

/// A tagged response, and what came before it.
pub(crate) struct Reply {
    pub(crate) tagged: Answer,
    pub(crate) capabilities: Option<Vec<String>>,
    /// The untagged data: number, name and values.
    pub(crate) data: Vec<(Option<u32>, String, Vec<Value>)>,
}

/// Hears until the command is done. A BYE without a tag means that it never will be.
pub(crate) async fn until_tagged<S: Stream>(talk: &mut ImapTalk<'_, S>, wanted: &str) -> Result<Reply, Silence> {
    let mut capabilities = None;
    let mut data = Vec::new();
    let mut kept = 0;
    loop {
        let answer = talk.hear().await?;
        capabilities = answer.capabilities().or(capabilities);
        match &answer.response {
            Response::Status { tag: Some(tag), .. } if tag == wanted => {
                return Ok(Reply { tagged: answer, capabilities, data });
            }
            Response::Status { tag: None, kind: StatusKind::Bye, text, .. }
                if speaks_of_too_many(text) || speaks_of_an_outage(text) =>
            {
                return Ok(Reply { tagged: answer, capabilities, data });
            }
            _ => {}
        }
        if let Response::Data { number, name, values } = answer.response
            && data.len() < MOST_DATA
            && kept < ENOUGH
        {
            kept += answer.line.len();
            data.push((number, name, values));
        }
    }
}

/// Hears until the server asks for the rest of a command (RFC 3501 section 7.5), which is `None`, or ends it at once.
pub(crate) async fn until_challenged<S: Stream>(
    talk: &mut ImapTalk<'_, S>,
    wanted: &str,
) -> Result<Option<Reply>, Silence> {
    loop {
        let answer = talk.hear().await?;
        match &answer.response {
            Response::Continue { .. } => return Ok(None),
            Response::Status { tag: Some(tag), .. } if tag == wanted => {
                return Ok(Some(Reply { capabilities: answer.capabilities(), tagged: answer, data: Vec::new() }));
            }
            _ => {}
        }
    }
}
