//! What a request asks for: a pure function of its method, path, query and headers.

use crate::render::Dialect;

/// What is read of a request.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Request<'r> {
    pub(super) method: &'r str,
    pub(super) path: &'r str,
    pub(super) query: &'r str,
    /// The header `Accept`; empty where there is none.
    pub(super) accept: &'r str,
}

/// What it asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Route {
    Home,
    Metrics(Dialect),
    Probe { target: String, dialect: Dialect },
    Report { target: String, which: Which },
    Healthy,
    Ready,
    Reload,
}

/// Which report of an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Which {
    Last,
    /// The last one with a problem.
    Failing,
}

/// Why it asks for nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NoRoute {
    NoSuchPath,
    /// The methods that the path has.
    NotThisMethod(&'static str),
    NoTarget,
}

const READING: &str = "GET, HEAD";
const RELOADING: &str = "POST";

/// Finds out what a request asks for.
pub(super) fn route(request: Request<'_>) -> Result<Route, NoRoute> {
    let dialect = dialect(request.accept);
    let target = || value(request.query, "target").filter(|target| !target.is_empty()).ok_or(NoRoute::NoTarget);
    let (methods, route) = match request.path {
        "/" => (READING, Ok(Route::Home)),
        "/metrics" => (READING, Ok(Route::Metrics(dialect))),
        "/probe" => (READING, target().map(|target| Route::Probe { target, dialect })),
        "/report" => {
            let is_failing = value(request.query, "which").is_some_and(|which| which == "failing");
            let which = if is_failing { Which::Failing } else { Which::Last };
            (READING, target().map(|target| Route::Report { target, which }))
        }
        "/-/healthy" => (READING, Ok(Route::Healthy)),
        "/-/ready" => (READING, Ok(Route::Ready)),
        "/-/reload" => (RELOADING, Ok(Route::Reload)),
        _ => return Err(NoRoute::NoSuchPath),
    };
    match methods.split(", ").any(|method| method == request.method) {
        true => route,
        false => Err(NoRoute::NotThisMethod(methods)),
    }
}

/// The first value of this name in a query, without its escapes.
fn value(query: &str, name: &str) -> Option<String> {
    query.split('&').find_map(|pair| {
        let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
        (unescaped(key)? == name).then(|| unescaped(value)).flatten()
    })
}

/// A part of a query as it was meant; `None` where it is not text.
fn unescaped(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        match byte {
            b'+' => bytes.push(b' '),
            b'%' => {
                let mut digit = || char::from(rest.next()?).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
                bytes.push(digit()? << 4 | digit()?);
            }
            _ => bytes.push(byte),
        }
    }
    String::from_utf8(bytes).ok()
}

/// The dialect that a scraper likes best (RFC 9110, section 12.5.1). One that does not say gets Prometheus' own.
fn dialect(accept: &str) -> Dialect {
    let (mut open, mut plain) = (0, 0);
    for range in accept.split(',') {
        let mut parts = range.split(';').map(str::trim);
        let media = parts.next().unwrap_or_default().to_ascii_lowercase();
        let parameters = parts.filter_map(|part| part.split_once('=')).map(|(name, value)| (name.trim(), value.trim()));
        let (mut quality, mut version) = (1_000, "");
        for (name, value) in parameters {
            match name.to_ascii_lowercase().as_str() {
                "q" => quality = thousandths(value),
                "version" => version = value,
                _ => {}
            }
        }
        match (media.as_str(), version) {
            ("application/openmetrics-text", "" | "1.0.0" | "0.0.1") => open = open.max(quality),
            ("text/plain" | "text/*" | "*/*", "" | "0.0.4") => plain = plain.max(quality),
            _ => {}
        }
    }
    if open > 0 && open >= plain { Dialect::OpenMetrics } else { Dialect::Prometheus }
}

