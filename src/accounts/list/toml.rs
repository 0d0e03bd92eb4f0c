//! A list in TOML: a table `[[accounts]]` for each account.

use serde::Deserialize;
use toml::Spanned;

use super::Mistake;
use super::entry::{Entry, Fields};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    #[serde(default)]
    accounts: Vec<Spanned<Fields>>,
}

/// Reads the entries.
pub(super) fn read(text: &str) -> (Vec<Entry>, Vec<Mistake>) {
    let line = |at: usize| text[..text.floor_char_boundary(at)].matches('\n').count() + 1;
    match toml::from_str::<Document>(text) {
        Ok(document) => {
            let entries = document.accounts.into_iter().map(|account| {
                let line = line(account.span().start);
                Entry { line, fields: account.into_inner() }
            });
            (entries.collect(), Vec::new())
        }
        Err(fault) => {
            let line = line(fault.span().map_or(0, |span| span.start));
            // What the parser says may repeat a value.
            (Vec::new(), vec![(line, "it is not TOML with a table [[accounts]] for each account".to_owned())])
        }
    }
}
