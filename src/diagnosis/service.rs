//! Causes at the service itself, and how its conversations ended.

use checks::conversation::{Awaiting, Conversation, Interruption, Starttls};
use checks::evidence::Evidence;
use checks::meaning::{self, Heard, Meaning};
use checks::plan::Protocol;
use checks::questions::Question;
use checks::sign_in::Outcome;
use checks::talk::NoAnswer;

use super::saw::{self, Saw, Web};
use super::{Fit, Seen, Sure, WouldDecide, heard};

/// Where a conversation was interrupted.
pub(super) fn interruption(evidence: &Evidence, of: Protocol) -> Option<&Interruption> {
    evidence.first.conversation(of)?.shared().interrupted.as_ref()
}

/// How a server answered STARTTLS.
pub(super) fn starttls(evidence: &Evidence, of: Protocol) -> Option<&Starttls> {
    evidence.first.conversation(of)?.shared().starttls.as_ref()
}

/// Whether a server greeted; `None` where the connection did not get that far.
pub(super) fn greeted(evidence: &Evidence, of: Protocol) -> Option<bool> {
    evidence.first.conversation(of).map(Conversation::greeted)
}

/// The text of a greeting that refuses the connection.
fn turned_away(evidence: &Evidence, of: Protocol) -> Option<String> {
    evidence.first.conversation(of)?.turned_away()
}

/// The line with which a server refuses messages of an account that has signed in (s1t5/mail-archiver#414), and which
/// check heard it.
fn messages_refused(evidence: &Evidence) -> Option<(Question, &str)> {
    let by_check = evidence.first.imap.spoken.as_ref().and_then(|asked| asked.facts.mailbox.messages_refused());
    let by_survey = || Some((Question::Mailbox, evidence.first.mailbox.as_ref()?.facts.refusal()?));
    by_check.map(|line| (Question::Imap, line)).or_else(by_survey)
}

/// The line with which a server refuses the folders of an account that has signed in.
fn folders_refused(evidence: &Evidence) -> Option<&str> {
    evidence.first.imap.spoken.as_ref()?.facts.mailbox.folders_refused.as_deref()
}

/// How a conversation with a problem ended, and which check saw it.
pub(super) fn ended(evidence: &Evidence, of: Protocol) -> Seen {
    let saw = conversation(evidence, of);
    let by = match (&saw, messages_refused(evidence)) {
        (Saw::Conversation(saw::Conversation::MessagesRefused(_)), Some((by, _))) => by,
        _ => of.check(),
    };
    Seen::new(by, saw)
}

fn conversation(evidence: &Evidence, of: Protocol) -> Saw {
    let from = match of {
        Protocol::Smtp => evidence.first.smtp.spoken.as_ref().and_then(|asked| asked.facts.from.as_ref()),
        Protocol::Imap => None,
    };
    if let Some(sign_in) = evidence.first.sign_in(of).filter(|sign_in| !sign_in.is_accepted()) {
        saw::sign_in(of, sign_in)
    } else if let Some(interruption) = interruption(evidence, of) {
        saw::interruption(of, interruption)
    } else if let Some(line) = turned_away(evidence, of) {
        saw::Conversation::TurnedAway(of, line).into()
    } else if let (Protocol::Imap, Some((_, line))) = (of, messages_refused(evidence)) {
        saw::Conversation::MessagesRefused(line.to_owned()).into()
    } else if let (Protocol::Imap, Some(line)) = (of, folders_refused(evidence)) {
        saw::Conversation::FoldersRefused(line.to_owned()).into()
    } else if let Some(refusal) = from.and_then(|from| from.data.as_ref()).filter(|data| data.code >= 400) {
        saw::RoundTrip::Refused(refusal.line()).into()
    } else if let Some(refusal) = from.and_then(|from| from.refusal()) {
        saw::sender_refused(refusal)
    } else {
        match starttls(evidence, of) {
            Some(starttls) if *starttls != Starttls::Ready => saw::Conversation::Starttls(of, starttls.clone()).into(),
            _ => saw::Conversation::AsItShould(of).into(),
        }
    }
}

