//! `archive pull`: brings a copy the messages that it lacks, one way. What it has is its list of files.

use std::collections::{HashMap, HashSet};
use std::ops::ControlFlow;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::folders::{self, Open};
use super::{Gap, Kept, Row, Store, Wishes, session};
use crate::network::Stream;
use crate::network::clock::{Stopwatch, pause};
use crate::protocol::imap::{Described, Heard, Response, Streamed, Value, command};
use crate::talk::{NoAnswer, Talk};

/// How many messages one command asks for.
const AT_ONCE: usize = 50;
/// After this many messages the clock is looked at.
const LOOKED_UP: usize = 1000;
/// After this many messages they are put on the disk.
const SETTLED: u64 = 100;
/// How long to wait after a refusal, in seconds; after the last one no more is asked for (s1t5/mail-archiver,
/// RateLimitHandling.md).
const WAITS_S: [u64; 3] = [5, 15, 60];

/// What a pull did.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pulled {
    /// The folders of the server.
    pub folders: Vec<PulledFolder>,
    /// Whether the run was ended before it was done.
    pub is_cut_short: bool,
    /// Why not everything was fetched.
    pub gap: Option<Gap>,
    /// How often the server refused, and was asked again after a pause.
    pub refusals: u64,
}

/// A folder of the server.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PulledFolder {
    /// Its name there.
    pub name: String,
    /// Its messages that were wanted.
    pub messages: u64,
    /// Those that the copy had.
    pub there: u64,
    /// Those that the copy had under another number.
    pub renumbered: u64,
    /// Those that were fetched.
    pub fetched: u64,
    /// Their bytes.
    pub bytes: u64,
    /// Those that the server sent without content, which are not kept.
    pub empty: u64,
    /// Why not all of it was seen.
    pub gap: Option<Gap>,
}

impl Pulled {
    /// The number of messages that were wanted, and of those that are here now.
    pub fn here(&self) -> (u64, u64) {
        let sum = |of: fn(&PulledFolder) -> u64| self.folders.iter().map(of).fold(0, u64::saturating_add);
        (sum(|folder| folder.messages), sum(|folder| folder.there + folder.renumbered + folder.fetched))
    }

    /// Whether everything is here.
    pub fn is_complete(&self) -> bool {
        let (wanted, here) = self.here();
        !self.is_cut_short
            && self.gap.is_none()
            && self.folders.iter().all(|folder| folder.gap.is_none())
            && wanted == here
    }
}

/// How it goes on.
struct Going<'s> {
    store: &'s dyn Store,
    pace: Option<u32>,
    budget: Option<Duration>,
    began: Stopwatch,
    fetched: u64,
    refused: usize,
}

impl Going<'_> {
    fn is_out_of_time(&self) -> bool {
        self.budget.is_some_and(|budget| u128::from(self.began.milliseconds()) >= budget.as_millis())
    }
}

pub(super) async fn ask<S: Stream>(
    talk: &mut Talk<'_, S, Streamed>,
    wishes: &Wishes,
    (store, pace, budget): (&dyn Store, Option<u32>, Option<Duration>),
    pulled: &mut Pulled,
) -> Result<(), NoAnswer> {
    let names = match folders::list(talk, wishes).await? {
        Ok(names) if names.is_empty() && !wishes.folders.is_empty() => {
            pulled.gap = Some(Gap::NoSuchFolder);
            return Ok(());
        }
        Ok(names) => names,
        Err(gap) => {
            pulled.gap = Some(gap);
            return Ok(());
        }
    };
    let mut going = Going { store, pace, budget, began: Stopwatch::start(), fetched: 0, refused: 0 };
    for name in names {
        pulled.folders.push(PulledFolder { name: name.clone(), ..PulledFolder::default() });
        let Some(folder) = pulled.folders.last_mut() else { break };
        let opened = match folders::open(talk, &name).await? {
            Ok(opened) => opened,
            Err(gap) => {
                folder.gap = Some(gap);
                continue;
            }
        };
        if let Err(gap) = pull(talk, wishes, &opened, &mut going, folder).await? {
            pulled.gap = Some(gap);
            break;
        }
    }
    pulled.refusals = going.refused as u64;
    Ok(())
}

/// Pulls one folder. A gap is a reason to end the whole run.
async fn pull<S: Stream>(
    talk: &mut Talk<'_, S, Streamed>,
    wishes: &Wishes,
    open: &Open,
    going: &mut Going<'_>,
    folder: &mut PulledFolder,
) -> Result<Result<(), Gap>, NoAnswer> {
    let kept = match going.store.kept(&folder.name) {
        Ok(kept) => kept,
        Err(why) => return Ok(Err(Gap::Here(why))),
    };
    let (there, older): (HashSet<Kept>, Vec<Kept>) = {
        let (there, older): (Vec<Kept>, Vec<Kept>) =
            kept.into_iter().partition(|kept| kept.uidvalidity == open.uidvalidity);
        (there.into_iter().collect(), older)
    };
    let (rows, gap) = folders::rows(talk, open, wishes, !older.is_empty()).await?;
    folder.gap = gap;
    folder.messages = rows.len() as u64;
    let uids: HashSet<u32> = there.iter().map(|kept| kept.uid).collect();
    let mut wanted: Vec<Row> = rows.into_iter().filter(|row| !uids.contains(&row.uid)).collect();
    folder.there = folder.messages - wanted.len() as u64;
    if !older.is_empty() {
        match renumber(open, going.store, folder, &older, &mut wanted) {
            Ok(()) => {}
            Err(why) => return Ok(Err(Gap::Here(why))),
        }
    }
    while !wanted.is_empty() {
        let before = wanted.len();
        let (refused, failed) = fetch(talk, open, going, folder, &mut wanted).await?;
        if let Some(gap) = failed {
            return Ok(Err(gap));
        }
        match refused {
            Some(code) => {
                let Some(wait) = WAITS_S.get(going.refused) else { return Ok(Err(Gap::Refused(code))) };
                going.refused += 1;
                pause(Duration::from_secs(*wait)).await;
            }
            // What the server leaves out without a word is not asked for again.
            None if wanted.len() == before => break,
            None => going.refused = 0,
        }
    }
    Ok(Ok(()))
}

