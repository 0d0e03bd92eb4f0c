//! The folders of the server and what identifies each of their messages.

use std::ops::ControlFlow;

use time::OffsetDateTime;

use super::{Gap, Row, Wishes, key, session};
use crate::dates;
use crate::network::Stream;
use crate::protocol::Line;
use crate::protocol::imap::{Described, Heard, Response, Streamed, Value, command};
use crate::talk::{NoAnswer, Talk};

/// The most folders that are looked at.
const MOST_FOLDERS: usize = 1000;
/// How many messages one command asks for.
const AT_ONCE: u32 = 2500;
/// The most messages of one folder.
const MOST_MESSAGES: u32 = 2_000_000;

/// A folder that is open.
#[derive(Default)]
pub(super) struct Open {
    pub(super) exists: u32,
    pub(super) uidvalidity: u32,
}

/// Lists the folders that are wanted: the user's choice, or all but Notes.
pub(super) async fn list<S: Stream>(
    talk: &mut Talk<'_, S, Streamed>,
    wishes: &Wishes,
) -> Result<Result<Vec<String>, Gap>, NoAnswer> {
    let mut names: Vec<String> = Vec::new();
    let refused = session::run(talk, [("L1".to_owned(), command::list("L1", "*"))], |heard| {
        if let Heard::Answer(answer) = heard
            && let Response::Data { name, values, .. } = &answer.response
            && name == "LIST"
            && let [Value::List(attributes), _, folder] = values.as_slice()
            && let Some(folder) = folder.text()
        {
            let has = |wanted: &str| {
                attributes.iter().filter_map(Value::text).any(|attribute| attribute.eq_ignore_ascii_case(wanted))
            };
            let is_notes = folder == "Notes" || folder.starts_with("Notes/");
            let is_wanted = match wishes.folders.is_empty() {
                true => !is_notes,
                false => wishes.folders.iter().any(|wanted| wanted.trim().eq_ignore_ascii_case(folder)),
            };
            if is_wanted && !has("\\Noselect") && !has("\\NonExistent") && names.len() < MOST_FOLDERS {
                names.push(folder.to_owned());
            }
        }
        ControlFlow::Continue(())
    })
    .await?;
    names.sort_by_key(|name| !name.eq_ignore_ascii_case("INBOX"));
    names.dedup();
    Ok(refused.map_or(Ok(names), |code| Err(Gap::Refused(code))))
}

/// Opens a folder for reading.
pub(super) async fn open<S: Stream>(
    talk: &mut Talk<'_, S, Streamed>,
    folder: &str,
) -> Result<Result<Open, Gap>, NoAnswer> {
    let Some(line) = command::examine("E1", folder, "[folder]") else { return Ok(Err(Gap::NotOpened)) };
    let mut open = Open::default();
    let refused = session::run(talk, [("E1".to_owned(), line)], |heard| {
        if let Heard::Answer(answer) = heard {
            match &answer.response {
                Response::Data { number: Some(number), name, .. } if name == "EXISTS" => open.exists = *number,
                Response::Status { code: Some(code), .. } if code.name == "UIDVALIDITY" => {
                    open.uidvalidity = code.arguments.parse().unwrap_or(0);
                }
                _ => {}
            }
        }
        ControlFlow::Continue(())
    })
    .await?;
    Ok(refused.map_or(Ok(open), |code| Err(if code.is_some() { Gap::Refused(code) } else { Gap::NotOpened })))
}

/// Reads the UID, the size and the date of every message of the open folder, and its Message-ID if that is wanted. Those
/// that arrived later than is wanted are left out.
pub(super) async fn rows<S: Stream>(
    talk: &mut Talk<'_, S, Streamed>,
    open: &Open,
    wishes: &Wishes,
    with_ids: bool,
) -> Result<(Vec<Row>, Option<Gap>), NoAnswer> {
    let exists = open.exists.min(MOST_MESSAGES);
    let chunks = (1..=exists).step_by(AT_ONCE as usize).map(|first| {
        let range = first..=exists.min(first + AT_ONCE - 1);
        let tag = format!("F{first}");
        let line: Line = match with_ids {
            true => command::fetch_identities(&tag, &range),
            false => command::fetch_sizes_and_dates(&tag, &range),
        };
        (tag, line)
    });
    let mut rows: Vec<Row> = Vec::with_capacity(exists as usize);
    let refused = session::run(talk, chunks, |heard| {
        if let Heard::Answer(answer) = heard
            && let Response::Data { number, name, values } = &answer.response
            && let Some(row) = Described::of(*number, name, values).and_then(|described| row(described))
        {
            rows.push(row);
        }
        // A server that tells of more messages than there are is not believed.
        if rows.len() > exists as usize * 2 + 1000 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    })
    .await?;
    rows.sort_by_key(|row| row.uid);
    rows.dedup_by_key(|row| row.uid);
    let gap = match refused {
        Some(code) => Some(Gap::Refused(code)),
        None => (rows.len() != open.exists as usize).then_some(Gap::Changed),
    };
    if let Some(before) = wishes.before {
        let before = before.midnight().assume_utc().unix_timestamp();
        rows.retain(|row| row.unix < before);
    }
    Ok((rows, gap))
}

fn row(described: Described<'_>) -> Option<Row> {
    // A larger one does not exist: a literal's length has as many digits (RFC 3501 section 9, `number`).
    let size = u32::try_from(described.size()?).unwrap_or(u32::MAX);
    let date = described.text("INTERNALDATE").and_then(dates::read);
    let header = described.text_beginning("BODY[HEADER.FIELDS").unwrap_or_default();
    let id = header.split_once(':').map_or("", |(_, id)| id);
    Some(Row {
        uid: described.uid()?,
        size,
        key: key(id.split_ascii_whitespace().next().unwrap_or_default().as_bytes()),
        // A message without a date is old enough for any wish.
        unix: date.map_or(0, OffsetDateTime::unix_timestamp),
    })
}
