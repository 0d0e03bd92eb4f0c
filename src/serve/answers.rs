//! The answer to a request, from what the service knows.

use hyper::body::Bytes;

use super::routes::{NoRoute, Request, Route, Which, route};
use crate::render::Dialect;
use crate::words::serve as words;

/// What answers need to know.
pub(super) trait Knows {
    /// The metrics of all accounts.
    fn metrics(&self, dialect: Dialect) -> Bytes;
    /// Those of one account; `None` where there is none of that name.
    fn probe(&self, target: &str, dialect: Dialect) -> Option<String>;
    /// The page of a report.
    fn report(&self, target: &str, which: Which) -> Reported;
    /// The page with links.
    fn home(&self) -> Option<String>;
    fn is_ready(&self) -> bool;
    /// Reads the list again, and returns what came of it in a sentence.
    fn reload(&self) -> Result<String, String>;
}

/// The page of a report, or why there is none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Reported {
    Page(String),
    NoSuchAccount,
    /// There is none yet.
    NotYet,
}

/// The body of an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Body {
    /// It is kept once, however many ask for it.
    Shared(Bytes),
    Own(String),
}

/// An answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) media_type: &'static str,
    pub(super) body: Body,
    /// The methods that the path has, where this one is not among them.
    pub(super) allow: Option<&'static str>,
    /// Whether it asks for a user and a password.
    pub(super) asks_who: bool,
}

const TEXT: &str = "text/plain; charset=utf-8";
const HTML: &str = "text/html; charset=utf-8";

impl Answer {
    /// A sentence.
    pub(super) fn sentence(status: u16, sentence: impl Into<String>) -> Self {
        let body = Body::Own(sentence.into() + "\n");
        Self { status, media_type: TEXT, body, allow: None, asks_who: false }
    }

    fn page(page: String) -> Self {
        Self { status: 200, media_type: HTML, body: Body::Own(page), allow: None, asks_who: false }
    }

    fn metrics(dialect: Dialect, body: Body) -> Self {
        Self { status: 200, media_type: dialect.media_type(), body, allow: None, asks_who: false }
    }

    pub(super) fn is_page(&self) -> bool {
        self.media_type == HTML
    }
}

/// Answers a request.
pub(super) fn answer(request: Request<'_>, known: &impl Knows) -> Answer {
    let route = match route(request) {
        Ok(route) => route,
        Err(NoRoute::NoSuchPath) => return Answer::sentence(404, words::NO_SUCH_PATH),
        Err(NoRoute::NoTarget) => return Answer::sentence(400, words::NO_TARGET),
        Err(NoRoute::NotThisMethod(allow)) => {
            return Answer { allow: Some(allow), ..Answer::sentence(405, words::not_this_method(allow)) };
        }
    };
    match route {
        Route::Home => known.home().map_or_else(|| Answer::sentence(500, words::NO_PAGE), Answer::page),
        Route::Metrics(dialect) => Answer::metrics(dialect, Body::Shared(known.metrics(dialect))),
        Route::Probe { target, dialect } => match known.probe(&target, dialect) {
            Some(metrics) => Answer::metrics(dialect, Body::Own(metrics)),
            None => Answer::sentence(404, words::NO_SUCH_ACCOUNT),
        },
        Route::Report { target, which } => match known.report(&target, which) {
            Reported::Page(page) => Answer::page(page),
            Reported::NoSuchAccount => Answer::sentence(404, words::NO_SUCH_ACCOUNT),
            Reported::NotYet => Answer::sentence(404, words::no_report(which == Which::Failing)),
        },
        Route::Healthy => Answer::sentence(200, words::HEALTHY),
        Route::Ready if known.is_ready() => Answer::sentence(200, words::READY),
        Route::Ready => Answer::sentence(503, words::NOT_READY),
        Route::Reload => match known.reload() {
            Ok(sentence) => Answer::sentence(200, sentence),
            Err(sentence) => Answer::sentence(500, sentence),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A service with one account, `anna`, without a report.
    struct Invented {
        is_ready: bool,
    }

    impl Knows for Invented {
        fn metrics(&self, dialect: Dialect) -> Bytes {
            format!("all as {dialect:?}").into()
        }

        fn probe(&self, target: &str, dialect: Dialect) -> Option<String> {
            (target == "anna").then(|| format!("{target} as {dialect:?}"))
        }

        fn report(&self, target: &str, which: Which) -> Reported {
            match (target, which) {
                ("anna", Which::Failing) => Reported::NotYet,
                ("anna", Which::Last) => Reported::Page("a page".to_owned()),
                _ => Reported::NoSuchAccount,
            }
        }

        fn home(&self) -> Option<String> {
            Some("home".to_owned())
        }

        fn is_ready(&self) -> bool {
            self.is_ready
        }

        fn reload(&self) -> Result<String, String> {
            if self.is_ready { Ok("read".to_owned()) } else { Err("broken".to_owned()) }
        }
    }

    fn asked(is_ready: bool, method: &str, path: &str) -> (u16, &'static str, String) {
        let (path, query) = path.split_once('?').unwrap_or((path, ""));
        let answer = answer(Request { method, path, query, accept: "" }, &Invented { is_ready });
        let body = match answer.body {
            Body::Shared(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
            Body::Own(text) => text,
        };
        (answer.status, answer.media_type, body.trim_end().to_owned())
    }

    #[test]
    fn each_route_has_its_answer() {
        for (path, status, body) in [
            ("/", 200, "home"),
            ("/metrics", 200, "all as Prometheus"),
            ("/probe?target=anna", 200, "anna as Prometheus"),
            ("/probe?target=berta", 404, words::NO_SUCH_ACCOUNT),
            ("/probe", 400, words::NO_TARGET),
            ("/report?target=anna", 200, "a page"),
            ("/report?target=anna&which=failing", 404, words::no_report(true)),
            ("/report?target=berta", 404, words::NO_SUCH_ACCOUNT),
            ("/-/healthy", 200, words::HEALTHY),
            ("/-/ready", 200, words::READY),
            ("/x", 404, words::NO_SUCH_PATH),
        ] {
            let (its, media_type, said) = asked(true, "GET", path);
            assert_eq!((its, said.as_str()), (status, body), "{path}");
            assert_eq!(media_type == HTML, ["home", "a page"].contains(&body), "{path}");
        }
        assert_eq!(asked(false, "GET", "/-/ready").0, 503);
        assert_eq!(asked(true, "POST", "/-/reload"), (200, TEXT, "read".to_owned()));
        assert_eq!(asked(false, "POST", "/-/reload"), (500, TEXT, "broken".to_owned()));
        assert_eq!(asked(true, "POST", "/metrics").0, 405);
    }
}
