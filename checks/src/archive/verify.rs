//! `archive verify`: finds every message of the server in a copy, and compares some or all byte for byte.

use std::collections::HashMap;
use std::ops::ControlFlow;

use serde::{Deserialize, Serialize};

use super::compare::{Copies, Found};
use super::digest::{Digester, Likeness};
use super::{Copied, Gap, Hash, Row, Wishes, folders, plain, session};
use crate::network::Stream;
use crate::protocol::imap::{Described, Heard, Response, Streamed, command};
use crate::talk::{NoAnswer, Talk};

/// How many messages of a folder are compared in a sample.
const SAMPLE: usize = 20;
/// How many messages one command asks for.
const AT_ONCE: usize = 25;
/// How many messages are named of those that are missing, or that differ.
const MOST_NAMED: usize = 20;

/// What a comparison found.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verified {
    /// Only messages that arrived before this day were looked for.
    pub before: Option<String>,
    /// The folders of the server.
    pub folders: Vec<Folder>,
    /// The number of messages that were compared byte for byte.
    pub compared: u64,
    /// What programs changed in the copies that are the same.
    pub changed: Changed,
    /// Messages in folders of the copy that the server does not have, and that are no message of the server.
    pub only_here: u64,
    /// Messages of the copy that could not be read.
    pub unread: u64,
    /// Whether the run was ended before it was done.
    pub is_cut_short: bool,
    /// Why not everything was seen.
    pub gap: Option<Gap>,
}

/// In how many of the compared messages programs changed what.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Changed {
    /// The line ends.
    pub line_ends: u64,
    /// `>` before `From `.
    pub quoting: u64,
    /// Header fields that were added.
    pub fields: u64,
    /// Empty lines at the end.
    pub last_lines: u64,
}

/// A folder of the server.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Folder {
    /// Its name there.
    pub name: String,
    /// Its messages that were looked for.
    pub messages: u64,
    /// Those that are in the copy, compared byte for byte.
    pub same: u64,
    /// Those that are in the copy by Message-ID and size.
    pub same_size: u64,
    /// Those that are in the copy, and say something else or have another size there.
    pub differs: u64,
    /// Those that are not in the copy.
    pub missing: u64,
    /// Those of the copy's messages that are in a folder of another name.
    pub elsewhere: u64,
    /// Messages of the copy's folder that it has more often than the server.
    pub twice: u64,
    /// Messages of the copy's folder that the server does not have.
    pub only_here: u64,
    /// The UIDs of some that are missing.
    pub missing_uids: Vec<u32>,
    /// The UIDs of some that differ.
    pub differing_uids: Vec<u32>,
    /// Why not all of it was seen.
    pub gap: Option<Gap>,
}

impl Verified {
    /// The number of messages that were looked for, and of those that are here.
    pub fn here(&self) -> (u64, u64) {
        let sum = |of: fn(&Folder) -> u64| self.folders.iter().map(of).fold(0, u64::saturating_add);
        (sum(|folder| folder.messages), sum(|folder| folder.same.saturating_add(folder.same_size)))
    }

    /// Whether everything was seen.
    pub fn is_complete(&self) -> bool {
        !self.is_cut_short && self.gap.is_none() && self.folders.iter().all(|folder| folder.gap.is_none())
    }

    /// The number of messages that are missing, and of those that differ.
    pub fn lacks(&self) -> (u64, u64) {
        let sum = |of: fn(&Folder) -> u64| self.folders.iter().map(of).fold(0, u64::saturating_add);
        (sum(|folder| folder.missing), sum(|folder| folder.differs))
    }
}

/// A folder while it is compared.
struct Looked {
    name: String,
    rows: Vec<Row>,
    own: Option<u32>,
    gap: Option<Gap>,
}

/// How a message stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Missing,
    SameSize,
    Same,
    Differs,
}

