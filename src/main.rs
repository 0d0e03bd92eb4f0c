//! The program; all of its code is in the library.

use std::process::ExitCode;

/// The static program's: musl's own is made for small code.
#[cfg(target_env = "musl")]
#[global_allocator]
static ALLOCATOR: dlmalloc::GlobalDlmalloc = dlmalloc::GlobalDlmalloc;

fn main() -> ExitCode {
    icloud_mail_doctor::main()
}
