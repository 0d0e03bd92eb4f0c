//! What other programs print for the same faults, below the doctor's row: `LAB_BESIDE=1` or `--beside`.

mod look;
mod named;
mod settings;
mod tools;

use crate::fault::{Expected, Fault};
use crate::summary;
use crate::world::World;
use crate::world::commands::Outcome;
use look::Said;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use tools::TOOLS;

/// What the others said of every fault so far, as it is printed and as it is counted.
#[derive(Default)]
pub(crate) struct Beside {
    table: String,
    answers: Vec<Answers>,
}

struct Answers {
    fault: &'static Fault,
    doctor_is_right: bool,
    /// In the order of the tools; None if one is not installed.
    said: Vec<Option<Said>>,
}

pub(crate) fn is_asked_for(arguments: &[String]) -> bool {
    std::env::var_os("LAB_BESIDE").is_some() || arguments.iter().any(|argument| argument == "--beside")
}

/// Fails if the table of phrases has none for a cause.
pub(crate) fn prove(faults: &[&Fault]) -> Outcome {
    let unknown: Vec<_> = named::without_phrases(faults).into_iter().collect();
    if unknown.is_empty() {
        Ok(())
    } else {
        Err(format!("beside/named.rs has no phrases for {}", unknown.join(", ")).into())
    }
}

impl Beside {
    /// Runs every tool in the world at once, and returns their rows.
    pub(crate) fn examine(&mut self, world: &World, fault: &'static Fault, doctor: &str, is_right: bool) -> String {
        let settings = settings::of(fault);
        let said: Vec<Option<Said>> = std::thread::scope(|scope| {
            let settings = &settings;
            let running: Vec<_> =
                TOOLS.iter().map(|tool| scope.spawn(move || look::examine(tool, world, fault, settings))).collect();
            running.into_iter().map(|thread| thread.join().unwrap_or_default()).collect()
        });
        let mut rows = String::new();
        for (tool, said) in TOOLS.iter().zip(&said) {
            let _ = match said {
                None => writeln!(rows, "    {:<9} not installed", tool.name),
                Some(said) => {
                    let mark = if named::all(fault, &said.text) { "named" } else { "" };
                    let exit = said.exit.map_or("killed".to_string(), |exit| format!("exit {exit}"));
                    writeln!(rows, "    {:<9} {exit:<8} {:>5.1} s {mark:<6} {}", tool.name, said.seconds, said.telling)
                }
            };
        }
        let _ = write!(self.table, "{doctor}\n{rows}");
        self.answers.push(Answers { fault, doctor_is_right: is_right, said });
        rows
    }

    /// The figures; the whole table is kept.
    pub(crate) fn end(&self, results: &[summary::Result]) -> Outcome<String> {
        let mut text =
            String::from("\n             one fault  two faults  exit 0 on a fault  alarm on a healthy account\n");
        let doctor = |answers: &Answers| answers.doctor_is_right;
        let silent =
            |answers: &Answers| results.iter().any(|one| one.fault.name == answers.fault.name && one.exit == Some(0));
        let _ = writeln!(text, "{}", self.line("the doctor", &|answers| Some((doctor(answers), silent(answers)))));
        for (place, tool) in TOOLS.iter().enumerate() {
            let of = |answers: &Answers| {
                let said = answers.said[place].as_ref()?;
                Some((named::all(answers.fault, &said.text), said.exit == Some(0)))
            };
            let _ = writeln!(text, "{}", self.line(tool.name, &of));
        }
        let together = |answers: &Answers| {
            let all: Vec<&Said> = answers.said.iter().flatten().collect();
            let text: String = all.iter().map(|said| said.text.as_str()).collect::<Vec<_>>().join("\n");
            (!all.is_empty()).then(|| (named::all(answers.fault, &text), all.iter().all(|said| said.exit == Some(0))))
        };
        let _ = writeln!(text, "{}", self.line("together", &together));
        text.push_str(named::RULE);
        let file = file();
        fs::create_dir_all(file.parent().unwrap_or(Path::new(".")))?;
        fs::write(&file, format!("{}{text}", self.table))?;
        let _ = writeln!(text, "the whole table: {}", file.display());
        Ok(text)
    }

    /// One tool's figures, from whether it named what is wrong and whether it ended with exit 0.
    fn line(&self, name: &str, of: &dyn Fn(&Answers) -> Option<(bool, bool)>) -> String {
        let share = |counts: &dyn Fn(&Fault) -> bool, hit: &dyn Fn(bool, bool) -> bool| {
            let answers = self.answers.iter().filter(|answers| counts(answers.fault));
            let told: Vec<_> = answers.filter_map(of).collect();
            format!("{} of {}", told.iter().filter(|(named, quiet)| hit(*named, *quiet)).count(), told.len())
        };
        let is_single = |fault: &Fault| matches!(fault.expected, Expected::Cause(_)) && named::is_for_all(fault);
        let is_pair = |fault: &Fault| matches!(fault.expected, Expected::Causes(_));
        format!(
            "{name:<12} {:>9}  {:>10}  {:>17}  {:>26}",
            share(&is_single, &|named, _| named),
            share(&is_pair, &|named, _| named),
            share(&|fault| is_single(fault) || is_pair(fault), &|_, quiet| quiet),
            share(&|fault| matches!(fault.expected, Expected::Healthy), &|_, quiet| !quiet),
        )
    }
}

fn file() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("lab").join("beside.txt")
}
