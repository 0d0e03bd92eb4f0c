//! Bytes with a secret in them: put together without growing, so that no copy is left behind, and wiped when dropped.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use zeroize::Zeroizing;

/// The pieces one after the other, with room for the line's end.
pub(super) fn join(pieces: &[&[u8]]) -> Zeroizing<Vec<u8>> {
    let length: usize = pieces.iter().map(|piece| piece.len()).sum();
    let mut joined = Zeroizing::new(Vec::with_capacity(length + "\r\n".len()));
    for piece in pieces {
        joined.extend_from_slice(piece);
    }
    joined
}

/// The bytes in base64, with room for the line's end.
pub(super) fn base64(bytes: &[u8]) -> Zeroizing<Vec<u8>> {
    let length = bytes.len().div_ceil(3) * 4;
    let mut encoded = Zeroizing::new(Vec::with_capacity(length + "\r\n".len()));
    encoded.resize(length, 0);
    // Not `encode`: it uses a buffer of its own, which is never wiped.
    let written = STANDARD.encode_slice(bytes, &mut encoded);
    debug_assert_eq!(written, Ok(length));
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_is_room_for_the_line_end_so_that_adding_it_moves_nothing() {
        for mut bytes in [join(&[b"LOGIN ", b"secret"]), base64(b""), base64(b"s"), base64(b"secrets")] {
            let before = bytes.as_ptr();
            bytes.extend_from_slice(b"\r\n");
            assert_eq!(bytes.as_ptr(), before);
        }
    }

    #[test]
    fn base64_is_padded() {
        assert_eq!(base64(b"").as_slice(), b"");
        assert_eq!(base64(b"a").as_slice(), b"YQ==");
        assert_eq!(base64(b"abc").as_slice(), b"YWJj");
        assert_eq!(base64(&[0xff; 4]).as_slice(), b"/////w==");
    }
}
