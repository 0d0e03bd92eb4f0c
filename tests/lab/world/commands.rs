//! Other programs, run to their end or left running, with their output when they fail.

use std::error::Error;
use std::io::Write as _;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

pub(crate) type Outcome<T = ()> = Result<T, Box<dyn Error>>;

/// Runs a program to its end and returns its output.
pub(crate) fn run(program: &str, arguments: &[&str]) -> Outcome<String> {
    run_with_input(program, arguments, "")
}

pub(crate) fn run_with_input(program: &str, arguments: &[&str], input: &str) -> Outcome<String> {
    let mut child = Command::new(program)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| format!("{program} does not start: {error}"))?;
    if let Some(mut stdin) = child.stdin.take() {
        stdin.write_all(input.as_bytes())?;
    }
    let output = child.wait_with_output()?;
    if !output.status.success() {
        let words = String::from_utf8_lossy(&output.stderr);
        return Err(format!("{program} {} failed: {}", arguments.join(" "), words.trim()).into());
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Is a program of this name on the path, or where Debian keeps the daemons?
pub(crate) fn is_installed(program: &str) -> bool {
    let path = std::env::var("PATH").unwrap_or_default();
    path.split(':').chain(["/usr/sbin", "/sbin"]).any(|folder| std::path::Path::new(folder).join(program).exists())
}

/// Asks repeatedly until it is true, or reports what was waited for.
pub(crate) fn wait_until(what: &str, limit: Duration, mut is_so: impl FnMut() -> Outcome<bool>) -> Outcome {
    let start = Instant::now();
    while !is_so()? {
        if start.elapsed() > limit {
            return Err(format!("waited {limit:?} in vain: {what}").into());
        }
        std::thread::sleep(Duration::from_millis(15));
    }
    Ok(())
}
