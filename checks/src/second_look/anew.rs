//! A new connection to a server that was reached before, and all that it takes until TLS can begin.

use std::cell::RefCell;

use super::{FirstLook, LIMIT};
use crate::network::Network;
use crate::plan::{Protocol, Security};
use crate::run::Run;
use crate::talk::{Talk, Transcript};
use crate::{imap, smtp, tcp};

/// What was learnt before TLS: a conversation goes on otherwise after STARTTLS.
pub(super) enum Before {
    Imap(imap::Facts),
    Smtp(smtp::Facts),
}

/// Opens a connection to the address that opened the first time. `None` where it does not come to TLS again.
pub(super) async fn open<N: Network, W>(
    of: Protocol,
    first: &FirstLook<'_>,
    transcript: &mut Transcript,
    run: &Run<'_, N, W>,
) -> Option<(tcp::Open<N::Stream>, Before)> {
    let to = first.tcp.of(of)?.open()?.to;
    let open = tcp::attempt(to, LIMIT, run, &RefCell::default()).await?;
    let is_starttls = run.plan.server(of).security == Security::Starttls;
    match of {
        Protocol::Imap => {
            let mut facts = imap::Facts::default();
            let open = if is_starttls {
                imap::starttls(Talk::over(open, transcript, run.began, LIMIT), &mut facts).await?
            } else {
                open
            };
            Some((open, Before::Imap(facts)))
        }
        Protocol::Smtp => {
            let mut facts = smtp::Facts::default();
            let open = if is_starttls {
                smtp::starttls(Talk::over(open, transcript, run.began, LIMIT), &mut facts).await?
            } else {
                open
            };
            Some((open, Before::Smtp(facts)))
        }
    }
}
