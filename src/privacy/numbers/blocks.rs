//! The address blocks of stand-ins: the block for an address, and the nth address of a block.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Which blocks the stand-ins are from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::privacy) enum Blocks {
    /// The blocks for documentation, which no machine can have (RFC 5737, RFC 3849).
    Examples,
    /// A block of the address's own kind: a recorded case is read by the same program, which distinguishes the kinds.
    OwnKind,
}

/// Returns the block for the stand-in of an address: of its own kind, or the one for documentation (RFC 5737, RFC
/// 3849). `None` where the address may stay: this machine itself, and what is publicly known.
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
            // Inside the provider's network (RFC 6598).
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

/// Returns the documentation block for a block of its own kind: one for the local network, one for a provider's
/// network, one for the rest of the world.
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

/// Whether an address is from a documentation block, which no machine has.
pub(super) fn is_example(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => matches!(address.octets(), [192, 0, 2, _] | [198, 51, 100, _] | [203, 0, 113, _]),
        IpAddr::V6(address) => matches!(address.segments(), [0x2001, 0xdb8, ..]),
    }
}

/// Returns the nth address of a block.
pub(super) fn numbered(block: IpAddr, nth: u32, blocks: Blocks) -> IpAddr {
    match block {
        // A documentation block ends at its 254th address; the reserved ones (RFC 1112 section 4) belong to no machine
        // either.
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
