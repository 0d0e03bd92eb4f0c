//! Settings files of mail programs that are bombs, or hold a password where it is not expected.

use crate::Attack;

pub(crate) fn all() -> Vec<Attack> {
    Vec::new()
}
