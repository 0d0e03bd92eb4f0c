//! The mail programs: one Markdown page each, in `src/setup/programs/`, in a file named after the program.

use crate::guide::{Link, link, step};
use crate::packed::Packed;

/// The pages as they are written, by program.
static PAGES: Packed = Packed::of(include_bytes!(concat!(env!("OUT_DIR"), "/programs.packed")));

/// A page, taken apart by its headings.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Program {
    /// Its name on the command line.
    pub(super) id: &'static str,
    pub(super) title: String,
    /// What it does, in one line.
    pub(super) about: String,
    pub(super) file: Option<File>,
    pub(super) steps: Vec<String>,
    pub(super) links: Vec<Link>,
}

/// The file that a program reads.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct File {
    /// Where the program looks for it, or what it is for.
    pub(super) place: String,
    /// The language of the file, which decides how values are quoted.
    pub(super) language: String,
    pub(super) text: String,
}

/// The same for an archive, for the programs that can keep one.
static ARCHIVES: Packed = Packed::of(include_bytes!(concat!(env!("OUT_DIR"), "/archives.packed")));

/// Every program, by its name.
pub(super) fn all() -> Vec<Program> {
    PAGES.all().iter().map(|(id, text)| read(id, text)).collect()
}

/// Every program that can keep an archive, by its name.
pub(super) fn archives() -> Vec<Program> {
    ARCHIVES.all().iter().map(|(id, text)| read(id, text)).collect()
}

fn read(id: &'static str, text: &str) -> Program {
    let mut program = Program { id, ..Program::default() };
    let mut section = "";
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        if let Some(title) = line.strip_prefix("# ") {
            title.clone_into(&mut program.title);
        } else if let Some(heading) = line.strip_prefix("## ") {
            section = heading;
        } else if let (Some(place), Some(language)) = (section.strip_prefix("File: "), line.strip_prefix("```")) {
            let text = lines.by_ref().take_while(|line| *line != "```").flat_map(|line| [line, "\n"]).collect();
            program.file = Some(File { place: place.to_owned(), language: language.to_owned(), text });
        } else {
            program.add(section, line);
        }
    }
    program.about = program.about.trim().to_owned();
    program
}

impl Program {
    /// Whether it says how to keep the password, which every system does in its own way.
    pub(super) fn asks_for_password_command(&self) -> bool {
        let file = self.file.iter().map(|file| file.text.as_str());
        file.chain(self.steps.iter().map(String::as_str)).any(|text| text.contains("{{password."))
    }

    fn add(&mut self, section: &str, line: &str) {
        match section {
            "" => self.about.push_str(line),
            "What to do" => self.steps.extend(step(line).map(|step| step.text)),
            "Links" => self.links.extend(link(line)),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use checks::plan::{APPLE_IMAP, APPLE_SMTP};

    use super::*;
    use crate::programs::PROGRAMS;

    #[test]
    fn every_page_has_its_parts_and_a_source() {
        for program in all().into_iter().chain(archives()) {
            let id = program.id;
            assert!(!program.title.is_empty() && !program.about.is_empty(), "{id}: its title and what it does");
            assert!(!program.about.contains('\n') && program.about.ends_with('.'), "{id}: {}", program.about);
            assert!((1..=12).contains(&program.steps.len()), "{id}: its steps");
            assert!(!program.links.is_empty(), "{id}: no source");
            assert!(program.links.iter().all(|link| link.url.starts_with("https://")), "{id}: its links");
        }
    }

    #[test]
    fn every_program_is_led_to_apples_servers() {
        for program in all().into_iter().chain(archives()) {
            let file = program.file.unwrap_or_default().text;
            let text = format!("{file}\n{}", program.steps.join("\n"));
            let server = |(host, port): (&str, u16)| text.contains(host) && text.contains(&port.to_string());
            assert!(server(APPLE_IMAP) || server(APPLE_SMTP), "{}: its servers", program.id);
        }
    }

    #[test]
    fn every_page_is_of_a_program_that_is_known_by_its_title() {
        let mut pages: Vec<(&str, String)> = all().into_iter().map(|program| (program.id, program.title)).collect();
        pages.sort_unstable();
        let known = PROGRAMS.iter().filter(|program| program.is_set_up);
        let known: Vec<(&str, String)> = known.map(|program| (program.id, program.title.to_owned())).collect();
        assert_eq!(pages, known);
    }
}
