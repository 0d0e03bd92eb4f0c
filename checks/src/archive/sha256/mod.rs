//! SHA-256 of bytes that come in pieces.

#[cfg(any(test, not(feature = "real")))]
mod by_hand;
#[cfg(feature = "real")]
mod quick;

use std::fmt::Write as _;

#[cfg(not(feature = "real"))]
use by_hand::Context;
#[cfg(feature = "real")]
use quick::Context;

/// SHA-256 of bytes that come in pieces.
#[derive(Default)]
pub struct Sha256(Context);

impl Sha256 {
    /// Takes more bytes.
    pub fn take(&mut self, bytes: &[u8]) {
        self.0.take(bytes);
    }

    /// The sum, as `sha256sum` writes it.
    pub fn hexadecimal(self) -> String {
        self.sum().iter().fold(String::with_capacity(64), |mut text, byte| {
            // Writing to a String cannot fail.
            let _ = write!(text, "{byte:02x}");
            text
        })
    }

    pub(super) fn sum(self) -> [u8; 32] {
        self.0.sum()
    }
}

#[cfg(all(test, feature = "real"))]
mod tests {
    use super::*;

    #[test]
    fn both_ways_give_the_same_sum() {
        let bytes: Vec<u8> = (0..1000u32).map(|at| (at * 7 % 251) as u8).collect();
        for length in [0, 1, 3, 55, 56, 57, 63, 64, 65, 119, 120, 128, 1000] {
            for at_once in [1, 7, 64, 1000] {
                let (mut quick, mut by_hand) = (quick::Context::default(), by_hand::Context::default());
                for piece in bytes[..length].chunks(at_once) {
                    quick.take(piece);
                    by_hand.take(piece);
                }
                assert_eq!(quick.sum(), by_hand.sum(), "{length} bytes, {at_once} at once");
            }
        }
    }
}
