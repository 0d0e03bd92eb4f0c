//! Web servers in the place of Apple's status page and of the plain page.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener};
use std::time::Duration;

use super::in_time;
use crate::cloud::Cloud;
use crate::imap::Imap;
use crate::smtp::Smtp;
use crate::{Attack, attack};

/// A page: its name, what comes first, and what comes again and again after it; nothing where the page ends.
type Page = (&'static str, fn() -> Vec<u8>, &'static [u8]);

const OK: &str = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ndate: Sat, 28 Nov 2026 12:00:00 GMT\r\n";

fn body(body: &str) -> Vec<u8> {
    format!("{OK}content-length: {}\r\n\r\n{body}", body.len()).into_bytes()
}

fn feed(service: &str, count: usize) -> Vec<u8> {
    let services = vec![service; count].join(",");
    body(&format!("{{\"services\":[{services}]}}"))
}

const PAGES: [Page; 18] = [
    ("a body without end", || format!("{OK}\r\n").into_bytes(), &[b' '; 16_384]),
    (
        "a body of four exabytes",
        || format!("{OK}content-length: 4611686018427387904\r\n\r\n").into_bytes(),
        b"xxxxxxxx",
    ),
    ("chunks without end", || format!("{OK}transfer-encoding: chunked\r\n\r\n").into_bytes(), b"1\r\nx\r\n"),
    (
        "a chunk of sixteen exabytes",
        || format!("{OK}transfer-encoding: chunked\r\n\r\nffffffffffffffff\r\n").into_bytes(),
        b"x",
    ),
    ("headers without end", || OK.as_bytes().to_vec(), b"x-more: and more\r\n"),
    ("a header without end", || format!("{OK}x-long: ").into_bytes(), &[b'x'; 16_384]),
    ("a status line without end", || b"HTTP/1.1 200 ".to_vec(), &[b'O'; 16_384]),
    ("provisional answers without end", Vec::new, b"HTTP/1.1 103 Early Hints\r\n\r\n"),
    ("redirected to itself", || b"HTTP/1.1 302 Found\r\nlocation: /\r\ncontent-length: 0\r\n\r\n".to_vec(), b""),
    (
        "redirected to a place of 60 kB",
        || format!("HTTP/1.1 302 Found\r\nlocation: /{}\r\ncontent-length: 0\r\n\r\n", "x".repeat(60_000)).into_bytes(),
        b"",
    ),
    ("two megabytes of services", || feed("{\"serviceName\":\"Apple ID\",\"events\":[]}", 50_000), b""),
    (
        "a service of 20 000 events",
        || {
            let events = vec![r#"{"eventStatus":"ongoing","epochStartDate":1}"#; 20_000].join(",");
            feed(&format!("{{\"serviceName\":\"iCloud Mail\",\"events\":[{events}]}}"), 1)
        },
        b"",
    ),
    (
        "an event whose message has a megabyte",
        || {
            let event =
                format!(r#"{{"eventStatus":"ongoing","epochStartDate":1,"message":"{}"}}"#, "m".repeat(1_000_000));
            feed(&format!("{{\"serviceName\":\"iCloud Mail\",\"events\":[{event}]}}"), 1)
        },
        b"",
    ),
    (
        "events at the ends of time",
        || {
            let at =
                |when: i64| format!(r#"{{"eventStatus":"ongoing","epochStartDate":{when},"epochEndDate":{when}}}"#);
            let events = [i64::MIN, i64::MAX, -377_705_116_800_000, 253_402_300_799_000].map(at).join(",");
            feed(&format!("{{\"serviceName\":\"iCloud Mail\",\"events\":[{events}]}}"), 1)
        },
        b"",
    ),
    ("half a million lists within lists", || body(&format!("{{\"services\":{}", "[".repeat(500_000))), b""),
    (
        "a date at the end of time",
        || b"HTTP/1.1 200 OK\r\ndate: Fri, 31 Dec 9999 23:59:60 GMT\r\ncontent-length: 2\r\n\r\n{}".to_vec(),
        b"",
    ),
    (
        "a page that says to be compressed",
        || {
            let zeros = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255].repeat(1_000);
            [format!("{OK}content-encoding: gzip\r\ncontent-length: {}\r\n\r\n", zeros.len()).into_bytes(), zeros]
                .concat()
        },
        b"",
    ),
    (
        "an HTTP/2 preface and frames without end",
        || b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".to_vec(),
        &[0, 0, 0, 4, 0, 0, 0, 0, 0],
    ),
];

pub(super) fn all() -> Vec<Attack> {
    let status = |(name, first, then): Page| {
        attack(format!("status page: {name}"), move || {
            let status_url = format!("http://{}/", serve(first, then));
            in_time(Cloud { status_url, ..Cloud::of(Imap::default(), Smtp::default()) }.check())
        })
    };
    let portal = |(name, first, then): Page| {
        attack(format!("plain page: {name}"), move || {
            let portal_url = format!("http://{}/", serve(first, then));
            // The plain page is fetched only after trouble on the way.
            let smtp = Smtp::default();
            let cloud = Cloud::serving(|wire| wire.say("no TLS here"), move |wire| smtp.serve(wire));
            in_time(Cloud { portal_url, ..cloud }.check())
        })
    };
    let plain = [PAGES[0], PAGES[4], PAGES[8], PAGES[9], PAGES[15]];
    PAGES.into_iter().map(status).chain(plain.into_iter().map(portal)).collect()
}

fn serve(first: fn() -> Vec<u8>, then: &'static [u8]) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            std::thread::spawn(move || {
                let _ = stream.set_write_timeout(Some(Duration::from_mins(1)));
                let _ = stream.read(&mut [0; 4096]);
                let mut sent = stream.write_all(&first());
                while sent.is_ok() && !then.is_empty() {
                    sent = stream.write_all(then);
                }
            });
        }
    });
    address
}
