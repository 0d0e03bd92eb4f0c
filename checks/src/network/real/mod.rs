//! The network that this machine is on.

mod connect;
mod der;
mod fetch;
mod handshake;
#[cfg(target_os = "linux")]
mod icmp;
mod old_hello;
mod query;
mod resolvers;
mod roots;
mod system_verdict;
mod tee;

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::PathBuf;
use std::rc::Rc;
use std::sync::Arc;

use hickory_resolver::proto::op::Query as Question;
use hickory_resolver::proto::rr::{Name, RData, RecordType};
use rustls::crypto::CryptoProvider;
use time::OffsetDateTime;
use tokio::runtime::Builder;
use tokio::sync::OnceCell;
use tokio::task::JoinHandle;

use super::ledger::FileLedger;
use super::{
    Answer, Fetch, FetchFailed, Handshake, Hello, Network, NotConnected, Page, Query, QueryFailed, Resolvers, Segments,
};
use crate::attempts::{Forgetful, Ledger};
pub use connect::Connection;
pub use roots::NoCertificates;
use roots::Roots;

/// Where the roots come from, besides the system's store and the built-in public ones.
#[derive(Debug, Clone, Default)]
pub struct RootFiles {
    /// PEM file of roots that the user trusts too.
    pub additional: Option<PathBuf>,
    /// PEM file that replaces the built-in public roots.
    pub public: Option<PathBuf>,
}

/// The network that this machine is on.
pub struct Real {
    provider: Arc<CryptoProvider>,
    roots: OnceCell<Arc<Roots>>,
    loading: std::cell::RefCell<Option<JoinHandle<Roots>>>,
    ledger: Option<Rc<FileLedger>>,
}

impl Real {
    /// Opens the network. The files are read at once, because a mistake in their names is for the user to fix; the
    /// system's store is read beside the first questions, because on some machines that takes tens of milliseconds.
    ///
    /// Has to be called inside a tokio runtime.
    pub fn new(files: &RootFiles) -> Result<Self, NoCertificates> {
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        // reqwest panics without a default provider; a second installation changes nothing.
        let _ = CryptoProvider::clone(&provider).install_default();
        let additional = files.additional.as_deref().map(roots::read_pem).transpose()?.unwrap_or_default();
        let public = files.public.as_deref().map(roots::read_pem).transpose()?;
        let own = Arc::clone(&provider);
        let loading = tokio::task::spawn_blocking(move || Roots::load(additional, public, &own));
        Ok(Self { provider, roots: OnceCell::new(), loading: Some(loading).into(), ledger: None })
    }

    /// The same network; sign-ins are remembered in this ledger.
    #[must_use]
    pub fn remembering(self, ledger: Option<Rc<FileLedger>>) -> Self {
        Self { ledger, ..self }
    }

    async fn roots(&self) -> Arc<Roots> {
        let loading = self.loading.borrow_mut().take();
        let loaded = self.roots.get_or_init(|| async {
            match loading {
                Some(loading) => Arc::new(loading.await.unwrap_or_default()),
                None => Arc::default(),
            }
        });
        Arc::clone(loaded.await)
    }
}

impl Network for Real {
    type Stream = connect::Connection;

    #[allow(clippy::disallowed_methods, reason = "this is the door")]
    fn now(&self) -> OffsetDateTime {
        OffsetDateTime::now_utc()
    }

    fn resolvers(&self) -> Resolvers {
        resolvers::read()
    }

    #[allow(clippy::disallowed_methods, reason = "this is the door")]
    async fn look_up(&self, name: &str) -> Vec<IpAddr> {
        let found = tokio::net::lookup_host((name, 0)).await;
        let mut addresses: Vec<IpAddr> = found.into_iter().flatten().map(|address| address.ip()).collect();
        addresses.dedup();
        addresses
    }

    fn hosts_file(&self, name: &str) -> Vec<IpAddr> {
        let (Ok(hosts), Ok(name)) = (hickory_resolver::Hosts::from_system(), Name::from_ascii(format!("{name}.")))
        else {
            return Vec::new();
        };
        let found: Vec<IpAddr> = [RecordType::A, RecordType::AAAA]
            .into_iter()
            .filter_map(|kind| hosts.lookup_static_host(&Question::query(name.clone(), kind)))
            .flat_map(|lookup| lookup.answers().iter().map(|record| record.data.clone()).collect::<Vec<_>>())
            .filter_map(|data| match data {
                RData::A(address) => Some(IpAddr::V4(address.0)),
                RData::AAAA(address) => Some(IpAddr::V6(address.0)),
                _ => None,
            })
            .collect();
        // On Windows it is in no file (RFC 6761 section 6.3).
        match found.is_empty() && name.to_utf8() == "localhost." {
            true => vec![IpAddr::V4(Ipv4Addr::LOCALHOST), IpAddr::V6(Ipv6Addr::LOCALHOST)],
            false => found,
        }
    }

    fn proxy_for(&self, url: &str) -> Option<String> {
        let proxy = hyper_util::client::proxy::matcher::Matcher::from_system().intercept(&url.parse().ok()?)?;
        // Only the authority's host and port: the rest may hold the proxy's password.
        Some(format!("{}:{}", proxy.uri().host()?, proxy.uri().port_u16().unwrap_or(80)))
    }

    fn ledger(&self) -> &dyn Ledger {
        self.ledger.as_deref().map_or(&Forgetful, |ledger| ledger)
    }

    fn chance(&self) -> u64 {
        let mut bytes = [0; 8];
        // Without it, the time alone tells two messages apart.
        let _ = aws_lc_rs::rand::fill(&mut bytes);
        u64::from_le_bytes(bytes)
    }

    async fn query(&self, asked: &Query) -> Result<Answer, QueryFailed> {
        query::ask(asked).await
    }

    async fn connect(&self, to: SocketAddr, segments: Segments) -> Result<Self::Stream, NotConnected> {
        connect::open(to, segments).await
    }

    async fn handshake(&self, stream: Self::Stream, name: &str, hello: Hello) -> Handshake<Self::Stream> {
        match hello {
            Hello::Usual => handshake::shake(stream, name, &self.provider, &*self.roots().await).await,
            Hello::Small => {
                handshake::shake(stream, name, &handshake::small(&self.provider), &*self.roots().await).await
            }
            Hello::Old => old_hello::shake(stream, name, &self.provider).await,
        }
    }

    async fn fetch(&self, fetch: &Fetch) -> Result<Page, FetchFailed> {
        let (fetch, provider, roots) = (fetch.clone(), Arc::clone(&self.provider), self.roots().await);
        let other = |fault: &dyn std::fmt::Display| FetchFailed::Other(fault.to_string());
        // On a thread of its own: the HTTP library reads as long as there is something to read, and a server that
        // always has more would delay all timers.
        let fetching = tokio::task::spawn_blocking(move || {
            let runtime = Builder::new_current_thread().enable_all().build().map_err(|fault| other(&fault))?;
            runtime.block_on(fetch::get(&fetch, &provider, &roots))
        });
        fetching.await.unwrap_or_else(|fault| Err(other(&fault)))
    }
}
