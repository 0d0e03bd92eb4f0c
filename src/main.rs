//! The program; all of its code is in the library.

use std::process::ExitCode;

fn main() -> ExitCode {
    icloud_mail_doctor::main()
}
