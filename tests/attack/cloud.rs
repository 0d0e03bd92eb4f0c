//! The two mail servers and the resolver of one attack, and the check that is run against them.

use std::io;
use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::sync::{Arc, Mutex};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use tempfile::TempDir;

use crate::certificates;
use crate::doctor::Doctor;
use crate::imap::Imap;
use crate::resolver;
use crate::smtp::Smtp;
use crate::wire::Wire;
use crate::{Held, holds};

/// The invented account of every attack, and its password.
pub(crate) const ADDRESS: &str = "ottilie.kranz@icloud.com";
pub(crate) const PASSWORD: &str = "qkwe-ruvz-mbhy-xgtn";

/// A hostile world on loopback.
pub(crate) struct Cloud {
    pub(crate) imap: SocketAddr,
    pub(crate) smtp: SocketAddr,
    pub(crate) resolver: SocketAddr,
    /// The server in place of Apple's two web pages.
    pub(crate) status_url: String,
    pub(crate) portal_url: String,
    /// What the clients said at either server, line by line.
    pub(crate) heard: Arc<Mutex<Vec<String>>>,
    pub(crate) folder: TempDir,
}

impl Cloud {
    /// Two servers.
    pub(crate) fn of(imap: Imap, smtp: Smtp) -> Self {
        Self::serving(move |wire| imap.serve(wire), move |wire| smtp.serve(wire))
    }

    /// Two servers with the given behaviour, each connection on a thread of its own.
    pub(crate) fn serving(
        imap: impl Fn(&mut Wire) -> io::Result<()> + Send + Sync + 'static,
        smtp: impl Fn(&mut Wire) -> io::Result<()> + Send + Sync + 'static,
    ) -> Self {
        let heard = Arc::default();
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("roots.pem"), certificates::root().pem()).unwrap();
        let (imap, smtp) = (listen(imap, &heard), listen(smtp, &heard));
        let nobody = || "http://127.0.0.1:1/".to_owned();
        let (resolver, status_url, portal_url) = (resolver::serve(resolver::honest), nobody(), nobody());
        Self { imap, smtp, resolver, status_url, portal_url, heard, folder }
    }

    /// `check` of the account against these servers, with the password in its environment; nothing else is contacted.
    pub(crate) fn check(&self) -> Doctor {
        self.check_of(ADDRESS, PASSWORD)
    }

    /// `mailbox` of the account against this server, in the same way.
    pub(crate) fn mailbox(&self) -> Doctor {
        let (roots, port, resolver) = (self.roots(), self.imap.port().to_string(), self.resolver.to_string());
        let roots = roots.to_string_lossy();
        let network = ["--imap-port", &port, "--resolver", &resolver, "--second-resolver", "none"];
        let stand_ins = [
            "--status-url",
            &self.status_url,
            "--portal-url",
            &self.portal_url,
            "--ca-file",
            &roots,
            "--public-roots",
            &roots,
        ];
        Doctor::new(&["mailbox", ADDRESS]).args(&network).args(&stand_ins).env("ICLOUD_APP_PASSWORD", PASSWORD)
    }

    /// The same of another account.
    pub(crate) fn check_of(&self, address: &str, password: &str) -> Doctor {
        let roots = self.roots();
        let roots = roots.to_string_lossy();
        let (imap, smtp) = (self.imap.port().to_string(), self.smtp.port().to_string());
        let resolver = self.resolver.to_string();
        let (status, portal) = (&self.status_url, &self.portal_url);
        let ports = ["--imap-port", &imap, "--smtp-port", &smtp, "--resolver", &resolver, "--second-resolver", "none"];
        let stand_ins = ["--status-url", status, "--portal-url", portal, "--ca-file", &roots, "--public-roots", &roots];
        Doctor::new(&["check", address]).args(&ports).args(&stand_ins).env("ICLOUD_APP_PASSWORD", password)
    }

    /// `check` of the accounts in a list against these servers.
    pub(crate) fn check_many(&self, list: &Path) -> Doctor {
        self.check_many_at(list, None)
    }

    /// The service over the accounts in a list, against these servers.
    pub(crate) fn serve(&self, list: &Path) -> Doctor {
        self.of_many("serve", list, None)
    }

    /// The same, with another port of the SMTP server.
    pub(crate) fn check_many_at(&self, list: &Path, smtp_port: Option<&str>) -> Doctor {
        self.of_many("check", list, smtp_port)
    }

    fn of_many(&self, command: &str, list: &Path, smtp_port: Option<&str>) -> Doctor {
        let roots = self.roots();
        let (roots, list) = (roots.to_string_lossy(), list.to_string_lossy());
        let (imap, smtp) = (self.imap.port().to_string(), self.smtp.port().to_string());
        let smtp = smtp_port.unwrap_or(&smtp);
        let (resolver, status, portal) = (self.resolver.to_string(), &self.status_url, &self.portal_url);
        let ports = ["--imap-port", &imap, "--smtp-port", smtp, "--resolver", &resolver, "--second-resolver", "none"];
        let stand_ins = ["--status-url", status, "--portal-url", portal, "--ca-file", &roots, "--public-roots", &roots];
        Doctor::new(&[command, "--accounts", &list]).args(&ports).args(&stand_ins)
    }

    /// The file with the authority that the run trusts.
    pub(crate) fn roots(&self) -> std::path::PathBuf {
        self.folder.path().join("roots.pem")
    }

    /// A file in the attack's own folder.
    pub(crate) fn path(&self, name: impl AsRef<Path>) -> std::path::PathBuf {
        self.folder.path().join(name)
    }

    /// Every line that the servers received.
    pub(crate) fn all_heard(&self) -> String {
        self.heard.lock().unwrap().join("\n")
    }

    /// How many lines with the password in them the servers got, in the forms in which mail programs send it.
    pub(crate) fn sign_ins(&self) -> usize {
        let holds_it = |line: &&String| {
            line.contains(PASSWORD)
                || line
                    .split(' ')
                    .filter_map(|word| STANDARD.decode(word).ok())
                    .any(|bytes| bytes.windows(PASSWORD.len()).any(|piece| piece == PASSWORD.as_bytes()))
        };
        self.heard.lock().unwrap().iter().filter(holds_it).count()
    }

    /// No server got the password.
    pub(crate) fn got_no_password(&self) -> Held {
        holds(self.sign_ins() == 0, || format!("the password was sent: {}", self.all_heard()))
    }
}

fn listen(
    serve: impl Fn(&mut Wire) -> io::Result<()> + Send + Sync + 'static,
    heard: &Arc<Mutex<Vec<String>>>,
) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let (serve, heard) = (Arc::new(serve), Arc::clone(heard));
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let (serve, heard) = (Arc::clone(&serve), Arc::clone(&heard));
            // A client that disconnects ends its conversation; that is not a fault of the attack.
            std::thread::spawn(move || serve(&mut Wire::new(stream, heard)));
        }
    });
    address
}
