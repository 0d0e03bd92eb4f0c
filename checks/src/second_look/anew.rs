//! A new connection to a server that was reached before, and all that it takes until TLS can begin.

use std::cell::RefCell;

use super::LIMIT;
use crate::conversation::Speaks;
use crate::first_look::FirstLook;
use crate::network::{Network, Segments};
use crate::plan::Security;
use crate::run::Run;
use crate::talk::Talk;
use crate::tcp;
use crate::transcript::Transcript;

/// Opens a connection to the address that opened the first time, and returns it with the facts from before TLS: a
/// conversation continues differently after STARTTLS. `None` if TLS cannot begin again.
pub(super) async fn open<F: Speaks, N: Network>(
    first: &FirstLook,
    segments: Segments,
    transcript: &mut Transcript,
    run: &Run<'_, N>,
) -> Option<(tcp::Open<N::Stream>, F)> {
    let to = first.tcp(F::OF)?.open()?.to;
    let open = tcp::attempt_in(segments, to, LIMIT, run, &RefCell::default()).await?;
    let mut facts = F::default();
    if run.plan.server(F::OF).security == Security::Tls {
        return Some((open, facts));
    }
    let open = facts.starttls(Talk::over(open, transcript, run.began, LIMIT)).await?;
    Some((open, facts))
}
