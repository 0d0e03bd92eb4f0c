//! One connection as its server sees it: lines in, bytes out, and TLS when the server says so.

use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use rustls::{ServerConfig, ServerConnection, StreamOwned};

/// A connection before or after its handshake.
enum Stream {
    Plain(TcpStream),
    Encrypted(Box<StreamOwned<ServerConnection, TcpStream>>),
    Gone,
}

/// An accepted connection.
pub(crate) struct Wire {
    stream: Stream,
    read: Vec<u8>,
    /// Every line that any client said at this server, over all connections.
    heard: Arc<Mutex<Vec<String>>>,
}

impl Wire {
    pub(crate) fn new(stream: TcpStream, heard: Arc<Mutex<Vec<String>>>) -> Self {
        // No attack outlasts the longest run that it may cause.
        let _ = stream.set_read_timeout(Some(Duration::from_mins(1)));
        let _ = stream.set_write_timeout(Some(Duration::from_mins(1)));
        let _ = stream.set_nodelay(true);
        Self { stream: Stream::Plain(stream), read: Vec::new(), heard }
    }

    /// The next line without its end.
    pub(crate) fn line(&mut self) -> io::Result<String> {
        while !self.read.contains(&b'\n') {
            let mut piece = [0; 4096];
            let count = self.reader().read(&mut piece)?;
            if count == 0 {
                if !self.read.is_empty() {
                    let rest = String::from_utf8_lossy(&self.read).into_owned();
                    self.heard.lock().unwrap().push(rest);
                }
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            self.read.extend_from_slice(&piece[..count]);
        }
        let end = self.read.iter().position(|byte| *byte == b'\n').unwrap();
        let line: Vec<u8> = self.read.drain(..=end).collect();
        let line = String::from_utf8_lossy(&line).trim_end_matches(['\r', '\n']).to_owned();
        self.heard.lock().unwrap().push(line.clone());
        Ok(line)
    }

    /// Sends bytes as they are.
    pub(crate) fn send(&mut self, bytes: &[u8]) -> io::Result<()> {
        let writer: &mut dyn Write = match &mut self.stream {
            Stream::Plain(stream) => stream,
            Stream::Encrypted(stream) => stream,
            Stream::Gone => return Err(io::ErrorKind::NotConnected.into()),
        };
        writer.write_all(bytes)?;
        writer.flush()
    }

    /// Sends a line with its end.
    pub(crate) fn say(&mut self, line: &str) -> io::Result<()> {
        self.send(format!("{line}\r\n").as_bytes())
    }

    /// Shakes hands as the server; what was read ahead is dropped.
    pub(crate) fn encrypt(&mut self, config: Arc<ServerConfig>) -> io::Result<()> {
        let Stream::Plain(stream) = std::mem::replace(&mut self.stream, Stream::Gone) else {
            return Err(io::ErrorKind::NotConnected.into());
        };
        self.read.clear();
        let connection = ServerConnection::new(config).map_err(io::Error::other)?;
        let mut stream = StreamOwned::new(connection, stream);
        while stream.conn.is_handshaking() {
            stream.conn.complete_io(&mut stream.sock)?;
        }
        self.stream = Stream::Encrypted(Box::new(stream));
        Ok(())
    }

    fn reader(&mut self) -> &mut dyn Read {
        match &mut self.stream {
            Stream::Plain(stream) => stream,
            Stream::Encrypted(stream) => stream,
            Stream::Gone => unreachable!("a wire whose handshake failed is not read again"),
        }
    }
}
