//! One tool run in a world, with its output.

use super::settings::Settings;
use super::tools::{Run, Scene, Tool};
use crate::doctor::{on_the_users_machine, store};
use crate::fault::Fault;
use crate::leaks::Leaks;
use crate::world::World;
use crate::world::commands::Outcome;
use std::fs::{self, File};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};

/// Longer than a user waits before asking for help.
const PATIENCE: Duration = Duration::from_secs(20);

/// The result of a tool.
#[derive(Default)]
pub(super) struct Said {
    /// None if it had to be killed; else the first exit that is not 0.
    pub(super) exit: Option<i32>,
    pub(super) seconds: f64,
    /// All that it printed.
    pub(super) text: String,
    /// The last line that says something, without secrets.
    pub(super) telling: String,
}

/// None if it is not installed.
pub(super) fn examine(tool: &Tool, world: &World, fault: &Fault, settings: &Settings) -> Option<Said> {
    let program = find(tool.program)?;
    let unable = |error: &dyn std::fmt::Display| Said { telling: format!("cannot be run: {error}"), ..Said::default() };
    Some(look(tool, &program, world, fault, settings).unwrap_or_else(|error| unable(&error)))
}

fn look(tool: &Tool, program: &Path, world: &World, fault: &Fault, settings: &Settings) -> Outcome<Said> {
    let folder = world.folder.join(format!("beside-{}", tool.name));
    fs::create_dir_all(folder.join("mail"))?;
    fs::write(folder.join("secret"), fault.password)?;
    let scene = Scene { folder, roots: store(world, fault), password: fault.password, settings };
    let start = Instant::now();
    let mut said = Said { exit: Some(0), ..Said::default() };
    for Run { arguments, configuration, input } in (tool.runs)(&scene) {
        if let Some((file, text)) = configuration {
            fs::write(file, text)?;
        }
        let (exit, text) = run(program, &arguments, input, world, fault, &scene)?;
        let text = without_chatter(&text);
        said.text += &text;
        if said.exit == Some(0) {
            (said.exit, said.telling) = (exit, telling(&text, &Leaks::of(fault.password)));
        }
    }
    said.seconds = start.elapsed().as_secs_f64();
    Ok(said)
}

fn run(
    program: &Path,
    arguments: &[String],
    input: &str,
    world: &World,
    fault: &Fault,
    scene: &Scene,
) -> Outcome<(Option<i32>, String)> {
    let mut command = on_the_users_machine(world, fault, &scene.folder)?;
    command.env("LC_ALL", "C.UTF-8");
    let output = scene.folder.join("output");
    let file = File::create(&output)?;
    command.arg(program).args(arguments).stdin(Stdio::piped()).stdout(file.try_clone()?).stderr(file);
    let mut child = command.spawn()?;
    if let Some(mut stdin) = child.stdin.take() {
        // A tool that ends before it reads closes the pipe.
        let _ = stdin.write_all(input.as_bytes());
    }
    let start = Instant::now();
    let exit = loop {
        if let Some(status) = child.try_wait()? {
            break status.code();
        }
        if start.elapsed() > PATIENCE {
            child.kill()?;
            child.wait()?;
            break None;
        }
        std::thread::sleep(Duration::from_millis(10));
    };
    Ok((exit, String::from_utf8_lossy(&fs::read(&output)?).into_owned()))
}

const TELLS: [&str; 14] = [
    "error",
    "fail",
    "cannot",
    "could not",
    "refused",
    "denied",
    "timed out",
    "***",
    "<**",
    "<~*",
    "unexpected",
    "server message",
    "problem",
    "warning",
];

fn speaks(line: &str) -> bool {
    TELLS.iter().any(|word| line.to_lowercase().contains(word))
}

/// Without curl's own messages when all goes well, and without what it sends.
fn without_chatter(text: &str) -> String {
    let is_chatter = |line: &str| {
        let is_sent = ["> ", "{ ", "} ", "  % ", "  0 "].iter().any(|start| line.starts_with(start));
        is_sent || (line.starts_with("* ") && !speaks(line))
    };
    text.lines().filter(|line| !is_chatter(line)).collect::<Vec<_>>().join("\n") + "\n"
}

/// The last line that speaks of a failure and says more than that there is one, else the last line; shortened.
fn telling(text: &str, leaks: &Leaks) -> String {
    const EMPTY: [&str; 5] =
        ["could not send mail", "legitimacy", "connection closed", "no authentication type", "web page"];
    let lines = || text.lines().map(str::trim).filter(|line| !line.is_empty());
    let tells = |line: &&str| speaks(line) && !EMPTY.iter().any(|words| line.to_lowercase().contains(words));
    let line = lines().rfind(tells).or(lines().next_back()).unwrap_or("(nothing)");
    if leaks.in_bytes(line.as_bytes()).is_empty() {
        line.chars().filter(|character| !character.is_control()).take(160).collect()
    } else {
        "(a line that holds the password)".to_string()
    }
}

fn find(program: &str) -> Option<PathBuf> {
    let home = std::env::var("HOME").unwrap_or_default();
    let folders =
        ["/opt/himalaya/bin".to_string(), "/usr/local/bin".to_string(), "/usr/bin".to_string(), home + "/.cargo/bin"];
    folders.iter().map(|folder| Path::new(folder).join(program)).find(|path| path.exists())
}
