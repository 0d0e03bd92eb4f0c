//! The labels of an account: names and values that every output repeats, for instance the team that it belongs to.

use crate::report::line::Labels;

/// The names that metrics use already.
const TAKEN: [&str; 9] = ["account", "cause", "check", "host", "server", "severity", "sure", "verdict", "version"];

const MOST: usize = 10;
const LONGEST: usize = 100;

/// Labels as a cell of a table has them: `team=desk;site=vienna`.
pub(super) fn of_text(text: &str) -> Result<Labels, String> {
    let pairs = text.split(';').map(str::trim).filter(|pair| !pair.is_empty());
    let pairs = pairs.map(|pair| {
        let (name, value) = pair.split_once('=').ok_or("its labels are not written as team=desk;site=vienna")?;
        Ok((name.trim().to_owned(), value.trim().to_owned()))
    });
    of_pairs(pairs.collect::<Result<Vec<_>, &str>>()?)
}

/// Labels as pairs.
pub(super) fn of_pairs(pairs: Vec<(String, String)>) -> Result<Labels, String> {
    if pairs.len() > MOST {
        return Err(format!("it has more than {MOST} labels"));
    }
    let mut labels = Labels::new();
    for (name, value) in pairs {
        // <https://prometheus.io/docs/concepts/data_model/>: what a label may be called.
        let is_name = name.starts_with(|first: char| first.is_ascii_lowercase())
            && name.chars().all(|letter| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '_');
        if !is_name {
            return Err("the name of a label is not made of a to z, digits and _".to_owned());
        }
        if TAKEN.contains(&name.as_str()) {
            return Err(format!("no label can be called one of {}", TAKEN.join(", ")));
        }
        if value.chars().any(char::is_control) || value.chars().count() > LONGEST {
            return Err(format!("the value of a label is not one line of at most {LONGEST} characters"));
        }
        if labels.insert(name, value).is_some() {
            return Err("two of its labels have the same name".to_owned());
        }
    }
    Ok(labels)
}
