//! Does Apple itself say that something is wrong?

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc2822;

use crate::dns;
use crate::network::clock::within;
use crate::network::{Fetch, FetchFailed, Network, Page};
use crate::plan::Plan;
use crate::run::Run;

/// What was learned of Apple's status page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "AppleStatusFacts")]
pub struct Facts {
    /// Where it was fetched.
    pub url: String,
    /// The proxy that it was fetched through.
    pub proxy: Option<String>,
    /// What was learned of its host's name; not asked if a proxy is in between.
    pub dns: Option<dns::Facts>,
    /// What came.
    pub outcome: Outcome,
    /// How far this machine's clock is ahead of the page's server, in seconds; negative when it is behind.
    pub clock_ahead_s: Option<i64>,
}

/// What came of fetching the page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "AppleStatusOutcome")]
#[serde(rename_all = "kebab-case", tag = "result")]
pub enum Outcome {
    /// Apple's feed.
    Read {
        /// The number of services it lists.
        services: usize,
        /// The services in the feed that mail depends on.
        mail_services: Vec<Service>,
    },
    /// Something that is not Apple's feed, or a feed that has changed its form.
    NotTheFeed {
        /// The HTTP status.
        status: u16,
        /// What kind of page it says to be.
        content_type: Option<String>,
        /// How it begins.
        beginning: String,
    },
    /// Nothing.
    NotFetched {
        /// Why not.
        why: FetchFailed,
    },
    /// Its name has no address.
    NoAddress,
    /// Not waited for: the mail servers had answered and had no problem.
    Late,
}

/// A service on Apple's page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Service {
    /// Its name.
    pub name: String,
    /// What Apple reports about it; empty when all is well.
    pub events: Vec<Event>,
}

/// An event on Apple's page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Event {
    /// For instance `Outage`, `Issue`, `Performance`, `Maintenance`.
    pub kind: Option<String>,
    /// For instance `ongoing`, `resolved`, `upcoming`, `completed`.
    pub status: Option<String>,
    /// Apple's text for users.
    pub message: Option<String>,
    /// The number of affected users, in Apple's words.
    pub users_affected: Option<String>,
    /// When it began.
    #[serde(with = "time::serde::rfc3339::option")]
    #[schemars(with = "Option<String>", extend("format" = "date-time"))]
    pub started: Option<OffsetDateTime>,
    /// When it ended, if it has.
    #[serde(with = "time::serde::rfc3339::option")]
    #[schemars(with = "Option<String>", extend("format" = "date-time"))]
    pub ended: Option<OffsetDateTime>,
    /// Whether it is under way now, by this machine's clock.
    pub covers_now: bool,
}

/// The services that mail outside Apple's programs depends on. `Apple ID` became `Apple Account` in October 2024
/// (inket/stts); `Apple Account Card` is a gift card and not one of them.
const MAIL_SERVICES: [&str; 4] = ["iCloud Mail", "iCloud Account & Sign In", "Apple Account", "Apple ID"];

/// The most that is kept of something that is not the feed.
const BEGINNING: usize = 200;

impl Facts {
    /// The events that Apple reports as under way now, each with its service.
    pub fn ongoing(&self) -> Vec<(&str, &Event)> {
        let Outcome::Read { mail_services, .. } = &self.outcome else { return Vec::new() };
        mail_services
            .iter()
            .flat_map(|service| service.events.iter().map(|event| (service.name.as_str(), event)))
            .filter(|(_, event)| event.covers_now)
            .collect()
    }

    /// No answer within the time that the page is worth waiting for.
    pub(crate) fn late(url: &str) -> Self {
        Self { url: url.to_owned(), proxy: None, dns: None, outcome: Outcome::Late, clock_ahead_s: None }
    }
}

pub(crate) fn contacts(plan: &Plan) -> Vec<String> {
    vec![format!("{}  Apple's status page", plan.status_url)]
}

/// Fetches and reads the page.
pub(crate) async fn ask<N: Network>(run: &Run<'_, N>) -> Facts {
    let url = &run.plan.status_url;
    let (proxy, names, page) = fetch(url, run).await;
    let now = run.net.now();
    let (outcome, clock_ahead_s) = match page {
        None => (Outcome::NoAddress, None),
        Some(Err(why)) => (Outcome::NotFetched { why }, None),
        Some(Ok(page)) => (read(&page, now), clock_ahead(&page, now)),
    };
    Facts { url: url.clone(), proxy, dns: names, outcome, clock_ahead_s }
}

