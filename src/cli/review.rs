//! The flags of `review`.

use super::{ScreenArguments, formats};
use crate::render::Format;
use crate::report::Review;

#[derive(Debug, clap::Args)]
pub(crate) struct ReviewArguments {
    /// Settings files or project folders; without any, the usual places on this computer
    pub(crate) paths: Vec<std::path::PathBuf>,
    /// Read the files as those of this program, under any name
    ///
    /// One of aerc, apple-devices, autoconfig, dotnet, environment, evolution, fetchmail, geary, getmail, git-send-email, gitea, grafana, himalaya, k9, mbsync, msmtp, neomutt, nix, nodejs, offlineimap, php, postfix, python, ssmtp, terraform, thunderbird
    #[arg(long = "as", value_name = "PROGRAM", requires = "paths")]
    pub(crate) program: Option<String>,
    /// Fix what is certain, and keep a copy of each file
    #[arg(long)]
    pub(crate) fix: bool,
    /// The format: for a person, a program, a code review or a GitHub workflow
    #[arg(long, value_name = "F", default_value = "text", value_parser = formats::<Review>())]
    pub(crate) format: Format<Review>,
    #[command(flatten)]
    pub(crate) screen: ScreenArguments,
}
