//! Waiting for the message: the server is asked to tell of news in the inbox (IDLE), and for the numbers of all folders
//! every few seconds. There is no search: iCloud's cannot be relied on (nextcloud/mail#3401 and others).

use std::time::Duration;

use super::watching::{Mailbox, fetch, read_ids};
use super::{Facts, Handed, Meeting, Push, bounce, hops};
use crate::network::Stream;
use crate::protocol::imap::command;
use crate::survey::Role;
use crate::tagged::{ImapTalk, each_until_tagged, until_challenged};
use crate::talk::NoAnswer;

/// How often the folders are asked for, in milliseconds. In between the server has time to tell of the message itself.
const APART: u64 = 5_000;
/// How long after the first copy there may be another one, in milliseconds.
const ANOTHER: u64 = 2_000;
/// A server that says nothing for so long after a message arrived does not tell, in milliseconds. What the clocks of
/// servers say is exact to a second.
const SILENT: u64 = 3_000;
/// How long the SMTP server may take before it has the message: its own steps have limits.
const UNTIL_TAKEN: Duration = Duration::from_mins(5);

/// Waits until the message is found or comes back, until the time is over, or until the run is to end.
pub(super) async fn wait<S: Stream>(
    talk: &mut ImapTalk<'_, S>,
    mailbox: &mut Mailbox,
    meeting: &Meeting<'_>,
    offers_idle: bool,
    facts: &mut Facts,
) -> Result<(), NoAnswer> {
    if !offers_idle {
        facts.push = Push::NotOffered;
    }
    meeting.await_it(true);
    // When the folders are asked for next, where that is sooner than usual.
    let mut sooner = meeting.wishes.appends.then_some(0);
    loop {
        let told_ms = listen(talk, meeting, offers_idle, sooner).await?;
        let ended_ms = meeting.began.milliseconds();
        facts.handed = meeting.handed();
        let is_new = look(talk, mailbox, meeting, facts).await?;
        if is_new && facts.push == Push::Unknown && !facts.is_appended {
            facts.push = push(facts, told_ms, ended_ms);
        }
        let is_over = match facts.handed {
            Some(Handed::Taken { taken_ms, .. }) => meeting.left_to_wait(taken_ms).is_zero(),
            Some(Handed::Refused { .. } | Handed::NotHanded) => true,
            None => false,
        };
        let is_found = facts.arrived().next().is_some() || facts.returned.is_some();
        facts.is_cut_short = meeting.is_hurried() && !is_found;
        let has_time = meeting.hurried_until_ms().is_none_or(|until| !is_found && until > meeting.began.milliseconds());
        if is_over || !has_time || is_found && sooner.is_some() {
            break;
        }
        sooner = is_found.then(|| meeting.began.milliseconds() + ANOTHER);
    }
    facts.waited_until_ms = Some(meeting.began.milliseconds());
    Ok(())
}

/// Lets the server tell of news in the inbox until the folders have to be asked for; returns when it told.
async fn listen<S: Stream>(
    talk: &mut ImapTalk<'_, S>,
    meeting: &Meeting<'_>,
    offers_idle: bool,
    sooner: Option<u64>,
) -> Result<Option<u64>, NoAnswer> {
    let (tag, now) = ("I1", || meeting.began.milliseconds());
    let mut until_ms = sooner.or_else(|| next(meeting));
    let mut is_idle = false;
    if offers_idle && until_ms.is_none_or(|until| until > now()) {
        talk.say(&[command::idle(tag)]).await?;
        is_idle = until_challenged(talk, tag).await?.is_none();
    }
    talk.begin_part();
    let mut told_ms = None;
    while told_ms.is_none() {
        until_ms = match meeting.hurried_until_ms() {
            Some(hurried) if sooner.is_none() => Some(next(meeting).map_or(hurried, |next| next.min(hurried))),
            Some(_) => Some(now()),
            None => until_ms.or_else(|| next(meeting)),
        };
        let left = until_ms.map_or(UNTIL_TAKEN, |until| Duration::from_millis(until.saturating_sub(now())));
        if left.is_zero() {
            break;
        }
        let heard = tokio::select! {
            biased;
            heard = talk.hear_for(left) => heard?,
            () = meeting.handed_or_hurried() => None,
        };
        told_ms = heard.filter(|answer| answer.is_data("EXISTS")).map(|_| now());
    }
    if is_idle {
        talk.say(&[command::done()]).await?;
        each_until_tagged(talk, tag, |_, _| {}).await?;
    }
    Ok(told_ms)
}

/// When the folders are asked for next; `None` until it is known what became of the message.
fn next(meeting: &Meeting<'_>) -> Option<u64> {
    let now = meeting.began.milliseconds();
    Some(match meeting.handed()? {
        Handed::Taken { taken_ms, .. } => {
            let next = taken_ms + (now.saturating_sub(taken_ms) / APART + 1) * APART;
            next.min(now + u64::try_from(meeting.left_to_wait(taken_ms).as_millis()).unwrap_or(APART))
        }
        Handed::Refused { .. } | Handed::NotHanded => now,
    })
}

