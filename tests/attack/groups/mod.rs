//! The groups of attacks, one file each.

mod accounts;
mod bounds;
mod callers;
mod cases;
mod commands;
mod conversation;
mod echo;
mod files;
mod identity;
mod impostors;
mod ledger;
mod mailbox;
mod outside_text;
mod pasted;
mod process;
mod serve;
mod settings;

use crate::Attack;

/// Every group with its attacks.
pub(crate) fn all() -> Vec<(&'static str, Vec<Attack>)> {
    vec![
        ("impostors", impostors::all()),
        ("conversation", conversation::all()),
        ("echo", echo::all()),
        ("bounds", bounds::all()),
        ("cases", cases::all()),
        ("settings", settings::all()),
        ("pasted", pasted::all()),
        ("commands", commands::all()),
        ("mailbox", mailbox::all()),
        ("ledger", ledger::all()),
        ("accounts", accounts::all()),
        ("serve", serve::all()),
        ("outside text", outside_text::all()),
        ("files", files::all()),
        ("identity", identity::all()),
        ("callers", callers::all()),
        ("process", process::all()),
    ]
}