fn outcome(evidence: &Evidence, of: Protocol) -> Option<&Outcome> {
    evidence.first.sign_in(of).map(|sign_in| &sign_in.outcome)
}

/// What a server means by the line with which it refuses, where it refuses anything. A connection or an encryption that
/// it refuses without a known reason is one that it does not serve.
pub(super) fn means(evidence: &Evidence, of: Protocol) -> Option<Heard> {
    let unplaced = |meaning: Meaning| Heard { meaning, is_sure: false, by_words: false };
    let unserved = |line: &str| meaning::of(line).unwrap_or(unplaced(Meaning::Unavailable));
    if let Some(sign_in) = evidence.first.sign_in(of).filter(|sign_in| !sign_in.is_accepted()) {
        return sign_in.heard().or(match sign_in.outcome {
            Outcome::Unavailable => Some(unplaced(Meaning::Unavailable)),
            Outcome::Throttled => Some(unplaced(Meaning::Throttled)),
            _ => None,
        });
    }
    if let Some(line) = turned_away(evidence, of) {
        return Some(unserved(&line));
    }
    if let Some(Starttls::Refused { answer }) = starttls(evidence, of) {
        return Some(unserved(answer));
    }
    match of {
        Protocol::Imap => {
            let line = messages_refused(evidence).map(|(_, line)| line).or_else(|| folders_refused(evidence));
            line.and_then(meaning::of)
        }
        Protocol::Smtp => evidence.first.smtp.spoken.as_ref()?.facts.from.as_ref()?.refusal()?.heard(),
    }
}

/// Whether a server means one of these, and nothing of its line speaks against it.
pub(super) fn is_sure_of(evidence: &Evidence, of: Protocol, meanings: &[Meaning]) -> Option<bool> {
    means(evidence, of).filter(|heard| meanings.contains(&heard.meaning)).map(|heard| heard.is_sure)
}

/// The server reports a fault of its own.
pub(super) fn says_unavailable(evidence: &Evidence, of: Protocol) -> bool {
    is_sure_of(evidence, of, &[Meaning::Unavailable]).is_some()
}

/// A problem that an outage causes: the server reports a fault, or does not answer.
fn is_of_an_outages_kind(evidence: &Evidence, of: Protocol) -> bool {
    says_unavailable(evidence, of)
        || interruption(evidence, of).is_some()
        || matches!(outcome(evidence, of), Some(Outcome::Unanswered { .. } | Outcome::Throttled))
        || evidence.first.tcp(of).is_some_and(checks::tcp::Facts::is_troubled)
}

/// Apple's status page reports an event that is still going on.
pub(super) fn apple_outage(evidence: &Evidence) -> Option<Fit> {
    let status = &evidence.first.apple_status.as_ref()?.facts;
    let ongoing = status.ongoing();
    let (service, event) = ongoing.iter().find(|(service, _)| *service == heard::ICLOUD_MAIL).or(ongoing.first())?;
    // Where Apple's sign-in service is down and no server accepted the password, a refusal is a consequence too.
    let is_sign_in_out = ongoing.iter().any(|(service, _)| *service != heard::ICLOUD_MAIL);
    let is_accepted = |of: Protocol| matches!(outcome(evidence, of), Some(Outcome::Accepted));
    let is_refused = |of: Protocol| {
        let any_accepted = is_accepted(Protocol::Imap) || is_accepted(Protocol::Smtp);
        is_sign_in_out && !any_accepted && matches!(outcome(evidence, of), Some(Outcome::Refused))
    };
    let of_its_kind: Vec<Protocol> = [Protocol::Imap, Protocol::Smtp]
        .into_iter()
        .filter(|of| is_of_an_outages_kind(evidence, *of) || is_refused(*of))
        .collect();
    let says_so = of_its_kind.iter().any(|of| says_unavailable(evidence, *of));
    let mut fit = match (of_its_kind.is_empty(), says_so) {
        (true, _) => Fit::warning(Sure::Possible),
        (false, true) => Fit::trouble(Sure::Certain),
        (false, false) => Fit::trouble(Sure::Likely),
    };
    fit = fit.because(Question::AppleStatus, Web::Posted((*service).to_owned(), (*event).clone()));
    for of in &of_its_kind {
        fit = match evidence.first.tcp(*of).filter(|tcp| tcp.is_troubled()) {
            Some(tcp) => fit.because(Question::Tcp, saw::connection(*of, tcp)),
            None => fit.because_all([ended(evidence, *of)]),
        };
    }
    if !says_so && !of_its_kind.is_empty() {
        fit = fit.decided_by(WouldDecide::AfterTheEvent);
    }
    Some(fit)
}

