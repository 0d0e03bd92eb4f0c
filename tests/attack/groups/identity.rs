//! Who it is about, and whose network it is: left out of what others read.

use crate::Attack;

pub(crate) fn all() -> Vec<Attack> {
    Vec::new()
}
