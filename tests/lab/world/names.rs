//! The DNS: unbound twice, as the system's resolver and as the public ones.

use super::addresses::{IMAP, PUBLIC_RESOLVERS, RESOLVER, SMTP, WEB};
use super::commands::Outcome;
use crate::fault::{Families, Fault, Resolver};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

/// An unbound to start: its configuration, and where it will listen.
pub(crate) struct Server {
    pub(crate) configuration: PathBuf,
    pub(crate) listens: Vec<String>,
}

pub(crate) fn servers(folder: &Path, fault: &Fault) -> Outcome<Vec<Server>> {
    fs::write(folder.join("zone"), zone(fault.published, fault.resolver))?;
    let mut servers = vec![server(folder, "public", &PUBLIC_RESOLVERS, Resolver::Well)?];
    if !matches!(fault.resolver, Resolver::Stopped) {
        servers.push(server(folder, "system", &RESOLVER, fault.resolver)?);
    }
    Ok(servers)
}

fn server(folder: &Path, name: &str, addresses: &[&str], resolver: Resolver) -> Outcome<Server> {
    let configuration = folder.join(format!("unbound-{name}.conf"));
    fs::write(&configuration, text(folder, addresses, resolver))?;
    let listens = addresses.iter().map(|address| super::endpoint(address, 53)).collect();
    Ok(Server { configuration, listens })
}

/// One zone holds the whole DNS, so unbound follows the aliases as on the Internet and denies all other names; with
/// local-data it would give an alias without its address.
fn text(folder: &Path, addresses: &[&str], resolver: Resolver) -> String {
    let mut text = String::from("server:\n");
    for address in addresses {
        let _ = writeln!(text, "  interface: {address}");
    }
    text.push_str(
        "  do-daemonize: no\n  use-syslog: no\n  username: \"\"\n  chroot: \"\"\n  pidfile: \"\"\n  num-threads: 1\n  \
         module-config: \"iterator\"\n  access-control: 0.0.0.0/0 allow\n  access-control: ::0/0 allow\n",
    );
    let _ = writeln!(text, "  directory: \"{}\"", folder.display());
    if let Resolver::Says(lines) = resolver {
        let _ = writeln!(text, "{lines}");
    }
    text.push_str("remote-control:\n  control-enable: no\n");
    text.push_str(&authority(".", &folder.join("zone").to_string_lossy()));
    if let Resolver::FailsFor(zone) = resolver {
        text.push_str(&authority(zone, "/dev/null"));
    }
    text
}

fn authority(zone: &str, file: &str) -> String {
    format!(
        "auth-zone:\n  name: \"{zone}\"\n  zonefile: \"{file}\"\n  for-downstream: no\n  for-upstream: yes\n  \
         fallback-enabled: no\n"
    )
}

/// Aliases as Apple has them; a time to live of seconds, as akadns gives.
fn zone(published: Families, resolver: Resolver) -> String {
    let imap_aliases = if matches!(resolver, Resolver::FollowsManyAliases) {
        "imap.mail.me.com. CNAME imap.edge.mail.me.com.\n\
         imap.edge.mail.me.com. CNAME imap.edge.icloud.com.\n\
         imap.edge.icloud.com. CNAME p42-imap.mail.me.com.\n\
         p42-imap.mail.me.com. CNAME p42-imap.icloud.com.\n\
         p42-imap.icloud.com. CNAME imap.mail.me.com.akadns.net.\n"
    } else {
        "imap.mail.me.com. CNAME imap.mail.me.com.akadns.net.\n"
    };
    let mut zone = String::from(
        "$TTL 300\n@ SOA ns.lab. lab.lab. 1 3600 600 86400 5\n@ NS ns.lab.\nns.lab. A 198.18.0.53\n\
         smtp.mail.me.com. CNAME smtp.mail.me.com.akadns.net.\n\
         smtp.mail.me.com.akadns.net. CNAME outbound.pv.icloud.com.\n\
         www.apple.com. CNAME www.apple.com.edgekey.net.\n\
         captive.apple.com. CNAME captive.apple.com.edgekey.net.\n",
    );
    zone.push_str(imap_aliases);
    let hosts = [
        ("imap.mail.me.com.akadns.net.", IMAP, published),
        ("outbound.pv.icloud.com.", SMTP, published),
        ("www.apple.com.edgekey.net.", WEB, Families::Both),
        ("captive.apple.com.edgekey.net.", WEB, Families::Both),
    ];
    for (name, [ipv4, ipv6], families) in hosts {
        if families != Families::Ipv6 {
            let _ = writeln!(zone, "{name} 20 A {ipv4}");
        }
        if families != Families::Ipv4 {
            let _ = writeln!(zone, "{name} 20 AAAA {ipv6}");
        }
    }
    zone
}
