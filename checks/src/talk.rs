//! A conversation over an open connection: every line is recorded, and no silence lasts longer than a step.

use std::borrow::Cow;
use std::time::Duration;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::network::clock::{Stopwatch, within};
use crate::network::{Broken, Stream};
use crate::protocol::imap::Response;
use crate::protocol::{Line, Proven, Reader, SecretLine, Unreadable, imap, smtp};
use crate::transcript::{Meaning, Speaker, Transcript};

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

/// An answer that can be recorded.
pub trait Answer {
    /// Its lines as the server sent them, without the private parts of a user's mail.
    fn lines(&self) -> Vec<Cow<'_, str>>;

    /// Whether it refuses what was asked for.
    fn is_refusal(&self) -> bool;

    /// Whether a message came with it, the rest of which may follow.
    fn is_message(&self) -> bool {
        false
    }
}

impl Answer for imap::Answer {
    fn lines(&self) -> Vec<Cow<'_, str>> {
        let Response::Data { .. } = &self.response else { return vec![Cow::Borrowed(&self.line)] };
        let mut private = imap::Private::default();
        let lines = self.line.split_inclusive('\n').flat_map(|line| private.blanked(line.as_bytes()));
        let shown = String::from_utf8_lossy(&lines.collect::<Vec<_>>()).into_owned();
        let shown = if self.is_message() { shown.split(['\r', '\n', '"']).next().unwrap_or_default() } else { &shown };
        vec![Cow::Owned(shown.to_owned())]
    }

    fn is_refusal(&self) -> bool {
        Self::is_refusal(self)
    }

    fn is_message(&self) -> bool {
        matches!(&self.response, Response::Data { name, .. } if name == "FETCH")
    }
}

impl Answer for imap::Heard {
    fn lines(&self) -> Vec<Cow<'_, str>> {
        match self {
            Self::Answer(answer) => Answer::lines(answer),
            Self::Piece(_) => Vec::new(),
        }
    }

    fn is_refusal(&self) -> bool {
        matches!(self, Self::Answer(answer) if answer.is_refusal())
    }

    fn is_message(&self) -> bool {
        true
    }
}

impl Answer for smtp::Reply {
    fn lines(&self) -> Vec<Cow<'_, str>> {
        self.shown.iter().map(|line| Cow::Borrowed(line.as_str())).collect()
    }

    fn is_refusal(&self) -> bool {
        Self::is_refusal(self)
    }
}

/// What a conversation took so far.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Spent {
    /// How often something was sent, each time to wait for its answer.
    pub(crate) writes: u32,
    /// The bytes in both directions, without those of the encryption.
    pub(crate) bytes: u64,
}

impl Spent {
    /// What was spent after this had been.
    pub(crate) fn since(self, before: Self) -> Self {
        Self { writes: self.writes - before.writes, bytes: self.bytes - before.bytes }
    }