pub(super) async fn ask<S: Stream>(
    talk: &mut Talk<'_, S, Streamed>,
    wishes: &Wishes,
    (copy, hash): (&dyn Copied, Hash),
    verified: &mut Verified,
) -> Result<(), NoAnswer> {
    let names = match folders::list(talk, wishes).await? {
        Ok(names) if names.is_empty() && !wishes.folders.is_empty() => {
            verified.gap = Some(Gap::NoSuchFolder);
            return Ok(());
        }
        Ok(names) => names,
        Err(gap) => {
            verified.gap = Some(gap);
            return Ok(());
        }
    };
    let mut looked: Vec<Looked> = Vec::new();
    let mut ended = None;
    for name in names {
        let (rows, gap) = match ended {
            Some(_) => (Vec::new(), Some(Gap::Ended)),
            None => match look(talk, &name, wishes).await {
                Ok(seen) => seen,
                Err(no_answer) => {
                    ended = Some(no_answer);
                    (Vec::new(), Some(Gap::Ended))
                }
            },
        };
        let wanted = plain(&name);
        let own = copy.folders().iter().position(|folder| *folder == wanted).and_then(|at| u32::try_from(at).ok());
        looked.push(Looked { name, rows, own, gap });
    }
    let mut copies = Copies::of(copy.messages());
    let sides: Vec<(&[Row], Option<u32>)> = looked.iter().map(|folder| (&*folder.rows, folder.own)).collect();
    let found = copies.find(&sides);
    let mut states: Vec<Vec<State>> = looked
        .iter()
        .zip(&found)
        .map(|(folder, found)| folder.rows.iter().zip(found).map(|(row, found)| state(*row, *found)).collect())
        .collect();
    let asked = match ended {
        Some(no_answer) => Err(no_answer),
        None => compare(talk, &looked, &found, (copy, hash, &copies, wishes.day), &mut states, verified).await,
    };
    count(&looked, &found, &states, copy, &copies, verified);
    asked
}

async fn look<S: Stream>(
    talk: &mut Talk<'_, S, Streamed>,
    name: &str,
    wishes: &Wishes,
) -> Result<(Vec<Row>, Option<Gap>), NoAnswer> {
    match folders::open(talk, name).await? {
        Ok(open) => folders::rows(talk, &open, wishes, true).await,
        Err(gap) => Ok((Vec::new(), Some(gap))),
    }
}

/// How it stands before it is compared byte for byte. Another size without a Message-ID is another message.
fn state(row: Row, found: Found) -> State {
    match found {
        Found::Missing => State::Missing,
        Found::OtherSize(_) if row.key == 0 => State::Missing,
        Found::Fits(_) => State::SameSize,
        Found::OtherSize(_) => State::Differs,
    }
}

/// The messages of a folder that are compared byte for byte: what has another size always, because a program may have
/// added a header field; then what looks damaged, the largest, and others at equal distances.
fn chosen(rows: &[Row], found: &[Found], copy: &dyn Copied, hash: Hash, day: u64) -> Vec<usize> {
    let locals = copy.messages();
    let is_doubtful = |at: &usize| match found[*at] {
        Found::OtherSize(_) => true,
        Found::Fits(local) => hash == Hash::All || locals[local].is_odd,
        Found::Missing => false,
    };
    if hash == Hash::None {
        return Vec::new();
    }
    let mut chosen: Vec<usize> = (0..rows.len()).filter(is_doubtful).collect();
    if hash == Hash::Sample {
        let fitting: Vec<usize> = (0..rows.len()).filter(|at| matches!(found[*at], Found::Fits(_))).collect();
        chosen.extend(fitting.iter().copied().max_by_key(|at| rows[*at].size));
        let step = fitting.len().div_ceil(SAMPLE - 1).max(1);
        let from = usize::try_from(day % step as u64).unwrap_or(0);
        chosen.extend(fitting.iter().skip(from).step_by(step));
    }
    chosen.sort_unstable();
    chosen.dedup();
    chosen
}

