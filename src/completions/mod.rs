//! `completions`: what Tab offers in a shell, from the same description that parses the command line.
//!
//! `clap_complete` does not complete values of positional arguments in fish, and its bash script gives a command two
//! names if the program's name has hyphens. Its other mode runs the program at each Tab, and completes neither `~/` nor
//! file names with spaces. So bash, fish and zsh have scripts of our own, and the other shells get those of
//! `clap_complete`.

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
