//! Conceals every text in serializable data, and leaves words of our own as they are.

use std::collections::BTreeMap;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::Concealer;
use super::lines::{head, is_protocols};
use super::vocabulary::is_ours;
use crate::network::Record;
use crate::secret::HIDDEN;

/// A shorter text may be in any line.
const SHORTEST: usize = 3;

/// Numbers that a server decides: how full a mailbox is, and how long an address may be kept.
const NUMBERS: [&str; 3] = ["used_kib", "limit_kib", "ttl"];

impl Concealer {
    /// Conceals every text in serializable data.
    ///
    /// A field that accepts no other text than the one in it contains a word of ours, a date or an address, and not a
    /// server's words: it stays as it is.
    pub fn all<T: Serialize + DeserializeOwned>(&self, data: &T) -> Result<T, serde_json::Error> {
        self.all_but(data, &[])
    }

    /// The same, without what is in lines that were hidden elsewhere.
    pub(super) fn all_but<T: Serialize + DeserializeOwned>(
        &self,
        data: &T,
        hidden: &[String],
    ) -> Result<T, serde_json::Error> {
        let mut value = serde_json::to_value(data)?;
        self.all_in(&mut value, hidden, |value| T::deserialize(value).is_ok());
        T::deserialize(&value)
    }

    /// The same for data in JSON form, as long as they can still be read afterwards.
    pub fn value(&self, value: &mut Value, can_be_read: impl Fn(&Value) -> bool) {
        self.all_in(value, &[], can_be_read);
    }

    fn all_in(&self, value: &mut Value, hidden: &[String], can_be_read: impl Fn(&Value) -> bool) {
        let mut changes = BTreeMap::new();
        self.changes(value, &mut String::new(), &mut changes);
        self.change_apart(value, hidden, &mut changes);
        put(value, &mut changes);
        if changes.is_empty() || can_be_read(value) {
            return;
        }
        put(value, &mut changes);
        let mut places: BTreeMap<String, BTreeMap<String, Value>> = BTreeMap::new();
        for (pointer, change) in changes {
            places.entry(place(&pointer)).or_default().insert(pointer, change);
        }
        for changes in places.values_mut() {
            put(value, changes);
            if !can_be_read(value) {
                put(value, changes);
            }
        }
    }

