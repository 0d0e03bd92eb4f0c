//! The flags of `setup`.

use super::ScreenArguments;

#[derive(Debug, Clone, clap::Args)]
#[allow(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
pub(crate) struct SetupArguments {
    /// The mail program, by its name in --list
    #[arg(value_name = "PROGRAM")]
    pub(crate) client: Option<String>,
    /// Your address; without it, you@icloud.com is used
    pub(crate) email: Option<String>,
    /// List the programs
    #[arg(long)]
    pub(crate) list: bool,
    /// The settings of a copy that keeps what is deleted on iCloud, instead of a mirror
    #[arg(long, conflicts_with = "check")]
    pub(crate) archive: bool,
    /// Your address at icloud.com, me.com or mac.com, if the other one is at your own domain
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) login: Option<String>,
    /// Your name, as others see it
    #[arg(long, value_name = "NAME")]
    pub(crate) name: Option<String>,
    /// The command that prints the app-specific password; without it, the system's keyring is used
    #[arg(long, value_name = "CMD")]
    pub(crate) password_command: Option<String>,
    /// Write the settings to this file; without it, they are printed
    #[arg(long, value_name = "FILE")]
    pub(crate) output: Option<std::path::PathBuf>,
    /// Replace the file if it exists
    #[arg(long)]
    pub(crate) force: bool,
    /// Ask no questions; everything needed is given as arguments
    #[arg(long)]
    pub(crate) no_input: bool,
    /// Check the account afterwards with exactly these settings
    #[arg(long)]
    pub(crate) check: bool,
    #[command(flatten)]
    pub(crate) screen: ScreenArguments,
}
