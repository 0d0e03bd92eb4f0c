//! The web: Apple's status page, a plain page that should be there, and what answers in their place.

use checks::apple_status::{self, Event};
use checks::network::{FetchFailed, Judgement};
use checks::second_look::plain_page;

use super::shortened;
use crate::diagnosis::saw::Web;

pub(super) fn said(saw: &Web) -> String {
    match saw {
        Web::Answers => "the web can be reached: a page of Apple's answered".to_owned(),
        Web::StatusNotFetched(why) => status_not_read(why),
        Web::Posted(service, event) => posted(service, event),
        Web::PlainPageMissing(outcome) => {
            let why = match outcome {
                plain_page::Outcome::NotFetched { why } => not_fetched(why),
                _ => NOT_FOUND.to_owned(),
            };
            format!("a plain page of Apple's did not come either: {why}")
        }
        Web::Portal { url, status, location } => {
            let points = location.as_ref().map(|to| format!(" and points to {}", shortened(to))).unwrap_or_default();
            format!("{url} should say \"Success\", but something else answered (HTTP {status}){points}")
        }
    }
}

const NOT_FOUND: &str = "its name was not found";

fn posted(service: &str, event: &Event) -> String {
    let since =
        event.started.map(|at| format!(" since {} {} {:02}:{:02} UTC", at.day(), at.month(), at.hour(), at.minute()));
    let message = event.message.as_deref().map(|text| format!(": {}", shortened(text)));
    let (since, message) = (since.unwrap_or_default(), message.unwrap_or_default());
    format!("Apple's status page reports \"{}\" for {service}{since}{message}", kind(event))
}

fn kind(event: &Event) -> &str {
    event.kind.as_deref().unwrap_or("an event")
}

/// What Apple's status page came to.
pub(super) fn status(facts: &apple_status::Facts) -> String {
    match &facts.outcome {
        apple_status::Outcome::Read { .. } => match facts.ongoing().first() {
            Some((service, event)) => format!("Apple reports \"{}\" for {service} now", kind(event)),
            None => "Apple reports no problem with mail now (its page can be an hour late)".to_owned(),
        },
        apple_status::Outcome::NotTheFeed { status, .. } => {
            format!("what came is not Apple's status page (HTTP {status}), so it is not known what Apple reports")
        }
        apple_status::Outcome::NotFetched { why } => status_not_read(why),
        apple_status::Outcome::NoAddress => format!("Apple's status page could not be read: {NOT_FOUND}"),
        apple_status::Outcome::Late => {
            "not waited for, because the mail servers had answered without a problem".to_owned()
        }
    }
}

fn status_not_read(why: &FetchFailed) -> String {
    format!("Apple's status page could not be read: {}", not_fetched(why))
}

/// What the plain page came to.
pub(super) fn plain_page(outcome: &plain_page::Outcome) -> String {
    match outcome {
        plain_page::Outcome::Success => "the web can be reached: Apple's page came".to_owned(),
        plain_page::Outcome::SomethingElse { status, .. } => {
            format!("something else answered in place of Apple's page (HTTP {status})")
        }
        plain_page::Outcome::NotFetched { why } => format!("Apple's page did not come: {}", not_fetched(why)),
        plain_page::Outcome::NoAddress => format!("Apple's page did not come: {NOT_FOUND}"),
    }
}

/// Why a page was not fetched.
fn not_fetched(why: &FetchFailed) -> String {
    match why {
        FetchFailed::TimedOut => "no answer in time".to_owned(),
        FetchFailed::NotConnected(words) => format!("no connection ({words})"),
        FetchFailed::NotTrusted(judgement) => match judgement {
            Judgement::UnknownIssuer => {
                "its certificate is by an authority that this computer does not know".to_owned()
            }
            Judgement::Expired => "its certificate has expired, according to this computer's clock".to_owned(),
            Judgement::NotYetValid => "its certificate is not valid yet, according to this computer's clock".to_owned(),
            Judgement::Other(words) => format!("its certificate is not accepted ({words})"),
            Judgement::Trusted => "its certificate is accepted".to_owned(),
        },
        FetchFailed::Other(words) => words.clone(),
        FetchFailed::NotRecorded => "the recorded case does not have it".to_owned(),
    }
}
