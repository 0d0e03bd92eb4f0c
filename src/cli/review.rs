//! What `review` is told.

use super::{ScreenArguments, formats};
use crate::render::Format;
use crate::report::Review;

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Exit codes: 0 nothing would fail, 1 something would, 2 used wrongly, 3 nothing is known to fail, but not \
                        everything was read and understood."
)]
pub(crate) struct ReviewArguments {
    /// Settings files, or the folders of projects; without any, the usual places on this computer
    pub(crate) paths: Vec<std::path::PathBuf>,
    /// Read the files (not folders) as those of this program, whatever they are called
    ///
    /// One of aerc, environment, fetchmail, getmail, git-send-email, himalaya, mbsync, msmtp, neomutt, offlineimap, postfix, thunderbird
    #[arg(long = "as", value_name = "PROGRAM", requires = "paths")]
    pub(crate) program: Option<String>,
    /// Write what is certain, and keep a copy of each file as it was
    #[arg(long)]
    pub(crate) fix: bool,
    /// For a person, a program, a code review or a GitHub workflow
    #[arg(long, value_name = "F", default_value = "text", value_parser = formats::<Review>())]
    pub(crate) format: Format<Review>,
    #[command(flatten)]
    pub(crate) screen: ScreenArguments,
}
