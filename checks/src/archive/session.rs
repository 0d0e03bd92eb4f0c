//! The commands of an archive: several on their way at once, and messages in pieces.

use std::collections::VecDeque;
use std::ops::ControlFlow;

use crate::network::Stream;
use crate::protocol::Line;
use crate::protocol::imap::{Heard, Response, StatusKind, Streamed, command};
use crate::talk::{NoAnswer, Talk};

/// How many commands are on their way at once.
const ON_THE_WAY: usize = 4;

/// Sends commands, and passes on what is heard, until all are done or `heard` says that it is enough; what was sent
/// before is still waited for. Each tag is made by the caller. Returns the first refusal's code.
pub(super) async fn run<S: Stream>(
    talk: &mut Talk<'_, S, Streamed>,
    commands: impl IntoIterator<Item = (String, Line)>,
    mut heard: impl FnMut(&Heard) -> ControlFlow<()>,
) -> Result<Option<Option<String>>, NoAnswer> {
    let mut waiting = commands.into_iter();
    let mut asked: VecDeque<String> = VecDeque::new();
    let (mut goes_on, mut refused) = (true, None);
    loop {
        let room = ON_THE_WAY.saturating_sub(asked.len());
        let next: Vec<(String, Line)> = if goes_on { waiting.by_ref().take(room).collect() } else { Vec::new() };
        let (tags, lines): (Vec<_>, Vec<_>) = next.into_iter().unzip();
        asked.extend(tags);
        if !lines.is_empty() {
            talk.say(&lines).await?;
        }
        if asked.is_empty() {
            return Ok(refused);
        }
        let said = talk.hear().await?;
        talk.go_on();
        if heard(&said).is_break() {
            goes_on = false;
        }
        let Heard::Answer(answer) = said else { continue };
        match &answer.response {
            Response::Status { tag: Some(tag), code, .. } if asked.contains(tag) => {
                asked.retain(|asked| asked != tag);
                if answer.is_refusal() {
                    refused.get_or_insert(code.as_ref().map(|code| code.name.clone()));
                    goes_on = false;
                }
            }
            Response::Status { tag: None, kind: StatusKind::Bye, .. } => return Err(NoAnswer::Closed),
            _ => {}
        }
    }
}

/// Says goodbye; whether it is answered does not matter any more.
pub(super) async fn leave<S: Stream>(talk: &mut Talk<'_, S, Streamed>) {
    if talk.say(&[command::logout("Z9")]).await.is_ok() {
        while let Ok(Heard::Answer(answer)) = talk.hear().await {
            if matches!(&answer.response, Response::Status { tag: Some(tag), .. } if tag == "Z9") {
                break;
            }
        }
    }
}
