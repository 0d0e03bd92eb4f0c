//! The settings file of a mail program, by every reader.
#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| icloud_mail_doctor::fuzzed::settings(text));
