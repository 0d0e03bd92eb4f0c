//! Limits what is kept of outside data: every text and every list of the evidence passes through here, so that no check
//! can forget it.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// The most that is kept.
#[derive(Debug, Clone, Copy)]
pub struct Budget {
    /// Bytes of all texts together, with the room that each value takes.
    all: usize,
    /// Items of one list.
    items: usize,
    /// Characters of one text.
    text: usize,
}

/// The limit before secrets are taken out: larger than the final one, so that a secret at the cut is removed with what
/// is left out later.
pub const READ: Budget = Budget { all: 4 * 1024 * 1024, items: 200, text: 16 * 1024 };

/// The limit for a run's evidence.
pub const TOLD: Budget = Budget { all: 1024 * 1024, items: 100, text: 1000 };

/// The limit for a run that has little time left.
pub const BRIEFLY: Budget = Budget { all: 128 * 1024, items: 20, text: SHORTEST_TEXT };

/// The limit for a saved report, which is longer than its evidence because of the guide's pages.
pub const SAVED: Budget = Budget { all: 4 * 1024 * 1024, items: 200, text: 16 * 1024 };

/// A transcript has a bound of its own, which it says in its last line.
const TRANSCRIPT: &str = "lines";
const MOST_LINES: usize = 401;

/// No text is cut below this length: what has a form of its own, such as an address, a date or a record, is shorter.
const SHORTEST_TEXT: usize = 600;
const FEWEST_ITEMS: usize = 6;

/// More notes on what was left out would be a flood themselves.
const MOST_REMARKS: usize = 20;

/// The names of fields are ours, unless a report was edited by hand.
const LONGEST_NAME: usize = 40;

/// The size that every value counts, in addition to its content.
const VALUE: usize = 16;

impl Budget {
    /// What of the data is within the budget, if that is not all. Everything that was cut is noted in `left_out`.
    pub fn of<T: Serialize + DeserializeOwned>(
        self,
        data: &T,
        left_out: &mut Vec<String>,
    ) -> Result<Option<T>, serde_json::Error> {
        let mut value = serde_json::to_value(data)?;
        let is_cut = self.cut(&mut value, left_out);
        is_cut.then(|| serde_json::from_value(value)).transpose()
    }

    /// Cuts the data down to the budget. Where that is still too much, the bounds of texts and lists are halved until it
    /// fits: the longest are cut first. Returns whether anything was cut.
    pub fn cut(self, value: &mut Value, left_out: &mut Vec<String>) -> bool {
        let mut budget = self;
        let mut is_cut = false;
        loop {
            let mut cutter = Cutter { budget, place: Vec::new(), left_out, size: 0, is_cut: false };
            cutter.value(value);
            is_cut |= cutter.is_cut;
            let is_smallest = budget.text == SHORTEST_TEXT && budget.items == FEWEST_ITEMS;
            if cutter.size <= budget.all || is_smallest {
                return is_cut;
            }
            budget.text = (budget.text / 2).max(SHORTEST_TEXT);
            budget.items = (budget.items / 2).max(FEWEST_ITEMS);
        }
    }
}

/// One pass through all data.
struct Cutter<'v, 'l> {
    budget: Budget,
    /// The path of field names to the current value.
    place: Vec<&'v str>,
    left_out: &'l mut Vec<String>,
    size: usize,
    is_cut: bool,
}

impl<'v> Cutter<'v, '_> {
    fn value(&mut self, value: &'v mut Value) {
        self.size += VALUE;
        match value {
            Value::String(text) => {
                if text.len() > self.budget.text
                    && let Some((end, _)) = text.char_indices().nth(self.budget.text)
                {
                    *text = format!("{}…", &text[..end]);
                    self.remark(&format!("the first {} characters are kept", self.budget.text));
                }
                self.size += text.len();
            }
            Value::Array(items) => {
                let is_transcript = self.place.last().is_some_and(|name| *name == TRANSCRIPT);
                let most = if is_transcript { MOST_LINES.min(self.budget.items * 4 + 1) } else { self.budget.items };
                if items.len() > most {
                    items.truncate(most);
                    items.shrink_to_fit();
                    self.remark(&format!("the first {most} of a longer list are kept"));
                }
                for item in items {
                    self.value(item);
                }
            }
            Value::Object(fields) => {
                let (most, mut kept) = (self.budget.items, 0);
                if fields.len() > most {
                    fields.retain(|_, _| {
                        kept += 1;
                        kept <= most
                    });
                    self.remark(&format!("the first {most} of more fields are kept"));
                }
                for (name, field) in fields.iter_mut() {
                    self.size += name.len();
                    self.place.push(name);
                    self.value(field);
                    self.place.pop();
                }
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }

    fn remark(&mut self, kept: &str) {
        self.is_cut = true;
        let names = self.place.iter().map(|name| name.chars().take(LONGEST_NAME).collect::<String>());
        let place = names.collect::<Vec<_>>().join(".");
        let of_this = format!("{place}: ");
        // A place that is cut again, or once for each item, is noted once.
        self.left_out.retain(|remark| !remark.starts_with(&of_this));
        match self.left_out.len() {
            0..MOST_REMARKS => self.left_out.push(format!("{of_this}{kept}")),
            MOST_REMARKS => self.left_out.push("and more".to_owned()),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn cut(mut value: Value) -> (Value, Vec<String>) {
        let mut left_out = Vec::new();
        TOLD.cut(&mut value, &mut left_out);
        (value, left_out)
    }

    #[test]
    fn what_is_within_the_budget_stays_as_it_is() {
        let value = json!({ "a": vec!["x"; 100], "b": { "c": "y".repeat(1000) }, "n": 1 });
        assert_eq!(cut(value.clone()), (value, Vec::new()));
    }

    #[test]
    fn what_is_cut_is_told_by_its_place() {
        let (value, left_out) = cut(json!({ "imap": { "capabilities": vec!["A"; 101], "answer": "é".repeat(1001) } }));
        assert_eq!(value["imap"]["capabilities"].as_array().map(Vec::len), Some(100));
        assert_eq!(value["imap"]["answer"], format!("{}…", "é".repeat(1000)));
        assert_eq!(
            left_out,
            [
                "imap.answer: the first 1000 characters are kept",
                "imap.capabilities: the first 100 of a longer list are kept"
            ]
        );
    }

    #[test]
    fn many_places_that_are_too_much_together_are_cut_further_and_told_of_once_each() {
        let places: serde_json::Map<String, Value> =
            (0..90).map(|nth| (format!("p{nth}"), json!(vec!["z".repeat(900); 90]))).collect();
        let (value, left_out) = cut(Value::Object(places));
        assert!(value.to_string().len() <= TOLD.all, "{}", value.to_string().len());
        assert_eq!(left_out.len(), MOST_REMARKS + 1);
        assert!(left_out.iter().all(|remark| remark.len() < 200), "{left_out:?}");
    }
}
