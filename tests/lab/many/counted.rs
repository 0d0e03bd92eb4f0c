//! What the servers' logs say of a run over many accounts: who signed in when, and how many were there at once.

use crate::world::World;
use std::collections::{BTreeMap, HashSet};
use std::time::{Duration, SystemTime};

/// The sign-ins at both servers.
pub(crate) struct Counted {
    pub(crate) imap: SignIns,
    pub(crate) smtp: SignIns,
}

/// The sign-ins at one of them, in the order of the log.
#[derive(Default)]
pub(crate) struct SignIns {
    /// When, since 1970, and who.
    all: Vec<(Duration, String)>,
    /// The most sessions at once.
    pub(crate) peak: usize,
}

impl Counted {
    /// Reads the log of Dovecot, which judges the sign-ins of both servers, and that of Postfix for its connections.
    pub(crate) fn of(world: &World) -> Self {
        let (mut imap, mut smtp) = (SignIns::default(), SignIns::default());
        let mut open = HashSet::new();
        for line in world.read("dovecot.log").lines() {
            let Some(session) = session(line) else { continue };
            if line.contains("signs in at imap") {
                open.insert(session);
                imap.peak = imap.peak.max(open.len());
            } else if line.contains("Disconnected") || line.contains("Aborted login") {
                open.remove(session);
            }
        }
        for line in world.read("dovecot.log").lines() {
            let of = match line.split_once("signs in at ") {
                Some((_, "imap")) => &mut imap,
                Some((_, "smtp")) => &mut smtp,
                _ => continue,
            };
            of.all.extend(sign_in(line));
        }
        let mut connected = 0_usize;
        for line in world.read("postfix.log").lines() {
            if line.contains(": connect from") {
                connected += 1;
                smtp.peak = smtp.peak.max(connected);
            } else if line.contains(": disconnect from") {
                connected = connected.saturating_sub(1);
            }
        }
        Self { imap, smtp }
    }
}

impl SignIns {
    pub(crate) fn count(&self) -> usize {
        self.all.len()
    }

    /// How often each account signed in, by its name.
    pub(crate) fn by_account(&self) -> BTreeMap<&str, usize> {
        let mut counts = BTreeMap::new();
        for (_, login) in &self.all {
            *counts.entry(login.split('@').next().unwrap_or_default()).or_default() += 1;
        }
        counts
    }

    /// The first sign-in, by its number, that came earlier than the pace allows after the beginning.
    pub(crate) fn earlier_than(&self, began: SystemTime, pace: Duration) -> Option<(usize, Duration)> {
        let began = began.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        let late = self.all.iter().map(|(at, _)| at.saturating_sub(began)).enumerate();
        late.into_iter().find(|(nth, at)| *at < pace * u32::try_from(*nth).unwrap_or(u32::MAX))
    }
}

/// The session that a line is of, between the last angle brackets.
fn session(line: &str) -> Option<&str> {
    let from = line.rfind('<')?;
    line[from + 1..].split_once('>').map(|(session, _)| session)
}

/// When and who, in a line such as `1795.123456 auth: Info: lua(anna,198.18.1.2,<x>): signs in at imap`.
fn sign_in(line: &str) -> Option<(Duration, String)> {
    let seconds = line.split(' ').next()?.parse().ok()?;
    let login = line.split_once("lua(")?.1.split(',').next()?;
    Some((Duration::try_from_secs_f64(seconds).ok()?, login.to_owned()))
}
