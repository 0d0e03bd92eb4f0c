//! An IMAP command is done when its tagged response comes (RFC 3501 section 2.2.2): reads until then.

use crate::meaning;
use crate::network::Stream;
use crate::protocol::Line;
use crate::protocol::imap::{Answer, Reader, Response, StatusKind, Value};
use crate::talk::{NoAnswer, Talk};

pub(crate) type ImapTalk<'t, S> = Talk<'t, S, Reader>;

/// More responses than any command of ours needs.
const MOST_DATA: usize = 200;

/// More commands than are ever sent before the one whose answer is awaited.
const MOST_REFUSALS: usize = 8;

/// After this many bytes no more are kept; a message that was asked for may be longer by itself.
const ENOUGH: usize = 64 * 1024;

/// A tagged response, and what came before it.
pub(crate) struct Reply {
    pub(crate) tagged: Answer,
    pub(crate) capabilities: Option<Vec<String>>,
    pub(crate) data: Vec<Data>,
    /// The refusals of commands that were sent before this one.
    pub(crate) refusals: Vec<Answer>,
}

impl Reply {
    /// The line by which a command before this one was refused.
    pub(crate) fn refusal(&self, wanted: &str) -> Option<&str> {
        let is_its =
            |answer: &&Answer| matches!(&answer.response, Response::Status { tag: Some(tag), .. } if tag == wanted);
        self.refusals.iter().find(is_its).map(|answer| answer.line.as_str())
    }
}

/// Untagged data: number, name and values.
pub(crate) type Data = (Option<u32>, String, Vec<Value>);

/// Reads until the command is done. A BYE without a tag means that it never will be.
pub(crate) async fn until_tagged<S: Stream>(talk: &mut ImapTalk<'_, S>, wanted: &str) -> Result<Reply, NoAnswer> {
    let (mut data, mut refusals) = (Vec::new(), Vec::new());
    let mut kept = 0;
    let heard = |one, length| {
        if data.len() < MOST_DATA && kept < ENOUGH {
            kept += length;
            data.push(one);
        }
    };
    let refused = |answer| {
        if refusals.len() < MOST_REFUSALS {
            refusals.push(answer);
        }
    };
    let (tagged, capabilities) = until(talk, wanted, heard, refused).await?;
    Ok(Reply { tagged, capabilities, data, refusals })
}

/// The same, but passes on each of the untagged data with the length of its line, so that none is lost among
/// unsolicited ones. Returns the tagged response and the listed capabilities.
pub(crate) async fn each_until_tagged<S: Stream>(
    talk: &mut ImapTalk<'_, S>,
    wanted: &str,
    heard: impl FnMut(Data, usize),
) -> Result<(Answer, Option<Vec<String>>), NoAnswer> {
    until(talk, wanted, heard, |_| {}).await
}

async fn until<S: Stream>(
    talk: &mut ImapTalk<'_, S>,
    wanted: &str,
    mut heard: impl FnMut(Data, usize),
    mut refused: impl FnMut(Answer),
) -> Result<(Answer, Option<Vec<String>>), NoAnswer> {
    let mut capabilities = None;
    loop {
        let answer = talk.hear().await?;
        capabilities = answer.capabilities().or(capabilities);
        match answer.response {
            Response::Status { tag: Some(ref tag), .. } if tag == wanted => return Ok((answer, capabilities)),
            // A goodbye that gives a reason is the answer; any other one only comes before the end.
            Response::Status { tag: None, kind: StatusKind::Bye, .. } if meaning::of(&answer.line).is_some() => {
                return Ok((answer, capabilities));
            }
            Response::Data { number, name, values } => heard((number, name, values), answer.line.len()),
            Response::Status { tag: Some(_), .. } if answer.is_refusal() => refused(answer),
            _ => {}
        }
    }
}

/// Questions that are sent with another one, each with its tag. Each has untagged data of a name of its own, so that it
/// is known what belongs to which, although a server may work on several at once (RFC 3501 section 5.5).
pub(crate) type Beside = Vec<(&'static str, Line)>;

/// What was heard of them: the untagged data, and how each ended.
#[derive(Default)]
pub(crate) struct Heard {
    pub(crate) data: Vec<Data>,
    ended: Vec<(&'static str, Answer)>,
}

impl Heard {
    /// Whether the server did what was asked for under this tag.
    pub(crate) fn is_done(&self, wanted: &str) -> bool {
        self.ended.iter().any(|(tag, answer)| *tag == wanted && !answer.is_refusal())
    }
}

/// Sends a command and questions beside it in one write, and reads until all are done, in whichever order. Passes on
/// the untagged data of the command, which have this name; returns its tagged response and what was heard of the others.
pub(crate) async fn ask_beside<S: Stream>(
    talk: &mut ImapTalk<'_, S>,
    (wanted, line): (&'static str, Line),
    name: &str,
    beside: Beside,
    mut heard: impl FnMut(&Data),
) -> Result<(Answer, Heard), NoAnswer> {
    let (tags, lines): (Vec<_>, Vec<_>) = [(wanted, line)].into_iter().chain(beside).unzip();
    talk.say(&lines).await?;
    let (mut of_it, mut others) = (None, Heard::default());
    loop {
        let answer = talk.hear().await?;
        match answer.response {
            Response::Data { number, name: ref of, ref values } if of == name => {
                heard(&(number, of.clone(), values.clone()));
            }
            Response::Data { number, name, values } if others.data.len() < MOST_DATA => {
                others.data.push((number, name, values));
            }
            // A goodbye that gives a reason is the answer; no other comes any more.
            Response::Status { tag: None, kind: StatusKind::Bye, .. } if meaning::of(&answer.line).is_some() => {
                return Ok((of_it.unwrap_or(answer), others));
            }
            Response::Status { tag: Some(ref tag), .. } if tag == wanted => of_it = Some(answer),
            Response::Status { tag: Some(ref tag), .. } => {
                if let Some(tag) = tags.iter().find(|known| *known == tag) {
                    others.ended.push((*tag, answer));
                }
            }
            _ => {}
        }
        of_it = match of_it {
            Some(answer) if others.ended.len() + 1 >= tags.len() => return Ok((answer, others)),
            still => still,
        };
    }
}

/// Reads until the server asks for the rest of a command (RFC 3501 section 7.5), which is `None`, or ends it at once.
pub(crate) async fn until_challenged<S: Stream>(
    talk: &mut ImapTalk<'_, S>,
    wanted: &str,
) -> Result<Option<Reply>, NoAnswer> {
    loop {
        let answer = talk.hear().await?;
        match &answer.response {
            Response::Continue { .. } => return Ok(None),
            Response::Status { tag: Some(tag), .. } if tag == wanted => {
                return Ok(Some(Reply {
                    capabilities: answer.capabilities(),
                    tagged: answer,
                    data: Vec::new(),
                    refusals: Vec::new(),
                }));
            }
            _ => {}
        }
    }
}
