//! The two machines: a user's and the cloud, network namespaces joined by one cable.

use super::addresses::{GATEWAY, IMAP, PUBLIC_RESOLVERS, RESOLVER, SMTP, USER, WEB};
use super::commands::{Outcome, run, run_with_input, wait_until};
use crate::fault::Families;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

/// Namespaces are named imdlab-<process>-<place>-user and …-cloud, so that worlds and laboratories stand side by side.
const PREFIX: &str = "imdlab-";

pub(crate) struct Namespaces {
    pub(crate) user: String,
    pub(crate) cloud: String,
}

impl Namespaces {
    pub(crate) fn create(place: usize, machine: Families, hosts: &[&str]) -> Outcome<Self> {
        let process = std::process::id();
        let name = |role: &str| format!("{PREFIX}{process}-{place}-{role}");
        let both = Self { user: name("user"), cloud: name("cloud") };
        run("ip", &["netns", "add", &both.user])?;
        run("ip", &["netns", "add", &both.cloud])?;
        both.write_names(machine, hosts)?;
        for namespace in [&both.user, &both.cloud] {
            // The kernel sends one ICMP error a second to a peer; the rejects of a run would be lost by chance.
            let settings = ["net.ipv4.icmp_ratelimit=0", "net.ipv6.icmp.ratelimit=0"];
            run("ip", &["netns", "exec", namespace, "sysctl", "-q", settings[0], settings[1]])?;
        }
        // Only a router tells others by ICMP that a route is forbidden.
        let forwarding = ["net.ipv4.ip_forward=1", "net.ipv6.conf.all.forwarding=1"];
        run("ip", &["netns", "exec", &both.cloud, "sysctl", "-q", forwarding[0], forwarding[1]])?;
        run(
            "ip",
            &["link", "add", "eth0", "netns", &both.user, "type", "veth", "peer", "name", "eth0", "netns", &both.cloud],
        )?;
        run_with_input("ip", &["-n", &both.cloud, "-batch", "-"], &cloud_addresses())?;
        run_with_input("ip", &["-n", &both.user, "-batch", "-"], &user_addresses(machine))?;
        Ok(both)
    }

    /// A command that runs inside: append the program and its arguments.
    pub(crate) fn inside(namespace: &str) -> Command {
        let mut command = Command::new("ip");
        command.args(["netns", "exec", namespace]);
        command
    }

    /// One nftables chain on the hook, with these rules.
    pub(crate) fn add_firewall(namespace: &str, hook: &str, rules: &[&str]) -> Outcome {
        if rules.is_empty() {
            return Ok(());
        }
        let mut table = format!("table inet lab {{ chain {hook} {{ type filter hook {hook} priority 0;\n");
        for rule in rules {
            let _ = writeln!(table, "{rule}");
        }
        table.push_str("}\n}\n");
        run_with_input("ip", &["netns", "exec", namespace, "nft", "-f", "-"], &table)?;
        Ok(())
    }

    /// Waits until something listens on each of these `address:port`, without connecting: a connection would be logged.
    pub(crate) fn wait_for_listeners(&self, wanted: &[String]) -> Outcome {
        let mut missing = wanted.to_vec();
        let result = wait_until("listening servers", Duration::from_secs(15), || {
            let listening = run("ip", &["netns", "exec", &self.cloud, "ss", "-ltnH"])?;
            missing.retain(|address| !listening.split_whitespace().any(|word| word == address));
            Ok(missing.is_empty())
        });
        result.map_err(|_| format!("nobody listens on {}", missing.join(", ")).into())
    }

    /// What the machine's programs find as its store of trusted roots.
    pub(crate) fn write_roots(&self, roots: &Path) -> Outcome {
        let folder = configuration_folder(&self.user).join("ssl");
        fs::create_dir_all(folder.join("certs"))?;
        fs::copy(roots, folder.join("certs/ca-certificates.crt"))?;
        Ok(fs::write(folder.join("openssl.cnf"), "")?)
    }

    fn write_names(&self, machine: Families, hosts: &[&str]) -> Outcome {
        let resolver = if machine == Families::Ipv6 { RESOLVER[1] } else { RESOLVER[0] };
        let folder = configuration_folder(&self.user);
        fs::create_dir_all(&folder)?;
        fs::write(folder.join("resolv.conf"), format!("nameserver {resolver}\n"))?;
        let known = ["127.0.0.1 localhost", "::1 localhost"];
        let lines: Vec<&str> = known.iter().chain(hosts).copied().collect();
        fs::write(folder.join("hosts"), lines.join("\n") + "\n")?;
        Ok(())
    }
}

impl Drop for Namespaces {
    fn drop(&mut self) {
        remove(&self.user);
        remove(&self.cloud);
    }
}

/// Removes what a killed laboratory left: namespaces whose process is gone, and what still runs in them.
pub(crate) fn remove_remains() -> Outcome {
    for line in run("ip", &["netns", "list"])?.lines() {
        let name = line.split_whitespace().next().unwrap_or_default();
        let owner = name.strip_prefix(PREFIX).and_then(|rest| rest.split('-').next());
        if owner.is_some_and(|process| !PathBuf::from("/proc").join(process).exists()) {
            remove(name);
        }
    }
    Ok(())
}

fn remove(namespace: &str) {
    // Killing one process may let its parent start another; a few rounds end them all.
    for _ in 0..50 {
        let living = run("ip", &["netns", "pids", namespace]).unwrap_or_default();
        if living.trim().is_empty() {
            break;
        }
        let mut arguments = vec!["-KILL"];
        arguments.extend(living.split_whitespace());
        let _ = run("kill", &arguments);
        std::thread::sleep(Duration::from_millis(10));
    }
    let _ = run("ip", &["netns", "delete", namespace]);
    let _ = fs::remove_dir_all(configuration_folder(namespace));
}

/// What `ip netns exec` shows to a program as files of /etc.
fn configuration_folder(namespace: &str) -> PathBuf {
    PathBuf::from("/etc/netns").join(namespace)
}

fn cloud_addresses() -> String {
    let mut batch = String::from("link set lo up\nlink set eth0 up\n");
    for address in [RESOLVER, WEB, IMAP, SMTP].iter().flatten().chain(&PUBLIC_RESOLVERS) {
        let _ = writeln!(batch, "address add {address} dev lo{}", without_detection(address));
    }
    let _ = writeln!(batch, "address add {}/24 dev eth0", GATEWAY[0]);
    let _ = writeln!(batch, "address add {}/64 dev eth0 nodad", GATEWAY[1]);
    batch
}

fn user_addresses(machine: Families) -> String {
    let mut batch = String::from("link set lo up\nlink set eth0 up\n");
    if machine != Families::Ipv6 {
        let _ = writeln!(batch, "address add {}/24 dev eth0\nroute add default via {}", USER[0], GATEWAY[0]);
    }
    if machine != Families::Ipv4 {
        let _ = writeln!(batch, "address add {}/64 dev eth0 nodad\nroute add default via {}", USER[1], GATEWAY[1]);
    }
    batch
}

/// Duplicate address detection would keep an IPv6 address unusable for a second.
fn without_detection(address: &str) -> &'static str {
    if address.contains(':') { " nodad" } else { "" }
}