type Fetched = (Option<String>, Option<dns::Facts>, Option<Result<Page, FetchFailed>>);

/// Fetches a page: asks for its host's addresses first, where no proxy does that.
pub(crate) async fn fetch<N: Network>(url: &str, run: &Run<'_, N>) -> Fetched {
    let proxy = run.net.proxy_for(url);
    let mut names = None;
    if proxy.is_none() {
        let found = dns::ask(host_of(url), run).await;
        let is_found = !found.addresses.is_empty();
        names = Some(found);
        if !is_found {
            return (proxy, names, None);
        }
    }
    let addresses = names.iter().flat_map(|names| &names.addresses).map(|address| address.address).collect();
    let fetch = Fetch { url: url.to_owned(), addresses };
    let page = within(run.plan.timeout, run.net.fetch(&fetch)).await.unwrap_or(Err(FetchFailed::TimedOut));
    (proxy, names, Some(page))
}

/// The host of a page's address.
pub(crate) fn host_of(url: &str) -> &str {
    url.split("://").nth(1).unwrap_or(url).split(['/', ':', '?']).next().unwrap_or_default()
}

/// How far this clock is ahead of the one in a page's `Date` (RFC 9110 section 5.6.7, in the one form that servers still
/// send), in seconds.
pub(crate) fn clock_ahead(page: &Page, now: OffsetDateTime) -> Option<i64> {
    let date = page.date.as_deref()?.replace("GMT", "+0000");
    Some((now - OffsetDateTime::parse(&date, &Rfc2822).ok()?).whole_seconds())
}

fn read(page: &Page, now: OffsetDateTime) -> Outcome {
    let feed = (page.status == 200).then(|| serde_json::from_str::<Feed>(unwrapped(&page.body)).ok()).flatten();
    match feed {
        Some(feed) => Outcome::Read {
            services: feed.services.len(),
            mail_services: feed.services.into_iter().filter_map(|service| service.of_mail(now)).collect(),
        },
        None => Outcome::NotTheFeed {
            status: page.status,
            content_type: page.content_type.clone(),
            beginning: page.body.chars().take(BEGINNING).collect(),
        },
    }
}

/// The consumer feed is plain JSON; the developers' feed is wrapped in `jsonCallback(…);`. Both are read.
fn unwrapped(body: &str) -> &str {
    let body = body.trim_start_matches('\u{feff}').trim();
    if body.starts_with('{') {
        return body;
    }
    match (body.find('('), body.rfind(')')) {
        (Some(open), Some(close)) if open < close => &body[open + 1..close],
        _ => body,
    }
}

#[derive(Deserialize)]
struct Feed {
    services: Vec<FeedService>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct FeedService {
    service_name: String,
    #[serde(default)]
    events: Vec<FeedEvent>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct FeedEvent {
    status_type: Option<String>,
    event_status: Option<String>,
    message: Option<String>,
    users_affected: Option<String>,
    epoch_start_date: Option<i64>,
    epoch_end_date: Option<i64>,
}

impl FeedService {
    fn of_mail(self, now: OffsetDateTime) -> Option<Service> {
        // One capture of 2021 holds names with `&amp;`.
        let name = self.service_name.replace("&amp;", "&");
        MAIL_SERVICES
            .contains(&name.as_str())
            .then(|| Service { name, events: self.events.into_iter().map(|event| event.read(now)).collect() })
    }
}

impl FeedEvent {
    fn read(self, now: OffsetDateTime) -> Event {
        let moment = |milliseconds: i64| OffsetDateTime::from_unix_timestamp(milliseconds / 1000).ok();
        let (started, ended) = (self.epoch_start_date.and_then(moment), self.epoch_end_date.and_then(moment));
        let is_over = matches!(self.event_status.as_deref(), Some("resolved" | "completed" | "upcoming"));
        Event {
            kind: self.status_type,
            covers_now: !is_over
                && started.is_some_and(|started| started <= now)
                && ended.is_none_or(|ended| now < ended),
            status: self.event_status,
            message: self.message,
            users_affected: self.users_affected,
            started,
            ended,
        }
    }
}
