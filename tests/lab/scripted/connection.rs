//! A connection as lines: read, journalled, answered.

use super::Stage;
use super::journal::Journal;
use super::manners::Manner;
use std::io::Result;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};

pub(super) struct Connection<S> {
    stream: S,
    read: Vec<u8>,
    /// How long it thinks before it answers a line, and before it says one.
    pauses: [Duration; 2],
    pub(super) journal: Journal,
}

impl<S: AsyncRead + AsyncWrite + Unpin> Connection<S> {
    pub(super) fn new(stream: S, stage: &Stage) -> Self {
        let pauses = [Manner::Slow, Manner::SlowLines]
            .map(|manner| Duration::from_millis(if stage.manners.has(manner) { 800 } else { 0 }));
        Self { stream, read: Vec::new(), pauses, journal: stage.journal.clone() }
    }

    /// The bare stream, for TLS. What was read ahead is dropped, as RFC 3207 demands.
    pub(super) fn into_stream(self) -> S {
        self.stream
    }

    /// The next line without its end; None when the client has gone.
    pub(super) async fn line(&mut self) -> Result<Option<String>> {
        while !self.read.contains(&b'\n') {
            if !self.read_more().await? {
                // What came without a line's end is evidence too: a ClientHello, for one.
                if !self.read.is_empty() {
                    self.journal.heard(&String::from_utf8_lossy(&self.read));
                }
                return Ok(None);
            }
        }
        let end = self.read.iter().position(|byte| *byte == b'\n').unwrap_or_default();
        let line: Vec<u8> = self.read.drain(..=end).collect();
        let line = String::from_utf8_lossy(&line).trim_end_matches(['\r', '\n']).to_string();
        self.journal.heard(&line);
        tokio::time::sleep(self.pauses[0]).await;
        Ok(Some(line))
    }

    /// Exactly so many bytes: an IMAP literal.
    pub(super) async fn literal(&mut self, length: usize) -> Result<Option<String>> {
        while self.read.len() < length {
            if !self.read_more().await? {
                return Ok(None);
            }
        }
        let bytes: Vec<u8> = self.read.drain(..length).collect();
        let text = String::from_utf8_lossy(&bytes).into_owned();
        self.journal.heard(&text);
        Ok(Some(text))
    }

    pub(super) async fn say(&mut self, line: &str) -> Result<()> {
        tokio::time::sleep(self.pauses[1]).await;
        self.stream.write_all(format!("{line}\r\n").as_bytes()).await?;
        self.stream.flush().await
    }

    async fn read_more(&mut self) -> Result<bool> {
        let mut buffer = [0; 4096];
        let count = self.stream.read(&mut buffer).await?;
        self.read.extend_from_slice(&buffer[..count]);
        Ok(count > 0)
    }

    /// Ends in good order: TLS is closed by its own word.
    pub(super) async fn close(&mut self) -> Result<()> {
        self.stream.shutdown().await
    }
}
