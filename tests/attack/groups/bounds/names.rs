//! Resolvers that lie, repeat themselves, or never stop.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, UdpSocket};

use super::in_time;
use crate::cloud::Cloud;
use crate::imap::Imap;
use crate::resolver::{self, end_of_question};
use crate::smtp::Smtp;
use crate::{Attack, attack};

/// A record after the name, which is the question's own: type, class, time to live, length and data.
fn record(kind: u8, data: &[u8]) -> Vec<u8> {
    let length = u16::try_from(data.len()).unwrap().to_be_bytes();
    [&[0xc0, 12, 0, kind, 0, 1, 0, 0, 0, 20], length.as_slice(), data].concat()
}

/// An answer with these flags and records.
fn answer(question: &[u8], flags: [u8; 2], records: &[Vec<u8>]) -> Vec<u8> {
    let mut reply = question[..end_of_question(question)].to_vec();
    reply[2..4].copy_from_slice(&flags);
    let [high, low] = u16::try_from(records.len()).unwrap().to_be_bytes();
    reply[6..12].copy_from_slice(&[high, low, 0, 0, 0, 0]);
    reply.extend(records.concat());
    reply
}

const FINE: [u8; 2] = [0x81, 0x80];
const CUT_SHORT: [u8; 2] = [0x83, 0x80];
const FAILED: [u8; 2] = [0x81, 0x82];

/// How a resolver answers a datagram.
type Answer = fn(&[u8]) -> Vec<Vec<u8>>;

/// What a resolver says over a stream.
type Framed = fn(&[u8]) -> Vec<u8>;

const ANSWERS: [(&str, Answer); 9] = [
    ("nothing", |_| Vec::new()),
    ("noise", |_| vec![vec![0xff; 512]]),
    ("an alias of itself", |question| vec![answer(question, FINE, &[record(5, &[0xc0, 12])])]),
    ("a hundred aliases of itself", |question| vec![answer(question, FINE, &vec![record(5, &[0xc0, 12]); 100])]),
    ("a name that points at itself", |question| {
        let at = u8::try_from(end_of_question(question)).unwrap();
        let mut reply = answer(question, FINE, &[record(1, &[127, 0, 0, 1])]);
        let at_name = usize::from(at);
        reply[at_name + 1] = at;
        vec![reply]
    }),
    ("two hundred addresses", |question| {
        vec![answer(question, FINE, &(0..200).map(|nth| record(1, &[127, 0, 1, nth])).collect::<Vec<_>>())]
    }),
    ("ten thousand answers to others", |question| {
        let mut forged = answer(question, FINE, &[]);
        forged[0] ^= 0xff;
        vec![forged; 10_000]
    }),
    ("more records than come", |question| {
        let mut reply = answer(question, FINE, &[record(1, &[127, 0, 0, 1])]);
        reply[6..8].copy_from_slice(&[0xff, 0xff]);
        vec![reply]
    }),
    ("failures", |question| vec![answer(question, FAILED, &[])]),
];

pub(super) fn all() -> Vec<Attack> {
    let by_datagram = |(name, answer): (&'static str, Answer)| {
        attack(format!("DNS: {name}"), move || checked(resolver::serve(answer)))
    };
    let mut attacks: Vec<Attack> = ANSWERS.into_iter().map(by_datagram).collect();
    let streams: [(&'static str, Framed); 5] = [
        ("four thousand addresses", |question| {
            framed(&answer(question, FINE, &vec![record(1, &[127, 0, 0, 1]); 4_000]))
        }),
        ("four thousand texts, and a failure", |question| {
            framed(&answer(question, FAILED, &vec![record(16, &[1, 0xff]); 4_000]))
        }),
        ("a text of 60 kB that has to be escaped", |question| {
            framed(&answer(question, FAILED, &[record(16, &[&[250], [0_u8; 250].as_slice()].concat().repeat(240))]))
        }),
        ("64 kB that never come", |_| vec![0xff, 0xff, 0]),
        ("an empty message", |_| vec![0, 0]),
    ];
    attacks.extend(
        streams.map(|(name, answer)| attack(format!("DNS by TCP: {name}"), move || checked(by_stream(answer)))),
    );
    attacks
}

fn checked(resolver: SocketAddr) -> crate::Held {
    let cloud = Cloud { resolver, ..Cloud::of(Imap::default(), Smtp::default()) };
    in_time(cloud.check())
}

fn framed(message: &[u8]) -> Vec<u8> {
    [&u16::try_from(message.len()).unwrap().to_be_bytes(), message].concat()
}

/// A resolver whose datagrams are cut short, and which says the rest over TCP.
fn by_stream(answer_to: Framed) -> SocketAddr {
    // The same number has to be free for both.
    let (listener, socket) = std::iter::repeat_with(|| {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let socket = UdpSocket::bind(listener.local_addr().unwrap());
        (listener, socket)
    })
    .find_map(|(listener, socket)| Some((listener, socket.ok()?)))
    .unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        let mut bytes = [0; 4096];
        while let Ok((length, from)) = socket.recv_from(&mut bytes) {
            let _ = socket.send_to(&answer(&bytes[..length], CUT_SHORT, &[]), from);
        }
    });
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            std::thread::spawn(move || {
                let mut question = [0; 512];
                let length = stream.read(&mut question).unwrap_or_default();
                if length > 2 {
                    let _ = stream.write_all(&answer_to(&question[2..length]));
                    // It stays open, as if there were more to come.
                    let _ = stream.read(&mut question);
                }
            });
        }
    });
    address
}
