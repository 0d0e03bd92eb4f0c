//! The flags of `attempts`.

use clap::ValueEnum;

use super::{ScreenArguments, formats};
use crate::render::Format;
use crate::report::remembered::Remembered;

#[derive(Debug, clap::Args)]
pub(crate) struct AttemptsArguments {
    /// What to do
    #[arg(value_name = "ACTION", default_value = "list")]
    pub(crate) action: Action,
    /// The format: for a person, or for programs
    #[arg(long, value_name = "F", default_value = "text", value_parser = formats::<Remembered>())]
    pub(crate) format: Format<Remembered>,
    #[command(flatten)]
    pub(crate) screen: ScreenArguments,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum Action {
    /// List the sign-ins that are remembered
    List,
    /// Forget them all
    Clear,
}