    /// Both together.
    pub(crate) fn and(self, other: Self) -> Self {
        Self { writes: self.writes + other.writes, bytes: self.bytes + other.bytes }
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
    /// The number of bytes that the server has sent.
    heard: usize,
    /// Whether a message came: what is not an answer may be the rest of it.
    has_message: bool,
    /// Whether answers are left out of the transcript.
    is_private: bool,
    /// Words that the transcript must not show.
    kept_out: Vec<String>,
    spent: Spent,
}

/// The limit for all that one server sends, in bytes: twice the longest answer. A conversation of ours has a few
/// kilobytes, and one small message.
const LONGEST_CONVERSATION: usize = 2 * imap::FRAME_MAX;

/// The time limit for a server that never stops sending, as a multiple of the permitted silence.
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
            is_private: false,
            kept_out: Vec::new(),
            spent: Spent::default(),
        }
    }

    /// What it took until now.
    pub(crate) fn spent(&self) -> Spent {
        self.spent
    }

    /// Begins a part of a longer conversation: what was heard before does not count towards the most that is read.
    pub(crate) fn begin_part(&mut self) {
        self.heard = 0;
    }

    /// Begins a part with a sign of life: the time that a server may take for all it sends counts from now.
    pub(crate) fn go_on(&mut self) {
        self.begin_part();
        self.since_last_said = Stopwatch::start();
    }

    /// The same conversation, in which what comes from now on is read otherwise.
    pub(crate) fn read_by<O: Reader<Answer: Answer>>(self) -> Talk<'t, S, O> {
        let mut reader = O::default();
        reader.take(self.reader.leftover());
        let Self {
            stream,
            transcript,
            began,
            limit,
            since_last_said,
            since_last_heard,
            has_message,
            kept_out,
            spent,
            ..
        } = self;
        let (heard, is_private) = (0, self.is_private);
        Talk {
            stream,
            reader,
            transcript,
            began,
            limit,
            since_last_said,
            since_last_heard,
            heard,
            has_message,
            is_private,
            kept_out,
            spent,
        }
    }

    /// Lets the server stay silent for so long from now on; returns how long it could until now.
    pub(crate) fn be_patient(&mut self, limit: Duration) -> Duration {
        std::mem::replace(&mut self.limit, limit)
    }

    /// Keeps words out of the transcript, such as the names of a user's folders.
    pub(crate) fn keep_out(&mut self, words: Vec<String>) {
        self.kept_out = words;
    }

    /// Leaves answers out of the transcript, or keeps them again: what is said of thousands of messages is not for people.
    pub(crate) fn keep_no_transcript(&mut self, is_private: bool) {
        self.is_private = is_private;
    }

    /// Sends lines, in one write.
    pub(crate) async fn say(&mut self, lines: &[Line]) -> Result<(), NoAnswer> {
        for line in lines {
            let meaning = Meaning::Command { is_tagged: line.is_tagged(), is_farewell: line.is_farewell() };
            self.transcript.add(self.began.milliseconds(), Speaker::Client, line.shown(), Some(meaning));
        }
        self.spent.writes += 1;
        self.spent.bytes += lines.iter().map(|line| line.wire().len() as u64).sum::<u64>();
        self.since_last_said = Stopwatch::start();
        self.since_last_heard = self.since_last_said;
        match within(self.limit, self.stream.send(lines)).await {
            Some(sent) => sent.map_err(|broken| self.remark(broken.into())),
            None => Err(self.remark(NoAnswer::TimedOut)),
        }
    }

    /// Sends a line with a secret; only a connection to a server that has proved its name accepts one.
    pub(crate) async fn say_secret(&mut self, line: SecretLine) -> Result<(), NoAnswer>
    where
        S: Proven,
    {
        let line = line.over(&self.stream);
        self.say(&[line]).await
    }

    /// Reads the next whole answer.
    pub(crate) async fn hear(&mut self) -> Result<R::Answer, NoAnswer> {
        let passed = |since: Stopwatch| Duration::from_millis(since.milliseconds());
        let left = |talk: &Self| {
            let of_silence = talk.limit.saturating_sub(passed(talk.since_last_heard));
            of_silence.min((talk.limit * LONGEST_ANSWER).saturating_sub(passed(talk.since_last_said)))
        };
        match self.hear_while(left).await? {
            Some(answer) => Ok(answer),
            None => Err(self.remark(NoAnswer::TimedOut)),
        }
    }

    /// Reads the next whole answer, if one comes in this time: a server that was asked to tell of changes may have none.
    pub(crate) async fn hear_for(&mut self, patience: Duration) -> Result<Option<R::Answer>, NoAnswer> {
        let began = Stopwatch::start();
        self.hear_while(|_| patience.saturating_sub(Duration::from_millis(began.milliseconds()))).await
    }

    async fn hear_while(&mut self, left: impl Fn(&Self) -> Duration) -> Result<Option<R::Answer>, NoAnswer> {
        loop {
            match self.reader.next() {
                Some(Ok(answer)) => {
                    let at = self.began.milliseconds();
                    let meaning = Some(Meaning::Answer { is_refusal: answer.is_refusal() });
                    if !self.is_private || answer.is_refusal() {
                        for line in answer.lines() {
                            let line = self.kept_out.iter().fold(line, |line, word| match line.contains(word) {
                                true => Cow::Owned(line.replace(word, "[private]")),
                                false => line,
                            });
                            self.transcript.add(at, Speaker::Server, &line, meaning);
                        }
                    }
                    self.has_message |= answer.is_message();
                    return Ok(Some(answer));
                }
                Some(Err(mut unreadable)) => {
                    if let (true, Unreadable::NotThisProtocol { line }) = (self.has_message, &mut unreadable) {
                        "[of a message]".clone_into(line);
                    }
                    if let Unreadable::NotThisProtocol { line } = &unreadable {
                        self.transcript.add(self.began.milliseconds(), Speaker::Server, line, None);
                    }
                    return Err(self.remark(unreadable.into()));
                }
                None => {}
            }
            let left = left(self);
            let received = if left.is_zero() { None } else { within(left, self.stream.receive()).await };
            match received {
                None => return Ok(None),
                Some(Err(broken)) => return Err(self.remark(broken.into())),
                Some(Ok(bytes)) if bytes.is_empty() => {
                    let rest = String::from_utf8_lossy(self.reader.leftover()).into_owned();
                    if !rest.is_empty() && !self.has_message {
                        self.transcript.add(self.began.milliseconds(), Speaker::Server, &rest, None);
                    }
                    return Err(self.remark(NoAnswer::Closed));
                }
                Some(Ok(bytes)) => {
                    self.since_last_heard = Stopwatch::start();
                    self.heard = self.heard.saturating_add(bytes.len());
                    self.spent.bytes += bytes.len() as u64;
                    if self.heard > LONGEST_CONVERSATION {
                        return Err(self.remark(NoAnswer::TooLong));
                    }
                    self.reader.take(&bytes);
                }
            }
        }
    }

    /// Ends the conversation: returns the connection, and what came without being asked for.
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
        self.transcript.remark(self.began.milliseconds(), &text);
        no_answer
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test says what went wrong by failing")]
mod tests {
    use super::*;
    use crate::protocol::imap::command as imap_command;
    use crate::protocol::smtp::command as smtp_command;
    use crate::secret::Secret;

