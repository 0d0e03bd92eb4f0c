//! `completions`: what Tab offers in a shell, from the same description that the command line is read by.
//!
//! `clap_complete` has no values of positional arguments in fish, and gives two names to a command in bash where the
//! program's name has hyphens; its other way runs the program at each Tab, and completes neither `~/` nor a file name with
//! spaces. So the three shells that most people have get scripts of our own, and the others get those of `clap_complete`.

mod bash;
mod fish;
mod offered;
mod zsh;

use clap::Command;
use clap_complete::Shell;

use crate::misuse::Misuse;
use crate::{cli, output};

/// Prints the script for a shell.
pub(crate) fn run(shell: Shell) -> Result<u8, Misuse> {
    output::print(&script(shell, cli::command()))
}

fn script(shell: Shell, mut command: Command) -> Vec<u8> {
    let offered = || offered::of(&command);
    match shell {
        Shell::Bash => bash::script(&offered()).into_bytes(),
        Shell::Zsh => zsh::script(&offered()).into_bytes(),
        Shell::Fish => fish::script(&offered()).into_bytes(),
        other => {
            let mut script = Vec::new();
            clap_complete::generate(other, &mut command, env!("CARGO_PKG_NAME"), &mut script);
            script
        }
    }
}
