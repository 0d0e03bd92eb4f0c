//! The texts that are packed into the binary: without packing, the recorded cases, the pages for mail programs and the
//! schemas would be a tenth of it.

use std::sync::OnceLock;

/// Texts with their names, unpacked on first use.
pub(crate) struct Packed {
    bytes: &'static [u8],
    texts: OnceLock<Vec<(String, String)>>,
}

impl Packed {
    /// The texts that `build.rs` packed.
    pub(crate) const fn of(bytes: &'static [u8]) -> Self {
        Self { bytes, texts: OnceLock::new() }
    }

    /// Every text, by name.
    pub(crate) fn all(&self) -> &[(String, String)] {
        self.texts.get_or_init(|| {
            // Our own build packed these bytes, so unpacking cannot fail; a test checks that nothing is lost.
            let json = miniz_oxide::inflate::decompress_to_vec(self.bytes).unwrap_or_default();
            serde_json::from_slice(&json).unwrap_or_default()
        })
    }

    /// The text of that name.
    pub(crate) fn named(&self, name: &str) -> Option<&str> {
        self.all().iter().find(|(known, _)| known == name).map(|(_, text)| text.as_str())
    }
}
