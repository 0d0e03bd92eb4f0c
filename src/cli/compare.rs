//! The flags of `compare`.

use std::path::PathBuf;

use super::{ScreenArguments, formats};
use crate::render::Format;
use crate::report::comparison::Comparison;

#[derive(Debug, clap::Args)]
pub(crate) struct CompareArguments {
    /// A file that `check --report json=FILE` wrote, or - for standard input
    #[arg(value_name = "A")]
    pub(crate) a: PathBuf,
    /// Another one, for instance of another network or another day
    #[arg(value_name = "B")]
    pub(crate) b: PathBuf,
    /// Compare the reports of different accounts too
    #[arg(long)]
    pub(crate) anyway: bool,
    /// The format: for a person, for a support ticket, or for programs
    #[arg(long, value_name = "F", default_value = "text", value_parser = formats::<Comparison>())]
    pub(crate) format: Format<Comparison>,
    #[command(flatten)]
    pub(crate) screen: ScreenArguments,
}
