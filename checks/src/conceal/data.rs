//! Conceals every text in serializable data, and leaves words of our own as they are.

use std::collections::BTreeMap;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::lines::{head, is_protocols};
use super::vocabulary::is_ours;
use super::{Concealer, joined};
use crate::network::Record;
use crate::secret::HIDDEN;

/// A shorter text may be in any line.
const SHORTEST: usize = 3;

/// Numbers that a server decides: how full a mailbox is, and how long an address may be kept.
const NUMBERS: [&str; 3] = ["used_kib", "limit_kib", "ttl"];

/// What has to change.
struct Changes {
    /// By its JSON pointer.
    of_texts: BTreeMap<String, Value>,
    /// Whether part of a secret was found.
    is_found: bool,
}

impl Concealer {
    /// Conceals every text in serializable data.
    ///
    /// A field that accepts no other text than the one in it contains a word of ours, a date or an address, and not a
    /// server's words: it stays as it is.
    pub fn all<T: Serialize + DeserializeOwned>(&self, data: T) -> Result<T, serde_json::Error> {
        self.all_but(data, &[])
    }

    /// The same, without what is in lines that were hidden elsewhere.
    pub(super) fn all_but<T: Serialize + DeserializeOwned>(
        &self,
        data: T,
        hidden: &[String],
    ) -> Result<T, serde_json::Error> {
        let mut value = serde_json::to_value(&data)?;
        let changes = self.changes(&value, hidden).of_texts;
        if changes.is_empty() {
            return Ok(data);
        }
        make(changes, &mut value, |value| T::deserialize(&*value).is_ok());
        serde_json::from_value(value)
    }

    /// The same for data in JSON form, as long as they can still be read afterwards; returns whether anything had to be
    /// hidden.
    pub fn value(&self, value: &mut Value, can_be_read: impl FnMut(&mut Value) -> bool) -> bool {
        let changes = self.changes(value, &[]);
        make(changes.of_texts, value, can_be_read);
        changes.is_found
    }

    /// Searches all texts as one, and then neighbouring ones.
    fn changes(&self, value: &Value, hidden: &[String]) -> Changes {
        let apart = self.apart(value, hidden);
        let is_found = apart.contains(&true);
        let mut changes = BTreeMap::new();
        self.together(value, is_found, Place::Whole, &mut changes);
        if is_found {
            let mut apart = apart.iter();
            each_text(value, Place::Whole, &mut |place, text| {
                if !is_ours(text) && apart.next() == Some(&true) {
                    changes.insert(place.pointer(), Value::String(in_its_form(text, self.hidden(text))));
                }
            });
        }
        Changes { of_texts: changes, is_found }
    }

    /// Of each text that is no word of ours, whether it has part of a secret that is spread over texts that are apart
    /// from each other, or of what was already hidden in a conversation.
    fn apart(&self, value: &Value, hidden: &[String]) -> Vec<bool> {
        let mut texts = Vec::new();
        each_text(value, Place::Whole, &mut |_, text| texts.push(text));
        texts.retain(|text| !is_ours(text));
        // A login that a server repeats, or a status code, is not what it was hidden for.
        let is_known = |text: &str| {
            is_protocols(text) || self.known.iter().any(|known| known == text || known.split('@').next() == Some(text))
        };
        let was_said = |text: &str| {
            text.len() >= SHORTEST
                && !is_known(text)
                && hidden.iter().any(|line| line.contains(text) || text.contains(without_head(line)))
        };
        texts.iter().zip(self.found(&texts)).map(|(text, is_found)| is_found || was_said(text)).collect()
    }

    /// Neighbouring texts are searched as one, because a reader can join them.
    fn together(&self, value: &Value, is_found: bool, place: Place<'_>, changes: &mut BTreeMap<String, Value>) {
        match value {
            Value::String(_) => self.neighbours(value, is_found, place, changes),
            Value::Array(items) if items.iter().all(is_text) => self.neighbours(value, is_found, place, changes),
            Value::Array(items) => {
                for (at, item) in items.iter().enumerate() {
                    self.together(item, is_found, Place::Item(&place, at), changes);
                }
            }
            Value::Object(fields) => {
                for (name, field) in fields {
                    // An object means nothing without a number in it that is too near to the secret.
                    let inner = Place::Field(&place, name);
                    if NUMBERS.contains(&name.as_str()) && field.is_number() && self.is_found(&field.to_string()) {
                        let whole = if name == "ttl" { inner } else { place };
                        changes.insert(whole.pointer(), Value::Null);
                        continue;
                    }
                    self.together(field, is_found, inner, changes);
                }
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }

    /// Texts in which nothing was found among all others are not searched again.
    fn neighbours(&self, value: &Value, is_found: bool, place: Place<'_>, changes: &mut BTreeMap<String, Value>) {
        let (mut lines, mut was_searched) = (Vec::new(), !is_found);
        each_text(value, place, &mut |_, text| {
            was_searched = was_searched && !is_ours(text) && !text.contains('\n');
            lines.extend(text.split('\n'));
        });
        // Only a word may be one on its own that is none beside the others.
        let found = self.found_by(&lines, |sought| sought.is_word || !was_searched);
        let shown = self.shown(&lines, &found);
        if shown.iter().all(Option::is_none) {
            return;
        }
        let mut from = 0;
        each_text(value, place, &mut |place, text| {
            let of_this = from..from + text.split('\n').count();
            from = of_this.end;
            if shown[of_this.clone()].iter().any(Option::is_some) {
                let shown = joined(&lines[of_this.clone()], &shown[of_this]);
                let is_hidden = shown.contains(HIDDEN);
                let shown = if is_hidden { in_its_form(text, shown) } else { shown };
                changes.insert(place.pointer(), Value::String(shown));
            }
        });
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

/// Passes on each text with its place.
fn each_text<'v>(value: &'v Value, place: Place<'_>, hear: &mut impl FnMut(Place<'_>, &'v str)) {
    match value {
        Value::String(text) => hear(place, text),
        Value::Object(fields) => {
            fields.iter().for_each(|(name, field)| each_text(field, Place::Field(&place, name), hear));
        }
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(at, item)| each_text(item, Place::Item(&place, at), hear));
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// Where a value is in another one.
#[derive(Clone, Copy)]
enum Place<'p> {
    Whole,
    Field(&'p Place<'p>, &'p str),
    Item(&'p Place<'p>, usize),
}

impl Place<'_> {
    /// As a JSON pointer (RFC 6901 section 3).
    fn pointer(self) -> String {
        match self {
            Self::Whole => String::new(),
            Self::Field(outer, name) => format!("{}/{}", outer.pointer(), name.replace('~', "~0").replace('/', "~1")),
            Self::Item(outer, at) => format!("{}/{at}", outer.pointer()),
        }
    }
}

/// Makes the changes, except where the value cannot be read with them.
fn make(mut changes: BTreeMap<String, Value>, value: &mut Value, mut can_be_read: impl FnMut(&mut Value) -> bool) {
    put(value, &mut changes);
    if changes.is_empty() || can_be_read(value) {
        return;
    }
    put(value, &mut changes);
    let mut places: BTreeMap<String, BTreeMap<String, Value>> = BTreeMap::new();
    for (pointer, change) in changes {
        places.entry(field(&pointer)).or_default().insert(pointer, change);
    }
    for changes in places.values_mut() {
        put(value, changes);
        if !can_be_read(value) {
            put(value, changes);
        }
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
fn field(pointer: &str) -> String {
    let is_position = |part: &&str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    pointer.split('/').map(|part| if is_position(&part) { "*" } else { part }).collect::<Vec<_>>().join("/")
}
