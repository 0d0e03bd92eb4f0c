//! Escapes text for Markdown: no text from outside becomes a heading, a link, a picture or a mention.

use std::fmt::{self, Write};

use askama::filters::Escaper;

use super::{ServerTranscript, mark, pieces};
use crate::render::pieces::Piece;

/// Puts backslashes before what `CommonMark` (0.31.2, section 2.4) or GitHub's additions to it would take for markup:
/// tables, strikethrough, mathematics, addresses, and mentions of people and issues.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Markdown;

impl Escaper for Markdown {
    fn write_escaped_str<W: Write>(&self, mut out: W, text: &str) -> fmt::Result {
        let text = text.trim_start();
        let mut before = None;
        let mut is_number = true;
        for (at, letter) in text.char_indices() {
            let after = text[at + letter.len_utf8()..].chars().next();
            if is_markup(before, letter, after) || begins_block(at, is_number, letter, after) {
                out.write_char('\\')?;
            }
            // A line break could begin another block.
            out.write_char(if letter == '\n' { ' ' } else { letter })?;
            if is_mention(before, letter, after) {
                // GitHub looks for mentions last, so a backslash does not prevent one; an HTML comment does.
                out.write_str("<!-- -->")?;
            }
            before = Some(letter);
            is_number &= letter.is_ascii_digit();
        }
        Ok(())
    }
}

/// Whether it could be markup at any place.
fn is_markup(before: Option<char>, letter: char, after: Option<char>) -> bool {
    let is_word = |letter: Option<char>| letter.is_some_and(char::is_alphanumeric);
    match letter {
        '`' | '*' | '[' | '<' | '|' | '~' | '$' => true,
        '\\' => after.is_none_or(|after| after.is_ascii_punctuation() || after == '\n'),
        '_' => !(is_word(before) && is_word(after)),
        '&' => after.is_some_and(|after| after == '#' || after.is_ascii_alphabetic()),
        // A heading, or its end.
        '#' => before.is_none_or(|before| before.is_whitespace() || before == '#'),
        // Addresses that GitHub turns into links.
        ':' => after == Some('/'),
        '.' => before.is_some_and(|before| before.eq_ignore_ascii_case(&'w')),
        _ => false,
    }
}

/// Whether it could begin a list, a rule or a quotation: at the beginning of a line, or after a number there.
fn begins_block(at: usize, is_after_digits: bool, letter: char, after: Option<char>) -> bool {
    match letter {
        '+' | '-' | '=' | '>' => at == 0,
        '.' | ')' => at > 0 && is_after_digits && after.is_none_or(char::is_whitespace),
        _ => false,
    }
}

fn is_mention(before: Option<char>, letter: char, after: Option<char>) -> bool {
    let is_apart = before.is_none_or(|before| before.is_whitespace() || before.is_ascii_punctuation());
    let is_named = match letter {
        '@' => after.is_some_and(char::is_alphanumeric),
        '#' => after.is_some_and(|after| after.is_ascii_digit()),
        _ => false,
    };
    is_apart && is_named
}

/// A text of the guide, which has backticks and addresses of its own.
pub(super) struct Words<'t>(pub(super) &'t str);

impl fmt::Display for Words<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, piece) in pieces(self.0).into_iter().enumerate() {
            match piece {
                Piece::Typed(text) if !text.trim().is_empty() => write!(out, "`{text}`")?,
                Piece::Address(address) if !address.contains(['<', '>']) => write!(out, "<{address}>")?,
                Piece::Plain(text) | Piece::Typed(text) | Piece::Address(text) => {
                    if at > 0 && text.starts_with(char::is_whitespace) {
                        out.write_char(' ')?;
                    }
                    Markdown.write_escaped_str(&mut *out, text)?;
                }
            }
        }
        Ok(())
    }
}

/// A conversation between fences that its text cannot close.
pub(super) struct Fence<'t>(pub(super) &'t ServerTranscript);

impl fmt::Display for Fence<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lines = &self.0.lines;
        let longest = lines.iter().flat_map(|said| said.text.split(|letter| letter != '`')).map(str::len).max();
        let fence = "`".repeat(3.max(longest.unwrap_or(0) + 1));
        writeln!(out, "{fence}text")?;
        for said in lines {
            writeln!(out, "{:>6} ms {} {}", said.at_ms, mark(said.from), said.text)?;
        }
        out.write_str(&fence)
    }
}

#[cfg(test)]
mod tests {
    use comrak::nodes::{AstNode, NodeValue};
    use comrak::{Arena, Options, parse_document};
    use proptest::prelude::*;

    use super::*;
    use crate::report::Speaker;

