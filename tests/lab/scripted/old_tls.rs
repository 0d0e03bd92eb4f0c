//! A server that stopped learning at TLS 1.0: as many bytes of the handshake as it takes to see that.

use super::manners::{Manner, Manners};
use std::io::{Error, Result};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

const HANDSHAKE: u8 = 22;
const TLS_1_0: [u8; 2] = [3, 1];
const SUPPORTED_VERSIONS: u16 = 43;
/// AES in CBC mode with SHA-1, by ECDHE or RSA: what TLS 1.0 has and some clients still offer.
const OLD_CIPHERS: [[u8; 2]; 6] = [[0xc0, 0x13], [0xc0, 0x14], [0xc0, 0x09], [0xc0, 0x0a], [0, 0x2f], [0, 0x35]];

/// Answers the client's first message, and ends. A client that offers TLS 1.0 gets a `ServerHello` of it.
pub(super) async fn answer(mut stream: TcpStream, manners: &Manners) -> Result<Error> {
    let mut header = [0; 5];
    stream.read_exact(&mut header).await?;
    let mut hello = vec![0; usize::from(u16::from_be_bytes([header[3], header[4]]))];
    stream.read_exact(&mut hello).await?;
    let Some(hello) = Hello::read(&hello).filter(|_| header[0] == HANDSHAKE) else {
        return Ok(Error::other("no ClientHello"));
    };
    if hello.knows_old {
        // Alert, TLS 1.0, two bytes: fatal, handshake_failure.
        let nothing_in_common = vec![21, TLS_1_0[0], TLS_1_0[1], 0, 2, 2, 40];
        stream.write_all(&hello.old_cipher.map_or(nothing_in_common, server_hello)).await?;
        stream.shutdown().await?;
        return Ok(Error::other("a ClientHello that knows TLS 1.0; answered in it"));
    }
    if manners.has(Manner::OldTls) {
        // Alert, TLS 1.0, two bytes: fatal, protocol_version.
        stream.write_all(&[21, TLS_1_0[0], TLS_1_0[1], 0, 2, 2, 70]).await?;
    }
    stream.shutdown().await?;
    Ok(Error::other("a ClientHello that does not know TLS 1.0"))
}

struct Hello {
    /// Without the extension the version in the message is the newest of all that the client knows (RFC 5246 E.1);
    /// with it only what it lists counts (RFC 8446 4.2.1).
    knows_old: bool,
    old_cipher: Option<[u8; 2]>,
}

impl Hello {
    /// Reads type, length, version, random, session, ciphers, compression, extensions (RFC 5246 section 7.4.1.2).
    fn read(message: &[u8]) -> Option<Self> {
        let after_random = message.get(4 + 2 + 32..)?;
        let after_session = after_random.get(1 + usize::from(*after_random.first()?)..)?;
        let ciphers = number(after_session)?;
        let mut offered = after_session.get(2..2 + ciphers)?.chunks_exact(2);
        let old_cipher = offered.find_map(|cipher| OLD_CIPHERS.into_iter().find(|old| cipher == old));
        let after_ciphers = after_session.get(2 + ciphers..)?;
        let mut extensions = after_ciphers.get(1 + usize::from(*after_ciphers.first()?)..)?.get(2..).unwrap_or(&[]);
        let mut knows_old = true;
        while let (Some(kind), Some(length)) = (number(extensions), extensions.get(2..).and_then(number)) {
            let body = extensions.get(4..4 + length)?;
            if kind == usize::from(SUPPORTED_VERSIONS) {
                knows_old = body.get(1..)?.chunks_exact(2).any(|version| version == TLS_1_0);
            }
            extensions = extensions.get(4 + length..)?;
        }
        Some(Self { knows_old, old_cipher })
    }
}

fn number(bytes: &[u8]) -> Option<usize> {
    Some(usize::from(u16::from_be_bytes([*bytes.first()?, *bytes.get(1)?])))
}

fn server_hello(cipher: [u8; 2]) -> Vec<u8> {
    let mut body = TLS_1_0.to_vec();
    body.extend([0x5a; 32]);
    body.extend([0, cipher[0], cipher[1], 0]);
    let length = u8::try_from(body.len()).unwrap_or_default();
    let mut message = vec![HANDSHAKE, TLS_1_0[0], TLS_1_0[1], 0, length + 4, 2, 0, 0, length];
    message.extend(body);
    message
}
