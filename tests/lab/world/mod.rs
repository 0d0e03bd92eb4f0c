//! A world: a user's machine, the cloud with its servers, and what is broken between them.

pub(crate) mod addresses;
mod certificates;
pub(crate) mod commands;
pub(crate) mod delivery;
pub(crate) mod dovecot;
pub(crate) mod folder;
pub(crate) mod journal;
mod names;
pub(crate) mod namespaces;
mod postfix;
mod status_page;
mod web;

use crate::fault::{Fault, Servers, SignIns};
use commands::{Outcome, run};
use dovecot::Accounts;
use folder::Folder;
use namespaces::Namespaces;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};

/// The programs that a world is made of.
pub(crate) const PROGRAMS: [&str; 9] = ["ip", "ss", "nft", "sysctl", "unbound", "nginx", "dovecot", "postfix", "kill"];

/// Fields end in this order: the namespaces with all that runs in them, then the folder in which that wrote.
pub(crate) struct World {
    pub(crate) namespaces: Namespaces,
    pub(crate) folder: Folder,
    servers: Servers,
    children: Vec<Child>,
}

impl World {
    pub(crate) fn build(fault: &Fault, place: usize) -> Outcome<Self> {
        let folder = Folder::create(place)?;
        let namespaces = Namespaces::create(place, fault.machine, fault.hosts)?;
        let mut world = Self { namespaces, folder, servers: fault.servers, children: Vec::new() };
        certificates::write(&world.folder, fault)?;
        let mut listeners = world.start_names(fault)?;
        listeners.extend(world.start_web(fault)?);
        listeners.extend(world.start_mail(fault)?);
        world.namespaces.wait_for_listeners(&listeners).map_err(|error| format!("{error}\n{}", world.logs()))?;
        Namespaces::add_firewall(&world.namespaces.cloud, "input", fault.cloud_firewall)?;
        Namespaces::add_firewall(&world.namespaces.user, "output", fault.user_firewall)?;
        Namespaces::add_firewall(&world.namespaces.user, "input", fault.way_back)?;
        for (namespace, commands) in [(&world.namespaces.user, fault.link), (&world.namespaces.cloud, fault.cloud_link)]
        {
            for command in commands {
                let mut arguments = vec!["-n", namespace];
                arguments.extend(command.split_whitespace());
                run("ip", &arguments)?;
            }
        }
        Ok(world)
    }

    /// More folders in the mailbox of the account, as iCloud has them.
    pub(crate) fn add_folders(&self, names: &[&str]) -> Outcome {
        dovecot::add_folders(&self.folder, names)
    }

    /// Messages in these folders and the inbox: unread, read, flagged, and marked deleted.
    pub(crate) fn add_messages(&self, names: &[&str], text: &str) -> Outcome {
        dovecot::add_messages(&self.folder, names, text)
    }

    /// The whole mailbox of the account where Dovecot keeps it: names, flags and contents. The scripted server's journal
    /// says by itself when one of its own is changed.
    pub(crate) fn mailbox(&self) -> Outcome<BTreeMap<PathBuf, Vec<u8>>> {
        match self.servers {
            Servers::Scripted(_) => Ok(BTreeMap::new()),
            Servers::Real | Servers::RealWithoutAccounts | Servers::Delivering(_) | Servers::RealWithMany(_) => {
                dovecot::store(&self.folder)
            }
        }
    }

    /// What the servers counted.
    pub(crate) fn sign_ins(&self) -> SignIns {
        if let Some(journal) = self.journal() {
            return journal::sign_ins(&journal);
        }
        SignIns { imap: dovecot::sign_ins(&self.folder, "imap"), smtp: dovecot::sign_ins(&self.folder, "smtp") }
    }

    /// Every line that the scripted server received, when it is the one that answers.
    pub(crate) fn journal(&self) -> Option<String> {
        matches!(self.servers, Servers::Scripted(_)).then(|| self.read("journal"))
    }

    /// What the scripted server received, or what Dovecot and Postfix logged.
    pub(crate) fn server_log(&self) -> String {
        self.journal().unwrap_or_else(|| self.read("dovecot.log") + &self.read("postfix.log"))
    }

