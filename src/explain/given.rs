//! What was handed to `explain`: nothing, a cause, words, a file, or standard input.

use std::ffi::{OsStr, OsString};
use std::io::{self, IsTerminal as _, Read};
use std::path::Path;

use crate::diagnosis::CAUSES;
use crate::files::open_given;
use crate::{Misuse, aside, limits};

/// As much of a log as is read, in bytes.
const MOST: usize = 1 << 20;

/// What it is.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Given {
    Nothing,
    Cause(&'static str),
    Text {
        text: String,
        /// Whether it is a single word that could be the name of a cause.
        is_one_name: bool,
    },
}

/// Reads it. Nothing that was typed is repeated in a complaint: it may be a password.
pub(super) fn read(words: &[OsString]) -> Result<Given, Misuse> {
    let [word] = words else {
        let text = words.join(OsStr::new(" "));
        return Ok(match words.is_empty() {
            true => Given::Nothing,
            false => Given::Text { text: text.to_string_lossy().into_owned(), is_one_name: false },
        });
    };
    if let Some(cause) = CAUSES.iter().find(|cause| word == cause.id) {
        return Ok(Given::Cause(cause.id));
    }
    if word == "-" {
        if io::stdin().is_terminal() {
            aside::say("Paste the text, then end it with Ctrl-D (on Windows Ctrl-Z and Return).");
            return limits::unhurried(|| whole(io::stdin().lock(), "standard input"));
        }
        return whole(io::stdin().lock(), "standard input");
    }
    let path = Path::new(word);
    if path.exists() && !path.is_dir() {
        return open_given(path).map_err(|why| unreadable("the file", &why)).and_then(|file| whole(file, "the file"));
    }
    let text = word.to_string_lossy().into_owned();
    let is_one_name = text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
    Ok(Given::Text { text, is_one_name })
}

fn whole(source: impl Read, name: &str) -> Result<Given, Misuse> {
    let mut bytes = Vec::new();
    // One byte more than is kept shows whether there was more.
    let most = MOST as u64 + 1;
    source.take(most).read_to_end(&mut bytes).map_err(|fault| unreadable(name, &fault))?;
    if bytes.len() > MOST {
        bytes.truncate(MOST);
        aside::say(format!("icloud-mail-doctor: {name} is long; its first {} MB were read.", MOST >> 20));
    }
    Ok(Given::Text { text: decoded(&bytes), is_one_name: false })
}

fn unreadable(name: &str, fault: &dyn std::fmt::Display) -> Misuse {
    Misuse::new(format!("{name} cannot be read: {fault}"), "paste the text itself, or name another file")
}

/// The bytes as text. Windows writes logs in UTF-16, with or without the mark that says so.
fn decoded(bytes: &[u8]) -> String {
    let units = |pair: fn([u8; 2]) -> u16| -> String {
        let units: Vec<u16> = bytes[2..].chunks_exact(2).map(|two| pair([two[0], two[1]])).collect();
        String::from_utf16_lossy(&units)
    };
    match bytes {
        [0xff, 0xfe, ..] => units(u16::from_le_bytes),
        [0xfe, 0xff, ..] => units(u16::from_be_bytes),
        _ => String::from_utf8_lossy(bytes).replace('\0', ""),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn several_words_are_one_text() {
        let words = ["connection", "refused"].map(OsString::from);
        let expected = Given::Text { text: "connection refused".to_owned(), is_one_name: false };
        assert_eq!(read(&words).unwrap(), expected);
        assert_eq!(read(&[]).unwrap(), Given::Nothing);
        assert_eq!(read(&["port-blocked".into()]).unwrap(), Given::Cause("port-blocked"));
    }

    #[test]
    fn a_log_of_windows_can_be_read() {
        let units: Vec<u8> = "Zeitüberschreitung".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(decoded(&[&[0xff, 0xfe], &units[..]].concat()), "Zeitüberschreitung");
        assert_eq!(decoded(b"t\0i\0m\0e\0"), "time");
        assert_eq!(decoded(b"\xff\xfe\x00"), "");
    }
}
