//! The guide's pages and those for mail programs, as parts of a page for a browser.

use std::io;

use askama::Template;

use super::words;
use crate::render::page::NOTHING_CHECKED;
use crate::render::pieces::SAFE;
use crate::report::{Link, Page, Part, ProgramPage};

/// The page of a cause.
#[derive(Template)]
#[template(path = "cause.html", config = "src/render/html/askama.toml")]
struct Cause<'p> {
    id: &'p str,
    page: &'p Page,
    why: Vec<Block>,
}

/// A page that is about no cause.
#[derive(Template)]
#[template(path = "topic.html", config = "src/render/html/askama.toml")]
struct Topic<'p> {
    title: &'p str,
    blocks: Vec<Block>,
    links: Vec<Link>,
}

/// The settings for a mail program.
#[derive(Template)]
#[template(path = "setup.html", config = "src/render/html/askama.toml")]
struct Setup<'p> {
    page: &'p ProgramPage,
}

/// What stands together on a page.
enum Block {
    Heading(String),
    Paragraph(String),
    Items(Vec<String>),
    Steps(Vec<String>),
}

/// Returns the page of a cause.
pub(crate) fn cause(id: &str, page: &Page) -> io::Result<String> {
    let lines = page.why.lines().filter(|line| !line.trim().is_empty()).map(|line| match line.strip_prefix("- ") {
        Some(item) => Part::Item(item.to_owned()),
        None => Part::Paragraph(line.to_owned()),
    });
    let why = blocks(lines).0;
    Cause { id, page, why }.render().map_err(io::Error::other)
}

/// Returns a page that is about no cause.
pub(crate) fn topic(title: &str, parts: impl Iterator<Item = Part>) -> io::Result<String> {
    let (blocks, links) = blocks(parts);
    Topic { title, blocks, links }.render().map_err(io::Error::other)
}

/// Returns the settings for a mail program.
pub(crate) fn setup(page: &ProgramPage) -> io::Result<String> {
    Setup { page }.render().map_err(io::Error::other)
}

fn blocks(parts: impl Iterator<Item = Part>) -> (Vec<Block>, Vec<Link>) {
    let (mut blocks, mut links) = (Vec::new(), Vec::new());
    for part in parts {
        match (part, blocks.last_mut()) {
            (Part::Item(text), Some(Block::Items(items))) => items.push(text),
            (Part::Item(text), _) => blocks.push(Block::Items(vec![text])),
            (Part::Step(step), Some(Block::Steps(steps))) => steps.push(step.text),
            (Part::Step(step), _) => blocks.push(Block::Steps(vec![step.text])),
            (Part::Heading(text), _) => blocks.push(Block::Heading(text)),
            (Part::Paragraph(text), _) => blocks.push(Block::Paragraph(text)),
            (Part::Link(link), _) => links.push(link),
        }
    }
    (blocks, links)
}
