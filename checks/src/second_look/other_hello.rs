//! Is another form of the first TLS message answered? Asked when a handshake ends without a certificate: a middlebox
//! may lose the large one of today, and a server may know only an older one.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{LIMIT, anew};
use crate::asked::Asked;
use crate::conversation::Speaks;
use crate::first_look::FirstLook;
use crate::network::{Hello, Network, TlsFailed};
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
}

impl Facts {
    /// Their outcome at a server.
    pub fn of(&self, protocol: Protocol) -> Option<&Try> {
        self.tries.iter().find(|tried| tried.protocol == protocol)
    }
}

pub(crate) fn contacts(_: &Plan) -> Vec<String> {
    // The mail servers themselves, once more.
    Vec::new()
}

pub(super) async fn ask<N: Network, W>(first: &FirstLook, run: &Run<'_, N, W>) -> Option<Asked<Facts>> {
    let failed = |of: Protocol| first.tls(of).and_then(|tls| tls.failed.clone()).filter(is_worth_another);
    let (imap, smtp) = (failed(Protocol::Imap), failed(Protocol::Smtp));
    if imap.is_none() && smtp.is_none() {
        return None;
    }
    let asked = run.timed(async {
        let (imap, smtp) =
            tokio::join!(one::<imap::Facts, _, _>(imap, first, run), one::<smtp::Facts, _, _>(smtp, first, run));
        Facts { tries: imap.into_iter().chain(smtp).collect() }
    });
    Some(asked.await)
}

/// Plain text and an old version are clear already.
fn is_worth_another(failed: &TlsFailed) -> bool {
    !matches!(failed, TlsFailed::NotTls | TlsFailed::TooOld | TlsFailed::NotRecorded)
}

async fn one<F: Speaks, N: Network, W>(
    failed: Option<TlsFailed>,
    first: &FirstLook,
    run: &Run<'_, N, W>,
) -> Option<Try> {
    let failed = failed?;
    let small = shake::<F, _, _>(Hello::Small, first, run).await;
    let is_answered = small.as_ref().is_some_and(|tls| tls.failed.is_none());
    // An old server closes or refuses; a middlebox is silent.
    let old = match failed {
        TlsFailed::TimedOut => None,
        _ if is_answered => None,
        _ => shake::<F, _, _>(Hello::Old, first, run).await,
    };
    Some(Try { protocol: F::OF, small, old })
}

async fn shake<F: Speaks, N: Network, W>(hello: Hello, first: &FirstLook, run: &Run<'_, N, W>) -> Option<tls::Facts> {
    let (open, _) = anew::open::<F, _, _>(first, &mut Transcript::default(), run).await?;
    Some(tls::ask(open, &run.plan.server(F::OF).host, hello, LIMIT, run).await.0)
}
