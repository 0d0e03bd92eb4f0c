//! What is said before and around the sign-in to get at the password, or to spend a second and third sign-in.

use crate::Attack;

pub(crate) fn all() -> Vec<Attack> {
    Vec::new()
}
