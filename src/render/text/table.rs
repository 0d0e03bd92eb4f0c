//! A table in columns: words to the left, figures to the right.

use std::io;

use textwrap::core::display_width;

use super::Printer;
use crate::report::Table;
use crate::visible;

/// Between two columns.
const GAP: usize = 2;

impl Printer<'_> {
    /// The table. Without columns, as a screen reader wants it, each row is a sentence.
    pub(super) fn table(&mut self, table: &Table) -> io::Result<()> {
        self.heading(table.title)?;
        let rows = table.rows.iter().map(|row| row.cells.iter().map(|cell| visible::text(cell)).collect::<Vec<_>>());
        let rows: Vec<Vec<String>> = rows.collect();
        if self.look.is_plain {
            for row in &rows {
                let cells = table.columns.iter().zip(row).map(|(column, cell)| format!("{column}: {cell}"));
                self.paragraph(&cells.collect::<Vec<_>>().join(", "), "  ", "    ")?;
            }
        } else {
            let titles = table.columns.iter().map(|title| (*title).to_owned()).collect();
            let all: Vec<Vec<String>> = [titles].into_iter().chain(rows).collect();
            let widths: Vec<usize> = (0..table.columns.len())
                .map(|at| all.iter().filter_map(|row| row.get(at)).map(|cell| display_width(cell)).max().unwrap_or(0))
                .collect();
            for row in &all {
                self.row(row, &widths, table.ends_in_words)?;
            }
        }
        table.below.as_ref().map_or(Ok(()), |below| self.paragraph(below, "  ", "  "))
    }

    /// One row. The first column gets the room that the others leave; words at the end are cut.
    fn row(&mut self, row: &[String], widths: &[usize], ends_in_words: bool) -> io::Result<()> {
        let others: usize = widths.iter().skip(1).map(|width| width + GAP).sum();
        let first = widths.first().copied().unwrap_or(0);
        let first = first.min(self.look.width.saturating_sub(others + GAP).max(12));
        let mut line = String::from("  ");
        for (at, cell) in row.iter().enumerate() {
            let width = if at == 0 { first } else { widths[at] };
            let is_words = at == 0 || (ends_in_words && at + 1 == widths.len());
            let (cell, _) = Self::cut(
                cell,
                if is_words && at > 0 { self.look.width.saturating_sub(display_width(&line) + GAP) } else { width },
            );
            let blanks = " ".repeat(width.saturating_sub(display_width(&cell)));
            if at > 0 {
                line.push_str(&" ".repeat(GAP));
            }
            line.extend(if is_words { [cell, blanks] } else { [blanks, cell] });
        }
        self.line(line.trim_end())
    }
}
