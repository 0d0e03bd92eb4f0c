//! Names, each with a description: in two columns if there is room for them, and one below the other if not.

use super::printer::within;
use crate::visible;

/// A narrower column of text is hard to read, in columns of the terminal.
const NARROWEST: usize = 36;

/// The list without its last line break. Its lines fit into the terminal unless a word is too long.
pub(crate) fn list(items: &[(String, String)], width: usize, indent: usize) -> String {
    let longest = items.iter().map(|(name, _)| name.chars().count()).max().unwrap_or(0);
    let column = indent + longest + 2;
    let margin = " ".repeat(indent);
    let lines = items.iter().map(|(name, text)| match width.saturating_sub(column) >= NARROWEST {
        true => wrapped(text, width, &format!("{margin}{name:<longest$}  "), &" ".repeat(column)),
        false if text.is_empty() => format!("{margin}{name}"),
        false => {
            let further = " ".repeat(indent + 4);
            format!("{margin}{name}\n{}", wrapped(text, width, &further, &further))
        }
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// A text wrapped to the width; every line but the first begins with `others`.
pub(crate) fn wrapped(text: &str, width: usize, first: &str, others: &str) -> String {
    let options = within(width).initial_indent(first).subsequent_indent(others);
    textwrap::wrap(&visible::text(text), options)
        .into_iter()
        .map(|line| line.trim_end().to_owned())
        .collect::<Vec<_>>()
        .join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn items() -> Vec<(String, String)> {
        [
            ("dns", "does the name have an address"),
            ("other-resolver", "do others say the same of it, which takes a while"),
        ]
        .map(|(name, text)| (name.to_owned(), text.to_owned()))
        .into()
    }

    #[test]
    fn where_there_is_room_it_has_two_columns() {
        let told = "dns             does the name have an address\n\
                    other-resolver  do others say the same of it, which\n                takes a while";
        assert_eq!(list(&items(), 53, 0), told);
    }

    #[test]
    fn where_there_is_none_a_text_is_below_its_name() {
        let told = "  dns\n      does the name have an address\n  other-resolver\n      do others say the same of it,\n      \
                    which takes a while";
        assert_eq!(list(&items(), 40, 2), told);
    }
}
