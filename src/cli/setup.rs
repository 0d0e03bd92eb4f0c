//! What `setup` is told.

use super::ScreenArguments;

#[derive(Debug, Clone, clap::Args)]
#[allow(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
pub(crate) struct SetupArguments {
    /// The mail program, as --list names it
    pub(crate) client: Option<String>,
    /// The address to send from; you@icloud.com stands in its place otherwise
    pub(crate) email: Option<String>,
    /// List the programs
    #[arg(long)]
    pub(crate) list: bool,
    /// The account's own address at icloud.com, me.com or mac.com, where the address is at another domain
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) login: Option<String>,
    /// The name to send under
    #[arg(long, value_name = "NAME")]
    pub(crate) name: Option<String>,
    /// The command that prints the app-specific password; the system's keyring is asked otherwise
    #[arg(long, value_name = "CMD")]
    pub(crate) password_command: Option<String>,
    /// Write the file there; without it, it goes to standard output
    #[arg(long, value_name = "FILE")]
    pub(crate) output: Option<std::path::PathBuf>,
    /// Replace a file that is there already
    #[arg(long)]
    pub(crate) force: bool,
    /// Ask nothing; what has to be known is told by arguments
    #[arg(long)]
    pub(crate) no_input: bool,
    /// Check the account afterwards, with exactly these settings
    #[arg(long)]
    pub(crate) check: bool,
    #[command(flatten)]
    pub(crate) screen: ScreenArguments,
}
