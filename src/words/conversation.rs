//! Conversations with the servers: signing in, sending, and where they ended.

use checks::attempts::rules::{HeldBack, Why};
use checks::conversation::{Awaiting, Interruption, Starttls};
use checks::plan::Protocol;
use checks::second_look::other_sign_in::Difference;
use checks::sign_in::{Outcome, SignIn};
use checks::talk::NoAnswer;

use super::said::list;
use super::timing::{self, ago, wait};
use super::{server, shortened};
use crate::diagnosis::saw::Conversation;
use crate::quoted;

pub(super) fn said(saw: &Conversation) -> String {
    match saw {
        Conversation::SignIn(of, signed_in) => sign_in(*of, signed_in),
        Conversation::SignInProvesPassword(of, signed_in) => {
            format!("{}, so the password is right", sign_in(*of, signed_in))
        }
        Conversation::SignInPerhapsAlike(of, signed_in) => {
            format!("{}, perhaps for the same reason", sign_in(*of, signed_in))
        }
        Conversation::HeldBack(of, held) => held_back(*of, *held),
        Conversation::AcceptedBefore(of, ago_s) => {
            format!(
                "{} accepted this same password {} ago, so it was revoked since: most often by a change of the Apple Account \
                 password",
                server(*of),
                ago(*ago_s)
            )
        }
        Conversation::Again { of, differs_by, sign_in } => again(*of, *differs_by, sign_in.as_ref()),
        Conversation::Interrupted(of, at) => interruption(*of, at),
        Conversation::TurnedAway(of, line) => {
            format!("{} turned the connection away: {}", server(*of), shortened(line))
        }
        Conversation::MessagesRefused(line) => {
            format!("the IMAP server accepts the sign-in but refuses the messages: {}", shortened(line))
        }
        Conversation::FoldersRefused(line) => {
            format!("the IMAP server accepts the sign-in but does not list the folders: {}", shortened(line))
        }
        Conversation::SenderRefused(reply) => {
            let text = shortened(&reply.text);
            format!("the SMTP server does not let this address send: {} {text}", reply.code)
        }
        Conversation::SenderAccepted { address } => may_send(address),
        Conversation::Starttls(of, Starttls::NotOffered) => {
            format!("{} does not offer STARTTLS, the way to encryption", server(*of))
        }
        Conversation::Starttls(of, Starttls::Injected) => {
            format!("more text came between the answer of {} to STARTTLS and the encryption", server(*of))
        }
        Conversation::Starttls(of, Starttls::Refused { answer }) => {
            format!("{} refused STARTTLS: {}", server(*of), shortened(answer))
        }
        Conversation::Starttls(of, Starttls::Ready) | Conversation::AsItShould(of) => {
            format!("{} answered as it should", server(*of))
        }
    }
}

/// Why no sign-in was made.
pub(super) fn held_back(of: Protocol, HeldBack { why, ago_s, wait_s }: HeldBack) -> String {
    let (server, ago, wait) = (server(of), ago(ago_s), wait(wait_s));
    let next = format!("the next sign-in may be made in {wait}");
    match why {
        Why::PasswordRefused => {
            format!("{server} refused this same password {ago} ago, and it is not sent there again for another {wait}")
        }
        Why::ManyRefusals { refused, within_s } => {
            format!("{server} refused {refused} sign-ins of this account within {}; {next}", timing::ago(within_s))
        }
        Why::Throttled => format!("{server} reported too many sign-ins or connections {ago} ago; {next}"),
        Why::JustAccepted => format!("{server} accepted this same password {ago} ago; {next}"),
        Why::RoundTrips { made: 1, .. } => {
            format!("this account sent a message to itself {ago} ago; the next one may be sent in {wait}")
        }
        Why::RoundTrips { made, within_s } => {
            let within = timing::ago(within_s);
            format!("this account sent {made} messages to itself within {within}; the next one may be sent in {wait}")
        }
        Why::Unanswered => {
            format!("this same password was sent to {server} {ago} ago, and no answer is known; {next}")
        }
    }
}

