//! Addresses, logins and commands that would run something, connect elsewhere or change another key.

use crate::Attack;

pub(crate) fn all() -> Vec<Attack> {
    Vec::new()
}
