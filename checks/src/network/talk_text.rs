//! A conversation as lines of text, one event a line:
//!
//! ```text
//! S 41 220 p00-icloudmta-asmtp ESMTP      the server's line, 41 ms after the event before it
//! C EHLO [127.0.0.1]                      the client's line, with secrets hidden
//! R 3 250 no line end                     bytes of the server that are no whole clean line, escaped
//! R 0 \{16384*x}                          the same, a letter so many times
//! TLS                                     the handshake
//! CLOSED 12                               the server closes; or RESET 12; or BROKEN 12 the system's words
//! CUT                                     there was more, which the case has no room for
//! ```

use std::collections::VecDeque;
use std::fmt;

use super::Broken;

/// One event of a conversation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// The client sent this line.
    Client(String),
    /// The server's bytes came, so many milliseconds after the event before.
    Server(u64, Vec<u8>),
    /// A handshake took place.
    Tls,
    /// The server closed the connection.
    Closed(u64),
    /// The connection broke.
    Broken(u64, Broken),
    /// What followed has no room in the case.
    Cut,
}

/// Adds what the server sent in one piece, line by line.
pub fn write_server(talk: &mut String, after_ms: u64, mut bytes: &[u8]) {
    let mut after = after_ms;
    while !bytes.is_empty() {
        let end = bytes.windows(2).position(|pair| pair == b"\r\n").map_or(bytes.len(), |at| at + 2);
        let (piece, rest) = bytes.split_at(end);
        let clean = piece
            .strip_suffix(b"\r\n")
            .and_then(|line| std::str::from_utf8(line).ok())
            .filter(|line| !line.chars().any(char::is_control));
        match clean {
            Some(line) => push(talk, &format!("S {after} {line}")),
            None => push(talk, &format!("R {after} {}", escaped(piece))),
        }
        after = 0;
        bytes = rest;
    }
}

/// Longer runs of the same character are counted instead of written.
const LONG_RUN: usize = 64;
/// A conversation of ours never has more than this, in bytes and in events.
const LONGEST_TALK: usize = 4 * 1024 * 1024;
const MOST_EVENTS: usize = 250_000;

fn escaped(piece: &[u8]) -> String {
    let written = |run: &[u8]| match run {
        [letter, ..] if run.len() >= LONG_RUN && letter.is_ascii_alphanumeric() => {
            format!("\\{{{}*{}}}", run.len(), char::from(*letter))
        }
        _ => run.escape_ascii().to_string(),
    };
    piece.chunk_by(|one, next| one == next).map(written).collect()
}

/// Adds one event that is no server text.
pub fn write(talk: &mut String, event: &Event) {
    let line = match event {
        Event::Client(line) => format!("C {line}"),
        Event::Server(after, bytes) => return write_server(talk, *after, bytes),
        Event::Tls => "TLS".to_owned(),
        Event::Closed(after) => format!("CLOSED {after}"),
        Event::Broken(after, Broken::Reset) => format!("RESET {after}"),
        Event::Broken(after, Broken::Other(words)) => format!("BROKEN {after} {words}"),
        Event::Cut => "CUT".to_owned(),
    };
    push(talk, &line);
}

fn push(talk: &mut String, line: &str) {
    talk.push_str(line);
    talk.push('\n');
}

/// Why a text is not a conversation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NotATalk {
    /// It is longer than any that can be recorded.
    TooLong,
    /// The beginning of a line that is not an event.
    Line(String),
}

impl fmt::Display for NotATalk {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLong => out.write_str("the conversation is longer than any that can be recorded"),
            Self::Line(line) => write!(out, "\"{line}\" is no event of a conversation"),
        }
    }
}

impl std::error::Error for NotATalk {}

/// Reads a conversation; the error names the line that is wrong.
pub fn read(talk: &str) -> Result<VecDeque<Event>, NotATalk> {
    let mut events = VecDeque::new();
    let mut room = LONGEST_TALK;
    for line in talk.lines().filter(|line| !line.is_empty()) {
        if events.len() == MOST_EVENTS {
            return Err(NotATalk::TooLong);
        }
        events.push_back(event(line, &mut room)?);
    }
    Ok(events)
}