/// What came of a sign-in.
pub(super) fn sign_in(of: Protocol, sign_in: &SignIn) -> String {
    let (server, login) = (server(of), quoted::name(&sign_in.login));
    let answer = sign_in.answer.as_deref().map(|line| format!(": {}", quoted::said(line))).unwrap_or_default();
    match &sign_in.outcome {
        Outcome::Accepted => format!("{server} accepted the sign-in of \"{login}\""),
        Outcome::Refused => format!("{server} refused the sign-in of \"{login}\"{answer}"),
        Outcome::Unavailable => format!("{server} cannot check the password at the moment{answer}"),
        Outcome::Throttled => format!("{server} reports too many sign-ins or connections{answer}"),
        Outcome::NotUnderstood => format!("{server} did not understand the sign-in{answer}"),
        Outcome::NoMechanism { offered } => {
            let ways = list(&ways(of, offered), "and");
            let only = if ways.is_empty() { String::new() } else { format!(", only {}", shortened(&ways)) };
            format!("{server} offers no way to sign in with a password{only}")
        }
        Outcome::Unanswered { no_answer } => {
            format!("{server} did not answer the sign-in: {}", no_answer_words(of, no_answer))
        }
    }
}

/// The ways to sign in among what a server offers; an IMAP server lists all else that it can do, too.
fn ways(of: Protocol, offered: &[String]) -> Vec<String> {
    let all = offered.iter();
    match of {
        Protocol::Imap => all.filter_map(|word| word.strip_prefix("AUTH=")).map(str::to_owned).collect(),
        Protocol::Smtp => all.cloned().collect(),
    }
}

/// What came of one more sign-in.
pub(super) fn again(of: Protocol, differs_by: Difference, again: Option<&SignIn>) -> String {
    let how = match differs_by {
        Difference::LoginName => "with the other form of the login name",
        Difference::Mechanism => "with LOGIN instead of PLAIN",
        Difference::Password => "with the password in the form that Apple shows",
    };
    match again {
        Some(again) => format!("a second try {how}: {}", sign_in(of, again)),
        None => format!("a second try at {} {how} was not possible", server(of)),
    }
}

/// What a conversation came to in which nobody was to sign in.
pub(super) fn greeted(of: Protocol) -> String {
    format!("{} answers; no sign-in was asked for", server(of))
}

/// The server took a message from this address.
pub(super) fn took_message(address: &str) -> String {
    format!("the SMTP server took a message from {}", quoted::name(address))
}

/// An address that the server lets send.
pub(super) fn may_send(address: &str) -> String {
    format!("the SMTP server lets {address} send, as far as it says before a message is sent")
}

/// Where a conversation ended before it was over.
fn interruption(of: Protocol, interruption: &Interruption) -> String {
    let asked_for = match interruption.awaiting {
        Awaiting::Greeting => "its greeting",
        Awaiting::Capabilities => "the list of what it can do",
        Awaiting::Starttls => "its answer to STARTTLS",
        Awaiting::AfterSignIn => "its answers after the sign-in",
    };
    let why = no_answer_words(of, &interruption.no_answer);
    format!("{} did not send {asked_for}: {why}", server(of))
}

fn no_answer_words(of: Protocol, no_answer: &NoAnswer) -> String {
    match no_answer {
        NoAnswer::TimedOut => "nothing came in time".to_owned(),
        NoAnswer::Closed => "the connection was closed instead".to_owned(),
        NoAnswer::Reset => "the connection was reset instead".to_owned(),
        NoAnswer::Broken { words } => format!("the connection broke ({words})"),
        NoAnswer::Unreadable { line } => format!("what came is not {}: \"{}\"", of.name(), shortened(line)),
        NoAnswer::TooLong => "what came is longer than any answer of a real server".to_owned(),
    }
}
