//! Conceals a recorded case before it is shared: what servers sent is searched as bytes, across events and escapes.

use std::error::Error;

use super::Concealer;
use crate::network::case::Case;
use crate::network::talk_text::{self, Event, NotATalk};
use crate::protocol::imap::Private;

impl Concealer {
    /// Returns the case without what has to be hidden or replaced; the error says why it cannot be read again.
    pub fn case(&self, mut case: Case) -> Result<Case, Box<dyn Error>> {
        let talks: Vec<String> = case.connections.iter_mut().map(|to| std::mem::take(&mut to.talk)).collect();
        let talks = self.talks(&talks)?;
        let mut case = self.all(case)?;
        case.connections.iter_mut().zip(talks).for_each(|(to, talk)| to.talk = talk);
        Ok(case)
    }

    /// Conversations in the form of [`talk_text`], compared as one.
    fn talks(&self, talks: &[String]) -> Result<Vec<String>, NotATalk> {
        let mut talks: Vec<Vec<Event>> =
            talks.iter().map(|talk| Ok(talk_text::read(talk)?.into())).collect::<Result<_, NotATalk>>()?;
        let pieces: Vec<Piece> = talks.iter().enumerate().flat_map(|(at, events)| pieces(at, events)).collect();
        let mut texts: Vec<String> =
            pieces.iter().map(|piece| String::from_utf8_lossy(piece.line()).into_owned()).collect();
        let is_changed = self.lines(&mut texts);
        for events in &mut talks {
            for event in events {
                match event {
                    Event::Server(_, bytes) => bytes.clear(),
                    Event::Client(line) if self.is_found(line) => *line = self.hidden(line),
                    Event::Client(line) => *line = self.names.replaced(line.as_str().into()).into_owned(),
                    Event::Tls | Event::Closed(_) | Event::Broken(..) | Event::Cut => {}
                }
            }
        }
        for ((piece, text), is_changed) in pieces.into_iter().zip(texts).zip(is_changed) {
            let events = &mut talks[piece.talk];
            let mut put = |event: usize, said: &[u8]| {
                if let Some(Event::Server(_, bytes)) = events.get_mut(event) {
                    bytes.extend_from_slice(said);
                }
            };
            if is_changed {
                let first = piece.parts.first().map_or(0, |(event, _)| *event);
                put(first, text.as_bytes());
                put(first, &piece.bytes[piece.line().len()..]);
                continue;
            }
            let mut rest = piece.bytes.as_slice();
            for (event, length) in &piece.parts {
                let (said, after) = rest.split_at(*length);
                put(*event, said);
                rest = after;
            }
        }
        Ok(talks.iter().map(|events| written(events)).collect())
    }
}

/// A line of a server, and the events that it came in.
struct Piece {
    talk: usize,
    bytes: Vec<u8>,
    /// Each event by its place, with how many bytes of the line it has.
    parts: Vec<(usize, usize)>,
}

impl Piece {
    /// The line without its end.
    fn line(&self) -> &[u8] {
        let line = self.bytes.strip_suffix(b"\n").unwrap_or(&self.bytes);
        line.strip_suffix(b"\r").unwrap_or(line)
    }
}

fn pieces(talk: usize, events: &[Event]) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = Vec::new();
    let mut is_open = false;
    for (at, event) in events.iter().enumerate() {
        let Event::Server(_, bytes) = event else { continue };
        for part in bytes.split_inclusive(|byte| *byte == b'\n') {
            match pieces.last_mut().filter(|_| is_open) {
                Some(piece) => {
                    piece.bytes.extend_from_slice(part);
                    piece.parts.push((at, part.len()));
                }
                None => pieces.push(Piece { talk, bytes: part.to_vec(), parts: vec![(at, part.len())] }),
            }
            is_open = !part.ends_with(b"\n");
        }
    }
    let mut private = Private::default();
    for piece in &mut pieces {
        piece.bytes = private.blanked(&piece.bytes);
    }
    pieces
}

fn written(events: &[Event]) -> String {
    let mut talk = String::new();
    for event in events {
        talk_text::write(&mut talk, event);
    }
    talk
}