/// Reads one event, which takes of the room that is left for what the server says.
fn event(line: &str, room: &mut usize) -> Result<Event, NotATalk> {
    let fault = || NotATalk::Line(line.chars().take(80).collect());
    let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
    let timed = || {
        let (after, text) = rest.split_once(' ').unwrap_or((rest, ""));
        after.parse::<u64>().map(|after| (after, text)).map_err(|_| fault())
    };
    match word {
        "C" => Ok(Event::Client(rest.to_owned())),
        "S" => timed().map(|(after, text)| Event::Server(after, format!("{text}\r\n").into_bytes())),
        "R" => {
            let (after, text) = timed()?;
            let bytes = unescape(text, *room).ok_or_else(fault)?;
            *room -= bytes.len();
            Ok(Event::Server(after, bytes))
        }
        "TLS" => Ok(Event::Tls),
        "CUT" => Ok(Event::Cut),
        "CLOSED" => timed().map(|(after, _)| Event::Closed(after)),
        "RESET" => timed().map(|(after, _)| Event::Broken(after, Broken::Reset)),
        "BROKEN" => timed().map(|(after, words)| Event::Broken(after, Broken::Other(words.to_owned()))),
        _ => Err(fault()),
    }
}

/// The reverse of `escaped`, where there is room for so many bytes.
fn unescape(text: &str, room: usize) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if bytes.len() == room {
            return None;
        }
        if byte != b'\\' {
            bytes.push(byte);
            continue;
        }
        bytes.push(match rest.next()? {
            b'{' => {
                let run: Vec<u8> = rest.by_ref().take_while(|byte| *byte != b'}').collect();
                let (count, letter) = std::str::from_utf8(&run).ok()?.split_once('*')?;
                let count: usize = count.parse().ok()?;
                count.checked_mul(letter.len()).filter(|length| *length <= room - bytes.len())?;
                bytes.extend(letter.repeat(count).bytes());
                continue;
            }
            b't' => b'\t',
            b'r' => b'\r',
            b'n' => b'\n',
            b'x' => {
                let digits = [rest.next()?, rest.next()?];
                u8::from_str_radix(std::str::from_utf8(&digits).ok()?, 16).ok()?
            }
            other @ (b'\\' | b'\'' | b'"') => other,
            _ => return None,
        });
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_bytes_of_a_server_survive_being_written_and_read() {
        let long = ["* OK ".to_owned(), "x".repeat(70_000), "{7*y}".to_owned()].concat();
        for bytes in [
            long.as_bytes(),
            b"220 ready\r\n250-one\r\n250 two\r\n",
            b"* OK\n",
            b"\x1b[31m\r\n",
            b"\xff\\\"\r\n",
            b"cut",
        ] {
            let mut talk = String::new();
            write_server(&mut talk, 7, bytes);
            let heard: Vec<u8> = read(&talk)
                .unwrap()
                .into_iter()
                .flat_map(|event| match event {
                    Event::Server(_, bytes) => bytes,
                    other => panic!("{other:?}"),
                })
                .collect();
            assert_eq!(heard, bytes, "{talk}");
        }
    }

    #[test]
    fn a_run_of_one_letter_is_counted_and_no_run_is_endless() {
        let mut talk = String::new();
        write_server(&mut talk, 0, "x".repeat(16_384).as_bytes());
        assert_eq!(talk, "R 0 \\{16384*x}\n");
        for run in [r"R 0 \{99999999999*x}", r"R 0 \{x}", r"R 0 \{1", r"R 0 \{-1*x}"] {
            assert!(read(run).is_err(), "{run}");
        }
    }

    #[test]
    fn what_a_server_says_in_all_is_bounded() {
        let run = format!("R 0 \\{{{}*x}}\n", LONGEST_TALK / 4);
        assert!(read(&run.repeat(4)).is_ok());
        assert!(read(&run.repeat(5)).is_err());
        assert!(read(&"R 0 x\n".repeat(MOST_EVENTS)).is_ok());
        assert!(read(&"R 0 x\n".repeat(MOST_EVENTS + 1)).is_err());
    }

    #[test]
    fn a_line_that_is_no_event_is_named() {
        assert_eq!(read("S x y").unwrap_err().to_string(), "\"S x y\" is no event of a conversation");
    }
}
