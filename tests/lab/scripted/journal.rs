//! The journal of the scripted server: every line that a client sent, and how each connection ended.

use crate::world::commands::Outcome;
use std::fs::{File, OpenOptions};
use std::io::Write as _;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

#[derive(Clone)]
pub(super) struct Journal {
    file: Arc<File>,
    server: &'static str,
    connection: usize,
    connections: Arc<AtomicUsize>,
}

impl Journal {
    pub(super) fn open(folder: &Path, server: &'static str) -> Outcome<Self> {
        let file = OpenOptions::new().create(true).append(true).open(folder.join("journal"))?;
        Ok(Self { file: Arc::new(file), server, connection: 0, connections: Arc::default() })
    }

    pub(super) fn next_connection(&self) -> Self {
        let connection = self.connections.fetch_add(1, Ordering::Relaxed) + 1;
        Self { connection, ..self.clone() }
    }

    /// What the client said. The laboratory counts sign-ins in these lines.
    pub(super) fn heard(&self, line: &str) {
        self.write('>', line);
    }

    /// What the server itself has to say.
    pub(super) fn note(&self, text: &str) {
        self.write('#', text);
    }

    fn write(&self, mark: char, text: &str) {
        // One write call a line, so that lines of two connections never mix; a stray handshake message stays readable.
        let line = format!("{} {} {mark} {}\n", self.server, self.connection, text.escape_debug());
        let _ = (&*self.file).write_all(line.as_bytes());
    }
}