    /// What has to change, by its JSON pointer.
    fn changes(&self, value: &Value, pointer: &mut String, changes: &mut BTreeMap<String, Value>) {
        let length = pointer.len();
        match value {
            Value::String(_) => self.change_together(value, pointer, changes),
            Value::Array(items) if items.iter().all(is_text) => self.change_together(value, pointer, changes),
            Value::Array(items) => {
                for (at, item) in items.iter().enumerate() {
                    pointer.extend(["/", &at.to_string()]);
                    self.changes(item, pointer, changes);
                    pointer.truncate(length);
                }
            }
            Value::Object(fields) => {
                for (name, field) in fields {
                    // An object means nothing without a number in it that is too near to the secret.
                    if NUMBERS.contains(&name.as_str()) && field.is_number() && self.is_found(&field.to_string()) {
                        let whole = if name == "ttl" { format!("{pointer}/{name}") } else { pointer.clone() };
                        changes.insert(whole, Value::Null);
                        continue;
                    }
                    lead_to(name, pointer);
                    self.changes(field, pointer, changes);
                    pointer.truncate(length);
                }
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }

    /// Neighbouring texts are searched as one text, because a reader can join them.
    fn change_together(&self, value: &Value, pointer: &str, changes: &mut BTreeMap<String, Value>) {
        let mut texts = Vec::new();
        each_text(value, &mut pointer.to_owned(), &mut texts);
        let mut lines: Vec<String> = texts.iter().flat_map(|(_, text)| text.split('\n').map(str::to_owned)).collect();
        let is_changed = self.lines(&mut lines);
        let mut done = 0;
        for (pointer, text) in texts {
            let count = text.split('\n').count();
            if is_changed[done..done + count].contains(&true) {
                let shown = lines[done..done + count].join("\n");
                let is_hidden = shown.contains(HIDDEN);
                changes.insert(pointer, Value::String(if is_hidden { in_its_form(text, shown) } else { shown }));
            }
            done += count;
        }
    }

    /// Secrets spread over texts that are apart from each other, and what was already hidden in a conversation.
    fn change_apart(&self, value: &Value, hidden: &[String], changes: &mut BTreeMap<String, Value>) {
        let mut texts = Vec::new();
        each_text(value, &mut String::new(), &mut texts);
        texts.retain(|(_, text)| !is_ours(text));
        let lines: Vec<&str> = texts.iter().map(|(_, text)| *text).collect();
        // A login that a server repeats, or a status code, is not what it was hidden for.
        let is_known = |text: &str| {
            is_protocols(text) || self.known.iter().any(|known| known == text || known.split('@').next() == Some(text))
        };
        let was_said = |text: &str| {
            text.len() >= SHORTEST
                && !is_known(text)
                && hidden.iter().any(|line| line.contains(text) || text.contains(without_head(line)))
        };
        for ((pointer, text), is_found) in texts.iter().zip(self.found(&lines)) {
            if is_found || was_said(text) {
                changes.insert(pointer.clone(), Value::String(in_its_form(text, self.hidden(text))));
            }
        }
    }

    pub(super) fn is_found(&self, text: &str) -> bool {
        self.found(&[text]).contains(&true)
    }
}

/// The text of a line, if it is long enough to be recognized again.
fn without_head(line: &str) -> &str {
    let said = &line[head(line).len()..];
    if said.len() >= SHORTEST { said } else { line }
}

/// A record of a resolver's answer is read again as one.
fn in_its_form(text: &str, hidden: String) -> String {
    match Record::try_from(text.to_owned()) {
        Ok(_) => format!("{HIDDEN} 0 X {HIDDEN}"),
        Err(_) => hidden,
    }
}

/// A text, or texts in a row such as the pair of a field and its value.
fn is_text(value: &Value) -> bool {
    match value {
        Value::String(_) => true,
        Value::Array(items) => !items.is_empty() && items.iter().all(Value::is_string),
        _ => false,
    }
}

fn each_text<'v>(value: &'v Value, pointer: &mut String, texts: &mut Vec<(String, &'v str)>) {
    let length = pointer.len();
    match value {
        Value::String(text) => texts.push((pointer.clone(), text)),
        Value::Object(fields) => {
            for (name, field) in fields {
                lead_to(name, pointer);
                each_text(field, pointer, texts);
                pointer.truncate(length);
            }
        }
        Value::Array(items) => {
            for (at, item) in items.iter().enumerate() {
                pointer.extend(["/", &at.to_string()]);
                each_text(item, pointer, texts);
                pointer.truncate(length);
            }
        }
        _ => {}
    }
}

/// Adds the name of a field to a JSON pointer (RFC 6901 section 3).
fn lead_to(name: &str, pointer: &mut String) {
    pointer.push('/');
    match name.contains(['~', '/']) {
        true => pointer.push_str(&name.replace('~', "~0").replace('/', "~1")),
        false => pointer.push_str(name),
    }
}

/// Swaps each text with its replacement: done twice, everything is as it was.
fn put(value: &mut Value, changes: &mut BTreeMap<String, Value>) {
    // What is inside a replaced value is replaced with it.
    for (pointer, change) in changes.iter_mut() {
        if let Some(place) = value.pointer_mut(pointer) {
            std::mem::swap(place, change);
        }
    }
}

/// A pointer without its positions in lists: one field of one type.
fn place(pointer: &str) -> String {
    let is_position = |part: &&str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    pointer.split('/').map(|part| if is_position(&part) { "*" } else { part }).collect::<Vec<_>>().join("/")
}
