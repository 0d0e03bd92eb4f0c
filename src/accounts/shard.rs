//! Which accounts of a list belong to a share of it, and marks of texts: both the same on every machine.

use crate::cli::accounts::Shard;

/// Whether the account with this name belongs to the share. Never change it: a run that was begun with an older version
/// is gone on with.
pub(super) fn holds(shard: Shard, name: &str) -> bool {
    mixed(name) % shard.of == shard.index
}

/// Sixteen bits of a text, the same in every version.
pub(super) fn tag(text: &str) -> u16 {
    let [one, other, ..] = mixed(text).to_le_bytes();
    u16::from_le_bytes([one, other])
}

/// Thirty-two bits of a text.
fn mixed(text: &str) -> u64 {
    // FNV-1a (RFC 9923), whose lowest bits depend on the lowest bits of the text alone; the product mixes them.
    const OFFSET: u64 = 0xcbf2_9ce4_8422_2325;
    const PRIME: u64 = 0x0000_0100_0000_01b3;
    let hash = text.bytes().fold(OFFSET, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(PRIME));
    (hash ^ (hash >> 32)).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_account_is_in_one_share_and_the_shares_are_alike() {
        for of in [1, 2, 3, 7, 16] {
            let mut counts = vec![0_usize; usize::try_from(of).unwrap()];
            for number in 0..10_000 {
                let name = format!("account-{number}");
                let within: Vec<u64> = (0..of).filter(|index| holds(Shard { index: *index, of }, &name)).collect();
                assert_eq!(within.len(), 1, "{name} of {of}");
                counts[usize::try_from(within[0]).unwrap()] += 1;
            }
            let even = 10_000 / counts.len();
            assert!(counts.iter().all(|count| count.abs_diff(even) < even / 5 + 1), "{counts:?}");
        }
    }

    #[test]
    fn a_share_is_the_same_in_every_version() {
        let first: Vec<u64> = ["anna", "berta", "clara", "dora", "Ärger", ""]
            .into_iter()
            .filter_map(|name| (0..4).find(|index| holds(Shard { index: *index, of: 4 }, name)))
            .collect();
        assert_eq!(first, [3, 0, 1, 3, 2, 0]);
    }
}
