//! What another file of the same installation lacks for a settings file.

use super::doubts::Doubt;
use super::remark::Remark;

/// What was found in the other files; all places are in the settings file itself.
#[derive(Debug, Default)]
pub(crate) struct Beside {
    pub(super) remarks: Vec<Remark>,
    pub(super) doubts: Vec<Doubt>,
}