/// Where the folder's numbers have changed, a message of the same size and Message-ID is the same.
fn renumber(
    open: &Open,
    store: &dyn Store,
    folder: &mut PulledFolder,
    older: &[Kept],
    wanted: &mut Vec<Row>,
) -> Result<(), String> {
    let keys = store.identities(&folder.name, older)?;
    let mut known: HashMap<(u64, u64), Vec<Kept>> = HashMap::new();
    for (kept, key) in older.iter().zip(keys).filter(|(_, key)| *key != 0) {
        known.entry((key, kept.size)).or_default().push(*kept);
    }
    let mut left = Vec::new();
    for row in wanted.drain(..) {
        match known.get_mut(&(row.key, u64::from(row.size))).and_then(Vec::pop) {
            Some(from) => {
                store.renumber(&folder.name, from, Kept { uid: row.uid, uidvalidity: open.uidvalidity, ..from })?;
                folder.renumbered += 1;
            }
            None => left.push(row),
        }
    }
    *wanted = left;
    Ok(())
}

/// Fetches what is wanted, and takes from it what came. Returns the code of a refusal, and why nothing more can be done.
async fn fetch<S: Stream>(
    talk: &mut Talk<'_, S, Streamed>,
    open: &Open,
    going: &mut Going<'_>,
    folder: &mut PulledFolder,
    wanted: &mut Vec<Row>,
) -> Result<(Option<Option<String>>, Option<Gap>), NoAnswer> {
    let asked: HashMap<u32, Row> = wanted.iter().map(|row| (row.uid, *row)).collect();
    let uids: Vec<u32> = wanted.iter().map(|row| row.uid).collect();
    let mut came: HashSet<u32> = HashSet::new();
    let (mut size, mut failed) = (0_u64, None::<Gap>);
    // With a pace, one command at a time is sent, and the time that is left of its share is waited for.
    let at_once = going.pace.map_or(LOOKED_UP, |pace| (pace as usize).clamp(1, AT_ONCE));
    let mut refused = None;
    for part in uids.chunks(at_once) {
        let watch = Stopwatch::start();
        let commands = part.chunks(AT_ONCE).enumerate().map(|(number, chunk)| {
            let tag = format!("B{number}");
            let line = command::fetch_messages(&tag, chunk);
            (tag, line)
        });
        let mut one = |heard: &Heard| -> Result<(), String> {
            match heard {
                Heard::Piece(piece) => {
                    size += piece.len() as u64;
                    // After a fault nothing is written any more.
                    going.store.take(piece)
                }
                Heard::Answer(answer) => {
                    let Response::Data { number, name, values } = &answer.response else { return Ok(()) };
                    let Some(described) = Described::of(*number, name, values) else { return Ok(()) };
                    let Some(body) = described.text("BODY[]") else { return Ok(()) };
                    if !body.is_empty() {
                        size += body.len() as u64;
                        going.store.take(body.as_bytes())?;
                    }
                    let size = std::mem::take(&mut size);
                    let row = described.uid().and_then(|uid| asked.get(&uid)).filter(|row| !came.contains(&row.uid));
                    let Some(row) = row else {
                        going.store.forget();
                        return Ok(());
                    };
                    came.insert(row.uid);
                    if size == 0 {
                        going.store.forget();
                        folder.empty += 1;
                        return Ok(());
                    }
                    let kept = Kept { uid: row.uid, uidvalidity: open.uidvalidity, size };
                    going.store.keep(&folder.name, kept, &flags(described), row.unix)?;
                    folder.fetched += 1;
                    folder.bytes += size;
                    going.fetched += 1;
                    if going.fetched.is_multiple_of(SETTLED) { going.store.settle() } else { Ok(()) }
                }
            }
        };
        let code = session::run(talk, commands, |heard| {
            if failed.is_none()
                && let Err(why) = one(heard)
            {
                failed = Some(Gap::Here(why));
            }
            if failed.is_some() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        })
        .await?;
        refused = code;
        if failed.is_none() && going.is_out_of_time() {
            failed = Some(Gap::OutOfTime);
        }
        if refused.is_some() || failed.is_some() {
            break;
        }
        if let Some(pace) = going.pace {
            let share = Duration::from_secs(part.len() as u64) / pace.max(1);
            pause(share.saturating_sub(Duration::from_millis(watch.milliseconds()))).await;
        }
    }
    wanted.retain(|row| !came.contains(&row.uid));
    Ok((refused, failed))
}

/// The flags as a Maildir writes them, in order.
fn flags(described: Described<'_>) -> String {
    const LETTERS: [(&str, char); 5] =
        [("\\Draft", 'D'), ("\\Flagged", 'F'), ("\\Answered", 'R'), ("\\Seen", 'S'), ("\\Deleted", 'T')];
    let Some(Value::List(flags)) = described.item("FLAGS") else { return String::new() };
    let has = |wanted: &str| flags.iter().filter_map(Value::text).any(|flag| flag.eq_ignore_ascii_case(wanted));
    LETTERS.iter().filter(|(name, _)| has(name)).map(|(_, letter)| *letter).collect()
}
