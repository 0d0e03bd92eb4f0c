//! The guide's words on the page, with commands and links marked up.

use askama::Template;
use askama::filters::HtmlSafe;

use crate::render::pieces::{Piece, pieces};

/// A text in its pieces.
#[derive(Template)]
#[template(path = "words.html", config = "src/render/html/askama.toml")]
pub(super) struct Words<'t> {
    pieces: Vec<Piece<'t>>,
}

/// Its own template escapes what is in it.
impl HtmlSafe for Words<'_> {}

/// A text without paragraphs.
pub(super) fn words(text: &str) -> Words<'_> {
    Words { pieces: pieces(text) }
}

/// Empty lines separate paragraphs; other line breaks have no meaning.
pub(super) fn paragraphs(text: &str) -> impl Iterator<Item = Words<'_>> {
    text.split("\n\n").map(words)
}
