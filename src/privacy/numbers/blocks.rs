//! The blocks of addresses that stand-ins are of: which one an address gets its stand-in from, and the nth of each.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Which blocks the stand-ins are of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::privacy) enum Blocks {
    /// Those that belong to nobody, so that no person takes one for a machine's (RFC 5737, RFC 3849).
    Examples,
    /// The address's own kind: what is recorded is asked of the same program again, which tells the kinds apart.
    OwnKind,
}

/// The block that an address gets its stand-in from: its own kind's, or the one for examples (RFC 5737, RFC 3849).
/// `None` where it may stay: this machine itself, and what is of public record.
pub(super) fn block(address: IpAddr, is_known: bool) -> Option<IpAddr> {
    let four = |a, b, c| Some(IpAddr::V4(Ipv4Addr::new(a, b, c, 0)));
    let six = |first, second| Some(IpAddr::V6(Ipv6Addr::new(first, second, 0, 0, 0, 0, 0, 0)));
    match address {
        _ if address.is_loopback() || address.is_unspecified() || address.is_multicast() => None,
        _ if is_example(address) => None,
        IpAddr::V4(address) => match address.octets() {
            [10, ..] => four(10, 0, 0),
            [172, 16..=31, ..] => four(172, 16, 0),
            [192, 168, ..] => four(192, 168, 0),
            [169, 254, ..] => four(169, 254, 0),
            // Of the provider's own network (RFC 6598).
            [100, 64..=127, ..] => four(100, 64, 0),
            _ if is_known || address.is_broadcast() => None,
            _ => four(203, 0, 113),
        },
        IpAddr::V6(address) => match address.segments()[0] {
            0xfe80..=0xfebf => six(0xfe80, 0),
            0xfc00..=0xfdff => six(0xfd00, 0),
            _ if is_known => None,
            _ => six(0x2001, 0xdb8),
        },
    }
}

/// The block for examples in the place of an address's own: one for what is near by, one for a provider's, one for the
/// rest of the world.
pub(super) fn example(own: IpAddr) -> IpAddr {
    match own {
        IpAddr::V4(own) => IpAddr::V4(match own.octets() {
            [203, ..] => Ipv4Addr::new(203, 0, 113, 0),
            [100, ..] => Ipv4Addr::new(198, 51, 100, 0),
            _ => Ipv4Addr::new(192, 0, 2, 0),
        }),
        IpAddr::V6(own) => IpAddr::V6(match own.segments() {
            [0x2001, ..] => own,
            _ => Ipv6Addr::new(0x2001, 0xdb8, 1, 0, 0, 0, 0, 0),
        }),
    }
}

/// Whether an address is one of those for examples, which nobody has.
pub(super) fn is_example(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => matches!(address.octets(), [192, 0, 2, _] | [198, 51, 100, _] | [203, 0, 113, _]),
        IpAddr::V6(address) => matches!(address.segments(), [0x2001, 0xdb8, ..]),
    }
}

/// The nth address of a block.
pub(super) fn numbered(block: IpAddr, nth: u32, blocks: Blocks) -> IpAddr {
    match block {
        // A block for examples ends at its 254th; what is kept for the future (RFC 1112 section 4) is nobody's either.
        IpAddr::V4(block) if blocks == Blocks::Examples && nth > 254 => {
            let [which, ..] = block.octets();
            let [_, more, third, last] = nth.to_be_bytes();
            IpAddr::V4(Ipv4Addr::new(240 + which % 13, more, third, last))
        }
        IpAddr::V4(block) => {
            let [a, b, c, _] = block.octets();
            let [_, _, more, last] = nth.min(u32::from(u16::MAX)).to_be_bytes();
            IpAddr::V4(Ipv4Addr::new(a, b, c.wrapping_add(more), last))
        }
        IpAddr::V6(block) => {
            let mut segments = block.segments();
            let [first, second, third, last] = nth.to_be_bytes();
            (segments[6], segments[7]) = (u16::from_be_bytes([first, second]), u16::from_be_bytes([third, last]));
            IpAddr::V6(segments.into())
        }
    }
}
