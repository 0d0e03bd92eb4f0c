//! A conversation over an open connection: what is said is written down, and no silence lasts longer than a step.

use std::borrow::Cow;
use std::time::Duration;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::network::clock::{Stopwatch, within};
use crate::network::{Broken, Stream};
use crate::protocol::{Line, Reader, Unreadable, imap, smtp};

/// What was said over one connection.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Transcript {
    /// The lines, in their order.
    pub lines: Vec<Said>,
    /// Lines that are still too long, and how many bytes they had.
    #[serde(skip)]
    uncut: Vec<(usize, usize)>,
}

/// One line of a transcript.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Said {
    /// When, in milliseconds after the start of the run.
    pub at_ms: u64,
    /// By whom.
    pub from: Speaker,
    /// What, with secrets hidden.
    pub text: String,
}

/// Who said a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Speaker {
    /// This program.
    Client,
    /// The mail server, or who answers in its name.
    Server,
    /// Nobody: a remark of ours on what happened.
    Us,
}

/// A transcript is for people: a server that talks without end is cut off there.
const MOST_LINES: usize = 400;
/// The same for a line.
const LONGEST_LINE: usize = 1000;
/// So much more is kept until secrets are hidden: what a line shows of one at its cut end is known by what follows.
const OVERHANG: usize = 1000;

impl Transcript {
    /// Adds a line.
    pub(crate) fn add(&mut self, at_ms: u64, from: Speaker, text: &str) {
        if text.len() > LONGEST_LINE && self.lines.len() < MOST_LINES {
            self.uncut.push((self.lines.len(), text.len()));
        }
        let end = text.char_indices().nth(LONGEST_LINE + OVERHANG).map_or(text.len(), |(end, _)| end);
        let text = text[..end].to_owned();
        if self.lines.len() < MOST_LINES {
            self.lines.push(Said { at_ms, from, text });
        } else if self.lines.len() == MOST_LINES {
            self.lines.push(Said { at_ms, from: Speaker::Us, text: "what was said after this is left out".to_owned() });
        }
    }

    /// Cuts the lines that are too long for people, once secrets are hidden in them.
    pub(crate) fn cut(&mut self) {
        for (at, length) in std::mem::take(&mut self.uncut) {
            let Some(said) = self.lines.get_mut(at) else { continue };
            if let Some((end, _)) = said.text.char_indices().nth(LONGEST_LINE) {
                said.text = format!("{}… ({length} bytes in all)", &said.text[..end]);
            }
        }
    }
}

/// Why an answer did not come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", tag = "how")]
pub enum NoAnswer {
    /// Nothing came within the step's time.
    TimedOut,
    /// The server closed the connection.
    Closed,
    /// The connection was reset.
    Reset,
    /// It broke in another way.
    Broken {
        /// The system's words.
        words: String,
    },
    /// What came is not this protocol.
    Unreadable {
        /// The line.
        line: String,
    },
    /// What came is longer than any honest server's answer.
    TooLong,
}

impl From<Broken> for NoAnswer {
    fn from(broken: Broken) -> Self {
        match broken {
            Broken::Reset => Self::Reset,
            Broken::Other(words) => Self::Broken { words },
        }
    }
}

impl From<Unreadable> for NoAnswer {
    fn from(unreadable: Unreadable) -> Self {
        match unreadable {
            Unreadable::NotThisProtocol { line } => Self::Unreadable { line },
            Unreadable::TooLong => Self::TooLong,
        }
    }
}

/// An answer that can be written down.
pub trait Answer {
    /// Its lines as the server sent them, without what they tell of a person's mail.
    fn lines(&self) -> Vec<Cow<'_, str>>;

    /// Whether a message came with it, the rest of which may follow.
    fn is_message(&self) -> bool {
        false
    }
}

impl Answer for imap::Answer {
    fn lines(&self) -> Vec<Cow<'_, str>> {
        let imap::Response::Data { .. } = &self.response else { return vec![Cow::Borrowed(&self.line)] };
        let mut private = imap::Private::default();
        let lines = self.line.split_inclusive('\n').flat_map(|line| private.blanked(line.as_bytes()));
        let shown = String::from_utf8_lossy(&lines.collect::<Vec<_>>()).into_owned();
        let shown = if self.is_message() { shown.split(['\r', '\n', '"']).next().unwrap_or_default() } else { &shown };
        vec![Cow::Owned(shown.to_owned())]
    }

    fn is_message(&self) -> bool {
        matches!(&self.response, imap::Response::Data { name, .. } if name == "FETCH")
    }
}

impl Answer for smtp::Reply {
    fn lines(&self) -> Vec<Cow<'_, str>> {
        self.shown.iter().map(|line| Cow::Borrowed(line.as_str())).collect()
    }
}

