//! Runs a command repeatedly inside the user's machine, and returns how long each run took.

use crate::world::World;
use crate::world::commands::{Outcome, run};
use std::io::Write as _;
use std::process::{Command, Stdio};
use std::time::Instant;

/// The milliseconds of one command.
pub(crate) struct Times(Vec<f64>);

impl Times {
    pub(crate) fn median(&self) -> f64 {
        self.0[self.0.len() / 2]
    }

    pub(crate) fn fastest(&self) -> f64 {
        self.0[0]
    }

    pub(crate) fn slowest(&self) -> f64 {
        self.0[self.0.len() - 1]
    }
}

/// Measures from inside, by this very program: entering a namespace costs milliseconds of its own.
pub(crate) fn measure(world: &World, runs: usize, command: &[&str]) -> Outcome<Times> {
    let program = std::env::current_exe()?.to_string_lossy().into_owned();
    let roots = format!("SSL_CERT_FILE={}", world.folder.join("system.pem").display());
    let runs = runs.to_string();
    let mut arguments = vec!["netns", "exec", &world.namespaces.user, "env", &roots, &program, "measure", &runs];
    arguments.extend(command);
    let mut times: Vec<f64> = run("ip", &arguments)?.lines().map(str::parse).collect::<Result<_, _>>()?;
    times.sort_by(f64::total_cmp);
    if times.is_empty() { Err("nothing was measured".into()) } else { Ok(Times(times)) }
}

/// The inner half: `measure RUNS PROGRAM ARGUMENT…`. Two runs more warm the servers and the caches up.
pub(crate) fn inside(arguments: &[String]) -> Outcome {
    let [runs, program, rest @ ..] = arguments else { return Err("measure RUNS PROGRAM ARGUMENT…".into()) };
    for number in 0..runs.parse::<usize>()? + 2 {
        let mut command = Command::new(program);
        command.args(rest).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let start = Instant::now();
        let mut child = command.spawn()?;
        if let Some(mut stdin) = child.stdin.take() {
            let _ = stdin.write_all(format!("{}\n", crate::fault::CANARY).as_bytes());
        }
        let output = child.wait_with_output()?;
        let milliseconds = start.elapsed().as_secs_f64() * 1000.0;
        if !output.status.success() {
            let said = String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
            return Err(format!("{program} ended with {}: {said}", output.status).into());
        }
        if number >= 2 {
            println!("{milliseconds:.3}");
        }
    }
    Ok(())
}