    /// A server that sends everything at once, without waiting for the client.
    struct Saying(&'static str);

    impl Proven for Saying {}

    impl Stream for Saying {
        async fn send(&mut self, _lines: &[Line]) -> Result<(), Broken> {
            Ok(())
        }

        async fn receive(&mut self) -> Result<Vec<u8>, Broken> {
            Ok(std::mem::take(&mut self.0).as_bytes().to_vec())
        }
    }

    const COMMAND: Option<Meaning> = Some(Meaning::Command { is_tagged: false, is_farewell: false });
    const TAGGED: Option<Meaning> = Some(Meaning::Command { is_tagged: true, is_farewell: false });
    const FAREWELL: Option<Meaning> = Some(Meaning::Command { is_tagged: false, is_farewell: true });
    const TAGGED_FAREWELL: Option<Meaning> = Some(Meaning::Command { is_tagged: true, is_farewell: true });
    const GRANTED: Option<Meaning> = Some(Meaning::Answer { is_refusal: false });
    const REFUSED: Option<Meaning> = Some(Meaning::Answer { is_refusal: true });

    fn meant(transcript: &Transcript) -> Vec<(&str, Option<Meaning>)> {
        transcript.lines.iter().map(|said| (said.text.as_str(), said.meaning)).collect()
    }

    async fn until_silence<R: Reader<Answer: Answer>>(
        says: &'static str,
        lines: &[Line],
        secret: Option<SecretLine>,
    ) -> Transcript {
        let mut transcript = Transcript::default();
        let mut talk = Talk::<_, R>::over(Saying(says), &mut transcript, Stopwatch::start(), Duration::from_secs(5));
        talk.say(lines).await.unwrap();
        if let Some(secret) = secret {
            talk.say_secret(secret).await.unwrap();
        }
        while talk.hear().await.is_ok() {}
        transcript
    }

    #[tokio::test]
    async fn what_smtp_lines_mean_is_kept_and_not_how_they_look() {
        let password = Secret::new("abcd-efgh-ijkl-mnop".to_owned());
        let lines = [smtp_command::ehlo("A1").unwrap(), smtp_command::quit()];
        let secret = Some(smtp_command::auth_login_password(&password));
        let says = "250-NO server\r\n250 4.2.0 BAD day\r\n535 OK\r\nQUIT\r\n";
        let transcript = until_silence::<smtp::Reader>(says, &lines, secret).await;
        let expected = [
            ("EHLO A1", COMMAND),
            ("QUIT", FAREWELL),
            ("[hidden]", COMMAND),
            ("250-NO server", GRANTED),
            ("250 4.2.0 BAD day", GRANTED),
            ("535 OK", REFUSED),
            ("QUIT", None),
            ("this is not the protocol that was expected", None),
        ];
        assert_eq!(meant(&transcript), expected);
    }

    #[tokio::test]
    async fn what_imap_lines_mean_is_kept_and_not_how_they_look() {
        let password = Secret::new("abcd-efgh-ijkl-mnop".to_owned());
        let lines = [imap_command::capability("abc12"), imap_command::logout("Z9")];
        let secret = imap_command::login("A3", "LOGOUT", &password);
        let says = "* 5 EXISTS\r\n4 OK a tag\r\nabc12 no\r\n+ NO\r\n* BYE\r\n";
        let transcript = until_silence::<imap::Reader>(says, &lines, secret).await;
        let expected = [
            ("abc12 CAPABILITY", TAGGED),
            ("Z9 LOGOUT", TAGGED_FAREWELL),
            ("A3 LOGIN LOGOUT [hidden]", TAGGED),
            ("* 5 EXISTS", GRANTED),
            ("4 OK a tag", GRANTED),
            ("abc12 no", REFUSED),
            ("+ NO", GRANTED),
            ("* BYE", REFUSED),
            ("the server closed the connection", None),
        ];
        assert_eq!(meant(&transcript), expected);
    }

    #[tokio::test]
    async fn what_a_line_meant_is_written_with_the_evidence_and_not_shown() {
        let transcript = until_silence::<smtp::Reader>("250 NO\r\n", &[smtp_command::rset()], None).await;
        let written = serde_json::to_string(&transcript).unwrap();
        assert_eq!(serde_json::from_str::<Transcript>(&written).unwrap(), transcript);
        for said in transcript.shown() {
            let written = serde_json::to_value(&said).unwrap();
            assert_eq!(written.as_object().unwrap().keys().collect::<Vec<_>>(), ["at_ms", "from", "text"]);
        }
    }
}
