//! What the page's script calls: it writes what is known of a text and the text into a room, asks, and reads what is told.

#![allow(unsafe_code, reason = "a function that the script calls by its name has to keep it; there is no unsafe block")]

use std::cell::RefCell;

use icloud_mail_doctor::page::{self, Given};

thread_local! {
    /// What the script gives.
    static GIVEN: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
    /// What it is told.
    static TOLD: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

/// Makes room for so many bytes, and returns where it is.
#[unsafe(no_mangle)]
pub extern "C" fn room(length: usize) -> *mut u8 {
    GIVEN.with_borrow_mut(|given| {
        given.clear();
        given.resize(length, 0);
        given.as_mut_ptr()
    })
}

/// Answers to what was given, and returns the length of what is told: JSON.
#[unsafe(no_mangle)]
pub extern "C" fn answer() -> usize {
    with_given(|given| {
        let told = page::answer(given);
        let json = serde_json::json!({
            "html": told.html,
            "kind": told.kind,
            "said": told.said,
            "note": told.note,
            "asksName": told.asks_name,
            "meant": told.meant,
            "dependsOnSystem": told.depends_on_system,
        });
        json.to_string()
    })
}

/// Conceals the secrets in what was given, and returns the length of what is told: the text.
#[unsafe(no_mangle)]
pub extern "C" fn conceal() -> usize {
    with_given(page::concealed)
}

/// Lists what a text can be, and the mail programs that have settings, and returns the length of what is told: JSON.
#[unsafe(no_mangle)]
pub extern "C" fn lists() -> usize {
    tell(serde_json::json!({ "kinds": page::kinds(), "programs": page::mail_programs() }).to_string())
}

/// Where it is told.
#[unsafe(no_mangle)]
pub extern "C" fn told() -> *const u8 {
    TOLD.with_borrow(Vec::as_ptr)
}

/// The text, after a line of JSON with what is known of it.
fn with_given(told: impl FnOnce(Given) -> String) -> usize {
    let taken = GIVEN.with_borrow_mut(std::mem::take);
    let end = taken.iter().position(|byte| *byte == b'\n').unwrap_or(taken.len());
    let (known, bytes) = (&taken[..end], taken.get(end + 1..).unwrap_or_default());
    let known: serde_json::Value = serde_json::from_slice(known).unwrap_or_default();
    let of = |name: &str| known.get(name).and_then(serde_json::Value::as_str).unwrap_or_default();
    tell(told(Given { bytes, name: of("name"), kind: of("kind"), system: of("system") }))
}

fn tell(text: String) -> usize {
    let told = text.into_bytes();
    let length = told.len();
    TOLD.set(told);
    length
}