    /// Whether the proxy that the machine was told of was asked for anything.
    pub(crate) fn proxy_was_asked(&self) -> bool {
        !self.read(crate::proxy::LOG).is_empty()
    }

    pub(crate) fn read(&self, name: &str) -> String {
        let bytes = fs::read(self.folder.join(name)).unwrap_or_default();
        String::from_utf8_lossy(&bytes).into_owned()
    }

    fn start_names(&mut self, fault: &Fault) -> Outcome<Vec<String>> {
        let mut listeners = Vec::new();
        for server in names::servers(&self.folder, fault)? {
            self.start("unbound", &["-p", "-c", &server.configuration.to_string_lossy()])?;
            listeners.extend(server.listens);
        }
        Ok(listeners)
    }

    fn start_web(&mut self, fault: &Fault) -> Outcome<Vec<String>> {
        let configuration = web::prepare(&self.folder, fault)?;
        self.start("nginx", &["-c", &configuration.to_string_lossy()])?;
        let mut listeners = web::listens();
        if fault.proxy {
            let folder = self.folder.to_string_lossy().into_owned();
            self.start_ourselves(&["proxy", &folder])?;
            listeners.push(endpoint(addresses::PROXY, addresses::PROXY_PORT));
        }
        Ok(listeners)
    }

    fn start_mail(&mut self, fault: &Fault) -> Outcome<Vec<String>> {
        if let Servers::Scripted(manners) = fault.servers {
            let folder = self.folder.to_string_lossy().into_owned();
            let mut arguments = vec!["scripted", &folder];
            arguments.extend(manners);
            self.start_ourselves(&arguments)?;
        } else {
            let (accounts, delivery) = match fault.servers {
                Servers::RealWithoutAccounts => (Accounts::Gone, None),
                Servers::RealWithMany(_) => (Accounts::Many, None),
                Servers::Delivering(delivery) => (Accounts::One, Some(delivery)),
                Servers::Real | Servers::Scripted(_) => (Accounts::One, None),
            };
            let mut more = delivery.map(|delivery| delivery.prepare(&self.folder)).transpose()?.unwrap_or_default();
            let mut settings = delivery.map(|delivery| delivery.settings(&self.folder)).unwrap_or_default();
            if let Servers::RealWithMany(many) = fault.servers {
                more.push_str(&(many.dovecot)(&self.folder)?);
                settings.extend((many.postfix)());
            }
            let configuration = dovecot::prepare(&self.folder, accounts, &more)?;
            self.start("dovecot", &["-F", "-c", &configuration.to_string_lossy()])?;
            let configuration = postfix::prepare(&self.folder, settings)?;
            self.start("postfix", &["-c", &configuration.to_string_lossy(), "start-fg"])?;
        }
        Ok([dovecot::listens(), postfix::listens()].concat())
    }

    /// This very program, as one of its servers.
    fn start_ourselves(&mut self, arguments: &[&str]) -> Outcome {
        self.start(&std::env::current_exe()?.to_string_lossy(), arguments)
    }

    fn start(&mut self, program: &str, arguments: &[&str]) -> Outcome {
        let name = Path::new(program).file_name().unwrap_or_default().to_string_lossy().into_owned();
        let log = File::create(self.folder.join(format!("{name}-{}.out", self.children.len())))?;
        let child = Namespaces::inside(&self.namespaces.cloud)
            .arg(program)
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log)
            .spawn()?;
        self.children.push(child);
        Ok(())
    }

    /// All output of the servers at their start, for the message when one does not run.
    fn logs(&self) -> String {
        let mut said = String::new();
        for entry in fs::read_dir(self.folder.path()).into_iter().flatten().flatten() {
            let name = entry.file_name().to_string_lossy().into_owned();
            let of_interest = Path::new(&name).extension().is_some_and(|kind| kind == "out" || kind == "log");
            if let (true, Ok(text)) = (of_interest, fs::read_to_string(entry.path())) {
                let _ = writeln!(said, "--- {name}\n{text}");
            }
        }
        said
    }
}

impl Drop for World {
    fn drop(&mut self) {
        for child in &mut self.children {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

pub(crate) fn endpoint(address: &str, port: u16) -> String {
    if address.contains(':') { format!("[{address}]:{port}") } else { format!("{address}:{port}") }
}
