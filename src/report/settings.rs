//! Whether the settings are those that Apple gives.

use checks::password::{Kind, Shape};
use checks::plan::Protocol;
use checks::settings::Facts;

use crate::words::settings::is_apples;

/// Whether the servers are set as Apple says, and the password looks like an app-specific password.
pub(super) fn are_as_apple_gives(facts: &Facts) -> bool {
    let is_usual = |shape: &Shape| shape.kind == Kind::AppSpecific && shape.mangled_by.is_empty();
    Protocol::BOTH.into_iter().all(|of| is_apples(facts.server(of))) && facts.password.as_ref().is_none_or(is_usual)
}