async fn compare<S: Stream>(
    talk: &mut Talk<'_, S, Streamed>,
    looked: &[Looked],
    found: &[Vec<Found>],
    (copy, hash, copies, day): (&dyn Copied, Hash, &Copies<'_>, u64),
    states: &mut [Vec<State>],
    verified: &mut Verified,
) -> Result<(), NoAnswer> {
    for ((folder, found), states) in looked.iter().zip(found).zip(states) {
        let chosen = chosen(&folder.rows, found, copy, hash, day);
        if chosen.is_empty() {
            continue;
        }
        if let Err(gap) = folders::open(talk, &folder.name).await? {
            verified.gap.get_or_insert(gap);
            continue;
        }
        let by_uid: HashMap<u32, usize> = chosen.iter().map(|at| (folder.rows[*at].uid, *at)).collect();
        let commands = chosen.chunks(AT_ONCE).enumerate().map(|(number, chunk)| {
            let uids: Vec<u32> = chunk.iter().map(|at| folder.rows[*at].uid).collect();
            let tag = format!("B{number}");
            let line = command::fetch_messages(&tag, &uids);
            (tag, line)
        });
        let (mut digester, mut came) = (Digester::default(), 0);
        let refused = session::run(talk, commands, |heard| {
            match heard {
                Heard::Piece(piece) => digester.take(piece),
                Heard::Answer(answer) => {
                    let Response::Data { number, name, values } = &answer.response else {
                        return ControlFlow::Continue(());
                    };
                    let Some(described) = Described::of(*number, name, values) else {
                        return ControlFlow::Continue(());
                    };
                    let Some(body) = described.text("BODY[]") else { return ControlFlow::Continue(()) };
                    digester.take(body.as_bytes());
                    let of_server = std::mem::take(&mut digester).end();
                    let Some(at) = described.uid().and_then(|uid| by_uid.get(&uid)) else {
                        return ControlFlow::Continue(());
                    };
                    let (Found::Fits(local) | Found::OtherSize(local)) = found[*at] else {
                        return ControlFlow::Continue(());
                    };
                    came += 1;
                    let like = |local: usize| copy.digest(local).map(|digest| of_server.compare(&digest));
                    let mut likeness = like(local);
                    if likeness.is_none() {
                        verified.unread += 1;
                    }
                    if matches!(likeness, None | Some(Likeness::Other)) {
                        let others = copies.others(folder.rows[*at], local);
                        let better = others.into_iter().filter_map(like).find(|like| *like != Likeness::Other);
                        likeness = better.or(likeness);
                    }
                    verified.compared += 1;
                    states[*at] = match likeness {
                        Some(Likeness::Exact) => State::Same,
                        Some(Likeness::Same(changes)) => {
                            let sums = &mut verified.changed;
                            sums.line_ends += u64::from(changes.line_ends);
                            sums.quoting += u64::from(changes.quoting);
                            sums.fields += u64::from(changes.fields);
                            sums.last_lines += u64::from(changes.last_lines);
                            State::Same
                        }
                        Some(Likeness::Other) | None => state(folder.rows[*at], Found::OtherSize(local)),
                    };
                }
            }
            ControlFlow::Continue(())
        })
        .await?;
        if let Some(code) = refused {
            verified.gap.get_or_insert(Gap::Refused(code));
            return Ok(());
        }
        // A message that did not come was deleted meanwhile, or the server left it out without a word.
        if came < chosen.len() {
            verified.gap.get_or_insert(Gap::Changed);
        }
    }
    Ok(())
}

fn count(
    looked: &[Looked],
    found: &[Vec<Found>],
    states: &[Vec<State>],
    copy: &dyn Copied,
    matched: &Copies<'_>,
    verified: &mut Verified,
) {
    let mut known: Vec<u64> = looked.iter().flat_map(|folder| folder.rows.iter().map(|row| row.key)).collect();
    known.sort_unstable();
    for ((one, found), stands) in looked.iter().zip(found).zip(states) {
        let mut folder = Folder { name: one.name.clone(), gap: one.gap.clone(), ..Folder::default() };
        for ((row, found), stands) in one.rows.iter().zip(found).zip(stands) {
            folder.messages += 1;
            let named = match stands {
                State::Missing => {
                    folder.missing += 1;
                    Some(&mut folder.missing_uids)
                }
                State::Differs => {
                    folder.differs += 1;
                    Some(&mut folder.differing_uids)
                }
                State::Same => {
                    folder.same += 1;
                    None
                }
                State::SameSize => {
                    folder.same_size += 1;
                    None
                }
            };
            named.filter(|named| named.len() < MOST_NAMED).into_iter().for_each(|named| named.push(row.uid));
            if let Found::Fits(at) | Found::OtherSize(at) = found {
                folder.elsewhere += u64::from(Some(copy.messages()[*at].folder) != one.own);
            }
        }
        verified.folders.push(folder);
    }
    for (local, is_known) in matched.left(|key| known.binary_search(&key).is_ok()) {
        let folder = looked.iter().position(|folder| folder.own == Some(local)).map(|at| &mut verified.folders[at]);
        match folder {
            Some(folder) if is_known => folder.twice += 1,
            Some(folder) => folder.only_here += 1,
            None => verified.only_here += 1,
        }
    }
}
