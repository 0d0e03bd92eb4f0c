//! A resolver on loopback that gives every name the address 127.0.0.1, or what an attack makes of the question.

use std::net::{SocketAddr, UdpSocket};

/// Answers each question with what `answer` makes of its bytes, for as long as the suite runs.
pub(crate) fn serve(answer: impl Fn(&[u8]) -> Vec<Vec<u8>> + Send + 'static) -> SocketAddr {
    let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
    let address = socket.local_addr().unwrap();
    std::thread::spawn(move || {
        let mut bytes = [0; 4096];
        while let Ok((length, from)) = socket.recv_from(&mut bytes) {
            for reply in answer(&bytes[..length]) {
                let _ = socket.send_to(&reply, from);
            }
        }
    });
    address
}

/// An honest answer (RFC 1035 section 4.1): the question again, and one A record if one was asked for.
pub(crate) fn honest(question: &[u8]) -> Vec<Vec<u8>> {
    let end = end_of_question(question);
    let asks_for_a = end >= 4 && question[end - 4..end - 2] == [0, 1];
    let mut reply = question[..end].to_vec();
    reply[2..4].copy_from_slice(&[0x81, 0x80]);
    reply[6..12].copy_from_slice(&[0, u8::from(asks_for_a), 0, 0, 0, 0]);
    if asks_for_a {
        reply.extend_from_slice(&[0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 20, 0, 4, 127, 0, 0, 1]);
    }
    vec![reply]
}

/// Where the one question of a message ends.
pub(crate) fn end_of_question(message: &[u8]) -> usize {
    let mut at = 12;
    while message[at] != 0 {
        at += usize::from(message[at]) + 1;
    }
    at + 5
}

/// An answer by way of an alias below this word; both records are honest otherwise.
pub(crate) fn by_alias(question: &[u8], word: &str) -> Vec<Vec<u8>> {
    let end = end_of_question(question);
    if question[end - 4..end - 2] != [0, 1] {
        return honest(question);
    }
    let mut alias = vec![u8::try_from(word.len()).unwrap()];
    alias.extend_from_slice(word.as_bytes());
    alias.extend_from_slice(b"\x07example\0");
    let mut reply = question[..end].to_vec();
    reply[2..4].copy_from_slice(&[0x81, 0x80]);
    reply[6..12].copy_from_slice(&[0, 2, 0, 0, 0, 0]);
    reply.extend_from_slice(&[0xc0, 12, 0, 5, 0, 1, 0, 0, 0, 20, 0, u8::try_from(alias.len()).unwrap()]);
    reply.extend_from_slice(&alias);
    reply.extend_from_slice(&alias);
    reply.extend_from_slice(&[0, 1, 0, 1, 0, 0, 0, 20, 0, 4, 127, 0, 0, 1]);
    vec![reply]
}
