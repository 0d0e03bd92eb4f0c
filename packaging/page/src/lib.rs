//! What the page's script calls: it writes a text into a room, asks, and reads what is told.

#![allow(unsafe_code, reason = "a function that the script calls by its name has to keep it; there is no unsafe block")]

use std::cell::RefCell;

use icloud_mail_doctor::page::{self, Answer};

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
    let told = match page::answer(&taken()) {
        Answer::Part { html, gap } => serde_json::json!({ "html": html, "gap": gap }),
        Answer::Not { kind, instead } => serde_json::json!({ "kind": kind, "instead": instead }),
    };
    tell(told.to_string())
}

/// Conceals the secrets in what was given, and returns the length of what is told: the text.
#[unsafe(no_mangle)]
pub extern "C" fn conceal() -> usize {
    tell(page::concealed(&String::from_utf8_lossy(&taken())))
}

/// Where it is told.
#[unsafe(no_mangle)]
pub extern "C" fn told() -> *const u8 {
    TOLD.with_borrow(Vec::as_ptr)
}

fn taken() -> Vec<u8> {
    GIVEN.with_borrow_mut(std::mem::take)
}

fn tell(text: String) -> usize {
    let told = text.into_bytes();
    let length = told.len();
    TOLD.set(told);
    length
}
