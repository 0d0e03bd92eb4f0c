//! The resolvers that this machine is set to ask.

use std::net::SocketAddr;

use super::super::Resolvers;

/// The port of name servers (RFC 1035 section 4.2).
const PORT: u16 = 53;

/// Reads the system's setting. An entry that cannot be read does not lose the others.
pub(super) fn read() -> Resolvers {
    let mut resolvers = system::read();
    let mut known: Vec<SocketAddr> = Vec::new();
    resolvers.addresses.retain(|address| {
        let is_new = !known.contains(address);
        known.push(*address);
        is_new
    });
    resolvers
}

#[cfg(unix)]
mod system {
    use std::fs::File;
    use std::io::{self, Read};
    use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, SocketAddrV6};

    use super::super::super::Resolvers;
    use super::PORT;

    /// On macOS, too, its lines are the resolvers for names without rules of their own; the system writes it anew with
    /// every change of the network, and keeps the scopes of link-local addresses in it.
    const FILE: &str = "/etc/resolv.conf";

    /// No such file is longer, in bytes.
    const LONGEST: u64 = 64 * 1024;

    /// "If this file does not exist, only the name server on the local machine will be queried" (resolv.conf(5)); the
    /// same holds for one without entries. On macOS it is not there while there is no network.
    const LOCAL: Option<SocketAddr> =
        if cfg!(target_os = "macos") { None } else { Some(SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), PORT)) };

    pub(super) fn read() -> Resolvers {
        let mut text = Vec::new();
        let mut resolvers = match File::open(FILE).and_then(|file| file.take(LONGEST).read_to_end(&mut text)) {
            Ok(_) => parse(&String::from_utf8_lossy(&text), scope),
            Err(fault) if fault.kind() == io::ErrorKind::NotFound => parse("", scope),
            Err(fault) => {
                return Resolvers { addresses: Vec::new(), unreadable: Some(format!("{FILE}: {fault}")) };
            }
        };
        resolvers.unreadable = resolvers.unreadable.map(|why| format!("{FILE}: {why}")).or_else(rule_of_its_own);
        resolvers
    }

    /// The entries of a resolv.conf(5); `scope` gives an interface its number.
    fn parse(text: &str, scope: impl Fn(&str) -> Option<u32>) -> Resolvers {
        let mut resolvers = Resolvers::default();
        for line in text.lines() {
            let mut words = line.split_ascii_whitespace();
            // The keyword has to begin the line.
            if line.starts_with(char::is_whitespace) || words.next() != Some("nameserver") {
                continue;
            }
            let Some(word) = words.next() else { continue };
            match address(word, &scope) {
                Some(address) => resolvers.addresses.push(address),
                None => resolvers.unreadable = Some(format!("\"{word}\" is not an address that can be asked")),
            }
        }
        if resolvers.addresses.is_empty() && resolvers.unreadable.is_none() {
            resolvers.addresses.extend(LOCAL);
        }
        resolvers
    }

    /// An address, with the interface behind it where it is link-local (RFC 4007 section 11): `fe80::1%eth0`.
    fn address(word: &str, scope: impl Fn(&str) -> Option<u32>) -> Option<SocketAddr> {
        let Some((six, zone)) = word.split_once('%') else { return Some(SocketAddr::new(word.parse().ok()?, PORT)) };
        let six: Ipv6Addr = six.parse().ok()?;
        let zone = zone.parse().ok().or_else(|| scope(zone))?;
        Some(SocketAddrV6::new(six, PORT, 0, zone).into())
    }

    fn scope(interface: &str) -> Option<u32> {
        nix::net::if_::if_nametoindex(interface).ok()
    }

    /// A file that gives Apple's mail servers name servers of their own (resolver(5) of macOS), which are not asked.
    fn rule_of_its_own() -> Option<String> {
        let files = ["com", "me.com", "mail.me.com"].map(|domain| format!("/etc/resolver/{domain}"));
        let rule = files.into_iter().find(|file| cfg!(target_os = "macos") && std::path::Path::new(file).exists())?;
        Some(format!("the name servers in {rule} are not asked"))
    }

    #[cfg(test)]
    mod tests {
        use super::*;

        fn parsed(text: &str) -> (Vec<String>, Option<String>) {
            let resolvers = parse(text, |interface| (interface == "eth0").then_some(7));
            (resolvers.addresses.iter().map(ToString::to_string).collect(), resolvers.unreadable)
        }

        #[test]
        fn a_link_local_address_keeps_its_interface() {
            let (addresses, unreadable) = parsed("nameserver fe80::1%eth0\nnameserver fe80::2%3\n");
            assert_eq!(
                (addresses.as_slice(), unreadable),
                (&["[fe80::1%7]:53".into(), "[fe80::2%3]:53".into()][..], None)
            );
        }

        #[test]
        fn an_entry_that_cannot_be_read_does_not_lose_the_others() {
            let (addresses, unreadable) = parsed(
                "# set by hand\nsearch lan\nnameserver 192.0.2.300\nnameserver\t192.0.2.53 \n nameserver 192.0.2.1\n",
            );
            assert_eq!(addresses, ["192.0.2.53:53"]);
            assert_eq!(unreadable.as_deref(), Some("\"192.0.2.300\" is not an address that can be asked"));
            assert_eq!(parsed("nameserver fe80::1%gone\n").0, [""; 0]);
        }

        #[cfg(not(target_os = "macos"))]
        #[test]
        fn without_entries_this_machine_is_asked() {
            assert_eq!(parsed("options edns0\n"), (vec!["127.0.0.1:53".to_owned()], None));
            assert_eq!(parsed("").0, ["127.0.0.1:53"]);
        }
    }
}

#[cfg(windows)]
mod system {
    use std::net::{IpAddr, Ipv6Addr, SocketAddr, SocketAddrV6};

    use ipconfig::{Adapter, OperStatus};

    use super::super::super::Resolvers;
    use super::PORT;

    /// Addresses that Windows shows where no name server is set; nothing answers there (RFC 3879 retired them).
    const PLACEHOLDERS: [Ipv6Addr; 3] = [
        Ipv6Addr::new(0xfec0, 0, 0, 0xffff, 0, 0, 0, 1),
        Ipv6Addr::new(0xfec0, 0, 0, 0xffff, 0, 0, 0, 2),
        Ipv6Addr::new(0xfec0, 0, 0, 0xffff, 0, 0, 0, 3),
    ];

    /// The resolvers of every adapter that is up, those of the adapter that Windows prefers first.
    pub(super) fn read() -> Resolvers {
        let mut adapters = match ipconfig::get_adapters() {
            Ok(adapters) => adapters,
            Err(fault) => return Resolvers { addresses: Vec::new(), unreadable: Some(fault.to_string()) },
        };
        adapters.retain(|adapter| adapter.oper_status() == OperStatus::IfOperStatusUp);
        adapters.sort_by_key(|adapter| adapter.ipv4_metric().min(adapter.ipv6_metric()));
        Resolvers { addresses: adapters.iter().flat_map(of).collect(), unreadable: None }
    }

    fn of(adapter: &Adapter) -> impl Iterator<Item = SocketAddr> {
        adapter.dns_servers().iter().filter_map(|address| match *address {
            IpAddr::V6(six) if PLACEHOLDERS.contains(&six) => None,
            IpAddr::V6(six) if six.is_unicast_link_local() => {
                Some(SocketAddrV6::new(six, PORT, 0, adapter.ipv6_if_index()).into())
            }
            other => Some(SocketAddr::new(other, PORT)),
        })
    }
}