    /// As GitHub reads it.
    fn github() -> Options<'static> {
        let mut options = Options::default();
        let extension = &mut options.extension;
        (extension.table, extension.strikethrough, extension.tasklist, extension.autolink) = (true, true, true, true);
        (extension.footnotes, extension.math_dollars, extension.math_code, extension.alerts) = (true, true, true, true);
        options
    }

    /// What a reader sees of a text; anything but words is replaced by its kind.
    fn seen(markdown: &str) -> String {
        fn walk<'a>(node: &'a AstNode<'a>, told: &mut String) {
            match &node.data.borrow().value {
                NodeValue::Document
                | NodeValue::Paragraph
                | NodeValue::Table(_)
                | NodeValue::TableRow(_)
                | NodeValue::TableCell => {}
                NodeValue::Text(text) => told.push_str(text),
                // The comment that prevents a mention is not visible.
                NodeValue::HtmlInline(remark) if remark == "<!-- -->" => {}
                // GitHub links every email address; such a link only opens a new message.
                NodeValue::Link(link) if link.url.contains("mailto:") && !link.url.contains('/') => {}
                // Writing to memory cannot fail.
                other => drop(write!(told, "[{other:?}]")),
            }
            node.children().for_each(|child| walk(child, told));
        }
        let arena = Arena::new();
        let mut told = String::new();
        walk(parse_document(&arena, markdown, &github()), &mut told);
        told
    }

    /// The same for a text in a table.
    fn seen_in_a_cell(markdown: &str) -> String {
        seen(&format!("| |\n| --- |\n| {markdown} |\n"))
    }

    fn escaped(text: &str) -> String {
        let mut out = String::new();
        // Writing to memory cannot fail.
        let _ = Markdown.write_escaped_str(&mut out, text);
        out
    }

    #[test]
    fn what_looks_like_markup_is_seen_as_it_was_said() {
        for text in [
            "* OK [CAPABILITY IMAP4rev1] ready",
            "# no heading #",
            "1. no list",
            "2) no list",
            "--- no line",
            "> no quotation",
            "[no link](https://192.0.2.1/) ![no picture](x) [^1] [ ] [x]",
            "<script>alert(1)</script> <b> &lt; &#60; &amp",
            "https://192.0.2.1/ http://a.example www.a.example",
            "a_b_c __d__ *e* ~~f~~ ~g~ `h` ``i",
            "$1 + $2 and $$x$$ and $`y`$",
            r"back\slash \* \` and at the end \",
            "@somebody and (@team/mail) and #12 and y…@icloud.com",
            "| a | b |",
        ] {
            assert_eq!(seen(&escaped(text)), text);
            assert_eq!(seen_in_a_cell(&escaped(text)), text);
        }
    }

    #[test]
    fn nobody_is_called_by_what_a_server_says() {
        assert_eq!(escaped("ask @somebody or #12"), r"ask @<!-- -->somebody or \#<!-- -->12");
        assert_eq!(escaped("y…@icloud.com and you@icloud.com"), "y…@icloud.com and you@icloud.com");
    }

    #[test]
    fn the_guides_own_marks_stay() {
        let words = "Run `check`, then open https://account.apple.com. *Not* bold.";
        assert_eq!(Words(words).to_string(), r"Run `check`, then open <https://account.apple.com>. \*Not\* bold.");
    }

    /// Texts with characters that have a meaning in Markdown.
    fn marked() -> impl Strategy<Value = String> {
        let pieces = prop::sample::select(vec![
            "`",
            "``",
            "*",
            "**",
            "_",
            "__",
            "[",
            "]",
            "(",
            ")",
            "<",
            ">",
            "&",
            "#",
            "##",
            "|",
            "~",
            "~~~",
            "$",
            "\\",
            "@",
            ":",
            "//",
            "www.",
            "http",
            "!",
            "-",
            "---",
            "+",
            "=",
            "1",
            "9.",
            ".",
            ")",
            " ",
            "a",
            "Z",
            "é",
            "^",
            "{",
            "}",
            "\"",
            "'",
            "amp;",
            "x]:",
            "<!--",
            "-->",
            "mailto:a@b.cd",
        ]);
        prop::collection::vec(pieces, 0..12).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, cases: 4000, ..ProptestConfig::default() })]

        #[test]
        fn every_text_reads_as_itself(text in prop_oneof![marked(), "[ -~]{0,40}"]) {
            // The spaces at both ends of a paragraph are not visible.
            prop_assert_eq!(seen(&escaped(&text)), text.trim());
            prop_assert_eq!(seen_in_a_cell(&escaped(&text)), text.trim());
        }

        #[test]
        fn nothing_said_ends_the_conversation(texts in prop::collection::vec(marked(), 1..4)) {
            let said = |text| checks::transcript::Said { at_ms: 1, from: Speaker::Server, text, meaning: None };
            let lines = texts.into_iter().map(said).collect();
            let transcript = ServerTranscript { server: String::new(), lines };
            let arena = Arena::new();
            let document = parse_document(&arena, &Fence(&transcript).to_string(), &github());
            let kinds: Vec<bool> = document
                .children()
                .map(|node| matches!(node.data.borrow().value, NodeValue::CodeBlock(_)))
                .collect();
            prop_assert_eq!(kinds, [true]);
        }
    }
}
