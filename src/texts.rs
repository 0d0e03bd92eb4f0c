//! Visits every text of a JSON value, with the names of the fields that lead to it.

use serde_json::Value;

/// Passes on each text, with the names of the fields from the outermost to its own; the items of a list add none.
pub(crate) fn each<'v>(value: &'v mut Value, mut hear: impl FnMut(&[&'v str], &mut String)) {
    walk(value, &mut Vec::new(), &mut hear);
}

fn walk<'v>(value: &'v mut Value, place: &mut Vec<&'v str>, hear: &mut impl FnMut(&[&'v str], &mut String)) {
    match value {
        Value::String(text) => hear(place, text),
        Value::Array(items) => items.iter_mut().for_each(|item| walk(item, place, hear)),
        Value::Object(fields) => {
            for (name, field) in fields {
                place.push(name);
                walk(field, place, hear);
                place.pop();
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn each_text_comes_with_its_place() {
        let mut value = json!({ "a": [{ "b": "x" }, "y", 1], "c": null, "d": { "e": [["z"]] } });
        let mut heard = Vec::new();
        each(&mut value, |place, text| heard.push(format!("{} {text}", place.join("."))));
        assert_eq!(heard, ["a.b x", "a y", "d.e z"]);
    }
}
