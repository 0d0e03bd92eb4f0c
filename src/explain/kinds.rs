//! What is given instead of a text: pictures, archives, settings, and names of files that do not exist.

use std::path::Path;

use crate::decode::Encoding;
use crate::render::Format;

/// How such files begin, what they are, and what to do instead.
const KINDS: &[(&[u8], &str, &str)] = &[
    (b"\x89PNG", PICTURE, TYPE_IT),
    (b"\xff\xd8\xff", PICTURE, TYPE_IT),
    (b"GIF8", PICTURE, TYPE_IT),
    (b"II*\0", PICTURE, TYPE_IT),
    (b"MM\0*", PICTURE, TYPE_IT),
    (b"%PDF-", "a PDF", "copy the words of the message out of it"),
    (b"\x1f\x8b", PACKED, "unpack it first, for instance `zcat FILE | icloud-mail-doctor explain -`"),
    (b"BZh", PACKED, UNPACK),
    (b"\xfd7zXZ", PACKED, UNPACK),
    (b"\x28\xb5\x2f\xfd", PACKED, UNPACK),
    (b"PK\x03\x04", PACKED, UNPACK),
    (b"7z\xbc\xaf", PACKED, UNPACK),
];

/// In how many bytes one in so many is a zero in a program, and in no log.
const SAMPLE: usize = 1024;
const FEWEST_ZEROS: usize = 20;

const PICTURE: &str = "a picture";
const TYPE_IT: &str = "type the words that are in it";
const PACKED: &str = "a compressed file";
const UNPACK: &str = "unpack it first, and name the text that is in it";

/// File name extensions of what users give, besides those of reports.
const ENDINGS: &[&str] = &[
    "bmp", "bz2", "cf", "cfg", "conf", "csv", "doc", "docx", "eml", "gif", "gz", "heic", "ini", "jpeg", "jpg", "log",
    "msg", "pdf", "plist", "png", "rtf", "tif", "tiff", "toml", "txt", "webp", "yaml", "yml", "zip",
];

/// Returns what a file that begins like this is, if it is not a text, and what to do instead.
pub(super) fn of(beginning: &[u8]) -> Option<(&'static str, &'static str)> {
    let is_boxed = |kind: &[u8], at| beginning.get(at..at + kind.len()) == Some(kind);
    // WebP is in a RIFF container; HEIC and AVIF are in the same container as films.
    if is_boxed(b"RIFF", 0) && is_boxed(b"WEBP", 8) || is_boxed(b"ftyp", 4) {
        return Some((PICTURE, TYPE_IT));
    }
    let is_bytes = || {
        let sample = &beginning[..beginning.len().min(SAMPLE)];
        let pieces = sample.split(|byte| *byte == 0).count();
        // A log that was being written when the power went may have a run of zeros, and nothing else that is no text.
        let has_others = sample.iter().any(|byte| matches!(byte, 1..=8 | 14..=26 | 28..=31));
        has_others && (pieces - 1) * FEWEST_ZEROS > sample.len() && Encoding::of(beginning) == Encoding::Utf8
    };
    let known =
        KINDS.iter().find(|(begins, ..)| beginning.starts_with(begins)).map(|(_, kind, instead)| (*kind, *instead));
    known.or_else(|| is_bytes().then_some(("not a text", "paste the words of the message, or name a text file")))
}

/// Whether a file begins like those that `setup` writes.
pub(super) fn is_of_setup(text: &str) -> bool {
    text.lines().take(3).any(|line| line.contains("iCloud Mail: https://support.apple.com/102525"))
}

/// Whether a word is the name of a file and not a program's message.
pub(super) fn is_called_like_a_file(word: &str) -> bool {
    let is_one_word = !word.contains(char::is_whitespace);
    let drive = word.as_bytes().get(1..3) == Some(b":\\");
    let is_path = ["./", "../", "/", "~/", ".\\", "..\\"].iter().any(|begin| word.starts_with(begin)) || drive;
    let name = word.rsplit(['/', '\\']).next().unwrap_or(word);
    let ending = name.rsplit_once('.').filter(|(stem, _)| !stem.is_empty()).map(|(_, ending)| ending.to_lowercase());
    let is_name =
        ending.is_some_and(|ending| ENDINGS.contains(&ending.as_str())) || Format::of_ending(Path::new(name)).is_some();
    is_path && is_one_word || is_name && (is_one_word || is_path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_and_an_archive_are_no_text() {
        assert_eq!(of(b"\x89PNG\r\n\x1a\n").unwrap().0, "a picture");
        assert_eq!(of(b"RIFF\0\0\0\0WEBPVP8 ").unwrap().0, "a picture");
        assert_eq!(of(b"\0\0\0\x18ftypheic").unwrap().0, "a picture");
        assert_eq!(of(b"\x1f\x8b\x08").unwrap().0, "a compressed file");
        assert_eq!(of(b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0").unwrap().0, "not a text");
        for text in ["", "\0\0\0\0\0\0\0\0\n535 5.7.8", "535 5.7.8", "\u{feff}log", "PK is a word"] {
            assert_eq!(of(text.as_bytes()), None, "{text}");
        }
    }

    #[test]
    fn a_name_is_told_from_a_text() {
        for name in [
            "missing.log",
            "./missing",
            "../a/b",
            "/var/log/mail",
            "~/x",
            "Shot.PNG",
            "a/b.txt",
            "C:\\Users\\me\\x",
            "C:\\my files\\x.log",
        ] {
            assert!(is_called_like_a_file(name), "{name}");
        }
        for text in [
            "535",
            "0x80070057",
            "imap.mail.me.com",
            "-1012",
            "/a b",
            ".log",
            "timeout",
            "smtp.SMTPException",
            "see mail.log",
            "535-5.7.8",
        ] {
            assert!(!is_called_like_a_file(text), "{text}");
        }
    }
}
