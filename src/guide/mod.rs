//! What to do: one Markdown page for each cause, in a file named after it, filled with the facts of the run.

mod facts;
mod pasted;

use checks::settings::LoginForm;
use checks::sign_in::Mechanism;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::programs;

pub(crate) use facts::{Answer, Certificate, Clock, Facts, HeldBack, Resolvers, Server, Slip, System, WITH_STEPS};
pub(crate) use pasted::{Command, Delivery, Pasted, Refusal};

/// Fills a page with facts.
type Filled = fn(&Facts) -> String;

// The pages as templates, and `PAGES`, the list of them by cause.
include!(concat!(env!("OUT_DIR"), "/pages.rs"));

/// A page, taken apart by its headings.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Page {
    /// A short claim that reads well after "it fails because: ".
    pub(crate) title: String,
    pub(crate) means: String,
    pub(crate) why: String,
    pub(crate) steps: Vec<Step>,
    /// What mail programs call the setting, by the program's name.
    pub(crate) programs: Vec<(String, String)>,
    /// The number of the step that these words belong to; 0 if they are a step of their own.
    pub(crate) programs_step: usize,
    pub(crate) worked: String,
    pub(crate) links: Vec<Link>,
}

/// A step, with its number in the file: a step that the evidence refutes is left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Step {
    pub(crate) number: usize,
    pub(crate) text: String,
}

/// Where to read on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct Link {
    /// The title of the page there.
    pub(crate) title: String,
    /// Its address.
    pub(crate) url: String,
}

/// The pages that are about no cause, by name.
pub(crate) const TOPICS: [(&str, &str); 1] = [("archiving", include_str!("topics/archiving.md"))];

/// A part of a page that is about no cause.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Part {
    Heading(String),
    Paragraph(String),
    Item(String),
    Step(Step),
    Link(Link),
}

/// Returns the parts of such a page, without its title.
pub(crate) fn parts(text: &str) -> impl Iterator<Item = Part> {
    text.lines().filter(|line| !line.is_empty() && !line.starts_with("# ") && *line != "## Links").map(|line| {
        if let Some(link) = link(line) {
            Part::Link(link)
        } else if let Some(heading) = line.strip_prefix("## ") {
            Part::Heading(heading.to_owned())
        } else if let Some(item) = line.strip_prefix("- ") {
            Part::Item(item.to_owned())
        } else {
            step(line).map_or_else(|| Part::Paragraph(line.to_owned()), Part::Step)
        }
    })
}

/// Returns the title of a page in Markdown.
pub(crate) fn title_of(text: &str) -> &str {
    text.lines().find_map(|line| line.strip_prefix("# ")).unwrap_or_default()
}

/// Returns the page of a cause, filled with these facts.
pub(crate) fn page(cause: &str, facts: &Facts) -> Option<Page> {
    source(cause, facts).map(|text| read(&text))
}

/// Returns the title of a cause's page, which does not depend on facts.
pub(crate) fn title(cause: &str) -> String {
    title_of(&source(cause, &Facts::default()).unwrap_or_default()).to_owned()
}

/// Returns the page of a cause in Markdown, filled with these facts.
fn source(cause: &str, facts: &Facts) -> Option<String> {
    PAGES.iter().find(|(id, _)| *id == cause).map(|(_, filled)| filled(facts))
}

/// The names of the mail programs that any page has words for.
#[cfg(test)]
pub(crate) fn programs() -> Vec<String> {
    let programs = PAGES.iter().flat_map(|(_, filled)| read(&filled(&Facts::default())).programs);
    programs.map(|(program, _)| program).collect::<std::collections::BTreeSet<_>>().into_iter().collect()
}

fn read(text: &str) -> Page {
    let mut page = Page::default();
    let mut section = "";
    for line in text.lines() {
        if let Some(title) = line.strip_prefix("# ") {
            title.clone_into(&mut page.title);
        } else if let Some(heading) = line.strip_prefix("## ") {
            section = page.heading(heading);
        } else {
            page.add(section, line);
        }
    }
    for text in [&mut page.means, &mut page.why, &mut page.worked] {
        // Parts that were left out leave empty lines.
        let paragraphs = text.split("\n\n").map(|paragraph| paragraph.trim_matches('\n'));
        *text = paragraphs.filter(|paragraph| !paragraph.is_empty()).collect::<Vec<_>>().join("\n\n");
    }
    page
}

