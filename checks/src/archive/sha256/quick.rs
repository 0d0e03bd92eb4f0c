//! SHA-256 by the library that makes the TLS connections too, with the processor's own instructions.

use aws_lc_rs::digest::{self, SHA256};

/// What was taken so far.
pub(super) struct Context(digest::Context);

impl Default for Context {
    fn default() -> Self {
        Self(digest::Context::new(&SHA256))
    }
}

impl Context {
    pub(super) fn take(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    pub(super) fn sum(self) -> [u8; 32] {
        let mut sum = [0; 32];
        sum.copy_from_slice(self.0.finish().as_ref());
        sum
    }
}
