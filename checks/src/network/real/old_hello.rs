//! The first message of a handshake as it was written before 2018, and what a server's first answer to it means.
//!
//! rustls offers nothing below TLS 1.2, which is right for a connection and too little for a question: a server that
//! knows only older versions may close without a word.

use std::io;

use rustls::crypto::CryptoProvider;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::super::{Handshake, TlsFailed};
use super::connect::Connection;

/// Cipher suites from TLS 1.2's back to those that are no longer safe (RFC 5246, RFC 8422, RFC 2246).
const CIPHER_SUITES: [u16; 17] = [
    0xc02f, 0xc030, 0xc02b, 0xc02c, 0xc013, 0xc014, 0xc009, 0xc00a, 0x009e, 0x009c, 0x009d, 0x0033, 0x0039, 0x002f,
    0x0035, 0x000a, 0x0005,
];

/// Sends the old hello over a plain connection and reads the first answer. There is never a connection afterwards.
pub(super) async fn shake(stream: Connection, name: &str, provider: &CryptoProvider) -> Handshake<Connection> {
    let Connection::Plain(mut tcp) = stream else {
        return Handshake::failed(TlsFailed::Other("the connection is encrypted already".to_owned()));
    };
    let mut random = [0; 32];
    // What is random here protects nothing: the handshake is not led to its end.
    let _ = provider.secure_random.fill(&mut random);
    // A record's header, a message's header and the version.
    let mut answer = [0; 11];
    let mut length = 0;
    let failed = match tcp.write_all(&hello(name, &random)).await {
        Err(fault) => broken(&fault),
        Ok(()) => loop {
            match tcp.read(&mut answer[length..]).await {
                Err(fault) => break broken(&fault),
                Ok(0) => break TlsFailed::Closed,
                Ok(more) => length += more,
            }
            if let Some(meaning) = meaning(&answer[..length]) {
                break meaning;
            }
        },
    };
    Handshake { first_bytes: answer[..length].escape_ascii().to_string(), ..Handshake::failed(failed) }
}

/// What the first bytes of an answer mean; `None` while they are too few.
fn meaning(answer: &[u8]) -> Option<TlsFailed> {
    const ALERT: u8 = 21;
    const HANDSHAKE: u8 = 22;
    const SERVER_HELLO: u8 = 2;
    match *answer {
        [] => None,
        [HANDSHAKE, _, _, _, _, SERVER_HELLO, _, _, _, 3, minor] => Some(match minor {
            0..=2 => TlsFailed::TooOld,
            _ => TlsFailed::Other("it answers a handshake of the old kind, with TLS 1.2".to_owned()),
        }),
        [ALERT, _, _, _, _, _, number, ..] => Some(TlsFailed::Alert(format!("number {number}"))),
        [HANDSHAKE | ALERT, ..] if answer.len() < 11 => None,
        _ => Some(TlsFailed::NotTls),
    }
}

fn broken(fault: &io::Error) -> TlsFailed {
    match fault.kind() {
        io::ErrorKind::ConnectionReset | io::ErrorKind::ConnectionAborted | io::ErrorKind::BrokenPipe => {
            TlsFailed::Reset
        }
        _ => TlsFailed::Other(fault.to_string()),
    }
}

/// A `ClientHello` of TLS 1.2 (RFC 5246 section 7.4.1.2), which a server of TLS 1.0 answers with its own version.
fn hello(name: &str, random: &[u8; 32]) -> Vec<u8> {
    let server_name = [&[0][..], &with_length(name.as_bytes())].concat();
    let extensions = [
        extension(0, &with_length(&server_name)),
        // renegotiation_info, empty (RFC 5746); supported_groups; ec_point_formats; signature_algorithms.
        extension(0xff01, &[0]),
        extension(10, &with_length(&[0, 29, 0, 23, 0, 24])),
        extension(11, &[1, 0]),
        extension(13, &with_length(&[4, 3, 8, 4, 4, 1, 5, 3, 8, 5, 5, 1, 2, 1, 2, 3])),
    ]
    .concat();
    let suites: Vec<u8> = CIPHER_SUITES.iter().flat_map(|suite| suite.to_be_bytes()).collect();
    let body = [&[3, 3][..], random, &[0], &with_length(&suites), &[1, 0], &with_length(&extensions)].concat();
    // The message's length has three bytes, of which a short message needs two.
    let message = [&[1, 0][..], &with_length(&body)].concat();
    [&[22, 3, 1][..], &with_length(&message)].concat()
}

fn extension(number: u16, data: &[u8]) -> Vec<u8> {
    [&number.to_be_bytes()[..], &with_length(data)].concat()
}

/// The bytes after their length, which takes two bytes. A host name is 253 bytes at most (RFC 1035), so none of these
/// is longer than that can say.
fn with_length(bytes: &[u8]) -> Vec<u8> {
    let length = u16::try_from(bytes.len()).unwrap_or(u16::MAX);
    [&length.to_be_bytes()[..], bytes].concat()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test says what went wrong by failing")]
mod tests {
    use super::*;

    #[test]
    fn it_is_a_client_hello_and_fits_into_one_packet() {
        let hello = hello("imap.mail.me.com", &[7; 32]);
        let mut acceptor = rustls::server::Acceptor::default();
        acceptor.read_tls(&mut hello.as_slice()).unwrap();
        let accepted = acceptor.accept().map_err(|(fault, _)| fault).unwrap().unwrap();
        assert_eq!(accepted.client_hello().server_name(), Some("imap.mail.me.com"));
        assert!(hello.len() < 512, "{}", hello.len());
    }

    #[test]
    fn an_old_server_is_told_by_its_version() {
        let old = [22, 3, 1, 0, 70, 2, 0, 0, 66, 3, 1];
        assert_eq!(meaning(&old), Some(TlsFailed::TooOld));
        assert_eq!(meaning(&old[..9]), None);
        assert_eq!(meaning(b"* OK ready"), Some(TlsFailed::NotTls));
        assert_eq!(meaning(&[21, 3, 1, 0, 2, 2, 70]), Some(TlsFailed::Alert("number 70".to_owned())));
    }
}