impl Page {
    /// The heading without the number of a step that it may name, as in `In your mail program (step 4)`.
    fn heading<'t>(&mut self, heading: &'t str) -> &'t str {
        let Some((heading, step)) = heading.split_once(" (step ") else { return heading };
        self.programs_step = step.trim_end_matches(')').parse().unwrap_or_default();
        heading
    }

    /// The words for this mail program, as a sentence.
    pub(crate) fn words_for(&self, program: &str) -> Option<String> {
        let program = programs::named(program)?;
        let (_, words) = self.programs.iter().find(|(name, _)| Some(name.as_str()) == program.words)?;
        Some(format!("In {}: {words}", program.called()))
    }

    /// The steps, with the words for this mail program in the step that they belong to.
    pub(crate) fn steps_for(&self, program: Option<&str>) -> Vec<String> {
        let words = program.and_then(|program| self.words_for(program));
        let is_its_own = !self.steps.iter().any(|step| step.number == self.programs_step);
        let steps = self.steps.iter().map(|step| match &words {
            Some(words) if step.number == self.programs_step => format!("{} {words}", step.text),
            _ => step.text.clone(),
        });
        steps.chain(words.clone().filter(|_| is_its_own)).collect()
    }

    fn add(&mut self, section: &str, line: &str) {
        let paragraph = match section {
            "What it means" => &mut self.means,
            "Why it happens" => &mut self.why,
            "How to see that it worked" => &mut self.worked,
            "What to do" => return self.steps.extend(step(line)),
            "In your mail program" => {
                let words = line.strip_prefix("- ").and_then(|item| item.split_once(": "));
                return self.programs.extend(words.map(|(program, words)| (program.to_owned(), words.to_owned())));
            }
            "Links" => return self.links.extend(link(line)),
            _ => return,
        };
        paragraph.push_str(line);
        paragraph.push('\n');
    }
}

/// A step of a numbered list.
pub(crate) fn step(line: &str) -> Option<Step> {
    let (number, text) = line.split_once(". ")?;
    Some(Step { number: number.parse().ok()?, text: text.to_owned() })
}

/// An item in a list of links.
pub(crate) fn link(line: &str) -> Option<Link> {
    let (title, url) = line.strip_prefix("- [")?.strip_suffix(')')?.split_once("](")?;
    Some(Link { title: title.to_owned(), url: url.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnosis::CAUSES;

    #[test]
    fn every_cause_has_a_page_and_every_page_a_cause() {
        let mut causes: Vec<&str> = CAUSES.iter().map(|cause| cause.id).collect();
        causes.sort_unstable();
        let pages: Vec<&str> = PAGES.iter().map(|(id, _)| *id).collect();
        assert_eq!(causes, pages);
    }

    /// A page is part of the report: a link back to the report would send its reader in a circle.
    #[test]
    fn no_page_sends_its_reader_to_the_report() {
        for (id, filled) in PAGES {
            let text = filled(&Facts::default());
            for words in ["in the report", "the report says", "the report shows", "the report names", "from the report"]
            {
                assert!(!text.contains(words), "{id}: {words}");
            }
        }
    }

    #[test]
    fn a_topic_is_no_cause_and_has_a_title_and_sources() {
        for (id, text) in TOPICS {
            assert!(CAUSES.iter().all(|cause| cause.id != id), "{id}");
            assert!(!title_of(text).is_empty() && !title_of(text).ends_with('.'), "{id}: its title");
            let links: Vec<Link> = text.lines().filter_map(link).collect();
            assert!(
                !links.is_empty() && links.iter().all(|link| link.url.starts_with("https://")),
                "{id}: its sources"
            );
        }
    }

    #[test]
    fn every_page_has_its_headings_and_a_source() {
        for (id, filled) in PAGES {
            let page = read(&filled(&Facts::default()));
            assert!(!page.title.is_empty() && !page.title.ends_with('.'), "{id}: its title");
            for (heading, part) in [("means", &page.means), ("why", &page.why), ("worked", &page.worked)] {
                assert!(!part.is_empty(), "{id}: {heading}");
            }
            assert!((1..=7).contains(&page.steps.len()), "{id}: its steps");
            assert!(page.links.iter().all(|link| link.url.starts_with("https://")), "{id}: its links");
            assert!(!page.links.is_empty(), "{id}: no source");
        }
    }
}
