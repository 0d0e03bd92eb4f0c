//! A proxy for the web that knows CONNECT alone (RFC 9110 section 9.3.6): `proxy FOLDER`.

use crate::world::addresses::{PROXY, PROXY_PORT, STATUS_NAME, WEB};
use crate::world::commands::Outcome;
use std::fs::OpenOptions;
use std::io::{BufRead as _, BufReader, Write as _, copy};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::path::Path;

/// What it was asked, a line each.
pub(crate) const LOG: &str = "proxy.log";

/// Runs until it is killed.
pub(crate) fn serve(arguments: &[String]) -> Outcome {
    let [folder] = arguments else { return Err("proxy FOLDER".into()) };
    let listener = TcpListener::bind((PROXY, PROXY_PORT))?;
    for client in listener.incoming() {
        let (client, log) = (client?, Path::new(folder).join(LOG));
        std::thread::spawn(move || pass_on(client, &log));
    }
    Ok(())
}

fn pass_on(mut client: TcpStream, log: &Path) -> std::io::Result<()> {
    let mut reader = BufReader::new(client.try_clone()?);
    let mut request = String::new();
    reader.read_line(&mut request)?;
    let mut header = String::new();
    while reader.read_line(&mut header)? > 2 {
        header.clear();
    }
    writeln!(OpenOptions::new().create(true).append(true).open(log)?, "{}", request.trim_end())?;
    if !request.starts_with(&format!("CONNECT {STATUS_NAME}:443 ")) {
        client.write_all(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n")?;
        return Ok(());
    }
    let mut server = TcpStream::connect((WEB[0], 443))?;
    client.write_all(b"HTTP/1.1 200 Connection established\r\n\r\n")?;
    let (mut from_server, mut to_client) = (server.try_clone()?, client.try_clone()?);
    let back = std::thread::spawn(move || {
        let _ = copy(&mut from_server, &mut to_client);
        let _ = to_client.shutdown(Shutdown::Write);
    });
    copy(&mut reader, &mut server)?;
    server.shutdown(Shutdown::Write)?;
    let _ = back.join();
    Ok(())
}