/// A quality such as 0.75; one that is none counts as not wanted.
fn thousandths(text: &str) -> u32 {
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    let is_number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    match (whole, part.len()) {
        ("1", _) => 1_000,
        ("0", 0..=3) if is_number(part) => format!("{part:0<3}").parse().unwrap_or_default(),
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn get(path: &str) -> Result<Route, NoRoute> {
        let (path, query) = path.split_once('?').unwrap_or((path, ""));
        route(Request { method: "GET", path, query, accept: "" })
    }

    #[test]
    fn each_path_has_its_route_and_its_methods() {
        let last = |target: &str| Route::Report { target: target.to_owned(), which: Which::Last };
        for (path, expected) in [
            ("/", Ok(Route::Home)),
            ("/metrics", Ok(Route::Metrics(Dialect::Prometheus))),
            ("/metrics?x=y", Ok(Route::Metrics(Dialect::Prometheus))),
            ("/report?target=anna", Ok(last("anna"))),
            ("/report?target=a%20b+c%C3%A4&target=x", Ok(last("a b cä"))),
            (
                "/report?target=anna&which=failing",
                Ok(Route::Report { target: "anna".to_owned(), which: Which::Failing }),
            ),
            ("/-/healthy", Ok(Route::Healthy)),
            ("/-/ready", Ok(Route::Ready)),
            ("/-/reload", Err(NoRoute::NotThisMethod("POST"))),
            ("/probe", Err(NoRoute::NoTarget)),
            ("/probe?target=", Err(NoRoute::NoTarget)),
            ("/probe?target=%ff", Err(NoRoute::NoTarget)),
            ("/probe?target=%4", Err(NoRoute::NoTarget)),
            ("/Metrics", Err(NoRoute::NoSuchPath)),
            ("/metrics/", Err(NoRoute::NoSuchPath)),
            ("//metrics", Err(NoRoute::NoSuchPath)),
            ("/../etc/passwd", Err(NoRoute::NoSuchPath)),
            ("*", Err(NoRoute::NoSuchPath)),
        ] {
            assert_eq!(get(path), expected, "{path}");
        }
        for (method, path, expected) in [
            ("HEAD", "/metrics", Ok(Route::Metrics(Dialect::Prometheus))),
            ("POST", "/-/reload", Ok(Route::Reload)),
            ("HEAD", "/-/reload", Err(NoRoute::NotThisMethod("POST"))),
            ("POST", "/metrics", Err(NoRoute::NotThisMethod("GET, HEAD"))),
            ("get", "/metrics", Err(NoRoute::NotThisMethod("GET, HEAD"))),
            ("DELETE", "/x", Err(NoRoute::NoSuchPath)),
        ] {
            assert_eq!(route(Request { method, path, ..Request::default() }), expected, "{method} {path}");
        }
    }

    #[test]
    fn a_scraper_gets_the_dialect_that_it_likes_best() {
        let of_prometheus = "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,\
            application/openmetrics-text;version=0.0.1;q=0.5,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,\
            text/plain;version=0.0.4;q=0.3,*/*;q=0.2";
        for (accept, expected) in [
            ("", Dialect::Prometheus),
            ("*/*", Dialect::Prometheus),
            ("text/html", Dialect::Prometheus),
            (of_prometheus, Dialect::OpenMetrics),
            ("application/openmetrics-text; version=1.0.0", Dialect::OpenMetrics),
            ("Application/OpenMetrics-Text", Dialect::OpenMetrics),
            ("application/openmetrics-text;version=2.0.0", Dialect::Prometheus),
            ("application/openmetrics-text;q=0", Dialect::Prometheus),
            ("application/openmetrics-text;q=0.2,text/plain;q=0.9", Dialect::Prometheus),
            ("application/openmetrics-text;q=x,text/plain", Dialect::Prometheus),
            (";;;,,,=", Dialect::Prometheus),
        ] {
            assert_eq!(dialect(accept), expected, "{accept}");
        }
    }
}
