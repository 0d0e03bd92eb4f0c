//! An error text or a log that a user pasted.
#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| icloud_mail_doctor::fuzzed::pasted(text));
