//! A line as it came, and the text in it.

/// The line, or the frame of several, without its end, however many CR that has: a server that doubles them still means
/// one end.
pub(super) fn without_end(line: &[u8]) -> &[u8] {
    let mut bytes = line.strip_suffix(b"\n").unwrap_or(line);
    while let Some(shorter) = bytes.strip_suffix(b"\r") {
        bytes = shorter;
    }
    bytes
}

/// The bytes as text, with what is not UTF-8 replaced.
pub(super) fn lossy(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
