//! Servers that are not what their certificate says, or say nothing of themselves: none gets the password.

use crate::Attack;

pub(crate) fn all() -> Vec<Attack> {
    Vec::new()
}
