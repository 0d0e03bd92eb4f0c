//! Questions to resolvers over our own sockets: a library's resolver hides why a question failed.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use hickory_resolver::proto::op::{Message, MessageType, Query as Question, ResponseCode};
use hickory_resolver::proto::rr::{Name, RData, RecordType};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpStream, UdpSocket};

use super::super::{Answer, Query, QueryFailed, Record, RecordKind, RecordValue, Transport};
use super::connect::has_route;

/// A name has at most 253 characters (RFC 1035 section 3.1), unless it is full of escapes.
const LONGEST: usize = 253;

/// Asks once.
pub(super) async fn ask(query: &Query) -> Result<Answer, QueryFailed> {
    let Ok(name) = Name::from_utf8(format!("{}.", query.name)) else {
        return Err(QueryFailed::Other(format!("\"{}\" is no host name", query.name)));
    };
    let mut message = Message::query();
    message.metadata.recursion_desired = true;
    message.add_query(Question::query(
        name,
        match query.kind {
            RecordKind::A => RecordType::A,
            RecordKind::Aaaa => RecordType::AAAA,
        },
    ));
    let bytes = message.to_vec().map_err(|fault| QueryFailed::Other(fault.to_string()))?;
    let answer = match query.transport {
        Transport::Udp => by_datagram(query.resolver, &bytes, &message).await,
        Transport::Tcp => by_stream(query.resolver, &bytes, &message).await,
    };
    match answer {
        Ok(Some(answer)) => Ok(read(&answer, query.kind)),
        Ok(None) => Err(QueryFailed::Unreadable),
        Err(fault) => Err(failed(&fault, query.resolver)),
    }
}

#[allow(clippy::disallowed_methods, reason = "this is the door")]
async fn by_datagram(resolver: SocketAddr, bytes: &[u8], question: &Message) -> io::Result<Option<Message>> {
    let any = match resolver {
        SocketAddr::V4(_) => IpAddr::V4(Ipv4Addr::UNSPECIFIED),
        SocketAddr::V6(_) => IpAddr::V6(Ipv6Addr::UNSPECIFIED),
    };
    let socket = UdpSocket::bind((any, 0)).await?;
    // Connected, so that the system reports a closed port and drops answers of others.
    socket.connect(resolver).await?;
    socket.send(bytes).await?;
    let mut bytes = vec![0; 4096];
    let mut strange = false;
    loop {
        let length = match socket.recv(&mut bytes).await {
            Ok(length) => length,
            // After something unreadable came, a later error does not change that.
            Err(_) if strange => return Ok(None),
            Err(fault) => return Err(fault),
        };
        match Message::from_vec(&bytes[..length]) {
            Ok(message) if answers(&message, question) => return Ok(Some(message)),
            // An answer to another question, perhaps forged: the right one may still come.
            Ok(_) => strange = true,
            Err(_) => return Ok(None),
        }
    }
}

#[allow(clippy::disallowed_methods, reason = "this is the door")]
async fn by_stream(resolver: SocketAddr, bytes: &[u8], question: &Message) -> io::Result<Option<Message>> {
    let mut stream = TcpStream::connect(resolver).await?;
    let length = u16::try_from(bytes.len()).map_err(io::Error::other)?;
    let mut framed = length.to_be_bytes().to_vec();
    framed.extend_from_slice(bytes);
    stream.write_all(&framed).await?;
    let mut bytes = vec![0; usize::from(stream.read_u16().await?)];
    stream.read_exact(&mut bytes).await?;
    Ok(Message::from_vec(&bytes).ok().filter(|message| answers(message, question)))
}

/// Whether a message answers this question (RFC 5452 section 9.1). A resolver that refuses to answer may leave the
/// question out.
fn answers(message: &Message, question: &Message) -> bool {
    let is_refusal = message.metadata.response_code != ResponseCode::NoError && message.answers.is_empty();
    message.metadata.id == question.metadata.id
        && message.metadata.message_type == MessageType::Response
        && (message.queries == question.queries || message.queries.is_empty() && is_refusal)
}

/// An address of the other family was not asked for.
fn read(message: &Message, kind: RecordKind) -> Answer {
    Answer {
        code: match message.metadata.response_code {
            ResponseCode::NoError => "NOERROR".to_owned(),
            ResponseCode::FormErr => "FORMERR".to_owned(),
            ResponseCode::ServFail => "SERVFAIL".to_owned(),
            ResponseCode::NXDomain => "NXDOMAIN".to_owned(),
            ResponseCode::NotImp => "NOTIMP".to_owned(),
            ResponseCode::Refused => "REFUSED".to_owned(),
            other => format!("RCODE{}", u16::from(other)),
        },
        truncated: message.metadata.truncation,
        records: message
            .answers
            .iter()
            .take(Answer::MOST_RECORDS)
            .map(|record| Record {
                name: host_name(&record.name),
                ttl: record.ttl,
                value: match &record.data {
                    RData::A(address) if kind == RecordKind::A => RecordValue::Address(IpAddr::V4(address.0)),
                    RData::AAAA(address) if kind == RecordKind::Aaaa => RecordValue::Address(IpAddr::V6(address.0)),
                    RData::CNAME(name) => RecordValue::Alias(host_name(name)),
                    other => RecordValue::Other(shortened(&format!("{} {other}", record.record_type()))),
                },
            })
            .collect(),
    }
}

fn host_name(name: &Name) -> String {
    shortened(name.to_utf8().trim_end_matches('.')).to_lowercase()
}

/// A text that is no longer than an honest one.
fn shortened(text: &str) -> String {
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

fn failed(fault: &io::Error, resolver: SocketAddr) -> QueryFailed {
    match fault.kind() {
        io::ErrorKind::TimedOut => QueryFailed::TimedOut,
        io::ErrorKind::ConnectionRefused | io::ErrorKind::ConnectionReset => QueryFailed::Refused,
        io::ErrorKind::NetworkUnreachable if !has_route(resolver) => QueryFailed::NoRoute,
        io::ErrorKind::AddrNotAvailable => QueryFailed::NoRoute,
        io::ErrorKind::NetworkUnreachable | io::ErrorKind::HostUnreachable => QueryFailed::Unreachable,
        io::ErrorKind::PermissionDenied => QueryFailed::Prohibited,
        io::ErrorKind::UnexpectedEof => QueryFailed::Unreadable,
        _ => QueryFailed::Other(fault.to_string()),
    }
}
