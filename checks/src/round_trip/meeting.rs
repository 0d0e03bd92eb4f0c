//! What the conversations with the two servers tell each other: the message is sent when the folders are known, and is
//! waited for when it was sent.

use std::time::Duration;

use time::OffsetDateTime;
use tokio::sync::watch;

use super::Handed;
use super::message::Message;
use crate::network::clock::Stopwatch;
use crate::plan::{Plan, Protocol, RoundTrip};
use crate::protocol::Consented;

/// How long a message that is under way is still waited for in a run that is to end, in milliseconds: most take a second,
/// and cleaning up needs the rest of the time.
const MOMENT: u64 = 2_500;

/// One round trip.
pub(crate) struct Meeting<'p> {
    pub(crate) wishes: &'p RoundTrip,
    pub(crate) message: Message,
    pub(crate) now: OffsetDateTime,
    pub(crate) began: Stopwatch,
    told: watch::Sender<Told>,
}

#[derive(Debug, Clone, Default)]
struct Told {
    /// Whether the message may be sent; `None` until that is known.
    is_awaited: Option<bool>,
    handed: Option<Handed>,
    /// Until when a message that was taken is still waited for in a run that is to end.
    hurried_until_ms: Option<u64>,
}

/// A plan with a round trip in it is one that the user has agreed to.
impl Consented for Meeting<'_> {}

impl<'p> Meeting<'p> {
    /// The round trip of a plan, if there is one in it.
    pub(crate) fn of(plan: &'p Plan, now: OffsetDateTime, chance: u64, began: Stopwatch) -> Option<Self> {
        let wishes = plan.round_trip.as_ref()?;
        Some(Self { wishes, message: Message::of(plan, now, chance)?, now, began, told: watch::Sender::default() })
    }

    /// Tells whether the message may be sent.
    pub(super) fn await_it(&self, is_awaited: bool) {
        self.told.send_modify(|told| _ = told.is_awaited.get_or_insert(is_awaited));
    }

    /// Waits until it is known whether the message may be sent.
    pub(crate) async fn may_send(&self) -> bool {
        let mut told = self.told.subscribe();
        let known = told.wait_for(|told| told.is_awaited.is_some() || told.hurried_until_ms.is_some()).await;
        known.is_ok_and(|told| told.is_awaited == Some(true) && told.hurried_until_ms.is_none())
    }

    /// Tells what became of the message at the server that was to take it.
    pub(crate) fn hand(&self, handed: Handed) {
        self.told.send_modify(|told| _ = told.handed.get_or_insert(handed));
    }

    /// Tells that the conversation with a server is over: what it has not said until then it will not say.
    pub(crate) fn left(&self, of: Protocol) {
        match of {
            Protocol::Imap => self.await_it(false),
            Protocol::Smtp if self.wishes.appends => {}
            Protocol::Smtp => self.hand(Handed::NotHanded),
        }
    }

    /// What became of the message, as far as it is known.
    pub(super) fn handed(&self) -> Option<Handed> {
        self.told.borrow().handed.clone()
    }

    /// Waits until it is known what became of the message, or until the run is to end, whichever is not so already.
    pub(super) async fn handed_or_hurried(&self) {
        let (was_handed, was_hurried) = (self.handed().is_some(), self.is_hurried());
        let is_news =
            |told: &Told| !was_handed && told.handed.is_some() || !was_hurried && told.hurried_until_ms.is_some();
        // The sender lives as long as this.
        let _ = self.told.subscribe().wait_for(is_news).await;
    }

    /// Makes the run clean up and end.
    pub(crate) fn hurry(&self) {
        let until_ms = self.began.milliseconds() + MOMENT;
        self.told.send_modify(|told| _ = told.hurried_until_ms.get_or_insert(until_ms));
    }

    pub(crate) fn is_hurried(&self) -> bool {
        self.hurried_until_ms().is_some()
    }

    /// Until when a message is still waited for in a run that is to end; `None` where it is not to.
    pub(super) fn hurried_until_ms(&self) -> Option<u64> {
        self.told.borrow().hurried_until_ms
    }

    /// How long a message that was taken is still waited for.
    pub(super) fn left_to_wait(&self, taken_ms: u64) -> Duration {
        let waited = self.began.milliseconds().saturating_sub(taken_ms);
        self.wishes.wait.saturating_sub(Duration::from_millis(waited))
    }
}
