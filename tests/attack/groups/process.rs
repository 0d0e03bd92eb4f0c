//! Signals at any moment, and what other processes may see.

use crate::Attack;

pub(crate) fn all() -> Vec<Attack> {
    Vec::new()
}
