//! Sends commands without waiting for each answer: several are always on their way, and none follows a refusal.

use std::collections::VecDeque;

use crate::network::Stream;
use crate::protocol::Line;
use crate::protocol::imap::{Answer, Response, StatusKind};
use crate::tagged::{Data, ImapTalk};
use crate::talk::NoAnswer;

/// How many commands are on their way at once: enough that the server never waits for the next one, and few enough that
/// little is asked in vain after it has refused one.
const ON_THE_WAY: usize = 24;

/// A command: its tag, its line, and what it is about.
pub(crate) struct Command<T> {
    pub(crate) tag: String,
    pub(crate) line: Line,
    pub(crate) about: T,
}

/// What is heard of a command.
pub(crate) enum Heard<'h> {
    /// Untagged data. They belong to the command that is not done and was sent first (RFC 3501 section 5.5).
    Data(Data),
    /// How it ended.
    Done(&'h Answer),
}

/// Sends the commands and passes on what is heard, until all are done or `heard` says that it is enough.
pub(crate) async fn run<S: Stream, T>(
    talk: &mut ImapTalk<'_, S>,
    commands: impl IntoIterator<Item = Command<T>>,
    at_once: Option<usize>,
    mut heard: impl FnMut(&T, Heard) -> bool,
) -> Result<(), NoAnswer> {
    let mut waiting = commands.into_iter();
    let mut asked: VecDeque<(String, T)> = VecDeque::new();
    let mut goes_on = true;
    loop {
        let room = at_once.unwrap_or(ON_THE_WAY).saturating_sub(asked.len());
        let next: Vec<Command<T>> = if goes_on { waiting.by_ref().take(room).collect() } else { Vec::new() };
        let (about, lines): (Vec<_>, Vec<_>) =
            next.into_iter().map(|command| ((command.tag, command.about), command.line)).unzip();
        asked.extend(about);
        if !lines.is_empty() {
            talk.say(&lines).await?;
        }
        let Some((_, about)) = asked.front() else { return Ok(()) };
        let answer = talk.hear().await?;
        match answer.response {
            Response::Data { number, name, values } => goes_on &= heard(about, Heard::Data((number, name, values))),
            Response::Status { tag: Some(ref tag), .. } => {
                if let Some(at) = asked.iter().position(|(asked, _)| asked == tag) {
                    talk.begin_part();
                    let done = asked.remove(at);
                    goes_on &= done.is_none_or(|(_, about)| heard(&about, Heard::Done(&answer)));
                }
            }
            Response::Status { tag: None, kind: StatusKind::Bye, .. } => return Err(NoAnswer::Closed),
            _ => {}
        }
    }
}
