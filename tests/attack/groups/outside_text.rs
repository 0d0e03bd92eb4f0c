//! Text of servers, files and reports that speaks to terminals, logs and workflows.

use crate::Attack;

pub(crate) fn all() -> Vec<Attack> {
    Vec::new()
}
