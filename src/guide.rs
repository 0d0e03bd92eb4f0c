//! What to do: one Markdown page a cause, in `src/guide/`, its file named after the cause.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The pages as they are written, by cause.
const PAGES: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/pages.rs"));

/// A page, taken apart by its headings.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Page {
    /// A short claim that reads well after "it fails because: ".
    pub(crate) title: String,
    pub(crate) means: String,
    pub(crate) why: String,
    pub(crate) steps: Vec<String>,
    /// How a mail program names the setting, by the program's name.
    pub(crate) programs: Vec<(String, String)>,
    pub(crate) worked: String,
    pub(crate) links: Vec<Link>,
}

/// Where to read on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct Link {
    /// What the page there is called.
    pub(crate) title: String,
    /// Its address.
    pub(crate) url: String,
}

/// The page of a cause.
pub(crate) fn page(cause: &str) -> Option<Page> {
    source(cause).map(read)
}

/// The page of a cause as it is written.
pub(crate) fn source(cause: &str) -> Option<&'static str> {
    PAGES.iter().find(|(id, _)| *id == cause).map(|(_, text)| *text)
}

/// The names of the mail programs that any page has words for.
#[cfg(test)]
pub(crate) fn programs() -> Vec<String> {
    let programs = PAGES.iter().flat_map(|(_, text)| read(text).programs);
    programs.map(|(program, _)| program).collect::<std::collections::BTreeSet<_>>().into_iter().collect()
}

fn read(text: &str) -> Page {
    let mut page = Page::default();
    let mut section = "";
    for line in text.lines() {
        if let Some(title) = line.strip_prefix("# ") {
            title.clone_into(&mut page.title);
        } else if let Some(heading) = line.strip_prefix("## ") {
            section = heading;
        } else {
            page.add(section, line);
        }
    }
    for text in [&mut page.means, &mut page.why, &mut page.worked] {
        *text = text.trim().to_owned();
    }
    page
}

impl Page {
    fn add(&mut self, section: &str, line: &str) {
        let paragraph = match section {
            "What it means" => &mut self.means,
            "Why it happens" => &mut self.why,
            "How to see that it worked" => &mut self.worked,
            "What to do" => return self.steps.extend(after_number(line).map(str::to_owned)),
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
pub(crate) fn after_number(line: &str) -> Option<&str> {
    let (number, step) = line.split_once(". ")?;
    number.bytes().all(|byte| byte.is_ascii_digit()).then_some(step)
}

/// An item of a list of links.
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

    /// The page is in the report: whoever reads it there is sent in a circle.
    #[test]
    fn no_page_sends_its_reader_to_the_report() {
        for (id, text) in PAGES {
            for words in ["in the report", "the report says", "the report shows", "the report names", "from the report"]
            {
                assert!(!text.contains(words), "{id}: {words}");
            }
        }
    }

    #[test]
    fn every_page_has_its_headings_and_a_source() {
        for (id, text) in PAGES {
            let page = read(text);
            assert!(!page.title.is_empty() && !page.title.ends_with('.'), "{id}: its title");
            for (heading, part) in [("means", &page.means), ("why", &page.why), ("worked", &page.worked)] {
                assert!(!part.is_empty(), "{id}: {heading}");
            }
            assert!((1..=8).contains(&page.steps.len()), "{id}: its steps");
            assert!(page.links.iter().all(|link| link.url.starts_with("https://")), "{id}: its links");
            assert!(!page.links.is_empty(), "{id}: no source");
        }
    }
}
