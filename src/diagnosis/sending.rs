//! Causes that keep an account from sending, although it can sign in.

use checks::evidence::Evidence;
use checks::meaning::Meaning;
use checks::plan::Protocol;
use checks::questions::Question;
use checks::smtp::ReplyFacts;

use super::saw::Conversation;
use super::{Fit, Sure, WouldDecide, saw};

/// The reply that refused the sender or the recipient, if the server means this by it, and whether it is sure.
fn refusal(evidence: &Evidence, meaning: Meaning) -> Option<(&ReplyFacts, bool)> {
    let refusal = evidence.first.smtp.spoken.as_ref()?.facts.from.as_ref()?.refusal()?;
    refusal.heard().filter(|heard| heard.meaning == meaning).map(|heard| (refusal, heard.is_sure))
}

fn fit(refusal: &ReplyFacts) -> Fit {
    Fit::trouble(Sure::Likely).because(Question::Smtp, saw::sender_refused(refusal))
}

/// The sender's address is not one of the account's: Apple says `550 5.7.0 From address is not one of your addresses`
/// (TryGhost/Ghost#17012), Postfix `553 5.7.1 … not owned by user`.
pub(super) fn sender_not_owned(evidence: &Evidence) -> Option<Fit> {
    let (refusal, is_sure) = refusal(evidence, Meaning::SenderNotAllowed)?;
    Some(Fit { sure: if is_sure { Sure::Certain } else { Sure::Likely }, ..fit(refusal) })
}

/// The daily limit of messages or recipients is reached (<https://support.apple.com/102198>).
pub(super) fn sending_limit(evidence: &Evidence) -> Option<Fit> {
    refusal(evidence, Meaning::SendingLimit).map(|(refusal, _)| fit(refusal))
}

/// The server accepts messages from this sender, and no sign-in shows what becomes of them (MailCore/mailcore2#1815:
/// one with an empty display name was accepted and dropped). Reported only where the user asked about a sender.
pub(super) fn message_vanished(evidence: &Evidence) -> Option<Fit> {
    if evidence.first.round_trip.is_some() {
        // Then a message was sent, and what became of it is known.
        return None;
    }
    let from = evidence.first.smtp.spoken.as_ref()?.facts.from.as_ref().filter(|from| from.refusal().is_none())?;
    Some(
        Fit::note(Sure::Possible)
            .because(Question::Smtp, Conversation::SenderAccepted { address: from.address.clone() })
            .decided_by(WouldDecide::OwnMessage),
    )
}

/// The server does not know that the client has signed in: the credentials did not reach it.
pub(super) fn not_authenticated(evidence: &Evidence) -> Option<Fit> {
    let (refusal, _) = refusal(evidence, Meaning::NotSignedIn)?;
    Some(match evidence.first.sign_in(Protocol::Smtp).filter(|sign_in| sign_in.is_accepted()) {
        Some(sign_in) => fit(refusal).against(Question::Smtp, saw::sign_in(Protocol::Smtp, sign_in)),
        None => fit(refusal),
    })
}
