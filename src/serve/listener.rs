//! The socket on which the service listens: limits on time, size and number hold every client in check.

use std::cell::Cell;
use std::convert::Infallible;
use std::net::SocketAddr;
use std::rc::Rc;
use std::time::Duration;

use checks::network::clock::{pause, within};
use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::header::{self, HeaderValue};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;

use super::answers::{Answer, Body, Knows, answer};
use super::guard::{Guard, Verdict};
use super::routes::Request;
use crate::misuse::Misuse;
use crate::words::serve as words;

/// How long a client may take for the head of its request.
const HEAD: Duration = Duration::from_secs(5);
/// How long a connection may last: each is for one request.
const CONNECTION: Duration = Duration::from_secs(20);
/// How many bytes the head of a request may have; hyper allows no less than 8 KiB.
const LONGEST_HEAD: usize = 16 << 10;
const MOST_HEADERS: usize = 64;
/// How many connections there may be at once; others wait in the system's queue.
const MOST_CONNECTIONS: usize = 64;
/// How long to wait where the system gives no more connections.
const OUT_OF_FILES: Duration = Duration::from_millis(100);

/// A page loads nothing, runs nothing, sends nothing, and is in no frame; its style is in it.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; \
                      frame-ancestors 'none'";

/// The open socket.
pub(super) struct Listener {
    socket: TcpListener,
    /// How many connections there are.
    open: Rc<Open>,
}

#[derive(Default)]
struct Open {
    count: Cell<usize>,
    one_less: Notify,
}

/// Counts a connection as long as it is there.
struct Counted(Rc<Open>);

impl Counted {
    fn new(open: &Rc<Open>) -> Self {
        open.count.set(open.count.get() + 1);
        Self(Rc::clone(open))
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.count.set(self.0.count.get() - 1);
        self.0.one_less.notify_one();
    }
}

impl Listener {
    /// Opens the socket.
    pub(super) async fn bind(address: SocketAddr) -> Result<Self, Misuse> {
        let socket = TcpListener::bind(address).await.map_err(|fault| {
            Misuse::new(format!("it cannot listen on {address}: {fault}"), "name another address with --listen")
        })?;
        Ok(Self { socket, open: Rc::default() })
    }

    /// The address with the port that it got.
    pub(super) fn address(&self) -> Option<SocketAddr> {
        self.socket.local_addr().ok()
    }

    /// Answers requests for ever. It has to run within a local set.
    pub(super) async fn serve<K: Knows + 'static>(&self, known: Rc<K>, guard: impl Fn() -> Rc<Guard>) {
        loop {
            while self.open.count.get() >= MOST_CONNECTIONS {
                self.open.one_less.notified().await;
            }
            match self.socket.accept().await {
                Ok((stream, _)) => {
                    let (known, guard, counted) = (Rc::clone(&known), guard(), Counted::new(&self.open));
                    tokio::task::spawn_local(async move {
                        within(CONNECTION, connection(stream, known, guard)).await;
                        drop(counted);
                    });
                }
                // A client that has gone is no fault; a system without free files has some later.
                Err(_) => pause(OUT_OF_FILES).await,
            }
        }
    }

    /// Waits until every answer that was begun has been sent.
    pub(super) async fn ended(&self) {
        while self.open.count.get() > 0 {
            self.open.one_less.notified().await;
        }
    }
}

async fn connection<K: Knows>(stream: TcpStream, known: Rc<K>, guard: Rc<Guard>) {
    match &guard.tls {
        None => conversation(stream, &*known, &guard).await,
        Some(tls) => {
            // A client that does not encrypt, or has no certificate, gets no answer.
            if let Some(Ok(stream)) = within(HEAD, tls.accept(stream)).await {
                conversation(stream, &*known, &guard).await;
            }
        }
    }
}

async fn conversation(stream: impl AsyncRead + AsyncWrite + Unpin, known: &impl Knows, guard: &Guard) {
    let service = service_fn(|request: hyper::Request<Incoming>| async move {
        let answer = match guard.decide(text(&request, header::HOST), text(&request, header::AUTHORIZATION)).await {
            Verdict::LetIn => answered(&request, known),
            Verdict::NotForUs => Answer::sentence(421, words::NOT_FOR_US),
            Verdict::TooMany => Answer::sentence(429, words::TOO_MANY),
            Verdict::WhoIsThere => Answer { asks_who: true, ..Answer::sentence(401, words::WHO_IS_THERE) },
        };
        Ok::<_, Infallible>(response(answer))
    });
    let mut server = http1::Builder::new();
    server.timer(TokioTimer::new()).header_read_timeout(HEAD).keep_alive(false);
    server.max_buf_size(LONGEST_HEAD).max_headers(MOST_HEADERS);
    // What a client does wrong ends its own connection alone.
    let _ = server.serve_connection(TokioIo::new(stream), service).await;
}

fn text(request: &hyper::Request<Incoming>, name: header::HeaderName) -> Option<&str> {
    request.headers().get(name)?.to_str().ok()
}

fn answered(request: &hyper::Request<Incoming>, known: &impl Knows) -> Answer {
    // Browsers say from which page they send something; this service has none that sends.
    if request.method() == hyper::Method::POST && request.headers().contains_key(header::ORIGIN) {
        return Answer::sentence(403, words::FROM_A_PAGE);
    }
    let accept = request.headers().get_all(header::ACCEPT).iter().filter_map(|value| value.to_str().ok());
    let accept = accept.collect::<Vec<_>>().join(",");
    let (method, uri) = (request.method().as_str(), request.uri());
    answer(Request { method, path: uri.path(), query: uri.query().unwrap_or_default(), accept: &accept }, known)
}

fn response(answer: Answer) -> Response<Full<Bytes>> {
    let is_page = answer.is_page();
    let body = match answer.body {
        Body::Shared(text) => text,
        Body::Own(text) => Bytes::from(text),
    };
    let mut response = Response::new(Full::new(body));
    *response.status_mut() = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(answer.media_type));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    if is_page {
        headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
        headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    }
    if answer.asks_who {
        headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Basic realm=\"iCloud Mail\""));
    }
    if let Some(allow) = answer.allow {
        headers.insert(header::ALLOW, HeaderValue::from_static(allow));
    }
    response
}