/// A conversation with one server.
pub(crate) struct Talk<'t, S, R> {
    stream: S,
    reader: R,
    transcript: &'t mut Transcript,
    began: Stopwatch,
    /// How long the server may stay silent.
    limit: Duration,
    since_last_said: Stopwatch,
    since_last_heard: Stopwatch,
    /// How many bytes the server has said.
    heard: usize,
    /// Whether a message came: what is no answer may be the rest of it.
    has_message: bool,
}

/// All that is heard of one server, in bytes: twice the longest answer. A conversation of ours has a few kilobytes, and
/// one small message.
const LONGEST_CONVERSATION: usize = 2 * imap::FRAME_MAX;

/// A server that never stops talking has had its time too: so many times the silence that it may keep.
const LONGEST_ANSWER: u32 = 3;

impl<'t, S: Stream, R: Reader<Answer: Answer>> Talk<'t, S, R> {
    /// Begins a conversation.
    pub(crate) fn over(stream: S, transcript: &'t mut Transcript, began: Stopwatch, limit: Duration) -> Self {
        let now = Stopwatch::start();
        let reader = R::default();
        Self {
            stream,
            reader,
            transcript,
            began,
            limit,
            since_last_said: now,
            since_last_heard: now,
            heard: 0,
            has_message: false,
        }
    }

    /// Says lines, in one write.
    pub(crate) async fn say(&mut self, lines: &[Line]) -> Result<(), NoAnswer> {
        for line in lines {
            self.transcript.add(self.began.milliseconds(), Speaker::Client, line.shown());
        }
        self.since_last_said = Stopwatch::start();
        self.since_last_heard = self.since_last_said;
        match within(self.limit, self.stream.send(lines)).await {
            Some(sent) => sent.map_err(|broken| self.remark(broken.into())),
            None => Err(self.remark(NoAnswer::TimedOut)),
        }
    }

    /// Hears the next whole answer.
    pub(crate) async fn hear(&mut self) -> Result<R::Answer, NoAnswer> {
        loop {
            match self.reader.next() {
                Some(Ok(answer)) => {
                    let at = self.began.milliseconds();
                    answer.lines().iter().for_each(|line| self.transcript.add(at, Speaker::Server, line));
                    self.has_message |= answer.is_message();
                    return Ok(answer);
                }
                Some(Err(mut unreadable)) => {
                    if let (true, Unreadable::NotThisProtocol { line }) = (self.has_message, &mut unreadable) {
                        "[of a message]".clone_into(line);
                    }
                    if let Unreadable::NotThisProtocol { line } = &unreadable {
                        self.transcript.add(self.began.milliseconds(), Speaker::Server, line);
                    }
                    return Err(self.remark(unreadable.into()));
                }
                None => {}
            }
            let passed = |since: Stopwatch| Duration::from_millis(since.milliseconds());
            let of_silence = self.limit.saturating_sub(passed(self.since_last_heard));
            let left = of_silence.min((self.limit * LONGEST_ANSWER).saturating_sub(passed(self.since_last_said)));
            let received = if left.is_zero() { None } else { within(left, self.stream.receive()).await };
            match received {
                None => return Err(self.remark(NoAnswer::TimedOut)),
                Some(Err(broken)) => return Err(self.remark(broken.into())),
                Some(Ok(bytes)) if bytes.is_empty() => {
                    let rest = String::from_utf8_lossy(self.reader.leftover()).into_owned();
                    if !rest.is_empty() && !self.has_message {
                        self.transcript.add(self.began.milliseconds(), Speaker::Server, &rest);
                    }
                    return Err(self.remark(NoAnswer::Closed));
                }
                Some(Ok(bytes)) => {
                    self.since_last_heard = Stopwatch::start();
                    self.heard = self.heard.saturating_add(bytes.len());
                    if self.heard > LONGEST_CONVERSATION {
                        return Err(self.remark(NoAnswer::TooLong));
                    }
                    self.reader.take(&bytes);
                }
            }
        }
    }

    /// Ends the conversation: the connection, and what came of it that was not asked for.
    pub(crate) fn end(self) -> (S, Vec<u8>) {
        (self.stream, self.reader.leftover().to_vec())
    }

    fn remark(&mut self, no_answer: NoAnswer) -> NoAnswer {
        let text = match &no_answer {
            NoAnswer::TimedOut => format!("no answer within {} s", self.limit.as_secs_f32()),
            NoAnswer::Closed => "the server closed the connection".to_owned(),
            NoAnswer::Reset => "the connection was reset".to_owned(),
            NoAnswer::Broken { words } => format!("the connection broke: {words}"),
            NoAnswer::Unreadable { .. } => "this is not the protocol that was expected".to_owned(),
            NoAnswer::TooLong => "the answer was too long and was left unread".to_owned(),
        };
        self.transcript.add(self.began.milliseconds(), Speaker::Us, &text);
        no_answer
    }
}