/// The server says that it cannot serve now.
pub(super) fn service_unavailable(evidence: &Evidence, of: Protocol) -> Option<Fit> {
    let sure = match is_sure_of(evidence, of, &[Meaning::Unavailable])? {
        true => Sure::Certain,
        false => Sure::Likely,
    };
    let mut fit = Fit::trouble(sure).because_all([ended(evidence, of)]);
    if sure == Sure::Likely {
        fit = fit.decided_by(WouldDecide::WhenItServes);
    }
    // The other server may refuse because of the same fault: Postfix answers with the code for a wrong password.
    let other = of.other();
    if let Some(sign_in) = evidence.first.sign_in(other).filter(|sign_in| sign_in.outcome == Outcome::Refused) {
        fit = Fit { sure: Sure::Likely, ..fit }
            .because(other.check(), saw::Conversation::SignInPerhapsAlike(other, sign_in.clone()))
            .decided_by(WouldDecide::WhenItServes);
    }
    Some(fit)
}

/// The server has had too many sign-ins, or has locked the account for now.
pub(super) fn sign_in_throttled(evidence: &Evidence, of: Protocol) -> Option<Fit> {
    is_sure_of(evidence, of, &[Meaning::Throttled, Meaning::Locked])?;
    Some(Fit::trouble(Sure::Likely).because_all([ended(evidence, of)]))
}

/// The server has too many connections of this account or network.
pub(super) fn too_many_connections(evidence: &Evidence, of: Protocol) -> Option<Fit> {
    is_sure_of(evidence, of, &[Meaning::TooManyConnections])?;
    Some(Fit::trouble(Sure::Likely).because_all([ended(evidence, of)]))
}

/// The account is let in, and its messages or folders are refused for a reason that no other cause stands for.
pub(super) fn messages_refused_otherwise(evidence: &Evidence) -> Option<Fit> {
    let seen = ended(evidence, Protocol::Imap);
    let is_refused = matches!(
        seen.saw,
        Saw::Conversation(saw::Conversation::MessagesRefused(_) | saw::Conversation::FoldersRefused(_))
    );
    let is_known = is_sure_of(evidence, Protocol::Imap, &WITH_A_CAUSE).is_some();
    (is_refused && !is_known).then(|| Fit::trouble(Sure::Certain).because_all([seen]))
}

/// What a server can mean by refusing messages that has a cause of its own.
const WITH_A_CAUSE: [Meaning; 5] =
    [Meaning::Unavailable, Meaning::Throttled, Meaning::Locked, Meaning::TooManyConnections, Meaning::MailboxFull];

/// The connection opens, and the server sends nothing.
pub(super) fn no_greeting(evidence: &Evidence, of: Protocol) -> Option<Fit> {
    let interruption = interruption(evidence, of)?;
    let is_silent = interruption.awaiting == Awaiting::Greeting && interruption.no_answer == NoAnswer::TimedOut;
    is_silent.then(|| Fit::trouble(Sure::Likely).because(of.check(), saw::interruption(of, interruption)))
}

/// The connection ends before the conversation does.
pub(super) fn connection_dropped(evidence: &Evidence, of: Protocol) -> Option<Fit> {
    let ends = |no_answer: &NoAnswer| matches!(no_answer, NoAnswer::Closed | NoAnswer::Reset | NoAnswer::Broken { .. });
    let dropped = interruption(evidence, of).is_some_and(|interruption| ends(&interruption.no_answer))
        || matches!(outcome(evidence, of), Some(Outcome::Unanswered { no_answer }) if ends(no_answer));
    dropped.then(|| Fit::trouble(Sure::Likely).because_all([ended(evidence, of)]))
}
