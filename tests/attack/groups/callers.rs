//! Passwords in the wrong place, and passwords from sources that never end.

use crate::Attack;

pub(crate) fn all() -> Vec<Attack> {
    Vec::new()
}
