//! A server that speaks IMAP on 993 and SMTP on 587 as Apple does, and misbehaves as its arguments say.

mod connection;
mod icloud_mailbox;
mod imap;
mod journal;
mod mailbox;
mod manners;
mod old_tls;
mod smtp;

use crate::fault::CANARY;
use crate::world::addresses::{IMAP, SMTP};
use crate::world::commands::Outcome;
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use connection::Connection;
use journal::Journal;
use manners::{Manner, Manners};
use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use std::path::Path;
use std::sync::Arc;
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;

#[derive(Clone, Copy, PartialEq)]
enum Protocol {
    Imap,
    Smtp,
}

/// All that a conversation needs to know.
#[derive(Clone)]
struct Stage {
    protocol: Protocol,
    manners: Arc<Manners>,
    tls: TlsAcceptor,
    journal: Journal,
}

/// Runs until it is killed: `scripted FOLDER [imap=MANNER | smtp=MANNER]…`.
pub(crate) fn serve(arguments: &[String]) -> Outcome {
    let [folder, words @ ..] = arguments else { return Err("scripted FOLDER [MANNER]…".into()) };
    let folder = Path::new(folder);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let mut listening = Vec::new();
        for (protocol, name, addresses, port) in
            [(Protocol::Imap, "imap", IMAP, 993), (Protocol::Smtp, "smtp", SMTP, 587)]
        {
            let manners = Arc::new(Manners::of(name, words)?);
            let tls = acceptor(folder, name, &manners)?;
            let stage = Stage { protocol, manners, tls, journal: Journal::open(folder, name)? };
            for address in addresses {
                let listener = TcpListener::bind((address, port)).await?;
                listening.push(tokio::spawn(accept(listener, stage.clone())));
            }
        }
        for task in listening {
            task.await?;
        }
        Ok(())
    })
}

async fn accept(listener: TcpListener, stage: Stage) {
    while let Ok((stream, peer)) = listener.accept().await {
        let mut stage = stage.clone();
        stage.journal = stage.journal.next_connection();
        stage.journal.note(&format!("connected from {}", peer.ip()));
        tokio::spawn(async move {
            let end = match stage.protocol {
                Protocol::Imap => receive(stream, &stage).await,
                Protocol::Smtp => submit(stream, &stage).await,
            };
            stage.journal.note(&format!("ended: {}", end.err().map_or("well".to_string(), |error| error.to_string())));
        });
    }
}

/// IMAP's way: TLS from the first byte.
async fn receive(stream: TcpStream, stage: &Stage) -> std::io::Result<()> {
    if stage.manners.has(Manner::PlainText) {
        return imap::converse(&mut Connection::new(stream, stage), &stage.manners).await;
    }
    let stream = shake_hands(stream, stage).await?;
    imap::converse(&mut Connection::new(stream, stage), &stage.manners).await
}

/// SMTP's way: plain, then STARTTLS, then the same again.
async fn submit(stream: TcpStream, stage: &Stage) -> std::io::Result<()> {
    let mut plain = Connection::new(stream, stage);
    if !smtp::greet(&mut plain, &stage.manners).await? || !smtp::converse(&mut plain, &stage.manners, false).await? {
        return Ok(());
    }
    let stream = shake_hands(plain.into_stream(), stage).await?;
    smtp::converse(&mut Connection::new(stream, stage), &stage.manners, true).await?;
    Ok(())
}

async fn shake_hands(stream: TcpStream, stage: &Stage) -> std::io::Result<tokio_rustls::server::TlsStream<TcpStream>> {
    if stage.manners.has(Manner::CutAtHello) {
        stream.readable().await?;
        return Err(std::io::Error::other("cut at the ClientHello, as told"));
    }
    if stage.manners.has(Manner::OldTls) || stage.manners.has(Manner::OldTlsCloses) {
        return Err(old_tls::answer(stream, &stage.manners).await?);
    }
    let stream = stage.tls.accept(stream).await?;
    stage.journal.note("tls is up");
    Ok(stream)
}

fn acceptor(folder: &Path, name: &str, manners: &Manners) -> Outcome<TlsAcceptor> {
    let chain: Vec<CertificateDer<'static>> =
        CertificateDer::pem_file_iter(folder.join(format!("{name}.pem")))?.collect::<Result<_, _>>()?;
    let key = PrivateKeyDer::from_pem_file(folder.join(format!("{name}.key")))?;
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let versions = if manners.has(Manner::TlsTwelve) { &[&rustls::version::TLS12] } else { rustls::ALL_VERSIONS };
    let config = ServerConfig::builder_with_provider(provider)
        .with_protocol_versions(versions)?
        .with_no_client_auth()
        .with_single_cert(chain, key)?;
    Ok(TlsAcceptor::from(Arc::new(config)))
}

/// The name and password of a PLAIN response (RFC 4616).
fn decode(response: &str) -> Option<(String, String)> {
    let text = String::from_utf8(BASE64_STANDARD.decode(response).ok()?).ok()?;
    let mut parts = text.split('\0').skip(1);
    Some((parts.next()?.to_string(), parts.next()?.to_string()))
}

fn knows(password: &str) -> bool {
    password == CANARY
}

/// What a hostile or careless server adds to its answers so that the password reaches the user's report.
fn echo(manners: &Manners, name: &str, password: &str) -> String {
    if !manners.has(Manner::EchoPassword) {
        return String::new();
    }
    let response = BASE64_STANDARD.encode(format!("\0{name}\0{password}"));
    format!(" for {name} with \"{password}\" ({response}, {})", BASE64_STANDARD.encode(password))
}
