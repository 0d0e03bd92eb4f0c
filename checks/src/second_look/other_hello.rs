//! Is another form of the first TLS message answered? Asked when a handshake ends without a certificate: a middlebox
//! may lose the large one of today, a path may lose large packets, and a server may know only an older message.

use std::time::Duration;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{LIMIT, LIMIT_OF_ALL, anew};
use crate::asked::Asked;
use crate::conversation::Speaks;
use crate::first_look::FirstLook;
use crate::network::clock::{Stopwatch, within};
use crate::network::{Hello, Network, Segments, TlsFailed};
use crate::plan::{Plan, Protocol};
use crate::run::Run;
use crate::transcript::Transcript;
use crate::{imap, smtp, tls};

/// The outcome of the other forms.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "OtherHelloFacts")]
pub struct Facts {
    /// One try for each server.
    pub tries: Vec<Try>,
}

/// Their outcome at one server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "OtherHelloTry")]
pub struct Try {
    /// Which server.
    pub protocol: Protocol,
    /// The message that fits into one packet.
    pub small: Option<tls::Facts>,
    /// The message that old servers know.
    pub old: Option<tls::Facts>,
    /// In small TCP segments, after a silence: the usual message, or the small one if that is not answered in the usual
    /// segments either. `None` if the system cannot limit the segments.
    #[serde(default)]
    pub small_segments: Option<tls::Facts>,
    /// The usual message once more, after others were answered: a disturbance may have passed.
    #[serde(default)]
    pub again: Option<tls::Facts>,
}

impl Facts {
    /// Their outcome at a server.
    pub fn of(&self, protocol: Protocol) -> Option<&Try> {
        self.tries.iter().find(|tried| tried.protocol == protocol)
    }
}

/// The time between the last of them and the end of the second look.
const FOR_KEEPING: Duration = Duration::from_millis(500);

pub(crate) fn contacts(_: &Plan) -> Vec<String> {
    // The mail servers themselves, once more.
    Vec::new()
}

pub(super) async fn ask<N: Network>(first: &FirstLook, run: &Run<'_, N>) -> Option<Asked<Facts>> {
    let failed = |of: Protocol| first.tls(of).and_then(|tls| tls.failed.clone()).filter(is_worth_another);
    let (imap, smtp) = (failed(Protocol::Imap), failed(Protocol::Smtp));
    if imap.is_none() && smtp.is_none() {
        return None;
    }
    let asked = run.timed(async {
        let (imap, smtp) =
            tokio::join!(one::<imap::Facts, _>(imap, first, run), one::<smtp::Facts, _>(smtp, first, run));
        Facts { tries: imap.into_iter().chain(smtp).collect() }
    });
    Some(asked.await)
}

/// Plain text and an old version are clear already.
fn is_worth_another(failed: &TlsFailed) -> bool {
    !matches!(failed, TlsFailed::NotTls | TlsFailed::TooOld | TlsFailed::NotRecorded)
}

async fn one<F: Speaks, N: Network>(failed: Option<TlsFailed>, first: &FirstLook, run: &Run<'_, N>) -> Option<Try> {
    let failed = failed?;
    // One that has no time left is not asked, so that the others are kept.
    let (time, began) = (LIMIT_OF_ALL.saturating_sub(FOR_KEEPING), Stopwatch::start());
    let shake = async |hello, segments| {
        let left = time.saturating_sub(Duration::from_millis(began.milliseconds()));
        within(left, shake::<F, _>(hello, segments, first, run)).await.flatten()
    };
    let small = shake(Hello::Small, Segments::Usual).await;
    let mut tried = Try { protocol: F::OF, small, old: None, small_segments: None, again: None };
    match (failed, is_answered(tried.small.as_ref())) {
        // An old server closes or refuses; what loses packets is silent.
        (TlsFailed::TimedOut, true) => {
            tried.small_segments = shake(Hello::Usual, Segments::Small).await;
            if tried.small_segments.as_ref().is_none_or(|tls| tls.failed.is_none()) {
                tried.again = shake(Hello::Usual, Segments::Usual).await;
            }
        }
        // The small one again: a filter of names may overlook a name in a message that is cut into several segments.
        (TlsFailed::TimedOut, false) => tried.small_segments = shake(Hello::Small, Segments::Small).await,
        (_, true) => {}
        (_, false) => tried.old = shake(Hello::Old, Segments::Usual).await,
    }
    Some(tried)
}

fn is_answered(tls: Option<&tls::Facts>) -> bool {
    tls.is_some_and(|tls| tls.failed.is_none())
}

async fn shake<F: Speaks, N: Network>(
    hello: Hello,
    segments: Segments,
    first: &FirstLook,
    run: &Run<'_, N>,
) -> Option<tls::Facts> {
    let (open, _) = anew::open::<F, _>(first, segments, &mut Transcript::default(), run).await?;
    Some(tls::ask(open, &run.plan.server(F::OF).host, hello, LIMIT, run).await.0)
}