/// Looks at what is new in each folder. Returns whether the message is new in the inbox.
async fn look<S: Stream>(
    talk: &mut ImapTalk<'_, S>,
    mailbox: &mut Mailbox,
    meeting: &Meeting<'_>,
    facts: &mut Facts,
) -> Result<bool, NoAnswer> {
    let mut is_in_inbox = false;
    let news = mailbox.news(talk).await?;
    for (number, from) in &news {
        let Some(name) = mailbox.name(*number) else { continue };
        let (own, others): (Vec<_>, Vec<_>) =
            read_ids(talk, name, *from).await?.into_iter().partition(|read| read.id == meeting.message.id);
        for read in own {
            let found = mailbox.found(*number, read.uid, false, meeting.began.milliseconds());
            is_in_inbox |= found.role == Some(Role::Inbox);
            if facts.hops.is_empty() && !facts.is_appended && found.role != Some(Role::Sent) {
                let line = command::fetch_hops("F3", read.uid);
                fetch(talk, "F3", line, |described| {
                    if described.uid() == Some(read.uid) {
                        facts.hops = described.header().map(hops::read).unwrap_or_default();
                    }
                })
                .await?;
            }
            facts.copies.push(found);
        }
        let others: Vec<u32> = others.into_iter().map(|read| read.uid).collect();
        if let Some((uid, returned)) = returned(talk, &others, meeting).await?
            && facts.returned.is_none()
        {
            facts.returned = Some(returned);
            facts.copies.push(mailbox.found(*number, uid, true, meeting.began.milliseconds()));
        }
    }
    if !news.is_empty() {
        talk.say(&[command::examine_inbox("M1")]).await?;
        each_until_tagged(talk, "M1", |_, _| {}).await?;
    }
    Ok(is_in_inbox)
}

/// The message in the open folder that says that ours came back.
async fn returned<S: Stream>(
    talk: &mut ImapTalk<'_, S>,
    uids: &[u32],
    meeting: &Meeting<'_>,
) -> Result<Option<(u32, super::Returned)>, NoAnswer> {
    if uids.is_empty() || meeting.wishes.appends {
        return Ok(None);
    }
    let mut bounces = Vec::new();
    fetch(talk, "F4", command::fetch_kinds("F4", uids), |described| {
        let is_bounce = described.header().is_some_and(bounce::is_bounce);
        bounces.extend(described.uid().filter(|uid| is_bounce && uids.contains(uid)));
    })
    .await?;
    let mut found = None;
    for uid in bounces {
        fetch(talk, "F5", command::fetch_beginning("F5", uid), |described| {
            let text = described.text("BODY[]<0>").filter(|_| described.uid() == Some(uid));
            let returned = text.and_then(|text| bounce::read(text, meeting.message.mark()));
            found = found.take().or(returned.map(|returned| (uid, returned)));
        })
        .await?;
    }
    Ok(found)
}

/// Whether the server told of the message that is in the inbox now.
fn push(facts: &Facts, told_ms: Option<u64>, ended_ms: u64) -> Push {
    if let Some(at_ms) = told_ms {
        return Push::Told { at_ms };
    }
    // By the servers' own clocks, how long it took; by ours, when that began.
    let arrived = facts.taken_ms().zip(facts.under_way_s()).map(|(taken, under_way)| taken + under_way * 1000 + 1000);
    let silent_for = arrived.map(|arrived| ended_ms.saturating_sub(arrived));
    match silent_for.filter(|silent| *silent >= SILENT) {
        Some(for_ms) => Push::Silent { for_ms },
        None => Push::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::super::Hop;
    use super::*;

    #[test]
    fn a_server_is_silent_when_it_says_nothing_for_three_seconds_after_the_message() {
        let hop = |at: &str| Hop { by: None, at: at.to_owned() };
        let handed = Some(Handed::Taken { sent_ms: 100, taken_ms: 200 });
        let facts = |hops| Facts { handed: handed.clone(), hops, ..Facts::default() };
        let (begin, later) = (hop("2026-11-29T12:00:00Z"), hop("2026-11-29T12:00:03Z"));
        for (hops, told_ms, ended_ms, expected) in [
            (vec![begin.clone(), begin.clone()], Some(900), 900, Push::Told { at_ms: 900 }),
            (vec![begin.clone(), begin.clone()], None, 5_200, Push::Silent { for_ms: 4_000 }),
            // By the clocks of the servers it came three seconds later.
            (vec![begin.clone(), later.clone()], None, 5_200, Push::Unknown),
            (vec![begin.clone(), later.clone()], None, 7_200, Push::Silent { for_ms: 3_000 }),
            // Clocks that go back say nothing, and neither do lines that are missing.
            (vec![later, begin], None, 60_000, Push::Unknown),
            (vec![], None, 60_000, Push::Unknown),
        ] {
            assert_eq!(push(&facts(hops), told_ms, ended_ms), expected);
        }
    }
}
