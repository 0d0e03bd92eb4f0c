//! The flags of `check` that mean nothing to the commands that borrow its others.

/// Those of no other command.
pub(super) const OF_CHECK: &[&str] =
    &["no_sign_in", "mailbox", "only", "skip", "list", "list_hosts", "dry_run", "record", "ask", "watch", "watch_for"];
/// Those of no command that asks the IMAP server alone.
pub(super) const OF_SENDING: &[&str] =
    &["smtp_host", "smtp_port", "smtp_security", "smtp_username", "from", "no_second_look"];

/// The command, with these flags left out of its help.
pub(super) fn hidden<'f>(command: clap::Command, flags: impl IntoIterator<Item = &'f &'f str>) -> clap::Command {
    flags.into_iter().fold(command, |command, flag| command.mut_arg(flag, |argument| argument.hide(true)))
}
